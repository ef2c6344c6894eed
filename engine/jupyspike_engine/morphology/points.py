"""Traced points, each with its parent: what file formats come down to. Checked, repaired and sorted."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field, replace
from itertools import accumulate

from ..diagnostics import ArgumentError, Diagnostic, Source, Span
from .report import Repairs

MOST_TOLD = 20
SOMA = "soma"
SWC_FORM = "lines such as '1 1 0 0 0 5 -1': index, type, x, y, z, radius, parent"
_LARGEST, _THICKEST = 2e5, 1e3  # micrometres: what no cell has
_THICK, _WIDE = 10.0, 5e3  # and what no cell has at once


@dataclass(slots=True)
class Point:
    """A point of a tracing; lengths in micrometres.

    What is ``apart`` begins a section here, not where its parent is.
    """

    number: int
    type: str
    x: float
    y: float
    z: float
    radius: float
    parent: int
    line: int
    apart: bool = False
    children: list[Point] = field(default_factory=list, compare=False, repr=False)

    @property
    def place(self) -> tuple[float, float, float]:
        """Where it is."""
        return self.x, self.y, self.z


class Tracing:
    """A text with a point in each line, and what is found out about it.

    Attributes
    ----------
    points : list of Point
        In the order of the text.
    """

    def __init__(self, text: str, title: str, what: str = "line", form: str = SWC_FORM) -> None:
        self.source = Source(text, title)
        self.what, self.form = what, form
        self.points: list[Point] = []
        self.repairs = Repairs()
        self.problems: list[Diagnostic] = []
        self._offsets: list[int] = []

    def span(self, line: int, start: int = 0, end: int | None = None) -> Span:
        """A stretch of a line of the text."""
        if not self._offsets:
            self._offsets = [0, *accumulate(len(text) + 1 for text in self.source.text.split("\n"))]
        first = self._offsets[line - 1]
        return Span(self.source, first + start, self._offsets[line] - 1 if end is None else first + end)

    def refuse(
        self, message: str, line: int | None, *columns: int, found: str = "", expected: str = "", hint: str = ""
    ) -> None:
        """Note a problem; all of them are told together."""
        if len(self.problems) < MOST_TOLD:
            span = None if line is None else self.span(line, *columns)
            message = message if span is not None else f"{self.source.title}: {message}"
            self.problems.append(Diagnostic(message, span, "value", found, expected, hint))
        elif len(self.problems) == MOST_TOLD:
            self.problems.append(Diagnostic("and there are more problems, in lines below or of other kinds"))

    def raise_problems(self) -> None:
        """Raise what was found wrong so far.

        Raises
        ------
        ArgumentError
        """
        if self.problems:
            raise ArgumentError(self.problems)


def rooted(tracing: Tracing, check_unit: bool) -> Point:
    """The root of the tree that points make, with children; in `Tracing.points` each comes after its parent.

    Raises
    ------
    ArgumentError
        There is no single tree, or points make no sense.
    """
    if not tracing.points:
        tracing.refuse("there are no points in it", None, expected=tracing.form)
    known = _by_number(tracing)
    roots = _linked(tracing, known)
    tracing.raise_problems()
    ordered = _in_order(roots)
    _refuse_cycles(tracing, known, ordered)
    _join_roots(tracing, roots)
    tracing.raise_problems()
    ordered = _in_order(roots[:1])
    places = {id(point): k for k, point in enumerate(tracing.points)}
    for point in ordered:
        if point.parent in known and places[id(known[point.parent])] > places[id(point)]:
            found = f"the point {point.number} comes before its parent {point.parent}"
            tracing.repairs.add("order", point.line, found, "sorted")
    tracing.points = ordered
    _fill_radii(tracing, known)
    if check_unit:
        _check_unit(tracing)
    tracing.raise_problems()
    return roots[0]


def _by_number(tracing: Tracing) -> dict[int, Point]:
    known: dict[int, Point] = {}
    for point in tracing.points:
        other = known.setdefault(point.number, point)
        if other is point:
            continue
        if replace(other, line=0) == replace(point, line=0):
            found = f"the point {point.number} stands here once more, as in {tracing.what} {other.line}"
            tracing.repairs.add("twice", point.line, found, "left out")
        else:
            tracing.refuse(
                f"there are two points {point.number}", point.line,
                found=f"another one in {tracing.what} {other.line}", expected="a number of its own for each point",
            )  # fmt: skip
    tracing.points = list(known.values())
    return known


def _linked(tracing: Tracing, known: dict[int, Point]) -> list[Point]:
    """Give each point its children; those without a parent are returned."""
    roots = []
    for point in tracing.points:
        parent = known.get(point.parent)
        if point.parent == point.number:
            tracing.refuse(
                f"the point {point.number} is its own parent", point.line, hint="-1 as the parent of the root"
            )
        elif parent is not None:
            parent.children.append(point)
        elif point.parent == -1:
            roots.append(point)
        elif point.parent == 0:
            tracing.repairs.add("zero", point.line, "the parent 0 is no point", "taken as the root (-1)")
            point.parent = -1
            roots.append(point)
        else:
            near = f"{min(known)} to {max(known)}"
            tracing.refuse(
                f"the point {point.number} has the parent {point.parent}, which does not exist", point.line,
                expected=f"the number of another point ({near}), or -1 for the root",
            )  # fmt: skip
    return roots


def _in_order(roots: list[Point]) -> list[Point]:
    """All points that hang on roots, each after its parent."""
    ordered: list[Point] = []
    waiting = deque(roots)
    while waiting:
        point = waiting.popleft()
        ordered.append(point)
        waiting.extend(point.children)
    return ordered


def _refuse_cycles(tracing: Tracing, known: dict[int, Point], reached: list[Point]) -> None:
    seen = {id(point) for point in reached}
    for point in tracing.points:
        way: list[Point] = []
        while id(point) not in seen:
            seen.add(id(point))
            way.append(point)
            point = known[point.parent]
        if any(point is earlier for earlier in way):
            ring = way[next(k for k, earlier in enumerate(way) if earlier is point) :]
            shown = [str(one.number) for one in (*ring[:6], *ring[:1])]
            if len(ring) > 6:
                shown.insert(6, "...")
            tracing.refuse(
                f"{len(ring)} points hang on each other in a ring", point.line,
                found=f"parents: {' -> '.join(shown)}", expected="a tree: parents lead to a root, whose parent is -1",
            )  # fmt: skip


def _join_roots(tracing: Tracing, roots: list[Point]) -> None:
    """Attach further roots that touch the soma to it; others are refused."""
    somata = [root for root in roots if root.type == SOMA]
    first = somata[0] if somata else roots[0] if roots else None
    if first is None:
        return
    roots.remove(first)
    body = _in_order([first])
    body = [point for point in body if point.type == SOMA]
    for root in roots:
        near = min(body, key=lambda point: math.dist(point.place, root.place) - point.radius, default=None)
        if near is not None and math.dist(near.place, root.place) <= 1.1 * near.radius + root.radius:
            found = f"the point {root.number} has no parent, but lies at the soma"
            tracing.repairs.add("root", root.line, found, f"attached to point {near.number}")
            root.parent = near.number
            near.children.append(root)
        else:
            size = len(_in_order([root]))
            tracing.refuse(
                f"the point {root.number} is a second root: {size} {'points are' if size > 1 else 'point is'} not "
                "connected with the others", root.line, found=f"the first root is in {tracing.what} {first.line}",
                expected="a single tree", hint="the number of the nearest point as its parent, or a file for each tree",
            )  # fmt: skip
    roots[:] = [first]


def _fill_radii(tracing: Tracing, known: dict[int, Point]) -> None:
    """Give points without a radius that of their parent; those at the root, that of what comes after them."""
    lacking = [point for point in tracing.points if point.radius == 0]
    if lacking and len(lacking) == len(tracing.points):
        tracing.refuse("all radii are zero", lacking[0].line, expected="radii in micrometres, in the sixth column")
        return
    for point in lacking:
        parent = known.get(point.parent)
        if parent is not None and parent.radius > 0 and (parent.type != SOMA or point.type == SOMA):
            point.radius, whose = parent.radius, "its parent"
        else:
            after = next((p for p in _in_order([point]) if p.radius > 0), None) or parent
            assert after is not None and after.radius > 0  # a point of the tree has one, and parents come first
            point.radius, whose = after.radius, f"point {after.number}"
        tracing.repairs.add("radius", point.line, "the radius is zero", f"the radius of {whose}, {point.radius:g}")


def _check_unit(tracing: Tracing) -> None:
    """Refuse lengths that no cell has."""
    points = tracing.points
    extent = max(max(p.place[axis] for p in points) - min(p.place[axis] for p in points) for axis in range(3))
    radius = sorted(point.radius for point in points)[len(points) // 2]
    if extent > _LARGEST or (radius > _THICK and extent > _WIDE):
        widest = max(points, key=lambda point: max(map(abs, point.place)))
        tracing.refuse(
            "these lengths look like nanometres", widest.line,
            found=f"in micrometres the cell would be {extent / 1e4:.3g} cm wide, with a radius of {radius:g} um",
            hint="Morphology.from_swc_file(..., unit=nmetre), or unit=8*nmetre for voxels of that size; with "
            "unit=umetre they are taken as they are",
        )  # fmt: skip
        return
    for point in points:
        if point.radius > _THICKEST:
            tracing.refuse(
                "no cell is that thick", point.line, found=f"a radius of {point.radius:g} um",
                hint="if it is so: Morphology.from_swc_file(..., unit=umetre)",
            )  # fmt: skip
