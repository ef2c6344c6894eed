"""Functions that users bring along, as the plan has them: tables of values, and code for each target."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
import numpy.typing as npt

from ..language.functions import Type
from .binding import Binding, Given, PlanFunction, Registry, Table, applied
from .nodes import Constant, Distribution, Expression, Function, Index, Invoke, Lookup, Parameter

AnyArray = npt.NDArray[np.generic]
# What programs call things where they call functions, and functions of the library of C++ for numbers of any type: a
# function of the user's with such a name would be out of sight there.
OWN_NAMES = {
    "m", "i", "k", "t", "dt", "step", "clock", "domain", "seed", "stream", "pre", "post", "first", "end", "events",
    "slot", "head", "base", "size", "meets", "reach", "position", "recorder", "row", "states", "rates", "rate", "w",
    "own", "own_end", "begin", "found", "found_end", "stop", "bad", "numbers", "tolerances", "progress", "outer", "x",
    "abs", "fabs", "round", "rint", "trunc", "fmod", "remainder", "fmin", "fmax", "fdim", "fma", "hypot", "cbrt",
    "exp2", "log2", "logb", "erf", "erfc", "lgamma", "tgamma",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
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
        type_ = self.table.type
        if len(arguments) == 1:
            return Lookup(name, position, type_)
        # what the language calls an integer may be real in the plan: numbers from outside are
        column = arguments[1] if arguments[1].type == "integer" else applied("int", arguments[1])
        columns = number("columns", "integer")
        inside = applied("and", applied("greater_equal", column, zero), applied("less", column, columns))
        kept = applied("clip", column, zero, applied("subtract", columns, one))
        found = Lookup(name, applied("add", applied("multiply", position, columns), kept), type_)
        return found if type_ == "boolean" else applied("select", inside, found, Constant(float("nan"), "real"))


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
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
        name = self._registered(binding.registry)
        type_ = self.type
        if type_ == "highest":
            type_ = "real" if any(argument.type == "real" for argument in arguments) else "integer"
        index = (Index(binding.place, binding.via),) if self.indexed else ()
        return Invoke(name, (*self._converted(arguments), *index), type_)

    def _converted(self, arguments: tuple[Expression, ...]) -> tuple[Expression, ...]:
        """The arguments, those for integers as such: whole numbers from outside are real in the plan."""
        wanted = self.argument_types or ("real",) * len(arguments)
        return tuple(
            applied("int", argument) if type_ == "integer" and argument.type == "real" else argument
            for argument, type_ in zip(arguments, wanted, strict=True)
        )

    def _registered(self, registry: Registry) -> str:
        """Its name in the plan: another one where another function, or an array of one, has its name already."""
        known = next((name for other, name in registry.function_names.items() if self._is(other)), None)
        if known is not None:
            return known
        names = {used: other._registered(registry) for used, other in self.dependencies.items()}
        tables = {name: registry.table(Table(values)) for name, values in self.tables.items()}
        taken = {name: table for function in registry.functions.values() for name, table in function.tables.items()}
        names |= {name: _another(name, {n for n in taken if taken[n] != table}) for name, table in tables.items()}
        defined = all(re.search(rf"\b{self.name}\s*\(", text) for text in self.code.values())
        taken_names = registry.functions.keys() | (OWN_NAMES if defined else ())
        name = names[self.name] = registry.function_names[self] = _another(self.name, taken_names)
        registry.functions[name] = Function(
            name,
            self.argument_types,
            "real" if self.type == "highest" else self.type,
            {target: _renamed(text, names) for target, text in self.code.items()},
            self.python,
            {names[in_text]: table for in_text, table in tables.items()},
            tuple(names[used] for used in self.dependencies),
            self.build,
        )
        return name

    def _is(self, other: object) -> bool:
        """Whether another function is this one, or has the same text that reads the same arrays."""
        if self is other or not isinstance(other, CodeFunction) or not self.code:
            return self is other
        text, tables, dependencies = (self.name, self.code, self.build), self.tables, self.dependencies
        return (
            text == (other.name, other.code, other.build)
            and tables.keys() == other.tables.keys()
            and all(tables[name] is other.tables[name] for name in tables)
            and dependencies.keys() == other.dependencies.keys()
            and all(dependencies[name]._is(other.dependencies[name]) for name in dependencies)
        )


def _another(name: str, taken: Container[str]) -> str:
    """The name, with a number if it is taken."""
    return name if name not in taken else next(new for k in count(2) if (new := f"{name}_{k}") not in taken)


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """A text with other names in place of some."""
    changed = {old: new for old, new in names.items() if old != new}
    pattern = "|".join(map(re.escape, changed))
    return re.sub(rf"\b({pattern})\b", lambda found: changed[found[0]], text) if changed else text
