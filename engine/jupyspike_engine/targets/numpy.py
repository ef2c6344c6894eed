"""The numpy target: what a plan means, in vectorised form. Every other target is tested against it.

It also runs networks where there is no compiler.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import UserError
from ..language.functions import ELEMENTARY, Type
from ..native import random
from ..numerics.adaptive import solve
from ..numerics.matrix_exponential import small_exponential
from ..plan.nodes import (
    Apply,
    Call,
    Constant,
    Detect,
    Draw,
    Element,
    Eliminate,
    Exponentiate,
    Expression,
    Function,
    Index,
    Inject,
    Invoke,
    Law,
    Let,
    Local,
    Lookup,
    Operation,
    Parameter,
    Place,
    Plan,
    Propagate,
    React,
    RecordEvents,
    RecordRate,
    RecordState,
    Solve,
    Statement,
    Store,
    Sum,
    Time,
    Update,
)
from ..plan.traversal import expressions_of, reaches_out, walk
from .interface import History, Memory, Recordings, Status
from .rows import Rows
from .trees import eliminate

Value = npt.NDArray[np.generic]
Indices = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]
_Meeting = tuple[Place, Place, tuple[str, ...]]
_FIRST = np.zeros((), np.int32)
_WIDEST: dict[Type, type[np.generic]] = {"real": np.float64, "integer": np.int64, "boolean": np.bool_}


def _exprel(x: Value) -> Value:
    numbers = np.asarray(x, np.float64)
    small = np.abs(numbers) < 1e-16
    return np.where(small, 1.0, np.expm1(numbers) / np.where(small | (numbers == np.inf), 1.0, numbers))


def _bernoulli(x: Value) -> Value:
    numbers = np.asarray(x, np.float64)
    small = np.abs(numbers) < 1e-16
    finite = np.where(small | (numbers == np.inf), 1.0, numbers)
    return np.where(small, 1.0, np.where(numbers == np.inf, 0.0, finite / np.expm1(finite)))


def _real(x: Value) -> npt.NDArray[np.float64]:
    return np.asarray(x, np.float64)


def _fourth_power(x: Value) -> Value:
    square = _real(x) * _real(x)
    return square * square


def _integer(x: Value) -> Value:
    """Truncated; what has no integer, such as infinity, is the largest that can still be added to others."""
    return np.asarray(np.fmax(np.fmin(np.trunc(x), 2.0**62), -(2.0**62))).astype(np.int64)


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.true_divide,
    "floor_divide": np.floor_divide,
    "modulo": np.mod,
    "power": lambda x, y: np.power(_real(x), _real(y)),
    "square": lambda x: _real(x) * _real(x),
    "cube": lambda x: _real(x) * _real(x) * _real(x),
    "fourth_power": _fourth_power,
    "negative": np.negative,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "select": np.where,
    "real": _real,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": lambda x: np.sign(_real(x)),
    "floor": lambda x: _integer(np.floor(x)),
    "ceil": lambda x: _integer(np.ceil(x)),
    "int": _integer,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "timestep": lambda t, dt: _integer(np.floor(np.asarray(t) / dt + 1e-3)),
    "exprel": _exprel,
    "bernoulli": _bernoulli,
    **{name: getattr(np, name) for name in ELEMENTARY if name != "exprel"},
}


@dataclass
class Evaluation:
    """Evaluates expressions for some elements of a domain.

    Parameters
    ----------
    elements : array of int
        The elements, in the numbering of the domain; for synapses ``pre`` and ``post`` are found from them.
    """

    memory: Memory
    parameters: Mapping[str, float]
    domain: str
    elements: Indices
    clock: int
    functions: Mapping[str, Function] = field(default_factory=dict)
    locals: dict[str, Value] = field(default_factory=dict)
    laws: dict[str, list[Value]] = field(default_factory=dict)

    def indices(self, place: Place) -> Indices:
        if place == "one":
            return _FIRST
        if place == "own":
            return self.elements
        ends = self.memory.domains[self.domain]
        end = ends.pre if place == "pre" else ends.post
        assert end is not None
        return end[self.elements]

    def followed(self, place: Place, via: tuple[str, ...]) -> Indices:
        """The indices at a place, led through arrays of indices."""
        indices = self.indices(place)
        for array in via:
            indices = self.memory.arrays[array][indices]  # type: ignore[assignment]  # these arrays hold indices
        return indices

    def value(self, expression: Expression) -> Value:
        if isinstance(expression, Apply):
            return FUNCTIONS[expression.operation](*(self.value(argument) for argument in expression.arguments))
        if isinstance(expression, Element):
            values = self.memory.arrays[expression.array][self.followed(expression.place, expression.via)]
            return values.astype(_WIDEST[expression.type], copy=False)
        if isinstance(expression, Local):
            return self.locals[expression.name]
        if isinstance(expression, Constant):
            return np.asarray(expression.value)
        if isinstance(expression, Parameter):
            convert = {"real": float, "integer": int, "boolean": bool}[expression.type]
            return np.asarray(convert(self.parameters[expression.name]))
        if isinstance(expression, Index):
            return self.followed(expression.place, expression.via).astype(np.int64)
        if isinstance(expression, Draw):
            return self.draw(expression)
        if isinstance(expression, Lookup):
            found = self.memory.arrays[expression.table][self.value(expression.position)]
            return np.asarray(found).astype(_WIDEST[expression.type], copy=False)
        if isinstance(expression, Invoke):
            return self.invoke(expression)
        return self.time(expression)

    def time(self, time: Time) -> Value:
        clock = self.memory.clocks[self.clock if time.clock is None else time.clock]
        return np.asarray({"t": clock.time, "dt": clock.dt, "step": clock.step}[time.quantity])

    def draw(self, draw: Draw) -> Value:
        """The numbers of these elements in this step."""
        return self.drawn(draw, self.indices(draw.place), self.memory.clocks[self.clock].step, draw.number)

    def drawn(self, draw: Draw, elements: npt.ArrayLike, step: npt.ArrayLike, number: int) -> Value:
        arguments = self.laws[draw.law] if draw.law else [self.value(argument) for argument in draw.arguments]
        stream = self.memory.domains[self.domain].stream
        return random.DISTRIBUTIONS[draw.distribution](self.memory.seed, stream, elements, step, number, *arguments)

    def invoke(self, call: Invoke) -> Value:
        function = self.functions[call.function].python
        if function is None:
            raise UserError(
                f"the function '{call.function}' has no implementation for numpy", kind="build",
                hint="give it one with @implementation('numpy', ...), or choose prefs.codegen.target = 'cpp'",
            )  # fmt: skip
        arguments = [self.value(argument) for argument in call.arguments]
        return np.asarray(function(self, *arguments)).astype(_WIDEST[call.type], copy=False)

    def run(self, statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            if isinstance(statement, Exponentiate):
                self.exponentiate(statement)
                continue
            if isinstance(statement, Solve):
                self.solve(statement)
                continue
            if isinstance(statement, Law):
                self.laws[statement.name] = [self.value(argument) for argument in statement.arguments]
                continue
            value = self.value(statement.value)
            if isinstance(statement, Let):
                self.locals[statement.name] = value
            else:
                self.store(statement, value)

    def exponentiate(self, statement: Exponentiate) -> None:
        size = math.isqrt(len(statement.entries))
        shape = self.elements.shape
        entries = [np.broadcast_to(_real(self.value(entry)), shape) for entry in statement.entries]
        rows = small_exponential([entries[size * r : size * (r + 1)] for r in range(size)])
        self.locals |= dict(zip(statement.names, (entry for row in rows for entry in row), strict=True))

    def solve(self, statement: Solve) -> None:
        arrays, own = self.memory.arrays, self.elements
        clock = self.memory.clocks[self.clock]

        def rates(which: npt.NDArray[np.intp], t: Real, states: list[Real]) -> list[Real]:
            outer = {name: value[which] if np.ndim(value) else value for name, value in self.locals.items()}
            inner = replace(self, elements=own[which], locals=outer)
            inner.locals |= {"solve_t": t, **dict(zip(statement.states, states, strict=True))}
            inner.run(statement.body)
            return [np.broadcast_to(_real(inner.locals[name]), t.shape) for name in statement.rates]

        progress = solve(
            statement.tableau,
            rates,
            [_real(arrays[name][own]) for name in statement.arrays],
            [np.broadcast_to(_real(self.value(bound)), own.shape) for bound in statement.tolerances],
            clock.time,
            clock.dt,
            np.zeros(own.shape) if statement.last is None else _real(arrays[statement.last][own]),
            float(self.value(statement.most)),
            statement.adaptable,
        )
        for name, state in zip(statement.arrays, progress.states, strict=True):
            arrays[name][own] = state
        kept = ((statement.last, progress.last), (statement.failed, progress.failed), (statement.count, progress.count))
        for array, values in kept:
            if array is not None:
                arrays[array][own] = values
        if not progress.finished.all():
            arrays[statement.unfinished][own[~progress.finished]] = clock.time + clock.dt
            self.memory.stop = True

    def store(self, statement: Store, value: Value) -> None:
        self.memory.arrays[statement.array][self.indices(statement.place)] = value


class NumpyProgram:
    """Interprets a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.pathway_events = {pathway.name: pathway.event for pathway in plan.pathways}
        self.functions = {function.name: function for function in plan.functions}
        self.meetings = {o.pathway: _meetings(o) for o in plan.operations if isinstance(o, Propagate)}

    @property
    def origin(self) -> str:
        return "interpreted by numpy"

    def request_stop(self, memory: Memory) -> None:
        memory.stop = True

    def advance(self, memory: Memory, budget: int) -> Status:
        """See `interface.Program`."""
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
                _one_by_one(operation, evaluation, elements)
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
            evaluation.elements = memory.events[operation.event].at(step)
            record_events(
                operation, evaluation, memory.recorders[operation.recorder], memory.clocks[operation.clock].time
            )
        elif isinstance(operation, RecordState):
            recordings = memory.recorders[operation.recorder]
            if recordings.elements is not None:
                evaluation.elements = recordings.elements
            buffer = recordings.buffer
            buffer.times[buffer.count] = memory.clocks[operation.clock].time
            for column, value in zip(buffer.columns, operation.values, strict=True):
                column[buffer.count] = evaluation.value(value)
            buffer.count += 1
        else:
            self._record_rate(operation, memory, step)

    def _record_rate(self, operation: RecordRate, memory: Memory, step: int) -> None:
        recordings = memory.recorders[operation.recorder]
        buffer = recordings.buffer
        happened = memory.events[operation.event].at(step)
        inside = (happened >= recordings.first) & (happened < recordings.first + recordings.size)
        buffer.times[buffer.count] = memory.clocks[operation.clock].time
        buffer.columns[0][buffer.count] = np.count_nonzero(inside)
        buffer.count += 1

    def _propagate(self, operation: Propagate, evaluation: Evaluation, memory: Memory, step: int) -> None:
        """One source after the other, each row in parts within which no neuron is written twice."""
        rows = memory.pathways[operation.pathway]
        events = memory.events[self.pathway_events[operation.pathway]]
        for row in reached(rows, events, step):
            _one_by_one(operation, evaluation, row, self.meetings[operation.pathway])


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


