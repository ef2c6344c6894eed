"""Numbers and arrays with a physical dimension."""

from __future__ import annotations

import contextlib
import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np

from ..diagnostics import ArgumentTypeError, DimensionMismatchError
from . import ufuncs
from .dimensions import DIMENSIONLESS, Dimension, get_or_create_dimension
from .text import WritesItself

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Modules that need this one, and that only some operations need, are imported where they are used.


def bare(x: Any) -> tuple[Any, Dimension]:
    """The values of anything in base units, without their dimension, and the dimension.

    Lists and tuples may hold quantities. Objects other than quantities count as quantities if they have a `dim`.
    """
    if isinstance(x, Quantity):
        return x.view(np.ndarray), x.dim
    if isinstance(x, (list, tuple)):
        return _bare_sequence(x)
    dimension = getattr(x, "dim", None)
    if isinstance(dimension, Dimension):
        return np.asarray(x), dimension
    return x, DIMENSIONLESS


def brings_its_own_arithmetic(x: Any) -> bool:
    """Whether an operand knows how to calculate with quantities, or is not a number at all."""
    if isinstance(x, (np.ndarray, float, int, list, tuple, np.generic, complex)) or isinstance(
        getattr(x, "dim", None), Dimension
    ):
        return False
    return x is None or isinstance(x, str) or hasattr(type(x), "__array_ufunc__") or np.asarray(x).dtype.kind == "O"


def _bare_sequence(items: list[Any] | tuple[Any, ...]) -> tuple[Any, Dimension]:
    if not any(isinstance(item, (list, tuple)) or hasattr(item, "dim") for item in items):
        return items, DIMENSIONLESS
    parts = [bare(item) for item in items]
    dimension = ufuncs.agreed("array", [d for _, d in parts], [v for v, _ in parts])
    return [v for v, _ in parts], dimension


def quantity(values: ArrayLike, dimension: Dimension) -> Any:
    """Values in base units with a dimension; without one they stay plain. Arrays of floats are not copied.

    Examples
    --------
    >>> quantity([0.01, 0.02], dimension_of(volt))
    array([10., 20.]) * mvolt
    """
    if dimension is DIMENSIONLESS:
        return values
    array = np.asarray(values)
    if array.dtype.kind not in "fc":
        array = _as_float(array)
    result = array.view(Quantity)
    result.dim = dimension
    return result


