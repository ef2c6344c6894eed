"""Two runs in one plot: one in its colours, another one in grey beneath it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ipywidgets import Dropdown, HBox, Layout

from jupyspike.widgets.kept import KeptRun, KeptRuns, described, reading
from jupyspike.widgets.plots import Drawing, Interval, Look, Mark, Plot, greyed
from jupyspike.widgets.sources import Source
from jupyspike.widgets.view import View

if TYPE_CHECKING:
    from jupyspike_engine.simulation.session import Session

BENEATH = " beneath"  # behind the names of marks


class Compared(HBox):  # type: ignore[misc]  # ipywidgets has no types
    """Which run is shown, and which one beneath it.

    Parameters
    ----------
    session : Session
        The present run.
    kept : KeptRuns
        Earlier ones, perhaps of other networks as well.
    views : sequence of View
        What is drawn: runs are offered that have recorded something for one of them.
    changed : callable
        Called when others are chosen.

    Attributes
    ----------
    present : KeptRun or None
        The present run, if it is over and another one of the network records now.
    """

    def __init__(
        self, session: Session, kept: KeptRuns, views: Sequence[View], changed: Callable[[], None] = lambda: None
    ) -> None:
        self._session, self._kept = session, kept
        self.present: KeptRun | None = None
        self._drawn = {source.key for view in views for source in view.sources if source.key is not None}
        self._runs: dict[str, KeptRun] = {}
        looks: dict[str, Any] = {
            "layout": Layout(flex="1 1 300px", max_width="480px"),
            "style": {"description_width": "60px"},
        }
        self.above = Dropdown(description="shown", options=["this run"], **looks)
        self.beneath = Dropdown(description="beneath", options=["nothing"], **looks)
        for choice in (self.above, self.beneath):
            choice.observe(lambda _: changed(), "value")
        super().__init__((self.above, self.beneath), layout=Layout(flex_flow="row wrap", width="100%"))
        self.refresh()

    def refresh(self) -> None:
        """Offer the runs that are kept now; without any there is nothing to choose."""
        fit = [run for run in reversed(self._kept.runs) if self._drawn & run.recorded.keys()]
        self._runs = {described(run): run for run in fit}
        for choice, other in ((self.above, "this run"), (self.beneath, "nothing")):
            before, options = choice.value, [other, *self._runs]
            choice.options = options
            choice.value = before if before in options else other
        self.layout.display = "" if self._runs else "none"

    @property
    def chosen(self) -> tuple[KeptRun | None, KeptRun | None]:
        """The run that is shown, None for what is recorded now; and the one beneath it."""
        above, beneath = self._runs.get(self.above.value, self.present), self._runs.get(self.beneath.value)
        start = self._session.start
        return above and above.from_start(start), beneath and beneath.from_start(start)


class Overlaid(View):
    """A view that shows the runs which `Compared` chooses; one of what is not kept shows the present run."""

    def __init__(self, view: View, compared: Compared) -> None:
        self.view, self._compared = view, compared
        self.sources: Sequence[Source] = view.sources

    @property
    def compares(self) -> bool:
        """Whether all is kept that the view is drawn from."""
        return bool(self.sources) and all(source.key is not None for source in self.sources)

    def make_plot(self) -> Plot:
        plot = self.view.plot
        if not self.compares:
            return plot
        beneath = (Mark(f"{m.name}{BENEATH}", m.kind, greyed(m.colour)) for m in plot.marks)
        return replace(plot, marks=(*beneath, *plot.marks))

    def draw(self, look: Look) -> Drawing:
        if not self.compares:
            return self.view.draw(look)
        above, beneath = self._compared.chosen
        with reading(above):
            drawing = self.view.draw(look)
        if beneath is None:
            return drawing
        with reading(beneath):
            other = self.view.draw(look)
        data = {f"{name}{BENEATH}": points for name, points in other.data.items()} | dict(drawing.data)
        x = drawing.x and other.x and drawing.x.around(other.x)
        told = f"{f'run {above.number}, ' if above and self._compared.above.index else ''}grey: run {beneath.number}"
        title = f"{drawing.title} \N{MIDDLE DOT} {told}" if drawing.title else told
        return replace(drawing, data=data, x=x, y=drawing.y.around(other.y), title=title)

    @property
    def called(self) -> str:
        return self.view.called

    def controls(self) -> Sequence[Any]:
        return self.view.controls()

    def picked(self, x: float, y: float, pixel: tuple[float, float], look: Look) -> View | None:
        return self.view.picked(x, y, pixel, look)

    @property
    def state(self) -> object:
        above, beneath = self._compared.chosen
        return self.view.state, above and above.number, beneath and beneath.number

    @property
    def extent(self) -> Interval:
        return self.view.extent

    def attach(self) -> None:
        self.view.attach()

    def detach(self) -> None:
        self.view.detach()
