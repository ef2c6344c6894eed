"""Numbers and arrays with units: making, checking, changing, taking apart, copying."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.diagnostics import ArgumentTypeError
from jupyspike_engine.units import (
    DIMENSIONLESS,
    UNITS,
    DimensionMismatchError,
    Quantity,
    Unit,
    amp,
    dimension_of,
    get_dimensions,
    get_unit,
    have_same_dimensions,
    in_base_units,
    is_dimensionless,
    is_scalar_type,
    metre,
    ms,
    mV,
    nA,
    nS,
    ohm,
    quantity,
    second,
    volt,
)

VOLT = volt.dim
numbers = st.floats(-1e6, 1e6)
nonzero = numbers.filter(lambda x: abs(x) > 1e-6)
units = st.sampled_from([UNITS[name] for name in ("mV", "nS", "ms", "second", "pF", "um2", "Mohm", "mM", "hertz")])


class TestMaking:
    def test_a_number_times_a_unit_is_a_quantity_in_base_units(self):
        q = 10 * mV
        assert isinstance(q, Quantity)
        assert q.dim is q.dimensions is VOLT
        assert float(q) == 0.01

    @pytest.mark.parametrize(
        "values", [[1, 2], (1, 2), np.array([1, 2]), np.array([1.0, 2.0]), np.array([1, 2], dtype=np.uint8)]
    )
    def test_a_list_or_array_times_a_unit_is_an_array_of_doubles(self, values):
        q = values * mV
        assert isinstance(q, Quantity)
        assert q.dtype == np.float64
        assert np.allclose(np.asarray(q), [0.001, 0.002])

    def test_a_list_of_quantities_becomes_an_array(self):
        assert np.all(Quantity([1 * mV, 2 * volt]) == [1, 2000] * mV)

    def test_quantities_of_two_units_do_not_make_an_array(self):
        with pytest.raises(DimensionMismatchError, match="volt and amp"):
            Quantity([1 * mV, 2 * amp])

    def test_a_dimension_given_to_a_quantity_must_be_its_own(self):
        assert Quantity(3 * mV, dim=VOLT) == 3 * mV
        with pytest.raises(DimensionMismatchError, match="volt and second"):
            Quantity(3 * mV, dim=second.dim)

    def test_with_dimensions_makes_a_quantity_from_base_units(self):
        assert Quantity.with_dimensions(0.5, VOLT) == 500 * mV
        assert Quantity.with_dimensions(2, length=1, time=-1) == 2 * metre / second

    def test_a_quantity_without_a_dimension_behaves_as_a_number(self):
        q = Quantity([1.0, 2.0])
        assert q.is_dimensionless
        assert np.all(q + 1 == [2, 3])
        assert str(q) == "[1. 2.]"

    def test_making_a_quantity_of_an_array_of_doubles_does_not_copy(self):
        values = np.zeros(3)
        quantity(values, VOLT)[0] = 1 * volt
        assert values[0] == 1

    def test_making_a_quantity_copies_if_asked(self):
        values = np.zeros(3)
        Quantity(values, dim=VOLT, copy=True)[0] = 1 * volt
        assert values[0] == 0

    @pytest.mark.parametrize("thing", ["mV", ["a", "b"], None, object()])
    def test_only_numbers_have_a_unit(self, thing):
        with pytest.raises((ArgumentTypeError, TypeError)):
            thing * mV


class TestArithmetic:
    def test_addition_of_different_units_names_both_and_the_operation(self):
        with pytest.raises(DimensionMismatchError, match=r"3\. V \+ 2\. A.*volt and amp"):
            3 * volt + 2 * amp

    @given(numbers, nonzero, units, units)
    def test_addition_and_comparison_need_equal_dimensions(self, x, y, unit, other):
        left, right = x * unit, y * other
        if unit.dim is other.dim:
            assert (left + right).dim is unit.dim
            assert float(left + right) == float(left) + float(right)
            assert bool(left < right) == (float(left) < float(right))
        else:
            for operation in (lambda: left + right, lambda: left - right, lambda: left < right, lambda: left == right):
                with pytest.raises(DimensionMismatchError, match=f"{unit.dim} and {other.dim}".replace("*", r"\*")):
                    operation()

    @given(nonzero, nonzero, units, units)
    def test_multiplication_and_division_combine_dimensions(self, x, y, unit, other):
        assert dimension_of((x * unit) * (y * other)) is unit.dim * other.dim
        assert dimension_of((x * unit) / (y * other)) is unit.dim / other.dim

    @pytest.mark.parametrize("number", [1, 1.5, np.float64(2), np.array([1, 2]), [1, 2], True])
    def test_a_plain_number_is_dimensionless(self, number):
        with pytest.raises(DimensionMismatchError, match="second"):
            number + 1 * second
        with pytest.raises(DimensionMismatchError, match="second"):
            1 * second - number

    @pytest.mark.parametrize("zero", [0, 0.0, np.zeros(2), [0, 0]])
    def test_a_plain_zero_has_any_unit(self, zero):
        assert np.all(zero + 1 * mV == 1 * mV)
        assert np.all(1 * mV - zero == 1 * mV)
        assert np.all(1 * mV > zero)

    def test_a_zero_with_a_unit_has_that_unit_only(self):
        with pytest.raises(DimensionMismatchError):
            0 * mV + 1 * amp

    def test_infinity_may_be_compared_with_every_unit_but_not_added(self):
        assert 1 * mV < np.inf
        assert 1 * mV > -np.inf
        assert np.minimum(1 * mV, np.inf) == 1 * mV
        with pytest.raises(DimensionMismatchError):
            1 * mV + np.inf

    def test_not_a_number_has_no_unit(self):
        with pytest.raises(DimensionMismatchError):
            1 * mV < np.nan  # noqa: B015

    def test_a_result_without_a_dimension_is_a_plain_number_or_array(self):
        assert type([1, 2] * ms / ms) is np.ndarray
        assert type(2 * nA * (3 * ohm) / volt) is float
        assert (repr(20 * ms / ms), repr(ms / second)) == ("20.0", "0.001")

    def test_ohms_law(self):
        assert np.isclose(3 * nA * (2 * UNITS["Mohm"]), 6 * mV)

    def test_powers_change_the_dimension(self):
        assert (3 * metre) ** 2 == 9 * UNITS["metre2"]
        assert (4 * volt) ** 0.5 == 2 * volt**0.5
        assert dimension_of((1 * second) ** -0.5) is second.dim**-0.5

    def test_an_exponent_is_one_plain_number(self):
        with pytest.raises(DimensionMismatchError, match="without a unit"):
            (2 * volt) ** (2 * mV)
        with pytest.raises(DimensionMismatchError, match="array of powers"):
            [1, 2] * volt ** np.array([1, 2])

    def test_quotients_with_remainder(self):
        whole, rest = divmod(10 * ms, 3 * ms)
        assert whole == 3 == 10 * ms // (3 * ms)
        assert np.isclose(rest, 1 * ms)
        assert np.isclose(10 * ms % (3 * ms), 1 * ms)

    def test_signs(self):
        q = [-1, 2] * mV
        assert np.all(-q == [1, -2] * mV)
        assert np.all(abs(q) == [1, 2] * mV)
        assert np.all(+q == q)

    def test_the_builtin_functions_sum_max_and_sorted(self):
        values = [2 * mV, 1 * mV]
        assert sum(values) == 3 * mV
        assert max(values) == 2 * mV
        assert sorted(values) == [1 * mV, 2 * mV]

    @pytest.mark.parametrize("thing", [None, "mV", object()])
    def test_a_quantity_differs_from_what_is_no_number(self, thing):
        assert (1 * mV == thing) is False
        assert (1 * mV != thing) is True

    def test_another_type_may_decide_what_arithmetic_with_quantities_means(self):
        class View:
            __array_ufunc__ = None

            def __radd__(self, other):
                return ("radd", other)

        assert (1 * mV) + View() == ("radd", 1 * mV)

    def test_objects_with_a_dimension_count_as_quantities(self):
        class View:
            dim = VOLT

            def __array__(self, dtype=None, copy=None):
                return np.array([1.0, 2.0])

        assert np.all(View() + 0 * volt == [1, 2] * volt)
        assert dimension_of(View()) is VOLT
        with pytest.raises(DimensionMismatchError):
            1 * amp + View()


class TestChangingInPlace:
    def test_a_single_number_is_rebound(self):
        x = y = 1 * mV
        x += 1 * mV
        x *= 3
        assert (x, y) == (6 * mV, 1 * mV)

    def test_a_single_number_may_change_its_unit(self):
        x = 6 * mV
        x /= 2 * nS
        assert x == 3 * mV / nS

    def test_an_array_is_shared(self):
        q = r = [1, 2] * mV
        part = q[:1]
        q += 1 * mV
        q *= 2
        assert r is q
        assert np.all(r == [4, 6] * mV)
        assert part[0] == 4 * mV

    @pytest.mark.parametrize("change", ["q += 1", "q -= 1*amp", "q %= 2"])
    def test_the_unit_must_match(self, change):
        q = [1, 2] * mV
        with pytest.raises(DimensionMismatchError):
            exec(change, {"q": q, "volt": volt, "amp": amp})
        assert np.all(q == [1, 2] * mV)

    @pytest.mark.parametrize(
        ("change", "changed"),
        [
            ("q *= 2*volt", [2, 4] * (mV * volt)),
            ("q /= 2*second", [0.5, 1] * (mV / second)),
            ("q **= 2", [1, 4] * mV**2),
            ("q /= mV", [1, 2]),
            ("q //= mV", [1, 2]),
        ],
    )
    def test_a_change_of_unit_makes_a_new_array(self, change, changed):
        names = {"q": [1, 2] * mV, "volt": volt, "second": second, "mV": mV}
        before = names["q"]
        exec(change, names)
        assert np.allclose(names["q"], changed)
        assert np.all(before == [1, 2] * mV)

    def test_a_plain_array_gets_a_unit_as_a_new_array(self):
        x = before = np.array([1, 2])
        x *= mV
        assert np.all(x == [1, 2] * mV)
        assert np.array_equal(before, [1, 2])
        x = np.ones(2)
        with pytest.raises(DimensionMismatchError, match="1 and volt"):
            x += 1 * mV

    def test_units_never_change(self):
        x = mV
        x *= 2
        assert float(mV) == 0.001
        with pytest.raises(ValueError, match="read-only"):
            mV[...] = 3 * volt


class TestElements:
    def test_indexing_keeps_the_unit(self):
        q = [1, 2, 3] * mV
        assert q[0] == 1 * mV
        assert isinstance(q[0], Quantity)
        assert np.all(q[1:] == [2, 3] * mV)
        assert np.all(q[q > 1 * mV] == [2, 3] * mV)
        assert np.all(q[[0, 2]] == [1, 3] * mV)

    def test_iteration_gives_quantities(self):
        assert list([1, 2] * mV) == [1 * mV, 2 * mV]
        assert ([1, 2] * mV).tolist() == [1 * mV, 2 * mV]
        rows = list(np.ones((2, 3)) * mV)
        assert all(row.dim is VOLT and row.shape == (3,) for row in rows)

    def test_item_has_the_unit_and_float_has_not(self):
        assert (3 * mV).item() == 3 * mV
        assert ([1, 2] * volt).item(1) == 2 * volt
        assert float([1, 2] * volt @ [0, 1]) == 2.0

    def test_assignment_checks_units(self):
        q = [1, 2, 3] * mV
        q[0] = 1 * volt
        q[1:] = [5, 6] * mV
        assert np.all(q == [1000, 5, 6] * mV)
        with pytest.raises(DimensionMismatchError, match=r"assign 3\. A.*volt and amp"):
            q[0] = 3 * amp
        with pytest.raises(DimensionMismatchError, match="volt and 1"):
            q[0] = 3

    def test_zero_may_be_assigned_to_every_unit(self):
        q = [1, 2] * mV
        q[0] = 0
        assert np.all(q == [0, 2] * mV)

    def test_zeros_of_another_unit_do_not_take_a_value(self):
        q = Quantity(np.zeros(2))
        with pytest.raises(DimensionMismatchError):
            q[0] = 1 * mV

    def test_fill_and_put_check_units(self):
        q = [1, 2, 3] * mV
        q.fill(4 * mV)
        q.put([0], 5 * mV)
        assert np.all(q == [5, 4, 4] * mV)
        with pytest.raises(DimensionMismatchError):
            q.fill(4)
        with pytest.raises(DimensionMismatchError):
            q.put([0], 5 * nA)

    def test_shapes_change_without_losing_the_unit(self):
        q = np.arange(6).reshape(2, 3) * mV
        for changed in (q.T, q.ravel(), q.reshape(3, 2), q.flatten(), q.swapaxes(0, 1), q[None].squeeze(), q.copy()):
            assert changed.dim is VOLT

    def test_a_single_quantity_can_be_a_key_and_an_array_cannot(self):
        assert {1 * mV: "a"}[0.001 * volt] == "a"
        with pytest.raises(TypeError):
            hash([1, 2] * mV)


METHODS = {
    "max": VOLT,
    "min": VOLT,
    "sum": VOLT,
    "mean": VOLT,
    "std": VOLT,
    "ptp": VOLT,
    "var": VOLT**2,
    "prod": VOLT**6,
    "any": DIMENSIONLESS,
    "all": DIMENSIONLESS,
    "argmax": DIMENSIONLESS,
    "argmin": DIMENSIONLESS,
    "cumsum": VOLT,
    "argsort": DIMENSIONLESS,
    "round": VOLT,
    "trace": VOLT,
    "diagonal": VOLT,
    "conj": VOLT,
}


class TestMethods:
    values = np.array([[3.0, 1.0, 2.0], [5.0, 4.0, 0.0]])

    @pytest.mark.parametrize("method", METHODS)
    def test_a_method_computes_as_for_plain_values_and_gives_the_right_unit(self, method):
        result = getattr(self.values * volt, method)()
        assert dimension_of(result) is METHODS[method]
        plain = np.ptp(self.values) if method == "ptp" else getattr(self.values, method)()
        assert np.array_equal(np.asarray(result), plain)

    @pytest.mark.parametrize("method", ["max", "sum", "mean", "std", "var", "prod", "argmax", "cumsum"])
    def test_a_method_works_along_an_axis(self, method):
        result = getattr(self.values * volt, method)(axis=0)
        assert np.array_equal(np.asarray(result), getattr(self.values, method)(axis=0))

    def test_a_product_along_an_axis_has_the_unit_to_the_number_of_factors(self):
        assert (self.values * volt).prod(axis=0).dim is VOLT**2
        assert (self.values * volt).prod(axis=(0, 1)).dim is VOLT**6

    def test_sorting_in_place(self):
        q = [3, 1, 2] * mV
        q.sort()
        assert np.all(q == [1, 2, 3] * mV)

    def test_clip_takes_limits_of_the_unit(self):
        q = [1, 2, 3] * mV
        assert np.all(q.clip(1.5 * mV, 2.5 * mV) == [1.5, 2, 2.5] * mV)
        assert np.all(q.clip(0, np.inf) == q)
        with pytest.raises(DimensionMismatchError):
            q.clip(1, 2)

    def test_searchsorted_takes_values_of_the_unit(self):
        assert ([1, 2] * mV).searchsorted(1.5 * mV) == 1
        with pytest.raises(DimensionMismatchError):
            ([1, 2] * mV).searchsorted(1.5)

    def test_repeat_take_and_dot(self):
        q = [1, 2] * mV
        assert np.all(q.repeat(2) == [1, 1, 2, 2] * mV)
        assert np.all(q.take([1]) == [2] * mV)
        assert np.isclose(q.dot(q) / mV**2, 5)

    def test_a_cumulative_product_of_quantities_has_no_unit(self):
        with pytest.raises(DimensionMismatchError):
            ([1, 2] * mV).cumprod()

    def test_results_go_to_a_given_array_of_the_right_unit(self):
        out = np.zeros(3) * volt
        assert (self.values * volt).mean(axis=0, out=out) is out
        assert np.all(out == self.values.mean(axis=0) * volt)
        with pytest.raises(DimensionMismatchError):
            (self.values * volt).mean(axis=0, out=np.zeros(3))


class TestDroppingUnits:
    def test_plain_values_come_from_dividing_and_from_asarray(self):
        q = [1, 2] * mV
        assert np.all(q / mV == [1.0, 2.0])
        assert type(np.asarray(q)) is np.ndarray
        assert np.shares_memory(np.asarray(q), q)
        assert not np.shares_memory(np.array(q), q)
        assert np.all(np.array(q) == [0.001, 0.002])

    def test_numbers_convert(self):
        assert float(3 * mV) == 0.003
        assert int(30 * ms / ms) == 30
        assert bool(0 * mV) is False


class TestCopies:
    @pytest.mark.parametrize("q", [3 * mV, [1, 2] * nS, np.ones((2, 2)) * second**0.5, mV, UNITS["uA"] / UNITS["cm2"]])
    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda q: pickle.loads(pickle.dumps(q))])
    def test_a_copy_is_equal_with_the_same_unit_and_type(self, q, duplicate):
        other = duplicate(q)
        assert type(other) is type(q)
        assert other.dim is q.dim
        assert np.all(other == q)
        assert repr(other) == repr(q)

    def test_a_copy_of_an_array_shares_nothing(self):
        q = [1, 2] * mV
        other = copy.deepcopy(q)
        other[0] = 5 * mV
        assert q[0] == 1 * mV


class TestQuestions:
    def test_dimensions_of_anything(self):
        assert get_dimensions(3 * mV) is VOLT
        assert get_dimensions(VOLT) is VOLT
        assert get_dimensions(3) is get_dimensions([1, 2]) is get_dimensions(np.ones(2)) is DIMENSIONLESS
        assert get_dimensions([1 * mV, 2 * mV]) is VOLT
        with pytest.raises(ArgumentTypeError):
            get_dimensions("volt")

    def test_comparing_dimensions(self):
        assert have_same_dimensions(1 * ohm * amp, 3 * mV)
        assert not have_same_dimensions(1 * ohm, 1)
        assert (3 * mV).has_same_dimensions(volt)
        assert is_dimensionless(3 * mV / volt)
        assert not is_dimensionless(3 * mV)

    def test_single_numbers_are_told_from_arrays_and_texts(self):
        assert all(is_scalar_type(x) for x in (1, 2.5, True, np.float64(1), np.array(1), mV / volt))
        assert not any(is_scalar_type(x) for x in ([1], np.ones(2), [1] * mV, "1", None, {}, 3 * mV))

    def test_the_unit_of_a_dimension_has_no_prefix(self):
        assert repr(get_unit(VOLT)) == "volt"
        assert repr(get_unit(3 * mV / ms)) == "volt / second"
        assert isinstance(get_unit(3 * mV), Unit)
        assert float(get_unit(3 * UNITS["mM"])) == 1.0

    def test_an_argument_is_brought_to_base_units(self):
        assert in_base_units(3 * ms, second, "argument 'dt'") == 0.003
        assert in_base_units(0, second, "argument 'dt'") == 0
        assert np.all(in_base_units([1 * ms, 2 * second], second, "times") == [0.001, 2])
        with pytest.raises(DimensionMismatchError, match=r"Argument 'dt' needs a value in second, not 3 \(unit is 1\)"):
            in_base_units(3, second, "argument 'dt'")
