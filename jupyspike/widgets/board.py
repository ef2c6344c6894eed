"""Views in one figure of the notebook, and that figure as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from math import isfinite
from pathlib import Path
from typing import Any

from ipywidgets import HTML, HBox, Layout, VBox, Widget

from jupyspike.widgets.arguments import check_views
from jupyspike.widgets.canvas import FigureCanvas
from jupyspike.widgets.controls import error_html
from jupyspike.widgets.kernel import free_context, publish, somebody_watches, without_hooks
from jupyspike.widgets.pump import Pump
from jupyspike.widgets.still import Still
from jupyspike.widgets.timeline import RecordedTime, Timeline
from jupyspike.widgets.view import View, window_of
from jupyspike.widgets.window import of_time
from jupyspike_engine.diagnostics import ArgumentError, UserError, nearest

FORMATS = ("png", "svg", "html")


def parts_of(widget: Widget) -> Iterator[Widget]:
    """What a widget consists of, which are widgets too: its children, its layout and its style, and their parts."""
    for name in widget.keys:
        value = getattr(widget, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Widget):
                yield from parts_of(part)
                yield part


def close_parts(widget: Widget) -> None:
    """Close what a widget consists of."""
    for part in list(parts_of(widget)):
        part.close()


class Board(VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Views above each other, with one time axis for all that have one. It follows whatever is simulated.

    Parameters
    ----------
    *views : View
        From top to bottom.
    window : Quantity, optional
        How much of the model time is shown, which can be changed in the figure; by default all that was recorded.

    Examples
    --------
    >>> from jupyspike.widgets import Board, Rate, Raster
    >>> Board(Raster(exc, inh), Rate(exc))  # doctest: +SKIP
    """

    def __init__(self, *views: View, window: Any = None) -> None:
        self._context = free_context()
        self._context.run(self._build_board, views, window_of(window))

    def _build_board(self, views: Sequence[View], window: float) -> None:
        different(views)
        timeline = RecordedTime(views, window)
        self._build(views, timeline, of_time(timeline, self._follow) if isfinite(window) else [])

    def _build(self, views: Sequence[View], timeline: Timeline, above: Sequence[Any] = (), grace: float = 0.0) -> None:
        for view in views:
            view.attach()
        self.views, self._timeline, self._still = tuple(views), timeline, Still()
        self._added: dict[str, View] = {}  # what clicks have added, by the plot that was clicked into
        self._pump = Pump(
            self.views, timeline, self._send_frame, self._refresh, self._ended, self._begin, grace if views else 0.0,
            self._went_wrong,
        )  # fmt: skip
        self.error = HTML(layout=Layout(display="none"))
        parts = [*above, self.error]
        controls = [(view, view.controls()) for view in views]
        controls = [(view, widgets) for view, widgets in controls if widgets]
        if controls:
            named = len(controls) > 1
            looks = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "4px", "margin": "0 16px 0 0"}
            groups = [
                HBox([HTML(f"<b>{escape(view.called)}</b>"), *widgets] if named else widgets, layout=Layout(**looks))
                for view, widgets in controls
            ]
            parts.append(HBox(groups, layout=Layout(flex_flow="row wrap")))
        self._canvas: FigureCanvas | None = None
        if views:
            self._canvas = FigureCanvas([view.plot for view in views], timeline.shown(), self._answered)
            parts.append(self._canvas)
        super().__init__(parts, layout=Layout(width="100%"))
        self.add_class("jupyspike-panel")
        for part in parts_of(self):
            without_hooks(part)

    def _follow(self) -> None:
        """Show the newest stretch of time again, wherever a person has looked."""
        if self._canvas is not None:
            self._canvas.follow()
        self._pump.later(lambda: None)

    def _went_wrong(self, error: Exception) -> None:
        """Tell an error of what was asked for on the page, such as by a click."""
        self._tell(error if isinstance(error, UserError) else UserError(f"this went wrong: {error!r}"))

    def _tell(self, error: UserError | None) -> None:
        """Show an error above the views until what was tried succeeds."""
        self._say("" if error is None else error_html(str(error)))

    def _say(self, html: str) -> None:
        if html != self.error.value:
            self.error.value = html
            self.error.layout.display = "" if html else "none"

    def wrapped(self, view: View) -> View:
        """A view as it is shown here."""
        return view

    def show(self, views: Sequence[View]) -> None:
        """Show other views in the place of the present ones, with the same controls. Called by an errand of the pump.

        Those that stay go on recording.
        """
        different(views)
        kept = [source for view in views for source in view.sources]
        for view in views:
            view.attach()
        for source in (source for view in self.views for source in view.sources if source not in kept):
            source.detach()
        self.views = self._timeline.views = tuple(views)
        self._pump.show(self.views)
        if self._canvas is not None:
            self._canvas.show([view.plot for view in views], self._timeline.shown())

    def _picked(self, plot: str, x: float, y: float, pixel: tuple[float, float]) -> None:
        """Show what belongs to a place that was clicked on below the other views."""
        looks = {view.plot.name: (view, look) for view, look in zip(self.views, self._pump.looks(), strict=True)}
        if plot not in looks:
            return
        view, look = looks[plot]
        before, added = self._added.get(plot), view.picked(x, y, pixel, look)
        others = [view for view in self.views if view is not before]
        self._added = {name: added for name, added in self._added.items() if name != plot}
        self._tell(None)
        if added is not None:
            self._added[plot] = self.wrapped(added)
            others.append(self._added[plot])
        if added is not None or before is not None:
            self.show(others)

    def start(self) -> None:
        """Begin to draw. Displaying the figure does it."""
        self._pump.start(self._context)

    def close(self) -> None:
        """Take the figure off the page and let its views no longer record."""
        if "_pump" in self.__dict__:  # it was made without an error
            self._pump.close()
            for view in self.views:
                view.detach()
            close_parts(self)
        super().close()

    # as a file

    def export(self, kind: str) -> bytes:
        """What is to be seen now, as a file.

        Parameters
        ----------
        kind : 'png', 'svg' or 'html'
            A page in HTML needs neither a kernel nor the internet; one can look closer in it.

        Raises
        ------
        ArgumentError
            There is no such kind of file.
        """
        if kind not in FORMATS:
            hint = nearest(kind, FORMATS) or f"one of {', '.join(FORMATS)}"
            raise ArgumentError(f"a figure cannot be saved as '{kind}'", hint=hint)
        if kind == "html":
            from jupyspike.widgets.page import page

            return page(self._pump.drawn(), self.caption()).encode()
        from jupyspike.widgets.pictures import picture

        return picture(self._pump.drawn(), kind, caption=self.caption())

    def save(self, path: str | Path) -> Path:
        """Write what is to be seen now into a file, whose ending says which kind: .png, .svg or .html.

        Raises
        ------
        ArgumentError
            There is no such kind of file.
        """
        path = Path(path)
        path.write_bytes(self.export(path.suffix.removeprefix(".").lower()))
        return path

    def caption(self) -> str:
        """A line under pictures."""
        return ""

    # what happens on the page

    def _ipython_display_(self) -> None:
        if not somebody_watches():
            self._unwatched()
            return
        publish({**self._repr_mimebundle_(), "text/plain": ""})  # in a saved notebook the picture stands for it
        if self._canvas is not None:
            self._still.reserve()
        self.start()

    def _unwatched(self) -> None:
        """What happens instead of a live figure when nobody sees it."""
        self._ended()

    def _begin(self) -> None:
        """What the first frame is waited for with."""

    def _refresh(self) -> None:
        """Show what goes on besides the plots."""

    def _answered(self, content: dict[str, Any]) -> None:
        if content.get("kind") == "ready":
            self.start()  # it may be shown as part of another widget
        if content.get("kind") == "picked":
            (x, y), (width, height) = content["at"], content["pixel"]
            self._pump.later(lambda: self._picked(str(content["plot"]), x, y, (width, height)))
        elif content.get("kind") == "export":
            kind, page = str(content["format"]), str(content["page"])
            self._pump.later(lambda: self._send_file(kind, page))
        else:
            self._pump.answered(content)

    def _send_file(self, kind: str, page: str) -> None:
        if self._canvas is not None and kind in FORMATS:
            name = "-".join(view.plot.name.split(" ")[0] for view in self.views)
            self._canvas.send_file(page, f"{name}.{kind}", self.export(kind))

    def _send_frame(self, number: int, description: dict[str, Any], data: bytes) -> None:
        if self._canvas is not None:
            self._canvas.send_frame(number, description, data)

    def _ended(self) -> None:
        """Keep a picture when nothing new comes any more, for good or for a while."""
        if self._canvas is not None:
            self._still.show(self.export("svg").decode(), self.caption() or self._described())

    def _described(self) -> str:
        return ", ".join(view.plot.name for view in self.views)


def different(views: Sequence[View]) -> None:
    """Give plots of the same name different ones.

    Raises
    ------
    ArgumentError
        Something is not a view, or is there twice.
    """
    check_views(views)
    names: set[str] = set()
    for k, view in enumerate(views):
        if view in views[:k]:
            raise ArgumentError(f"the view '{view.plot.name}' is there twice", hint="make another one")
        name, number = view.plot.name, 2
        while name in names:
            name, number = f"{view.plot.name} {number}", number + 1
        if name != view.plot.name:
            view.plot = replace(view.plot, name=name)
        names.add(name)
