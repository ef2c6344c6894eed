"""Live views of a simulation in the notebook, and the panel that steers it.

Nothing here loads Bokeh or ipywidgets until something is shown.
"""

from __future__ import annotations

import importlib
from typing import Any

from jupyspike_engine.calls import explain_calls

VIEWS = {
    "raster": ("raster", "Raster"),
    "rate": ("rate", "Rate"),
    "trace": ("traces", "Trace"),
    "spectrum": ("spectrum", "Spectrum"),
    "isi": ("isi", "Intervals"),
    "phase": ("phase", "PhasePlane"),
    "connectivity": ("connectivity", "Connectivity"),
    "weights": ("weights", "Weights"),
    "parameters": ("parameters", "Parameters"),
    "sta": ("field", "ReceptiveField"),
    "morphology": ("morphology", "MorphologyMap"),
    "dendrogram": ("morphology", "Dendrogram"),
    "morphology3d": ("solid", "Morphology3D"),
    "kymograph": ("kymograph", "Kymograph"),
}
"""What views are called in ``%live``, and where their classes are: module and name."""

_MODULES = {name: module for module, name in VIEWS.values()} | {
    "Board": "board",
    "Panel": "panel",
    "live_panel": "opening",
}

__all__ = list(_MODULES)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        found = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
        if isinstance(found, type):
            explain_calls(found)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
