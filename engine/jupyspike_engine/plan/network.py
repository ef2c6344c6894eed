"""What is lowered to a plan: the checked models of a network, and when each of its parts acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..diagnostics import UnknownNameError, nearest
from ..language.model import NeuronModel, SynapseModel
from ..language.scope import Scope
from ..language.syntax import Block, Expression
from ..numerics.cable import CableRule
from ..numerics.system import UpdateRule
from .binding import Link

SLOTS = ("start", "groups", "thresholds", "synapses", "resets", "end")


def slot_position(when: str, schedule: Sequence[str] = SLOTS) -> int:
    """Place of a slot in the step; ``before_`` and ``after_`` a slot are slots too.

    Raises
    ------
    ArgumentError
        There is no such slot.
    """
    positions: dict[str, int] = {}
    for place, slot in enumerate(schedule):
        positions |= {f"before_{slot}": 3 * place, slot: 3 * place + 1, f"after_{slot}": 3 * place + 2}
    if when not in positions:
        hint = nearest(when, schedule) or f"slots are: {', '.join(schedule)}, each also with before_ and after_"
        raise UnknownNameError(f"'{when}' is not a slot of the time step", hint=hint)
    return positions[when]


@dataclass(frozen=True)
class Moment:
    """When in the step something happens: clock, slot and order within the slot; ``name`` is whose doing it is."""

    clock: int
    when: str
    order: int
    name: str = ""


@dataclass(frozen=True)
class Regular:
    """Statements for all elements of an object, or of a part of it.

    ``part`` is then the name of what chooses that part, and has the values of the constants.
    """

    block: Block
    scope: Scope
    moment: Moment
    part: str | None = None


@dataclass(frozen=True)
class Neurons:
    """A group of neurons: model, meaning of its names, rule of integration and when its parts act.

    Parts that are switched off have no moment. ``moments`` are those of the update of the state, of the subexpressions
    that are constant over a step, of the detection of each event and of the reaction to it. ``silent`` are the events
    that are not looked for, so that there are none. ``cable`` is the rule for the potential of compartments,
    ``diffusion`` those for species that diffuse along the tree, which come after it; the events ``in_part`` are looked
    for in some elements only, which its numbers of these names tell.
    """

    name: str
    model: NeuronModel
    scope: Scope
    rule: UpdateRule | None
    clock: int
    update: Moment | None = None
    once: Moment | None = None
    event_moments: Mapping[str, Moment] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    reaction_moments: Mapping[str, Moment] = field(default_factory=dict)
    injected: bool = False  # its spikes come from a list
    regular: tuple[Regular, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    storage: Mapping[str, str] = field(default_factory=dict)
    cable: CableRule | None = None
    diffusion: tuple[CableRule, ...] = ()
    in_part: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Synapses:
    """Synapses between two groups, or onto other synapses; ``event_driven`` solves lazy equations.

    ``sums`` are the moments of the summed variables, ``beside`` the variables whose values lie side by side in memory;
    for the rest see `Neurons`.
    """

    name: str
    model: SynapseModel
    scope: Scope
    source: str
    target: str
    rule: UpdateRule | None
    event_driven: UpdateRule | None
    clock: int
    update: Moment | None
    once: Moment | None
    moments: Mapping[str, Moment]
    sums: Mapping[str, Moment] = field(default_factory=dict)
    regular: tuple[Regular, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    storage: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


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
class HostCall:
    """Something that only the host can do, at a moment of the step."""

    name: str
    moment: Moment


@dataclass(frozen=True)
class Network:
    """All parts of a network, in the order in which they were made."""

    clocks: int
    neurons: tuple[Neurons, ...]
    synapses: tuple[Synapses, ...]
    recordings: tuple[Recording, ...]
    calls: tuple[HostCall, ...] = ()
    schedule: tuple[str, ...] = SLOTS
