"""What all simulated objects have: a name, a clock, a place in the schedule."""

from __future__ import annotations

import weakref
from typing import Any

from ..diagnostics import ArgumentError, ArgumentTypeError, nearest
from ..plan.network import SLOTS, slot_position
from .clocks import Clock, defaultclock
from .naming import register
from .scopes import current_scope


class SimulatedObject:
    """The base of groups, synapses and monitors.

    Attributes
    ----------
    name : str
    clock : Clock
    when, order
        Slot of the time step and order within it.
    active : bool
        Switches the object off during runs.
    """

    name: str
    clock: Clock
    when: str
    order: int
    active: bool
    _scope_number: int
    _network: weakref.ref[Any] | None

    # Objects that only watch may join a simulation at any time.
    only_watches = False

    def __init__(
        self, name: str, dt: Any = None, clock: Clock | None = None, when: str = "start", order: int = 0
    ) -> None:
        if dt is not None and clock is not None:
            raise ArgumentError("give either dt or clock, not both")
        if clock is not None and not isinstance(clock, Clock):
            raise ArgumentTypeError(f"clock must be a Clock, not {clock!r}")
        self._set("clock", clock or (Clock(dt) if dt is not None else defaultclock))
        try:
            slot_position(when)
        except KeyError:
            slots = ", ".join(SLOTS)
            hint = nearest(when, SLOTS) or f"slots are: {slots}, each also with before_ and after_"
            raise ArgumentError(f"'{when}' is not a slot of the time step", hint=hint) from None
        self._set("when", when)
        self._set("order", order)
        self._set("active", True)
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

    def joined(self, network: Any) -> None:
        self._set("_network", weakref.ref(network))

    def leave(self) -> None:
        """Belong to no simulation, as when new."""
        self._set("_network", None)

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        """The objects that this one cannot run without."""
        return ()
