"""What holds for all values and units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.units import ALL_UNITS, UNITS, DimensionMismatchError, dimension_of, get_unit, in_unit
from jupyspike_engine.units.ufuncs import RULES, agreed, plain

UFUNCS = {name: getattr(np, name) for name in RULES if isinstance(getattr(np, name), np.ufunc)}
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
