"""The firing patterns of the adaptive exponential neuron, and its chaos (Naud et al. 2008)."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def adex(execute):
    return execute("12-adaptive-exponential")


@pytest.fixture(scope="module")
def intervals(adex):
    """In ms, by the name of the pattern."""
    return {name: np.diff(train) for name, train in adex["trains"].items()}


def bursts(train):
    """The numbers of spikes that follow each other within 20 ms."""
    ends = np.flatnonzero(np.diff(train) > 20)
    return np.diff([0, *(ends + 1), len(train)])


def test_tonic_intervals_are_equal(intervals):
    assert np.ptp(intervals["tonic"]) < 1.0
    assert np.mean(intervals["tonic"]) == pytest.approx(9.7, abs=0.4)


def test_adapting_intervals_grow_to_a_steady_value(intervals):
    adaptation = intervals["adaptation"]
    assert np.all(np.diff(adaptation[:5]) > 0)
    assert adaptation[-1] > 5 * adaptation[0]
    assert adaptation[-1] == pytest.approx(adaptation[-2], rel=0.02)


def test_an_initial_burst_is_followed_by_single_spikes(adex):
    first, *others = bursts(adex["trains"]["initial burst"])
    assert first >= 3
    assert set(others) == {1}


def test_regular_bursts_are_alike_from_the_second_on(adex):
    assert set(bursts(adex["trains"]["regular bursting"])[1:]) == {2}


def test_delayed_firing_starts_late_and_accelerates(adex, intervals):
    assert adex["trains"]["delayed accelerating"][0] > 30
    assert np.all(np.diff(intervals["delayed accelerating"]) < 0)


def test_delayed_bursts_come_late_and_again(adex):
    assert adex["trains"]["delayed bursting"][0] > 50
    counts = bursts(adex["trains"]["delayed bursting"])
    assert len(counts) >= 5
    assert set(counts[1:-1]) == {4}


def test_the_transient_neuron_fires_once(adex):
    assert len(adex["trains"]["transient"]) == 1


def test_bursts_reset_on_both_sides_of_the_nullcline_and_tonic_firing_on_one(adex):
    assert np.all(adex["resets"]["tonic"] < 0)
    bursting = adex["resets"]["regular bursting"]
    assert min(bursting) < 0 < max(bursting)


def test_without_noise_intervals_are_irregular_on_one_curve(adex):
    assert adex["cv_tonic"] < 0.01
    assert adex["cv_irregular"] > 0.3
    x, y = adex["intervals"][2][10:-1], adex["intervals"][2][11:]
    order = np.argsort(x)
    jumps = np.abs(np.diff(y[order]))  # between neighbours on the curve
    assert np.median(jumps) < 0.05 * np.ptp(y)


def test_neighbours_part(adex):
    assert 50 < adex["apart"] < 1500
