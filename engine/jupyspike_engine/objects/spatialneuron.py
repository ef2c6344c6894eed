"""Neurons with a shape: groups whose elements are the compartments of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, ArgumentTypeError, Span
from ..language.equations import Definition, Equations
from ..language.model import NeuronModel
from ..language.spatial import COORDINATES, GEOMETRY, POTENTIAL, completed
from ..language.syntax import Call, Expression, Name, Operator, substitute, walk
from ..morphology.forest import Forest, forest_of
from ..morphology.morphology import Morphology
from ..numerics.cable import CableMethod, cable_rule, check_cable_method, conductance
from ..numerics.choice import Method
from ..numerics.derivative import NotDifferentiableError
from ..numerics.system import ZERO, System
from ..plan.lowering import TREE
from ..plan.network import Neurons
from ..plan.nodes import Forest as PlannedForest
from ..targets.interface import AnyArray
from ..units import UNITS
from .clocks import Clock
from .neurongroup import NeuronGroup
from .owner import ClockNumbers, Namespace, zeros

DEFAULT_CM = 0.9 * UNITS["uF"] / UNITS["cm"] ** 2
DEFAULT_RI = 150 * UNITS["ohm"] * UNITS["cm"]
METHODS = ("exact", "exponential_euler", "rk2", "heun")


class SpatialNeuron(NeuronGroup):
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
    threshold_location : part of the morphology, or a number
        The compartment in which spikes are looked for; all of them by default.
    Cm : Quantity
        Capacitance of an area of the membrane; one value, or one for each compartment.
    Ri : Quantity
        Resistivity of the inside.
    method : str, method or sequence of them
        Integration method of all equations but that of ``v``.
    cable_method : {'backward_euler', 'crank_nicolson'}
        How the cable equation is solved: in first order, or in second order with gates and other variables half a step
        later than ``v``; see `jupyspike_engine.numerics.cable`.

    Attributes
    ----------
    morphology : Morphology

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
    >>> neuron.v[0] > neuron.v[20] > -70*mV
    True
    """

    def __init__(
        self,
        morphology: Morphology,
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
    ) -> None:
        if not isinstance(morphology, Morphology):
            expected = "a Morphology: Soma(...), Cylinder(...), Section(...) or Morphology.from_file(...)"
            raise ArgumentTypeError("a neuron in space needs a shape", found=repr(morphology), expected=expected)
        check_cable_method(cable_method)
        self._set("morphology", morphology.root.copy())
        self._set("cable_method", cable_method)
        self._set("compartments", self.morphology.compartments())
        self._set("_location", self._located(threshold_location))
        super().__init__(
            len(self.compartments), model, method, method_options, threshold, reset, refractory, events, namespace,
            dtype, dt, clock, order, name,
        )  # fmt: skip
        self._set("forest", forest_of([self.compartments], [1]))
        self._set("_tree_arrays", self._arrays_of_trees())
        self._set_geometry()
        self.Cm, self.Ri = Cm, Ri

    morphology: Morphology
    cable_method: CableMethod
    forest: Forest

    def _located(self, location: Any) -> int | None:
        """The compartment in which spikes are looked for."""
        if location is None:
            return None
        numbers = np.atleast_1d(location.indices[:] if hasattr(location, "indices") else np.asarray(location))
        if numbers.shape != (1,) or numbers.dtype.kind not in "iu":
            raise ArgumentError(
                "spikes are looked for in one compartment", found=f"{location!r}",
                expected="a part of one compartment, such as morpho.axon[3] or morpho.axon[50*um], or its number",
            )  # fmt: skip
        number, size = int(numbers[0]), len(self.compartments)
        if not 0 <= number < size:
            raise ArgumentError(f"there is no compartment {number}", expected=f"0 to {size - 1}")
        return number

    def _completed(self, model: NeuronModel) -> NeuronModel:
        located = self._location is not None and "spike" in model.events
        equations = completed(model.equations, self.compartments.has_coordinates, located, model.title)
        equations += with_constants_of_the_membrane(equations)
        events = dict(model.events)
        if located:
            events["spike"] = Operator("and", (events["spike"], Name("threshold_location")))
        return replace(model, equations=equations, events=events, spatial=True)

    def _arrays_of_trees(self) -> dict[str, AnyArray]:
        given = {f"{TREE}{item.name}": getattr(self.forest, item.name) for item in fields(PlannedForest)}
        return given | {name: zeros(self.forest.nodes, np.float64) for name in ("_diagonal", "_right")}

    def _set_geometry(self) -> None:
        flat = self.compartments
        for name in GEOMETRY:
            self.arrays[name][:] = getattr(flat, name)
        if flat.has_coordinates:
            for axis, name in enumerate(COORDINATES):
                self.arrays[name][:] = flat.middle[:, axis]
        if "threshold_location" in self.arrays:
            self.arrays["threshold_location"][self._location] = True

    def array(self, name: str) -> AnyArray:
        tree_arrays: dict[str, AnyArray] = self._tree_arrays
        return tree_arrays[name] if name in tree_arrays else super().array(name)

    def _is_settable(self, symbol: Any) -> bool:
        return symbol.name not in (*GEOMETRY, *COORDINATES) and super()._is_settable(symbol)

    def _system(self, rewritten: frozenset[str]) -> System:
        return super()._system(rewritten | {POTENTIAL})

    def part(self, namespace: Namespace, numbers: ClockNumbers, rewritten: frozenset[str]) -> Neurons:
        cable = cable_rule(self.model.equations, self._system(rewritten), self.cable_method)
        return replace(super().part(namespace, numbers, rewritten), cable=cable)

    def __repr__(self) -> str:
        return f"<SpatialNeuron {self.name!r} of {len(self)} compartments>"


def with_constants_of_the_membrane(equations: Equations) -> Equations:
    """The lines for the time constant and the space constant, where the conductance of the membrane is known."""
    try:
        leak = conductance(equations)
    except NotDifferentiableError:
        return Equations(())
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
