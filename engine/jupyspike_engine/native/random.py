"""Random numbers from counters, for whole arrays; the same bits as ``jupyspike_random.h``.

The compiled bridge draws them when it is there; the numpy versions below say what they are and serve where it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .elementary import cosine_of_turn, deviance, exp, log, log_of_rest, stirling
from .loading import bridge

Real = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = tuple[npt.NDArray[np.uint32], ...]
Counter = npt.ArrayLike

MOST = 2.0**62  # the largest count
_MASK = np.uint64(0xFFFFFFFF)
_ULP = 1.0 / 9007199254740992.0
_NEXT_KEY = 0xD1342543DE82EF95


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
    draws, _ = _draws(seed, stream, element, step, number)
    if bridge is not None:
        return np.asarray(bridge.uniform(*draws))
    return draws.uniform()


def normal(seed: int, stream: int, element: Counter, step: Counter, number: int) -> Real:
    """Standard normal numbers (Box and Muller 1958); see `uniform`."""
    draws, _ = _draws(seed, stream, element, step, number)
    if bridge is not None:
        return np.asarray(bridge.normal(*draws))
    u, v = draws.pairs()
    return np.asarray(np.sqrt(-2.0 * log(u + _ULP)) * cosine_of_turn(v))


def poisson(seed: int, stream: int, element: Counter, step: Counter, number: int, mean: npt.ArrayLike) -> Integers:
    """Numbers of Poisson distributions, each with its own mean (broadcast as well); see `uniform`.

    0 where the mean is not positive or not a number; at most 2**62.
    """
    draws, (means,) = _draws(seed, stream, element, step, number, mean)
    if bridge is not None:
        return np.asarray(bridge.poisson(*draws, means))
    result = np.where(means >= MOST, MOST, 0.0)
    low, high = (means > 0.0) & (means < 10.0), (means >= 10.0) & (means < MOST)
    small, large = means[low], means[high]
    result[low] = _inverted(draws.at(low).uniform(), exp(-small), np.zeros_like(small), small)
    b = 0.931 + 2.53 * np.sqrt(large)
    a = -0.059 + 0.02483 * b
    hat = _Hat(a, b, large + 0.43, 0.9277 - 3.6224 / (b - 2.0), 1.1239 + 1.1328 / (b - 3.4))
    result[high] = _rejected(
        draws.at(high), hat, np.full_like(large, MOST), lambda k, at: -deviance(k, large[at]) - stirling(k)
    )
    return result.astype(np.int64)


def binomial(
    seed: int, stream: int, element: Counter, step: Counter, number: int, trials: npt.ArrayLike, chance: npt.ArrayLike
) -> Integers:
    """How many of ``trials`` succeed when each does with probability ``chance`` (broadcast as well); see `uniform`.

    0 where one of them is not positive or not a number; trials are rounded down, at most 2**62.
    """
    draws, (trials, chances) = _draws(seed, stream, element, step, number, trials, chance)
    if bridge is not None:
        return np.asarray(bridge.binomial(*draws, trials, chances))
    ns = np.minimum(np.floor(trials), MOST)
    some = (ns > 0.0) & (chances > 0.0)
    result = np.where(some & (chances >= 1.0), ns, 0.0)
    open_ones = some & (chances < 1.0)
    p, n = chances[open_ones], ns[open_ones]
    k = _successes(draws.at(open_ones), n, np.where(p > 0.5, 1.0 - p, p))
    result[open_ones] = np.where(p > 0.5, n - k, k)
    return result.astype(np.int64)


def _successes(draws: _Draws, trials: Real, chances: Real) -> Real:
    """Binomial numbers for probabilities of at most a half."""
    result = np.empty_like(trials)
    low = trials * chances < 10.0
    n, r = trials[low], chances[low]
    odds = r / (1.0 - r)
    counts = _inverted(draws.at(low).uniform(), exp(n * log_of_rest(r)), -odds, (n + 1.0) * odds)
    result[low] = np.minimum(counts, n)
    n, r = trials[~low], chances[~low]
    q = 1.0 - r
    mean, misses, mode = n * r, n * q, np.floor((n + 1.0) * r)
    deviation = np.sqrt(mean * q)
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * r
    hat = _Hat(a, b, mean + 0.5, 0.92 - 4.2 / b, (2.83 + 5.1 / b) * deviation)

    def unlikely(x: Real, at: Any) -> Real:
        rest = n[at] - x
        return deviance(x, mean[at]) + deviance(rest, misses[at]) + stirling(x) + stirling(rest)

    result[~low] = _rejected(draws.at(~low), hat, n, lambda k, at: unlikely(mode[at], at) - unlikely(k, at))
    return result


def _inverted(u: Real, first: Real, a: Real, b: Real) -> Real:
    """The counts whose cumulative probability exceeds u: p(0) = first, p(k) = p(k - 1) (a + b / k) (Panjer 1981)."""
    result = np.zeros_like(u)
    p, total, k = first, first, 0.0
    searching = np.arange(len(u))
    while True:
        further = (u >= total) & (p > 1e-18)
        if not further.any():
            return result
        u, p, total, a, b = (values[further] for values in (u, p, total, a, b))
        searching = searching[further]
        k += 1.0
        p = p * (a + b / k)
        total = total + p
        result[searching] = k


class _Hat(NamedTuple):
    """What covers distributions of counts; see `_rejected`."""

    a: Real
    b: Real
    centre: Real
    squeeze: Real
    scale: Real


def _rejected(
    draws: _Draws, hat: _Hat, most: Real, log_probability: Callable[[Real, npt.NDArray[np.intp]], Real]
) -> Real:
    """Counts by transformed rejection with squeeze; each attempt has a key of its own.

    Hoermann, The transformed rejection method for generating Poisson random variables, and The generation of binomial
    random variates, both 1993.
    """
    result = np.empty_like(most)
    waiting = np.arange(len(most))
    while len(waiting):
        u, v = draws.at(waiting).pairs()
        u, v = u - 0.5, v + _ULP
        a, b, centre, squeeze, scale = (values[waiting] for values in hat)
        s = 0.5 - np.abs(u)
        with np.errstate(divide="ignore"):
            k = result[waiting] = np.floor((2.0 * a / s + b) * u + centre)
        accepted = (s >= 0.07) & (v <= squeeze)
        doubtful = np.flatnonzero(~accepted & (k >= 0.0) & (k <= most[waiting]))
        a, b, s = a[doubtful], b[doubtful], s[doubtful]
        below = log(v[doubtful] * scale[doubtful] / (a / (s * s) + b))
        accepted[doubtful] = below <= log_probability(k[doubtful], waiting[doubtful])
        waiting, draws = waiting[~accepted], draws._replace(seed=(draws.seed + _NEXT_KEY) & 0xFFFFFFFFFFFFFFFF)
    return result


class _Draws(NamedTuple):
    """Which numbers are drawn: arrays of elements and steps of one shape, and what is common to all."""

    seed: int
    stream: int
    elements: npt.NDArray[np.uint32]
    steps: npt.NDArray[np.uint64]
    number: int

    def at(self, which: npt.NDArray[np.generic]) -> _Draws:
        return self._replace(elements=self.elements[which], steps=self.steps[which])

    def uniform(self) -> Real:
        a, b, _, _ = philox(*self)
        return unit(a, b)

    def pairs(self) -> tuple[Real, Real]:
        """Two independent uniform numbers for each."""
        a, b, c, d = philox(*self)
        return unit(a, b), unit(c, d)


def _draws(
    seed: int, stream: int, element: Counter, step: Counter, number: int, *values: npt.ArrayLike
) -> tuple[_Draws, list[Real]]:
    """What to draw, and the values that belong to each draw."""
    elements, steps, *reals = np.broadcast_arrays(
        np.asarray(element, np.uint32), np.asarray(step, np.uint64), *(np.asarray(v, np.float64) for v in values)
    )
    return _Draws(seed, stream, elements, steps, number), reals


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


def unit(high: npt.NDArray[np.uint32], low: npt.NDArray[np.uint32]) -> Real:
    return np.asarray(((high >> np.uint32(5)) * 67108864.0 + (low >> np.uint32(6))) * _ULP)


DISTRIBUTIONS: dict[str, Callable[..., npt.NDArray[np.generic]]] = {
    "uniform": uniform,
    "normal": normal,
    "poisson": poisson,
    "binomial": binomial,
}
