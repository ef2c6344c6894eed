"""Adding up stretches of rows: what was before events.

The compiled bridge does it when it is there; the numpy version below says what it means.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .loading import bridge

Real = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


def add_windows(sums: Real, squares: Real, rows: Real, first: Counts, which: Counts) -> None:
    """Add a window of rows, and its squares, for each of some events.

    Parameters
    ----------
    sums, squares : array, shape (triggers, length, channels)
    rows : array, shape (any, channels)
    first : array of int
        For each event the first row of its window, of ``length`` rows.
    which : array of int
        For each event its trigger.
    """
    if bridge is not None:
        triggers = len(sums)
        bridge.add_windows(
            sums.reshape(triggers, -1), squares.reshape(triggers, -1), rows.reshape(-1), first * rows.shape[1], which
        )
        return
    length = sums.shape[1]
    for begin, trigger in zip(first.tolist(), which.tolist(), strict=True):
        window = rows[begin : begin + length]
        sums[trigger] += window
        squares[trigger] += window * window


def add_own_windows(sums: Real, squares: Real, rows: Real, first: Counts, which: Counts) -> None:
    """As `add_windows`, of the channel that has the number of the trigger; sums of shape (triggers, length)."""
    windows = rows[first[:, None] + np.arange(sums.shape[1]), which[:, None]]
    np.add.at(sums, which, windows)
    np.add.at(squares, which, windows * windows)
