"""Telling how far a run has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from ..diagnostics import ArgumentError, nearest
from ..units import SECOND, quantity
from .clocks import seconds

# Gets elapsed wall time, completed part (0 to 1), start and duration of the run.
Tell = Callable[[Any, float, Any, Any], None]
Report = str | Tell | None


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
            text = f"{duration} (100%) simulated in {wall:.2f} s"
        else:
            left = wall * (1 - completed) / completed
            text = f"{completed * duration} ({completed:.0%}) simulated in {wall:.0f} s, about {left:.0f} s left"
        print(text, file=self.stream, flush=True)


# Reports that can be asked for by name; other packages may add theirs.
REPORTS: dict[str, Callable[[], Tell]] = {
    "text": lambda: TextReport(sys.stdout),
    "stdout": lambda: TextReport(sys.stdout),
    "stderr": lambda: TextReport(sys.stderr),
}


def reporter(report: Report, period: Any, start: float, duration: float) -> Callable[[float], None]:
    """A function to be told the completed part (0 to 1), which passes it on at the beginning, each period and the end.

    Raises
    ------
    ArgumentError
        There is no such report.
    """
    began = time.perf_counter()
    if report is None:
        return lambda completed: None
    if isinstance(report, str):
        if report not in REPORTS:
            hint = nearest(report, REPORTS) or f"{', '.join(map(repr, REPORTS))} or a function"
            raise ArgumentError(f"'{report}' is not a report", hint=hint)
        tell = REPORTS[report]()
    else:
        tell = report
    usual = getattr(tell, "period", 10.0)  # seconds
    interval = usual if period is None else seconds(period, "report_period", positive=True)
    last = [-1.0, -1.0]  # wall time and completed part of the last report

    def each(completed: float) -> None:
        elapsed = time.perf_counter() - began
        if (completed in (0.0, 1.0) and last[1] != completed) or (elapsed - last[0] >= interval and last[1] < 1.0):
            tell(quantity(elapsed, SECOND), completed, quantity(start, SECOND), quantity(duration, SECOND))
            last[:] = elapsed, completed

    return each
