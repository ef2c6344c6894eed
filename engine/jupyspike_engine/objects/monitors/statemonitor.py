"""Monitors of state variables over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, ArgumentTypeError, IndexRangeError
from ...simulation.recording import AnyArray, Chunk, Scale
from ...simulation.simulation import recorder_memory
from ...targets.interface import Recordings
from ..clocks import Clock
from ..neurongroup import AnyGroup, NeuronGroup
from ..selection import Selection
from ..subgroup import Subgroup, whole
from ..synaptic.synapses import Synapses
from ..synaptic.synapticsubgroup import SynapticSubgroup
from ..variables import attribute
from .monitor import Monitor

Numbers = npt.NDArray[np.int32]


class StateMonitor(Monitor):
    """Writes down variables of a group or of synapses at each step, before the state is updated.

    Attributes of the names of the variables give arrays with a row for each element and a column for each time.

    Parameters
    ----------
    source : NeuronGroup, Subgroup or Synapses
    variables : str, list of str or True
        What to record; True stands for all variables.
    record : bool, int, array of int, slice, str, Subgroup or part of synapses
        Which elements; True for all, False for none, a text for those that meet a condition now, ``S[0, :]`` for those
        synapses, ``neuron['distance > 100*um']`` or a part of the morphology for those compartments.
    dt : Quantity, optional
        Interval between samples; that of the source by default.
    clock : Clock, optional
        In place of dt.
    when, order
        When in the time step.
    keep : Quantity, optional
        Keep only this stretch of time, up to now.
    to : str or Path, optional
        A folder to record to instead of the memory; see `load_recording`.

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
        *,
        keep: Any = None,
        to: str | Path | None = None,
    ) -> None:
        if not isinstance(source, (NeuronGroup, Subgroup, Synapses)):
            hint = "StateMonitor(whole, variables, record=part)" if isinstance(source, Selection) else ""
            raise ArgumentTypeError(
                f"states are recorded from a group or from synapses, not from {source!r}", hint=hint
            )
        clock = source.clock if dt is None and clock is None else clock
        super().__init__(source, name, dt, clock, when, order, keep, to)
        self._chosen = self.columns_of(variables, always=("t",))
        self._records_all = record is True
        self._record_elements(numbers_of(source, record))

    def _record_elements(self, numbers: Numbers) -> None:
        self.record = numbers
        self._begin_recording(self._chosen, numbers)
        if isinstance(self.source, Subgroup) and "i" in self.columns:
            self.recording.scales[self.columns.index("i")] = Scale(zero=self.source.start)

    def buffers(self) -> Recordings:
        if isinstance(self.source, Synapses):
            self._follow_connections()
            elements = self.source.indices_of(self.record)
        else:
            elements = self.record + np.int32(whole(self.source)[1])
        self.make_folder()
        return recorder_memory("state", len(self.columns), 0, len(elements), np.ascontiguousarray(elements, np.int32))

    def _follow_connections(self) -> None:
        """Record the synapses that have been made since the monitor was."""
        if not self._records_all or len(self.record) == len(self.source):
            return
        if self.recording.rows:
            recorded, present = len(self.record), len(self.source)
            problem = f"'{self.name}' has recorded {recorded} synapses, now '{self.source.name}' has {present}"
            raise ArgumentError(problem, hint="make a new monitor for the new synapses")
        self._record_elements(np.arange(len(self.source), dtype=np.int32))

    def restore(self, state: Mapping[str, AnyArray]) -> None:
        self.recording.clear()
        if isinstance(self.source, Synapses):
            self._follow_connections()
        super().restore(state)

    def record_single_timestep(self) -> None:
        """Record the present state once, outside a run: what comes after the last step, for example.

        Examples
        --------
        >>> G = NeuronGroup(1, 'dv/dt = 10*mV/second : volt')
        >>> trace = StateMonitor(G, 'v', record=True, dt=1*second)
        >>> run(2*second)
        >>> trace.record_single_timestep()
        >>> trace.v
        array([[ 0., 10., 20.]]) * mvolt
        """
        if self._records_all and isinstance(self.source, Synapses):
            self._follow_connections()
        self.make_folder()
        width = len(self.record)
        rows = tuple(
            np.broadcast_to(self.source.read(symbol, self.record), width).reshape(1, width)
            for symbol in self._variables.values()
        )
        self.recording.add(Chunk(np.array([self.clock.t_]), np.empty(0, np.int32), rows))

    def column(self, name: str) -> AnyArray:
        return self.recording.all().columns[self.columns.index(name)].T

    def exported(self, name: str, units: bool) -> Any:
        values = super().exported(name, units)
        return values.T if name in self.columns else values  # exported as it is recorded, a row for each time

    def __getitem__(self, item: Any) -> StateMonitorView:
        """What was recorded of elements, by their numbers in the source (or in any way that `record` takes)."""
        return StateMonitorView(self, item)

    def __repr__(self) -> str:
        return f"<StateMonitor {self.name!r} of {', '.join(self.columns)} of {self.source.name!r}>"


