"""Finding out whether an expression is linear in some variables, and with which coefficients."""

from __future__ import annotations

from collections.abc import Set

from ..language.functions import FUNCTIONS
from ..language.syntax import Call, Expression, Name, Operator, names, text
from .system import ONE, ZERO, add, divide, multiply, negative, subtract


class NotLinearError(Exception):
    """The part of an expression that is not linear."""


def affine(expression: Expression, variables: Set[str]) -> tuple[dict[str, Expression], Expression]:
    """Coefficients of an expression that is linear in some variables, and the rest without them.

    Raises
    ------
    NotLinearError
        With the text of the part that is not linear.
    """

    if not names(expression) & variables:
        return {}, expression
    if isinstance(expression, Name):
        return {expression.id: ONE}, ZERO
    if isinstance(expression, Operator):
        if expression.symbol == "-" and len(expression.operands) == 1:
            coefficients, rest = affine(expression.operands[0], variables)
            return {name: negative(c) for name, c in coefficients.items()}, negative(rest)
        if expression.symbol in ("+", "-"):
            return _sum(expression, variables)
        if expression.symbol in ("*", "/"):
            return _product(expression, variables)
    if isinstance(expression, Call) and expression.function in FUNCTIONS:
        formula = FUNCTIONS[expression.function].formula
        if formula is not None:
            return affine(formula.written(*expression.arguments), variables)
    raise NotLinearError(text(expression))


def _sum(expression: Operator, variables: Set[str]) -> tuple[dict[str, Expression], Expression]:
    combine = add if expression.symbol == "+" else subtract
    (left, left_rest), (right, right_rest) = (affine(operand, variables) for operand in expression.operands)

    merged = {name: combine(left.get(name, ZERO), right.get(name, ZERO)) for name in {**left, **right}}
    return merged, combine(left_rest, right_rest)


def _product(expression: Operator, variables: Set[str]) -> tuple[dict[str, Expression], Expression]:
    left, right = expression.operands
    if not names(right) & variables:
        combine = multiply if expression.symbol == "*" else divide
        coefficients, rest = affine(left, variables)
        return {name: combine(c, right) for name, c in coefficients.items()}, combine(rest, right)
    if expression.symbol == "*" and not names(left) & variables:
        coefficients, rest = affine(right, variables)
        return {name: multiply(left, c) for name, c in coefficients.items()}, multiply(left, rest)
    raise NotLinearError(text(expression))
