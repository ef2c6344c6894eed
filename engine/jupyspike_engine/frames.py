"""The names of the code that called us. This is the only place that looks at frames."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

_OURS = ("jupyspike_engine", "jupyspike")
_CELL = "cell"  # a file of no lines, so that none is shown
_said: ContextVar[Mapping[str, Any] | None] = ContextVar("calling_names", default=None)


def calling_namespace(level: int = 0) -> Mapping[str, Any]:
    """Local and global names of the nearest caller outside this package, or ``level`` frames above it."""
    said = _said.get()
    if said is not None:
        return said
    frame = _calling_frame()
    for _ in range(level):
        frame = frame.f_back or frame
    return {**frame.f_globals, **frame.f_locals}


def _calling_frame() -> FrameType:
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] in _OURS:
        frame = frame.f_back
    return frame


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the place of the nearest caller outside this package; of a magic, which IPython calls, at its cell."""
    frame = _calling_frame()
    names = frame.f_globals
    if names.get("__name__", "").split(".")[0] == "IPython":
        warnings.warn_explicit(message, category, _CELL, 1)
    else:
        registry = names.setdefault("__warningregistry__", {})
        warnings.warn_explicit(message, category, frame.f_code.co_filename, frame.f_lineno, registry=registry)


def calling_place() -> str:
    """File and line of the nearest caller outside this package."""
    frame = _calling_frame()
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}"


@contextmanager
def called_from(names: Mapping[str, Any]) -> Iterator[None]:
    """Within this, the calling code's names are the given ones: a magic is called by IPython, for a notebook."""
    token = _said.set(names)
    try:
        yield
    finally:
        _said.reset(token)
