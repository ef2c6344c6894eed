"""Linear systems on trees in numpy: the arithmetic of ``native/jupyspike_tree.h``, to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[Any]


def eliminate(
    rows: Whole, parents: Whole, couplings: Real, shapes: Whole, lanes: Whole, diagonal: Real, right: Real,
    scale: float, size: int,
) -> None:  # fmt: skip
    """Solve the system on all trees of a forest; the solution replaces ``right``, ``diagonal`` is used up."""
    diagonal[size:] = right[size:] = 0.0
    for first, end, cells in zip(shapes[1:-1].tolist(), shapes[2:].tolist(), lanes.tolist(), strict=True):
        own = rows[first:end].tolist()
        above = [parent - first for parent in parents[first:end].tolist()]
        g = (couplings[first:end] * scale).tolist()
        if cells == 1:
            solution = _solved(above, diagonal[own].tolist(), right[own].tolist(), g)
        else:
            d, r = ([values[row : row + cells] for row in own] for values in (diagonal, right))
            solution = _solved(above, d, r, g)
        for row, x in zip(own, solution, strict=True):
            right[row : row + cells] = x


def _solved(parents: Sequence[int], d: list[Any], r: list[Any], g: list[float]) -> list[Any]:
    """The solution on a tree, from its values at each node: numbers, or arrays with one for each cell."""
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
