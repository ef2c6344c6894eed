"""Cells in NeuroML 2 (.nml), read by libNeuroML.

It is the library of the NeuroML project itself, made from the definition of the format, and free (BSD).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from ..diagnostics import ArgumentError
from .neurolucida import package
from .points import SOMA, Point, Tracing

_SEGMENT = re.compile(r"<segment\b[^>]*?\bid\s*=\s*[\"'](\d+)[\"']")
_LINE = re.compile(r"line (\d+)")
# NeuroLex identifiers that segment groups have, and words in their names
_KINDS = {"sao1044911821": SOMA, "sao1770195789": "axon", "sao1211023249": "dend"}
_WORDS = (("soma", SOMA), ("axon", "axon"), ("apic", "apic"), ("dend", "dend"))


def neuroml_tracing(path: Path) -> Tracing:
    """The points of the cell in a NeuroML file."""
    loaders = package("neuroml.loaders", "libNeuroML", "NeuroML cells (.nml)")
    text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
    tracing = Tracing(text, path.name, form="a <cell> with a <morphology> of segments")
    if not text.strip():
        return tracing
    try:
        document = loaders.NeuroMLLoader.load(str(path))
    except Exception as error:  # the library raises plain ones
        _refuse(tracing, error)
        raise ArgumentError(tracing.problems) from None
    morphology = _morphology(tracing, document)
    tracing.raise_problems()
    _Segments(tracing, morphology).all()
    return tracing


def _refuse(tracing: Tracing, error: Exception) -> None:
    message = str(error.args[0] if error.args else error)
    numbers = [int(number) for number in _LINE.findall(message.replace("/", " "))]
    last = tracing.source.text.count("\n") + 1
    line = numbers[-1] if numbers and 1 <= numbers[-1] <= last else None
    tracing.refuse(f"this is no NeuroML that can be read: {message.partition('): ')[2] or message}", line)


def _morphology(tracing: Tracing, document: Any) -> Any:
    cells = [*document.cells, *document.cell2_ca_poolses]
    if len(cells) > 1:
        listed = ", ".join(cell.id for cell in cells)
        tracing.refuse("there are several cells in it", None, found=listed, expected="one")
        return None
    own = [cell.morphology for cell in cells if cell.morphology is not None]
    found = own or list(document.morphology)
    if not found:
        tracing.refuse("there is no cell with a morphology in it", None, expected="a cell with <morphology>")
    return found[0] if found else None


class _Segments:
    """Turns segments, from proximal to distal end, into points."""

    def __init__(self, tracing: Tracing, morphology: Any) -> None:
        self.tracing = tracing
        self.segments = {int(segment.id): segment for segment in morphology.segments}
        text = tracing.source.text
        self.lines = {int(m[1]): text.count("\n", 0, m.start()) + 1 for m in _SEGMENT.finditer(text)}
        self.kinds = self._kinds(morphology.segment_groups)
        self.children: dict[int, list[int]] = defaultdict(list)
        self.ends: dict[int, dict[float, int]] = {}  # of segments: the points at parts of their lengths

    def _kinds(self, groups: list[Any]) -> dict[int, str]:
        by_id = {group.id: group for group in groups}

        def members(name: str, seen: frozenset[str] = frozenset()) -> set[int]:
            if name in seen or name not in by_id:
                return set()
            group = by_id[name]
            found = {int(member.segments) for member in group.members}
            return found.union(*(members(part.segment_groups, seen | {name}) for part in group.includes))

        kinds: dict[int, str] = {}
        for group in groups:
            kind = _KINDS.get(group.neuro_lex_id or "") or next((k for w, k in _WORDS if w in group.id.lower()), None)
            if kind is not None:
                for segment in members(group.id):
                    kinds[segment] = "apic" if "apic" in (kind, kinds.get(segment)) else kind
        return kinds

    def all(self) -> None:
        """Add the points of all segments, beginning with the root."""
        waiting = []
        for number, segment in self.segments.items():
            parent = None if segment.parent is None else int(segment.parent.segments)
            if parent is None:
                waiting.append(number)
            elif not 0 <= _along(segment) <= 1:
                self._refuse(number, f"the segment {number} is attached outside its parent: fractionAlong is 0 to 1")
            elif parent in self.segments:
                self.children[parent].append(number)
            else:
                self._refuse(number, f"the segment {number} has the parent {parent}, which does not exist")
        self.tracing.raise_problems()
        done = set(waiting)
        while waiting:
            number = waiting.pop(0)
            self._add(number)
            done |= set(self.children[number])
            waiting += self.children[number]
        for number in self.segments.keys() - done:
            self._refuse(number, f"the segment {number} hangs on no root: parents go around in a ring")
        self.tracing.raise_problems()

    def _add(self, number: int) -> None:
        segment, line = self.segments[number], self.lines.get(number, 1)
        kind = self.kinds.get(number) or next((k for w, k in _WORDS if w in (segment.name or "").lower()), "undefined")
        joint, start = -1, self._end(number, segment.proximal, "proximal")
        apart = segment.parent is not None and start is not None
        if segment.parent is not None:
            joint = self.ends[int(segment.parent.segments)][_along(segment)]
            before = self.tracing.points[joint - 1]
            start = start or (*before.place, 2 * before.radius)
        stop = self._end(number, segment.distal, "distal")
        if start is None or stop is None:
            self._refuse(number, f"the segment {number} has no {'proximal' if start is None else 'distal'} end")
            start = stop = start or stop or (0.0, 0.0, 0.0, 1.0)
        parts = {_along(self.segments[child]) for child in self.children[number]}
        if segment.parent is None or apart:
            joint = self._point(kind, start, joint, line, apart)
        self.ends[number] = at = {0.0: joint}
        if math.dist(start[:3], stop[:3]) == 0:
            at |= dict.fromkeys({*parts, 1.0}, joint)
            return
        for part in sorted({*parts, 1.0} - {0.0}):
            place = tuple(a + part * (b - a) for a, b in zip(start, stop, strict=True))
            joint = at[part] = self._point(kind, place, joint, line)

    def _end(self, number: int, end: Any, which: str) -> tuple[float, ...] | None:
        if end is None:
            return None
        values = (end.x, end.y, end.z, end.diameter)
        if any(value is None for value in values):
            self._refuse(number, f"the {which} end of segment {number} lacks one of x, y, z, diameter")
            return 0.0, 0.0, 0.0, 1.0
        return tuple(float(value) for value in values)

    def _point(self, kind: str, place: tuple[float, ...], parent: int, line: int, apart: bool = False) -> int:
        number = len(self.tracing.points) + 1
        x, y, z, diameter = place
        if not all(map(math.isfinite, place)) or diameter < 0:
            self.tracing.refuse("a diameter is not negative, and places are finite", line, found=str(place))
        self.tracing.points.append(Point(number, kind, x, y, z, diameter / 2, parent, line, apart=apart))
        return number

    def _refuse(self, number: int, message: str) -> None:
        self.tracing.refuse(message, self.lines.get(number, 1))


def _along(segment: Any) -> float:
    """At which part of the length of its parent a segment is attached."""
    part = segment.parent.fraction_along
    return 1.0 if part is None else float(part)
