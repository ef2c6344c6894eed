"""The numpy target: what a plan means, in vectorised form. Every other target is tested against it.

It also runs networks where there is no compiler.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ...plan.nodes import (
    Call,
    Detect,
    Eliminate,
    Inject,
    Operation,
    Plan,
    Propagate,
    React,
    RecordEvents,
    RecordState,
    Sum,
    Update,
)
from ...plan.traversal import reaches_out
from ..interface import History, Memory, Status
from ..rows import Rows
from .evaluation import Evaluation, Indices
from .meetings import meetings_of, one_by_one
from .recording import record_events, record_rate, record_state
from .trees import eliminate


class NumpyProgram:
    """Interprets a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.pathway_events = {pathway.name: pathway.event for pathway in plan.pathways}
        self.functions = {function.name: function for function in plan.functions}
        self.meetings = {o.pathway: meetings_of(o) for o in plan.operations if isinstance(o, Propagate)}

    @property
    def origin(self) -> str:
        return "interpreted by numpy"

    def request_stop(self, memory: Memory) -> None:
        memory.stop = True

    def advance(self, memory: Memory, budget: int) -> Status:
        """See `interface.Program`."""
        memory.breakable = True
        try:
            return self._advance(memory, budget)
        finally:
            memory.breakable = False

    def _advance(self, memory: Memory, budget: int) -> Status:
        parameters = dict(zip(self.plan.parameters, memory.parameters.tolist(), strict=True))
        with np.errstate(all="ignore"):
            for _ in range(budget):
                due = due_clocks(memory)
                if memory.position == 0:
                    if self._found_not_finite(memory):
                        return Status.NOT_FINITE
                    if memory.stop:
                        return Status.STOPPED
                    if not due:
                        return Status.DONE
                    if not self._has_room(memory, due):
                        return Status.FULL
                if not self._step(memory, due, parameters):
                    return Status.CALL
                for clock in due:
                    memory.clocks[clock].step += 1
        return Status.BUDGET

    def _found_not_finite(self, memory: Memory) -> bool:
        """Whether a value that a step gave is not finite after it: a reset may have replaced it."""
        if memory.not_finite is None or memory.not_finite[0] < 0:
            return False
        if any(_not_finite(memory, o) for o in self.plan.operations if isinstance(o, Update)):
            return True
        memory.not_finite[0] = -1
        return False

    def _step(self, memory: Memory, due: set[int], parameters: Mapping[str, float]) -> bool:
        """Run the operations of a step from the present position; False before one that the host has to do."""
        for position in range(memory.position, len(self.plan.operations)):
            operation = self.plan.operations[position]
            if operation.clock not in due:
                continue
            if isinstance(operation, Call):
                memory.position = position
                return False
            began = time.perf_counter()
            self._run(operation, memory, parameters)
            if memory.profile is not None:
                memory.profile[position] += time.perf_counter() - began
        memory.position = 0
        return True

    def _has_room(self, memory: Memory, due: set[int]) -> bool:
        for operation in self.plan.operations:
            if isinstance(operation, (Detect, Inject)) and operation.clock in due:
                history = memory.events[operation.event]
                step, size = memory.clocks[operation.clock].step, memory.domains[operation.domain].size
                if len(history.elements) - history.head < size:
                    memory.events[operation.event] = history.rearranged(step, history.depth, 2 * size)
        for recorder in self.plan.recorders:
            recordings = memory.recorders[recorder.name]
            rows = recordings.size if recorder.kind == "events" else 1
            if recordings.keep_rows and recordings.buffer.capacity - recordings.buffer.count < rows:
                return False
        return True

    def _run(self, operation: Operation, memory: Memory, parameters: Mapping[str, float]) -> None:
        assert not isinstance(operation, Call)  # the host's
        elements = _elements(operation, memory, parameters)
        evaluation = Evaluation(memory, parameters, operation.domain, elements, operation.clock, self.functions)
        step = memory.clocks[operation.clock].step
        if isinstance(operation, (Update, Sum, Detect, React, Propagate)):
            evaluation.run(operation.scalars)
        if isinstance(operation, Update):
            if reaches_out(operation):
                one_by_one(operation, evaluation, elements)
            else:
                evaluation.run(operation.statements)
            if memory.not_finite is not None and memory.not_finite[0] < 0 and _not_finite(memory, operation):
                memory.not_finite[0] = memory.clocks[operation.clock].time
        elif isinstance(operation, Eliminate):
            _eliminate(operation, evaluation)
        elif isinstance(operation, Sum):
            _sum(operation, evaluation)
        elif isinstance(operation, Inject):
            history = memory.events[operation.event]
            assert history.given is not None
            history.put(step, history.given.at(step))
        elif isinstance(operation, Detect):
            meets = np.broadcast_to(evaluation.value(operation.condition), elements.shape)
            evaluation.elements = elements[meets]
            memory.events[operation.event].put(step, evaluation.elements)
            evaluation.run(operation.statements)
        elif isinstance(operation, React):
            evaluation.elements = memory.events[operation.event].at(step)
            evaluation.run(operation.statements)
        elif isinstance(operation, Propagate):
            self._propagate(operation, evaluation, memory, step)
        elif isinstance(operation, RecordEvents):
            record_events(operation, evaluation)
        elif isinstance(operation, RecordState):
            record_state(operation, evaluation)
        else:
            record_rate(operation, memory)

    def _propagate(self, operation: Propagate, evaluation: Evaluation, memory: Memory, step: int) -> None:
        """One source after the other, each row in parts within which no neuron is written twice."""
        rows = memory.pathways[operation.pathway]
        events = memory.events[self.pathway_events[operation.pathway]]
        for row in reached(rows, events, step):
            one_by_one(operation, evaluation, row, self.meetings[operation.pathway])


