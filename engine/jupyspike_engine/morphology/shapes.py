"""What a section looks like, and the geometry of the compartments that it is divided into; all in SI units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError
from ..simulation.room import LARGE, expect_room

Real = npt.NDArray[np.float64]

# Inside a soma the potential is the same everywhere: between its centre and its surface next to nothing resists.
SPHERE_R_LENGTH = 1.0  # m


_BYTES = 8 * 20  # of a compartment, with all that is worked out of it
_MOST = 2**31 - 1


def expect_room_for(compartments: int) -> None:
    """Raise an error if a tree of so many compartments does not fit into the free memory.

    Raises
    ------
    ArgumentError
    """
    what = f"the geometry of {compartments:,} compartments"
    expect_room(compartments * _BYTES, what, hint="fewer compartments", least=LARGE)
    if compartments > _MOST:
        raise ArgumentError("compartments are counted with 32 bits", found=f"{compartments:,}", expected=f"{_MOST:,}")


@dataclass(frozen=True, slots=True)
class Geometry:
    """Of compartments in a row; arrays with one value for each.

    Attributes
    ----------
    length, diameter : m
        The diameter is the mean along the length.
    area, volume : m**2, m**3
        The area is that of the membrane, which the ends of a compartment do not have.
    r_length_1, r_length_2 : m
        The axial conductance between an end and the middle, times the resistivity: from the start, and to the end.
    """

    length: Real
    diameter: Real
    start_diameter: Real
    end_diameter: Real
    area: Real
    volume: Real
    r_length_1: Real
    r_length_2: Real


def frusta(length: Real, diameters: Real) -> Geometry:
    """The geometry of truncated cones, each a compartment; one more diameter than lengths."""
    start, end = diameters[:-1], diameters[1:]
    middle = (start + end) / 2
    return Geometry(
        length,
        middle,
        start,
        end,
        np.pi * middle * np.sqrt(length**2 + (end - start) ** 2 / 4),
        np.pi / 12 * length * (start**2 + start * end + end**2),
        np.pi / 2 * start * middle / length,
        np.pi / 2 * middle * end / length,
    )


@dataclass(frozen=True, slots=True)
class Sphere:
    """A soma: one compartment, to whose centre everything is attached."""

    size: float
    points: Real | None  # the centre, as start and as end

    n = 1
    extent = 0.0  # along a path through it

    def geometry(self) -> Geometry:
        """Of the only compartment."""
        one, d = np.ones(1), self.size * np.ones(1)
        r_length = SPHERE_R_LENGTH * one
        return Geometry(d, d, d, d, np.pi * d**2, np.pi / 6 * d**3, r_length, r_length)

    def places(self) -> Real | None:
        """Where compartments begin and end, seen from the end of the parent."""
        return self.points

    def divided(self, n: int) -> Sphere:
        """The same: a sphere is not divided."""
        return self

    def wavelengths(self, scale: float) -> float:
        """None: the potential of a sphere does not differ along it."""
        return 0.0


@dataclass(frozen=True, slots=True)
class Cones:
    """Truncated cones in a row, divided into compartments: those cones, or any number of equal lengths.

    Parameters
    ----------
    lengths, diameters : array
        Of m cones; m + 1 diameters.
    points : array of shape (m + 1, 3), optional
        Their ends, seen from the end of the parent.
    parts : int, optional
        The number of compartments, of equal lengths; without it each cone is one.
    """

    lengths: Real
    diameters: Real
    points: Real | None = None
    parts: int | None = None

    @property
    def n(self) -> int:
        """Number of compartments."""
        return len(self.lengths) if self.parts is None else self.parts

    @property
    def extent(self) -> float:
        """Length along the path."""
        return float(self.lengths.sum())

    def divided(self, n: int) -> Cones:
        """The same shape in another number of compartments."""
        return Cones(self.lengths, self.diameters, self.points, n)

    def apart(self) -> Cones:
        """The same with a cone for each compartment, if a single one is divided: they can be bent apart."""
        if self.parts is None or len(self.lengths) > 1:
            return self
        whole = self.geometry()
        return Cones(whole.length, np.append(whole.start_diameter, whole.end_diameter[-1]))

    def geometry(self) -> Geometry:
        """Of each compartment."""
        if self.parts is None:
            return frusta(self.lengths, self.diameters)
        if len(self.lengths) == 1:
            length = np.full(self.parts, self.lengths[0] / self.parts)
            return frusta(length, np.linspace(self.diameters[0], self.diameters[1], self.parts + 1))
        return self._integrated(self.parts)

    def places(self) -> Real | None:
        """Where compartments begin and end, seen from the end of the parent; shape (n + 1, 3)."""
        if self.points is None or self.parts is None:
            return self.points
        along = _running(self.lengths)
        at = np.linspace(0, along[-1], self.parts + 1)
        return np.stack([np.interp(at, along, self.points[:, axis]) for axis in range(3)], axis=1)

    def wavelengths(self, scale: float) -> float:
        """The length in length constants; those are ``scale`` times the root of the diameter (m**0.5)."""
        return float((2 * self.lengths / (np.sqrt(self.diameters[:-1]) + np.sqrt(self.diameters[1:]))).sum() / scale)

    def _integrated(self, n: int) -> Geometry:
        """Of compartments that may hold several cones: what lies within each is added up, so that nothing gets lost."""
        along = _running(self.lengths)
        at = along[-1] * np.arange(2 * n + 1) / (2 * n)  # ends and middles
        at[-1] = along[-1]
        cone = np.clip(np.searchsorted(along, at, side="right") - 1, 0, len(self.lengths) - 1)
        start, slope = self.diameters[cone], (np.diff(self.diameters) / self.lengths)[cone]
        inside = at - along[cone]
        here = start + slope * inside
        whole = frusta(self.lengths, self.diameters)
        resistance = 4 * self.lengths / (np.pi * whole.start_diameter * whole.end_diameter)
        middle = (start + here) / 2
        area = _running(whole.area)[cone] + np.pi * middle * inside * np.sqrt(1 + slope**2 / 4)
        volume = _running(whole.volume)[cone] + np.pi / 12 * inside * (start**2 + start * here + here**2)
        resisting = np.diff(_running(resistance)[cone] + 4 * inside / (np.pi * start * here))
        width = _running(whole.diameter * self.lengths)[cone] + middle * inside
        length = np.full(n, along[-1] / n)
        return Geometry(
            length,
            np.diff(width[::2]) / length,
            here[:-1:2],
            here[2::2],
            np.diff(area[::2]),
            np.diff(volume[::2]),
            1 / resisting[::2],
            1 / resisting[1::2],
        )


Shape = Sphere | Cones


def _running(values: Real) -> Real:
    """Zero, then the sums of the first values."""
    return np.concatenate([np.zeros(1), np.cumsum(values)])
