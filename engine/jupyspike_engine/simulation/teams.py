"""How many threads advance a network: as many as pay. What comes out does not depend on it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ..native.loading import bridge
from ..preferences import prefs

MOST = 16  # threads that are tried without being asked for
# Below these sizes a step takes less time than threads need to wait for each other.
FEW_NEURONS, FEW_SYNAPSES = 1000, 50_000
TRIED_FOR = 0.01  # seconds for which each number of threads is tried
# So many times slower than another, after so many seconds, is tried no longer; to begin a slice takes threads 0.3 ms.
HOPELESS, AT_ONCE = 1.5, 0.003
TRIED_AGAIN = 0.5  # seconds after which they are tried again (first steps are not like others), then twice as many
SLOWER, SOONEST = 1.3, 0.25  # they are tried again at once, after these seconds, if steps take so many times longer


def processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def most_threads(neurons: int, synapses: int) -> int:
    """How many threads could be of use for a network; the preference ``engine.threads`` decides if it is not 0."""
    if bridge is None or os.name == "nt":
        return 1
    if asked := int(prefs.engine.threads):
        return asked
    small = neurons < FEW_NEURONS and synapses < FEW_SYNAPSES
    return 1 if small else min(processors(), MOST)


@dataclass
class Trial:
    """How fast a number of threads is: by the longest of its slices, each twice as long as the one before."""

    next_steps: int = 1
    spent: float = 0.0
    per_step: float = 0.0

    def took(self, steps: int, seconds: float) -> None:
        self.next_steps *= 2
        self.spent += seconds
        self.per_step = seconds / max(1, steps)


@dataclass
class Pace:
    """Finds out which number of threads is the fastest: tries each for a moment, and again from time to time.

    A trial begins with a single step: on a machine that is busy with other things, threads that wait for each other can
    be a thousand times slower than one.

    Parameters
    ----------
    most : int
        The largest number.
    fixed : bool
        Always that number.
    """

    most: int
    fixed: bool = False
    trials: dict[int, Trial] = field(default_factory=dict)
    until_next: float = TRIED_AGAIN
    left: float = 0.0
    since: float = 0.0

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin to try all numbers."""
        numbers = [self.most] if self.fixed else sorted({self.most, *(2**k for k in range(8) if 2**k <= self.most)})
        self.trials = {number: Trial() for number in numbers}
        self.left, self.since = self.until_next, 0.0
        self.until_next *= 2

    def next_slice(self, most: int) -> tuple[int, int]:
        """Threads and steps of the next slice, which may have so many steps."""
        if waiting := {number: trial.spent for number, trial in self.trials.items() if self._is_open(trial)}:
            threads = min(waiting, key=waiting.__getitem__)
            return threads, min(most, self.trials[threads].next_steps)
        return min(self.trials, key=self._cost), most

    def _is_open(self, trial: Trial) -> bool:
        """Whether a trial is to go on."""
        if len(self.trials) == 1 or trial.spent >= TRIED_FOR:
            return False
        known = [other.per_step for other in self.trials.values() if other.spent >= AT_ONCE]
        return trial.spent < AT_ONCE or trial.per_step <= HOPELESS * min(known, default=trial.per_step)

    def _cost(self, number: int) -> float:
        """The time of a step; twice as many threads must save a sixth of it, else others may need them."""
        return float(self.trials[number].per_step * number**0.25)

    def took(self, threads: int, steps: int, seconds: float) -> None:
        """Take note of how long a slice took."""
        if len(self.trials) == 1 or not steps:
            return
        if self._is_open(trial := self.trials[threads]):
            trial.took(steps, seconds)
        elif self.since > SOONEST and self._is_slowed_down(threads, seconds / steps):
            self.left = 0.0
        self.left -= seconds
        self.since += seconds
        if self.left < 0:
            self.begin()

    def _is_slowed_down(self, threads: int, per_step: float) -> bool:
        """Whether steps take longer than they took, and than with another number: others use the processors now."""
        others = [trial.per_step for number, trial in self.trials.items() if number != threads]
        return per_step > SLOWER * max(self.trials[threads].per_step, min(others))
