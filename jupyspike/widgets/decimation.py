"""Fewer points that look the same: what is thrown away lies between its neighbours' extremes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from jupyspike.widgets.plots import Floats, Interval, Points

LINE_POINTS = 2000
"""More points than a panel has pixels across, with the lowest and the highest of each pixel."""

_FAINTEST = 110  # shade of a pixel with a spike at least


def extremes(x: Floats, y: Floats, limit: int = LINE_POINTS) -> Points:
    """A line of at most ``limit`` points that keeps the lowest and the highest of each of its stretches.

    Parameters
    ----------
    x, y : numpy.ndarray
        Corners of the line, ``x`` ascending.
    limit : int
        Points of the result at most, at least 4.

    Examples
    --------
    >>> x = np.arange(10000.0)
    >>> line = extremes(x, np.where(x == 4321, 7.0, 0.0))
    >>> len(line.x) <= 2000, float(line.y.max()), float(line.x[line.y.argmax()])
    (True, 7.0, 4321.0)
    """
    if len(x) <= limit:
        return Points(np.asarray(x, float), np.asarray(y, float))
    stretches = limit // 2
    edges = np.arange(stretches + 1) * len(x) // stretches
    length = -(-len(x) // stretches)
    rows = np.minimum(edges[:-1, None] + np.arange(length), edges[1:, None] - 1)
    low = high = np.asarray(y, float)[rows]
    if (missing := np.isnan(low)).any():
        low, high = np.where(missing, np.inf, low), np.where(missing, -np.inf, high)
    lowest, highest = low.argmin(axis=1), high.argmax(axis=1)
    places = np.empty((stretches, 2), int)  # ascending, twice the same where both are one
    places[:, 0] = edges[:-1] + np.minimum(lowest, highest)
    places[:, 1] = edges[:-1] + np.maximum(lowest, highest)
    kept = places.ravel()[np.column_stack([np.ones(stretches, bool), lowest != highest]).ravel()]
    return Points(np.asarray(x, float)[kept], np.asarray(y, float)[kept])


def binned(
    times: Floats, rows: npt.NDArray[np.integer], x: Interval, y: Interval, shape: tuple[int, int]
) -> npt.NDArray[np.int64]:
    """Count events in a grid over a rectangle.

    Parameters
    ----------
    times, rows : numpy.ndarray
        Time (s) and vertical place of each event; all within ``x``, those outside ``y`` are not counted.
    x, y : Interval
        The rectangle.
    shape : (int, int)
        Rows and columns of the grid.

    Returns
    -------
    numpy.ndarray
        Counts of the given shape, row 0 at the lower end of ``y``.
    """
    height, width = shape
    column = ((times - x.start) * (width / (x.stop - x.start))).astype(np.int32)
    np.clip(column, 0, width - 1, out=column)
    row = np.floor((rows - y.start) * (height / (y.stop - y.start))).astype(np.int32)
    inside = (row >= 0) & (row < height)
    if not inside.all():
        row, column = row[inside], column[inside]
    row *= width
    row += column
    return np.bincount(row, minlength=height * width).reshape(shape)


def shaded(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Counts as 0 to 255: a single event is well seen among dense ones, and twice as many look denser."""
    densest = max(1, int(counts.max(initial=0)))
    shades = _FAINTEST + (255 - _FAINTEST) * np.sqrt(np.arange(densest + 1) / densest)
    shades[0] = 0
    return np.asarray(shades.astype(np.uint8)[counts])
