"""Objects that have state variables: reading and writing them by attribute, number, condition and expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import (
    ArgumentError,
    ArgumentTypeError,
    DimensionMismatchError,
    IndexRangeError,
    UnknownNameError,
    nearest,
)
from ..language.check import Sort, unit_text
from ..language.expressions import expression
from ..language.model import CONDITION, check_value
from ..language.scope import External, Scope, Symbol
from ..language.syntax import Expression, Name
from ..plan.binding import Binding, Given, Registry
from ..targets.interface import DTYPES, AnyArray, Elements
from ..units import DIMENSIONLESS, bare
from .base import SimulatedObject
from .evaluation import Surroundings, evaluate
from .frames import calling_namespace
from .namespaces import constant_value, external_names
from .randomness import Stream
from .variables import VariableView

Indices = npt.NDArray[np.int32]
Namespace = Mapping[str, Any]


class VariableOwner(SimulatedObject):
    """The base of groups, subgroups and synapses."""

    arrays: dict[str, AnyArray]
    namespace: dict[str, Any]
    constants: dict[str, Any]  # values that came as arguments, under names of our own
    stream: Stream
    offset = 0  # of the first element within the arrays

    # what the kinds of owners say of themselves

    @property
    def symbols(self) -> dict[str, Symbol]:
        """What the names of its variables mean."""
        raise NotImplementedError

    def binding(self, registry: Registry, scope: Scope) -> Binding:
        """The plan's view of its names, for expressions evaluated outside a run."""
        raise NotImplementedError

    def surrounding_arrays(self) -> dict[str, AnyArray]:
        """All arrays that expressions may read, under the names that `binding` gives them."""
        raise NotImplementedError

    def elements(self) -> Elements:
        """Its elements, for expressions evaluated outside a run."""
        raise NotImplementedError

    def given(self, given: Given, namespace: Namespace) -> float:
        """The value of a parameter of the plan that belongs to this object."""
        if given.origin == "literal":
            return given.value
        if given.origin == "constant":
            return constant_value(given.name, self.constants, self.namespace, namespace)
        return float(len(self))

    def __len__(self) -> int:
        raise NotImplementedError

    # names

    def external(self, namespace: Namespace) -> External:
        return external_names(self.constants, self.namespace, namespace)

    def scope(self, namespace: Namespace, complete: bool = True) -> Scope:
        return Scope(self.symbols, self.external(namespace), complete)

    @property
    def N(self) -> int:  # the field's name
        """Number of elements."""
        return len(self)

    @property
    def t(self) -> Any:
        """Present time of its clock."""
        return self.clock.t

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "symbols" not in dir(type(self)):
            raise AttributeError(name)
        plain = name.removesuffix("_")
        symbols = self.symbols if "arrays" in self.__dict__ else {}
        symbol = symbols.get(plain)
        if symbol is None or symbol.meaning in ("time", "size"):
            kind = type(self).__name__
            hint = nearest(plain, symbols) or self._variables_listed()
            raise UnknownNameError(f"{kind} has no variable or attribute '{name}'", kind="name", hint=hint)
        return VariableView(self, symbol, name == plain)

    def __setattr__(self, name: str, value: Any) -> None:
        plain = name.removesuffix("_")
        symbols = self.symbols if "arrays" in self.__dict__ else {}
        if plain in symbols and symbols[plain].meaning not in ("time", "size"):
            self.write(symbols[plain], slice(None), value, name == plain)
        elif name in self.__dict__ or hasattr(type(self), name) or name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            own = f"add_attribute('{name}') makes room for an attribute of your own"
            hint = nearest(plain, symbols) or "; ".join(filter(None, (self._variables_listed(), own)))
            raise UnknownNameError(
                f"{type(self).__name__} '{self.name}' has no variable '{name}'", kind="name", hint=hint
            )

    def _variables_listed(self) -> str:
        symbols = self.symbols.values() if "arrays" in self.__dict__ else ()
        own = [s.name for s in symbols if s.side == "own" and s.meaning in ("state", "subexpression")]
        return f"variables are: {', '.join(own)}" if own else ""

    def add_attribute(self, name: str) -> None:
        """Allow setting an attribute that is not a variable."""
        object.__setattr__(self, name, None)

    def state(self, name: str, use_units: bool = True) -> VariableView:
        """The view of a variable by its name."""
        if name not in self.symbols:
            hint = nearest(name, self.symbols) or self._variables_listed()
            raise UnknownNameError(f"'{self.name}' has no variable '{name}'", kind="name", hint=hint)
        return VariableView(self, self.symbols[name], use_units)

    # values

    def indices_of(self, item: Any) -> Indices:
        """The elements that an index means, counted from the first of this object."""
        if isinstance(item, str):
            tree = expression(item, f"condition for '{self.name}'")
            everything = np.arange(len(self), dtype=np.int32)
            holds = self.evaluate(tree, everything, CONDITION, "the condition")
            return np.flatnonzero(holds).astype(np.int32)
        try:
            return np.asarray(np.arange(len(self), dtype=np.int32)[item])
        except IndexError:
            raise IndexRangeError(
                f"the index {item!r} is outside '{self.name}'", kind="index", expected=f"0 to {len(self) - 1}"
            ) from None

    def evaluate(self, tree: Expression, which: Indices, wanted: Sort, what: str) -> AnyArray:
        """The values of an expression for some elements (counted from the first of this object), in SI base units.

        Raises
        ------
        UserError
            Names or units of the expression do not fit.
        """
        namespace = calling_namespace()
        scope = self.scope(namespace)
        check_value(tree, scope, wanted, what)
        around = Surroundings(
            lambda registry: self.binding(registry, scope),
            self.surrounding_arrays(),
            self.elements(),
            lambda given: self.given(given, namespace),
            self.clock.t_,
            self.clock.dt_,
            self.stream.next_assignment(),
        )
        return evaluate(tree, around, which + np.int32(self.offset))

    def read(self, symbol: Symbol, item: Any) -> AnyArray:
        """Values of a variable, in SI base units."""
        which = self.indices_of(item)
        if symbol.side == "own" and symbol.name in self.arrays and symbol.name != "not_refractory":
            return self.arrays[symbol.name][which + self.offset]
        if symbol.meaning == "index" and symbol.side == "own":
            return which
        name = symbol.name if symbol.side == "own" else f"{symbol.name}_{symbol.side}"
        return self.evaluate(Name(name), which, Sort(symbol.dimension, symbol.type), f"'{symbol.name}'")

    def write(self, symbol: Symbol, item: Any, value: Any, with_unit: bool) -> None:
        """Set values of a variable from numbers, quantities or an expression."""
        if symbol.side != "own" or symbol.name not in self.arrays or symbol.name == "not_refractory":
            what = "a subexpression" if symbol.meaning == "subexpression" else "set by the simulator"
            raise ArgumentError(f"'{symbol.name}' of '{self.name}' cannot be set: it is {what}", kind="name")
        which = self.indices_of(item)
        array = self.arrays[symbol.name]
        if isinstance(value, str):
            value = self.evaluate_text(value, which, symbol)
        else:
            value = self._plain(symbol, value, with_unit)
        if np.asarray(value).dtype.kind not in "fiub":
            raise ArgumentTypeError(f"'{symbol.name}' cannot be set to {value!r}", expected="numbers")
        try:
            array[which + self.offset] = np.asarray(value).astype(DTYPES[symbol.type])
        except ValueError:
            raise ArgumentError(
                f"'{symbol.name}' of '{self.name}': {np.size(value)} values do not fit {np.size(which)} elements"
            ) from None

    def evaluate_text(self, text: str, which: Indices, symbol: Symbol) -> AnyArray:
        tree = expression(text, f"value for {self.name}.{symbol.name}")
        return self.evaluate(tree, which, Sort(symbol.dimension, symbol.type), f"the value for '{symbol.name}'")

    def _plain(self, symbol: Symbol, value: Any, with_unit: bool) -> Any:
        if isinstance(value, VariableView):
            value = value[:]
        plain, dimension = bare(value)
        if (with_unit or dimension != DIMENSIONLESS) and dimension != symbol.dimension:
            raise DimensionMismatchError(
                f"the value for '{symbol.name}' of '{self.name}' has the wrong unit",
                kind="unit",
                found=unit_text(dimension),
                expected=unit_text(symbol.dimension),
            )
        return plain


def zeros(size: int, dtype: type[np.generic]) -> AnyArray:
    """Zeros, at an address that vector instructions like, with room for whole vectors at the end."""
    item = np.dtype(dtype).itemsize
    try:
        raw = np.zeros(size * item + 192, np.uint8)
    except (MemoryError, ValueError):
        raise ArgumentError(f"{size:,} values do not fit into the memory of this machine") from None
    start = -raw.ctypes.data % 64
    return raw[start : start + size * item].view(dtype)
