"""What each numpy ufunc does to dimensions: one row each."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..diagnostics import DimensionMismatchError, DimensionTypeError
from .dimensions import DIMENSIONLESS, Dimension
from .printing import in_best_scale

Dimensions = Sequence[Dimension]
Values = Sequence[Any]
Rule = Callable[[str, Dimensions, Values], Dimension]
"""From the name of an operation, the dimensions of its arguments and their values to the dimension of the result."""

_OPERATORS = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "floor_divide": "//",
    "remainder": "%",
    "power": "**",
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}

# Infinity is above every value of any unit, so it may be compared with all of them.
_COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
_EXTREMES = ("maximum", "minimum", "fmax", "fmin", "clip")
_COMPARING_FUNCTIONS = ("isclose", "allclose", "array_equal", "array_equiv", "searchsorted", "digitize", "isin")
_CHOICES = ("where", "select", "choose", "nan_to_num")  # NaN and infinity stand for no value there
_ORDERING = frozenset((*_COMPARISONS, *_EXTREMES, *_COMPARING_FUNCTIONS))


def agreed(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    """The one dimension all arguments have.

    A plain zero goes with every dimension; where values are only compared, so does a plain infinity.

    Raises
    ------
    DimensionMismatchError
        If two arguments have different dimensions.
    """
    first = dimensions[0]
    if all(dimension is first for dimension in dimensions):
        return first
    binding = [
        (d, v) for d, v in zip(dimensions, values, strict=True) if d is not DIMENSIONLESS or not _any_unit(name, v)
    ]
    for dimension, _ in binding[1:]:
        if dimension is not binding[0][0]:
            raise mismatch(name, [d for d, _ in binding], [v for _, v in binding])
    return binding[0][0] if binding else DIMENSIONLESS


def _any_unit(name: str, value: object) -> bool:
    """Whether a plain value goes with every dimension."""
    numbers = np.asarray(value)
    if numbers.dtype.kind not in "biuf":
        return False
    if name in _CHOICES:
        return not np.any(numbers[np.isfinite(numbers)])
    return not np.any(numbers) or (name in _ORDERING and bool(np.all(np.isinf(numbers) | (numbers == 0))))


def fits(value: object, dimension: Dimension, expected: Dimension) -> bool:
    """Whether a value can stand where a dimension is expected: if it has that dimension, or is a plain zero."""
    return dimension is expected or (dimension is DIMENSIONLESS and _any_unit("", value))


def mismatch(name: str, dimensions: Dimensions, values: Values) -> DimensionMismatchError:
    """The error for arguments whose units do not match: the operation, the values and their units."""
    shown = [short_text(v, d) for v, d in zip(values, dimensions, strict=True)]
    operator = _OPERATORS.get(name)
    if name == "assignment":
        what = f"assign {shown[1]} to elements of {shown[0]}"
    elif operator and len(shown) == 2:
        what = f"calculate {shown[0]} {operator} {shown[1]}"
    else:
        what = f"calculate {name}({', '.join(shown)})"
    units = " and ".join(str(d) for d in dimensions)
    hint = ""
    if DIMENSIONLESS in dimensions:
        other = next((d for d in dimensions if d is not DIMENSIONLESS), DIMENSIONLESS)
        hint = f"give the number without a unit one, by multiplying it with {_factor_text(other)}"
    return DimensionMismatchError(f"Cannot {what}, units do not match (units are {units}).", kind="unit", hint=hint)


def short_text(value: object, dimension: Dimension) -> str:
    """A value with its unit for a message: of a long array, its ends."""
    with np.printoptions(threshold=6, edgeitems=2):
        return in_best_scale(np.asarray(value), dimension)


def _factor_text(dimension: Dimension) -> str:
    text = str(dimension)
    return f"({text})" if " " in text else text


def needs_no_unit(name: str, dimension: Dimension, value: object) -> DimensionMismatchError:
    """The error for a function of plain numbers that is given a quantity."""
    return DimensionMismatchError(
        f"{name}() needs a number without a unit, not {short_text(value, dimension)}.",
        kind="unit",
        found=str(dimension),
        expected="1",
        hint=f"divide by the unit first: {name}(x / {_factor_text(dimension)})",
    )


def plain(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    """Any units in, a plain result."""
    return DIMENSIONLESS


def compared(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    """Equal units in, a plain result."""
    agreed(name, dimensions, values)
    return DIMENSIONLESS


def joined(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    """The one dimension all arguments have; none if there are several, as in a table of times and voltages."""
    with contextlib.suppress(DimensionMismatchError):
        return agreed(name, dimensions, values)
    return DIMENSIONLESS


def in_base_units(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    """The one dimension of the arguments that have a unit; those without are in base units, which is told."""
    with_unit = [(d, v) for d, v in zip(dimensions, values, strict=True) if d is not DIMENSIONLESS]
    if not with_unit:
        return DIMENSIONLESS
    dimension = agreed(name, [d for d, _ in with_unit], [v for _, v in with_unit])
    if not all(fits(v, d, dimension) for d, v in zip(dimensions, values, strict=True)):
        text = f"{name}() got numbers without a unit beside values in {dimension}: they are taken in {dimension}"
        warnings.warn(text, stacklevel=5)  # the call of numpy's function
    return dimension


def first(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    """The result has the unit of the first argument."""
    return dimensions[0]


def unitless(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    """Plain numbers in, a plain result."""
    for dimension, value in zip(dimensions, values, strict=True):
        if dimension is not DIMENSIONLESS:
            raise needs_no_unit(name, dimension, value)
    return DIMENSIONLESS


def product(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    return dimensions[0] * dimensions[1]


def quotient(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    return dimensions[0] / dimensions[1]


def power(name: str, dimensions: Dimensions, values: Values) -> Dimension:
    """A quantity to a plain power, one power for all elements."""
    base, exponent = dimensions
    if exponent is not DIMENSIONLESS:
        raise DimensionMismatchError(
            f"An exponent needs to be a number without a unit, not {short_text(values[1], exponent)}.",
            kind="unit",
            found=str(exponent),
            expected="1",
        )
    if base is DIMENSIONLESS:
        return DIMENSIONLESS
    powers = np.asarray(values[1])
    if powers.size != 1:
        raise DimensionTypeError(
            f"Values in {base} cannot be raised to an array of powers: each element would have a unit of its own.",
            kind="unit",
            hint="use one number as the exponent",
        )
    exponent_value: float = powers.item()
    return base**exponent_value


def power_rule(exponent: float) -> Rule:
    """The rule of a function that is a fixed power."""

    def rule(name: str, dimensions: Dimensions, values: Values) -> Dimension:
        return dimensions[0] ** exponent

    return rule


def _rows(rule: Rule, names: str) -> dict[str, Rule]:
    return {name: rule for name in names.split()}


RULES: dict[str, Rule] = {
    **_rows(agreed, "add subtract remainder fmod maximum minimum fmax fmin clip hypot nextafter"),
    **_rows(compared, "less less_equal greater greater_equal equal not_equal arctan2"),
    **_rows(product, "multiply matmul vecdot matvec vecmat"),
    **_rows(quotient, "divide floor_divide"),
    **_rows(power, "power float_power"),
    **_rows(power_rule(2), "square"),
    **_rows(power_rule(1 / 2), "sqrt"),
    **_rows(power_rule(1 / 3), "cbrt"),
    **_rows(power_rule(-1), "reciprocal"),
    **_rows(first, "negative positive absolute fabs conjugate rint floor ceil trunc copysign spacing"),
    **_rows(plain, "isfinite isinf isnan sign signbit logical_and logical_or logical_xor logical_not"),
}
"""All other ufuncs, such as exp and those of other packages, take plain numbers only."""

_ORDER_REDUCTIONS = ("add", "maximum", "minimum", "fmax", "fmin", "hypot")
_LOGICAL = ("logical_and", "logical_or", "logical_xor")


def reduced(name: str, dimension: Dimension, values: Any, count: int) -> Dimension:
    """The dimension of a reduction of a ufunc over ``count`` elements, such as a sum or a product."""
    if name in _ORDER_REDUCTIONS:
        return dimension
    if name in _LOGICAL or dimension is DIMENSIONLESS:
        return DIMENSIONLESS
    if name == "multiply":
        return dimension**count
    raise needs_no_unit(f"{name}.reduce", dimension, values)


def accumulated(name: str, dimension: Dimension, values: Any) -> Dimension:
    """The dimension of a running ufunc, such as a cumulative sum; a cumulative product has none that fits."""
    if name in _ORDER_REDUCTIONS:
        return dimension
    if name in _LOGICAL or dimension is DIMENSIONLESS:
        return DIMENSIONLESS
    raise needs_no_unit(f"{name}.accumulate", dimension, values)
