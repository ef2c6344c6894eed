"""How weights are distributed, and how that changes during learning."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jupyspike.widgets.plots import NEUTRAL, Axis, Drawing, Floats, Image, Interval, Look, Mark, Plot, levels, padded
from jupyspike.widgets.sources import Source, ViewError, labelled, named
from jupyspike.widgets.view import View
from jupyspike_engine.objects.monitors.watching import Snapshots
from jupyspike_engine.objects.running.live import display_unit
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.objects.variables import VariableView

FINE = 1000
"""Bins of each snapshot, between its own smallest and largest value: so many that few lie across an edge of rows."""

SHAPE = (60, 300)
"""Rows and columns of the image."""


class Histogram(NamedTuple):
    """Counts in equal bins between two values."""

    low: float
    high: float
    counts: Floats


def histogram(values: Floats) -> Histogram:
    """The histogram of the values that are finite, between the smallest and the largest of them.

    >>> histogram(np.array([1.0, 3.0, 3.0])).counts[[0, -1]]
    array([1., 2.])
    """
    finite = np.asarray(values, np.float64)
    finite = finite[np.isfinite(finite)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if high <= low:
        return Histogram(low, low, np.array([float(finite.size)]))
    counts, _ = np.histogram(finite, FINE, (low, high))
    return Histogram(low, high, counts.astype(float))


class Weights(View):
    """The histogram of a variable of synapses over time: time across, the variable up, how many synapses as colours.

    Parameters
    ----------
    variable : VariableView
        A stored variable of synapses (or of neurons), such as ``S.w``.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        This is not a variable with values of its own.

    Examples
    --------
    >>> G = NeuronGroup(3, 'v : 1')
    >>> S = Synapses(G, G, 'w : 1')
    >>> S.connect()
    >>> S.w = 'i'
    >>> int(Weights(S.w).counts(Interval(-0.5, 2.5), rows=3)[1][:, -1].sum())
    9
    """

    def __init__(self, variable: object, height: int = 220) -> None:
        if not isinstance(variable, VariableView):
            raise ViewError(f"{named(variable)} is not a variable", variable, expected="a variable such as S.w")
        if variable.name not in variable.owner.arrays:
            raise ViewError(f"'{variable.owner.name}' has no stored values of '{variable.name}'", variable)
        self.owner, self.variable, self._height = variable.owner, variable.name, height
        self._unit = display_unit(variable[:], variable.dim)
        self._scale = float(np.asarray(self._unit))
        self.snapshots = Snapshots(variable.owner, variable.name, histogram)
        self.sources = [Source(self.snapshots)]

    def make_plot(self) -> Plot:
        what = "synapses (%)" if isinstance(self.owner, Synapses) else "neurons (%)"
        axis = Axis(labelled(self.variable, self._unit))
        name = f"weights {self.owner.name}.{self.variable}"
        time = Axis("time", seconds=True)
        return Plot(name, time, axis, (Mark("share", "map", NEUTRAL),), self._height, colours=what)

    def _taken(self) -> list[tuple[float, Histogram]]:
        taken = self.snapshots.taken
        network = self.owner.simulated_by
        if network is not None and network.under_way:
            return taken
        now = self.sources[0].until
        return taken if taken and taken[-1][0] >= now else [*taken, (now, self.snapshots.now())]

    def counts(self, y: Interval, rows: int = SHAPE[0]) -> tuple[Floats, Floats]:
        """Times (s) of the snapshots, and how many values are in each bin of ``y`` (rows) at each of them (columns).

        Of a finer bin that lies in two rows, each has the part that lies in it: with whole ones, some rows would have
        more of them than others, and a uniform distribution would have stripes.
        """
        taken = self._taken()
        edges = np.linspace(y.start, y.stop, rows + 1) * self._scale
        counts = np.zeros((rows, max(1, len(taken))))
        for column, (_, found) in enumerate(taken):
            high = max(found.high, np.nextafter(found.low, np.inf))  # equal values lie above an edge, too
            fine = np.linspace(found.low, high, len(found.counts) + 1)
            below = np.interp(edges, fine, np.concatenate([[0.0], np.cumsum(found.counts)]))
            counts[:, column] = np.diff(below)
        return np.array([time for time, _ in taken] or [0.0]), counts

    def draw(self, look: Look) -> Drawing:
        taken = self._taken()
        if not taken:
            return Drawing(Interval(0.0, 1.0), Interval(0.0, 1.0))
        low = min(found.low for _, found in taken) / self._scale
        high = max(found.high for _, found in taken) / self._scale
        y = padded(low, high, 0.03)
        times, counts = self.counts(y)
        first = float(times[0])
        time = Interval(first, max(float(times[-1]), first + 1e-3))
        columns = np.linspace(time.start, time.stop, SHAPE[1])
        shown = counts[:, np.searchsorted(times, columns, side="right") - 1]
        share = 100 * shown / max(1, len(self.owner))
        image, colours = levels(share, shown > 0)
        return Drawing(time, y, {"share": Image(image, time, y)}, colours)

    @property
    def state(self) -> object:
        return super().state, len(self.snapshots.taken)
