"""From names to what they stand for in the plan, and from syntax trees to the plan's expressions."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, InternalError
from ..language import syntax
from ..language.check import keeps_integers
from ..language.functions import ALL_FUNCTIONS, ExternalFunction, Type
from ..language.scope import Scope, Symbol
from .nodes import (
    Apply,
    Array,
    Constant,
    Distribution,
    Draw,
    Element,
    Expression,
    Function,
    Index,
    Parameter,
    Place,
    Time,
)  # fmt: skip
from .operations import POWERS, SYMBOLS, result_type

DISTRIBUTIONS: dict[str, Distribution] = {
    "rand": "uniform", "randn": "normal", "poisson": "poisson", "binomial": "binomial",
}  # fmt: skip
TYPES: dict[str, Type] = {"f": "real", "i": "integer", "u": "integer", "b": "boolean"}  # by the kind of a numpy type
AnyArray = npt.NDArray[np.generic]
Origin = Literal["constant", "literal", "size", "first", "table"]


@dataclass(frozen=True, slots=True)
class Given:
    """Where the value of a parameter comes from.

    A constant of an object, a literal of its text (``name`` is this piece of it), its size, the first of the elements
    that a part takes (``name`` is ``own``, ``pre``, ``post``, or an event that is looked for there), or a number that
    belongs to a table (``owner`` is then the table).
    """

    origin: Origin
    owner: str
    name: str = ""
    value: float = 0.0


@dataclass
class Registry:
    """What is met while a network is lowered: parameters, draws, tables, functions, arrays of indices, objects."""

    parameters: dict[str, Given] = field(default_factory=dict)
    literals: dict[tuple[object, ...], Parameter] = field(default_factory=dict)
    draws: dict[str, int] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    function_names: dict[ExternalFunction, str] = field(default_factory=dict)
    indices: dict[str, Array] = field(default_factory=dict)
    bindings: dict[str, Binding] = field(default_factory=dict)

    def parameter(self, name: str, given: Given, type_: Type = "real") -> Parameter:
        self.parameters.setdefault(name, given)
        return Parameter(name, type_)

    def literal(self, domain: str, owner: str, value: float, tree: syntax.Expression) -> Parameter:
        """The parameter for a literal: the same one wherever an integrator uses what was written once."""
        key = (domain, owner, tree, value, *(node.span for node in syntax.walk(tree)))
        if key not in self.literals:
            name = f"{domain}_literal_{sum(known[0] == domain for known in self.literals)}"
            self.literals[key] = self.parameter(name, Given("literal", owner, syntax.text(tree), value))
        return self.literals[key]

    def draw(
        self, domain: str, distribution: Distribution, place: Place, arguments: tuple[Expression, ...] = ()
    ) -> Draw:
        """A draw with a number of its own among those of the elements of a domain."""
        number = self.draws[domain] = self.draws.get(domain, -1) + 1
        type_: Type = "integer" if distribution in ("poisson", "binomial") else "real"
        return Draw(distribution, number, arguments, type_, place)

    def table(self, table: Table) -> str:
        """The name of a table."""
        for name, known in self.tables.items():
            if known.values is table.values:
                return name
        name = f"t{len(self.tables)}"
        self.tables[name] = table
        return name

    def index_array(self, domain: str, name: str) -> str:
        """The name of an array of indices of a domain: ends of synapses, or where a linked variable is found."""
        full = f"{domain}.{name}"
        self.indices.setdefault(full, Array(full, domain, "integer"))
        return full


@dataclass(frozen=True)
class Table:
    """Values that belong to a function, and numbers that belong to them."""

    values: AnyArray
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def type(self) -> Type:
        return TYPES[self.values.dtype.kind]


@dataclass(frozen=True)
class Link:
    """The variable of another object that a linked variable stands for.

    ``index`` names the array of the linked object that holds indices; element k is linked to element k without it.
    """

    source: str
    variable: str
    index: str | None


@dataclass
class Binding:
    """The names of one object's texts, seen from its own elements or from a synapse at one of its ends.

    Parameters
    ----------
    owner, domain : str
        The object's name and that of its domain in the plan.
    place, via
        Where its elements are seen from.
    ends : mapping
        For synapses: the bindings of the groups at their ends, as seen from a synapse.
    storage : mapping
        Types in memory of variables that have another one than usual.
    part : str, optional
        What takes only some of its elements, whose indices count from the first of these: the owner of the parameters
        ``first`` and ``size``; ``prefix`` begins their names.
    clock : int, optional
        The object's own clock where another one times what is done; ``dt`` and ``t_in_timesteps`` remain the object's.
    """

    registry: Registry
    owner: str
    domain: str
    scope: Scope
    place: Place = "own"
    via: tuple[str, ...] = ()
    ends: Mapping[str, Binding] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    storage: Mapping[str, str] = field(default_factory=dict)
    part: str | None = None
    prefix: str = ""
    clock: int | None = None
    locals: dict[str, Expression] = field(default_factory=dict)

    def of_side(self, symbol: Symbol) -> Binding:
        return self if symbol.side == "own" else self.ends[symbol.side]

    def seen_from(self, place: Place, via: tuple[str, ...] = (), **changes: Any) -> Binding:
        """The same object seen from elsewhere."""
        ends = {
            side: end.seen_from(place, (*via, self.registry.index_array(self.domain, f"_{side}")))
            for side, end in self.ends.items()
        }
        return replace(self, place=place, via=via, ends=ends, locals={}, **changes)

    def lower(self, tree: syntax.Expression) -> Expression:
        """The plan's expression for a syntax tree."""
        if isinstance(tree, syntax.Number):
            return number(tree.value)
        folded = self._folded(tree)
        if folded is not None:
            return folded
        if isinstance(tree, syntax.Name):
            return self._name(tree.id)
        if isinstance(tree, syntax.Call):
            return self._call(tree)
        if len(tree.operands) == 1:
            return applied("not" if tree.symbol == "not" else "negative", self.lower(tree.operands[0]))
        left = self.lower(tree.operands[0])
        if tree.symbol == "**" and (power := constant(tree.operands[1], self.scope)) is not None:
            raised = applied(POWERS[power], left) if power in POWERS else applied("power", left, number(float(power)))
            return applied("int", raised) if left.type == "integer" and keeps_integers(tree.operands[1]) else raised
        return applied(SYMBOLS[tree.symbol], left, self.lower(tree.operands[1]))

    def _folded(self, tree: syntax.Expression) -> Expression | None:
        """A quantity written as numbers and units is an argument of the program: changing it compiles nothing."""
        if isinstance(tree, syntax.Name) and tree.id in self.locals:
            return None
        value = constant(tree, self.scope)
        if value is None:
            return None
        if not syntax.names(tree):
            return number(value)
        return self.registry.literal(self.domain, self.owner, value, tree)

    def _name(self, name: str) -> Expression:
        if name in self.locals:
            return self.locals[name]
        symbol = self.scope.lookup(name)
        if symbol is None:
            raise InternalError(f"the name '{name}' of {self.owner} was not resolved before lowering")
        if symbol.meaning in ("incoming", "outgoing"):
            side: Place = "post" if symbol.meaning == "incoming" else "pre"
            end = self.ends[side]
            return Element(self.registry.index_array(self.domain, symbol.name), end.place, "integer", end.via)
        return self.of_side(symbol).symbol(symbol)

    def symbol(self, symbol: Symbol) -> Expression:
        """What a symbol of this object stands for."""
        name = symbol.name
        if symbol.meaning == "subexpression":
            assert symbol.definition is not None and symbol.definition.expression is not None
            return self.lower(symbol.definition.expression)
        if symbol.meaning == "linked":
            return self._linked(symbol)
        if symbol.meaning == "state":
            element = self.element(symbol)
            return applied("real", element) if self.storage.get(name) == "float32" else element
        if symbol.meaning == "time":
            if name == "t":
                return Time("t")
            return Time("dt" if name == "dt" else "step", self.clock)
        if symbol.meaning == "index":
            return self.index()
        if symbol.meaning == "size":
            return self.size()
        # an integer from outside is a real number of the program: 10 and 10.5 are then the same program
        given = Given("constant", self.owner, name)
        return self.registry.parameter(
            f"{self.domain}_{name}", given, "boolean" if symbol.type == "boolean" else "real"
        )

    def element(self, symbol: Symbol) -> Element:
        """The value of a state variable."""
        array = f"{self.domain}.{symbol.name}"
        return Element(array, "one", symbol.type) if symbol.shared else self.at(array, symbol.type)

    def at(self, array: str, type_: Type) -> Element:
        """The value of an array at the element."""
        return Element(array, self.place, type_, self.via)

    def _linked(self, symbol: Symbol) -> Expression:
        link = self.links.get(symbol.name)
        if link is None:
            raise ArgumentError(
                f"the linked variable '{symbol.name}' of '{self.owner}' is not linked to anything",
                hint=f"{self.owner}.{symbol.name} = linked_var(other_group, 'name')",
            )
        via = self.via
        if link.index is not None and link.index.startswith("_link_"):
            via = (*via, self.registry.index_array(self.domain, link.index))
        elif link.index is not None:
            via = (*via, f"{self.domain}.{link.index}")
        source = self.registry.bindings[link.source].seen_from(self.place, via)
        return source.lower(syntax.Name(link.variable))

    def index(self) -> Expression:
        index = Index(self.place, self.via)
        return index if self.part is None else applied("subtract", index, self.first())

    def first(self) -> Parameter:
        """The first element of the part."""
        return self._number("first", "first")

    def size(self) -> Parameter:
        if self.part is None:
            return self.registry.parameter(f"{self.domain}_N", Given("size", self.owner, "own"), "integer")
        return self._number("N", "size")

    def _number(self, name: str, origin: Origin) -> Parameter:
        assert self.part is not None
        return self.registry.parameter(
            f"{self.prefix}_{name}_{self.place}", Given(origin, self.part, self.place), "integer"
        )

    def part_of_event(self, event: str) -> tuple[str, str]:
        """Parameters with the first and the number of the elements in which an event is looked for."""
        names = (f"{self.domain}_first_{event}", f"{self.domain}_N_{event}")
        origins: tuple[Origin, Origin] = ("first", "size")
        for name, origin in zip(names, origins, strict=True):
            self.registry.parameter(name, Given(origin, self.owner, event), "integer")
        return names

    def not_refractory(self) -> Expression:
        return self.at(f"{self.domain}.not_refractory", "boolean")

    def _call(self, tree: syntax.Call) -> Expression:
        if tree.function == "select":  # written by integrators only
            return applied("select", *(self.lower(argument) for argument in tree.arguments))
        row = ALL_FUNCTIONS.get(tree.function)
        if row is None:
            return self._external_call(tree)
        if row.formula is not None:
            return self.lower(row.formula.written(*tree.arguments))
        arguments = tuple(self.lower(argument) for argument in tree.arguments)
        if row.random:
            return self.registry.draw(self.domain, DISTRIBUTIONS[row.operation], self.place, arguments)
        return applied(row.operation, *arguments)

    def _external_call(self, tree: syntax.Call) -> Expression:
        function = self.scope.function(tree.function)
        if not isinstance(function, PlanFunction):
            raise InternalError(f"the function '{tree.function}' of {self.owner} was not resolved before lowering")
        return function.called(tree.function).lowered(self, tuple(self.lower(argument) for argument in tree.arguments))


