"""What the points of a soma mean: a sphere, a cylinder, or an outline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from .conventions import turned
from .points import SOMA, Point
from .report import Repairs

_ALIKE = 0.1  # by how much, in parts, the points of a soma of three may be off
_FEWEST = 4  # points of an outline


@dataclass(frozen=True)
class Body:
    """A soma that is a sphere: its points, its centre and its radius, in micrometres."""

    points: list[Point]
    centre: tuple[float, float, float]
    radius: float


def body_of(root: Point, spherical: bool, repairs: Repairs) -> Body | None:
    """The sphere that stands for the soma at the root of a tree; None if it is made of cylinders, or there is none.

    One point is a sphere. Three points are too, if two of them lie at the first one's radius on opposite sides of it:
    they stand for a cylinder of the same area as the sphere (the convention of NeuroMorpho.org). An outline, which
    closes, becomes the sphere around its centre of gravity with its mean distance from there (as in the readers of the
    Blue Brain Project). Other somata are chains of truncated cones; if they branch, a sphere of the same area.
    """
    if root.type != SOMA:
        return None
    points = _connected(root)
    if len(points) == 1:
        return Body(points, root.place, root.radius)
    if not spherical:
        return None
    if _three_points(points):
        return Body(points, root.place, root.radius)
    if _outline(points):
        centre = tuple(fmean(point.place[axis] for point in points) for axis in range(3))
        radius = fmean(math.dist(point.place, centre) for point in points)
        found = f"the soma is an outline of {len(points)} points"
        repairs.add("soma", root.line, found, f"a sphere of radius {radius:.4g}")
        return Body(points, centre, radius)  # type: ignore[arg-type]  # of three numbers
    if any(sum(child.type == SOMA for child in point.children) > 1 for point in points):
        area = sum(_cone_area(point, child) for point in points for child in point.children if child.type == SOMA)
        radius = math.sqrt(area / (4 * math.pi)) or root.radius
        found = f"the soma branches, in {len(points)} points"
        repairs.add("soma", root.line, found, f"a sphere of the same area, radius {radius:.4g}")
        return Body(points, root.place, radius)
    return None


def straightened(root: Point, repairs: Repairs) -> Point:
    """The root of a tree with a soma of three points as the cylinder that they stand for: from end to end."""
    points = _connected(root)
    if root.type != SOMA or not _three_points(points):
        return root
    repairs.add("soma", points[1].line, "the soma has three points", "a cylinder that begins here")
    return turned(points[1], {point.number: point for point in points})


def _connected(root: Point) -> list[Point]:
    found, waiting = [], [root]
    while waiting:
        point = waiting.pop(0)
        found.append(point)
        waiting += [child for child in point.children if child.type == SOMA]
    return found


def _three_points(points: list[Point]) -> bool:
    if len(points) != 3 or points[2] not in points[0].children:
        return False
    root, one, other = points
    r = root.radius

    def near(value: float, wanted: float) -> bool:
        return abs(value - wanted) <= _ALIKE * r

    ends = all(near(math.dist(end.place, root.place), r) and near(end.radius, r) for end in (one, other))
    return ends and near(math.dist(one.place, other.place), 2 * r)


def _outline(points: list[Point]) -> bool:
    """Whether points go around: in a row, back to where they began, thinner than what they go around."""
    if len(points) < _FEWEST or any(b not in a.children for a, b in pairwise(points)):
        return False
    steps = [math.dist(a.place, b.place) for a, b in pairwise(points)]
    widest = max(math.dist(point.place, points[0].place) for point in points)
    gap = math.dist(points[-1].place, points[0].place)
    around = sum(steps) + gap  # twice the width, if they go straight
    return gap <= 1.5 * max(steps) and around > 2.2 * widest > 4.4 * fmean(point.radius for point in points)


def _cone_area(a: Point, b: Point) -> float:
    return math.pi * (a.radius + b.radius) * math.hypot(math.dist(a.place, b.place), a.radius - b.radius)
