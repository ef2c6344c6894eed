"""The Bokeh figures of plots: empty, to be filled in the browser from the frames it receives, or with what is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from bokeh.embed import json_item
from bokeh.layouts import column, gridplot, row
from bokeh.models import (
    ColumnDataSource,
    CustomJS,
    CustomJSTickFormatter,
    DataRange1d,
    FixedTicker,
    Range1d,
)
from bokeh.models.annotations import ColorBar, Legend, LegendItem, Span, Title
from bokeh.models.mappers import LinearColorMapper
from bokeh.plotting import figure

from jupyspike.widgets.axes import (
    LOG_TICKS,
    TIME_UNIT,
    dashed,
    legend_columns,
    legend_of,
    legend_rows,
    log_ticks,
    shortened,
    tick_height,
    ticks_up,
    x_label,
    y_label,
)
from jupyspike.widgets.colourmaps import MAPS, SHAPES
from jupyspike.widgets.plots import Data, Drawing, Image, Interval, Levels, Mark, Plot, Points

_GRID = "rgba(128, 128, 128, 0.25)"
_TEXT = "12px"
_LEFT_BORDER = 72  # the same for all plots, so that their time axes lie above each other
_AXIS_HEIGHT = 38
_LEGEND_ROW = 23  # of each after the first
_LONGEST_NAME = 140  # of a tick
_NARROWEST = "340px"  # of a plot that stands beside another one


def document(plots: Sequence[Plot], time: Interval) -> dict[str, Any]:
    """The JSON that ``Bokeh.embed.embed_item`` shows; its figures are empty. The parameters are those of `layout`.

    It is empty if no plot is drawn by Bokeh.
    """
    figures = layout(plots, time)
    return {} if figures is None else dict(json_item(figures))


def layout(plots: Sequence[Plot], time: Interval, drawn: Mapping[str, Drawing] | None = None) -> Any:
    """The figures of plots in their order: neighbours over time above each other, others beside each other if possible.

    Parameters
    ----------
    plots : sequence of Plot
        Each source of data is named ``plot/mark``, each range ``time``, ``plot/x`` or ``plot/y``, each figure after its
        plot.
    time : Interval
        The model time (s) that all plots over time show.
    drawn : mapping of str to Drawing, optional
        What the plots show, by their names; nothing without it.

    Returns
    -------
    bokeh layout, or None if there is none among the plots that Bokeh draws: cells in space are not.
    """
    plots = [plot for plot in plots if plot.solid is None]
    common = Range1d(start=time.start, end=time.stop, name="time")
    parts = []
    for timed, neighbours in groupby(plots, lambda plot: plot.timed):
        group = list(neighbours)
        figures = [
            _figure(plot, time, common if timed else None, not timed or plot is group[-1], (drawn or {}).get(plot.name))
            for plot in group
        ]
        parts.append(_stack([[f] for f in figures]) if timed or len(figures) == 1 else _side_by_side(figures))
    if len(parts) < 2:
        return parts[0] if parts else None
    return column(*parts, sizing_mode="stretch_width")


def _side_by_side(figures: list[Any]) -> Any:
    for f in figures:
        f.styles = {"flex": "1 1 " + _NARROWEST, "min-width": _NARROWEST, "width": "auto"}
        f.toolbar.autohide = True
    return row(*figures, sizing_mode="stretch_width", styles={"flex-wrap": "wrap"})


def _stack(rows: list[list[Any]]) -> Any:
    return gridplot(
        rows, sizing_mode="stretch_width", toolbar_location="right", toolbar_options={"logo": None}, merge_tools=True
    )


def _figure(plot: Plot, time: Interval, common: Range1d | None, with_axis: bool, drawing: Drawing | None) -> Any:
    x = (drawing and drawing.x) or Interval(0, 1)
    y = drawing.y if drawing else Interval(0.1, 1) if plot.y.log else Interval(0, 1)
    x_range: Any = common or Range1d(start=x.start, end=x.stop, name=f"{plot.name}/x")
    y_range: Any = Range1d(start=y.start, end=y.stop, name=f"{plot.name}/y")
    if plot.equal and drawing:  # of a page that stays as it is; otherwise the script of the page sees to it
        x_range, y_range = DataRange1d(), DataRange1d()
    f = figure(
        name=plot.name,
        tags=["equal"] * plot.equal + ["shapes"] * any(mark.kind == "shapes" for mark in plot.marks),
        match_aspect=plot.equal,
        height=plot.height + (_AXIS_HEIGHT if with_axis else 0) + _LEGEND_ROW * max(0, legend_rows(plot) - 1),
        sizing_mode="stretch_width",
        x_range=x_range,
        y_range=y_range,
        y_axis_type="log" if plot.y.log else "linear",
        x_axis_label=x_label(plot, time if common else x) if with_axis else None,
        y_axis_label=y_label(plot) or None,
        tools="xpan,box_zoom,xwheel_zoom,reset" if plot.timed else "pan,box_zoom,wheel_zoom,reset",
        active_drag="box_zoom",
        active_scroll=None,
        output_backend="canvas",
        lod_threshold=None,
        min_border_left=_LEFT_BORDER,
        min_border_top=6,
        min_border_bottom=0 if with_axis else 6,
        min_border_right=10,
        background_fill_color="#00000000",  # with None, Bokeh would draw the last ticks once more beside the new ones
        border_fill_color=None,
        outline_line_color=_GRID,
    )
    f.toolbar.logo = None
    f.grid.grid_line_color = _GRID
    f.axis.axis_label_text_font_style = "normal"
    f.axis.axis_label_text_font_size = _TEXT
    f.axis.axis_line_color = None
    f.axis.minor_tick_line_color = None
    f.xaxis.visible = with_axis
    _set_ticks(f, plot, with_axis)
    for place in plot.lines:
        f.add_layout(Span(location=place, dimension="width", line_color="gray", line_alpha=0.6, line_width=1))
    data = drawing.data if drawing else {}
    renderers = {mark.name: _renderer(f, plot, mark, data.get(mark.name), drawing) for mark in plot.marks}
    if labelled := legend_of(plot):
        shown = [renderers[mark.name] if drawing else _stand_in(f, plot, mark) for mark in labelled]
        items = [LegendItem(label=m.label, renderers=[r]) for m, r in zip(labelled, shown, strict=True)]
        f.add_layout(_legend(items, legend_columns(labelled)), "above")
    if plot.colours:
        _add_colours(f, plot, drawing)
    title = Title(
        text=drawing.title if drawing else "", name=f"{plot.name}/title", align="right", text_font_style="normal"
    )
    title.text_font_size = "11px"
    f.title = title
    if plot.hint and not drawing:
        f.add_layout(Title(text=plot.hint, align="right", text_font_style="italic", text_font_size="10px"), "above")
    return f


def _set_ticks(f: Any, plot: Plot, with_axis: bool) -> None:
    if plot.y.log:
        _set_log_ticks(f, plot)
    for axis, described in ((f.xaxis, plot.x), (f.yaxis, plot.y)):
        if described.whole:
            axis.ticker.min_interval = 1
    if plot.y.ticks:
        _name_ticks(f, plot)
    if plot.x.seconds and with_axis:
        told = "return String(Number((scale * tick).toPrecision(12))).replace('-', '\\u2212')"
        f.xaxis.formatter = CustomJSTickFormatter(args={"range": f.x_range}, code=TIME_UNIT + told)
        args = {"range": f.x_range, "axis": f.xaxis[0], "what": plot.x.label}
        named = "const label = `${what} (${unit})`; if (axis.axis_label !== label) axis.axis_label = label"
        follow = CustomJS(args=args, code=TIME_UNIT + named)
        f.x_range.js_on_change("start", follow)
        f.x_range.js_on_change("end", follow)


def _set_log_ticks(f: Any, plot: Plot) -> None:
    """Ticks that follow the range: Bokeh's own are those of a linear axis if there are less than two decades."""
    room = ticks_up(plot)
    f.yaxis.ticker = FixedTicker(ticks=log_ticks(Interval(f.y_range.start, f.y_range.end), room))
    f.yaxis.formatter = CustomJSTickFormatter(code="return String(Number(tick.toPrecision(9)))")
    args = {"range": f.y_range, "ticker": f.yaxis[0].ticker, "room": room}
    follow = CustomJS(args=args, code=LOG_TICKS + "if (String(ticker.ticks) !== String(ticks)) ticker.ticks = ticks")
    f.y_range.js_on_change("start", follow)
    f.y_range.js_on_change("end", follow)


