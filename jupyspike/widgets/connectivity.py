"""Who is connected to whom: a matrix of sources and targets, binned when it is large."""

from __future__ import annotations

from typing import Any

import numpy as np

from jupyspike.widgets.plots import (
    NEUTRAL,
    Axis,
    ColourMap,
    Drawing,
    Floats,
    Image,
    Interval,
    Look,
    Mark,
    Plot,
    levels,
)
from jupyspike.widgets.sources import Source, ViewError, labelled, named
from jupyspike.widgets.view import View
from jupyspike_engine.objects.monitors.watching import Snapshots
from jupyspike_engine.objects.running.live import display_unit
from jupyspike_engine.objects.subgroup import whole
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.objects.variables import VariableView

CELLS = 400
"""Rows and columns at most."""


class Connectivity(View):
    """The matrix of connections: how many synapses from each neuron (across) to each other (up), or their mean weight.

    Parameters
    ----------
    synapses : Synapses, or a variable of synapses such as ``S.w``
        With a variable the colours are its means, which are followed during a run. Where some are negative and some
        positive, those below zero are blue and those above it red.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        These are not synapses.

    Examples
    --------
    >>> G = NeuronGroup(3, 'v : 1')
    >>> S = Synapses(G, G)
    >>> S.connect(i=[0, 0, 2], j=[1, 1, 0])
    >>> Connectivity(S).matrix()
    array([[0., 0., 1.],
           [2., 0., 0.],
           [0., 0., 0.]])
    """

    def __init__(self, synapses: object, height: int = 320) -> None:
        variable = synapses if isinstance(synapses, VariableView) else None
        owner = variable.owner if variable is not None else synapses
        if not isinstance(owner, Synapses):
            raise ViewError(
                f"{named(synapses)} is not synapses", synapses, expected="synapses, or a variable such as S.w"
            )
        if variable is not None and variable.name not in owner.arrays:
            raise ViewError(f"'{owner.name}' has no stored values of '{variable.name}'", synapses)
        self.synapses, self._height = owner, height
        self._variable = None if variable is None else variable.name
        self._unit: Any = None
        self._cells: tuple[object, Any] = (None, None)
        self.sources = []
        if variable is not None:
            self._unit = display_unit(variable[:], variable.dim)
            self.sources = [Source(Snapshots(owner, variable.name, self._binned, keep=1))]

    def _grid(self) -> tuple[int, int, int, int]:
        """Neurons of the source and of the target, and how many of each share a cell."""
        sources, targets = len(self.synapses.source), len(self.synapses.target)
        return sources, targets, -(-sources // CELLS), -(-targets // CELLS)

    def _places(self) -> Any:
        """The cell of each synapse, in the order of their storage."""
        ends = self.synapses.post_indices
        if self._cells[0] is not ends:
            sources, _, wide, tall = self._grid()
            columns = -(-sources // wide)
            pre = (self.synapses.pre_indices - whole(self.synapses.source)[1]) // wide
            self._cells = ends, (ends - whole(self.synapses.target)[1]) // tall * columns + pre
        return self._cells[1]

    def _binned(self, weights: Any = None) -> Floats:
        """The sum over the synapses of each cell of a weight, or of ones."""
        sources, targets, wide, tall = self._grid()
        shape = -(-targets // tall), -(-sources // wide)
        if weights is not None and len(weights) != len(self._places()):
            weights = np.broadcast_to(weights, len(self._places()))
        return np.bincount(self._places(), weights, shape[0] * shape[1]).reshape(shape).astype(float)

    def matrix(self) -> Floats:
        """A row for each target (or bin of targets): numbers of synapses, or mean weights, NaN where there are none."""
        if self._variable is None:
            return self._binned()
        counts, snapshots = self._binned(), self.sources[0].monitor
        assert isinstance(snapshots, Snapshots)
        sums = snapshots.taken[-1][1] if snapshots.taken and self._under_way() else snapshots.now()
        with np.errstate(invalid="ignore"):
            return np.asarray(sums / counts / float(np.asarray(self._unit)))

    def _under_way(self) -> bool:
        network = self.synapses.simulated_by
        return network is not None and network.under_way

    def make_plot(self) -> Plot:
        synapses = self.synapses
        what = "synapses" if self._variable is None else labelled(self._variable, self._unit)
        _, _, wide, tall = self._grid()
        if self._variable is None and (wide, tall) != (1, 1):
            what = f"synapses in {wide} \N{MULTIPLICATION SIGN} {tall} pairs"
        x = Axis(f"from neuron of {synapses.source.name}", whole=True)
        y = Axis(f"to neuron of {synapses.target.name}", whole=True)
        name = f"connectivity {synapses.name}{'.' + self._variable if self._variable else ''}"
        return Plot(name, x, y, (Mark("matrix", "map", NEUTRAL),), self._height, colours=what)

    def draw(self, look: Look) -> Drawing:
        sources, targets, wide, tall = self._grid()
        matrix = self.matrix()
        present = self._binned() > 0
        limits = _around_zero(matrix[present & np.isfinite(matrix)])
        kind: ColourMap = "sequential" if limits is None else "diverging"
        image, colours = levels(matrix, present, limits)
        area = Image(image, Interval(-0.5, image.shape[1] * wide - 0.5), Interval(-0.5, image.shape[0] * tall - 0.5))
        x, y = Interval(-0.5, sources - 0.5), Interval(-0.5, targets - 0.5)
        return Drawing(x, y, {"matrix": area}, colours, f"{len(self.synapses):,} synapses", kind)

    @property
    def state(self) -> object:
        taken = [s.monitor.taken[-1][0] for s in self.sources if isinstance(s.monitor, Snapshots) and s.monitor.taken]
        return len(self.synapses), taken


def _around_zero(values: Floats) -> Interval | None:
    """What the ends of the colours stand for where weights have both signs."""
    if not values.size or values.min() >= 0 or values.max() <= 0:
        return None
    farthest = float(np.abs(values).max())
    return Interval(-farthest, farthest)
