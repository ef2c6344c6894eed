"""Signals while a simulation runs: what they call is called at the border of a step, where everything is whole."""

from __future__ import annotations

import signal
import threading
from _signal import getsignal  # that of `signal` makes an enumeration member each time: a tenth of a short run
from collections.abc import Callable
from types import FrameType
from typing import Any

from ...simulation.simulation import Simulation

_SIGNALS = tuple(map(int, signal.Signals))


class signals_wait:  # reads as a statement
    """While a simulation runs, handlers of signals wait for the border of a step, some 20 ms at most.

    A handler may raise an exception, to end what takes too long; raised anywhere else it would leave half a step. In
    operations that the user wrote in Python handlers are called at once: they end the step before they go on.

    Ctrl+C, or the stop button of a notebook, stops the simulation there. A second one raises KeyboardInterrupt there;
    a third one breaks the step off. While recordings and the state of the network are put in their places, all wait.

    Parameters
    ----------
    interrupts_stop : bool
        Whether the first Ctrl+C only stops; else it raises.

    Attributes
    ----------
    interrupted : bool
        Whether there was one.
    """

    def __init__(self, simulation: Simulation, interrupts_stop: bool) -> None:
        self.simulation = simulation
        self.interrupted = False
        self._interrupts_stop = interrupts_stop
        self._interrupts = 0
        self._waiting: list[tuple[int, FrameType | None]] = []
        self._handlers: dict[int, Callable[[int, FrameType | None], Any]] = {}

    def __enter__(self) -> signals_wait:
        if threading.current_thread() is threading.main_thread():  # no other one handles signals
            try:
                for number in _SIGNALS:
                    handler = getsignal(number)
                    if number == signal.SIGINT and handler is signal.SIG_DFL:
                        handler = signal.default_int_handler
                    if callable(handler):
                        self._handlers[number] = handler
                        signal.signal(number, self._came)
            except BaseException:
                self._put_back()
                raise
        return self

    def _came(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            self._interrupts += 1
            if self._interrupts_stop and self._interrupts == 1:
                self.interrupted = True
                self.simulation.program.request_stop(self.simulation.memory)
                return
            if self._interrupts > 2 and self.simulation.memory.breakable:
                self.simulation.memory.breakable = False
                raise KeyboardInterrupt
        if self.simulation.calling:
            self._handlers[number](number, frame)
        else:
            self._waiting.append((number, frame))

    def deliver(self) -> None:
        """Call the handlers of the signals that came; at the border of a step."""
        while self._waiting:
            number, frame = self._waiting.pop(0)
            self._handlers[number](number, frame)

    def __exit__(self, *error: object) -> None:
        self._put_back()
        self.deliver()

    def _put_back(self) -> None:
        try:
            for number, handler in self._handlers.items():
                if getsignal(number) == self._came:  # not what was set meanwhile
                    signal.signal(number, handler)
        except BaseException:  # raised by a handler that has just been put back
            self._put_back()
            raise
