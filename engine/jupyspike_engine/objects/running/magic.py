"""``run()``: simulating the objects that the calling code can see by their names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...diagnostics import MagicError
from ...frames import calling_namespace
from ...units import Quantity
from ..base import SimulatedObject
from ..clocks import defaultclock
from ..scopes import in_scope
from .assembly import include
from .memory import MemoryReport
from .network import Network, running_networks
from .reports import Report
from .summaries import ProfilingSummary, Table
from .visible import named


def collect(level: int = 0) -> set[SimulatedObject]:
    """The objects that ``run()`` would simulate: those visible by name where it is called, made since `start_scope`.

    Parameters
    ----------
    level : int
        Look from so many calls further up.

    Examples
    --------
    >>> G = NeuronGroup(1, 'v : 1', name='exc')
    >>> inside = [NeuronGroup(1, 'v : 1', name='unseen')]
    >>> {item.name for item in collect()}
    {'exc'}
    """
    return set(visible_objects(calling_namespace(level)))


def visible_objects(namespace: Mapping[str, Any]) -> list[SimulatedObject]:
    """The objects among some names that were made since `start_scope`, by their names."""
    found: dict[int, SimulatedObject] = {}
    for _, value in named(namespace):
        ours = isinstance(value, SimulatedObject) and value.add_to_magic_network
        if ours and in_scope(value):
            found[id(value)] = value
    return sorted(found.values(), key=lambda item: item.name)


class MagicNetwork(Network):
    """The network of visible objects; it goes on when the same objects are run again.

    Examples
    --------
    >>> G = NeuronGroup(1, 'v : 1')
    >>> run(1*ms)
    >>> run(1*ms)
    >>> magic_network.t
    2. * msecond
    """

    def gather(self, namespace: Mapping[str, Any], ends_live_run: bool = False) -> None:
        """Take the visible objects; start at t = 0 if none of them has been simulated before.

        A live run of others comes to its end first. It ends at once if the names of its objects mean others now, or
        if that is wished.

        Raises
        ------
        MagicError
            Some of them have been simulated before and others not.
        ArgumentError
            None of them has been simulated before, and a run goes on, which calls this.
        """
        visible = visible_objects(namespace)
        core = [item for item in visible if item.invalidates_magic_network]
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
            if self.live_run is not None and ends_live_run:
                self.live_run.give_way()
            elif self.live_run is not None:
                self.live_run.give_way_to(namespace)
            self.wait_for_live_run()  # at its end it would say what time it is
            self.expect_no_run()
            self.begin_again()
        together: list[SimulatedObject] = []
        include(visible, together)
        self.objects = together  # in one piece: a live run may read it meanwhile

    def gather_visible(self, level: int = 0) -> None:
        """Take the visible objects, which then belong to this network as if they had been run."""
        self.gather(calling_namespace(level))
        for item in self.objects:
            item.joined(self)

    def _gather_some(self, namespace: Mapping[str, Any]) -> None:
        """Take the visible objects; where none are visible, those of the last run stay."""
        if visible_objects(namespace):
            self.gather(namespace)

    def export(
        self,
        folder: str | Path,
        duration: Any,
        namespace: Mapping[str, Any] | None = None,
        threads: int = 1,
        level: int = 0,
    ) -> None:
        """Write all visible objects as a C++17 project; see `Network.export`."""
        visible = calling_namespace(level)
        self._gather_some(visible)
        super().export(folder, duration, visible if namespace is None else namespace, threads)

    def show_results(self, folder: str | Path) -> None:
        """Let all visible objects show what the program of an exported network wrote; see `Network.show_results`."""
        self._gather_some(calling_namespace())
        super().show_results(folder)

    def memory_report(self, duration: Any = None) -> MemoryReport:
        """A table of the memory that all visible objects take; see `Network.memory_report`."""
        visible = visible_objects(calling_namespace())
        if not visible or set(visible) == set(self.objects):
            return super().memory_report(duration)
        return Network(*visible).memory_report(duration)  # those that may not be run as they are, too


magic_network = MagicNetwork(name="magicnetwork")


def run(
    duration: Any,
    report: Report = None,
    report_period: Any = None,
    namespace: Mapping[str, Any] | None = None,
    profile: bool | None = None,
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
    magic_network.run(duration, report, report_period, visible if namespace is None else namespace, profile)


def stop() -> None:
    """End the running simulations at the border of a step; to be called from a network operation.

    Examples
    --------
    >>> G = NeuronGroup(1, 'v : 1')
    >>> operation = NetworkOperation(lambda t: stop() if t > 2*ms else None)
    >>> run(10*ms)
    >>> bool(G.t < 3*ms)
    True
    """
    for network in running_networks():
        network.stop()


def store(name: str = "default", filename: Any = None) -> None:
    """Keep the state of all objects that are visible by name where this is called; see `Network.store`.

    Examples
    --------
    >>> G = NeuronGroup(1, 'dv/dt = 1/ms : 1')
    >>> store()
    >>> run(2*ms)
    >>> restore()
    >>> float(G.v[0]), magic_network.t
    (0.0, 0. * second)
    """
    magic_network.gather_visible()
    magic_network.store(name, filename)


def restore(name: str = "default", filename: Any = None, restore_random_state: bool = False) -> None:
    """Bring back the state of all objects that are visible by name where this is called; see `Network.restore`.

    Examples
    --------
    >>> G = NeuronGroup(1, 'v : 1')
    >>> store('fresh')
    >>> G.v = 3
    >>> restore('fresh')
    >>> float(G.v[0])
    0.0
    """
    magic_network.gather_visible()
    magic_network.restore(name, filename, restore_random_state)


def profiling_summary(net: Network | None = None, show: int | None = None) -> ProfilingSummary:
    """A table of how much time each part of a network took in its last run, which must have had ``profile=True``.

    Parameters
    ----------
    net : Network, optional
        That of the visible objects by default.
    show : int, optional
        How many rows to show at most.

    Examples
    --------
    >>> G = NeuronGroup(1, 'dv/dt = 1/ms : 1', name='exc')
    >>> run(1*ms, profile=True)
    >>> 'exc' in str(profiling_summary())
    True
    """
    return (magic_network if net is None else net).profile(show)


def schedule_propagation_offset(net: Network | None = None) -> Quantity:
    """The shortest time from a spike to its effect: 0, or a time step if synapses act before spikes are found.

    Examples
    --------
    >>> schedule_propagation_offset()
    0. * second
    """
    slots = (magic_network if net is None else net).schedule
    offset: Quantity = defaultclock.dt * (slots.index("thresholds") > slots.index("synapses"))
    return offset


def scheduling_summary(net: Network | None = None) -> Table:
    """A table of what happens in a time step of a network, in its order; that of the visible objects by default.

    Examples
    --------
    >>> G = NeuronGroup(1, 'dv/dt = 1/ms : 1', threshold='v > 1', reset='v = 0', name='exc')
    >>> [line.split()[0] for line in str(scheduling_summary()).splitlines() if line.startswith('exc')]
    ['exc_stateupdater', 'exc_spike_thresholder', 'exc_spike_resetter']
    """
    if net is None:
        magic_network.gather(calling_namespace())
    return (magic_network if net is None else net).scheduling_summary()
