"""How many compartments a section needs."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

from ..diagnostics import ArgumentError
from ..units import METRE, UNITS, in_base_units
from .compartments import depth_first
from .shapes import Shape, Sphere, expect_room_for
from .tree import Tree

T = TypeVar("T", bound=Tree)
_HZ, _OHM, _CM, _UF = (UNITS[name] for name in ("Hz", "ohm", "cm", "uF"))


def discretized(root: T, d_lambda: float, frequency: Any, Ri: Any, Cm: Any, max_length: Any, n: int | None) -> T:
    """See `Morphology.discretized`."""
    if n is not None and (n != int(n) or n < 1):
        raise ArgumentError("a section has at least one compartment", found=f"n={n}")
    longest = None if max_length is None else _positive(max_length, METRE, "max_length")
    f = _positive(100 * _HZ if frequency is None else frequency, _HZ, "frequency")
    resistivity = _positive(150 * _OHM * _CM if Ri is None else Ri, _OHM * _CM, "Ri")
    capacitance = _positive(0.9 * _UF / _CM**2 if Cm is None else Cm, _UF / _CM**2, "Cm")
    # the length constant for alternating current, where the frequency is far above 1/(2 pi tau)
    scale = 0.5 / math.sqrt(math.pi * f * resistivity * capacitance)
    share = float(d_lambda)
    if not share > 0:
        raise ArgumentError("'d_lambda' is a part of the length constant", found=repr(d_lambda), expected="such as 0.1")

    def number(shape: Shape) -> int:
        if n is not None:
            return int(n)
        if longest is not None:
            return max(1, math.ceil(shape.extent / longest * (1 - 1e-12)))
        return 2 * math.floor((shape.wavelengths(scale) / share + 0.9) / 2) + 1

    shapes = [section.shape for section in depth_first(root)]
    divided = [shape if isinstance(shape, Sphere) else shape.divided(number(shape)) for shape in shapes]
    expect_room_for(sum(shape.n for shape in divided))
    return root.reshaped(divided)


def _positive(value: Any, unit: Any, name: str) -> float:
    number = in_base_units(value, unit, f"argument '{name}' of discretized()")
    if np.ndim(number) != 0 or not float(number) > 0:
        raise ArgumentError(f"'{name}' is a single value above zero", found=str(value))
    return float(number)
