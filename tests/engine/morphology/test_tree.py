"""Trees of sections: names, order, distances, coordinates."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from jupyspike import Cylinder, Section, Soma, seed, um


def example() -> Soma:
    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(length=100 * um, diameter=1 * um, n=10)
    morpho.axon.L = Cylinder(length=50 * um, diameter=1 * um, n=5)
    morpho["dendrite"] = Section(length=[10, 20] * um, diameter=[4, 3, 2] * um, n=2)
    morpho.axon.R = Cylinder(length=50 * um, diameter=1 * um, n=3)
    morpho.axon.LR = Cylinder(length=5 * um, diameter=1 * um)
    return morpho


def test_sections_are_found_by_attribute_by_index_and_by_chained_letters():
    morpho = example()
    assert morpho.axon.LR is morpho["axon"]["L"]["R"] is morpho.axon.L.R
    assert morpho.axon.L.R.parent is morpho.axon.L and morpho.axon.LR.root is morpho
    assert [section.name for section in morpho.children] == ["axon", "dendrite"]
    assert "axon" in morpho.children and morpho.children["axon"] is morpho.axon and morpho.axon in morpho.children
    assert not hasattr(morpho, "nothing") and "axon" in dir(morpho)


def test_a_section_that_is_taken_off_is_a_tree_of_its_own():
    morpho = example()
    axon = morpho.axon
    del morpho.axon
    assert (morpho.total_compartments, axon.total_compartments, axon.parent) == (3, 19, None)
    morpho.L = axon
    assert morpho.LLR.n == 1 and morpho.total_sections == 6


def test_compartments_are_in_tree_order():
    flat = example().compartments()
    assert flat.sections == ("", ".axon", ".axon.L", ".axon.L.R", ".axon.R", ".dendrite")
    assert flat.first.tolist() == [0, 1, 11, 16, 17, 20, 22] and len(flat) == 22
    assert flat.parent.tolist() == [-1, *range(10), 10, *range(11, 15), 15, 10, 17, 18, 0, 20]
    assert (flat.parent[1:] < np.arange(1, 22)).all() and flat.section[16] == 3


def test_arrays_of_the_tree_are_those_of_the_sections():
    morpho = example()
    flat = morpho.compartments()
    sections = [morpho, morpho.axon, morpho.axon.L, morpho.axon.LR, morpho.axon.R, morpho.dendrite]
    for k, section in enumerate(sections):
        own = slice(flat.first[k], flat.first[k + 1])
        for name in ("length", "area", "volume", "distance", "diameter", "r_length_1", "r_length_2"):
            assert_allclose(getattr(flat, name)[own], getattr(section, f"{name}_"), err_msg=f"{name} of {section.name}")
        assert section.indices[:].tolist() == list(range(own.start, own.stop))


def test_arrays_follow_when_the_tree_changes():
    morpho = example()
    before = morpho.compartments()
    assert morpho.axon.compartments() is before
    morpho.axon.R.more = Cylinder(length=5 * um, diameter=1 * um)
    assert len(morpho.compartments()) == 23 and morpho.dendrite.indices[0] == 21


@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(1, 100), st.integers(1, 5)), min_size=1, max_size=30))
def test_distances_add_up_along_the_tree(rows: list[tuple[int, float, int]]):
    sections = [Soma(diameter=10 * um)]
    ends = [0.0]
    for k, (parent, length, n) in enumerate(rows):
        parent %= len(sections)
        section = Cylinder(length=length * um, diameter=1 * um, n=n)
        sections[parent][f"s{k}"] = section
        sections.append(section)
        ends.append(ends[parent] + length)
        expected = ends[parent] + length * (np.arange(n) + 0.5) / n
        assert_allclose(section.distance / um, expected)
        assert_allclose(section.end_distance / um, ends[-1])
    flat = sections[0].compartments()
    middles = flat.distance
    steps = middles[1:] - middles[flat.parent[1:]]
    halves = np.where(flat.parent[1:] == 0, 0.0, flat.length[flat.parent[1:]]) / 2 + flat.length[1:] / 2
    assert_allclose(steps, halves, rtol=1e-9)


def test_coordinates_count_from_the_end_of_the_parent():
    morpho = Soma(diameter=30 * um, x=1 * um, y=2 * um, z=3 * um)
    morpho.d = Cylinder(x=[0, 30] * um, y=[0, 40] * um, diameter=2 * um, n=2)
    morpho.d.L = Section(x=[5, 10, 20] * um, diameter=[2, 1, 1] * um, n=2)
    assert_allclose(morpho.d.coordinates / um, [[1, 2, 3], [16, 22, 3], [31, 42, 3]])
    assert_allclose(morpho.d.L.start_x / um, [36, 41])
    assert_allclose(morpho.d.L.end_x_, [41e-6, 51e-6])
    assert_allclose(morpho.d.y / um, [12, 32])
    assert_allclose(morpho.compartments().start[3] * 1e6, [36, 42, 3])
    assert example().axon.x is None and not example().compartments().has_coordinates


def test_an_origin_in_place_of_the_end_of_the_parent():
    section = Section(diameter=[1, 2] * um, x=[0, 1] * um, origin=(1 * um, 2 * um, 3 * um))
    assert_allclose(section.coordinates / um, [[1, 2, 3], [2, 2, 3]])


def test_coordinates_are_made_with_the_lengths_that_are_there():
    seed(3)
    for angles in ({}, {"section_randomness": 20, "compartment_randomness": 10}):
        placed = example().generate_coordinates(**angles)
        flat = placed.compartments()
        assert flat.has_coordinates
        assert_allclose(np.linalg.norm(flat.end - flat.start, axis=1)[1:], flat.length[1:])
        assert_allclose(flat.area, example().compartments().area)
        ends = flat.end[flat.parent[2:11]]
        assert_allclose(flat.start[2:11], ends)
    assert np.ptp(flat.end[1:11, 2]) > 0


def test_the_seed_decides_how_branches_bend():
    def bent() -> np.ndarray:
        seed(5)
        return example().generate_coordinates(section_randomness=20).compartments().end

    assert (bent() == bent()).all()


def test_coordinates_that_are_there_stay_unless_they_are_to_be_new():
    morpho = Soma(diameter=10 * um, x=7 * um)
    morpho.d = Cylinder(x=[0, 50] * um, diameter=1 * um)
    morpho.d.L = Cylinder(length=50 * um, diameter=1 * um)
    placed = morpho.generate_coordinates()
    assert_allclose(placed.d.coordinates / um, [[7, 0, 0], [57, 0, 0]])
    assert_allclose(placed.d.L.coordinates / um, [[57, 0, 0], [107, 0, 0]])
    assert_allclose(morpho.generate_coordinates(overwrite_existing=True).d.end_y / um, [-55])


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m)), lambda m: m.copy()])
def test_copies(copied):
    morpho = example()
    other = copied(morpho)
    assert str(other.topology()) == str(morpho.topology()) and type(other.dendrite) is Section
    other.axon.LR.tip = Soma(diameter=1 * um)
    assert morpho.total_sections == 6 and other.total_sections == 7
    assert copied(morpho.axon).parent is None and copied(morpho.axon).total_sections == 4


def test_the_drawing_of_a_tree():
    text = (
        "( )  [root] \n"
        "   `----------|  .axon\n"
        "               `-----|  .axon.L\n"
        "                      `-|  .axon.L.R\n"
        "               `---|  .axon.R\n"
        "   `--|  .dendrite\n"
    )
    assert str(example().topology()) == text
    lines = repr(example()).splitlines()
    assert lines[0] == "Soma(diameter=30. * umetre) and 5 sections attached to it; 22 compartments"
    assert lines[1:] == [line.rstrip() for line in text.splitlines()]


def test_large_trees_are_drawn_in_part():
    morpho = Cylinder(length=1 * um, diameter=1 * um, n=1000)
    for k in range(100):
        morpho[f"s{k}"] = Cylinder(length=1 * um, diameter=1 * um)
    lines = repr(morpho).splitlines()
    assert len(lines) == 42 and lines[-1] == "... and 61 more sections" and max(map(len, lines)) < 130


def test_a_notebook_shows_a_picture():
    picture = example()._repr_svg_()
    assert picture.startswith("<svg ") and picture.count("<polyline") == 5 and picture.count("<circle") == 1
    assert ".axon.L.R" in picture and len(Cylinder(length=1 * um, diameter=1 * um, n=10**5)._repr_svg_()) < 10**6
