"""A built program: loaded, given the memory in the layout it knows, and run without the interpreter's lock."""

from __future__ import annotations

import ctypes
import sys
import weakref
from collections.abc import Collection
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..native.loading import bridge
from ..plan.nodes import Call, Plan
from ..plan.traversal import ends_of
from ..targets.interface import History, Memory, Status
from ..targets.rows import Rows

INTERFACE = 4
_i32, _i64, _pointer = ctypes.c_int32, ctypes.c_int64, ctypes.c_void_p


class _Domain(ctypes.Structure):
    _fields_ = (
        ("size", _i64),
        ("pre", _pointer),
        ("post", _pointer),
        ("stream", ctypes.c_uint32),
        ("_", ctypes.c_uint32),
        ("cuts", _pointer),
    )


class _Events(ctypes.Structure):
    _fields_ = (
        ("elements", _pointer), ("capacity", _i64), ("head", _i64), ("begin", _pointer), ("end", _pointer),
        ("depth", _i64), ("given_steps", _pointer), ("given_elements", _pointer), ("given_count", _i64),
        ("given_period", _i64), ("found", _pointer),
    )  # fmt: skip


class _Pathway(ctypes.Structure):
    _fields_ = (
        ("rows", _pointer), ("synapses", _pointer), ("first", _i64), ("count", _i64), ("delays", _pointer),
        ("delay_count", _i64), ("segments", _pointer), ("segment_delays", _pointer), ("since", _i64),
        ("due_steps", _pointer), ("due_synapses", _pointer), ("due_count", _i64), ("splits", _pointer),
        ("owners", _pointer), ("cuts", _pointer),
    )  # fmt: skip


class _Recorder(ctypes.Structure):
    _fields_ = (
        ("capacity", _i64), ("count", _i64), ("times", _pointer), ("indices", _pointer), ("columns", _pointer),
        ("totals", _pointer), ("elements", _pointer), ("first", _i64), ("size", _i64),
    )  # fmt: skip


class _Memory(ctypes.Structure):
    _fields_ = (
        ("interface_version", ctypes.c_uint32), ("stop", ctypes.c_int32), ("seed", ctypes.c_uint64),
        ("parameters", _pointer), ("arrays", _pointer), ("clocks", _pointer), ("domains", _pointer),
        ("events", _pointer), ("pathways", _pointer), ("recorders", _pointer), ("position", _i64),
        ("profile", _pointer), ("not_finite", _pointer), ("parts", _i64),
    )  # fmt: skip


class _Team(ctypes.Structure):
    _fields_ = (("size", _i32), ("arrived", _i32), ("turn", _i32), ("status", _i32))


class _Worker(ctypes.Structure):
    _fields_ = (("team", _pointer), ("first", _i64), ("last", _i64), ("index", _i32))


def _address(array: np.ndarray | None) -> int | None:
    return None if array is None else array.ctypes.data


class Layout:
    """A memory as the C structures of ``jupyspike_program.h``; of some domains the sources of synapses are needed."""

    def __init__(self, plan: Plan, memory: Memory, with_sources: Collection[str]) -> None:
        self.plan, self.memory = plan, memory
        self.arrays = (_pointer * max(1, len(plan.arrays)))(*(memory.arrays[a.name].ctypes.data for a in plan.arrays))
        domains = [memory.domains[d.name] for d in plan.domains]
        self.domains = (_Domain * max(1, len(domains)))(
            *(
                _Domain(
                    d.size,
                    _address(d.pre if declared.name in with_sources else None),
                    _address(d.post),
                    d.stream,
                    0,
                    _address(d.cuts),
                )
                for declared, d in zip(plan.domains, domains, strict=True)
            )
        )
        self.found = np.zeros((max(1, len(plan.events)), memory.parts), np.int64)
        self.histories = [memory.events[event.name] for event in plan.events]
        self.events = (_Events * max(1, len(self.histories)))(*map(self._history, self.histories, self.found))
        rows = [memory.pathways[pathway.name] for pathway in plan.pathways]
        self.pathways = (_Pathway * max(1, len(rows)))(*map(self._rows, rows))
        self.columns: list[ctypes.Array[ctypes.c_void_p]] = []
        self.recordings = [memory.recorders[recorder.name] for recorder in plan.recorders]
        self.recorders = (_Recorder * max(1, len(self.recordings)))()
        for number, recordings in enumerate(self.recordings):
            buffer = recordings.buffer
            self.columns.append((_pointer * max(1, len(buffer.columns)))(*(c.ctypes.data for c in buffer.columns)))
            self.recorders[number] = _Recorder(
                buffer.capacity, buffer.count, _address(buffer.times) if recordings.keep_rows else None,
                _address(buffer.indices), ctypes.addressof(self.columns[-1]), _address(recordings.totals),
                _address(recordings.elements), recordings.first, recordings.size,
            )  # fmt: skip
        self.whole = _Memory(
            INTERFACE, 0, memory.seed, _address(memory.parameters), ctypes.addressof(self.arrays),
            ctypes.addressof(memory.clocks), ctypes.addressof(self.domains), ctypes.addressof(self.events),
            ctypes.addressof(self.pathways), ctypes.addressof(self.recorders), memory.position,
            _address(memory.profile), _address(memory.not_finite), memory.parts,
        )  # fmt: skip

    @staticmethod
    def _history(history: History, found: npt.NDArray[np.int64]) -> _Events:
        given = history.given
        return _Events(
            _address(history.elements), len(history.elements), history.head, _address(history.begin),
            _address(history.end), history.depth, _address(given.steps) if given else None,
            _address(given.elements) if given else None, len(given.steps) if given else 0, given.period if given else 0,
            _address(found),
        )  # fmt: skip

    @staticmethod
    def _rows(rows: Rows) -> _Pathway:
        division = rows.division
        return _Pathway(
            _address(rows.starts), _address(rows.synapses), rows.first, len(rows.starts) - 1, _address(rows.delays),
            len(rows.delays), _address(rows.segments), _address(rows.segment_delays), rows.since,
            _address(rows.due.steps), _address(rows.due.synapses), len(rows.due.steps),
            _address(division.splits) if division else None, _address(division.owners) if division else None,
            _address(division.cuts) if division else None,
        )  # fmt: skip

    def write_back(self) -> None:
        """Bring the counters that the program moved back into the memory."""
        for number, history in enumerate(self.histories):
            history.head = self.events[number].head
        for number, recordings in enumerate(self.recordings):
            recordings.buffer.count = self.recorders[number].count
        self.memory.position = self.whole.position

    def make_room(self) -> None:
        """Enlarge the histories of events that cannot take a further step."""
        for event in self.plan.events:
            history, size = self.memory.events[event.name], self.memory.domains[event.domain].size
            if len(history.elements) - history.head < 2 * size:
                clock = event_clock(self.plan, event.name)
                step = self.memory.clocks[clock].step
                self.memory.events[event.name] = history.rearranged(step, history.depth, 2 * size + history.head)


