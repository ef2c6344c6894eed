"""numpy's ufuncs compute on quantities what they compute on plain values, with units to match."""

import numpy as np
import pytest

from jupyspike_engine.units import DIMENSIONLESS, DimensionMismatchError, amp, dimension_of, mV, quantity, second, volt

VOLT, AMP = volt.dim, amp.dim
X = np.array([0.25, 0.5, 0.75])
Y = np.array([0.5, 0.25, 0.75])

SAME_UNIT = ["add", "subtract", "remainder", "fmod", "maximum", "minimum", "fmax", "fmin", "hypot"]
COMPARISONS = ["less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "arctan2"]
UNARY = {
    **dict.fromkeys(["negative", "positive", "absolute", "fabs", "conjugate", "rint", "floor", "ceil", "trunc"], VOLT),
    "square": VOLT**2,
    "sqrt": VOLT**0.5,
    "cbrt": VOLT ** (1 / 3),
    "reciprocal": 1 / VOLT,
    **dict.fromkeys(["isfinite", "isinf", "isnan", "sign", "signbit", "logical_not"], DIMENSIONLESS),
}
NEEDS_NO_UNIT = """exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh
arctanh deg2rad rad2deg degrees radians modf frexp"""


@pytest.mark.parametrize("name", SAME_UNIT)
def test_two_values_of_one_unit_give_a_value_of_that_unit(name):
    ufunc = getattr(np, name)
    result = ufunc(X * volt, Y * volt)
    assert result.dim is VOLT
    assert np.array_equal(np.asarray(result), ufunc(X, Y))
    with pytest.raises(DimensionMismatchError, match="volt and amp"):
        ufunc(X * volt, Y * amp)
    with pytest.raises(DimensionMismatchError, match="volt and 1"):
        ufunc(X * volt, Y)


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparing_values_of_one_unit_gives_a_plain_result(name):
    ufunc = getattr(np, name)
    result = ufunc(X * volt, Y * volt)
    assert type(result) is np.ndarray
    assert np.array_equal(result, ufunc(X, Y))
    with pytest.raises(DimensionMismatchError, match="volt and amp"):
        ufunc(X * volt, Y * amp)


@pytest.mark.parametrize("name", UNARY)
def test_a_ufunc_of_one_value_gives_its_unit(name):
    ufunc = getattr(np, name)
    result = ufunc(X * volt)
    assert dimension_of(result) is UNARY[name]
    assert np.array_equal(np.asarray(result), ufunc(X))


@pytest.mark.parametrize("name", NEEDS_NO_UNIT.split())
def test_a_function_of_plain_numbers_refuses_units_and_says_what_to_do(name):
    ufunc = getattr(np, name)
    with pytest.raises(DimensionMismatchError, match=rf"{ufunc.__name__}\(x / volt\)"):
        ufunc(X * volt)
    inside = 1 / X if name == "arccosh" else X
    assert np.array_equal(ufunc(inside * volt / volt), ufunc(inside))


def test_products_and_quotients_combine_units():
    assert np.multiply(X * volt, Y * amp).dim is VOLT * AMP
    assert np.divide(X * volt, Y * amp).dim is VOLT / AMP
    assert np.floor_divide(X * volt, Y * amp).dim is VOLT / AMP
    assert np.matmul(X * volt, Y * amp).dim is VOLT * AMP
    assert np.power(X * volt, 3).dim is VOLT**3
    assert np.float_power(X * volt, 0.5).dim is VOLT**0.5


def test_logic_takes_values_of_any_unit():
    assert np.array_equal(np.logical_and([0, 1] * volt, [1, 1] * amp), [False, True])


def test_a_ufunc_of_another_package_takes_plain_numbers_only():
    double = np.frompyfunc(lambda x: 2 * x, 1, 1)
    with pytest.raises(DimensionMismatchError):
        double(X * volt)


def test_results_are_written_only_where_the_unit_fits():
    out = np.zeros(3) * volt
    assert np.add(X * volt, Y * volt, out=out) is out
    assert np.array_equal(np.asarray(out), X + Y)
    plain = np.zeros(3)
    assert np.divide(X * volt, Y * volt, out=plain) is plain
    with pytest.raises(DimensionMismatchError):
        np.add(X * volt, Y * volt, out=plain)
    with pytest.raises(DimensionMismatchError):
        np.multiply(X * volt, Y * volt, out=out)


def test_a_ufunc_may_be_limited_to_some_elements():
    out = X * volt
    np.negative(X * volt, out=out, where=np.array([True, False, True]))
    assert np.array_equal(np.asarray(out), [-0.25, 0.5, -0.75])


class TestReductions:
    def test_sums_and_extremes_keep_the_unit(self):
        for ufunc in (np.add, np.maximum, np.minimum, np.fmax):
            assert ufunc.reduce(X * volt) == ufunc.reduce(X) * volt
            assert ufunc.accumulate(X * volt).dim is VOLT

    def test_a_product_has_the_unit_to_the_number_of_factors(self):
        assert np.multiply.reduce(X * volt).dim is VOLT**3
        assert np.multiply.reduce(np.ones((2, 3)) * volt, axis=None).dim is VOLT**6

    def test_a_running_product_or_exponential_sum_has_no_unit(self):
        with pytest.raises(DimensionMismatchError):
            np.multiply.accumulate(X * volt)
        with pytest.raises(DimensionMismatchError):
            np.logaddexp.reduce(X * volt)

    def test_logical_reductions_are_plain(self):
        assert np.logical_or.reduce([0, 1] * volt) == True  # noqa: E712
        assert np.array_equal(np.logical_and.accumulate([1, 0, 1] * volt), [True, False, False])

    def test_a_start_value_has_the_unit_too(self):
        assert np.add.reduce(X * volt, initial=1 * volt) == 2.5 * volt
        assert np.sum(X * volt, initial=0) == 1.5 * volt
        with pytest.raises(DimensionMismatchError):
            np.add.reduce(X * volt, initial=1)


def test_outer_products_follow_the_rule_of_the_ufunc():
    assert np.multiply.outer(X * volt, Y * amp).dim is VOLT * AMP
    assert np.subtract.outer(X * volt, Y * volt).shape == (3, 3)
    with pytest.raises(DimensionMismatchError):
        np.add.outer(X * volt, Y)


def test_changes_at_indices_check_units():
    q = [1, 2] * mV
    np.add.at(q, [0, 0], 1 * mV)
    assert np.all(q == [3, 2] * mV)
    with pytest.raises(DimensionMismatchError):
        np.add.at(q, [0], 1)
    with pytest.raises(DimensionMismatchError):
        np.multiply.at(q, [0], 2 * second)


def test_single_numbers_and_complex_ones_work_as_arrays_do():
    assert np.sqrt(4 * volt) == quantity(2.0, VOLT**0.5)
    assert np.absolute((3 + 4j) * volt) == 5 * volt
