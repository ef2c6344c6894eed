"""The panel as a still picture in SVG, for saved and exported notebooks: no script, no kernel, no internet."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from html import escape

import numpy as np

from jupyspike.widgets.decimation import extremes
from jupyspike.widgets.plots import Counts, Drawing, Floats, Interval, Mark, Plot, Points

WIDTH = 860
_LEFT, _RIGHT, _TOP, _GAP, _BOTTOM = 72, 14, 8, 14, 44
_LEGEND = 14
_TEXT = "#767676"  # readable on white and on black: nobody knows on which page the picture will be
_DOT = 1.6
_LINE_POINTS = 800


def picture(drawn: Sequence[tuple[Plot, Drawing]], x: Interval, caption: str = "") -> str:
    """An SVG document of the plots under each other.

    Parameters
    ----------
    drawn : sequence of (Plot, Drawing)
        From top to bottom.
    x : Interval
        The model time (s) of all of them.
    caption : str
        A line under the plots.
    """
    body = []
    top = float(_TOP)
    for plot, drawing in drawn:
        legend = _legend(plot.marks, top)
        top += _LEGEND if legend else 0
        body += [legend, _plot(plot, drawing, x, top)]
        top += plot.height + _GAP
    bottom = top - _GAP
    body.append(_time_axis(x, bottom))
    height = bottom + _BOTTOM
    if caption:
        height += 18
        body.append(_text(WIDTH / 2, height - 8, caption, "middle"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
        f'width="{WIDTH}" height="{height:g}" style="max-width: 100%; height: auto" '
        f'font-family="sans-serif" font-size="11.5" fill="{_TEXT}">' + "".join(body) + "</svg>"
    )


def _plot(plot: Plot, drawing: Drawing, x: Interval, top: float) -> str:
    """One plot with its vertical axis; its inside is a nested ``svg``, which cuts off what lies beyond."""
    width = WIDTH - _LEFT - _RIGHT
    parts = [
        f'<rect x="{_LEFT}" y="{top:g}" width="{width}" height="{plot.height}" fill="none" '
        'stroke="gray" stroke-opacity=".35"/>'
    ]

    def place(y: float) -> float:
        return plot.height * (drawing.y.stop - y) / (drawing.y.stop - drawing.y.start)

    ticks = plot.ticks or tuple((value, label) for value, label in nice_ticks(drawing.y, plot.height / 40))
    parts += [_text(_LEFT - 7, top + place(value) + 4, label, "end") for value, label in ticks]
    if plot.y_label:
        middle = top + plot.height / 2
        parts.append(_text(16, middle, plot.y_label, "middle", f' transform="rotate(-90 16 {middle:g})"'))
    parts.append(f'<svg x="{_LEFT}" y="{top:g}" width="{width}" height="{plot.height}" overflow="hidden">')
    rules = plot.lines or () if plot.ticks else tuple(value for value, _ in ticks)
    parts += [f'<path d="M0 {place(value):.1f}H{width}" stroke="gray" stroke-opacity=".3"/>' for value in rules]
    for mark in plot.marks:
        data = drawing.data.get(mark.name)
        if isinstance(data, Counts):
            parts.append(_image(mark, data, x, drawing.y, width, plot.height))
        elif data is not None and len(data.x):
            parts.append(_points(mark, data, x, drawing.y, width, plot.height))
    parts.append("</svg>")
    return "".join(parts)


def _scaled(data: Points, x: Interval, y: Interval, width: float, height: float) -> tuple[Floats, Floats]:
    return (
        np.round((data.x - x.start) * (width / (x.stop - x.start)), 1),
        np.round((y.stop - data.y) * (height / (y.stop - y.start)), 1),
    )


def _points(mark: Mark, data: Points, x: Interval, y: Interval, width: float, height: float) -> str:
    if mark.kind == "dots":
        across, down = _scaled(data, x, y, width, height)
        path = "".join(f"M{a:g} {d:g}h{_DOT}" for a, d in zip(across.tolist(), down.tolist(), strict=True))
        return f'<path d="{path}" stroke="{mark.colour}" stroke-width="{_DOT}"/>'
    fewer = extremes(data.x, data.y, _LINE_POINTS)
    known = np.isfinite(fewer.y)
    across, down = _scaled(fewer, x, y, width, height)
    pen = np.where(known & ~np.roll(known, 1), "M", "L")
    pen[:1] = "M"
    corners = zip(pen.tolist(), across.tolist(), down.tolist(), known.tolist(), strict=True)
    path = "".join(f"{p}{a:g} {d:g}" for p, a, d, ok in corners if ok)
    return f'<path d="{path}" stroke="{mark.colour}" fill="none" stroke-width="1.4" stroke-linejoin="round"/>'


def _image(mark: Mark, data: Counts, x: Interval, y: Interval, width: float, height: float) -> str:
    left, right = ((edge - x.start) * width / (x.stop - x.start) for edge in data.x)
    low, high = ((y.stop - edge) * height / (y.stop - y.start) for edge in data.y)
    url = "data:image/png;base64," + base64.b64encode(_png(data.image[::-1], mark.colour)).decode()
    return (
        f'<image href="{url}" x="{left:.1f}" y="{high:.1f}" width="{right - left:.1f}" height="{low - high:.1f}" '
        'preserveAspectRatio="none"/>'
    )


def _png(shades: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], colour: str) -> bytes:
    """A PNG of one colour in 256 degrees of opacity (PNG specification, colour type 3 with a tRNS chunk)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows, columns = shades.shape
    lines = b"".join(b"\0" + line.tobytes() for line in shades)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", bytes.fromhex(colour[1:]) * 256),
            chunk(b"tRNS", bytes(range(256))),
            chunk(b"IDAT", zlib.compress(lines)),
            chunk(b"IEND", b""),
        )
    )


