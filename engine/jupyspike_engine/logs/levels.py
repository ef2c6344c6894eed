"""Levels and names of messages."""

from __future__ import annotations

import logging

ROOT = "jupyspike"
DIAGNOSTIC = 5  # finer than debug
_ALIKE = ("jupyspike_engine", "brian2")

logging.addLevelName(DIAGNOSTIC, "DIAGNOSTIC")


def level_of(name: str) -> int:
    """The number of a level, such as that of a preference."""
    return DIAGNOSTIC if name == "DIAGNOSTIC" else logging.getLevelNamesMapping()[name]


def full_name(name: str) -> str:
    """The name of a logger below ``jupyspike``, where the names of the older API and of the engine belong too."""
    first, dot, rest = name.partition(".")
    if first in (ROOT, *_ALIKE):
        return ROOT + dot + rest
    return f"{ROOT}.{name}" if name else ROOT
