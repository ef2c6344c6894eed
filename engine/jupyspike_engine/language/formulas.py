"""Formulas as people write them: the syntax tree drawn in LaTeX or in MathML, which browsers show without a library."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, ClassVar, Protocol

from ..units import UNITS
from .syntax import PRECEDENCE, Call, Expression, Name, Number, Operator, walk
from .syntax import text as written

if TYPE_CHECKING:
    from .definition import Definition

_ALPHABET = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon"
    " phi chi psi omega"
)
GREEK = {name: chr(0x3B1 + place) for place, name in enumerate(_ALPHABET.split())}
_LONGEST_FIRST = sorted((name for name in GREEK if len(name) > 2), key=len, reverse=True)


class Markup(Protocol):
    """A language that formulas are drawn in: what each part looks like, made of the text of its own parts."""

    def number(self, text: str) -> str: ...
    def unit(self, name: str) -> str: ...
    def variable(self, stem: str, index: str) -> str: ...
    def sign(self, symbol: str) -> str: ...
    def brackets(self, inner: str) -> str: ...
    def fraction(self, above: str, below: str) -> str: ...
    def power(self, base: str, exponent: str) -> str: ...
    def root(self, inner: str) -> str: ...
    def function(self, name: str, arguments: list[str]) -> str: ...
    def rate(self, variable: str) -> str: ...


class Latex:
    """LaTeX for the inside of a math environment."""

    _SIGNS: ClassVar = {
        "*": r"\,", "of unit": r"\,", "times": r" \cdot ", "<=": r" \leq ", ">=": r" \geq ", "==": " = ",
        "!=": r" \neq ", "and": r" \wedge ", "or": r" \vee ", "not": r"\neg ", "%": r" \bmod ",
        "//": r" \mathbin{//} ", "negative": "-",
    }  # fmt: skip
    _FUNCTIONS = ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan")

    def number(self, text: str) -> str:
        if text == "inf":
            return r"\infty"
        mantissa, _, exponent = text.partition("e")
        if text[0].isalpha():
            return rf"\mathrm{{{text}}}"
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else text

    def unit(self, name: str) -> str:
        return UNITS[name].latexname

    def variable(self, stem: str, index: str) -> str:
        if stem in GREEK:
            head = "o" if stem == "omicron" else rf"\{stem}"
        else:
            head = stem if len(stem) == 1 else rf"\mathit{{{_latex_text(stem)}}}"
        return head + (rf"_{{\mathrm{{{_latex_text(index)}}}}}" if index else "")

    def sign(self, symbol: str) -> str:
        return self._SIGNS.get(symbol, f" {symbol} ")

    def brackets(self, inner: str) -> str:
        return rf"\left({inner}\right)"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def root(self, inner: str) -> str:
        return rf"\sqrt{{{inner}}}"

    def function(self, name: str, arguments: list[str]) -> str:
        head = rf"\{name}" if name in self._FUNCTIONS else rf"\operatorname{{{_latex_text(name)}}}"
        return head + self.brackets(", ".join(arguments))

    def rate(self, variable: str) -> str:
        return rf"\frac{{\mathrm{{d}}{variable}}}{{\mathrm{{d}}t}}"


def _hidden(text: str) -> str:
    return f'<mtext style="display:none">{text}</mtext>'


def _as_one(part: str) -> str:
    """A part of a formula that hidden brackets hold together where it needs them."""
    return f"{_hidden('(')}{part}{_hidden(')')}" if "<mo" in part else part


class MathML:
    """MathML for the inside of a ``<math>`` element.

    Signs that only its layout shows, such as the line of a fraction, are there as hidden text: a notebook that is not
    trusted shows formulas as their text.
    """

    _SIGNS: ClassVar = {
        "times": "&#183;", "-": "&#8722;", "<=": "&#8804;", ">=": "&#8805;", "==": "=", "!=": "&#8800;",
        "and": "&#8743;", "or": "&#8744;", "not": "&#172;",
    }  # fmt: skip
    _SPACED: ClassVar = {
        "*": f'<mspace width="0.15em"></mspace><mo>&#8290;</mo>{_hidden("&#183;")}',
        "of unit": f'<mspace width="0.2em"></mspace>{_hidden(" ")}',
        "negative": '<mo form="prefix" rspace="0">&#8722;</mo>',
    }  # fmt: skip
    # Holds the index below its variable where the font has no measures for formulas.
    _STRUT = '<mspace height="1em"></mspace>'

    def number(self, text: str) -> str:
        return f"<mn>{'&#8734;' if text == 'inf' else escape(text)}</mn>"

    def unit(self, name: str) -> str:
        return f'<mi mathvariant="normal">{escape(name)}</mi>'

    def variable(self, stem: str, index: str) -> str:
        head = f"<mi>{GREEK.get(stem, escape(stem))}</mi>"
        below = f"{_hidden('_')}{self._STRUT}<mtext>{escape(index)}</mtext>"
        return f"<msub>{head}<mrow>{below}</mrow></msub>" if index else head

    def sign(self, symbol: str) -> str:
        return self._SPACED.get(symbol) or f"<mo>{self._SIGNS.get(symbol) or escape(symbol)}</mo>"

    def brackets(self, inner: str) -> str:
        return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac><mrow>{_as_one(above)}</mrow><mrow>{_hidden('/')}{_as_one(below)}</mrow></mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup><mrow>{base}</mrow><mrow>{_hidden('^')}{_as_one(exponent)}</mrow></msup>"

    def root(self, inner: str) -> str:
        return f"<msqrt>{_hidden('&#8730;(')}{inner}{_hidden(')')}</msqrt>"

    def function(self, name: str, arguments: list[str]) -> str:
        return f"<mi>{escape(name)}</mi><mo>&#8289;</mo>{self.brackets('<mo>,</mo>'.join(arguments))}"

    def rate(self, variable: str) -> str:
        return f"<mfrac><mrow><mi>d</mi>{variable}</mrow><mrow>{_hidden('/')}<mi>d</mi><mi>t</mi></mrow></mfrac>"


LATEX, MATHML = Latex(), MathML()


def drawn(tree: Expression, markup: Markup, above: int = 0) -> str:
    """An expression with no more brackets than it needs; ``above`` is the precedence of what it stands in.

    Examples
    --------
    >>> from jupyspike_engine.language.expressions import expression
    >>> print(drawn(expression('-(v - E_l)/tau_m', 'an example'), LATEX))
    \\frac{-\\left(v - E_{\\mathrm{l}}\\right)}{\\tau_{\\mathrm{m}}}
    """
    if isinstance(tree, Number):
        number = written(tree)
        return _bracketed(markup.number(number), markup, bool(re.search(r"\de", number)) and above > PRECEDENCE["**"])
    if isinstance(tree, Name):
        return drawn_name(tree.id, markup)
    if isinstance(tree, Call):
        return _call(tree, markup, above)
    if len(tree.operands) == 1:
        name = "not" if tree.symbol == "not" else "negative"
        inner = drawn(tree.operands[0], markup, PRECEDENCE[name])
        return _bracketed(markup.sign(name) + inner, markup, PRECEDENCE[name] < above)
    return _binary(tree, markup, above)


def _binary(tree: Operator, markup: Markup, above: int) -> str:
    symbol, (left, right) = tree.symbol, tree.operands
    own = PRECEDENCE[symbol]
    if symbol == "/":  # the line of a fraction holds its parts together, except under a power
        return _bracketed(markup.fraction(drawn(left, markup), drawn(right, markup)), markup, above > PRECEDENCE["**"])
    if symbol == "**":
        power = markup.power(drawn(left, markup, own + 1), drawn(right, markup))
        return _bracketed(power, markup, own < above)
    if symbol == "*" and (_begins_with_number(right) or _is_unit(right)):
        symbol = "times" if _begins_with_number(right) else "of unit"
    sign = markup.sign(symbol)
    return _bracketed(drawn(left, markup, own) + sign + drawn(right, markup, own + 1), markup, own < above)


def _is_unit(tree: Expression) -> bool:
    """Whether an expression is a unit or a power of one."""
    if isinstance(tree, Operator) and tree.symbol == "**":
        tree = tree.operands[0]
    return isinstance(tree, Name) and tree.id in UNITS


def _begins_with_number(tree: Expression) -> bool:
    while isinstance(tree, Operator) and len(tree.operands) == 2 and tree.symbol in ("*", "**"):
        tree = tree.operands[0]
    return isinstance(tree, Number)


def _call(tree: Call, markup: Markup, above: int) -> str:
    arguments = [drawn(argument, markup) for argument in tree.arguments]
    if tree.function == "sqrt" and len(arguments) == 1:
        return markup.root(arguments[0])
    if tree.function == "exp" and len(arguments) == 1 and not _is_tall(tree.arguments[0]):
        return _bracketed(markup.power(markup.variable("e", ""), arguments[0]), markup, above > PRECEDENCE["**"])
    return markup.function(tree.function, arguments)


def _is_tall(tree: Expression) -> bool:
    """Whether an expression has a fraction, which is hard to read as an exponent."""
    return any(isinstance(node, Operator) and node.symbol == "/" for node in walk(tree))


def _bracketed(inner: str, markup: Markup, needed: bool) -> str:
    return markup.brackets(inner) if needed else inner


def drawn_name(name: str, markup: Markup) -> str:
    """A name; what follows its first underscore, a Greek letter or a single letter with digits is its index."""
    if name in UNITS:
        return markup.unit(name)
    if name == "inf":
        return markup.number(name)
    if name in GREEK:
        return markup.variable(name, "")
    stem, _, index = name.partition("_")
    if not index:
        stem = next((greek for greek in _LONGEST_FIRST if name.startswith(greek)), name)
        if stem == name and name[1:].isdigit():
            stem = name[0]
        index = name[len(stem) :].strip("_")
    return markup.variable(stem, index.replace("_", " ")) if stem else markup.variable(name.strip("_"), "")


def _latex_text(text: str) -> str:
    return re.sub(r"([#$%&_{}])", r"\\\1", text).replace(" ", r"\ ")


def left_and_right(line: Definition, markup: Markup) -> tuple[str, str]:
    """What a line of the equations defines, and its right-hand side (empty for a parameter)."""
    name = drawn_name(line.name, markup)
    left = markup.rate(name) if line.role == "differential equation" else name
    return left, "" if line.written is None else drawn(line.written, markup)


def latex_line(line: Definition) -> str:
    """A line of the equations in LaTeX, without its unit."""
    left, right = left_and_right(line, LATEX)
    return f"{left} = {right}" if right else left


def latex_unit(line: Definition) -> str:
    """The unit or type of a variable in LaTeX, upright."""
    if line.var_type != "float":
        return rf"\mathrm{{{line.var_type}}}"
    return "1" if line.dimension.is_dimensionless else line.unit.latexname


def latex_table(lines: list[Definition]) -> str:
    """Equations one below the other, each with its unit and flags."""
    rows = []
    for line in lines:
        left, right = left_and_right(line, LATEX)
        of = rf" of }}{drawn_name(line.name, LATEX)}\text{{" if line.role == "differential equation" else ""
        flags = f", flags: {', '.join(line.said)}" if line.said else ""
        unit = rf"\text{{(unit{of}: }}{latex_unit(line)}\text{{{flags})}}"
        rows.append(f"{left} &{f'= {right}' if right else ''} && {unit}")
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def math(tree: Expression) -> str:
    """An expression as a ``<math>`` element."""
    return f'<math display="inline"><mrow>{drawn(tree, MATHML)}</mrow></math>'


def math_line(line: Definition) -> str:
    """A line of the equations as a ``<math>`` element, without its unit."""
    left, right = left_and_right(line, MATHML)
    equals = "<mo>=</mo>" if right else ""
    return f'<math display="inline"><mrow>{left}{equals}{right}</mrow></math>'
