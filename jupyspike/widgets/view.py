"""What all views have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Any

from jupyspike.widgets.plots import PALETTE, Drawing, Interval, Look, Plot
from jupyspike.widgets.sources import Source, Spikes, ViewError
from jupyspike_engine.diagnostics import UserError
from jupyspike_engine.objects.clocks import seconds
from jupyspike_engine.units import Quantity

MISSED = "not recorded yet: the next run will be"


class View:
    """Draws something of a simulation, from what has been recorded: after a run, or while one goes on.

    Displayed as the value of a cell it is a figure that follows the simulation. Several share a figure in a panel
    (`jupyspike.widgets.Panel`, `live_panel`, ``%simulate --live``) or on a `Board`.

    A kind of view says in ``make_plot`` what stays the same and in ``draw`` what is to be seen at a moment.

    Attributes
    ----------
    sources : list of Source
        What it reads.
    """

    sources: Sequence[Source] = ()

    def make_plot(self) -> Plot:
        """The axes and what is drawn in them."""
        raise NotImplementedError

    def draw(self, look: Look) -> Drawing:
        """What is to be seen. The drawing may share memory with recordings, which do not change it."""
        raise NotImplementedError

    def shown(self, look: Look) -> Drawing:
        """What is to be seen; it says so if there is nothing because a view was made after the run."""
        drawing = self.draw(look)
        return replace(drawing, title=MISSED) if any(source.missed for source in self.sources) else drawing

    @cached_property
    def plot(self) -> Plot:
        """The axes and what is drawn in them; made when the view is first shown."""
        return self.make_plot()

    @property
    def called(self) -> str:
        """What its controls belong to, in words."""
        return self.plot.name

    def controls(self) -> Sequence[Any]:
        """Widgets that change how it draws."""
        return ()

    def picked(self, x: float, y: float, pixel: tuple[float, float], look: Look) -> View | None:
        """What is to be shown besides after a click at a place of a plot with shapes; None for nothing.

        It may be the same view as after an earlier click, changed.

        Parameters
        ----------
        x, y : float
            The place, on the axes.
        pixel : (float, float)
            What a pixel is on both axes.
        look : Look
            What is looked at.
        """
        return None

    @property
    def state(self) -> object:
        """Another value when there is something new to be seen."""
        return [source.state for source in self.sources]

    @property
    def extent(self) -> Interval:
        """The model time (s) from which something is recorded."""
        begin = min((source.begin for source in self.sources), default=0.0)
        return Interval(begin, max((source.until for source in self.sources), default=begin))

    def attach(self) -> None:
        """Let further runs record for this view, as a new one does."""
        for source in self.sources:
            source.attach()

    def detach(self) -> None:
        """Let further runs not record for this view; what has been recorded stays."""
        for source in self.sources:
            source.detach()

    # shown alone

    @cached_property
    def board(self) -> Any:
        """The figure in the notebook that shows this view alone."""
        from jupyspike.widgets.board import Board

        return Board(self)

    def _ipython_display_(self) -> None:
        self.board._ipython_display_()

    def save(self, path: str | Path) -> Path:
        """Write what is to be seen now into a file; see `Board.save`."""
        saved: Path = self.board.save(path)
        return saved


def colours_of(sources: Sequence[Spikes]) -> list[str]:
    """Colours of groups: in all views of a network the same."""
    return [
        PALETTE[(source.colour_number if source.colour_number >= 0 else place) % len(PALETTE)]
        for place, source in enumerate(sources)
    ]


def some(items: Sequence[object], what: str) -> None:
    """Raise an error if there are no items.

    Raises
    ------
    ViewError
    """
    if not items:
        raise ViewError(f"{what} of nothing", items, hint=f"{what}(exc, inh)")


def seconds_of(value: Any, what: str) -> float:
    """A time in seconds.

    Raises
    ------
    ViewError
        It is not a time above zero.
    """
    try:
        return seconds(value, what, positive=True)
    except UserError as error:
        raise ViewError(error.diagnostics[0].message, value, expected="a time, such as 5*ms") from None


def window_of(window: Any) -> float:
    """How much of the model time is shown, in seconds: a time, or a number of seconds; everything (inf) for None.

    Raises
    ------
    ViewError
        It is not a time above zero.
    """
    if isinstance(window, (int, float)) and not isinstance(window, Quantity) and window > 0:
        return float(window)
    return inf if window is None else seconds_of(window, "window")
