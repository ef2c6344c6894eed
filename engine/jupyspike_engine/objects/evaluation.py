"""Evaluating expressions of a group now, outside a run: initial values, conditions, subexpressions."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..diagnostics import Problems
from ..language import syntax
from ..language.check import sort_of
from ..native import random
from ..plan.binding import Binding, Given
from ..plan.nodes import Draw, Element, Expression, Function, Index, Place
from ..plan.traversal import walk
from ..targets.interface import AnyArray, Clock, Elements, Memory
from ..targets.numpy.evaluation import Evaluation
from ..targets.numpy.functions import Value
from ..targets.rows import sources_at
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
        if self.memory.domains[self.domain].post is None:
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
    domain: str
    functions: Mapping[str, Function]

    def reads_elsewhere(self, array: AnyArray) -> bool:
        """Whether the value for an element depends on what other elements have in an array."""
        used = [node for node in walk(self.expression) if isinstance(node, Element)]
        others = [self.memory.arrays[node.array] for node in used if node.place != "own" or node.via]
        return any(np.may_share_memory(array, other) for other in others)


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
    return Prepared(lowered, memory, parameters, binding.domain, registry.functions)


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


@dataclass
class Values:
    """What an expression gives for some elements, in SI base units: computed a block after the other.

    Functions of the user get all elements in one call.
    """

    ready: Prepared
    which: npt.NDArray[np.int32] | range
    assignment: int = 0
    copies: Callable[[], npt.NDArray[np.int32] | None] = lambda: None

    def blocks(self) -> Iterator[tuple[slice, npt.NDArray[np.int32], AnyArray]]:
        """Places among the elements, the elements and their values; at least one block."""
        ready, which = self.ready, self.which if isinstance(self.which, range) else self.which.reshape(-1)
        draws = any(isinstance(node, Draw) for node in walk(ready.expression))
        copies = self.copies() if draws else None
        block = max(1, len(which)) if ready.functions else BLOCK
        for first in range(0, max(1, len(which)), block):
            part = slice(first, min(first + block, len(which)))
            chosen = which[part]
            elements = np.arange(chosen.start, chosen.stop, dtype=np.int32) if isinstance(chosen, range) else chosen
            evaluation = _SingleEvaluation(ready.memory, ready.parameters, ready.domain, elements, 0, ready.functions)
            evaluation.assignment, evaluation.copies = self.assignment, copies
            with np.errstate(all="ignore"):
                value = evaluation.value(ready.expression)
            yield part, elements, np.broadcast_to(value, elements.shape)

    def whole(self) -> AnyArray:
        """The values for all of the elements (shape of ``which``)."""
        result: AnyArray | None = None
        for part, _, values in self.blocks():
            if result is None:
                result = np.empty(len(self.which) if isinstance(self.which, range) else self.which.size, values.dtype)
            result[part] = values
        assert result is not None
        return result if isinstance(self.which, range) else result.reshape(self.which.shape)

    def write(self, array: AnyArray) -> None:
        """Give the elements, none of which is there twice, their values in an array."""
        if self.ready.reads_elsewhere(array):
            array[np.asarray(self.which)] = self.whole().astype(array.dtype)
            return
        for _, elements, values in self.blocks():
            array[elements] = values.astype(array.dtype)


def values_of(tree: syntax.Expression, around: Surroundings, which: npt.NDArray[np.int32] | range) -> Values:
    """What an expression gives for some elements."""
    source = around.sources[around.binding.domain]
    return Values(prepared(tree, around), which, around.assignment, source.copies)


def _arrays(expression: Expression) -> Iterator[str]:
    for node in walk(expression):
        if isinstance(node, Element):
            yield node.array
        if isinstance(node, (Element, Index)):
            yield from node.via
