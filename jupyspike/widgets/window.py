"""How much of the model time a figure shows, to be changed by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ipywidgets import HBox, Label

from jupyspike.widgets.entries import Entry
from jupyspike_engine.diagnostics import ArgumentError
from jupyspike_engine.units import UNITS

if TYPE_CHECKING:
    from jupyspike.widgets.timeline import Timeline


class Window(HBox):  # type: ignore[misc]  # ipywidgets has no types
    """The stretch of time that plots over time show, as a text: a time, or all of it.

    Parameters
    ----------
    timeline : Timeline
        What is changed.
    follow : callable
        Called when it has been: to show the newest stretch, wherever a person has looked before.
    """

    def __init__(self, timeline: Timeline, follow: Callable[[], None]) -> None:
        self._timeline, self._follow = timeline, follow
        seconds = timeline.window
        unit = UNITS["second"] if seconds >= 1 else UNITS["ms"] if seconds >= 1e-3 else UNITS["us"]
        self.entry = Entry("the time shown", seconds, unit, self._took, infinite="all")
        self.entry.text.tooltip = "How much of the time is shown: a time, or all"
        self.entry.text.layout.width = "72px"
        super().__init__((Label("shows"), self.entry))

    def _took(self, seconds: float) -> None:
        if not seconds > 0:
            raise ArgumentError("the time shown must be above zero", expected="a time such as 500 ms, or all")
        self._timeline.window = seconds
        self._follow()


def of_time(timeline: Timeline, follow: Callable[[], None]) -> Sequence[Window]:
    """What changes the window of a timeline, if one of its views is over time."""
    return [Window(timeline, follow)] if any(view.plot.timed for view in timeline.views) else []
