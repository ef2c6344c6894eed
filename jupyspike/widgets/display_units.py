"""Between SI values, which the simulation counts in, and the units people read."""

from __future__ import annotations

import numpy as np


def unit_scale(unit: object) -> float:
    """What one of this unit is in SI base units: 0.001 for ``ms``."""
    return float(np.asarray(unit))


def unit_name(unit: object) -> str:
    """The name for an axis or a slider; nothing for a number without a unit."""
    name = str(unit)
    return "" if name in {"1", "1.0"} else name


def decimals(step: float) -> int:
    """Digits after the point that tell neighbouring multiples of ``step`` apart.

    >>> decimals(0.05), decimals(2.0), decimals(0.25)
    (2, 0, 2)
    """
    for digits in range(12):
        if abs(round(step, digits) - step) <= 1e-9 * abs(step):
            return digits
    return 12


def step_through(value: float, low: float, step: float) -> float:
    """The step, or a fraction of it, with which ``value`` is among the steps from ``low``.

    A slider in the browser moves a value that lies between its steps, which would change a parameter unasked.

    >>> step_through(20.0, 5.0, 0.5), step_through(1.62, 0.0, 0.1)
    (0.5, 0.02)
    """
    for part in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        steps = (value - low) / step * part
        if abs(steps - round(steps)) < 1e-6:
            return float(f"{step / part:.12g}")
    return step / 1000


def round_step(low: float, high: float, parts: int = 100) -> float:
    """A round step that divides low to high into about ``parts``.

    >>> round_step(5.0, 50.0), round_step(-60.0, -40.0), round_step(0.0, 1.0)
    (0.5, 0.2, 0.01)
    """
    exact = (high - low) / parts
    power = 10.0 ** np.floor(np.log10(exact))
    factor = min((1.0, 2.0, 5.0, 10.0), key=lambda f: abs(np.log(f * power / exact)))
    return float(f"{factor * power:.12g}")
