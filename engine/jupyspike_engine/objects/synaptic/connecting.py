"""Making connections: which neurons of the other side each neuron of one side, a row, is joined with.

All forms of ``connect`` are one loop: each row runs through a range of numbers (all of it, each with a probability, or
some chosen at random); a number gives a neuron of the other side; the pair may be asked for a condition, thinned and
repeated. The loop runs over blocks of rows that fit into the processor's cache. A random choice is made for each row
from counters of its own, so it does not depend on other rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ...native import random
from ...native.choosing import Counters, Counts, Indices, Real, bernoulli, sampled
from ...simulation.room import LARGE, expect_room
from ..evaluation import OUTSIDE_RUN

Integers = npt.NDArray[np.integer]
Truths = npt.NDArray[np.bool_]
Some = TypeVar("Some", bound=np.generic)

BLOCK = 1 << 16  # pairs looked at together
RESERVED = 1 << 26  # places for connections that are reserved without knowing that they are needed
# What is drawn for a row; the draws of expressions have lower numbers.
EACH, SOME, THINNING = (OUTSIDE_RUN | role << 8 for role in (0x70, 0x71, 0x72))


@dataclass(frozen=True)
class Candidates:
    """Pairs that may be joined: a list by row, or a grid of rows and columns whose arrays broadcast to its shape.

    Parameters
    ----------
    first : int
        The first row of the block.
    counts : array of int
        How many candidates each row of the block has.
    row : array of int
        The neuron of the side that is known.
    place : array of int
        The place in the range of the row; with the row it is the counter of what is drawn for a pair.
    number : array of int
        What stands at this place.
    other : array of int
        The neuron of the other side.
    """

    first: int
    counts: Counts
    row: Integers
    place: Integers
    number: Integers
    other: Integers

    @property
    def shape(self) -> tuple[int, ...]:
        return np.broadcast_shapes(self.row.shape, self.place.shape)

    def whole(self, values: npt.NDArray[Some]) -> npt.NDArray[Some]:
        """Values for all candidates, one after the other."""
        return np.broadcast_to(values, self.shape).reshape(-1)

    def others(self, mask: Truths) -> tuple[Counts, Integers]:
        """How many each row has of those for which a mask holds, and their neurons of the other side."""
        if len(self.shape) > 1:
            kept = self.kept(mask)
            return kept.counts, kept.other
        dropped = np.flatnonzero(~mask)
        counts = self.counts - np.bincount(self.row[dropped] - self.first, minlength=len(self.counts))
        return counts, self.other[mask] if len(dropped) else self.other

    def kept(self, mask: Truths) -> Candidates:
        """A list of those for which a mask holds."""
        index = np.flatnonzero(self.whole(mask))
        arrays = {id(array): array for array in (self.place, self.number, self.other)}
        if len(self.shape) == 1:
            row = self.row[index]
            counts = np.bincount(row - self.first, minlength=len(self.counts))
            taken = {key: array[index] for key, array in arrays.items()}
        else:
            counts = np.count_nonzero(np.broadcast_to(mask, self.shape), axis=1)
            line = np.repeat(np.arange(len(counts)), counts)
            column = index - line * self.shape[1]
            row = self.row[line, 0]
            taken = {key: of_grid(array, index, line, column) for key, array in arrays.items()}
        place, number, other = taken[id(self.place)], taken[id(self.number)], taken[id(self.other)]
        return Candidates(self.first, counts, row, place, number, other)


def of_grid(values: Integers, index: Counts, line: Counts, column: Counts) -> Integers:
    """Chosen values of a grid, or of one row or column that stands for all."""
    rows, columns = values.shape
    if rows > 1 and columns > 1:
        return np.asarray(values.reshape(-1)[index])
    if columns > 1:
        return np.asarray(values[0][column])
    return np.asarray(values[:, 0][line]) if rows > 1 else np.broadcast_to(values[0, 0], index.shape)


@dataclass(frozen=True)
class Numbers:
    """What rows run through: ``length`` numbers from ``start`` on, each with probability ``p``, or ``size`` of them."""

    start: Counts
    step: Counts
    length: Counts
    p: Real | None = None
    size: Counts | None = None

    @staticmethod
    def below(length: int, rows: int, p: float = 1.0) -> Numbers:
        """Every row runs through 0, 1, ... length - 1, each with a probability."""
        zero, one, all_ = (np.broadcast_to(np.int64(k), rows) for k in (0, 1, length))
        return Numbers(zero, one, all_, None if p >= 1 else np.broadcast_to(np.float64(p), rows))

    @property
    def expected(self) -> Real:
        """How many numbers each row gets."""
        if self.size is not None:
            return self.size.astype(np.float64)
        return np.asarray(self.length * (1.0 if self.p is None else self.p))

    def candidates(self, counters: Counters) -> Iterator[Candidates]:
        """The candidates in blocks of rows; ``other`` is the number."""
        chosen = self.p is not None or self.size is not None
        alike = not chosen and all(bool((a == a[:1]).all()) for a in (self.start, self.step, self.length))
        reached = np.cumsum(self.expected + 1.0)
        first = 0
        while first < len(reached):
            limit = (reached[first - 1] if first else 0.0) + BLOCK
            last = max(first + 1, int(np.searchsorted(reached, limit)))
            yield self._grid(first, last) if alike else self._list(first, last, counters)
            first = last

    def _grid(self, first: int, last: int) -> Candidates:
        row = np.arange(first, last, dtype=np.int32)[:, None]
        place = np.arange(self.length[0])[None, :]
        number = self.start[0] + self.step[0] * place
        return Candidates(first, self.length[first:last], row, place, number, number)

    def _list(self, first: int, last: int, counters: Counters) -> Candidates:
        part = slice(first, last)
        counts = self.length[part] if self.size is None else self.size[part]
        if self.p is not None:
            place, counts = bernoulli(counters, EACH, first, self.length[part], self.p[part])
        elif self.size is not None:
            place = sampled(counters, SOME, first, self.length[part], counts)
        else:
            place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        row = np.repeat(np.arange(first, last, dtype=np.int32), counts)
        simple = not self.start[part].any() and bool((self.step[part] == 1).all())
        number = place if simple else self.start[row] + self.step[row] * place
        return Candidates(first, counts, row, place, number, number)


@dataclass(frozen=True)
class Connecting:
    """What is asked of the numbers that rows run through.

    Parameters
    ----------
    size : int
        Neurons of the other side.
    outside : callable, optional
        Called with a row and the neuron of the other side that does not exist; without it, such pairs are left out.
    value : callable, optional
        The neuron of the other side for candidates; their number without it.
    condition : callable, optional
        Which pairs are joined.
    of_ends : bool
        Whether the condition looks at neurons of the other side, which must exist then.
    chance : float or callable
        With which probability a pair is joined.
    copies : int or callable
        How many connections a pair gets.
    """

    size: int
    outside: Callable[[int, int], None] | None = None
    value: Callable[[Candidates], Integers] | None = None
    condition: Callable[[Candidates], Truths] | None = None
    of_ends: bool = False
    chance: float | Callable[[Candidates], Real] = 1.0
    copies: int | Callable[[Candidates], Integers] = 1

    def run(self, numbers: Numbers, counters: Counters, most: int) -> tuple[Counts, Indices]:
        """How many connections each row has, and their other ends row by row; stops behind ``most``."""
        np.empty(64 * BLOCK, np.int8)  # freed at once: from then on glibc keeps the pages of arrays as large as blocks
        counts = np.zeros(len(numbers.length), np.int64)
        others, taken = np.empty(self._room(numbers), np.int32), 0
        for block in numbers.candidates(counters):
            made, found = self._joined(block, counters)
            counts[block.first : block.first + len(made)] = made
            end = taken + len(found)
            if end > len(others):
                expect_room(6 * end, f"more than {end:,} synapses", least=LARGE)
                others.resize(end + end // 2, refcheck=False)
            others[taken:end] = found
            taken = end
            if taken > most:
                break
        others.resize(taken, refcheck=False)
        return counts, others

    def _room(self, numbers: Numbers) -> int:
        expected = float(numbers.expected.sum())
        return min(int(expected + 6 * expected**0.5), RESERVED)

    def _joined(self, block: Candidates, counters: Counters) -> tuple[Counts, Integers]:
        """How many others each row of a block is joined with, and they."""
        if self.value is not None:
            block = replace(block, other=self.value(block))
        mask = self._mask(block)
        if mask is not None and self.chance == 1.0 and self.copies == 1:
            return block.others(np.broadcast_to(mask, block.shape))
        if mask is not None:
            block = block.kept(mask)
        if callable(self.chance) or self.chance < 1:
            chance = self.chance(block) if callable(self.chance) else self.chance
            steps = block.place.astype(np.uint64) | np.uint64(counters.step)
            drawn = random.uniform(counters.seed, counters.stream, block.row, steps, THINNING)
            block = block.kept(drawn < chance)
        others = block.whole(block.other)
        if not callable(self.copies):
            return block.counts * self.copies, others if self.copies == 1 else np.repeat(others, self.copies)
        copies = block.whole(self.copies(block))
        rows = block.whole(block.row) - block.first
        counts = np.bincount(rows, weights=copies, minlength=len(block.counts)).astype(np.int64)
        return counts, np.repeat(others, copies)

    def _mask(self, block: Candidates) -> Truths | None:
        """Which candidates are neurons of the other side and meet the condition; None for all of them."""
        outside = (block.other < 0) | (block.other >= self.size)
        if not outside.any():
            return None if self.condition is None else self.condition(block)
        holds: Truths = np.array(True)
        if self.condition is not None and not (self.of_ends and self.outside is not None):
            holds = self.condition(replace(block, other=np.clip(block.other, 0, self.size - 1)))
        if self.outside is not None and (bad := block.kept(holds & outside)).row.size:
            self.outside(int(bad.row[0]), int(bad.other[0]))
        return holds & ~outside
