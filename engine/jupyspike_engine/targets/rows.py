"""Synapses by the neuron that drives them: what a pathway gives to a program.

Lists of synapses are made in blocks of whole rows, so that nothing of the length of all synapses is made beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
Side = Literal["pre", "post"]

TOGETHER = 1 << 16  # elements that are looked at together where numpy makes copies on the way
# A block has at most so many synapses and rows, or is a single row: then a row, a step (both less than 2**31) and a
# place within the block fit into 63 bits.
IN_BLOCK, ROWS_IN_BLOCK = 1 << 16, 1 << 15


def starts_from(sources: npt.NDArray[np.integer], size: int) -> npt.NDArray[np.int64]:
    """Where each of ``size`` rows begins, and where the last one ends, when each element is of the row given for it."""
    counts = np.zeros(size + 1, np.int64)
    block = max(size, TOGETHER)  # numpy counts in a wider copy
    for first in range(0, len(sources), block):
        counts[1:] += np.bincount(sources[first : first + block], minlength=size)
    return np.cumsum(counts)


def ascends(numbers: npt.NDArray[np.integer]) -> bool:
    """Whether no number is smaller than the one before."""
    parts = (numbers[first : first + TOGETHER + 1] for first in range(0, len(numbers), TOGETHER))
    return all(bool((part[1:] >= part[:-1]).all()) for part in parts)


def sources_of(starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """The row of each element when row k is ``starts[k]`` to ``starts[k + 1]``."""
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))


def sources_at(starts: npt.NDArray[np.int64], elements: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The rows of some elements; see `sources_of`."""
    if not len(elements) or not (elements[1:] == elements[:-1] + 1).all():
        return (np.searchsorted(starts, elements, side="right") - 1).astype(np.int32)
    first, last = int(elements[0]), int(elements[-1])
    row, end = np.searchsorted(starts, (first, last), side="right")
    borders = starts[row - 1 : end + 1].clip(first, last + 1)
    return np.repeat(np.arange(row - 1, end, dtype=np.int32), borders[1:] - borders[:-1])


def blocks_of_rows(starts: npt.NDArray[np.integer]) -> Iterator[tuple[int, int]]:
    """Ranges of whole rows with few synapses each; row k is ``starts[k]`` to ``starts[k + 1]``."""
    first, rows = 0, len(starts) - 1
    while first < rows:
        fitting = int(np.searchsorted(starts, starts[first] + IN_BLOCK, side="right")) - 1
        last = min(max(first + 1, fitting), first + ROWS_IN_BLOCK, rows)
        yield first, last
        first = last


def sorted_in_rows(starts: npt.NDArray[np.integer], keys: npt.NDArray[np.integer]) -> tuple[Counts, Counts, Counts]:
    """The elements of a block of rows sorted by a key, which is not negative; equal ones keep their order.

    Returns
    -------
    order, row, key : array of int64
        For each place, counted from the first of the block: which element comes there, its row and its key.
    """
    row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    for_key, for_place = int(keys.max(initial=0)).bit_length(), len(keys).bit_length()
    packed = np.sort((row << for_key | keys) << for_place | np.arange(len(keys)))
    return packed & ((1 << for_place) - 1), row, packed >> for_place & ((1 << for_key) - 1)


@dataclass
class Rows:
    """The synapses of a pathway by the neuron that drives them, and after which delay (in steps).

    With one delay, the synapses of neuron ``first + k`` are those from ``starts[k]`` to ``starts[k + 1]``: numbers of
    synapses, or positions in ``synapses`` where that is given. With several, ``starts`` counts segments instead, each
    of one delay; segment ``s`` reaches from ``segments[s]`` to ``segments[s + 1]``.

    Attributes
    ----------
    delays : array of int64
        All delays that occur, the longest first.
    since : int
        Events before this step do not count: what they still do is in ``due``.
    due : DueSynapses
        Synapses that events of an earlier time will reach.
    division : Division, optional
        How the synapses of each row (or segment) are divided among threads.
    """

    starts: Counts
    synapses: Indices | None
    first: int
    delays: Counts
    segments: Indices | None = None
    segment_delays: Indices | None = None
    since: int = 0
    due: DueSynapses = field(default_factory=lambda: DueSynapses.none())
    division: RowDivision | None = None

    @classmethod
    def none(cls, since: int, due: DueSynapses) -> Rows:
        """No synapses beside those that are due."""
        return cls(np.zeros(1, np.int64), None, 0, np.zeros(1, np.int64), since=since, due=due)

    @property
    def borders(self) -> npt.NDArray[np.integer]:
        """Where each row (or segment) begins, and where the last one ends."""
        return self.starts if self.segments is None else self.segments

    @property
    def nbytes(self) -> int:
        """Bytes that the lists take, beside the synapses themselves."""
        lists = (self.starts, self.synapses, self.segments, self.segment_delays)
        splits = None if self.division is None else self.division.splits
        return sum(array.nbytes for array in (*lists, splits) if array is not None)

    def divide(self, side: Side, neurons: Callable[[Side], Indices], cuts: Counts) -> None:
        """Divide each row (or segment) by the owners of the neurons at one end of the synapses.

        Parameters
        ----------
        side : str
            The end.
        neurons : callable
            The neurons there, for each synapse.
        cuts : array of int
            Where the parts of their domain begin and end.
        """
        known = self.division
        if known is not None and known.side == side and np.array_equal(known.cuts, cuts):
            return
        parts, borders, owners = len(cuts) - 1, self.borders, neurons(side)
        of_neuron = np.repeat(np.arange(parts, dtype=np.uint8), np.diff(cuts))
        # segments are short: their parts are found when they are reached
        splits = None if self.segments is not None else np.empty((len(borders) - 1, parts - 1), np.int32)
        for first, last in blocks_of_rows(borders):
            starts = borders[first : last + 1]
            block = slice(starts[0], starts[-1])
            part = of_neuron[owners[block if self.synapses is None else self.synapses[block]]]
            row = np.repeat(np.arange(last - first), np.diff(starts))
            if ((part[1:] < part[:-1]) & (row[1:] == row[:-1])).any():
                order, _, _ = sorted_in_rows(starts, part)
                if self.synapses is None:
                    self.synapses = np.arange(borders[0], borders[-1], dtype=np.int32)
                self.synapses[block] = self.synapses[block][order]
            if splits is not None:
                counts = np.bincount(row * parts + part, minlength=(last - first) * parts).reshape(-1, parts)
                splits[first:last] = starts[:-1, None] + np.cumsum(counts[:, :-1], axis=1)
        self.division = RowDivision(side, owners, cuts, splits)

    def row(self, source: int, delay: int) -> Indices:
        """The synapses of a neuron (counted from ``first``) with a delay."""
        begin, end = self.starts[source], self.starts[source + 1]
        if self.segments is not None and self.segment_delays is not None:
            segment = begin + np.searchsorted(self.segment_delays[begin:end], delay)
            if segment == end or self.segment_delays[segment] != delay:
                return np.empty(0, np.int32)
            begin, end = self.segments[segment], self.segments[segment + 1]
        return np.arange(begin, end, dtype=np.int32) if self.synapses is None else self.synapses[begin:end]


