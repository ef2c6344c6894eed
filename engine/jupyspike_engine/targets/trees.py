"""Linear systems on trees in numpy: the arithmetic of ``native/jupyspike_tree.h``, to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[Any]

_FEW = 8  # trees of a shape, which are solved one after the other


class Trees:
    """A forest; its arrays are those of the header. Trees of the same shape are solved together."""

    def __init__(self, nodes: Whole, parents: Whole, couplings: Real, cells: Whole, places: Whole) -> None:
        self.size = int(cells[-1])
        self.couplings = couplings
        place = np.empty(len(nodes), np.int64)
        place[nodes] = np.arange(len(nodes))
        above = np.where(parents >= 0, place[parents], -1)
        shapes: dict[bytes, list[int]] = {}
        for begin, stop in zip(places[1:-1].tolist(), places[2:].tolist(), strict=True):
            within = above[begin:stop] - begin
            within[0] = -1
            shapes.setdefault(within.tobytes(), []).append(begin)
        self.shapes: list[tuple[list[int], Whole, Whole]] = []  # of each shape: parents, places and nodes of its trees
        for shape, begins in shapes.items():
            within = np.frombuffer(shape, np.int64)
            at = np.add.outer(np.array(begins), np.arange(len(within)))
            self.shapes.append((within.tolist(), at, nodes[at]))

    def eliminate(self, diagonal: Real, right: Real, scale: float) -> None:
        """Solve the system on all trees; the solution replaces ``right``, ``diagonal`` is used up."""
        diagonal[self.size :] = right[self.size :] = 0.0
        for parents, places, nodes in self.shapes:
            d, r, g = diagonal[nodes], right[nodes], self.couplings[places] * scale
            if len(nodes) < _FEW:
                for tree in range(len(nodes)):
                    right[nodes[tree]] = _solved(parents, d[tree].tolist(), r[tree].tolist(), g[tree].tolist())
            else:
                right[nodes] = np.transpose(_solved(parents, list(d.T), list(r.T), list(g.T)))


def _solved(parents: Sequence[int], d: list[Any], r: list[Any], g: list[Any]) -> list[Any]:
    """The solution on a tree, from its values at each node: numbers, or arrays with one for each of several trees."""
    for k in range(len(parents) - 1, 0, -1):
        p = parents[k]
        inverse = 1.0 / (d[k] + g[k])
        share = g[k] * inverse
        d[p] = d[p] + share * d[k]
        r[p] = r[p] + share * r[k]
        d[k], r[k] = share, r[k] * inverse
    r[0] = r[0] / d[0]
    for k in range(1, len(parents)):
        r[k] = r[k] + d[k] * r[parents[k]]
    return r
