"""The names of the code that called us. This is the only place that looks at frames."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_OURS = ("jupyspike_engine", "jupyspike")
_said: ContextVar[Mapping[str, Any] | None] = ContextVar("calling_names", default=None)


def calling_namespace(level: int = 0) -> Mapping[str, Any]:
    """Local and global names of the nearest caller outside this package, or ``level`` frames above it."""
    said = _said.get()
    if said is not None:
        return said
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] in _OURS:
        frame = frame.f_back
    for _ in range(level):
        frame = frame.f_back or frame
    return {**frame.f_globals, **frame.f_locals}


def calling_place() -> str:
    """File and line of the nearest caller outside this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] in _OURS:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}"


@contextmanager
def called_from(names: Mapping[str, Any]) -> Iterator[None]:
    """Within this, the calling code's names are the given ones: a magic is called by IPython, for a notebook."""
    token = _said.set(names)
    try:
        yield
    finally:
        _said.reset(token)
