"""The clocks of a network as a program has them: regular ones, the fastest first, then those with given times."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ...targets.interface import Clock as ClockState
from ..clocks import Clock, EventClock, defaultclock

NEARLY = 1e-4  # times that differ by less than this part of a step are the same


@dataclass(frozen=True)
class Ticking:
    """Time steps in seconds, the smallest first, and the clocks that tick at given times.

    Clocks with the same time step tick as one.
    """

    steps: tuple[float, ...]
    given: tuple[EventClock, ...]

    @classmethod
    def of(cls, clocks: Iterable[Clock]) -> Ticking:
        """The ticking of some clocks; there is always one that ticks regularly."""
        unique = dict.fromkeys(clocks)
        regular = {clock.dt_ for clock in unique if not isinstance(clock, EventClock)}
        given = tuple(clock for clock in unique if isinstance(clock, EventClock))
        return cls(tuple(sorted(regular or {defaultclock.dt_})), given)

    @property
    def count(self) -> int:
        return len(self.steps) + len(self.given)

    def number(self, clock: Clock) -> int:
        """The number of a clock in the plan."""
        if isinstance(clock, EventClock):
            return len(self.steps) + next(k for k, other in enumerate(self.given) if other is clock)
        return self.steps.index(clock.dt_)

    def aligned(self, time: float) -> float:
        """A time (s) without the errors of rounding, if it is a whole number of the smallest steps."""
        smallest = self.steps[0]
        whole = round(time / smallest) * smallest
        return whole if abs(time - whole) <= NEARLY * smallest else time

    def states(self, start: float, end: float, reached: Mapping[float, int]) -> list[ClockState]:
        """Where each clock stands and is to end, for a run between two times (s).

        ``reached`` are the steps at which regular clocks stand.
        """
        states = []
        for dt in self.steps:
            step = reached[dt]  # it ticks whenever its time comes before the end
            states.append(ClockState(step, max(step, math.ceil(end / dt - NEARLY)), dt))
        tolerance = NEARLY * self.steps[0]
        for clock in self.given:
            first, last = np.searchsorted(clock.times_, (start - tolerance, end - tolerance))
            states.append(ClockState(int(first), int(max(first, last)), self.steps[0], clock.times_.ctypes.data))
        return states
