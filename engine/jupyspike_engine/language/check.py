"""Units and types of expressions and statements; every disagreement is reported with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import isfinite

from ..diagnostics import Diagnostic, Problems, Span, UserError, nearest
from ..units import DIMENSIONLESS, SECOND, Dimension
from ..units.constants import __all__ as CONSTANTS
from .functions import ALL_FUNCTIONS, FUNCTIONS, Type, Wanted
from .other_units import other_units, with_names
from .other_units import unit_text as unit_text
from .reactions import LAWS
from .scope import LANGUAGE, Scope, Symbol, differs
from .suggestions import name_meant_by, unit_meant_by
from .syntax import COMPARISONS, Assignment, Block, Call, Expression, Name, Number, Operator, names, text, walk

NOISE_DIMENSION = SECOND**-0.5


@dataclass(frozen=True, slots=True)
class Sort:
    """The physical dimension and type of an expression."""

    dimension: Dimension
    type: Type

    def __str__(self) -> str:
        return "a truth value" if self.type == "boolean" else unit_text(self.dimension)


_TRUTH = Sort(DIMENSIONLESS, "boolean")
A_CONDITION = "a condition such as v > v_threshold"


def sort_of(expression: Expression, scope: Scope, problems: Problems) -> Sort | None:
    """Dimension and type of an expression, or None where that cannot be known (yet)."""
    if isinstance(expression, Number):
        kind: Type = "real" if isinstance(expression.value, float) else "integer"
        return Sort(DIMENSIONLESS, "boolean" if isinstance(expression.value, bool) else kind)
    if isinstance(expression, Name):
        return _name(expression, scope, problems)
    if isinstance(expression, Call):
        return _call(expression, scope, problems)
    operands = [sort_of(operand, scope, problems) for operand in expression.operands]
    if not scope.complete:
        _report_misspelt_unit(expression, operands, scope, problems)
    if expression.symbol in ("and", "or", "not"):
        return _logic(expression, operands, problems)
    if expression.symbol not in COMPARISONS:
        for operand, sort in zip(expression.operands, operands, strict=True):
            if sort is not None and sort.type == "boolean":
                problems.add(
                    f"a truth value cannot be an operand of '{expression.symbol}'", operand.span, "type",
                    found=f"'{operand.span.text if operand.span else ''}'", hint="int(...) turns it into 0 or 1",
                )  # fmt: skip
                return None
    if len(operands) == 1:
        return operands[0]
    left, right = operands
    if expression.symbol == "**":
        return _power(expression, left, right, scope, problems)
    if left is None or right is None:
        return _TRUTH if expression.symbol in COMPARISONS else None
    return _binary(expression, left, right, scope, problems)


def _dimension(expression: Expression, scope: Scope) -> Dimension | None:
    """The dimension of an expression whose names and units are all right."""
    problems = Problems()
    sort = sort_of(expression, scope, problems)
    return None if problems or sort is None else sort.dimension


def _report_misspelt_unit(expression: Operator, sorts: list[Sort | None], scope: Scope, problems: Problems) -> None:
    """Report ``10*msec`` and its like at once, although the name may still be defined.

    It is only done where a number stands in front of the name, as in front of a unit.
    """
    if expression.symbol not in ("*", "/"):
        return
    number, name = expression.operands
    if _literal(number) and isinstance(name, Name) and sorts[1] is None and not name.id.startswith("xi"):
        meant = unit_meant_by(name.id)
        if meant and not any(d.span == name.span for d in problems.found):
            hint = f"did you mean '{meant}'? A constant of this name must be defined before"
            problems.add(f"the name '{name.id}' is not known", name.span, "name", hint=hint)


def _literal(expression: Expression) -> str:
    """The text of a number as it was written, with its sign; empty for other expressions."""
    inner = expression.operands[0] if isinstance(expression, Operator) and expression.symbol == "-" else expression
    number = isinstance(inner, Number) and not isinstance(inner.value, bool)
    return text(expression) if number and (inner is expression or text(expression) == f"-{text(inner)}") else ""


def _name(expression: Name, scope: Scope, problems: Problems) -> Sort | None:
    if expression.id in FUNCTIONS and expression.id not in scope.symbols:
        problems.add(f"'{expression.id}' is a function", expression.span, hint=f"call it: {expression.id}(...)")
        return None
    try:
        symbol = scope.lookup(expression.id)
    except UserError as error:
        for diagnostic in error.diagnostics:
            problems.add(diagnostic.message, expression.span, diagnostic.kind, hint=diagnostic.hint)
        return None
    if symbol is None:
        if scope.complete or expression.id == "xi" or expression.id.startswith("xi_"):
            report_unknown(expression, scope, problems)
        return None
    return Sort(symbol.dimension, symbol.type)


def report_unknown(expression: Name, scope: Scope, problems: Problems) -> None:
    if expression.id == "xi" or expression.id.startswith("xi_"):
        problems.add(
            f"the noise '{expression.id}' cannot be used here", expression.span, "name",
            hint="white noise belongs to the right-hand side of a differential equation",
        )  # fmt: skip
        return
    hint = name_meant_by(expression.id, scope.known_names())
    place = (
        "in the model, in the group's namespace or in the notebook" if scope.symbols else "above, or in the notebook"
    )
    advice = f"define it {place}"
    if expression.id in CONSTANTS:
        hint = f"from jupyspike.units.constants import {expression.id}"
    problems.add(f"the name '{expression.id}' is not known", expression.span, "name", hint=hint or advice)


def _logic(expression: Operator, operands: list[Sort | None], problems: Problems) -> Sort:
    for operand, sort in zip(expression.operands, operands, strict=True):
        if sort is not None and sort.type != "boolean":
            problems.add(
                f"'{expression.symbol}' joins conditions", operand.span, "type",
                found=_number_text(sort), expected=A_CONDITION,
            )  # fmt: skip
    return _TRUTH


def _number_text(sort: Sort) -> str:
    return "a plain number" if sort.dimension.is_dimensionless else f"a value in {sort.dimension}"


def _binary(expression: Operator, left: Sort, right: Sort, scope: Scope, problems: Problems) -> Sort | None:
    symbol = expression.symbol
    number: Type = "integer" if left.type == right.type == "integer" else "real"
    if symbol in ("*", "/", "//"):
        dimension = left.dimension * right.dimension if symbol == "*" else left.dimension / right.dimension
        return Sort(dimension, "real" if symbol == "/" else number)
    mixed_truth = (left.type == "boolean") != (right.type == "boolean")
    if left.dimension != right.dimension or mixed_truth:
        problems.add(
            f"the two sides of '{symbol}' have different units", expression.span, "unit",
            found=with_names(f"{left} {symbol} {right}", expression, scope), expected="the same unit on both sides",
            hint=_unit_for_number(expression.operands[0], right) or _unit_for_number(expression.operands[1], left),
        )  # fmt: skip
        return _TRUTH if symbol in COMPARISONS else None
    return _TRUTH if symbol in COMPARISONS else Sort(left.dimension, number)


def _unit_for_number(expression: Expression, wanted: Sort) -> str:
    """The hint for a plain number where a quantity is wanted."""
    literal = _literal(expression)
    return f"a number with a unit: {literal}*{wanted.dimension}" if literal and wanted.type != "boolean" else ""


def _power(
    expression: Operator, base: Sort | None, power: Sort | None, scope: Scope, problems: Problems
) -> Sort | None:
    exponent = expression.operands[1]
    if power is not None and not power.dimension.is_dimensionless:
        problems.add(
            "an exponent cannot have a unit",
            exponent.span,
            "unit",
            found=unit_text(power.dimension),
            expected="a plain number",
        )
        return None
    if base is None or power is None:
        return None
    if base.dimension.is_dimensionless:
        return Sort(DIMENSIONLESS, "integer" if base.type == "integer" and keeps_integers(exponent) else "real")
    value = constant_value(exponent, scope)
    if value is None or not isfinite(value):
        problems.add(
            f"a power of a quantity in {base.dimension} needs a constant exponent", exponent.span, "unit",
            expected="a number, so that the unit of the result is known",
        )  # fmt: skip
        return None
    return Sort(base.dimension**value, "real")


def keeps_integers(exponent: Expression) -> bool:
    """Whether powers of integers with an exponent are integers."""
    return isinstance(exponent, Number) and isinstance(exponent.value, int) and exponent.value >= 0


def constant_value(expression: Expression, scope: Scope) -> float | None:
    """The value of an expression of numbers and constants, if it is one."""
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        symbol = scope.lookup(expression.id)
        return symbol.value if symbol is not None and symbol.meaning in ("constant", "number") else None
    if isinstance(expression, Operator) and expression.symbol in ("+", "-", "*", "/"):
        values = [constant_value(operand, scope) for operand in expression.operands]
        if None in values:
            return None
        first, *rest = [value for value in values if value is not None]
        if not rest:
            return -first
        second = rest[0]
        results = {"+": first + second, "-": first - second, "*": first * second}
        return first / second if expression.symbol == "/" and second else results.get(expression.symbol)
    return None


def _call(expression: Call, scope: Scope, problems: Problems) -> Sort | None:
    row = ALL_FUNCTIONS.get(expression.function)
    arguments = [sort_of(argument, scope, problems) for argument in expression.arguments]
    if row is None:
        return _external_call(expression, arguments, scope, problems)
    if len(arguments) != row.arguments:
        plural = "argument" if row.arguments == 1 else "arguments"
        problems.add(
            f"{row.name}() takes {row.arguments} {plural}",
            expression.span,
            "syntax",
            found=f"{len(arguments) or 'none'}",
            expected=row.formula.call if row.formula is not None else "",
        )
        return None
    if row.formula is not None:
        _check_arguments(expression, row.formula.arguments, arguments, scope, problems)
        return Sort(row.formula.result, "real")
    if row.rule == "timestep":
        _expect_dimensions(expression, arguments, SECOND, scope, problems)
        return Sort(DIMENSIONLESS, "integer")
    if row.rule == "dimensionless":
        _expect_dimensions(expression, arguments, DIMENSIONLESS, scope, problems)
    for argument, sort in zip(expression.arguments, arguments, strict=True):
        if sort is not None and sort.type == "boolean" and row.rule != "truth or number":
            problems.add(f"{row.name}() takes a number", argument.span, "type", found="a truth value", hint="int(...)")
    if not arguments or arguments[0] is None:
        return Sort(DIMENSIONLESS, row.type) if row.type and row.rule not in ("same", "square root") else None
    first = arguments[0]
    if row.rule == "same":
        _expect_dimensions(expression, arguments, first.dimension, scope, problems)
        kinds = {sort.type for sort in arguments if sort is not None}
        return Sort(first.dimension, "integer" if kinds == {"integer"} else "real")
    if row.rule == "square root":
        return Sort(first.dimension**0.5, "real")
    if row.rule == "truth or number":
        _expect_dimensions(expression, arguments, DIMENSIONLESS, scope, problems)
    return Sort(DIMENSIONLESS, row.type or "real")


def is_unknown(function: str, scope: Scope) -> bool:
    """Whether there is no function of a name, and will be none."""
    return scope.complete and function not in ALL_FUNCTIONS and scope.function(function) is None


def _external_call(expression: Call, arguments: list[Sort | None], scope: Scope, problems: Problems) -> Sort | None:
    """A call of a function that the user brought along; before a run it may still be defined."""
    name = expression.function
    try:
        function = scope.function(name)
    except UserError as error:
        for diagnostic in error.diagnostics:
            problems.add(diagnostic.message, expression.span, diagnostic.kind, hint=diagnostic.hint)
        return None
    if function is None:
        if scope.complete:
            hint = nearest(name, FUNCTIONS) or f"the functions are: {', '.join(FUNCTIONS)}"
            if name in LAWS:
                hint = f"it is the rate of a reaction: S -> P : {name}(...)"
            problems.add(f"the function '{name}' is not known", expression.span, "name", hint=hint)
        return None
    if len(arguments) != len(function.arguments):
        expected = f"{len(function.arguments)} argument{'s' if len(function.arguments) != 1 else ''}"
        problems.add(f"{name}() takes {expected}", expression.span, "syntax", found=f"{len(arguments) or 'none'}")
        return None
    _check_arguments(expression, function.arguments, arguments, scope, problems)
    sorts = [sort for sort in arguments if sort is not None]
    if len(sorts) < len(arguments):
        return None
    highest: Type = "real" if any(sort.type == "real" for sort in sorts) else "integer"
    type_ = highest if function.type == "highest" else function.type
    return Sort(function.result([sort.dimension for sort in sorts]), type_)


def _check_arguments(
    expression: Call, wants: Iterable[Wanted], arguments: list[Sort | None], scope: Scope, problems: Problems
) -> None:
    """Check the units and types of the arguments of a call."""
    name = expression.function
    for argument, wanted, sort in zip(expression.arguments, wants, arguments, strict=True):
        if isinstance(wanted, int):
            other = arguments[wanted]
            wanted = None if other is None else other.dimension
        if sort is None or wanted is None:
            continue
        if (sort.type == "boolean") != (wanted == "boolean"):
            expected = A_CONDITION if wanted == "boolean" else "a number"
            problems.add(f"{name}() needs another type", argument.span, "type", found=str(sort), expected=expected)
        elif wanted == "integer" and sort.type != "integer":
            problems.add(
                f"an argument of {name}() must be an integer", argument.span, "type", found=str(sort), hint="int(...)"
            )
        elif isinstance(wanted, Dimension) and sort.dimension != wanted:
            problems.add(
                f"an argument of {name}() has the wrong unit", argument.span, "unit",
                found=with_names(unit_text(sort.dimension), argument, scope), expected=unit_text(wanted),
            )  # fmt: skip


def _expect_dimensions(
    expression: Call, arguments: list[Sort | None], dimension: Dimension, scope: Scope, problems: Problems
) -> None:
    for argument, sort in zip(expression.arguments, arguments, strict=True):
        if sort is not None and sort.dimension != dimension:
            problems.add(
                f"an argument of {expression.function}() has the wrong unit", argument.span, "unit",
                found=with_names(unit_text(sort.dimension), argument, scope), expected=unit_text(dimension),
            )  # fmt: skip


def expect(
    expression: Expression,
    scope: Scope,
    wanted: Sort,
    of: str,
    problems: Problems,
    advice: Callable[[Sort], str] = lambda found: "",
) -> None:
    """Report when an expression has another unit or type than is wanted for ``of``."""
    before = len(problems.found)
    sort = sort_of(expression, scope, problems)
    if sort is None or len(problems.found) > before:
        _suggest_units(expression, scope, wanted, problems.found, before)
        return
    if wanted.type == "boolean" and sort.type != "boolean":
        problems.add(
            f"{of} is neither true nor false", expression.span, "type", found=_number_text(sort), expected=A_CONDITION
        )
    elif sort.type == "boolean" and wanted.type != "boolean":
        problems.add(
            f"{of} must be a number", expression.span, "type", found="a truth value", expected=_number_text(wanted),
            hint="int(...) turns it into 0 or 1",
        )  # fmt: skip
    elif sort.dimension != wanted.dimension:
        problems.add(
            f"{of} has the wrong unit", expression.span, "unit",
            found=with_names(str(sort), expression, scope), expected=str(wanted),
            hint=_unit_for_number(expression, wanted),
        )  # fmt: skip
        _suggest_units(expression, scope, wanted, problems.found, before, advice(sort))
    elif wanted.type == "integer" and sort.type == "real":
        problems.add(f"{of} must be an integer", expression.span, "type", found="a real number", hint="int(...)")


def _suggest_units(
    expression: Expression, scope: Scope, wanted: Sort, found: list[Diagnostic], begin: int, advice: str = ""
) -> None:
    """Say in the first of the problems found with units, if it has no hint yet, what would make all of it right."""
    wrong = [k for k in range(begin, len(found)) if found[k].kind == "unit" and not found[k].hint]
    if wrong:
        hint = other_units(expression, wanted.dimension, scope, _dimension) or advice
        found[wrong[0]] = replace(found[wrong[0]], hint=hint)


def is_stateful(expression: Expression, scope: Scope) -> bool:
    """Whether two evaluations of an expression may give different values."""
    calls = {node.function for node in walk(expression) if isinstance(node, Call)}
    if any(FUNCTIONS[name].random for name in calls & FUNCTIONS.keys()):
        return True
    external = [scope.function(name) for name in calls - FUNCTIONS.keys()]
    return any(function is not None and not function.stateless for function in external)


def report_stateful(
    expression: Expression, scope: Scope, of: str, hint: str, problems: Problems, place: Span | None = None
) -> None:
    """Report an expression that may have another value each time, where it is written out more than once."""
    if is_stateful(expression, scope):
        problems.add(f"{of} has another value at each use", place or expression.span, "value", hint=hint)


def check_block(
    block: tuple[Assignment, ...], scope: Scope, of: str, problems: Problems, per_event: bool = True
) -> None:
    """Check statements: their targets can be written, both sides agree in unit and type.

    A name that is no variable is given to a value for the rest of the block.

    Parameters
    ----------
    per_event : bool
        Whether they run for single elements; shared variables can then not be set.
    """
    elementwise = False
    unknown: set[str] = set()  # names of values whose unit is not known yet
    for number, statement in enumerate(block):
        named = statement.target in unknown or names_value(statement, block[number + 1 :], scope)
        if scope.complete and names(statement.expression) & unknown:
            unknown |= {statement.target} if named else set()
            continue  # what is wrong was said where the first of these values got its name
        if named:
            scope = with_value(statement, scope, problems)
            value = scope.symbols.get(statement.target)
            unknown |= {statement.target} if value is None else set()
            elementwise = elementwise or (value is not None and not value.shared)
            continue
        symbol = _target(statement, scope, of, problems)
        if symbol is None:
            sort_of(statement.expression, scope, problems)
            continue
        if symbol.shared and symbol.meaning != "local":
            _check_shared(statement, scope, of, problems, per_event, elementwise)
        elementwise = elementwise or not symbol.shared
        wanted = Sort(symbol.dimension, symbol.type)
        if statement.symbol in ("=", "+=", "-="):
            expect(statement.expression, scope, wanted, f"the value for '{statement.target}'", problems)
        else:
            factor = Sort(DIMENSIONLESS, "real" if symbol.type != "integer" else "integer")
            expect(statement.expression, scope, factor, f"the value in '{statement.symbol}'", problems)
        if symbol.type == "boolean" and statement.symbol != "=":
            problems.add(f"'{statement.target}' is a truth value", statement.span, "type", hint="assign it with =")


def names_value(statement: Assignment, later: Iterable[Assignment], scope: Scope) -> bool:
    """Whether a statement gives a name to a value that later statements of its block use, and no variable is set."""
    name = statement.target
    if statement.symbol != "=" or name in scope.symbols or name in LANGUAGE or name in ALL_FUNCTIONS:
        return False
    return any(name in names(other.expression) or (name == other.target and other.symbol != "=") for other in later)


def with_value(statement: Assignment, scope: Scope, problems: Problems) -> Scope:
    """The scope with the name that a statement gives to a value, if its unit is known (yet)."""
    sort = sort_of(statement.expression, scope, problems)
    if sort is None:
        return scope
    calls = {node.function for node in walk(statement.expression) if isinstance(node, Call)}
    drawn = any(name not in ALL_FUNCTIONS or ALL_FUNCTIONS[name].random for name in calls)
    shared = differs(statement.expression, scope) is None and not drawn
    value = Symbol(statement.target, "local", sort.dimension, sort.type, writable=True, shared=shared)
    return scope.with_symbols(value)


def with_values(block: Block, scope: Scope) -> Scope:
    """The scope of a block that was checked, with the names that it gives to values."""
    for number, statement in enumerate(block):
        if names_value(statement, block[number + 1 :], scope):
            scope = with_value(statement, scope, Problems())
    return scope


def _check_shared(
    statement: Assignment, scope: Scope, of: str, problems: Problems, per_event: bool, elementwise: bool
) -> None:
    """Check that a statement which sets one value for all is run once, and uses only such values."""
    name, place = statement.target, statement.target_span
    if per_event:
        hint = "set it in run_regularly, or make it a variable of each element"
        problems.add(f"the shared variable '{name}' cannot be set in {of}, which runs for each event", place, hint=hint)
    elif elementwise:
        problems.add(f"'{name}' is shared: set it before the variables of single elements", place)
    check_shared(statement.expression, scope, name, problems)


def check_shared(expression: Expression, scope: Scope, of: str, problems: Problems) -> None:
    """Report names that differ between elements in what is shared by all."""
    if (name := differs(expression, scope)) is not None:
        problems.add(
            f"'{of}' is shared by all elements, '{name.id}' differs between them", name.span, "value",
            hint=f"use shared variables and constants only, or drop the flag (shared) of '{of}'",
        )  # fmt: skip


def _target(statement: Assignment, scope: Scope, of: str, problems: Problems) -> Symbol | None:
    symbol = scope.symbols.get(statement.target)
    if symbol is not None and symbol.writable:
        return symbol
    name = statement.target
    reasons = {
        "subexpression": "it is a subexpression",
        "linked": "it is linked to a variable of another group",
        "state": _unwritable(symbol),
    }
    if symbol is not None:
        reason = reasons.get(symbol.meaning, "the simulator sets it")
        problems.add(f"'{name}' cannot be set in {of}: {reason}", statement.target_span, "name")
        return None
    outside = _outside(name, scope)
    if outside is not None:
        what = "a constant" if outside.meaning == "constant" else "part of the language"
        hint = f"a line '{name} : {outside.dimension}' makes it a variable" if what == "a constant" else ""
        problems.add(f"'{name}' cannot be set in {of}: it is {what}", statement.target_span, "name", hint=hint)
        return None
    writable = [name for name, symbol in scope.symbols.items() if symbol.writable]
    hint = nearest(name, writable) or (f"variables are: {', '.join(writable)}" if writable else "")
    problems.add(f"{of} sets the unknown variable '{name}'", statement.target_span, "name", hint=hint)
    return None


def _unwritable(symbol: Symbol | None) -> str:
    if symbol is None or symbol.definition is None:
        return "the simulator sets it"
    return "it is a constant parameter" if symbol.definition.role == "parameter" else "it is a subexpression"


def _outside(name: str, scope: Scope) -> Symbol | None:
    """What a name means that the model does not define."""
    try:
        return scope.lookup(name)
    except UserError:  # no number, so it cannot be meant
        return None
