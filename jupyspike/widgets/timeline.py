"""Which model time a figure shows, and whether there is something new in it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Protocol

from jupyspike.widgets.controls import ENDED
from jupyspike.widgets.plots import Interval
from jupyspike.widgets.view import View

if TYPE_CHECKING:
    from jupyspike_engine.simulation.session import Session


class Timeline(Protocol):
    """What the figures of views move along."""

    views: Sequence[View]
    window: float
    """Seconds of model time that are shown; infinite for everything."""

    @property
    def status(self) -> str:
        """What goes on; see `Session.status`."""

    @property
    def state(self) -> object:
        """Another value when there is something new to be seen."""

    @property
    def moves(self) -> object:
        """Another value when a change by hand has taken effect."""

    @property
    def has_time(self) -> bool:
        """Whether drawing takes no time from the run."""

    def shown(self) -> Interval:
        """The model time (s) that a figure shows which follows the run."""


class LiveTime:
    """The latest stretch of a live run.

    Parameters
    ----------
    session : Session
    views : sequence of View
    window : float
        Seconds of model time that are shown; infinite for the whole run.
    """

    def __init__(self, session: Session, views: Sequence[View], window: float) -> None:
        self._session, self.views, self.window = session, views, window

    @property
    def status(self) -> str:
        return self._session.status

    @property
    def state(self) -> object:
        return self._session.status, self._session.time, self.window, [view.state for view in self.views]

    @property
    def moves(self) -> object:
        return self._session.course[-1:]

    @property
    def has_time(self) -> bool:
        return self._session.status != "running" or self._session.is_held

    def shown(self) -> Interval:
        session = self._session
        length = min(self.window, session.duration)
        stop = session.start + max(length, session.time)
        return Interval(stop - length, stop) if length > 0 else Interval(session.start, session.start + 1.0)


class RecordedTime:
    """All that views have recorded, or the latest stretch of it.

    Parameters
    ----------
    views : sequence of View
    window : float
        Seconds of model time that are shown; infinite for everything.
    """

    status, moves, has_time = "recorded", 0, False

    def __init__(self, views: Sequence[View], window: float) -> None:
        self.views, self.window = views, window

    @property
    def state(self) -> object:
        return self.window, [view.state for view in self.views]

    def shown(self) -> Interval:
        extents = [view.extent for view in self.views]
        begin, until = min(extent.start for extent in extents), max(extent.stop for extent in extents)
        begin = max(begin, until - self.window)
        return Interval(begin, until if until > begin else begin + (self.window if isfinite(self.window) else 1.0))


def is_over(timeline: Timeline) -> bool:
    """Whether nothing new will come."""
    return timeline.status in ENDED
