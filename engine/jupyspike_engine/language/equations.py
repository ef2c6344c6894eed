"""Equations: the text of a model as definitions of variables, each with its unit, flags and place.

Three kinds of line, which may wrap, with ``#`` comments::

    dx/dt = expression : unit (flags)      a differential equation
    x = expression : unit (flags)          a subexpression
    x : unit (flags)                       a parameter
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..diagnostics import Problems, Source, Span, UserError, nearest
from ..units import DIMENSIONLESS, UNITS, Dimension, Unit, dimension_of
from .expressions import check_brackets, parse_expression, trimmed
from .functions import FUNCTIONS, Type
from .syntax import Expression, Name, Number, Operator, substitute, text
from .syntax_errors import syntax_error

Role = Literal["differential equation", "subexpression", "parameter"]

FLAGS: dict[str, tuple[Role, ...]] = {
    "unless refractory": ("differential equation",),
    "clock-driven": ("differential equation",),
    "event-driven": ("differential equation",),
    "constant": ("parameter",),
    "linked": ("parameter",),
    "shared": ("parameter", "subexpression"),
    "constant over dt": ("subexpression",),
    "summed": ("subexpression",),
}
# Flags that exclude each other, besides those that belong to different kinds of lines.
EXCLUSIVE = (("clock-driven", "event-driven"), ("summed", "shared"), ("summed", "constant over dt"))
FUTURE_FLAGS = ("point current",)
SPECIAL_NAMES = ("t", "dt", "t_in_timesteps", "i", "N", "xi", "lastspike", "lastupdate", "not_refractory")
CONSTANTS = {"pi": 3.141592653589793, "e": 2.718281828459045, "inf": float("inf")}

NAME = r"[^\W\d]\w*"
START = re.compile(rf"[ \t]*(?:d(?P<x>{NAME})[ \t]*/[ \t]*dt[ \t]*=(?!=)|(?P<name>{NAME})[ \t]*(?P<sign>=(?!=)|:))")
_UNIT_AT_END = re.compile(r"[\w)]\s+(?P<unit>[A-Za-z]\w*(?:\s*[*/]+\s*\w+)*)\s*(?:\([A-Za-z ,\-_]*\)\s*)?$")
_FLAGS_GROUP = re.compile(r"(?<![-+*/(])\s*\(([A-Za-z ,\-_]*)\)\s*$")


@dataclass(frozen=True, slots=True)
class Definition:
    """One line of the equations, understood."""

    role: Role
    name: str
    expression: Expression | None
    dimension: Dimension
    type: Type
    flags: tuple[str, ...]
    unit: str
    span: Span
    name_span: Span

    @property
    def expr(self) -> str:
        """The right-hand side as text (empty for a parameter)."""
        return "" if self.expression is None else text(self.expression)

    @property
    def shared(self) -> bool:
        """Whether there is one value for the whole group."""
        return "shared" in self.flags

    @property
    def written_out(self) -> bool:
        """Whether the name stands for its right-hand side wherever it is used."""
        return self.role == "subexpression" and not {"constant over dt", "summed"} & set(self.flags)

    def __str__(self) -> str:
        left = f"d{self.name}/dt" if self.role == "differential equation" else self.name
        right = f" = {self.expr}" if self.expression is not None else ""
        return f"{left}{right} : {self.unit}" + (f" ({', '.join(self.flags)})" if self.flags else "")


def without_comments(source: str) -> str:
    """The text with its comments overwritten by blanks, every other character in its place."""
    return re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), source)


def logical_lines(span: Span) -> list[Span]:
    """The definitions of a text, each with the lines it wraps onto."""
    lines: list[Span] = []
    offset = span.start
    for line in without_comments(span.text).split("\n"):
        start, offset = offset, offset + len(line) + 1
        if not line.strip():
            continue
        here = Span(span.source, start, start + len(line))
        if lines and _continues(without_comments(lines[-1].text), line):
            lines[-1] = lines[-1].to(here)
        else:
            lines.append(here)
    return lines


def _continues(before: str, line: str) -> bool:
    depth = sum(before.count(c) for c in "([{") - sum(before.count(c) for c in ")]}")
    if before.rstrip().endswith(tuple("+-*/%<>=,")):
        return True
    starts = START.match(line) is not None
    if depth > 0 and not starts:
        return True
    complete = re.search(r":\s*\S", before) is not None
    return not starts and (not complete or line.lstrip().startswith("("))


def parse_definition(line: Span) -> Definition:
    """Parse one (logical) line.

    Raises
    ------
    EquationError
        With the place of what is wrong in it.
    """
    check_brackets(line)
    clean = without_comments(line.text)
    start = START.match(clean)
    if start is None:
        raise syntax_error(
            "this is not an equation", trimmed(line),
            expected="dx/dt = expression : unit,  x = expression : unit  or  x : unit",
        )  # fmt: skip
    group = "x" if start["x"] else "name"
    name, name_span = start[group], Span(line.source, line.start + start.start(group), line.start + start.end(group))
    if start["sign"] == ":":
        role: Role = "parameter"
        expression, unit_from = None, start.end()
    else:
        role = "differential equation" if start["x"] else "subexpression"
        colon = clean.find(":", start.end())
        if colon < 0:
            raise _unit_missing(line, clean, name)
        expression = parse_expression(Span(line.source, line.start + start.end(), line.start + colon))
        unit_from = colon + 1
    flags, unit_to = _flags(line, clean, unit_from, role)
    unit_span = trimmed(Span(line.source, line.start + unit_from, line.start + unit_to))
    dimension, type_ = parse_unit(unit_span, name)
    check_name(name.removesuffix("_pre").removesuffix("_post") if "summed" in flags else name, name_span)
    return Definition(role, name, expression, dimension, type_, flags, unit_span.text, trimmed(line), name_span)


def _unit_missing(line: Span, clean: str, name: str) -> UserError:
    """The error for a line with a right-hand side and no colon."""
    match = _UNIT_AT_END.search(clean)
    if match and all(word in UNITS or word.isdigit() for word in re.findall(r"\w+", match["unit"])):
        place = Span(line.source, line.start + match.start("unit"), line.start + match.end("unit"))
        hint = f"{clean[: match.start('unit')].strip()} : {clean[match.start('unit') :].strip()}"
        return syntax_error(f"the ':' in front of the unit of '{name}' is missing", place, hint=hint)
    end = line.start + len(clean.rstrip())
    expected = f"': unit' at the end, as in  {' '.join(clean.split())} : volt"
    return syntax_error(f"the unit of '{name}' is missing", Span(line.source, end - 1, end), expected=expected)


def _flags(line: Span, clean: str, unit_from: int, role: Role) -> tuple[tuple[str, ...], int]:
    match = _FLAGS_GROUP.search(clean, unit_from)
    if match is None:
        return (), len(clean.rstrip())
    flags = tuple(flag.strip() for flag in match[1].split(","))
    place = Span(line.source, line.start + match.start(1) - 1, line.start + match.end(1) + 1)
    for flag in flags:
        if flag in FUTURE_FLAGS:
            raise syntax_error(f"the flag '{flag}' is not available in this version", place)
        if flag not in FLAGS:
            hint = nearest(flag, FLAGS) or f"the flags are: {', '.join(FLAGS)}"
            raise syntax_error(f"'{flag}' is not a flag", place, hint=hint)
        if role not in FLAGS[flag]:
            raise syntax_error(f"the flag '{flag}' belongs to a {' or '.join(FLAGS[flag])}, not to a {role}", place)
    for one, other in EXCLUSIVE:
        if one in flags and other in flags:
            raise syntax_error(f"the flags '{one}' and '{other}' exclude each other", place, hint="keep one of them")
    return flags, match.start()


def parse_unit(span: Span, name: str = "") -> tuple[Dimension, Type]:
    """The dimension and type that the unit of an equation stands for.

    Raises
    ------
    EquationError
        The text is not a unit, or not a base unit such as volt.
    """
    if span.text in ("boolean", "bool", "integer"):
        return DIMENSIONLESS, "integer" if span.text == "integer" else "boolean"
    of = f" of '{name}'" if name else ""
    if not span.text:
        raise syntax_error(f"the unit{of} is missing", span, expected="a unit such as volt, 1/second or 1")
    value = _unit_value(parse_expression(span), of)
    if abs(float(value) - 1) > 1e-12:
        base = str(dimension_of(value))
        raise syntax_error(
            f"the unit{of} must be a base unit", span, found=span.text, expected=base,
            hint=f"write '{base}' here; values may be given in {span.text} all the same",
        )  # fmt: skip
    return dimension_of(value), "real"


def _unit_value(expression: Expression, of: str) -> Unit:
    """Evaluate an expression of units."""
    if isinstance(expression, Number) and expression.value == 1:
        return 1.0  # type: ignore[return-value]  # a plain one is the dimensionless unit
    if isinstance(expression, Name) and expression.id in UNITS:
        return UNITS[expression.id]
    if isinstance(expression, Operator) and expression.symbol in ("*", "/", "**") and len(expression.operands) == 2:
        left, right = expression.operands
        if expression.symbol == "**":
            return _unit_value(left, of) ** _exponent(right)  # type: ignore[no-any-return]
        values = _unit_value(left, of), _unit_value(right, of)
        return values[0] * values[1] if expression.symbol == "*" else values[0] / values[1]  # type: ignore[no-any-return]
    assert expression.span is not None
    if isinstance(expression, Name):
        raise syntax_error(
            f"'{expression.id}' is not a unit", expression.span,
            hint=nearest(expression.id, UNITS) or "units are volt, amp, second, siemens, farad, 1, boolean, integer",
        )  # fmt: skip
    raise syntax_error(f"this is not the unit{of}", expression.span, expected="a unit such as volt, amp/metre**2 or 1")


def _exponent(expression: Expression) -> float:
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Operator) and expression.symbol in ("-", "/"):
        values = [_exponent(operand) for operand in expression.operands]
        return (
            -values[0]
            if len(values) == 1
            else values[0] / values[1]
            if expression.symbol == "/"
            else values[0] - values[1]
        )
    assert expression.span is not None
    raise syntax_error("the power of a unit must be a number", expression.span)


def check_name(name: str, span: Span) -> None:
    """Raise an error for a name that a variable cannot have."""
    reason = _reserved(name)
    if name in SPECIAL_NAMES or name.startswith("xi_"):
        reason = "it is defined by the simulator itself"
    elif name.endswith(("_pre", "_post")):
        reason = "the endings _pre and _post choose a side of a synapse"
    if reason:
        raise syntax_error(f"'{name}' cannot be the name of a variable: {reason}", span, hint="choose another name")


def check_object_name(name: str, span: Span) -> None:
    """Raise an error for a name that a group or synapses cannot have."""
    reason = _reserved(name) if name.isidentifier() else "names consist of letters, digits and _"
    if reason:
        raise syntax_error(f"'{name}' cannot be a name: {reason}", span, hint="choose another name")


def _reserved(name: str) -> str:
    """Why a name means something else; empty if it does not."""
    if not name.isascii():
        return "names consist of the letters a to z, digits and _"
    if name.startswith("_"):
        return "names with a leading underscore belong to the simulator"
    if name in UNITS:
        return "it is the name of a unit"
    if name in FUNCTIONS:
        return "it is the name of a function"
    if name in CONSTANTS:
        return "it is the name of a constant"
    return "it is a word of the language itself" if keyword.iskeyword(name) else ""


class Equations(Mapping[str, Definition]):
    """The equations of a model.

    Parameters
    ----------
    equations : str
        One definition a line; see the module's text for the three kinds.
    **substitutions : str, number or Quantity
        Names to be replaced by other names or by values.

    Raises
    ------
    EquationError
        With all problems of the text at their places.

    Examples
    --------
    >>> Equations('dv/dt = -v/tau : volt', tau='tau_m')['v'].expr
    '-v/tau_m'
    """

    def __init__(self, equations: str | Span | tuple[Definition, ...], **substitutions: object) -> None:
        if isinstance(equations, tuple):
            definitions = equations
        else:
            if isinstance(equations, str):
                equations = Span(Source(equations, "equations"), 0, len(equations))
            definitions = _parse(equations)
        self.values_of_names: dict[str, object] = {}
        self._definitions = {d.name: d for d in definitions}
        if substitutions:
            self._substitute(substitutions)

    def _substitute(self, substitutions: Mapping[str, object]) -> None:
        """Rename, or bind a name to a value that travels with the equations."""
        renamed = {old: new for old, new in substitutions.items() if isinstance(new, str)}
        self.values_of_names = {old: new for old, new in substitutions.items() if not isinstance(new, str)}
        names = {old: Name(new) for old, new in renamed.items()}
        self._definitions = {
            renamed.get(d.name, d.name): replace(
                d,
                name=renamed.get(d.name, d.name),
                expression=None if d.expression is None else substitute(d.expression, names),
            )
            for d in self._definitions.values()
        }

    def __getitem__(self, name: str) -> Definition:
        return self._definitions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)

    def __add__(self, other: Equations | str) -> Equations:
        other = Equations(other) if isinstance(other, str) else other
        problems = Problems()
        _check_duplicates((*self.values(), *other.values()), problems)
        problems.raise_if_any()
        joined = Equations((*self.values(), *other.values()))
        joined.values_of_names = {**self.values_of_names, **other.values_of_names}
        return joined

    def __str__(self) -> str:
        return "\n".join(str(definition) for definition in self.values())

    def __repr__(self) -> str:
        return f"Equations({str(self)!r})"

    def of_role(self, role: Role) -> tuple[Definition, ...]:
        return tuple(d for d in self.values() if d.role == role)

    @property
    def names(self) -> set[str]:
        """Names of all variables defined."""
        return set(self)

    @property
    def diff_eq_names(self) -> set[str]:
        """Names of the variables with a differential equation."""
        return {d.name for d in self.of_role("differential equation")}

    @property
    def subexpr_names(self) -> set[str]:
        """Names of the subexpressions."""
        return {d.name for d in self.of_role("subexpression")}

    @property
    def parameter_names(self) -> set[str]:
        """Names of the parameters."""
        return {d.name for d in self.of_role("parameter")}

    @property
    def eq_names(self) -> set[str]:
        """Names of the variables with a right-hand side."""
        return self.diff_eq_names | self.subexpr_names


def _parse(span: Span) -> tuple[Definition, ...]:
    problems = Problems()
    definitions: list[Definition] = []
    for line in logical_lines(span):
        try:
            definitions.append(parse_definition(line))
        except UserError as error:
            problems.extend(error)
    _check_duplicates(definitions, problems)
    problems.raise_if_any()
    return tuple(definitions)


def _check_duplicates(definitions: list[Definition] | tuple[Definition, ...], problems: Problems) -> None:
    seen: dict[str, Definition] = {}
    for definition in definitions:
        if definition.name in seen:
            first = seen[definition.name].name_span.line
            problems.add(
                f"'{definition.name}' is defined twice", definition.name_span, "name",
                found=f"the first definition is in line {first}", hint="remove or rename one of them",
            )  # fmt: skip
        seen.setdefault(definition.name, definition)
