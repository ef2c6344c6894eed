"""The Bokeh figures of a panel: built once, empty; the browser fills them from the frames it receives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from bokeh.embed import json_item
from bokeh.layouts import gridplot
from bokeh.models import ColumnDataSource, CustomJSTickFormatter, FixedTicker, Range1d
from bokeh.models.annotations import Legend, LegendItem, Span
from bokeh.models.mappers import LinearColorMapper
from bokeh.plotting import figure

from jupyspike.widgets.plots import Interval, Mark, Plot

_GRID = "rgba(128, 128, 128, 0.25)"
_TEXT = "12px"
_LEFT_BORDER = 72  # the same for all plots, so that their time axes lie above each other
_AXIS_HEIGHT = 38


def document(plots: Sequence[Plot], x: Interval) -> dict[str, Any]:
    """The JSON that ``Bokeh.embed.embed_item`` shows.

    Parameters
    ----------
    plots : sequence of Plot
        From top to bottom. Each source of data is named ``plot/mark``, each figure after its plot.
    x : Interval
        The model time (s) shown first, common to all plots.
    """
    x_range = Range1d(start=x.start, end=x.stop)
    figures = [_figure(plot, x_range, last=plot is plots[-1]) for plot in plots]
    grid = gridplot(
        [[f] for f in figures],
        sizing_mode="stretch_width",
        toolbar_location="right",
        toolbar_options={"logo": None},
        merge_tools=True,
    )
    return dict(json_item(grid))


def _figure(plot: Plot, x_range: Range1d, last: bool) -> Any:
    f = figure(
        name=plot.name,
        height=plot.height + (_AXIS_HEIGHT if last else 0),
        sizing_mode="stretch_width",
        x_range=x_range,
        y_range=Range1d(start=0, end=1),
        x_axis_label="time (s)" if last else None,
        y_axis_label=plot.y_label or None,
        tools="xpan,box_zoom,xwheel_zoom,reset,save",
        active_drag="box_zoom",
        active_scroll=None,
        output_backend="canvas",
        lod_threshold=None,
        min_border_left=_LEFT_BORDER,
        min_border_top=6,
        min_border_bottom=0 if last else 6,
        min_border_right=10,
        background_fill_color=None,
        border_fill_color=None,
        outline_line_color=_GRID,
    )
    f.grid.grid_line_color = _GRID
    f.axis.axis_label_text_font_style = "normal"
    f.axis.axis_label_text_font_size = _TEXT
    f.axis.axis_line_color = None
    f.axis.minor_tick_line_color = None
    f.xaxis.visible = last
    if plot.ticks:
        f.yaxis.ticker = FixedTicker(ticks=[place for place, _ in plot.ticks])
        f.yaxis.formatter = CustomJSTickFormatter(args={"names": dict(plot.ticks)}, code="return names.get(tick) ?? ''")
        f.yaxis.major_label_text_font_size = "13px"
        f.yaxis.major_tick_line_color = None
        f.ygrid.visible = False
    for place in plot.lines:
        f.add_layout(Span(location=place, dimension="width", line_color="gray", line_alpha=0.6, line_width=1))
    entries = [(mark.label, [_renderer(f, plot, mark)]) for mark in plot.marks]
    items = [LegendItem(label=label, renderers=renderers) for label, renderers in entries if label]
    if len(items) > 1:
        f.add_layout(_legend(items), "above")
    return f


def _legend(items: list[LegendItem]) -> Legend:
    return Legend(
        items=items,
        location="right",
        orientation="horizontal",
        background_fill_alpha=0.0,
        border_line_color=None,
        padding=0,  # type: ignore[arg-type]  # a number does for all sides
        margin=0,
        glyph_width=16,
        label_text_font_size="11px",
        label_height=12,
        click_policy="hide",
    )


def _renderer(f: Any, plot: Plot, mark: Mark) -> Any:
    name = f"{plot.name}/{mark.name}"
    if mark.kind == "image":
        empty = {"image": [np.zeros((1, 1), np.uint8)], "x": [0.0], "y": [0.0], "w": [0.0], "h": [0.0]}
        palette = [f"{mark.colour}{alpha:02x}" for alpha in range(256)]
        return f.image(
            image="image", x="x", y="y", dw="w", dh="h",
            source=ColumnDataSource(empty, name=name),
            color_mapper=LinearColorMapper(palette=palette, low=0, high=255),
            name=name,
        )  # fmt: skip
    source = ColumnDataSource({"x": np.empty(0, np.float32), "y": np.empty(0, np.float32)}, name=name)
    return f.line("x", "y", source=source, line_color=mark.colour, line_width=1.6, line_join="bevel", name=name)
