"""The thread that reads the probes and keeps the page up to date while the simulation runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import TYPE_CHECKING, Any

from jupyspike.widgets.controls import ENDED
from jupyspike.widgets.encoding import encode
from jupyspike.widgets.frames import FramePacer
from jupyspike.widgets.plots import Drawing, Interval, Plot, View

if TYPE_CHECKING:
    from jupyspike_engine.simulation.session import Session

_READ_EVERY = 0.1  # seconds between two readings of the probes at most, so that they never hold much
_REFRESH_EVERY = 0.3  # seconds between two updates of the progress


SendFrame = Callable[[int, dict[str, Any], bytes], None]
"""Sends a frame: its number, its description, its data."""


class Pump:
    """Draws views of a session onto a page.

    Only this thread reads the views' probes. It sends nothing but state of widgets, so it goes on while a cell runs.

    Parameters
    ----------
    session : Session
        The run; started when the page is ready, or ``grace`` seconds after `start` if it is not.
    views : sequence of View
        What to draw.
    send : callable
        Sends a frame to the page.
    refresh : callable
        Called about three times a second, and whenever the status of the run has changed.
    ended : callable
        Called once when the run has ended and its last frame is out.
    window : float or None
        Seconds of model time that are shown; None for the whole run.
    grace : float
        Seconds to wait for the page.
    """

    def __init__(
        self,
        session: Session,
        views: Sequence[View],
        send: SendFrame,
        refresh: Callable[[], None],
        ended: Callable[[], None],
        window: float | None = 1.0,
        grace: float = 5.0,
    ) -> None:
        self._session, self._views, self._send_frame = session, views, send
        self._refresh, self._ended = refresh, ended
        self._window, self._grace = window, grace
        self.pacer = FramePacer()
        self._wake = threading.Event()
        self._ready = threading.Event()
        self._closed = False
        self._news = True  # something is to be seen that no frame has shown
        self._look: dict[str, Interval] = {}  # what a person has zoomed to: "" is the time, the rest are plots
        self._seen: tuple[str, float] = ("", -1.0)
        self._refreshed_at = float("-inf")
        self._told_end = False
        self._thread: threading.Thread | None = None

    def start(self, context: Context) -> None:
        """Begin in a thread of its own; a second call does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=context.run, args=(self._run,), name="jupyspike-panel", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._ready.set()
        self._wake.set()

    def answered(self, content: dict[str, Any]) -> None:
        """Take a message of the page, on any thread."""
        kind = content.get("kind")
        if kind == "painted":
            self.pacer.acknowledge(int(content["number"]))
        elif kind == "look":
            ranges = {"": content["x"], **content["y"]} if "x" in content else {}
            self._look = {name: Interval(*map(float, ends)) for name, ends in ranges.items()}
            self._news = True
        elif kind == "ready":
            self.pacer.restart()
            self._news = True
            self._ready.set()
        self._wake.set()

    def shown(self) -> Interval:
        """The model time (s) that a page that follows the run shows."""
        length = self._session.duration if self._window is None else min(self._window, self._session.duration)
        stop = max(length, self._session.time)
        return Interval(stop - length, stop) if length > 0 else Interval(0.0, 1.0)

    def drawn(self, x: Interval, y: dict[str, Interval] | None = None) -> list[tuple[Plot, Drawing]]:
        """What every view shows during ``x``."""
        return [(view.plot, view.draw(x, (y or {}).get(view.plot.name))) for view in self._views]

    def read(self) -> None:
        """Take over what was recorded."""
        for view in self._views:
            view.read()

    def tick(self, now: float) -> float | None:
        """Do what is due at ``now``; returns the seconds after which to come again, None for not before a wake-up."""
        status = self._session.status
        self.read()
        state = (status, self._session.time)
        changed = status != self._seen[0]
        if state != self._seen:
            self._seen, self._news = state, True
        if changed or (status == "running" and now - self._refreshed_at >= _REFRESH_EVERY):
            self._refreshed_at = now
            self._refresh()
        if self._news and self.pacer.delay(now) <= 0:
            self._send(now)
        if status in ENDED and not self._told_end and not self._news:
            self._told_end = True
            self._ended()
        if self._news:
            return min(max(self.pacer.delay(now), 0.001), _READ_EVERY)
        return None if status in ENDED else self.pacer.interval

    def _send(self, now: float) -> None:
        self._news = False  # before drawing: what changes meanwhile needs another frame
        look = self._look
        x = look.get("") or self.shown()
        description, data = encode(x, self.drawn(x, look))
        self._send_frame(self.pacer.sent(now, len(data)), description, data)

    def _run(self) -> None:
        self._ready.wait(self._grace)
        if self._closed:
            return
        if self._session.status == "ready":
            self._session.play()
        while not self._closed:
            pause = self.tick(time.monotonic())
            self._wake.wait(pause)
            self._wake.clear()
