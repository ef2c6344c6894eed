"""Spikes of several groups above each other: a dot each, or an image of counts when there are too many to send."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jupyspike.widgets.decimation import binned, shaded
from jupyspike.widgets.plots import TIME, Axis, Data, Drawing, Image, Interval, Look, Mark, Plot, Points
from jupyspike.widgets.sources import Spikes, spikes_of
from jupyspike.widgets.view import View, colours_of, some

MAX_DOTS = 20_000
"""Dots in one frame; more than that are counted in a grid."""

GRID = (200, 700)
"""Rows and columns of the grid, about the pixels of the plot; one byte each is 140 kB before compression."""


class _Band(NamedTuple):
    """A group's share of the vertical axis: neuron ``i`` is drawn at ``base + i``."""

    spikes: Spikes
    base: int

    @property
    def name(self) -> str:
        return self.spikes.name


class Raster(View):
    """When which neuron spiked.

    Up to 20,000 spikes are points; more are counted in a grid, which is sent. Looking closer gives points again.

    Parameters
    ----------
    *groups : NeuronGroup, Subgroup or SpikeMonitor
        The first at the bottom, each in a colour of its own.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        Something is not a group that spikes.

    Examples
    --------
    >>> exc = PoissonGroup(80, rates=20*Hz)
    >>> inh = PoissonGroup(20, rates=40*Hz)
    >>> raster = Raster(exc, inh)
    >>> run(100*ms)
    >>> raster.save('spikes.svg').name  # doctest: +SKIP
    'spikes.svg'
    """

    def __init__(self, *groups: object, height: int = 300) -> None:
        some(groups, "raster")
        self.sources = spikes = [spikes_of(group) for group in groups]
        bases = np.cumsum([0, *(own.size for own in spikes)]).tolist()
        self._bands = [_Band(own, base) for own, base in zip(spikes, bases, strict=False)]
        self._total, self._height = bases[-1], height

    def make_plot(self) -> Plot:
        names, colours = [band.name for band in self._bands], colours_of([band.spikes for band in self._bands])
        marks = [Mark(f"{name} counts", "image", c) for name, c in zip(names, colours, strict=True)]
        marks += [Mark(name, "dots", c) for name, c in zip(names, colours, strict=True)]
        if len(names) == 1:
            return Plot("raster", TIME, Axis(f"index in {names[0]}", whole=True), tuple(marks), self._height)
        ticks = tuple((band.base + band.spikes.size / 2 - 0.5, band.name) for band in self._bands)
        lines = tuple(band.base - 0.5 for band in self._bands[1:])
        return Plot("raster", TIME, Axis("", ticks=ticks), tuple(marks), self._height, lines)

    def draw(self, look: Look) -> Drawing:
        whole = Interval(-0.5, self._total - 0.5)
        seen = whole if look.y is None else look.y.within(whole)
        dots = self._dots(look.time, seen, limit=MAX_DOTS)
        return Drawing(None, whole, self._images(look.time, seen) if dots is None else dots)

    def _dots(self, x: Interval, y: Interval, limit: int) -> dict[str, Data] | None:
        """Dots in the rectangle, or None when they are more than ``limit``."""
        data: dict[str, Data] = {}
        for band in self._bands:
            times, neurons = band.spikes.within(x)
            if y.start > band.base or y.stop < band.base + band.spikes.size - 1:
                inside = (neurons >= y.start - band.base) & (neurons <= y.stop - band.base)
                times, neurons = times[inside], neurons[inside]
            limit -= len(times)
            if limit < 0:
                return None
            data[band.name] = Points(times, neurons.astype(float) + band.base)
        return data

    def _images(self, x: Interval, y: Interval) -> dict[str, Data]:
        data: dict[str, Data] = {}
        for band in self._bands:
            part = y.within(Interval(band.base - 0.5, band.base + band.spikes.size - 0.5))
            if not part:
                continue
            share = (part.stop - part.start) / (y.stop - y.start)
            rows = int(max(1, min(round(GRID[0] * share), np.ceil(part.stop - part.start))))
            local = Interval(part.start - band.base, part.stop - band.base)
            counts = binned(*band.spikes.within(x), x, local, (rows, GRID[1]))
            data[f"{band.name} counts"] = Image(shaded(counts), x, part)
        return data
