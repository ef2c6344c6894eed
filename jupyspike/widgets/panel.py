"""The live panel: controls, sliders and plots of one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ipywidgets import HTML, Layout, VBox

from jupyspike.widgets.canvas import FigureCanvas
from jupyspike.widgets.controls import Controls, error_html, seconds
from jupyspike.widgets.kernel import fail_cell, free_context, publish, somebody_watches
from jupyspike.widgets.plots import View
from jupyspike.widgets.pump import Pump
from jupyspike.widgets.sliders import Sliders
from jupyspike.widgets.still import Still
from jupyspike.widgets.svg import picture

if TYPE_CHECKING:
    from jupyspike_engine.simulation.session import Session

_GRACE = 5.0  # seconds a run waits for the page to be ready
_POLL = 0.05  # seconds between two readings of the probes while nobody watches


class Panel(VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Shows a run while it goes on, and lets a person change it.

    Displaying the panel starts the run, as soon as the page is ready. When nobody watches (a notebook executed by
    nbconvert) the cell waits for the end of the run and keeps a still picture of its last frame instead.

    Parameters
    ----------
    session : Session
        The run, not begun yet.
    views : sequence of View
        What to draw, from top to bottom.
    window : float or None
        Seconds of model time that are shown; None for the whole run.

    Examples
    --------
    >>> from jupyspike.widgets.raster import Raster
    >>> Panel(session, [Raster(session, ["exc", "inh"])])  # doctest: +SKIP
    """

    def __init__(self, session: Session, views: Sequence[View], window: float | None = 1.0) -> None:
        self._session = session
        self._context = free_context()
        self._context.run(self._build, session, tuple(views), window)

    def _build(self, session: Session, views: tuple[View, ...], window: float | None) -> None:
        self._still = Still()
        self.controls = Controls(session)
        self.sliders = Sliders(session)
        self.error = HTML(layout=Layout(display="none"))
        parts = [self.controls, self.sliders, self.error] if session.parameters else [self.controls, self.error]
        self._pump = Pump(
            session, views, self._send_frame, self._refresh, self._keep_still, window, grace=_GRACE if views else 0.0
        )
        self._canvas: FigureCanvas | None = None
        if views:
            self._canvas = FigureCanvas([view.plot for view in views], self._pump.shown(), self._answered)
            parts.append(self._canvas)
        super().__init__(parts, layout=Layout(width="100%"))
        self.add_class("jupyspike-panel")

    def start(self) -> None:
        """Begin the run and its display. Displaying the panel does it."""
        self._pump.start(self._context)

    def close(self) -> None:
        """Take the panel off the page. The run goes on."""
        self._pump.close()
        for part in self.children:
            part.close()
        super().close()

    def _ipython_display_(self) -> None:
        if not somebody_watches():
            self._run_unwatched()
            return
        publish(self._repr_mimebundle_())
        if self._canvas is not None:
            self._still.reserve()
        self.start()

    def _run_unwatched(self) -> None:
        session = self._session
        if session.status == "ready":
            session.play()
        while not session.wait(_POLL) and session.status != "paused":
            self._pump.read()
        self._pump.read()
        self._keep_still()
        if session.error is not None:
            fail_cell(session.error)

    def _answered(self, content: dict[str, Any]) -> None:
        if content.get("kind") == "ready":
            self.start()  # the panel may be shown as part of another widget
        self._pump.answered(content)

    def _send_frame(self, number: int, description: dict[str, Any], data: bytes) -> None:
        if self._canvas is not None:
            self._canvas.send_frame(number, description, data)

    def _refresh(self) -> None:
        self.controls.refresh()
        error = self._session.error
        if error is not None and not self.error.value:
            self.error.value = error_html(str(error))
            self.error.layout.display = ""

    def _keep_still(self) -> None:
        session = self._session
        x = self._pump.shown()
        caption = f"{session.name}: {session.status} at {seconds(session.time, session.duration)}"
        self._still.show(picture(self._pump.drawn(x), x, caption), caption)
