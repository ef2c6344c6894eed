"""A whole tree as flat arrays: one value for each compartment, in tree order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from .shapes import Geometry, Real, Shape

if TYPE_CHECKING:
    from .tree import Tree

T = TypeVar("T", bound="Tree")
Indices = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Compartments:
    """The compartments of a tree of sections, as plain arrays in SI units.

    Tree order: sections come depth first, each after its parent; compartments run from start to end. The parent of a
    compartment therefore has a smaller number than the compartment itself.

    Attributes
    ----------
    sections : tuple of str
        Paths of the sections, as in ``.axon.L``; the root's is empty.
    types : tuple of (str or None)
        Of the sections.
    first : array of int32
        Number of the first compartment of each section, and of all compartments: one more than sections.
    parent_section : array of int32
        For each section; -1 for the root.
    length, diameter, start_diameter, end_diameter, area, volume, distance, r_length_1, r_length_2 : array
        Of each compartment; distances are those of its middle from the start of the tree.
    start, end : array of shape (n, 3)
        Where each compartment begins and ends; not a number in sections without coordinates.

    Examples
    --------
    >>> morpho = Soma(diameter=30*um)
    >>> morpho.axon = Cylinder(length=100*um, diameter=1*um, n=4)
    >>> flat = morpho.compartments()
    >>> flat.sections, flat.first.tolist(), flat.parent.tolist()
    (('', '.axon'), [0, 1, 5], [-1, 0, 1, 2, 3])
    """

    sections: tuple[str, ...]
    types: tuple[str | None, ...]
    first: Indices
    parent_section: Indices
    length: Real
    diameter: Real
    start_diameter: Real
    end_diameter: Real
    area: Real
    volume: Real
    distance: Real
    r_length_1: Real
    r_length_2: Real
    start: Real
    end: Real

    def __len__(self) -> int:
        """Number of compartments."""
        return int(self.first[-1])

    @cached_property
    def section(self) -> Indices:
        """The section of each compartment."""
        return np.repeat(np.arange(len(self.sections), dtype=np.int32), np.diff(self.first))

    @cached_property
    def parent(self) -> Indices:
        """The compartment that each one is attached to; -1 for the first."""
        parent = np.arange(-1, len(self) - 1, dtype=np.int32)
        joined = self.parent_section >= 0
        parent[self.first[:-1][joined]] = self.first[self.parent_section[joined] + 1] - 1
        return parent

    @property
    def middle(self) -> Real:
        """The middle of each compartment; shape (n, 3)."""
        return (self.start + self.end) / 2

    @property
    def has_coordinates(self) -> bool:
        """Whether every section has."""
        return bool(np.isfinite(self.start).all())


def depth_first(root: T) -> Iterator[T]:
    """The sections of a tree, each after its parent, in the order in which they were attached."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.sections))


def flat(nodes: Sequence[Tree]) -> Compartments:
    """Lay the sections of a tree, in tree order, out in arrays."""
    numbers = {id(node): k for k, node in enumerate(nodes)}
    parents = [-1 if node.parent is None else numbers[id(node.parent)] for node in nodes]
    geometries = [node.shape.geometry() for node in nodes]
    first = np.cumsum([0, *(len(geometry.length) for geometry in geometries)], dtype=np.int32)
    paths: list[str] = []
    ends: list[tuple[float, Real]] = []  # of each section: the distance and the place
    distances, starts, stops = [], [], []
    for node, parent, geometry in zip(nodes, parents, geometries, strict=True):
        paths.append("" if parent < 0 else f"{paths[parent]}.{node.name}")
        distance, place = (0.0, np.zeros(3)) if parent < 0 else ends[parent]
        along = along_path(node.shape, geometry)
        relative = node.shape.places()
        place = place if node.origin is None else node.origin
        places = np.full((node.shape.n + 1, 3), np.nan) if relative is None else place + relative
        distances.append(distance + along)
        starts.append(places[:-1])
        stops.append(places[1:])
        ends.append((distance + node.shape.extent, place if relative is None else places[-1]))
    columns = {name: _joined([getattr(g, name) for g in geometries]) for name in Geometry.__slots__}
    return Compartments(
        tuple(paths),
        tuple(node.type for node in nodes),
        first,
        np.array(parents, np.int32),
        distance=_joined(distances),
        start=_joined(starts),
        end=_joined(stops),
        **columns,
    )


def along_path(shape: Shape, geometry: Geometry) -> Real:
    """The way from the start of a section to the middle of each compartment."""
    if shape.extent == 0:
        return np.zeros(shape.n)
    return np.cumsum(geometry.length) - geometry.length / 2


def _joined(parts: list[Real]) -> Real:
    return np.concatenate(parts)
