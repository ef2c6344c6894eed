"""Poisson neurons: independent spikes with the given rates."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    DimensionMismatchError,
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    SpikeMonitor,
    Synapses,
    kHz,
    ms,
    mV,
    run,
    second,
    seed,
)  # fmt: skip


def test_counts_are_binomial_and_independent(target):
    """Each step brings a spike with probability rate*dt; bounds are five standard errors."""
    seed(31)
    size, p, steps = 500, 0.02, 1000
    group = PoissonGroup(size, rates=200 * Hz)
    spikes = SpikeMonitor(group)
    run(100 * ms)
    mean, variance = steps * p, steps * p * (1 - p)
    counts = spikes.count
    assert abs(counts.mean() - mean) < 5 * np.sqrt(variance / size)
    assert abs(counts.var() / variance - 1) < 5 * np.sqrt(2 / size)
    in_each_step = np.bincount(np.round(spikes.t_ / 1e-4).astype(int), minlength=steps)
    assert abs(in_each_step.var() / (size * p * (1 - p)) - 1) < 5 * np.sqrt(2 / steps)
    fired = np.zeros((size, steps))
    fired[spikes.i, np.round(spikes.t_ / 1e-4).astype(int)] = 1
    for both in (fired[1:] * fired[:-1], fired[:, 1:] * fired[:, :-1]):
        assert abs(both.mean() - p**2) < 5 * p / np.sqrt(both.size)


def test_intervals_are_geometric(target):
    seed(32)
    group = PoissonGroup(200, rates=500 * Hz)
    spikes = SpikeMonitor(group)
    run(1 * second)
    intervals = np.concatenate([np.diff(np.asarray(train)) for train in spikes.spike_trains().values()]) / 1e-4
    p = 0.05
    assert intervals.min() > 0.999
    assert abs(intervals.mean() * p - 1) < 5 * np.sqrt((1 - p) / len(intervals)) + 20 * p / 1e4
    assert abs((intervals > 20.5).mean() - (1 - p) ** 20) < 5 * np.sqrt(0.25 / len(intervals)) + 1e-3


def test_rates_of_zero_and_beyond_one_spike_a_step(target):
    group = PoissonGroup(4, rates=np.array([0, 10, 20, 1e9]) * kHz)
    spikes = SpikeMonitor(group)
    run(10 * ms)
    assert spikes.count.tolist() == [0, 100, 100, 100]


def test_each_neuron_can_have_its_own_rate_and_rates_can_be_changed(target):
    seed(33)
    group = PoissonGroup(3, rates=np.array([0, 1, 0]) * kHz)
    spikes = SpikeMonitor(group)
    run(20 * ms)
    assert (spikes.count > 0).tolist() == [False, True, False]
    group.rates = np.array([0, 0, 1]) * kHz
    before = spikes.count
    run(20 * ms)
    assert (spikes.count > before).tolist() == [False, False, True]


def test_a_text_is_evaluated_in_each_step(target):
    seed(34)
    top = 2 * kHz  # used by the rates
    group = PoissonGroup(400, rates="top*int(t >= 10*ms)*i/N")
    spikes = SpikeMonitor(group)
    run(30 * ms)
    assert spikes.t_.min() >= 10e-3 - 1e-9
    expected = 200 * 0.2 * np.arange(400) / 400
    assert (np.abs(spikes.count - expected) < 6 * np.sqrt(expected + 1)).all()
    assert abs(spikes.num_spikes - expected.sum()) < 5 * np.sqrt(expected.sum())


def test_parts_drive_synapses(target):
    group = PoissonGroup(10, rates=1000 * kHz)
    receiver = NeuronGroup(1, "v : 1")
    synapses = Synapses(group[7:], receiver, on_pre="v += 1")
    synapses.connect()
    run(1 * ms)
    assert receiver.v[0] == 30


def test_spikes_come_in_the_slot_that_is_asked_for(target):
    def received(**slot):
        group = PoissonGroup(1, rates=1e9 * Hz, **slot)
        receiver = NeuronGroup(1, "v : 1")
        synapses = Synapses(group, receiver, on_pre="v += 1")
        synapses.connect()
        synapses.pre.when = "groups"
        Network(group, receiver, synapses).run(0.2 * ms)
        return receiver.v[0]

    assert received(when="start", order=3) == 2
    with pytest.raises(ArgumentError, match="before the events"):
        received()


def test_rates_are_checked():
    with pytest.raises(DimensionMismatchError, match="rates have the wrong unit"):
        PoissonGroup(1, rates=3 * mV)
    with pytest.raises(DimensionMismatchError):
        PoissonGroup(1, rates="3*mV")
    with pytest.raises(ArgumentError, match="2 rates were given for 3 neurons"):
        PoissonGroup(3, rates=[1, 2] * Hz)
    with pytest.raises(ArgumentError, match="a rate must not be negative"):
        PoissonGroup(1, rates=-1 * Hz)


def test_negative_rates_among_others_are_silent(target):
    group = PoissonGroup(3, rates=[1e5, -20, 1e5] * Hz)
    spikes = SpikeMonitor(group)
    run(1 * ms)
    assert spikes.count.tolist() == [10, 0, 10]
