"""What is lowered to a plan: the checked models of a network, and when each of its parts acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..language.model import NeuronModel, SynapseModel
from ..language.scope import Scope
from ..language.syntax import Expression
from ..numerics.system import UpdateRule

SLOTS = ("start", "groups", "thresholds", "synapses", "resets", "end")


def slot_position(when: str) -> int:
    """Place of a slot in the step; ``before_`` and ``after_`` a slot are slots too.

    Raises
    ------
    KeyError
        There is no such slot.
    """
    positions: dict[str, int] = {}
    for place, slot in enumerate(SLOTS):
        positions |= {f"before_{slot}": 3 * place, slot: 3 * place + 1, f"after_{slot}": 3 * place + 2}
    return positions[when]


@dataclass(frozen=True)
class Moment:
    """When in the step something happens: clock, slot and order within the slot."""

    clock: int
    when: str
    order: int


@dataclass(frozen=True)
class Neurons:
    """A group of neurons: model, meaning of its names, rule of integration and when it acts."""

    name: str
    model: NeuronModel
    scope: Scope
    rule: UpdateRule | None
    clock: int
    order: int = 0
    event_moments: Mapping[str, Moment] = field(default_factory=dict)
    reaction_moments: Mapping[str, Moment] = field(default_factory=dict)


@dataclass(frozen=True)
class Synapses:
    """Synapses between two groups; ``orders`` places pathways in their slot, ``event_driven`` solves lazy equations."""

    name: str
    model: SynapseModel
    scope: Scope
    source: str
    target: str
    rule: UpdateRule | None
    event_driven: UpdateRule | None
    clock: int
    order: int
    moments: Mapping[str, Moment]


@dataclass(frozen=True)
class Recording:
    """What a monitor writes down of an object, and when."""

    name: str
    kind: Literal["events", "state", "rate"]
    source: str
    moment: Moment
    event: str = "spike"
    values: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class Network:
    """All parts of a network, in the order in which they were made."""

    clocks: int
    neurons: tuple[Neurons, ...]
    synapses: tuple[Synapses, ...]
    recordings: tuple[Recording, ...]
