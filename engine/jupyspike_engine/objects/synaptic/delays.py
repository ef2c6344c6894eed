"""How the delays of synapses are kept: exactly as they were written, in as few bytes as that takes.

One delay for all is a number. Delays from an expression such as ``rand()*5*ms``, which gives the same whenever it is
evaluated, are not kept at all: they are computed when they are asked for. Few different ones are a list of them and a
place in it for each synapse (one or two bytes); what remains takes eight bytes for each synapse. A common factor that
was moved while the network runs is kept beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError
from ...language.functions import ELEMENTARY
from ...plan.nodes import Apply, Constant, Draw, Expression, Index, Parameter
from ...plan.traversal import walk
from ...targets.interface import Elements
from ...targets.rows import IN_BLOCK
from ..allocation import zeros
from ..evaluation import Values

Real = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int32]
Some = slice | Indices  # synapses by their places of storage


class Delays(Protocol):
    """Delays of synapses in seconds, in the order of storage."""

    @property
    def nbytes(self) -> int: ...
    def at(self, places: Some) -> Real:
        """The delays of some synapses."""
        ...

    def each(self) -> tuple[npt.NDArray[np.generic], ...]:
        """The arrays that have a value for each synapse."""
        ...


@dataclass(frozen=True)
class Listed:
    """Delays that are kept one by one."""

    values: Real

    @property
    def nbytes(self) -> int:
        return self.values.nbytes

    def at(self, places: Some) -> Real:
        return self.values[places]

    def each(self) -> tuple[Real]:
        return (self.values,)


@dataclass(frozen=True)
class Few:
    """Few different delays: ``numbers[code]`` for each synapse."""

    numbers: Real
    codes: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

    @property
    def nbytes(self) -> int:
        return self.numbers.nbytes + self.codes.nbytes

    def at(self, places: Some) -> Real:
        return self.numbers[self.codes[places]]

    def each(self) -> tuple[npt.NDArray[np.uint8] | npt.NDArray[np.uint16]]:
        return (self.codes,)

    def written(self, places: Some, delays: Real) -> Few | None:
        """With other delays at some places; None if that makes too many different ones."""
        numbers, codes = self.numbers, self.codes
        found = _found(numbers, delays)
        missing = numbers[found] != delays
        if missing.any():
            numbers = np.concatenate([numbers, np.unique(delays[missing])])
            if len(numbers) > MOST:
                return None
            found = _found(numbers, delays)
        if len(numbers) > 1 << 8 * codes.itemsize:
            codes = codes.astype(np.uint16)
        codes[places] = found
        return Few(numbers, codes)


MOST = 1 << 16  # different delays of `Few`


def _found(numbers: Real, delays: Real) -> npt.NDArray[np.intp]:
    """Where delays stand among numbers; anywhere for those that do not."""
    order = np.argsort(numbers)
    return order[np.minimum(np.searchsorted(numbers, delays, sorter=order), len(numbers) - 1)]


@dataclass(frozen=True)
class Computed:
    """Delays that an expression gives for the neurons at both ends and from random numbers that can be drawn again."""

    values: Values
    elements: Callable[[], Elements]  # the synapses as they are stored now
    stream: int  # of the random numbers
    nbytes = 0

    @staticmethod
    def possible(expression: Expression) -> bool:
        """Whether an expression gives the same, to the last bit, whenever it is evaluated and for however many."""
        return all(_steady(node) for node in walk(expression))

    def at(self, places: Some) -> Real:
        elements = replace(self.elements(), stream=self.stream)
        which = np.arange(*places.indices(elements.size), dtype=np.int32) if isinstance(places, slice) else places
        domains = {self.values.ready.domain: elements}
        ready = replace(self.values.ready, memory=replace(self.values.ready.memory, domains=domains))
        return np.asarray(replace(self.values, ready=ready, which=which).whole(), np.float64)

    def each(self) -> tuple[()]:
        return ()


@dataclass(frozen=True)
class Scaled:
    """Other delays, which are kept as they are, times a factor."""

    delays: Delays
    factor: float

    @property
    def nbytes(self) -> int:
        return self.delays.nbytes

    def at(self, places: Some) -> Real:
        return self.delays.at(places) * self.factor

    def each(self) -> tuple[npt.NDArray[np.generic], ...]:
        return self.delays.each()


def scaled(delays: float | Delays, factor: float) -> float | Delays:
    """Delays times a factor.

    Raises
    ------
    ArgumentError
        The factor is negative, or not finite.
    """
    if not 0 <= factor < float("inf"):
        raise ArgumentError("delays can be multiplied by zero or more", found=f"{factor:g}")
    if isinstance(delays, float):
        return delays * factor
    return delays if factor == 1 else Scaled(delays, factor)


def _steady(node: Expression) -> bool:
    if isinstance(node, Index):
        return node.place in ("pre", "post") and not node.via
    if isinstance(node, Apply):  # powers and the like may differ in the last bit with the number of values
        return node.operation not in (*ELEMENTARY, "power")
    return isinstance(node, (Constant, Parameter, Draw))


def checked(delays: Real) -> Real:
    """Delays as they come from the user, if they are delays.

    Raises
    ------
    ArgumentError
    """
    if not np.isfinite(delays).all() or (delays < 0).any():
        raise ArgumentError("delays must be finite and not negative")
    return delays


def of_values(values: Values, elements: Callable[[], Elements]) -> Delays:
    """The delays that an expression gives for all synapses, in the order of storage."""
    if Computed.possible(values.ready.expression):
        for _, _, block in values.blocks():
            checked(np.asarray(block, np.float64))
        ready = replace(values.ready, memory=replace(values.ready.memory, domains={}))
        return Computed(replace(values, ready=ready, which=np.empty(0, np.int32)), elements, elements().stream)
    return listed(checked(np.asarray(values.whole(), np.float64)))


def listed(delays: Real) -> Delays:
    """Delays of all synapses, in the order of storage."""
    return written(0.0, len(delays), None, delays)


def written(before: float | Delays, size: int, places: Indices | None, delays: Real) -> Delays:
    """The delays of so many synapses with other ones at some places, or at all; what is there already may change."""
    if isinstance(before, float):
        before = Few(np.array([before]), zeros(size, np.uint8).view(np.uint8))
    delays = delays.reshape(-1)
    parts = [(part, part if places is None else places.reshape(-1)[part]) for part in _parts(len(delays))]
    few = before if isinstance(before, Few) else None
    for part, at in parts:
        few = few.written(at, delays[part]) if few is not None else None
        before = few or before
    if few is not None:
        return few
    kept = before if isinstance(before, Listed) else Listed(_whole(before, size))
    for part, at in parts:
        kept.values[at] = delays[part]
    return kept


def _whole(delays: Delays, size: int) -> Real:
    kept: Real = zeros(size, np.float64).view(np.float64)
    for part in _parts(size):
        kept[part] = delays.at(part)
    return kept


def _parts(size: int) -> Iterator[slice]:
    return (slice(first, min(first + IN_BLOCK, size)) for first in range(0, size, IN_BLOCK))
