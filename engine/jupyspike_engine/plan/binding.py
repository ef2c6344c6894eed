"""From names to what they stand for in the plan, and from syntax trees to the plan's expressions."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..diagnostics import InternalError
from ..language import syntax
from ..language.functions import FUNCTIONS, Type
from ..language.scope import Scope, Symbol
from .nodes import Apply, Constant, Draw, Element, Expression, Index, Parameter, Place, Time
from .operations import POWERS, SYMBOLS, result_type

Origin = Literal["constant", "literal", "size", "first"]


@dataclass(frozen=True, slots=True)
class Given:
    """Where the value of a parameter comes from.

    A constant of an object, a literal of its text, its size, or the first of its neurons that a subgroup takes
    (``name`` is then ``pre`` or ``post``).
    """

    origin: Origin
    owner: str
    name: str = ""
    value: float = 0.0


@dataclass
class Registry:
    """The parameters and draws met so far while a network is lowered."""

    parameters: dict[str, Given] = field(default_factory=dict)
    draws: dict[str, int] = field(default_factory=dict)

    def parameter(self, name: str, given: Given, type_: Type = "real") -> Parameter:
        self.parameters.setdefault(name, given)
        return Parameter(name, type_)

    def literal(self, domain: str, owner: str, value: float) -> Parameter:
        taken = sum(given.origin == "literal" and given.owner == owner for given in self.parameters.values())
        return self.parameter(f"{domain}_literal_{taken}", Given("literal", owner, value=value))

    def draw(self, domain: str, distribution: Literal["uniform", "normal"]) -> Draw:
        number = self.draws[domain] = self.draws.get(domain, -1) + 1
        return Draw(distribution, number)


@dataclass
class Binding:
    """The names of one object's texts, seen from its own elements or from a synapse at one of its ends.

    Parameters
    ----------
    owner, domain : str
        The object's name and that of its domain in the plan.
    place : Place
        Where its elements are seen from.
    ends : mapping
        For synapses: the bindings of the groups at their ends.
    refractory : 'none', 'time' or 'condition'
    clock : int, optional
        The clock of its elements, where it may differ from that of the operation that looks at them.
    """

    registry: Registry
    owner: str
    domain: str
    scope: Scope
    place: Place = "own"
    ends: Mapping[str, Binding] = field(default_factory=dict)
    refractory: Literal["none", "time", "condition"] = "none"
    clock: int | None = None
    locals: dict[str, Expression] = field(default_factory=dict)

    def of_side(self, symbol: Symbol) -> Binding:
        return self if symbol.side == "own" else self.ends[symbol.side]

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
            return applied(POWERS[power], left) if power in POWERS else applied("power", left, number(float(power)))
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
        return self.registry.literal(self.domain, self.owner, value)

    def _name(self, name: str) -> Expression:
        if name in self.locals:
            return self.locals[name]
        symbol = self.scope.lookup(name)
        if symbol is None:
            raise InternalError(f"the name '{name}' of {self.owner} was not resolved before lowering")
        return self.of_side(symbol).symbol(symbol)

    def symbol(self, symbol: Symbol) -> Expression:
        """What a symbol of this object stands for."""
        name = symbol.name
        if symbol.meaning == "subexpression":
            assert symbol.definition is not None and symbol.definition.expression is not None
            return self.lower(symbol.definition.expression)
        if name == "not_refractory":
            return self.not_refractory()
        if symbol.meaning == "state":
            return Element(f"{self.domain}.{name}", self.place, symbol.type)
        if symbol.meaning == "time":
            return Time({"t": "t", "dt": "dt", "t_in_timesteps": "step"}[name])  # type: ignore[arg-type]
        if symbol.meaning == "index":
            return self.index()
        if symbol.meaning == "size":
            return self.size()
        # an integer from outside is a real number of the program: 10 and 10.5 are then the same program
        given = Given("constant", self.owner, name)
        return self.registry.parameter(
            f"{self.domain}_{name}", given, "boolean" if symbol.type == "boolean" else "real"
        )

    def index(self) -> Expression:
        return Index(self.place)

    def size(self) -> Expression:
        return self.registry.parameter(f"{self.domain}_N", Given("size", self.owner, "own"), "integer")

    def not_refractory(self) -> Expression:
        if self.refractory == "none":
            return Constant(True, "boolean")
        if self.refractory == "condition":
            return Element(f"{self.domain}.not_refractory", self.place, "boolean")
        until = Element(f"{self.domain}.refractory_until", self.place, "real")
        step = Time("step") if self.clock is None else applied("timestep", Time("t"), Time("dt", self.clock))
        return applied("greater_equal", step, until)

    def _call(self, tree: syntax.Call) -> Expression:
        if tree.function == "select":  # written by integrators only
            return applied("select", *(self.lower(argument) for argument in tree.arguments))
        row = FUNCTIONS[tree.function]
        if row.random:
            return self.registry.draw(self.domain, "uniform" if row.name == "rand" else "normal")
        return applied(row.operation, *(self.lower(argument) for argument in tree.arguments))


@dataclass
class SubgroupBinding(Binding):
    """A group seen from a synapse that reaches only some of its neurons: their indices count from the first of them."""

    synapses: str = ""
    prefix: str = ""

    def index(self) -> Expression:
        return applied("subtract", Index(self.place), self._number("first", "first"))

    def size(self) -> Expression:
        return self._number("N", "size")

    def _number(self, name: str, origin: Origin) -> Parameter:
        return self.registry.parameter(
            f"{self.prefix}_{name}_{self.place}", Given(origin, self.synapses, self.place), "integer"
        )


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
