"""The potential that currents through membranes make in the space around them, a homogeneous conductor.

A current I that leaves a point has the potential I/(4 pi sigma r) at a distance r; one that leaves a line evenly, the
integral of that (G. R. Holt and C. Koch, Journal of Computational Neuroscience 6, 1999).
"""

from __future__ import annotations

import numpy as np

from .compartments import Compartments
from .forest import Tree
from .shapes import Real


def of_points(cell: Compartments, places: Real) -> Real:
    """Potential of a current that leaves the middle of each compartment, times the conductivity of the space.

    Parameters
    ----------
    places : array of shape (m, 3)
        Where it is measured; within a compartment it is that at its surface.

    Returns
    -------
    array of shape (m, n)
        In 1/m.
    """
    away = np.linalg.norm(places[:, None, :] - cell.middle[None, :, :], axis=-1)
    return np.asarray(1 / (4 * np.pi * np.maximum(away, cell.diameter / 2)))


def of_lines(cell: Compartments, places: Real) -> Real:
    """The same for a current that leaves each compartment evenly along its axis, or its centre if it is a sphere."""
    axis = cell.end - cell.start
    length = np.linalg.norm(axis, axis=-1)
    spheres = length == 0
    unit = axis / np.where(spheres, 1.0, length)[:, None]
    from_start = places[:, None, :] - cell.start[None, :, :]
    along = (from_start * unit).sum(-1)
    across = np.linalg.norm(from_start - along[..., None] * unit, axis=-1)
    radius = np.maximum(across, cell.diameter / 2)
    # the integral of 1/sqrt(radius**2 + s**2) over the line, seen from the place
    integral = np.arcsinh(along / radius) - np.arcsinh((along - length) / radius)
    lines = integral / (4 * np.pi * np.where(spheres, 1.0, length))
    return np.asarray(np.where(spheres, of_points(cell, places), lines))


def currents_along(tree: Tree, potentials: Real) -> Real:
    """The currents that flow into each compartment along a tree, for a resistivity of 1.

    Parameters
    ----------
    potentials : array of shape (n, ...)
        Of the compartments. Those of branching points follow, as no current stays there.
    """
    below, above, g = np.arange(1, len(tree.numbers)), tree.parents[1:], tree.couplings[1:]
    point = tree.numbers >= len(potentials)
    own = tree.numbers[~point]
    g = g.reshape(-1, *[1] * (potentials.ndim - 1))
    v = np.zeros((len(tree.numbers), *potentials.shape[1:]))
    v[~point] = potentials[own]
    total, weighted = np.zeros((len(v), *g.shape[1:])), np.zeros_like(v)
    for one, other in ((below, above), (above, below)):
        np.add.at(total, one, g)
        np.add.at(weighted, one, g * v[other])
    v[point] = weighted[point] / total[point]  # the neighbours of branching points are compartments
    flows, flow = np.zeros_like(v), g * (v[above] - v[below])
    np.add.at(flows, below, flow)
    np.add.at(flows, above, -flow)
    into = np.empty_like(potentials)
    into[own] = flows[~point]
    return into
