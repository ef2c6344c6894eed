"""Sharing the work of a step among threads: who does what, and where all must wait for each other.

The elements of each domain are divided into parts, each with an owner among the threads. An operation is done by all
threads, each for elements of its own, or by the first thread alone. Synapses that an event reaches are done by the
owner of the neuron that they write to, so that what reaches a neuron comes in one order whatever the number of threads.

Two operations need a barrier between them where one writes what the other, in another thread, reads or writes. The host
acts between two calls of the program, so for all threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from .nodes import (
    Call,
    Detect,
    Element,
    Eliminate,
    Expression,
    Index,
    Inject,
    Lookup,
    Operation,
    Plan,
    Propagate,
    React,
    RecordEvents,
    RecordRate,
    RecordState,
    Solve,
    Store,
    Sum,
    Update,
)
from .traversal import expressions_of, statements_of, walk

# How elements are divided: by their numbers, by the cells they belong to, or (synapses) by the owners of the neurons at
# one end; alone: not at all.
Division = Literal["number", "cell", "pre", "post", "alone"]
ALONE: Division = "alone"


@dataclass(frozen=True, slots=True)
class Access:
    """A use of an array, a list of events or a recorder; ``division`` is None for elements that others own."""

    what: str
    writes: bool
    division: Division | None

    def meets(self, other: Access) -> bool:
        """Whether the two may be uses of one value by two threads, one of which writes."""
        if self.what != other.what or not (self.writes or other.writes):
            return False
        return self.division is None or self.division != other.division


@dataclass(frozen=True)
class Sharing:
    """How the threads share a plan.

    Attributes
    ----------
    divisions : tuple
        How each operation is divided.
    waits : tuple of bool
        Whether all wait for each other before an operation. They do so at the end of each step too.
    """

    divisions: tuple[Division, ...]
    waits: tuple[bool, ...]


def shared(plan: Plan) -> Sharing:
    """How the threads share the operations of a plan."""
    divisions = tuple(division_of(operation, plan) for operation in plan.operations)
    waits: list[bool] = []
    since: set[Access] = set()
    for operation, division in zip(plan.operations, divisions, strict=True):
        accesses = set(accesses_of(operation, division, plan))
        waits.append(isinstance(operation, Call) or any(a.meets(b) for a in accesses for b in since))
        if waits[-1]:
            since = set()
        if isinstance(operation, Detect) and division != ALONE and plan.clocks == 1:
            # all wait within it, if it is due, before the events are put together
            since, accesses = set(), {Access(_of_event(operation.event), True, ALONE)}
        since |= accesses
    return Sharing(divisions, tuple(waits))


def division_of(operation: Operation, plan: Plan) -> Division:
    """How the elements of an operation are divided among threads: not, where one thread would write what others use."""
    division = _wanted(operation)
    accesses = [a for a in accesses_of(operation, division, plan) if not a.what.startswith("event ")]
    return ALONE if any(a.meets(b) for a in accesses for b in accesses) else division


def _wanted(operation: Operation) -> Division:
    if isinstance(operation, (Update, Detect, React)):
        return "number"
    if isinstance(operation, Eliminate):
        return "cell"
    if isinstance(operation, Propagate):  # the end that the synapses write to
        return "pre" if any(isinstance(s, Store) and s.place == "pre" for s in operation.statements) else "post"
    return ALONE


def divisions_of_pathways(plan: Plan) -> dict[str, Division]:
    """How the synapses of each pathway are divided."""
    return {o.pathway: division_of(o, plan) for o in plan.operations if isinstance(o, Propagate)}


def accesses_of(operation: Operation, division: Division, plan: Plan) -> Iterator[Access]:
    """What an operation uses, and how that is divided."""

    def access(array: str, place: str, via: tuple[str, ...] = (), writes: bool = False) -> Access:
        if division == ALONE:
            return Access(array, writes, ALONE)
        if via or place == "one":
            return Access(array, writes, None)
        if place == "own":
            return Access(array, writes, division)
        return Access(array, writes, "number" if place == division else None)

    nodes = [node for root in expressions_of(operation) for node in walk(root)]
    for node in nodes:
        yield from _read(node, access)
    for statement in statements_of(operation):
        if isinstance(statement, Store):
            yield access(statement.array, statement.place, writes=True)
        elif isinstance(statement, Solve):
            for array in statement.written:
                yield access(array, "own", writes=True)
    if isinstance(operation, Sum):
        yield Access(operation.array, True, ALONE)
    if isinstance(operation, Eliminate):
        yield from (access(array, "own", writes=True) for array in (operation.diagonal, operation.right))
    if isinstance(operation, (Detect, Inject)):
        yield Access(_of_event(operation.event), True, ALONE)
    event = _waited_for(operation, plan)
    if event is not None:
        yield Access(_of_event(event), False, ALONE if division == ALONE else None)
    if isinstance(operation, (RecordEvents, RecordState, RecordRate)):
        yield Access(f"recorder {operation.recorder}", True, ALONE)


def _read(node: Expression, access: Callable[..., Access]) -> Iterator[Access]:
    if isinstance(node, Element):
        yield access(node.array, node.place, node.via)
    if isinstance(node, (Element, Index)):
        for step, array in enumerate(node.via):
            yield access(array, node.place, node.via[:step])
    if isinstance(node, Lookup):
        yield access(node.table, "one")


def _waited_for(operation: Operation, plan: Plan) -> str | None:
    """The event whose elements an operation goes through."""
    if isinstance(operation, Propagate):
        return next(p.event for p in plan.pathways if p.name == operation.pathway)
    return operation.event if isinstance(operation, (React, RecordEvents, RecordRate)) else None


def _of_event(event: str) -> str:
    return f"event {event}"
