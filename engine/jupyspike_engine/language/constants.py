"""Expressions that are evaluated at once to one value: the constants of a cell."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from ..diagnostics import Diagnostic, EquationError, Problems
from ..units import quantity
from .check import Sort, expect, sort_of
from .functions import ALL_FUNCTIONS
from .scope import Scope
from .syntax import LARGEST_INTEGER, Call, Expression, Name, Number, Operator

_OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": lambda a, b: (a if abs(b) < 64 else float(a)) ** b, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(math, name) for name in ("sqrt", "exp", "log", "log10", "expm1", "log1p", "sin", "cos", "tan")},
    **{name: getattr(math, name) for name in ("sinh", "cosh", "tanh", "floor", "ceil")},
    "arcsin": math.asin, "arccos": math.acos, "arctan": math.atan, "abs": abs, "int": int,
    "sign": lambda x: float((x > 0) - (x < 0)), "exprel": lambda x: math.expm1(x) / x if x else 1.0,
    "clip": lambda x, low, high: min(max(x, low), high), "timestep": lambda t, dt: math.floor(t / dt + 1e-3),
}  # fmt: skip


def value_of(expression: Expression, scope: Scope, wanted: Sort | None = None, of: str = "") -> Any:
    """The value of an expression of numbers, units and constants, as a quantity.

    Parameters
    ----------
    wanted : Sort, optional
        The unit and type that the value of ``of`` must have.

    Raises
    ------
    UserError
        Names or units do not fit, random numbers are drawn, or the value does not exist (a division by zero).
    """
    problems = Problems()
    if wanted is not None:
        expect(expression, scope, wanted, of, problems)
        problems.raise_if_any()
    sort = sort_of(expression, scope, problems)
    problems.raise_if_any()
    assert sort is not None  # every name is known: the scope is complete
    number = _number(expression, scope)
    if isinstance(number, int) and abs(number) > LARGEST_INTEGER:
        raise _refused(expression, "the number is too large")
    return number if sort.type == "boolean" else quantity(number, sort.dimension)


def _number(expression: Expression, scope: Scope) -> Any:
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        symbol = scope.lookup(expression.id)
        if symbol is None or symbol.value is None:
            raise _refused(expression, f"'{expression.id}' has no value yet", "constants are made of numbers and units")
        return int(symbol.value) if symbol.type == "integer" else symbol.value
    if isinstance(expression, Call) and (formula := ALL_FUNCTIONS[expression.function].formula):
        return _number(formula.written(*expression.arguments), scope)
    arguments = [
        _number(part, scope) for part in (expression.arguments if isinstance(expression, Call) else expression.operands)
    ]
    if isinstance(expression, Call) and ALL_FUNCTIONS[expression.function].random:
        hint = "a value that differs between elements is a variable, set by a line 'initial:'"
        raise _refused(expression, "this is one value for all, which cannot be random", hint)
    try:
        value = _computed(expression, arguments)
    except ZeroDivisionError:
        raise _refused(expression, "a division by zero") from None
    except (ArithmeticError, ValueError) as error:
        raise _refused(expression, f"the value cannot be computed: {error}") from None
    if isinstance(value, complex):
        raise _refused(expression, "the value is not a real number")
    return value


def _computed(expression: Operator | Call, arguments: list[Any]) -> Any:
    if isinstance(expression, Call):
        return _FUNCTIONS[expression.function](*arguments)
    if len(arguments) == 1:
        return not arguments[0] if expression.symbol == "not" else -arguments[0]
    return _OPERATORS[expression.symbol](*arguments)


def _refused(expression: Expression, message: str, hint: str = "") -> EquationError:
    return EquationError(Diagnostic(message, expression.span, "value", hint=hint))
