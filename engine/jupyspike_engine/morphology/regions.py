"""Conditions on compartments, such as ``distance > 100*um and diameter < 2*um``, in the language of equations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError, EquationError
from ..frames import calling_namespace
from ..language.expressions import expression
from ..language.functions import ExternalFunction, Type
from ..language.model import CONDITION, check_value
from ..language.scope import Scope, Symbol
from ..language.syntax import names
from ..plan.binding import Binding, Registry
from ..plan.nodes import Draw
from ..plan.traversal import walk
from ..targets.interface import AnyArray, Clock, Elements, Memory
from ..targets.numpy.evaluation import Evaluation
from ..units import METRE, Dimension, bare
from .compartments import Compartments, Indices

DIMENSIONS: dict[str, Dimension] = {
    **dict.fromkeys(("length", "diameter", "start_diameter", "end_diameter", "distance"), METRE),
    **dict.fromkeys(("r_length_1", "r_length_2", "x", "y", "z"), METRE),
    "area": METRE**2,
    "volume": METRE**3,
}
_OWNER = "morphology"


class CallersConstants:
    """Numbers and quantities of the calling code."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace = namespace

    def __call__(self, name: str) -> Symbol | None:
        """The constant of a name."""
        if name not in self.namespace:
            return None
        numbers, dimension = bare(self.namespace[name])
        kinds: dict[str, Type] = {"f": "real", "i": "integer", "u": "integer", "b": "boolean"}
        kind = "" if isinstance(numbers, str) or callable(numbers) else np.asarray(numbers).dtype.kind
        if kind not in kinds or np.ndim(numbers) != 0:
            raise ArgumentTypeError(
                f"'{name}' is {'an array' if kind in kinds else f'a {type(numbers).__name__}'}, not a single number",
                kind="meaning",
            )
        return Symbol(name, "constant", dimension, kinds[kind], value=float(numbers))

    def function(self, name: str) -> ExternalFunction | None:
        """None: conditions on compartments call the functions of the language only."""
        return None

    def names(self) -> Iterable[str]:
        """Names of single numbers and quantities."""
        numbers = (int, float, np.number, np.ndarray)
        return [n for n, v in self.namespace.items() if isinstance(v, numbers) and np.ndim(v) == 0 and n[0] != "_"]


def holds(compartments: Compartments, which: Indices, text: str) -> npt.NDArray[np.bool_]:
    """For which of some compartments a condition holds.

    Raises
    ------
    UserError
        Names or units do not fit, or there are no coordinates to choose by.
    """
    tree = expression(text, "condition on compartments")
    used = names(tree)
    if used & {"x", "y", "z"} and not compartments.has_coordinates:
        raise ArgumentError(
            f"'{text}' asks for coordinates, which not every section has", hint="morphology.generate_coordinates()"
        )
    symbols = {name: Symbol(name, "state", dimension) for name, dimension in DIMENSIONS.items()}
    symbols["i"] = Symbol("i", "index", type="integer")
    constants = CallersConstants(calling_namespace())
    scope = Scope(symbols, constants, complete=True)
    check_value(tree, scope, CONDITION, "the condition")
    registry = Registry()
    lowered = Binding(registry, _OWNER, _OWNER, scope).lower(tree)
    if any(isinstance(node, Draw) for node in walk(lowered)):
        raise EquationError("a part of a morphology is not chosen by chance", found=f"'{text}'", hint="numpy.random")
    parameters = {
        name: given.value if given.origin == "literal" else _constant(constants, given.name)
        for name, given in registry.parameters.items()
    }
    arrays = {f"{_OWNER}.{name}": _values(compartments, name) for name in used & DIMENSIONS.keys()}
    memory = Memory(
        0, np.zeros(0), arrays, (Clock * 1)(Clock(0, 0, 1.0)), {_OWNER: Elements(len(compartments), 0)}, {}, {}, {}
    )
    with np.errstate(all="ignore"):
        found = Evaluation(memory, parameters, _OWNER, which, 0).value(lowered)
    return np.broadcast_to(found, which.shape).astype(np.bool_)


def _values(compartments: Compartments, name: str) -> AnyArray:
    values: AnyArray = compartments.middle[:, "xyz".index(name)] if name in "xyz" else getattr(compartments, name)
    return values


def _constant(constants: CallersConstants, name: str) -> float:
    symbol = constants(name)
    assert symbol is not None and symbol.value is not None  # the check has found it
    return symbol.value
