"""Random numbers from counters, for whole arrays; the same bits as ``jupyspike_random.h``.

The compiled bridge draws them when it is there; the numpy versions below say what they are and serve where it is not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .loading import bridge

Real = npt.NDArray[np.float64]
Words = tuple[npt.NDArray[np.uint32], ...]
Counter = npt.ArrayLike

_MASK = np.uint64(0xFFFFFFFF)
_ULP = 1.0 / 9007199254740992.0


def uniform(seed: int, stream: int, element: Counter, step: Counter, number: int) -> Real:
    """Numbers in [0, 1), one for each pair of ``element`` and ``step`` (broadcast against each other).

    Parameters
    ----------
    seed : int
        64 bits.
    stream : int
        32 bits that stand for the object that draws.
    element, step : array of int
        Which element draws, and when.
    number : int
        Tells several draws of an element in one step apart, below 65536.
    """
    elements, steps = np.broadcast_arrays(np.asarray(element, np.uint32), np.asarray(step, np.uint64))
    if bridge is not None:
        return np.asarray(bridge.uniform(seed, stream, elements, steps, number))
    a, b, _, _ = philox(seed, stream, elements, steps, number)
    return _unit(a, b)


def normal(seed: int, stream: int, element: Counter, step: Counter, number: int) -> Real:
    """Standard normal numbers; see `uniform`."""
    elements, steps = np.broadcast_arrays(np.asarray(element, np.uint32), np.asarray(step, np.uint64))
    if bridge is not None:
        return np.asarray(bridge.normal(seed, stream, elements, steps, number))
    a, b, c, d = philox(seed, stream, elements, steps, number)
    radius = np.sqrt(-2.0 * log(_unit(a, b) + _ULP))
    return np.asarray(radius * _cosine_of_turn(_unit(c, d)))


def philox(seed: int, stream: int, element: npt.NDArray[np.uint32], step: npt.NDArray[np.uint64], number: int) -> Words:
    """Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011)."""
    steps = np.asarray(step, np.uint64)
    a = np.asarray(element, np.uint64)
    b = steps & _MASK
    c = (((steps >> np.uint64(32)) << np.uint64(16)) & _MASK) | np.uint64(number)
    d = np.broadcast_to(np.uint64(stream), a.shape)
    k, m = seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF
    for _ in range(10):
        p, q = a * np.uint64(0xD2511F53), c * np.uint64(0xCD9E8D57)
        a = (q >> np.uint64(32)) ^ b ^ np.uint64(k)
        c = (p >> np.uint64(32)) ^ d ^ np.uint64(m)
        b, d = q & _MASK, p & _MASK
        k, m = (k + 0x9E3779B9) & 0xFFFFFFFF, (m + 0xBB67AE85) & 0xFFFFFFFF
    return tuple(word.astype(np.uint32) for word in (a, b, c, d))


def _unit(high: npt.NDArray[np.uint32], low: npt.NDArray[np.uint32]) -> Real:
    return np.asarray(((high >> np.uint32(5)) * 67108864.0 + (low >> np.uint32(6))) * _ULP)


def log(x: npt.ArrayLike) -> Real:
    """Natural logarithm of normal numbers in (0, 1], bit for bit as in the header."""
    bits = np.asarray(x, np.float64).view(np.uint64)
    exponent = (bits >> np.uint64(52)).astype(np.float64) - 1023.0
    m = ((bits & np.uint64(0x000FFFFFFFFFFFFF)) | np.uint64(0x3FF0000000000000)).view(np.float64)
    large = m > 1.4142135623730951
    m = np.where(large, m * 0.5, m)
    exponent = np.where(large, exponent + 1.0, exponent)
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    p: npt.NDArray[np.float64] = np.full_like(s, 1.0 / 21.0)
    for odd in (19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0):
        p = p * s + 1.0 / odd
    return np.asarray(exponent * 0.6931471805599453 + 2.0 * f * p)


def _cosine_of_turn(u: Real) -> Real:
    quarter = np.floor(4.0 * u + 0.5)
    x = (4.0 * u - quarter) * 1.5707963267948966
    s = x * x
    c = np.full_like(s, 1.0 / 20922789888000.0)
    for term in (
        -1.0 / 87178291200.0,
        1.0 / 479001600.0,
        -1.0 / 3628800.0,
        1.0 / 40320.0,
        -1.0 / 720.0,
        1.0 / 24.0,
        -0.5,
        1.0,
    ):
        c = c * s + term
    n = np.full_like(s, 1.0 / 355687428096000.0)
    for term in (
        -1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0, 1.0 / 362880.0, -1.0 / 5040.0, 1.0 / 120.0,
        -1.0 / 6.0, 1.0,
    ):  # fmt: skip
        n = n * s + term
    n = n * x
    q = quarter.astype(np.int32) & 3
    value = np.where(q & 1, n, c)
    return np.where((q == 1) | (q == 2), -value, value)
