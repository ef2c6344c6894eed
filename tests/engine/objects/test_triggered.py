"""Spike-triggered averages: the filter of a neuron is found, and how a network is run makes no difference."""

import numpy as np
import pytest

from jupyspike import (
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    SpikeGeneratorGroup,
    SpikeMonitor,
    SpikeTriggeredAverage,
    StateMonitor,
    Synapses,
    TimedArray,
    ms,
    mV,
    nA,
    second,
    seed,
)
from jupyspike_engine.diagnostics import ArgumentError, ArgumentTypeError, UnknownNameError
from jupyspike_engine.native import averaging

FRAME, LAGS, WIDTH = 5, 8, 6  # ms, frames, pixels


def noise(frames, seed=0):
    return np.random.default_rng(seed).standard_normal((frames, WIDTH))


def spatiotemporal_filter():
    """A patch that is excited, and inhibited some frames before, as in a simple cell of the visual cortex."""
    time = np.arange(LAGS)
    course = np.exp(-((time - 2) ** 2) / 2) - 0.7 * np.exp(-((time - 5) ** 2) / 3)
    patch = np.exp(-((np.arange(WIDTH) - 2.5) ** 2) / 2)
    field = course[:, None] * patch
    return field / np.linalg.norm(field)


def test_the_average_of_white_noise_is_the_filter_of_a_linear_nonlinear_poisson_neuron(target):
    """With an exponential nonlinearity it is the filter itself (Chichilnisky 2001), within its standard error."""
    frames, field, gain = 8000, spatiotemporal_filter(), 0.8
    shown = noise(frames)
    driven = sum(np.r_[np.zeros((lag, WIDTH)), shown[: frames - lag]] @ field[lag] for lag in range(LAGS))
    stimulus = TimedArray(shown * mV, dt=FRAME * ms)
    drive = TimedArray(20 * np.exp(gain * driven) * Hz, dt=FRAME * ms)
    seed(4)
    neurons = NeuronGroup(
        2, "rate = drive(t)*int(i == 0) + 20*Hz*int(i == 1) : Hz", threshold="rand() < rate*dt", dt=1 * ms
    )
    found = SpikeTriggeredAverage(neurons, stimulus, window=LAGS * FRAME * ms)
    Network(neurons, found).run(frames * FRAME * ms)
    assert found.average.shape == (2, LAGS, WIDTH)
    assert found.num_spikes.min() > 500
    error = (found.average / mV - gain * np.array([field, 0 * field])) / (found.standard_error / mV)
    assert np.sqrt(np.mean(error**2)) < 1.2  # of a standard normal number it is 1
    assert np.corrcoef((found.average[0] / mV).ravel(), field.ravel())[0, 1] > 0.9
    np.testing.assert_allclose(found.mean / mV, shown.mean(0), atol=1e-12)
    assert (found.lags / ms).tolist() == [FRAME * lag for lag in range(LAGS)]


def by_hand(times, neurons, rows, step, length, chosen):
    """The same by definition: rows are of bins of a length."""
    windows = {neuron: [] for neuron in chosen}
    for time, neuron in zip(times, neurons, strict=True):
        last = int(np.floor(time / step + 1e-6))
        if neuron in windows and last >= length - 1:
            windows[neuron].append(rows[last - length + 1 : last + 1][::-1])
    return [np.array(windows[neuron]) for neuron in chosen]


def network():
    """Three neurons driven by Poisson inputs, and averages of all kinds of stimuli before their spikes."""
    inputs = PoissonGroup(5, rates=100 * Hz, name="inputs")
    group = NeuronGroup(3, "dv/dt = (current(t)*Mohm - v)/(10*ms) : volt", threshold="v > 1.5*mV", reset="v = 0*mV",
                        namespace={"current": TimedArray([0, 1, 2] * nA, dt=20 * ms)}, name="group")  # fmt: skip
    synapses = Synapses(inputs, group, on_pre="v += 1*mV", name="synapses")
    synapses.connect(j="i % 3")
    averages = [
        SpikeTriggeredAverage(group, inputs, window=5 * ms, dt=0.5 * ms, record=[0, 2]),
        SpikeTriggeredAverage(group, group, "v", window=2 * ms),
        SpikeTriggeredAverage(group[1:], group[:2], "v", window=2 * ms, dt=0.2 * ms),
    ]
    watched = [SpikeMonitor(group), SpikeMonitor(inputs), StateMonitor(group, "v", record=True)]
    return Network(inputs, group, synapses, averages, watched), averages, watched


