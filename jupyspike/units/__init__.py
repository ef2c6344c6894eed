"""Physical units, for ``from jupyspike.units import mV, nS``; the work is done in `jupyspike_engine.units`."""

from __future__ import annotations

from jupyspike_engine import units as _units
from jupyspike_engine.units import *  # noqa: F403
from jupyspike_engine.units import UNITS, Unit
from jupyspike_engine.units import functions as _functions
from jupyspike_engine.units.functions import *  # noqa: F403


def __getattr__(name: str) -> Unit:
    unit: Unit = getattr(_units, name)
    return unit


__all__ = [*_units.__all__, *_functions.__all__, *UNITS]
