"""Objects that have state variables: reading and writing them by attribute, number, condition and expression."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import (
    ArgumentError,
    ArgumentTypeError,
    DimensionMismatchError,
    IndexRangeError,
    IndexTypeError,
    Problems,
    ReadOnlyError,
    UnknownNameError,
    UserError,
    nearest,
)
from ..frames import calling_namespace
from ..language.check import Sort, check_shared, unit_text
from ..language.equations import Equations
from ..language.expressions import expression
from ..language.functions import ALL_FUNCTIONS
from ..language.model import CONDITION, check_value
from ..language.scope import External, Scope, Symbol
from ..language.syntax import Call, Expression, Name, walk
from ..plan.binding import Binding, Given, Link, Registry
from ..targets.interface import AnyArray, Elements
from ..units import DIMENSIONLESS, bare
from .evaluation import Source, Surroundings, Values, values_of
from .linking import LinkedVariable
from .namespaces import Namespace, constant_value, external_names
from .own_constants import is_constant, set_constant
from .randomness import Stream
from .regular import RegularOperations
from .states import States
from .variables import VariableView, attribute

Indices = npt.NDArray[np.int32]


@dataclass
class Known:
    """The objects that an expression may come to, while it is evaluated outside a run."""

    namespace: Namespace
    registry: Registry = field(default_factory=Registry)
    sources: dict[str, Source] = field(default_factory=dict)

    def add(self, owner: VariableOwner, binding: Binding) -> Binding:
        """Take an object in, and those that its linked variables belong to."""
        self.sources[owner.name] = owner
        self.registry.bindings[owner.name] = binding
        for link in owner.links.values():
            if link.source_owner.name not in self.sources:
                link.source_owner.bound(self)
        return binding


class VariableOwner(RegularOperations, States):
    """The base of groups, subgroups and synapses.

    Examples
    --------
    >>> G = NeuronGroup(4, 'v : volt')
    >>> isinstance(G, VariableOwner), isinstance(G[1:3], VariableOwner)
    (True, True)
    """

    add_to_magic_network = True
    arrays: dict[str, AnyArray]
    namespace: dict[str, Any]
    constants: dict[str, Any]  # values that came as arguments, under names of our own
    stream: Stream
    offset = 0  # of the first element within the arrays
    links: dict[str, LinkedVariable]
    dtypes: dict[str, str]  # numpy types of variables that have another one than usual

    # what the kinds of owners say of themselves

    @property
    def symbols(self) -> dict[str, Symbol]:
        """What the names of its variables mean."""
        raise NotImplementedError

    @property
    def equations(self) -> Equations:
        """The equations of the model."""
        raise NotImplementedError

    @property
    def user_equations(self) -> Equations:
        """The equations as they were given, which are those of the model."""
        return self.equations

    def bound(self, known: Known) -> Binding:
        """The plan's view of its names, for expressions evaluated outside a run; puts itself among those known."""
        raise NotImplementedError

    def array(self, name: str) -> AnyArray:
        """An array of the object by the name that the plan has for it."""
        return self.arrays[name]

    def section_names(self) -> list[str]:
        """Names of sections that are attributes, of neurons with a shape."""
        return []

    @property
    def solved(self) -> tuple[str, ...]:
        """Variables that change in time without a differential equation of their own."""
        return ()

    @property
    def bytes_for_runs(self) -> int:
        """What a run takes beside the values, but for lists of events and of synapses."""
        return 0

    def elements(self) -> Elements:
        """Its elements, for expressions evaluated outside a run."""
        raise NotImplementedError

    def copies(self) -> Indices | None:
        """For each of several synapses with the same ends, which of them it is; None where there are none."""
        return None

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
        """What names mean that the equations do not define: its constants, its namespace, then the given one."""
        return external_names(self.constants, self.namespace, namespace, owner=self.__dict__.get("name", ""))

    def find_tables(self, equations: Equations, namespace: Namespace) -> None:
        """Find the functions in equations that are constant over a time step, and those that may change at each call.

        Unknown ones may still turn out to be constant over a step.
        """
        scope = Scope({}, self.external(namespace), complete=False)
        expressions = [d.expression for d in equations.values() if d.expression is not None]
        called = {n.function for tree in expressions for n in walk(tree) if isinstance(n, Call)} - ALL_FUNCTIONS.keys()
        found = {name: scope.function(name) for name in called}
        self._set("tables", frozenset(name for name, row in found.items() if row is None or row.steps))
        self._set("stateful", frozenset(n for n, row in found.items() if row is not None and not row.stateless))

    tables: frozenset[str]
    stateful: frozenset[str]

    def scope(self, namespace: Namespace, complete: bool = True) -> Scope:
        """All names that its texts may use; ``complete`` if those that are unknown will stay so."""
        return Scope(self.symbols, self.external(namespace), complete)

    @property
    def variables(self) -> dict[str, Symbol]:
        """What the names of its variables mean, by name."""
        return dict(self.symbols)

    @property
    def indices(self) -> Indexing:
        """Numbers of elements: ``group.indices['v > 0*mV']``."""
        return Indexing(self)

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
        symbols = self.symbols if "arrays" in self.__dict__ else {}
        plain, with_unit = attribute(name, symbols)
        symbol = symbols.get(plain)
        if symbol is None and name in self._constants():
            return self.namespace[name]
        if symbol is None or symbol.meaning in ("time", "size"):
            kind = type(self).__name__
            others = [*(symbols.keys() - {name}), *self._constants(), *self.section_names()]
            hint = nearest(plain, others) or self._variables_listed()
            raise UnknownNameError(f"{kind} has no variable or attribute '{name}'", kind="name", hint=hint)
        return VariableView(self, symbol, with_unit)

    def __dir__(self) -> list[str]:
        """Attributes, with the variables and constants that can be read: what the Tab key offers."""
        symbols = self.symbols.values() if "arrays" in self.__dict__ else ()
        kinds = ("state", "subexpression", "linked", "index")
        own = [symbol.name for symbol in symbols if symbol.side == "own" and symbol.meaning in kinds]
        return sorted({*super().__dir__(), *own, *(f"{name}_" for name in own), *self._constants()})

    def __setattr__(self, name: str, value: Any) -> None:
        symbols = self.symbols if "arrays" in self.__dict__ else {}
        plain, with_unit = attribute(name, symbols)
        if plain in symbols and symbols[plain].meaning == "linked":
            self._link(symbols[plain], value)
        elif plain in symbols:
            self.write(symbols[plain], slice(None), value, with_unit)
        elif name in self.__dict__ or hasattr(type(self), name) or name.startswith("_"):
            object.__setattr__(self, name, value)
        elif name in self._constants():
            set_constant(self._run_by(), name, value)
        else:
            own = f"add_attribute('{name}') makes room for an attribute of your own"
            meant = nearest(plain, [*symbols, *self._constants()])
            hint = meant or "; ".join(filter(None, (self._variables_listed(), own)))
            raise UnknownNameError(
                f"{type(self).__name__} '{self.name}' has no variable '{name}'", kind="name", hint=hint
            )

    def _constants(self) -> list[str]:
        namespace = self.__dict__.get("namespace", {})
        return [name for name in namespace if is_constant(name, namespace)]

    def _variables_listed(self) -> str:
        symbols = self.symbols.values() if "arrays" in self.__dict__ else ()
        own = [s.name for s in symbols if s.side == "own" and s.meaning in ("state", "subexpression")]
        return f"variables are: {', '.join(own)}" if own else ""

    def add_attribute(self, name: str) -> None:
        """Allow setting an attribute that is not a variable."""
        object.__setattr__(self, name, None)
        object.__setattr__(self, "_added", (*self.__dict__.get("_added", ()), name))

    def state(self, name: str, use_units: bool = True) -> VariableView:
        """The view of a variable by its name."""
        if name not in self.symbols:
            hint = nearest(name, self.symbols) or self._variables_listed()
            raise UnknownNameError(f"'{self.name}' has no variable '{name}'", kind="name", hint=hint)
        return VariableView(self, self.symbols[name], use_units)

    def _link(self, symbol: Symbol, value: Any) -> None:
        if not isinstance(value, LinkedVariable):
            raise ArgumentTypeError(
                f"'{symbol.name}' of '{self.name}' is linked to a variable of another group", found=repr(value),
                expected="linked_var(other_group, 'name')",
            )  # fmt: skip
        self.links[symbol.name] = value
        value.source_owner.keep_places()
        try:
            array = value.checked(symbol, self.name, len(self), self.symbols)
        except UserError:
            del self.links[symbol.name]
            raise
        if array is not None:
            self.arrays[f"_link_{symbol.name}"] = array

    def keep_places(self) -> None:
        """Keep elements where they are stored from now on: another object refers to them by their places."""

    def plan_links(self) -> dict[str, Link]:
        """What its linked variables stand for, in the plan's terms."""
        links = {}
        for name, link in self.links.items():
            index = f"_link_{name}" if f"_link_{name}" in self.arrays else link.index_name
            links[name] = Link(link.source_owner.name, link.variable, index)
        return links

    # keeping the state

    def stored(self) -> dict[str, AnyArray]:
        return {f"array {name}": array.copy() for name, array in self.arrays.items()}

    def restore(self, state: Mapping[str, AnyArray]) -> None:
        arrays = {name: state.get(f"array {name}") for name in self.arrays}
        for name, kept in arrays.items():
            here = self.arrays[name]
            if kept is None or kept.shape != here.shape or kept.dtype != here.dtype:
                found = "nothing" if kept is None else f"{kept.size} values of type {kept.dtype}"
                raise ArgumentError(
                    f"the stored state of '{self.name}' does not fit: '{name}'", found=found,
                    expected=f"{here.size} values of type {here.dtype}",
                )  # fmt: skip
        for name in arrays:
            self.arrays[name][:] = state[f"array {name}"]
            VariableOwner.was_set(self, name, np.arange(len(self.arrays[name]), dtype=np.int32))

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
            raise wrong_index(item, f"'{self.name}'", len(self)) from None

    def numbers_of(self, item: Any) -> Indices:
        """The numbers of the elements that an index means."""
        return self.indices_of(item)

    def numbers_for(self, item: Any) -> Any:
        """Numbers for what stands for elements in place of them; anything else is returned as it is."""
        return item

    def evaluate(self, tree: Expression, which: Indices | range, wanted: Sort, what: str) -> AnyArray:
        """The values of an expression for some elements (counted from the first of this object), in SI base units.

        Raises
        ------
        UserError
            Names or units of the expression do not fit.
        """
        return self.values(tree, which, wanted, what).whole()

    def values(self, tree: Expression, which: Indices | range, wanted: Sort, what: str) -> Values:
        """What `evaluate` gives, to be computed a block after the other."""
        namespace = calling_namespace()
        scope = self.scope(namespace)
        check_value(tree, scope, wanted, what)
        known = Known(namespace)
        binding = self.bound(known)
        around = Surroundings(
            binding, known.sources, namespace, self.clock.t_, self.clock.dt_, self.stream.next_assignment()
        )
        return values_of(tree, around, self._places(which))

    def read(self, symbol: Symbol, item: Any) -> AnyArray:
        """Values of a variable, in SI base units."""
        which = self.indices_of(item)
        if symbol.side == "own" and symbol.shared and symbol.name in self.arrays:
            return np.asarray(self.arrays[symbol.name][0])
        if symbol.side == "own" and symbol.name in self.arrays:
            return self.arrays[symbol.name][which + self.offset]
        if symbol.meaning == "index" and symbol.side == "own":
            return which
        name = symbol.name if symbol.side == "own" else f"{symbol.name}_{symbol.side}"
        return self.evaluate(Name(name), which, Sort(symbol.dimension, symbol.type), f"'{symbol.name}'")

    def write(self, symbol: Symbol, item: Any, value: Any, with_unit: bool) -> None:
        """Set values of a variable from numbers, quantities or an expression; in a live run at the border of a step."""
        live_run = self._run_by().live_run
        with nullcontext() if live_run is None else live_run.held():
            self._write(symbol, item, value, with_unit)

    def _write(self, symbol: Symbol, item: Any, value: Any, with_unit: bool) -> None:
        if not self._is_settable(symbol):
            what = "a subexpression" if symbol.meaning == "subexpression" else "set by the simulator"
            what = "linked to another group" if symbol.meaning == "linked" else what
            hint = f"the step is set at its clock: {self.name}.clock.dt = 0.1*ms" if symbol.name == "dt" else ""
            raise ReadOnlyError(f"'{symbol.name}' of '{self.name}' cannot be set: it is {what}", hint=hint)
        which: Indices | range
        places: Indices | slice
        if symbol.shared:
            which, places = range(1), slice(1)
        elif isinstance(value, str) and isinstance(item, slice) and item == slice(None):
            which, places = range(len(self)), slice(self.offset, self.offset + len(self))
            self.values_of_text(value, which, symbol).write(self.arrays[symbol.name])
            self.was_set(symbol.name, places)
            return
        else:
            which = self.indices_of(item)
            places = which + self.offset
        array = self.arrays[symbol.name]
        if isinstance(value, str):
            value = self.evaluate_text(value, which, symbol)
        else:
            value = self._plain(symbol, value, with_unit)
        if np.asarray(value).dtype.kind not in "fiub":
            raise ArgumentTypeError(f"'{symbol.name}' cannot be set to {value!r}", expected="numbers")
        try:
            array[places] = np.asarray(value).astype(array.dtype, copy=False)
        except ValueError:
            count = np.size(array[places])
            raise ArgumentError(
                f"'{symbol.name}' of '{self.name}': {np.size(value)} values do not fit {count} elements",
                hint=self.spreading(np.shape(value)),
            ) from None
        self.was_set(symbol.name, places)

    def spreading(self, shape: tuple[int, ...]) -> str:
        """How an array of a shape can be spread over the elements, if it can."""
        return ""

    def _places(self, which: Indices | range) -> Indices | range:
        """Places within the arrays, which a part of a group shares with the whole."""
        if isinstance(which, range):
            return range(which.start + self.offset, which.stop + self.offset)
        return which + np.int32(self.offset) if self.offset else which

    def was_set(self, name: str, places: Indices | slice) -> None:
        """Called when values of a variable have been set, at places within its array."""
        if self.noted is not None:
            noted = self.noted.get(name)
            if noted is None or noted.shape != self.arrays[name].shape:
                noted = self.noted[name] = np.zeros(self.arrays[name].shape, np.bool_)
            noted[places] = True
        live_run = self.live_run
        if live_run is not None:
            live_run.wrote(f"{self.name}.{name}", self.arrays[name], places)

    noted: dict[str, npt.NDArray[np.bool_]] | None = None  # places set since the last run, if somebody wants to know

    def note(self) -> dict[str, npt.NDArray[np.bool_]]:
        """The places in arrays that were set since this was last asked; nothing is noted before."""
        noted = self.noted or {}
        self._set("noted", {})
        return {name: places for name, places in noted.items() if places.shape == self.arrays[name].shape}

    def _is_settable(self, symbol: Symbol) -> bool:
        return symbol.side == "own" and symbol.name in self.arrays

    def evaluate_text(self, text: str, which: Indices | range, symbol: Symbol) -> AnyArray:
        """The values of an expression for a variable of some elements."""
        return self.values_of_text(text, which, symbol).whole()

    def values_of_text(self, text: str, which: Indices | range, symbol: Symbol) -> Values:
        """What `evaluate_text` gives, to be computed a block after the other."""
        tree = expression(text, f"value for {self.name}.{symbol.name}")
        if symbol.shared:
            problems = Problems()
            check_shared(tree, self.scope(calling_namespace()), symbol.name, problems)
            problems.raise_if_any()
        wanted = "real" if symbol.type == "integer" else symbol.type  # digits behind the point are cut off
        return self.values(tree, which, Sort(symbol.dimension, wanted), f"the value for '{symbol.name}'")

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

    # exporting

    def state_names(self, subexpressions: bool, read_only_variables: bool, rows_only: bool) -> list[str]:
        """What is exported: size, indices and time, which cannot be set, and the variables."""
        symbols = self.symbols
        fixed = ("N", "i", "j", "N_incoming", "N_outgoing", "t", "dt", "t_in_timesteps")
        names = [name for name in fixed if name in symbols] if read_only_variables else []
        for name, symbol in symbols.items():
            if symbol.side == "own" and name not in fixed and (read_only_variables or self._is_settable(symbol)):
                names += [name] if symbol.meaning != "subexpression" or subexpressions else []
        return names

    def exported(self, name: str, units: bool) -> Any:
        """What is exported under a name."""
        if name == "N":
            return np.asarray(len(self))
        if name in ("t", "dt"):
            return getattr(self, name) if units else np.asarray(getattr(self.clock, f"{name}_"))
        return np.asarray(self.clock.timestep) if name == "t_in_timesteps" else self.state(name, units)[:]

    def set_state(self, name: str, value: Any, units: bool) -> None:
        """Set a variable to what was exported."""
        view = self.state(name, units)
        view[:] = value


class Indexing:
    """Gives the numbers of the elements that an index means."""

    def __init__(self, owner: VariableOwner) -> None:
        self._owner = owner

    def __getitem__(self, item: Any) -> Indices:
        return self._owner.indices_of(item)


def wrong_index(item: Any, what: str, size: int) -> IndexRangeError:
    """The error for an index that numpy refuses."""
    if not isinstance(item, tuple) and np.asarray(item).dtype.kind not in "iub":
        wanted = "whole numbers, truth values or a condition"
        return IndexTypeError(f"{item!r} does not choose elements of {what}", kind="index", expected=wanted)
    return IndexRangeError(f"the index {item!r} is outside {what}", kind="index", expected=f"0 to {size - 1}")
