"""Networks: objects that are simulated together, and running them."""

from __future__ import annotations

import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..compiler import Compiled, compile_network
from ..diagnostics import ArgumentError, ArgumentTypeError, Problems, UnknownNameError, UserError, nearest
from ..plan.network import Network as NetworkParts
from ..simulation.native_program import event_clock
from ..simulation.simulation import Change, Simulation
from ..targets.interface import Clock as ClockState
from ..targets.interface import Elements, History, Memory
from ..units import SECOND, quantity
from .base import SimulatedObject
from .clocks import Clock, defaultclock, seconds
from .frames import calling_namespace
from .monitors import Monitor
from .naming import register
from .neurongroup import NeuronGroup, Subgroup, whole
from .owner import Namespace, VariableOwner, zeros
from .preferences import prefs
from .randomness import current_seed
from .reports import Report, reporter
from .synapses import Synapses


class SimulationWarning(UserWarning):
    """Something a user should know about a run that went on all the same."""


@dataclass
class Prepared:
    """A run about to start: the simulation and what it was compiled to."""

    simulation: Simulation
    compiled: Compiled
    clocks: list[Clock]
    start: float
    duration: float
    seconds_to_prepare: float


class Network:
    """Objects that are simulated together.

    Parameters
    ----------
    *objects
        Groups, synapses and monitors; those that they need are taken along.

    Examples
    --------
    >>> net = Network(G, spikes)
    >>> net.run(100*ms)
    """

    def __init__(self, *objects: Any, name: str = "network*") -> None:
        self.name = register(self, name)
        self.objects: list[SimulatedObject] = []
        self.t_ = 0.0
        self.last: Prepared | None = None
        self._histories: dict[tuple[str, str], History] = {}
        self.add(*objects)

    # objects

    def add(self, *objects: Any) -> None:
        """Add objects, or the objects in lists and dicts.

        Raises
        ------
        ArgumentTypeError
            Something is not an object of a simulation.
        """
        for item in objects:
            if isinstance(item, Mapping):
                self.add(*item.values())
            elif isinstance(item, (list, tuple, set)):
                self.add(*item)
            elif not isinstance(item, SimulatedObject):
                raise ArgumentTypeError(f"{item!r} is not an object of a simulation")
            elif item not in self.objects:
                self.add(*item.needs)
                self.objects.append(item)

    def remove(self, *objects: SimulatedObject) -> None:
        """Take objects out."""
        for item in objects:
            self.objects.remove(item)

    def __contains__(self, item: object) -> bool:
        return any(item is own or item == own.name for own in self.objects)

    def __getitem__(self, name: str) -> SimulatedObject:
        for item in self.objects:
            if item.name == name:
                return item
        raise UnknownNameError(f"there is no object '{name}'", hint=nearest(name, [o.name for o in self.objects]))

    def __iter__(self) -> Iterator[SimulatedObject]:
        return iter(self.objects)

    def __len__(self) -> int:
        return len(self.objects)

    @property
    def t(self) -> Any:
        """Time simulated so far."""
        return quantity(self.t_, SECOND)

    def _of_type(self, kind: type[Any]) -> list[Any]:
        return [item for item in self.objects if isinstance(item, kind) and item.active]

    # running

    def run(
        self,
        duration: Any,
        report: Report = None,
        report_period: Any = None,
        namespace: Mapping[str, Any] | None = None,
        level: int = 0,
    ) -> None:
        """Simulate.

        Parameters
        ----------
        duration : Quantity
            Time to be simulated; a whole number of time steps is taken.
        report : None, 'text', 'stdout', 'stderr' or callable
            Who is told of the progress; a callable gets elapsed time, completed part, start and duration.
        report_period : Quantity
            Wall time between reports, 10 s by default.
        namespace : dict, optional
            Values of names in the models, in place of those of the calling code.

        Raises
        ------
        UserError
            Names are missing or units do not fit; nothing is simulated then.

        Notes
        -----
        An interrupt (Ctrl+C, the stop button of a notebook) ends the present time step and returns; everything recorded
        until then is kept. A second one interrupts at once.
        """
        prepared = self.prepare(duration, namespace if namespace is not None else calling_namespace(level))
        tell = reporter(report, report_period, prepared.start, prepared.duration)
        simulation = prepared.simulation
        tell(0.0)

        def each_slice() -> None:
            if prepared.duration > 0:
                tell(min(1.0, (simulation.time - prepared.start) / prepared.duration))

        with _interrupts_stop(simulation) as interrupted:
            finished = simulation.run(each_slice=each_slice)
        self.finish(prepared)
        if finished:
            tell(1.0)
        elif interrupted:
            print(f"Interrupted at t = {self.t}; everything recorded until then is kept.", file=sys.stderr)

    def replay(self, duration: Any, changes: tuple[Change, ...], namespace: Mapping[str, Any] | None = None) -> None:
        """Run with the changes of constants that a live session logged, each at its own step."""
        prepared = self.prepare(duration, namespace if namespace is not None else calling_namespace())
        prepared.simulation.run(changes)
        self.finish(prepared)

    def prepare(self, duration: Any, namespace: Namespace) -> Prepared:
        """Check and compile everything for a run, and lay out its memory."""
        began = time.perf_counter()
        length = seconds(duration, "the duration of a run")
        clocks = self._clocks()
        compiled = compile_network(self._parts(clocks, namespace), prefs.codegen.target)
        ends = [round((self.t_ + length) / clock.dt_) for clock in clocks]
        memory = self._memory(compiled, clocks, ends, namespace)
        recordings = {compiled.lowered.recorders[m.name]: m.recording for m in self._of_type(Monitor)}
        watched = {
            f"{group.name}.{name}": group.arrays[name]
            for group in (*self._of_type(NeuronGroup), *self._of_type(Synapses))
            for name in group.equations.diff_eq_names
        }
        simulation = Simulation(compiled.plan, compiled.program, memory, recordings, watched)
        for item in self.objects:
            item.joined(self)
        took = time.perf_counter() - began
        self.last = Prepared(simulation, compiled, clocks, self.t_, length, took)
        return self.last

    def finish(self, prepared: Prepared) -> None:
        """Take over what a run left: time, and the events that are still on their way."""
        memory, plan = prepared.simulation.memory, prepared.compiled.plan
        self.t_ = max((state.time for state in memory.clocks), default=self.t_)
        for clock in prepared.clocks:
            clock.t_ = self.t_
        domains = {domain: name for name, domain in prepared.compiled.lowered.domains.items()}
        for event in plan.events:
            self._histories[domains[event.domain], event.name.split("_", 1)[1]] = memory.events[event.name]
        if prepared.simulation.not_finite:
            warnings.warn(prepared.simulation.not_finite, SimulationWarning, stacklevel=3)

    def _clocks(self) -> list[Clock]:
        """The clocks of the network, the fastest first; clocks with the same time step tick as one."""
        found: dict[float, Clock] = {}
        for item in self.objects:
            clock: Clock = item.clock
            found.setdefault(clock.dt_, clock)
        clocks = [found[dt] for dt in sorted(found)] or [defaultclock]
        for clock in clocks:
            steps = self.t_ / clock.dt_
            if abs(steps - round(steps)) > 1e-4:
                raise ArgumentError(
                    f"the time {self.t} is not a whole number of steps of {clock.dt}",
                    hint="choose a dt that divides it",
                )
            clock.t_ = self.t_
        return clocks

    def _parts(self, clocks: list[Clock], namespace: Namespace) -> NetworkParts:
        number = {clock.dt_: k for k, clock in enumerate(clocks)}
        groups: list[NeuronGroup] = self._of_type(NeuronGroup)
        all_synapses: list[Synapses] = self._of_type(Synapses)
        problems = Problems()
        neurons, synapses = [], []
        for group in groups:
            try:
                neurons.append(group.part(namespace, number[group.clock.dt_], rewritten_by(group, all_synapses)))
            except UserError as error:
                problems.extend(error)
        of_group = {group.name: number[group.clock.dt_] for group in groups}
        for item in all_synapses:
            try:
                synapses.append(item.part(namespace, number[item.clock.dt_], of_group))
            except UserError as error:
                problems.extend(error)
        problems.raise_if_any()
        recordings = tuple(m.part(number[m.clock.dt_]) for m in self._of_type(Monitor))
        return NetworkParts(len(clocks), tuple(neurons), tuple(synapses), recordings)

    def _memory(self, compiled: Compiled, clocks: list[Clock], ends: list[int], namespace: Namespace) -> Memory:
        owners: dict[str, VariableOwner] = {
            o.name: o for o in self._of_type(VariableOwner) if not isinstance(o, Subgroup)
        }
        lowered, plan = compiled.lowered, compiled.plan
        objects = {domain: owners[name] for name, domain in lowered.domains.items()}
        states = (ClockState * len(clocks))(
            *(ClockState(round(self.t_ / c.dt_), end, c.dt_) for c, end in zip(clocks, ends, strict=True))
        )
        parameters = np.zeros(len(plan.parameters))
        for k, name in enumerate(plan.parameters):
            given = lowered.parameters.get(name)
            if given is not None:
                parameters[k] = owners[given.owner].given(given, namespace)
        arrays: dict[str, Any] = {}
        for array in plan.arrays:
            owner, variable = objects[array.domain], array.name.split(".", 1)[1]
            arrays[array.name] = owner.arrays[variable] if variable in owner.arrays else zeros(len(owner), np.float64)
        domains = {domain: _elements(owner) for domain, owner in objects.items()}
        pathways = {}
        depths: dict[str, int] = {}
        for pathway in plan.pathways:
            path_owner = objects[pathway.synapses]
            assert isinstance(path_owner, Synapses)
            clock = states[event_clock(plan, pathway.event)]
            rows = path_owner.rows(path_owner.pathways[pathway.name.split("_", 1)[1]], clock.dt)
            pathways[pathway.name] = rows
            depths[pathway.event] = max(depths.get(pathway.event, 1), rows.delay + 1)
        events = {}
        for event in plan.events:
            owner, step = objects[event.domain], states[event_clock(plan, event.name)].step
            old = self._histories.get((owner.name, event.name.split("_", 1)[1]))
            depth, size = depths.get(event.name, 1), len(owner)
            kept = old is not None and step > 0
            events[event.name] = (
                old.rearranged(step, depth, 4 * size + 1024) if kept and old else History(4 * size, depth)
            )
        recorders = {lowered.recorders[m.name]: m.buffers() for m in self._of_type(Monitor)}
        return Memory(current_seed(), parameters, arrays, states, domains, events, pathways, recorders)


