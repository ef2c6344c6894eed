"""Expressions for pairs of neurons that are not connected yet: conditions, probabilities, the other end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

import numpy as np

from ...diagnostics import Problems
from ...language.check import Sort
from ...language.model import check_value
from ...language.scope import Scope, Side, Symbol
from ...language.syntax import Expression, Name, walk
from ...native.choosing import Counters, Indices
from ...plan.nodes import Draw, Local, Place
from ...targets.interface import AnyArray
from ...targets.numpy.evaluation import Evaluation
from ...targets.numpy.functions import Value
from ..evaluation import OUTSIDE_RUN, Prepared, Surroundings, prepared
from .connecting import Candidates


class Role(IntEnum):
    """What an expression is for; each role draws random numbers of its own."""

    OTHER = 1
    CONDITION = 2
    CHANCE = 3
    COPIES = 4
    START = 5
    STOP = 6
    STEP = 7
    SAMPLE_P = 8
    SAMPLE_SIZE = 9


@dataclass
class PairTexts:
    """What texts about pairs of neurons mean.

    Parameters
    ----------
    symbols : mapping
        What names mean at a synapse.
    surroundings : callable
        What expressions with a scope are evaluated in.
    known : 'pre' or 'post'
        The side that is gone through row by row; the other one is to be found.
    firsts : mapping
        For each side, the place of its first neuron within the whole group.
    ends : array of int, optional
        The neuron of the known side for each row, where that is not the row itself.
    variable : str, optional
        The name of the numbers that a row runs through.
    """

    symbols: Mapping[str, Symbol]
    scope: Scope
    surroundings: Callable[[Scope], Surroundings]
    counters: Counters
    firsts: Mapping[Side, int]
    known: Side = "pre"
    ends: Indices | None = None
    variable: str | None = None
    problems: Problems = field(default_factory=Problems)

    def __post_init__(self) -> None:
        around = {n: s for n, s in self.symbols.items() if s.side != "own" or s.meaning == "time"}
        around = {n: s for n, s in around.items() if s.meaning not in ("incoming", "outgoing")}
        if self.variable is not None:
            around[self.variable] = Symbol(self.variable, "index", type="integer")
        self.scope = replace(self.scope, symbols=around)

    def check(self, tree: Expression | None, wanted: Sort, what: str, other_known: bool = True) -> None:
        """Collect what is wrong with an expression."""
        if tree is None:
            return
        before = len(self.problems.found)
        for node in walk(tree):
            if isinstance(node, Name) and node.id != self.variable and node.id in self.symbols:
                self._check_name(node, self.symbols[node.id], other_known)
        if len(self.problems.found) == before:
            with self.problems.collecting():
                check_value(tree, self.scope, wanted, what)

    def _check_name(self, node: Name, symbol: Symbol, other_known: bool) -> None:
        if node.id not in self.scope.symbols:
            sizes = "N_pre and N_post are the sizes of the groups"
            hint = sizes if node.id == "N" else "it gets its values after connect()"
            self.problems.add(
                f"'{node.id}' belongs to the synapses, which are yet to be made", node.span, "name", hint=hint
            )
        elif symbol.side not in ("own", self.known) and symbol.meaning != "size" and not other_known:
            other = "target" if self.known == "pre" else "source"
            self.problems.add(
                f"'{node.id}' belongs to the {other}, which this text is to find", node.span, "name",
                hint="behind 'if' it may be used" if symbol.meaning != "index" else f"use {'ij'[self.known == 'post']}",
            )  # fmt: skip

    def needs_ends(self, tree: Expression | None) -> bool:
        """Whether an expression looks at neurons of the side that is to be found."""
        names = (node.id for node in walk(tree) if isinstance(node, Name)) if tree is not None else ()
        found = [self.scope.symbols[name] for name in names if name in self.scope.symbols]
        values = ("state", "subexpression", "linked")
        return any(symbol.side not in ("own", self.known) and symbol.meaning in values for symbol in found)

    def values(self, tree: Expression, role: Role) -> Callable[[Candidates], Any]:
        """The values of an expression for candidates, in SI base units."""
        around = self.surroundings(self.scope)
        if self.variable is not None:
            around.binding.locals[self.variable] = Local(self.variable, "integer")
        ready = prepared(tree, around)

        def of(block: Candidates) -> AnyArray:
            evaluation = _OfCandidates(ready, self, block, role)
            with np.errstate(all="ignore"):
                value = np.asarray(evaluation.value(ready.expression))
            value = value.astype(np.int64) if role not in _REAL and value.dtype != np.bool_ else value
            if len(block.shape) == 1:
                return np.broadcast_to(value, block.shape)
            return value if value.ndim else value.reshape(1, 1)

        return of


_REAL = (Role.CHANCE, Role.SAMPLE_P)


class _OfCandidates(Evaluation):
    def __init__(self, ready: Prepared, texts: PairTexts, block: Candidates, role: Role) -> None:
        nobody = np.empty(0, np.int32)
        super().__init__(ready.memory, ready.parameters, ready.domain, nobody, 0, ready.functions)
        self.texts, self.block, self.role = texts, block, role
        if texts.variable is not None:
            self.locals[texts.variable] = block.number

    def indices(self, place: Place) -> Any:
        block, texts = self.block, self.texts
        if place == "one":
            return super().indices(place)
        if place != texts.known:
            return block.other + texts.firsts[place]
        ends = block.row if texts.ends is None else texts.ends[block.row]
        return ends + texts.firsts[place]

    def draw(self, draw: Draw) -> Value:
        step = self.block.place.astype(np.uint64) | np.uint64(self.texts.counters.step)
        return self.drawn(draw, self.block.row, step, OUTSIDE_RUN | self.role << 8 | draw.number)
