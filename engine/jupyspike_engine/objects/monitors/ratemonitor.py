"""Monitors of the firing rate of a population."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, ArgumentTypeError
from ...language.scope import Symbol
from ...language.syntax import Expression
from ...simulation.recording import AnyArray, Scale
from ...simulation.simulation import recorder_memory
from ...targets.interface import Recordings
from ...units import SECOND, quantity
from ..neurongroup import AnyGroup, NeuronGroup
from ..subgroup import Subgroup, whole
from .monitor import Monitor
from .rates import bin_numbers, bin_starts, smoothed, window_weights

Real = npt.NDArray[np.float64]


class PopulationRateMonitor(Monitor):
    """The mean firing rate of a group in each time step: ``rate``, in hertz, at the times ``t``.

    Parameters
    ----------
    source : NeuronGroup or Subgroup
    keep : Quantity, optional
        Keep only this stretch of time, up to now.
    to : str or Path, optional
        A folder to record to instead of the memory; see `load_recording`.

    Examples
    --------
    >>> G = PoissonGroup(1000, rates=50*Hz)
    >>> rate = PopulationRateMonitor(G)
    >>> run(100*ms)
    >>> len(rate.smooth_rate(window='flat', width=10*ms))
    1000
    >>> bins, rates = rate.binned_rate(50*ms)
    >>> bins
    array([ 0., 50.]) * msecond
    """

    kind = "rate"

    def __init__(
        self, source: AnyGroup, name: str = "ratemonitor*", *, keep: Any = None, to: str | Path | None = None
    ) -> None:
        if not isinstance(source, (NeuronGroup, Subgroup)) or "spike" not in whole(source)[0].events:
            raise ArgumentTypeError(f"a rate is recorded from neurons with a threshold, not from {source!r}")
        group, source = whole(source)[0], source.where("spike")
        super().__init__(source, name, None, group.clock, "end", 0, keep, to)
        self._begin_recording({"rate": Symbol("rate", "state", SECOND**-1)}, range(len(source)))
        self._time_steps: list[tuple[int, float]] = []  # from which row on which time step (s) was taken

    def _written(self) -> tuple[Expression, ...]:
        return ()  # the count of spikes is written without being asked for

    def buffers(self) -> Recordings:
        self.make_folder()
        dt = self.clock.dt_
        if not self._time_steps or self._time_steps[-1][1] != dt:
            self._time_steps.append((self.recording.rows, dt))
        self.recording.scales[0] = Scale(divisor=len(self.source) * dt)
        _, first, stop = whole(self.source)
        return recorder_memory("rate", 1, first, stop - first, None)

    def clear(self) -> None:
        super().clear()
        self._time_steps.clear()

    def stored(self) -> dict[str, AnyArray]:
        return super().stored() | {"time steps": self._steps()}

    def restore(self, state: Mapping[str, AnyArray]) -> None:
        steps = state["time steps"]
        changes = np.flatnonzero(np.diff(steps, prepend=0))
        self._time_steps = [(int(row), float(steps[row])) for row in changes]
        super().restore(state)

    def _steps(self) -> Real:
        """The time step of each row."""
        rows, kept = self.recording.rows, self.N
        begins = [max(0, row - rows + kept) for row, _ in self._time_steps]
        lengths = np.diff([*begins, kept])
        return np.repeat([dt for _, dt in self._time_steps], lengths)

    def binned_rate(self, bin_size: Any) -> tuple[Any, Any]:
        """The rate in bins of time, those that are over.

        Parameters
        ----------
        bin_size : Quantity
            A whole number of time steps.

        Returns
        -------
        bins, rates : Quantity
            When each bin starts, and the mean rate in it.
        """
        times, dt = self.t_, self.clock.dt_
        begin, end = (times[0], times[-1] + self._steps()[-1]) if len(times) else (0.0, 0.0)
        starts, size = bin_starts(bin_size, dt, begin, end)
        bins = bin_numbers(times, starts, size, dt)
        inside = bins >= 0
        sums = np.bincount(bins[inside], (self.rate_ * self._steps())[inside], minlength=len(starts))
        return quantity(starts, SECOND), quantity(sums / size, SECOND**-1)

    def smooth_rate(self, window: Any = "gaussian", width: Any = None) -> Any:
        """The rate smoothed with a window.

        Parameters
        ----------
        window : 'gaussian', 'flat' or array
            An array is a window of its own, an odd number of steps long.
        width : Quantity
            Standard deviation of the Gaussian, or width of the flat window.

        Raises
        ------
        ArgumentError
            The rate was recorded with several time steps.
        """
        steps = self._steps()
        if len(steps) and (steps != steps[0]).any():
            hint = "binned_rate() counts in bins of the same length"
            raise ArgumentError("a rate recorded with several time steps cannot be smoothed", hint=hint)
        dt = float(steps[0]) if len(steps) else self.clock.dt_
        return smoothed(self.rate_, window_weights(window, width, dt))

    @property
    def row_names(self) -> tuple[str, ...]:
        return ("rate", "t")

    def __repr__(self) -> str:
        return f"<PopulationRateMonitor of {self.source.name!r}>"
