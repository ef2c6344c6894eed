"""The constants in an object's own namespace, as attributes: those of a cell, or of the argument ``namespace``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from ..diagnostics import ArgumentTypeError, DimensionMismatchError
from ..language.check import unit_text
from ..units import bare


class HasConstants(Protocol):
    """An object with a namespace, which may be part of a network."""

    name: str
    namespace: dict[str, Any]

    @property
    def live_run(self) -> Any: ...


def is_constant(name: str, namespace: Mapping[str, Any]) -> bool:
    """Whether a name stands for a single number or quantity."""
    value = namespace.get(name)
    if not isinstance(value, (int, float, np.number, np.ndarray)):
        return False
    return np.ndim(value) == 0 and np.asarray(value).dtype.kind in "fiub"


def set_constant(owner: HasConstants, name: str, value: Any) -> None:
    """Give a constant another value: for the next run, and for one that goes on live.

    Raises
    ------
    DimensionMismatchError, ArgumentTypeError
        The value has another unit, or is no single number.
    """
    if not is_constant(name, {name: value}):
        raise ArgumentTypeError(f"'{name}' of '{owner.name}' is a constant", found=repr(value), expected="a number")
    (number, dimension), (_, wanted) = bare(value), bare(owner.namespace[name])
    if dimension != wanted:
        raise DimensionMismatchError(
            f"the value for '{name}' of '{owner.name}' has the wrong unit", kind="unit",
            found=unit_text(dimension), expected=unit_text(wanted),
        )  # fmt: skip
    live_run = owner.live_run
    if live_run is None or not live_run.moves(f"{owner.name}.{name}"):
        owner.namespace[name] = value
        return
    with live_run.held():
        owner.namespace[name] = value
        live_run.assign(f"{owner.name}.{name}", float(number))
