"""Between SI values, which the simulation counts in, and the units people read."""

from __future__ import annotations

import re
from unicodedata import lookup, name

import numpy as np

_RAISED = {digit: lookup(f"SUPERSCRIPT {name(digit).split()[-1]}") for digit in "0123456789"}
_RAISED["-"] = "\N{SUPERSCRIPT MINUS}"
_TO_RAISED, _TO_PLAIN = str.maketrans(_RAISED), str.maketrans({raised: sign for sign, raised in _RAISED.items()})
_MICRO, _POWER = re.compile(r"\bu(?=[A-Za-z])"), re.compile(r"\^(-?\d+)(?![\d.])")
_MICRO_SIGNS, _RAISED_SIGNS = "[\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}]", f"[{''.join(_RAISED.values())}]+"


def readable(units: str) -> str:
    """Units as they are printed, where they are only read.

    >>> readable("20 uA/cm^2"), readable("V^-1")
    ('20 µA/cm²', 'V⁻¹')
    """
    with_powers = _POWER.sub(lambda found: found[1].translate(_TO_RAISED), units)
    return _MICRO.sub("\N{MICRO SIGN}", with_powers)


def written(units: str) -> str:
    """A text in which units may be as they are printed, with units as they are written in models.

    >>> written("20 µA/cm²"), written("20 uA/cm^2"), written("V⁻¹")
    ('20 uA/cm**2', '20 uA/cm**2', 'V**-1')
    """
    plain = re.sub(_RAISED_SIGNS, lambda found: f"**{found[0].translate(_TO_PLAIN)}", units)
    return re.sub(_MICRO_SIGNS, "u", plain).replace("^", "**")


def unit_scale(unit: object) -> float:
    """What one of this unit is in SI base units: 0.001 for ``ms``."""
    return float(np.asarray(unit))


def unit_name(unit: object) -> str:
    """The name for an axis or a slider; nothing for a number without a unit."""
    text = str(unit)
    return "" if text in {"1", "1.0"} else readable(text)


def decimals(step: float) -> int:
    """Digits after the point that tell neighbouring multiples of ``step`` apart.

    >>> decimals(0.05), decimals(2.0), decimals(0.25)
    (2, 0, 2)
    """
    for digits in range(12):
        if abs(round(step, digits) - step) <= 1e-9 * abs(step):
            return digits
    return 12


def round_step(low: float, high: float, parts: int = 100) -> float:
    """A round step that divides low to high into about ``parts``.

    >>> round_step(5.0, 50.0), round_step(-60.0, -40.0), round_step(0.0, 1.0)
    (0.5, 0.2, 0.01)
    """
    exact = (high - low) / parts
    power = 10.0 ** np.floor(np.log10(exact))
    factor = min((1.0, 2.0, 5.0, 10.0), key=lambda f: abs(np.log(f * power / exact)))
    return float(f"{factor * power:.12g}")
