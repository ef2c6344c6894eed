"""Quantities and units, and questions about the units of any value."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..diagnostics import ArgumentTypeError, DimensionMismatchError
from . import notation, printing
from .arrays import Quantity, bare, dimension_of, quantity
from .checking import check_units
from .dimensions import DIMENSIONLESS, Dimension, get_or_create_dimension
from .ufuncs import fits, short_text
from .unit import Unit


def get_dimensions(x: Any) -> Dimension:
    """The dimension of a quantity, number, array or list; plain numbers are dimensionless.

    Raises
    ------
    ArgumentTypeError
        If `x` is a text or None.

    Examples
    --------
    >>> str(get_dimensions(3 * nS))
    'siemens'
    """
    if x is None:
        raise ArgumentTypeError("None has no unit.", kind="type")
    return dimension_of(x)


def is_dimensionless(x: Any) -> bool:
    """Whether a value has no unit.

    Examples
    --------
    >>> is_dimensionless(3 * mV), is_dimensionless(3 * mV / volt)
    (False, True)
    """
    return dimension_of(x) is DIMENSIONLESS


def have_same_dimensions(a: Any, b: Any) -> bool:
    """Whether two values have the same dimension.

    Examples
    --------
    >>> have_same_dimensions(1 * ohm * amp, 3 * mV)
    True
    """
    return dimension_of(a) is dimension_of(b)


def is_scalar_type(x: Any) -> bool:
    """Whether `x` is a single number without a unit: no array, no list, no text, no quantity.

    Examples
    --------
    >>> is_scalar_type(3.5), is_scalar_type([3.5]), is_scalar_type(3.5 * mV)
    (True, False, False)
    """
    if isinstance(x, (str, bytes)) or x is None or np.ndim(x) != 0:
        return False
    return is_dimensionless(x) and np.asarray(x).dtype.kind in "biufc"


def get_unit(d: Dimension | Quantity | float) -> Unit:
    """The unit without a prefix for a dimension, or for that of a value.

    Examples
    --------
    >>> get_unit(3 * mV), get_unit(3 * mV / ms)
    (volt, volt / second)
    """
    return Unit(notation.coherent_scale(dimension_of(d)))


def register_new_unit(u: Unit) -> None:
    """Print values of the dimension of a unit in that unit from now on, or in the best of several registered ones.

    Examples
    --------
    >>> 2 * farad / metre**2
    200. * ufarad / cmetre ** 2
    >>> register_new_unit(pfarad / umetre**2)
    >>> 2 * farad / metre**2
    2. * pfarad / umetre ** 2
    """
    notation.register(u.definition)


def in_unit(x: Any, u: Quantity, precision: int | None = None) -> str:
    """A value as text in a unit, with a number of digits after the point.

    Raises
    ------
    DimensionMismatchError
        If the unit has another dimension than the value.

    Examples
    --------
    >>> in_unit(123123 * msecond, second, 2)
    '123.12 s'
    """
    return Quantity(x).in_unit(u, precision)


def in_best_unit(x: Any, precision: int | None = None) -> str:
    """A value as text in the unit in which it reads best.

    Examples
    --------
    >>> in_best_unit(0.00123456 * volt, 2), in_best_unit(0.123456, 2)
    ('1.23 mV', '0.12')
    """
    values, dimension = bare(x)
    return printing.in_best_scale(np.asarray(values), dimension, precision)


def in_base_units(value: Any, unit: Dimension | Quantity, what: str) -> NDArray[np.float64]:
    """The plain numbers of an argument that must have a certain unit; zero needs none.

    Parameters
    ----------
    value : Quantity, number or array_like
    unit : Unit or Dimension
        What it must have.
    what : str
        The argument in a message, such as ``argument 'dt' of run()``.

    Returns
    -------
    numpy.ndarray of float64
        In SI base units, with the shape of `value`.

    Raises
    ------
    DimensionMismatchError
        If the unit is another one.

    Examples
    --------
    >>> in_base_units(0.1 * ms, second, "argument 'dt'")
    array(0.0001)
    """
    expected = dimension_of(unit)
    values, dimension = bare(value)
    numbers = np.asarray(values, dtype=np.float64)
    if not fits(numbers, dimension, expected):
        raise DimensionMismatchError(
            f"{what[:1].upper()}{what[1:]} needs a value in {expected}, "
            f"not {short_text(values, dimension)} (unit is {dimension}).",
            kind="unit",
            found=str(dimension),
            expected=str(expected),
        )
    return numbers


__all__ = [
    "Quantity",
    "Unit",
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