@dataclass(frozen=True, eq=False)
class PlanFunction(ExternalFunction):
    """A function from outside that knows what it is in the plan."""

    def called(self, name: str) -> PlanFunction:
        """The same function where a text calls it by some name."""
        return self

    def lowered(self, binding: Binding, arguments: tuple[Expression, ...]) -> Expression:
        """The plan's expression for a call."""
        raise NotImplementedError


def number(value: float | int | bool) -> Constant:
    """A number of the text; integers that a double cannot hold exactly are real."""
    if isinstance(value, bool):
        return Constant(value, "boolean")
    if isinstance(value, int) and abs(value) <= 2**53:
        return Constant(value, "integer")
    return Constant(float(value), "real")


def applied(operation: str, *arguments: Expression) -> Apply:
    return Apply(operation, arguments, result_type(operation, tuple(argument.type for argument in arguments)))


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
}  # fmt: skip


def constant(tree: syntax.Expression, scope: Scope) -> float | int | None:
    """The value of an expression of numbers and units, if it is one and is finite."""
    if isinstance(tree, syntax.Number):
        return None if isinstance(tree.value, bool) else tree.value
    if isinstance(tree, syntax.Name):
        symbol = scope.lookup(tree.id)
        return symbol.value if symbol is not None and symbol.meaning == "number" else None
    if not isinstance(tree, syntax.Operator) or (len(tree.operands) == 2 and tree.symbol not in _ARITHMETIC):
        return None
    if tree.symbol == "not":
        return None
    values = [constant(operand, scope) for operand in tree.operands]
    if any(value is None for value in values):
        return None
    numbers = [value for value in values if value is not None]
    try:
        result = -numbers[0] if len(numbers) == 1 else _ARITHMETIC[tree.symbol](*numbers)
    except (ArithmeticError, ValueError):
        return None
    return result if isinstance(result, (int, float)) and math.isfinite(result) else None
