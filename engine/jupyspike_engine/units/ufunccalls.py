"""Calls of ufuncs on quantities beyond the plain one: into given arrays, reductions, outer products, two results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..diagnostics import DimensionMismatchError
from . import ufuncs
from .arrays import bare, dimension_of, quantity
from .dimensions import DIMENSIONLESS, Dimension


def call(
    function: Callable[..., Any], name: str, values: list[Any], dimension: Dimension, kwargs: dict[str, Any]
) -> Any:
    """Call a ufunc, or a method of one, with options; the result goes where `out` says if the unit fits."""
    options = dict(kwargs)
    out = options.pop("out", None)
    if isinstance(out, tuple):
        out = out[0]
    if out is None or (out is values[0] and dimension is not DIMENSIONLESS):
        # x *= mV of a plain array: it cannot get a unit, so the name gets a new array
        return quantity(function(*values, **options), dimension)
    check_output(name, out, dimension)
    function(*values, out=out.view(np.ndarray), **options)
    return out


def check_output(name: str, out: Any, dimension: Dimension) -> None:
    """Refuse to write a result into an array of another unit."""
    own = dimension_of(out)
    if own is not dimension:
        raise DimensionMismatchError(
            f"Cannot store the result of {name} in place, units do not match (units are {own} and {dimension}).",
            kind="unit",
            found=str(dimension),
            expected=str(own),
            hint="make a new array: write x = x * y, not x *= y",
        )


def call_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Reductions, outer products, changes in place and ufuncs with several results."""
    parts = [bare(x) for x in inputs]
    values, dimensions = [v for v, _ in parts], [d for _, d in parts]
    name, rule = ufunc.__name__, ufuncs.RULES.get(ufunc.__name__, ufuncs.unitless)
    if method == "reduce":
        return _reduce(ufunc, values[0], dimensions[0], values[1:], kwargs)
    if method in ("accumulate", "reduceat"):
        result_dim = ufuncs.accumulated(name, dimensions[0], values[0])
        return call(getattr(ufunc, method), name, values, result_dim, kwargs)
    if method == "outer":
        return call(ufunc.outer, name, values, rule(name, dimensions, values), kwargs)
    if method == "at":
        target, indices, *operand = values
        result_dim = rule(name, [dimensions[0], *dimensions[2:]], [target, *operand])
        check_output(name, inputs[0], result_dim)
        ufunc.at(target, indices, *operand)
        return None
    if name == "divmod":
        ratio = dimensions[0] / dimensions[1]
        whole, rest = np.divmod(*values, **kwargs)
        return quantity(whole, ratio), quantity(rest, ufuncs.agreed(name, dimensions, values))
    ufuncs.unitless(name, dimensions, values)
    return getattr(ufunc, method)(*values, **kwargs)


def _reduce(ufunc: np.ufunc, values: Any, dimension: Dimension, args: list[Any], kwargs: dict[str, Any]) -> Any:
    options = dict(kwargs)
    name = ufunc.__name__
    if "initial" in options:
        options["initial"], initial_dim = bare(options["initial"])
        if name != "multiply":
            dimension = ufuncs.agreed(name, [dimension, initial_dim], [values, options["initial"]])
    axis = args[0] if args else options.get("axis", 0)
    shape = np.shape(values)
    axes = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    count = int(np.prod([shape[a] for a in axes])) if shape else 1
    return call(ufunc.reduce, name, [values, *args], ufuncs.reduced(name, dimension, values, count), options)
