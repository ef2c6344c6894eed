"""How fast a live run is."""

from __future__ import annotations

import time


class RealTime:
    """Measures how fast model time passes, and holds it back to a speed that is asked for."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, float]] = []
        self._due: tuple[float, float] | None = None
        self.ahead = 0.0  # seconds

    def after(self, model_time: float, speed: float | None) -> float:
        """Model seconds per second over the last second; waits if it is ahead of ``speed``."""
        now = time.perf_counter()
        if speed is None:
            self._due, self.ahead = None, 0.0
        else:
            began, model_began = self._due or (now, model_time)
            self._due = (began, model_began)
            self.ahead = (model_time - model_began) / speed - (now - began)
            if self.ahead > 0:
                time.sleep(min(self.ahead, 0.05))  # no longer: somebody may wish something meanwhile
            elif self.ahead < -0.2:  # do not catch up what cannot be held
                self._due = None
        self._marks = [mark for mark in self._marks if now - mark[0] < 1.0] + [(now, model_time)]
        (first, model_first), (last, model_last) = self._marks[0], self._marks[-1]
        return (model_last - model_first) / (last - first) if last > first else 0.0