def _one_by_one(
    operation: Propagate | Update, evaluation: Evaluation, row: Indices, meetings: list[_Meeting] | None = None
) -> None:
    """Run statements as if for one synapse after the other, in parts within which no neuron is written twice."""
    evaluation.elements = row
    meetings = _meetings(operation) if meetings is None else meetings
    ends = [
        (evaluation.indices(place), np.broadcast_to(evaluation.followed(used, via), row.shape))
        for place, used, via in meetings
    ]
    for part in independent_parts(row, ends):
        evaluation.elements = part
        evaluation.run(operation.statements)


def _meetings(operation: Propagate | Update) -> list[_Meeting]:
    """Where synapses may meet in one value: what is written at the first end is used at the second, led on from it."""
    stores = [s for s in operation.statements if isinstance(s, Store)]
    loads = [n for root in expressions_of(operation) for n in walk(root) if isinstance(n, Element)]
    written = [(s.array, s.place, ()) for s in stores if s.place != "own"]
    used = [*written, *((n.array, n.place, n.via) for n in loads if n.place != "own" or n.via)]
    return sorted({(place, q, via) for array, place, _ in written for other, q, via in used if array == other})


def independent_parts(row: Indices, meetings: list[tuple[Indices, Indices]]) -> Iterator[Indices]:
    """The synapses of a row, cut where one would use what another before it has written, or the other way round."""
    if not any(len(np.unique(p)) < len(p) if np.array_equal(p, q) else np.isin(p, q).any() for p, q in meetings):
        yield row
        return
    start = 0
    written: list[set[int]] = [set() for _ in meetings]
    used: list[set[int]] = [set() for _ in meetings]
    for k in range(len(row)):
        if any(int(p[k]) in u or int(q[k]) in w for (p, q), w, u in zip(meetings, written, used, strict=True)):
            yield row[start:k]
            start, written, used = k, [set() for _ in meetings], [set() for _ in meetings]
        for (p, q), w, u in zip(meetings, written, used, strict=True):
            w.add(int(p[k]))
            u.add(int(q[k]))
    yield row[start:]


def record_events(operation: RecordEvents, evaluation: Evaluation, recordings: Recordings, time: float) -> None:
    happened = evaluation.elements
    inside = (happened >= recordings.first) & (happened < recordings.first + recordings.size)
    happened = evaluation.elements = happened[inside]
    recordings.totals[happened - recordings.first] += 1
    if not recordings.keep_rows:
        return
    buffer = recordings.buffer
    rows = slice(buffer.count, buffer.count + len(happened))
    buffer.times[rows] = time
    buffer.indices[rows] = happened - recordings.first
    for column, value in zip(buffer.columns, operation.values, strict=True):
        column[rows, 0] = evaluation.value(value)
    buffer.count += len(happened)


def due_clocks(memory: Memory) -> set[int]:
    """The clocks that tick now: those whose time is the earliest of all that have not reached their end."""
    waiting = [(clock.time, number) for number, clock in enumerate(memory.clocks) if clock.step < clock.end]
    if not waiting:
        return set()
    earliest, fastest = min(waiting)[0], memory.clocks[0]
    return {number for time, number in waiting if time - earliest < 1e-4 * fastest.dt}
