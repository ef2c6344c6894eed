"""Monitors of the potential outside of cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, ArgumentTypeError, DimensionMismatchError, nearest
from ...language.check import unit_text
from ...morphology.extracellular import currents_along, of_lines, of_points
from ...morphology.forest import tree_of
from ...simulation.room import expect_room
from ...units import METRE, UNITS, Dimension, bare, dimension_of
from ..base import SimulatedObject
from ..clocks import Clock
from ..neurongroup import NeuronGroup
from ..spatial.spatialneuron import SpatialNeuron
from ..synaptic.synapses import Synapses
from .statemonitor import StateMonitor

Real = npt.NDArray[np.float64]
Source = Literal["line", "point"]
SOURCES = {"line": of_lines, "point": of_points}
_TISSUE = 0.3 * UNITS["siemens"] / UNITS["metre"]


class ExtracellularMonitor(StateMonitor):
    """The potential at some places outside of cells, which the currents through their membranes make.

    The space around is taken as a homogeneous conductor, in which the currents of compartments add up. The current
    through the membrane of a compartment is what flows in along the tree: it contains capacitive, ionic and point
    currents. That of an electrode counts as one through the membrane, so that nothing leaves the cells on the whole.

    Parameters
    ----------
    source : SpatialNeuron
        Its morphology has coordinates.
    places : Quantity of shape (m, 3)
        Where the potential is measured.
    conductivity : Quantity
        Of the space: 0.3 S/m by default.
    currents : {'line', 'point'}
        Whether the current of a compartment leaves evenly along its axis, or from its middle. A sphere is a point.
    origins : Quantity of shape (N, 3), optional
        Where the coordinates of each cell count from.
    dt, clock
        Interval between samples; that of the neuron by default.
    keep, to
        As for `StateMonitor`.

    Attributes
    ----------
    phi : Quantity
        The potential, with a row for each place and a column for each time ``t``.

    Raises
    ------
    ArgumentError
        Compartments have no coordinates, or something does not fit.

    Notes
    -----
    For each place and compartment there is a coefficient, which takes 12 bytes.

    References
    ----------
    .. [1] G. R. Holt and C. Koch, Electrical interactions via the extracellular potential near cell bodies, Journal of
       Computational Neuroscience 6 (1999) 169-184.

    Examples
    --------
    >>> morpho = Soma(diameter=20*um)
    >>> morpho.dend = Cylinder(length=200*um, diameter=2*um, n=10)
    >>> neuron = SpatialNeuron(morpho.generate_coordinates(), '''Im = 1*siemens/meter**2*(-70*mV - v) : amp/meter**2
    ...                                                          I : amp (point current)''')
    >>> neuron.v, neuron.I[10] = -70*mV, 0.1*nA
    >>> near = ExtracellularMonitor(neuron, [[20, -200, 0], [20, 0, 0]]*um)
    >>> run(5*ms)
    >>> near.phi.shape, (near.phi[:, -1] > 0*volt).tolist()
    ((2, 50), [False, True])
    """

    def __init__(
        self,
        source: SpatialNeuron,
        places: Any,
        conductivity: Any = _TISSUE,
        currents: Source = "line",
        origins: Any = None,
        dt: Any = None,
        clock: Clock | None = None,
        name: str = "extracellularmonitor*",
        *,
        keep: Any = None,
        to: str | Path | None = None,
    ) -> None:
        if not isinstance(source, SpatialNeuron):
            message = "potentials outside are those of neurons with a shape"
            raise ArgumentTypeError(message, found=repr(source), expected="a SpatialNeuron")
        if currents not in get_args(Source):
            hint = nearest(str(currents), SOURCES) or "'line' or 'point'"
            raise ArgumentError(f"{currents!r} says not how currents leave compartments", hint=hint)
        if not source.has_coordinates:
            hint = "SpatialNeuron(morphology.generate_coordinates(), ...)"
            raise ArgumentError(f"the compartments of '{source.name}' have no coordinates", hint=hint)
        at = points(places, "places")
        expect_room(12 * len(at) * len(source), f"the coefficients of {len(at):,} places")
        weights = coefficients(source, at, currents, origins) / number(
            conductivity, dimension_of(_TISSUE), "conductivity"
        )
        clock = source.clock if dt is None and clock is None else clock
        electrodes = NeuronGroup(len(at), "phi : volt", dt=dt, clock=clock, order=source.order - 1)
        self.electrodes = hidden(electrodes)
        self.inflow = hidden(Synapses(source, electrodes, "w : ohm*metre\nphi_post = w*v_pre/Ri_pre : volt (summed)"))
        self.inflow.connect()
        self.inflow.w_ = weights.ravel()
        super().__init__(
            electrodes, "phi", True, dt=None, clock=electrodes.clock, when="end", name=name, keep=keep, to=to
        )

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        return (self.electrodes, self.inflow)


def hidden(part: Any) -> Any:
    """A part of a monitor, which makes no network new and may vanish."""
    part._set("invalidates_magic_network", False)
    part.used()
    return part


def number(value: Any, wanted: Dimension, what: str) -> float:
    """A positive quantity, in SI units.

    Raises
    ------
    UserError
        It is none, or has another unit.
    """
    plain, dimension = bare(value)
    if dimension != wanted:
        raise DimensionMismatchError(
            f"'{what}' has the wrong unit", kind="unit", found=unit_text(dimension), expected=str(wanted)
        )
    if np.ndim(plain) or not float(plain) > 0:
        raise ArgumentError(f"'{what}' is a positive number", found=str(value))
    return float(plain)


def points(places: Any, what: str) -> Real:
    """Places in metres, one in each row.

    Raises
    ------
    UserError
    """
    plain, dimension = bare(places)
    if dimension != METRE:
        raise DimensionMismatchError(
            f"'{what}' has the wrong unit", kind="unit", found=unit_text(dimension), expected="metre, as in um"
        )
    rows = np.atleast_2d(np.asarray(plain, np.float64))
    if rows.ndim != 2 or rows.shape[1] != 3:
        raise ArgumentError(f"'{what}' has x, y and z of each place", found=f"shape {np.shape(plain)}")
    return rows


def coefficients(neuron: SpatialNeuron, places: Real, currents: Source, origins: Any) -> Real:
    """The potential at each place for 1 V in each element, times conductivity and resistivity: (elements, places).

    The current that leaves a compartment is what flows into it along the tree. As conductances are symmetric, the sum
    of these currents, each times its potential at a place, is the sum of the potentials of compartments, each times
    the current that would flow into it along the tree if those factors were the potentials.
    """
    cells = neuron.cells
    shifts = np.zeros((len(cells), 3)) if origins is None else points(origins, "origins")
    if len(shifts) != len(cells):
        raise ArgumentError("'origins' has a place for each cell", found=f"{len(shifts)}", expected=f"{len(cells)}")
    result = np.empty((len(neuron), len(places)))
    for shape, flat in enumerate(cells.compartments):
        tree = tree_of(flat.parent, flat.r_length_1, flat.r_length_2)
        for lane in range(cells.lanes[shape]):
            seen = SOURCES[currents](flat, places - shifts[cells.firsts[shape] + lane])
            result[cells.rows[shape] + lane] = currents_along(tree, seen.T)
    return result
