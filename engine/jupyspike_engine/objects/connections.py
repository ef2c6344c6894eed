"""Connections between two groups: making them, counting them, and values for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError, Diagnostic, IndexRangeError, Span
from ..language.check import Sort
from ..language.expressions import expression
from ..language.model import CONDITION, read_expression
from ..language.scope import Symbol
from ..language.syntax import Expression
from ..plan.binding import Binding
from ..plan.nodes import Place
from ..targets.interface import AnyArray, Elements
from ..units import DIMENSIONLESS, bare
from .base import SimulatedObject
from .connecting import Pairs, all_pairs, by_source, pairs_with_condition, pairs_with_probability, thinned
from .neurongroup import MOST, AnyGroup, whole, whole_number
from .owner import Known, Namespace, VariableOwner
from .pathways import SynapticPathway
from .randomness import current_seed

Indices = npt.NDArray[np.int32]
INTEGER = Sort(DIMENSIONLESS, "integer")
NUMBER = Sort(DIMENSIONLESS, "real")


class Connections(VariableOwner):
    """Pairs of neurons, and variables for each pair.

    They are numbered as they were made, and stored by source and then by target; ``_creation`` gives the place of
    storage for each number, or is None where both orders are the same.
    """

    source: AnyGroup
    target: AnyGroup
    pre_indices: Indices  # within the whole source group, in the order of storage
    post_indices: Indices
    pathways: dict[str, SynapticPathway]
    _creation: Indices | None

    def allocate(self, size: int) -> None:
        """Make room for the variables of a number of connections."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.pre_indices)

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        return (whole(self.source)[0], whole(self.target)[0])

    @property
    def i(self) -> Indices:
        """The source of each synapse, counted from the first of the source."""
        return self.in_creation_order(self.pre_indices - np.int32(whole(self.source)[1]))

    @property
    def j(self) -> Indices:
        """The target of each synapse, counted from the first of the target."""
        return self.in_creation_order(self.post_indices - np.int32(whole(self.target)[1]))

    def in_creation_order(self, stored: Indices) -> Indices:
        return stored if self._creation is None else stored[self._creation]

    def indices_of(self, item: Any) -> Indices:
        """Positions of storage for numbers of synapses, ``[i, j]`` pairs of neurons or a condition."""
        if isinstance(item, tuple):
            if len(item) != 2:
                problem = f"synapses of '{self.name}' are reached by [source, target]"
                raise IndexRangeError(problem, kind="index", found=f"{len(item)} indices")
            found = self._of_pairs(*item)
        elif isinstance(item, str):
            tree = expression(item, f"condition for '{self.name}'")
            every = self.in_creation_order(np.arange(len(self), dtype=np.int32))
            holds = self.evaluate(tree, every, CONDITION, "the condition")
            return np.asarray(every[holds.astype(bool)])
        else:
            found = super().indices_of(item)
        return found if self._creation is None else self._creation[found]

    def _of_pairs(self, pre: Any, post: Any) -> Indices:
        """Numbers of the synapses between chosen neurons."""
        sides = []
        for chosen, group, ends in ((pre, self.source, self.i), (post, self.target, self.j)):
            try:
                neurons = np.arange(len(group))[chosen]
            except IndexError:
                message = f"the index {chosen!r} is outside '{group.name}'"
                raise IndexRangeError(message, kind="index", expected=f"0 to {len(group) - 1}") from None
            sides.append(np.isin(ends, neurons))
        return np.flatnonzero(sides[0] & sides[1]).astype(np.int32)

    def read(self, symbol: Symbol, item: Any) -> AnyArray:
        if symbol.meaning == "index" and symbol.name == "i":
            which = self.indices_of(item)
            ends, group = (self.pre_indices, self.source) if symbol.side == "pre" else (self.post_indices, self.target)
            return ends[which] - np.int32(whole(group)[1])
        return super().read(symbol, item)

    # connecting

    def connect(
        self,
        condition: str | Span | bool | None = None,
        i: Any = None,
        j: Any = None,
        p: Any = 1.0,
        n: Any = 1,
        skip_if_invalid: bool = False,
    ) -> None:
        """Make synapses.

        Parameters
        ----------
        condition : str, optional
            A condition on ``i``, ``j`` and variables of both sides (``x_pre``, ``x_post``); all pairs without it.
        i, j : int, array of int or str, optional
            Sources and targets in pairs, or one of them as an expression of the other, such as ``j='i'``.
        p : float or str
            Probability of each connection, a number or an expression.
        n : int
            Number of synapses for each pair.
        skip_if_invalid : bool
            Leave out pairs outside the groups instead of refusing them.

        Raises
        ------
        UserError
            Indices out of range, a probability outside 0 to 1, text with problems.
        """
        copies = whole_number(n, "the number of synapses for a pair", least=0)
        if condition is not None and (i is not None or j is not None):
            raise ArgumentError("give either a condition or indices, not both")
        assignment = self.stream.next_assignment()
        if i is not None or j is not None:
            pairs = self._given_pairs(i, j, skip_if_invalid)
            pairs = self._with_probability(pairs, p, assignment)
        else:
            pairs = self._drawn_pairs(condition, p, assignment)
        if len(pairs[0]) * copies > MOST:
            raise ArgumentError(f"{len(pairs[0]) * copies:,} synapses are more than the {MOST:,} that are possible")
        self._add(np.repeat(pairs[0], copies), np.repeat(pairs[1], copies))

    def _drawn_pairs(self, condition: Any, p: Any, assignment: int) -> Pairs:
        sizes = len(self.source), len(self.target)
        if condition is None or condition is True:
            tree = None
            chance = 1.0 if isinstance(p, (str, Span)) else self._probability(p)
            if (expected := sizes[0] * sizes[1] * chance) > MOST:
                raise ArgumentError(f"{expected:,.0f} synapses are more than the {MOST:,} that are possible")
        elif isinstance(condition, (str, Span)):
            tree = self._text(condition, "condition of connect")
        else:
            raise ArgumentTypeError("the condition of connect must be a text", found=repr(condition))
        if isinstance(p, (str, Span)) or tree is not None:
            if not isinstance(p, (str, Span)) and 0 <= self._probability(p) < 0.25:
                pairs = pairs_with_probability(
                    *sizes, self._probability(p), current_seed(), self.stream.key, assignment
                )
                keep = (
                    self._of_candidates(tree, pairs, CONDITION, "the condition").astype(bool) if tree else slice(None)
                )
                return pairs[0][keep], pairs[1][keep]
            pairs = all_pairs(*sizes) if tree is None else self._meeting(tree)
            return self._with_probability(pairs, p, assignment)
        return pairs_with_probability(*sizes, self._probability(p), current_seed(), self.stream.key, assignment)

    def _meeting(self, tree: Expression) -> Pairs:
        def holds(i: Indices, j: Indices) -> AnyArray:
            return self._of_candidates(tree, (i, j), CONDITION, "the condition of connect")

        return pairs_with_condition(len(self.source), len(self.target), holds)

    @staticmethod
    def _text(text: str | Span, title: str) -> Expression:
        return read_expression(text, title)

    @staticmethod
    def _probability(p: Any) -> float:
        value, dimension = bare(p)
        if dimension != DIMENSIONLESS or np.ndim(value) or np.asarray(value).dtype.kind not in "fiu":
            raise ArgumentTypeError("p must be a number or a text", found=repr(p))
        if not 0 <= float(value) <= 1:
            raise ArgumentError("a probability lies between 0 and 1", found=f"p = {p}")
        return float(value)

    def _with_probability(self, pairs: Pairs, p: Any, assignment: int) -> Pairs:
        if isinstance(p, (str, Span)):
            chances = self._of_candidates(self._text(p, "p of connect"), pairs, NUMBER, "the probability")
            return thinned(pairs, chances.astype(np.float64), current_seed(), self.stream.key, assignment)
        value = self._probability(p)
        return pairs if value >= 1 else thinned(pairs, value, current_seed(), self.stream.key, assignment)

    def _given_pairs(self, i: Any, j: Any, skip: bool) -> Pairs:
        if isinstance(i, (str, Span)) or isinstance(j, (str, Span)):
            return self._mapped_pairs(i, j, skip)
        if i is None or j is None:
            raise ArgumentError("connect needs i and j, or one of them as an expression such as j='i'")
        arrays = []
        for name, value in (("i", i), ("j", j)):
            array = np.atleast_1d(np.asarray(value))
            if array.dtype.kind not in "iu" and array.size:
                raise ArgumentTypeError(f"{name} must hold whole numbers", found=repr(value))
            arrays.append(array.astype(np.int64).ravel())
        try:
            pre, post = np.broadcast_arrays(*arrays)
        except ValueError:
            sizes = f"{len(arrays[0])} and {len(arrays[1])}"
            raise ArgumentError("i and j must have the same length", found=sizes) from None
        return self._within(pre, post, skip)

    def _mapped_pairs(self, i: Any, j: Any, skip: bool) -> Pairs:
        """One side as an expression of the other."""
        if (i is None) == (j is None):
            raise ArgumentError("with i or j as a text, the other one must not be given")
        text, here, there = (j, self.source, "j") if i is None else (i, self.target, "i")
        known = np.arange(len(here), dtype=np.int32)
        nothing = np.zeros(len(here), np.int32)
        tree = self._text(text, f"{there} of connect")
        candidates = (known, nothing) if there == "j" else (nothing, known)
        mapped = self._of_candidates(tree, candidates, INTEGER, f"'{there}'").astype(np.int64)
        pre, post = (known, mapped) if there == "j" else (mapped, known)
        return self._within(pre, post, skip, tree.span)

    def _within(self, pre: npt.NDArray[Any], post: npt.NDArray[Any], skip: bool, place: Span | None = None) -> Pairs:
        inside = (pre >= 0) & (pre < len(self.source)) & (post >= 0) & (post < len(self.target))
        if not inside.all() and not skip:
            k = int(np.flatnonzero(~inside)[0])
            problem = Diagnostic(
                f"the connection from {pre[k]} to {post[k]} is outside the groups", place, "index",
                expected=f"i from 0 to {len(self.source) - 1}, j from 0 to {len(self.target) - 1}",
                hint="skip_if_invalid=True leaves such connections out",
            )  # fmt: skip
            raise IndexRangeError(problem)
        return pre[inside].astype(np.int32), post[inside].astype(np.int32)

    def _of_candidates(self, tree: Expression, pairs: Pairs, wanted: Sort, what: str) -> AnyArray:
        """The value of an expression for pairs of neurons that are not connected yet."""
        kept = self.pre_indices, self.post_indices
        self._set("pre_indices", pairs[0] + np.int32(whole(self.source)[1]))
        self._set("post_indices", pairs[1] + np.int32(whole(self.target)[1]))
        try:
            return self.evaluate(tree, np.arange(len(pairs[0]), dtype=np.int32), wanted, what)
        finally:
            self._set("pre_indices", kept[0])
            self._set("post_indices", kept[1])

    def _add(self, i: Indices, j: Indices) -> None:
        """Add synapses behind the present ones, and bring all into the order of storage."""
        before = len(self)
        pre = np.concatenate([self.in_creation_order(self.pre_indices), i + np.int32(whole(self.source)[1])])
        post = np.concatenate([self.in_creation_order(self.post_indices), j + np.int32(whole(self.target)[1])])
        old = {
            name: self.in_creation_order(array)  # type: ignore[arg-type]
            for name, array in self.arrays.items() if not self.symbols[name].shared
        }  # fmt: skip
        earlier = slice(None) if self._creation is None else self._creation
        delays = {name: path.delays_ for name, path in self.pathways.items()}
        sorted_already = bool((np.diff(pre) >= 0).all()) if len(pre) else True
        order = None if sorted_already else by_source(pre, post, int(post.max()) + 1)
        creation = None
        if order is not None:
            creation = np.empty(len(order), np.int32)
            creation[order] = np.arange(len(order), dtype=np.int32)
            pre, post = pre[order], post[order]
        self._set("pre_indices", np.ascontiguousarray(pre, np.int32))
        self._set("post_indices", np.ascontiguousarray(post, np.int32))
        self._set("_creation", creation)
        self.allocate(len(pre))
        where = slice(0, before) if creation is None else creation[:before]
        for name, values in old.items():
            self.arrays[name][where] = values
        for path, own in delays.items():
            if not isinstance(own, float):
                self.pathways[path].values[where] = own[earlier]

    # for expressions outside a run

    def bound(self, known: Known) -> Binding:
        for end in (self.source, self.target):
            if whole(end)[0].name not in known.sources:
                whole(end)[0].bound(known)
        binding = Binding(known.registry, self.name, self.name, self.scope(known.namespace), links=self.plan_links())
        sides: tuple[tuple[Place, Any], ...] = (("pre", self.source), ("post", self.target))
        binding.ends = {
            side: known.registry.bindings[whole(end)[0].name].seen_from(side, part=self.name, prefix=self.name)
            for side, end in sides
        }
        return known.add(self, binding)

    def given(self, given: Any, namespace: Namespace) -> float:
        ends = {"pre": self.source, "post": self.target}
        if given.origin in ("first", "size") and given.name in ends:
            _, first, stop = whole(ends[given.name])
            return float(first if given.origin == "first" else stop - first)
        return super().given(given, namespace)

    def side(self, side: str) -> tuple[Indices, int, int]:
        """The ends of the synapses on a side, in the order of storage, with the first and the number of those there."""
        _, first, stop = whole(self.source if side == "pre" else self.target)
        return (self.pre_indices if side == "pre" else self.post_indices), first, stop - first

    def array(self, name: str) -> AnyArray:
        if name in ("_pre", "_post"):
            return self.pre_indices if name == "_pre" else self.post_indices
        if name in ("N_incoming", "N_outgoing"):
            side, end = ("post", self.target) if name == "N_incoming" else ("pre", self.source)
            counts = np.bincount(self.side(side)[0], minlength=len(whole(end)[0]))
            return np.ascontiguousarray(counts, np.int32)
        return super().array(name)

    def elements(self) -> Elements:
        return Elements(len(self), self.stream.key, self.pre_indices, self.post_indices)
