"""What a view draws, as plain data: the browser's figure and the still picture are both printed from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Distinguishable with every common colour blindness (Okabe and Ito, 2008); black and yellow left out, because one of
them would vanish on each of the light and dark themes."""


class Interval(NamedTuple):
    """A stretch of an axis."""

    start: float
    stop: float

    def __bool__(self) -> bool:
        return self.stop > self.start


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing a plot draws: dots, a line, or an image of counts, in one colour."""

    name: str
    kind: Literal["dots", "line", "image"]
    colour: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """The part of a plot that stays the same during a run.

    Parameters
    ----------
    name : str
        Unique within a panel.
    y_label : str
        Text beside the vertical axis, with its unit.
    marks : tuple of Mark
        In drawing order; a label makes an entry in the legend.
    height : int
        Height in pixels.
    ticks : tuple of (float, str)
        Places on the vertical axis and what is written there instead of numbers; empty for ordinary numbers.
    lines : tuple of float
        Places on the vertical axis where a thin horizontal line separates what is above from what is below.
    """

    name: str
    y_label: str
    marks: tuple[Mark, ...]
    height: int = 160
    ticks: tuple[tuple[float, str], ...] = ()
    lines: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """Places of dots, or the corners of a line: seconds of model time, and what is on the vertical axis."""

    x: Floats
    y: Floats


@dataclass(frozen=True, slots=True)
class Counts:
    """An image over a rectangle: row 0 at the bottom, 0 is empty, 255 the densest."""

    image: npt.NDArray[np.uint8]
    x: Interval
    y: Interval


@dataclass(frozen=True, slots=True)
class Drawing:
    """One frame of a plot: what can be seen of each mark (a mark that is missing shows nothing)."""

    y: Interval
    data: Mapping[str, Points | Counts] = field(default_factory=dict)


class View(Protocol):
    """Reads probes of a running simulation and draws what they recorded."""

    plot: Plot

    def read(self) -> None:
        """Take over what was recorded since the last call. Called by one thread only, never during `draw`."""

    def draw(self, x: Interval, y: Interval | None = None) -> Drawing:
        """Draw the model time ``x`` (s); with ``y`` only that part of the vertical axis is wanted.

        The drawing may share memory with the view: it is good until the next `read`.
        """


def padded(low: float, high: float, share: float = 0.06) -> Interval:
    """The interval from low to high with a margin, never empty."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return Interval(0.0, 1.0)
    margin = share * (high - low) or 0.05 * abs(low) or 0.5
    return Interval(low - margin, high + margin)
