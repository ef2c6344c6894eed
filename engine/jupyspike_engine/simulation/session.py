"""A live session: a simulation that advances in a worker thread and is steered through a mailbox.

Nothing but the worker touches the simulation. Others leave wishes - a new value, pause, stop - which take effect at the
border of a step, and read what recordings and snapshots hold.
Changes of constants are logged with their step: the log and the seed repeat the session bit for bit, see
`Network.replay`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..diagnostics import ArgumentError, UserError, nearest
from ..targets.interface import Status
from ..units import Unit
from .simulation import Change, Simulation

State = Literal["ready", "running", "paused", "finished", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A constant that may be moved while the network runs; numbers in SI base units, ``unit`` to show them in."""

    name: str
    value: float
    low: float
    high: float
    step: float | None
    unit: Unit


@dataclass(frozen=True, slots=True)
class Move:
    """A constant that was moved during a live run: when (model time in seconds), and to which value (SI base units)."""

    time: float
    name: str
    value: float


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
    ended : callable
        Called by the worker when the run is over, however it ended.
    """

    def __init__(
        self,
        name: str,
        simulation: Simulation,
        duration: float,
        parameters: Sequence[Parameter] = (),
        plan_names: Mapping[str, Sequence[str]] | None = None,
        changed: Callable[[Move], None] = lambda move: None,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self.name, self.duration = name, duration
        self.parameters = tuple(parameters)
        self.speed: float | None = None
        self.error: UserError | None = None
        self.status: State = "ready"
        self.real_time_factor = 0.0
        self.start = simulation.time
        self._simulation, self._plan_names = simulation, plan_names or {}
        self._changed, self._ended = changed, ended
        self._wake = threading.Condition()
        self._mailbox: dict[str, float] = {}
        self._single_steps = 0
        self._stopping = False
        self._over = threading.Event()
        self._worker: threading.Thread | None = None

    # reading

    @property
    def time(self) -> float:
        """Elapsed model time of this run, in seconds; what happened until then has been recorded."""
        return self._simulation.recorded_until - self.start

    @property
    def log(self) -> tuple[Change, ...]:
        """The changes that took effect, each with its step."""
        return tuple(self._simulation.log)

    # steering

    def play(self) -> None:
        """Start, or go on after a pause."""
        with self._wake:
            if self.status == "ready":
                self._worker = threading.Thread(target=self._work, name=f"jupyspike {self.name}", daemon=True)
                self._worker.start()
            if self.status in ("ready", "paused"):
                self.status = "running"
            self._wake.notify_all()

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
                self._over.set()
                self._ended()
                return
            self._stopping = True
            self._simulation.program.request_stop(self._simulation.memory)
            self._wake.notify_all()
        self.wait(5.0)

    def set(self, name: str, value: float) -> None:
        """Give a constant another value, in SI base units; it takes effect at a border of a step."""
        if name not in self._plan_names:
            raise ArgumentError(f"'{name}' is not a constant of this run", hint=nearest(name, self._plan_names))
        with self._wake:
            self._mailbox[name] = float(value)
            self._wake.notify_all()

    def moves(self, name: str) -> bool:
        """Whether the run goes on and has a constant of this name."""
        return self.status in ("ready", "running", "paused") and name in self._plan_names

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the run is over; False if it is not after ``timeout`` seconds."""
        return self._over.wait(timeout)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the run goes on in another process, from which this one was forked."""
        return not self._over.is_set() and self._worker is not None and not self._worker.is_alive()

    # the worker

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
                self._ended()
            except Exception as error:
                self.error, status = UserError(f"the run ended by an error: {error!r}"), "failed"
            self.status = status
            self._over.set()

    def _run(self) -> bool:
        pace = _Pace()
        while True:
            with self._wake:
                while self.status == "paused" and not (self._single_steps or self._stopping or self._mailbox):
                    self._wake.wait()
                    pace = _Pace()
                if self._stopping:
                    return False
                letters, self._mailbox = self._mailbox, {}
                single = self._single_steps > 0
                self._single_steps -= single
                advancing = single or self.status == "running"
            for name, value in letters.items():
                for parameter in self._plan_names[name]:
                    self._simulation.change(parameter, value)
                self._changed(Move(self._simulation.time, name, value))
            if advancing:
                status = self._simulation.advance(1 if single else self._budget())
                if status in (Status.DONE, Status.STOPPED):
                    return status == Status.DONE
                self.real_time_factor = pace.after(self._simulation.time, self.speed)

    def _budget(self) -> int | None:
        """Steps for a slice: at a limited speed no more than belong to 20 ms."""
        if self.speed is None:
            return None
        return max(1, int(0.02 * self.speed / self._simulation.memory.clocks[0].dt))


class _Pace:
    """Measures how fast model time passes, and holds it back to a speed that is asked for."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, float]] = []
        self._due: tuple[float, float] | None = None

    def after(self, model_time: float, speed: float | None) -> float:
        """Model seconds per second over the last second; waits if it is ahead of ``speed``."""
        now = time.perf_counter()
        if speed is None:
            self._due = None
        else:
            began, model_began = self._due or (now, model_time)
            self._due = (began, model_began)
            ahead = (model_time - model_began) / speed - (now - began)
            if ahead > 0:
                time.sleep(min(ahead, 0.05))
            elif ahead < -0.2:  # do not catch up what cannot be held
                self._due = None
        self._marks = [mark for mark in self._marks if now - mark[0] < 1.0] + [(now, model_time)]
        (first, model_first), (last, model_last) = self._marks[0], self._marks[-1]
        return (model_last - model_first) / (last - first) if last > first else 0.0
