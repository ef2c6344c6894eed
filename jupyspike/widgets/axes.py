"""What is written along axes and above plots, in figures of the page and in pictures alike."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from jupyspike.widgets.plots import Interval, Mark, Plot

_LETTER = 7.0  # pixels of a letter of a label, at most
_MAX_COLUMNS = 4  # of a legend
_TICK = 16  # pixels between ticks on a vertical axis at least

_LATE = 100.0  # seconds
_UNITS = ((0.5, 1.0, "s"), (2e-4, 1e3, "ms"), (2e-7, 1e6, "\N{MICRO SIGN}s"), (0.0, 1e9, "ns"))
"""The length (s) from which on a unit is told, and how many of it are a second."""

TIME_UNIT = f"""
const length = Math.abs(range.end - range.start), late = Math.max(range.start, range.end) > {_LATE};
const units = {json.dumps(_UNITS)};
const [, scale, unit] = late ? units[0] : units.find(([least]) => length >= least);
"""
"""`time_unit` in JavaScript, of a variable ``range``."""


def time_unit(time: Interval) -> tuple[float, str]:
    """The unit in which a stretch of time is told, and how many of it are a second.

    >>> time_unit(Interval(0.0, 1.0)), time_unit(Interval(2.0, 2.15)), time_unit(Interval(200.0, 200.15))
    ((1.0, 's'), (1000.0, 'ms'), (1.0, 's'))
    """
    length = time.stop - time.start
    fitting = [(scale, unit) for least, scale, unit in _UNITS if length >= least]
    return fitting[0] if time.stop <= _LATE else _UNITS[0][1:]


LOG_TICKS = """
const {start, end} = range, decades = Math.log10(end / start), gap = decades / room, ticks = [];
const add = (tick) => { if (start <= tick && tick <= end) ticks.push(tick) };
if (decades < 0.7) {
    const exact = (end - start) / 5, power = 10 ** Math.floor(Math.log10(exact));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= exact);
    for (let k = Math.ceil(start / step); k <= end / step; k++) add(k * step);
} else {
    const within = gap <= 0.3 ? [1, 2, 5] : [1];
    for (let k = Math.floor(Math.log10(start)); k <= Math.log10(end); k++) {
        if (k % Math.max(1, Math.ceil(gap)) === 0) within.forEach((mantissa) => add(mantissa * 10 ** k));
    }
}
"""
"""`log_ticks` in JavaScript, of variables ``range`` and ``room``, as ``ticks``."""


def log_ticks(shown: Interval, room: float) -> list[float]:
    """Ticks of a logarithmic axis on which there is room for so many.

    >>> log_ticks(Interval(0.3, 14.0), 13), log_ticks(Interval(1e-3, 1e4), 13)
    ([0.5, 1.0, 2.0, 5.0, 10.0], [0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0])
    >>> log_ticks(Interval(2.1, 2.9), 13)
    [2.2, 2.4, 2.6, 2.8]
    """
    start, stop = shown
    decades = math.log10(stop / start)
    gap = decades / room  # between ticks at least
    if decades < 0.7:
        exact = (stop - start) / 5
        power = 10.0 ** math.floor(math.log10(exact))
        step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= exact)
        ticks = [k * step for k in range(math.ceil(start / step), math.floor(stop / step) + 1)]
    else:
        within = (1, 2, 5) if gap <= 0.3 else (1,)
        powers = range(math.floor(math.log10(start)), math.floor(math.log10(stop)) + 1)
        every = max(1, math.ceil(gap))
        ticks = [mantissa * 10.0**k for k in powers if k % every == 0 for mantissa in within]
    return [float(f"{tick:.9g}") for tick in ticks if start <= tick <= stop]


def ticks_up(plot: Plot) -> float:
    """How many ticks there is room for on the vertical axis of a plot."""
    return plot.height / _TICK


def told(time: float, of: Interval) -> str:
    """A time (s) in the unit of a stretch of time.

    >>> told(0.0025, Interval(-0.02, 0.0))
    '2.5 ms'
    """
    scale, unit = time_unit(of)
    return f"{scale * time:.6g} {unit}"


def x_label(plot: Plot, seen: Interval) -> str:
    """What is written below a plot of which a part of the horizontal axis is seen."""
    return f"{plot.x.label} ({time_unit(seen)[1]})" if plot.x.seconds else plot.x.label


def y_label(plot: Plot) -> str:
    """What is written beside a plot: if that is too long for its height, the end, where the unit is."""
    return shortened(plot.y.label, plot.height, start=True)


def shortened(text: str, pixels: float, start: bool = False) -> str:
    """A text that fits into a length, with an ellipsis in the place of its end, or of its start.

    >>> shortened("pyramidal cells of layer 5", 84), shortened("pyramidal[0]: v (mV)", 84, start=True)
    ('pyramidal c…', '…[0]: v (mV)')
    """
    room = max(4, int(pixels / _LETTER))
    if len(text) <= room:
        return text
    return f"\N{HORIZONTAL ELLIPSIS}{text[1 - room :]}" if start else f"{text[: room - 1]}\N{HORIZONTAL ELLIPSIS}"


def legend_of(plot: Plot) -> list[Mark]:
    """The marks that are named in the legend; a single one that is named by its axis needs none."""
    labelled = [mark for mark in plot.marks if mark.label]
    return labelled if len(labelled) > 1 or plot.y.ticks else []


def legend_columns(marks: Sequence[Mark], width: float = 860.0) -> int:
    """How many entries of a legend stand beside each other.

    >>> legend_columns([Mark("v", "line", "#000000", label) for label in ("exc", "inh")])
    4
    """
    longest = max((len(mark.label) for mark in marks), default=1)
    return max(1, min(_MAX_COLUMNS, int(width / (longest * _LETTER + 40))))


def legend_rows(plot: Plot) -> int:
    """How many lines the legend of a plot has."""
    marks = legend_of(plot)
    return -(-len(marks) // legend_columns(marks))


def dashed(plot: Plot) -> set[str]:
    """The names of lines whose colour an earlier line has already: they are dashed.

    >>> from jupyspike.widgets.plots import TIME, Axis
    >>> lines = [Mark(name, "line", colour, name) for name, colour in (("a", "#000000"), ("b", "#000000"))]
    >>> dashed(Plot("plot", TIME, Axis("v"), tuple(lines)))
    {'b'}
    """
    seen: set[str] = set()
    again = set()
    for mark in plot.marks:
        if mark.kind in ("line", "steps") and mark.label:
            if mark.colour in seen:
                again.add(mark.name)
            seen.add(mark.colour)
    return again


def tick_height(row: float) -> float:
    """How high a spike is drawn in a raster, of whose rows each has so many pixels: a dot, or a bar if there is room.

    >>> tick_height(0.1), tick_height(10.0), tick_height(300.0)
    (2.0, 7.0, 12.0)
    """
    return min(12.0, max(2.0, 0.7 * row))