def _name_ticks(f: Any, plot: Plot) -> None:
    names = {place: shortened(text, _LONGEST_NAME) for place, text in plot.y.ticks}
    f.yaxis.ticker = FixedTicker(ticks=[place for place, _ in plot.y.ticks])
    f.yaxis.formatter = CustomJSTickFormatter(args={"names": names}, code="return names.get(tick) ?? ''")
    f.yaxis.major_label_text_font_size = "13px" if not plot.y.label else "11px"
    f.yaxis.major_tick_line_color = None
    f.ygrid.visible = False


def _legend(items: list[LegendItem], columns: int) -> Legend:
    return Legend(
        items=items,
        location="right",
        orientation="horizontal",
        ncols=columns,
        spacing=12,
        background_fill_alpha=0.0,
        border_line_color=None,
        padding=0,  # type: ignore[arg-type]  # a number does for all sides
        margin=0,
        glyph_width=16,
        label_text_font_size="11px",
        label_height=12,
        click_policy="hide",
    )


def _stand_in(f: Any, plot: Plot, mark: Mark) -> Any:
    """What a legend shows of a mark whose data come and go.

    Bokeh makes a legend anew whenever data of its renderers change, and shows nothing of one without data: this one has
    a point that is nowhere. The script of the page hides the mark that the tag names together with this.
    """
    nowhere = np.full(1, np.nan)
    renderer = _renderer(f, plot, mark, Points(nowhere, nowhere), None)
    renderer.tags, renderer.name, renderer.data_source.name = [renderer.name], None, None
    return renderer


