"""Kymographs: what happens along the way from the root of a cell to one of its tips, over time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from jupyspike.widgets.axes import shortened
from jupyspike.widgets.plots import NEUTRAL, TIME, Axis, Drawing, Floats, Image, Interval, Look, Mark, Plot, levels
from jupyspike.widgets.sources import ViewError, labelled, limits_of, together
from jupyspike.widgets.spatial import Cell, cell_of
from jupyspike.widgets.view import View
from jupyspike_engine.morphology.compartments import Compartments
from jupyspike_engine.objects.spatial.compartmentparts import Sectioned

COLUMNS, ROWS = 600, 120
"""Pixels of the image at most, over time and along the way."""

RECORDED = 60
"""Compartments that are recorded at most: those between have the values of their neighbours."""

UM = 1e6
_LONGEST_NAME = 140  # pixels, of the section where the way ends


class Kymograph(View):
    """A variable along the way from the root of a cell to a compartment: time across, distance up, values in colours.

    Parameters
    ----------
    variable : VariableView
        Of a cell, such as ``cell.v``.
    to : int, part of the cell or of its morphology, name of a section, optional
        Where the way ends: the number of a compartment, a section, or the farthest compartment of a branch such as
        ``cell.axon``; at the tip that is farthest away by default.
    shape : Morphology, optional
        Of a group that has none of its own; see `MorphologyMap`.
    limits : (Quantity, Quantity), optional
        What the lowest and the highest colour stand for; those of what is shown by default.
    cell : int, optional
        Which cell of a population; the first one by default.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        This is no variable of compartments, or there is no such compartment.

    Examples
    --------
    >>> morpho = Soma(diameter=20*um)
    >>> morpho.L = Cylinder(length=100*um, diameter=2*um, n=4)
    >>> morpho.R = Cylinder(length=50*um, diameter=1*um, n=2)
    >>> cell = SpatialNeuron(morpho, 'Im = gL*(-70*mV - v) : amp/meter**2', namespace={'gL': 1*siemens/meter**2})
    >>> Kymograph(cell.v).way.tolist(), Kymograph(cell.v, to=cell.R).way.tolist()
    ([0, 1, 2, 3, 4], [0, 5, 6])
    """

    def __init__(
        self,
        variable: object,
        to: Any = None,
        shape: object = None,
        limits: object = None,
        cell: int | None = None,
        height: int = 220,
    ) -> None:
        self.cell = cell_of(variable, shape, cell)
        flat, whole = self.cell.flat, self.cell.values
        self.way = way_to(flat, _end_of(to, self.cell))
        kept = self.way[np.unique(np.linspace(0, len(self.way) - 1, RECORDED).astype(int))]
        (self.values,) = together(whole.owner, [whole.name], self.cell.elements[kept].tolist())
        self.sources = [self.values]
        self._distance = flat.distance[kept] * UM
        self._limits = limits_of(limits, whole.name, whole.dim, self.values.unit)
        self._end = shortened(flat.sections[flat.section[self.way[-1]]], _LONGEST_NAME, start=True) or "the root"
        self._height = height

    def make_plot(self) -> Plot:
        values = self.values
        name, colours = f"kymograph {self.cell.name}.{values.variable}", labelled(values.variable, values.unit)
        up = Axis("distance (\N{MICRO SIGN}m)")
        return Plot(name, TIME, up, (Mark("map", "map", NEUTRAL),), self._height, colours=colours)

    @property
    def range(self) -> Interval:
        """The distances (micrometres) that are shown."""
        first, last = float(self._distance[0]), float(self._distance[-1])
        return Interval(first, last) or Interval(first - 0.5, first + 0.5)

    def draw(self, look: Look) -> Drawing:
        times, values = self.values.within(look.time, margin=1)
        title, y = f"from the root to {self._end}", self.range
        known = Interval(float(times[0]), float(times[-1]) + self._step(times)) if len(times) else Interval(0.0, 0.0)
        shown = look.time.within(known)
        if not shown:
            return Drawing(None, y, title=title)
        columns = min(COLUMNS, max(1, round((shown.stop - shown.start) / self._step(times))))
        moments = shown.start + (np.arange(columns) + 0.5) * (shown.stop - shown.start) / columns
        rows = np.clip(np.searchsorted(times, moments, side="right") - 1, 0, len(times) - 1)
        up = np.linspace(y.start, y.stop, min(ROWS, 4 * len(self._distance)))
        image = _nearest(up, self._distance, values[rows].T)
        coloured, colours = levels(image, np.isfinite(image), self._limits)
        return Drawing(None, y, {"map": Image(coloured, shown, y)}, colours, title)

    @staticmethod
    def _step(times: Floats) -> float:
        return float(times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 1e-4


def _nearest(up: Floats, distance: Floats, values: Floats) -> Floats:
    """Values at other distances: those of the compartment that is nearest."""
    between = (distance[1:] + distance[:-1]) / 2
    return values[np.searchsorted(between, up)]


def way_to(flat: Compartments, end: int) -> npt.NDArray[np.int32]:
    """The compartments from the root to one of them."""
    way = [end]
    while (before := int(flat.parent[way[-1]])) >= 0:
        way.append(before)
    return np.array(way[::-1], np.int32)


def _end_of(to: Any, cell: Cell) -> int:
    """The number of the compartment at which a way ends."""
    flat = cell.flat
    if to is None:
        return int(flat.distance.argmax())
    if isinstance(to, str) and isinstance(cell.values.owner, Sectioned):
        to = cell.values.owner.neuron()[to]
    if isinstance(to, Sectioned):
        own = np.flatnonzero(np.isin(cell.elements, to.within(cell.elements)))
        if to.neuron() is cell.values.owner and len(own):
            return int(own[flat.distance[own].argmax()])
        raise ViewError(f"this is not a part of '{cell.name}'", to)
    numbers = np.atleast_1d(np.asarray(to.indices[:] if hasattr(to, "indices") else to))
    if numbers.dtype.kind not in "iu" or numbers.ndim != 1 or not numbers.size:
        raise ViewError("this is not where a way ends", to, expected="a section, such as cell.axon, or a number")
    end = int(numbers[-1])
    if not 0 <= end < len(flat):
        raise ViewError(f"'{cell.name}' does not have this compartment", to, expected=f"0 to {len(flat) - 1}")
    return end
