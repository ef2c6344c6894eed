"""A state variable of a few elements over time, in its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jupyspike.widgets.buffers import TimedBuffer
from jupyspike.widgets.decimation import extremes
from jupyspike.widgets.display_units import unit_name, unit_scale
from jupyspike.widgets.plots import PALETTE, Drawing, Interval, Mark, Plot, padded
from jupyspike_engine.diagnostics import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyspike_engine.simulation.session import Session

MAX_ELEMENTS = 12
"""Lines that can still be told apart in one plot."""

MAX_VALUES = 500_000
"""Values that one plot keeps, 8 bytes each."""


class Trace:
    """The values of one variable, a line for each element.

    Parameters
    ----------
    session : Session
        The run to read from.
    group, variable : str
        What to draw, such as ``exc`` and ``v``.
    indices : sequence of int
        Which elements, at most 12.
    height : int
        Height in pixels.

    Raises
    ------
    ArgumentError
        When there are no elements or too many of them.
    """

    def __init__(self, session: Session, group: str, variable: str, indices: Sequence[int], height: int = 150) -> None:
        if not 0 < len(indices) <= MAX_ELEMENTS:
            raise ArgumentError(
                f"a trace of {group}.{variable} draws 1 to {MAX_ELEMENTS} elements",
                found=f"{len(indices)} elements",
                hint=f"trace({group}.{variable}, [0, 1])",
            )
        self._probe = session.trace(group, variable, indices)
        self._scale = unit_scale(self._probe.unit)
        self._samples = TimedBuffer(MAX_VALUES // len(indices), width=len(indices))
        name = unit_name(self._probe.unit)
        marks = [
            Mark(f"{variable}[{index}]", "line", PALETTE[k % len(PALETTE)], f"{group}[{index}]")
            for k, index in enumerate(indices)
        ]
        self.plot = Plot(f"{group}.{variable}", f"{variable} ({name})" if name else variable, tuple(marks), height)

    def read(self) -> None:
        times, values = self._probe.read()
        self._samples.append(times, values)

    def draw(self, x: Interval, y: Interval | None = None) -> Drawing:
        rows = self._samples.within(x, margin=1)
        times, values = self._samples.times[rows], self._samples.values[rows] / self._scale
        finite = values[np.isfinite(values)]
        limits = padded(float(finite.min()), float(finite.max())) if finite.size else Interval(0.0, 1.0)
        return Drawing(limits, {mark.name: extremes(times, values[:, k]) for k, mark in enumerate(self.plot.marks)})
