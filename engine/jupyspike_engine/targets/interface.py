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
from .rows import Rows, sources_of

DTYPES: dict[Type, type[np.generic]] = {"real": np.float64, "integer": np.int32, "boolean": np.bool_}

AnyArray = npt.NDArray[np.generic]


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
    def steps_left(self) -> int:
        return max(0, self.end - self.step)

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
    breakable: bool = False  # whether the program is at work in a way that an exception can break off


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
