"""What the run is doing, and the buttons that change it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from ipywidgets import HTML, Button, Dropdown, HBox, Layout

from jupyspike.widgets.display_units import decimals
from jupyspike.widgets.entries import Entry
from jupyspike_engine.diagnostics import ArgumentError
from jupyspike_engine.simulation.room import bytes_text
from jupyspike_engine.units import UNITS

if TYPE_CHECKING:
    from jupyspike_engine.simulation.session import Session

ENDED = frozenset({"finished", "stopped", "failed"})
"""What a session's status is when it will not go on."""

_NO_LIMIT = 0.0  # a Dropdown shows nothing for None
_SPEEDS: tuple[tuple[str, float], ...] = (
    ("full speed", _NO_LIMIT), ("2 \N{MULTIPLICATION SIGN} real time", 2.0), ("real time", 1.0), ("1/2", 0.5),
    ("1/5", 0.2), ("1/10", 0.1), ("1/50", 0.02), ("1/100", 0.01),
)  # fmt: skip


def seconds(value: float, duration: float, step: float = 0.0) -> str:
    """A model time with as many digits as tell the thousandth parts of a run apart, or its steps.

    >>> seconds(0.12345, 2.0), seconds(12.3456, 600.0), seconds(12.3456, 600.0, step=1e-4)
    ('0.123 s', '12.3 s', '12.3456 s')
    """
    digits = 1 if duration >= 100 else 2 if duration >= 10 else 3 if duration >= 0.1 else 5
    digits = max(digits, decimals(step)) if step else digits
    return f"{value:.{digits}f} s"


class Controls(HBox):  # type: ignore[misc]  # ipywidgets has no types
    """Play or pause, one step, run for a time, stop, back to the start, the speed, and the progress of a run.

    What a person changes here only calls the session; `refresh` only shows what the session says. No widget is
    written by both, so the two may happen at the same time in different threads.

    Parameters
    ----------
    session : Session
        The run to control.
    others : sequence of Widget
        What stands between the speed and the progress.

    Attributes
    ----------
    reset, lesson : ipywidgets.Button
        Who shows the controls says what happens at a click: to go back to the start, and to that of the lesson, where
        constants are what they were at first.
    """

    def __init__(self, session: Session, others: Sequence[Any] = ()) -> None:
        self._session = session
        size = Layout(width="34px", padding="0")
        self.play = Button(icon="play", tooltip="Run", layout=size)
        self.step = Button(icon="step-forward", tooltip="One time step", layout=size)
        self.forward = Button(icon="forward", tooltip="Run for this time, then pause", layout=size)
        self.run_time = Entry("the time to run for", 0.1, UNITS["ms"], apart=True)
        self.run_time.problem.layout.flex = "1 0 100%"  # in a row of its own
        self.stop = Button(icon="stop", tooltip="End the run", layout=size)
        self.reset = Button(icon="fast-backward", tooltip="Back to the start; sliders stay where they are", layout=size)
        self.lesson = Button(icon="home", tooltip="Back to the lesson's start: sliders too", layout=size)
        speeds = _SPEEDS
        if session.speed is not None and session.speed not in [speed for _, speed in speeds]:
            speeds = (*speeds, (f"{session.speed:g} \N{MULTIPLICATION SIGN} real time", session.speed))
        self.speed = Dropdown(
            options=speeds, value=session.speed or _NO_LIMIT, tooltip="Speed at most", layout=Layout(width="138px")
        )
        self.progress = HTML(layout=Layout(flex="1 1 340px", margin="0 0 0 4px"))
        self.play.on_click(lambda _: self._toggle())
        self.step.on_click(lambda _: session.step())
        self.forward.on_click(lambda _: self._run_for())
        self.stop.on_click(lambda _: session.stop())
        self.speed.observe(self._set_speed, "value")
        super().__init__(
            (
                self.play,
                self.step,
                self.forward,
                self.run_time,
                self.stop,
                self.reset,
                self.lesson,
                self.speed,
                *others,
                self.progress,
                self.run_time.problem,
            ),
            layout=Layout(width="100%", align_items="center", flex_flow="row wrap"),
        )
        self.refresh()

    def refresh(self) -> None:
        """Show the present state of the run."""
        session = self._session
        status = session.status
        factor, taken = session.real_time_factor, session.bytes_taken
        step = session.dt if status == "paused" else 0.0  # a person may go on by single steps
        text = progress_html(status, session.time, session.duration, factor, taken, session.start, step)
        if text != self.progress.value:
            self.progress.value = text
        running, ended = status == "running", status in ENDED
        self.play.icon = "pause" if running else "play"
        self.play.tooltip = "Pause" if running else "Run"
        for button in (self.play, self.step, self.forward, self.stop):
            button.disabled = ended

    def _toggle(self) -> None:
        if self._session.status == "running":
            self._session.pause()
        else:
            self._session.play()

    def _run_for(self) -> None:
        if self.run_time.is_wrong:
            return
        try:
            self._session.run_for(self.run_time.si_value)
        except ArgumentError as error:
            self.run_time.tell(error, self.run_time.text.value)

    def _set_speed(self, change: Any) -> None:
        self._session.speed = change["new"] or None


def progress_html(
    status: str,
    time: float,
    duration: float,
    real_time_factor: float,
    taken: int = 0,
    start: float = 0.0,
    step: float = 0.0,
) -> str:
    """A bar, the elapsed and the whole model time, how fast the run is, and the memory it takes, as HTML.

    Of a run that goes on from an earlier one it says where it is on the axes of time as well. Times have digits for
    ``step``. There is always room for the longest words, so that nothing else moves while they change.
    """
    share = 1.0 if duration <= 0 else min(1.0, max(0.0, time / duration))
    digits = ".2g" if real_time_factor < 100 else ",.0f"
    factor = f"{real_time_factor:{digits}}" if status == "running" and real_time_factor > 0 else ""
    memory = f'<span title="memory of the network and its recordings">{bytes_text(taken)}</span>' if taken else ""
    words = _words(status, time, duration, factor, memory, start, step)
    longest = _words("finished", duration, duration, "0.011", "9.99 MB", start)
    return (
        '<div style="display: flex; align-items: center; gap: 6px; line-height: 28px; white-space: nowrap; '
        'font-variant-numeric: tabular-nums">'
        f'<progress max="1" value="{share:.4f}" style="flex: 1 1 20px; width: 20px"></progress>'
        f'<span style="display: grid"><span style="grid-area: 1 / 1">{words}</span>'
        f'<span style="grid-area: 1 / 1; visibility: hidden" aria-hidden="true">{longest}</span></span></div>'
    )


def _words(status: str, time: float, duration: float, factor: str, memory: str, start: float, step: float = 0.0) -> str:
    told = f"{seconds(time, duration, step)} of {duration:g} s"
    words = [f"<b>{escape(status)}</b>", f"t = {seconds(start + time, duration, step)}, {told}" if start else told]
    if factor:
        words.append(f"{factor} \N{MULTIPLICATION SIGN} real time")
    if memory:
        words.append(memory)
    return " · ".join(words)


def error_html(text: str) -> str:
    """A diagnostic, its carets under the places they point to."""
    return (
        '<pre style="color: var(--jp-error-color1, #b00020); white-space: pre-wrap; margin: 2px 4px; line-height: 1.3">'
        f"{escape(text)}</pre>"
    )


def note_html(text: str) -> str:
    """Something that a person should know, and that is no error."""
    return f'<div style="color: var(--jp-ui-font-color2, #616161); margin: 2px 4px">{escape(text)}</div>'