@dataclass(frozen=True)
class RowDivision:
    """How rows of synapses are divided: in each, those of part p + 1 begin at ``splits[row, p]``, if that is given.

    Else they are found by the neurons at the end ``owners``: they are those from ``cuts[p + 1]`` on.
    """

    side: Side
    owners: Indices
    cuts: Counts
    splits: Indices | None


@dataclass(frozen=True)
class DueSynapses:
    """Synapses in the order in which they are reached, each with its step."""

    steps: Counts
    synapses: Indices

    @classmethod
    def none(cls) -> DueSynapses:
        return cls(np.empty(0, np.int64), np.empty(0, np.int32))

    def at(self, step: int) -> Indices:
        begin, end = np.searchsorted(self.steps, (step, step + 1))
        return self.synapses[begin:end]


def rows_by_delay(
    starts: Counts, first: int, steps: Callable[[slice], Indices], sorted_to: Callable[[slice, Counts], None]
) -> Rows:
    """The rows of a pathway whose synapses have delays of their own; ``synapses`` is for the caller to set.

    Parameters
    ----------
    starts : array of int
        Where the synapses of each source begin, in a list of all.
    first : int
        The first source.
    steps : callable
        The delays of a part of that list, in steps.
    sorted_to : callable
        Called with each part of the list and the order of its synapses, by source and delay.
    """
    # room for as many segments as synapses; memory is taken where it is written
    segments, segment_delays = np.empty(starts[-1] + 1, np.int32), np.empty(starts[-1], np.int32)
    counts, distinct, taken = np.zeros(len(starts) - 1, np.int64), np.zeros(0, np.int64), 0
    for begin, end in blocks_of_rows(starts):
        block = slice(int(starts[begin]), int(starts[end]))
        order, row, step = sorted_in_rows(starts[begin : end + 1], steps(block))
        sorted_to(block, order)
        at = _first_of_each(row, step)
        segments[taken : taken + len(at)] = at + block.start
        segment_delays[taken : taken + len(at)] = step[at]
        counts[begin:end] = np.bincount(row[at], minlength=end - begin)
        distinct = np.union1d(distinct, segment_delays[taken : taken + len(at)])
        taken += len(at)
    if len(distinct) < 2:
        return Rows(starts, None, first, distinct if len(distinct) else np.zeros(1, np.int64))
    segments[taken] = starts[-1]
    segments.resize(taken + 1, refcheck=False)
    segment_delays.resize(taken, refcheck=False)
    return Rows(np.append(0, np.cumsum(counts)), None, first, distinct[::-1].copy(), segments, segment_delays)


def count_segments(starts: Counts, steps: Callable[[slice], Indices]) -> int:
    """How many segments `rows_by_delay` makes; 0 where all delays are the same."""
    number, distinct = 0, np.zeros(0, np.int64)
    for begin, end in blocks_of_rows(starts):
        _, row, step = sorted_in_rows(starts[begin : end + 1], steps(slice(int(starts[begin]), int(starts[end]))))
        at = _first_of_each(row, step)
        number += len(at)
        distinct = np.union1d(distinct, step[at])[:2]
    return number if len(distinct) > 1 else 0


def _first_of_each(row: Counts, step: Counts) -> Counts:
    """Where segments begin within a block."""
    new = np.ones(len(row), np.bool_)
    new[1:] = (row[1:] != row[:-1]) | (step[1:] != step[:-1])
    return np.flatnonzero(new)
