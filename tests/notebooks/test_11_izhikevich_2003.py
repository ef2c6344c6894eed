"""The simple model's firing patterns and the rhythms of its network (Izhikevich 2003)."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def izhikevich(execute):
    return execute("11-izhikevich-2003")


@pytest.fixture(scope="module")
def intervals(izhikevich):
    """Intervals in ms by the short name of the kind; of the two thalamo-cortical neurons the first is "TC"."""
    names = ["RS", "IB", "CH", "FS", "LTS", "TC", "rebound", "RZ"]
    return {name: np.diff(train) for name, train in zip(names, izhikevich["trains"], strict=True)}


def test_regular_spiking_and_low_threshold_neurons_adapt(intervals):
    assert intervals["RS"][0] < 0.6 * intervals["RS"][-1]
    assert intervals["LTS"][0] < 0.4 * intervals["LTS"][-1]


def test_an_intrinsically_bursting_neuron_bursts_once(intervals):
    assert np.all(intervals["IB"][:2] < 6)
    assert np.all(intervals["IB"][3:] > 20)


def test_a_chattering_neuron_bursts_again_and_again(intervals):
    assert np.sum(intervals["CH"] > 20) >= 3
    assert np.mean(intervals["CH"] < 6) > 0.6


def test_a_fast_spiking_neuron_fires_fast_and_evenly(intervals):
    settled = intervals["FS"][3:]
    assert np.mean(settled) < 10
    assert np.std(settled) < 0.05 * np.mean(settled)


def test_a_thalamo_cortical_neuron_fires_tonically_or_rebounds(izhikevich, intervals):
    assert np.std(intervals["TC"][5:]) < 0.1 * np.mean(intervals["TC"][5:])
    rebound = izhikevich["trains"][6]
    assert len(rebound) >= 4
    assert rebound[0] > 70
    assert rebound[-1] < 150


def test_a_resonator_rests_or_fires_at_the_same_current(izhikevich):
    train = izhikevich["trains"][7]
    assert train[0] > 160
    assert train[-1] > 250


def test_the_network_fires_eight_times_a_second_in_rhythms(izhikevich):
    assert 6.5 < izhikevich["mean_rate"] < 10.5
    assert izhikevich["fano"] > 10


def test_a_slow_rhythm_near_ten_hertz(izhikevich):
    rate = izhikevich["population_rate"] - np.mean(izhikevich["population_rate"])
    power = np.abs(np.fft.rfft(rate)) ** 2  # 1 Hz apart
    assert power[7:14].sum() > 2 * power[15:22].sum()
    assert power[25:60].mean() > 3 * power[70:100].mean()
