"""Linear systems on trees in numpy: the arithmetic of ``native/jupyspike_tree.h``, to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[Any]
PACK = 32  # numbers of a pack
LANES = 8


def eliminate(
    rows: Whole, parents: Whole, couplings: Real, shapes: Whole, lanes: Whole, packs: Whole, edges: Real, work: Real,
    diagonal: Real, right: Real, scale: float, size: int,
) -> None:  # fmt: skip
    """Solve the system on all trees of a forest; the solution replaces ``right``, ``diagonal`` is used up."""
    diagonal[size:] = right[size:] = 0.0
    firsts, alone = shapes[1 : 2 + shapes[0]].tolist(), shapes[2 + shapes[0] :].tolist()
    for first, end, cells, each in zip(firsts[:-1], firsts[1:], lanes.tolist(), alone, strict=True):
        own = rows[first:end]
        if each:
            for cell in range(cells):
                right[own + cell] = _in_packs(packs, edges * scale, diagonal[own + cell], right[own + cell])
            packs, edges = packs[3 + len(own) + PACK * packs[1] :], edges[2 * (packs[0] + 8) :]
            continue
        above = [parent - first for parent in parents[first:end].tolist()]
        d, r = ([values[row : row + cells] for row in own.tolist()] for values in (diagonal, right))
        solution = _side_by_side(above, d, r, (couplings[first:end] * scale).tolist())
        for row, x in zip(own.tolist(), solution, strict=True):
            right[row : row + cells] = x


def _side_by_side(parents: Sequence[int], d: list[Real], r: list[Real], g: list[float]) -> list[Real]:
    """The solutions on a tree, from the values at each node, one for each cell."""
    for k in range(len(parents) - 1, 0, -1):
        p = parents[k]
        inverse = 1.0 / (d[k] + g[k])
        share = g[k] * inverse
        d[p] = d[p] + share * d[k]
        r[p] = r[p] + share * r[k]
        d[k], r[k] = share, r[k] * inverse
    r[0] = r[0] * (1.0 / d[0])
    for k in range(1, len(parents)):
        r[k] = r[k] + d[k] * r[parents[k]]
    return r


def _in_packs(numbers: Whole, edges: Real, diagonal: Real, right: Real) -> Real:
    """The solution on the tree of one cell, from the values at each node: see ``native/jupyspike_packs.h``."""
    slots, count, nodes = numbers[:3].tolist()
    slot, packs = numbers[3 : 3 + nodes], numbers[3 + nodes : 3 + nodes + PACK * count].reshape(count, 4, LANES)
    couplings = edges[: 2 * (slots + LANES)].reshape(2, slots + LANES).copy()
    d, r = np.ones(slots + LANES), np.zeros(slots + LANES)
    d[slot], r[slot] = diagonal, right
    shares = np.empty((2, slots + LANES))
    for (first, steps, two, *_), near, far, join in packs:
        to_near = to_far = (np.zeros(LANES), np.zeros(LANES))
        joined = np.zeros(LANES)
        for s in range(first, first + LANES * steps, LANES):
            at = slice(s, s + LANES)
            own_d, own_r = d[at] + to_near[0], r[at] + to_near[1]
            g = couplings[0, at]
            joined = joined + couplings[1, at]
            inverse = 1.0 / (own_d + (g + joined if two else g))
            share, far_share = shares[:, at] = g * inverse, joined * inverse
            r[at] = own_r * inverse
            to_near = share * own_d, share * own_r
            if two:
                to_far = to_far[0] + far_share * own_d, to_far[1] + far_share * own_r
                joined = share * joined
        for end, (added_d, added_r) in ((near, to_near), (far, to_far)):
            np.add.at(d, end, added_d)
            np.add.at(r, end, added_r)
        if two:
            couplings.reshape(-1)[join] = joined
    for (first, steps, two, *_), near, far, _join in packs[::-1]:
        x, far_x = r[near], r[far]
        for s in range(first + LANES * (steps - 1), first - 1, -LANES):
            at = slice(s, s + LANES)
            x = (r[at] + shares[1, at] * far_x if two else r[at]) + shares[0, at] * x
            r[at] = x
    solution: Real = r[slot]
    return solution
