"""Cells with a shape in three dimensions."""

from __future__ import annotations

from functools import cached_property

from jupyspike.widgets.plots import Axis, Drawing, Look, Plot, padded
from jupyspike.widgets.spatial import HINT, Spatial, compartments_mark
from jupyspike_engine.morphology.outlines import Tubes, tubes, with_coordinates


class Morphology3D(Spatial):
    """A cell in space that can be turned, its compartments in the colours of a variable.

    Dragging turns it, with the right button (or two fingers) it is moved; after a click into it the wheel zooms until
    the mouse leaves it. A click on a compartment adds its trace, another one takes it away. The page draws it with
    WebGL.

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
    >>> morpho.dend = Cylinder(length=100*um, diameter=2*um, n=4)
    >>> cell = SpatialNeuron(morpho, 'Im = gL*(-70*mV - v) : amp/meter**2', namespace={'gL': 1*siemens/meter**2})
    >>> view = Morphology3D(cell.v)
    >>> view.tubes.start_diameter.tolist()
    [20.0, 2.0, 2.0, 2.0, 2.0]
    """

    def __init__(
        self, variable: object, shape: object = None, limits: object = None, cell: int | None = None, height: int = 420
    ) -> None:
        super().__init__(variable, shape, limits, cell)
        self._height = height

    @cached_property
    def tubes(self) -> Tubes:
        """The compartments, in micrometres."""
        return tubes(with_coordinates(self.cell.root).compartments())

    def make_plot(self) -> Plot:
        name = f"morphology3d {self.cell.name}.{self.variable.name}"
        across, up = Axis("across (\N{MICRO SIGN}m)"), Axis("up (\N{MICRO SIGN}m)")
        mark = compartments_mark(tubes=self.tubes)
        hint = f"{HINT}; after a click the wheel zooms"
        return Plot(name, across, up, (mark,), self._height, colours=self.label, equal=True, hint=hint)

    def draw(self, look: Look) -> Drawing:
        cell = self.tubes if look.rotation is None else self.tubes.turned(look.rotation)
        edge = float(cell.start_diameter.max()) / 2
        ends = [(min(a.min(), b.min()), max(a.max(), b.max())) for a, b in zip(cell.start.T, cell.end.T, strict=True)]
        x, y = (padded(low - edge, high + edge, 0.03) for low, high in ends[:2])
        return self.coloured(x, y)
