"""The rate of whole groups: spikes per neuron and second, smoothed with a Gaussian."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from jupyspike.analysis.spiketrains import smoothed_rate
from jupyspike.widgets.decimation import extremes
from jupyspike.widgets.plots import TIME, Axis, Drawing, Interval, Look, Mark, Plot, Points, steady
from jupyspike.widgets.sources import Spikes, limits_of, spikes_of
from jupyspike.widgets.view import View, colours_of, seconds_of, some
from jupyspike_engine.objects.running.live import display_unit
from jupyspike_engine.simulation.changes import Parameter
from jupyspike_engine.units import SECOND, UNITS

BIN = 0.001
"""Width of the bins that spikes are counted in, in seconds; of stretches longer than 200,000 bins they are wider."""


class Rate(View):
    """Population rates over time, one line for each group.

    Parameters
    ----------
    *groups : NeuronGroup, Subgroup or SpikeMonitor
    smoothing : Quantity
        Standard deviation of the Gaussian that smooths the rate, 4 ms by default; a slider changes it.
    height : int
        Height in pixels.
    limits : (Quantity, Quantity), optional
        The ends of the axis of the rate; by default they fit what is to be seen.

    Raises
    ------
    ViewError
        Something is not a group that spikes, the smoothing is not a time, or these are no limits for a rate.
    """

    def __init__(self, *groups: object, smoothing: Any = None, height: int = 150, limits: object = None) -> None:
        some(groups, "rate")
        self.sources = [spikes_of(group) for group in groups]
        self.smoothing = 0.004 if smoothing is None else seconds_of(smoothing, "smoothing")
        self._height, self._limits = height, limits_of(limits, "rate", SECOND**-1, UNITS["Hz"])

    sources: list[Spikes]

    def make_plot(self) -> Plot:
        colours = colours_of(self.sources)
        marks = [Mark(s.name, "line", colour, s.name) for s, colour in zip(self.sources, colours, strict=True)]
        return Plot("rate", TIME, Axis("rate (Hz)"), tuple(marks), self._height)

    def draw(self, look: Look) -> Drawing:
        lines = {spikes.name: self.line(spikes, look.time) for spikes in self.sources}
        highest = max((float(line.y.max(initial=0.0)) for line in lines.values()), default=0.0)
        data = {name: extremes(line.x, line.y) for name, line in lines.items()}
        return Drawing(None, self._limits or steady(0.0, highest or 1.0, bottom=0.0), data)

    def line(self, spikes: Spikes, time: Interval) -> Points:
        """The smoothed rate (Hz) of a group during a time."""
        until = spikes.until  # before reading: every spike before it is in what is read
        width = BIN * max(1.0, np.ceil((time.stop - time.start) / BIN / 200_000))
        margin = 4 * self.smoothing + width
        known = Interval(time.start - margin, time.stop + margin).within(Interval(spikes.begin, until))
        times, _ = spikes.within(known)
        centres, rate = smoothed_rate(times, spikes.size, known.start, known.stop, width, self.smoothing)
        seen = (centres >= time.start - width) & (centres <= time.stop + width)
        return Points(centres[seen], rate[seen])

    @property
    def state(self) -> object:
        return super().state, self.smoothing

    def controls(self) -> Sequence[Any]:
        from jupyspike.widgets.sliders import ParameterSlider

        value = self.smoothing
        shown = Parameter(
            "smoothing", value, value / 10, value * 10, None, display_unit(np.array([value]), SECOND), True
        )
        slider = ParameterSlider(shown, partial(setattr, self, "smoothing"))
        return slider, slider.entry.problem
