"""The live panel: a running simulation drawn in the notebook, with sliders for its constants.

Nothing here loads Bokeh or ipywidgets until the panel is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyspike.widgets.opening import open_panel
    from jupyspike.widgets.panel import Panel

__all__ = ["Panel", "open_panel"]


def __getattr__(name: str) -> Any:
    if name == "Panel":
        from jupyspike.widgets.panel import Panel

        return Panel
    if name == "open_panel":
        from jupyspike.widgets.opening import open_panel

        return open_panel
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
