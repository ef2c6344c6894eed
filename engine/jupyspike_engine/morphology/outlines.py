"""Where compartments lie in a picture: seen from a side, or beside each other by their distance from the root."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from .compartments import Compartments, Indices, depth_first
from .shapes import Real, Sphere

if TYPE_CHECKING:
    from .morphology import Morphology
    from .tree import Tree

UM = 1e6  # in a metre
_AROUND = np.linspace(0, 2 * np.pi, 32, endpoint=False)
CIRCLE = np.stack([np.cos(_AROUND), np.sin(_AROUND)], axis=1)
_WIDEST = 0.8  # of the room between two tips


class Tubes(NamedTuple):
    """Compartments as truncated cones, in micrometres; those that begin where they end are spheres."""

    start: Real
    end: Real
    start_diameter: Real
    end_diameter: Real
    joined: Indices
    """The compartment of the same section that each one goes on from; -1 for none."""

    @property
    def spheres(self) -> npt.NDArray[np.bool_]:
        """Which ones are spheres."""
        return np.asarray(np.isclose(self.start, self.end).all(axis=1))

    def turned(self, rotation: Real) -> Tubes:
        """As they are seen from another side: across and up in the first two coordinates, the third to the viewer."""
        return self._replace(start=self.start @ rotation.T, end=self.end @ rotation.T)


class Dendrogram(NamedTuple):
    """Sections beside each other, upwards by their distance from the root."""

    outlines: tuple[Real, ...]
    """Corners of each compartment: across in tips, up in micrometres."""
    joints: Real
    """Lines from where a section ends to those attached to it: corners, with a row that is not a number between lines.
    """


def with_coordinates(root: Morphology) -> Morphology:
    """The tree itself, or one with a layout of its own if sections lack coordinates."""
    if all(section.shape.points is not None for section in depth_first(root)):
        return root
    return root.generate_coordinates()


def tubes(flat: Compartments) -> Tubes:
    """The compartments of a tree that has coordinates."""
    joined = np.where(np.isin(np.arange(len(flat)), flat.first[:-1]), -1, flat.parent).astype(np.int32)
    diameters = flat.start_diameter * UM, flat.end_diameter * UM
    return Tubes(flat.start * UM, flat.end * UM, *diameters, joined)


def outlines(cell: Tubes) -> tuple[Real, ...]:
    """The corners of each compartment as they lie in the plane of the first two coordinates.

    Compartments of a section meet without gaps where it bends.

    Examples
    --------
    >>> straight = Section(n=2, x=[0, 10, 20]*um, diameter=[2, 2, 2]*um)
    >>> outlines(tubes(straight.compartments()))[1].tolist()
    [[10.0, 1.0], [20.0, 1.0], [20.0, -1.0], [10.0, -1.0]]
    """
    along = (cell.end - cell.start)[:, :2]
    across = _of_length_one(np.stack([-along[:, 1], along[:, 0]], axis=1))
    first, last = across.copy(), across.copy()
    bends = np.flatnonzero(cell.joined >= 0)
    before = cell.joined[bends]
    first[bends] = last[before] = _of_length_one(across[bends] + across[before])
    first *= cell.start_diameter[:, None] / 2
    last *= cell.end_diameter[:, None] / 2
    start, end = cell.start[:, :2], cell.end[:, :2]
    corners = list(np.stack([start + first, end + last, end - last, start - first], axis=1))
    for k in np.flatnonzero(cell.spheres).tolist():
        corners[k] = start[k] + cell.start_diameter[k] / 2 * CIRCLE
    return tuple(corners)


def _of_length_one(vectors: Real) -> Real:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def dendrogram(root: Morphology) -> Dendrogram:
    """A tree as it branches. Widths are in proportion to the diameters; a spherical soma lies below the distance 0."""
    sections, flat = list(depth_first(root)), root.compartments()
    spherical = np.array([isinstance(section.shape, Sphere) for section in sections])
    spheres = spherical[flat.section]
    places = across_of(sections)
    top = np.where(spheres, 0.0, (flat.distance + flat.length / 2) * UM)
    bottom = top - flat.length * UM
    x, thickest = np.array(places)[flat.section], float(flat.diameter[~spheres].max(initial=0.0)) or 1.0
    first, last = (d * _WIDEST / 2 / thickest for d in (flat.start_diameter, flat.end_diameter))
    across = np.stack([x - first, x - last, x + last, x + first], axis=1)
    corners = np.stack([across, np.stack([bottom, top, top, bottom], axis=1)], axis=2)
    own = {id(section): place for section, place in zip(sections, places, strict=True)}
    joints: list[list[float]] = []
    for section, last_one in zip(sections, (flat.first[1:] - 1).tolist(), strict=True):
        if section.sections:
            children = [own[id(child)] for child in section.sections]
            joints += [[min(children), top[last_one]], [max(children), top[last_one]], [np.nan, np.nan]]
    return Dendrogram(tuple(corners), np.array(joints).reshape(-1, 2))


def across_of(sections: Sequence[Tree]) -> list[float]:
    """Where sections in tree order stand beside each other: tips in turn, others between those attached to them."""
    tips = (section for section in sections if not section.sections)
    across = {id(section): float(number) for number, section in enumerate(tips)}
    for section in reversed(sections):  # those attached to a section come after it
        if section.sections:
            across[id(section)] = (across[id(section.sections[0])] + across[id(section.sections[-1])]) / 2
    return [across[id(section)] for section in sections]
