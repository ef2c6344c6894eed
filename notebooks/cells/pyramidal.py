"""Grows ``pyramidal.swc``, a cell with the measures of a pyramidal neuron of layer 5 that is nobody's tracing.

``python notebooks/cells/pyramidal.py`` writes the file that stands beside this one.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

STEP = 20.0  # micrometres from point to point
SOMA, AXON, BASAL, APICAL = 1, 2, 3, 4

Vector = tuple[float, float, float]


class Cell:
    """The lines of a SWC file as they grow."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines = ["# A pyramidal cell grown by pyramidal.py, in the public domain; lengths in micrometres."]
        self.places: list[Vector] = []

    def point(self, kind: int, place: Vector, radius: float, parent: int) -> int:
        """Add a point; its number."""
        x, y, z = place
        self.places.append(place)
        self.lines.append(f"{len(self.places)} {kind} {x:.2f} {y:.2f} {z:.2f} {radius:.3f} {parent}")
        return len(self.places)

    def branch(
        self, kind: int, parent: int, way: Vector, length: float, radii: tuple[float, float]
    ) -> tuple[int, Vector]:
        """Grow a branch that winds about a direction; its last point, and the direction."""
        steps = max(2, round(length / STEP))
        for k in range(1, steps + 1):
            step = bent(way, [self.random.gauss(0, 0.15) for _ in range(3)])
            place = tuple(a + length / steps * b for a, b in zip(self.places[parent - 1], step, strict=True))
            radius = radii[0] + (radii[1] - radii[0]) * k / steps
            parent = self.point(kind, place, radius, parent)  # type: ignore[arg-type]  # of three numbers
        return parent, way

    def tree(self, kind: int, parent: int, way: Vector, length: float, radius: float, forks: int) -> None:
        """Grow a branch that forks, each time into two thinner ones."""
        end, way = self.branch(kind, parent, way, length * self.random.uniform(0.8, 1.2), (radius, radius * 0.8))
        if not forks:
            return
        turn = self.random.uniform(0, 2 * math.pi)
        for side in (turn, turn + math.pi):
            aside = (0.6 * math.cos(side), 0.2 * math.cos(3 * side), 0.6 * math.sin(side))
            self.tree(kind, end, bent(way, aside), length * 1.2, radius * 0.63, forks - 1)


def bent(way: Vector, aside: list[float] | Vector) -> Vector:
    """A direction turned to the side."""
    x, y, z = (a + b for a, b in zip(way, aside, strict=True))
    size = math.hypot(x, y, z)
    return x / size, y / size, z / size


def grown() -> str:
    """The text of the file."""
    cell = Cell(5)
    soma = cell.point(SOMA, (0.0, 0.0, 0.0), 10.0, -1)
    cell.point(SOMA, (0.0, -10.0, 0.0), 10.0, soma)
    cell.point(SOMA, (0.0, 10.0, 0.0), 10.0, soma)
    for k in range(5):
        angle = 2 * math.pi * k / 5
        way = bent((math.cos(angle), -0.6, math.sin(angle)), (0.0, 0.0, 0.0))
        cell.tree(BASAL, soma, way, 45.0, 0.9, 2)
    end, way = cell.branch(APICAL, soma, (0.0, 1.0, 0.0), 160.0, (2.0, 1.7))
    for k in range(3):
        angle = 2.4 * k
        cell.tree(APICAL, end, bent(way, (math.cos(angle), 0.0, math.sin(angle))), 80.0, 0.6, 1)
        end, way = cell.branch(APICAL, end, way, 120.0, (1.7 - 0.2 * k, 1.5 - 0.2 * k))
    cell.tree(APICAL, end, way, 70.0, 1.0, 3)
    end, way = cell.branch(AXON, soma, (0.0, -1.0, 0.0), 60.0, (0.8, 0.5))
    cell.tree(AXON, end, way, 150.0, 0.4, 2)
    return "\n".join([*cell.lines, ""])


if __name__ == "__main__":
    Path(__file__).with_suffix(".swc").write_text(grown(), encoding="ascii")
