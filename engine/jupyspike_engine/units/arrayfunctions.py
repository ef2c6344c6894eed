"""What numpy's functions on arrays do to dimensions.

A row gives a rule, as for ufuncs, and the parameters that it applies to, marked ``*``: `numpy.insert` has
``arr* obj values*``. The function itself then runs on plain values. Functions without a row, such as `numpy.meshgrid`,
are run as they are, on quantities: their parts are ufuncs and methods that know about units.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import ufuncs
from .arrays import bare, quantity
from .dimensions import DIMENSIONLESS, Dimension
from .ufunccalls import check_output
from .ufuncs import Rule, agreed, compared, in_base_units, joined, plain, power_rule, product, unitless

Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Row:
    """The rule of a function and its leading parameters; those with units are marked ``*``."""

    rule: Rule
    parameters: tuple[str, ...]


def _row(rule: Rule, parameters: str) -> Row:
    return Row(rule, tuple(parameters.split()))


def _rows(rule: Rule, parameters: str, names: str) -> dict[str, Row]:
    return {name: _row(rule, parameters) for name in names.split()}


_FIRST = "a*"
_TWO = "a* b*"

ROWS: dict[str, Row] = {
    # the unit of the array
    **_rows(agreed, _FIRST, "amax amin max min ptp mean median std cumsum cumulative_sum"),
    **_rows(agreed, _FIRST, "nansum nanmean nanmedian nanmax nanmin nanstd nancumsum"),
    **_rows(agreed, _FIRST, "percentile quantile nanpercentile nanquantile around round fix real imag real_if_close"),
    **_rows(agreed, _FIRST, "sort sort_complex partition unique_values take take_along_axis repeat tile resize roll"),
    **_rows(agreed, _FIRST, "ravel reshape squeeze expand_dims transpose matrix_transpose swapaxes moveaxis rollaxis"),
    **_rows(agreed, _FIRST, "flip fliplr flipud rot90 broadcast_to diag diagflat diagonal trace tril triu trim_zeros"),
    **_rows(agreed, _FIRST, "delete copy array_split split hsplit vsplit dsplit unstack sliding_window_view"),
    **_rows(agreed, _FIRST, "block atleast_3d linalg.norm linalg.eigvals linalg.eigvalsh"),
    **_rows(agreed, _FIRST, "fft.fft fft.ifft fft.rfft fft.irfft fft.fft2 fft.ifft2 fft.fftshift fft.ifftshift"),
    **_rows(agreed, _FIRST, "linalg.vector_norm linalg.diagonal linalg.trace linalg.matrix_transpose"),
    **_rows(agreed, _FIRST, "empty_like zeros_like"),
    "compress": _row(agreed, "condition a*"),
    "extract": _row(agreed, "condition a*"),
    "diff": _row(agreed, "a* n axis prepend* append*"),
    "ediff1d": _row(agreed, "ary* to_end* to_begin*"),
    "nan_to_num": _row(agreed, "x* copy nan* posinf* neginf*"),
    # one unit for all, or else plain numbers
    "append": _row(joined, "arr* values*"),
    # one unit for all
    "pad": _row(agreed, "array* pad_width mode constant_values*"),
    "insert": _row(agreed, "arr* obj values*"),
    "select": _row(agreed, "condlist choicelist* default*"),
    "choose": _row(agreed, "a choices*"),
    "clip": _row(agreed, "a* a_min* a_max*"),
    "linspace": _row(agreed, "start* stop*"),
    "geomspace": _row(agreed, "start* stop*"),
    **_rows(agreed, "ar1* ar2*", "union1d intersect1d setdiff1d setxor1d"),
    # one unit for all, a plain result
    **_rows(compared, "a1* a2*", "array_equal array_equiv"),
    "searchsorted": _row(compared, "a* v*"),
    "isin": _row(compared, "element* test_elements*"),
    **_rows(compared, "a* b* rtol atol*", "isclose allclose"),
    # any unit, a plain result
    **_rows(plain, _FIRST, "argmax argmin nanargmax nanargmin argsort argpartition argwhere nonzero flatnonzero"),
    **_rows(plain, _FIRST, "all any count_nonzero isreal iscomplex iscomplexobj isrealobj isneginf isposinf"),
    **_rows(
        plain,
        _FIRST,
        "ndim shape size array2string array_str array_repr ones_like lexsort linalg.matrix_rank linalg.cond",
    ),
    **_rows(plain, "x* y*", "corrcoef polyfit shares_memory may_share_memory"),
    # products
    **_rows(product, _TWO, "dot vdot inner outer cross kron convolve correlate tensordot"),
    **_rows(product, _TWO, "linalg.cross linalg.outer linalg.matmul linalg.tensordot linalg.vecdot"),
    **_rows(power_rule(2), _FIRST, "var nanvar"),
    **_rows(power_rule(-1), _FIRST, "linalg.inv linalg.pinv"),
    "linalg.det": _row(lambda name, d, values: d[0] ** np.shape(values[0])[-1], _FIRST),
    "einsum": _row(lambda name, d, values: math.prod(d, start=DIMENSIONLESS), "subscripts a* b* c* d* e*"),
    "linalg.solve": _row(lambda name, d, values: d[1] / d[0], _TWO),
    "cov": _row(lambda name, d, values: joined(name, d, values) ** 2, "m* y*"),
    # plain numbers only
    **_rows(unitless, "a* b* c* d*", "cumprod cumulative_prod nancumprod nanprod unwrap sinc i0 angle logspace vander"),
    **_rows(unitless, "a* b* c* d*", "poly polyadd polyder polydiv polyint polymul polysub polyval roots"),
    **_rows(unitless, "a* b* c* d*", "bincount histogramdd apply_over_axes packbits unpackbits"),
}
"""By name; functions of `numpy.linalg` with that prefix, where those without a row take plain numbers only."""


def apply(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any], as_it_is: Callable[[], Any]) -> Any:
    """Call a numpy function that was given quantities.

    Parameters
    ----------
    func : function
        Of numpy's public interface.
    args, kwargs
        Its arguments.
    as_it_is : callable
        Runs numpy's own implementation on the quantities.

    Raises
    ------
    DimensionMismatchError
        If units do not match, or the function needs plain numbers.
    """
    name = _name(func)
    handler = HANDLERS.get(name)
    if handler is not None:
        return handler(func, *args, **kwargs)
    row = ROWS.get(name)
    if row is None:
        if "." not in name:
            return as_it_is()
        row = _row(unitless, "a* b* c* d*")
    return _apply_row(func, row, args, kwargs)


def _name(func: Any) -> str:
    module = func.__module__.removeprefix("numpy").removeprefix(".")
    name: str = func.__name__
    return name if module in ("", "lib.stride_tricks") else f"{module}.{name}"


def _apply_row(func: Any, row: Row, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    name = _name(func)
    values, dimensions = [], []
    marked = {p.rstrip("*"): p.endswith("*") for p in row.parameters}
    positions = [marked[p.rstrip("*")] for p in row.parameters]
    plain_args = list(args)
    for i, arg in enumerate(args):
        plain_args[i], dimension = bare(arg)
        if i < len(positions) and positions[i]:
            values.append(plain_args[i])
            dimensions.append(dimension)
        elif dimension is not DIMENSIONLESS:
            raise ufuncs.needs_no_unit(name, dimension, plain_args[i])
    options = dict(kwargs)
    out = options.pop("out", None)
    for key, arg in options.items():
        options[key], dimension = bare(arg)
        if marked.get(key, not args and not values):
            values.append(options[key])
            dimensions.append(dimension)
        elif dimension is not DIMENSIONLESS:
            raise ufuncs.needs_no_unit(name, dimension, options[key])
    given = [(d, v) for d, v in zip(dimensions, values, strict=True) if v is not None]
    result_dim = row.rule(name, [d for d, _ in given], [v for _, v in given])
    if name in ("isclose", "allclose") and "atol" not in options and len(args) < 4:
        # the usual 1e-8 would be 10 nV or 10 nA: all currents of a neuron would be close to each other
        options["atol"] = 0.0
    if out is None:
        return _with_unit(func(*plain_args, **options), result_dim)
    check_output(name, out, result_dim)
    func(*plain_args, out=out.view(np.ndarray), **options)
    return out


def _with_unit(result: Any, dimension: Dimension) -> Any:
    if dimension is DIMENSIONLESS:
        return result
    if isinstance(result, (tuple, list)):
        return type(result)(_with_unit(part, dimension) for part in result)
    return quantity(result, dimension)


# -- functions whose results have several units, or that write into an argument ------------------------------------


def _unique(func: Any, ar: Any, *args: Any, **kwargs: Any) -> Any:
    values, dimension = bare(ar)
    result = func(values, *args, **kwargs)
    if not isinstance(result, tuple):
        return quantity(result, dimension)
    parts = (quantity(result[0], dimension), *result[1:])
    return type(result)(*parts) if hasattr(result, "_fields") else parts


def _histogram(func: Any, a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    values, dimension = bare(a)
    if np.ndim(bins) and not isinstance(bins, str):
        bins, edges_dim = bare(bins)
        in_base_units("histogram", [dimension, edges_dim], [values, bins])
        dimension = edges_dim
    elif range is not None:
        range, edges_dim = bare(range)
        in_base_units("histogram", [dimension, edges_dim], [values, range])
        dimension = edges_dim
    weights, weight_dim = bare(weights)
    counts, edges = func(values, bins=bins, range=range, density=density, weights=weights)
    count_dim = DIMENSIONLESS / dimension if density else weight_dim
    return quantity(counts, count_dim), quantity(edges, dimension)


def _digitize(func: Any, x: Any, bins: Any, right: bool = False) -> Any:
    (values, dimension), (edges, edges_dim) = bare(x), bare(bins)
    in_base_units("digitize", [dimension, edges_dim], [values, edges])
    return func(values, edges, right=right)


def _histogram2d(func: Any, x: Any, y: Any, bins: Any = 10, range: Any = None, **options: Any) -> Any:
    (xs, x_dim), (ys, y_dim) = bare(x), bare(y)
    several = isinstance(bins, (list, tuple)) and len(bins) == 2
    bins = [bare(part)[0] for part in bins] if several else bare(bins)[0]
    range = range if range is None else [bare(part)[0] for part in range]
    counts, x_edges, y_edges = func(xs, ys, bins, range, **options)
    return counts, quantity(x_edges, x_dim), quantity(y_edges, y_dim)


def _join(func: Any, arrays: Any, *args: Any, out: Any = None, **options: Any) -> Any:
    parts = [bare(array) for array in arrays]
    dimension = joined("array", [d for _, d in parts], [v for v, _ in parts])
    values = [v for v, _ in parts]
    if out is None:
        return quantity(func(values, *args, **options), dimension)
    check_output(func.__name__, out, dimension)
    func(values, *args, out=out.view(np.ndarray), **options)
    return out


def _interp(func: Any, x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    positions = [bare(p) for p in (x, xp, period) if p is not None]
    results = [bare(f) for f in (fp, left, right) if f is not None]
    in_base_units("interp", [d for _, d in positions], [v for v, _ in positions])
    dimension = agreed("interp", [d for _, d in results], [v for v, _ in results])
    plain_options = [None if p is None else bare(p)[0] for p in (left, right, period)]
    return quantity(func(positions[0][0], positions[1][0], results[0][0], *plain_options), dimension)


def _trapezoid(func: Any, y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    (ys, y_dim), (xs, x_dim), (step, dx_dim) = bare(y), bare(x), bare(dx)
    return quantity(func(ys, x=xs, dx=step, axis=axis), y_dim * (dx_dim if x is None else x_dim))


def _gradient(func: Any, f: Any, *varargs: Any, **kwargs: Any) -> Any:
    values, dimension = bare(f)
    spacings = [bare(s) for s in varargs]
    result = func(values, *(s for s, _ in spacings), **kwargs)
    several = isinstance(result, (tuple, list))
    parts = list(result) if several else [result]
    steps = [d for _, d in spacings] or [DIMENSIONLESS]
    steps = steps * len(parts) if len(steps) == 1 else steps
    scaled = tuple(quantity(part, dimension / step) for part, step in zip(parts, steps, strict=True))
    return scaled if several else scaled[0]


def _full_like(func: Any, a: Any, fill_value: Any, *args: Any, **kwargs: Any) -> Any:
    values, dimension = bare(fill_value)
    return quantity(func(bare(a)[0], values, *args, **kwargs), dimension)


def _where(func: Any, condition: Any, *choices: Any) -> Any:
    mask, _ = bare(condition)
    values, dimensions = [bare(c)[0] for c in choices], [bare(c)[1] for c in choices]
    dimension = agreed("where", dimensions, values) if choices else DIMENSIONLESS
    return _with_unit(func(mask, *values), dimension)


def _broadcast_arrays(func: Any, *args: Any, **kwargs: Any) -> Any:
    parts = [bare(x) for x in args]
    results = func(*(v for v, _ in parts), **kwargs)
    return tuple(quantity(result, d) for result, (_, d) in zip(results, parts, strict=True))


def _writing(parameter: str, position: int) -> Handler:
    """A function that writes the values of one parameter, at a position after the first, into its first argument."""

    def handler(func: Any, target: Any, *args: Any, **kwargs: Any) -> None:
        array, dimension = bare(target)
        given: dict[int | str, Any] = dict(enumerate(args))
        given.update(kwargs)
        key = parameter if parameter in kwargs else position
        given[key], written_dim = bare(given[key])
        if not ufuncs.fits(given[key], written_dim, dimension):
            raise ufuncs.mismatch("assignment", [dimension, written_dim], [array, given[key]])
        func(array, *(given[i] for i in range(len(args))), **{name: given[name] for name in kwargs})

    return handler


HANDLERS: Mapping[str, Handler] = {
    **{name: _unique for name in ("unique", "unique_all", "unique_counts", "unique_inverse")},
    "broadcast_arrays": _broadcast_arrays,
    "digitize": _digitize,
    "histogram": _histogram,
    "histogram2d": _histogram2d,
    **dict.fromkeys(("concatenate", "stack", "vstack", "hstack", "dstack", "column_stack"), _join),
    "interp": _interp,
    "trapezoid": _trapezoid,
    "trapz": _trapezoid,
    "gradient": _gradient,
    "full_like": _full_like,
    "where": _where,
    "copyto": _writing("src", 0),
    "put": _writing("v", 1),
    "putmask": _writing("values", 1),
    "place": _writing("vals", 1),
    "put_along_axis": _writing("values", 1),
    "fill_diagonal": _writing("val", 0),
}
