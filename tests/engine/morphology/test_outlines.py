"""Where compartments lie in pictures."""

import numpy as np
import pytest

from jupyspike import Cylinder, Section, Soma, um
from jupyspike_engine.morphology.outlines import dendrogram, outlines, tubes, with_coordinates


def bent():
    return Section(n=2, x=[0, 10, 10] * um, y=[0, 0, 10] * um, diameter=[2, 2, 1] * um)


def test_compartments_are_as_wide_as_they_are():
    straight = Section(n=2, x=[0, 10, 20] * um, diameter=[4, 2, 1] * um)
    first, second = outlines(tubes(straight.compartments()))
    assert np.allclose(first, [[0, 2], [10, 1], [10, -1], [0, -2]])
    assert np.allclose(second, [[10, 1], [20, 0.5], [20, -0.5], [10, -1]])


def test_they_meet_without_gaps_where_a_section_bends():
    first, second = outlines(tubes(bent().compartments()))
    assert np.allclose(first[[1, 2]], second[[0, 3]])
    across = first[1] - first[2]
    assert np.linalg.norm(across) == pytest.approx(2) and abs(across[0] + across[1]) == pytest.approx(0)


def test_a_sphere_is_a_circle():
    (circle,) = outlines(tubes(Soma(diameter=30 * um, x=5 * um).compartments()))
    assert np.allclose(np.linalg.norm(circle - [5, 0], axis=1), 15)


def test_a_cell_is_seen_from_another_side():
    from_above = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    _, second = outlines(tubes(bent().compartments()).turned(from_above))
    assert np.ptp(second[:, 1]) < 2.01  # it goes towards the viewer
    assert np.allclose(tubes(bent().compartments()).turned(from_above).end[:, 2], [0, 10])


def test_trees_without_coordinates_get_a_layout():
    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(length=100 * um, diameter=2 * um, n=10)
    assert np.isfinite(tubes(with_coordinates(morpho).compartments()).end).all()
    assert with_coordinates(bent()).compartments().end[0, 0] == pytest.approx(1e-5)


def test_a_dendrogram_has_distances_and_diameters():
    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(length=100 * um, diameter=2 * um, n=10)
    morpho.dend = Cylinder(length=40 * um, diameter=1 * um)
    morpho.dend.L = Cylinder(length=50 * um, diameter=1 * um)
    morpho.dend.R = Cylinder(length=80 * um, diameter=1 * um)
    drawn = dendrogram(morpho)
    soma, axon, dend, left, right = (drawn.outlines[k] for k in (0, 10, 11, 12, 13))
    assert (soma[:, 1].min(), soma[:, 1].max()) == pytest.approx((-30, 0))
    assert axon[:, 1].max() == pytest.approx(100) and axon[:, 0].mean() == 0
    assert np.ptp(axon[:, 0]) == pytest.approx(0.8) and np.ptp(left[:, 0]) == pytest.approx(0.4)
    assert [shape[:, 0].mean() for shape in (left, right, dend)] == pytest.approx([1, 2, 1.5])
    assert (right[:, 1].min(), right[:, 1].max()) == pytest.approx((40, 120))
    assert np.allclose(drawn.joints[[0, 1, 3, 4]], [[0, 0], [1.5, 0], [1, 40], [2, 40]])
