"""What looks at a network without belonging to it: each run takes it along, nothing that a user asks for shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ...diagnostics import ArgumentError
from ...frames import called_from, calling_namespace
from ...simulation.recording import AnyArray, Recording
from ..base import SimulatedObject
from ..namespaces import Namespace
from ..neurongroup import AnyGroup
from ..subgroup import whole
from ..synaptic.synapses import Synapses
from .eventmonitor import EventMonitor, SpikeMonitor
from .monitor import Monitor
from .statemonitor import StateMonitor

KEPT_SPIKES = 400_000
KEPT_VALUES, FEWEST_ROWS = 100_000, 20_000  # of variables; a row is a time
SHARE, AT_FIRST = 0.03, 0.01  # of the time that snapshots may take, and seconds that they may in a run of any length


def watched_spikes(group: AnyGroup) -> SpikeMonitor:
    """The monitor that watches the spikes of a group, or a new one: it keeps the newest. See `watch`."""
    for watcher in list(whole(group)[0].watchers):
        if isinstance(watcher, SpikeMonitor) and whole(watcher.source) == whole(group.where("spike")):
            return watcher
    monitor = all_spikes(group)
    monitor.recording = Recording(0, 1, KEPT_SPIKES)
    return monitor


def all_spikes(group: AnyGroup) -> SpikeMonitor:
    """A new monitor that watches the spikes of a group and keeps all of them. See `watch`."""
    monitor = SpikeMonitor(group, name=f"live_spikes_{whole(group)[0].name}*")
    _set_apart(monitor)
    return monitor


def watched_values(owner: AnyGroup | Synapses, names: Sequence[str], elements: Sequence[int]) -> StateMonitor:
    """The monitor that watches variables of some elements, or a new one: it keeps the newest values. See `watch`.

    One that has not recorded yet takes further elements along: one monitor of many costs less than many of one.
    """
    watchers = [item for item in list(whole(owner)[0].watchers) if isinstance(item, StateMonitor)]
    for watcher in watchers:
        if records(watcher, owner, names, elements):
            return watcher
    for watcher in watchers:
        if not watcher.recording.rows and records(watcher, owner, names, ()) and len(watcher.columns) == len(names):
            known = watcher.record.tolist()
            _keep_newest(watcher, [*known, *(k for k in elements if k not in known)])
            return watcher
    stem = whole(owner)[0].name
    monitor = StateMonitor(owner, list(names), list(elements), name=f"live_{stem}_{'_'.join(names)}*")
    _keep_newest(monitor, elements)
    _set_apart(monitor)
    return monitor


def _keep_newest(monitor: StateMonitor, elements: Sequence[int]) -> None:
    """Let a monitor that has not recorded yet keep the newest values of some elements."""
    monitor.record = np.array(elements, np.int32)
    scales = monitor.recording.scales
    rows = max(FEWEST_ROWS, KEPT_VALUES // len(elements))
    monitor.recording = Recording(len(monitor.columns), len(elements), rows)
    monitor.recording.scales = scales


def _set_apart(monitor: Monitor) -> None:
    """Let a monitor be one that belongs to no network."""
    monitor.used()
    monitor.watches = True
    monitor.add_to_magic_network = False


def records(monitor: Monitor, owner: object, names: Sequence[str], elements: Iterable[int]) -> bool:
    """Whether a monitor records these variables of these elements of a group or of synapses."""
    return (
        isinstance(monitor, StateMonitor)
        and whole(monitor.source) == whole(owner)
        and set(names) <= set(monitor.columns)
        and set(elements) <= set(monitor.record.tolist())
    )


def monitors_of(owner: AnyGroup | Synapses) -> list[Monitor]:
    """The monitors that record something of a group or of synapses: those that watch it, and those of its network."""
    group = whole(owner)[0]
    network = group.simulated_by
    belonging = [] if network is None else network.objects
    monitors = [item for item in (*group.watchers, *belonging) if isinstance(item, Monitor)]
    return [monitor for monitor in monitors if monitor.needs[0] is group]


def recorded_spikes(group: AnyGroup, event: str = "spike") -> EventMonitor | None:
    """The monitor that has the most events of the group, if there is one that keeps their times."""
    found = [
        monitor
        for monitor in monitors_of(group)
        if isinstance(monitor, EventMonitor)
        and monitor.record
        and monitor.event == event
        and whole(monitor.source) == whole(group)
    ]
    return max(found, key=lambda monitor: monitor.recording.rows, default=None)


class Snapshots:
    """What a variable of all elements looked like from time to time while a network ran.

    They are taken between slices of a run, by whoever advances it, and take no more than a small share of its time and
    ten milliseconds more, so that a short run is seen many times as well.

    Parameters
    ----------
    owner : NeuronGroup or Synapses
    variable : str
        One that has values of its own, or a subexpression.
    summary : callable
        What is kept of the values, which are in SI base units; those of a variable in the order of their storage.
    keep : int
        How many are kept. When there are more, about half of them go, and they are taken half as often; of 1, it is
        always the newest.

    Examples
    --------
    >>> G = NeuronGroup(3, 'dv/dt = 1/second : 1')
    >>> peaks = Snapshots(G, 'v', lambda values: float(values.max()), keep=10)
    >>> watch(peaks)
    >>> run(100*ms)
    >>> time, peak = peaks.taken[-1]
    >>> time, round(peak, 6)
    (0.1, 0.1)
    """

    def __init__(
        self, owner: AnyGroup | Synapses, variable: str, summary: Callable[[AnyArray], Any], keep: int = 400
    ) -> None:
        group = whole(owner)[0]
        symbol = group.symbols.get(variable)
        if variable not in group.arrays and (symbol is None or symbol.meaning != "subexpression"):
            raise ArgumentError(f"'{variable}' of '{group.name}' has no values that are stored")
        self._names = calling_namespace()
        self.owner, self.variable, self.summary, self.keep = owner, variable, summary, max(1, keep)
        self.taken: list[tuple[float, Any]] = []
        self._every = self._next = 0.0  # seconds of model time
        self._left = self._left_at = 0.0  # seconds that they may take, and at which wall time that was so

    def now(self) -> Any:
        """The summary of the present values."""
        group, first, stop = whole(self.owner)
        if self.variable not in group.arrays:
            with called_from(self._names):
                return self.summary(self.owner.read(self.owner.symbols[self.variable], slice(None)))
        values = group.arrays[self.variable]
        return self.summary(values if len(values) != len(group) else values[first:stop])

    def begin(self, now: float, namespace: Namespace) -> None:
        """Forget what lies ahead of the time (s) at which a run begins, in which names mean what they mean there."""
        self._names = namespace
        self.taken = [snapshot for snapshot in self.taken if snapshot[0] <= now]
        self._next = now
        self._left, self._left_at = AT_FIRST, time.perf_counter()

    def take(self, now: float, at_once: bool = False) -> None:
        """Take a snapshot at a time (s) of a run, if one is due."""
        began = time.perf_counter()
        self._left = min(AT_FIRST, self._left + SHARE * (began - self._left_at))
        self._left_at = began
        if not at_once and (now < self._next or self._left <= 0):
            return
        try:
            taken = [*self.taken, (now, self.now())]
        except Exception:  # a run goes on, whatever those who look at it do; `now` raises it again
            self._next = float("inf")
            return
        if self.keep == 1:
            taken = taken[-1:]
        elif len(taken) > self.keep:
            times = [time for time, _ in taken]
            wanted = np.linspace(times[0], times[-1], self.keep // 2 + 1)
            taken = [taken[k] for k in np.unique(np.searchsorted(times, wanted)).tolist()]
            self._every = 2 * (times[-1] - times[0]) / self.keep
        self.taken = taken  # in one piece: others may read it meanwhile
        self._next = now + self._every
        self._left -= time.perf_counter() - began


def begin_watching(
    objects: Iterable[SimulatedObject], now: float, namespace: Namespace
) -> tuple[list[Monitor], list[Snapshots]]:
    """The monitors and snapshots that a run of some objects takes along; they forget what lies ahead of its time."""
    watchers = {id(watcher): watcher for item in objects for watcher in list(item.watchers)}
    monitors = sorted((w for w in watchers.values() if isinstance(w, Monitor)), key=lambda monitor: monitor.name)
    snapshots = [w for w in watchers.values() if isinstance(w, Snapshots)]
    for monitor in monitors:
        times = monitor.recording.all().times
        if len(times) and times[-1] > now:
            monitor.clear()
    for snapshot in snapshots:
        snapshot.begin(now, namespace)
    return monitors, snapshots


def _watched_by(watcher: Monitor | Snapshots) -> SimulatedObject:
    owner: SimulatedObject = whole(watcher.source if isinstance(watcher, Monitor) else watcher.owner)[0]
    return owner


def watch(watcher: Monitor | Snapshots) -> None:
    """Let each run take something along, until it is collected or as many have called `stop_watching` as this."""
    watchers = _watched_by(watcher).watchers
    watchers[watcher] = watchers.get(watcher, 0) + 1


def stop_watching(watcher: Monitor | Snapshots) -> None:
    """Let further runs not take it along; what it has recorded stays."""
    watchers = _watched_by(watcher).watchers
    left = watchers.pop(watcher, 0) - 1
    if left > 0:
        watchers[watcher] = left
