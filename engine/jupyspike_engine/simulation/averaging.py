"""What was before events, on average, added up while a network runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from ..native.averaging import add_own_windows, add_windows
from .recording import Chunk, Recording

Real = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


class WindowSums:
    """Sums over events of the rows before each, with their squares.

    Rows come in their order, events at any time; an event is added up as soon as the row of its step is there. Events
    with too few rows before them are left out.

    Parameters
    ----------
    triggers, length, channels : int
        Numbers of what has events, of rows of a window, of values in a row.
    own : bool
        Each trigger has a channel of its own, and only this is added up for it.

    Attributes
    ----------
    sums, squares : array, shape (triggers, length, channels) or (triggers, length)
        From the oldest row of a window to the newest.
    counts : array of int
        Events that were added up, for each trigger.
    total : array, shape (channels,)
        Sum of all rows.
    first, rows : int
        The number of the first row, and of the one that will come next.
    """

    def __init__(self, triggers: int, length: int, channels: int, own: bool) -> None:
        shape = (triggers, length) if own else (triggers, length, channels)
        self.sums, self.squares = np.zeros(shape), np.zeros(shape)
        self.counts, self.total = np.zeros(triggers, np.int64), np.zeros(channels)
        self.first = self.rows = 0
        self._add = add_own_windows if own else add_windows
        self._length = length
        self._kept = np.empty((0, channels))  # the newest rows
        self._waiting = np.empty((2, 0), np.int64)  # rows of events, and their triggers

    def begin(self, row: int) -> None:
        """Say which number the first row has."""
        self.first = self.rows = row

    def take_rows(self, values: Real) -> None:
        """Rows that come next, shape (any, channels)."""
        self._kept = np.concatenate([self._kept, values])
        self.total = np.cumsum(np.vstack([self.total, values]), axis=0)[-1]  # one by one, whoever hands them over
        self.rows += len(values)

    def take_events(self, rows: Counts, triggers: Counts) -> None:
        """Events by the numbers of their rows and of what has them."""
        self._waiting = np.concatenate([self._waiting, [rows, triggers]], axis=1)

    def add_up(self) -> None:
        """Add up the windows of the events whose rows are there; all events before these rows are known."""
        oldest = self.rows - len(self._kept)
        ready = self._waiting[0] < self.rows
        row, trigger = self._waiting[:, ready]
        self._waiting = self._waiting[:, ~ready]
        first = row - (self._length - 1)
        whole = first >= oldest
        first, trigger = np.ascontiguousarray(first[whole] - oldest), np.ascontiguousarray(trigger[whole])
        self._add(self.sums, self.squares, self._kept, first, trigger)
        self.counts += np.bincount(trigger, minlength=len(self.counts))
        self._kept = self._kept[-self._length :].copy()  # later events may still lie in the newest row

    def stored(self) -> dict[str, npt.NDArray[np.generic]]:
        """All that has to be kept to go on from here."""
        return {
            "sums": self.sums.copy(), "squares": self.squares.copy(), "counts": self.counts.copy(),
            "total": self.total.copy(), "rows": np.array([self.first, self.rows]), "kept": self._kept.copy(),
            "waiting": self._waiting.copy(),
        }  # fmt: skip

    def restore(self, state: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Go back to what `stored` gave."""
        self.total = np.array(state["total"], np.float64)
        for name in ("sums", "squares", "counts"):
            getattr(self, name)[:] = state[name]
        self.first, self.rows = state["rows"].tolist()
        self._kept, self._waiting = np.array(state["kept"], np.float64), np.array(state["waiting"], np.int64)


class Binned:
    """Counts of events in time bins, as rows of one number for each element.

    Parameters
    ----------
    width : float
        Length of a bin in seconds.
    elements : int
    """

    def __init__(self, width: float, elements: int) -> None:
        self._width, self._elements = width, elements
        self._bins, self._which = np.empty(0, np.int64), np.empty(0, np.int64)
        self.done = 0  # bins so far

    def take(self, times: Real, elements: npt.NDArray[np.int32]) -> None:
        """Events, with their times in seconds."""
        self._bins = np.concatenate([self._bins, bin_of(times, self._width)])
        self._which = np.concatenate([self._which, elements])

    def rows_until(self, now: float) -> Real:
        """The bins that ended since the last call."""
        end = max(self.done, int(bin_of(np.array([now]), self._width)[0]))
        ended = self._bins < end
        places = (self._bins[ended] - self.done) * self._elements + self._which[ended]
        counts = np.bincount(places, minlength=(end - self.done) * self._elements)
        self._bins, self._which = self._bins[~ended], self._which[~ended]
        rows, self.done = end - self.done, end
        return counts.reshape(rows, self._elements).astype(np.float64)

    def stored(self) -> dict[str, npt.NDArray[np.generic]]:
        """All that has to be kept to go on from here."""
        return {"bins": self._bins.copy(), "which": self._which.copy(), "done": np.array(self.done)}

    def restore(self, state: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Go back to what `stored` gave."""
        self._bins, self._which = np.array(state["bins"], np.int64), np.array(state["which"], np.int64)
        self.done = int(state["done"])


def bin_of(times: Real, width: float) -> Counts:
    """The bin that each time (s) lies in; a time at the border, but for rounding, belongs to the bin behind it."""
    return np.floor(times / width + 1e-6).astype(np.int64)


class Feed(Recording):
    """A recording that keeps nothing: rows are handed on, and so is the time up to which they are complete."""

    def __init__(
        self, columns: int, width: int, take: Callable[[Chunk], None], settled: Callable[[float], None]
    ) -> None:
        super().__init__(columns, width)
        self._take, self._settled = take, settled

    def add(self, chunk: Chunk) -> None:
        self._take(chunk)

    def bytes_for(self, rows: int) -> int:
        return 0

    def settle(self, now: float) -> None:
        self._settled(now)
