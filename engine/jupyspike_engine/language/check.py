"""Units and types of expressions and statements; every disagreement is reported with its place."""

from __future__ import annotations

from dataclasses import dataclass

from ..diagnostics import Problems, UserError, nearest
from ..units import DIMENSIONLESS, SECOND, Dimension
from .functions import FUNCTIONS, Type
from .scope import Scope, Symbol
from .syntax import COMPARISONS, Assignment, Call, Expression, Name, Number, Operator

NOISE_DIMENSION = SECOND**-0.5


@dataclass(frozen=True, slots=True)
class Sort:
    """The physical dimension and type of an expression."""

    dimension: Dimension
    type: Type

    def __str__(self) -> str:
        return "a truth value" if self.type == "boolean" else str(self.dimension)


_TRUTH = Sort(DIMENSIONLESS, "boolean")


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
    return _binary(expression, left, right, problems)


def _name(expression: Name, scope: Scope, problems: Problems) -> Sort | None:
    try:
        symbol = scope.lookup(expression.id)
    except UserError as error:
        for diagnostic in error.diagnostics:
            problems.add(diagnostic.message, expression.span, diagnostic.kind, hint=diagnostic.hint)
        return None
    if symbol is None:
        if expression.id in FUNCTIONS:
            problems.add(f"'{expression.id}' is a function", expression.span, hint=f"call it: {expression.id}(...)")
        elif scope.complete or expression.id.startswith("xi"):
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
    hint = nearest(expression.id, scope.known_names())
    advice = "define it in the model, in the group's namespace or in the notebook"
    problems.add(f"the name '{expression.id}' is not known", expression.span, "name", hint=hint or advice)


def _logic(expression: Operator, operands: list[Sort | None], problems: Problems) -> Sort:
    for operand, sort in zip(expression.operands, operands, strict=True):
        if sort is not None and sort.type != "boolean":
            problems.add(
                f"'{expression.symbol}' joins conditions", operand.span, "type",
                found=f"a number in {sort.dimension}", expected="a condition such as v > v_threshold",
            )  # fmt: skip
    return _TRUTH


def _binary(expression: Operator, left: Sort, right: Sort, problems: Problems) -> Sort | None:
    symbol = expression.symbol
    number: Type = "integer" if left.type == right.type == "integer" else "real"
    if symbol in ("*", "/", "//"):
        dimension = left.dimension * right.dimension if symbol == "*" else left.dimension / right.dimension
        return Sort(dimension, "real" if symbol == "/" else number)
    mixed_truth = (left.type == "boolean") != (right.type == "boolean")
    if left.dimension != right.dimension or mixed_truth:
        problems.add(
            f"the two sides of '{symbol}' have different units", expression.span, "unit",
            found=f"{left} {symbol} {right}", expected="the same unit on both sides",
            hint=_zero_hint(expression, left, right),
        )  # fmt: skip
        return _TRUTH if symbol in COMPARISONS else None
    return _TRUTH if symbol in COMPARISONS else Sort(left.dimension, number)


def _zero_hint(expression: Operator, left: Sort, right: Sort) -> str:
    for operand, other in ((expression.operands[0], right), (expression.operands[1], left)):
        if isinstance(operand, Number):
            return f"a number with a unit: {operand.value}*{other.dimension}"
    return ""


def _power(
    expression: Operator, base: Sort | None, power: Sort | None, scope: Scope, problems: Problems
) -> Sort | None:
    exponent = expression.operands[1]
    if power is not None and not power.dimension.is_dimensionless:
        problems.add(
            "an exponent cannot have a unit",
            exponent.span,
            "unit",
            found=str(power.dimension),
            expected="a plain number",
        )
        return None
    if base is None or power is None:
        return None
    if base.dimension.is_dimensionless:
        return Sort(DIMENSIONLESS, "real")
    value = constant_value(exponent, scope)
    if value is None:
        problems.add(
            f"a power of a quantity in {base.dimension} needs a constant exponent", exponent.span, "unit",
            expected="a number, so that the unit of the result is known",
        )  # fmt: skip
        return None
    return Sort(base.dimension**value, "real")


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
    row = FUNCTIONS.get(expression.function)
    arguments = [sort_of(argument, scope, problems) for argument in expression.arguments]
    if row is None:
        hint = nearest(expression.function, FUNCTIONS) or f"the functions are: {', '.join(FUNCTIONS)}"
        problems.add(f"the function '{expression.function}' is not known", expression.span, "name", hint=hint)
        return None
    if len(arguments) != row.arguments:
        plural = "argument" if row.arguments == 1 else "arguments"
        problems.add(
            f"{row.name}() takes {row.arguments} {plural}", expression.span, "syntax", found=f"{len(arguments)}"
        )
        return None
    if row.rule == "timestep":
        _expect_dimensions(expression, arguments, SECOND, problems)
        return Sort(DIMENSIONLESS, "integer")
    if row.rule == "dimensionless":
        _expect_dimensions(expression, arguments, DIMENSIONLESS, problems)
    for argument, sort in zip(expression.arguments, arguments, strict=True):
        if sort is not None and sort.type == "boolean" and row.rule != "truth or number":
            problems.add(f"{row.name}() takes a number", argument.span, "type", found="a truth value", hint="int(...)")
    if not arguments or arguments[0] is None:
        return Sort(DIMENSIONLESS, row.type) if row.type and row.rule not in ("same", "square root") else None
    first = arguments[0]
    if row.rule == "same":
        _expect_dimensions(expression, arguments, first.dimension, problems)
        kinds = {sort.type for sort in arguments if sort is not None}
        return Sort(first.dimension, "integer" if kinds == {"integer"} else "real")
    if row.rule == "square root":
        return Sort(first.dimension**0.5, "real")
    if row.rule == "truth or number":
        _expect_dimensions(expression, arguments, DIMENSIONLESS, problems)
    return Sort(DIMENSIONLESS, row.type or "real")