def _elements(owner: VariableOwner) -> Elements:
    if isinstance(owner, Synapses):
        return owner.elements()
    return Elements(len(owner), owner.stream.key)


def rewritten_by(group: NeuronGroup, synapses: list[Synapses]) -> frozenset[str]:
    """The variables of a group that the code of synapses changes."""
    written: set[str] = set()
    for item in synapses:
        ends = {"pre": whole(item.source)[0], "post": whole(item.target)[0]}
        for pathway in item.model.pathways:
            for statement in pathway.statements:
                symbol = item.symbols[statement.target]
                if symbol.side != "own" and ends[symbol.side] is group:
                    written.add(symbol.name)
    return frozenset(written) - group.equations.diff_eq_names


class _interrupts_stop:  # reads as a statement
    """While a simulation runs, the first interrupt stops it at the border of a step, the second one interrupts."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.interrupts: list[int] = []
        self._before: Callable[..., Any] | int | None = None

    def __enter__(self) -> list[int]:
        self._main = threading.current_thread() is threading.main_thread()
        if self._main:
            self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self.interrupts

    def _interrupt(self, number: int, frame: Any) -> None:
        if self.interrupts:
            raise KeyboardInterrupt
        self.interrupts.append(number)
        self.simulation.program.request_stop(self.simulation.memory)

    def __exit__(self, *error: object) -> None:
        if self._main:
            signal.signal(signal.SIGINT, self._before)
