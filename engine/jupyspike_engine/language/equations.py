"""Equations: the text of a model as definitions of variables, each with its unit, flags and place.

Four kinds of line, which may wrap, with ``#`` comments::

    dx/dt = expression : unit (flags)      a differential equation
    x = expression : unit (flags)          a subexpression
    x : unit (flags)                       a parameter
    x + y <-> z : rate, rate               a reaction; see `jupyspike_engine.language.reactions`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ..diagnostics import ArgumentTypeError, Problems, Source, Span, UnknownNameError, UserError, nearest
from ..units import ALL_UNITS, DIMENSIONLESS, UNITS, Dimension, Unit, dimension_of, get_unit
from . import analysis
from .expressions import check_brackets, parse_expression, trimmed
from .flag_groups import Settings, read_flags
from .flags import Role
from .formulas import latex_line, latex_table
from .functions import Type
from .names import check_name
from .reactions import Reaction, definitions_of, is_reaction, parse_reaction
from .species import names_of_shells
from .splitting import without_comments
from .substitution import substituted, with_distinct_values
from .syntax import Expression, Name, Number, Operator, substitute, text
from .syntax_errors import syntax_error
from .values import Value
from .written import Expression as WrittenExpression
from .written import identifiers_of, noise_in

NAME = r"[^\W\d]\w*"
START = re.compile(rf"\s*(?:d(?P<x>{NAME})\s*/\s*dt\s*=(?!=)|(?P<name>{NAME})\s*(?P<sign>=(?!=)|:))")
_OPEN_END = re.compile(r"(?:[-+*/%<>=,]|\b(?:and|or|not))\s*$")
_UNIT_AT_END = re.compile(r"[\w)]\s+(?P<unit>[A-Za-z]\w*(?:\s*[*/]+\s*\w+)*)\s*(?:\([A-Za-z ,\-_]*\)\s*)?$")


@dataclass(frozen=True, slots=True, repr=False)
class Definition:
    """One line of the equations, understood.

    Two are equal when they say the same, wherever they stand.

    Attributes
    ----------
    role : str
        What kind of line it is: a differential equation, a subexpression or a parameter.
    values : tuple of (str, Value)
        What some of the names in the expression stand for; their names are no names of a user's text.
    settings : tuple of (str, Expression)
        Values that stand among the flags, such as ``D`` of a species that diffuses.
    """

    role: Role
    name: str
    expression: Expression | None
    dimension: Dimension
    value_type: Type
    flags: tuple[str, ...]
    unit_text: str = field(compare=False)
    span: Span = field(compare=False)
    name_span: Span = field(compare=False)
    values: tuple[tuple[str, Value], ...] = ()
    settings: Settings = ()

    def without_flag(self, flag: str) -> Definition:
        """The line without one of its flags."""
        return replace(self, flags=tuple(other for other in self.flags if other != flag))

    @property
    def said(self) -> tuple[str, ...]:
        """Flags, and values among them, as they are written."""
        written = {name: value.written for name, value in self.values}
        return (*self.flags, *(f"{name}={text(substitute(value, written))}" for name, value in self.settings))

    @property
    def written(self) -> Expression | None:
        """The right-hand side with its values written out."""
        if self.expression is None or not self.values:
            return self.expression
        return substitute(self.expression, {name: value.written for name, value in self.values})

    @property
    def expr(self) -> WrittenExpression | None:
        """The right-hand side (None for a parameter)."""
        return None if self.written is None else WrittenExpression(self.written)

    @property
    def type(self) -> Role:
        """What kind of line it is."""
        return self.role

    @property
    def varname(self) -> str:
        """The name of the variable."""
        return self.name

    @property
    def var_type(self) -> Literal["float", "integer", "boolean"]:
        """What kind of values the variable has."""
        return "float" if self.value_type == "real" else self.value_type

    @property
    def dim(self) -> Dimension:
        """The physical dimension of the variable."""
        return self.dimension

    @property
    def unit(self) -> Unit:
        """The base unit of the variable."""
        return get_unit(self.dimension)

    @property
    def identifiers(self) -> set[str]:
        """All names in the right-hand side, functions and units among them."""
        return set() if self.written is None else identifiers_of(self.written)

    @property
    def stochastic_variables(self) -> set[str]:
        """The white noise terms in the right-hand side."""
        return set() if self.expression is None else noise_in(self.expression)

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
        right = f" = {text(self.written)}" if self.written is not None else ""
        return f"{left}{right} : {self.unit_text}" + (f" ({', '.join(self.said)})" if self.said else "")

    def __repr__(self) -> str:
        return f"<{self.role} {self}>"

    def _repr_latex_(self) -> str:
        return f"${latex_line(self)}$"


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
    starts = START.match(line) is not None or is_reaction(line)
    if depth > 0 and not starts:
        return True
    complete = re.search(r":\s*\S", before) is not None
    return not starts and (not complete or line.lstrip().startswith(tuple("(*/")))


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


class Equations(Mapping[str, Definition]):
    """The equations of a model, a mapping from the name of each variable to its line.

    Parameters
    ----------
    equations : str
        One definition a line; see the module's text for the three kinds.
    **substitutions : str, number or Quantity
        Names to be replaced by other names or by values, as by `substitute`.

    Raises
    ------
    EquationError
        With all problems of the text at their places.

    Examples
    --------
    >>> neuron = Equations('dv/dt = (I - v)/tau : volt', tau=10*ms)
    >>> neuron += 'I : volt'
    >>> print(neuron)
    dv/dt = (I - v)/(10*ms) : volt
    I : volt
    >>> neuron['v'].expr, neuron['v'].unit, neuron.parameter_names
    (Expression('(I - v)/(10*ms)'), volt, {'I'})

    The same line for two synapses, each with its own name and time constant:

    >>> decay = Equations('dg/dt = -g/tau : siemens')
    >>> print(decay.substitute(g='g_e', tau=5*ms) + decay.substitute(g='g_i', tau=10*ms))
    dg_e/dt = -g_e/(5*ms) : siemens
    dg_i/dt = -g_i/(10*ms) : siemens
    """

    def __init__(self, equations: str | Span | tuple[Line, ...], /, **substitutions: object) -> None:
        if isinstance(equations, str):
            equations = Span(Source(equations, "equations"), 0, len(equations))
        if not isinstance(equations, (Span, tuple)):
            raise ArgumentTypeError("equations must be given as text", kind="type", found=repr(equations))
        lines = _parse(equations) if isinstance(equations, Span) else equations
        if substitutions:
            lines = substituted(lines, substitutions)
        problems = Problems()
        _check_duplicates(lines, problems)
        problems.raise_if_any()
        self.lines = with_distinct_values(lines)
        self._definitions = definitions_of(self.lines, Definition)

    lines: tuple[Line, ...]  # as they were written: reactions, and equations without what reactions add to them

    def substitute(self, **substitutions: object) -> Equations:
        """The equations with names replaced, all at once, by other names or by values.

        Parameters
        ----------
        **substitutions : str, number or Quantity
            What stands for each name. Names that do not occur are ignored.

        Raises
        ------
        EquationError
            A new name is no name, or one that a variable cannot have or has already; or a variable of the equations
            would become a value.
        ArgumentTypeError
            Something is neither a name nor a single value.

        Examples
        --------
        >>> Equations('dx/dt = -x/tau : 1').substitute(x='w', tau='tau_w')
        Equations('dw/dt = -w/tau_w : 1')
        """
        return Equations(self.lines, **substitutions)

    @property
    def reactions(self) -> tuple[Reaction, ...]:
        """The reactions among the lines."""
        return tuple(line for line in self.lines if isinstance(line, Reaction))

    @property
    def own_lines(self) -> tuple[Definition, ...]:
        """The other lines, without the terms that come from reactions."""
        return tuple(line for line in self.lines if not isinstance(line, Reaction))

    @property
    def values_of_names(self) -> dict[str, Any]:
        """The values that travel with the equations, by the names they have in the trees."""
        return {name: value.quantity for line in self.lines for name, value in line.values}

    def __getitem__(self, name: str) -> Definition:
        if name not in self._definitions:
            raise UnknownNameError(f"the equations do not define '{name}'", hint=nearest(str(name), self._definitions))
        return self._definitions[name]

    def __contains__(self, name: object) -> bool:
        return name in self._definitions

    def __iter__(self) -> Iterator[str]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)

    def __hash__(self) -> int:
        return hash(frozenset(self._definitions.items()))

    def __add__(self, other: Equations | str) -> Equations:
        if not isinstance(other, (Equations, str)):
            return NotImplemented
        more = Equations(other) if isinstance(other, str) else other
        return Equations((*self.lines, *more.lines))

    def __radd__(self, other: str) -> Equations:
        return Equations(other) + self if isinstance(other, str) else NotImplemented

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines)

    def __repr__(self) -> str:
        if len(self.lines) < 2:
            return f"Equations({str(self)!r})"
        return "Equations('''\n" + "".join(f"    {line}\n" for line in self.lines) + "''')"

    def _repr_latex_(self) -> str:
        return latex_table(list(self.values()))

    def of_role(self, role: Role) -> tuple[Definition, ...]:
        """The lines of one kind."""
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

    @property
    def diff_eq_expressions(self) -> list[tuple[str, WrittenExpression]]:
        """Names and right-hand sides of the differential equations."""
        return [(d.name, d.expr) for d in self.of_role("differential equation") if d.expr is not None]

    @property
    def eq_expressions(self) -> list[tuple[str, WrittenExpression]]:
        """Names and right-hand sides of differential equations and subexpressions, in the order of the text."""
        return [(d.name, d.expr) for d in self.values() if d.expr is not None]

    def get_substituted_expressions(self, include_subexpressions: bool = False) -> list[tuple[str, WrittenExpression]]:
        """Names and right-hand sides of the differential equations, with all subexpressions written out.

        Parameters
        ----------
        include_subexpressions : bool
            Whether to list the subexpressions too, in front.

        Examples
        --------
        >>> Equations('''dv/dt = I/tau : volt
        ...              I = E - v : volt''').get_substituted_expressions()
        [('v', Expression('(E - v)/tau'))]
        """
        wanted = self.eq_names if include_subexpressions else self.diff_eq_names
        trees = analysis.substituted(self._definitions)
        return [(name, WrittenExpression(tree)) for name, tree in trees.items() if name in wanted]

    @property
    def ordered(self) -> list[Definition]:
        """Subexpressions, each after those it uses; then differential equations and parameters."""
        return analysis.ordered(self._definitions)

    @property
    def dependencies(self) -> dict[str, list[analysis.Dependency]]:
        """For each right-hand side the lines it uses, directly or by way of subexpressions."""
        return analysis.dependencies(self._definitions)

    @property
    def dimensions(self) -> dict[str, Dimension]:
        """The physical dimension of each variable."""
        return {name: line.dimension for name, line in self.items()}

    @property
    def identifiers(self) -> set[str]:
        """All names used that the equations do not define; functions, units and noise are among them."""
        return set().union(*(line.identifiers for line in self.values())) - self.names

    @property
    def stochastic_variables(self) -> set[str]:
        """The white noise terms, ``xi`` and ``xi_name``."""
        return set().union(*(line.stochastic_variables for line in self.values()))

    @property
    def is_stochastic(self) -> bool:
        """Whether there is noise."""
        return bool(self.stochastic_variables)

    @property
    def stochastic_type(self) -> Literal["additive", "multiplicative"] | None:
        """None without noise; multiplicative if what noise is multiplied by changes with time.

        Examples
        --------
        >>> Equations('dv/dt = -v/tau + sigma*sqrt(2/tau)*xi : volt').stochastic_type
        'additive'
        """
        return analysis.stochastic_type(self._definitions)


def parse_line(line: Span) -> Line:
    """Parse one (logical) line of any kind; see `parse_definition` and `parse_reaction`."""
    return parse_reaction(line) if is_reaction(without_comments(line.text)) else parse_definition(line)


def _parse(span: Span) -> tuple[Line, ...]:
    problems = Problems()
    lines: list[Line] = []
    for line in logical_lines(span):
        try:
            lines.append(parse_line(line))
        except UserError as error:
            problems.extend(error)
    _check_duplicates(lines, problems)
    problems.raise_if_any()
    return tuple(lines)


def _check_duplicates(lines: Sequence[Line], problems: Problems) -> None:
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
