"""Physical units: dimensions, quantities, the names of units, and what numpy does with them.

All unit names are attributes of this package, ``from jupyspike_engine.units import mV, nS``; `UNITS` has them by name.
"""

from __future__ import annotations

from ..diagnostics import DimensionMismatchError, nearest
from .checking import UnitRules, check_units
from .dimensions import (
    AMPERE,
    CANDELA,
    DIMENSIONLESS,
    KELVIN,
    KILOGRAM,
    METRE,
    MOLE,
    SECOND,
    Dimension,
    get_or_create_dimension,
)
from .names import ALL_UNITS, SHORTHANDS, UNITS
from .quantity import (
    Quantity,
    Unit,
    bare,
    dimension_of,
    get_dimensions,
    get_unit,
    have_same_dimensions,
    in_base_units,
    in_best_unit,
    in_unit,
    is_dimensionless,
    is_scalar_type,
    quantity,
    register_new_unit,
)


def __getattr__(name: str) -> Unit:
    if name in UNITS:
        return UNITS[name]
    hint = "" if name.startswith("_") else nearest(name, UNITS)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'" + (f"; {hint}" if hint else ""))


__all__ = [
    "ALL_UNITS",
    "AMPERE",
    "CANDELA",
    "DIMENSIONLESS",
    "KELVIN",
    "KILOGRAM",
    "METRE",
    "MOLE",
    "SECOND",
    "SHORTHANDS",
    "UNITS",
    "Dimension",
    "DimensionMismatchError",
    "Quantity",
    "Unit",
    "UnitRules",
    "bare",
    "check_units",
    "dimension_of",
    "get_dimensions",
    "get_or_create_dimension",
    "get_unit",
    "have_same_dimensions",
    "in_base_units",
    "in_best_unit",
    "in_unit",
    "is_dimensionless",
    "is_scalar_type",
    "quantity",
    "register_new_unit",
]
