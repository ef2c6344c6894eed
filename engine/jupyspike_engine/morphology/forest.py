"""The trees of cells as the elimination wants them; see ``native/jupyspike_tree.h``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .compartments import Compartments, Indices
from .shapes import Real

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Forest:
    """Trees of compartments and branching points, in the order of compartments; see the header for the arrays.

    Where a single section goes on at the end of another one, the two halves of compartments that meet resist in series.
    Where several do, the halves meet in a branching point: a node without membrane, so that no charge is lost there.
    """

    nodes: Indices
    parents: Indices
    couplings: Real
    cells: Numbers
    places: Numbers

    @property
    def branchings(self) -> int:
        """Number of branching points."""
        return len(self.nodes) - int(self.cells[-1])


def tree_of(cell: Compartments, before: Real, behind: Real) -> tuple[Indices, Indices, Real]:
    """Nodes, parents and couplings of a cell; its branching points are numbered behind its compartments.

    Parameters
    ----------
    before, behind : array
        The conductances from the start of each compartment to its middle, and from there to its end.
    """
    n = len(cell)
    parent = cell.parent
    children = np.bincount(parent[1:], minlength=n) if n > 1 else np.zeros(n, np.int64)
    branching = np.flatnonzero(children > 1)  # compartments at whose end several begin
    point = np.full(n + 1, -1, np.int32)  # the last one is for what has no parent
    point[branching] = n + np.arange(len(branching), dtype=np.int32)
    above = np.where(point[parent] >= 0, point[parent], parent)
    with np.errstate(divide="ignore"):
        series = 1 / (1 / behind[parent] + 1 / before)
    coupling = np.where(point[parent] >= 0, before, series)
    coupling[0] = 0.0
    # a branching point comes right behind the compartment at whose end it is
    nodes = np.concatenate([np.arange(n, dtype=np.int32), point[branching]])
    order = np.argsort(np.concatenate([np.arange(n), branching + 0.5]), kind="stable")
    parents = np.concatenate([above, branching]).astype(np.int32)
    couplings = np.concatenate([coupling, behind[branching]])
    return nodes[order], parents[order], couplings[order]


def forest_of(cells: Sequence[Compartments]) -> Forest:
    """The trees of several cells; couplings are for a resistivity of 1."""
    shapes: dict[int, tuple[Indices, Indices, Real]] = {}
    for cell in cells:
        if id(cell) not in shapes:
            shapes[id(cell)] = tree_of(cell, cell.r_length_1, cell.r_length_2)
    sizes = np.array([len(cell) for cell in cells], np.int64)
    branchings = np.array([len(shapes[id(cell)][0]) for cell in cells], np.int64) - sizes
    firsts, points = _running(sizes), _running(branchings)
    nodes, parents = [], []
    for cell, first, point in zip(cells, firsts.tolist(), points.tolist(), strict=False):
        own, above, _ = shapes[id(cell)]
        # branching points go behind the compartments of all cells
        shift = int(firsts[-1]) + point - len(cell)
        nodes.append(np.where(own < len(cell), own + first, own + shift))
        parents.append(np.where(above < 0, -1, np.where(above < len(cell), above + first, above + shift)))
    return Forest(
        np.concatenate(nodes).astype(np.int32),
        np.concatenate(parents).astype(np.int32),
        np.concatenate([shapes[id(cell)][2] for cell in cells]),
        np.concatenate([[len(cells)], firsts]).astype(np.int64),
        np.concatenate([[0], firsts + points]).astype(np.int64),
    )


def _running(values: Numbers) -> Numbers:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
