"""Values that travel with equations: written out, they are exactly themselves."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.language.expressions import expression
from jupyspike_engine.language.syntax import names, text
from jupyspike_engine.language.values import Value, hidden_name, value_of
from jupyspike_engine.units import UNITS, cm, metre, mS, ms, mV, pF, second, uM, volt

written_units = st.sampled_from([mV, ms, pF, uM, mS / cm**2, second**-0.5, mV / ms, metre**3, volt**2 / second])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (10 * ms, "10*ms"), (-3 * mV, "-3*mV"), (65e-12 * UNITS["farad"], "65*pF"), (3 * mV / ms, "3*volt/second"),
        (20 * mS / cm**2, "20*mS/cm**2"), (5 * uM, "5*uM"), (3 * second**-0.5, "3/second**0.5"), (0 * mV, "0*volt"),
        (np.float32(0.5), "0.5"), (np.int64(4), "4"), (-2, "-2"), (True, "True"), (math.inf, "inf"),
        (-math.inf * volt, "-inf*volt"), (mV, "1*mV"),
    ],
)  # fmt: skip
def test_a_value_is_written_in_the_unit_that_suits_it(value, written):
    assert text(value_of("x", value).written) == text(expression(written, "what is expected"))


@given(st.floats(-1e12, 1e12, allow_subnormal=False), written_units)
def test_what_is_written_evaluates_to_exactly_the_value(number, unit):
    value = value_of("x", number * unit)
    units = {name: float(UNITS[name]) for name in names(value.written)}
    assert eval(text(value.written), {}, units) == value.number


def test_a_value_gives_back_what_it_was_given():
    assert value_of("x", 3 * mV).quantity == 3 * mV
    assert value_of("x", 3).quantity == 3
    assert isinstance(value_of("x", 3).quantity, int)


def test_a_name_stands_for_one_value():
    taken = {"x": Value(1), "x_2": Value(2)}
    assert hidden_name("y", Value(3), taken) == "y"
    assert hidden_name("x", Value(1), taken) == "x"
    assert hidden_name("x", Value(2), taken) == "x_2"
    assert hidden_name("x", Value(3), taken) == "x_3"
