"""What programs mean with the points that they write: marks of forks and ends, and where a tree begins."""

from __future__ import annotations

from itertools import pairwise

from .points import SOMA, Point, Tracing
from .swc import type_name

FORK, END = type_name(5), type_name(6)


def without_marks(tracing: Tracing) -> None:
    """Give points that are marked as forks and ends, by types 5 and 6, the types of their branches.

    It is done where these types mark nothing else: those with type 5 fork, and nothing follows those with type 6.
    """
    marked = [point for point in tracing.points if point.type in (FORK, END)]
    inner = [point for point in marked if point.parent != -1]
    if not inner or any((len(point.children) > 1) != (point.type == FORK) for point in inner):
        return
    if any(point.type == END and point.children for point in inner):
        return
    unclear = (SOMA, FORK, END)
    for point in reversed(tracing.points):  # what follows a point stands behind it
        if point.type == FORK:
            point.type = next((child.type for child in point.children if child.type not in unclear), FORK)
    by_number = {point.number: point for point in tracing.points}
    for point in marked:
        if point.type in unclear:
            before = by_number.get(point.parent)
            point.type = type_name(0) if before is None or before.type in unclear else before.type
    found = f"types 5 and 6 mark forks and ends, {len(marked)} of them"
    tracing.repairs.add("marks", marked[0].line, found, "they have the types of their branches")


def begun_at_soma(tracing: Tracing, root: Point) -> Point:
    """The root of the tree turned so that it begins at the soma, wherever it began in the file."""
    soma = next((point for point in tracing.points if point.type == SOMA), None)
    if soma is None or root.type == SOMA:
        return root
    tracing.repairs.add("soma", soma.line, "the soma is not at the root", "the tree is turned to begin there")
    return turned(soma, {point.number: point for point in tracing.points})


def turned(root: Point, by_number: dict[int, Point]) -> Point:
    """Make a point the root of its tree."""
    way = [root]
    while way[-1].parent in by_number:
        way.append(by_number[way[-1].parent])
    gaps = [point.apart for point in way]
    for (child, parent), gap in zip(pairwise(way), gaps, strict=False):
        parent.children.remove(child)
        child.children.append(parent)
        parent.parent, parent.apart = child.number, gap
    root.parent, root.apart = -1, False
    return root
