"""Parts of trees: by number, by length, by condition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from jupyspike import Cylinder, Section, Soma, um, umetre
from jupyspike_engine.diagnostics import IndexTypeError

LIMIT = 50 * umetre


def example() -> Soma:
    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(length=100 * um, diameter=1 * um, n=10)
    morpho.axon.L = Cylinder(length=50 * um, diameter=0.5 * um, n=5)
    morpho.dendrite = Section(length=[10, 20] * um, diameter=[4, 3, 2] * um, n=2)
    return morpho


def test_numbers():
    axon = example().axon
    assert axon[3].indices[:].tolist() == [4] and axon.indices[3] == 4 and axon[-1].indices[:].tolist() == [10]
    assert axon[2:5].n == 3 and axon[::4].indices[:].tolist() == [1, 5, 9] and axon[:].n == 10
    assert axon[[7, 2]].indices[:].tolist() == [8, 3] and len(axon[np.arange(10) > 6]) == 3


def test_what_is_no_number_is_refused():
    morpho = example()
    for item, said in ((None, "NoneType"), (morpho.axon, "Cylinder"), (morpho.axon[2], "Part")):
        with pytest.raises(IndexTypeError, match=f"{said} does not choose compartments of the root section"):
            morpho[item]


def test_lengths():
    axon = example().axon
    assert axon[10 * um : 50 * um].indices[:].tolist() == [2, 3, 4, 5]
    assert axon[25 * um].indices[:].tolist() == [3] and axon.indices[25 * um] == 3
    assert axon[: 20 * um].n == 2 and axon[95 * um :].n == 1 and axon[0 : 30 * um].n == 3
    assert axon[12 * um : 13 * um].indices[:].tolist() == [2]


def test_where_compartments_meet_the_next_one_begins():
    axon = example().axon
    assert [axon.indices[k * 10 * um] for k in range(10)] == list(range(1, 11))
    assert axon.indices[100 * um] == 10  # the end belongs to the last


@given(st.lists(st.floats(0.5, 50), min_size=1, max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_a_stretch_has_the_compartments_that_it_touches(lengths: list[float], a: float, b: float):
    n = len(lengths)
    section = Section(length=lengths * um, diameter=[1] * (n + 1) * um, n=n)
    start, stop = sorted((a * sum(lengths), b * sum(lengths)))
    bounds = np.cumsum([0, *lengths])
    near = 1e-6 * bounds[-1]
    if np.abs(bounds[:, None] - [start, stop]).min() < near:
        return  # on a border, within rounding: another test
    expected = np.flatnonzero((bounds[:-1] < stop) & (bounds[1:] > start))
    assert section.indices[start * um : stop * um].tolist() == expected.tolist()


def test_parts_have_the_geometry_of_their_compartments():
    morpho = example()
    part = morpho.axon[25 * um : 45 * um]
    assert_allclose(part.distance / um, [25, 35, 45]) and part.n == 3
    for name in ("length", "area", "volume", "r_length_1", "diameter"):
        assert (getattr(part, name) == getattr(morpho.axon, name)[2:5]).all()
    assert part[1].indices[:].tolist() == [4] and part["distance > 30*um"].n == 2
    assert part.x is None and morpho.generate_coordinates().axon[3].y.shape == (1,)
    assert repr(part) == "<Part: 3 of 18 compartments, of .axon>"


def test_conditions_choose_compartments_wherever_they_are():
    morpho = example()
    flat = morpho.compartments()
    far = morpho.indices["distance > 100*um and diameter < 2*um"]
    assert far.tolist() == np.flatnonzero((flat.distance > 100e-6) & (flat.diameter < 2e-6)).tolist()
    apart = morpho["area > 100*um**2 or distance > 120*um"].indices[:]
    assert apart.tolist() == [0, 13, 14, 15, 16, 17]  # the soma, a tip and the dendrite: not side by side
    assert morpho["i % 2 == 0 and not diameter > 2*um"].n == 7


def test_conditions_count_from_the_section_that_is_asked():
    morpho = example()
    assert morpho.axon["distance > 50*um"].indices[:].tolist() == [*range(6, 16)]
    assert morpho.axon.L["distance > 0*um"].n == 5 and morpho.dendrite["distance > 5.5*um"].n == 1


def test_conditions_may_use_constants_of_the_script():
    thin = 0.7 * um  # noqa: F841  # the conditions below use it
    morpho = example()
    assert morpho["diameter < thin"].n == 5 and morpho["distance > LIMIT and diameter > thin"].n == 5


def test_conditions_on_coordinates():
    morpho = Soma(diameter=10 * um, x=0 * um)
    morpho.up = Cylinder(y=[0, 100] * um, diameter=1 * um, n=10)
    morpho.right = Cylinder(x=[0, 100] * um, diameter=1 * um, n=10)
    assert morpho["x > y"].indices[:].tolist() == [*range(11, 21)] and morpho["sqrt(x**2 + y**2) > 90*um"].n == 2


def test_what_must_hold_for_all_can_be_written_without_names():
    assert example()["True"].n == 18 and example()["1*um > 2*um"].n == 0


@pytest.mark.parametrize("item", ["axon", "L", "dendrite"])
def test_a_text_that_is_a_name_is_a_section(item: str):
    morpho = example()
    assert (morpho.axon if item == "L" else morpho)[item].name == item