def _time_axis(x: Interval, top: float) -> str:
    width = WIDTH - _LEFT - _RIGHT
    parts = []
    for value, label in nice_ticks(x, 8):
        across = _LEFT + width * (value - x.start) / (x.stop - x.start)
        parts.append(f'<path d="M{across:.1f} {top:g}v4" stroke="{_TEXT}"/>')
        parts.append(_text(across, top + 17, label, "middle"))
    parts.append(_text(_LEFT + width / 2, top + 36, "time (s)", "middle"))
    return "".join(parts)


def _legend(marks: Sequence[Mark], top: float) -> str:
    labelled = [mark for mark in marks if mark.label]
    if len(labelled) < 2:
        return ""
    parts = []
    across = float(WIDTH - _RIGHT)
    for mark in reversed(labelled):
        parts.append(_text(across, top + 9, mark.label, "end"))
        across -= 6.5 * len(mark.label) + 20
        parts.append(f'<path d="M{across:g} {top + 5:g}h14" stroke="{mark.colour}" stroke-width="2"/>')
        across -= 12
    return "".join(parts)


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{more}>{escape(text)}</text>'


def nice_ticks(interval: Interval, about: float) -> list[tuple[float, str]]:
    """Round values in an interval, about so many, each with its text.

    >>> nice_ticks(Interval(0.0, 1.0), 4)
    [(0.0, '0'), (0.2, '0.2'), (0.4, '0.4'), (0.6, '0.6'), (0.8, '0.8'), (1.0, '1')]
    """
    rough = (interval.stop - interval.start) / max(1.0, about)
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(min((1, 2, 5, 10), key=lambda factor: abs(np.log(factor * power / rough))) * power)
    first, last = int(np.ceil(interval.start / step - 1e-9)), int(np.floor(interval.stop / step + 1e-9))
    values = [float(f"{k * step:.12g}") + 0.0 for k in range(first, last + 1)]
    return [(value, f"{value:g}".replace("-", "\N{MINUS SIGN}")) for value in values]
