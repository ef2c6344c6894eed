"""The squid axon: gates, all-or-none action potentials and class 2 excitability (Hodgkin and Huxley 1952)."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def axon(execute):
    return execute("10-hodgkin-huxley")


def test_the_gates_at_rest_are_those_of_the_rates_at_rest(axon):
    alpha_m, beta_m = 2.5 / (np.exp(2.5) - 1), 4.0
    alpha_h, beta_h = 0.07, 1 / (np.exp(3) + 1)
    alpha_n, beta_n = 0.1 / (np.exp(1) - 1), 0.125
    assert axon["at_rest"]["m"] == pytest.approx(alpha_m / (alpha_m + beta_m), rel=1e-9)
    assert axon["at_rest"]["h"] == pytest.approx(alpha_h / (alpha_h + beta_h), rel=1e-9)
    assert axon["at_rest"]["n"] == pytest.approx(alpha_n / (alpha_n + beta_n), rel=1e-9)


def test_the_threshold_lies_between_shocks_of_6_and_7_mv(axon):
    peaks = dict(zip(axon["shocks"], axon["peaks"], strict=True))
    assert peaks[6] < 10
    assert all(95 < peaks[shock] < 112 for shock in (7, 15, 90))


def test_sodium_rises_before_potassium_and_higher(axon):
    sodium, potassium = axon["sodium"], axon["potassium"]
    assert np.argmax(sodium) < np.argmax(potassium)
    assert max(sodium) == pytest.approx(325, rel=0.1)  # siemens per square metre; 10 of them are 1 mS/cm²
    assert max(potassium) == pytest.approx(127, rel=0.1)


def test_the_rate_jumps_to_fifty_hertz_where_stable_firing_begins(axon):
    assert 6.2 < axon["threshold_step"] <= 6.5
    assert 45 < axon["lowest_rate"] < 58
    firing = axon["rate_step"][axon["rate_step"] > 0]
    assert np.all(np.diff(firing) >= 0)
    assert firing[-1] < 1.6 * firing[0]


def test_rest_is_stable_up_to_the_hopf_bifurcation(axon):
    assert 9.75 <= axon["threshold_slow"] <= 10.25  # the eigenvalues of rest cross at 9.78
    both = axon["currents"] > 10.5
    assert axon["rate_slow"][both] == pytest.approx(axon["rate_step"][both], rel=0.02)
