"""The kinds of sections that a user makes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, ArgumentTypeError
from ..units import METRE, in_base_units
from .morphology import Morphology
from .shapes import Cones, Real, Sphere, expect_room_for


class Soma(Morphology):
    """A sphere, of a single compartment. What is attached to it is attached to its centre.

    Parameters
    ----------
    diameter : Quantity
    x, y, z : Quantity, optional
        Its centre. Those that are not given are zero if others are.
    type : str, optional

    Examples
    --------
    >>> Soma(diameter=30*um)
    Soma(diameter=30. * umetre)
    >>> Soma(diameter=30*um).area
    array([2827.43338823]) * umetre ** 2
    """

    __slots__ = ()

    def __init__(self, diameter: Any, x: Any = None, y: Any = None, z: Any = None, type: str | None = "soma") -> None:
        size = _positive(_single(diameter, "diameter", "Soma"), "diameter", "Soma")
        given = [
            None if value is None else _single(value, axis, "Soma")
            for value, axis in zip((x, y, z), "xyz", strict=True)
        ]
        centre = None
        if any(value is not None for value in given):
            centre = np.array([[value or 0.0 for value in given]] * 2)
        super().__init__(Sphere(size, centre), type)


class Section(Morphology):
    """Truncated cones in a row, each a compartment.

    Parameters
    ----------
    diameter : Quantity
        At the start, where compartments meet, and at the end: n + 1 values.
    n : int
        Number of compartments.
    length : Quantity, optional
        Of each compartment: n values.
    x, y, z : Quantity, optional
        In place of lengths: n + 1 coordinates, counted from the end of the section that this one is attached to. Those
        that are not given are zero.
    start_diameter : Quantity, optional
        With it, `diameter` may have the other n values only.
    origin : sequence of 3 quantities, optional
        Where coordinates are counted from, in place of the end of the parent.
    type : str, optional

    Examples
    --------
    >>> cone = Section(diameter=[4, 3, 2]*um, length=[10, 20]*um, n=2)
    >>> cone.diameter, cone.end_diameter[-1]
    (array([3.5, 2.5]) * umetre, 2. * umetre)
    """

    __slots__ = ()

    def __init__(
        self,
        diameter: Any,
        n: int = 1,
        length: Any = None,
        x: Any = None,
        y: Any = None,
        z: Any = None,
        start_diameter: Any = None,
        origin: Any = None,
        type: str | None = None,
    ) -> None:
        n = _count(n, "Section")
        diameters = _numbers(diameter, "diameter", "Section")
        if start_diameter is not None:
            start = _single(start_diameter, "start_diameter", "Section")
            if diameters.shape == (n,):
                diameters = np.concatenate([[start], diameters])
            elif diameters.shape == (n + 1,) and diameters[0] != start:
                raise ArgumentError(
                    "the start of the Section has two diameters", found=f"start_diameter={start_diameter}, "
                    f"diameter={diameter}", hint="leave start_diameter out, or the first value of diameter",
                )  # fmt: skip
        _expect_shape(diameters, (n + 1,), "diameter", "Section", f"n + 1 = {n + 1} values, for n = {n} compartments")
        points = _points(n + 1, x, y, z, length, "Section")
        if points is None:
            lengths = _numbers(length, "length", "Section")
            lengths = lengths[None] if n == 1 and lengths.ndim == 0 else lengths
            _expect_shape(lengths, (n,), "length", "Section", f"n = {n} values, one for each compartment")
        else:
            lengths = _between(points)
        place = None if origin is None else in_base_units(origin, METRE, "argument 'origin' of Section")
        if place is not None:
            _expect_shape(place, (3,), "origin", "Section", "three coordinates")
        _positive(diameters, "diameter", "Section")
        super().__init__(Cones(_positive(lengths, "length", "Section"), diameters, points), type, place)


class Cylinder(Morphology):
    """A cylinder, in compartments of equal lengths.

    Parameters
    ----------
    diameter : Quantity
    n : int
        Number of compartments.
    length : Quantity, optional
        Of the whole.
    x, y, z : Quantity, optional
        In place of the length: coordinates of start and end, counted from the end of the section that this one is
        attached to. Those that are not given are zero.
    type : str, optional

    Examples
    --------
    >>> Cylinder(x=[0, 30]*um, y=[0, 40]*um, diameter=2*um, n=2).length
    array([25., 25.]) * umetre
    """

    __slots__ = ()

    def __init__(
        self,
        diameter: Any,
        n: int = 1,
        length: Any = None,
        x: Any = None,
        y: Any = None,
        z: Any = None,
        type: str | None = None,
    ) -> None:
        n = _count(n, "Cylinder")
        size = _positive(_single(diameter, "diameter", "Cylinder"), "diameter", "Cylinder")
        points = _points(2, x, y, z, length, "Cylinder")
        lengths = np.array([_single(length, "length", "Cylinder")]) if points is None else _between(points)
        _positive(lengths, "length", "Cylinder")
        super().__init__(Cones(lengths, np.full(2, size), points, n), type)


def _count(n: Any, kind: str) -> int:
    if isinstance(n, bool) or not isinstance(n, (int, float, np.number)) or int(n) != n:
        raise ArgumentTypeError(
            f"argument 'n' of {kind} is a number of compartments", found=repr(n), expected="a whole number"
        )
    if n < 1:
        raise ArgumentError(f"{kind} needs at least one compartment", found=f"n={n}", expected="n=1 or more")
    expect_room_for(int(n))
    return int(n)


def _numbers(value: Any, what: str, kind: str) -> Real:
    if value is None:
        raise ArgumentError(f"argument '{what}' of {kind} is missing", expected="a value in metres, such as 10*um")
    numbers = in_base_units(value, METRE, f"argument '{what}' of {kind}")
    if not np.isfinite(numbers).all():
        raise ArgumentError(f"argument '{what}' of {kind} is not finite", found=str(value))
    return numbers


def _single(value: Any, what: str, kind: str) -> float:
    numbers = _numbers(value, what, kind)
    _expect_shape(numbers, (), what, kind, "a single value")
    return float(numbers)


def _positive(values: Any, what: str, kind: str) -> Any:
    wrong = np.flatnonzero(np.asarray(values) <= 0)
    if len(wrong):
        value = np.atleast_1d(values)[wrong[0]]
        where = f", value {wrong[0]}" if np.ndim(values) and np.size(values) > 1 else ""
        raise ArgumentError(
            f"a {kind} cannot have a {what} of {'zero' if value == 0 else 'less than zero'}",
            found=f"{value * 1e6:g} um{where}", expected=f"a {what} above zero",
        )  # fmt: skip
    return values


def _expect_shape(values: Real, shape: tuple[int, ...], what: str, kind: str, expected: str) -> None:
    if values.shape != shape:
        found = f"{values.size} values" if values.ndim else "a single value"
        raise ArgumentTypeError(f"argument '{what}' of {kind} has the wrong shape", found=found, expected=expected)


def _points(count: int, x: Any, y: Any, z: Any, length: Any, kind: str) -> Real | None:
    """Coordinates of the ends of cones; None if there are lengths in their place."""
    given = {axis: value for axis, value in zip("xyz", (x, y, z), strict=True) if value is not None}
    if not given:
        if length is None:
            raise ArgumentTypeError(f"a {kind} needs a length, or coordinates x, y, z", hint="length=100*um")
        return None
    if length is not None:
        raise ArgumentTypeError(
            f"a {kind} has a length or coordinates, not both", found=f"length and {', '.join(given)}"
        )
    points = np.zeros((count, 3))
    for axis, value in given.items():
        numbers = _numbers(value, axis, kind)
        ends = "start and end" if count == 2 and kind == "Cylinder" else f"n + 1 = {count} values"
        _expect_shape(numbers, (count,), axis, kind, ends)
        points[:, "xyz".index(axis)] = numbers
    return points


def _between(points: Real) -> Real:
    return np.asarray(np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1)))
