"""What a view draws, as plain data: the figure in the browser, pictures and pages are all made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from jupyspike_engine.morphology.outlines import Tubes, outlines

Floats = npt.NDArray[np.float64]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Distinguishable with every common colour blindness (Okabe and Ito, 2008); black and yellow left out, because one of
them would vanish on each of the light and dark themes."""

NEUTRAL = "#808080"
"""Seen on light and on dark."""

_TINT = 0.15  # of a colour, the rest is grey


def greyed(colour: str, grey: int = 0xBC) -> str:
    """A grey with a tint of a colour: even of a dot one sees that it is not in the colour, which is darker.

    >>> greyed("#0072B2"), greyed("#D55E00")
    ('#A0B1BA', '#C0AEA0')
    """
    parts = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(_TINT * part + (1 - _TINT) * grey):02X}" for part in parts)


_LIGHTER = {
    "#0072B2": "#3D9BE0", "#D55E00": "#FF8740", "#009E73": "#2CC79A", "#CC79A7": "#E79BC6", "#56B4E9": "#A3DDFF",
    "#E69F00": "#F5BC3D", NEUTRAL: "#B0B0B0",
}  # fmt: skip
ON_DARK = _LIGHTER | {greyed(colour): greyed(lighter, 0x58) for colour, lighter in _LIGHTER.items()}
"""The same colours and their greys on a dark page, where thin lines and small dots are to be seen as well."""

Kind = Literal["dots", "points", "line", "steps", "image", "map", "shapes", "solid"]
"""How a mark is drawn: many small dots, round points, a line through points, a line that keeps each value until the
next, an image of one colour (the more the denser), an image, shapes in a plane or a cell in space in the colours of a
map."""

ColourMap = Literal["sequential", "diverging"]
"""The kind of the colours of a map: from low to high, or from a middle to what lies below it and what lies above."""


class Interval(NamedTuple):
    """A stretch of an axis."""

    start: float
    stop: float

    def __bool__(self) -> bool:
        return bool(self.stop > self.start)  # of numpy's numbers, too

    def within(self, other: Interval) -> Interval:
        """The part that lies in another one."""
        return Interval(max(self.start, other.start), min(self.stop, other.stop))

    def around(self, other: Interval) -> Interval:
        """What lies between the ends of both."""
        return Interval(min(self.start, other.start), max(self.stop, other.stop))


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of a plot.

    Parameters
    ----------
    label : str
        What is on it, with its unit.
    log : bool
        Whether it is logarithmic, which only a vertical one can be.
    ticks : tuple of (float, str)
        Places and what is written there instead of numbers; empty for ordinary numbers.
    whole : bool
        Whether only whole numbers mean something on it.
    seconds : bool
        Whether the numbers are seconds: they are told in the unit that suits what is seen, with which the label ends.
    """

    label: str
    log: bool = False
    ticks: tuple[tuple[float, str], ...] = ()
    whole: bool = False
    seconds: bool = False


TIME = Axis("time", seconds=True)
"""The axis that all plots with it have in common."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing a plot draws, in one colour; a label makes an entry in the legend.

    Of shapes the corners stay the same, and so do the compartments of a cell in space: only their colours change.
    """

    name: str
    kind: Kind
    colour: str
    label: str = ""
    outlines: tuple[Floats, ...] = field(default=(), compare=False, repr=False)
    tubes: Tubes | None = field(default=None, compare=False, repr=False)

    def seen(self, rotation: Floats | None = None) -> tuple[tuple[Floats, ...], npt.NDArray[np.intp]]:
        """The corners of all shapes, of a cell in space as it is seen from a side; and in which order to draw them."""
        if self.tubes is None:
            return self.outlines, np.arange(len(self.outlines))
        turned = self.tubes if rotation is None else self.tubes.turned(rotation)
        return outlines(turned), np.argsort(turned.start[:, 2] + turned.end[:, 2], kind="stable")


@dataclass(frozen=True, slots=True)
class Plot:
    """The part of a plot that stays the same while its data change.

    Parameters
    ----------
    name : str
        Unique among the plots that are shown together.
    x, y : Axis
        With `TIME` as ``x`` the plot moves with all others that have it.
    marks : tuple of Mark
        In drawing order.
    height : int
        Height in pixels.
    lines : tuple of float
        Places on the vertical axis where a thin line separates what is above from what is below.
    colours : str
        What the colours of a map stand for, with the unit.
    equal : bool
        Whether a length is as long on both axes.
    hint : str
        What a person can do with it.
    """

    name: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    height: int = 160
    lines: tuple[float, ...] = ()
    colours: str = ""
    equal: bool = False
    hint: str = ""

    @property
    def solid(self) -> Mark | None:
        """The cell in space that it shows, if it is such a plot."""
        return next((mark for mark in self.marks if mark.kind == "solid"), None)

    @property
    def timed(self) -> bool:
        """Whether it moves with the time that is shown."""
        return self.x is TIME


@dataclass(frozen=True, slots=True)
class Points:
    """Places of dots, or the corners of a line; a line has a gap where a value is not a number."""

    x: Floats
    y: Floats


@dataclass(frozen=True, slots=True)
class Image:
    """An image over a rectangle: row 0 at the bottom, 0 is empty, 1 to 255 from the lowest to the highest."""

    levels: npt.NDArray[np.uint8]
    x: Interval
    y: Interval


@dataclass(frozen=True, slots=True)
class Levels:
    """Colours of shapes: 0 is none, 1 to 255 are from the lowest to the highest of a map."""

    levels: npt.NDArray[np.uint8]


Data = Points | Image | Levels


@dataclass(frozen=True, slots=True)
class Drawing:
    """What can be seen of a plot now: of each mark (one that is missing shows nothing), and which part of the axes.

    Parameters
    ----------
    x : Interval or None
        None for plots over the common time.
    colours : Interval or None
        What the lowest and the highest level of a map stand for.
    map : str
        The kind of its colours: 'sequential', or 'diverging' where the middle of them means something.
    title : str
        A line above the plot.
    """

    x: Interval | None
    y: Interval
    data: Mapping[str, Data] = field(default_factory=dict)
    colours: Interval | None = None
    title: str = ""
    map: ColourMap = "sequential"


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: the time (s) that is shown, and the parts of a plot's own axes if a person has chosen them.

    ``rotation`` turns a cell in space: its rows are the directions across, up, and to the viewer.
    """

    time: Interval
    x: Interval | None = None
    y: Interval | None = None
    rotation: Floats | None = field(default=None, compare=False)


