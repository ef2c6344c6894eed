"""Parts of groups that act at a time of their own in each step: each can be moved in the schedule or switched off."""

from __future__ import annotations

from typing import Any

from ..language.syntax import Block
from ..plan.network import Moment
from .base import SimulatedObject
from .clocks import Clock


class Part(SimulatedObject):
    """Something that a group does in each step, such as updating its state or looking for spikes.

    Attributes
    ----------
    when, order
        Slot of the time step and order within it; both can be set.
    active : bool
        Switches this part off.
    """

    add_to_magic_network = True
    invalidates_magic_network = False  # it has no state of its own
    acts = True
    warns_if_unused = False

    def __init__(self, owner: Any, name: str, when: str, order: int, clock: Clock | None = None) -> None:
        super().__init__(name, None, clock or owner.clock, when, order)
        self.owner = owner

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        return (self.owner,)

    def moment(self, clock: int) -> Moment | None:
        """When it acts; None while it, or the group it belongs to, is switched off."""
        return self.place(clock) if self.active and self.owner.active else None

    def place(self, clock: int) -> Moment:
        """When it acts if it is switched on."""
        return Moment(clock, self.when, self.order, self.name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"


class StateUpdater(Part):
    """Integrates the differential equations of a group."""


class SubexpressionUpdater(Part):
    """Computes the subexpressions that are constant over a step."""


class SummedVariableUpdater(Part):
    """Adds up a summed variable over the synapses."""


class Thresholder(Part):
    """Finds the elements that have an event."""

    def __init__(self, owner: Any, event: str, name: str, when: str, order: int) -> None:
        super().__init__(owner, name, when, order)
        self.event = event


class Resetter(Part):
    """Runs the code for the elements that had an event."""

    def __init__(self, owner: Any, event: str, name: str, when: str, order: int) -> None:
        super().__init__(owner, name, when, order)
        self.event = event


class RegularOperation(Part):
    """Runs statements for all elements at each tick of a clock; made by ``run_regularly`` and its relatives."""

    def __init__(
        self, owner: Any, group: Any, block: Block, clock: Clock | None, when: str, order: int, name: str
    ) -> None:
        super().__init__(owner, name, when, order, clock)
        self.group = group  # the owner itself, or the part of it that the statements are for
        self.block = block
