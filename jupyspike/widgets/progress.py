"""A progress bar for ``run(..., report='bar')``: a widget in a notebook, a line of text elsewhere."""

from __future__ import annotations

import sys
from typing import Any

from jupyspike_engine.objects.running.reports import wall_time

PERIOD = 0.2  # seconds between two drawings


def bar() -> Any:
    """The progress bar that suits the place where the code runs."""
    return WidgetBar() if _in_notebook() else TextBar()


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def _said(elapsed: Any, completed: float, duration: Any) -> str:
    wall = float(elapsed)
    if completed >= 1:
        return f"{duration} in {wall_time(wall, digits=2)}"
    left = f", about {wall_time(wall * (1 - completed) / completed)} left" if completed > 0 else ""
    return f"{completed * duration} of {duration}{left}"


class WidgetBar:
    """A bar in a notebook, which stays with the time that the run took."""

    period = PERIOD

    def __init__(self) -> None:
        from ipywidgets import FloatProgress, HBox, Label

        self.progress = FloatProgress(min=0, max=1)
        self.label = Label()
        self.box = HBox([self.progress, self.label])

    def __call__(self, elapsed: Any, completed: float, start: Any, duration: Any) -> None:
        if completed == 0:
            from IPython.display import display

            display(self.box)  # type: ignore[no-untyped-call]
        self.progress.value = completed
        self.label.value = _said(elapsed, completed, duration)
        if completed >= 1:
            self.progress.bar_style = "success"


class TextBar:
    """A bar of text that is drawn again over itself."""

    WIDTH = 40
    period = PERIOD

    def __call__(self, elapsed: Any, completed: float, start: Any, duration: Any) -> None:
        full = round(self.WIDTH * completed)
        line = f"\r[{'#' * full}{'.' * (self.WIDTH - full)}] {completed:4.0%} {_said(elapsed, completed, duration)}"
        print(line.ljust(100), end="\n" if completed >= 1 else "", file=sys.stderr, flush=True)
