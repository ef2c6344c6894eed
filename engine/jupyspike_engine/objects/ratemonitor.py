"""Monitors of the firing rate of a population."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError
from ..simulation.recording import Recording
from ..simulation.simulation import recorder_memory
from ..targets.interface import Recordings
from ..units import SECOND, quantity
from .clocks import seconds
from .monitor import Monitor
from .neurongroup import AnyGroup, NeuronGroup, Subgroup, whole

Real = npt.NDArray[np.float64]


class PopulationRateMonitor(Monitor):
    """The mean firing rate of a group in each time step.

    Parameters
    ----------
    source : NeuronGroup or Subgroup

    Examples
    --------
    >>> G = PoissonGroup(1000, rates=50*Hz)
    >>> rate = PopulationRateMonitor(G)
    >>> run(100*ms)
    >>> len(rate.smooth_rate(window='flat', width=10*ms))
    1000
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
