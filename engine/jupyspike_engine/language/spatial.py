"""Equations of neurons in space: the current through the membrane, and what each compartment has anyway."""

from __future__ import annotations

from ..diagnostics import Problems, Span
from ..units import AMPERE, METRE, Dimension
from .check import unit_text
from .definition import Definition
from .equations import Equations

MEMBRANE_CURRENT = "Im"
POINT_CURRENT = "point current"
POTENTIAL = "v"

GEOMETRY = ("length", "distance", "area", "volume", "diameter", "r_length_1", "r_length_2")
COORDINATES = ("x", "y", "z")
NUMBERS = ("cell", "compartment")
_PASSIVE = """\
v : volt
Cm : farad/meter**2 (constant)
Ri : ohm*meter (constant, shared)
length : meter (constant)
distance : meter (constant)
area : meter**2 (constant)
volume : meter**3 (constant)
diameter : meter (constant)
r_length_1 : meter (constant)
r_length_2 : meter (constant)
"""
_PLACES = """\
x : meter (constant)
y : meter (constant)
z : meter (constant)
"""
_POPULATION = """\
cell : integer (constant)
compartment : integer (constant)
"""


def completed(equations: Equations, coordinates: bool, population: bool, title: str) -> Equations:
    """The equations with the variables that every compartment has.

    Parameters
    ----------
    coordinates : bool
        Whether compartments have places.
    population : bool
        Whether they belong to several cells.

    Raises
    ------
    UserError
        The current through the membrane is missing or is no current, or a variable has a name that is taken.
    """
    automatic = Equations(_PASSIVE + (_PLACES if coordinates else "") + (_POPULATION if population else ""))
    problems = Problems()
    for name in equations:
        if name in automatic:
            hint = "its rate of change follows from Im and the shape" if name == POTENTIAL else "choose another name"
            problems.add(
                f"'{name}' is a variable of every compartment already", equations[name].name_span, "name", hint=hint
            )
    _check_currents(equations, title, problems)
    problems.raise_if_any()
    return equations + automatic


def point_currents(equations: Equations) -> list[Definition]:
    """The lines whose currents flow into a compartment as a whole."""
    return [definition for definition in equations.values() if POINT_CURRENT in definition.flags]


def _check_currents(equations: Equations, title: str, problems: Problems) -> None:
    hint = "Im = gL*(EL - v) : amp/meter**2, a current into the compartment"
    if MEMBRANE_CURRENT not in equations:
        message = f"the equations of {title} do not give the current through the membrane, Im"
        problems.add(message, None, "name", hint=hint)
    else:
        current = equations[MEMBRANE_CURRENT]
        if current.role != "subexpression" or current.flags:
            problems.add("'Im' must be an expression without flags", current.span, "value", hint=hint)
        _expect(current, AMPERE / METRE**2, current.span, problems)
    for current in point_currents(equations):
        _expect(current, AMPERE, current.span, problems)
        if current.shared:
            problems.add(f"a point current differs between compartments: '{current.name}'", current.span, "value",
                         hint="leave the flag (shared) out")  # fmt: skip


def _expect(current: Definition, wanted: Dimension, span: Span, problems: Problems) -> None:
    if current.dimension != wanted:
        problems.add(
            f"'{current.name}' has the wrong unit", span, "unit",
            found=unit_text(current.dimension), expected=unit_text(wanted),
        )  # fmt: skip
