"""Coordinates for trees that have none."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..diagnostics import ArgumentError
from .compartments import depth_first
from .shapes import Cones, Real, Shape, Sphere
from .tree import Tree

T = TypeVar("T", bound=Tree)
DOWN = np.array([0.0, -1.0, 0.0])
SPREAD = np.pi / 3  # between the outermost branches at a branching point


def placed(root: T, of_sections: float, of_compartments: float, overwrite: bool) -> T:
    """See `Morphology.generate_coordinates`."""
    for name, value in (("section_randomness", of_sections), ("compartment_randomness", of_compartments)):
        if not value >= 0:
            raise ArgumentError(f"'{name}' is a mean angle in degrees", found=repr(value), expected="0 or more")
    directions: dict[int, Real] = {}
    shapes: list[Shape] = []
    for section in depth_first(root):
        shape = section.shape
        direction = directions.pop(id(section), DOWN)
        if shape.points is None or overwrite:
            before = section.parent.shape if section.parent is not None else None
            surface = before.size / 2 if isinstance(before, Sphere) else 0.0
            direction = _bent(direction, of_sections)
            shape = shape.apart() if of_compartments and isinstance(shape, Cones) else shape
            shape = replace(shape, points=_points(shape, direction, surface, of_compartments))
        shapes.append(shape)
        heading = direction if isinstance(shape, Sphere) else _heading(shape)
        for child, angle in zip(section.sections, _angles(section), strict=True):
            directions[id(child)] = _turned(heading, angle)
    return root.reshaped(shapes)


def _points(shape: Shape, direction: Real, surface: float, randomness: float) -> Real:
    if isinstance(shape, Sphere):
        return np.zeros((2, 3))
    steps = np.empty((len(shape.lengths), 3))
    for k, length in enumerate(shape.lengths):
        steps[k] = length * _bent(direction, randomness)
    points = np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
    return np.asarray(surface * direction + points)


def _heading(shape: Cones) -> Real:
    assert shape.points is not None
    way = shape.points[-1] - shape.points[0]
    return np.asarray(way / np.linalg.norm(way)) if np.any(way) else DOWN


def _angles(section: Tree) -> Real:
    """By how much the children of a section turn off: all around a soma at the root, else like a fan."""
    count = len(section.sections)
    if isinstance(section.shape, Sphere) and section.parent is None:
        return np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.linspace(SPREAD / 2, -SPREAD / 2, count) if count > 1 else np.zeros(count)


def _turned(direction: Real, angle: float) -> Real:
    """Turned within the plane of the picture."""
    cosine, sine = np.cos(angle), np.sin(angle)
    x, y, z = direction
    return np.array([cosine * x - sine * y, sine * x + cosine * y, z])


def _bent(direction: Real, mean_angle: float) -> Real:
    """A direction that deviates from another one by chance."""
    if not mean_angle:
        return direction
    angle = np.radians(np.random.exponential(mean_angle))
    across = np.cross(direction, np.random.normal(size=3))
    across /= np.linalg.norm(across)
    return np.asarray(np.cos(angle) * direction + np.sin(angle) * across)
