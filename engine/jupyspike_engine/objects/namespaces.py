"""What names from outside a model stand for: constants of the notebook, the script or a group's own namespace."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from ..diagnostics import ArgumentTypeError, Kind
from ..language.functions import ExternalFunction, Type
from ..language.scope import Symbol
from ..units import dimension_of
from .base import SimulatedObject
from .conflicts import differs, tell_conflict
from .functions import function_of

Namespace = Mapping[str, Any]


@dataclass(frozen=True)
class ExternalNames:
    """Looks names up in namespaces, the first that has it wins."""

    namespaces: tuple[Mapping[str, Any], ...]
    owner: str = ""

    def __call__(self, name: str) -> Symbol | None:
        found = [namespace[name] for namespace in self.namespaces if name in namespace]
        if not found:
            return None
        other = next((value for value in found[1:] if differs(found[0], value)), None)
        if other is not None:
            tell_conflict(name, found[0], other, self.owner)
        return constant_symbol(name, found[0])

    def function(self, name: str) -> ExternalFunction | None:
        """The function that a name stands for.

        Raises
        ------
        ArgumentTypeError
            It is something else, or its units are not known.
        """
        for namespace in self.namespaces:
            if name not in namespace:
                continue
            value = namespace[name]
            found = value.external_function if _has(value, "external_function") else None
            if found is None and _has(value, "unit_rules"):
                found = function_of(value).external_function
            if isinstance(found, ExternalFunction):
                return found
            hint = "the function's units must be declared: @check_units(x=volt, result=1)" if callable(value) else ""
            # who writes a function sees at once what it lacks; a name of numpy's or pylab's may still become another
            kind: Kind = "value" if isinstance(value, FunctionType) or not callable(value) else "name"
            message = f"'{name}' is a {type(value).__name__} that equations cannot call"
            raise ArgumentTypeError(message, kind=kind, hint=hint)
        return None

    def names(self) -> list[str]:
        """The names of single numbers and quantities."""
        items = [item for namespace in self.namespaces for item in namespace.items()]
        numbers = (int, float, np.number, np.ndarray)
        return [n for n, value in items if isinstance(value, numbers) and np.ndim(value) == 0 and not n.startswith("_")]


def _has(value: Any, name: str) -> bool:
    """Whether a thing has an attribute of its own: one that stands for another, as in pylab, is not loaded for that."""
    return inspect.getattr_static(value, name, None) is not None


def external_names(*namespaces: Mapping[str, Any], owner: str = "") -> ExternalNames:
    """Looks names up in namespaces, the first that has it wins; ``owner`` is the object that they are for."""
    return ExternalNames(namespaces, owner)


def constant_symbol(name: str, value: Any) -> Symbol:
    """A constant with its dimension and type.

    Raises
    ------
    ArgumentTypeError
        The value is not a single number or quantity.
    """
    kinds: dict[str, Type] = {"f": "real", "i": "integer", "u": "integer", "b": "boolean"}
    defined_elsewhere = isinstance(value, (Mapping, ModuleType)) or callable(value)
    no_number = isinstance(value, (str, bytes, type(None), SimulatedObject)) or defined_elsewhere
    array = None if no_number else np.asarray(value)
    if array is None or array.dtype.kind not in kinds:
        kind = "module" if isinstance(value, ModuleType) else type(value).__name__
        raise ArgumentTypeError(
            f"'{name}' is a {kind}, not a number",
            kind="name" if defined_elsewhere else "meaning",
            hint="names in equations stand for numbers with units",
        )
    if array.ndim != 0:
        raise ArgumentTypeError(
            f"'{name}' is an array of {array.size} values",
            kind="meaning",
            hint=f"values that differ between elements need a parameter: a line '{name} : unit' in the equations",
        )
    return Symbol(name, "constant", dimension_of(value), kinds[array.dtype.kind], value=float(array))


def constant_value(name: str, *namespaces: Mapping[str, Any]) -> float:
    """The value of a constant in SI base units."""
    for namespace in namespaces:
        if name in namespace:
            return float(np.asarray(namespace[name]))
    raise KeyError(name)
