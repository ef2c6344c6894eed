"""Neurons with a shape: groups whose elements are the compartments of a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from itertools import groupby
from typing import Any

import numpy as np

from ...diagnostics import ArgumentError, ArgumentTypeError, Span
from ...language.definition import Definition
from ...language.equations import Equations
from ...language.model import NeuronModel
from ...language.overview import Shown
from ...language.reactions import Reaction
from ...language.scope import Symbol
from ...language.spatial import COORDINATES, GEOMETRY, NUMBERS, POTENTIAL, completed
from ...language.species import names_of_shells
from ...language.syntax import Call, Expression, substitute, walk
from ...morphology.forest import forest_of
from ...morphology.morphology import Morphology
from ...morphology.parts import Part
from ...morphology.places import compartments_at
from ...morphology.tree import Tree
from ...numerics.cable import CABLE_METHODS, SLOPE, CableMethod, cable_rule, check_cable_method, conductance
from ...numerics.choice import Method
from ...numerics.diffusion import diffusion_rules
from ...numerics.system import ZERO, System
from ...plan.binding import Given
from ...plan.compartments import DIAGONAL, RIGHT, TREE
from ...plan.network import Neurons
from ...plan.nodes import Forest as PlannedForest
from ...targets.interface import AnyArray
from ...units import UNITS
from ..allocation import zeros
from ..clocks import Clock, ClockNumbers
from ..namespaces import Namespace
from ..naming import checked_name
from ..neurongroup import AnyGroup, NeuronGroup
from ..sizes import whole_number
from .cells import Cells, Indices, cells_of
from .compartmentparts import (
    CompartmentSubgroup,
    Sectioned,
    Sections,
    another_shape,
    elements_of,
    expect_condition,
    is_shape,
    numbers_from,
    same_shape,
)
from .section_names import tell_of_hidden_sections

DEFAULT_CM = 0.9 * UNITS["uF"] / UNITS["cm"] ** 2
DEFAULT_RI = 150 * UNITS["ohm"] * UNITS["cm"]
METHODS = ("exact", "exponential_euler", "rk2", "heun")


class SpatialNeuron(Sectioned, NeuronGroup):
    """A neuron with a shape: its elements are the compartments of a morphology.

    The equations give the current that flows into a compartment through an area of its membrane, ``Im``. Currents that
    enter at a point have the flag ``(point current)``. The potential ``v`` follows from the cable equation

        Cm dv/dt = Im + (point currents)/area + current along the tree,

    which is solved implicitly for the whole tree in each time step. ``Im`` may depend on ``v`` in any way: it is taken
    as linear about the present ``v``.

    Parameters
    ----------
    morphology : Morphology
        The shape. It is copied: changes later have no effect.
    model : str or Equations
        With ``Im = ... : amp/meter**2``, and equations for all else in a compartment.
    threshold, refractory, reset, events, dt, clock, order, name, dtype, namespace, method_options
        As for `NeuronGroup`; conditions and statements are for each compartment on its own.
    threshold_location : part of the morphology, number or str
        The compartment in which spikes are looked for, such as ``morpho.axon[50*um]`` or, in words that each of several
        shapes understands, ``'axon[50*um]'``; all of them by default. In a population it stands for the cell: monitors
        of spikes and synapses from the population count cells. For a list of shapes it may be a list, with a part of
        each: ``[shape.axon[50*um] for shape in shapes]``.
    Cm : Quantity
        Capacitance of an area of the membrane; one value, or one for each compartment.
    Ri : Quantity
        Resistivity of the inside.
    method : str, method or sequence of them
        Integration method of all equations but that of ``v``.
    cable_method : {'backward_euler', 'crank_nicolson'}
        How the cable equation is solved: in first order, or in second order with gates and other variables half a step
        later than ``v``; see `jupyspike_engine.numerics.cable`.

    N : int, optional
        Makes it a population of so many cells, of the same shape or (``morphology`` is then a list) each of its own.

    Attributes
    ----------
    morphology : Morphology
    cells : Cells
        Which element is which compartment of which cell.

    Raises
    ------
    UserError
        With all problems of the texts at their places.

    Notes
    -----
    Each compartment has the variables ``v``, ``Cm`` and the geometry: ``length``, ``diameter``, ``area``, ``volume``,
    ``distance`` (along the tree from its start to the middle), ``r_length_1`` and ``r_length_2``, and with coordinates
    ``x``, ``y`` and ``z``. ``Ri`` is one for all. ``time_constant`` and ``space_constant`` are those of the membrane at
    its present conductance.

    Parts are groups: ``neuron.dend`` is a whole branch, ``neuron.dend.main`` the section alone; an index is the number
    of a compartment, a length, a part of the morphology, or a condition, as in ``neuron['distance > 100*um']``. Parts
    that are not in one piece can be read, set, recorded and connected to.

    Species in the cell have values among their flags. ``Ca : mmolar (diffusive, D=0.22*um**2/ms)`` diffuses along the
    tree, with ``shells=4`` also in the cross section, whose outermost shell is ``Ca`` and the next ``Ca_shell_1`` (see
    `shells`);
    ``influx=-I_Ca/(2*F)`` enters through the membrane. Reactions between species are lines as well, such as
    ``Ca + B <-> CaB : k_on, k_off``. See `jupyspike_engine.language.species` and `jupyspike_engine.language.reactions`.

    In a population elements come compartment by compartment: first the first compartment of all cells, then the second.
    ``neuron[cell, compartment]`` chooses by both, where a compartment may also be a length, a part or a condition;
    ``neuron.dend`` and ``neuron[:, 3]`` are those of all cells, and ``neuron.dend[:, 3]`` is counted from the start of
    ``dend``. Expressions have ``cell`` and ``compartment``; a value for each cell is spread over its compartments by
    ``neuron.g = values[neuron.cell]``.

    Examples
    --------
    >>> morpho = Soma(diameter=30*um)
    >>> morpho.dend = Cylinder(length=400*um, diameter=2*um, n=20)
    >>> neuron = SpatialNeuron(morpho, '''Im = gL*(EL - v) : amp/meter**2
    ...                                   I : amp (point current)''',
    ...                        namespace={'gL': 0.1*msiemens/cm**2, 'EL': -70*mV})
    >>> neuron.v = -70*mV
    >>> neuron.I[0] = 0.1*nA
    >>> run(50*ms)
    >>> bool(neuron.v[0] > neuron.v[20] > -70*mV)
    True
    >>> len(neuron.dend[100*um:200*um]), len(neuron['distance > 300*um'])
    (5, 5)

    Calcium that is let in at the soma, bound by a buffer, and diffuses:

    >>> start_scope()
    >>> neuron = SpatialNeuron(morpho, '''Im = 0*amp/meter**2 : amp/meter**2
    ...     Ca : mmolar (diffusive, D=0.2*um**2/ms, influx=J)
    ...     J : mole/meter**2/second
    ...     B : mmolar
    ...     CaB : mmolar
    ...     Ca + B <-> CaB : 100/mM/ms, 0.1/ms''')
    >>> neuron.B, neuron.J[0] = 0.1*mM, 1e-6*mole/meter**2/second
    >>> run(20*ms)
    >>> bool(neuron.Ca[0] > neuron.Ca[1] > neuron.Ca[2] > 0*mM), bool(neuron.CaB[0] > neuron.Ca[0])
    (True, True)

    Three cells, each of which excites the next one:

    >>> start_scope()
    >>> cells = SpatialNeuron(morpho, '''Im = gL*(EL - v) - g*v/area : amp/meter**2
    ...                                  dg/dt = -g/(5*ms) : siemens''',
    ...                       threshold='v > -50*mV', threshold_location=0, refractory='v > -55*mV', N=3,
    ...                       namespace={'gL': 0.1*msiemens/cm**2, 'EL': -70*mV})
    >>> cells.v, cells.v[0, :] = -70*mV, -40*mV
    >>> synapses = Synapses(cells, cells, on_pre='g_post += 50*nS', delay=2*ms)
    >>> synapses.connect(i=[0, 1], j=cells.indices[[1, 2], 5])
    >>> spikes = SpikeMonitor(cells)
    >>> run(20*ms)
    >>> spikes.i[:]
    array([0, 1, 2], dtype=int32)
    """

    def __init__(
        self,
        morphology: Morphology | Sequence[Morphology],
        model: str | Equations | Span,
        threshold: str | Span | None = None,
        refractory: Any = False,
        reset: str | Span | None = None,
        events: Mapping[str, str | Span] | None = None,
        threshold_location: Any = None,
        dt: Any = None,
        clock: Clock | None = None,
        order: int = 0,
        Cm: Any = DEFAULT_CM,  # the field's names
        Ri: Any = DEFAULT_RI,
        name: str = "spatialneuron*",
        dtype: Any = None,
        namespace: Mapping[str, Any] | None = None,
        method: Method = METHODS,
        method_options: Mapping[str, Any] | None = None,
        cable_method: CableMethod = "backward_euler",
        N: int | None = None,
    ) -> None:
        shapes, lanes = shapes_of(morphology, N)
        check_cable_method(cable_method)
        title = checked_name(name).rstrip("*")
        spiking = None
        if threshold_location is not None:
            spiking = spiking_compartments(shapes, lanes, threshold_location, isinstance(morphology, Morphology), title)
        self._set("cells", cells_of(shapes, lanes, spiking))
        self._set("cable_method", cable_method)
        self._set("is_population", N is not None or not isinstance(morphology, Morphology))
        super().__init__(
            self.cells.size, model, method, method_options, threshold, reset, refractory, events, namespace, dtype, dt,
            clock, order, name,
        )  # fmt: skip
        self._set("_tree_arrays", self._arrays_of_trees())
        self._set_geometry()
        self.Cm, self.Ri = Cm, Ri
        own = {*self.__dict__, *object.__dir__(self), *dir(CompartmentSubgroup)}
        tell_of_hidden_sections(self.name, shapes, self.symbols, own)

    cells: Cells
    cable_method: CableMethod
    is_population: bool

    @property
    def morphology(self) -> Morphology:
        """The shape; the first one of several, which are ``cells.shapes``."""
        return self.cells.shapes[0]

    def sections(self) -> Sections:
        return self.cells.shapes

    def neuron(self) -> SpatialNeuron:
        return self

    def within(self, elements: Indices) -> Indices:
        return elements

    # variables

    def _completed(self, model: NeuronModel) -> NeuronModel:
        self._set("_given", frozenset(model.equations))
        equations = completed(model.equations, self.has_coordinates, self.is_population, model.title)
        return replace(model, equations=equations + with_constants_of_the_membrane(equations), spatial=True)

    @property
    def has_coordinates(self) -> bool:
        """Whether compartments have places."""
        return all(flat.has_coordinates for flat in self.cells.compartments)

    def _arrays_of_trees(self) -> dict[str, AnyArray]:
        forest = forest_of(self.cells.compartments, self.cells.lanes, self.cells.rows)
        given = {f"{TREE}{item.name}": getattr(forest, item.name) for item in fields(PlannedForest)}
        return given | {name: zeros(forest.nodes, np.float64) for name in (DIAGONAL, RIGHT)}

    def _set_geometry(self) -> None:
        flats = self.cells.compartments
        for name in GEOMETRY:
            self.arrays[name][:] = self.cells.spread([getattr(flat, name) for flat in flats])
        for axis, name in enumerate(COORDINATES if self.has_coordinates else ()):
            self.arrays[name][:] = self.cells.spread([flat.middle[:, axis] for flat in flats])
        if self.is_population:
            self.arrays["cell"][:], self.arrays["compartment"][:] = self.cells.cell, self.cells.compartment

    def array(self, name: str) -> AnyArray:
        tree_arrays: dict[str, AnyArray] = self._tree_arrays
        if name.startswith(SLOPE):
            return tree_arrays.setdefault(name, zeros(len(self), np.float64))
        return tree_arrays[name] if name in tree_arrays else super().array(name)

    @property
    def solved(self) -> tuple[str, ...]:
        return (POTENTIAL,)

    @property
    def bytes_for_runs(self) -> int:
        """Those of the linear systems."""
        return sum(array.nbytes for array in self._tree_arrays.values())

    elements_are = "compartments"

    def _is_settable(self, symbol: Symbol) -> bool:
        of_shapes = {*GEOMETRY, *(COORDINATES if self.has_coordinates else ())}
        of_shapes |= set(NUMBERS if self.is_population else ())
        return symbol.name not in of_shapes and super()._is_settable(symbol)

    def was_set(self, name: str, places: Indices | slice) -> None:
        """Let nobody set constants of the membrane with which there is no solution."""
        super().was_set(name, places)
        if name in ("Cm", "Ri") and not (np.asarray(self.arrays[name][places], np.float64) > 0).all():
            raise ArgumentError(f"'{name}' of '{self.name}' must be positive", found=str(self.state(name)[:]))

    @property
    def behaviour(self) -> dict[str, Shown]:
        return super().behaviour | {"cable": f"{self.cable_method}: {CABLE_METHODS[self.cable_method]}"}

    def shells(self, name: str) -> tuple[str, ...]:
        """The names of a species in all shells of the cross section, from the membrane to the axis.

        Raises
        ------
        UnknownNameError
            The equations do not define it.

        Examples
        --------
        >>> neuron = SpatialNeuron(Cylinder(length=50*um, diameter=2*um), '''Im = 0*amp/meter**2 : amp/meter**2
        ...                        Ca : mmolar (diffusive, D=0.2*um**2/ms, shells=3)''')
        >>> neuron.shells('Ca')
        ('Ca', 'Ca_shell_1', 'Ca_shell_2')
        >>> for shell in neuron.shells('Ca'):
        ...     setattr(neuron, shell, 50*nM)
        """
        return tuple(names_of_shells(self.equations[name]))

    @property
    def user_equations(self) -> Equations:
        """The equations as they were given, without those that every compartment has."""
        given: frozenset[str] = self._given
        lines = self.equations.lines
        return Equations(tuple(line for line in lines if line.name in given or isinstance(line, Reaction)))

    # parts

    def __getattr__(self, name: str) -> Any:
        part = self.section_named(name) if "arrays" in self.__dict__ and name not in self.symbols else None
        return super().__getattr__(name) if part is None else part

    def indices_of(self, item: Any) -> Indices:
        if is_shape(item, self):
            return elements_of(self, item)
        expect_condition(item, self)
        return super().indices_of(item)

    def numbers_for(self, item: Any) -> Any:
        return numbers_from(item, self)

    def elements_at(self, item: Any) -> Indices:
        return self.indices_of(item)

    def where(self, event: str) -> AnyGroup:
        if event != "spike" or not self.is_population or self.cells.spiking is None:
            return self
        first, number = self.cells.spike_places
        return CompartmentSubgroup(self, first, first + number, self.sections())

    # for runs

    def _system(self, rewritten: frozenset[str]) -> System:
        return super()._system(rewritten | {POTENTIAL})

    def given(self, given: Given, namespace: Namespace) -> float:
        if given.origin in ("first", "size") and given.name == "spike":
            return float(self.cells.spike_places[given.origin == "size"])
        return super().given(given, namespace)

    def part(self, namespace: Namespace, numbers: ClockNumbers, rewritten: frozenset[str]) -> Neurons:
        cable = cable_rule(self.model.equations, self._system(rewritten), self.cable_method)
        in_part = frozenset({"spike"} if self.cells.spiking is not None else ())
        part = super().part(namespace, numbers, rewritten)
        return replace(part, cable=cable, diffusion=diffusion_rules(self.model.equations), in_part=in_part)

    def __repr__(self) -> str:
        cells = f"{len(self.cells)} cells with " if self.is_population else ""
        return f"<SpatialNeuron {self.name!r} of {cells}{len(self)} compartments>"


def shapes_of(morphology: Any, number: Any) -> tuple[list[Morphology], list[int]]:
    """The different shapes of cells, in the order of cells, and the number of cells of each.

    Raises
    ------
    UserError
        Something else than shapes was given, or no number.
    """
    given = list(morphology) if isinstance(morphology, (list, tuple)) else [morphology]
    for one in given:
        if not isinstance(one, Morphology):
            expected = "a Morphology: Soma(...), Cylinder(...), Section(...) or Morphology.from_file(...)"
            raise ArgumentTypeError("a neuron in space needs a shape", found=repr(one), expected=expected)
    if not given:
        raise ArgumentError("a list of shapes has one for each cell", found="an empty list")
    if isinstance(morphology, Morphology):
        return [morphology.root.copy()], [1 if number is None else whole_number(number, "the number of cells")]
    if number is not None and whole_number(number, "the number of cells") != len(given):
        found, expected = str(number), f"{len(given)}, the number of shapes in the list"
        raise ArgumentError("a list of shapes has one for each cell", found=found, expected=expected)
    runs = [(shape, len(list(same))) for shape, same in groupby(given, key=id)]
    firsts = np.cumsum([0, *(count for _, count in runs)])[:-1]
    return [given[first].root.copy() for first in firsts.tolist()], [count for _, count in runs]


def spiking_compartments(shapes: list[Morphology], lanes: list[int], location: Any, one: bool, name: str) -> list[int]:
    """The compartment of each shape in which spikes are looked for.

    Parameters
    ----------
    one : bool
        Whether all cells have the same shape, which was given as such; a list of locations belongs to a list of shapes.

    Raises
    ------
    ArgumentError
        There is no such compartment, or there are several; or some cells of a shape have another one.
    """
    if one or not isinstance(location, (list, tuple)):
        return [spiking_compartment(shape, location, name) for shape in shapes]
    if len(location) != sum(lanes):
        message = "a list of places where spikes are looked for has one for each cell"
        raise ArgumentError(message, found=f"{len(location)} places", expected=f"{sum(lanes)}")
    found, first = [], 0
    for shape, count in zip(shapes, lanes, strict=True):
        numbers = {spiking_compartment(shape, place, name) for place in location[first : first + count]}
        if len(numbers) > 1:
            message = "cells of the same shape spike in the same compartment"
            raise ArgumentError(message, found=f"compartments {', '.join(map(str, sorted(numbers)))}")
        found.append(numbers.pop())
        first += count
    return found


def spiking_compartment(shape: Morphology, location: Any, name: str) -> int:
    """The compartment in which spikes are looked for.

    Raises
    ------
    ArgumentError
        There is no such compartment, or there are several.
    """
    given = location
    if isinstance(location, (Tree, Part)):
        if not same_shape(location, shape):
            raise another_shape(location, name)
        location = location.indices[:]
    elif isinstance(location, str):
        location = compartments_at(shape, location)
    numbers = np.atleast_1d(np.asarray(location))
    found = f"{len(numbers)} of them" if numbers.dtype.kind in "iu" else repr(given)
    if numbers.shape != (1,) or numbers.dtype.kind not in "iu":
        raise ArgumentError(
            "spikes are looked for in one compartment", found=found,
            expected="a part of one compartment, such as morpho.axon[3] or morpho.axon[50*um], or its number",
        )  # fmt: skip
    number, size = int(numbers[0]), shape.total_compartments
    if not 0 <= number < size:
        raise ArgumentError(f"there is no compartment {number}", expected=f"0 to {size - 1}")
    return number


def with_constants_of_the_membrane(equations: Equations) -> Equations:
    """The lines for the time constant and the space constant, where the conductance of the membrane is known."""
    leak = conductance(equations)
    if leak == ZERO or any(isinstance(node, Call) and node.function == "select" for node in walk(leak)):
        return Equations(())  # there is none, or only an integrator can write it
    lines = Equations(
        "time_constant = Cm/leak : second\n"
        "space_constant = (2/pi)**(1.0/3) * (area/(1/r_length_1 + 1/r_length_2))**(1.0/6) / (2*sqrt(Ri*leak)) : meter"
    )
    return Equations(tuple(_with(line, leak) for line in lines.values() if line.name not in equations))


def _with(line: Definition, leak: Expression) -> Definition:
    assert line.expression is not None
    return replace(line, expression=substitute(line.expression, {"leak": leak}))
