"""Every unit with every prefix, from yocto to yotta, for ``from jupyspike_engine.units.allunits import *``."""

from __future__ import annotations

from .names import ALL_UNITS
from .unit import Unit

__all__ = list(ALL_UNITS)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Unit:
    try:
        return ALL_UNITS[name]
    except KeyError:
        hint = ": write 20 degrees as zero_celsius + 20*kelvin" if name == "celsius" else ""
        raise AttributeError(f"there is no unit named '{name}'{hint}") from None
