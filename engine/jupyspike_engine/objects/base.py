"""What all simulated objects have: a name, a clock, a place in the schedule."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError, nearest
from ..plan.network import SLOTS, slot_position
from .clocks import Clock, defaultclock
from .naming import register
from .scopes import current_scope
from .unused import NoticedIfUnused


def checked_schedule(slots: Sequence[str]) -> tuple[str, ...]:
    """The slots of a time step that a user asks for.

    Raises
    ------
    ArgumentError
        They are not a list of different names, or begin with ``before_`` or ``after_``.
    """
    schedule = tuple(slots)
    for slot in schedule:
        if not isinstance(slot, str) or slot.startswith(("before_", "after_")) or schedule.count(slot) > 1:
            raise ArgumentError(
                f"{slot!r} cannot be a slot of the schedule", expected="different names; before_ and after_ are added"
            )
    return schedule


class SimulatedObject(NoticedIfUnused):
    """The base of groups, synapses and monitors.

    Attributes
    ----------
    name : str
    clock : Clock
    when, order
        Slot of the time step and order within it.
    active : bool
        Switches the object off during runs.
    watchers : WeakKeyDictionary
        What looks at the object during runs without belonging to its network, for so many live views.
    add_to_magic_network : bool
        Whether ``run()`` simulates the object where its name is visible. Classes of one's own may set it.
    invalidates_magic_network : bool
        Whether the object counts when ``run()`` tells what goes on from what is new; those that only watch do not, so
        they may join a simulation at any time.

    Examples
    --------
    >>> G = NeuronGroup(4, 'v : volt', name='exc')
    >>> isinstance(G, BrianObject), G.name, G.active
    (True, 'exc', True)
    """

    name: str
    clock: Clock
    when: str
    order: int
    active: bool
    watchers: weakref.WeakKeyDictionary[Any, int]
    _scope_number: int
    _network: weakref.ref[Any] | None

    # Whether the object itself does something in a time step, besides what its parts do.
    acts = False
    add_to_magic_network = False
    invalidates_magic_network = True

    def __init__(
        self, name: str, dt: Any = None, clock: Clock | None = None, when: str = "start", order: int = 0
    ) -> None:
        if dt is not None and clock is not None:
            raise ArgumentError("give either dt or clock, not both")
        if clock is not None and not isinstance(clock, Clock):
            raise ArgumentTypeError(f"clock must be a Clock, not {clock!r}")
        self._set("clock", clock or (Clock(dt) if dt is not None else defaultclock))
        if not isinstance(when, str):
            raise ArgumentTypeError("when is the name of a slot", found=repr(when))
        if nearest(when, SLOTS):  # a misspelt one; others may be slots of a network's own schedule
            slot_position(when)
        self._set("when", when)
        self._set("order", order)
        self._set("active", True)
        self._set("watchers", weakref.WeakKeyDictionary())
        self._set("_scope_number", current_scope())
        self._set("_network", None)
        self._set("name", register(self, name))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    @property
    def dt(self) -> Any:
        """The time step of the object's clock."""
        return self.clock.dt

    @property
    def simulated_by(self) -> Any:
        """The network that has run this object, if it still exists."""
        reference: weakref.ref[Any] | None = self._network
        return reference() if reference is not None else None

    @property
    def live_run(self) -> Any:
        """The live run of the object that goes on, if there is one; see `Session`."""
        session = getattr(self.simulated_by, "last_session", None)
        return session if session is not None and session.goes_on else None

    def joined(self, network: Any) -> None:
        """Belong to the simulation of a network."""
        self._set("_network", weakref.ref(network))

    def leave(self) -> None:
        """Belong to no simulation, as when new."""
        self._set("_network", None)

    def add_dependency(self, other: SimulatedObject) -> None:
        """Say that this object cannot run without another one: a network takes that along."""
        self._set("dependencies", (*self.__dict__.get("dependencies", ()), other))

    @property
    def updaters(self) -> list[SimulatedObject]:
        """What the object does in a time step: itself and its parts, as far as they act."""
        return [*([self] if self.acts else []), *self.contained_objects]

    @property
    def contained_objects(self) -> list[SimulatedObject]:
        """The parts of the object that act in a time step."""
        return []

    def before_run(self, run_namespace: Mapping[str, Any]) -> None:
        """Called before each run of the network that the object is in."""

    def after_run(self) -> None:
        """Called after each run of the network that the object is in."""

    def stored(self) -> dict[str, npt.NDArray[np.generic]]:
        """What has to be kept to bring the object back to its present state."""
        return {}

    def begin_again(self) -> None:
        """Forget what was recorded: its times come again."""

    def restore(self, state: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Go back to a state that `stored` gave.

        Raises
        ------
        ArgumentError
            The state is not that of this object.
        """

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        """The objects that this one cannot run without."""
        return ()