def padded(low: float, high: float, share: float = 0.06) -> Interval:
    """The interval from low to high with a margin, never empty."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return Interval(0.0, 1.0)
    margin = share * (high - low) or 0.05 * abs(low) or 0.5
    return Interval(low - margin, high + margin)


def steady(low: float, high: float, bottom: float | None = None) -> Interval:
    """The interval from low to high with a margin, between round numbers, so that a small change does not move it.

    With a ``bottom`` it begins there.

    >>> steady(-61.3, -50.2), steady(0.0, 37.0, bottom=0.0)
    (Interval(start=-62.0, stop=-49.0), Interval(start=0.0, stop=40.0))
    """
    start, stop = padded(low if bottom is None else bottom, high, share=0.03)
    exact = (stop - start) / 16
    power = 10.0 ** np.floor(np.log10(exact))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= exact * (1 - 1e-9))
    first = step * np.floor(start / step) if bottom is None else bottom
    return Interval(float(first), float(step * np.ceil(stop / step)))


def equal_ranges(x: Interval, y: Interval, width: float, height: float) -> tuple[Interval, Interval]:
    """Ranges around two others on which a length is as long on both axes of a plot of so many pixels.

    >>> equal_ranges(Interval(0, 10), Interval(0, 10), 200, 100)
    (Interval(start=-5.0, stop=15.0), Interval(start=0.0, stop=10.0))
    """
    scale = max((x.stop - x.start) / width, (y.stop - y.start) / height) / 2
    across, up = (x.start + x.stop) / 2, (y.start + y.stop) / 2
    return Interval(across - scale * width, across + scale * width), Interval(up - scale * height, up + scale * height)


_ROUNDING = 1e-9  # values that differ by such a part of them are the same


def levels(
    values: Floats, present: npt.NDArray[np.bool_], limits: Interval | None = None
) -> tuple[npt.NDArray[np.uint8], Interval]:
    """Values as levels of a map, 0 where nothing is present, and what the lowest and the highest level stand for.

    With limits these are those; values beyond have the colours of the ends.

    >>> levels(np.array([0.0, 1.0, 3.0]), np.array([False, True, True]))
    (array([  0,   1, 255], dtype=uint8), Interval(start=1.0, stop=3.0))
    """
    known = present & np.isfinite(values)
    if not known.any():
        return np.zeros(values.shape, np.uint8), Interval(0.0, 1.0)
    low, high = limits or (float(values[known].min()), float(values[known].max()))
    if high - low <= _ROUNDING * max(abs(low), abs(high)):  # all have the colour in the middle
        size = abs(high) or 1.0
        return np.where(known, 128, 0).astype(np.uint8), Interval(high - size, high + size)
    scaled = np.rint(1 + 254 * (np.clip(values, low, high) - low) / (high - low))
    return np.where(known, scaled, 0).astype(np.uint8), Interval(low, high)
