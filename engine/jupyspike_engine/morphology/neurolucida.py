"""Neurolucida files (.asc), read by morphio.

Its reader of this format, in C++ with its lines in errors, is the one that the Open Brain Institute keeps for its own
archives; it needs numpy only, and is free (Apache 2.0).
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, MissingPackageError
from .points import SOMA, Point, Tracing
from .swc import type_name

_POINT = re.compile(r"\(\s*(\S+?)[\s,]+(\S+?)[\s,]+(\S+?)[\s,)]")
_WHERE = re.compile(r":(\d+):error")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def package(name: str, distribution: str, what: str) -> Any:
    """A package that reads a format.

    Raises
    ------
    MissingPackageError
        It is not installed.
    """
    top = name.partition(".")[0]
    try:
        importlib.import_module(top)
    except ModuleNotFoundError as problem:
        if problem.name != top:
            raise
        raise MissingPackageError(
            f"{what} are read by {distribution}, which is not installed", kind="name",
            hint=f"pip install {distribution}",
        ) from None  # fmt: skip
    return importlib.import_module(name)


def asc_tracing(path: Path) -> Tracing:
    """The points of a Neurolucida file."""
    morphio = package("morphio", "morphio", "Neurolucida files (.asc)")
    text = path.read_text(encoding="latin-1").replace("\r\n", "\n").replace("\r", "\n")
    tracing = Tracing(text, path.name, form="branches such as '((Dendrite) (0 0 0 1) (0 0 10 1))'")
    if not text.strip():
        return tracing
    try:
        read = morphio.Morphology(str(path), warning_handler=morphio.WarningHandlerCollector())
    except morphio.MorphioError as error:
        _refuse(tracing, _COLOURS.sub("", str(error)))
        raise ArgumentError(tracing.problems) from None
    lines = _lines_of_points(text)
    _Collected(tracing, lines).all(read)
    return tracing


def _refuse(tracing: Tracing, message: str) -> None:
    where = _WHERE.search(message)
    line = int(where[1]) if where else None
    last = tracing.source.text.count("\n") + 1
    line = None if line is None or not 1 <= line <= last else line
    text = message.strip().splitlines()[-1].strip()
    hint = "is a bracket missing?" if "end" in text else ""
    tracing.refuse(f"this is no Neurolucida file that can be read: {text}", line, hint=hint)


def _lines_of_points(text: str) -> dict[tuple[float, ...], int]:
    """Where points stand in the text; morphio keeps them in single precision."""
    found: dict[tuple[float, ...], int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for match in _POINT.finditer(line):
            try:
                place = tuple(float(np.float32(value)) for value in match.groups())
            except ValueError:
                continue
            found.setdefault(place, number)
    return found


class _Collected:
    def __init__(self, tracing: Tracing, lines: dict[tuple[float, ...], int]) -> None:
        self.tracing, self.lines = tracing, lines

    def all(self, read: Any) -> None:
        """Add the points of the soma, then those of each section."""
        parent = -1
        for place, diameter in zip(read.soma.points.tolist(), read.soma.diameters.tolist(), strict=True):
            parent = self._add(SOMA, place, diameter, parent)
        first = self.tracing.points[0].number if self.tracing.points else -1
        ends: dict[int, int] = {}
        for section in read.iter():
            parent = first if section.is_root else ends[section.parent.id]
            kind = type_name(int(section.type))
            apart = section.is_root and parent != -1
            for place, diameter in zip(section.points.tolist(), section.diameters.tolist(), strict=True):
                parent, apart = self._add(kind, place, diameter, parent, apart), False
            ends[section.id] = parent

    def _add(self, kind: str, place: list[float], diameter: float, parent: int, apart: bool = False) -> int:
        number, line = len(self.tracing.points) + 1, self.lines.get(tuple(place), 1)
        if diameter < 0:
            self.tracing.refuse("the diameter is negative", line, found=f"{diameter:g}", expected="above zero")
        x, y, z = place
        self.tracing.points.append(Point(number, kind, x, y, z, diameter / 2, parent, line, apart))
        return number