def _add_colours(f: Any, plot: Plot, drawing: Drawing | None) -> None:
    ends = (drawing and drawing.colours) or Interval(0, 1)
    palette = MAPS[drawing.map if drawing else "sequential"][1:]
    mapper = LinearColorMapper(palette=palette, low=ends.start, high=ends.stop, name=f"{plot.name}/colours")
    bar = ColorBar(
        color_mapper=mapper, title=plot.colours, width=10, padding=4, title_standoff=6, background_fill_color=None,
        title_text_font_size="11px", title_text_font_style="normal", major_label_text_font_size="10px",
    )  # fmt: skip
    f.add_layout(bar, "right")


def _renderer(f: Any, plot: Plot, mark: Mark, data: Data | None, drawing: Drawing | None) -> Any:
    name = f"{plot.name}/{mark.name}"
    if mark.kind in ("image", "map"):
        image = data if isinstance(data, Image) else Image(np.zeros((1, 1), np.uint8), Interval(0, 0), Interval(0, 0))
        columns: dict[str, Any] = {
            "image": [image.levels], "x": [image.x.start], "y": [image.y.start],
            "w": [image.x.stop - image.x.start], "h": [image.y.stop - image.y.start],
        }  # fmt: skip
        palette: Sequence[str] = [f"{mark.colour}{alpha:02x}" for alpha in range(256)]
        if mark.kind == "map":
            palette = MAPS[drawing.map if drawing else "sequential"]
        return f.image(
            image="image", x="x", y="y", dw="w", dh="h",
            source=ColumnDataSource(columns, name=name),
            color_mapper=LinearColorMapper(palette=palette, low=0, high=255, name=name if mark.kind == "map" else None),
            name=name,
        )  # fmt: skip
    if mark.kind == "shapes":
        return _shapes(f, mark, name, data)
    x, y = (data.x, data.y) if isinstance(data, Points) else (np.empty(0), np.empty(0))
    source = ColumnDataSource({"x": x, "y": y}, name=name)
    if mark.kind == "points":
        return f.scatter("x", "y", source=source, size=6, color=mark.colour, name=name)
    if mark.kind == "dots" and drawing is not None:  # of a page that stays as it is
        high = tick_height(plot.height / (drawing.y.stop - drawing.y.start))
        return f.scatter(
            "x", "y", source=source, marker="dash", angle=np.pi / 2, size=high, line_width=2, color=mark.colour,
            name=name,
        )  # fmt: skip
    looks: dict[str, Any] = {"line_color": mark.colour, "line_width": 1.6, "name": name}
    if mark.name in dashed(plot):
        looks["line_dash"] = "dashed"
    if mark.kind == "steps":
        return f.step("x", "y", source=source, mode="after", **looks)
    return f.line("x", "y", source=source, line_join="bevel", **looks)


def _shapes(f: Any, mark: Mark, name: str, data: Data | None) -> Any:
    """Shapes with a line around them in the same colour: what is thinner than a pixel is seen, too."""
    levels = data.levels if isinstance(data, Levels) else np.zeros(len(mark.outlines), np.uint8)
    corners = [shape.round(3).T.tolist() for shape in mark.outlines]  # short texts: there may be ten thousands
    columns = {"xs": [x for x, _ in corners], "ys": [y for _, y in corners], "level": levels}
    colour = {"field": "level", "transform": LinearColorMapper(palette=SHAPES, low=0, high=255)}
    source = ColumnDataSource(columns, name=name)
    return f.patches("xs", "ys", source=source, fill_color=colour, line_color=colour, line_width=1, name=name)
