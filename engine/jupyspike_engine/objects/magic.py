"""``run()``: simulating the objects that the calling code can see by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnostics import MagicError
from .base import SimulatedObject
from .frames import calling_namespace
from .network import Network
from .reports import Report
from .scopes import current_scope


def collect(level: int = 0) -> set[SimulatedObject]:
    """The objects that ``run()`` would simulate: those visible by name where it is called, made since `start_scope`."""
    return set(visible_objects(calling_namespace(level)))


def visible_objects(namespace: Mapping[str, Any]) -> list[SimulatedObject]:
    """The objects among some names that were made since `start_scope`, by their names."""
    found: dict[int, SimulatedObject] = {}
    for value in namespace.values():
        if isinstance(value, SimulatedObject) and value._scope_number == current_scope():
            found[id(value)] = value
    return sorted(found.values(), key=lambda item: item.name)


class MagicNetwork(Network):
    """The network of visible objects; it goes on when the same objects are run again."""

    def gather(self, namespace: Mapping[str, Any]) -> None:
        """Take the visible objects; start at t = 0 if none of them has been simulated before.

        Raises
        ------
        MagicError
            Some of them have been simulated before and others not.
        """
        visible = visible_objects(namespace)
        core = [item for item in visible if not item.only_watches]
        old = [item for item in core if item.simulated_by is self]
        elsewhere = [item for item in core if item.simulated_by not in (None, self)]
        if elsewhere:
            raise MagicError(
                f"'{elsewhere[0].name}' belongs to the network '{elsewhere[0].simulated_by.name}'",
                hint="run that network, or call start_scope() before making new objects",
            )
        if old and len(old) < len(core):
            new = next(item for item in core if item.simulated_by is None)
            raise MagicError(
                f"'{new.name}' is new, but '{old[0].name}' has been simulated before",
                hint="use a Network to say what belongs together, or start_scope() to begin anew",
            )
        if not old:
            self.begin_again()
        self.objects = []
        self.add(*visible)


magic_network = MagicNetwork(name="magicnetwork")


def run(
    duration: Any,
    report: Report = None,
    report_period: Any = None,
    namespace: Mapping[str, Any] | None = None,
    level: int = 0,
) -> None:
    """Simulate all objects that are visible by name where this is called; see `Network.run`.

    Raises
    ------
    MagicError
        Some objects have been simulated before and others not.

    Examples
    --------
    >>> G = NeuronGroup(10, 'dv/dt = -v/(10*ms) : 1')
    >>> run(100*ms)
    """
    visible = calling_namespace(level)
    magic_network.gather(visible)
    magic_network.run(duration, report, report_period, visible if namespace is None else namespace)
