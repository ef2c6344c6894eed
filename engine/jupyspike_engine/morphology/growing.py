"""From traced points to a tree of sections."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ..logs import get_logger
from .conventions import begun_at_soma, without_marks
from .morphology import Morphology
from .points import SOMA, Point, Tracing, rooted
from .report import Report
from .sections import Section, Soma
from .shapes import Cones, Sphere
from .somata import body_of, straightened

MICROMETRE = 1e-6
_log = get_logger("jupyspike.morphology")


def grown(
    tracing: Tracing, spherical_soma: bool, from_centre: bool, unit: float = MICROMETRE, check_unit: bool = False
) -> Morphology:
    """The tree of sections that points describe: a section from branch to branch, a compartment for each point.

    Parameters
    ----------
    from_centre : bool
        Whether branches of a soma begin at its centre, or at their own first points.
    unit : float
        In metres, of the lengths.
    check_unit : bool
        Refuse lengths that look like nanometres.

    Raises
    ------
    ArgumentError
        With all problems, each with its line.
    """
    root = rooted(tracing, check_unit)
    without_marks(tracing)
    root = begun_at_soma(tracing, root)
    tree = _Growth(tracing, from_centre, unit).from_root(root, spherical_soma)
    report = Report(tracing.source.title, len(tracing.points), tree.total_sections, tracing.repairs.all())
    if report.repairs:
        _log.info(f"{report}\n(kept as 'report' of the morphology)", "repaired")
    tree._report = report
    return tree


class _Growth:
    def __init__(self, tracing: Tracing, from_centre: bool, unit: float) -> None:
        self.repairs, self.from_centre, self.unit = tracing.repairs, from_centre, unit
        self.names: dict[int, Counter[str]] = {}

    def from_root(self, root: Point, spherical_soma: bool) -> Morphology:
        """The whole tree."""
        body = body_of(root, spherical_soma, self.repairs)
        if body is not None:
            inside = {id(point) for point in body.points}
            tree = self._sphere(body.centre, body.radius, root.type)
            branches = [child for point in body.points for child in point.children if id(child) not in inside]
            centre = Point(root.number, SOMA, *body.centre, body.radius, -1, root.line)
            return self._with_branches(tree, [(tree, centre, branch) for branch in branches])
        root = straightened(root, self.repairs) if not spherical_soma else root
        path = _path(root)
        if len(path) > 1:
            trunk, end = self._section(path, root.radius, (0.0, 0.0, 0.0))
            if trunk is not None:
                return self._with_branches(trunk, [(trunk, end, child) for child in end.children])
        found = "the root has no length" if root.children else "the only point is no soma"
        self.repairs.add("root", root.line, found, f"a sphere of its radius, {root.radius:g}")
        tree = self._sphere(root.place, root.radius, root.type)
        return self._with_branches(tree, [(tree, root, child) for child in path[-1].children])

    def _with_branches(self, tree: Morphology, waiting: list[tuple[Morphology, Point, Point]]) -> Morphology:
        """Grow what begins behind ends of sections; one that has no length is left out."""
        waiting.reverse()
        while waiting:
            parent, start, first = waiting.pop()
            of_soma = start.type == SOMA and first.type != SOMA
            apart = first.apart or (of_soma and not self.from_centre and _goes_on(first))
            path = _path(first) if apart else [start, *_path(first)]
            own = apart or of_soma or isinstance(parent.shape, Sphere)
            section, end = self._section(path, first.radius if own else start.radius, start.place)
            if section is None:
                found = "a section has no length"
                self.repairs.add("length", first.line, found, "left out; what follows is attached to its parent")
            else:
                parent.attach(self._name(parent, first.type), section)
                parent = section
            waiting += [(parent, end if section is not None else start, child) for child in reversed(path[-1].children)]
        return tree

    def _section(
        self, path: list[Point], start_radius: float, base: tuple[float, float, float]
    ) -> tuple[Morphology | None, Point]:
        """The section through points, whose places count from a base; None if it has no length."""
        radii, places = [start_radius], [path[0].place]
        for number, point in enumerate(path[1:], 1):
            if point.place != places[-1]:
                places.append(point.place)
                radii.append(point.radius)
            elif number == 1:
                radii[0] = point.radius  # where a branch begins it may have a thickness of its own
            else:
                found = f"the point {point.number} lies where its parent {point.parent} lies"
                self.repairs.add("place", point.line, found, "left out")
        if len(places) < 2:
            return None, path[-1]
        points = self.unit * (np.array(places) - base)
        lengths = np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1))
        section = object.__new__(Section)
        Morphology.__init__(section, Cones(lengths, 2 * self.unit * np.array(radii), points), path[1].type)
        return section, path[-1]

    def _sphere(self, centre: tuple[float, float, float], radius: float, type_: str) -> Morphology:
        soma = object.__new__(Soma)
        Morphology.__init__(soma, Sphere(2 * self.unit * radius, self.unit * np.array([centre] * 2)), type_)
        return soma

    def _name(self, parent: Morphology, type_: str) -> str:
        """The type, numbered from the second section of this type at the same place."""
        name = type_ if not hasattr(Morphology, type_) else f"{type_}_"
        counts = self.names.setdefault(id(parent), Counter())
        numbered, stem = name, f"{name}_" if name[-1:].isdigit() else name
        while counts[numbered]:
            counts[name] += 1
            numbered = f"{stem}{counts[name]}"
        counts[numbered] += 1
        return numbered


def _path(first: Point) -> list[Point]:
    """Points from one on, up to where the tree branches or the type changes."""
    path = [first]
    while _goes_on(path[-1]):
        path.append(path[-1].children[0])
    return path


def _goes_on(point: Point) -> bool:
    """Whether the section does not end here."""
    following = point.children
    return len(following) == 1 and following[0].type == point.type and not following[0].apart
