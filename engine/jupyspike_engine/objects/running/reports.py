"""Telling how far a run has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, Protocol, TextIO

from ...diagnostics import ArgumentError, ArgumentTypeError, nearest
from ...units import SECOND, quantity
from ..clocks import seconds

# Gets elapsed wall time, completed part (0 to 1), start and duration of the run.
Tell = Callable[[Any, float, Any, Any], None]
Report = str | Tell | None


def wall_time(seconds: float, digits: int = 0) -> str:
    """A wall time as it is told: ``12 s``, ``3 min 5 s``, ``2 h 53 min``.

    Parameters
    ----------
    digits : int
        Behind the point, for less than a minute.
    """
    if seconds < 59.5:
        return f"{seconds:.{digits}f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


class TextReport:
    """Writes lines of text to a stream.

    Parameters
    ----------
    stream : file, optional
        The standard output by default.

    Examples
    --------
    >>> report = TextReport()
    >>> report(0*second, 0.0, 0*ms, 100*ms)
    Starting simulation at t = 0. s for a duration of 100. ms
    >>> report(2*second, 0.5, 0*ms, 100*ms)
    50. ms (50%) simulated in 2 s, about 2 s left
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = sys.stdout if stream is None else stream

    def __call__(self, elapsed: Any, completed: float, start: Any, duration: Any) -> None:
        wall = float(elapsed)
        if completed == 0:
            text = f"Starting simulation at t = {start} for a duration of {duration}"
        elif completed == 1:
            text = f"{duration} (100%) simulated in {wall_time(wall, digits=2)}"
        else:
            left = wall_time(wall * (1 - completed) / completed)
            text = f"{completed * duration} ({completed:.0%}) simulated in {wall_time(wall)}, about {left} left"
        print(text, file=self.stream, flush=True)


# Reports that can be asked for by name; other packages may add theirs.
REPORTS: dict[str, Callable[[], Tell]] = {
    "text": lambda: TextReport(sys.stdout),
    "stdout": lambda: TextReport(sys.stdout),
    "stderr": lambda: TextReport(sys.stderr),
}


class Progress(Protocol):
    """Is told the completed part (0 to 1) of a run, and whether that is its end."""

    def __call__(self, completed: float, ended: bool = False) -> None: ...


def reporter(report: Report, period: Any, start: float, duration: float) -> Progress:
    """What passes the progress of a run on: at the beginning, each period and the end, also where it was stopped.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        There is no such report.
    """
    began = time.perf_counter()
    if report is None:
        return lambda completed, ended=False: None
    if isinstance(report, str):
        if report not in REPORTS:
            hint = nearest(report, REPORTS) or f"{', '.join(map(repr, REPORTS))} or a function"
            raise ArgumentError(f"'{report}' is not a report", hint=hint)
        tell = REPORTS[report]()
    elif callable(report):
        tell = report
    else:
        expected = f"{', '.join(map(repr, REPORTS))} or a function of elapsed, completed, start and duration"
        raise ArgumentTypeError("report= says who is told of the progress", found=repr(report), expected=expected)
    usual = getattr(tell, "period", 10.0)  # seconds
    interval = usual if period is None else seconds(period, "report_period", positive=True)
    last = -float("inf")  # wall time of the last report

    def each(completed: float, ended: bool = False) -> None:
        nonlocal last
        elapsed = time.perf_counter() - began
        if ended or (elapsed - last >= interval and completed < 1.0):
            tell(quantity(elapsed, SECOND), completed, quantity(start, SECOND), quantity(duration, SECOND))
            last = elapsed

    return each
