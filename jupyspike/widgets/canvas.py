"""The figures in the browser: one widget whose messages are whole frames, and the browser's answers to them.

A figure of Bokeh's own notebook widget sends each change of each column as several messages. Here a frame of all plots
is one message, and the page says when it has painted it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import bokeh
import traitlets

from jupyspike.widgets.colourmaps import MAPS
from jupyspike.widgets.figures import document
from jupyspike.widgets.libraries import LIBRARIES, compressed
from jupyspike.widgets.plots import ON_DARK, Interval, Plot
from jupyspike.widgets.solids import solids

Answer = Callable[[dict[str, Any]], None]


class FigureCanvas(anywidget.AnyWidget):
    """Shows plots.

    The page sends ``library`` with the names of what it lacks, ``ready`` when the figures are in place and ``gone``
    when they are taken off, ``painted`` with the number of a frame, ``look`` with the ranges a person has chosen,
    ``turned`` with the side from which a cell in space is seen, ``picked`` with the place of a click into shapes, and
    ``export`` with the format of a file. Each message has the ``page`` it comes from.

    Parameters
    ----------
    plots : sequence of Plot
        From top to bottom.
    time : Interval
        The model time (s) shown first.
    answer : callable
        Gets each message of the page, on the thread where the kernel handles it.
    """

    # texts, not files: anywidget follows a file for each widget, and holds all of them for it
    _esm = (Path(__file__).parent / "canvas.js").read_text("utf-8")
    _css = (Path(__file__).parent / "canvas.css").read_text("utf-8")
    solids: Any = traitlets.List().tag(sync=True)
    figures = traitlets.Dict().tag(sync=True)
    maps = traitlets.Dict(MAPS).tag(sync=True)
    on_dark = traitlets.Dict(ON_DARK).tag(sync=True)
    bokeh_version = traitlets.Unicode(bokeh.__version__).tag(sync=True)

    def __init__(self, plots: Sequence[Plot], time: Interval, answer: Answer) -> None:
        super().__init__(solids=solids(plots), figures=document(plots, time))
        self._answer = answer
        self.on_msg(self._received)

    def show(self, plots: Sequence[Plot], time: Interval) -> None:
        """Put other plots in the place of those that are shown."""
        with self.hold_sync():
            self.solids, self.figures = solids(plots), document(plots, time)

    def send_frame(self, number: int, description: dict[str, Any], data: bytes) -> None:
        """Send a frame to every page that shows this widget."""
        self.send({"kind": "frame", "number": number, **description}, [data])

    def follow(self) -> None:
        """Let every page show again what the kernel says, as its reset tool does."""
        self.send({"kind": "follow"})

    def send_file(self, page: str, name: str, data: bytes) -> None:
        """Let one page offer a file to its reader."""
        self.send({"kind": "file", "page": page, "name": name}, [data])

    def _received(self, _: object, content: dict[str, Any], buffers: object) -> None:
        if content.get("kind") == "library":
            names = [name for name in content["libraries"] if name in LIBRARIES]
            self.send({"kind": "library", "libraries": names}, [compressed(name) for name in names])
        else:
            self._answer(content)
