"""Dimensions form a commutative group under multiplication, with rational powers, and are written as a reader would."""

import copy
import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.units.dimensions import (
    AMPERE,
    BASE_NAMES,
    CANDELA,
    COHERENT_UNITS,
    DIMENSIONLESS,
    KELVIN,
    KILOGRAM,
    METRE,
    MOLE,
    SECOND,
    Dimension,
    get_or_create_dimension,
)

VOLT, SIEMENS, FARAD = (COHERENT_UNITS[name] for name in ("volt", "siemens", "farad"))

exponents = st.tuples(*[st.fractions(min_value=-4, max_value=4, max_denominator=4)] * 7)
dimensions = exponents.map(Dimension)
rationals = st.fractions(min_value=-3, max_value=3, max_denominator=4)


@given(dimensions, dimensions, dimensions)
def test_multiplication_is_associative_and_commutative(a, b, c):
    assert (a * b) * c is a * (b * c)
    assert a * b is b * a


@given(dimensions)
def test_the_dimension_of_a_number_is_neutral_and_every_dimension_has_an_inverse(a):
    assert a * DIMENSIONLESS is a
    assert a / a is DIMENSIONLESS
    assert a * (1 / a) is DIMENSIONLESS


@given(dimensions, rationals, rationals)
def test_powers_follow_the_laws_of_exponents(a, p, q):
    assert a**p * a**q is a ** (p + q)
    assert (a**p) ** q is a ** (p * q)


@given(dimensions)
def test_a_third_as_a_float_is_exactly_a_third(a):
    assert a ** (1 / 3) is a ** Fraction(1, 3)
    assert (a ** (1 / 3)) ** 3 is a


@given(dimensions)
def test_equal_dimensions_are_one_object_also_after_copying_and_pickling(a):
    assert Dimension(a.exponents) is a
    assert pickle.loads(pickle.dumps(a)) is a
    assert copy.deepcopy(a) is copy.copy(a) is a


@given(dimensions)
def test_the_text_of_a_dimension_is_python_for_it(a):
    text = str(a)
    text = f"DIMENSIONLESS{text[1:]}" if text.startswith("1") else text
    assert eval(text, {"DIMENSIONLESS": DIMENSIONLESS, **COHERENT_UNITS}) is a


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        (DIMENSIONLESS, "1"),
        (VOLT, "volt"),
        (VOLT / SECOND, "volt / second"),
        (AMPERE / METRE**2, "amp / metre ** 2"),
        (SIEMENS / METRE**2, "siemens / metre ** 2"),
        (FARAD / METRE**2, "farad / metre ** 2"),
        (SIEMENS, "siemens"),
        (SIEMENS / SECOND, "siemens / second"),
        (SIEMENS / VOLT, "siemens / volt"),
        (VOLT**2 / SECOND, "volt ** 2 / second"),
        (VOLT / SECOND**0.5, "volt / second ** 0.5"),
        (1 / SECOND**0.5, "1 / second ** 0.5"),
        (1 / SECOND, "hertz"),
        (1 / SECOND**2, "1 / second ** 2"),
        (1 / (VOLT * SECOND), "hertz / volt"),
        (VOLT * METRE / AMPERE, "ohm * metre"),
        (MOLE / METRE**3, "mmolar"),
        (METRE / SECOND, "metre / second"),
        (METRE ** (1 / 3), "metre ** (1/3)"),
        (METRE**2 * KILOGRAM / SECOND**2 / KELVIN / MOLE, "joule / kelvin / mole"),
        (CANDELA, "candela"),
    ],
)
def test_a_dimension_is_written_with_the_units_of_the_field(dimension, text):
    assert str(dimension) == text


def test_only_the_dimension_of_numbers_is_dimensionless():
    assert DIMENSIONLESS.is_dimensionless
    assert (VOLT / VOLT).is_dimensionless
    assert not VOLT.is_dimensionless


def test_a_dimension_is_made_from_exponents_or_from_names():
    assert get_or_create_dimension((2, 1, -3, -1, 0, 0, 0)) is VOLT
    assert get_or_create_dimension(length=2, mass=1, time=-3, current=-1) is VOLT
    assert get_or_create_dimension(m=2, kg=1, s=-3, A=-1) is VOLT
    assert get_or_create_dimension(metre=1, second=-1) is METRE / SECOND


@pytest.mark.parametrize(
    ("arguments", "keywords"), [(((1, 2), (3, 4)), {}), (((0,) * 7,), {"m": 1}), ((), {"lenght": 1})]
)
def test_a_wrong_way_to_name_a_dimension_is_a_type_error(arguments, keywords):
    with pytest.raises(TypeError):
        get_or_create_dimension(*arguments, **keywords)


def test_a_dimension_has_seven_finite_exponents():
    with pytest.raises(ValueError, match="7 exponents"):
        Dimension((1, 2))
    with pytest.raises(ValueError, match="finite"):
        Dimension((float("nan"),) * 7)


def test_exponents_are_fractions_in_the_order_of_the_base_units():
    assert BASE_NAMES == ("metre", "kilogram", "second", "amp", "kelvin", "mole", "candela")
    assert (METRE * SECOND**-0.5).exponents == (1, 0, Fraction(-1, 2), 0, 0, 0, 0)
    with pytest.raises(AttributeError):
        METRE.exponents = (0,) * 7
