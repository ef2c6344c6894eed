"""Quantities are written in the unit in which they read best, and their representation is Python code for them."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jupyspike_engine.units import (
    DIMENSIONLESS,
    UNITS,
    DimensionMismatchError,
    Quantity,
    Unit,
    amp,
    cm,
    farad,
    gram,
    in_best_unit,
    in_unit,
    joule,
    kelvin,
    kilogram,
    metre,
    mM,
    mole,
    ms,
    msecond,
    mV,
    mvolt,
    nA,
    nS,
    ohm,
    pascal,
    pfarad,
    register_new_unit,
    second,
    siemens,
    uA,
    uF,
    um,
    volt,
)

NAMES = {**UNITS, "array": np.array, "nan": np.nan, "inf": np.inf}


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (1 * mV, "1. mV"),
        (10 * ms, "10. ms"),
        (-70 * mV, "-70. mV"),
        (0.5 * mV, "500. uV"),
        (1000 * mV, "1. V"),
        (999.99999999999 * mV, "1. V"),
        (2000 * second, "2000. s"),
        (0 * volt, "0. V"),
        (np.inf * volt, "inf V"),
        (np.nan * volt, "nan V"),
        ([1, 2] * mV, "[1. 2.] mV"),
        ([0, 0.5, 100] * ms, "[  0.    0.5 100. ] ms"),
        (5 * nS / ms, "5. uS/s"),
        (10 * uA / cm**2, "10. uA/cm^2"),
        (1 * uF / cm**2, "1. uF/cm^2"),
        (0.3 * UNITS["mS"] / cm**2, "300. uS/cm^2"),
        (20000 * um**2, "20000. um^2"),
        (100 * ohm * cm, "1. ohm m"),
        (4 * mM, "4. mM"),
        (2 * mV / second**0.5, "2. mV/s^0.5"),
        (3 / second**0.5, "3. s^-0.5"),
        (15 / second, "15. Hz"),
        (70 * kilogram, "70. kg"),
        (1 * gram, "1. g"),
        (8 * joule / kelvin / mole, "8. J/(K mol)"),
        (3 * pascal, "3. Pa"),
        (Quantity(1.5), "1.5"),
    ],
)
def test_a_quantity_is_printed_in_a_readable_unit(quantity, text):
    assert str(quantity) == f"{quantity}" == text


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (10 * mV, "10. * mvolt"),
        ([1, 2] * mV, "array([1., 2.]) * mvolt"),
        ([[1, 2], [3, 4]] * nS, "array([[1., 2.],\n       [3., 4.]]) * nsiemens"),
        (5 * nS / ms, "5. * usiemens / second"),
        (10 * uA / cm**2, "10. * uamp / cmetre ** 2"),
        (3 / second**0.5, "3. / second ** 0.5"),
        ((1 + 2j) * mV, "(1.+2.j) * mvolt"),
        (np.inf * volt, "float('inf') * volt"),
        ([np.nan, 1] * volt, "array([nan,  1.]) * volt"),
    ],
)
def test_the_representation_is_python_code(quantity, code):
    assert repr(quantity) == code
    np.testing.assert_allclose(eval(code, dict(NAMES)), quantity, rtol=1e-15)


short_numbers = st.integers(-99_999, 99_999).map(lambda n: n / 100)
unit_names = st.sampled_from(
    ["mV", "nS", "ms", "pF", "um2", "Mohm", "mM", "Hz", "uA", "ksiemens", "cm", "mmetre3", "kgram"]
)


@given(short_numbers, unit_names, unit_names)
def test_evaluating_the_representation_gives_the_quantity_back(number, name, other):
    unit, product = UNITS[name], UNITS[name] * UNITS[other]
    assume(isinstance(product, Unit))
    for quantity in (number * unit, number * product, [number, 1] * unit):
        back = eval(repr(quantity), dict(NAMES))
        assert back.dim is quantity.dim
        # eight digits are printed
        np.testing.assert_allclose(back, quantity, rtol=1e-7, atol=1e-8 * np.max(np.abs(quantity)))


@given(short_numbers.filter(bool), st.sampled_from(["mV", "nS", "nF", "Mohm", "Hz", "uA", "ksiemens", "mjoule"]))
def test_a_single_number_is_printed_with_one_to_three_digits_before_the_point(number, name):
    printed = abs(float(str(number * UNITS[name]).split()[0]))
    assert 1 <= printed < 1000


@given(short_numbers, unit_names)
def test_the_value_in_a_unit_is_the_quotient(number, name):
    unit = UNITS[name]
    text = (number * unit).in_unit(unit)
    value, symbol = text.split(" ", 1)
    assert symbol == str(unit)
    assert np.isclose(float(value), number)


def test_a_unit_may_be_chosen():
    assert in_unit(3 * volt, mvolt) == (3 * volt).in_unit(mvolt) == "3000. mV"
    assert in_unit(123123 * msecond, second, 2) == "123.12 s"
    assert in_unit(10 * mV, ohm * amp) == "0.01 ohm A"
    assert (3 * volt).in_unit(mvolt, python_code=True) == "3000. * mvolt"
    assert (10 * mV).in_unit(4 * mV) == "2.5 (4. mV)"
    assert in_unit(0.5, Quantity(1.0)) == "0.5 (1.)"


def test_a_chosen_unit_must_fit():
    with pytest.raises(DimensionMismatchError, match="siemens and ohm"):
        in_unit(10 * nS, ohm)
    with pytest.raises(DimensionMismatchError, match="siemens and 1"):
        (10 * nS).in_unit(1)


def test_the_best_unit_with_a_number_of_digits():
    assert in_best_unit(0.00123456 * volt) == "1.23456 mV"
    assert in_best_unit(0.00123456 * volt, 2) == "1.23 mV"
    assert in_best_unit(0.123456) == "0.123456"
    assert in_best_unit(0.123456, 2) == "0.12"
    assert (1.5 * nA).get_best_unit() == nA
    assert repr((1.5 * nA).get_best_unit()) == "namp"


def test_a_format_applies_to_the_number_in_the_best_unit():
    assert f"{70.123 * mV:.1f}" == "70.1 mV"
    assert f"{Quantity(0.5):.2f}" == "0.50"
    assert f"{mV:>4}" == "  mV"


def test_long_arrays_are_shortened_in_messages():
    with pytest.raises(DimensionMismatchError) as error:
        np.ones(1000) * mV + np.ones(1000) * amp
    assert len(str(error.value)) < 200


@pytest.mark.parametrize(
    ("quantity", "latex"),
    [
        (10 * mV, r"$10\,\mathrm{mV}$"),
        (3 * ohm, r"$3\,\Omega$"),
        (3 * UNITS["kohm"], r"$3\,\mathrm{k}\Omega$"),
        (2 * UNITS["uA"], r"$2\,\mathrm{\mu A}$"),
        (5 * nS / ms, r"$5\,\frac{\mathrm{\mu S}}{\mathrm{s}}$"),
        (2 * metre**2, r"$2\,\mathrm{m}^{2}$"),
        ([1, 2] * mV, r"$\left[\begin{matrix}1 & 2\end{matrix}\right]\,\mathrm{mV}$"),
        ([[1, 2], [3, 4]] * mV, r"$\left[\begin{matrix}1 & 2\\3 & 4\end{matrix}\right]\,\mathrm{mV}$"),
        (np.inf * volt, r"$\infty\,\mathrm{V}$"),
        (np.ones((1, 1, 1)) * volt, r"$\text{array of shape (1, 1, 1)}\,\mathrm{V}$"),
        (Quantity(1.5), "$1.5$"),
        (1e-20 * volt, r"$1 \times 10^{-20}\,\mathrm{V}$"),
        (mV, r"$\mathrm{mV}$"),
    ],
)
def test_a_notebook_shows_latex(quantity, latex):
    assert quantity._repr_latex_() == latex


@pytest.mark.parametrize(
    ("dimension", "latex"),
    [(DIMENSIONLESS, "$1$"), (volt.dim, r"$\mathrm{V}$"), ((metre / second).dim, r"$\frac{\mathrm{m}}{\mathrm{s}}$")],
)
def test_a_notebook_shows_the_latex_of_dimensions(dimension, latex):
    assert dimension._repr_latex_() == latex


def test_latex_of_a_large_array_is_short():
    text = (np.ones((200, 200)) * mV)._repr_latex_()
    assert r"\vdots" in text
    assert r"\dots" in text
    assert len(text) < 1000


def test_a_registered_unit_is_preferred():
    moment = 3 * farad * metre**3 * kelvin
    assert str(moment) == "3. F m^3 K"
    register_new_unit(pfarad * metre**3 * kelvin)
    assert str(moment) == "3.e+12 pF m^3 K"
    register_new_unit(siemens * second * metre**3 * kelvin)
    assert str(moment) == "3. S s m^3 K"


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (1.6e-19 * UNITS["coulomb"], "1.6e-19 C"),
        (1e-13 * amp, "0.1 pA"),
        (1e14 * volt, "100. TV"),
        (1e20 * volt, "1.e+20 V"),
        (np.array([1e-20, 2e-20]) * volt, "[1.e-20 2.e-20] V"),
    ],
)
def test_what_no_prefix_suits_is_shown_in_base_units(quantity, shown):
    assert str(quantity) == shown
