"""A network that runs: its program, its memory, the values given to it, and what happens at the borders of steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, IntegrationError, UserError
from ..numerics.matrix_exponential import propagate
from ..plan.nodes import Call, Plan, Propagator, Solve
from ..preferences import prefs
from ..targets.interface import Buffer, Memory, Program, Recordings, Status
from ..targets.numpy.evaluation import Evaluation
from .changes import Change, Places, note
from .recording import Chunk, Recording
from .teams import Pace

SLICE = 0.02  # seconds of wall time after which control returns to Python
LOOKS = 50  # how often at least observers see a run


@dataclass
class Simulation:
    """A program and the memory it advances.

    Parameters
    ----------
    recordings : mapping
        For each recorder of the plan, where its rows go.
    recorded_until : float
        Model time in seconds up to which recordings are complete: while it advances, clocks are ahead of them.
    calling : bool
        Whether something that the user wrote in Python is under way.
    watched : mapping
        Arrays in which a value that is not finite is worth a warning, by their name for the user.
    before : Simulation, optional
        The one that it goes on from, which may know how many threads pay, and how long a step takes.
    observers : sequence of callable
        Told the model time (s) between slices, where they may look at the state, and whether the run has ended.
    """

    plan: Plan
    program: Program
    memory: Memory
    recordings: Mapping[str, Recording]
    watched: Mapping[str, npt.NDArray[np.float64]]
    log: list[Change] = field(default_factory=list)
    not_finite: str = ""
    calls: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    observers: Sequence[Callable[[float, bool], None]] = ()
    before: InitVar[Simulation | None] = None
    recorded_until: float = field(init=False)
    calling: bool = False
    _steps_in_slice: int = 1
    _changed: dict[str, float] = field(default_factory=dict)  # the last value of each change
    _at_first: dict[str, tuple[npt.NDArray[Any], float]] = field(default_factory=dict)  # arrays before, their factors

    def __post_init__(self, before: Simulation | None) -> None:
        self.memory.not_finite = np.array([-1.0])
        self.compute_propagators()
        self.recorded_until = self.time
        self._few_steps = max(1, self.memory.clocks[0].steps_left // LOOKS)
        self._pace = Pace(self.memory.parts, fixed=bool(prefs.engine.threads))
        if before is not None and before._advances_the_same(self):
            self._steps_in_slice = before._steps_in_slice
            self._pace = before._pace if before._pace.fixed == self._pace.fixed else self._pace

    def _advances_the_same(self, other: Simulation) -> bool:
        """Whether another simulation has the same program, for as many elements and threads."""
        sizes = [[domain.size for domain in memory.domains.values()] for memory in (self.memory, other.memory)]
        return self.program is other.program and sizes[0] == sizes[1] and self.memory.parts == other.memory.parts

    @property
    def time(self) -> float:
        """Model time in seconds at which the first clock stands."""
        return self.memory.clocks[0].time

    @property
    def step(self) -> int:
        """Grows with every tick: where clocks tick in turn, the step of one does not tell where the others stand."""
        return sum(clock.step for clock in self.memory.clocks)

    def change(self, parameter: str, value: float | tuple[float, ...], places: Places | None = None) -> None:
        """Let a value take effect, see `Change`; must be called at the border of a step, which it is logged with."""
        if places is not None:
            self.memory.arrays[parameter][np.asarray(places)] = value
            self._at_first.pop(f"{parameter}*", None)  # a factor goes on from what is there now
        elif isinstance(value, tuple):
            raise ArgumentError(f"'{parameter}' has one value", found=f"{len(value)} values")
        else:
            self._move(parameter, value)
        note(self.log, Change(self.step, parameter, value, places), attrgetter("step", "parameter", "places"))
        self.compute_propagators()

    def array_name(self, array: npt.NDArray[Any]) -> str | None:
        """The name in the plan of an array, if the program has it."""
        return next((name for name, other in self.memory.arrays.items() if other is array), None)

    def _move(self, parameter: str, value: float) -> None:
        if parameter in self.plan.parameters:
            self.memory.parameters[self.plan.parameters.index(parameter)] = value
        elif parameter.endswith("*"):
            array = self.memory.arrays[parameter[:-1]]
            if parameter not in self._at_first:
                self._at_first[parameter] = array.copy(), self._changed.get(parameter, 1.0)
            values, factor = self._at_first[parameter]
            if factor == 0:
                raise ArgumentError(f"'{parameter[:-1]}' was multiplied by 0 before: what it was is not known any more")
            array[:] = values * (value / factor)
        else:
            self.memory.arrays[parameter][:] = value
        self._changed[parameter] = value

    def go_on_from(self, earlier: Simulation) -> None:
        """Have the values of an earlier run, which this one goes on from: what they would be now is not asked."""
        self._changed = dict(earlier._changed)
        values = dict(zip(earlier.plan.parameters, earlier.memory.parameters.tolist(), strict=True))
        for k, parameter in enumerate(self.plan.parameters):
            self.memory.parameters[k] = values.get(parameter, self.memory.parameters[k])
        self.compute_propagators()

    def compute_propagators(self) -> None:
        """Compute the numbers of all exact integrations from the present constants."""
        for propagator in self.plan.propagators:
            self._propagate(propagator)

    def _propagate(self, propagator: Propagator) -> None:
        memory = self.memory
        parameters = dict(zip(self.plan.parameters, memory.parameters.tolist(), strict=True))
        domain = propagator.domain or self.plan.domains[0].name
        size = memory.domains[domain].size if propagator.domain else 1
        elements = np.arange(size, dtype=np.int32)
        evaluation = Evaluation(memory, parameters, domain, elements, propagator.clock)
        n = len(propagator.entries)
        matrix = np.zeros((size, n, n))
        with np.errstate(all="ignore"):
            for row, entries in enumerate(propagator.entries):
                for column, entry in enumerate(entries):
                    if entry is not None:
                        matrix[:, row, column] = evaluation.value(entry)
            exponential, integral = propagate(matrix, memory.clocks[propagator.clock].dt)
        for names, numbers in ((propagator.exponential, exponential), (propagator.integral, integral)):
            for row, column, name in names:
                if propagator.domain is None:
                    memory.parameters[self.plan.parameters.index(name)] = numbers[0, row, column]
                else:
                    memory.arrays[name][:] = numbers[:, row, column]

    def advance(self, most: int | None = None) -> Status:
        """Advance by one slice of about 20 ms (or fewer steps); returns at the border of a step."""
        budget = self._steps_in_slice if most is None else min(most, self._steps_in_slice)
        if self.observers:  # they are to see even a short run several times
            budget = min(budget, self._few_steps)
        self.memory.threads, budget = self._pace.next_slice(budget)
        before, began = self.step, time.perf_counter()
        try:
            status = self._advance(budget)
        finally:
            try:
                self._collect()
            finally:
                self.recorded_until = self.time
        took = time.perf_counter() - began
        for observer in self.observers:
            observer(self.recorded_until, False)
        self._pace.took(self.memory.threads, self.step - before, took)
        if status == Status.BUDGET and budget == self._steps_in_slice:
            fitting = budget * SLICE / max(took, 1e-6)
            self._steps_in_slice = int(max(1, min(fitting, 2 * budget)))
        self._look_for_not_finite()
        if status == Status.STOPPED:
            self._look_for_unfinished()
        return status

    def _advance(self, budget: int) -> Status:
        """Advance, and do what only the host can do wherever the plan says so.

        If that fails the step is completed before the error is passed on.
        """
        failure: BaseException | None = None
        target = self.step + budget  # not beyond it, whichever clocks tick: there a change may wait
        while True:
            status = self.program.advance(self.memory, max(1, target - self.step))
            if status == Status.NOT_FINITE:
                self._look_for_not_finite()
                continue
            if status != Status.CALL:
                break
            operation = self.plan.operations[self.memory.position]
            assert isinstance(operation, Call)
            try:
                self._collect()
                if failure is None:
                    self.calling = True
                    self.calls[operation.name]()
                    self.calling = False
                    self.compute_propagators()
            except BaseException as error:
                self.calling = False
                failure = error
                self.program.request_stop(self.memory)
            self.memory.position += 1
        if failure is not None:
            raise failure
        return status

    def run(
        self,
        changes: tuple[Change, ...] = (),
        each_slice: Callable[[], None] | None = None,
        until: int | None = None,
    ) -> bool:
        """Advance until all clocks have reached their end; False if it was stopped before.

        Parameters
        ----------
        changes : tuple of Change
            Constants to be changed on the way, as an earlier session logged them.
        until : int, optional
            The step at which it stops.
        """
        waiting = sorted(changes, key=lambda change: change.step)
        while True:
            while waiting and waiting[0].step <= self.step:
                change = waiting.pop(0)
                self.change(change.parameter, change.value, change.places)
            if until is not None and self.step >= until:
                return False
            ahead = [change.step for change in waiting[:1]] + ([] if until is None else [until])
            ticks = max(1, (min(ahead) - self.step) // len(self.memory.clocks)) if ahead else None
            status = self.advance(ticks)
            if each_slice is not None:
                self.calling = True
                try:
                    each_slice()
                finally:
                    self.calling = False
            if status in (Status.DONE, Status.STOPPED):
                return status == Status.DONE

    def _collect(self) -> None:
        """Move the rows that recorders have filled to where monitors read them.

        Raises
        ------
        ArgumentError
            There is no room for some of them; they wait there, all others are moved.
        """
        problem: UserError | None = None
        for name, recordings in self.memory.recorders.items():
            buffer, recording = recordings.buffer, self.recordings[name]
            if buffer.count:
                rows = slice(0, buffer.count)
                columns = tuple(column[rows] for column in buffer.columns)
                try:
                    recording.append(Chunk(buffer.times[rows], buffer.indices[rows], columns))
                except UserError as error:
                    problem = error
                buffer.count = 0
            recording.settle(self.time)
        if problem is not None:
            raise problem

    def _look_for_unfinished(self) -> None:
        """Raise an error if the program stopped because a method with steps of its own did not come to the end.

        Raises
        ------
        IntegrationError
            With the variables, the element and the time.
        """
        statements = (s for operation in self.plan.operations for s in getattr(operation, "statements", ()))
        for statement in statements:
            if not isinstance(statement, Solve):
                continue
            ends = self.memory.arrays[statement.unfinished]
            if not (where := np.flatnonzero(ends)).size:
                continue
            first = self.memory.arrays[statement.arrays[0]]
            name = next((n.rpartition(".")[0] for n, values in self.watched.items() if values is first), "the group")
            variables = ", ".join(array.rpartition(".")[2] for array in statement.arrays)
            raise IntegrationError(
                f"{statement.tableau.name} could not keep the errors of {variables} of {name}[{where[0]}] within their "
                f"bounds, in the time step that ended at t = {float(ends[where[0]]) * 1e3:.6g} ms",
                kind="method",
                hint="a larger 'max_steps' or 'absolute_error' in method_options, a smaller dt, or the method "
                "'rosenbrock' for stiff equations; look for a division by zero or growth without bounds",
            )

    def _look_for_not_finite(self) -> None:
        """Write down, once in a run, what is not finite at the present border of a step."""
        if self.memory.not_finite is None:
            return
        found = {name: where for name, values in self.watched.items() if (where := _not_finite(values)).size}
        if not found:
            return
        name, where = next(iter(found.items()))
        time = float(self.memory.not_finite[0])
        when = f"in the time step at t = {time * 1e3:.10g} ms" if time >= 0 else f"before t = {self.time * 1e3:.10g} ms"
        others = [f"{n}[{k}]" for n, elements in found.items() for k in elements[:4].tolist()][1:4]
        count = sum(elements.size for elements in found.values()) - 1
        also = f" (and {count} more: {', '.join(others)}{', ...' if count > len(others) else ''})" if count else ""
        self.not_finite = (
            f"{name}[{where[0]}] became {self.watched[name][where[0]]} {when}{also}. Try a smaller dt, or another "
            "method; or look for a division by zero in the equations, or for what synapses or other statements added "
            "just before."
        )
        self.memory.not_finite = None


def _not_finite(values: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """The elements whose value is infinite or no number."""
    return np.flatnonzero(~np.isfinite(values))


def recorder_memory(
    kind: str, columns: int, first: int, size: int, elements: npt.NDArray[np.int32] | None
) -> Recordings:
    """Buffers for a recorder: for events at least four times what one step can bring, for states about a megabyte."""
    width = 1 if elements is None else len(elements)
    samples = max(16, min(8192, (1 << 17) // max(1, width * columns)))
    capacity = max(16384, 4 * size) if kind == "events" else samples
    buffer = Buffer(columns, width if kind == "state" else 1, capacity, kind == "events")
    totals = np.zeros(size if kind == "events" else 0, np.int64)
    return Recordings(buffer, first, len(elements) if elements is not None else size, totals, elements)
