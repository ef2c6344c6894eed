"""What a call of ``connect`` asks for, from its arguments to pairs of neurons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, ArgumentTypeError, Diagnostic, IndexRangeError, Span
from ...language.check import Sort
from ...language.generators import Loop, read_generator
from ...language.model import CONDITION, read_expression
from ...language.syntax import Expression, Name
from ...native.choosing import Counts, Indices, Real
from ...simulation.room import expect_room
from ...units import DIMENSIONLESS, bare
from ..sizes import MOST, whole_number
from .candidates import PairTexts, Role
from .connecting import Candidates, Connecting, Numbers

INTEGER = Sort(DIMENSIONLESS, "integer")
NUMBER = Sort(DIMENSIONLESS, "real")
Pairs = tuple[Indices, Indices]

BYTES = 8  # that a synapse takes while it is made
# Below this probability pairs are drawn before they are asked for their condition.
RARE = 0.25


def is_text(value: Any) -> bool:
    return isinstance(value, (str, Span))


@dataclass(frozen=True)
class Request:
    """A call of ``connect``.

    Parameters
    ----------
    sizes : (int, int)
        Neurons of the source and of the target.
    texts : PairTexts
        What names mean.
    p : float or Expression
        With which probability a pair is joined.
    n : int or Expression
        How many connections a pair gets.
    skip : bool
        Whether pairs outside the groups are left out.
    """

    sizes: tuple[int, int]
    texts: PairTexts
    p: float | Expression
    n: int | Expression
    skip: bool

    def pairs(self, condition: Any, i: Any, j: Any) -> Pairs:
        """Sources and targets of the connections, counted from the first of each group.

        Raises
        ------
        UserError
        """
        if condition is not None and (i is not None or j is not None):
            raise ArgumentError("give either a condition or indices, not both")
        if is_text(i) or is_text(j):
            return self._generated(i, j)
        if i is not None or j is not None:
            return self._given(i, j)
        if isinstance(condition, (bool, np.bool_)):
            return (self if condition else replace(self, p=0.0))._conditional(None)
        if condition is not None and not is_text(condition):
            raise ArgumentTypeError("the condition of connect must be a text", found=repr(condition))
        return self._conditional(condition)

    # the forms of connect

    def _conditional(self, condition: str | Span | None) -> Pairs:
        """All pairs, or those for which a condition holds."""
        sources, targets = self.sizes
        tree = None if condition is None else read_expression(condition, "condition of connect")
        self.texts.check(tree, CONDITION, "the condition of connect")
        if isinstance(self.p, float) and (tree is None or self.p < RARE):
            if tree is None:
                expected = self.p * sources * targets
                if expected > MOST:
                    raise too_many(expected)
                expect_room(BYTES * expected, f"{expected:,.0f} synapses")
            return replace(self, p=1.0)._joined(Numbers.below(targets, sources, self.p), Connecting(targets), tree)
        return self._joined(Numbers.below(targets, sources), Connecting(targets), tree)

    def _generated(self, i: Any, j: Any) -> Pairs:
        """One side as an expression of the other, or as a loop."""
        if i is not None and j is not None:
            raise ArgumentTypeError("with i or j as a text, the other one must not be given")
        forward = i is None
        here, there = "ij" if forward else "ji"
        generator = read_generator(j if forward else i, f"{there} of connect")
        loop, value = generator.loop, generator.value
        texts = replace(
            self.texts, known="pre" if forward else "post", variable=None if loop is None else loop.variable
        )
        if loop is not None and loop.variable == here:
            problem = f"'{here}' is the index of the side that is gone through, and cannot be a variable of the text"
            texts.problems.add(problem, value.span, "name", hint="choose another name behind 'for'")
        texts.check(value, NUMBER, f"'{there}'", other_known=False)  # digits behind the point are cut off
        texts.check(generator.condition, CONDITION, "the condition")
        request = replace(self, texts=texts)
        rows, others = self.sizes if forward else self.sizes[::-1]
        numbers = Numbers.below(1, rows) if loop is None else request._numbers(loop, rows)
        texts.problems.raise_if_any()

        def outside(row: int, other: int) -> None:
            raise self._outside(*((row, other) if forward else (other, row)), value.span)

        plain = loop is not None and value == Name(loop.variable)
        connecting = Connecting(
            others,
            outside=None if self.skip else outside,
            value=None if plain else texts.values(value, Role.OTHER),
            of_ends=texts.needs_ends(generator.condition),
        )
        return request._joined(numbers, connecting, generator.condition)

    def _given(self, i: Any, j: Any) -> Pairs:
        """Pairs given by their numbers."""
        if i is None or j is None:
            raise ArgumentError("connect needs i and j, or one of them as an expression such as j='i'")
        arrays = []
        for name, value in (("i", i), ("j", j)):
            array = np.atleast_1d(np.asarray(value))
            if array.dtype.kind not in "iu" and array.size:
                raise ArgumentTypeError(f"{name} must hold whole numbers", found=repr(value))
            arrays.append(array.ravel())
        try:
            pre, post = np.broadcast_arrays(*arrays)
        except ValueError:
            sizes = f"{len(arrays[0])} and {len(arrays[1])}"
            raise ArgumentError("i and j must have the same length", found=sizes) from None
        inside = (pre >= 0) & (pre < self.sizes[0]) & (post >= 0) & (post < self.sizes[1])
        if not inside.all():
            if not self.skip:
                k = int(np.flatnonzero(~inside)[0])
                raise self._outside(int(pre[k]), int(post[k]))
            pre, post = pre[inside], post[inside]
        sources, targets = pre.astype(np.int32), post.astype(np.int32)
        if self.p == 1.0 and self.n == 1:
            return sources, targets
        request = replace(self, texts=replace(self.texts, ends=sources))
        connecting = Connecting(self.sizes[1], value=lambda block: targets[block.row])
        made, others = request._joined(Numbers.below(1, len(sources)), connecting, None)
        return sources[made], others

    # what they share

    def _joined(self, numbers: Numbers, connecting: Connecting, condition: Expression | None) -> Pairs:
        """Sources and targets (of pairs that are given: their numbers and targets)."""
        texts, p, n = self.texts, self.p, self.n
        texts.check(None if isinstance(p, float) else p, NUMBER, "the probability")
        texts.check(None if isinstance(n, int) else n, INTEGER, "the number of synapses for a pair")
        texts.problems.raise_if_any()
        connecting = replace(
            connecting,
            condition=None if condition is None else texts.values(condition, Role.CONDITION),
            chance=p if isinstance(p, float) else texts.values(p, Role.CHANCE),
            copies=n if isinstance(n, int) else self._copies(n),
        )
        counts, others = connecting.run(numbers, texts.counters, MOST)
        if len(others) > MOST:
            raise too_many(len(others))
        rows = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        return (rows, others) if texts.known == "pre" else (others, rows)

    def _copies(self, tree: Expression) -> Any:
        values = self.texts.values(tree, Role.COPIES)

        def checked(block: Candidates) -> npt.NDArray[Any]:
            copies: npt.NDArray[Any] = values(block)
            if copies.size and copies.min() < 0:
                problem = "the number of synapses for a pair must be at least 0"
                raise ArgumentError(Diagnostic(problem, tree.span, found=str(copies.min())))
            return copies

        return checked

    def _numbers(self, loop: Loop, rows: int) -> Numbers:
        """What each row runs through."""
        texts = replace(self.texts, variable=None)
        bounds = {Role.START: loop.start, Role.STOP: loop.stop, Role.STEP: loop.step}
        for tree in bounds.values():
            texts.check(tree, INTEGER, "a bound of the range", other_known=False)
        texts.check(loop.p, NUMBER, "the probability", other_known=False)
        texts.check(loop.size, INTEGER, "the size of the sample", other_known=False)
        texts.problems.raise_if_any()
        row = np.arange(rows, dtype=np.int32)
        zero = np.zeros(rows, np.int64)
        every = Candidates(0, zero + 1, row, zero, zero, zero)
        start, stop, step = (texts.values(tree, role)(every).astype(np.int64) for role, tree in bounds.items())
        if not step.all():
            raise ArgumentError(Diagnostic("a range cannot have steps of 0", loop.step.span))
        length = np.maximum(0, (stop - start + step - np.sign(step)) // step)
        if rows and length.max() > MOST:
            raise ArgumentError(Diagnostic("the range is too long", loop.stop.span, found=f"{length.max():,} numbers"))
        p = None if loop.p is None else self._chances(texts.values(loop.p, Role.SAMPLE_P)(every), loop.p)
        size = None if loop.size is None else texts.values(loop.size, Role.SAMPLE_SIZE)(every).astype(np.int64)
        return Numbers(start, step, length, p, None if size is None else self._sizes(size, length, loop))

    def _chances(self, p: Any, tree: Expression) -> Real:
        wrong = ~((p >= 0) & (p <= 1))
        if wrong.any():
            problem = "a probability lies between 0 and 1"
            raise ArgumentError(Diagnostic(problem, tree.span, found=self._of_row(p, wrong)))
        return np.asarray(p, np.float64)

    def _sizes(self, size: Counts, length: Counts, loop: Loop) -> Counts:
        wrong = (size < 0) | (size > length)
        if wrong.any() and not self.skip:
            assert loop.size is not None
            k = int(np.flatnonzero(wrong)[0])
            raise IndexRangeError(
                Diagnostic(
                    f"a sample of {size[k]} cannot be taken from {length[k]} numbers", loop.size.span,
                    found=self._of_row(size, wrong), expected=f"0 to {length[k]}",
                    hint="skip_if_invalid=True takes as many as there are",
                )
            )  # fmt: skip
        return np.clip(size, 0, length)

    def _of_row(self, values: npt.NDArray[Any], wrong: npt.NDArray[np.bool_]) -> str:
        k = int(np.flatnonzero(wrong)[0])
        return f"{values[k]} for {'i' if self.texts.known == 'pre' else 'j'} = {k}"

    def _outside(self, i: int, j: int, place: Span | None = None) -> IndexRangeError:
        return IndexRangeError(
            Diagnostic(
                f"the connection from {i} to {j} is outside the groups", place, "index",
                expected=f"i from 0 to {self.sizes[0] - 1}, j from 0 to {self.sizes[1] - 1}",
                hint="skip_if_invalid=True leaves such connections out",
            )
        )  # fmt: skip


def too_many(number: float) -> ArgumentError:
    return ArgumentError(f"{number:,.0f} synapses are more than the {MOST:,} that are possible")


def probability(p: Any) -> float:
    """A probability given as a number."""
    value, dimension = bare(p)
    if dimension != DIMENSIONLESS or np.ndim(value) or np.asarray(value).dtype.kind not in "fiu":
        raise ArgumentTypeError("p must be a number or a text", found=repr(p))
    if not 0 <= float(value) <= 1:
        raise ArgumentError("a probability lies between 0 and 1", found=f"p = {p}")
    return float(value)


def chance_of(p: Any) -> float | Expression:
    """The argument ``p`` of connect."""
    return read_expression(p, "p of connect") if is_text(p) else probability(p)


def copies_of(n: Any) -> int | Expression:
    """The argument ``n`` of connect."""
    if is_text(n):
        return read_expression(n, "n of connect")
    return whole_number(n, "the number of synapses for a pair", least=0)
