"""The geometry of compartments as attributes with units: what sections and parts of them have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..units import METRE, Dimension, quantity
from .shapes import Real


def _value(name: str, text: str, dimension: Dimension = METRE, with_unit: bool = True) -> Any:
    def read(self: GeometryAttributes) -> Any:
        values = self.values_of(name)
        return quantity(values, dimension) if with_unit else values

    return property(read, doc=f"{text}, of each compartment." if with_unit else f"{text}, in SI base units.")


def _coordinate(place: str, axis: int, with_unit: bool = True) -> Any:
    def read(self: GeometryAttributes) -> Any:
        ends = self.ends()
        if ends is None:
            return None
        start, end = ends
        values = {"": (start + end) / 2, "start_": start, "end_": end}[place][:, axis]
        return quantity(values, METRE) if with_unit else values

    where = {"": "middle", "start_": "start", "end_": "end"}[place]
    text = f"{'xyz'[axis]} of the {where} of each compartment; None without coordinates"
    return property(read, doc=f"{text}." if with_unit else f"{text}; in SI base units.")


_AREA, _VOLUME = METRE**2, METRE**3
_TO_START = "Axial conductance from the start to the middle, times the resistivity"
_TO_END = "Axial conductance from the middle to the end, times the resistivity"


class GeometryAttributes:
    """Attributes with the values of each compartment; with ``_`` behind their names, without units."""

    __slots__ = ()

    def values_of(self, name: str) -> Real:
        """The values of an attribute, in SI base units."""
        raise NotImplementedError

    def ends(self) -> tuple[Real, Real] | None:
        """Where compartments begin and end, two arrays of shape (n, 3) in metres; None without coordinates."""
        raise NotImplementedError

    length, length_ = _value("length", "Length"), _value("length", "Length", with_unit=False)
    diameter = _value("diameter", "Mean diameter")
    diameter_ = _value("diameter", "Mean diameter", with_unit=False)
    start_diameter = _value("start_diameter", "Diameter at the start")
    start_diameter_ = _value("start_diameter", "Diameter at the start", with_unit=False)
    end_diameter = _value("end_diameter", "Diameter at the end")
    end_diameter_ = _value("end_diameter", "Diameter at the end", with_unit=False)
    area, area_ = _value("area", "Membrane area", _AREA), _value("area", "Membrane area", with_unit=False)
    volume, volume_ = _value("volume", "Volume", _VOLUME), _value("volume", "Volume", with_unit=False)
    distance = _value("distance", "Way along the tree from its start to the middle")
    distance_ = _value("distance", "Way along the tree from its start to the middle", with_unit=False)
    r_length_1, r_length_1_ = _value("r_length_1", _TO_START), _value("r_length_1", _TO_START, with_unit=False)
    r_length_2, r_length_2_ = _value("r_length_2", _TO_END), _value("r_length_2", _TO_END, with_unit=False)
    x, y, z = (_coordinate("", axis) for axis in range(3))
    x_, y_, z_ = (_coordinate("", axis, with_unit=False) for axis in range(3))
    start_x, start_y, start_z = (_coordinate("start_", axis) for axis in range(3))
    start_x_, start_y_, start_z_ = (_coordinate("start_", axis, with_unit=False) for axis in range(3))
    end_x, end_y, end_z = (_coordinate("end_", axis) for axis in range(3))
    end_x_, end_y_, end_z_ = (_coordinate("end_", axis, with_unit=False) for axis in range(3))

    @property
    def coordinates(self) -> Any:
        """Where compartments begin and the last one ends, shape (n + 1, 3); None without coordinates."""
        values = self.coordinates_
        return None if values is None else quantity(values, METRE)

    @property
    def coordinates_(self) -> Any:
        """`coordinates` in SI base units."""
        ends = self.ends()
        return None if ends is None else np.concatenate([ends[0], ends[1][-1:]])
