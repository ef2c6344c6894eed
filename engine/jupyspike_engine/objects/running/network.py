"""Networks: objects that are simulated together, and running them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...compiler import Compiled, compile_network
from ...diagnostics import ArgumentError, ArgumentTypeError, UnknownNameError, UserError, nearest
from ...frames import called_from, calling_namespace, warn
from ...plan.network import slot_position
from ...preferences import prefs
from ...simulation.changes import Change
from ...simulation.native_program import event_clock
from ...simulation.simulation import Simulation
from ...targets.interface import Clock as ClockState
from ...targets.standalone.writer import Written
from ..base import SimulatedObject, checked_schedule
from ..clocks import defaultclock, seconds
from ..interrupts import interrupts_wait
from ..monitors.watching import begin_watching
from ..namespaces import Namespace
from ..naming import register
from ..networkoperation import NetworkOperation
from ..neurongroup import NeuronGroup
from ..states import States
from ..synaptic.synapses import Synapses
from .assembly import each_object, include, network_parts, of_type, parts_of
from .devices import get_device
from .exporting import project_of, untouched
from .layout import laid_out, left_over
from .memory import reserve_recordings
from .prepared import Prepared
from .reports import Report, reporter
from .results import show_results
from .shape import shape_of
from .signals import signals_wait
from .summaries import Table, scheduling_table
from .telling import Telling
from .ticking import Ticking


class SimulationWarning(UserWarning):
    """Something a user should know about a run that went on all the same."""


_running: list[Network] = []


def running_networks() -> tuple[Network, ...]:
    """The networks whose `run` has not returned yet."""
    return tuple(_running)


class Network(Telling):
    """Objects that are simulated together.

    Parameters
    ----------
    *objects
        Groups, synapses and monitors; those that they need are taken along.

    Examples
    --------
    >>> G = NeuronGroup(10, 'dv/dt = -v/(10*ms) : 1')
    >>> net = Network(G)
    >>> net.run(100*ms)
    >>> net.t
    100. * msecond
    """

    def __init__(self, *objects: Any, name: str = "network*") -> None:
        self.name = register(self, name)
        super().__init__()
        self.last: Prepared | None = None
        self._shape: object = None  # of the last compiled network
        self._schedule: tuple[str, ...] | None = None
        self.add(*objects)

    # objects

    def add(self, *objects: Any) -> None:
        """Add objects, or the objects in anything that can be iterated over: lists, the values of dicts, generators.

        Raises
        ------
        ArgumentTypeError
            Something is not an object of a simulation.
        """
        together = list(self.objects)
        include(objects, together)
        self.objects = together  # in one piece: a live run may read it meanwhile

    def remove(self, *objects: Any) -> None:
        """Take objects out, given as to `add`.

        Raises
        ------
        ArgumentTypeError, UnknownNameError
            Something is not an object of a simulation, or not in this network; nothing is taken out then.
        """
        leaving = list(each_object(objects))
        for item in leaving:
            if item not in self.objects:
                hint = f"its objects are: {', '.join(o.name for o in self.objects) or 'none'}"
                raise UnknownNameError(f"'{item.name}' is not in '{self.name}'", kind="name", hint=hint)
        self.objects = [item for item in self.objects if item not in leaving]

    def __contains__(self, item: object) -> bool:
        return any(item is own or item == own.name for own in self._with_parts())

    def __getitem__(self, name: str) -> SimulatedObject:
        objects = {item.name: item for item in self._with_parts()}
        if name not in objects:
            raise UnknownNameError(f"there is no object '{name}'", hint=nearest(str(name), objects))
        return objects[name]

    def __iter__(self) -> Iterator[SimulatedObject]:
        return iter(self.objects)

    def __len__(self) -> int:
        return len(self.objects)

    def __repr__(self) -> str:
        objects = ", ".join(item.name for item in self.objects) or "no objects"
        return f"<{type(self).__name__} {self.name!r} at t = {self.t}: {objects}>"

    @property
    def under_way(self) -> bool:
        """Whether a run is prepared or goes on."""
        return self._underway_now is not None

    @property
    def recorded_until(self) -> float:
        """Model time (s) until which everything has been recorded, also while a run goes on."""
        simulation = self._underway_now
        return self.t_ if simulation is None else simulation.recorded_until

    @property
    def schedule(self) -> tuple[str, ...]:
        """The slots of a time step in their order.

        Each has a slot ``before_`` and one ``after_`` it. Setting it to None gives those of the preference
        ``core.network.default_schedule`` back.
        """
        return tuple(prefs.core.network.default_schedule) if self._schedule is None else self._schedule

    @schedule.setter
    def schedule(self, slots: Sequence[str] | None) -> None:
        self._schedule = None if slots is None else checked_schedule(slots)

    # states

    def get_states(
        self,
        units: bool = True,
        format: str = "dict",  # the field's name
        subexpressions: bool = False,
        read_only_variables: bool = True,
        level: int = 0,
    ) -> dict[str, Any]:
        """`get_states` of every group, synapses with their pathways, and monitor, by their names."""
        exporting = [item for item in self._with_parts() if isinstance(item, States)]
        with called_from(calling_namespace(level)):
            return {
                item.name: item.get_states(None, units, format, subexpressions, read_only_variables)
                for item in exporting
            }  # fmt: skip

    def set_states(self, values: Mapping[str, Any], units: bool = True, format: str = "dict", level: int = 0) -> None:
        """`set_states` of objects, by their names."""
        with called_from(calling_namespace(level)):
            for name, states in values.items():
                item = self[name]
                if not isinstance(item, States):
                    raise ArgumentTypeError(f"'{name}' has no states that can be set")
                item.set_states(states, units, format)

    # running

    def run(
        self,
        duration: Any,
        report: Report = None,
        report_period: Any = None,
        namespace: Mapping[str, Any] | None = None,
        profile: bool | None = None,
        level: int = 0,
    ) -> None:
        """Simulate.

        Parameters
        ----------
        duration : Quantity
            Time to be simulated. A clock whose step does not divide it ticks as long as its time is before the end.
        report : None, 'text', 'stdout', 'stderr', 'bar' or callable
            Who is told of the progress; a callable gets elapsed time, completed part, start and duration. 'bar' is
            a progress bar in a notebook.
        report_period : Quantity
            Wall time between reports, 10 s by default.
        namespace : dict, optional
            Values of names in the models, in place of those of the calling code.
        profile : bool, optional
            Whether to measure how long each part takes; see `profile`.

        Raises
        ------
        UserError
            Names are missing or units do not fit; or another run of the network goes on, which calls this or has
            another thread. Nothing is simulated then.

        Notes
        -----
        An interrupt (Ctrl+C, the stop button of a notebook) ends the present time step and returns; everything recorded
        until then is kept. A second one raises KeyboardInterrupt at that place, a third one in the middle of a step.
        Handlers of other signals are called at the border of a step too: what they raise ends the run there, and a
        further one goes on.
        """
        names = namespace if namespace is not None else calling_namespace(level)
        with self.turn():
            prepared = self.prepare(duration, names)
            get_device().starts(self, prepared, names)
            reserve_recordings(prepared.simulation, prepared.compiled.lowered.recorders)
            self.tell_of_run()
            tell = reporter(report, report_period, prepared.start, prepared.duration)
            simulation = prepared.simulation
            if profile:
                simulation.memory.profile = np.zeros(len(simulation.plan.operations) + 1)
            tell(0.0)

            def completed() -> float:
                return min(1.0, (simulation.time - prepared.start) / prepared.duration) if prepared.duration else 1.0

            with signals_wait(simulation, prefs.core.stop_on_keyboard_interrupt) as signals:

                def at_border() -> None:
                    tell(completed())
                    signals.deliver()

                finished = self._simulate(prepared, at_border)
            self._warn(simulation)
            tell(1.0 if finished else completed(), ended=True)
            if signals.interrupted:
                print(f"Interrupted at t = {self.t}; everything recorded until then is kept.", file=sys.stderr)

    def _simulate(
        self,
        prepared: Prepared,
        at_border: Callable[[], None],
        changes: tuple[Change, ...] = (),
        until: int | None = None,
    ) -> bool:
        """Run to the end, and take over what there is then, also after an error; False if it was stopped before."""
        if self.last_session is not None:
            self.last_session.give_way()  # its start is no longer what the network can go back to
        _running.append(self)
        try:
            return prepared.simulation.run(changes, at_border, until)
        finally:
            _running.remove(self)
            self.finish(prepared)

    def export(
        self,
        folder: str | Path,
        duration: Any,
        namespace: Mapping[str, Any] | None = None,
        threads: int = 1,
        level: int = 0,
    ) -> None:
        """Write the network in its present state as a C++17 project that runs without Python.

        The project says in its README.md how it is built and run; its program takes other values, another seed and
        another duration on the command line. Spikes and numbers are the same bits as those of `run` on the target cpp.

        Parameters
        ----------
        folder : str or Path
            A folder; an earlier project in it is replaced.
        duration : Quantity
            What the program simulates if it is not told otherwise.
        namespace : dict, optional
            Values of names in the models, in place of those of the calling code.
        threads : int
            How many the program has if it is not told otherwise.

        Raises
        ------
        UserError
            Names are missing or units do not fit; something of the network is written in Python; or other files would
            be replaced. Nothing is written then.

        Examples
        --------
        >>> G = NeuronGroup(10, 'dv/dt = -v/(10*ms) : 1', name='leaky')
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     Network(G).export(folder, 100*ms)
        ...     sorted(path.name for path in Path(folder).iterdir())
        ['CMakeLists.txt', 'Makefile', 'README.md', 'data', 'provenance.json', 'src']
        """
        names = namespace if namespace is not None else calling_namespace(level)
        last, shape = self.last, self._shape
        try:
            with self.turn(), untouched(self.objects):
                prepared = self.prepare(duration, names, "numpy", to_be_watched=False)  # whose plan all targets have
                Written(project_of(self, prepared, names, threads), Path(folder))
        finally:
            self.last, self._shape = last, shape

    def show_results(self, folder: str | Path) -> None:
        """Let monitors and variables show what the program of an exported network wrote, on whatever machine.

        The same objects must have been made before. What monitors have from before the start of the program stays.

        Parameters
        ----------
        folder : str or Path
            The folder of the results, ``results`` unless the program was told otherwise.

        Raises
        ------
        MissingFileError
            There are no results.
        ArgumentError
            They are those of other objects; nothing is changed then.

        Examples
        --------
        After ``net.export('leaky', 100*ms)`` and, in that folder, ``make && ./main --output long --duration 10``::

            net.show_results('leaky/long')
        """
        show_results(self._with_parts(), Path(folder))

    def replay(self, duration: Any, changes: tuple[Change, ...], namespace: Mapping[str, Any] | None = None) -> None:
        """Run with the changes of constants that a live session logged, each at its own step."""
        names = namespace if namespace is not None else calling_namespace()
        with self.turn():
            self.replay_run(self.prepare(duration, names), changes)

    def replay_run(self, prepared: Prepared, changes: tuple[Change, ...], until: int | None = None) -> None:
        """Let a run that has been prepared begin, with changes of constants; see `replay`. It may end at a step."""
        self.tell_of_run()
        with signals_wait(prepared.simulation, prefs.core.stop_on_keyboard_interrupt) as signals:
            self._simulate(prepared, signals.deliver, changes, until)
        self._warn(prepared.simulation)

    @staticmethod
    def _warn(simulation: Simulation) -> None:
        if simulation.not_finite:
            warn(simulation.not_finite, SimulationWarning)

    def check(self, namespace: Namespace) -> None:
        """Look for what would keep a run from starting.

        Raises
        ------
        UserError
            Names are missing or units do not fit.
        """
        parts_of(self.objects)
        network_parts(self.objects, self.ticking(), self.schedule, namespace)

    def _check_needs(self) -> None:
        """Raise an error if something was taken out that another object cannot run without."""
        for item in self.objects:
            for missing in set(item.needs).difference(self.objects):
                raise ArgumentError(
                    f"'{item.name}' cannot run without '{missing.name}', which is not in the network",
                    hint="remove both, or set active to False for what shall rest",
                )

    def prepare(
        self, duration: Any, namespace: Namespace, target: str | None = None, to_be_watched: bool = True
    ) -> Prepared:
        """Check and compile everything for a run, and lay out its memory; for the target of the device by default.

        What watches the objects is taken along if the run is ``to_be_watched``.

        A live run of the network that still goes on is waited for.
        """
        began = time.perf_counter()
        length = seconds(duration, "the duration of a run")
        self.wait_for_live_run()
        self._show_times()
        self._check_needs()
        ticking = self.ticking()
        monitors, snapshots = begin_watching(self.objects, self.t_, namespace) if to_be_watched else ([], [])
        objects = [*self.objects, *monitors]
        parts = parts_of(objects)
        compiled = self._compiled(objects, ticking, namespace, get_device().target if target is None else target)
        end = ticking.aligned(self.t_ + length)
        states = self._clocks(ticking, end)
        for item in self.objects:
            item.before_run(namespace)
        memory = laid_out(compiled, parts, states, self._underway, namespace)
        recordings = {compiled.lowered.recorders[m.name]: m.recording for m in parts.monitors}
        watched = {
            f"{group.name}.{name}": group.arrays[name]
            for group in (*of_type(self.objects, NeuronGroup), *of_type(self.objects, Synapses))
            for name in group.equations
            if name in (*group.equations.diff_eq_names, *group.solved)
        }
        before = self.last.simulation if self.last is not None else None
        simulation = Simulation(compiled.plan, compiled.program, memory, recordings, watched, before=before)
        simulation.observers = [snapshot.take for snapshot in snapshots]
        operations = {f"c{k}": call for k, call in enumerate(of_type(self.objects, NetworkOperation))}
        simulation.calls = {name: partial(self._call, call, simulation) for name, call in operations.items()}
        for item in self.objects:
            item.joined(self)
        self._underway_now = simulation
        took = time.perf_counter() - began
        self.last = Prepared(simulation, compiled, parts, self.t_, length, end, took)
        return self.last

    def _compiled(
        self, objects: Sequence[SimulatedObject], ticking: Ticking, namespace: Namespace, target: str
    ) -> Compiled:
        """The program of the network, the same as in the last run while nothing but values has changed."""
        try:
            shape = target, prefs.set_within("codegen"), self.schedule, shape_of(objects, ticking, namespace)
        except UserError:  # it is told with its place by what follows
            shape = None
        if self.last is not None and shape is not None and shape == self._shape:
            return self.last.compiled
        compiled = compile_network(network_parts(objects, ticking, self.schedule, namespace), target)
        self._shape = shape
        return compiled

    def _call(self, operation: NetworkOperation, simulation: Simulation) -> None:
        """Let an operation written in Python act within a step."""
        clock = simulation.memory.clocks[operation.number]
        self.show_time(clock.time)
        began = time.perf_counter()
        operation.act(clock.time)
        if simulation.memory.profile is not None:
            simulation.memory.profile[simulation.memory.position] += time.perf_counter() - began

    def show_time(self, time: float) -> None:
        """Let the network and its clocks say the model time (s), while it is simulated."""
        self.t_ = time
        for item in self.objects:
            item.clock.t_ = time

    def finish(self, prepared: Prepared) -> None:
        """Take over what a run left: time, and the events that are still on their way."""
        with interrupts_wait():  # torn apart, a further run would begin at another time than this one has ended
            self._take_over(prepared)

    def _take_over(self, prepared: Prepared) -> None:
        memory = prepared.simulation.memory
        finished = all(clock.step >= clock.end for clock in memory.clocks)
        self.t_ = prepared.end if finished else memory.clocks[0].time  # the fastest: others wait for their next time
        self._steps = {state.dt: state.step for state in memory.clocks if not state.times}
        self._underway_now = None  # now that it is told where the network stands
        self._show_times()
        for observe in prepared.simulation.observers:
            observe(self.t_, True)
        self._underway = left_over(prepared.compiled, prepared.parts, memory)
        if prepared.simulation.log:
            self.tell_of_run()
        for item in self.objects:
            item.after_run()

    # what happens in a step

    @property
    def sorted_objects(self) -> list[SimulatedObject]:
        """The objects, and those that they contain, in the order in which they act."""
        return sorted(self._with_parts(), key=lambda o: (slot_position(o.when, self.schedule), o.order, o.name))

    def scheduling_summary(self) -> Table:
        """A table of what acts in a time step, in its order."""
        return scheduling_table(self.objects, self.schedule)

    def _clocks(self, ticking: Ticking, end: float) -> list[ClockState]:
        """Where each clock stands, and where it is to end for a run until a time (s)."""
        return ticking.states(self.t_, ticking.aligned(end), {dt: self._step_of(dt) for dt in ticking.steps})

    def last_events(self, group: str, event: str) -> npt.NDArray[np.int32] | None:
        """The elements of a group that had an event in the last step."""
        if self.last is None or group not in self.last.compiled.lowered.domains:
            return None
        memory, domain = self.last.simulation.memory, self.last.compiled.lowered.domains[group]
        history = memory.events[f"{domain}_{event}"]
        newest = memory.clocks[event_clock(self.last.compiled.plan, f"{domain}_{event}")].step
        return history.at(newest if memory.position else newest - 1).copy()

    def stop(self) -> None:
        """End the present run at the border of a step; to be called from a network operation or another thread."""
        if self.last is not None:
            self.last.simulation.program.request_stop(self.last.simulation.memory)

    def ticking(self) -> Ticking:
        """The clocks of the network.

        Raises
        ------
        ArgumentError
            The present time is not a whole number of steps of one of them.
        """
        clocks = [item.clock for owner in self.objects for item in (owner, *owner.contained_objects)]
        ticking = Ticking.of(clocks or [defaultclock])
        for dt in ticking.steps:
            self._step_of(dt)
        for group in of_type(self.objects, NeuronGroup):
            group.on_time_step(group.clock.dt_)
        return ticking
