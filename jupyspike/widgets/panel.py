"""The live panel: controls, sliders and plots of one run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from jupyspike.widgets.board import Board, close_parts, different
from jupyspike.widgets.controls import ENDED, Controls, error_html, note_html, seconds
from jupyspike.widgets.kept import KeptRun, KeptRuns
from jupyspike.widgets.kernel import after_cells, fail_cell, forget, free_context
from jupyspike.widgets.overlay import Compared, Overlaid
from jupyspike.widgets.presets import Presets, slider_values
from jupyspike.widgets.sliders import Sliders
from jupyspike.widgets.still import Still
from jupyspike.widgets.timeline import LiveTime
from jupyspike.widgets.view import View
from jupyspike.widgets.window import of_time
from jupyspike_engine.diagnostics import ArgumentError, UserError
from jupyspike_engine.objects.running.live import Preset
from jupyspike_engine.units import UNITS

if TYPE_CHECKING:
    from jupyspike_engine.simulation.session import Session

_GRACE = 5.0  # seconds a run waits for the page to be ready


class Panel(Board):
    """Shows a run while it goes on, and lets a person change it.

    Displaying the panel starts the run, as soon as the page is ready. When nobody watches (a notebook executed by
    nbconvert) the cell waits for the end of the run and keeps a still picture of its last frame instead.

    When the names of what it simulates mean other objects, because cells have been run again, or when another run of
    the network begins, its run ends and it says so. It keeps what it shows; once it is on no page, it is closed.

    Parameters
    ----------
    session : Session
        The run, not begun yet, prepared when the views were there already: they say what it is to record.
    views : sequence of View
        What to draw, from top to bottom.
    window : float
        Seconds of model time that are shown; infinite for the whole run.
    script : callable, optional
        Returns the script of the session.
    presets : sequence of Preset
        Values of sliders to choose from.
    kept : KeptRuns, optional
        Earlier runs to compare with.
    """

    def __init__(
        self,
        session: Session,
        views: Sequence[View],
        window: float = 1.0,
        script: Callable[[], str] | None = None,
        presets: Sequence[Preset] = (),
        kept: KeptRuns | None = None,
    ) -> None:
        self._session, self._script, self.kept = session, script, KeptRuns() if kept is None else kept
        try:
            different(views)
            chosen = {preset.name: slider_values(preset, session.parameters) for preset in presets}
            self._context = free_context()
            self._context.run(self._build_panel, session, tuple(views), window, chosen)
        except BaseException:
            session.stop()
            raise
        self._looks_no_more = after_cells(self._after_cell)

    def _build_panel(
        self, session: Session, views: tuple[View, ...], window: float, presets: Mapping[str, Mapping[str, float]]
    ) -> None:
        timeline = LiveTime(session, views, window)
        self.window = of_time(timeline, self._follow)
        self.controls = Controls(session, self.window)
        self.controls.reset.on_click(lambda _: self.reset())
        self.controls.lesson.on_click(lambda _: self.reset(lesson=True))
        self.sliders = Sliders(session)
        self.presets = Presets(self.sliders, presets, self._tell)
        self.closed, self._waits, self._is_shown = False, False, False
        self._places: tuple[Panel, ...] = ()  # earlier panels that show what is shown here, where they were on the page
        self._said: UserError | None = None
        self.compared = Compared(session, self.kept, views, self._wake)
        moving = [self.sliders, self.presets] if session.parameters else []
        above = [self.controls, *moving, self.compared]
        timeline.views = tuple(self.wrapped(view) for view in views)
        self._build(timeline.views, timeline, above, _GRACE)

    def reset(self, lesson: bool = False) -> None:
        """Go back to where the run began and pause there; played again it does the same bit for bit.

        Parameters
        ----------
        lesson : bool
            Whether sliders go back as well, to what they were when the panel was made; else they stay, and what they
            say holds from the start on.
        """
        try:
            self._session.expect_start()
        except ArgumentError as error:
            self._tell(error)
            return
        self._tell(None)
        self.keep_run()
        self.compared.present = None
        for view in self.views:
            view.attach()
        if lesson:
            self.sliders.reset()
        self._session.reset(values_too=lesson)
        self.start()
        self._pump.later(self._refresh)

    def keep_run(self) -> KeptRun | None:
        """Keep what the present run has done, to compare others with it."""
        run = self.kept.keep(self._session, [source for view in self.views for source in view.sources])
        self.compared.refresh()
        return run

    def make_room(self) -> None:
        """Show from now on what has been recorded until now: another run of the network is to begin."""
        self.compared.present = self.keep_run()

    def wrapped(self, view: View) -> View:
        return Overlaid(view, self.compared)

    def _wake(self) -> None:
        if "_pump" in self.__dict__:
            self._pump.later(lambda: None)

    @property
    def paused(self) -> bool:
        """Whether the run has been paused."""
        return self._session.status == "paused"

    def go_on_as(self, other: Panel, paused: bool = False) -> None:
        """Show another panel in the place of this one, which has come to its end.

        Parameters
        ----------
        other : Panel
            Begins to run as soon as the page shows it, unless ``paused``.
        """
        other._waits = paused
        for before, after in zip(self.window, other.window, strict=False):
            after.entry.put(before.entry.si_value)
        self._looks_no_more()
        self._pump.close()
        for view in self.views:
            view.detach()
        shown = self._is_shown or not self._places
        other._places = (*self._places, self) if shown else self._places
        parts = self.children
        for place in other._places:
            place.set_trait("children", other.children)
        for part in parts:
            close_parts(part)
            part.close()
        if not shown:
            self._places = ()
            self.close()

    def end(self, why: str) -> None:
        """End the run for a reason, and keep what is shown."""
        self._session.give_way(why)
        free_context().run(self._show_error)

    def close(self) -> None:
        self.closed = True
        for place in self.__dict__.get("_places", ()):
            place.close()
        if "presets" in self.__dict__:  # it was made without an error
            for part in (self.sliders, self.presets):  # without parameters they are not shown
                close_parts(part)
                part.close()
        super().close()

    def script(self) -> str:
        """The Python script that does the same as the notebook and this session until now, bit for bit.

        It consists of the cells up to the one that shows the panel, the seed, and what sliders and later cells changed
        at which step: constants, and variables as in ``exc.v = 5*mV``.

        Raises
        ------
        ArgumentError
            The panel was not made in a cell of a notebook.
        """
        if self._script is None:
            hint = "make the panel in a cell of a notebook"
            raise ArgumentError("a script is made from the cells of a notebook", hint=hint)
        return self._script()

    def replay(self) -> dict[str, tuple[Any, Any]]:
        """Run `script` in a process of its own, in the present directory.

        Returns
        -------
        dict
            For each group all its spikes since the first live run that it took part in: times and neurons. The
            panel itself keeps the newest of very many.

        Raises
        ------
        UserError
            The script ended with an error, such as too little memory for all spikes.
        """
        with TemporaryDirectory() as folder:
            file, spikes = Path(folder) / "session.py", Path(folder) / "spikes.npz"
            file.write_text(f"{self.script()}\n_cells.save_spikes({str(spikes)!r})\n", encoding="utf-8")
            paths = os.pathsep.join([os.getcwd(), *sys.path])
            environment = {**os.environ, "PYTHONPATH": paths, "MPLBACKEND": "agg"}
            done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, env=environment)
            if done.returncode:
                raise UserError(f"the script ended with an error\n{done.stderr.strip()}")
            with np.load(spikes) as arrays:
                names = [key[:-2] for key in arrays if key.endswith(" t")]
                return {name: (arrays[f"{name} t"] * UNITS["second"], arrays[f"{name} i"]) for name in names}

    def caption(self) -> str:
        session = self._session
        return f"{session.name}: {session.status} at {seconds(session.start + session.time, session.duration)}"

    def _after_cell(self, names: Mapping[str, Any]) -> None:
        """Make room for others once their time has come; closed, leave the memory once no name means it."""
        if not self.closed:
            self._session.give_way_to(names)
            if self._session.gave_way:
                free_context().run(self._show_error)
                if self._pump.unseen:
                    self.close()
        if self.closed:
            forget(self)

    def _ipython_display_(self) -> None:
        self._is_shown = True
        if self.closed:
            Still().show(self.export("svg").decode(), self.caption())
        else:
            super()._ipython_display_()

    def _unwatched(self) -> None:
        """Wait for the end of the run, which need not be slow enough for eyes."""
        session = self._session
        session.speed = None
        if session.status == "ready":
            session.play()
        while not session.wait(0.05) and session.status != "paused":
            pass
        self._ended()
        if session.error is not None:
            fail_cell(session.error)

    def _ended(self) -> None:
        super()._ended()
        if self._session.status in ENDED:
            for view in self.views:
                view.detach()

    def _begin(self) -> None:
        if self._session.status == "ready" and not self._waits:
            self._session.play()

    def _refresh(self) -> None:
        self.controls.refresh()
        self.sliders.refresh()
        self._show_error()

    def _tell(self, error: UserError | None) -> None:
        """See `Board`; an error of the run comes before it."""
        self._said = error
        self._show_error()

    def _show_error(self) -> None:
        error, session, text = self._session.error or self._said, self._session, ""
        if error is not None:
            text = error_html(str(error))
        elif session.gave_way and session.status == "stopped":
            if session.time > 0:
                text = f"This run has ended, because {session.gave_way}. What it has recorded stays."
            else:
                text = f"This run ended before it had begun, because {session.gave_way}. Run its cell to see it."
            text = note_html(text)
        self._say(text)