def _as_float(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype.kind not in "biu":
        raise ArgumentTypeError(f"A quantity is made of numbers, not of {values.dtype}.", kind="type")
    return values.astype(np.float64)


def dimension_of(x: Any) -> Dimension:
    """The dimension of a quantity, number, array or list; plain numbers are dimensionless.

    Raises
    ------
    ArgumentTypeError
        If `x` is a text.

    Examples
    --------
    >>> str(dimension_of(3 * mV)), str(dimension_of(3))
    ('volt', '1')
    """
    if isinstance(x, Dimension):
        return x
    if isinstance(x, str):
        raise ArgumentTypeError(f"A text has no unit: {x!r}.", kind="type")
    return bare(x)[1]


def _in_place(out_of_place: Callable[[Any, Any], Any], onto_storage: Callable[[Any, Any], Any]) -> Any:
    """An operator such as ``+=``: arrays change where they are; single numbers, and units, never change."""

    def apply(self: Quantity, other: Any) -> Any:
        if self.ndim:
            with contextlib.suppress(DimensionMismatchError):
                return onto_storage(self, other)
        return out_of_place(self, other)

    return apply


def _keeping_unit(name: str) -> Any:
    """A method of arrays whose result has the unit of the array."""
    method = getattr(np.ndarray, name)

    def apply(self: Quantity, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("out") is None:
            return quantity(method(self.view(np.ndarray), *args, **kwargs), self.dim)
        from .ufunccalls import call

        return call(method, name, [self.view(np.ndarray), *args], self.dim, kwargs)

    apply.__name__, apply.__doc__ = name, method.__doc__
    return apply


def _dropping_unit(name: str) -> Any:
    """A method of arrays whose result has no unit."""
    method = getattr(np.ndarray, name)

    def apply(self: Quantity, *args: Any, **kwargs: Any) -> Any:
        return method(self.view(np.ndarray), *args, **kwargs)

    apply.__name__, apply.__doc__ = name, method.__doc__
    return apply


class Quantity(WritesItself, np.ndarray[Any, Any]):
    """A number or array with a physical dimension, stored in SI base units.

    Usually made by multiplying with a unit, ``10*mV`` or ``[1, 2]*mV``. Arithmetic, comparisons and numpy's functions
    check units and give results with the right ones; a result without a dimension is a plain float or array.
    Plain zero goes with every dimension, plain infinity too where values are only compared.

    Parameters
    ----------
    arr : array_like
        Values in base units, or quantities of one dimension.
    dim : Dimension, optional
        Dimension of plain values.
    dtype : numpy dtype, optional
        Float or complex type; other numbers become float64.
    copy : bool
        Copy an array in any case.
    force_quantity : bool
        Has no effect: the result is always a quantity.

    Attributes
    ----------
    dim : Dimension

    Raises
    ------
    DimensionMismatchError
        If the given values have another dimension, or several.

    Examples
    --------
    >>> v = [10, 20] * mV
    >>> v + 5 * mV
    array([15., 25.]) * mvolt
    >>> v / mV
    array([10., 20.])
    """

    __slots__ = ("dim",)
    dim: Dimension

    def __new__(
        cls,
        arr: Any,
        dim: Dimension | None = None,
        dtype: Any = None,
        copy: bool = False,
        force_quantity: bool = False,
    ) -> Quantity:
        values, own = bare(arr)
        if dim is not None and dim is not own and own is not DIMENSIONLESS:
            raise ufuncs.mismatch("Quantity", [own, dim], [values, 1.0])
        array = (np.array if copy else np.asarray)(values, dtype=dtype)
        if array.dtype.kind not in "fc":
            array = _as_float(array)
        self = array.view(Quantity)
        self.dim = own if dim is None else dim
        return self

    def __array_finalize__(self, obj: Any) -> None:
        self.dim = getattr(obj, "dim", DIMENSIONLESS)

    # -- what it is -------------------------------------------------------------------------------------------------

    @property
    def dimensions(self) -> Dimension:
        """The dimension; the long name of `dim`."""
        return self.dim

    @property
    def is_dimensionless(self) -> bool:
        """True if it has no unit."""
        return self.dim is DIMENSIONLESS

    def has_same_dimensions(self, other: Any) -> bool:
        """Whether another value has the same dimension."""
        return dimension_of(other) is self.dim

    @staticmethod
    def with_dimensions(value: ArrayLike, *args: Any, **keywords: float) -> Quantity:
        """A quantity from a value in base units and a dimension.

        Parameters
        ----------
        value : array_like
        *args : Dimension, or a sequence of 7 exponents
        **keywords : float
            Powers of base units by name, as in `get_or_create_dimension`.

        Examples
        --------
        >>> Quantity.with_dimensions(2, length=1, time=-1)
        2. * metre / second
        """
        if len(args) == 1 and isinstance(args[0], Dimension) and not keywords:
            return Quantity(value, dim=args[0])
        return Quantity(value, dim=get_or_create_dimension(*args, **keywords))

    # -- operations -------------------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and ufunc.nout == 1:
            values: list[Any] = []
            dimensions: list[Dimension] = []
            for x in inputs:
                if isinstance(x, Quantity):
                    values.append(x.view(np.ndarray))
                    dimensions.append(x.dim)
                elif isinstance(x, (float, int, np.ndarray)):
                    values.append(x)
                    dimensions.append(DIMENSIONLESS)
                elif brings_its_own_arithmetic(x):
                    return NotImplemented
                else:
                    value, dimension = bare(x)
                    values.append(value)
                    dimensions.append(dimension)
            name = ufunc.__name__
            result_dim = ufuncs.RULES.get(name, ufuncs.unitless)(name, dimensions, values)
            if not kwargs:
                result = ufunc(*values)
                # a plain float is shown as 5.0, where numpy's own is np.float64(5.0)
                if result_dim is DIMENSIONLESS and type(result) is np.float64:
                    return float(result)
                return quantity(result, result_dim)
            from .ufunccalls import call

            return call(ufunc, name, values, result_dim, kwargs)
        from .ufunccalls import call_method

        return call_method(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from .arrayfunctions import apply

        default = super().__array_function__
        return apply(func, args, kwargs, lambda: default(func, types, args, kwargs))

    __iadd__ = _in_place(operator.add, np.ndarray.__iadd__)
    __isub__ = _in_place(operator.sub, np.ndarray.__isub__)
    __imul__ = _in_place(operator.mul, np.ndarray.__imul__)
    __itruediv__ = _in_place(operator.truediv, np.ndarray.__itruediv__)
    __ifloordiv__ = _in_place(operator.floordiv, np.ndarray.__ifloordiv__)
    __imod__ = _in_place(operator.mod, np.ndarray.__imod__)
    __ipow__ = _in_place(operator.pow, np.ndarray.__ipow__)

    def __eq__(self, other: object) -> Any:
        return NotImplemented if brings_its_own_arithmetic(other) else super().__eq__(other)

    def __ne__(self, other: object) -> Any:
        return NotImplemented if brings_its_own_arithmetic(other) else super().__ne__(other)

    def __hash__(self) -> int:  # type: ignore[override]  # numpy says None: no array has a hash
        if self.ndim:
            raise TypeError("arrays of quantities cannot be keys: they can change")
        return hash((float(self), self.dim)) if self.dim is not DIMENSIONLESS else hash(float(self))

    # -- elements ---------------------------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Any:
        item = super().__getitem__(key)
        return item if isinstance(item, Quantity) else quantity(item, self.dim)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, self._storable(value))

    def __iter__(self) -> Iterator[Any]:
        return (quantity(item, self.dim) for item in self.view(np.ndarray))

    def _storable(self, value: Any) -> Any:
        """The plain values of something that is to be written into this array."""
        values, dimension = bare(value)
        if not ufuncs.fits(values, dimension, self.dim):
            raise ufuncs.mismatch("assignment", [self.dim, dimension], [self.view(np.ndarray), values])
        return values

    def fill(self, value: Any) -> None:
        """Set all elements to a value of the same unit."""
        super().fill(self._storable(value))

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        """Set the elements at flat indices to values of the same unit."""
        super().put(indices, self._storable(values), mode=mode)

    def item(self, *args: SupportsIndex) -> Any:  # type: ignore[override]  # no further overloads are needed
        """One element with its unit; `float` gives its value in base units."""
        return quantity(self.view(np.ndarray).item(*args), self.dim)

    def tolist(self) -> Any:
        """Nested lists of quantities."""
        return [x.tolist() for x in self] if self.ndim else self

    # -- methods of arrays ------------------------------------------------------------------------------------------

    take = _keeping_unit("take")
    repeat = _keeping_unit("repeat")
    round = _keeping_unit("round")
    trace = _keeping_unit("trace")
    mean = _keeping_unit("mean")
    std = _keeping_unit("std")
    cumsum = _keeping_unit("cumsum")
    argmax = _dropping_unit("argmax")
    argmin = _dropping_unit("argmin")
    argsort = _dropping_unit("argsort")
    argpartition = _dropping_unit("argpartition")
    nonzero = _dropping_unit("nonzero")

    def var(self, *args: Any, **kwargs: Any) -> Any:
        """Variance, in the square of the unit."""
        return quantity(self.view(np.ndarray).var(*args, **kwargs), self.dim**2)

    def ptp(self, *args: Any, **kwargs: Any) -> Any:
        """Largest minus smallest value."""
        return quantity(np.ptp(self.view(np.ndarray), *args, **kwargs), self.dim)

    def cumprod(self, *args: Any, **kwargs: Any) -> Any:
        """Cumulative product, of values without a unit: with one, each element would have a unit of its own."""
        values = self.view(np.ndarray)
        ufuncs.accumulated("multiply", self.dim, values)
        return values.cumprod(*args, **kwargs)

    def dot(self, b: Any, out: Any = None) -> Any:
        """Matrix product; the unit is the product of the units."""
        return np.dot(self, b, out=out)

    def searchsorted(self, v: Any, side: Any = "left", sorter: Any = None) -> Any:
        """Where values of the same unit would be inserted to keep the order."""
        return np.searchsorted(self.view(np.ndarray), self._storable(v), side=side, sorter=sorter)

    # -- copies -----------------------------------------------------------------------------------------------------

    def __reduce__(self) -> Any:
        return _restored, (self.view(np.ndarray), self.dim)

    def __copy__(self) -> Quantity:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any] | None) -> Quantity:
        return self.copy()


def _restored(values: NDArray[Any], dimension: Dimension) -> Quantity:
    return Quantity(values, dim=dimension)
