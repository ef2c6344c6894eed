"""Several clocks in one network: each object acts at its own time step, slots keep their order where clocks meet."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Clock,
    DimensionMismatchError,
    Network,
    NeuronGroup,
    PopulationRateMonitor,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    defaultclock,
    ms,
    mV,
    run,
    second,
)  # fmt: skip


def test_objects_act_at_their_own_time_step(target):
    fast = NeuronGroup(1, "dv/dt = 1/ms : 1", dt=0.1 * ms)
    slow = NeuronGroup(1, "n : 1", threshold="True", reset="n += 1", dt=0.25 * ms)
    trace = StateMonitor(fast, "v", record=0, dt=0.5 * ms)
    counts = StateMonitor(slow, "n", record=0, dt=0.1 * ms)
    run(2 * ms)
    np.testing.assert_allclose(trace.t_, [0, 0.5e-3, 1e-3, 1.5e-3], atol=1e-15)
    np.testing.assert_allclose(trace.v[0], [0, 0.5, 1, 1.5], atol=1e-13)
    ticks = np.arange(20) * 0.1
    np.testing.assert_array_equal(counts.n[0], np.ceil(np.round(ticks / 0.25, 9)))


def test_clocks_ten_thousand_times_apart_meet_at_the_right_step(target):
    group = NeuronGroup(1, "dv/dt = 1/second : 1", method="euler")
    trace = StateMonitor(group, "v", record=0, dt=1 * second)
    run(1.001 * second)
    np.testing.assert_allclose(trace.v[0], [0, 1], atol=1e-9)  # not one fast step too early


def test_slots_keep_their_order_where_clocks_meet(target):
    """The slow group is read by synapses at 0.2 ms: by then it has been updated in the same tick."""
    source = NeuronGroup(1, "n : 1", threshold="t_in_timesteps == 2", dt=0.1 * ms)
    slow = NeuronGroup(1, "dv/dt = 10/ms : 1\nseen : 1", dt=0.2 * ms)
    synapses = Synapses(source, slow, on_pre="seen = v")
    synapses.connect()
    run(0.4 * ms)
    np.testing.assert_allclose(slow.seen[0], 4, rtol=1e-14)


def test_a_delay_is_counted_in_steps_of_the_sender(target):
    source = NeuronGroup(1, "", threshold="t_in_timesteps == 1", dt=0.5 * ms)
    receiver = NeuronGroup(1, "v : 1", dt=0.1 * ms)
    synapses = Synapses(source, receiver, on_pre="v += 1", delay=1 * ms)
    synapses.connect()
    trace = StateMonitor(receiver, "v", record=0)
    run(3 * ms)
    assert np.round(trace.t_[np.flatnonzero(trace.v[0])[0]] * 1e4) == 16  # 0.5 ms + 1 ms, seen in the next sample


def test_refractoriness_is_that_of_the_clock_of_the_neuron(target):
    """A neuron of 0.5 ms steps is refractory for 1.5 ms; a fast sender reaches it only before and after.

    It is set free where its state is updated, so that a monitor at the start of that step does not see it yet.
    """
    receiver = NeuronGroup(
        1, "dv/dt = 0/second : 1 (unless refractory)\nat : integer", threshold="t_in_timesteps == at",
        refractory=1.5 * ms, dt=0.5 * ms, method="euler",
    )  # fmt: skip
    receiver.at = 2  # 1.0 ms: refractory until 2.5 ms
    source = NeuronGroup(1, "", threshold="True", dt=0.1 * ms)
    synapses = Synapses(source, receiver, on_pre="v += 1")
    synapses.connect()
    free = StateMonitor(receiver, "not_refractory", record=0, dt=0.1 * ms)
    trace = StateMonitor(receiver, "v", record=0, dt=0.1 * ms)
    run(4 * ms)
    received = np.diff(trace.v[0])
    expected = np.ones(39)
    expected[10:25] = 0
    assert received.tolist() == expected.tolist()
    assert np.flatnonzero(~free.not_refractory[0]).tolist() == list(range(11, 26))


def slow_and_fast():
    fast = NeuronGroup(1, "dv/dt = 10/ms : 1", dt=0.1 * ms)
    slow = NeuronGroup(1, "dv/dt = 2/ms : 1", dt=0.5 * ms)
    traces = [
        StateMonitor(fast, "v", record=0),
        StateMonitor(slow, "v", record=0),
        StateMonitor(fast, "v", record=0, dt=0.3 * ms),
    ]
    return Network(fast, slow, *traces), traces


def test_several_runs_are_one_run_also_where_they_end_between_ticks(target):
    whole, traces = slow_and_fast()
    whole.run(6 * ms)
    parts, traces_of_parts = slow_and_fast()
    for duration in (1.2, 0.1, 0.8, 1.3, 2.6):
        parts.run(duration * ms)
    for trace, other in zip(traces, traces_of_parts, strict=True):
        np.testing.assert_array_equal(other.t_, trace.t_)
        np.testing.assert_array_equal(other.v[0], trace.v[0])
    assert [len(trace.t_) for trace in traces] == [60, 12, 20]
    assert abs(parts.t_ - 6e-3) < 1e-12


def test_the_time_step_may_change_between_runs_at_a_whole_number_of_its_steps(target):
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="True")
    spikes = SpikeMonitor(group)
    run(0.3 * ms)
    defaultclock.dt = 0.15 * ms
    run(0.3 * ms)
    np.testing.assert_allclose(spikes.t_ * 1e3, [0, 0.1, 0.2, 0.3, 0.45], atol=1e-12)
    np.testing.assert_allclose(group.v[0], 0.6, rtol=1e-14)
    defaultclock.dt = 0.35 * ms
    with pytest.raises(ArgumentError, match="is not a whole number of steps"):
        run(0.7 * ms)


def test_spikes_on_their_way_keep_their_times_when_the_time_step_changes(target):
    source = NeuronGroup(1, "", threshold="t_in_timesteps == 2")
    receiver = NeuronGroup(1, "v : 1")
    synapses = Synapses(source, receiver, on_pre="v += 1", delay=0.4 * ms)
    synapses.connect()
    trace = StateMonitor(receiver, "v", record=0)
    run(0.4 * ms)
    defaultclock.dt = 0.2 * ms
    run(0.8 * ms)
    np.testing.assert_allclose(
        trace.t_[np.flatnonzero(trace.v[0])[0]], 0.8e-3
    )  # arrives at 0.6 ms, seen one step later


def test_a_clock_can_be_shared_and_changed(target):
    clock = Clock(0.2 * ms)
    group, other = NeuronGroup(1, "", threshold="True", clock=clock), NeuronGroup(1, "", threshold="True", clock=clock)
    spikes, others = SpikeMonitor(group), PopulationRateMonitor(other)
    run(0.4 * ms)
    assert clock.timestep == 2
    clock.dt = 0.1 * ms
    run(0.2 * ms)
    np.testing.assert_allclose(spikes.t_, [0, 2e-4, 4e-4, 5e-4], atol=1e-12)
    np.testing.assert_array_equal(others.t_, spikes.t_)
    assert abs(clock.t_ - 6e-4) < 1e-15


def test_times_are_checked():
    with pytest.raises(DimensionMismatchError, match="dt is not a time"):
        NeuronGroup(1, "", dt=3 * mV)
    with pytest.raises(ArgumentError, match="dt must be positive"):
        Clock(0 * ms)
    with pytest.raises(ArgumentError, match="give either dt or clock"):
        NeuronGroup(1, "", dt=1 * ms, clock=defaultclock)
    group = NeuronGroup(1, "x : 1")
    with pytest.raises(ArgumentError, match="the duration of a run must not be negative"):
        run(-1 * ms)
    with pytest.raises(DimensionMismatchError, match="the duration of a run is not a time"):
        Network(group).run(3)


def test_a_step_that_begins_before_the_end_of_a_run_belongs_to_it(target):
    group, slow = NeuronGroup(1, "", threshold="True"), NeuronGroup(1, "dv/dt = 1/ms : 1", dt=0.3 * ms)
    spikes = SpikeMonitor(group)
    net = Network(group, slow, spikes)
    steps = []
    for duration in (0.149, 0.151, 0.05, 0.05, 0.1, 0.0499, 0.4501):
        net.run(duration * ms)
        steps.append(spikes.num_spikes)
    assert steps == [2, 3, 4, 4, 5, 6, 10]
    assert round(net.t_, 9) == 1e-3 and round(slow.v[0], 9) == 1.2
    assert (round(group.t / ms, 9), round(slow.t / ms, 9)) == (1, 1.2)  # when each ticks next
    net.run(0.2 * ms)
    assert spikes.num_spikes == 12 and round(slow.v[0], 9) == 1.2


def test_a_new_time_step_goes_on_where_the_last_step_ended(target):
    group = NeuronGroup(1, "dv/dt = 1/ms : 1")
    net = Network(group)
    net.run(0.149 * ms)
    defaultclock.dt = 0.05 * ms
    net.run(0.151 * ms)
    assert round(group.v[0], 9) == 0.3 and round(group.t / ms, 9) == 0.3
