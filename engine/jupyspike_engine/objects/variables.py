"""State variables as a user sees them: ``group.v`` with units, ``group.v_`` without."""

from __future__ import annotations

import operator
from collections.abc import Callable, Container, Iterator
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..language.scope import Symbol
from ..units import DIMENSIONLESS, Dimension, Quantity, Unit, get_unit, quantity


class Owner(Protocol):
    """What a view needs of the object that has the variable."""

    name: str

    def __len__(self) -> int: ...
    def read(self, symbol: Symbol, item: Any) -> npt.NDArray[np.generic]: ...
    def write(self, symbol: Symbol, item: Any, value: Any, with_unit: bool) -> None: ...


def attribute(name: str, variables: Container[str]) -> tuple[str, bool]:
    """The variable that an attribute names, and whether with unit: ``v_`` is ``v`` without, if there is a ``v``."""
    plain = name.removesuffix("_")
    return (plain, False) if plain != name and (plain in variables or name not in variables) else (name, True)


class VariableView:
    """The values of a variable of a group or of synapses.

    Reading and writing by number, slice, array or a string with a condition, as ``group.v['i > 5'] = 0*mV``; the view
    itself acts as an array of quantities.
    """

    def __init__(self, owner: Owner, symbol: Symbol, with_unit: bool) -> None:
        self._owner, self._symbol, self._with_unit = owner, symbol, with_unit

    @property
    def owner(self) -> Any:
        """The group or synapses whose variable it is."""
        return self._owner

    @property
    def name(self) -> str:
        """The variable's name."""
        return self._symbol.name

    @property
    def dim(self) -> Dimension:
        """Physical dimension."""
        return self._symbol.dimension if self._with_unit else DIMENSIONLESS

    @property
    def unit(self) -> Unit:
        """The base unit of the variable."""
        return get_unit(self.dim)

    def __getitem__(self, item: Any) -> Any:
        values = self._owner.read(self._symbol, item)
        result = values[()] if values.ndim == 0 else values
        return quantity(result, self.dim) if self._with_unit else result

    def __setitem__(self, item: Any, value: Any) -> None:
        self._owner.write(self._symbol, item, value, self._with_unit)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[np.generic]:
        return np.asarray(self._owner.read(self._symbol, slice(None)), dtype=dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if any(isinstance(target, VariableView) for target in options.get("out", ())):
            return NotImplemented
        return getattr(ufunc, method)(*arrays_of(inputs), **options)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, options: Any) -> Any:
        if function.__name__ in _WRITING and isinstance(next(iter((*args, *options.values()))), VariableView):
            return NotImplemented
        return function(*arrays_of(args), **{name: arrays_of(option) for name, option in options.items()})

    def __len__(self) -> int:
        return len(self._owner)

    def __iter__(self) -> Iterator[Any]:
        return iter(self[:])

    def __repr__(self) -> str:
        values = self[:]
        shown = repr(values.item() if isinstance(values, np.generic) else values)  # 3.0, not np.float64(3.0)
        side = "" if self._symbol.side == "own" else f"_{self._symbol.side}"
        return f"<{self._owner.name}.{self._symbol.name}{side}{'' if self._with_unit else '_'}: {shown}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self[:], name)

    def __dir__(self) -> list[str]:
        """Attributes, with those of the array that it acts as."""
        array = Quantity if self._with_unit else np.ndarray
        return sorted({*super().__dir__(), *(name for name in dir(array) if not name.startswith("_"))})

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        return bool(np.asarray(self))


_WRITING = ("copyto", "put", "putmask", "place", "put_along_axis", "fill_diagonal")  # would write into a copy


def arrays_of(given: Any) -> Any:
    """Arguments with the values of the views among them, which have their units."""
    if isinstance(given, VariableView):
        return given[:]
    return type(given)(arrays_of(item) for item in given) if type(given) in (list, tuple) else given


def _binary(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda self, other: function(self[:], other[:] if isinstance(other, VariableView) else other)


def _unary(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda self: function(self[:])


def _reflected(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda self, other: function(other, self[:])


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    setattr(VariableView, f"__{_name}__", _binary(getattr(operator, _name)))
    setattr(VariableView, f"__r{_name}__", _reflected(getattr(operator, _name)))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(VariableView, f"__{_name}__", _binary(getattr(operator, _name)))
for _name in ("neg", "abs"):
    setattr(VariableView, f"__{_name}__", _unary(getattr(operator, _name)))
