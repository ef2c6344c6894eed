"""Derivatives of expressions, as expressions.

What is constant in pieces (comparisons, ``sign``, ``floor``, ``ceil``, ``int``) has the derivative zero.
"""

from __future__ import annotations

from collections.abc import Callable

from ..language.functions import FUNCTIONS
from ..language.syntax import Call, Expression, Name, Number, Operator, names, text
from .system import ONE, ZERO, add, divide, multiply, negative, subtract

IN_PIECES = frozenset({"sign", "floor", "ceil", "int", "timestep", "rand", "randn"})


class NotDifferentiableError(Exception):
    """The part of an expression whose derivative is not known."""


def derivative(expression: Expression, name: str) -> Expression:
    """The derivative of an expression by a name.

    Raises
    ------
    NotDifferentiableError
        With the text of the part whose derivative is not known.
    """
    if name not in names(expression):
        return ZERO
    if isinstance(expression, Name):
        return ONE
    if isinstance(expression, Operator):
        return _operator(expression, name)
    assert isinstance(expression, Call)
    return _call(expression, name)


def _operator(expression: Operator, name: str) -> Expression:
    symbol, operands = expression.symbol, expression.operands
    if symbol in ("not", "and", "or", "==", "!=", "<", "<=", ">", ">=", "//"):
        return ZERO
    slopes = [derivative(operand, name) for operand in operands]
    if len(operands) == 1:
        return negative(slopes[0])
    (left, right), (dleft, dright) = operands, slopes
    if symbol == "+":
        return add(dleft, dright)
    if symbol == "-":
        return subtract(dleft, dright)
    if symbol == "*":
        return add(multiply(dleft, right), multiply(left, dright))
    if symbol == "/":
        return divide(subtract(dleft, multiply(expression, dright)), right)
    if symbol == "%":
        return subtract(dleft, multiply(Operator("//", (left, right)), dright))
    return _power(left, right, dleft, dright)


def _power(base: Expression, exponent: Expression, dbase: Expression, dexponent: Expression) -> Expression:
    lower = subtract(exponent, ONE)
    if isinstance(exponent, Number) and not isinstance(exponent.value, bool):
        lower = Number(exponent.value - 1)
    reduced = ONE if lower == ZERO else base if lower == ONE else Operator("**", (base, lower))
    by_base = multiply(multiply(exponent, reduced), dbase)
    if dexponent == ZERO:
        return by_base
    return add(by_base, multiply(multiply(Operator("**", (base, exponent)), Call("log", (base,))), dexponent))


def _call(expression: Call, name: str) -> Expression:
    function, arguments = expression.function, expression.arguments
    if function in IN_PIECES:
        return ZERO
    if function in FUNCTIONS and (formula := FUNCTIONS[function].formula):
        return derivative(formula.written(*arguments), name)
    slopes = [derivative(argument, name) for argument in arguments]
    if function == "clip":
        return _clip(arguments, slopes)
    if function not in _OUTER:
        raise NotDifferentiableError(text(expression))
    return multiply(_OUTER[function](arguments[0]), slopes[0])


def _clip(arguments: tuple[Expression, ...], slopes: list[Expression]) -> Expression:
    value, low, high = arguments
    below, above = Operator("<", (value, low)), Operator(">", (value, high))
    inside = Operator("not", (Operator("or", (below, above)),))
    parts = [multiply(_truth(where), slope) for where, slope in zip((inside, below, above), slopes, strict=True)]
    return add(add(parts[0], parts[1]), parts[2])


def _truth(condition: Expression) -> Expression:
    return Call("int", (condition,))


def _square(x: Expression) -> Expression:
    return Operator("**", (x, Number(2)))


def _exprel(x: Expression) -> Expression:
    """(exp(x) - exprel(x))/x, and near zero the beginning of its series."""
    near = Operator("<", (Call("abs", (x,)), Number(1e-3)))
    series = add(Number(0.5), multiply(x, add(divide(ONE, Number(3)), divide(x, Number(8)))))
    return Call("select", (near, series, divide(subtract(Call("exp", (x,)), Call("exprel", (x,))), x)))


# The derivatives of the functions of one argument.
_OUTER: dict[str, Callable[[Expression], Expression]] = {
    "abs": lambda x: Call("sign", (x,)),
    "sqrt": lambda x: divide(Number(0.5), Call("sqrt", (x,))),
    "exp": lambda x: Call("exp", (x,)),
    "expm1": lambda x: Call("exp", (x,)),
    "log": lambda x: divide(ONE, x),
    "log10": lambda x: divide(Number(0.4342944819032518), x),
    "log1p": lambda x: divide(ONE, add(ONE, x)),
    "exprel": _exprel,
    "sin": lambda x: Call("cos", (x,)),
    "cos": lambda x: negative(Call("sin", (x,))),
    "tan": lambda x: add(ONE, _square(Call("tan", (x,)))),
    "sinh": lambda x: Call("cosh", (x,)),
    "cosh": lambda x: Call("sinh", (x,)),
    "tanh": lambda x: subtract(ONE, _square(Call("tanh", (x,)))),
    "arcsin": lambda x: divide(ONE, Call("sqrt", (subtract(ONE, _square(x)),))),
    "arccos": lambda x: divide(Number(-1), Call("sqrt", (subtract(ONE, _square(x)),))),
    "arctan": lambda x: divide(ONE, add(ONE, _square(x))),
}
