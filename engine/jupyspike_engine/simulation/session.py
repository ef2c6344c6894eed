"""A live session: a simulation that advances in a worker thread and is steered through a mailbox.

Nothing but the worker touches the simulation. Others leave wishes - a new value, pause, stop - which take effect at the
border of a step, and read what recordings and snapshots hold. Who writes into variables holds the worker there.
Changes of constants and variables are logged with their step: the log and the seed repeat the session bit for bit, see
`Network.replay`.
"""

from __future__ import annotations

import atexit
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from operator import attrgetter
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, UserError, nearest
from ..targets.interface import Status
from .changes import Change, Move, Parameter, Writing, listed, note, one_or_each
from .realtime import RealTime
from .simulation import Simulation

State = Literal["ready", "running", "paused", "finished", "stopped", "failed"]


class Session:
    """A run in a worker thread.

    Parameters
    ----------
    name : str
    simulation : Simulation
    duration : float
        Model time to be simulated, in seconds.
    parameters : sequence of Parameter
        The constants that may be moved.
    plan_names : mapping
        For each of them its parameters in the plan.
    changed : callable
        Told by the worker of each change that took effect.
    passed : callable
        Told by the worker which model time (s) it has come to.
    ended : callable
        Called by the worker when the run is over, however it ended.
    again : callable, optional
        Brings everything back to where the run began and returns the simulation of the same run once more; called by
        the worker. Without it the run cannot be repeated.
    footprint : callable
        Returns the bytes of memory that the network takes.
    between : mapping
        For what cannot be changed within a run: a callable that gets the value, ends the present run and returns one
        that goes on.
    anew : callable, optional
        Ends the present run and returns one that goes on, and takes along what watches the network now.
    replaced : callable
        Returns which names mean other objects now than those that are simulated.

    Attributes
    ----------
    assigned : int
        How often code has set constants or written to variables.
    gave_way : str
        Why it can neither go on nor go back to its start any more, if something has taken its place.
    """

    def __init__(
        self,
        name: str,
        simulation: Simulation,
        duration: float,
        parameters: Sequence[Parameter] = (),
        plan_names: Mapping[str, Sequence[str]] | None = None,
        changed: Callable[[Move], None] = lambda move: None,
        passed: Callable[[float], None] = lambda time: None,
        ended: Callable[[], None] = lambda: None,
        again: Callable[[], Simulation] | None = None,
        footprint: Callable[[], int] = lambda: 0,
        between: Mapping[str, Callable[[float], Simulation]] | None = None,
        anew: Callable[[], Simulation] | None = None,
        replaced: Callable[[Mapping[str, Any]], Sequence[str]] = lambda names: (),
    ) -> None:
        self.name, self.duration = name, duration
        self.parameters = tuple(parameters)
        self.speed: float | None = None
        self.error: UserError | None = None
        self.status: State = "ready"
        self.real_time_factor = 0.0
        self.is_held = False  # it waits so that it does not go faster than `speed`
        self.start = simulation.time
        self._simulation, self._plan_names = simulation, plan_names or {}
        self._changed, self._passed, self._ended = changed, passed, ended
        self._again, self._footprint = again, footprint
        self._between, self._anew, self._replaced = between or {}, anew, replaced
        self.gave_way, self.assigned = "", 0
        self._earlier: list[Change] = []  # the log of runs that others have gone on from
        self._moved: dict[str, float] = {}  # what is not as it was at the start
        self._wake = threading.Condition()
        self._mailbox: dict[str, float] = {}
        self._given: dict[str, float] = {}  # the last value that anybody gave, whether it has taken effect or not
        self._course: list[Move | Writing] = []
        self._single_steps = 0
        self._pause_at = float("inf")  # model time (s)
        self._stopping = self._resetting = self._forgetting = self._taking_along = False
        self._under_way = True  # the simulation has not been told that it has ended
        self._busy, self._guests = False, 0  # whether the worker is at work, and how many want it to wait
        self._over = threading.Event()
        self._worker: threading.Thread | None = None

    # reading

    @property
    def time(self) -> float:
        """Elapsed model time of this run, in seconds; what happened until then has been recorded."""
        return self._simulation.recorded_until - self.start

    @property
    def dt(self) -> float:
        """The shortest time step, in seconds."""
        return self._simulation.memory.clocks[0].dt

    @property
    def log(self) -> tuple[Change, ...]:
        """The changes that took effect since the start, each with its step."""
        return (*self._earlier, *self._simulation.log)

    @property
    def course(self) -> tuple[Move | Writing, ...]:
        """The same changes by the names that people know."""
        return tuple(self._course)

    @property
    def moved(self) -> dict[str, float]:
        """The present values (SI base units) of what was moved since the start."""
        return dict(self._moved)

    def present(self, name: str) -> float:
        """The value (SI base units) that a constant with a slider has, or gets at the next border of a step.

        It is what was given last to anything that the slider moves.
        """
        moved = {name, *self._plan_names.get(name, ())}
        given = reversed(tuple(self._given.items()))
        begun = (one.value for one in self.parameters if one.name == name)
        return next((value for other, value in given if moved & {other, *self._plan_names[other]}), next(begun))

    @property
    def bytes_taken(self) -> int:
        """Memory of the network with its recordings, in bytes."""
        return self._footprint()

    # steering

    def play(self) -> None:
        """Start, or go on after a pause."""
        with self._wake:
            self._pause_at = float("inf")
            if self.status == "ready":
                self._employ()
            if self.status in ("ready", "paused"):
                self.status = "running"
            self._wake.notify_all()

    def run_for(self, duration: float) -> None:
        """Go on for so much model time (s), and pause.

        Raises
        ------
        ArgumentError
            It is not a time above zero.
        """
        if not 0 < duration < float("inf"):
            raise ArgumentError("a run takes a time above zero", found=f"{duration:g} s")
        with self._wake:
            self.play()
            self._pause_at = self._simulation.time + duration

    def pause(self) -> None:
        """Hold at the next border of a step."""
        with self._wake:
            if self.status == "running":
                self.status = "paused"

    def step(self) -> None:
        """Advance by one time step and pause."""
        with self._wake:  # held all the time, so that the worker never sees it running in between
            self.play()
            self.pause()
            self._single_steps += 1
            self._wake.notify_all()

    def stop(self) -> None:
        """End the run at the next border of a step; returns when it has ended."""
        with self._wake:
            if self.status == "ready":
                self.status = "stopped"
                self._end()
                self._over.set()
                return
            self._stopping = True
            self._simulation.program.request_stop(self._simulation.memory)
            self._wake.notify_all()
        self.wait(5.0)

    def reset(self, values_too: bool = False) -> None:
        """Go back to where the run began and pause there; returns when it stands there.

        Played again it does the same bit for bit, also after it has ended. What was moved stays as it is, and is so
        from the start on.

        Parameters
        ----------
        values_too : bool
            Whether what was moved goes back too, to what it was when the session was opened.

        Raises
        ------
        ArgumentError
            There was no room to keep the state that it began with, or another run has begun since.
        """
        self.expect_start()
        with self._wake:
            if values_too:
                self._forgetting, self._mailbox, self._given = True, {}, {}
            ended, self._resetting, self._single_steps = self._over.is_set(), True, 0
            if ended:
                self._over.clear()
                self.error, self._stopping = None, False
            if ended or self.status == "ready":
                self._employ()
            self.status = "paused"
            self._wake.notify_all()
            self._wake.wait_for(lambda: not self._resetting, timeout=5.0)

    def give_way(self, why: str = "") -> None:
        """End the run if it goes on, and let go of the state that it began with: something takes its place.

        A reason that is given counts instead of one before it; else it is that another run has begun.
        """
        self.gave_way, self._again = why or self.gave_way or "another run has begun", None
        if not self._over.is_set() and not self.is_elsewhere:
            self.stop()

    def give_way_to(self, names: Mapping[str, Any]) -> None:
        """Give way if names mean other objects now than those that are simulated."""
        if not self.gave_way and (anew := self._replaced(names)):
            self.give_way(f"{' and '.join(anew)} {'have' if len(anew) > 1 else 'has'} been made anew")

    def expect_start(self) -> None:
        """Raise an error if it cannot go back to its start, see `reset`."""
        if self._again is None:
            raise self._no_start()

    def _no_start(self) -> ArgumentError:
        why = self.gave_way or "there was no room for a copy of the state"
        hint = "replay() of its panel repeats it" if self.gave_way else ""
        return ArgumentError("this run cannot go back to its start", found=why, hint=hint)

    def take_along(self) -> None:
        """Let what has begun to watch the network record from the next step on; spikes and states stay the same."""
        with self._wake:
            self._taking_along = self._anew is not None
            self._wake.notify_all()

    def set(self, name: str, value: float) -> None:
        """Give a constant another value, in SI base units; it takes effect at a border of a step."""
        if name not in self._plan_names:
            raise ArgumentError(f"'{name}' is not a constant of this run", hint=nearest(name, self._plan_names))
        with self._wake:
            self._mailbox = _and_last(self._mailbox, {name: float(value)})
            self._given = _and_last(self._given, {name: float(value)})
            self._wake.notify_all()

    def assign(self, name: str, value: float) -> None:
        """`set`, from code."""
        self.assigned += 1
        self.set(name, value)

    def moves(self, name: str) -> bool:
        """Whether the run goes on and has a constant of this name."""
        return self.status in ("ready", "running", "paused") and name in self._plan_names

    @property
    def goes_on(self) -> bool:
        """Whether the run has not come to its end, in this process."""
        return self.status in ("ready", "running", "paused") and not self.is_elsewhere

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let the worker wait at the border of a step, while others write into variables."""
        if self.is_here:  # what is simulated does it
            yield
            return
        with self._wake:
            self._guests += 1
        try:
            with self._wake:
                self._wake.wait_for(lambda: not self._busy)
            yield
        finally:
            with self._wake:
                self._guests -= 1
                self._wake.notify_all()

    def wrote(self, name: str, array: npt.NDArray[Any], places: npt.NDArray[np.int32] | slice) -> None:
        """Log what has been written to places of a variable while the worker is `held`; it is repeated with the run."""
        if self.is_here:
            return
        where, value = listed(np.arange(len(array))[places]), one_or_each(np.ravel(array[places]))
        if not len(where):
            return
        self.assigned += 1
        parameter = self._simulation.array_name(array)
        is_moved = len(where) == len(array) and list(self._plan_names.get(name, ())) == [parameter]
        if is_moved and not isinstance(value, tuple):  # as a slider does
            self._given = _and_last(self._given, {name: value})
            self._apply({name: value})
            return
        self._course.append(Writing(self._simulation.time, name, value, self._simulation.step, where))
        if parameter is not None:
            self._simulation.change(parameter, value, where)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the run is over; False if it is not after ``timeout`` seconds."""
        return self._over.wait(timeout)

    @property
    def is_here(self) -> bool:
        """Whether it is the run itself that asks, in its worker."""
        return threading.current_thread() is self._worker

    @property
    def is_elsewhere(self) -> bool:
        """Whether the run goes on in another process, from which this one was forked."""
        return not self._over.is_set() and self._worker is not None and not self._worker.is_alive()

    # the worker

    def _employ(self) -> None:
        self._worker = threading.Thread(target=self._work, name=f"jupyspike {self.name}", daemon=True)
        self._worker.start()
        _at_work.add(self)

    def _end(self) -> None:
        """Let the network take over what the run left, once."""
        if self._under_way:
            self._under_way = False
            self._ended()

    def _work(self) -> None:
        status: State = "failed"
        try:
            status = "finished" if self._run() else "stopped"
            if self._simulation.not_finite:
                self.error = UserError(self._simulation.not_finite)
        except UserError as error:
            self.error = error
        except Exception as error:  # whatever goes wrong in the worker must reach the user
            self.error = UserError(f"the run ended by an error: {error!r}")
        finally:
            try:
                self._end()
            except Exception as error:
                self.error, status = UserError(f"the run ended by an error: {error!r}"), "failed"
            with self._wake:
                self.status, self._resetting, self._busy = status, False, False
                self._over.set()
                self._wake.notify_all()

    def _run(self) -> bool:
        pace = RealTime()
        while True:
            with self._wake:
                self._rest()
                while self._guests or (self.status == "paused" and not self._something_is_wished):
                    self._wake.wait()
                    pace = RealTime() if self.status == "paused" else pace
                self._busy = True
                if self._stopping:
                    return False
                taking_along, self._taking_along = self._taking_along, False
                resetting, (letters, self._mailbox) = self._resetting, (self._mailbox, {})
                single = self._single_steps > 0
                self._single_steps -= single
                advancing = single or self.status == "running"
            if resetting:
                self._begin_again(letters)
                continue
            self._apply(letters)
            if taking_along and self._anew is not None:
                self._go_on_in(self._anew)
            if advancing:
                status = self._simulation.advance(1 if single else self._budget())
                if status in (Status.DONE, Status.STOPPED):
                    return status == Status.DONE
                self._passed(self._simulation.time)
                self._rest()
                self.real_time_factor = pace.after(self._simulation.time, self.speed)
                self.is_held = pace.ahead > 0
                if self._left <= 0:
                    self._pause_here()

    def _rest(self) -> None:
        """Let those go on who have waited for the border of a step."""
        with self._wake:
            self._busy = False
            self._wake.notify_all()

    @property
    def _something_is_wished(self) -> bool:
        wishes = self._single_steps, self._stopping, self._resetting, self._mailbox, self._taking_along
        return any(map(bool, wishes))

    def _begin_again(self, letters: Mapping[str, float]) -> None:
        self._end()
        if (again := self._again) is None:  # it has given way meanwhile
            raise self._no_start()
        self._simulation, self._course, self._earlier = again(), [], []
        self._under_way = True
        if self._forgetting:  # by the worker, who may just have moved something
            self._moved = {}
        self._apply(_and_last(self._moved, letters))
        with self._wake:
            self._resetting = self._forgetting = False
            self._wake.notify_all()

    def _apply(self, letters: Mapping[str, float]) -> None:
        """Let values take effect."""
        for name, value in letters.items():
            move = Move(self._simulation.time, name, value, self._simulation.step)
            for parameter in self._plan_names[name]:
                self._simulation.change(parameter, value)
            if name in self._between:
                self._go_on_in(partial(self._between[name], value))
            self._moved = _and_last(self._moved, {name: value})
            note(self._course, move, attrgetter("step", "name", "places"))
            self._changed(move)

    def _go_on_in(self, another: Callable[[], Simulation]) -> None:
        """Let another run go on from where this one is."""
        earlier = self._simulation.log
        self._simulation = another()
        self._earlier += earlier

    @property
    def _left(self) -> float:
        """Steps until it is to pause."""
        return max(0.0, round((self._pause_at - self._simulation.time) / self.dt, 6))

    def _pause_here(self) -> None:
        with self._wake:
            if self._left <= 0 and self.status == "running":  # it may have been told to go on meanwhile
                self.status = "paused"

    def _budget(self) -> int | None:
        """Steps for a slice: at a limited speed no more than belong to 20 ms, and none beyond where it is to pause."""
        most = self._left
        if self.speed is not None:
            most = min(most, 0.02 * self.speed / self.dt)
        return None if most == float("inf") else max(1, int(most))


_at_work: weakref.WeakSet[Session] = weakref.WeakSet()


@atexit.register
def _end_all() -> None:
    """End what still runs before Python does: it would break off threads in the middle of a program."""
    for session in list(_at_work):
        if not session.wait(0) and not session.is_elsewhere:
            session.stop()


def _and_last(values: Mapping[str, float], later: Mapping[str, float]) -> dict[str, float]:
    """Values with later ones behind them: two names may stand for the same constant, and the last one counts."""
    return {**{name: value for name, value in values.items() if name not in later}, **later}
