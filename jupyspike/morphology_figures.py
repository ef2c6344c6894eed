"""Figures of cells with a shape, with matplotlib; `jupyspike.tools` has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from jupyspike_engine.diagnostics import ArgumentTypeError
from jupyspike_engine.morphology.compartments import Compartments, Indices, depth_first
from jupyspike_engine.morphology.morphology import Morphology
from jupyspike_engine.morphology.outlines import UM, Tubes, across_of, outlines, tubes, with_coordinates


def _checked(morphology: Any) -> Morphology:
    tree = getattr(morphology, "morphology", morphology)  # of a neuron
    if not isinstance(tree, Morphology):
        raise ArgumentTypeError("this has no shape to draw", found=repr(morphology), expected="a Morphology")
    return tree.root


def plot_morphology(
    morphology: Any,
    plot_3d: bool | None = None,
    show_compartments: bool = False,
    show_diameter: bool = False,
    colors: Sequence[Any] = ("darkblue", "darkred"),
    axes: Any = None,
) -> Any:
    """Draw a cell where its coordinates are.

    Parameters
    ----------
    morphology : Morphology
        Sections without coordinates get some, see `Morphology.generate_coordinates`.
    plot_3d : bool, optional
        In three dimensions; by default, if there are z coordinates.
    show_compartments : bool
        Put a point on the middle of each compartment.
    show_diameter : bool
        Draw compartments as wide as they are; only in two dimensions.
    colors : sequence of colours
        Of sections, in turn from one to those attached to it.
    axes : matplotlib axes, optional
        The present ones by default.

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> from matplotlib import pyplot
    >>> morpho = Soma(diameter=30*um)
    >>> morpho.axon = Cylinder(length=100*um, diameter=1*um, n=10)
    >>> axes = plot_morphology(morpho, show_compartments=True)
    >>> axes.get_xlabel()
    'x (um)'
    >>> pyplot.close()
    """
    from matplotlib import pyplot

    flat = with_coordinates(_checked(morphology)).compartments()
    cell = tubes(flat)
    solid = bool(np.ptp(cell.end[:, 2]) > 0) if plot_3d is None else plot_3d
    if axes is None:
        axes = pyplot.figure().add_subplot(projection="3d") if solid else pyplot.gca()
    shown = [colors[depth % len(colors)] for depth in _depths(flat)[flat.section].tolist()]
    (_draw_solid if solid else _draw_flat)(axes, cell, shown, show_diameter)
    if show_compartments:
        middle = ((cell.start + cell.end) / 2)[~cell.spheres]
        axes.plot(*middle.T[: 3 if solid else 2], "k.", markersize=3)
    axes.set(xlabel="x (um)", ylabel="y (um)")
    if solid:
        axes.set(zlabel="z (um)")
    axes.set_aspect("equal")
    return axes


def _depths(flat: Compartments) -> Indices:
    """How many sections lie between each one and the root."""
    depths = np.zeros(len(flat.sections), np.int32)
    for section, parent in enumerate(flat.parent_section.tolist()):
        depths[section] = depths[parent] + 1 if parent >= 0 else 0
    return depths


def _draw_flat(axes: Any, cell: Tubes, colours: list[Any], wide: bool) -> None:
    from matplotlib.collections import LineCollection, PolyCollection
    from matplotlib.patches import Circle

    lines = np.flatnonzero(~cell.spheres)
    chosen = [colours[k] for k in lines]
    if wide:
        corners = outlines(cell)
        shapes = [corners[k] for k in lines]
        axes.add_collection(PolyCollection(shapes, facecolors=chosen, edgecolors=chosen, linewidths=0.5))
    else:
        ends = np.stack([cell.start[lines, :2], cell.end[lines, :2]], axis=1)
        axes.add_collection(LineCollection(list(ends), colors=chosen))
    for k in np.flatnonzero(cell.spheres):
        axes.add_patch(Circle(tuple(cell.start[k, :2].tolist()), cell.start_diameter[k] / 2, color=colours[k]))
    axes.autoscale_view()


def _draw_solid(axes: Any, cell: Tubes, colours: list[Any], wide: bool) -> None:
    from mpl_toolkits.mplot3d.art3d import Line3DCollection

    lines = np.flatnonzero(~cell.spheres)
    ends = np.stack([cell.start[lines], cell.end[lines]], axis=1)
    axes.add_collection3d(Line3DCollection(ends, colors=[colours[k] for k in lines]))
    for k in np.flatnonzero(cell.spheres):
        axes.plot(*cell.start[k][:, None], "o", color=colours[k], markersize=10)
    axes.auto_scale_xyz(*np.concatenate([cell.start, cell.end]).T)


def plot_dendrogram(morphology: Any, axes: Any = None) -> Any:
    """Draw how a cell branches: sections as lines from where they begin to where they end, in distance from the root.

    Parameters
    ----------
    morphology : Morphology
    axes : matplotlib axes, optional
        The present ones by default.

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> from matplotlib import pyplot
    >>> morpho = Soma(diameter=30*um)
    >>> morpho.axon = Cylinder(length=100*um, diameter=1*um, n=10)
    >>> plot_dendrogram(morpho).get_ylabel()
    'distance (um)'
    >>> pyplot.close()
    """
    from matplotlib import pyplot
    from matplotlib.collections import LineCollection

    axes = pyplot.gca() if axes is None else axes
    sections = list(depth_first(_checked(morphology)))
    places = across_of(sections)
    across = {id(section): x for section, x in zip(sections, places, strict=True)}
    lines = []
    for section, x in zip(sections, places, strict=True):
        top = section.end_distance_ * UM
        lines.append([(x, top - section.shape.extent * UM), (x, top)])
        if section.sections:
            ends = [across[id(child)] for child in section.sections]
            lines.append([(min(ends), top), (max(ends), top)])
    axes.add_collection(LineCollection(lines, colors="darkblue"))
    axes.autoscale_view()
    axes.set(ylabel="distance (um)", xticks=[])
    return axes
