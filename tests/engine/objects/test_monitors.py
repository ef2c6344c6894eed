"""Monitors: what they write down, and in which form it is read."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    EventClock,
    EventMonitor,
    Network,
    NeuronGroup,
    PoissonGroup,
    PopulationRateMonitor,
    Quantity,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    UserError,
    defaultclock,
    linked_var,
    load_recording,
    ms,
    mV,
    run,
    second,
    volt,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError, DimensionMismatchError, IndexRangeError

pytestmark = pytest.mark.every_target

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
    assert (spikes.num_spikes, len(spikes)) == (5, 5)
    assert set(spikes.get_states()) == {"count", "N"}
    for ask in (lambda: spikes.t, lambda: spikes.i, lambda: spikes.spike_trains(), lambda: spikes.binned_rate(1 * ms)):
        with pytest.raises(AttributeError, match=r"keeps counts only\n    try: record=True"):
            ask()


def test_values_are_kept_beside_counts_alone(target):
    group = clockwork([3, 1], period=4)
    spikes = SpikeMonitor(group, variables="at", record=False)
    run(1 * ms)
    assert spikes.at.tolist() == [1, 3, 1, 3, 1] and spikes.count.tolist() == [2, 3]


def test_what_was_recorded_cannot_be_set(target):
    group = clockwork([3, 1])
    spikes, trace = SpikeMonitor(group, variables="v"), StateMonitor(group, "v", record=True)
    run(0.5 * ms)
    for monitor in (spikes, trace):
        for name in ("v", "v_", "t"):
            with pytest.raises(AttributeError):
                setattr(monitor, name, 3 * mV)
    assert spikes.v_.tolist() == [1e-3, 0] and trace.v.shape == (2, 5)


def test_a_monitor_is_switched_off_and_on_between_runs(target):
    group = clockwork([0], period=1)
    spikes, trace = SpikeMonitor(group), StateMonitor(group, "v", record=True)
    for active in (True, False, True):
        spikes.active = trace.active = active
        run(0.2 * ms)
    np.testing.assert_allclose(trace.t / ms, [0, 0.1, 0.4, 0.5])
    np.testing.assert_array_equal(spikes.t_, trace.t_)


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


def test_elements_are_chosen_by_slice_condition_part_or_range():
    group = clockwork([0, 1, 2, 3])
    for record, numbers in (
        (slice(1, 3), [1, 2]), ("at >= 2", [2, 3]), (group[1:3], [1, 2]), (range(2), [0, 1]), ((3, 0), [3, 0]),
        (np.int64(2), [2]), ([], []),
    ):  # fmt: skip
        assert StateMonitor(group, "v", record=record).record.tolist() == numbers
    assert StateMonitor(group[1:], "v", record=group[2:]).record.tolist() == [1, 2]


def test_what_was_recorded_is_found_by_anything_that_chooses_elements(target):
    group = clockwork([0, 1, 2, 3])
    trace = StateMonitor(group, "at", record=[3, 1])
    run(0.2 * ms)
    assert trace[3].at.tolist() == [3, 3]
    assert trace["at == 1"].at.tolist() == trace[1:2].at.tolist() == trace[group[1:2]].at.tolist() == [[1, 1]]
    assert trace[[1, 3]].at_[:, 0].tolist() == [1, 3]
    assert (trace[3].t == trace.t).all() and (trace[3].t_ == trace.t_).all()
    with pytest.raises(AttributeError, match="does not record 'v'"):
        trace[3].v  # noqa: B018
    with pytest.raises(AttributeError, match="it records t, at"):
        trace.v  # noqa: B018
    with pytest.raises(ArgumentTypeError):
        trace[1.5]


def test_synapses_are_chosen_by_their_ends(target):
    group = clockwork([1, 2, 3])
    synapses = Synapses(group, group, "w : 1")
    synapses.connect(i=[2, 0, 0], j=[1, 2, 1])  # stored in another order than made
    synapses.w = [21, 2, 1]
    trace = StateMonitor(synapses, ["w", "i"], record=(0, slice(None)))
    condition = StateMonitor(synapses, "w", record="j == 1")
    run(0.1 * ms)
    assert (trace.record.tolist(), trace.w[:, 0].tolist(), trace.i[:, 0].tolist()) == ([1, 2], [2, 1], [0, 0])
    assert condition.record.tolist() == [0, 2] and condition.w[:, 0].tolist() == [21, 1]
    assert trace[0, 1].w.tolist() == trace["j == 1 and i == 0"].w.tolist() == [[1]]
    assert trace[2].w.tolist() == [1]


def test_synapses_are_chosen_by_an_object_that_stands_for_their_numbers(target):
    class Some:
        def __array__(self, dtype=None, copy=None):
            return np.array([2, 0], dtype)

    group = clockwork([1, 2, 3])
    synapses = Synapses(group, group, "w : 1")
    synapses.connect(i=[2, 0, 0], j=[1, 2, 1])
    synapses.w = [21, 2, 1]
    trace = StateMonitor(synapses, "w", record=Some())
    run(0.1 * ms)
    assert (trace.record.tolist(), trace.w[:, 0].tolist(), trace[Some()].w[:, 0].tolist()) == ([2, 0], [1, 21], [1, 21])


def test_the_index_in_a_part_counts_from_its_first_neuron(target):
    group = clockwork([0, 1, 2, 3])
    trace = StateMonitor(group[2:], ["i", "at"], record=True)
    run(0.1 * ms)
    trace.record_single_timestep()
    assert trace.i.tolist() == [[0, 0], [1, 1]] and trace.i.dtype == np.int32
    assert trace.at.tolist() == [[2, 2], [3, 3]]


def test_a_single_time_step_is_recorded_outside_a_run(target):
    scale = 2
    group = NeuronGroup(3, "dv/dt = 1*mV/ms : volt\ntwice = scale*v : volt\non = v > 0.95*mV : boolean")
    trace = StateMonitor(group, True, record=[0, 2])
    trace.record_single_timestep()
    run(1 * ms)
    trace.record_single_timestep()
    assert trace.v.shape == (2, 12)
    np.testing.assert_allclose(trace.v_[:, [0, 1, -1]], [[0, 0, 1e-3]] * 2, atol=1e-12)
    np.testing.assert_allclose(trace.twice_[:, -1], scale * 1e-3)
    assert trace.on[:, -2:].tolist() == [[False, True]] * 2
    assert trace.t[-1] == 1 * ms
    run(0.1 * ms)
    assert (trace.v_[:, -1] == trace.v_[:, -2]).all()  # the same state, at the end of one run and the start of the next


def test_shared_and_linked_variables_and_their_subexpressions_are_recorded(target):
    group = NeuronGroup(3, "dv/dt = s*Hz : 1\ns : 1 (shared)\ntwice = 2*s : 1 (shared)", threshold="i == 1")
    group.s, group.v = 3, "i"
    follower = NeuronGroup(3, "u : 1 (linked)")
    follower.u = linked_var(group, "v")
    trace, linked = StateMonitor(group, ["v", "s", "twice"], record=[0, 2]), StateMonitor(follower, True, record=True)
    spikes = SpikeMonitor(group, ["s", "twice"])
    run(0.2 * ms)
    trace.record_single_timestep()
    assert trace.s.tolist() == [[3, 3, 3]] * 2 and trace.twice.tolist() == [[6, 6, 6]] * 2
    np.testing.assert_array_equal(linked.u[[0, 2]], trace.v[:, :-1])
    assert (spikes.s.tolist(), spikes.twice.tolist()) == ([3, 3], [6, 6])


def test_states_are_recorded_at_chosen_times(target):
    group = NeuronGroup(1, "dv/dt = 1/ms : 1")
    trace = StateMonitor(group, "v", record=True, clock=EventClock([0.2, 0.7] * ms))
    run(1 * ms)
    np.testing.assert_allclose(trace.t / ms, [0.2, 0.7])
    np.testing.assert_allclose(trace.v, [[0.2, 0.7]])


def test_time_is_recorded_anyway(target):
    group = clockwork([1])
    trace, spikes = StateMonitor(group, ["t", "v"], record=True), SpikeMonitor(group, ["t", "i", "v"])
    run(0.3 * ms)
    assert (trace.columns, spikes.columns) == (("v",), ("v",))
    np.testing.assert_allclose(trace.t_, [0, 1e-4, 2e-4])


def test_values_at_a_spike_are_those_before_the_reset(target):
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v > 0.95", reset="v = 0")
    spikes = SpikeMonitor(group, True)
    run(1.5 * ms)
    np.testing.assert_allclose(spikes.v, [1])


def test_neurons_without_spikes_have_empty_trains_in_seconds(target):
    group = clockwork([1, 100])
    spikes = SpikeMonitor(group)
    run(0.3 * ms)
    silent = spikes.spike_trains()[1]
    assert silent.shape == (0,) and silent.dim is second.dim


def test_spikes_as_views_and_as_numbers(target):
    group = clockwork([1, 2])
    spikes = SpikeMonitor(group)
    run(0.3 * ms)
    i, t = spikes.it_
    assert (spikes.i[:].tolist(), spikes.i_.tolist(), i.tolist()) == ([0, 1],) * 3
    assert spikes.t[:].dim is second.dim and t.tolist() == spikes.t_[:].tolist()
    assert spikes.count[:].tolist() == spikes.count_.tolist() == [1, 1]
    assert (len(spikes), spikes.N, bool(SpikeMonitor(group))) == (2, 2, True)
    assert spikes.values("i")[1].tolist() == [1]


def test_events_are_recorded_behind_their_detection_whatever_the_order_of_the_group(target):
    group = NeuronGroup(1, "at : integer", events={"now": "t_in_timesteps == at"}, order=3)
    group.at = 2
    events = EventMonitor(group, "now")
    run(1 * ms)
    np.testing.assert_allclose(events.t_, [2e-4])


def test_events_are_recorded_in_the_slot_in_which_they_are_looked_for(target):
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v > 0.35", reset="v = 0", events={"low": "v < 0.15"})
    group.set_event_schedule("low", when="after_resets")
    spikes, low, rate = SpikeMonitor(group, "v"), EventMonitor(group, "low", "v"), PopulationRateMonitor(group)
    group.run_regularly("v += 0.01", when="after_thresholds")
    assert [(m.when, m.order) for m in (spikes, low, rate)] == [("thresholds", 1), ("after_resets", 1), ("end", 0)]
    run(0.5 * ms)
    np.testing.assert_allclose(spikes.v, [0.43])
    np.testing.assert_allclose(low.v, [0.11, 0, 0.11])
    assert rate.rate_[3] == 1e4


def test_a_group_that_is_switched_off_has_no_spikes(target):
    group, given = clockwork([1, 0], period=2), SpikeGeneratorGroup(2, [0, 1], [0.1, 0.6] * ms)
    other = NeuronGroup(1, "x : 1")
    synapses, late = Synapses(group, other, on_pre="x += 1"), Synapses(given, other, on_pre="x += 10", delay=0.5 * ms)
    synapses.connect()
    late.connect()
    spikes, rate = SpikeMonitor(group), PopulationRateMonitor(group)
    net = Network(group, given, other, synapses, late, spikes, rate)
    net.run(0.4 * ms)
    group.active = given.active = False
    net.run(0.4 * ms)
    assert spikes.num_spikes == 4 and rate.rate_.tolist() == [5e3] * 4 + [0] * 4
    assert other.x[0] == 14  # with the spike that was on its way, without the one that was to come
    group.active = True
    net.run(0.2 * ms)
    assert spikes.num_spikes == 6


@pytest.mark.every_target
def test_a_recorded_subexpression_has_the_time_step_of_its_group(target):
    """Another clock may say when it is recorded."""
    group = NeuronGroup(1, "step = dt/ms : 1\nn = t_in_timesteps : integer\nk = timestep(t, dt) : integer", dt=0.2 * ms)
    trace = StateMonitor(group, True, record=0, dt=0.6 * ms)
    run(1.8 * ms)
    np.testing.assert_allclose(trace.step[0], 0.2)
    assert trace.n[0].tolist() == trace.k[0].tolist() == [0, 3, 6]


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
    wrong_window = {"window": "round", "width": 1 * ms}
    for wrong in (wrong_window, {"window": "flat"}, {"window": [1, 2]}, {"window": [1], "width": 1 * ms}):
        with pytest.raises(ArgumentError):
            rate.smooth_rate(**wrong)


def test_rates_of_several_time_steps(target):
    group = clockwork([1, 12])
    rate = PopulationRateMonitor(group)
    run(1 * ms)
    defaultclock.dt = 0.5 * ms
    run(5.5 * ms)  # neuron 1 spikes in step 12, at 6 ms
    np.testing.assert_allclose(rate.t_[[0, 9, 10, 11]], [0, 0.9e-3, 1e-3, 1.5e-3])
    np.testing.assert_allclose(rate.rate_[[1, 20]], [1 / (2 * 1e-4), 1 / (2 * 5e-4)])
    bins, binned = rate.binned_rate(1 * ms)
    np.testing.assert_allclose(bins / ms, np.arange(6))
    np.testing.assert_allclose(np.asarray(binned), [500, 0, 0, 0, 0, 0])
    with pytest.raises(ArgumentError, match="several time steps"):
        rate.smooth_rate(width=1 * ms)


def test_rates_in_bins_and_smoothed_for_each_neuron(target):
    group = clockwork([1, 3, 3], period=4)
    spikes, rate = SpikeMonitor(group), PopulationRateMonitor(group)
    run(1.1 * ms)
    bins, rates = spikes.binned_rate(0.5 * ms)  # the last bin is not over
    np.testing.assert_allclose(bins / ms, [0, 0.5])
    np.testing.assert_allclose(rates * (0.5 * ms), [[1, 2], [1, 1], [1, 1]])
    same_bins, mean = rate.binned_rate(0.5 * ms)
    np.testing.assert_allclose(same_bins / ms, bins / ms)
    np.testing.assert_allclose(np.asarray(mean), np.asarray(rates).mean(axis=0))
    smooth = spikes.smooth_rate(window="flat", width=0.3 * ms)
    assert smooth.shape == (3, 11)
    np.testing.assert_allclose(np.asarray(smooth[0]) * 3e-4, [1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1])
    population = np.asarray(rate.smooth_rate(window="flat", width=0.3 * ms))
    np.testing.assert_allclose(np.asarray(smooth).mean(axis=0), population)
    for monitor in (spikes, rate):
        with pytest.raises(ArgumentError, match="a whole number of time steps"):
            monitor.binned_rate(0.25 * ms)


def test_rates_before_a_run_and_of_monitors_that_joined_late(target):
    group = clockwork([0, 1], period=2)
    early = SpikeMonitor(group)
    assert early.binned_rate(1 * ms)[1].shape == (2, 0)
    assert PopulationRateMonitor(group).smooth_rate(width=1 * ms).shape == (0,)
    run(1 * ms)
    late, rate = SpikeMonitor(group), PopulationRateMonitor(group)
    run(1 * ms)
    for monitor in (late, rate):
        bins, rates = monitor.binned_rate(1 * ms)
        np.testing.assert_allclose(bins / ms, [1])
        np.testing.assert_allclose(np.asarray(rates).ravel(), 5000)


def test_spikes_in_a_bin_that_is_not_over_belong_to_no_bin_of_another_neuron():
    spikes = SpikeMonitor(clockwork([10**6, 11]))
    run(1.2 * ms)
    assert spikes.i.tolist() == [1]
    np.testing.assert_array_equal(spikes.binned_rate(1 * ms)[1] * ms, [[0], [0]])


def test_bins_go_on_over_several_runs_and_a_window_that_is_not_full_begins_where_the_monitor_did():
    group = clockwork([0], period=2)
    every, latest = SpikeMonitor(group), SpikeMonitor(group, keep=10 * ms)
    for _ in range(3):
        run(1 * ms)
    for monitor in (every, latest):
        np.testing.assert_allclose(monitor.binned_rate(1 * ms)[0] / ms, [0, 1, 2])
        np.testing.assert_allclose(monitor.binned_rate(1 * ms)[1] * ms, [[5, 5, 5]])


def test_counts_are_those_that_were_read():
    spikes = SpikeMonitor(clockwork([0, 1]))
    run(1 * ms)
    spikes.count[:] = 7
    assert spikes.count.tolist() == [1, 1]


def test_a_monitor_that_is_cleared_begins_anew():
    group = clockwork([0], period=2)
    spikes, rate = SpikeMonitor(group), PopulationRateMonitor(group)
    net = Network(group, spikes, rate)
    net.run(1 * ms)
    defaultclock.dt = 0.5 * ms
    net.run(1 * ms)
    for monitor in (spikes, rate):
        monitor.clear()
    assert (len(spikes), spikes.num_spikes, spikes.count.tolist(), spikes.began) == (0, 0, [0], None)
    defaultclock.dt = 0.1 * ms
    net.run(2 * ms)
    assert spikes.began == pytest.approx(2e-3) and spikes.num_spikes == len(spikes) == 10
    for monitor in (spikes, rate):
        bins, rates = monitor.binned_rate(1 * ms)
        np.testing.assert_allclose(bins / ms, [2, 3])
        np.testing.assert_allclose(np.ravel(rates * ms), [5, 5])


def test_rates_of_several_time_steps_are_kept_for_a_while_and_stored_with_them():
    group = clockwork([1, 12, 14])
    every, latest = PopulationRateMonitor(group), PopulationRateMonitor(group, keep=3 * ms)
    net = Network(group, every, latest)
    net.run(1 * ms)
    defaultclock.dt = 0.5 * ms
    net.run(3 * ms)
    net.store()
    net.run(4 * ms)  # one spikes at 6 ms, one at 7 ms
    np.testing.assert_allclose(latest.binned_rate(1 * ms)[0] / ms, [5, 6, 7])
    np.testing.assert_allclose(np.asarray(latest.binned_rate(1 * ms)[1]) * 3e-3, [0, 1, 1])
    net.restore()
    np.testing.assert_allclose(np.asarray(every.binned_rate(1 * ms)[1]) * 3e-3, [1, 0, 0, 0])


def test_a_single_time_step_is_recorded_to_disk_and_of_synapses_that_were_made_later(tmp_path):
    group = clockwork([1, 1])
    synapses = Synapses(group, group, "w : 1")
    weights = StateMonitor(synapses, "w", record=True, to=tmp_path / "weights")
    synapses.connect()
    synapses.w = "i + 2*j"
    weights.record_single_timestep()
    assert load_recording(tmp_path / "weights").w[:, 0].tolist() == weights.w[:, 0].tolist() == synapses.w[:].tolist()


def test_synapses_made_after_a_state_was_stored_are_forgotten_by_their_monitor():
    group = clockwork([1, 1])
    synapses = Synapses(group, group, "w : 1")
    synapses.connect(i=0, j=[0, 1])
    weights = StateMonitor(synapses, "w", record=True)
    net = Network(group, synapses, weights)
    net.store("nothing recorded")
    net.run(0.4 * ms)
    net.store("two synapses")
    net.restore("nothing recorded")
    synapses.connect(i=1, j=0)
    net.run(0.2 * ms)
    assert weights.w.shape == (3, 2)
    net.restore("two synapses")
    assert weights.w.shape == (2, 4)
    net.restore("nothing recorded")
    net.run(0.3 * ms)
    assert weights.w.shape == (2, 3)


# rolling windows


def test_only_the_last_stretch_of_time_is_kept(target):
    group = clockwork([0, 1], period=2)
    spikes, trace = SpikeMonitor(group, "at", keep=1 * ms), StateMonitor(group, "v", record=True, keep=0.5 * ms)
    rate, every = PopulationRateMonitor(group, keep=2 * ms), SpikeMonitor(group, "at")
    run(10.5 * ms)
    np.testing.assert_array_equal(spikes.t_, every.t_[-10:])
    np.testing.assert_array_equal(spikes.at, every.at[-10:])
    np.testing.assert_allclose(trace.t / ms, np.arange(100, 105) / 10)
    assert trace.v.shape == (2, 5)
    np.testing.assert_allclose(rate.t / ms, np.arange(85, 105) / 10)
    np.testing.assert_allclose(rate.binned_rate(1 * ms)[0] / ms, [8.5, 9.5])
    np.testing.assert_allclose(np.asarray(spikes.binned_rate(1 * ms)[1]), [[5000], [5000]])
    assert (spikes.num_spikes, spikes.count.tolist()) == (105, [53, 52])  # counts are of all spikes


def test_what_happened_before_the_window_is_forgotten_in_silence(target):
    group = clockwork([1])
    spikes = SpikeMonitor(group, keep=1 * ms)
    run(0.5 * ms)
    assert len(spikes.t) == 1
    run(1 * ms)
    assert len(spikes.t) == 0


def test_memory_stays_flat_for_an_hour_of_model_time(target):
    group = NeuronGroup(2, "dv/dt = 1/second : 1", threshold="True", dt=200 * ms)
    spikes, trace = SpikeMonitor(group, keep=60 * second), StateMonitor(group, "v", record=True, keep=60 * second)
    rate, taken = PopulationRateMonitor(group, keep=60 * second), []
    net = Network(group, spikes, trace, rate)
    simulation = net.prepare(3600 * second, {}).simulation
    recordings = [monitor.recording for monitor in (spikes, trace, rate)]
    simulation.run(each_slice=lambda: taken.append([recording.nbytes for recording in recordings]))
    net.finish(net.last)
    assert (len(spikes), len(trace), len(rate)) == (600, 300, 300)
    assert [recording.rows for recording in recordings] == [36_000, 18_000, 18_000]
    # a window, and what one round of the buffers holds of events (12 bytes), states (24) and rates (16)
    buffers = [12 * 16384, 24 * 8192, 16 * 8192]
    for most, window, buffer in zip(np.max(taken, axis=0), [12 * 600, 24 * 300, 16 * 300], buffers, strict=True):
        assert most <= 2 * (window + buffer)


# disk


def test_what_is_recorded_to_disk_is_the_same_as_in_memory(target, tmp_path):
    group = clockwork([0, 1, 2], period=3)
    in_memory = (
        SpikeMonitor(group, ["v", "at"]), StateMonitor(group, ["v", "at"], record=[2, 0]), PopulationRateMonitor(group),
    )  # fmt: skip
    on_disk = (
        SpikeMonitor(group, ["v", "at"], to=tmp_path / "spikes", name="cells"),
        StateMonitor(group, ["v", "at"], record=[2, 0], to=tmp_path / "states"),
        PopulationRateMonitor(group, to=str(tmp_path / "rate")),
    )
    net = Network(in_memory, on_disk)
    assert on_disk[0].t.shape == (0,) and not (tmp_path / "spikes").exists()
    net.run(1 * ms)
    net.run(0.7 * ms)
    for kept, stored in zip(in_memory, on_disk, strict=True):
        opened = load_recording(stored._path)
        assert opened.names == (*(["t", "i"] if kept.kind == "events" else ["t"]), *kept.columns)
        assert len(opened) == len(kept) == len(stored)
        for name in (*opened.names, *(f"{name}_" for name in opened.names)):
            expected = getattr(kept, name)
            for found in (getattr(stored, name), getattr(opened, name)):
                assert type(found) is type(expected) and found.dtype == expected.dtype
                np.testing.assert_array_equal(found, expected)
    assert on_disk[0].count.tolist() == in_memory[0].count.tolist()
    assert on_disk[0].spike_trains()[2].tolist() == in_memory[0].spike_trains()[2].tolist()
    assert on_disk[1][0].v.tolist() == in_memory[1][0].v.tolist()
    spikes, states = load_recording(tmp_path / "spikes"), load_recording(tmp_path / "states")
    assert (spikes.name, spikes.source, spikes.kind, states.record.tolist()) == ("cells", group.name, "events", [2, 0])
    assert repr(spikes) == f"<StoredRecording of t, i, v, at by 'cells' of '{group.name}', 17 rows>"
    with pytest.raises(AttributeError, match="has no column 'w'"):
        spikes.w  # noqa: B018


def test_recording_to_disk_takes_no_memory(target, tmp_path):
    group = NeuronGroup(10, "v : 1", threshold="True")
    spikes, trace = SpikeMonitor(group, to=tmp_path / "s"), StateMonitor(group, "v", record=True, to=tmp_path / "t")
    run(100 * ms)
    assert (len(spikes), spikes.recording.nbytes, len(trace), trace.recording.nbytes) == (10_000, 0, 1000, 0)


def test_values_read_from_disk_can_be_changed_without_changing_the_recording(target, tmp_path):
    group = clockwork([1])
    spikes = SpikeMonitor(group, to=tmp_path / "spikes")
    run(0.3 * ms)
    times = spikes.t
    times += 1 * second
    np.testing.assert_allclose(spikes.t_, [1e-4])


def test_an_interrupted_run_leaves_a_readable_recording(target, tmp_path):
    group = clockwork([1], period=2)
    trace = StateMonitor(group, "at", record=True, to=tmp_path / "trace")
    net = Network(trace)
    simulation = net.prepare(1 * second, {}).simulation
    while simulation.step < 5:  # and never again
        simulation.advance(5 - simulation.step)
    assert load_recording(tmp_path / "trace").at.tolist() == [[1] * 5]


def test_monitors_go_on_from_a_state_that_was_stored(target, tmp_path):
    group = clockwork([0, 1, 12], period=3)
    spikes = SpikeMonitor(group, "at", to=tmp_path / "spikes")
    trace, rate = StateMonitor(group, ["i", "v"], record=[2, 1], keep=1 * ms), PopulationRateMonitor(group)
    part = StateMonitor(group[1:], "i", record=True)
    net = Network(spikes, trace, rate, part)
    net.store("empty")
    net.run(1 * ms)
    net.store()
    before = {name: {k: np.copy(v) for k, v in states.items()} for name, states in net.get_states(units=False).items()}
    kept = spikes.t_
    times = kept.tolist()
    for _ in range(2):
        net.run(0.5 * ms)
        net.restore()
        for name, states in net.get_states(units=False).items():
            for variable, values in states.items():
                np.testing.assert_array_equal(values, before[name][variable])
    np.testing.assert_allclose(rate.binned_rate(0.5 * ms)[0] / ms, [0, 0.5])
    np.testing.assert_allclose(spikes.binned_rate(0.5 * ms)[0] / ms, [0, 0.5])
    assert load_recording(tmp_path / "spikes").i.tolist() == spikes.i.tolist()
    assert kept.tolist() == times  # an array that was read before stays as it is
    net.restore("empty")
    assert (len(spikes), len(trace), len(rate), spikes.began) == (0, 0, 0, None)


def test_recordings_are_not_written_over(tmp_path):
    group = clockwork([1])
    spikes = SpikeMonitor(group, to=tmp_path / "spikes")
    other = SpikeMonitor(group, to=tmp_path / "spikes")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "today.txt").write_text("much")
    with pytest.raises(ArgumentError, match="already something at"):
        SpikeMonitor(group, to=tmp_path / "notes")
    Network(spikes).run(0.3 * ms)
    with pytest.raises(ArgumentError, match="already a recording at"):
        SpikeMonitor(group, to=tmp_path / "spikes")
    with pytest.raises(ArgumentError, match="already a recording at"):
        Network(other).run(0.3 * ms)
    spikes.clear()
    assert len(load_recording(tmp_path / "spikes")) == 0
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ArgumentError, match="already something at"):
        SpikeMonitor(group, to=tmp_path / "file")
    unreachable = SpikeMonitor(group, to=tmp_path / "file" / "spikes")
    with pytest.raises(ArgumentError, match="cannot be recorded to"):
        Network(unreachable).run(0.1 * ms)


def test_spikes_of_a_noisy_group_are_the_same_however_they_are_kept(target, tmp_path):
    """What is recorded, and where, changes nothing in the simulation."""
    group = PoissonGroup(20, rates="(i + 1)*20*Hz")
    every, latest = SpikeMonitor(group), SpikeMonitor(group, keep=50 * ms)
    stored = SpikeMonitor(group, to=tmp_path / "spikes")
    run(200 * ms)
    late = every.t_ > 0.15 - 1e-9
    np.testing.assert_array_equal(latest.i, every.i[late])
    np.testing.assert_array_equal(stored.i, every.i)


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
        (lambda g: StateMonitor(g, "v", record=[1]), IndexRangeError, "is outside"),
        (lambda g: StateMonitor(g, "v", record=[-1]), IndexRangeError, "is outside"),
        (lambda g: StateMonitor(g, "v", record=[0.5]), ArgumentTypeError, "record must be True, False or numbers"),
        (lambda g: StateMonitor("group", "v", record=True), ArgumentTypeError, "states are recorded from"),
        (lambda g: SpikeMonitor(NeuronGroup(1, "v : 1")), ArgumentError, "has no threshold, so it never spikes"),
        (lambda g: EventMonitor(g, "spikes"), ArgumentError, "has no event 'spikes'"),
        (lambda g: SpikeMonitor(g, variables="u"), UserError, "has no variable 'u' to record"),
        (lambda g: PopulationRateMonitor(NeuronGroup(1, "v : 1")), ArgumentTypeError, "neurons with a threshold"),
        (lambda g: StateMonitor(g, "v", record=True, when="stat"), ArgumentError, "'stat' is not a slot"),
        (lambda g: StateMonitor(g, "v", record=1.5), ArgumentTypeError, "does not choose elements"),
        (lambda g: StateMonitor(g[:1], "v", record=clockwork([1])[:1]), ArgumentError, "is not a part of"),
        (lambda g: StateMonitor((both := clockwork([1, 1]))[:1], "v", record=both[1:]), ArgumentError, "not a part of"),
        (lambda g: StateMonitor(g, "v", record="i > 2*volt"), UserError, "volt"),
        (lambda g: SpikeMonitor(g, record=[0]), ArgumentTypeError, "record must be True or False"),
        (lambda g: SpikeMonitor(g, keep=3), DimensionMismatchError, "keep is not a time"),
        (lambda g: SpikeMonitor(g, to=3), ArgumentTypeError, "the path of a folder"),
        (lambda g: SpikeMonitor(g, keep=1 * ms, to="spikes"), ArgumentError, "leave out keep= or to="),
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
