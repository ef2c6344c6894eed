"""What views of cells with a shape have in common: the shape, the present values of a variable, and their colours."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from jupyspike.widgets.plots import NEUTRAL, Drawing, Floats, Interval, Levels, Look, Mark, levels
from jupyspike.widgets.sources import MAX_ELEMENTS, Source, ViewError, labelled, limits_of, named
from jupyspike.widgets.traces import Trace
from jupyspike.widgets.view import View
from jupyspike_engine.diagnostics import UserError
from jupyspike_engine.morphology.compartments import Compartments
from jupyspike_engine.morphology.morphology import Morphology
from jupyspike_engine.objects.monitors.watching import Snapshots
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.running.live import display_unit
from jupyspike_engine.objects.spatial.compartmentparts import Sectioned
from jupyspike_engine.objects.subgroup import Subgroup, whole
from jupyspike_engine.objects.variables import VariableView
from jupyspike_engine.units import bare

MARK = "compartments"
HINT = "a click on a compartment adds its trace"
REACH = 12.0  # pixels from a compartment at which a click still means it


class Cell(NamedTuple):
    """A cell and where the values of its compartments are.

    Attributes
    ----------
    name : str
        Of the group, and which of its cells.
    root : Morphology
    flat : Compartments
    elements : array
        For each compartment its element of ``values``.
    shown : array of bool
        The compartments whose values are to be seen.
    values : VariableView
        Those of the whole group.
    """

    name: str
    root: Morphology
    flat: Compartments
    elements: npt.NDArray[np.int32]
    shown: npt.NDArray[np.bool_]
    values: VariableView


def cell_of(variable: object, shape: object = None, cell: int | None = None) -> Cell:
    """The cell whose compartments a variable belongs to.

    Parameters
    ----------
    variable : VariableView
        Of a neuron with a shape, of a part of one, or with ``shape`` of any group.
    shape : Morphology, optional
        Of a group that has none of its own: it has an element for each compartment, in tree order.
    cell : int, optional
        Which one of a population; the first one by default.

    Raises
    ------
    ViewError
        There is no shape, it has another number of compartments, or there is no such cell.
    """
    if not isinstance(variable, VariableView) or not isinstance(variable.owner, (NeuronGroup, Subgroup, Sectioned)):
        raise ViewError(f"{named(variable)} is not a variable of compartments", variable, expected="such as cell.v")
    owner: Any = variable.owner
    if shape is not None:
        return _shaped(variable, shape)
    if not isinstance(owner, Sectioned):
        hint = f"shape=, or SpatialNeuron in place of {named(owner)}"
        raise ViewError(f"{named(owner)} has no shape", variable, expected="a variable of a SpatialNeuron", hint=hint)
    neuron = owner.neuron()
    own = owner.within(np.arange(neuron.cells.size, dtype=np.int32))
    among = np.unique(neuron.cells.cell[own])
    number = int(among[0]) if cell is None else cell
    if number not in among:
        raise ViewError(f"{named(owner)} does not have this cell", cell, expected=f"{among[0]} to {among[-1]}")
    kind = int(np.searchsorted(neuron.cells.firsts, number, side="right")) - 1
    elements = neuron.cells.elements(kind, cells=np.array([number], np.int32))
    root, name = neuron.cells.shapes[kind], f"{neuron.name}[{number}]" if neuron.is_population else neuron.name
    return Cell(name, root, root.compartments(), elements, np.isin(elements, own), neuron.state(variable.name))


def _shaped(variable: VariableView, shape: object) -> Cell:
    """A group as a cell of a shape that is given."""
    owner = variable.owner
    if not isinstance(shape, Morphology):
        raise ViewError(f"{named(shape)} is not a shape", shape, expected="a Morphology")
    flat, n = shape.root.compartments(), len(owner)
    if len(flat) != n:
        found = f"{n} elements, {len(flat)} compartments"
        raise ViewError(f"'{owner.name}' does not have this shape", variable, found=found, expected="as many")
    return Cell(owner.name, shape.root, flat, np.arange(n, dtype=np.int32), np.ones(n, np.bool_), variable)


class Spatial(View):
    """A view that colours the compartments of a cell by the present values of a variable."""

    def __init__(self, variable: Any, shape: object, limits: object, cell: int | None) -> None:
        self.cell = cell_of(variable, shape, cell)
        self.variable = variable = self.cell.values
        self.trace: Trace | None = None
        self.unit = display_unit(_sample(variable), variable.dim)
        self._limits = limits_of(limits, variable.name, variable.dim, self.unit)
        self._range: Interval | None = None
        self.now = Present(Snapshots(variable.owner, variable.name, np.array, keep=1))
        self.sources = [self.now]

    @property
    def label(self) -> str:
        """The variable with its unit."""
        return labelled(self.variable.name, self.unit)

    def values(self) -> Floats:
        """The present value of each compartment, in the unit that is shown."""
        return np.asarray(self.now.values()[self.cell.elements] / float(np.asarray(self.unit)))

    def coloured(self, x: Interval, y: Interval, **data: Any) -> Drawing:
        """A drawing with the compartments in their colours.

        The map reaches from the lowest to the highest value that was seen until now, so that colours stay comparable.
        """
        values = self.values()
        known = np.isfinite(values) & self.cell.shown
        if self._limits is None and known.any():
            low, high = float(values[known].min()), float(values[known].max())
            seen = self._range or Interval(low, high)
            self._range = Interval(min(low, seen.start), max(high, seen.stop))
        coloured, colours = levels(values, known, self._limits or self._range)
        return Drawing(x, y, {**data, MARK: Levels(coloured)}, colours, self.title())

    def title(self) -> str:
        """When it is."""
        return f"{1e3 * self.now.until:,.1f} ms"

    def nearest(self, x: float, y: float, pixel: tuple[float, float], rotation: Floats | None = None) -> int | None:
        """The compartment at a place of the plot, or the nearest one a few pixels away; None if there is none.

        Of several at the place it is the one whose middle is nearest.
        """
        mark = next(mark for mark in self.plot.marks if mark.name == MARK)
        corners, _ = mark.seen(rotation)
        size, place = np.array(pixel), np.array([x, y]) / pixel
        round_ = np.array([len(shape) != 4 for shape in corners])
        start = np.array([(shape[0] + shape[-1]) / 2 for shape in corners]) / size
        end = np.array([(shape[1] + shape[2]) / 2 for shape in corners]) / size
        width = np.array([np.linalg.norm((shape[0] - shape[-1]) / size) for shape in corners])
        for k in np.flatnonzero(round_):
            start[k] = end[k] = corners[k].mean(axis=0) / size
            width[k] = 2 * np.linalg.norm(corners[k][0] / size - start[k])
        along = end - start
        share = np.einsum("kj,kj->k", place - start, along) / np.maximum(np.einsum("kj,kj->k", along, along), 1e-12)
        away = np.linalg.norm(place - start - np.clip(share, 0, 1)[:, None] * along, axis=1) - width / 2
        best = np.lexsort((np.linalg.norm(place - (start + end) / 2, axis=1), np.maximum(away, 0.0)))[0]
        return int(best) if away[best] <= REACH else None

    def picked(self, x: float, y: float, pixel: tuple[float, float], look: Look) -> Trace | None:
        """The trace of all compartments that have been clicked on; a second click takes one away.

        In a run that goes on, their values are recorded from the next step.
        """
        compartment = self.nearest(x, y, pixel, look.rotation)
        if compartment is not None:
            self.trace = self._traced(int(self.cell.elements[compartment]))
            network = whole(self.variable.owner)[0].simulated_by
            if network is not None and network.live_run is not None:
                network.live_run.take_along()
        return self.trace

    def _traced(self, element: int) -> Trace | None:
        trace = self.trace
        if trace is None:
            return Trace(self.variable, element)
        if element not in trace.elements:
            if len(trace.elements) < MAX_ELEMENTS:
                trace.add(self.variable, element)
        elif trace.elements == [element]:
            return None
        else:
            trace.remove(element)
        return trace


class Present(Source):
    """The present values of a variable of all elements; during a run, what they were a moment ago."""

    monitor: Snapshots

    def values(self) -> Floats:
        """Values in SI base units, one for each element."""
        network, taken = whole(self.monitor.owner)[0].simulated_by, self.monitor.taken
        live = None if network is None else network.live_run
        moving = network is not None and network.under_way and (live is None or live.status == "running")
        return np.asarray(taken[-1][1] if taken and moving else self.monitor.now(), float)

    @property
    def state(self) -> tuple[float, int]:
        taken = self.monitor.taken
        return (taken[-1][0] if taken else 0.0), int(self.until * 1e6)


def _sample(variable: VariableView) -> Any:
    try:
        return bare(variable[:])[0]
    except UserError:  # a subexpression with names that are defined later
        return np.zeros(1)


def compartments_mark(**geometry: Any) -> Mark:
    """The mark that `Spatial.coloured` gives colours."""
    return Mark(MARK, "solid" if "tubes" in geometry else "shapes", NEUTRAL, **geometry)
