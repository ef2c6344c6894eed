"""Telling how far a run has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from ..diagnostics import ArgumentError
from ..units import SECOND, quantity
from .clocks import seconds

Report = str | Callable[[Any, float, Any, Any], None] | None


def reporter(report: Report, period: Any, start: float, duration: float) -> Callable[[float], None]:
    """A function to be told the completed part (0 to 1), which passes it on at the beginning, each period and the end.

    Raises
    ------
    ArgumentError
        There is no such report.
    """
    interval = 10.0 if period is None else seconds(period, "report_period", positive=True)
    began = time.perf_counter()
    streams: dict[str, TextIO] = {"text": sys.stdout, "stdout": sys.stdout, "stderr": sys.stderr}
    if report is None:
        return lambda completed: None
    if isinstance(report, str):
        if report not in streams:
            raise ArgumentError(f"'{report}' is not a report", hint="'text', 'stdout', 'stderr' or a function")
        tell = _text(streams[report])
    else:
        tell = report
    last = [-1.0, -1.0]  # wall time and completed part of the last report

    def each(completed: float) -> None:
        elapsed = time.perf_counter() - began
        if (completed in (0.0, 1.0) and last[1] != completed) or (elapsed - last[0] >= interval and last[1] < 1.0):
            tell(quantity(elapsed, SECOND), completed, quantity(start, SECOND), quantity(duration, SECOND))
            last[:] = elapsed, completed

    return each


def _text(stream: TextIO) -> Callable[[Any, float, Any, Any], None]:
    def tell(elapsed: Any, completed: float, start: Any, duration: Any) -> None:
        wall = float(elapsed)
        if completed == 0:
            print(f"Starting simulation at t = {start} for a duration of {duration}", file=stream)
        elif completed == 1:
            print(f"{duration} (100%) simulated in {wall:.2f} s", file=stream)
        else:
            left = wall * (1 - completed) / completed
            print(
                f"{completed * duration} ({completed:.0%}) simulated in {wall:.0f} s, about {left:.0f} s left",
                file=stream,
            )

    return tell
