"""Monitors of state variables over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError, IndexRangeError
from ..simulation.recording import Recording
from ..simulation.simulation import recorder_memory
from ..targets.interface import Recordings
from ..units import quantity
from .clocks import Clock
from .monitor import Monitor, typed
from .neurongroup import AnyGroup, NeuronGroup, Subgroup, whole
from .synapses import Synapses


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
    >>> G = NeuronGroup(6, 'dv/dt = 10*mV/second : volt')
    >>> trace = StateMonitor(G, 'v', record=[0, 5], dt=1*second)
    >>> run(3*second)
    >>> trace.t/second, trace[5].v
    (array([0., 1., 2.]), array([ 0., 10., 20.]) * mvolt)
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
        self._records_all = record is True
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
            self._follow_connections()
            elements = self.source.indices_of(self.record)
        else:
            elements = self.record + np.int32(whole(self.source)[1])
        return recorder_memory("state", len(self.columns), 0, len(elements), np.ascontiguousarray(elements, np.int32))

    def _follow_connections(self) -> None:
        """Record the synapses that have been made since the monitor was."""
        if not self._records_all or len(self.record) == len(self.source):
            return
        if self.recording.rows:
            recorded, present = len(self.record), len(self.source)
            problem = f"'{self.name}' has recorded {recorded} synapses, now '{self.source.name}' has {present}"
            raise ArgumentError(problem, hint="make a new monitor for the new synapses")
        self.record = self._recorded(True)
        self.recording = Recording(len(self.columns), len(self.record))

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
