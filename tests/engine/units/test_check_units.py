"""The decorator `check_units` checks what goes into a function and what comes out."""

import numpy as np
import pytest

from jupyspike_engine.diagnostics import ArgumentTypeError
from jupyspike_engine.units import DimensionMismatchError, amp, check_units, mV, ohm, second, volt


@check_units(I=amp, R=ohm, wibble=second, result=volt)
def voltage(I, R, **others):  # noqa: E741
    return I * R


def test_right_units_pass():
    assert voltage(2 * amp, 3 * ohm) == 6 * volt
    assert voltage(R=3 * ohm, I=2 * amp) == 6 * volt


def test_a_wrong_argument_is_named_with_both_units():
    with pytest.raises(
        DimensionMismatchError,
        match=r'"voltage" expected a quantity with unit ohm for argument "R" but got 3 \(unit is 1\)',
    ):
        voltage(2 * amp, 3)


def test_keywords_that_the_function_collects_are_checked():
    assert voltage(1 * amp, 1 * ohm, wibble=1 * second, other=1) == 1 * volt
    with pytest.raises(DimensionMismatchError, match="wibble"):
        voltage(1 * amp, 1 * ohm, wibble=1)


def test_texts_none_and_zero_pass():
    @check_units(v=volt)
    def identity(v):
        return v

    assert identity("v") == "v"
    assert identity(None) is None
    assert identity(0) == 0


def test_a_wrong_result_is_an_error():
    @check_units(result=second)
    def wrong():
        return 3 * mV

    with pytest.raises(DimensionMismatchError, match="unit second as its result but got 3"):
        wrong()


def test_the_unit_of_the_result_may_depend_on_the_arguments():
    @check_units(x=second, result=lambda x: x**2)
    def square(x):
        return x**2

    @check_units(result=lambda a, b: a * b)
    def product(a, b):
        return a * b

    assert square(3 * second) == 9 * second**2
    assert product(2 * amp, 3 * ohm) == 6 * volt
    assert product(2, 3) == 6


def test_an_argument_may_have_the_unit_of_another():
    @check_units(a=None, b="a")
    def total(a, b):
        return a + b

    assert total(1, 2) == 3
    assert total(1 * mV, 2 * mV) == 3 * mV
    assert total("a", "b") == "ab"
    with pytest.raises(DimensionMismatchError, match='"b"'):
        total(1 * mV, 2)


def test_a_truth_value_is_no_number():
    @check_units(flag=bool, result=bool)
    def negate(flag):
        return not flag

    assert negate(True) is False
    assert check_units(result=bool)(lambda: np.array([True, False]))().any()
    with pytest.raises(ArgumentTypeError, match="flag"):
        negate(1)


def test_a_number_may_be_a_truth_value():
    assert check_units(x=1)(lambda x: x)(True) is True


def test_defaults_are_checked():
    with pytest.raises(DimensionMismatchError, match='"x"'):
        check_units(x=volt)(lambda x=3: x)()


def test_the_declaration_can_be_read():
    assert voltage.unit_rules.arguments == {"I": amp, "R": ohm, "wibble": second}
    assert voltage.unit_rules.result == volt
    assert voltage.__name__ == "voltage"
