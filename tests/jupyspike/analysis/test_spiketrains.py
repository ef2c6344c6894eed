"""Measures of spike trains against the textbook and against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import welch

from jupyspike.analysis.spiketrains import (
    binned_counts,
    coefficients_of_variation,
    intervals,
    power_spectrum,
    smoothed_rate,
)


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.floats(0.01, 1))
def test_every_spike_in_a_whole_bin_is_counted_once(seed, start, length):
    times = np.sort(np.random.default_rng(seed).uniform(0, 2, 300))
    centres, counts = binned_counts(times, start, start + length, 0.01)
    edges = np.append(centres - 0.005, centres[-1:] + 0.005) if len(centres) else np.array([0.0, 0.0])
    assert edges[0] >= start - 1e-8 or not len(centres)
    assert edges[-1] <= start + length + 1e-8
    expected, _ = np.histogram(times, edges) if len(centres) else (np.empty(0), None)
    assert np.abs(counts - expected).sum() <= 2  # spikes on an edge
    assert counts.sum() == pytest.approx(expected.sum(), abs=1)


def test_spikes_on_the_grid_of_time_steps_fall_into_the_bin_that_they_begin():
    times = np.arange(0, 1, 1e-4)
    _, counts = binned_counts(times, 0.0, 1.0, 1e-3)
    np.testing.assert_array_equal(counts, np.full(1000, 10.0))


def test_a_smoothed_rate_keeps_the_level_at_both_ends():
    times = np.repeat(np.arange(1000) * 1e-3, 3)
    _, rate = smoothed_rate(times, 30, 0.0, 1.0, 1e-3, 0.02)
    np.testing.assert_allclose(rate, 100.0)


def rates(trains, neurons=1, length=0.2, smoothing=0.004):
    return np.array([smoothed_rate(train, neurons, 0.0, length, 1e-3, smoothing)[1] for train in trains])


def test_a_clock_has_the_same_rate_at_both_ends_as_between_them():
    every = rates([np.arange(phase, 0.2, 0.011) for phase in np.arange(0, 0.011, 1e-3)])
    middle = every[:, 40:-40]
    assert every.mean(axis=0) == pytest.approx(1 / 0.011, rel=0.02)
    assert every.max() < 1.06 * middle.max() and every.min() > 0.8 * middle.min()
    assert every[:, -1].std() < 1.05 * middle.std() and every[:, 0].std() < 1.5 * middle.std()


def test_a_poisson_process_has_no_more_variance_at_the_ends_than_between_them():
    random = np.random.default_rng(1)
    every = rates([np.sort(random.uniform(0, 0.2, random.poisson(80))) for _ in range(2000)], neurons=20)
    assert every.mean(axis=0) == pytest.approx(20, rel=0.05)
    assert every[:, [0, -1]].std(axis=0) == pytest.approx(every[:, 40:-40].std(), rel=0.1)


@pytest.mark.parametrize("length", [0.001, 0.002, 0.003, 0.01])
def test_a_stretch_shorter_than_the_smoothing_has_its_mean_rate(length):
    bins = round(length / 1e-3)
    (rate,) = rates([np.arange(0, length, 1e-3)], length=length, smoothing=0.05)
    assert rate == pytest.approx(np.full(bins, 1000.0))


@given(st.integers(0, 2**32 - 1), st.integers(0, 200))
def test_intervals_are_those_of_each_train(seed, count):
    random = np.random.default_rng(seed)
    times, neurons = np.sort(random.uniform(0, 1, count)), random.integers(0, 5, count)
    lengths, own = intervals(times, neurons)
    for neuron in range(5):
        np.testing.assert_allclose(lengths[own == neuron], np.diff(times[neurons == neuron]))


def test_the_cv_of_a_poisson_process_is_one_and_that_of_a_clock_zero():
    random = np.random.default_rng(1)
    poisson, clock = np.cumsum(random.exponential(0.01, 20_000)), np.arange(200) * 0.01
    times = np.concatenate([poisson, clock])
    order = np.argsort(times)
    neurons = np.repeat([0, 1], [20_000, 200])[order]
    values = coefficients_of_variation(*intervals(times[order], neurons))
    assert values == pytest.approx([1, 0], abs=0.03)


def test_neurons_with_few_intervals_have_no_cv():
    assert len(coefficients_of_variation(np.array([0.1, 0.2]), np.array([0, 0]))) == 0
    assert len(coefficients_of_variation(np.empty(0), np.empty(0, int))) == 0


@pytest.mark.parametrize("length", [8, 64, 501, 3000])
def test_the_power_spectrum_is_that_of_scipy(length):
    signal = np.random.default_rng(length).normal(3, 2, length)
    frequencies, power = power_spectrum(signal, 1e-3, resolution=5.0)
    expected_frequencies, expected = welch(signal, fs=1000, nperseg=min(length, 200))
    np.testing.assert_allclose(frequencies, expected_frequencies)
    np.testing.assert_allclose(power, expected, rtol=1e-9, atol=1e-18)


def test_too_short_a_signal_has_no_spectrum():
    assert len(power_spectrum(np.ones(3), 1e-3, 1.0)[0]) == 0
