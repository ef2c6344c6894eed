"""Where a network stands, which is kept and gone back to: its time, its objects' states, what is on its way."""

from __future__ import annotations

import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ...diagnostics import ArgumentError, UnknownNameError, UserError, nearest
from ...simulation.changes import Move, Parameter
from ...simulation.session import Session
from ...simulation.simulation import Simulation
from ...units import SECOND, quantity
from ..base import SimulatedObject
from ..clocks import EventClock
from ..randomness import new_trial, random_state
from ..randomness import restore_random_state as restore_random_numbers
from .assembly import parts_of
from .checkpoint import Checkpoint, read, write
from .layout import Underway, brought_back, kept
from .memory import expect_room_to_store
from .ticking import NEARLY

_SILENT = 5  # tenths of a second


class Standing(ABC):
    """Objects at a time of their simulation."""

    name: str

    def __init__(self) -> None:
        self.objects: list[SimulatedObject] = []
        self.t_ = 0.0
        self.live_run: Session | None = None
        self.last_session: Session | None = None
        self.moves: list[Move] = []  # of constants, during live runs
        self.sliders: tuple[Parameter, ...] = ()  # what could be moved, with the values at t = 0
        self._steps: dict[float, int] = {}
        self._underway = Underway()
        self._underway_now: Simulation | None = None
        self._turn = threading.Lock()
        self._stored: dict[str, Checkpoint] = {}

    def _watching(self) -> list[str]:
        return [item.name for item in self.objects if not item.invalidates_magic_network]

    @property
    def t(self) -> Any:
        """Time simulated so far."""
        return quantity(self.t_, SECOND)

    def _with_parts(self) -> list[SimulatedObject]:
        """The objects and those that they contain."""
        return [one for item in self.objects for one in (item, *item.contained_objects)]

    def _ticking_regularly(self) -> list[SimulatedObject]:
        return [item for item in self._with_parts() if not isinstance(item.clock, EventClock)]

    def begin_again(self) -> None:
        """Set the time to zero and forget the events that are on their way."""
        self.t_ = 0.0
        self.moves, self.sliders = [], ()
        self._steps.clear()
        self._underway = Underway()

    def _show_times(self) -> None:
        """Between runs each clock shows its own time: one that does not divide a run has ticked beyond its end."""
        for item in self.objects:
            dt = None if isinstance(item.clock, EventClock) else item.clock.dt_
            item.clock.t_ = self._steps[dt] * dt if dt in self._steps else self.t_

    def _step_of(self, dt: float) -> int:
        """The step at which a clock of a time step (s) stands.

        A new time step goes on where the network stands, or else the first of its clocks.

        Raises
        ------
        ArgumentError
            The time so far is not a whole number of the new steps.
        """
        if dt in self._steps:
            return self._steps[dt]
        for reached in (self.t_, *sorted(step * known for known, step in self._steps.items())):
            if reached >= self.t_ and abs(reached / dt - round(reached / dt)) <= NEARLY:
                return round(reached / dt)
        raise ArgumentError(
            f"the time {self.t} is not a whole number of steps of {quantity(dt, SECOND)}",
            hint="choose a dt that divides it",
        )

    def wait_for_live_run(self) -> None:
        """Let a live run come to its end first, as fast as it can: all cells of a notebook may be run at once.

        Who waits for long is told so. An interrupt ends the waiting, and the live run goes on as it did.
        """
        live_run = self.live_run
        if live_run is None or live_run.is_here:
            return
        speed, live_run.speed = live_run.speed, None
        try:
            if live_run.status == "ready":
                live_run.play()
            waited = 0
            while not live_run.wait(0.1):
                self._expect_end_of(live_run)
                waited += 1
                if waited == _SILENT:
                    _tell_of_waiting(live_run)
        except BaseException:  # it goes on as it did
            live_run.speed = speed
            raise
        self.live_run = None

    def _expect_end_of(self, live_run: Session) -> None:
        """Raise an error if a live run will not come to its end by itself."""
        if live_run.is_elsewhere:
            self.live_run, self._turn = None, threading.Lock()  # here nobody has it
            raise ArgumentError(
                "a live run of this network goes on in the process that this one was forked from",
                hint="let it play to its end before processes are forked, or make the network anew in each",
            )
        if live_run.status == "paused":
            raise ArgumentError("a live run of this network is paused", hint="let it play to its end, or stop it")

    def expect_no_run(self) -> None:
        """Raise an error if something advances the network."""
        if self._turn.locked():
            hint = "wait for its end or stop it; what a run calls cannot run the same network"
            raise ArgumentError(f"another run of '{self.name}' goes on", hint=hint)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let nothing else advance the network meanwhile, in whatever thread; a live run comes to its end first.

        Raises
        ------
        ArgumentError
            Something else does.
        """
        self.wait_for_live_run()
        self.expect_no_run()
        with self._turn:  # no interrupt can leave it taken
            try:
                yield
            finally:
                self._underway_now = None

    @abstractmethod
    def _told(self) -> dict[str, Any] | None:
        """What the last run was made with, if there was one."""

    def present_state(self) -> Checkpoint:
        """A copy of the present state; see `store`."""
        self.wait_for_live_run()
        parts = parts_of(self.objects)
        expect_room_to_store(self.objects)
        arrays = kept(self._underway, parts)
        for item in self.objects:
            arrays |= {f"{item.name}/{key}": value for key, value in item.stored().items()}
        steps = [[dt, step] for dt, step in self._steps.items()]
        facts = {
            "t": self.t_, "steps": steps, "dt": {item.name: item.clock.dt_ for item in self._ticking_regularly()},
            "random": random_state(), "objects": [o.name for o in self.objects], "watching": self._watching(),
            "streams": {name: owner.stream.state() for name, owner in parts.owners.items()},
            "provenance": self._told(),
        }  # fmt: skip
        return Checkpoint(facts, arrays)

    def store(self, name: str = "default", filename: Any = None) -> None:
        """Keep the present state: time and time steps, variables, connections, delays, events on their way, recordings.

        Parameters
        ----------
        name : str
            To tell several states apart.
        filename : path, optional
            A file to keep it in; memory without it. A file can hold several states.

        Raises
        ------
        ArgumentError
            There is something else in the file, or it cannot be written; what is in it stays as it is. Or there is not
            enough memory for a copy.

        Examples
        --------
        >>> G = NeuronGroup(1, 'dv/dt = 1/ms : 1')
        >>> net = Network(G)
        >>> net.store()
        >>> net.run(2*ms)
        >>> net.restore()
        >>> net.t, G.v[:]
        (0. * second, array([0.]))
        """
        checkpoint = self.present_state()
        if filename is None:
            self._stored[name] = checkpoint
        else:
            write(filename, name, checkpoint)

    def restore(self, name: str = "default", filename: Any = None, restore_random_state: bool = False) -> None:
        """Go back to a state that was kept with `store`.

        Parameters
        ----------
        name, filename
            As for `store`. From a file, the same objects must have been made before.
        restore_random_state : bool
            Whether the same random numbers are drawn again; else a further run draws others.

        Raises
        ------
        UnknownNameError, MissingFileError
            There is no such state, or no such file.
        ArgumentError
            The file is not a stored network, or the state has other objects than the network, or other variables;
            nothing is changed then.
        """
        self.wait_for_live_run()
        if filename is not None:
            checkpoint = read(filename, name)
        elif name in self._stored:
            checkpoint = self._stored[name]
        else:
            raise UnknownNameError(
                f"no state '{name}' was stored", kind="name", hint=nearest(name, self._stored) or "store() keeps one"
            )
        self.go_back(checkpoint, restore_random_state)

    def go_back(
        self, checkpoint: Checkpoint, restore_random_state: bool = False, whatever_watches: bool = False
    ) -> None:
        """Take a state that `present_state` gave; see `restore`.

        With ``whatever_watches`` other monitors may be there than before, which forget what they have recorded.
        """
        self._restore_objects(checkpoint, whatever_watches)
        time_steps = checkpoint.facts.get("dt", {})  # files of earlier versions have none
        for item in self._ticking_regularly():
            item.clock.dt_ = time_steps.get(item.name, item.clock.dt_)
        parts = parts_of(self.objects)
        self._underway = brought_back(checkpoint.arrays, parts)
        self._steps = {dt: step for dt, step in checkpoint.facts["steps"]}
        self.t_ = checkpoint.facts["t"]
        self._show_times()
        if restore_random_state:
            restore_random_numbers(checkpoint.facts["random"])
            for name in parts.owners.keys() & checkpoint.facts["streams"].keys():
                parts.owners[name].stream.restore(checkpoint.facts["streams"][name])
        else:
            new_trial()

    def _restore_objects(self, checkpoint: Checkpoint, whatever_watches: bool) -> None:
        """Bring the objects into a state that was kept, or leave all as they are."""
        kept = set(checkpoint.facts["objects"])
        watching = {*self._watching(), *checkpoint.facts["watching"]} if whatever_watches else set()
        names, wanted = {item.name for item in self.objects} - watching, kept - watching
        if names != wanted:
            raise ArgumentError(
                "the stored state is that of other objects",
                found=", ".join(sorted(wanted - names)) or "none that are missing here",
                expected=", ".join(sorted(names - wanted)) or "the objects of this network only",
                hint="make the same objects, with the same names, before restoring",
            )
        before = {item.name: item.stored() for item in self.objects}
        try:
            for item in self.objects:
                if item.name in kept:
                    item.restore(checkpoint.of(item.name))
                else:
                    item.begin_again()
        except Exception as problem:  # half of a state must not stay
            for item in self.objects:
                with suppress(UserError):  # recordings for which there is no room wait
                    item.restore(before[item.name])
            if isinstance(problem, UserError):
                raise
            raise ArgumentError("the stored state does not fit the objects", found=repr(problem)) from problem


def _tell_of_waiting(live_run: Session) -> None:
    done = f"{live_run.time:.3g} s of {live_run.duration:g} s"
    print(
        f"Waiting for the live run of this network to come to its end, at full speed: {done} are done. An interrupt "
        "(Ctrl+C, the stop button of a notebook) ends the waiting; then the stop button of its panel, or stop() of the "
        "network, ends the live run where it is.",
        file=sys.stderr, flush=True,
    )  # fmt: skip