def reached(rows: Rows, events: History, step: int) -> Iterator[Indices]:
    """The synapses that are reached in a step, row by row: first what is due, then by time and number of the source."""
    if len(due := rows.due.at(step)):
        yield due
    for delay in rows.delays:
        if step - delay < rows.since:
            continue
        for source in events.at(step - delay) - rows.first:
            if 0 <= source < len(rows.starts) - 1 and len(row := rows.row(source, delay)):
                yield row


def _elements(operation: Operation, memory: Memory, parameters: Mapping[str, float]) -> Indices:
    """The elements that an operation is for."""
    assert not isinstance(operation, Call)
    if isinstance(operation, (Update, Detect)) and operation.part is not None:
        first, size = (int(parameters[name]) for name in operation.part)
        return np.arange(first, first + size, dtype=np.int32)
    return np.arange(memory.domains[operation.domain].size, dtype=np.int32)


def _not_finite(memory: Memory, update: Update) -> bool:
    return not all(np.isfinite(memory.arrays[array]).all() for array in update.watched)


def _sum(operation: Sum, evaluation: Evaluation) -> None:
    first, size = (int(evaluation.parameters[name]) for name in operation.part)
    array = evaluation.memory.arrays[operation.array]
    values = np.broadcast_to(evaluation.value(operation.value), evaluation.elements.shape)
    array[first : first + size] = 0
    np.add.at(array, evaluation.indices(operation.place), values.astype(array.dtype))


def _eliminate(operation: Eliminate, evaluation: Evaluation) -> None:
    memory: Any = evaluation.memory
    forest = [memory.arrays[name] for name in operation.forest.arrays]
    diagonal, right = memory.arrays[operation.diagonal], memory.arrays[operation.right]
    scale, size = float(evaluation.value(operation.scale)), memory.domains[operation.domain].size
    eliminate(*forest, diagonal, right, scale, size)  # type: ignore[call-arg]  # the arrays that it begins with


def due_clocks(memory: Memory) -> set[int]:
    """The clocks that tick now: those whose time is the earliest of all that have not reached their end."""
    waiting = [(clock.time, number) for number, clock in enumerate(memory.clocks) if clock.step < clock.end]
    if not waiting:
        return set()
    earliest, fastest = min(waiting)[0], memory.clocks[0]
    return {number for time, number in waiting if time - earliest < 1e-4 * fastest.dt}
