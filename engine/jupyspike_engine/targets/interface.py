"""What a program is, and the memory it works on.

A target makes a program of a plan; a program advances a memory. The memory belongs to the host: numpy arrays, and
counters laid out as in ``native/jupyspike_program.h`` so that native programs read the very same bytes.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..language.functions import Type

DTYPES: dict[Type, type[np.generic]] = {"real": np.float64, "integer": np.int32, "boolean": np.bool_}

AnyArray = npt.NDArray[np.generic]


class Status(IntEnum):
    """Why a program returned."""

    BUDGET = 0
    DONE = 1
    STOPPED = 2
    FULL = 3


class Clock(ctypes.Structure):
    """A time step (s) and where the clock stands."""

    _fields_ = (("step", ctypes.c_int64), ("end", ctypes.c_int64), ("dt", ctypes.c_double))
    step: int
    end: int
    dt: float

    @property
    def time(self) -> float:
        return self.step * self.dt


@dataclass
class Elements:
    """The elements of a domain: how many, the stream of their random numbers, the ends of synapses."""

    size: int
    stream: int
    pre: npt.NDArray[np.int32] | None = None
    post: npt.NDArray[np.int32] | None = None


class History:
    """The elements that had an event in the last ``depth`` steps."""

    def __init__(self, size: int, depth: int) -> None:
        self.depth = depth
        self.head = 0
        self.elements = np.zeros(max(1024, 2 * size), np.int32)
        self.begin = np.zeros(depth, np.int64)
        self.end = np.zeros(depth, np.int64)

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
        return other


@dataclass
class Rows:
    """The synapses of a pathway by the neuron that drives them.

    ``starts[k]`` to ``starts[k + 1]`` are those of neuron ``first + k``: numbers of synapses, or positions in
    ``synapses`` where that is given. ``delay`` is in steps.
    """

    starts: npt.NDArray[np.int64]
    synapses: npt.NDArray[np.int32] | None
    first: int
    delay: int


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
    version: int = 0


class Program(Protocol):
    """A plan made ready to run."""

    @property
    def origin(self) -> str:
        """Where it came from, for the user: built in 0.3 s, from the cache, interpreted."""
        ...

    def advance(self, memory: Memory, budget: int) -> Status:
        """Advance by at most ``budget`` steps; returns at the border of a step."""
        ...

    def request_stop(self, memory: Memory) -> None:
        """Ask a running `advance` to return at the next border of a step; from any thread."""
        ...
