"""Derivatives of expressions, against differences of their values."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jupyspike_engine.language.expressions import expression
from jupyspike_engine.language.syntax import Call, Expression, Name, Number
from jupyspike_engine.numerics.derivative import NotDifferentiableError, derivative
from jupyspike_engine.plan.operations import SYMBOLS
from jupyspike_engine.targets.numpy.functions import FUNCTIONS


def value(tree: Expression, **names: float) -> float:
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return names[tree.id]
    parts = tree.arguments if isinstance(tree, Call) else tree.operands
    operation = tree.function if isinstance(tree, Call) else SYMBOLS.get(tree.symbol, tree.symbol)
    if len(parts) == 1 and operation in ("subtract", "not"):
        operation = {"subtract": "negative", "not": "not"}[operation]
    with np.errstate(all="ignore"):
        return FUNCTIONS[operation](*(np.asarray(value(part, **names)) for part in parts))


def difference(tree, x, y, h=1e-6):
    return (value(tree, x=x + h, y=y) - value(tree, x=x - h, y=y)) / (2 * h)


SMOOTH = [
    "x + y", "x - y", "-x", "x*y", "x/y", "y/x", "x**2", "x**3*y", "x**-1", "x**0.5", "y**x", "x**y", "x**x",
    "exp(x)", "log(x)", "log10(x)", "expm1(x)", "log1p(x)", "exprel(x)", "exprel(x/10000)", "sqrt(x)", "abs(x)",
    "abs(-x)", "sin(x)", "cos(x)", "tan(x/3)", "sinh(x)", "cosh(x)", "tanh(x)", "arcsin(x/4)", "arccos(x/4)",
    "arctan(x)", "sin(x*y)**2/(1 + exp(-x))", "clip(x, 0, 10)", "clip(x, 5, 10)", "clip(9, 0, x)",
    "clip(-x, x - 100, 1)", "clip(-x*40, -x, 1)", "x*int(y > 0)", "x % 100 + 8 % (x + 4.5)", "7",
]  # fmt: skip


@pytest.mark.parametrize("text", SMOOTH)
@given(x=st.floats(0.3, 3), y=st.floats(0.3, 3))
def test_it_is_the_slope(text, x, y):
    tree = expression(text, "test")
    assume(np.isfinite(value(tree, x=x, y=y)))
    slope = value(derivative(tree, "x"), x=x, y=y)
    assert slope == pytest.approx(difference(tree, x, y), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("x", [-2.0, -1e-3, -1e-5, 0.0, 1e-8, 0.9e-3, 1.1e-3, 3.0])
def test_the_slope_of_exprel_everywhere(x):
    """The integral of s exp(s x) over s from 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    s = (nodes + 1) / 2
    expected = np.sum(weights / 2 * s * np.exp(s * x))
    assert value(derivative(expression("exprel(x)", "test"), "x"), x=x) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("text", ["int(x > 1)", "floor(x)", "ceil(x)", "sign(x)", "int(x)", "x // 2", "y**2", "x > 1"])
def test_what_is_constant_in_pieces_has_no_slope(text):
    assert derivative(expression(text, "test"), "x") == Number(0)


def test_an_unknown_function_is_named():
    with pytest.raises(NotDifferentiableError, match=r"mystery\(2\*x\)"):
        derivative(expression("1 + mystery(2*x)", "test"), "x")
    assert derivative(expression("1 + mystery(2*y)", "test"), "x") == Number(0)
