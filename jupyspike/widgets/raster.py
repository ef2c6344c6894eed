"""Spikes of several groups above each other: a dot each, or an image of counts when there are too many to send."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from jupyspike.widgets.buffers import TimedBuffer
from jupyspike.widgets.decimation import binned, shaded
from jupyspike.widgets.plots import PALETTE, Counts, Drawing, Interval, Mark, Plot, Points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyspike_engine.simulation.session import Session, SpikeProbe

MAX_DOTS = 20_000
"""Dots in one frame; more than that are counted in a grid."""

MAX_SPIKES = 2_000_000
"""Spikes that all groups of a raster keep together, 12 bytes each."""

GRID = (200, 700)
"""Rows and columns of the grid, about the pixels of the plot; one byte each is 140 kB before compression."""


class _Band(NamedTuple):
    """A group's share of the vertical axis: neuron ``i`` is drawn at ``base + i``."""

    name: str
    size: int
    base: int
    probe: SpikeProbe
    spikes: TimedBuffer


class Raster:
    """When which neuron spiked.

    Parameters
    ----------
    session : Session
        The run to read from.
    groups : sequence of str
        Names of the groups, the first at the bottom.
    height : int
        Height in pixels.
    kept : int
        Spikes that are kept at most, of all groups together.
    """

    def __init__(self, session: Session, groups: Sequence[str], height: int = 300, kept: int = MAX_SPIKES) -> None:
        sizes = {group.name: group.size for group in session.groups}
        order = {name: k for k, name in enumerate(sizes)}
        capacity = kept // max(1, len(groups))
        self._bands: list[_Band] = []
        base = 0
        for name in groups:
            buffer = TimedBuffer(capacity, dtype=np.int32)
            self._bands.append(_Band(name, sizes[name], base, session.spikes(name), buffer))
            base += sizes[name]
        self._total = base
        colours = {name: PALETTE[order[name] % len(PALETTE)] for name in groups}
        marks = [Mark(f"{name} counts", "image", colours[name]) for name in groups]
        marks += [Mark(name, "dots", colours[name]) for name in groups]
        several = len(groups) > 1
        self.plot = Plot(
            "raster",
            "" if several else f"{groups[0]}: neuron",
            tuple(marks),
            height,
            tuple((band.base + band.size / 2 - 0.5, band.name) for band in self._bands) if several else (),
            tuple(band.base - 0.5 for band in self._bands[1:]),
        )

    def read(self) -> None:
        for band in self._bands:
            times, indices = band.probe.read()
            band.spikes.append(times, indices)

    def draw(self, x: Interval, y: Interval | None = None) -> Drawing:
        whole = Interval(-0.5, self._total - 0.5)
        seen = whole if y is None else Interval(max(whole.start, y.start), min(whole.stop, y.stop))
        if not seen:
            return Drawing(whole)
        dots = self._dots(x, seen, limit=MAX_DOTS)
        return Drawing(whole, self._images(x, seen) if dots is None else dots)

    def _dots(self, x: Interval, y: Interval, limit: int) -> dict[str, Points | Counts] | None:
        """Dots in the rectangle, or None when they are more than ``limit``."""
        data: dict[str, Points | Counts] = {}
        for band in self._bands:
            rows = band.spikes.within(x)
            times, places = band.spikes.times[rows], band.spikes.values[rows]
            if y.start > band.base or y.stop < band.base + band.size - 1:
                inside = (places >= y.start - band.base) & (places <= y.stop - band.base)
                times, places = times[inside], places[inside]
            limit -= len(times)
            if limit < 0:
                return None
            data[band.name] = Points(times, places.astype(float) + band.base)
        return data

    def _images(self, x: Interval, y: Interval) -> dict[str, Points | Counts]:
        data: dict[str, Points | Counts] = {}
        for band in self._bands:
            part = Interval(max(y.start, band.base - 0.5), min(y.stop, band.base + band.size - 0.5))
            if not part:
                continue
            share = (part.stop - part.start) / (y.stop - y.start)
            rows = int(max(1, min(round(GRID[0] * share), np.ceil(part.stop - part.start))))
            here = band.spikes.within(x)
            local = Interval(part.start - band.base, part.stop - band.base)
            counts = binned(band.spikes.times[here], band.spikes.values[here], x, local, (rows, GRID[1]))
            data[f"{band.name} counts"] = Counts(shaded(counts), x, part)
        return data