def _expect_dimensions(
    expression: Call, arguments: list[Sort | None], dimension: Dimension, problems: Problems
) -> None:
    for argument, sort in zip(expression.arguments, arguments, strict=True):
        if sort is not None and sort.dimension != dimension:
            wanted = "a plain number" if dimension.is_dimensionless else str(dimension)
            problems.add(
                f"an argument of {expression.function}() has the wrong unit", argument.span, "unit",
                found=str(sort.dimension), expected=wanted,
            )  # fmt: skip


def expect(expression: Expression, scope: Scope, wanted: Sort, of: str, problems: Problems, hint: str = "") -> None:
    """Report when an expression has another unit or type than is wanted for ``of``."""
    before = len(problems.found)
    sort = sort_of(expression, scope, problems)
    if sort is None or len(problems.found) > before:
        return
    if sort.dimension != wanted.dimension:
        problems.add(
            f"{of} has the wrong unit", expression.span, "unit",
            found=str(sort.dimension), expected=str(wanted.dimension), hint=hint,
        )  # fmt: skip
    elif (sort.type == "boolean") != (wanted.type == "boolean"):
        expected = "a condition such as v > v_threshold" if wanted.type == "boolean" else "a number"
        found = "a truth value" if sort.type == "boolean" else f"a number in {sort.dimension}"
        problems.add(f"{of} is of the wrong kind", expression.span, "type", found=found, expected=expected, hint=hint)
    elif wanted.type == "integer" and sort.type == "real":
        problems.add(f"{of} must be an integer", expression.span, "type", found="a real number", hint="int(...)")


def check_block(block: tuple[Assignment, ...], scope: Scope, of: str, problems: Problems) -> None:
    """Check statements: their targets can be written, both sides agree in unit and type."""
    for statement in block:
        symbol = _target(statement, scope, of, problems)
        if symbol is None:
            sort_of(statement.expression, scope, problems)
            continue
        wanted = Sort(symbol.dimension, symbol.type)
        if statement.symbol in ("=", "+=", "-="):
            expect(statement.expression, scope, wanted, f"the value for '{statement.target}'", problems)
        else:
            factor = Sort(DIMENSIONLESS, "real" if symbol.type != "integer" else "integer")
            expect(statement.expression, scope, factor, f"the value in '{statement.symbol}'", problems)
        if symbol.type == "boolean" and statement.symbol != "=":
            problems.add(f"'{statement.target}' is a truth value", statement.span, "type", hint="assign it with =")


def _target(statement: Assignment, scope: Scope, of: str, problems: Problems) -> Symbol | None:
    symbol = scope.symbols.get(statement.target)
    if symbol is not None and symbol.writable:
        return symbol
    reasons = {
        "subexpression": "it is a subexpression",
        "state": "it is a constant parameter" if symbol is not None and symbol.definition else "the simulator sets it",
    }
    if symbol is not None:
        reason = reasons.get(symbol.meaning, "the simulator sets it")
        problems.add(f"'{statement.target}' cannot be set in {of}: {reason}", statement.target_span, "name")
        return None
    writable = [name for name, symbol in scope.symbols.items() if symbol.writable]
    hint = nearest(statement.target, writable) or (f"variables are: {', '.join(writable)}" if writable else "")
    problems.add(f"{of} sets the unknown variable '{statement.target}'", statement.target_span, "name", hint=hint)
    return None
