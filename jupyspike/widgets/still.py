"""The picture that stays in the saved notebook when the live panel is gone.

In a notebook with a person in front of it an empty output under the panel gets the last frame when the run has ended.
Where the live panel is on the page, its style sheet hides that picture.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from jupyspike.widgets.kernel import on_main_thread, publish


class Still:
    """The output that holds the picture."""

    def __init__(self) -> None:
        self._display_id = f"jupyspike-{uuid4().hex}"
        self._later: Callable[[Callable[[], None]], None] | None = None

    def reserve(self) -> None:
        """Put an empty output where the picture will be. Called by the cell that shows the panel."""
        self._later = on_main_thread()
        publish({"text/plain": ""}, self._display_id)

    def show(self, svg: str, caption: str) -> None:
        """Fill the output, from whatever thread; without `reserve` make one now."""
        data = {"image/svg+xml": svg, "text/plain": caption}
        if self._later is None:
            publish(data)
        else:
            self._later(lambda: publish(data, self._display_id, update=True))
