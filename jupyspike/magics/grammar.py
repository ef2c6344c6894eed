"""The grammar of ``%%neurons`` and ``%%synapses`` cells: from the text of a cell to its parts, each with its place.

A cell has four kinds of lines: equations (see `jupyspike_engine.language.lines`), constants ``x = value`` with an
optional range ``in [low, high] step s``, reserved keys ``key: value`` whose value may go on in indented lines, and
comments.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, field

from jupyspike.magics.keys import KEYS, keys_of
from jupyspike.magics.options import Options
from jupyspike_engine.diagnostics import Problems, Source, Span, UserError, nearest
from jupyspike_engine.language.definition import Definition
from jupyspike_engine.language.equations import Equations
from jupyspike_engine.language.expressions import (
    check_brackets,
    parse_block,
    parse_condition,
    parse_expression,
    trimmed,
)
from jupyspike_engine.language.lines import NAME, START, Line, logical_lines, parse_line
from jupyspike_engine.language.names import check_name
from jupyspike_engine.language.reactions import definitions_of, is_reaction
from jupyspike_engine.language.splitting import split_at_commas, without_comments
from jupyspike_engine.language.suggestions import one_letter_apart
from jupyspike_engine.language.syntax import Expression
from jupyspike_engine.language.syntax_errors import syntax_error

KEY = re.compile(rf"[ \t]*({NAME})[ \t]*:(?!=)")
_CONSTANT = re.compile(rf"[ \t]*({NAME})[ \t]*=(?!=)")
_EVENT = re.compile(r"\s*([A-Za-z]\w*)\s*:", re.ASCII)
_UNIT = re.compile(r"\s*(?:1|[A-Za-z]\w*)(?:\s*(?:\*\*\s*-?\d+|[*/]\s*[A-Za-z]\w*))*\s*(?:\([^()]*\))?\s*")
_RANGE = re.compile(r"(?<!\w)in(?!\w)\s*")
_STEP = re.compile(r"\s*step(?!\w)")


@dataclass(frozen=True)
class Bounds:
    """``in [low, high] step s``, ``in [low, high] log``."""

    low: Expression
    high: Expression
    step: Expression | None
    span: Span
    log: bool = False


@dataclass(frozen=True)
class Constant:
    """``name = value in [low, high] step s``, the slider logarithmic with ``log`` behind it."""

    name: str
    value: Expression
    bounds: Bounds | None
    name_span: Span


@dataclass
class Cell:
    """A cell taken apart: its first line, equations, constants and the values of reserved keys.

    ``problems`` are those of its syntax; what has problems is left out of the rest.
    """

    source: Source
    head: Span
    body: Span
    options: argparse.Namespace
    lines: list[Line] = field(default_factory=list)
    constants: list[Constant] = field(default_factory=list)
    keys: dict[str, Span] = field(default_factory=dict)
    events: dict[str, Span] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)

    @property
    def definitions(self) -> list[Definition]:
        """What the lines of its equations define."""
        return list(definitions_of(self.lines).values())

    @property
    def equations(self) -> Equations:
        return Equations(tuple(self.lines))


def read_cell(line: str, body: str, options: Options) -> Cell:
    """Take a cell apart.

    Parameters
    ----------
    line, body : str
        The rest of its first line, and what follows.
    options : Options
        Those of its magic.

    Returns
    -------
    Cell
        With the problems of its syntax.
    """
    first = f"{options.magic} {line}".rstrip()
    source = Source(f"{first}\n{body}", re.split(r"\s-(?!>)|\s*#", first)[0])
    head = Span(source, 0, len(first))
    cell = Cell(source, head, Span(source, len(first) + 1, len(source.text)), argparse.Namespace())
    with cell.problems.collecting():
        cell.options = options.read(head)
    if not without_comments(body).strip():
        hint = "dv/dt = -v/(10*ms) : volt" if options.magic == "%%neurons" else "on_pre: v += 1*mV"
        cell.problems.add("the cell is empty", head, expected=f"equations and keys, for example  {hint}")
    for stretch in cell_lines(cell.body):
        with cell.problems.collecting():
            _read_line(cell, stretch, keys_of(options.magic))
    _check_duplicates(cell)
    return cell


def cell_lines(body: Span) -> list[Span]:
    """The logical lines: equations as they wrap, reserved keys with their indented lines."""
    lines: list[Span] = []
    pending: Span | None = None  # neighbouring lines that are no keys
    key_indent: int | None = None  # of the key whose value may go on
    offset = body.start
    for text in body.text.split("\n"):
        here = Span(body.source, offset, offset + len(text))
        offset += len(text) + 1
        match = KEY.match(without_comments(text))
        indent = len(text) - len(text.lstrip())
        if match and match[1] in KEYS and (key_indent is None or indent <= key_indent):
            lines += logical_lines(pending) if pending else []
            pending, key_indent = None, indent
            lines.append(here)
        elif key_indent is not None and (indent > key_indent or text.lstrip()[:1] in ("", "#") or _open(lines[-1])):
            lines[-1] = lines[-1].to(here)
        else:
            key_indent = None
            pending = here if pending is None else pending.to(here)
    return lines + (logical_lines(pending) if pending else [])


def _open(key: Span) -> bool:
    """Whether a value goes on because a bracket is open."""
    clean = without_comments(key.text)
    return sum(map(clean.count, "([{")) > sum(map(clean.count, ")]}"))


def _read_line(cell: Cell, line: Span, keys: tuple[str, ...]) -> None:
    clean = without_comments(line.text)
    if (key := KEY.match(clean)) and key[1] in KEYS:
        _read_key(cell, line, key, keys)
        return
    _check_alone(line, clean)
    match = _CONSTANT.match(clean)
    bare = clean.split()[0] if clean.split() else ""
    if bare in KEYS or (match and match[1] in KEYS):
        name = match[1] if match else bare
        at = line.start + clean.index(name)
        expected = f"{name}: {KEYS[name].example}"
        raise syntax_error(
            f"a ':' is missing behind '{name}'", Span(line.source, at, at + len(name)), expected=expected
        )
    if match and ":" not in clean[match.end() :] and not is_reaction(clean):
        cell.constants.append(_constant(line, clean, match))
        return
    try:
        cell.lines.append(parse_line(line))
    except UserError:
        close = nearest(key[1], keys) if key else ""
        if not key or not close or (_UNIT.fullmatch(clean, key.end()) and not _misspelt(key[1], keys)):
            raise
        name_place = Span(line.source, line.start + key.start(1), line.start + key.end(1))
        raise syntax_error(f"'{key[1]}' is not a key of this cell", name_place, hint=close) from None


def _check_alone(line: Span, clean: str) -> None:
    """Report a second definition behind a comma or semicolon."""
    depth = 0
    for offset, char in enumerate(clean):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0 and char in ",;" and START.match(clean) and (second := START.match(clean, offset + 1)):
            place = Span(line.source, line.start + offset + 1, line.start + second.end())
            what = trimmed(Span(line.source, line.start + offset + 1, line.end)).text
            message = "two definitions stand in one line"
            raise syntax_error(message, trimmed(place), hint=f"each has a line of its own, so begin one with  {what}")


def _misspelt(name: str, keys: tuple[str, ...]) -> bool:
    return any(one_letter_apart(name, key) for key in keys)


def _read_key(cell: Cell, line: Span, match: re.Match[str], keys: tuple[str, ...]) -> None:
    key = match[1]
    place = Span(line.source, line.start + match.start(1), line.start + match.end(1))
    if key not in keys:
        hint = f"the keys here are: {', '.join(keys)}"
        raise syntax_error(f"'{key}' belongs to a {KEYS[key].cells[0]} cell", place, hint=hint)
    if key in cell.keys:
        first = f"the first one is in line {cell.keys[key].line}"
        raise syntax_error(f"'{key}' is given twice", place, found=first, hint="put both into one")
    end = line.start + len(without_comments(line.text).rstrip())
    value = trimmed(Span(line.source, line.start + match.end(), max(end, line.start + match.end())))
    if not without_comments(value.text).strip():
        raise syntax_error(f"the value of '{key}' is missing", place, expected=f"{key}: {KEYS[key].example}")
    cell.keys[key] = value
    if KEYS[key].value == "expression":
        (parse_condition if key == "threshold" else parse_expression)(value)
    elif KEYS[key].value == "statements":
        parse_block(value)
    elif key == "events":
        cell.events = _events(value)


def _events(value: Span) -> dict[str, Span]:
    """``events:`` has lines ``name: condition``."""
    events: dict[str, Span] = {}
    offset = value.start
    for text in value.text.split("\n"):
        line, offset = Span(value.source, offset, offset + len(text)), offset + len(text) + 1
        clean = without_comments(text)
        if not clean.strip():
            continue
        match = _EVENT.match(clean)
        if match is None:
            raise syntax_error("this is not an event", trimmed(line), expected="name: condition")
        name = Span(line.source, line.start + match.start(1), line.start + match.end(1))
        if match[1] in (*events, "spike"):
            reason = "the spikes are those of the line 'threshold:'" if match[1] == "spike" else "it is given twice"
            raise syntax_error(f"'{match[1]}' cannot be the name of this event", name, found=reason)
        events[match[1]] = Span(line.source, line.start + match.end(), line.start + len(clean.rstrip()))
        parse_condition(events[match[1]])
    return events


def _constant(line: Span, clean: str, match: re.Match[str]) -> Constant:
    check_brackets(line)
    name = Span(line.source, line.start + match.start(1), line.start + match.end(1))
    check_name(match[1], name)
    ranged = _RANGE.search(clean, match.end())
    end = ranged.start() if ranged else len(clean)
    value = parse_expression(Span(line.source, line.start + match.end(), line.start + end))
    return Constant(match[1], value, _bounds(line, clean, ranged) if ranged else None, name)


def _bounds(line: Span, clean: str, ranged: re.Match[str]) -> Bounds:
    def part(start: int, end: int) -> Span:
        return Span(line.source, line.start + start, line.start + end)

    whole = part(ranged.start(), len(clean.rstrip()))
    close = clean.find("]", ranged.end())
    if clean[ranged.end() : ranged.end() + 1] != "[" or close < 0:
        raise syntax_error("this is not a range", whole, expected="in [low, high] or in [low, high] step s")
    ends = split_at_commas(part(ranged.end() + 1, close))
    if len(ends) != 2:
        raise syntax_error("a range has two ends", whole, expected="in [low, high]")
    rest = part(close + 1, len(clean.rstrip()))
    log = re.search(r"(?:^|\s)log\s*$", rest.text)
    if log is not None:
        rest = Span(rest.source, rest.start, rest.start + log.start())
    step = _STEP.match(rest.text)
    if step is None and rest.text.strip():
        expected = "in [low, high], in [low, high] step s, or in [low, high] log"
        raise syntax_error("this does not belong to a range", trimmed(rest), expected=expected)
    low, high = map(parse_expression, ends)
    after = parse_expression(part(close + 1 + step.end(), rest.end - line.start)) if step else None
    return Bounds(low, high, after, whole, log is not None)


def _check_duplicates(cell: Cell) -> None:
    seen: dict[str, Span] = {}
    named = [(d.name, d.name_span) for d in (*cell.lines, *cell.constants) if d.name]
    for name, span in sorted(named, key=lambda item: item[1].start):
        if name in seen:
            first = f"the first definition is in line {seen[name].line}"
            hint = "remove or rename one of them"
            cell.problems.add(f"'{name}' is defined twice", span, "name", found=first, hint=hint)
        seen.setdefault(name, span)
