"""What monitors write down in a time step."""

from __future__ import annotations

from ...plan.nodes import RecordEvents, RecordRate, RecordState
from ..interface import Memory, Recordings
from .evaluation import Evaluation, Indices


def record_events(operation: RecordEvents, evaluation: Evaluation) -> None:
    memory = evaluation.memory
    recordings, clock = memory.recorders[operation.recorder], memory.clocks[operation.clock]
    happened = evaluation.elements = _watched(memory.events[operation.event].at(clock.step), recordings)
    recordings.totals[happened - recordings.first] += 1
    if not recordings.keep_rows:
        return
    buffer = recordings.buffer
    rows = slice(buffer.count, buffer.count + len(happened))
    buffer.times[rows] = clock.time
    buffer.indices[rows] = happened - recordings.first
    for column, value in zip(buffer.columns, operation.values, strict=True):
        column[rows, 0] = evaluation.value(value)
    buffer.count += len(happened)


def record_state(operation: RecordState, evaluation: Evaluation) -> None:
    memory = evaluation.memory
    recordings = memory.recorders[operation.recorder]
    if recordings.elements is not None:
        evaluation.elements = recordings.elements
    buffer = recordings.buffer
    buffer.times[buffer.count] = memory.clocks[operation.clock].time
    for column, value in zip(buffer.columns, operation.values, strict=True):
        column[buffer.count] = evaluation.value(value)
    buffer.count += 1


def record_rate(operation: RecordRate, memory: Memory) -> None:
    recordings, clock = memory.recorders[operation.recorder], memory.clocks[operation.clock]
    buffer = recordings.buffer
    buffer.times[buffer.count] = clock.time
    buffer.columns[0][buffer.count] = len(_watched(memory.events[operation.event].at(clock.step), recordings))
    buffer.count += 1


def _watched(happened: Indices, recordings: Recordings) -> Indices:
    """Of the elements that had an event, those that a monitor is for."""
    return happened[(happened >= recordings.first) & (happened < recordings.first + recordings.size)]
