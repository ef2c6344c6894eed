"""What is changed in a run: constants that are moved and variables that are written to, and how that is logged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np
import numpy.typing as npt

from ..units import Unit

Places = range | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is new from a step on; with several clocks, their steps are added up.

    Attributes
    ----------
    parameter : str
        A parameter of the plan; or an array of it, all whose values become this one; or an array with ``*`` behind its
        name, whose values become this many times what they were at first.
    value : float or tuple
        One for all, or one for each place.
    places : range or tuple of int, optional
        Where in an array somebody has written. Without it a constant was moved.
    """

    step: int
    parameter: str
    value: float | tuple[float, ...]
    places: Places | None = None


_Change = TypeVar("_Change")


def note(log: list[_Change], change: _Change, place: Callable[[_Change], tuple[int, str, Places | None]]) -> None:
    """Write down a change; one of a constant takes the place of an earlier one that nothing has seen.

    Parameters
    ----------
    place : callable
        The step of a change, what is changed, and where in it.
    """
    step, _, written = place(change)
    for k in range(len(log) - 1 if written is None else -1, -1, -1):
        if place(log[k])[0] != step or place(log[k])[2] is not None:
            break
        if place(log[k]) == place(change):
            del log[k]
            break
    log.append(change)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be moved while the network runs; numbers in SI base units, ``unit`` to show them in.

    Its slider is logarithmic if ``log`` is true.
    """

    name: str
    value: float
    low: float
    high: float
    step: float | None
    unit: Unit
    log: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A constant that was moved during a live run: when (model time in seconds), and to which value (SI base units).

    ``step`` is that of `Change`.
    """

    time: float
    name: str
    value: float
    step: int = 0
    places: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class Writing:
    """A variable that was written to during a live run; ``step``, ``value`` and ``places`` are those of `Change`."""

    time: float
    name: str
    value: float | tuple[float, ...]
    step: int
    places: Places


def listed(places: npt.NDArray[np.intp]) -> Places:
    """Places in an array, as a range if they are one after the other."""
    numbers = tuple(np.ravel(places).tolist())
    one_by_one = range(numbers[0], numbers[0] + len(numbers)) if numbers else range(0)
    return one_by_one if numbers == tuple(one_by_one) else numbers


def one_or_each(values: npt.NDArray[Any]) -> float | tuple[float, ...]:
    """The value, if all are equal."""
    if values.size and (values == values.flat[0]).all():
        return float(values.flat[0])
    return tuple(values.tolist())
