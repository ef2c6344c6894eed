"""Monitors: what is written down while a network runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError, IndexRangeError, UnknownNameError, nearest
from ..language.functions import Type
from ..language.scope import Symbol
from ..language.syntax import Name
from ..plan.network import Moment
from ..plan.network import Recording as RecordingPart
from ..simulation.recording import Recording
from ..simulation.simulation import recorder_memory
from ..targets.interface import DTYPES, Recordings
from ..units import SECOND, quantity
from .base import SimulatedObject
from .clocks import Clock, seconds
from .neurongroup import AnyGroup, NeuronGroup, Subgroup, whole
from .synapses import Synapses

Real = npt.NDArray[np.float64]


def typed(values: Real, type_: Type) -> npt.NDArray[np.generic]:
    """Recorded numbers in the type of their variable."""
    return values if type_ == "real" else values.astype(DTYPES[type_])


class Monitor(SimulatedObject):
    """The base of monitors: a source, and a recording that grows."""

    only_watches = True
    kind: Any

    def __init__(self, source: Any, name: str, dt: Any, clock: Clock | None, when: str, order: int) -> None:
        super().__init__(name, dt, clock, when, order)
        self.source = source
        self.columns: tuple[str, ...] = ()

    recording: Recording

    def clear(self) -> None:
        """Forget what was recorded."""
        self.recording.clear()

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        if isinstance(self.source, Synapses):
            return (self.source,)
        return (whole(self.source)[0],)

    def part(self, clock: int) -> RecordingPart:
        """The monitor as a part of a network to be compiled."""
        values = tuple(Name(column) for column in self.columns)
        moment = Moment(clock, self.when, self.order)
        return RecordingPart(self.name, self.kind, self.needs[0].name, moment, getattr(self, "event", "spike"), values)

    def buffers(self) -> Recordings:
        """Memory for what a running program writes down."""
        raise NotImplementedError

    def columns_of(self, variables: Sequence[str]) -> dict[str, Symbol]:
        """The variables of the source by their names.

        Raises
        ------
        UnknownNameError
            The source has no such variable.
        """
        symbols = self.source.symbols
        for name in variables:
            if name not in symbols or (symbols[name].meaning in ("size", "time") and name != "t"):
                raise UnknownNameError(
                    f"'{self.source.name}' has no variable '{name}' to record", kind="name", hint=nearest(name, symbols)
                )
        return {name: symbols[name] for name in variables}

    @property
    def t_(self) -> Real:
        """Times in seconds, as plain numbers."""
        return self.recording.all().times

    @property
    def t(self) -> Any:
        """Times."""
        return quantity(self.t_, SECOND)


class EventMonitor(Monitor):
    """Writes down the events of a group.

    Parameters
    ----------
    source : NeuronGroup or Subgroup
    event : str
    variables : str or list of str, optional
        Variables of the neuron to be recorded with each event.
    record : bool
        Whether to keep times and indices, or only counts.
    """

    kind = "events"

    def __init__(
        self,
        source: AnyGroup,
        event: str,
        variables: str | Sequence[str] | None = None,
        record: bool = True,
        when: str = "after_thresholds",
        order: int = 1,
        name: str = "eventmonitor*",
    ) -> None:
        if not isinstance(source, (NeuronGroup, Subgroup)):
            raise ArgumentTypeError(f"events are recorded from a group of neurons, not from {source!r}")
        group = whole(source)[0]
        if event not in group.events:
            what = "threshold, so it never spikes" if event == "spike" else f"event '{event}'"
            raise ArgumentError(f"'{group.name}' has no {what}", hint=nearest(event, group.events))
        super().__init__(source, name, None, group.clock, when, order)
        self.event, self.record = event, record
        chosen = [variables] if isinstance(variables, str) else list(variables or ())
        self._variables = self.columns_of(chosen)
        self.columns = tuple(chosen)
        self.recording = Recording(len(chosen), 1)
        self._totals = np.zeros(len(source), np.int64)

    def clear(self) -> None:
        super().clear()
        self._totals[:] = 0

    def buffers(self) -> Recordings:
        _, first, stop = whole(self.source)
        buffers = recorder_memory("events", len(self.columns), first, stop - first, None)
        buffers.totals, buffers.keep_rows = self._totals, self.record
        return buffers

    @property
    def i(self) -> npt.NDArray[np.int32]:
        """The neuron of each event, counted from the first of the source."""
        return self.recording.all().indices

    @property
    def it(self) -> tuple[npt.NDArray[np.int32], Any]:
        """Neurons and times."""
        return self.i, self.t

    @property
    def it_(self) -> tuple[npt.NDArray[np.int32], Real]:
        return self.i, self.t_

    @property
    def count(self) -> npt.NDArray[np.int64]:
        """Number of events of each neuron."""
        return self._totals.copy()

    @property
    def num_events(self) -> int:
        """Number of all events."""
        return int(self._totals.sum())

    def values(self, var: str) -> dict[int, Any]:
        """The values of a recorded variable (or ``t``) for each neuron, in the order of its events."""
        recorded = getattr(self, var)
        order = np.argsort(self.i, kind="stable")
        bounds = np.searchsorted(self.i[order], np.arange(len(self.source) + 1))
        return {k: recorded[order[bounds[k] : bounds[k + 1]]] for k in range(len(self.source))}

    def all_values(self) -> dict[str, dict[int, Any]]:
        """`values` of every recorded variable and of ``t``."""
        return {name: self.values(name) for name in (*self.columns, "t")}

    def event_trains(self) -> dict[int, Any]:
        """Times of the events of each neuron."""
        return self.values("t")

    def __getattr__(self, name: str) -> Any:
        plain = name.removesuffix("_")
        variables: Mapping[str, Symbol] = self.__dict__.get("_variables", {})
        if plain not in variables:
            raise AttributeError(f"{type(self).__name__} has no attribute '{name}'")
        column = self.recording.all().columns[self.columns.index(plain)][:, 0]
        values = typed(column, variables[plain].type)
        return quantity(values, variables[plain].dimension) if name == plain else values

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} of {self.source.name!r}, {self.num_events} events>"


class SpikeMonitor(EventMonitor):
    """Writes down the spikes of a group.

    Parameters
    ----------
    source : NeuronGroup or Subgroup
    variables : str or list of str, optional
        Variables of the neuron to be recorded with each spike.
    record : bool
        Whether to keep times and indices, or only counts.

    Examples
    --------
    >>> spikes = SpikeMonitor(G)
    >>> run(100*ms)
    >>> spikes.num_spikes, spikes.t, spikes.i
    """

    def __init__(
        self,
        source: AnyGroup,
        variables: str | Sequence[str] | None = None,
        record: bool = True,
        when: str = "after_thresholds",
        order: int = 1,
        name: str = "spikemonitor*",
    ) -> None:
        super().__init__(source, "spike", variables, record, when, order, name)

    @property
    def num_spikes(self) -> int:
        """Number of all spikes."""
        return self.num_events

    def spike_trains(self) -> dict[int, Any]:
        """Times of the spikes of each neuron."""
        return self.event_trains()


class StateMonitor(Monitor):
    """Writes down variables of a group or of synapses at each step, before the state is updated.

    Parameters
    ----------
    source : NeuronGroup, Subgroup or Synapses
    variables : str, list of str or True
        What to record; True stands for all variables.
    record : bool, int or array of int
        Which elements; True for all, False for none.
    dt : Quantity, optional
        Interval between samples; that of the source by default.

    Examples
    --------
    >>> trace = StateMonitor(G, 'v', record=[0, 5])
    >>> run(10*ms)
    >>> trace.t, trace.v[0], trace[5].v
    """

    kind = "state"

    def __init__(
        self,
        source: AnyGroup | Synapses,
        variables: str | Sequence[str] | bool,
        record: Any,
        dt: Any = None,
        clock: Clock | None = None,
        when: str = "start",
        order: int = 0,
        name: str = "statemonitor*",
    ) -> None:
        if not isinstance(source, (NeuronGroup, Subgroup, Synapses)):
            raise ArgumentTypeError(f"states are recorded from a group or from synapses, not from {source!r}")
        super().__init__(source, name, dt, clock or (source.clock if dt is None else None), when, order)
        own = [n for n, s in source.symbols.items() if s.meaning in ("state", "subexpression") and s.side == "own"]
        chosen = own if variables is True else [variables] if isinstance(variables, str) else list(variables or ())
        self._variables = self.columns_of(chosen)
        self.columns = tuple(chosen)
        self.record = self._recorded(record)
        self.recording = Recording(len(chosen), len(self.record))

    def _recorded(self, record: Any) -> npt.NDArray[np.int32]:
        size = len(self.source)
        if record is True or record is False:
            return np.arange(size if record else 0, dtype=np.int32)
        elements = np.atleast_1d(np.asarray(record))
        if elements.dtype.kind not in "iu" and elements.size:
            raise ArgumentTypeError("record must be True, False or numbers of elements", found=repr(record))
        if elements.size and not (elements.min() >= 0 and elements.max() < size):
            raise IndexRangeError(
                f"record={record!r} is outside '{self.source.name}'", kind="index", expected=f"0 to {size - 1}"
            )
        return elements.astype(np.int32)

    def buffers(self) -> Recordings:
        if isinstance(self.source, Synapses):
            elements = self.source.indices_of(self.record)
        else:
            elements = self.record + np.int32(whole(self.source)[1])
        return recorder_memory("state", len(self.columns), 0, len(elements), np.ascontiguousarray(elements, np.int32))

    def _column(self, name: str) -> Any:
        plain = name.removesuffix("_")
        symbol = self._variables[plain]
        values = typed(self.recording.all().columns[self.columns.index(plain)].T, symbol.type)
        return quantity(values, symbol.dimension) if name == plain else values

    def __getattr__(self, name: str) -> Any:
        if name.removesuffix("_") not in self.__dict__.get("_variables", {}):
            raise AttributeError(f"StateMonitor does not record '{name}'")
        return self._column(name)

    def __getitem__(self, item: Any) -> StateMonitorView:
        """What was recorded of elements, by their numbers in the source."""
        return StateMonitorView(self, item)

    def __repr__(self) -> str:
        return f"<StateMonitor {self.name!r} of {', '.join(self.columns)} of {self.source.name!r}>"


class StateMonitorView:
    """What a monitor recorded of some elements."""

    def __init__(self, monitor: StateMonitor, item: Any) -> None:
        positions = {int(element): position for position, element in enumerate(monitor.record)}
        chosen = item if isinstance(item, (int, np.integer)) else np.atleast_1d(np.asarray(item)).tolist()
        try:
            self._rows: Any = (
                positions[int(chosen)] if isinstance(chosen, (int, np.integer)) else [positions[k] for k in chosen]
            )
        except KeyError as error:
            raise IndexRangeError(f"the element {error.args[0]} was not recorded", kind="index") from None
        self._monitor = monitor

    @property
    def t(self) -> Any:
        return self._monitor.t

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._monitor, name)[self._rows]


class PopulationRateMonitor(Monitor):
    """The mean firing rate of a group in each time step.

    Parameters
    ----------
    source : NeuronGroup or Subgroup

    Examples
    --------
    >>> rate = PopulationRateMonitor(G)
    >>> run(100*ms)
    >>> rate.smooth_rate(window='flat', width=10*ms)
    """

    kind = "rate"

    def __init__(self, source: AnyGroup, name: str = "ratemonitor*") -> None:
        if not isinstance(source, (NeuronGroup, Subgroup)) or "spike" not in whole(source)[0].events:
            raise ArgumentTypeError(f"a rate is recorded from neurons with a threshold, not from {source!r}")
        super().__init__(source, name, None, whole(source)[0].clock, "after_thresholds", 1)
        self.recording = Recording(1, 1)

    def buffers(self) -> Recordings:
        _, first, stop = whole(self.source)
        return recorder_memory("rate", 1, first, stop - first, None)

    @property
    def rate_(self) -> Real:
        """Rate in Hz, as plain numbers."""
        dt = self.clock.dt_
        return np.asarray(self.recording.all().columns[0][:, 0] / (len(self.source) * dt))

    @property
    def rate(self) -> Any:
        """Spikes per neuron and second in each time step."""
        return quantity(self.rate_, SECOND**-1)

    def smooth_rate(self, window: Any = "gaussian", width: Any = None) -> Any:
        """The rate smoothed with a window.

        Parameters
        ----------
        window : 'gaussian', 'flat' or array
            An array is a window of its own, an odd number of steps long.
        width : Quantity
            Standard deviation of the Gaussian, or width of the flat window.
        """
        dt = self.clock.dt_
        if isinstance(window, str):
            if width is None:
                raise ArgumentError("smooth_rate needs a width", hint="width=5*ms")
            if window == "gaussian":
                sigma = seconds(width, "width", positive=True) / dt
                steps = np.arange(-round(2 * sigma), round(2 * sigma) + 1)
                weights = np.exp(-0.5 * (steps / sigma) ** 2)
            elif window == "flat":
                weights = np.ones(2 * int(seconds(width, "width", positive=True) / (2 * dt)) + 1)
            else:
                raise ArgumentError(f"'{window}' is not a window", hint="'gaussian', 'flat' or an array")
        else:
            weights = np.asarray(window, np.float64)
            if weights.ndim != 1 or len(weights) % 2 != 1:
                raise ArgumentError("a window of its own is an array with an odd number of values")
        smoothed = np.convolve(self.rate_, weights / weights.sum(), mode="full")
        edge = len(weights) // 2
        return quantity(smoothed[edge : edge + len(self.rate_)], SECOND**-1)

    def __repr__(self) -> str:
        return f"<PopulationRateMonitor of {self.source.name!r}>"
