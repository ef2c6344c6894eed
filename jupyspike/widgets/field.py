"""Receptive fields: what a stimulus was before the spikes of a neuron, on average."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from jupyspike.widgets.axes import told
from jupyspike.widgets.plots import (
    NEUTRAL,
    PALETTE,
    Axis,
    ColourMap,
    Data,
    Drawing,
    Floats,
    Image,
    Interval,
    Look,
    Mark,
    Plot,
    Points,
    levels,
    padded,
)
from jupyspike.widgets.sources import Source, ViewError, labelled, named
from jupyspike.widgets.view import View
from jupyspike_engine.objects.monitors.triggered import SpikeTriggeredAverage
from jupyspike_engine.objects.running.live import display_unit
from jupyspike_engine.objects.timedarray import TimedArray

SHOWN = ("average", "standard error")


class Averages(Source):
    """A spike-triggered average that is added up while a network runs."""

    def __init__(self, average: SpikeTriggeredAverage) -> None:
        self.average = average

    def attach(self) -> None:
        """It is the user's own, and so runs along anyway."""

    def detach(self) -> None:
        """It is the user's own."""

    @property
    def until(self) -> float:
        network = self.average.simulated_by
        return 0.0 if network is None else float(network.recorded_until)

    @property
    def state(self) -> tuple[float, int]:
        return self.until, int(self.average.num_spikes.sum())


