"""The picture that stays in the saved notebook when the live panel is gone.

In a notebook with a person in front of it an empty output under the panel gets the last frame when the run has ended;
while the live panel is on the page the picture hides itself.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from jupyspike.widgets.kernel import on_main_thread, publish

_HIDDEN = "<style>body:has(.{live}) .{still} {{ display: none !important; }}</style>"


class Still:
    """The output cell that holds the picture.

    Attributes
    ----------
    live_class : str
        CSS class of the panel; a page that has an element of this class hides the picture.
    css_class : str
        CSS class of the picture.
    """

    def __init__(self) -> None:
        identity = uuid4().hex[:12]
        self.live_class = f"jupyspike-live-{identity}"
        self.css_class = f"jupyspike-still-{identity}"
        self._later: Callable[[Callable[[], None]], None] | None = None
        self._display_id = f"jupyspike-{identity}"

    def reserve(self) -> None:
        """Put an empty output where the picture will be. Called by the cell that shows the panel."""
        self._later = on_main_thread()
        publish({"text/plain": ""}, self._display_id)

    def show(self, svg: str, caption: str) -> None:
        """Fill the output, from whatever thread; without `reserve` make one now."""
        if self._later is None:
            publish({"image/svg+xml": svg, "text/plain": caption})
            return
        hiding = _HIDDEN.format(live=self.live_class, still=self.css_class)
        body = svg.removesuffix("</svg>")
        data = {"image/svg+xml": f"{body}{hiding}</svg>", "text/plain": caption}
        self._later(lambda: publish(data, self._display_id, update=True))
