"""A figure as a page of its own, which needs neither a kernel nor the internet."""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.embed import file_html
from bokeh.resources import INLINE

from jupyspike.widgets.figures import layout
from jupyspike.widgets.plots import Drawing, Look, Plot


def page(drawn: Sequence[tuple[Plot, Look, Drawing]], title: str = "") -> str:
    """The HTML of plots as they are seen, in which one can look closer.

    Parameters
    ----------
    drawn : sequence of (Plot, Look, Drawing)
        From top to bottom.
    title : str
        What the page is called.
    """
    seen = {plot.name: as_seen(drawing, look) for plot, look, drawing in drawn}
    figures = layout([plot for plot, _, _ in drawn], drawn[0][1].time, seen)
    return str(file_html(figures, INLINE, title or "jupyspike"))


def as_seen(drawing: Drawing, look: Look) -> Drawing:
    """A drawing whose axes show the parts that a person has chosen."""
    x = None if drawing.x is None else look.x or drawing.x
    return Drawing(x, look.y or drawing.y, drawing.data, drawing.colours, drawing.title)