def event_clock(plan: Plan, event: str) -> int:
    """The clock of an event."""
    return next(e.clock for e in plan.events if e.name == event)


def expect_interface(found: int) -> None:
    """Raise an error if a program speaks another interface than this host.

    Raises
    ------
    ImportError
    """
    if found != INTERFACE:
        raise ImportError(f"it speaks interface {found}, not {INTERFACE}")


def _let_go_of(library: ctypes.CDLL) -> None:
    """Unload a library: as long as it is loaded, another file of its name is not looked at."""
    if sys.platform != "win32":  # there a file that is loaded keeps its name
        import _ctypes

        _ctypes.dlclose(library._handle)


class NativeProgram:
    """A program loaded from a shared library.

    Parameters
    ----------
    origin : str
        How it was made, for the user.

    Raises
    ------
    OSError, ImportError
        The file is no program that can be loaded.
    """

    def __init__(self, plan: Plan, library: Path, origin: str) -> None:
        self.plan = plan
        self.origin = origin
        self._running: _Memory | None = None
        acting = [operation for operation in plan.operations if not isinstance(operation, Call)]
        self._with_sources = {operation.domain for operation in acting if "pre" in ends_of(operation)}
        self._load(library)

    def _load(self, library: Path) -> None:
        """Load the program."""
        self._library = ctypes.CDLL(str(library))
        try:
            expect_interface(int(self._library.jupyspike_interface()))
            self._function = self._library.jupyspike_advance
        except (AttributeError, ImportError) as problem:  # the first tells of a function that is missing
            _let_go_of(self._library)
            raise ImportError(str(problem)) from None
        self._function.argtypes = (_pointer, _i64, _pointer)
        self._function.restype = ctypes.c_int32
        self._entry = ctypes.cast(self._function, _pointer).value
        if not self.plan.functions:  # those of users may keep things, or have threads of their own
            weakref.finalize(self, _let_go_of, self._library).atexit = False  # then it may still run

    def _advance(self, layout: Layout, budget: int) -> int:
        """Advance a memory in its layout as C structures; returns the status."""
        address = ctypes.addressof(layout.whole)
        if bridge is not None:
            return int(bridge.advance(self._entry, address, budget, layout.memory.threads))
        team = _Team(1)
        worker = _Worker(ctypes.addressof(team), 0, layout.memory.parts, 0)
        return int(self._function(address, budget, ctypes.addressof(worker)))

    def request_stop(self, memory: Memory) -> None:
        memory.stop = True
        running = self._running
        if running is not None:
            running.stop = 1

    def advance(self, memory: Memory, budget: int) -> Status:
        """See `targets.interface.Program`."""
        layout = Layout(self.plan, memory, self._with_sources)
        self._running = layout.whole
        layout.whole.stop = int(memory.stop)
        try:
            memory.breakable = True
            status = self._advance(layout, budget)
        finally:
            memory.breakable = False
            self._running = None
            memory.stop = memory.stop or bool(layout.whole.stop)  # the program itself may have asked for it
            layout.write_back()
        if status == Status.FULL:
            layout.make_room()
        return Status(status)
