"""The rate of whole groups: spikes per neuron and second, smoothed with a Gaussian."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jupyspike.widgets.buffers import TimedBuffer
from jupyspike.widgets.decimation import extremes
from jupyspike.widgets.plots import PALETTE, Drawing, Interval, Mark, Plot, Points, padded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyspike_engine.simulation.session import Session, SpikeProbe

MAX_BINS = 300_000
"""Bins that are kept for each group, 16 bytes each."""


class GroupRate:
    """Spike counts of one group in bins of equal width.

    Parameters
    ----------
    probe : SpikeProbe
        Where the spikes come from.
    size : int
        Neurons in the group.
    width : float
        Width of a bin in seconds.
    smoothing : float
        Standard deviation of the Gaussian in seconds.
    """

    def __init__(self, probe: SpikeProbe, size: int, width: float = 0.001, smoothing: float = 0.004) -> None:
        self._probe = probe
        self._width = width
        self._per_spike = 1.0 / (max(1, size) * width)
        reach = max(1, round(3 * smoothing / width))
        self._kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * width / smoothing) ** 2)
        self._bins = TimedBuffer(MAX_BINS)
        self._closed = 0  # bins before this one are in the buffer
        self._open: dict[int, int] = {}  # spikes of bins that may still get more

    def read(self, now: float) -> None:
        """Count what the probe recorded; bins that ended before ``now`` (s) are complete."""
        times, _ = self._probe.read()
        numbers, counts = np.unique(np.floor(times / self._width).astype(np.int64), return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            self._open[number] = self._open.get(number, 0) + count
        complete = int(np.floor(now / self._width))
        if complete <= self._closed:
            return
        closing = np.zeros(complete - self._closed)
        for number in [n for n in self._open if n < complete]:
            place = number - self._closed
            if place >= 0:
                closing[place] = self._open[number]
            del self._open[number]
        self._bins.append((np.arange(self._closed, complete) + 0.5) * self._width, closing)
        self._closed = complete

    def within(self, x: Interval) -> Points:
        """The smoothed rate (Hz) during ``x``, with a few bins more on each side."""
        wanted = self._bins.within(x, margin=1)
        reach = len(self._kernel) // 2
        first, last = max(0, wanted.start - reach), min(len(self._bins), wanted.stop + reach)
        counts = self._bins.values[first:last]
        if len(counts) == 0:
            return Points(np.empty(0), np.empty(0))
        # At both ends part of the kernel has nothing under it; dividing by the rest keeps the level.
        mass = np.convolve(np.ones(len(counts)), self._kernel)[reach : reach + len(counts)]
        rate = np.convolve(counts, self._kernel)[reach : reach + len(counts)] / mass * self._per_spike
        inner = slice(wanted.start - first, wanted.stop - first)
        return Points(self._bins.times[wanted], rate[inner])


class Rate:
    """Population rates over time, one line for each group.

    Parameters
    ----------
    session : Session
        The run to read from.
    groups : sequence of str
        Names of the groups.
    smoothing : float
        Standard deviation of the Gaussian that smooths the rate, in seconds.
    height : int
        Height in pixels.
    """

    def __init__(self, session: Session, groups: Sequence[str], smoothing: float = 0.004, height: int = 150) -> None:
        self._session = session
        sizes = {group.name: group.size for group in session.groups}
        order = list(sizes)
        self._rates = {name: GroupRate(session.spikes(name), sizes[name], smoothing=smoothing) for name in groups}
        marks = [Mark(name, "line", PALETTE[order.index(name) % len(PALETTE)], name) for name in groups]
        self.plot = Plot("rate", "rate (Hz)", tuple(marks), height)

    def read(self) -> None:
        now = self._session.time  # before reading: every spike before it is in what the probes return
        for rate in self._rates.values():
            rate.read(now)

    def draw(self, x: Interval, y: Interval | None = None) -> Drawing:
        lines = {name: rate.within(x) for name, rate in self._rates.items()}
        highest = max((float(line.y.max(initial=0.0)) for line in lines.values()), default=0.0)
        data = {name: extremes(line.x, line.y) for name, line in lines.items()}
        return Drawing(Interval(0.0, padded(0.0, highest or 1.0).stop), data)
