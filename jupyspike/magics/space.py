"""Neurons with a shape in ``%%neurons``: ``--morphology``, the constants ``Cm`` and ``Ri``, where spikes begin."""

from __future__ import annotations

from typing import Any

from jupyspike.magics.constants import Constants
from jupyspike.magics.grammar import Cell
from jupyspike_engine.diagnostics import Problems, nearest
from jupyspike_engine.morphology.morphology import Morphology
from jupyspike_engine.morphology.places import compartments_at
from jupyspike_engine.morphology.sections import Soma
from jupyspike_engine.units import UNITS

MEMBRANE = ("Cm", "Ri")


def in_space(cell: Cell, size: int, constants: Constants, problems: Problems) -> dict[str, Any] | None:
    """What makes neurons with a shape of those of a cell, as arguments; None if they have none.

    Constants of the names of arguments are these arguments.
    """
    word, location = cell.options.morphology, cell.keys.get("threshold_location")
    if word is None:
        if location is not None:
            hint = "--morphology shape, in the first line, gives them one"
            problems.add("these neurons have no shape", location, "value", hint=hint)
        return None
    morphology = constants.names.get(str(word))
    shapes: list[Any] = list(morphology) if isinstance(morphology, (list, tuple)) else [morphology]
    if not shapes or not all(isinstance(shape, Morphology) for shape in shapes):
        known = [name for name, value in constants.names.items() if isinstance(value, Morphology)]
        hint = (
            nearest(str(word), known) or "shape = Soma(diameter=30*um) makes one, Morphology.from_file(...) reads one"
        )
        problems.add(f"'{word}' is not a morphology", word.place, "name", hint=hint)
        return {"morphology": Soma(diameter=20 * UNITS["um"])}  # any: the equations are those of neurons in space
    for constant in cell.constants:
        if constant.name in MEMBRANE and constants.ranges.pop(constant.name, None) is not None:
            message = f"'{constant.name}' is a variable of compartments, which has no slider"
            problems.add(message, constant.name_span, "value", hint="leave out what stands behind its value")
    arguments = {name: constants.values.pop(name) for name in MEMBRANE if name in constants.values}
    place = None
    if location is not None:
        with problems.collecting(location):
            found = [compartments_at(shape, location, constants.scope) for shape in shapes]
            place = found[0] if len(shapes) == 1 else found
    return arguments | {
        "morphology": morphology, "threshold_location": place, "N": None if cell.options.n is None else size,
    }  # fmt: skip
