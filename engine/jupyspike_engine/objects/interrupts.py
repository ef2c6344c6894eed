"""Changes that an interrupt must not tear apart."""

from __future__ import annotations

import signal
import threading
from typing import Any


class interrupts_wait:  # reads as a statement
    """Changes that belong together are made together: interrupts come after them, to whoever handles them then."""

    def __enter__(self) -> None:
        self._main, self._waiting = threading.current_thread() is threading.main_thread(), 0
        if self._main:
            self._before = signal.signal(signal.SIGINT, self._wait)

    def _wait(self, number: int, frame: Any) -> None:
        self._waiting += 1

    def __exit__(self, *error: object) -> None:
        if self._main:
            signal.signal(signal.SIGINT, self._before)
        for _ in range(self._waiting):
            signal.raise_signal(signal.SIGINT)
