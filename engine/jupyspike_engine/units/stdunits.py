"""The usual shorthands, such as mV, nS and ms, for ``from jupyspike_engine.units.stdunits import *``."""

from __future__ import annotations

from .names import SHORTHANDS, UNITS
from .unit import Unit

__all__ = list(SHORTHANDS)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Unit:
    if name not in SHORTHANDS:
        raise AttributeError(f"there is no shorthand named '{name}'")
    return UNITS[name]
