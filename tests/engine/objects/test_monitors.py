"""Monitors: what they write down, and in which form it is read."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    EventMonitor,
    Network,
    NeuronGroup,
    PopulationRateMonitor,
    Quantity,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    UserError,
    ms,
    mV,
    run,
    volt,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError, IndexRangeError

FIRES = "t_in_timesteps >= at and (t_in_timesteps - at) % period == 0"


def clockwork(first, period=10**6):
    group = NeuronGroup(np.size(first), "at : integer\nperiod : integer\nv = i*mV : volt", threshold=FIRES)
    group.at, group.period = first, period
    return group


def test_spikes_come_by_time_and_then_by_neuron(target):
    group = clockwork([3, 1, 3], period=4)
    spikes = SpikeMonitor(group)
    run(1 * ms)
    assert spikes.i.tolist() == [1, 0, 2, 1, 0, 2, 1]
    assert np.round(spikes.t / (0.1 * ms)).tolist() == [1, 3, 3, 5, 7, 7, 9]
    assert isinstance(spikes.t, Quantity)
    assert spikes.count.tolist() == [2, 3, 2]
    assert spikes.num_spikes == 7
    i, t = spikes.it
    assert i.tolist() == spikes.i.tolist() and (t == spikes.t).all()
    trains = spikes.spike_trains()
    assert [np.round(trains[k] / (0.1 * ms)).tolist() for k in range(3)] == [[3, 7], [1, 5, 9], [3, 7]]


def test_variables_are_written_down_with_each_spike(target):
    group = clockwork([3, 1], period=4)
    spikes = SpikeMonitor(group, variables=["v", "at"])
    run(1 * ms)
    assert spikes.v_.tolist() == [1e-3, 0, 1e-3, 0, 1e-3]
    assert spikes.v[0] == 1 * mV
    assert spikes.at.dtype == np.int32 and spikes.at.tolist() == [1, 3, 1, 3, 1]
    assert spikes.values("at")[0].tolist() == [3, 3]
    assert set(spikes.all_values()) == {"v", "at", "t"}
    with pytest.raises(AttributeError):
        spikes.u  # noqa: B018


def test_counts_alone_can_be_kept(target):
    group = clockwork([3, 1], period=4)
    spikes = SpikeMonitor(group, record=False)
    run(0.5 * ms)
    run(0.5 * ms)
    assert spikes.count.tolist() == [2, 3]
    assert (spikes.num_spikes, len(spikes.t)) == (5, 0)


def test_a_part_of_a_group_counts_from_its_first_neuron(target):
    group = clockwork([1, 2, 3, 4, 5])
    spikes, trace = SpikeMonitor(group[1:4], variables="v"), StateMonitor(group[1:4], "v", record=[0, 2])
    rate = PopulationRateMonitor(group[1:4])
    run(1 * ms)
    assert spikes.i.tolist() == [0, 1, 2]
    assert spikes.count.tolist() == [1, 1, 1]
    np.testing.assert_allclose(spikes.v_ * 1e3, [1, 2, 3])
    np.testing.assert_allclose(trace.v_[:, 0] * 1e3, [1, 3])
    np.testing.assert_allclose(rate.rate_ * 1e-4 * 3, [0, 0, 1, 1, 1, 0, 0, 0, 0, 0], atol=1e-12)


def test_custom_events_are_recorded(target):
    group = NeuronGroup(2, "v : 1", events={"high": "v > 0.5"})
    group.v = [0, 1]
    events = EventMonitor(group, "high", variables="v")
    run(0.3 * ms)
    assert (events.num_events, events.i.tolist(), events.v.tolist()) == (3, [1, 1, 1], [1, 1, 1])
    assert np.round(events.event_trains()[1] / (0.1 * ms)).tolist() == [0, 1, 2]


def test_states_are_rows_of_elements_and_columns_of_times(target):
    group = clockwork([0, 1, 2])
    trace = StateMonitor(group, ["v", "at"], record=[2, 0])
    run(0.3 * ms)
    assert trace.v.shape == (2, 3)
    np.testing.assert_allclose(trace.v_[:, 0], [2e-3, 0])
    assert trace[2].at.tolist() == [2, 2, 2]
    assert trace[[0, 2]].v[1][0] == 2 * mV
    assert trace.v[0][0] == 2 * mV
    assert trace.at.dtype == np.int32
    with pytest.raises(IndexRangeError, match="the element 1 was not recorded"):
        trace[1]


def test_everything_can_be_recorded(target):
    group = NeuronGroup(2, "dv/dt = -v/ms : volt\nw : 1\non = v > 1*mV : boolean")
    trace = StateMonitor(group, True, record=True)
    group.v = [0, 5] * mV
    run(0.2 * ms)
    assert trace.on.dtype == bool and trace.on[:, 0].tolist() == [False, True]
    assert trace.v.shape == trace.w.shape == (2, 2)
    assert StateMonitor(group, "v", record=False).v.shape == (0, 0)


def test_synapses_are_recorded_by_their_numbers(target):
    group = clockwork([1, 1])
    synapses = Synapses(group, group, "w : 1", on_pre="w += 1 + i + 10*j")
    every = StateMonitor(synapses, "w", record=True)  # made before there is a synapse
    synapses.connect(i=[1, 0], j=[0, 1])
    last = StateMonitor(synapses, "w", record=[1])
    run(0.3 * ms)
    assert every.w[:, -1].tolist() == [2, 11]
    assert last.w[:, -1].tolist() == [11]
    synapses.connect(i=0, j=0)
    with pytest.raises(ArgumentError, match="make a new monitor"):
        run(0.1 * ms)


def test_the_rate_of_a_population(target):
    group = clockwork([1, 3, 3, 7])
    rate = PopulationRateMonitor(group)
    run(1 * ms)
    expected = np.array([0, 1, 0, 2, 0, 0, 0, 1, 0, 0]) / (4 * 1e-4)
    np.testing.assert_allclose(rate.rate_, expected)
    np.testing.assert_allclose(rate.t_, np.arange(10) * 1e-4)
    flat = rate.smooth_rate(window="flat", width=0.3 * ms)
    np.testing.assert_allclose(np.asarray(flat), np.convolve(expected, np.ones(3) / 3, mode="same"))
    gaussian = np.asarray(rate.smooth_rate(window="gaussian", width=0.1 * ms))
    weights = np.exp(-0.5 * np.arange(-2, 3) ** 2)
    np.testing.assert_allclose(gaussian, np.convolve(expected, weights / weights.sum(), mode="same"))
    own = rate.smooth_rate(window=np.array([1, 2, 1]))
    np.testing.assert_allclose(np.asarray(own), np.convolve(expected, [0.25, 0.5, 0.25], mode="same"))
    for wrong in ({"window": "round", "width": 1 * ms}, {"window": "flat"}, {"window": [1, 2]}):
        with pytest.raises(ArgumentError):
            rate.smooth_rate(**wrong)


def test_more_than_a_buffer_holds_is_recorded_in_full(target):
    """Many more rows than the buffers of a program have room for at once."""
    group = NeuronGroup(3000, "n = i : integer", threshold="True")
    spikes = SpikeMonitor(group, variables="n")
    trace = StateMonitor(group, "n", record=True)
    run(10 * ms)
    assert spikes.num_spikes == len(spikes.i) == 300_000
    np.testing.assert_array_equal(spikes.i.reshape(100, 3000), np.tile(np.arange(3000), (100, 1)))
    np.testing.assert_array_equal(spikes.n, spikes.i)
    np.testing.assert_array_equal(trace.n, np.tile(np.arange(3000)[:, None], (1, 100)))


def test_a_monitor_takes_its_source_along(target):
    group = clockwork([1])
    spikes = SpikeMonitor(group)
    Network(spikes).run(0.3 * ms)
    assert spikes.num_spikes == 1


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda g: StateMonitor(g, "u", record=True), UserError, "has no variable 'u' to record"),
        (lambda g: StateMonitor(g, "v", record=[5]), IndexRangeError, "is outside"),
        (lambda g: StateMonitor(g, "v", record=[-1]), IndexRangeError, "is outside"),
        (lambda g: StateMonitor(g, "v", record=[0.5]), ArgumentTypeError, "record must be True, False or numbers"),
        (lambda g: StateMonitor("group", "v", record=True), ArgumentTypeError, "states are recorded from"),
        (lambda g: SpikeMonitor(NeuronGroup(1, "v : 1")), ArgumentError, "has no threshold, so it never spikes"),
        (lambda g: EventMonitor(g, "spikes"), ArgumentError, "has no event 'spikes'"),
        (lambda g: SpikeMonitor(g, variables="u"), UserError, "has no variable 'u' to record"),
        (lambda g: PopulationRateMonitor(NeuronGroup(1, "v : 1")), ArgumentTypeError, "neurons with a threshold"),
        (lambda g: StateMonitor(g, "v", record=True, when="begin"), ArgumentError, "'begin' is not a slot"),
    ],
)
def test_what_cannot_be_recorded_is_refused(make, error, said):
    with pytest.raises(error, match=said):
        make(clockwork([1]))


def test_units_of_recorded_values():
    group = NeuronGroup(1, "v : volt")
    trace = StateMonitor(group, "v", record=0)
    assert trace.v.dim is volt.dim
    assert (trace.t / ms).shape == (0,)
