"""Earlier runs of a live panel: what their views recorded, and with which values of the sliders."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from jupyspike_engine.simulation.changes import Move
from jupyspike_engine.simulation.recording import AnyArray, Chunk

if TYPE_CHECKING:
    from jupyspike.widgets.sources import Source
    from jupyspike_engine.simulation.session import Session
    from jupyspike_engine.units import Unit

RUNS = 20
BYTES = 16 << 20  # of one run: its sources share them, and keep their newest rows


@dataclass(frozen=True)
class KeptRun:
    """A run that is over.

    Attributes
    ----------
    number : int
        Counted from 1.
    values : mapping
        For each slider that was not where it began its values (SI base units), one after the other.
    units : mapping
        In which the values are told.
    start, until : float
        Model time (s).
    recorded : mapping
        Rows by `Source.key`.
    since : float
        Model time (s) from which on all of it is known: of very many rows the newest are kept.
    shift : float
        What is added to times, so that runs with different beginnings lie above each other.
    """

    number: int
    values: Mapping[str, tuple[float, ...]]
    units: Mapping[str, Unit]
    start: float
    until: float
    recorded: Mapping[Hashable, Chunk]
    since: float
    shift: float = 0.0

    def from_start(self, start: float) -> KeptRun:
        """The same as if it had begun at another time (s)."""
        return replace(self, shift=start - self.start)

    def rows(self, key: Hashable) -> Chunk:
        """What a source recorded in the run; nothing if the run was made without it."""
        rows = self.recorded.get(key, Chunk(np.empty(0), np.empty(0, np.int32), (np.empty((0, 1)),)))
        return Chunk(rows.times + self.shift, rows.indices, rows.columns) if self.shift else rows


class KeptRuns:
    """The last runs."""

    def __init__(self) -> None:
        self.runs: deque[KeptRun] = deque(maxlen=RUNS)
        self._count = 0

    def keep(self, session: Session, sources: Sequence[Source]) -> KeptRun | None:
        """Keep what a session has done until now, if it has begun."""
        if session.time <= 0:
            return None
        self._count += 1
        start, until = session.start, session.start + session.time
        units = {parameter.name: parameter.unit for parameter in session.parameters}
        kept = list({source.key: source for source in sources if source.key is not None}.values())
        recorded = {source.key: newest(source.recorded(), start, BYTES // len(kept)) for source in kept}
        since = max([start, *(known_from(source, recorded[source.key], start) for source in kept)])
        self.runs.append(KeptRun(self._count, _values(session), units, start, until, recorded, since))
        return self.runs[-1]


def known_from(source: Source, kept: Chunk, start: float) -> float:
    """The model time (s) from which on all is kept that a source has recorded since a time."""
    times = source.recorded().times
    forgotten = len(kept) < len(times) - int(np.searchsorted(times, start))
    return float(kept.times[0]) if forgotten else source.begin


def _values(session: Session) -> dict[str, tuple[float, ...]]:
    """The values that sliders had in a run, of those that were not always where they began."""
    values = {}
    for parameter in session.parameters:
        moves = [move for move in session.course if isinstance(move, Move) and move.name == parameter.name]
        at_start = [move.value for move in moves if move.time <= session.start]
        course = [at_start[-1] if at_start else parameter.value]
        course += [move.value for move in moves if move.time > session.start]
        course = [value for k, value in enumerate(course) if not k or value != course[k - 1]]
        if course != [parameter.value]:
            values[parameter.name] = tuple(course)
    return values


def newest(rows: Chunk, start: float, room: int) -> Chunk:
    """A copy of the newest rows, none from before a time (s), and not more than fit into so many bytes."""
    columns: tuple[AnyArray, ...] = (rows.times, rows.indices, *rows.columns)
    row_bytes = sum(column.itemsize * math.prod(column.shape[1:]) for column in columns)
    first = max(int(np.searchsorted(rows.times, start)), len(rows) - max(1, room // row_bytes))
    return Chunk(rows.times[first:], rows.indices[first:], tuple(column[first:] for column in rows.columns)).copy()


READ: ContextVar[KeptRun | None] = ContextVar("the run that views draw; None for the present one", default=None)


@contextmanager
def reading(run: KeptRun | None) -> Iterator[None]:
    """Let views draw an earlier run."""
    token = READ.set(run)
    try:
        yield
    finally:
        READ.reset(token)


def described(run: KeptRun) -> str:
    """The number of a run, what was different in it from the start of the lesson, and from when on it is known.

    Of a slider that was moved on the way, the first and the last value are told; if they are the same, also the one
    that was farthest from them.
    """
    from jupyspike.widgets.controls import seconds
    from jupyspike.widgets.entries import shown_value

    told = []
    for name, values in run.values.items():
        ends = values if len(values) < 3 else (values[0], values[-1])
        if len(values) >= 3 and values[0] == values[-1]:
            ends = values[0], max(values, key=lambda value: abs(value - values[0])), values[-1]
        texts = [shown_value(value, run.units[name]) for value in ends]
        told.append(f"{name} = " + " \N{RIGHTWARDS ARROW} ".join(texts))
    text = f"run {run.number}: {', '.join(told) or 'as at the start'}"
    lost, length = run.since - run.start, run.until - run.start
    return f"{text} (only the end is kept, from {seconds(lost, length)} on)" if lost > 0.01 * length else text
