"""The trees of cells as linear systems on them want them: see ``native/jupyspike_tree.h`` for the arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .compartments import Compartments, Indices
from .packing import LANES, is_high, order_of, packs_of
from .shapes import Real

Numbers = npt.NDArray[np.int64]

WORKS = 64  # workers that have room to solve single cells, as in the header


@dataclass(frozen=True)
class Tree:
    """The nodes of a shape: its compartments, and the points where it branches, each behind the one it is the end of.

    Where one compartment goes on at the end of another one, the halves that meet resist in series. Where several do,
    the halves meet in a branching point: a node without membrane, so that no charge is lost there.

    Attributes
    ----------
    numbers : array
        Of each node; branching points are numbered behind the compartments.
    parents : array
        The place of the node above; -1 for the first.
    couplings : array
        The conductance to the node above.
    """

    numbers: Indices
    parents: Indices
    couplings: Real

    def in_order(self, nodes: Indices) -> Tree:
        """The same tree with its nodes in another order."""
        place = np.empty(len(nodes), np.int32)
        place[nodes] = np.arange(len(nodes))
        above = self.parents[nodes]
        return Tree(self.numbers[nodes], np.where(above >= 0, place[above], -1), self.couplings[nodes])


def tree_of(parent: Indices, before: Real, behind: Real) -> Tree:
    """The tree of compartments.

    Parameters
    ----------
    parent : array
        The compartment that each is attached to, which comes before it; -1 for the first.
    before, behind : array
        The conductances from the start of each compartment to its middle, and from there to its end.
    """
    n = len(parent)
    branching = np.flatnonzero(np.bincount(parent[1:], minlength=n) > 1)
    point = np.full(n + 1, -1)  # the branching point at the end of each; the last one is for what has no parent
    point[branching] = n + np.arange(len(branching))
    branches = point[parent] >= 0
    with np.errstate(divide="ignore"):
        series = 1 / (1 / behind[parent] + 1 / before)
    coupling = np.where(branches, before, series)
    coupling[0] = 0.0
    numbers = np.concatenate([np.arange(n), point[branching]])
    above = np.concatenate([np.where(branches, point[parent], parent), branching])
    order = np.argsort(np.concatenate([np.arange(n), branching + 0.5]), kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order))
    parents = np.where(above >= 0, place[above], -1)
    return Tree(
        numbers[order].astype(np.int32), parents[order].astype(np.int32),
        np.concatenate([coupling, behind[branching]])[order],
    )  # fmt: skip


@dataclass(frozen=True)
class Forest:
    """The trees of cells of some shapes; see the header. ``nodes`` are the elements and the branching points of all."""

    rows: Numbers
    parents: Indices
    couplings: Real
    shapes: Numbers
    lanes: Numbers
    packs: Indices
    edges: Real
    work: Real
    nodes: int


def forest_of(shapes: Sequence[Compartments], lanes: Sequence[int], rows: Sequence[Numbers]) -> Forest:
    """The trees of so many cells of each shape, for a resistivity of 1.

    Parameters
    ----------
    rows : sequence of array
        Of each shape: the element of the first cell, for each compartment.
    """
    return planted([tree_of(shape.parent, shape.r_length_1, shape.r_length_2) for shape in shapes], lanes, rows)


def planted(trees: Sequence[Tree], lanes: Sequence[int], rows: Sequence[Numbers]) -> Forest:
    """A forest of so many cells of each tree, whose nodes are given in depth-first order."""
    orders = [order_of(tree.parents) for tree in trees]
    alone = [number < LANES or is_high(tree.parents) for tree, number in zip(trees, lanes, strict=True)]
    packs = _of_packs(trees, orders, lanes, alone)
    trees = [tree.in_order(order) for tree, order in zip(trees, orders, strict=True)]
    cells = np.array(lanes, np.int64)
    sizes = np.array([len(own) for own in rows], np.int64)
    points = np.array([len(tree.numbers) for tree in trees], np.int64) - sizes
    size, point, node = int((sizes * cells).sum()), _running(points * cells), _running(sizes + points)
    places = [
        np.concatenate([own, size + point[s] + np.arange(points[s]) * cells[s]])[trees[s].numbers]
        for s, own in enumerate(rows)
    ]
    parents = [np.where(tree.parents >= 0, tree.parents + start, -1) for tree, start in zip(trees, node, strict=False)]
    return Forest(
        np.concatenate(places).astype(np.int64),
        np.concatenate(parents).astype(np.int32),
        np.concatenate([tree.couplings for tree in trees]),
        np.concatenate([[len(trees)], node, alone]).astype(np.int64),
        cells,
        *packs,
        size + int(point[-1]),
    )


def _of_packs(
    trees: Sequence[Tree], orders: Sequence[Indices], lanes: Sequence[int], alone: Sequence[bool]
) -> tuple[Indices, Real, Real]:
    """Packs, edges and work of the shapes whose cells are solved alone."""
    shapes = [
        (packs_of(tree.parents, tree.couplings, order), min(cells, WORKS))
        for tree, order, cells, each in zip(trees, orders, lanes, alone, strict=True)
        if each
    ]
    return (
        np.concatenate([np.empty(0, np.int32), *(packs.numbers for packs, _ in shapes)]),
        np.concatenate([np.empty(0), *(packs.edges for packs, _ in shapes)]),
        np.concatenate([np.empty(0), *(np.tile(packs.work, works) for packs, works in shapes)]),
    )


def _running(values: Numbers) -> Numbers:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
