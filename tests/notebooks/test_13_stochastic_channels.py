"""Counted channels are binomial under clamp; their noise makes spikes and jitter that vanish as a patch grows."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("13-stochastic-channels")


def test_the_mean_of_open_channels_under_clamp_is_the_curve_of_hodgkin_and_huxley(notebook):
    expected = notebook["channels"] * notebook["probability"]
    np.testing.assert_allclose(notebook["open_mean"], expected, atol=0.8)
    assert expected[-1] == pytest.approx(74.8, abs=0.5)


def test_open_channels_are_binomial_and_not_poisson(notebook):
    probability = notebook["probability"]
    ratio = notebook["open_variance"][20:] / (notebook["channels"] * probability * (1 - probability))[20:]
    assert np.mean(ratio) == pytest.approx(1, abs=0.05)
    assert np.all(np.abs(ratio - 1) < 0.15)


def test_noise_tells_the_number_of_channels(notebook):
    assert notebook["counted"] == pytest.approx(notebook["channels"], rel=0.03)


def test_channels_are_never_lost(notebook):
    np.testing.assert_array_equal(notebook["channels_kept"], np.repeat(60 * np.array([10, 25, 50, 100, 200, 300]), 10))


def test_spontaneous_spikes_vanish_exponentially_with_area(notebook):
    rates = dict(zip(notebook["areas"], notebook["spontaneous_rates"], strict=True))
    assert 35 < rates[10] < 50
    assert 7 < rates[100] < 15
    assert rates[300] < 1.5
    assert np.all(np.diff(list(rates.values())) < 0)
    assert 3 < rates[100] / rates[200] < 12


def test_jitter_shrinks_as_the_root_of_the_number_of_channels(notebook):
    assert notebook["exponent"] == pytest.approx(-0.5, abs=0.08)
    assert 130 < notebook["jitter"][0] < 260
    assert not np.any(np.isnan(notebook["latencies"][2:]))
    assert np.nanmedian(notebook["latencies"]) == pytest.approx(1.85, abs=0.1)
