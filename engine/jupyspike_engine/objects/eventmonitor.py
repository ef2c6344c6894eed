"""Monitors of events: which neuron spiked, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError, nearest
from ..language.scope import Symbol
from ..simulation.recording import Recording
from ..simulation.simulation import recorder_memory
from ..targets.interface import Recordings
from ..units import quantity
from .monitor import Monitor, typed
from .neurongroup import AnyGroup, NeuronGroup, Subgroup, whole

Real = npt.NDArray[np.float64]


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

    def stored(self) -> dict[str, npt.NDArray[np.generic]]:
        return super().stored() | {"totals": self._totals.copy()}

    def restore(self, state: Mapping[str, npt.NDArray[np.generic]]) -> None:
        super().restore(state)
        self._totals[:] = state["totals"]

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
    >>> G = NeuronGroup(2, 'dv/dt = 100*Hz : 1', threshold='v > 1.001', reset='v = 0')
    >>> spikes = SpikeMonitor(G)
    >>> run(25*ms)
    >>> spikes.i, spikes.t/ms
    (array([0, 1, 0, 1], dtype=int32), array([10. , 10. , 20.1, 20.1]))
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
