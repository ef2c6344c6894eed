"""What Ctrl+C, or the stop button of a notebook, does while a simulation runs."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any

from ..simulation.simulation import Simulation


class interrupts_stop:  # reads as a statement
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
