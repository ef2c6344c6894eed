"""What each operation of `plan.operations` is in numpy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ...language.functions import ELEMENTARY

Value = npt.NDArray[np.generic]


def _exprel(x: Value) -> Value:
    numbers = np.asarray(x, np.float64)
    small = np.abs(numbers) < 1e-16
    return np.where(small, 1.0, np.expm1(numbers) / np.where(small | (numbers == np.inf), 1.0, numbers))


def _bernoulli(x: Value) -> Value:
    numbers = np.asarray(x, np.float64)
    small = np.abs(numbers) < 1e-16
    finite = np.where(small | (numbers == np.inf), 1.0, numbers)
    return np.where(small, 1.0, np.where(numbers == np.inf, 0.0, finite / np.expm1(finite)))


def real(x: Value) -> npt.NDArray[np.float64]:
    return np.asarray(x, np.float64)


def _fourth_power(x: Value) -> Value:
    square = real(x) * real(x)
    return square * square


def _integer(x: Value) -> Value:
    """Truncated; what has no integer, such as infinity, is the largest that can still be added to others."""
    return np.asarray(np.fmax(np.fmin(np.trunc(x), 2.0**62), -(2.0**62))).astype(np.int64)


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.true_divide,
    "floor_divide": np.floor_divide,
    "modulo": np.mod,
    "power": lambda x, y: np.power(real(x), real(y)),
    "square": lambda x: real(x) * real(x),
    "cube": lambda x: real(x) * real(x) * real(x),
    "fourth_power": _fourth_power,
    "negative": np.negative,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "select": np.where,
    "real": real,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": lambda x: np.sign(real(x)),
    "floor": lambda x: _integer(np.floor(x)),
    "ceil": lambda x: _integer(np.ceil(x)),
    "int": _integer,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "timestep": lambda t, dt: _integer(np.floor(np.asarray(t) / dt + 1e-3)),
    "exprel": _exprel,
    "bernoulli": _bernoulli,
    **{name: getattr(np, name) for name in ELEMENTARY if name != "exprel"},
}
