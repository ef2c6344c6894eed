"""A figure as a page of its own, which needs neither a kernel nor the internet."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

import numpy as np
from bokeh.embed import file_html
from bokeh.resources import INLINE

from jupyspike.widgets.figures import layout
from jupyspike.widgets.libraries import LIBRARIES
from jupyspike.widgets.plots import Drawing, Levels, Look, Plot
from jupyspike.widgets.solids import solids

_EMPTY = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body></body></html>'
_SHOW_SOLIDS = """((shown) => {
  const above = document.createElement("div");
  document.body.prepend(above);
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  for (const { tubes, levels, colours, title, ...rest } of shown) {
    const description = { ...rest, tubes: new Float32Array(bytes(tubes).buffer) };
    const place = rest.below ? document.body : above;
    new jupyspikeSolid(jupyspikeThree, place, description, () => {}).show(bytes(levels), colours, title);
  }
})"""


def page(drawn: Sequence[tuple[Plot, Look, Drawing]], title: str = "") -> str:
    """The HTML of plots as they are seen, in which one can look closer.

    Parameters
    ----------
    drawn : sequence of (Plot, Look, Drawing)
        From top to bottom.
    title : str
        What the page is called.
    """
    title = title or "jupyspike"
    seen = {plot.name: as_seen(plot, drawing, look) for plot, look, drawing in drawn}
    plots = [plot for plot, _, _ in drawn]
    figures = layout(plots, drawn[0][1].time, seen)
    whole = _EMPTY.format(title=escape(title)) if figures is None else str(file_html(figures, INLINE, title))
    return whole.replace("</body>", _solids(plots, seen) + "</body>") if solids(plots) else whole


def _solids(plots: Sequence[Plot], seen: Mapping[str, Drawing]) -> str:
    """The part of a page that shows cells in space, which can be turned."""
    shown = []
    for description in solids(plots):
        drawing = seen[description["name"]]
        (data,) = drawing.data.values() or (Levels(np.zeros(0, np.uint8)),)
        assert isinstance(data, Levels)
        tubes, levels = (b64encode(part).decode() for part in (description["tubes"], data.levels.tobytes()))
        colours = list(drawing.colours or (0, 1))
        told = {"hint": "", "tubes": tubes, "levels": levels, "colours": colours, "title": drawing.title}
        shown.append({**description, **told})
    script = f"{_SHOW_SOLIDS}({json.dumps(shown)});".replace("</", "<\\/")
    return f"<script>{LIBRARIES['solid']()}</script>\n<script>{script}</script>\n"


def as_seen(plot: Plot, drawing: Drawing, look: Look) -> Drawing:
    """A drawing whose axes show the parts that a person has chosen.

    Of equal axes it is what there is in these parts: a file has not the proportions of the page.
    """
    if drawing.x is None:
        return replace(drawing, y=look.y or drawing.y)
    x, y = look.x or drawing.x, look.y or drawing.y
    if plot.equal:
        x, y = x.within(drawing.x) or x, y.within(drawing.y) or y
    return replace(drawing, x=x, y=y)
