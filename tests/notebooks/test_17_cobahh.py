"""Rates, irregularity and chaos of the network of Hodgkin-Huxley neurons (Brette et al. 2007, benchmark 3)."""

import numpy as np
import pytest

INTERVALS_LEAST = 2  # ms: sodium channels need longer than this to recover


@pytest.fixture(scope="module")
def cobahh(execute):
    return execute("17-cobahh")


def test_a_neuron_left_alone_fires_and_is_silenced_by_a_small_negative_current(cobahh):
    currents, rates = cobahh["currents"], cobahh["f_I"]
    assert -0.06 < cobahh["rheobase"] < -0.01
    assert rates[np.argmin(np.abs(currents))] == pytest.approx(14, abs=3)
    assert np.all(np.diff(rates[currents >= 0]) > -2)  # one spike more or less in 0.8 s


def test_its_spikes_reach_from_the_potential_of_potassium_to_that_of_sodium(cobahh):
    assert -90 < cobahh["trough"] < -80
    assert 40 < cobahh["peak"] < 50


def test_both_kinds_of_neurons_fire_near_forty_hertz_long_after_the_stimulus(cobahh):
    assert 30 < cobahh["rate_e"] < 50
    assert 30 < cobahh["rate_i"] < 50
    assert 25 < np.sum(cobahh["times"] >= 900) / 4000 / 0.1 < 55


def test_rates_are_spread_widely(cobahh):
    rates = cobahh["rates"]
    assert np.mean(rates < 5) > 0.15
    assert np.mean(rates > 100) > 0.04


def test_intervals_are_more_irregular_than_poisson_yet_neighbours_are_alike(cobahh):
    assert 1.8 < np.mean(cobahh["cv"]) < 2.5
    assert 0.35 < np.mean(cobahh["cv2"]) < 0.6


def test_intervals_are_short_within_groups_and_long_between_them(cobahh):
    intervals = cobahh["intervals"]
    assert INTERVALS_LEAST < intervals.min() < 3.5
    assert np.mean(intervals < 10) > 0.7
    assert np.mean(intervals > 50) > 0.04


def test_the_network_is_not_synchronous(cobahh):
    assert 1 / np.sqrt(820) < cobahh["modulation"] < 0.25


def test_a_microvolt_is_forgotten_and_a_spike_changes_all_spikes_but_not_the_statistics(cobahh):
    assert np.all(cobahh["kept_microvolt"] == 1)
    assert np.all(cobahh["kept_spike"][4:] < 0.05)
    assert cobahh["compared_rates"][1] == pytest.approx(cobahh["compared_rates"][0], rel=0.15)
    assert cobahh["compared_cv2"][1] == pytest.approx(cobahh["compared_cv2"][0], rel=0.1)
