"""The trees of cells as linear systems: halves of compartments in series, and points where several meet."""

import numpy as np

from jupyspike_engine.morphology.forest import forest_of, tree_of
from jupyspike_engine.morphology.sections import Cylinder, Soma
from jupyspike_engine.units import um


def numbers(values):
    return np.array(values, np.int32)


def test_halves_that_meet_resist_in_series():
    tree = tree_of(numbers([-1, 0, 1]), np.array([1.0, 2.0, 3.0]), np.array([6.0, 6.0, 1.0]))
    assert tree.numbers.tolist() == [0, 1, 2] and tree.parents.tolist() == [-1, 0, 1]
    np.testing.assert_allclose(tree.couplings, [0, 1.5, 2])


def test_several_that_begin_at_an_end_meet_in_a_point_without_membrane():
    tree = tree_of(numbers([-1, 0, 1, 1]), np.array([1.0, 2.0, 3.0, 4.0]), np.array([6.0, 5.0, 1.0, 1.0]))
    assert tree.numbers.tolist() == [0, 1, 4, 2, 3]
    assert tree.parents.tolist() == [-1, 0, 1, 2, 2]
    np.testing.assert_allclose(tree.couplings, [0, 1.5, 5, 3, 4])


def test_elements_of_cells_of_a_shape_are_rows():
    stem = Soma(diameter=20 * um)
    stem.L, stem.R = Cylinder(length=10 * um, diameter=1 * um), Cylinder(length=20 * um, diameter=1 * um)
    shapes = [Cylinder(length=100 * um, diameter=1 * um, n=2).compartments(), stem.compartments()]
    forest = forest_of(shapes, [2, 3], [np.array([0, 2]), np.array([4, 7, 10])])
    # What is eliminated first comes last; the branching points of the last three cells are behind.
    assert forest.rows.tolist() == [0, 2, 4, 13, 10, 7]
    assert forest.parents.tolist() == [-1, 0, -1, 2, 3, 3]
    assert forest.shapes.tolist() == [2, 0, 2, 6, 1, 1]  # so few that each is solved alone
    assert forest.lanes.tolist() == [2, 3] and forest.nodes == 16
