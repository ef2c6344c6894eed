"""Electrical coupling as cable theory has it: a low-pass filter, strong enough to make cells spike together."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("14-gap-junctions")


def test_a_constant_current_divides_between_junction_and_leak(notebook):
    assert notebook["dc_coupling"] == pytest.approx(0.5 / (5 + 0.5), rel=1e-4)


def test_the_coupling_is_a_low_pass_filter_in_amplitude_and_phase(notebook):
    omega = 2 * np.pi * notebook["frequencies"]
    expected = 0.5e-9 / (5.5e-9 + 1j * omega * 50e-12)
    half_a_step = omega * 25e-6  # the sum over synapses is held over a step
    np.testing.assert_allclose(notebook["ac_coupling"], expected * np.exp(-1j * half_a_step), rtol=0.003)
    np.testing.assert_allclose(notebook["ac_theory"], expected, rtol=1e-9)


def test_a_spike_passes_much_less_than_constant_current(notebook):
    assert 80 < notebook["spike_height"] < 100
    assert 0.006 < notebook["spike_coupling"] < 0.016


def test_cells_of_different_rates_fall_into_step_as_coupling_grows(notebook):
    synchrony = notebook["synchrony"]
    assert synchrony[0] == pytest.approx(1 / np.sqrt(40), abs=0.08)
    assert synchrony[1] < 0.3
    assert synchrony[-1] > 0.85
    spread = np.ptp(notebook["network_rates"], axis=1)
    assert spread[0] >= 8
    assert spread[-1] <= 2
