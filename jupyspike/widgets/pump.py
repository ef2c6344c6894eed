"""The thread that keeps a page up to date while something is simulated."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import numpy as np

from jupyspike.widgets.encoding import encode
from jupyspike.widgets.frames import FramePacer
from jupyspike.widgets.plots import Drawing, Floats, Interval, Look, Plot
from jupyspike.widgets.timeline import Timeline, is_over
from jupyspike.widgets.view import View

_REFRESH_EVERY = 0.5  # seconds between two updates of the progress
_QUIET = 1.0  # seconds without news after which it is looked for less often
_QUIET_INTERVAL = 0.25  # seconds
_SHARE, _SHARE_OF_TIMED = 0.05, 0.25  # of the time that drawing one view may take; those over time move with others


@dataclass(frozen=True)
class _Kept:
    """What a view has drawn: for which look and state of the data, and until when it is good enough."""

    drawing: Drawing
    asked: object
    state: object
    until: float


SendFrame = Callable[[int, dict[str, Any], bytes], None]
"""Sends a frame: its number, its description, its data."""


class Pump:
    """Draws views onto a page.

    It sends nothing but state of widgets, so it goes on while a cell runs.

    Parameters
    ----------
    views : sequence of View
        What to draw.
    timeline : Timeline
        Which time is shown, and when there is something new.
    send : callable
        Sends a frame to the page.
    refresh : callable
        Called about twice a second while a run goes on, and whenever the status has changed, or something else while
        it rests.
    ended : callable
        Called when nothing new comes any more, for good or for a while, and the last frame is out.
    begin : callable
        Called once when the page is ready, or ``grace`` seconds after `start` if it is not.
    failed : callable
        Gets an error of what the thread was asked to do; it goes on.
    """

    def __init__(
        self,
        views: Sequence[View],
        timeline: Timeline,
        send: SendFrame,
        refresh: Callable[[], None] = lambda: None,
        ended: Callable[[], None] = lambda: None,
        begin: Callable[[], None] = lambda: None,
        grace: float = 0.0,
        failed: Callable[[Exception], None] = lambda error: None,
    ) -> None:
        self._views, self._timeline, self._send_frame = views, timeline, send
        self._refresh, self._ended, self._begin, self._grace = refresh, ended, begin, grace
        self._failed = failed
        self.pacer = FramePacer()
        self._wake = threading.Event()
        self._ready = threading.Event()
        self._closed = False
        self._pages: set[object] = set()  # that have been heard of since the last one appeared
        self._was_on_a_page = False
        self._news = True  # something is to be seen that no frame has shown
        self._look: dict[str, Interval] = {}  # what a person has zoomed to, by the names of ranges
        self._turned: dict[str, tuple[Interval, Interval, Floats]] = {}  # how cells in space are looked at, by plots
        self._seen: tuple[str, object] = ("", None)
        self._moves = timeline.moves
        self._refreshed_at = self._news_at = float("-inf")
        self._told_end = False
        self._sent: dict[str, Drawing] = {}  # what all pages show
        self._sent_time: Interval | None = None
        self._kept: dict[str, _Kept] = {}
        self._errands: list[Callable[[], None]] = []
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def start(self, context: Context) -> None:
        """Begin in a thread of its own; a second call does nothing while that runs."""
        with self._starting:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(
                    target=context.copy().run, args=(self._run,), name="jupyspike-panel", daemon=True
                )
                self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._ready.set()
        self._wake.set()

    def later(self, errand: Callable[[], None]) -> None:
        """Let the thread do something, between two frames."""
        self._errands.append(errand)
        self._wake.set()

    def answered(self, content: Mapping[str, Any]) -> None:
        """Take a message of a page, on any thread.

        Not every page says that it goes: a computer may have been switched off. So when a page appears, the others
        count once more when they have painted the frame that it gets.
        """
        kind, page = content.get("kind"), content.get("page")
        self._pages.add(page)
        self._was_on_a_page = True
        if kind == "painted":
            self.pacer.acknowledge(int(content["number"]), float(content["took"]))
        elif kind == "look":
            self._look = {name: Interval(*map(float, ends)) for name, ends in content["ranges"].items()}
            self._news = True
        elif kind == "turned":
            x, y = (Interval(*map(float, content[axis])) for axis in "xy")
            self._turned[content["plot"]] = x, y, np.array(content["rotation"], float).reshape(3, 3)
        elif kind == "ready":
            self._pages = {page}
            self._sent = {}
            self.pacer.restart()
            self._news = True
            self._ready.set()
        elif kind == "gone":
            self._pages.discard(page)
        self._wake.set()

    def looks(self, look: Mapping[str, Interval] | None = None) -> list[Look]:
        """What is looked at of each view."""
        chosen = self._look if look is None else look
        time = chosen.get("time") or self._timeline.shown()
        names = [view.plot.name for view in self._views]
        ranges = {name: (chosen.get(f"{name}/x"), chosen.get(f"{name}/y"), None) for name in names} | self._turned
        return [Look(time, *ranges[name]) for name in names]

    def show(self, views: Sequence[View]) -> None:
        """Draw other views from now on. Called by an errand, see `later`."""
        self._views, self._sent, self._news = views, {}, True
        self._seen = ("", None)

    def drawn(self) -> list[tuple[Plot, Look, Drawing]]:
        """What every view shows of what is looked at."""
        return [(view.plot, look, shown(view, look)) for view, look in zip(self._views, self.looks(), strict=True)]

    @property
    def unseen(self) -> bool:
        """Whether no page shows it any more."""
        return self._was_on_a_page and not self._pages

    def tick(self, now: float) -> float | None:
        """Do what is due at ``now``; returns the seconds after which to come again, None for not before a wake-up."""
        while self._errands:
            self._errands.pop(0)()
        state = (self._timeline.status, self._timeline.state)
        changed, moves = state[0] != self._seen[0], self._timeline.moves
        moved = moves != self._moves
        if changed or moved:
            self._moves = moves
            self.pacer.hurry()
        news = state != self._seen
        if news:
            self._seen, self._news, self._news_at, self._told_end = state, True, now, False
        due = now - self._refreshed_at >= _REFRESH_EVERY if state[0] == "running" else news or moved
        if changed or due:
            self._refreshed_at = now
            self._refresh()
        unseen = self.unseen
        if self._news and not unseen and self.pacer.delay(now) <= 0:
            self._send(now)
        over, quiet = is_over(self._timeline), now - self._news_at > _QUIET
        if (over or quiet) and not self._told_end and (unseen or not self._news):
            self._told_end = True
            self._ended()
        if unseen:
            return None if over or self._timeline.status == "recorded" else _QUIET_INTERVAL
        if self._news:
            return min(max(self.pacer.delay(now), 0.001), self.pacer.interval)
        if over:
            return None
        return _QUIET_INTERVAL if quiet else self.pacer.interval

    def _send(self, now: float) -> None:
        self._news = False  # before drawing: what changes meanwhile needs another frame
        if not self._views:
            return
        looks, began = self.looks(), time.thread_time()
        drawings = [self._drawing(view, look) for view, look in zip(self._views, looks, strict=True)]
        fresh = [
            (v.plot, d) for v, d in zip(self._views, drawings, strict=True) if self._sent.get(v.plot.name) is not d
        ]
        if not fresh and looks[0].time == self._sent_time:
            return
        self._sent = {view.plot.name: drawing for view, drawing in zip(self._views, drawings, strict=True)}
        self._sent_time = looks[0].time
        description, data = encode(looks[0].time, fresh)
        cost = 0.0 if self._timeline.has_time else time.thread_time() - began
        self._send_frame(self.pacer.sent(now, len(data), cost), description, data)

    def _drawing(self, view: View, look: Look) -> Drawing:
        """What a view shows now, or what it showed a little earlier if drawing it takes long."""
        began = time.perf_counter()
        kept = self._kept.get(view.plot.name)
        asked = look.x, look.y, self._look.get("time")
        if kept is not None and kept.asked == asked:
            if kept.state == self._seen:
                return kept.drawing
            if began < kept.until:
                self._news = True  # later
                return kept.drawing
        drawing = shown(view, look)
        took = time.perf_counter() - began
        share = _SHARE_OF_TIMED if view.plot.timed else _SHARE
        self._kept[view.plot.name] = _Kept(drawing, asked, self._seen, began + took / share)
        return drawing

    def _run(self) -> None:
        self._ready.wait(self._grace)
        if not self._closed:
            self._begin()
        pause: float | None
        while not self._closed:
            try:
                pause = self.tick(time.monotonic())
            except Exception as error:  # of whatever it was asked for: the figures must not stand still for that
                self._failed(error)
                pause = _QUIET_INTERVAL
            self._wake.wait(pause)
            self._wake.clear()


def shown(view: View, look: Look) -> Drawing:
    """What a view shows: whatever goes wrong in it, it is seen there and others go on."""
    try:
        return view.shown(look)
    except Exception as error:  # of whatever kind, it may be a user's own view
        lines = str(error).splitlines()
        x = None if view.plot.timed else look.x or Interval(0.0, 1.0)
        return Drawing(x, look.y or Interval(0.1, 1.0), title=f"{type(error).__name__}: {lines[0] if lines else ''}")
