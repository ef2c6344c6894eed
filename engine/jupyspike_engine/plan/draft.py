"""A plan in the making: what has been declared so far, and the operations with their turns in the time step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..diagnostics import ArgumentError
from .binding import Binding, Registry
from .earlier import with_earlier
from .network import Moment, Network, slot_position
from .nodes import (
    Array,
    Detect,
    Domain,
    Event,
    Inject,
    Operation,
    Pathway,
    Plan,
    Propagate,
    Propagator,
    React,
    Recorder,
    RecordEvents,
    RecordRate,
    Update,
)
from .reciprocals import multiplied


@dataclass(frozen=True)
class Label:
    """What an operation of the plan is to the user: whose it is, and when it acts."""

    name: str
    kind: str
    moment: Moment


@dataclass(frozen=True)
class Scheduled:
    """An operation that an object, or a ``part`` of it, does at a moment whose slot has a place in the step."""

    operation: Operation
    owner: str
    part: str
    moment: Moment
    slot: int

    @property
    def turn(self) -> tuple[int, int, str, int, str]:
        """By what operations are ordered within a step: objects made again, with other numbers, keep their order."""
        return self.slot, self.moment.order, *stem_and_number(self.owner), self.part

    @property
    def label(self) -> Label:
        return Label(self.moment.name or self.owner, type(self.operation).__name__, self.moment)


@dataclass
class Draft:
    """The plan of a network as far as it is known."""

    network: Network
    registry: Registry = field(default_factory=Registry)
    domains: list[Domain] = field(default_factory=list)
    arrays: dict[str, Array] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    pathways: list[Pathway] = field(default_factory=list)
    recorders: list[Recorder] = field(default_factory=list)
    propagators: list[Propagator] = field(default_factory=list)
    scheduled: list[Scheduled] = field(default_factory=list)

    @property
    def bindings(self) -> dict[str, Binding]:
        """The names of each object's texts, by the name of the object."""
        return self.registry.bindings

    def declare(self, *arrays: Array) -> None:
        """Let the plan have arrays; those that it has already stay as they are."""
        for array in arrays:
            self.arrays.setdefault(array.name, array)

    def add(self, moment: Moment, owner: str, operation: Operation, part: str = "") -> None:
        """Let an object do an operation at a moment of each step."""
        if isinstance(operation, Update):
            operation = multiplied(operation)
        if isinstance(operation, (Update, React)):
            copies, operation = with_earlier(operation, self.arrays)
            self.declare(*copies)
            for copying in copies.values():
                self.add(moment, owner, copying, part)
        slot = slot_position(moment.when, self.network.schedule)
        self.scheduled.append(Scheduled(operation, owner, part, moment, slot))

    def finished(self) -> tuple[Plan, tuple[Label, ...]]:
        """The plan, and a label for each of its operations.

        Raises
        ------
        ArgumentError
            Something waits for events in a slot in which they are not known yet.
        """
        ordered = sorted(self.scheduled, key=lambda item: item.turn)
        self._check_order_of_events(ordered)
        registry = self.registry
        tables = (Array(name, None, table.type, table.values.dtype.name) for name, table in registry.tables.items())
        computed = (n for p in self.propagators if p.domain is None for *_, n in (*p.exponential, *p.integral))
        plan = Plan(
            self.network.clocks,
            tuple(self.domains),
            (*self.arrays.values(), *registry.indices.values(), *tables),
            (*registry.parameters, *computed),
            tuple(self.events),
            tuple(self.pathways),
            tuple(self.recorders),
            tuple(self.propagators),
            tuple(item.operation for item in ordered),
            tuple(registry.functions.values()),
        )
        return plan, tuple(item.label for item in ordered)

    def _check_order_of_events(self, ordered: Iterable[Scheduled]) -> None:
        of_pathway = {pathway.name: pathway.event for pathway in self.pathways}
        found: set[str] = set()
        for item in ordered:
            operation = item.operation
            if isinstance(operation, (Detect, Inject)):
                found.add(operation.event)
            elif isinstance(operation, (React, Propagate, RecordEvents, RecordRate)):
                event = of_pathway[operation.pathway] if isinstance(operation, Propagate) else operation.event
                if event not in found:
                    raise ArgumentError(
                        f"'{item.owner}' acts before the events that it waits for are found in a time step",
                        hint="give it a later slot or a higher order: spikes are found in the slot 'thresholds'",
                    )


def stem_and_number(name: str) -> tuple[str, int]:
    """What names are ordered by: synapses_2 comes before synapses_10."""
    stem, _, number = name.rpartition("_")
    return (stem, int(number)) if stem and number.isdecimal() else (name, 0)
