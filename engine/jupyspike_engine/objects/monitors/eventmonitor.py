"""Monitors of events: which neuron spiked, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, ArgumentTypeError, UnknownNameError, nearest
from ...simulation.recording import AnyArray
from ...simulation.simulation import recorder_memory
from ...targets.interface import Recordings
from ...units import SECOND, quantity
from ..neurongroup import AnyGroup, NeuronGroup
from ..subgroup import Subgroup, whole
from .monitor import Monitor
from .rates import bin_numbers, bin_starts, smoothed, window_weights

Real = npt.NDArray[np.float64]


class EventMonitor(Monitor):
    """Writes down the events of a group.

    Parameters
    ----------
    source : NeuronGroup or Subgroup
        Neurons are counted from the first of the source.
    event : str
    variables : str, list of str or True, optional
        Variables of the neuron to be recorded with each event, as they are before the reset; True for all.
    record : bool
        Whether to keep times and indices, or only counts (and the values of ``variables``).
    when, order
        When in the time step; by default just behind the detection of the event.
    keep : Quantity, optional
        Keep only the events of this stretch of time, up to now (``count`` goes on counting all).
    to : str or Path, optional
        A folder to record to instead of the memory; see `load_recording`.

    Examples
    --------
    >>> G = NeuronGroup(3, 'v : 1', events={'high': 'v > 0.5'})
    >>> G.v = [0, 1, 1]
    >>> high = EventMonitor(G, 'high', variables='v')
    >>> run(0.2*ms)
    >>> high.event_trains()[1], high.v, high.num_events
    (array([  0., 100.]) * usecond, array([1., 1., 1., 1.]), 4)
    """

    kind = "events"

    def __init__(
        self,
        source: AnyGroup,
        event: str,
        variables: str | Sequence[str] | bool | None = None,
        record: bool = True,
        when: str | None = None,
        order: int | None = None,
        name: str = "eventmonitor*",
        *,
        keep: Any = None,
        to: str | Path | None = None,
    ) -> None:
        if not isinstance(source, (NeuronGroup, Subgroup)):
            raise ArgumentTypeError(f"events are recorded from a group of neurons, not from {source!r}")
        group, source = whole(source)[0], source.where(event)
        if event not in group.events:
            what = "threshold, so it never spikes" if event == "spike" else f"event '{event}'"
            raise ArgumentError(f"'{group.name}' has no {what}", hint=nearest(event, group.events))
        if record is not True and record is not False:
            hint = "record a part of the group: group[2:5]"
            raise ArgumentTypeError("record must be True or False", found=repr(record), hint=hint)
        detector = group.thresholder[event]
        order = detector.order + 1 if order is None else order
        super().__init__(source, name, None, group.clock, when or detector.when, order, keep, to)
        self.event, self.record = event, record
        self._begin_recording(self.columns_of(variables, always=("t", "i")), range(len(source)))
        self._totals = np.zeros(len(source), np.int64)
        self._began: float | None = None  # when it began to record, in seconds

    def clear(self) -> None:
        super().clear()
        self._totals[:] = 0
        self._began = None

    def stored(self) -> dict[str, AnyArray]:
        began = [] if self._began is None else [self._began]
        return super().stored() | {"totals": self._totals.copy(), "began": np.array(began)}

    def restore(self, state: Mapping[str, AnyArray]) -> None:
        self._totals[:] = state["totals"]
        self._began = float(state["began"][0]) if len(state["began"]) else None
        super().restore(state)

    def buffers(self) -> Recordings:
        if self._began is None:
            self._began = self.clock.t_
        self.make_folder()
        _, first, stop = whole(self.source)
        buffers = recorder_memory("events", len(self.columns), first, stop - first, None)
        buffers.totals, buffers.keep_rows = self._totals, self.record or bool(self.columns)
        return buffers

    @property
    def i(self) -> npt.NDArray[np.int32]:
        """The neuron of each event, counted from the first of the source."""
        self._need_times()
        return self.recording.all().indices

    @property
    def i_(self) -> npt.NDArray[np.int32]:
        """The same as `i`, which has no unit."""
        return self.i

    @property
    def t_(self) -> Real:
        self._need_times()
        return super().t_

    @property
    def began(self) -> float | None:
        """Since when it has recorded, in seconds; None before its first run."""
        return self._began

    def _need_times(self) -> None:
        if not self.record:
            raise UnknownNameError(f"'{self.name}' keeps counts only", kind="name", hint="record=True keeps the times")

    def __getattr__(self, name: str) -> Any:
        if name.removesuffix("_") in ("i", "t", "it"):  # where the property has found that there is nothing
            self._need_times()
        return super().__getattr__(name)

    @property
    def N(self) -> int:  # the field's name
        """Number of events that are kept, or else counted."""
        return super().N if self.record else self.num_events

    @property
    def it(self) -> tuple[npt.NDArray[np.int32], Any]:
        """Neurons and times."""
        return self.i, self.t

    @property
    def it_(self) -> tuple[npt.NDArray[np.int32], Real]:
        """Neurons and times in seconds, as plain numbers."""
        return self.i, self.t_

    @property
    def count(self) -> npt.NDArray[np.int64]:
        """Number of events of each neuron."""
        return self._totals.copy()

    @property
    def count_(self) -> npt.NDArray[np.int64]:
        """The same as `count`, which has no unit."""
        return self.count

    @property
    def num_events(self) -> int:
        """Number of all events."""
        return int(self._totals.sum())

    def values(self, var: str) -> dict[int, Any]:
        """The values of a recorded variable (or ``t``, ``i``) for each neuron, in the order of its events."""
        order, bounds = self._by_neuron()
        return _split(getattr(self, var)[order], bounds)

    def _by_neuron(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """The rows of the first neuron, of the second and so on; and where those of each end and begin."""
        i = self.i
        order = np.argsort(i, kind="stable")
        return order, np.searchsorted(i[order], np.arange(len(self.source) + 1))

    def all_values(self) -> dict[str, dict[int, Any]]:
        """`values` of every recorded variable and of ``t``."""
        order, bounds = self._by_neuron()
        return {name: _split(getattr(self, name)[order], bounds) for name in (*self.columns, "t")}

    def event_trains(self) -> dict[int, Any]:
        """Times of the events of each neuron."""
        return self.values("t")

    # rates

    def binned_rate(self, bin_size: Any) -> tuple[Any, Any]:
        """The rate of each neuron in bins of time, those that are over.

        Parameters
        ----------
        bin_size : Quantity
            A whole number of time steps.

        Returns
        -------
        bins : Quantity
            When each bin starts.
        rates : Quantity
            A row for each neuron, a column for each bin.

        Examples
        --------
        >>> G = NeuronGroup(2, 'dv/dt = rate : 1\\nrate : Hz', threshold='v > 1.001', reset='v = 0')
        >>> G.rate = [100, 200]*Hz
        >>> spikes = SpikeMonitor(G)
        >>> run(100*ms)
        >>> spikes.binned_rate(50*ms)
        (array([ 0., 50.]) * msecond, array([[ 80., 100.],
               [180., 200.]]) * hertz)
        """
        self._need_times()
        rows = self.recording.all()
        dt, now = self.clock.dt_, self.clock.t_
        began = now if self._began is None else self._began
        begin = began if self._span is None else max(began, now - self._span)
        starts, size = bin_starts(bin_size, dt, begin, now)
        bins = bin_numbers(rows.times, starts, size, dt)
        cells = (rows.indices.astype(np.int64) * len(starts) + bins)[bins >= 0]
        counts = np.bincount(cells, minlength=len(self.source) * len(starts)).reshape(len(self.source), len(starts))
        return quantity(starts, SECOND), quantity(counts / size, SECOND**-1)

    def smooth_rate(self, window: Any = "gaussian", width: Any = None) -> Any:
        """The rate of each neuron in each time step (a row for each neuron), smoothed with a window.

        Parameters
        ----------
        window : 'gaussian', 'flat' or array
            An array is a window of its own, an odd number of steps long.
        width : Quantity
            Standard deviation of the Gaussian, or width of the flat window.
        """
        weights = window_weights(window, width, self.clock.dt_)
        return smoothed(np.asarray(self.binned_rate(self.clock.dt)[1]), weights)

    # exporting

    @property
    def row_names(self) -> tuple[str, ...]:
        return ("i", "t", *self.columns) if self.record else self.columns

    @property
    def summaries(self) -> tuple[str, ...]:
        return ("count", "N")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} of {self.source.name!r}, {self.num_events} events>"


def _split(values: Any, bounds: npt.NDArray[np.intp]) -> dict[int, Any]:
    return {k: values[bounds[k] : bounds[k + 1]] for k in range(len(bounds) - 1)}


class SpikeMonitor(EventMonitor):
    """Writes down the spikes of a group.

    Parameters
    ----------
    source : NeuronGroup or Subgroup
        Neurons are counted from the first of the source.
    variables : str, list of str or True, optional
        Variables of the neuron to be recorded with each spike, as they are before the reset; True for all.
    record : bool
        Whether to keep times and indices, or only counts.
    when, order, keep, to
        As for `EventMonitor`.

    Examples
    --------
    >>> G = NeuronGroup(2, 'dv/dt = 100*Hz : 1', threshold='v > 1.001', reset='v = 0')
    >>> spikes = SpikeMonitor(G)
    >>> run(25*ms)
    >>> spikes.i, spikes.t/ms
    (array([0, 1, 0, 1], dtype=int32), array([10. , 10. , 20.1, 20.1]))

    Only the last 10 ms, however long it runs:

    >>> latest = SpikeMonitor(G, keep=10*ms)
    >>> run(100*ms)
    >>> latest.t
    array([121.1, 121.1]) * msecond
    """

    def __init__(
        self,
        source: AnyGroup,
        variables: str | Sequence[str] | bool | None = None,
        record: bool = True,
        when: str | None = None,
        order: int | None = None,
        name: str = "spikemonitor*",
        *,
        keep: Any = None,
        to: str | Path | None = None,
    ) -> None:
        super().__init__(source, "spike", variables, record, when, order, name, keep=keep, to=to)

    @property
    def num_spikes(self) -> int:
        """Number of all spikes."""
        return self.num_events

    def spike_trains(self) -> dict[int, Any]:
        """Times of the spikes of each neuron."""
        return self.event_trains()
