"""Intervals between spikes: how they are distributed, and how much they vary."""

from __future__ import annotations

from typing import Any

import numpy as np

from jupyspike.analysis.spiketrains import coefficients_of_variation, intervals
from jupyspike.widgets.plots import Axis, Data, Drawing, Floats, Interval, Look, Mark, Plot, Points, steady
from jupyspike.widgets.sources import Spikes, owner_of, spikes_of
from jupyspike.widgets.view import View, colours_of, seconds_of, some

BINS = 60
MAX_SPIKES = 500_000
"""The newest spikes of a group, which are looked at."""


class Intervals(View):
    """The histogram of the intervals between successive spikes of each neuron, and their coefficient of variation.

    The CV above the plot is the mean of the neurons that have at least three intervals: 0 for a clock, 1 for a Poisson
    process.

    Parameters
    ----------
    *groups : NeuronGroup, Subgroup or SpikeMonitor
    over : Quantity, optional
        The stretch of time before now that is looked at, 10 s by default.
    longest : Quantity, optional
        Where the histogram ends; by default where 99 % of the intervals are shorter.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        Something is not a group that spikes.
    """

    def __init__(self, *groups: object, over: Any = None, longest: Any = None, height: int = 260) -> None:
        some(groups, "isi")
        self.sources = [spikes_of(group) for group in groups]
        self.over = 10.0 if over is None else seconds_of(over, "over")
        self.longest = None if longest is None else seconds_of(longest, "longest")
        self._height = height

    sources: list[Spikes]

    def make_plot(self) -> Plot:
        colours = colours_of(self.sources)
        marks = [Mark(s.name, "steps", colour, s.name) for s, colour in zip(self.sources, colours, strict=True)]
        return Plot(
            "isi",
            Axis("interval between spikes", seconds=True),
            Axis("share of the intervals (%)"),
            tuple(marks),
            self._height,
        )

    def intervals(self, spikes: Spikes) -> tuple[Any, Any]:
        """The intervals (s) of a group, and the neurons they belong to."""
        until = spikes.until
        times, neurons = spikes.within(Interval(until - self.over, until))
        return intervals(times[-MAX_SPIKES:], neurons[-MAX_SPIKES:])

    def _edges(self, shown: Interval) -> Floats:
        """Edges of bins (s) between the multiples of the time step that intervals are, so that each has as many."""
        dt = max(owner_of(spikes.monitor).clock.dt_ for spikes in self.sources)
        width = max(1, round((shown.stop - shown.start) / BINS / dt)) * dt
        first = np.floor(shown.start / dt) * dt - dt / 2
        return np.asarray(first + width * np.arange(np.ceil((shown.stop - first) / width) + 1))

    def draw(self, look: Look) -> Drawing:
        found = {spikes.name: self.intervals(spikes) for spikes in self.sources}
        every = np.concatenate([lengths for lengths, _ in found.values()])
        longest = self.longest or (float(np.percentile(every, 99)) * 1.05 if len(every) else 0.1)
        seen = None if look.x is None else look.x.within(Interval(0.0, np.inf))
        shown = seen or Interval(0.0, longest)  # a hand may move all that there is out of sight
        edges = self._edges(shown)
        data: dict[str, Data] = {}
        varying, highest = [], 0.0
        for name, (lengths, neurons) in found.items():
            counts, _ = np.histogram(lengths, edges)
            share = 100 * counts / max(1, len(lengths))
            data[name] = Points(edges, np.append(share, 0.0))
            highest = max(highest, float(share.max()))
            of_neurons = coefficients_of_variation(lengths, neurons)
            if len(of_neurons):
                varying.append(f"{name} {of_neurons.mean():.2f}")
        title = f"CV: {', '.join(varying)}" if varying else ""
        if not len(every) and self.extent:
            title = f"no neuron has spiked twice in the last {self.over:g} s"
        return Drawing(shown, steady(0.0, highest or 1.0, bottom=0.0), data, title=title)
