"""Cells with a shape in two dimensions: where their compartments are, and how they branch."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from jupyspike.widgets.plots import NEUTRAL, Axis, Drawing, Floats, Interval, Look, Mark, Plot, Points, padded
from jupyspike.widgets.spatial import HINT, Spatial, compartments_mark
from jupyspike_engine.morphology.outlines import dendrogram, outlines, tubes, with_coordinates


class MorphologyMap(Spatial):
    """A cell as it lies in the plane of x and y, its compartments as wide as they are, in the colours of a variable.

    A click on a compartment adds its trace, another one takes it away.

    Parameters
    ----------
    variable : VariableView
        Of a cell, such as ``cell.v``, or of a part of one, ``cell.dend.v``: stored values, or a subexpression such as a
        current.
    shape : Morphology, optional
        Of a group that has none of its own: it has an element for each compartment, in the order of
        `Morphology.compartments`.
    limits : (Quantity, Quantity), optional
        What the lowest and the highest colour stand for; what was seen until now by default.
    cell : int, optional
        Which cell of a population; the first one by default.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        This is no variable of compartments.

    Examples
    --------
    >>> morpho = Soma(diameter=20*um)
    >>> morpho.dend = Cylinder(length=100*um, diameter=2*um, n=4)
    >>> cell = SpatialNeuron(morpho, 'Im = gL*(-70*mV - v) : amp/meter**2', namespace={'gL': 1*siemens/meter**2})
    >>> cell.v = [-70, -60, -50, -40, -30]*mV
    >>> MorphologyMap(cell.v).values()
    array([-70., -60., -50., -40., -30.])
    """

    def __init__(
        self, variable: object, shape: object = None, limits: object = None, cell: int | None = None, height: int = 360
    ) -> None:
        super().__init__(variable, shape, limits, cell)
        self._height = height

    @cached_property
    def outlines(self) -> tuple[Floats, ...]:
        """The corners of each compartment, in micrometres."""
        return outlines(tubes(with_coordinates(self.cell.root).compartments()))

    def make_plot(self) -> Plot:
        name = f"morphology {self.cell.name}.{self.variable.name}"
        x, y = Axis("x (\N{MICRO SIGN}m)"), Axis("y (\N{MICRO SIGN}m)")
        mark = compartments_mark(outlines=self.outlines)
        return Plot(name, x, y, (mark,), self._height, colours=self.label, equal=True, hint=HINT)

    @cached_property
    def bounds(self) -> tuple[Interval, Interval]:
        """The rectangle that all lies in."""
        corners = np.concatenate(self.outlines)
        low, high = corners.min(axis=0), corners.max(axis=0)
        return padded(low[0], high[0], 0.03), padded(low[1], high[1], 0.03)

    def draw(self, look: Look) -> Drawing:
        return self.coloured(*self.bounds)


class Dendrogram(Spatial):
    """How a cell branches: its sections upwards by their distance from the root, in the colours of a variable.

    Widths are in proportion to the diameters. A click on a compartment adds its trace, another one takes it away.

    Parameters
    ----------
    variable : VariableView
        Of a cell, such as ``cell.v``, or of a part of one, ``cell.dend.v``: stored values, or a subexpression such as a
        current.
    shape : Morphology, optional
        Of a group that has none of its own; see `MorphologyMap`.
    limits : (Quantity, Quantity), optional
        What the lowest and the highest colour stand for; what was seen until now by default.
    cell : int, optional
        Which cell of a population; the first one by default.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        This is no variable of compartments.

    Examples
    --------
    >>> morpho = Soma(diameter=20*um)
    >>> morpho.L = Cylinder(length=100*um, diameter=2*um, n=4)
    >>> morpho.R = Cylinder(length=50*um, diameter=1*um, n=2)
    >>> cell = SpatialNeuron(morpho, 'Im = gL*(-70*mV - v) : amp/meter**2', namespace={'gL': 1*siemens/meter**2})
    >>> [corners[1].round(6).tolist() for corners in Dendrogram(cell.v).outlines][-2:]
    [[0.8, 25.0], [0.8, 50.0]]
    """

    def __init__(
        self, variable: object, shape: object = None, limits: object = None, cell: int | None = None, height: int = 300
    ) -> None:
        super().__init__(variable, shape, limits, cell)
        self._height = height
        self._drawn = dendrogram(self.cell.root)
        self.outlines = self._drawn.outlines

    def make_plot(self) -> Plot:
        name = f"dendrogram {self.cell.name}.{self.variable.name}"
        marks = Mark("joints", "line", NEUTRAL), compartments_mark(outlines=self.outlines)
        return Plot(
            name, Axis("tips"), Axis("distance (\N{MICRO SIGN}m)"), marks, self._height, colours=self.label, hint=HINT
        )

    def draw(self, look: Look) -> Drawing:
        corners = np.concatenate(self.outlines)
        low, high = corners.min(axis=0), corners.max(axis=0)
        joints = Points(self._drawn.joints[:, 0], self._drawn.joints[:, 1])
        return self.coloured(padded(low[0], high[0], 0.03), padded(low[1], high[1], 0.03), joints=joints)
