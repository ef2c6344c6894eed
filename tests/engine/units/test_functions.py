"""The functions of the star import: numpy's own, and those that numpy does not ask quantities about."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.units import (
    DIMENSIONLESS,
    DimensionMismatchError,
    Quantity,
    dimension_of,
    functions,
    ms,
    mV,
)
from jupyspike_engine.units.functions import arange, exprel, full, ones_like, zeros_like

DOCUMENTED = """log log10 exp expm1 log1p exprel sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh
diagonal ravel trace dot where ones_like zeros_like arange linspace ptp"""


def test_the_documented_functions_are_exported():
    assert set(DOCUMENTED.split()) <= set(functions.__all__)
    assert all(callable(getattr(functions, name)) for name in functions.__all__)


def test_zeros_and_ones_like_values_with_units_are_plain():
    assert dimension_of(zeros_like([1, 2] * mV)) is dimension_of(ones_like([1, 2] * mV)) is DIMENSIONLESS
    assert zeros_like([[1, 2]]).shape == (1, 2)
    assert zeros_like([1.0, 2.0], dtype=int).dtype == int


class TestArange:
    def test_with_units(self):
        assert np.allclose(arange(0 * ms, 3 * ms, 1 * ms), [0, 1, 2] * ms)
        assert np.allclose(arange(0, 3 * ms, 1 * ms), [0, 1, 2] * ms)
        assert np.allclose(arange(start=1 * ms, stop=3 * ms, step=1 * ms), [1, 2] * ms)

    @pytest.mark.parametrize("limits", [(3 * ms,), (1 * ms, 3 * ms)])
    def test_values_with_units_need_a_step(self, limits):
        with pytest.raises(DimensionMismatchError, match="needs a step"):
            arange(*limits)

    def test_without_units_it_is_numpys(self):
        assert arange(3).dtype == np.arange(3).dtype
        assert np.array_equal(arange(1, 2, 0.25), np.arange(1, 2, 0.25))
        assert arange(3, dtype=np.float32).dtype == np.float32

    @pytest.mark.parametrize(
        "arguments", [(0 * ms, 3 * ms, 1), (0 * ms, 3, 1 * ms), (1, 3 * ms), (0 * ms, 3 * mV, 1 * ms)]
    )
    def test_limits_and_step_have_one_unit(self, arguments):
        with pytest.raises(DimensionMismatchError):
            arange(*arguments)


class TestExprel:
    def test_special_values(self):
        assert exprel(0) == 1
        assert exprel(np.inf) == np.inf
        assert exprel(-np.inf) == 0
        assert exprel(1000.0) == np.inf
        assert np.isnan(exprel(np.nan))

    @given(st.floats(-700, 700).filter(lambda x: abs(x) > 1e-3))
    def test_far_from_zero_it_is_the_quotient(self, x):
        assert np.isclose(exprel(x), (np.exp(x) - 1) / x, rtol=1e-9)

    @given(st.floats(-1e-3, 1e-3))
    def test_near_zero_it_is_the_series(self, x):
        assert np.isclose(exprel(x), 1 + x / 2 + x**2 / 6 + x**3 / 24, rtol=1e-13)

    def test_it_takes_arrays_and_ratios_of_quantities(self):
        assert np.array_equal(exprel([0.0, 1.0]), [1.0, np.expm1(1.0)])
        assert exprel(0 * mV / mV) == 1
        assert exprel(Quantity(0.0)) == 1

    def test_it_refuses_units(self):
        with pytest.raises(DimensionMismatchError, match=r"exprel\(x / volt\)"):
            exprel(1 * mV)


def test_full_has_the_unit_of_its_value():
    assert np.all(full(3, -70 * mV) == [-70, -70, -70] * mV)
    assert full((2, 2), 1).shape == (2, 2)
