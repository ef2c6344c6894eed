"""Functions that users bring along, as the plan has them: tables of values, and code for each target."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ..language.functions import Type
from .binding import Binding, Given, PlanFunction, Table, applied
from .nodes import Constant, Distribution, Expression, Function, Index, Invoke, Lookup, Parameter

AnyArray = npt.NDArray[np.generic]
TYPES: dict[str, Type] = {"f": "real", "i": "integer", "u": "integer", "b": "boolean"}


@dataclass(frozen=True)
class TableFunction(PlanFunction):
    """A function of time (and of a number) that is constant over steps of its own and given by a table.

    Attributes
    ----------
    table : Table
        Values by step (and by number, which varies faster), with the numbers ``dt`` (s), ``rows`` and ``columns``.
    """

    table: Table = field(default_factory=lambda: Table(np.zeros(0)))

    def lowered(self, binding: Binding, arguments: tuple[Expression, ...]) -> Expression:
        name = binding.registry.table(self.table)

        def number(of: str, type_: Type) -> Parameter:
            return binding.registry.parameter(f"{name}_{of}", Given("table", name, of), type_)

        one, zero = Constant(1, "integer"), Constant(0, "integer")
        passed = applied("divide", arguments[0], number("dt", "real"))
        # a time is a product of rounded numbers: what it lacks of a whole step must not count
        nearly = applied("multiply", Constant(1e-12, "real"), applied("add", passed, Constant(1.0, "real")))
        step = applied("floor", applied("add", passed, nearly))
        position = applied("clip", step, zero, applied("subtract", number("rows", "integer"), one))
        type_ = TYPES[self.table.values.dtype.kind]
        if len(arguments) == 1:
            return Lookup(name, position, type_)
        # what the language calls an integer may be real in the plan: numbers from outside are
        column = arguments[1] if arguments[1].type == "integer" else applied("int", arguments[1])
        columns = number("columns", "integer")
        inside = applied("and", applied("greater_equal", column, zero), applied("less", column, columns))
        kept = applied("clip", column, zero, applied("subtract", columns, one))
        found = Lookup(name, applied("add", applied("multiply", position, columns), kept), type_)
        return applied("select", inside, found, Constant(float("nan"), "real")) if type_ == "real" else found


@dataclass(frozen=True)
class DrawFunction(PlanFunction):
    """A function without arguments that draws from a distribution, whose ``numbers`` stand in a table."""

    distribution: Distribution = "binomial"
    table: Table = field(default_factory=lambda: Table(np.zeros(0)))
    numbers: tuple[str, ...] = ()

    def lowered(self, binding: Binding, arguments: tuple[Expression, ...]) -> Expression:
        name = binding.registry.table(self.table)
        given = tuple(
            binding.registry.parameter(f"{name}_{number}", Given("table", name, number)) for number in self.numbers
        )
        return binding.registry.draw(binding.domain, self.distribution, binding.place, given)


@dataclass(frozen=True)
class CodeFunction(PlanFunction):
    """A function given as code for targets.

    Attributes
    ----------
    code : mapping
        Text for each target that compiles.
    python : callable, optional
        Computes it on plain arrays.
    tables : mapping
        Arrays that the text reads, by the name it has for them.
    dependencies : mapping
        Other functions that the text calls, by the name it has for them.
    indexed : bool
        Whether it is also given the number of the element.
    """

    code: Mapping[str, str] = field(default_factory=dict)
    python: Callable[..., object] | None = None
    tables: Mapping[str, AnyArray] = field(default_factory=dict)
    dependencies: Mapping[str, CodeFunction] = field(default_factory=dict)
    argument_types: tuple[Type, ...] = ()
    indexed: bool = False
    build: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def called(self, name: str) -> CodeFunction:
        """With the name that its code defines: its own, or that of the variable by which it is called."""
        return replace(self, name=name) if self._defines(name) and not self._defines(self.name) else self

    def _defines(self, name: str) -> bool:
        return any(re.search(rf"\b{re.escape(name)}\s*\(", text) for text in self.code.values())

    def lowered(self, binding: Binding, arguments: tuple[Expression, ...]) -> Expression:
        self._registered(binding)
        type_ = self.type
        if type_ == "highest":
            type_ = "real" if any(argument.type == "real" for argument in arguments) else "integer"
        index = (Index(binding.place, binding.via),) if self.indexed else ()
        return Invoke(self.name, (*arguments, *index), type_)

    def _registered(self, binding: Binding) -> None:
        registry = binding.registry
        if self.name in registry.functions:
            return
        for other in self.dependencies.values():
            other._registered(binding)
        registry.functions[self.name] = Function(
            self.name,
            self.argument_types,
            "real" if self.type == "highest" else self.type,
            self.code,
            self.python,
            {name: registry.table(Table(values)) for name, values in self.tables.items()},
            tuple(other.name for other in self.dependencies.values()),
            self.build,
        )
