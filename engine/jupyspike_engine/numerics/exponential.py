"""exp and expm1 of arrays in the arithmetic of ``native/jupyspike_math.h``: the same bits as in C++."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_ROUNDING = 6755399441055744.0  # 1.5 * 2**52: added to a number below 2**51 it leaves the nearest whole number
# (exp(r) - 1 - r) / r**2 for r within log(2) / 2, interpolated at Chebyshev's points; pairs, the lowest powers first.
_COEFFICIENTS = (
    (0.5, 0.16666666666666669), (0.04166666666662413, 0.008333333333330062),
    (0.0013888888917213717, 0.00019841269863053618), (2.4801521295954376e-05, 2.7557268459997064e-06),
    (2.7620088445409746e-07, 2.510038549551032e-08),
)  # fmt: skip


def exponential(x: npt.ArrayLike) -> Array:
    """exp(x), within 1.2 units of the last place; 0 below -707."""
    rest, half = _reduced(x)
    with np.errstate(over="ignore"):
        return np.asarray(np.where(np.asarray(x) < -707.0, 0.0, (half + half * rest) * 2.0))


def expm1(x: npt.ArrayLike) -> Array:
    """exp(x) - 1, within 2 units of the last place."""
    rest, half = _reduced(x)
    with np.errstate(over="ignore"):
        return np.asarray((half * rest + (half - 0.5)) * 2.0)


def _reduced(x: npt.ArrayLike) -> tuple[Array, Array]:
    """x = k log(2) + r: exp(r) - 1, and 2**(k - 1)."""
    x = np.asarray(x, np.float64)
    x = np.where(x < -707.0, -707.0, x)
    x = np.where(x > 710.0, 710.0, x)  # exp is infinite above
    rounded = x * 1.4426950408889634 + _ROUNDING
    k = rounded - _ROUNDING
    r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10  # log(2) in two parts
    r2 = r * r
    r4 = r2 * r2
    p0, p1, p2, p3, p4 = (even + odd * r for even, odd in _COEFFICIENTS)
    p = (p0 + r2 * p1) + r4 * ((p2 + r2 * p3) + r4 * p4)
    bits = np.ascontiguousarray(rounded).view(np.uint64)
    return r + r2 * p, ((bits + np.uint64(1022)) << np.uint64(52)).view(np.float64).reshape(x.shape)
