// The language of the cells %%neurons and %%synapses, for highlighting: a parser for CodeMirror's StreamLanguage.
//
// What each token is called decides its colour in JupyterLab's themes:
//   meta the magic · keyword reserved keys, and, or, not, in, step · variableName.definition what a line defines
//   atom units and constants · number · variableName.standard functions · variableName.special t, dt, i, j, xi ...
//   labelName flags and methods · attributeName options, and arguments of connect · operator · bracket · comment · string

import { CONSTANTS, FLAGS, FUNCTIONS, KEYS, METHODS, NAMES, UNITS } from "./words.js";

export const CELL = /^\s*%%(?:neurons|synapses)(?![\w?])/;

const NAME = String.raw`[^\W\d]\w*`;
const KEY_LINE = new RegExp(String.raw`^([ \t]*)(${NAME})[ \t]*:(?!=)`);
const RATE = new RegExp(String.raw`d${NAME}\s*/\s*dt(?=\s*=(?!=))`);
const DEFINED = new RegExp(String.raw`${NAME}(?=\s*(?:=(?!=)|:))`);
const ARGUMENT = new RegExp(String.raw`${NAME}(?=\s*=(?!=))`);
const EVENT = new RegExp(String.raw`${NAME}(?=\s*:)`);
const WORD = new RegExp(NAME);
const FLAG_GROUP = /\([A-Za-z ,\-_]*\)\s*(?:#|$)/;
const FLAG = /[A-Za-z]+(?:[ -]+[A-Za-z]+)*/;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/;
const OPERATOR = /->|[-+*/%<>=!:?]+/;
const WORDS_OF_OPERATORS = new Set(["and", "or", "not", "if", "for", "in", "step"]);

// Where the value of a key is not an expression or statements.
const PLACE_OF_KEY = { method: "method", connect: "connect", events: "events" };

const known = {
  constants: new Set(CONSTANTS),
  flags: new Set(FLAGS),
  functions: new Set(FUNCTIONS),
  keys: new Set(KEYS),
  methods: new Set(METHODS),
  names: new Set(NAMES),
  units: new Set(UNITS),
};

function beginLine(stream, state) {
  const indent = stream.indentation();
  const key = KEY_LINE.exec(stream.string);
  if (key && known.keys.has(key[2]) && (state.key === null || indent <= state.indent)) {
    Object.assign(state, { place: "key", key: key[2], indent, depth: 0 });
  } else if (state.key !== null && (indent > state.indent || state.depth > 0 || /^\s*(#|$)/.test(stream.string))) {
    state.place = placeOf(state.key);
  } else {
    const begins = new RegExp(String.raw`^\s*(?:${RATE.source}|${DEFINED.source})`).test(stream.string);
    Object.assign(state, begins ? { place: "definition", key: null, depth: 0 } : { key: null });
  }
}

function placeOf(key) {
  return PLACE_OF_KEY[key] ?? "value";
}

// Tokens that only one place has; undefined where there is none.
const IN_PLACE = {
  head(stream, state) {
    const option = stream.match(/--?[A-Za-z][\w-]*/);
    if (option) {
      state.place = option[0] === "--method" ? "methodOption" : "head";
      return "attributeName";
    }
  },
  methodOption(stream, state) {
    if (!stream.eat("=")) state.place = "head";
    return IN_PLACE.method(stream);
  },
  key(stream, state) {
    if (stream.match(WORD)) return "keyword";
    if (stream.eat(":")) {
      state.place = placeOf(state.key);
      return "operator";
    }
  },
  definition(stream, state) {
    state.place = "equation";
    if (stream.match(RATE) || stream.match(DEFINED)) return "variableName.definition";
  },
  equation(stream, state) {
    if (state.depth === 0 && stream.eat(":")) {
      state.place = "unit";
      return "operator";
    }
  },
  unit(stream, state) {
    if (stream.match(FLAG_GROUP, false) && /[\w)]\s*$/.test(stream.string.slice(0, stream.pos))) {
      stream.next();
      state.place = "flags";
      return "bracket";
    }
    if (stream.match(WORD)) return "atom";
  },
  flags(stream, state) {
    const flag = stream.match(FLAG);
    if (flag) return known.flags.has(flag[0].replace(/\s+/g, " ")) ? "labelName" : "variableName";
    if (stream.eat(")")) {
      state.place = "unit";
      return "bracket";
    }
  },
  method(stream) {
    const method = stream.match(WORD);
    if (method) return known.methods.has(method[0]) ? "labelName" : "variableName";
  },
  connect(stream) {
    if (stream.match(ARGUMENT)) return "attributeName";
  },
  events(stream) {
    if (stream.match(EVENT)) return "variableName.definition";
  },
};

function nameToken(stream) {
  const [name] = stream.match(WORD);
  if (WORDS_OF_OPERATORS.has(name) && !(name === "step" && !/\]\s*step$/.test(stream.string.slice(0, stream.pos)))) {
    return "keyword";
  }
  if (name === "True" || name === "False") return "bool";
  if (known.functions.has(name) && /^\s*\(/.test(stream.string.slice(stream.pos))) return "variableName.standard";
  if (known.units.has(name) || known.constants.has(name)) return "atom";
  return known.names.has(name) || name.startsWith("xi_") ? "variableName.special" : "variableName";
}

function anywhere(stream, state) {
  if (stream.match(NUMBER)) return "number";
  if (stream.match(WORD, false)) return nameToken(stream);
  if (stream.match(OPERATOR)) return "operator";
  if (stream.match(/'[^']*'?|"[^"]*"?/)) return "string";
  const sign = stream.next();
  if ("([{".includes(sign)) state.depth += 1;
  if (")]}".includes(sign)) state.depth = Math.max(0, state.depth - 1);
  return "()[]{}".includes(sign) ? "bracket" : "punctuation";
}

export const parser = {
  name: "jupyspike",
  languageData: { commentTokens: { line: "#" } },
  startState: () => ({ place: "before", key: null, indent: 0, depth: 0 }),
  token(stream, state) {
    if (state.place === "before" && stream.match(/\s*%%\w+/)) {
      state.place = "head";
      return "meta";
    }
    if (stream.sol() && state.place !== "before") beginLine(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match(/#.*/)) return "comment";
    return IN_PLACE[state.place]?.(stream, state) ?? anywhere(stream, state);
  },
};