class ReceptiveField(View):
    """A spike-triggered average: time before the spike across, channels of the stimulus up, and the average in colour.

    A stimulus of one channel is a line, between lines one standard error above and below. With ``shape`` the channels
    are pixels of an image, and a slider chooses the time before the spike.

    In an image the neutral colour is the mean of the stimulus, be it a variable or rates of spikes, over the time of
    the run and all channels: what has no effect. Red is more and blue is less, on one scale at all times before.

    Parameters
    ----------
    average : SpikeTriggeredAverage
    neuron : int
        The place of the neuron among those that are averaged for.
    shape : (int, int), optional
        Rows and columns of the image that the channels make, row by row.
    show : str
        'average' or 'standard error'.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        This is no average of a stimulus, or has no such neuron or shape.

    Examples
    --------
    >>> source = SpikeGeneratorGroup(1, [0], [3]*ms)
    >>> field = SpikeTriggeredAverage(source, TimedArray([[1, 2], [3, 4], [5, 6], [7, 8]], dt=1*ms), window=2*ms)
    >>> run(4*ms)
    >>> ReceptiveField(field).values()
    array([[7., 8.],
           [5., 6.]])
    """

    def __init__(
        self,
        average: object,
        neuron: int = 0,
        shape: tuple[int, int] | None = None,
        show: str = "average",
        height: int = 280,
    ) -> None:
        if not isinstance(average, SpikeTriggeredAverage):
            raise ViewError(f"{named(average)} is not an average", average, expected="a SpikeTriggeredAverage")
        if not 0 <= neuron < len(average.neurons):
            raise ViewError(
                f"'{average.name}' does not have this neuron", neuron, expected=f"0 to {len(average.neurons) - 1}"
            )
        if show not in SHOWN:
            raise ViewError("this cannot be shown of an average", show, expected=", ".join(SHOWN))
        self.average, self.neuron, self.show, self.lag = average, neuron, show, 0
        self.sources = [Averages(average)]
        self._height, self._shape = height, shape
        self.channels = average.average_of(neuron).shape[1]
        if shape is not None and shape[0] * shape[1] != self.channels:
            raise ViewError(f"'{average.name}' has {self.channels} channels, not {shape[0]} times {shape[1]}", shape)

    @property
    def spikes(self) -> int:
        """The spikes that count."""
        return int(self.average.num_spikes[self.neuron])

    @cached_property
    def unit(self) -> Any:
        """The unit that values are shown in."""
        stimulus = self.average.stimulus
        average = self.average.average_of(self.neuron)
        found = average[np.isfinite(average)]
        known = stimulus.values if isinstance(stimulus, TimedArray) else found if found.size else np.zeros(1)
        return display_unit(known, self.average.dim)

    def values(self) -> Floats:
        """What is shown, of shape (lags, channels), from the bin of the spike back; in the unit that is shown."""
        of_one = self.average.average_of if self.show == "average" else self.average.standard_error_of
        return of_one(self.neuron) / float(np.asarray(self.unit))

    @property
    def mean(self) -> float:
        """The mean of the stimulus over time and channels, in the unit that is shown."""
        return float(self.average.mean_.mean()) / float(np.asarray(self.unit))

    @property
    def called(self) -> str:
        return f"{self.average.source.name}[{self.average.neurons[self.neuron]}]"

    def controls(self) -> Sequence[Any]:
        """What is shown, and for images how long before the spike."""
        from ipywidgets import Dropdown, SelectionSlider

        narrow = {"description_width": "48px"}
        show = Dropdown(options=SHOWN, value=self.show, description="show", style=narrow, layout={"width": "200px"})
        show.observe(lambda change: setattr(self, "show", change["new"]), "value")
        if self._shape is None:
            return (show,)
        times = [(self._told(lag), k) for k, lag in enumerate(self.average.lags_)]
        lag = SelectionSlider(
            options=times, value=self.lag, description="before", style=narrow, layout={"width": "260px"}
        )
        lag.observe(lambda change: setattr(self, "lag", change["new"]), "value")
        return show, lag

    @property
    def state(self) -> object:
        return [source.state for source in self.sources], self.show, self.lag

    def make_plot(self) -> Plot:
        name = f"field {self.average.name}[{self.neuron}]"
        what = labelled("stimulus", self.unit)
        before = Axis("time from the spike", seconds=True)
        if self.channels == 1:
            lines = Mark("above", "line", NEUTRAL), Mark("below", "line", NEUTRAL), Mark("average", "line", PALETTE[0])
            return Plot(name, before, Axis(what), lines, self._height)
        column, row = (Axis(name, whole=True) for name in ("column", "row"))
        x, y = (before, Axis("channel", whole=True)) if self._shape is None else (column, row)
        return Plot(
            name, x, y, (Mark("map", "map", NEUTRAL),), self._height, colours=what, equal=self._shape is not None
        )

    def draw(self, look: Look) -> Drawing:
        values = self.values()
        lags = -self.average.lags_[::-1]
        title = f"{self.called}: {self.show} over {self.spikes:,} spikes"
        if self.channels == 1:
            return self._line(values[::-1, 0], lags, title)
        width = float(lags[1] - lags[0]) if len(lags) > 1 else 1e-3
        if self._shape is None:
            image, x = values[::-1].T, Interval(lags[0] - width / 2, lags[-1] + width / 2)
        else:
            image, x = values[self.lag].reshape(self._shape), Interval(-0.5, self._shape[1] - 0.5)
            title += f", {self._told(self.average.lags_[self.lag])} before"
        y = Interval(-0.5, image.shape[0] - 0.5)
        coloured, colours = levels(image, np.isfinite(image), self._limits(values))
        kind: ColourMap = "diverging" if self.show == "average" else "sequential"
        return Drawing(x, y, {"map": Image(coloured, x, y)}, colours, title, kind)

    def _told(self, lag: float) -> str:
        return told(lag, Interval(-float(self.average.lags_[-1]), 0.0))

    def _limits(self, values: Floats) -> Interval | None:
        """What the ends of the colours stand for, at whatever time before the spike."""
        known = values[np.isfinite(values)]
        if not known.size:
            return None
        if self.show != "average":
            return Interval(float(known.min()), float(known.max()))
        mean, farthest = self.mean, float(np.abs(known - self.mean).max())
        if farthest <= 1e-9 * abs(mean):  # a rounding error of the mean
            farthest = 0.0
        return Interval(mean - farthest, mean + farthest)

    def _line(self, values: Floats, lags: Floats, title: str) -> Drawing:
        data: dict[str, Data] = {"average": Points(lags, values)}
        lowest, highest = values, values
        if self.show == "average":
            error = self.average.standard_error_of(self.neuron)[::-1, 0] / float(np.asarray(self.unit))
            lowest, highest = values - error, values + error
            data |= {"below": Points(lags, lowest), "above": Points(lags, highest)}
        seen = np.concatenate([lowest, highest])
        seen = seen[np.isfinite(seen)]
        y = padded(float(seen.min()), float(seen.max())) if len(seen) else Interval(0.0, 1.0)
        return Drawing(Interval(float(lags[0]), float(lags[-1])), y, data, title=title)
