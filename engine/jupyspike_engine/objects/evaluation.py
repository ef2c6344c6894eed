"""Evaluating expressions of a group now, outside a run: initial values, conditions, subexpressions."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..diagnostics import Problems
from ..language import syntax
from ..language.check import sort_of
from ..native import random
from ..plan.binding import Binding, Given
from ..plan.nodes import Draw, Element, Expression, Index, Invoke, Place, walk
from ..targets.interface import AnyArray, Clock, Elements, Memory, sources_at
from ..targets.numpy import Evaluation, Value
from .randomness import current_seed

# Draws outside a run have numbers of their own, so that they never meet those of a step.
OUTSIDE_RUN = 0x8000
BLOCK = 1 << 16  # elements whose values are found together: what is needed on the way takes little memory


class _SingleEvaluation(Evaluation):
    """Draws are told apart by the assignment they belong to, and between synapses by both ends.

    Of several synapses with the same ends, each draws from a stream of its own.
    """

    assignment = 0
    copies: npt.NDArray[np.int32] | None = None

    def indices(self, place: Place) -> npt.NDArray[np.int32]:
        starts = self.memory.domains[self.domain].starts
        return super().indices(place) if place != "pre" or starts is None else sources_at(starts, self.elements)

    def draw(self, draw: Draw) -> Value:
        if self.memory.domains[self.domain].starts is None:
            element, low = self.indices(draw.place), np.zeros(1, np.uint64)
        else:
            element, low = self.indices("post"), self.indices("pre").astype(np.uint64)
        step = (np.uint64(self.assignment & 0xFFFF) << np.uint64(32)) | low
        if self.copies is None:
            return self.drawn(draw, element, step, OUTSIDE_RUN | draw.number)
        return self._drawn_for_copies(draw, element, step, self.copies[self.elements])

    def _drawn_for_copies(self, draw: Draw, element: Value, step: Value, copies: npt.NDArray[np.int32]) -> Value:
        stream, values = self.memory.domains[self.domain].stream, np.empty(copies.shape)
        arguments = [np.broadcast_to(self.value(argument), copies.shape) for argument in draw.arguments]
        for copy in np.unique(copies).tolist():
            which = copies == copy
            own = zlib.crc32(copy.to_bytes(4, "little"), stream) if copy else stream
            chosen = [argument[which] for argument in arguments]
            number = OUTSIDE_RUN | draw.number
            drawn = random.DISTRIBUTIONS[draw.distribution]
            values[which] = drawn(self.memory.seed, own, element[which], step[which], number, *chosen)
        return values


class Source(Protocol):
    """What an expression asks of an object whose names it uses."""

    def array(self, name: str) -> AnyArray: ...
    def given(self, given: Given, namespace: Mapping[str, Any]) -> float: ...
    def elements(self) -> Elements: ...
    def copies(self) -> npt.NDArray[np.int32] | None: ...


@dataclass
class Surroundings:
    """What an expression is evaluated in.

    Attributes
    ----------
    binding : Binding
        The names of the object; its registry has those of the others.
    sources : mapping
        All objects whose names may be meant, by their domains.
    time, dt : float
        In seconds.
    """

    binding: Binding
    sources: Mapping[str, Source]
    namespace: Mapping[str, Any]
    time: float
    dt: float
    assignment: int = 0


@dataclass
class Prepared:
    """An expression of the plan, and what it is evaluated with."""

    expression: Expression
    memory: Memory
    parameters: Mapping[str, float]
    binding: Binding


def prepared(tree: syntax.Expression, around: Surroundings) -> Prepared:
    """Lower an expression, and collect what it needs."""
    binding, sources = around.binding, around.sources
    registry = binding.registry
    problems = Problems()
    _check_subexpressions(tree, binding, problems)
    problems.raise_if_any()
    lowered = binding.lower(tree)
    parameters = {
        name: registry.tables[given.owner].numbers[given.name]
        if given.origin == "table"
        else sources[given.owner].given(given, around.namespace)
        for name, given in registry.parameters.items()
    }
    arrays: dict[str, AnyArray] = {name: table.values for name, table in registry.tables.items()}
    for name in _arrays(lowered):
        if name not in arrays:
            domain, _, variable = name.rpartition(".")
            arrays[name] = sources[domain].array(variable)
    clocks = (Clock * 1)(Clock(round(around.time / around.dt), 0, around.dt))
    elements = {binding.domain: sources[binding.domain].elements()}
    memory = Memory(current_seed(), np.zeros(0), arrays, clocks, elements, {}, {}, {})
    return Prepared(lowered, memory, parameters, binding)


def _check_subexpressions(tree: syntax.Expression, binding: Binding, problems: Problems) -> None:
    """Report names that subexpressions use and that are nowhere to be found now, each in the scope of its owner."""
    for node in syntax.walk(tree):
        symbol = binding.scope.symbols.get(node.id) if isinstance(node, syntax.Name) else None
        if symbol is None:
            continue
        owner = binding.of_side(symbol)
        if symbol.meaning == "linked" and (link := owner.links.get(symbol.name)) is not None:
            _check_subexpressions(syntax.Name(link.variable), binding.registry.bindings[link.source], problems)
        elif symbol.meaning == "subexpression" and symbol.definition is not None and symbol.definition.expression:
            sort_of(symbol.definition.expression, owner.scope, problems)
            _check_subexpressions(symbol.definition.expression, owner, problems)


def evaluate(tree: syntax.Expression, around: Surroundings, which: npt.NDArray[np.int32] | range) -> Value:
    """The values of an expression, in SI base units, for some elements (shape of ``which``)."""
    ready = prepared(tree, around)
    nodes = list(walk(ready.expression))
    domain, registry = around.binding.domain, around.binding.registry
    copies = around.sources[domain].copies() if any(isinstance(node, Draw) for node in nodes) else None
    shape = (len(which),) if isinstance(which, range) else which.shape
    flat = which if isinstance(which, range) else which.reshape(-1)
    together = any(isinstance(node, Invoke) for node in nodes)  # a function of the user's is called once
    block = max(1, len(flat)) if together else BLOCK
    result: Value | None = None
    for first in range(0, max(1, len(flat)), block):
        part = flat[first : first + block]
        elements = np.arange(part.start, part.stop, dtype=np.int32) if isinstance(part, range) else part
        evaluation = _SingleEvaluation(ready.memory, ready.parameters, domain, elements, 0, registry.functions)
        evaluation.assignment, evaluation.copies = around.assignment, copies
        with np.errstate(all="ignore"):
            values = np.asarray(evaluation.value(ready.expression))
        if result is None:
            result = np.empty(len(flat), values.dtype)
        result[first : first + block] = values
    assert result is not None
    return result.reshape(shape)


def _arrays(expression: Expression) -> Iterator[str]:
    for node in walk(expression):
        if isinstance(node, Element):
            yield node.array
        if isinstance(node, (Element, Index)):
            yield from node.via
