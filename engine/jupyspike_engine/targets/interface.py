"""What a program is, and the memory it works on.

A target makes a program of a plan; a program advances a memory. The memory belongs to the host: numpy arrays, and
counters laid out as in ``native/jupyspike_program.h`` so that native programs read the very same bytes.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..language.functions import Type

DTYPES: dict[Type, type[np.generic]] = {"real": np.float64, "integer": np.int32, "boolean": np.bool_}

AnyArray = npt.NDArray[np.generic]
TOGETHER = 1 << 16  # elements that are looked at together where numpy makes copies on the way


class Status(IntEnum):
    """Why a program returned."""

    BUDGET = 0
    DONE = 1
    STOPPED = 2
    FULL = 3
    CALL = 4
    NOT_FINITE = 5


class Clock(ctypes.Structure):
    """A time step (s) and where the clock stands; a clock that does not tick regularly has its times in an array."""

    _fields_ = (
        ("step", ctypes.c_int64),
        ("end", ctypes.c_int64),
        ("dt", ctypes.c_double),
        ("times", ctypes.c_size_t),  # the address of doubles, or 0
    )
    step: int
    end: int
    dt: float
    times: int

    @property
    def time(self) -> float:
        if not self.times:
            return self.step * self.dt
        last = min(self.step, self.end - 1)  # one that has run out stays at its last time
        return ctypes.c_double.from_address(self.times + 8 * last).value if last >= 0 else 0.0


@dataclass
class Elements:
    """The elements of a domain: how many, and the stream of their random numbers.

    Synapses are stored by source: those of neuron k are ``starts[k]`` to ``starts[k + 1]``. The neuron at the other end
    is in ``post``.
    """

    size: int
    stream: int
    starts: npt.NDArray[np.int64] | None = None
    post: npt.NDArray[np.int32] | None = None
    cuts: npt.NDArray[np.int64] = field(init=False)  # where the parts begin and the last one ends

    def __post_init__(self) -> None:
        self.divide(1)

    @cached_property
    def pre(self) -> npt.NDArray[np.int32] | None:
        """The source of each synapse: made when it is asked for."""
        return None if self.starts is None else sources_of(self.starts)

    def divide(self, parts: int) -> None:
        """Divide the elements into parts for threads: whole cache lines (of bytes too) where there are many."""
        cuts = np.arange(parts + 1, dtype=np.int64) * self.size // parts
        unit = 64 if self.size >= 256 * parts else 1
        self.cuts = np.where(np.arange(parts + 1) < parts, cuts // unit * unit, self.size)


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


class History:
    """The elements that had an event in the last ``depth`` steps."""

    def __init__(self, size: int, depth: int) -> None:
        self.depth = depth
        self.head = 0
        self.elements = np.zeros(max(1024, 2 * size), np.int32)
        self.begin = np.zeros(depth, np.int64)
        self.end = np.zeros(depth, np.int64)
        self.given: GivenEvents | None = None

    def at(self, step: int) -> npt.NDArray[np.int32]:
        """The elements with an event in a step, ascending."""
        if step < 0:
            return self.elements[:0]
        return self.elements[self.begin[step % self.depth] : self.end[step % self.depth]]

    def put(self, step: int, elements: npt.NDArray[np.int32]) -> None:
        self.begin[step % self.depth] = self.head
        self.elements[self.head : self.head + len(elements)] = elements
        self.head += len(elements)
        self.end[step % self.depth] = self.head

    def rearranged(self, step: int, depth: int, room: int) -> History:
        """The same history for another number of steps before ``step``, with room for more."""
        kept = [self.at(step - back) for back in range(min(step, depth - 1, self.depth - 1), 0, -1)]
        other = History(sum(map(len, kept)) + room, depth)
        for back, elements in zip(range(len(kept), 0, -1), kept, strict=True):
            other.put(step - back, elements)
        other.given = self.given
        return other


@dataclass(frozen=True)
class GivenEvents:
    """Events that were given with the program: elements by step, ascending; repeated after ``period`` steps if any."""

    steps: npt.NDArray[np.int64]
    elements: npt.NDArray[np.int32]
    period: int = 0

    def at(self, step: int) -> npt.NDArray[np.int32]:
        """The elements with an event in a step."""
        wanted = step % self.period if self.period else step
        begin, end = np.searchsorted(self.steps, (wanted, wanted + 1))
        return self.elements[begin:end]

    @property
    def most(self) -> int:
        """The largest number of events in one step."""
        return int(np.unique(self.steps, return_counts=True)[1].max()) if len(self.steps) else 0


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

    starts: npt.NDArray[np.int64]
    synapses: npt.NDArray[np.int32] | None
    first: int
    delays: npt.NDArray[np.int64]
    segments: npt.NDArray[np.int64] | None = None
    segment_delays: npt.NDArray[np.int32] | None = None
    since: int = 0
    due: DueSynapses = field(default_factory=lambda: DueSynapses.none())
    division: RowDivision | None = None

    def divide(self, owners: npt.NDArray[np.int32], cuts: npt.NDArray[np.int64]) -> None:
        """Divide each row (or segment) by the owners of the neurons at one end of the synapses.

        Parameters
        ----------
        owners : array of int
            These neurons, for each synapse.
        cuts : array of int
            Where the parts of their domain begin and end.
        """
        known = self.division
        if known is not None and known.owners is owners and np.array_equal(known.cuts, cuts):
            return
        parts, borders = len(cuts) - 1, self.starts if self.segments is None else self.segments
        of_neuron = np.repeat(np.arange(parts, dtype=np.uint8), np.diff(cuts))
        part = of_neuron[owners if self.synapses is None else owners[self.synapses]]
        falls = part[1:] < part[:-1]
        falls[borders[(borders > 0) & (borders < len(part))] - 1] = False
        if falls.any():
            row = np.repeat(np.arange(len(borders) - 1, dtype=np.int32), np.diff(borders))
            order = np.lexsort((part, row)).astype(np.int32)
            part, self.synapses = part[order], order if self.synapses is None else self.synapses[order]
        splits = np.empty((len(borders) - 1, parts - 1), np.int64)
        before = np.zeros(len(part) + 1, np.int32)
        for last in range(parts - 1):  # how many synapses of the parts up to this one there are, up to each place
            np.cumsum(part <= last, out=before[1:])
            splits[:, last] = borders[:-1] + (before[borders[1:]] - before[borders[:-1]])
        self.division = RowDivision(owners, cuts, splits)

    def row(self, source: int, delay: int) -> npt.NDArray[np.int32]:
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
    """How rows of synapses are divided: in each, those of part p + 1 begin at ``splits[row, p]``."""

    owners: npt.NDArray[np.int32]
    cuts: npt.NDArray[np.int64]
    splits: npt.NDArray[np.int64]


@dataclass(frozen=True)
class DueSynapses:
    """Synapses in the order in which they are reached, each with its step."""

    steps: npt.NDArray[np.int64]
    synapses: npt.NDArray[np.int32]

    @classmethod
    def none(cls) -> DueSynapses:
        return cls(np.empty(0, np.int64), np.empty(0, np.int32))

    def at(self, step: int) -> npt.NDArray[np.int32]:
        begin, end = np.searchsorted(self.steps, (step, step + 1))
        return self.synapses[begin:end]


class Buffer:
    """Rows a recorder writes: a time, for events an element, and values in columns."""

    def __init__(self, columns: int, width: int, capacity: int, events: bool) -> None:
        self.count = 0
        self.capacity = capacity
        self.times = np.empty(capacity)
        self.indices = np.empty(capacity if events else 0, np.int32)
        self.columns = [np.empty((capacity, width)) for _ in range(columns)]


@dataclass
class Recordings:
    """What a recorder takes: a range or a list of elements, rows that wait to be collected, totals for each element."""

    buffer: Buffer
    first: int
    size: int
    totals: npt.NDArray[np.int64]
    elements: npt.NDArray[np.int32] | None = None
    keep_rows: bool = True


@dataclass
class Memory:
    """All data of a running network, under the names of its plan."""

    seed: int
    parameters: npt.NDArray[np.float64]
    arrays: dict[str, AnyArray]
    clocks: ctypes.Array[Clock]
    domains: dict[str, Elements]
    events: dict[str, History]
    pathways: dict[str, Rows]
    recorders: dict[str, Recordings]
    stop: bool = False
    position: int = 0  # the operation with which the present step goes on
    profile: npt.NDArray[np.float64] | None = None  # seconds spent in each operation, and in waiting
    not_finite: npt.NDArray[np.float64] | None = None  # if it is to be told of: see `Program.advance`
    parts: int = 1  # into which the elements of each domain are divided
    threads: int = 1  # that advance it


class Program(Protocol):
    """A plan made ready to run."""

    @property
    def origin(self) -> str:
        """Where it came from, for the user: built in 0.3 s, from the cache, interpreted."""
        ...

    def advance(self, memory: Memory, budget: int) -> Status:
        """Advance by at most ``budget`` steps.

        Returns at the border of a step; or, with `Status.CALL`, before the operation ``memory.position``, to which the
        host goes on after it has done what that operation stands for.

        While the memory has a ``not_finite`` (one number, negative), it is set to the time of the step that first gives
        a watched array a value that is not finite. If one is still there after that step, `Status.NOT_FINITE` tells it.
        """
        ...

    def request_stop(self, memory: Memory) -> None:
        """Ask a running `advance` to return at the next border of a step; from any thread."""
        ...
