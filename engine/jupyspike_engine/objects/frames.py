"""The names of the code that called us. This is the only place that looks at frames."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

_OURS = ("jupyspike_engine", "jupyspike")


def calling_namespace(level: int = 0) -> Mapping[str, Any]:
    """Local and global names of the nearest caller outside this package, or ``level`` frames above it."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_ours(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    for _ in range(level):
        frame = frame.f_back or frame
    return {**frame.f_globals, **frame.f_locals}


def _is_ours(module: str) -> bool:
    return module.split(".")[0] in _OURS
