"""Choosing at random among numbers, for many rows at once, and sorting by a small key.

The compiled bridge does it when it is there; the numpy versions below say what it means and give the same numbers.
Each row draws from counters of its own, so what is chosen for it does not depend on other rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import random
from .elementary import log
from .loading import bridge

Indices = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Counters:
    """What draws are made from: the seed, the stream of the object, and the step without its lower 32 bits."""

    seed: int
    stream: int
    step: int


def bernoulli(counters: Counters, number: int, first: int, lengths: Counts, p: Real) -> tuple[Indices, Counts]:
    """For each row, each of 0, 1, ... length - 1 with its probability: the chosen ones row by row, and how many.

    The gaps between them are geometric numbers, log(u) / log(1 - p) rounded down (Knuth, The Art of Computer
    Programming 2, section 3.4.1). Rows count from ``first``.
    """
    lengths = np.where(p > 0, lengths, 0)
    p = np.clip(p, 0.0, 1.0)
    with np.errstate(divide="ignore"):
        scales = np.maximum(1.0 / np.log1p(-p), -1e300)
    expected = lengths * p
    if bridge is None:
        return _bernoulli(counters, number, first, lengths, scales, expected.max(initial=0.0))
    draws = (counters.seed, counters.stream, counters.step, number, first, lengths, p, scales)
    counts = np.zeros(len(lengths), np.int64)
    room = int(expected.sum() + 6 * np.sqrt(expected.sum())) + 256
    while True:
        chosen = np.empty(room, np.int32)
        if bridge.bernoulli(*draws, chosen, counts):
            return chosen[: counts.sum()], counts
        room *= 2


def _bernoulli(
    counters: Counters, number: int, first: int, lengths: Counts, scales: Real, expected: float
) -> tuple[Indices, Counts]:
    draws = 2 * int(expected / 2 + 3 * np.sqrt(expected) + 4)
    while True:
        u = _uniform(counters, number, first, len(lengths), draws)
        gaps = np.floor(log(1.0 - u) * scales[:, None])
        places = np.cumsum(np.minimum(gaps, lengths[:, None]).astype(np.int64) + 1, axis=1) - 1
        if (places[:, -1:] >= lengths[:, None]).all():
            inside = places < lengths[:, None]
            return places[inside].astype(np.int32), np.count_nonzero(inside, axis=1).astype(np.int64)
        draws *= 2


def sampled(counters: Counters, number: int, first: int, lengths: Counts, sizes: Counts) -> Indices:
    """For each row, ``size`` of 0, 1, ... length - 1, none twice, all sets alike likely; ascending in each row.

    Robert Floyd's algorithm (Bentley and Floyd, Communications of the ACM 30, 1987).
    """
    if bridge is not None:
        chosen = np.empty(sizes.sum(), np.int32)
        bridge.sampled(counters.seed, counters.stream, counters.step, number, first, lengths, sizes, chosen)
        return chosen
    marks = np.zeros((len(lengths), int(lengths.max(initial=0))), np.bool_)
    u = _uniform(counters, number, first, len(lengths), int(sizes.max(initial=0)))
    for draw in range(u.shape[1]):
        row = np.flatnonzero(draw < sizes)
        last = lengths[row] - sizes[row] + draw
        place = (u[row, draw] * (last + 1)).astype(np.int64)
        marks[row, np.where(marks[row, place], last, place)] = True
    return np.nonzero(marks)[1].astype(np.int32)


def _uniform(counters: Counters, number: int, first: int, rows: int, draws: int) -> Real:
    """Uniform numbers for each row, two from each call of the generator."""
    step = np.arange((draws + 1) // 2, dtype=np.uint64) | np.uint64(counters.step)
    row, steps = np.broadcast_arrays(np.arange(first, first + rows, dtype=np.uint32)[:, None], step[None, :])
    words = random.philox(counters.seed, counters.stream, row, steps, number)
    pairs = np.stack([random.unit(*words[:2]), random.unit(*words[2:])], axis=-1)
    return pairs.reshape(rows, 2 * len(step))[:, :draws]


def sorted_places(keys: Indices, size: int) -> Indices:
    """Where each key stands when all are sorted; equal keys keep their order. Keys are below ``size``."""
    places = np.empty(len(keys), np.int32)
    if bridge is not None:
        bridge.sorted_places(np.ascontiguousarray(keys), np.zeros(size + 1, np.int64), places)
    else:
        places[np.argsort(keys, kind="stable")] = np.arange(len(keys), dtype=np.int32)
    return places


def grouped(keys: Indices, first: int, size: int) -> tuple[Counts, Indices]:
    """Positions by key, equal keys in their order, and where those of each of ``size`` keys from ``first`` on begin."""
    if bridge is not None:
        starts, order = np.zeros(size + 1, np.int64), np.empty(len(keys), np.int32)
        bridge.grouped(np.ascontiguousarray(keys), first, starts, order)
        return starts, order
    order = np.argsort(keys, kind="stable").astype(np.int32)
    return np.append(0, np.cumsum(np.bincount(keys - first, minlength=size))), order