def numbers_of(source: AnyGroup | Synapses, item: Any) -> Numbers:
    """The numbers of elements that are chosen by what `StateMonitor` takes for ``record``.

    Raises
    ------
    ArgumentTypeError, IndexRangeError
        It does not choose elements, or some that do not exist.
    """
    size = len(source)
    item = source.numbers_for(item)
    if item is True or item is False:
        return np.arange(size if item else 0, dtype=np.int32)
    if isinstance(item, Subgroup):
        return _of_part(source, item)
    if isinstance(item, (int, np.integer, list, range, np.ndarray)) or (
        isinstance(item, tuple) and not isinstance(source, Synapses)
    ):
        elements = np.atleast_1d(np.asarray(item))
        if elements.ndim != 1 or (elements.dtype.kind not in "iu" and elements.size):
            raise ArgumentTypeError("record must be True, False or numbers of elements", found=repr(item))
        if elements.size and not (elements.min() >= 0 and elements.max() < size):
            message = f"{item!r} is outside '{source.name}'"
            raise IndexRangeError(message, kind="index", expected=f"0 to {size - 1}")
        return elements.astype(np.int32)
    if not isinstance(source, Synapses):
        if not isinstance(item, (str, slice)):
            expected = "True, False, numbers, a slice or a condition"
            raise ArgumentTypeError(f"{item!r} does not choose elements of '{source.name}'", expected=expected)
        return source.indices_of(item)
    return np.atleast_1d(source.numbers_of(item))


def _of_part(source: AnyGroup | Synapses, part: Subgroup) -> Numbers:
    """The numbers of the neurons of a subgroup within a group that has them."""
    if not isinstance(source, Synapses):
        group, first, stop = whole(source)
        if part.source is group and first <= part.start and part.stop <= stop:
            return np.arange(part.start - first, part.stop - first, dtype=np.int32)
    raise ArgumentError(f"{part!r} is not a part of '{source.name}'")


class StateMonitorView:
    """What a monitor recorded of some elements: its variables by their names, and the times ``t``."""

    def __init__(self, monitor: StateMonitor, item: Any) -> None:
        positions = {int(element): position for position, element in enumerate(monitor.record)}
        chosen = numbers_of(monitor.source, item)
        missing = [int(element) for element in chosen if int(element) not in positions]
        if missing:
            raise IndexRangeError(f"the element {missing[0]} was not recorded", kind="index")
        rows = [positions[int(element)] for element in chosen]
        one = isinstance(item, (int, np.integer)) or (isinstance(item, SynapticSubgroup) and item.indices.ndim == 0)
        self._rows: Any = rows[0] if one else rows
        self._monitor = monitor

    @property
    def t(self) -> Any:
        return self._monitor.t

    @property
    def t_(self) -> npt.NDArray[np.float64]:
        return self._monitor.t_

    def __getattr__(self, name: str) -> Any:
        monitor: Any = self.__dict__.get("_monitor")
        if monitor is None or attribute(name, monitor.columns)[0] not in monitor.columns:
            raise AttributeError(f"the monitor does not record '{name}'")
        return getattr(monitor, name)[self._rows]

    def __dir__(self) -> list[str]:
        """Attributes, with the recorded variables."""
        columns = self._monitor.columns
        return sorted({*super().__dir__(), *columns, *(f"{name}_" for name in columns)})
