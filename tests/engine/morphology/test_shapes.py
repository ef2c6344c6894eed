"""The geometry of spheres and truncated cones against formulas, and what stays the same under refinement."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from jupyspike import Cylinder, Hz, Section, Soma, cm, ohm, uF, um

LENGTHS = st.lists(st.floats(0.1, 300), min_size=1, max_size=12)


@st.composite
def sections(draw):
    """Sections of truncated cones, with coordinates or with lengths."""
    lengths = draw(LENGTHS)
    n = len(lengths)
    diameters = draw(st.lists(st.floats(0.1, 20), min_size=n + 1, max_size=n + 1))
    if draw(st.booleans()):
        return Section(diameter=diameters * um, length=lengths * um, n=n)
    x, y = np.cumsum([0.0, *lengths]), np.sin(np.arange(n + 1))
    return Section(diameter=diameters * um, x=x * um, y=y * um, n=n)


def test_a_soma_is_a_sphere():
    soma = Soma(diameter=30 * um)
    assert_allclose(soma.area / um**2, np.pi * 30**2)
    assert_allclose(soma.volume / um**3, np.pi * 30**3 / 6)
    assert soma.n == 1 and soma.distance == 0 * um and soma.end_distance == 0 * um


def test_a_cylinder_in_compartments():
    cylinder = Cylinder(diameter=2 * um, length=100 * um, n=4)
    assert_allclose(cylinder.area / um**2, np.full(4, np.pi * 2 * 25))
    assert_allclose(cylinder.volume / um**3, np.full(4, np.pi * 25))
    # conductance of half a compartment, times the resistivity: cross-section by length
    assert_allclose(cylinder.r_length_1 / um, np.full(4, np.pi / 12.5))
    assert_allclose(cylinder.distance / um, [12.5, 37.5, 62.5, 87.5])


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.floats(0.1, 500))
def test_a_truncated_cone(a: float, b: float, length: float):
    cone = Section(diameter=[a, b] * um, length=[length] * um)
    slant = np.hypot(length, (a - b) / 2)
    assert_allclose(cone.area / um**2, np.pi * (a + b) / 2 * slant)
    assert_allclose(cone.volume / um**3, np.pi * length / 12 * (a * a + a * b + b * b))
    # resistance is the integral of 4/(pi d**2) along the cone
    assert_allclose(um / cone.r_length_1 + um / cone.r_length_2, 4 * length / (np.pi * a * b))
    assert cone.start_diameter == a * um and cone.end_diameter == b * um


@given(sections(), st.integers(1, 40))
def test_dividing_a_section_otherwise_keeps_length_area_volume_and_resistance(section: Section, n: int):
    divided = section.discretized(n=n)
    assert divided.n == n
    for name in ("length", "area", "volume"):
        assert_allclose(np.sum(getattr(divided, name)), np.sum(getattr(section, name)), rtol=1e-9)
    resistance = [np.sum(1 / s.r_length_1 + 1 / s.r_length_2) for s in (section, divided)]
    assert_allclose(*resistance, rtol=1e-9)
    assert divided.end_distance == section.end_distance
    assert_allclose(divided.start_diameter_[0], section.start_diameter_[0])
    assert_allclose(divided.end_diameter_[-1], section.end_diameter_[-1])


@given(sections(), st.integers(1, 40))
def test_dividing_twice_is_dividing_once(section: Section, n: int):
    assert_allclose(section.discretized(n=7).discretized(n=n).area_, section.discretized(n=n).area_)


@given(sections(), st.integers(2, 5))
def test_finer_compartments_add_up_to_coarser_ones(section: Section, k: int):
    coarse, fine = section.discretized(n=4), section.discretized(n=4 * k)
    assert_allclose(fine.area_.reshape(4, k).sum(axis=1), coarse.area_, rtol=1e-9)
    assert_allclose(fine.volume_.reshape(4, k).sum(axis=1), coarse.volume_, rtol=1e-9)
    if section.coordinates is not None:
        assert_allclose(fine.coordinates_[::k], coarse.coordinates_, atol=1e-15)


def test_the_lambda_rule_gives_the_numbers_of_its_authors():
    # lambda_f = 1e5*sqrt(diam/(4*pi*f*Ra*cm)), in um, ohm cm, uF/cm2
    for length, diameter in ((1000, 1.0), (200, 0.3), (20, 5.0), (777, 2.5)):
        constant = 1e5 * np.sqrt(diameter / (4 * np.pi * 100 * 150 * 0.9))
        expected = int((length / (0.1 * constant) + 0.9) / 2) * 2 + 1
        assert Cylinder(length=length * um, diameter=diameter * um).discretized().n == expected


@given(sections(), st.floats(0.02, 1))
def test_compartments_are_hardly_longer_than_the_rule_says(section: Section, d_lambda: float):
    divided = section.discretized(d_lambda, frequency=50 * Hz, Ri=100 * ohm * cm, Cm=1 * uF / cm**2)
    thickest = np.max(np.append(section.start_diameter_, section.end_diameter_))
    longest = d_lambda * 0.5 * np.sqrt(thickest / (np.pi * 50 * 1.0 * 0.01))
    assert divided.n % 2 == 1 and divided.length_[0] <= longest * (1 + 0.11 / divided.n)


def test_a_longest_length_in_place_of_the_rule():
    assert Cylinder(length=100 * um, diameter=1 * um).discretized(max_length=30 * um).length[0] == 25 * um


def test_a_discretized_tree_keeps_its_somata_names_and_report():
    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(length=100 * um, diameter=1 * um, n=50)
    divided = morpho.discretized(n=3)
    assert (divided.n, divided.axon.n, morpho.axon.n) == (1, 3, 50)


@pytest.mark.parametrize("n", [1, 3, 10])
def test_cylinders_and_sections_of_the_same_form_are_the_same(n: int):
    cylinder = Cylinder(length=90 * um, diameter=3 * um, n=n)
    section = Section(length=[90 / n] * n * um, diameter=[3] * (n + 1) * um, n=n)
    for name in ("length", "area", "volume", "r_length_1", "r_length_2", "distance", "diameter"):
        assert_allclose(getattr(cylinder, name), getattr(section, name), rtol=1e-12)
