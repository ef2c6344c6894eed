"""Some elements of an object that need not lie side by side: their variables to be read and set, and their numbers."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..diagnostics import IndexRangeError, UnknownNameError, nearest
from ..language.scope import Symbol
from .variables import Owner, VariableView, attribute

Indices = npt.NDArray[np.int32]


class Whole(Owner, Protocol):
    """What a part needs of the object it is a part of."""

    @property
    def symbols(self) -> dict[str, Symbol]: ...
    def numbers_of(self, item: Any) -> Indices: ...


class Selection:
    """Some elements of an object, which monitors and `connect` take for their numbers.

    Attributes
    ----------
    indices : array of int
        Their numbers.
    """

    elements = "elements"  # what they are

    def __init__(self, whole: Whole, indices: Indices) -> None:
        self.__dict__.update(whole=whole, indices=indices, name=f"part of {whole.name}")

    whole: Whole
    indices: Indices
    name: str

    def __len__(self) -> int:
        return int(np.size(self.indices))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[np.generic]:
        return np.asarray(self.indices, dtype=dtype)

    def _numbers(self, item: Any) -> Indices:
        if isinstance(item, str):
            return np.asarray(self.indices[np.isin(self.indices, self.whole.numbers_of(item))])
        try:
            return np.asarray(self.indices if isinstance(item, slice) and item == slice(None) else self.indices[item])
        except IndexError:
            problem = f"the index {item!r} is outside a {self.name} of {len(self)} {self.elements}"
            raise IndexRangeError(problem, kind="index") from None

    def read(self, symbol: Symbol, item: Any) -> npt.NDArray[np.generic]:
        return self.whole.read(symbol, self._numbers(item))

    def write(self, symbol: Symbol, item: Any, value: Any, with_unit: bool) -> None:
        self.whole.write(symbol, self._numbers(item), value, with_unit)

    def _symbol(self, name: str) -> tuple[Symbol, bool]:
        plain, with_unit = attribute(name, self.whole.symbols)
        symbol = self.whole.symbols.get(plain)
        if symbol is None or symbol.meaning in ("time", "size"):
            hint = nearest(name, self.whole.symbols)
            message = f"{self.elements} of '{self.whole.name}' have no '{name}'"
            raise UnknownNameError(message, kind="name", hint=hint)
        return symbol, with_unit

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return VariableView(self, *self._symbol(name))

    def __dir__(self) -> list[str]:
        """Attributes, with the variables of the elements."""
        kinds = ("state", "subexpression", "linked", "index")
        own = [s.name for s in self.whole.symbols.values() if s.side == "own" and s.meaning in kinds]
        return sorted({*super().__dir__(), *own, *(f"{name}_" for name in own)})

    def __setattr__(self, name: str, value: Any) -> None:
        symbol, with_unit = self._symbol(name)
        self.write(symbol, slice(None), value, with_unit)

    def __repr__(self) -> str:
        return f"<{len(self)} of the {self.elements} {self.whole.name!r}>"