@pytest.mark.every_target
def test_it_is_the_average_over_spikes_of_what_was_before_them(target):
    seed(2)
    made, (rates, own, others), (spikes, input_spikes, states) = network()
    made.run(200 * ms)
    counts = np.zeros((400, 5))
    np.add.at(counts, (np.floor(input_spikes.t_ / 0.5e-3 + 1e-6).astype(int), input_spikes.i), 1)
    cases = [
        (rates, counts / 0.5e-3, 0.5e-3, 10, spikes.i, [0, 2]),
        (others, states.v_[:2, ::2].T, 0.2e-3, 10, spikes.i - 1, [0, 1]),
    ]
    for average, rows, step, length, neurons, chosen in cases:
        windows = by_hand(spikes.t_, neurons, rows, step, length, chosen)
        for k, of_one in enumerate(windows):
            assert average.num_spikes[k] == len(of_one) > 5
            np.testing.assert_allclose(average.average_[k], of_one.mean(0), rtol=1e-12, atol=1e-15)
            error = of_one.std(0, ddof=1) / np.sqrt(len(of_one))
            np.testing.assert_allclose(average.standard_error_[k], error, rtol=1e-6, atol=1e-9 * np.abs(rows).max())
    for k in range(3):
        (of_one,) = by_hand(spikes.t_, spikes.i, states.v_.T, 1e-4, 20, [k])
        np.testing.assert_allclose(own.average_[k], of_one[:, :, k].mean(0), rtol=1e-12)


def test_chunks_and_stored_states_give_the_same(target):
    results = []
    for times in ([60], [0.1] * 600, [20, "store", 40, "restore", 40]):
        seed(2)
        made, averages, _ = network()
        for time in times:
            if time == "store":
                made.store()
            elif time == "restore":
                made.restore(restore_random_state=True)
            else:
                made.run(time * ms)
        results.append([(a.average_, a.standard_error_, a.num_spikes, a.mean_) for a in averages])
    for others in results[1:]:
        for one, other in zip(results[0], others, strict=True):
            for values, meant in zip(one, other, strict=True):
                np.testing.assert_array_equal(values, meant)


def test_numpy_adds_up_as_the_bridge_does(monkeypatch):
    rng = np.random.default_rng(1)
    rows, first, which = rng.random((30, 4)), rng.integers(0, 25, 50), rng.integers(0, 3, 50)
    results = []
    for bridge in (averaging.bridge, None):
        monkeypatch.setattr(averaging, "bridge", bridge)
        sums, squares = np.zeros((3, 5, 4)), np.zeros((3, 5, 4))
        averaging.add_windows(sums, squares, rows, first, which)
        results.append((sums, squares))
    np.testing.assert_allclose(results[0], results[1], rtol=1e-14)


def test_it_begins_when_it_joins_and_anew_when_it_is_cleared():
    source = SpikeGeneratorGroup(1, [0] * 4, [5, 15, 25, 35] * ms)
    made = Network(source)
    made.run(10 * ms)
    average = SpikeTriggeredAverage(source, source, window=2 * ms, dt=1 * ms)
    made.add(average)
    made.store()
    made.run(10 * ms)
    assert average.num_spikes.tolist() == [1]
    assert (average.average[0, :, 0] / Hz).tolist() == [1000, 0]
    made.run(10 * ms)
    assert average.num_spikes.tolist() == [2]
    made.restore()  # it begins again where it joined
    assert average.num_spikes.tolist() == [0]
    made.run(10 * ms)
    assert (average.average[0, :, 0] / Hz).tolist() == [1000, 0] and average.mean[0] == 100 * Hz
    average.clear()
    assert average.num_spikes.tolist() == [0] and np.isnan(average.average_).all()
    made.run(20 * ms)
    assert average.num_spikes.tolist() == [2]
    assert average.mean[0] == 100 * Hz


def test_bins_are_at_least_time_steps_and_a_window_is_a_whole_number_of_them():
    source = SpikeGeneratorGroup(1, [0], [5] * ms)
    finer, coarser = (
        SpikeTriggeredAverage(source, TimedArray(np.zeros(9), dt=dt), window=0.6 * ms) for dt in (0.05 * ms, 0.2 * ms)
    )
    assert finer.lags / ms == pytest.approx(0.1 * np.arange(6))
    assert coarser.lags / ms == pytest.approx([0, 0.2, 0.4])


def test_spikes_too_early_for_a_whole_window_do_not_count():
    source = SpikeGeneratorGroup(1, [0, 0], [1, 3] * ms)
    average = SpikeTriggeredAverage(source, TimedArray([1.0, 2, 3, 4], dt=1 * ms), window=3 * ms)
    Network(source, average).run(5 * ms)
    assert average.num_spikes.tolist() == [1]
    assert average.average[0, :, 0].tolist() == [4, 3, 2]


def test_what_is_no_stimulus_is_refused_with_what_there_could_be():
    group = NeuronGroup(2, "v : 1", threshold="v > 1", name="group")
    with pytest.raises(ArgumentTypeError, match="no stimulus"):
        SpikeTriggeredAverage(group, np.zeros(3), window=1 * ms)
    with pytest.raises(ArgumentError, match="no whole bin"):
        SpikeTriggeredAverage(group, group, "v", window=0.01 * ms)
    with pytest.raises(UnknownNameError, match="'w'"):
        SpikeTriggeredAverage(group, group, "w", window=1 * ms)
    with pytest.raises(ArgumentError, match="never spikes"):
        SpikeTriggeredAverage(NeuronGroup(2, "v : 1"), group, "v", window=1 * ms)
    with pytest.raises(ArgumentError, match="memory"):
        SpikeTriggeredAverage(group, TimedArray(np.zeros((2, 10**6)), dt=1 * ms), window=100 * second)
