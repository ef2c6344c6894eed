"""A frame as one message: a small description and one compressed block of bytes, whatever is drawn in it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyspike.widgets.plots import Data, Drawing, Floats, Image, Interval, Levels, Plot, Points

_LEVELS = 65535
_COLUMNS = 4095  # of dots, a quarter of a pixel
_COMPRESSION = 1  # a frame of 50 kB takes under 2 ms at this level, and higher ones save little


class _Block:
    """Arrays one after the other, each at a multiple of 8 bytes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._end = 0

    def add(self, array: npt.NDArray[Any]) -> dict[str, Any]:
        """Append an array; returns its type, where it begins and its length."""
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        raw = little.tobytes()
        place = {"type": f"{little.dtype.kind}{little.dtype.itemsize}", "at": self._end, "count": little.size}
        padding = -len(raw) % 8
        self._parts.append(raw + bytes(padding))
        self._end += len(raw) + padding
        return place

    def compressed(self) -> bytes:
        return zlib.compress(b"".join(self._parts), _COMPRESSION)


def _spread(block: _Block, values: Floats) -> dict[str, Any]:
    """Values to 1/65535 of their range, far below a pixel when they fill the axis; with gaps among them as float32.

    Sent are the differences from one to the next (modulo 65536): those of a smooth line are small and compress well.
    """
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    if not np.isfinite([low, high]).all():  # one that is no number is the least and the greatest
        return block.add(values.astype(np.float32))
    scale = (high - low) / _LEVELS or 1.0
    levels = np.rint((values - low) / scale).astype(np.uint16)
    steps = levels.copy()
    steps[1:] -= levels[:-1]
    return {"low": low, "scale": scale, "steps": block.add(steps)}


def _dots(block: _Block, dots: Points) -> dict[str, Any]:
    """Dots in the order of their places in a grid, each as its distance from the one before it.

    The order of dots means nothing, and the distances of many dots are small: 1.5 bytes a dot after compression,
    half of what two columns of numbers take. Whole numbers on the vertical axis are kept as they are.
    """
    if len(dots.x) == 0:
        return {"steps": block.add(np.empty(0, np.uint16)), "x": [0.0, 1.0], "low": 0.0, "rows": 1}
    left, low = float(dots.x.min()), float(dots.y.min())
    width = (float(dots.x.max()) - left) / _COLUMNS or 1.0
    rows = int(dots.y.max() - low) + 1
    places = np.rint((dots.x - left) / width).astype(np.int64) * rows + np.rint(dots.y - low).astype(np.int64)
    steps = np.diff(np.sort(places), prepend=0)
    steps = steps.astype(np.uint16 if steps.max() <= _LEVELS else np.float64)
    return {"steps": block.add(steps), "x": [left, width], "low": low, "rows": rows}


def _mark(block: _Block, kind: str, data: Data) -> dict[str, Any]:
    if isinstance(data, Image):
        shape = list(data.levels.shape)
        return {"image": block.add(data.levels), "shape": shape, "x": list(data.x), "y": list(data.y)}
    if isinstance(data, Levels):
        return {"levels": block.add(data.levels)}
    if kind == "dots":
        return {"dots": _dots(block, data)}
    return {"columns": {"x": _spread(block, data.x), "y": _spread(block, data.y)}}


def encode(time: Interval, drawn: Iterable[tuple[Plot, Drawing]]) -> tuple[dict[str, Any], bytes]:
    """The description and the bytes of a frame.

    Parameters
    ----------
    time : Interval
        The model time (s) that is shown.
    drawn : iterable of (Plot, Drawing)
        The plots that have changed and what they show now.
    """
    block = _Block()
    plots: dict[str, dict[str, Any]] = {}
    ranges = {"time": list(time)}
    for plot, drawing in drawn:
        marks = {mark.name: _mark(block, mark.kind, drawing.data[mark.name])
                 for mark in plot.marks if mark.name in drawing.data}  # fmt: skip
        plots[plot.name] = {"marks": marks, "title": drawing.title}
        if drawing.colours is not None:
            plots[plot.name] |= {"colours": list(drawing.colours), "map": drawing.map}
        if drawing.x is not None:
            ranges[f"{plot.name}/x"] = list(drawing.x)
        ranges[f"{plot.name}/y"] = list(drawing.y)
    return {"ranges": ranges, "plots": plots}, block.compressed()
