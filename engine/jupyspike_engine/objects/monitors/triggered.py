"""Spike-triggered averages: what a stimulus was before the spikes of neurons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, ArgumentTypeError
from ...simulation.averaging import Binned, Feed, WindowSums, bin_of
from ...simulation.recording import Chunk
from ...simulation.room import expect_room
from ...units import SECOND, Dimension, quantity
from ..base import SimulatedObject
from ..clocks import Clock, seconds
from ..neurongroup import AnyGroup, NeuronGroup
from ..subgroup import Subgroup
from ..timedarray import TimedArray
from .eventmonitor import EventMonitor, SpikeMonitor
from .monitor import Monitor
from .statemonitor import StateMonitor, numbers_of

Real = npt.NDArray[np.float64]


class SpikeTriggeredAverage(SimulatedObject):
    """Averages what a stimulus was before the spikes of each neuron: its receptive field, if it was white noise.

    It is added up while the network runs; neither the spikes nor the stimulus are kept.

    Parameters
    ----------
    source : NeuronGroup or Subgroup
        The neurons whose spikes count.
    stimulus : TimedArray, NeuronGroup or Subgroup
        A function of time, with a channel for each column; a group whose ``variable`` is the stimulus, a channel for
        each neuron; or a group whose spikes are, such as a PoissonGroup: their rates then.
    variable : str, optional
        Of the stimulus. Of the source itself, each neuron's own values before its own spikes are averaged.
    window : Quantity
        How far back to look.
    dt : Quantity, optional
        Length of the bins of time: the step of the stimulus by default, at least that of the simulation.
    record : True, int, array of int, slice or str
        Which neurons of the source; all by default.
    event : str
        The event in place of spikes.
    name : str

    Attributes
    ----------
    neurons : array of int
        Those that are averaged for, by their numbers in the source.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        Something is no stimulus, or the window has no whole bin.

    Notes
    -----
    Of white noise it is proportional to the linear filter of a neuron that spikes with a probability that is a function
    of the filtered stimulus (de Boer and Kuyper 1968; Chichilnisky 2001, Network 12: 199). Spikes that come sooner than
    ``window`` after the start do not count.

    Examples
    --------
    >>> seed(2)
    >>> flicker = TimedArray(np.random.default_rng(1).choice([-1.0, 1.0], 20000), dt=1*ms)
    >>> G = NeuronGroup(1, 'rate = (20 + 20*flicker(t - 2*ms))*Hz : Hz', threshold='rand() < rate*dt')
    >>> field = SpikeTriggeredAverage(G, flicker, window=4*ms)
    >>> run(20*second)
    >>> field.lags[field.average[0, :, 0].argmax()]
    2. * msecond
    """

    add_to_magic_network = True
    invalidates_magic_network = False

    def __init__(
        self,
        source: AnyGroup,
        stimulus: TimedArray | AnyGroup,
        variable: str | None = None,
        *,
        window: Any,
        dt: Any = None,
        record: Any = True,
        event: str = "spike",
        name: str = "spiketriggeredaverage*",
    ) -> None:
        if not isinstance(source, (NeuronGroup, Subgroup)):
            raise ArgumentTypeError(f"spikes are those of a group of neurons, not of {source!r}")
        step = source.clock.dt_ if dt is None else seconds(dt, "dt", positive=True)
        if dt is None and isinstance(stimulus, TimedArray):
            step = max(step, stimulus.dt_)
        super().__init__(name, clock=source.clock)
        self.source, self.stimulus, self._step = source, stimulus, step
        self.neurons = numbers_of(source, record)
        self._length = round(seconds(window, "window", positive=True) / step)
        if self._length < 1:
            raise ArgumentError(
                "the window has no whole bin", found=str(window), expected=f"at least {quantity(step, SECOND)}"
            )
        self._spikes = EventMonitor(source, event, name=f"{self.name}_spikes*")
        self._feed("spikes", self._spikes, 0, self._take_spikes)
        self._binned: Binned | None = None
        own = variable is not None and stimulus is source
        channels = self._watch(stimulus, variable, own)
        size = len(self.neurons) * self._length * (1 if own else channels) * 16
        expect_room(size, f"averages for {len(self.neurons)} neurons, {self._length} bins and {channels} channels")
        self._new_sums = partial(WindowSums, len(self.neurons), self._length, channels, own)
        self._sums = self._new_sums()
        self._places = np.full(len(source), -1, np.int64)
        self._places[self.neurons] = np.arange(len(self.neurons))
        self._settled = dict.fromkeys(("spikes", "stimulus"), -1.0)
        self._began = False

    # what is watched

    def _watch(self, stimulus: Any, variable: str | None, own: bool) -> int:
        """Have the stimulus watched; the number of its channels."""
        group = stimulus
        if isinstance(stimulus, TimedArray):
            if variable is not None:
                raise ArgumentError("a TimedArray has no variables", found=f"variable={variable!r}")
            group, variable = self._shown(stimulus), "stimulus"
        elif not isinstance(stimulus, (NeuronGroup, Subgroup)):
            raise ArgumentTypeError(
                f"{stimulus!r} is no stimulus", expected="a TimedArray, a group with a variable, or a group that spikes"
            )
        if variable is None:
            self.dim: Dimension = SECOND**-1
            channels = len(group)
            self._binned = Binned(self._step, channels)
            self._stimulus: Monitor = SpikeMonitor(group, name=f"{self.name}_stimulus*")
        else:
            elements = self.neurons if own else True
            clock = group.clock if group.clock.dt_ == self._step else Clock(quantity(self._step, SECOND))
            monitor = StateMonitor(group, variable, elements, clock=clock, name=f"{self.name}_stimulus*")
            self.dim, channels = group.symbols[variable].dimension, len(monitor.record)
            self._stimulus = monitor
        self._feed("stimulus", self._stimulus, channels, self._take_stimulus)
        return channels

    def _feed(self, what: str, monitor: Monitor, width: int, take: Callable[[Chunk], None]) -> None:
        """Have what a monitor records handed on instead of kept."""
        monitor.recording = Feed(len(monitor.columns), width, take, partial(self._settle, what))

    def _shown(self, stimulus: TimedArray) -> NeuronGroup:
        """A group whose elements show the columns of a function of time."""
        columns = stimulus.values.shape[1] if stimulus.values.ndim == 2 else 1
        call = "shown(t, i)" if stimulus.values.ndim == 2 else "shown(t)"
        unit = "1" if stimulus.dim.is_dimensionless else str(stimulus.dim)
        return NeuronGroup(
            columns, f"stimulus = 1.0*{call} : {unit}", namespace={"shown": stimulus},
            clock=Clock(quantity(self._step, SECOND)), name=f"{self.name}_shown*",
        )  # fmt: skip

    def before_run(self, run_namespace: Mapping[str, Any]) -> None:
        if not self._began:
            self._began = True
            first = int(bin_of(np.array([self.clock.t_]), self._step)[0])
            self._sums.begin(first)
            if self._binned is not None:
                self._binned.done = first

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        return (*self._spikes.needs, self._spikes, *self._stimulus.needs, self._stimulus)

    def _take_spikes(self, chunk: Chunk) -> None:
        places = self._places[chunk.indices]
        chosen = places >= 0
        self._sums.take_events(bin_of(chunk.times[chosen], self._step), places[chosen])

    def _take_stimulus(self, chunk: Chunk) -> None:
        if self._binned is not None:
            self._binned.take(chunk.times, chunk.indices)
        else:
            self._sums.take_rows(chunk.columns[0])

    def _settle(self, what: str, now: float) -> None:
        """Add up, when both spikes and stimulus are complete up to a time (s)."""
        self._settled[what] = now
        if len(set(self._settled.values())) == 1:
            if self._binned is not None:
                self._sums.take_rows(self._binned.rows_until(now))
            self._sums.add_up()

    # reading

    @property
    def lags_(self) -> Real:
        """As `lags`, in seconds."""
        return np.asarray(np.arange(self._length) * self._step, np.float64)

    @property
    def lags(self) -> Any:
        """How long before the spike each bin began, from the bin of the spike back: 0, dt, 2*dt ..."""
        return quantity(self.lags_, SECOND)

    @property
    def num_spikes(self) -> npt.NDArray[np.int64]:
        """The spikes that count, for each neuron."""
        return self._sums.counts.copy()

    @property
    def average_(self) -> Real:
        """As `average`, in SI base units."""
        return self._means(slice(None))

    def average_of(self, place: int) -> Real:
        """The average of one of `neurons`, by its place among them: a row of channels for each lag; SI base units."""
        return self._of_one(self._means, place)

    @property
    def average(self) -> Any:
        """The average, of shape (neurons, lags, channels), or (neurons, lags) of values of the source itself.

        Not a number without spikes.
        """
        return quantity(self.average_, self.dim)

    @property
    def standard_error_(self) -> Real:
        """As `standard_error`, in SI base units."""
        return self._errors(slice(None))

    def standard_error_of(self, place: int) -> Real:
        """The standard error for one of `neurons`; see `average_of`."""
        return self._of_one(self._errors, place)

    @property
    def standard_error(self) -> Any:
        """The standard error of the average. Not a number with less than two spikes."""
        return quantity(self.standard_error_, self.dim)

    @property
    def mean_(self) -> Real:
        """As `mean`, in SI base units."""
        with np.errstate(invalid="ignore"):
            return self._scaled(self._sums.total / (self._sums.rows - self._sums.first))

    @property
    def mean(self) -> Any:
        """The mean of each channel over time: the average of what does not make a neuron spike."""
        return quantity(self.mean_, self.dim)

    def _counts(self, which: slice) -> Real:
        counts = self._sums.counts[which].astype(np.float64)
        return counts.reshape(-1, *[1] * (self._sums.sums.ndim - 1))

    def _means(self, which: slice) -> Real:
        with np.errstate(invalid="ignore"):
            return self._scaled(np.asarray(self._sums.sums[which] / self._counts(which))[:, ::-1])

    def _errors(self, which: slice) -> Real:
        counts, sums, squares = self._counts(which), self._sums.sums[which], self._sums.squares[which]
        with np.errstate(invalid="ignore", divide="ignore"):
            variances = (squares / counts - (sums / counts) ** 2) * counts / (counts - 1)
            return self._scaled(np.sqrt(np.maximum(variances, 0.0) / counts)[:, ::-1])

    def _of_one(self, values: Callable[[slice], Real], place: int) -> Real:
        (of_one,) = values(slice(place, place + 1))
        return np.asarray(of_one.reshape(self._length, -1))

    def _scaled(self, values: Real) -> Real:
        """Counts of spikes in bins are shown as rates."""
        return np.asarray(values / self._step if self._binned is not None else values)

    def clear(self) -> None:
        """Forget what was added up, and begin anew."""
        reached = self._sums.rows
        self._sums = self._new_sums()
        self._sums.begin(reached)

    def begin_again(self) -> None:
        self._sums = self._new_sums()
        self._settled = dict.fromkeys(self._settled, -1.0)
        self._began = False

    def stored(self) -> dict[str, npt.NDArray[np.generic]]:
        binned = {} if self._binned is None else self._binned.stored()
        return self._sums.stored() | binned | {"began": np.array(self._began)}

    def restore(self, state: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self._sums.restore(state)
        if self._binned is not None:
            self._binned.restore(state)
        self._settled = dict.fromkeys(self._settled, -1.0)
        self._began = bool(state.get("began", True))  # files of earlier versions do not say

    def __repr__(self) -> str:
        return f"<SpikeTriggeredAverage {self.name!r} of {len(self.neurons)} neurons of {self.source.name!r}>"
