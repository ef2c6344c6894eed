"""Bounded memory for what probes have read: the newest is kept, the oldest quarter goes when the buffer is full."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from jupyspike.widgets.plots import Floats, Interval

_FIRST_SIZE = 4096


class TimedBuffer:
    """Rows of values with ascending times, at most ``capacity`` of them.

    Parameters
    ----------
    capacity : int
        Rows that are kept at most; after overflowing at least three quarters of it are.
    width : int or None
        Values in a row; None for one value that is not in an array of its own.
    dtype : numpy dtype
        Of the values; times are float64 seconds.
    """

    def __init__(self, capacity: int, width: int | None = None, dtype: npt.DTypeLike = np.float64) -> None:
        self.capacity = max(4, capacity)
        self._row = () if width is None else (width,)
        size = min(_FIRST_SIZE, self.capacity)
        self._times: Floats = np.empty(size)
        self._values: npt.NDArray[Any] = np.empty((size, *self._row), dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def times(self) -> Floats:
        """Times in seconds, ascending; a view that the next `append` may change."""
        return self._times[: self._length]

    @property
    def values(self) -> npt.NDArray[Any]:
        """The rows that belong to `times`."""
        return self._values[: self._length]

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return self._times.nbytes + self._values.nbytes

    def append(self, times: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Add rows that are not earlier than those present."""
        new_times, new_values = np.asarray(times), np.asarray(values)
        if len(new_times) > self.capacity:
            new_times, new_values = new_times[-self.capacity :], new_values[-self.capacity :]
        needed = self._length + len(new_times)
        if needed > self.capacity:
            self._forget(max(needed - self.capacity, self.capacity // 4))
        elif needed > len(self._times):
            self._grow(min(self.capacity, max(needed, 2 * len(self._times))))
        if self._length + len(new_times) > len(self._times):
            self._grow(self.capacity)
        end = self._length + len(new_times)
        self._times[self._length : end] = new_times
        self._values[self._length : end] = new_values
        self._length = end

    def within(self, x: Interval, margin: int = 0) -> slice:
        """The rows from ``x.start`` to ``x.stop``, and ``margin`` rows more on each side."""
        first = int(np.searchsorted(self.times, x.start, side="left"))
        last = int(np.searchsorted(self.times, x.stop, side="right"))
        return slice(max(0, first - margin), min(self._length, last + margin))

    def _forget(self, count: int) -> None:
        kept = max(0, self._length - count)
        self._times[:kept] = self._times[self._length - kept : self._length].copy()
        self._values[:kept] = self._values[self._length - kept : self._length].copy()
        self._length = kept

    def _grow(self, size: int) -> None:
        times, values = self._times, self._values
        self._times = np.empty(size)
        self._values = np.empty((size, *self._row), values.dtype)
        self._times[: self._length] = times[: self._length]
        self._values[: self._length] = values[: self._length]
