"""What holds for all values and units."""

import operator
import pickle
from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.units import (
    ALL_UNITS,
    UNITS,
    DimensionMismatchError,
    dimension_of,
    get_unit,
    have_same_dimensions,
    in_unit,
    quantity,
)
from jupyspike_engine.units.ufuncs import RULES, agreed, plain

# Some came after the oldest numpy.
UFUNCS = {name: ufunc for name in RULES if isinstance(ufunc := getattr(np, name, None), np.ufunc)}
ONE_ARGUMENT = sorted(name for name, ufunc in UFUNCS.items() if ufunc.nin == 1 and RULES[name] is not plain)
TWO_OF_ONE_UNIT = sorted(name for name, ufunc in UFUNCS.items() if ufunc.nin == 2 and RULES[name] is agreed)

values = st.floats(0.5, 1e3)
units = st.sampled_from([UNITS[name] for name in ("volt", "mV", "uA", "ms", "nS", "um2", "mM", "kgram")])
named = st.sampled_from(sorted(ALL_UNITS)).map(ALL_UNITS.__getitem__)


@pytest.mark.parametrize("name", ONE_ARGUMENT)
@given(x=values, unit=units)
def test_a_function_is_numpys_on_base_units_and_takes_powers_of_units_to_powers(name, x, unit):
    function = getattr(np, name)
    result = function(x * unit)
    assert float(result) == float(function(float(x * unit)))
    assert dimension_of(function(x * unit**2)) is dimension_of(result) ** 2


@pytest.mark.parametrize("name", TWO_OF_ONE_UNIT)
@given(x=values, y=values, one=units, other=units)
def test_functions_of_two_values_need_one_dimension(name, x, y, one, other):
    function = getattr(np, name)
    a, b = x * one, y * other
    if a.dim is b.dim:
        assert float(function(a, b)) == float(function(float(a), float(b)))
        assert function(a, b).dim is a.dim
    else:
        with pytest.raises(DimensionMismatchError):
            function(a, b)


@given(x=values, unit=named)
def test_dividing_by_a_unit_undoes_multiplying_with_it(x, unit):
    assert isinstance(x * unit / unit, float)
    assert np.isclose(x * unit / unit, x, rtol=1e-15)


@given(x=values, unit=named)
def test_a_value_is_the_same_in_the_unit_without_a_prefix(x, unit):
    coherent = get_unit(unit.dim)
    assert np.isclose((x * unit) / coherent * coherent / unit, x, rtol=1e-15)


@given(x=st.floats(-1e6, 1e6), unit=units)
def test_the_text_of_a_value_in_a_unit_is_read_back(x, unit):
    number, symbol = in_unit(x * unit, unit, precision=17).split(" ")
    assert np.isclose(float(number), x, rtol=1e-12, atol=1e-12)
    assert symbol == str(unit)


@given(x=values, y=values, one=units, other=units)
def test_the_units_of_products_do_not_depend_on_their_order(x, y, one, other):
    a, b = x * one, y * other
    assert a * b == b * a
    assert dimension_of(a / b) is dimension_of(1 / (b / a))


products = st.tuples(units, units, st.integers(-2, 2)).map(lambda drawn: drawn[0] * drawn[1] ** drawn[2])
arrays = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=8).map(np.array)


@given(x=values, unit=products)
def test_the_representation_of_a_value_is_python_that_gives_it_back_as_precisely_as_it_is_printed(x, unit):
    q = x * unit
    back = eval(repr(q), {"array": np.array, **ALL_UNITS})
    assert have_same_dimensions(back, q) and np.isclose(back, q, rtol=1e-4)


@given(x=arrays, unit=products)
def test_what_is_pickled_copied_or_saved_as_plain_numbers_comes_back(x, unit):
    q = quantity(x, dimension_of(unit))
    for back in (pickle.loads(pickle.dumps(q)), deepcopy(q), q.copy(), quantity(np.asarray(q), dimension_of(q))):
        assert dimension_of(back) is dimension_of(q) and np.array_equal(np.asarray(back), x)


@given(x=arrays, y=arrays, unit=units)
def test_arrays_that_are_joined_can_be_taken_apart(x, y, unit):
    joined = np.concatenate([x * unit, y * unit])
    first, second = np.split(joined, [len(x)])
    assert np.all(first == x * unit) and np.all(second == y * unit)


@given(x=arrays, unit=units)
def test_sorting_and_indexing_do_what_they_do_to_plain_numbers(x, unit):
    q = x * unit
    plain_numbers = np.asarray(q)
    assert np.array_equal(np.asarray(np.sort(q)), np.sort(plain_numbers))
    assert np.array_equal(q.argsort(), plain_numbers.argsort())
    assert [float(item) for item in q] == plain_numbers.tolist()
    assert np.all(q[q > 0] > 0 * unit) and q[::-1].dim is q.dim


@given(x=arrays, y=st.floats(0.5, 10), one=units, other=units)
def test_changing_in_place_is_computing_anew(x, y, one, other):
    for operation in (operator.iadd, operator.isub, operator.imod):
        q = x * one
        if one.dim is other.dim:
            expected = getattr(operator, operation.__name__[1:])(q, y * other)
            assert np.array_equal(operation(q, y * other), expected)
        else:
            with pytest.raises(DimensionMismatchError):
                operation(q, y * other)
            assert np.all(q == x * one)


@given(x=arrays, unit=units)
def test_every_value_compares_with_zero_and_infinity_and_with_no_other_number(x, unit):
    q = x * unit
    assert np.array_equal(q > 0, np.asarray(q) > 0) and np.all(q < np.inf) and np.all(q != np.inf)
    with pytest.raises(DimensionMismatchError):
        _ = q < 1
