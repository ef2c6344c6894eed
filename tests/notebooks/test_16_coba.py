"""The COBA network fires irregularly and asynchronously by itself (Vogels and Abbott 2005, Brette et al. 2007)."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def coba(execute):
    return execute("16-coba")


def test_the_activity_outlives_its_start(coba):
    last_100_ms = coba["count"][-20:]
    assert np.all(last_100_ms > 0)
    assert coba["mean_rate"] == pytest.approx(20, abs=4)


def test_neurons_fire_more_irregularly_than_poisson_processes(coba):
    assert 1.5 < coba["mean_cv"] < 2.1
    assert np.mean(coba["cvs"] > 1) > 0.95


def test_the_network_is_asynchronous(coba):
    assert 1 < coba["synchrony"] < 20


def test_rates_differ_from_neuron_to_neuron(coba):
    assert np.mean(coba["rates"] < 5) > 0.2
    assert 0.02 < np.mean(coba["rates"] > 50) < 0.2


def test_conductances_are_what_the_rate_makes_them(coba):
    excitation = 64 * coba["mean_rate"] * 6 * 0.005  # inputs, rate, weight in nS, time constant in seconds
    inhibition = 16 * coba["mean_rate"] * 67 * 0.010
    assert coba["mean_ge"] == pytest.approx(excitation, rel=0.15)
    assert coba["mean_gi"] == pytest.approx(inhibition, rel=0.15)


def test_neurons_live_in_a_high_conductance_state_below_the_threshold(coba):
    assert coba["effective_tau"] < 1.5
    assert coba["balance"] < -60
    assert -70 < coba["mean_v"] < -60
