"""The numpy functions of the star import that concern units.

Quantities tell numpy what to do with them, so most of these are numpy's own. Defined here are those that numpy does not
ask quantities about.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import (
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctanh,
    cos,
    cosh,
    diagonal,
    dot,
    exp,
    expm1,
    linspace,
    log,
    log1p,
    log10,
    ones_like,
    ptp,
    ravel,
    sin,
    sinh,
    tan,
    tanh,
    trace,
    where,
)

from ..diagnostics import DimensionMismatchError
from .arrays import bare, quantity
from .dimensions import DIMENSIONLESS
from .ufuncs import agreed, needs_no_unit


def arange(*limits: Any, dtype: Any = None, **named: Any) -> Any:
    """Evenly spaced values, with the unit of the limits and of the step.

    Parameters
    ----------
    [start,] stop[, step] : number or Quantity
        Of one unit; a start of 0 needs none. With units there is no usual step: it must be given.
    dtype : numpy dtype, optional
        Of plain values.

    Raises
    ------
    DimensionMismatchError
        If the units of start, stop and step differ, or the step of values with units is missing.

    Examples
    --------
    >>> arange(0 * ms, 3 * ms, 1 * ms)
    array([0., 1., 2.]) * msecond
    """
    given = [bare(x) for x in (*limits, *named.values()) if x is not None]
    dimension = agreed("arange", [d for _, d in given], [v for v, _ in given])
    if dimension is not DIMENSIONLESS and len(limits) < 3 and named.get("step") is None:
        raise DimensionMismatchError(
            f"arange() of values in {dimension} needs a step with that unit.",
            kind="unit",
            hint="give all three: arange(0*ms, 10*ms, 0.1*ms)",
        )
    plain = {name: bare(x)[0] for name, x in named.items()}
    return quantity(np.arange(*(bare(x)[0] for x in limits), dtype=dtype, **plain), dimension)


def zeros_like(a: Any, *args: Any, **kwargs: Any) -> Any:
    """Plain zeros in the shape of an array; to keep its unit, use ``np.zeros_like``.

    Examples
    --------
    >>> zeros_like([10, 20] * mV)
    array([0., 0.])
    """
    return np.zeros_like(np.asarray(a), *args, **kwargs)


def full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """An array of one value, with its unit.

    Examples
    --------
    >>> full(2, -70 * mV)
    array([-70., -70.]) * mvolt
    """
    value, dimension = bare(fill_value)
    return quantity(np.full(shape, value, dtype=dtype), dimension)


def exprel(x: Any) -> Any:
    """``(exp(x) - 1) / x``, accurate near zero and 1 at zero.

    Raises
    ------
    DimensionMismatchError
        If `x` has a unit.

    Examples
    --------
    >>> float(exprel(0.0)), float(exprel(1e-12))
    (1.0, 1.0000000000005)
    """
    values, dimension = bare(x)
    if dimension is not DIMENSIONLESS:
        raise needs_no_unit("exprel", dimension, values)
    numbers = np.asarray(values, dtype=np.float64)
    special = (numbers == 0) | np.isposinf(numbers)
    divisor = np.where(special, 1.0, numbers)
    with np.errstate(over="ignore"):
        return np.where(numbers == 0, 1.0, np.expm1(numbers) / divisor)[()]


__all__ = [
    "arange",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "cos",
    "cosh",
    "diagonal",
    "dot",
    "exp",
    "expm1",
    "exprel",
    "full",
    "linspace",
    "log",
    "log1p",
    "log10",
    "ones_like",
    "ptp",
    "ravel",
    "sin",
    "sinh",
    "tan",
    "tanh",
    "trace",
    "where",
    "zeros_like",
]
