"""Drawing connections: which pairs of neurons a call of ``connect`` joins.

A random choice is made for each target neuron from counters of its own, so it does not depend on the others.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..native import random
from ..native.elementary import log
from .evaluation import OUTSIDE_RUN

Indices = npt.NDArray[np.int32]
Pairs = tuple[Indices, Indices]
# The condition (or probability) of pairs, given their two ends.
OfPairs = Callable[[Indices, Indices], npt.NDArray[np.generic]]

CHUNK = 1 << 20  # pairs looked at together


def all_pairs(sources: int, targets: int) -> Pairs:
    """Every source with every target, by source."""
    return (
        np.repeat(np.arange(sources, dtype=np.int32), targets),
        np.tile(np.arange(targets, dtype=np.int32), sources),
    )


def pairs_with_condition(sources: int, targets: int, holds: OfPairs) -> Pairs:
    """The pairs for which a condition holds, by source."""
    found: list[Pairs] = []
    rows = max(1, CHUNK // max(1, targets))
    for first in range(0, sources, rows):
        i, j = all_pairs(min(rows, sources - first), targets)
        i += np.int32(first)
        keep = holds(i, j).astype(bool)
        found.append((i[keep], j[keep]))
    return joined(found)


def pairs_with_probability(sources: int, targets: int, p: float, seed: int, stream: int, assignment: int) -> Pairs:
    """Each pair with probability ``p``, by source and then by target.

    For each target the gaps between its sources are geometric numbers, log(u) / log(1 - p) rounded down (Knuth, The Art
    of Computer Programming 2, section 3.4.1).
    """
    if p <= 0 or sources == 0:
        return np.empty(0, np.int32), np.empty(0, np.int32)
    if p >= 1:
        return all_pairs(sources, targets)
    found: list[Pairs] = []
    width = int(sources * p + 6 * np.sqrt(sources * p * (1 - p)) + 8)
    rows = max(1, CHUNK // width)
    for first in range(0, targets, rows):
        open_targets = np.arange(first, min(targets, first + rows), dtype=np.int32)
        reached = np.full(len(open_targets), -1, np.int64)
        draw = 0
        while len(open_targets):
            steps = np.arange(draw, draw + width, dtype=np.uint64) | np.uint64((assignment & 0xFFFF) << 32)
            u = random.uniform(seed, stream, open_targets[:, None], steps[None, :], OUTSIDE_RUN)
            gaps = np.minimum(np.floor(log(1.0 - u) / np.log1p(-p)), sources).astype(np.int64)
            chosen = reached[:, None] + np.cumsum(gaps + 1, axis=1)
            inside = chosen < sources
            column = np.broadcast_to(open_targets[:, None], chosen.shape)
            found.append((chosen[inside].astype(np.int32), column[inside]))
            unfinished = inside[:, -1]
            open_targets, reached = open_targets[unfinished], chosen[unfinished, -1]
            draw += width
    i, j = joined(found)
    order = by_source(i, j, targets)
    return i[order], j[order]


def by_source(i: Indices, j: Indices, targets: int) -> npt.NDArray[np.intp]:
    """The order of pairs by source, then target; pairs that are equal stay in their order."""
    return np.argsort(i.astype(np.int64) * targets + j, kind="stable")


def thinned(pairs: Pairs, p: npt.NDArray[np.float64] | float, seed: int, stream: int, assignment: int) -> Pairs:
    """The pairs that remain when each is kept with its probability."""
    i, j = pairs
    steps = i.astype(np.uint64) | np.uint64((assignment & 0xFFFF) << 32)
    keep = random.uniform(seed, stream, j, steps, OUTSIDE_RUN | 1) < p
    return i[keep], j[keep]


def joined(pairs: list[Pairs]) -> Pairs:
    if not pairs:
        return np.empty(0, np.int32), np.empty(0, np.int32)
    return np.concatenate([i for i, _ in pairs]), np.concatenate([j for _, j in pairs])
