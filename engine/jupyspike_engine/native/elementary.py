"""Elementary functions made of + - * / and sqrt in a fixed order, so that they are the same bits as in the header.

Those of the mathematical libraries differ in their last bits from one machine to another, and from numpy to C++.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]

# What log(k!) has beyond k log(k) - k, for k from 0 to 15.
_STIRLING = np.array([
    0.0, 1.0, 1.3068528194400546, 1.4959226032237258, 1.6328763858683832,
    1.7403021806115442, 1.828694396641771, 1.9037903176782212, 1.9690705693065629, 2.0268062840554952,
    2.0785616431350586, 2.12545984509181, 2.168334698205882, 2.207822206123445, 2.244418568125061,
    2.2785183673077407,
])  # fmt: skip


def _polynomial(s: Real, *coefficients: float) -> Real:
    """By Horner's rule, the coefficient of the highest power first."""
    p: Real = np.full_like(s, coefficients[0])
    for coefficient in coefficients[1:]:
        p = p * s + coefficient
    return p


def _log_of_ratio(f: Real) -> Real:
    """log((1 + f) / (1 - f)) = 2 artanh(f) for abs(f) below 0.172."""
    return 2.0 * f * _polynomial(f * f, *(1.0 / odd for odd in range(21, 0, -2)))


def log(x: npt.ArrayLike) -> Real:
    """Natural logarithm of positive normal numbers; of zero a finite number."""
    bits = np.asarray(x, np.float64).view(np.uint64)
    exponent = (bits >> np.uint64(52)).astype(np.float64) - 1023.0
    m = ((bits & np.uint64(0x000FFFFFFFFFFFFF)) | np.uint64(0x3FF0000000000000)).view(np.float64)
    large = m > 1.4142135623730951
    m = np.where(large, m * 0.5, m)
    exponent = np.where(large, exponent + 1.0, exponent)
    return np.asarray(exponent * 0.6931471805599453 + _log_of_ratio((m - 1.0) / (m + 1.0)))


def log_of_rest(x: Real) -> Real:
    """log(1 - x) for x in [0, 1/2]."""
    return np.where(x < 0.25, _log_of_ratio(-x / (2.0 - x)), log(1.0 - x))


def exp(x: npt.ArrayLike) -> Real:
    """exp(x) for x in [-700, 0], by the Taylor polynomial of what remains after powers of two."""
    x = np.asarray(x, np.float64)
    power = np.floor(x * 1.4426950408889634 + 0.5)
    r = (x - power * 0.693145751953125) - power * 1.4286068203094173e-06  # two parts of log(2)
    e = _polynomial(
        r, 1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0,
        1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0,
    )  # fmt: skip
    scale = ((1023 + power.astype(np.int64)) << 52).view(np.float64)
    return np.asarray(e * scale)


def cosine_of_turn(u: Real) -> Real:
    """cos(2 pi u) for u in [0, 1), by Taylor polynomials within an eighth of a turn."""
    quarter = np.floor(4.0 * u + 0.5)
    x = (4.0 * u - quarter) * 1.5707963267948966
    s = x * x
    c = _polynomial(
        s, 1.0 / 20922789888000.0, -1.0 / 87178291200.0, 1.0 / 479001600.0, -1.0 / 3628800.0, 1.0 / 40320.0,
        -1.0 / 720.0, 1.0 / 24.0, -0.5, 1.0,
    )  # fmt: skip
    n = x * _polynomial(
        s, 1.0 / 355687428096000.0, -1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0, 1.0 / 362880.0,
        -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0,
    )  # fmt: skip
    q = quarter.astype(np.int32) & 3
    value = np.where(q & 1, n, c)
    return np.where((q == 1) | (q == 2), -value, value)


def stirling(k: npt.ArrayLike) -> Real:
    """What log(k!) has beyond k log(k) - k, for whole numbers k: a table, then the series of Stirling."""
    k = np.asarray(k, np.float64)
    large = np.maximum(k, 16.0)
    c = _polynomial(
        1.0 / (large * large), -691.0 / 360360.0, 1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0
    )
    series = 0.5 * log(6.283185307179586 * large) + c / large
    return np.asarray(np.where(k < 16.0, _STIRLING[np.minimum(k, 15.0).astype(np.intp)], series))


def deviance(x: npt.ArrayLike, mean: npt.ArrayLike) -> Real:
    """x log(x / mean) + mean - x: without cancellation, so that counts of any size have an accurate probability.

    Loader, Fast and accurate computation of binomial probabilities, 2000.
    """
    x, mean = np.asarray(x, np.float64), np.asarray(mean, np.float64)
    d = x - mean
    v = d / (x + mean)
    s = v * v
    near = d * v + 2.0 * x * v * (_polynomial(s, *(1.0 / odd for odd in range(17, 1, -2))) * s)
    return np.asarray(np.where(np.abs(v) < 0.1, near, x * log(x / mean) + mean - x))
