"""Some of the synapses of an object."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..diagnostics import IndexRangeError, UnknownNameError, nearest
from ..language.scope import Symbol
from .variables import Owner, VariableView, attribute

Indices = npt.NDArray[np.int32]


class Whole(Owner, Protocol):
    """What a part needs of the synapses it is a part of."""

    @property
    def symbols(self) -> dict[str, Symbol]: ...
    def numbers_of(self, item: Any) -> Indices: ...


class SynapticSubgroup:
    """Some synapses, as ``S[0]``, ``S[i, :]`` or ``S['w > 0']``; what monitors can record, and variables to be read.

    Attributes
    ----------
    indices : array of int
        Their numbers, in the order in which the synapses were made.

    Examples
    --------
    >>> G = NeuronGroup(3, 'x : 1')
    >>> S = Synapses(G, G, 'w : 1')
    >>> S.connect('i != j')
    >>> S.w = '10*i + j'
    >>> S[1, :].w[:]
    array([10., 12.])
    """

    def __init__(self, synapses: Whole, indices: Indices) -> None:
        self.__dict__.update(synapses=synapses, indices=indices, name=f"part of {synapses.name}")

    synapses: Whole
    indices: Indices
    name: str

    def __len__(self) -> int:
        return int(np.size(self.indices))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[np.generic]:
        return np.asarray(self.indices, dtype=dtype)

    def _numbers(self, item: Any) -> Indices:
        if isinstance(item, str):
            return np.asarray(self.indices[np.isin(self.indices, self.synapses.numbers_of(item))])
        try:
            return np.asarray(self.indices if isinstance(item, slice) and item == slice(None) else self.indices[item])
        except IndexError:
            problem = f"the index {item!r} is outside a {self.name} of {len(self)} synapses"
            raise IndexRangeError(problem, kind="index") from None

    def read(self, symbol: Symbol, item: Any) -> npt.NDArray[np.generic]:
        return self.synapses.read(symbol, self._numbers(item))

    def write(self, symbol: Symbol, item: Any, value: Any, with_unit: bool) -> None:
        self.synapses.write(symbol, self._numbers(item), value, with_unit)

    def _symbol(self, name: str) -> tuple[Symbol, bool]:
        plain, with_unit = attribute(name, self.synapses.symbols)
        symbol = self.synapses.symbols.get(plain)
        if symbol is None or symbol.meaning in ("time", "size"):
            hint = nearest(name, self.synapses.symbols)
            raise UnknownNameError(f"synapses of '{self.synapses.name}' have no '{name}'", kind="name", hint=hint)
        return symbol, with_unit

    def __getattr__(self, name: str) -> VariableView:
        if name.startswith("__"):
            raise AttributeError(name)
        return VariableView(self, *self._symbol(name))

    def __dir__(self) -> list[str]:
        """Attributes, with the variables of the synapses."""
        kinds = ("state", "subexpression", "linked", "index")
        own = [s.name for s in self.synapses.symbols.values() if s.side == "own" and s.meaning in kinds]
        return sorted({*super().__dir__(), "i", "j", *own, *(f"{name}_" for name in own)})

    def __setattr__(self, name: str, value: Any) -> None:
        symbol, with_unit = self._symbol(name)
        self.write(symbol, slice(None), value, with_unit)

    def __repr__(self) -> str:
        return f"<{len(self)} of the synapses {self.synapses.name!r}>"
