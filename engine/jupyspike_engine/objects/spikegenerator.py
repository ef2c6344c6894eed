"""Neurons that spike at given times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError, DimensionMismatchError, IndexRangeError, NotAvailableError
from ..language.check import unit_text
from ..targets.interface import AnyArray, GivenEvents
from ..units import SECOND, bare, quantity
from .clocks import Clock, seconds
from .neurongroup import NeuronGroup


class SpikeGeneratorGroup(NeuronGroup):
    """Neurons that spike at given times.

    Parameters
    ----------
    N : int
        Number of neurons.
    indices : array of int
        Which neuron spikes, for each spike.
    times : Quantity
        When, for each spike.
    period : Quantity, optional
        Length after which all spikes are repeated; 0 for never.
    when, order
        Slot of the time step in which they spike, and order within it.
    sorted : bool
        Whether the spikes are sorted by time already.

    Raises
    ------
    ArgumentError
        Indices and times differ in number; a neuron spikes twice in one time step (found when a run starts).
    IndexRangeError
        There is no such neuron.

    Examples
    --------
    >>> inputs = SpikeGeneratorGroup(3, [0, 2, 0], [1, 1, 2] * ms)
    >>> spikes = SpikeMonitor(inputs)
    >>> run(3*ms)
    >>> spikes.i
    array([0, 2, 0], dtype=int32)
    """

    def __init__(
        self,
        N: int,  # the field's name
        indices: Any,
        times: Any,
        dt: Any = None,
        clock: Clock | None = None,
        period: Any = None,
        when: str = "thresholds",
        order: int = 0,
        sorted: bool = False,  # the contract's name
        name: str = "spikegeneratorgroup*",
        codeobj_class: Any = None,
    ) -> None:
        super().__init__(N, "", threshold="False", dt=dt, clock=clock, order=order, name=name)
        self.thresholder["spike"].when = when
        self._set("_period", 0.0)
        self.set_spikes(indices, times, period, sorted)

    injects_events = True

    def set_spikes(self, indices: Any, times: Any, period: Any = None, sorted: bool = False) -> None:
        """Give other spikes; between two runs, those before the present time do not happen any more.

        Parameters
        ----------
        indices, times, period, sorted
            See the class.
        """
        which, when = np.atleast_1d(np.asarray(indices)), bare(times)
        if when[1] != SECOND and np.size(when[0]):
            raise DimensionMismatchError(
                "the times of spikes are not times", kind="unit", found=unit_text(when[1]), expected="as in [1, 2]*ms"
            )
        moments = np.atleast_1d(np.asarray(when[0], np.float64))
        if which.dtype.kind not in "iuf" or (which != np.floor(which)).any():  # numbers read from a file may be real
            raise ArgumentTypeError("the indices of spikes must be whole numbers", found=repr(indices))
        if which.shape != moments.shape or which.ndim != 1:
            raise ArgumentError(f"{which.size} indices and {moments.size} times of spikes were given")
        if which.size and not (which.min() >= 0 and which.max() < len(self)):
            raise IndexRangeError(
                f"the spikes of '{self.name}' name neurons that do not exist", kind="index",
                found=f"{which.min()} to {which.max()}", expected=f"0 to {len(self) - 1}",
            )  # fmt: skip
        if not np.isfinite(moments).all() or (moments < 0).any():
            raise ArgumentError("the times of spikes must be finite and not negative")
        length = 0.0 if period is None else seconds(period, "the period")
        if length and moments.size and moments.max() >= length:
            raise ArgumentError(
                "all spikes must lie within the period", found=f"a spike at {quantity(moments.max(), SECOND)}",
                expected=f"before {quantity(length, SECOND)}",
            )  # fmt: skip
        if not sorted:
            order = np.lexsort((which, moments))
            which, moments = which[order], moments[order]
        self._set("_period", length)
        self._set("_neurons", which.astype(np.int32))
        self._set("_times", moments)

    def stored(self) -> dict[str, AnyArray]:
        spikes: dict[str, AnyArray] = {"neurons": self._neurons, "times": self._times, "period": np.array(self._period)}
        return super().stored() | spikes

    def restore(self, state: Mapping[str, AnyArray]) -> None:
        super().restore(state)
        self._set("_neurons", np.array(state["neurons"], np.int32))
        self._set("_times", np.array(state["times"], np.float64))
        self._set("_period", float(np.asarray(state["period"], np.float64)))

    @property
    def period(self) -> Any:
        """Length after which the spikes are repeated; 0 for never."""
        return quantity(self._period, SECOND)

    _period: float
    _neurons: npt.NDArray[np.int32]
    _times: npt.NDArray[np.float64]

    def given_events(self, dt: float) -> GivenEvents:
        """The spikes by time step (s).

        Raises
        ------
        ArgumentError
            A neuron spikes twice in one step, or the period is not a whole number of steps.
        """
        passed = self._times / dt
        steps = np.floor(passed + 1e-3).astype(np.int64)  # what rounding takes from a time must not cost a step
        period = round(self._period / dt)
        if abs(period * dt - self._period) > 1e-4 * dt:
            raise NotAvailableError(
                f"the period of '{self.name}' is not a whole number of time steps", found=str(self.period),
                expected=f"a multiple of {quantity(dt, SECOND)}",
            )  # fmt: skip
        order = np.lexsort((self._neurons, steps))
        steps, neurons = steps[order], self._neurons[order]
        twice = np.flatnonzero((np.diff(steps) == 0) & (np.diff(neurons) == 0))
        if len(twice):
            k = twice[0]
            raise ArgumentError(
                f"neuron {neurons[k]} of '{self.name}' spikes more than once in the time step at "
                f"{quantity(steps[k] * dt, SECOND)}",
                hint="use a smaller dt, or leave out spikes that are too close to each other",
            )
        return GivenEvents(steps, neurons, period)

    def __repr__(self) -> str:
        return f"<SpikeGeneratorGroup {self.name!r} of {len(self)} neurons, {len(self._times)} spikes>"
