"""Rates of change in the plane of two variables, outside a run."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, TimedArray, linked_var, ms, mV, second
from jupyspike_engine.diagnostics import ArgumentError, UserError
from jupyspike_engine.objects.phase import names_needed, rate_of_change, rates_of_change

V, W = np.meshgrid(np.linspace(-2, 2, 7), np.linspace(-1, 2, 5))
MODEL = """
dv/dt = (v - v**3/3 - w + current + noise*sqrt(ms)*xi)/ms : 1 (unless refractory)
dw/dt = (v + a - b*w)/tau : 1
current = drive + 0.1*i : 1
drive : 1
tau : second (shared)
noise : 1
"""


@pytest.fixture
def group():
    neurons = NeuronGroup(
        4, MODEL, threshold="v > 1", refractory=1 * ms, method="euler", namespace={"a": 0.7, "b": 0.8}
    )
    neurons.drive, neurons.tau, neurons.noise = [0.1, 0.2, 0.3, 0.4], 12.5 * ms, 5
    return neurons


def test_rates_are_those_of_the_equations_without_noise_and_rest(group):
    rates = rates_of_change(group, 2, ["v", "w"], {"v": V, "w": W}, 0.0, {})
    np.testing.assert_allclose(rates["v"], (V - V**3 / 3 - W + 0.5) / 1e-3)
    np.testing.assert_allclose(rates["w"], (V + 0.7 - 0.8 * W) / 12.5e-3)


def test_constants_are_as_they_are_now(group):
    group.namespace["b"] = 2.0
    rates = rates_of_change(group, 2, ["w"], {"v": V, "w": W}, 0.0, {})
    np.testing.assert_allclose(rates["w"], (V + 0.7 - 2 * W) / 12.5e-3)


def test_other_variables_have_the_given_values_or_those_of_now(group):
    rates = rates_of_change(group, 0, ["v"], {"v": V, "w": np.float64(0.5), "drive": np.float64(7.0)}, 0.0, {})
    np.testing.assert_allclose(rates["v"], (V - V**3 / 3 - 0.5 + 7) / 1e-3)


def test_neurons_of_a_part_count_from_its_first(group):
    whole = rates_of_change(group, 3, ["v"], {"v": V, "w": W}, 0.0, {})
    np.testing.assert_array_equal(rates_of_change(group[2:], 1, ["v"], {"v": V, "w": W}, 0.0, {})["v"], whole["v"])


def test_tables_over_time_and_linked_variables():
    stimulus = TimedArray([1, 3] * mV, dt=10 * ms)
    other = NeuronGroup(2, "x : 1")
    other.x = [5, 6]
    group = NeuronGroup(2, "dv/dt = (stimulus(t) - v)/(1*second)*x : volt\nx : 1 (linked)", name="driven*")
    group.x = linked_var(other, "x")
    rates = rates_of_change(
        group, 1, ["v"], {"v": np.array([0.0, 1e-3])}, 0.015, {"stimulus": stimulus, "second": second}
    )
    np.testing.assert_allclose(rates["v"], [18e-3, 12e-3])


def test_the_variables_that_rates_depend_on(group):
    assert set(names_needed(group, ["v"])) == {"v", "w", "drive", "noise"}
    assert set(names_needed(group, ["w"])) == {"v", "w", "tau"}


@pytest.mark.parametrize("said, equation", [("'goal' is not known", "goal - v"), ("goal", "goal(t) - v")])
def test_a_name_that_means_nothing_is_an_error_of_the_user(said, equation):
    group = NeuronGroup(1, f"dv/dt = ({equation})/ms : 1")
    with pytest.raises(UserError, match=said):
        rates_of_change(group, 0, ["v"], {"v": V}, 0.0, {"ms": ms})


def test_a_variable_without_an_equation_is_refused(group):
    with pytest.raises(ArgumentError, match=r"'drive' of '.*' has no differential equation"):
        rate_of_change(group, "drive")
