"""Lines of equations: where each begins and ends in a text, and what it says.

There are four kinds, which may wrap, with ``#`` comments::

    dx/dt = expression : unit (flags)      a differential equation
    x = expression : unit (flags)          a subexpression
    x : unit (flags)                       a parameter
    x + y <-> z : rate, rate               a reaction; see `jupyspike_engine.language.reactions`
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..diagnostics import Problems, Span, UserError, nearest
from ..units import ALL_UNITS, DIMENSIONLESS, UNITS, Dimension, Unit, dimension_of
from .definition import Definition
from .expressions import check_brackets, parse_expression, trimmed
from .flag_groups import read_flags
from .flags import Role
from .functions import Type
from .names import check_name
from .reactions import Reaction, is_reaction, parse_reaction
from .species import names_of_shells
from .splitting import without_comments
from .syntax import Expression, Name, Number, Operator
from .syntax_errors import syntax_error

NAME = r"[^\W\d]\w*"
START = re.compile(rf"\s*(?:d(?P<x>{NAME})\s*/\s*dt\s*=(?!=)|(?P<name>{NAME})\s*(?P<sign>=(?!=)|:))")
_OPEN_END = re.compile(r"(?:[-+*/%<>=,]|\b(?:and|or|not))\s*$")
# A name or number that is not joined to what stands before it. The range of a constant is, see the grammar of cells.
_BEGINS_ANEW = re.compile(r"\s*(?!(?:and|or|in|step|log)\b)\w")
_UNIT_AT_END = re.compile(r"[\w)]\s+(?P<unit>[A-Za-z]\w*(?:\s*[*/]+\s*\w+)*)\s*(?:\([A-Za-z ,\-_]*\)\s*)?$")

Line = Definition | Reaction


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
    if _OPEN_END.search(before):
        return True
    if START.match(line) is not None or is_reaction(line):
        return False
    anew = _BEGINS_ANEW.match(line) is not None and not before.rstrip().endswith(":")
    complete = anew or re.search(r":\s*\S", before) is not None
    return depth > 0 or not complete or line.lstrip().startswith(tuple("(*/"))


def parse_definition(line: Span) -> Definition:
    """Parse one (logical) line.

    Raises
    ------
    EquationError
        With the place of what is wrong in it.
    """
    check_brackets(line)
    clean = without_comments(line.text).replace("\n", " ")
    start = START.match(clean)
    if start is None:
        raise syntax_error(
            "this is not an equation", trimmed(line),
            expected="dx/dt = expression : unit,  x = expression : unit,  x : unit  or  x + y <-> z : rate, rate",
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
    flags, settings, unit_to = read_flags(line, clean, unit_from, role)
    unit_span = trimmed(Span(line.source, line.start + unit_from, line.start + unit_to))
    dimension, type_ = parse_unit(unit_span, name)
    check_name(name, name_span, "summed" in flags)
    unit = " ".join(without_comments(unit_span.text).split())
    return Definition(
        role, name, expression, dimension, type_, flags, unit, trimmed(line), name_span, settings=settings
    )


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
    if isinstance(expression, Name) and expression.id in ALL_UNITS:
        return ALL_UNITS[expression.id]
    if isinstance(expression, Operator) and expression.symbol in ("*", "/", "**") and len(expression.operands) == 2:
        left, right = expression.operands
        if expression.symbol == "**":
            power: Unit = _unit_value(left, of) ** _exponent(right)
            return power
        one, other = _unit_value(left, of), _unit_value(right, of)
        value: Unit = one * other if expression.symbol == "*" else one / other
        return value
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


def parse_line(line: Span) -> Line:
    """Parse one (logical) line of any kind; see `parse_definition` and `parse_reaction`."""
    return parse_reaction(line) if is_reaction(without_comments(line.text)) else parse_definition(line)


def parse_lines(span: Span) -> tuple[Line, ...]:
    problems = Problems()
    lines: list[Line] = []
    for line in logical_lines(span):
        try:
            lines.append(parse_line(line))
        except UserError as error:
            problems.extend(error)
    check_duplicates(lines, problems)
    problems.raise_if_any()
    return tuple(lines)


def check_duplicates(lines: Sequence[Line], problems: Problems) -> None:
    seen: dict[str, Line] = {}
    for definition in lines:
        if not definition.name:
            continue
        shells = [] if isinstance(definition, Reaction) else names_of_shells(definition)[1:]
        for other in (line for line in lines if line.name in shells):
            message = f"'{other.name}' is one of the shells of '{definition.name}'"
            problems.add(message, other.name_span, "name", hint="choose another name")
        if definition.name in seen:
            first = seen[definition.name]
            same_text = first.span.source is definition.span.source
            where = f"in line {first.name_span.line}" if same_text else f"'{first}'"
            problems.add(
                f"'{definition.name}' is defined twice", definition.name_span, "name",
                found=f"the first definition is {where}", hint="remove or rename one of them",
            )  # fmt: skip
        seen.setdefault(definition.name, definition)
