"""Figures of cells with a shape."""

import numpy as np
import pytest

from jupyspike import Cylinder, Soma, um
from jupyspike.tools import plot_dendrogram, plot_morphology
from jupyspike_engine.diagnostics import ArgumentTypeError

pyplot = pytest.importorskip("matplotlib.pyplot", reason="the tools draw with matplotlib")


@pytest.fixture(autouse=True)
def blank_figure():
    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


def example(**place) -> Soma:
    morpho = Soma(diameter=30 * um, **place)
    morpho.axon = Cylinder(length=100 * um, diameter=2 * um, n=10)
    morpho.dend = Cylinder(length=100 * um, diameter=1 * um, n=5)
    morpho.dend.L = Cylinder(length=50 * um, diameter=1 * um)
    morpho.dend.R = Cylinder(length=80 * um, diameter=1 * um)
    return morpho


def test_compartments_are_lines_and_somata_circles():
    axes = plot_morphology(example(), colors=["red", "blue"])
    (lines,) = axes.collections
    (soma,) = axes.patches
    assert len(lines.get_segments()) == 17 and soma.get_radius() == pytest.approx(15)
    assert np.allclose(lines.get_colors()[0], (0, 0, 1, 1)) and np.allclose(lines.get_colors()[-1], (1, 0, 0, 1))
    low, high = axes.get_ylim()
    assert low < -115 and high > 115


def test_compartments_are_as_wide_as_they_are():
    axes = plot_morphology(example(), show_diameter=True)
    (shapes,) = axes.collections
    corners = shapes.get_paths()[0].vertices
    assert np.ptp(corners[:, 0]) == pytest.approx(2) and np.ptp(corners[:, 1]) == pytest.approx(10)


def test_points_on_compartments():
    axes = plot_morphology(example(), show_compartments=True)
    assert len(axes.lines[0].get_xdata()) == 17


def test_cells_with_depth_are_drawn_in_three_dimensions():
    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(x=[0, 50] * um, z=[0, 50] * um, diameter=1 * um, n=3)
    assert plot_morphology(morpho.generate_coordinates()).name == "3d"
    assert plot_morphology(example(), plot_3d=True, show_compartments=True).get_zlabel() == "z (um)"
    assert plot_morphology(morpho.generate_coordinates(), plot_3d=False, axes=pyplot.figure().gca()).name != "3d"


def test_a_dendrogram_shows_distances():
    (lines,) = plot_dendrogram(example()).collections
    segments = lines.get_segments()
    assert max(segment[:, 1].max() for segment in segments) == pytest.approx(180)
    upright = [segment for segment in segments if segment[0, 0] == segment[1, 0]]
    assert sorted(float(segment[0, 0]) for segment in upright) == [0, 0.75, 1, 1.5, 2]


def test_what_has_no_shape_is_told():
    with pytest.raises(ArgumentTypeError, match="has no shape"):
        plot_morphology(5)
