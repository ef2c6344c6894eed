"""Expressions and statements of a plan, evaluated for many elements at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ...diagnostics import UserError
from ...language.functions import Type
from ...native import random
from ...numerics.adaptive import solve
from ...numerics.matrix_exponential import small_exponential
from ...plan.nodes import (
    Apply,
    Constant,
    Draw,
    Element,
    Exponentiate,
    Expression,
    Function,
    Index,
    Invoke,
    Law,
    Let,
    Local,
    Lookup,
    Parameter,
    Place,
    Solve,
    Statement,
    Store,
    Time,
)
from ..interface import Memory
from .functions import FUNCTIONS, Value, real

Indices = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]
_FIRST = np.zeros((), np.int32)
_WIDEST: dict[Type, type[np.generic]] = {"real": np.float64, "integer": np.int64, "boolean": np.bool_}


@dataclass
class Evaluation:
    """Evaluates expressions for some elements of a domain.

    Parameters
    ----------
    elements : array of int
        The elements, in the numbering of the domain; for synapses ``pre`` and ``post`` are found from them.
    """

    memory: Memory
    parameters: Mapping[str, float]
    domain: str
    elements: Indices
    clock: int
    functions: Mapping[str, Function] = field(default_factory=dict)
    locals: dict[str, Value] = field(default_factory=dict)
    laws: dict[str, list[Value]] = field(default_factory=dict)

    def indices(self, place: Place) -> Indices:
        if place == "one":
            return _FIRST
        if place == "own":
            return self.elements
        ends = self.memory.domains[self.domain]
        end = ends.pre if place == "pre" else ends.post
        assert end is not None
        return end[self.elements]

    def followed(self, place: Place, via: tuple[str, ...]) -> Indices:
        """The indices at a place, led through arrays of indices."""
        indices = self.indices(place)
        for array in via:
            indices = self.memory.arrays[array][indices]  # type: ignore[assignment]  # these arrays hold indices
        return indices

    def value(self, expression: Expression) -> Value:
        if isinstance(expression, Apply):
            return FUNCTIONS[expression.operation](*(self.value(argument) for argument in expression.arguments))
        if isinstance(expression, Element):
            values = self.memory.arrays[expression.array][self.followed(expression.place, expression.via)]
            return values.astype(_WIDEST[expression.type], copy=False)
        if isinstance(expression, Local):
            return self.locals[expression.name]
        if isinstance(expression, Constant):
            return np.asarray(expression.value)
        if isinstance(expression, Parameter):
            convert = {"real": float, "integer": int, "boolean": bool}[expression.type]
            return np.asarray(convert(self.parameters[expression.name]))
        if isinstance(expression, Index):
            return self.followed(expression.place, expression.via).astype(np.int64)
        if isinstance(expression, Draw):
            return self.draw(expression)
        if isinstance(expression, Lookup):
            found = self.memory.arrays[expression.table][self.value(expression.position)]
            return np.asarray(found).astype(_WIDEST[expression.type], copy=False)
        if isinstance(expression, Invoke):
            return self.invoke(expression)
        return self.time(expression)

    def time(self, time: Time) -> Value:
        clock = self.memory.clocks[self.clock if time.clock is None else time.clock]
        return np.asarray({"t": clock.time, "dt": clock.dt, "step": clock.step}[time.quantity])

    def draw(self, draw: Draw) -> Value:
        """The numbers of these elements in this step."""
        return self.drawn(draw, self.indices(draw.place), self.memory.clocks[self.clock].step, draw.number)

    def drawn(self, draw: Draw, elements: npt.ArrayLike, step: npt.ArrayLike, number: int) -> Value:
        arguments = self.laws[draw.law] if draw.law else [self.value(argument) for argument in draw.arguments]
        stream = self.memory.domains[self.domain].stream
        return random.DISTRIBUTIONS[draw.distribution](self.memory.seed, stream, elements, step, number, *arguments)

    def invoke(self, call: Invoke) -> Value:
        function = self.functions[call.function].python
        if function is None:
            raise UserError(
                f"the function '{call.function}' has no implementation for numpy", kind="build",
                hint="give it one with @implementation('numpy', ...), or choose prefs.codegen.target = 'cpp'",
            )  # fmt: skip
        arguments = [self.value(argument) for argument in call.arguments]
        return np.asarray(function(self, *arguments)).astype(_WIDEST[call.type], copy=False)

    def run(self, statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            if isinstance(statement, Exponentiate):
                self.exponentiate(statement)
                continue
            if isinstance(statement, Solve):
                self.solve(statement)
                continue
            if isinstance(statement, Law):
                self.laws[statement.name] = [self.value(argument) for argument in statement.arguments]
                continue
            value = self.value(statement.value)
            if isinstance(statement, Let):
                self.locals[statement.name] = value
            else:
                self.store(statement, value)

    def exponentiate(self, statement: Exponentiate) -> None:
        size = math.isqrt(len(statement.entries))
        shape = self.elements.shape
        entries = [np.broadcast_to(real(self.value(entry)), shape) for entry in statement.entries]
        rows = small_exponential([entries[size * r : size * (r + 1)] for r in range(size)])
        self.locals |= dict(zip(statement.names, (entry for row in rows for entry in row), strict=True))

    def solve(self, statement: Solve) -> None:
        arrays, own = self.memory.arrays, self.elements
        clock = self.memory.clocks[self.clock]

        def rates(which: npt.NDArray[np.intp], t: Real, states: list[Real]) -> list[Real]:
            outer = {name: value[which] if np.ndim(value) else value for name, value in self.locals.items()}
            inner = replace(self, elements=own[which], locals=outer)
            inner.locals |= {"solve_t": t, **dict(zip(statement.states, states, strict=True))}
            inner.run(statement.body)
            return [np.broadcast_to(real(inner.locals[name]), t.shape) for name in statement.rates]

        progress = solve(
            statement.tableau,
            rates,
            [real(arrays[name][own]) for name in statement.arrays],
            [np.broadcast_to(real(self.value(bound)), own.shape) for bound in statement.tolerances],
            clock.time,
            clock.dt,
            np.zeros(own.shape) if statement.last is None else real(arrays[statement.last][own]),
            float(self.value(statement.most)),
            statement.adaptable,
        )
        for name, state in zip(statement.arrays, progress.states, strict=True):
            arrays[name][own] = state
        kept = ((statement.last, progress.last), (statement.failed, progress.failed), (statement.count, progress.count))
        for array, values in kept:
            if array is not None:
                arrays[array][own] = values
        if not progress.finished.all():
            arrays[statement.unfinished][own[~progress.finished]] = clock.time + clock.dt
            self.memory.stop = True

    def store(self, statement: Store, value: Value) -> None:
        self.memory.arrays[statement.array][self.indices(statement.place)] = value
