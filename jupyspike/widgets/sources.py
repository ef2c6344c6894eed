"""Where views get their data: recordings of monitors, the user's own or ones that a view lets run along."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyspike.widgets.display_units import unit_name
from jupyspike.widgets.kept import READ
from jupyspike.widgets.plots import Floats, Interval
from jupyspike_engine.diagnostics import ArgumentError, UserError, nearest
from jupyspike_engine.objects.monitors.eventmonitor import EventMonitor
from jupyspike_engine.objects.monitors.monitor import Monitor
from jupyspike_engine.objects.monitors.statemonitor import StateMonitor
from jupyspike_engine.objects.monitors.watching import (
    Snapshots,
    monitors_of,
    recorded_spikes,
    records,
    stop_watching,
    watch,
    watched_spikes,
    watched_values,
)
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.running.live import display_unit
from jupyspike_engine.objects.spatial.compartmentparts import CompartmentSubgroup
from jupyspike_engine.objects.spatial.spatialneuron import SpatialNeuron
from jupyspike_engine.objects.subgroup import Subgroup, whole
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.objects.variables import VariableView
from jupyspike_engine.simulation.recording import Chunk
from jupyspike_engine.units import Dimension, bare

MAX_ELEMENTS = 12
"""Lines that can still be told apart in one plot."""


class ViewError(ArgumentError):
    """A view cannot show something that it was given.

    Attributes
    ----------
    argument : object
        What it was given.
    """

    def __init__(self, problem: str, argument: object, **details: str) -> None:
        super().__init__(problem, **details)
        self.argument = argument


def owner_of(item: object) -> Any:
    """The group or synapses that something belongs to."""
    source = (
        item.source
        if isinstance(item, Monitor)
        else item.owner
        if isinstance(item, (VariableView, Snapshots))
        else item
    )
    return whole(source)[0]


class Source:
    """Something recorded of a group or of synapses, which may grow while it is read.

    Parameters
    ----------
    monitor : Monitor or Snapshots
        Who records it.
    """

    key: Hashable = None
    """What tells it apart from others when earlier runs are drawn; None for what has no earlier runs."""

    def __init__(self, monitor: Monitor | Snapshots) -> None:
        self.monitor = monitor
        self._watching = False
        self.attach()

    def attach(self) -> None:
        """Let runs record for this view, if its data come from no monitor of the user."""
        ours = isinstance(self.monitor, Snapshots) or self.monitor.watches
        if ours and not self._watching:
            watch(self.monitor)
            self._watching = True

    def detach(self) -> None:
        """Let further runs not record for this view; what has been recorded stays."""
        if self._watching:
            stop_watching(self.monitor)
            self._watching = False

    def recorded(self) -> Chunk:
        """What is kept of the present run."""
        raise NotImplementedError

    def rows(self) -> Chunk:
        """What is kept of the run that is drawn."""
        run = READ.get()
        return self.recorded() if run is None else run.rows(self.key)

    @property
    def until(self) -> float:
        """Model time (s) until which everything has been recorded."""
        if (run := READ.get()) is not None:
            return run.until + run.shift
        network = owner_of(self.monitor).simulated_by
        return 0.0 if network is None else float(network.recorded_until)

    @property
    def begin(self) -> float:
        """Model time (s) from which on something is known."""
        return 0.0

    @property
    def missed(self) -> bool:
        """Whether all that was simulated until now went by unrecorded: it records for views that were made later."""
        return False

    @property
    def state(self) -> tuple[float, int]:
        """Another value when there is something new."""
        return self.until, 0


class Spikes(Source):
    """Events of a group of neurons."""

    monitor: EventMonitor

    def __init__(self, monitor: EventMonitor) -> None:
        super().__init__(monitor)
        group, start, stop = whole(monitor.source)
        self.name: str = monitor.source.name
        self.size: int = stop - start
        self.key = "spikes", group.name, start, stop
        self.colour_number = _number(group)

    def recorded(self) -> Chunk:
        return self.monitor.recording.all()

    @property
    def missed(self) -> bool:
        return READ.get() is None and self.until > 0 and self.monitor.began is None

    def all(self) -> tuple[Floats, npt.NDArray[np.int32]]:
        """Times (s), ascending, and neurons of all events that are kept."""
        rows = self.rows()
        return rows.times, rows.indices

    def within(self, time: Interval) -> tuple[Floats, npt.NDArray[np.int32]]:
        """Times (s) and neurons of the events during a time."""
        times, neurons = self.all()
        rows = between(times, time)
        return times[rows], neurons[rows]

    @property
    def begin(self) -> float:
        if (run := READ.get()) is not None:
            return run.start + run.shift
        recording = self.monitor.recording
        times = recording.all().times
        forgotten = recording.rows > len(times)
        began = self.monitor.began
        return float(times[0]) if forgotten and len(times) else 0.0 if began is None else began

    @property
    def state(self) -> tuple[float, int]:
        return self.until, self.monitor.recording.rows


class Values(Source):
    """A variable of some elements over time, in a unit that reads well."""

    monitor: StateMonitor

    def __init__(self, monitor: StateMonitor, variable: str, elements: Sequence[int]) -> None:
        super().__init__(monitor)
        self.owner = monitor.source
        self.group, self.variable, self.elements = whole(monitor.source)[0].name, variable, tuple(elements)
        self._column = monitor.columns.index(variable)
        places = {int(element): k for k, element in enumerate(monitor.record)}
        self._places = [places[element] for element in elements]
        self.key = "values", self.group, variable, self.elements
        self.dimension: Dimension = monitor.source.symbols[variable].dimension
        self.unit = display_unit(self._sample(), self.dimension)
        self.scale = float(np.asarray(self.unit))

    def recorded(self) -> Chunk:
        rows = self.monitor.recording.all()
        return Chunk(rows.times, rows.indices, (rows.columns[self._column][:, self._places],))

    @property
    def missed(self) -> bool:
        return READ.get() is None and self.until > 0 and not self.monitor.recording.rows

    def _sample(self) -> Any:
        """Values to choose a unit by."""
        recorded = self.monitor.recording.all().columns[self._column]
        if recorded.size and np.any(recorded):
            return np.asarray(recorded[:: max(1, len(recorded) // 1000)], np.float64)
        try:
            return bare(getattr(self.owner, self.variable)[:])[0]
        except UserError:  # a subexpression with names that are defined later
            return np.zeros(1)

    @property
    def label(self) -> str:
        """The variable with its unit, for an axis."""
        return labelled(self.variable, self.unit)

    def within(self, time: Interval, margin: int = 0) -> tuple[Floats, Floats]:
        """Times (s) and values (in the unit, a column for each element) during a time, and some rows on each side."""
        if READ.get() is not None:
            kept = self.rows()
            chosen = between(kept.times, time, margin)
            return kept.times[chosen], kept.columns[0][chosen] / self.scale
        rows = self.monitor.recording.all()  # only what is drawn is copied
        chosen = between(rows.times, time, margin)
        return rows.times[chosen], rows.columns[self._column][chosen][:, self._places] / self.scale

    def known(self, recorded: Floats, times: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
        """Those of some times (s) at which a value was recorded, within a step, and which of the recorded ones."""
        rows = np.searchsorted(recorded, times, side="right") - 1
        after = times - recorded[np.maximum(rows, 0)]
        known = (rows >= 0) & (after < (1 - 1e-6) * self.monitor.clock.dt_)
        return times[known], rows[known]

    @property
    def begin(self) -> float:
        times = self.monitor.recording.all().times
        return float(times[0]) if len(times) else 0.0

    @property
    def state(self) -> tuple[float, int]:
        return self.until, self.monitor.recording.rows


def between(times: Floats, time: Interval, margin: int = 0) -> slice:
    """The rows of ascending times within an interval, and ``margin`` rows more on each side."""
    first = int(np.searchsorted(times, time.start, side="left"))
    last = int(np.searchsorted(times, time.stop, side="right"))
    return slice(max(0, first - margin), min(len(times), last + margin))


def labelled(name: str, unit: object) -> str:
    """A name with its unit, if it has one."""
    text = unit_name(unit)
    return f"{name} ({text})" if text else name


def limits_of(limits: object, name: str, dimension: Dimension, unit: object) -> Interval | None:
    """Ends of an axis or of a map of colours, in the unit that is shown; None for those that fit.

    Raises
    ------
    ViewError
        They are not two values of the variable, the lower one first.
    """
    if limits is None:
        return None
    expected = f"such as (-80*mV, 40*mV), in {unit}" if dimension else "such as (0, 1)"
    if not isinstance(limits, (tuple, list, np.ndarray)) or np.shape(limits) != (2,):
        raise ViewError(f"the limits of '{name}' are two values", limits, expected=expected)
    (low, dim), (high, other) = (bare(end) for end in limits)
    if dim != dimension or other != dimension or not float(low) < float(high):
        raise ViewError(f"these are no limits for '{name}'", limits, expected=expected)
    scale = float(np.asarray(unit))
    return Interval(float(low) / scale, float(high) / scale)


def _number(group: Any) -> int:
    """The place of a group among those of its network that spike, so that it has one colour in all plots."""
    network = group.simulated_by
    groups = [item for item in (network.objects if network is not None else ()) if isinstance(item, NeuronGroup)]
    return groups.index(group) if group in groups else -1


def spikes_of(item: object) -> Spikes:
    """The events of a group of neurons, or those that a monitor records.

    Of a group it is what a monitor has recorded of it; if there is none, further runs record the newest spikes.

    Raises
    ------
    ViewError
        There are none to be had.
    """
    if isinstance(item, EventMonitor):
        if not item.record:
            raise ViewError(f"'{item.name}' keeps counts only", item, hint="record=True keeps the times")
        return Spikes(item)
    if not isinstance(item, (NeuronGroup, Subgroup)):
        raise ViewError(f"{named(item)} is not a group of neurons", item, expected="a group or a monitor of spikes")
    group = whole(item)[0]
    if "spike" not in group.events:
        raise ViewError(f"'{group.name}' has no threshold, so it never spikes", item)
    item = item.where("spike")
    recorded = recorded_spikes(item)
    has_some = recorded is not None and (recorded.recording.rows or recorded in group.watchers)
    return Spikes(recorded if recorded is not None and has_some else watched_spikes(item))


def named(item: object) -> str:
    """What something is called in an error."""
    name = item if isinstance(item, str) else getattr(item, "__dict__", {}).get("name", item)
    return f"'{name}'" if isinstance(name, str) else repr(item)[:60]


def values_of(item: object, elements: object = None, variable: str | None = None) -> Values:
    """The values of a variable, as ``group.v``, of some elements, or what a monitor of states records.

    Parameters
    ----------
    elements : int, sequence of int or None
        None for the first one, or the first ones that the monitor records.
    variable : str, optional
        Which one, if a monitor records several.

    Raises
    ------
    ViewError
        There are no such values.
    """
    if isinstance(item, StateMonitor):
        name = item.columns[0] if variable is None and len(item.columns) == 1 else variable
        if name not in item.columns:
            hint = nearest(str(name), item.columns) or f"variable='{item.columns[0]}'"
            raise ViewError(f"'{item.name}' records {', '.join(item.columns)}", item, expected="one of them", hint=hint)
        recorded = item.record.tolist()
        chosen = recorded[:MAX_ELEMENTS] if elements is None else elements_of(elements, item.source)
        _few(chosen, elements, item.source.name)
        if missing := [k for k in chosen if k not in recorded]:
            raise ViewError(f"'{item.name}' does not record the element {missing[0]}", elements)
        return Values(item, name, chosen)
    if not isinstance(item, VariableView) or not isinstance(item.owner, (NeuronGroup, Subgroup, Synapses)):
        raise ViewError(
            f"{named(item)} is not a variable", item, expected="a variable, such as exc.v, or a StateMonitor"
        )
    chosen = [0] if elements is None else elements_of(elements, item.owner)
    _few(chosen, elements, f"{item.owner.name}.{item.name}")
    return together(item.owner, [item.name], chosen)[0]


def _few(chosen: Sequence[int], elements: object, what: str) -> None:
    if not 0 < len(chosen) <= MAX_ELEMENTS:
        wanted = f"1 to {MAX_ELEMENTS} elements"
        raise ViewError(f"of {what} can be drawn {wanted}", elements, found=f"{len(chosen)} elements")


def is_recorded(owner: Any, names: Sequence[str], elements: Sequence[int]) -> bool:
    """Whether a monitor has recorded several variables of some elements."""
    return any(m.recording.rows for m in monitors_of(owner) if records(m, owner, names, elements))


def together(owner: Any, names: Sequence[str], elements: Sequence[int]) -> list[Values]:
    """The values of several variables of some elements, recorded by one monitor."""
    recorded = [m for m in monitors_of(owner) if records(m, owner, names, elements)]
    kept = [m for m in recorded if m.recording.rows or m in whole(owner)[0].watchers]
    monitor = max(kept, key=lambda m: m.recording.rows, default=None) or watched_values(owner, names, elements)
    assert isinstance(monitor, StateMonitor)
    return [Values(monitor, name, elements) for name in names]


def elements_of(elements: object, owner: Any) -> list[int]:
    """Numbers of elements as a list; compartments may be chosen by their shape too.

    Raises
    ------
    ViewError
        They are none, or not those of elements.
    """
    size = len(owner)
    if isinstance(owner, (SpatialNeuron, CompartmentSubgroup)):
        elements = owner.indices_of(elements).tolist() if isinstance(elements, str) else owner.numbers_for(elements)
    if isinstance(elements, (bool, str)):
        numbers = None
    elif isinstance(elements, (int, np.integer)):
        numbers = [int(elements)]
    elif isinstance(elements, slice):
        numbers = list(range(*elements.indices(size)))
    elif isinstance(elements, (list, tuple, range, np.ndarray)):
        numbers = [int(k) for k in elements] if all(isinstance(k, (int, np.integer)) for k in elements) else None
    else:
        numbers = None
    what = "synapses" if isinstance(owner, Synapses) else "neurons"
    if numbers is None:
        raise ViewError(f"these are not numbers of {what}", elements, expected="such as 3 or [0, 1, 2]")
    if not all(0 <= k < size for k in numbers):
        raise ViewError(
            f"'{owner.name}' does not have these {what}", elements, expected=f"numbers from 0 to {size - 1}"
        )
    return numbers
