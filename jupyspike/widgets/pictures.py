"""A figure as a still picture, drawn by matplotlib: for files, and for notebooks without a kernel."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import ListedColormap, Normalize, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from jupyspike.widgets.axes import (
    dashed,
    legend_columns,
    legend_of,
    legend_rows,
    log_ticks,
    shortened,
    tick_height,
    ticks_up,
    time_unit,
    x_label,
    y_label,
)
from jupyspike.widgets.colourmaps import MAPS, SHAPES
from jupyspike.widgets.page import as_seen
from jupyspike.widgets.plots import ColourMap, Data, Drawing, Image, Levels, Look, Mark, Plot, equal_ranges

_DPI = 100  # pixels an inch
_POINT = 72 / _DPI  # points of a pixel
_WIDTH = 860  # pixels
_LABEL = 55  # pixels from an axis to its name, behind numbers such as -0.038
_LEFT, _RIGHT, _TOP, _GAP, _AXIS, _LEGEND, _COLOURS, _CAPTION = 72, 14, 8, 14, 42, 16, 80, 20  # pixels
_RESOLUTION = 2.0  # pixels of an image for each of the page
_TEXT = "#767676"  # readable on white and on black: nobody knows on which page the picture will be
_MANY_DOTS, _MANY_SHAPES = 1000, 3000  # that are drawn into an image, within a picture of lines


def picture(drawn: Sequence[tuple[Plot, Look, Drawing]], kind: str, caption: str = "") -> bytes:
    """A picture of plots as they are seen.

    Parameters
    ----------
    drawn : sequence of (Plot, Look, Drawing)
        From top to bottom.
    kind : 'png' or 'svg'
        A PNG has a white background, an SVG none.
    caption : str
        A line under the plots.
    """
    timed = [plot.timed for plot, _, _ in drawn]
    labelled = [not (own and behind) for own, behind in zip(timed, [*timed[1:], False], strict=True)]
    above = [_LEGEND * max(legend_rows(plot), bool(drawing.title)) for plot, _, drawing in drawn]
    below = [_AXIS if with_axis else 0 for with_axis in labelled]
    height = _TOP + sum(plot.height + _GAP for plot, _, _ in drawn) + sum(above) + sum(below) + _CAPTION * bool(caption)
    figure = Figure(figsize=(_WIDTH / _DPI, height / _DPI), dpi=_DPI)
    top = float(_TOP)
    for (plot, look, drawing), room, axis, with_axis in zip(drawn, above, below, labelled, strict=True):
        top += room
        width = _WIDTH - _LEFT - _RIGHT - _COLOURS * bool(plot.colours)
        place = (_LEFT / _WIDTH, 1 - (top + plot.height) / height, width / _WIDTH, plot.height / height)
        _plot(figure.add_axes(place), plot, look, as_seen(plot, drawing, look), with_axis)
        top += plot.height + axis + _GAP
    if caption:
        figure.text(0.5, 6 / height, caption, fontsize=9, color=_TEXT, ha="center")
    out = io.BytesIO()
    ground: dict[str, Any] = {"facecolor": "white"} if kind == "png" else {"transparent": True}
    made = {"Software" if kind == "png" else "Creator": "jupyspike"}  # in notebooks without a kernel it is looked for
    figure.savefig(out, format=kind, dpi=_DPI * _RESOLUTION, metadata=made, **ground)
    return out.getvalue()


def _plot(axes: Any, plot: Plot, look: Look, drawing: Drawing, with_axis: bool) -> None:
    x = drawing.x or look.time
    axes.set_yscale("log" if plot.y.log else "linear")
    axes.set_ylim(drawing.y)
    for mark in plot.marks:
        data = drawing.data.get(mark.name)
        if data is not None:
            _mark(axes, plot, mark, data, look, drawing.map)
    for place in plot.lines:
        axes.axhline(place, color="gray", linewidth=0.7, alpha=0.7)
    y = drawing.y
    if plot.equal:
        x, y = equal_ranges(x, y, axes.bbox.width, axes.bbox.height)
    axes.set(xlim=x, ylim=y, xlabel=x_label(plot, x) if with_axis else "", ylabel=y_label(plot))
    axes.tick_params(labelbottom=with_axis)
    axes.yaxis.set_label_coords(-_LABEL / axes.bbox.width, 0.5)
    if plot.y.ticks:
        axes.set_yticks([place for place, _ in plot.y.ticks], [shortened(text, _LEFT - 6) for _, text in plot.y.ticks])
    if plot.y.log:
        ticks = log_ticks(y, ticks_up(plot))
        axes.set_yticks(ticks, [f"{tick:.9g}" for tick in ticks])
    for axis, described in ((axes.xaxis, plot.x), (axes.yaxis, plot.y)):
        if described.whole:
            axis.set_major_locator(MaxNLocator(integer=True))
    if plot.x.seconds:
        scale, _ = time_unit(x)
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda time, _: f"{scale * time:.12g}".replace("-", "\N{MINUS SIGN}"))
        )
    _style(axes, plot, drawing)


def _style(axes: Any, plot: Plot, drawing: Drawing) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_color(_TEXT)
        axis.set_minor_formatter(NullFormatter())
    axes.tick_params(colors=_TEXT, labelsize=9)
    axes.set_facecolor("none")
    for spine in axes.spines.values():
        spine.set(color="gray", alpha=0.4)
    axes.grid(color="gray", alpha=0.25, linewidth=0.6, axis="x" if plot.y.ticks else "both")
    axes.set_axisbelow(True)
    axes.set_title(drawing.title, fontsize=9, color=_TEXT, loc="right")
    if labelled := legend_of(plot):
        handles = [axes.plot([], [], label=mark.label, **_looks(plot, mark))[0] for mark in labelled]
        axes.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=legend_columns(labelled),
            fontsize=8, frameon=False, labelcolor=_TEXT, borderaxespad=0.0,
        )  # fmt: skip
    if plot.colours and drawing.colours is not None:
        scale = ScalarMappable(Normalize(*drawing.colours), ListedColormap(MAPS[drawing.map][1:]))
        box = axes.get_position()
        place = (box.x1 + 10 / _WIDTH, box.y0, 10 / _WIDTH, box.height)
        bar = axes.figure.colorbar(scale, cax=axes.figure.add_axes(place), label=plot.colours)
        bar.ax.tick_params(colors=_TEXT, labelsize=8)
        bar.ax.yaxis.label.set_color(_TEXT)


def _mark(axes: Any, plot: Plot, mark: Mark, data: Data, look: Look, kind: ColourMap) -> None:
    if isinstance(data, Levels):
        outlines, order = mark.seen(look.rotation)
        colours = _colours(mark, kind)(data.levels[order])
        shapes = [outlines[k] for k in order.tolist()]
        many = len(shapes) > _MANY_SHAPES
        axes.add_collection(
            PolyCollection(shapes, facecolors=colours, edgecolors=colours, linewidths=0.5, rasterized=many)
        )
    elif isinstance(data, Image):
        # colours, which are written as they are: of numbers matplotlib makes several copies in the size of the figure
        axes.imshow(
            _colours(mark, kind)(data.levels, bytes=True), extent=(*data.x, *data.y), origin="lower", aspect="auto",
            interpolation="none", zorder=1,
        )  # fmt: skip
    elif mark.kind == "dots":
        low, high = axes.get_ylim()
        size = _POINT * tick_height(plot.height / (high - low))
        axes.plot(
            data.x, data.y, "|", markersize=size, markeredgewidth=1.5 * _POINT, color=mark.colour,
            rasterized=len(data.x) > _MANY_DOTS,
        )  # fmt: skip
    else:
        axes.plot(data.x, data.y, **_looks(plot, mark))


def _looks(plot: Plot, mark: Mark) -> dict[str, Any]:
    """How a line or round points are drawn, on the axes and in the legend."""
    if mark.kind == "points":
        return {"color": mark.colour, "linestyle": "none", "marker": "o", "markersize": 3.5}
    drawn = "steps-post" if mark.kind == "steps" else "default"
    style = "--" if mark.name in dashed(plot) else "-"
    return {"color": mark.colour, "linewidth": 1.3, "drawstyle": drawn, "linestyle": style}


def _colours(mark: Mark, kind: ColourMap) -> ListedColormap:
    """Colours of the levels 0 to 255, of which 0 is transparent, but that of shapes."""
    if mark.kind in ("shapes", "solid"):
        return ListedColormap(SHAPES)
    if mark.kind == "map":
        return ListedColormap(MAPS[kind])
    return ListedColormap([(*to_rgb(mark.colour), level / 255) for level in range(256)])
