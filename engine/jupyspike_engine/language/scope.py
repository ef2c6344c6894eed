"""What each name means in the place where an expression stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeVar

from ..diagnostics import ArgumentTypeError
from ..units import DIMENSIONLESS, SECOND, UNITS, Dimension, dimension_of
from .definition import Definition
from .functions import ExternalFunction, Type
from .names import CONSTANTS
from .syntax import Expression, Name, walk

Meaning = Literal[
    "state", "subexpression", "linked", "constant", "number", "index", "size", "incoming", "outgoing", "time", "noise",
    "local",
]  # fmt: skip
Side = Literal["own", "pre", "post"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name stands for.

    ``constant`` is a value from outside the model that stays an argument of the built program; ``number`` is one that
    is part of the language (a unit, pi). ``side`` tells in which of the objects around a synapse it lives.
    """

    name: str
    meaning: Meaning
    dimension: Dimension = DIMENSIONLESS
    type: Type = "real"
    side: Side = "own"
    value: float | None = None
    writable: bool = False
    unless_refractory: bool = False
    shared: bool = False  # one value for all elements
    definition: Definition | None = field(default=None, compare=False)


T = TypeVar("T")


class External(Protocol):
    """Where names are looked up that the model does not define."""

    def __call__(self, name: str, /) -> Symbol | None:
        """What a name stands for; raises a UserError if it cannot stand in an expression."""
        ...

    def function(self, name: str) -> ExternalFunction | None:
        """The function that a name stands for; raises a UserError if it cannot be called in an expression."""
        ...

    def names(self) -> Iterable[str]:
        """The names that could be meant by one that is not known."""
        ...


@dataclass(frozen=True)
class Scope:
    """The symbols of a place, and where to ask for names that are not among them.

    ``complete`` says that a name found nowhere is an error; before a run it may still be defined.
    """

    symbols: dict[str, Symbol]
    external: External
    complete: bool

    def lookup(self, name: str) -> Symbol | None:
        if name in self.symbols:
            return self.symbols[name]
        return LANGUAGE.get(name) or self._defined(self.external, name)

    def function(self, name: str) -> ExternalFunction | None:
        """The function from outside the language that a name stands for."""
        return self._defined(self.external.function, name)

    def _defined(self, find: Callable[[str], T | None], name: str) -> T | None:
        """What a name stands for; before the run, what is now a function such as numpy's gamma may still change."""
        try:
            return find(name)
        except ArgumentTypeError as error:
            if self.complete or error.diagnostics[0].kind != "name":
                raise
            return None

    def with_symbols(self, *more: Symbol) -> Scope:
        return replace(self, symbols=self.symbols | {symbol.name: symbol for symbol in more})

    def known_names(self) -> list[str]:
        """The names of variables and constants, without those of units."""
        return [*self.symbols, *(name for name in self.external.names() if name not in LANGUAGE)]


LANGUAGE: dict[str, Symbol] = {
    **{n: Symbol(n, "number", dimension_of(u), value=float(u)) for n, u in UNITS.items()},
    **{n: Symbol(n, "number", value=v) for n, v in CONSTANTS.items()},
}
TIME = (
    Symbol("t", "time", SECOND),
    Symbol("dt", "time", SECOND),
    Symbol("t_in_timesteps", "time", type="integer"),
)


def defined_symbols(definitions: Iterable[Definition]) -> list[Symbol]:
    """The symbols that equations define."""
    return [
        Symbol(
            d.name,
            _meaning(d),
            d.dimension,
            d.value_type,
            writable=d.role != "subexpression" and not {"constant", "linked"} & set(d.flags),
            unless_refractory="unless refractory" in d.flags,
            shared=d.shared,
            definition=d,
        )
        for d in definitions
        if "summed" not in d.flags
    ]


def _meaning(definition: Definition) -> Meaning:
    if definition.written_out:
        return "subexpression"
    return "linked" if "linked" in definition.flags else "state"


def differs(expression: Expression, scope: Scope) -> Name | None:
    """The first name of an expression whose value may differ between elements."""
    for node in walk(expression):
        symbol = scope.symbols.get(node.id) if isinstance(node, Name) else None
        if symbol is not None and not symbol.shared and symbol.meaning not in ("size", "time", "constant", "number"):
            return node  # type: ignore[return-value]  # only names have symbols
    return None


def neuron_symbols(definitions: Iterable[Definition], refractory: bool) -> dict[str, Symbol]:
    """What the names of a neuron's model mean: its variables, its index and its refractory state."""
    symbols = [*defined_symbols(definitions), Symbol("i", "index", type="integer"), Symbol("N", "size", type="integer")]
    if refractory:
        symbols += [Symbol("lastspike", "state", SECOND), Symbol("not_refractory", "state", type="boolean")]
    return {symbol.name: symbol for symbol in (*symbols, *TIME)}


def synapse_symbols(
    definitions: Iterable[Definition], source: dict[str, Symbol], target: dict[str, Symbol]
) -> dict[str, Symbol]:
    """What names mean at a synapse: its own variables first, then those of the target; _pre and _post choose a side."""
    definitions = list(definitions)
    times = {symbol.name for symbol in TIME}
    symbols: dict[str, Symbol] = {}
    for name, symbol in target.items():
        if name not in times and symbol.side == "own" and symbol.meaning not in ("index", "size"):
            symbols[name] = replace(symbol, side="post")
    sides: tuple[tuple[Side, dict[str, Symbol]], ...] = (("pre", source), ("post", target))
    for side, group in sides:
        seen = {name: s for name, s in group.items() if name not in times and s.side == "own"}
        symbols |= {f"{name}_{side}": replace(s, side=side) for name, s in seen.items()}
    symbols["i"] = Symbol("i", "index", type="integer", side="pre")
    symbols["j"] = Symbol("i", "index", type="integer", side="post")
    symbols["N"] = Symbol("N", "size", type="integer")
    for name, meaning, side in (("N_incoming", "incoming", "post"), ("N_outgoing", "outgoing", "pre")):
        counts = Symbol(name, meaning, type="integer", side=side)  # type: ignore[arg-type]  # of the pairs above
        symbols |= {name: counts, f"{name}_{side}": counts}
    if any("event-driven" in d.flags for d in definitions):
        symbols["lastupdate"] = Symbol("lastupdate", "state", SECOND)
    symbols |= {symbol.name: symbol for symbol in (*defined_symbols(definitions), *TIME)}
    return symbols
