"""When things happen in a time step: state update, thresholds, synapses, resets, and what monitors see of it."""

import numpy as np
import pytest

from jupyspike import ArgumentError, Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses, ms, prefs, run, seed

CLOCKWORK = "at : integer\nperiod : integer"
FIRES = "t_in_timesteps >= at and (t_in_timesteps - at) % period == 0"


def clockwork(first, period=10**6, **arguments):
    """Neurons that fire at given steps: first at ``first``, then every ``period``."""
    group = NeuronGroup(np.size(first), CLOCKWORK, threshold=FIRES, **arguments)
    group.at, group.period = first, period
    return group


def steps(times, dt=1e-4):
    return np.round(np.asarray(times) / dt).astype(int).tolist()


def test_a_sample_is_the_value_before_its_step(target):
    group = NeuronGroup(1, "dv/dt = 10/ms : 1")
    trace = StateMonitor(group, "v", record=0)
    run(0.5 * ms)
    assert steps(trace.t_) == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(trace.v[0], [0, 1, 2, 3, 4], rtol=1e-15)
    np.testing.assert_allclose(group.v[0], 5, rtol=1e-15)


def test_a_spike_carries_the_time_at_which_its_step_began(target):
    group = clockwork([3, 0, 3, 7])
    spikes = SpikeMonitor(group)
    run(0.8 * ms)
    assert list(zip(spikes.i.tolist(), steps(spikes.t_), strict=True)) == [(1, 0), (0, 3), (2, 3), (3, 7)]
    np.testing.assert_array_equal(spikes.t_, np.array([0, 3, 3, 7]) * 1e-4)
    assert spikes.count.tolist() == [1, 1, 1, 1]


def test_the_state_is_updated_before_the_threshold_is_looked_at(target):
    group = NeuronGroup(1, "dv/dt = 10/ms : 1", threshold="v > 2.5", reset="v = 0")
    spikes, trace = SpikeMonitor(group, variables="v"), StateMonitor(group, "v", record=0)
    run(1 * ms)
    assert steps(spikes.t_) == [2, 5, 8]  # v is 3 after the third update; the spike is seen before the reset
    np.testing.assert_allclose(spikes.v, 3, rtol=1e-14)
    np.testing.assert_allclose(trace.v[0], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0], rtol=1e-14)


def test_without_delay_a_spike_has_its_effect_in_the_same_step(target):
    source, target_group = clockwork([3]), NeuronGroup(1, "v : 1", threshold="v > 0.5", reset="v = 0")
    synapses = Synapses(source, target_group, on_pre="v += 1")
    synapses.connect()
    trace, spikes = StateMonitor(target_group, "v", record=0), SpikeMonitor(target_group)
    run(0.8 * ms)
    assert trace.v[0].tolist() == [0, 0, 0, 0, 1, 0, 0, 0]
    assert steps(spikes.t_) == [4]  # thresholds come before synapses


def test_a_reset_overwrites_what_arrives_in_the_step_of_the_spike(target):
    source = clockwork([3, 5])
    receiver = NeuronGroup(
        1, "v : 1\nat : integer", threshold="t_in_timesteps == at", reset="v = 0"
    )  # fmt: skip
    receiver.at = 3
    synapses = Synapses(source, receiver, on_pre="v += 1")
    synapses.connect()
    trace = StateMonitor(receiver, "v", record=0)
    run(0.8 * ms)
    assert trace.v[0].tolist() == [0, 0, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("delay", [0, 1, 2, 7])
def test_a_delay_is_a_number_of_steps(target, delay):
    source, receiver = clockwork([1, 3], period=4), NeuronGroup(1, "v : 1")
    synapses = Synapses(source, receiver, on_pre="v += 1 + i", delay=delay * 0.1 * ms)
    synapses.connect()
    trace = StateMonitor(receiver, "v", record=0)
    run(2 * ms)
    increments = np.diff(trace.v[0])
    fired = {k + delay: 1.0 for k in range(1, 20, 4)} | {k + delay: 2.0 for k in range(3, 20, 4)}
    assert increments.tolist() == [fired.get(k, 0.0) for k in range(19)]


def test_spikes_on_their_way_survive_between_runs(target):
    def increments(durations):
        source, receiver = clockwork([1, 3], period=5), NeuronGroup(1, "v : 1")
        synapses = Synapses(source, receiver, on_pre="v += 1 + i", delay=1.2 * ms)
        synapses.connect()
        trace = StateMonitor(receiver, "v", record=0)
        network = Network(source, receiver, synapses, trace)
        for duration in durations:
            network.run(duration * ms)
        assert steps(trace.t_) == list(range(40))
        return trace.v[0].tolist()

    whole = increments([4])
    assert len(set(whole)) > 5
    assert increments([0.1] * 40) == whole
    assert increments([1.3, 0, 2.7]) == whole


def noisy_network():
    seed(5)
    neurons = NeuronGroup(
        50,
        "dv/dt = (1.2 - v)/(10*ms) + 0.3*xi/sqrt(10*ms) : 1 (unless refractory)",
        threshold="v > 1", reset="v = 0", refractory=2 * ms, name="neurons",
    )  # fmt: skip
    neurons.v = "rand()"
    synapses = Synapses(
        neurons,
        model="w : 1\ndx/dt = -x/(5*ms) : 1 (event-driven)",
        on_pre="v_post += 0.05*w; x += 1", on_post="w = clip(w + 0.1*x, 0, 2)", delay=1.5 * ms, name="synapses",
    )  # fmt: skip
    synapses.connect("i != j", p=0.2)
    synapses.w = "rand()"
    spikes, trace = SpikeMonitor(neurons), StateMonitor(neurons, "v", record=True)
    return Network(neurons, synapses, spikes, trace), spikes, trace, synapses


def test_several_runs_are_one_run_bit_for_bit(target):
    whole, spikes, trace, synapses = noisy_network()
    whole.run(60 * ms)
    parts, spikes_of_parts, trace_of_parts, synapses_of_parts = noisy_network()
    for duration in (13.7, 0.1, 0, 26.2, 20):
        parts.run(duration * ms)
    assert spikes.num_spikes > 100
    assert parts.t == whole.t
    assert abs(whole.t_ - 60e-3) < 1e-12
    np.testing.assert_array_equal(spikes_of_parts.t_, spikes.t_)
    np.testing.assert_array_equal(spikes_of_parts.i, spikes.i)
    np.testing.assert_array_equal(trace_of_parts.v, trace.v)
    np.testing.assert_array_equal(synapses_of_parts.w[:], synapses.w[:])


def test_a_run_without_duration_changes_nothing(target):
    network, spikes, trace, synapses = noisy_network()
    before = synapses.w[:].copy()
    network.run(0 * ms)
    assert (spikes.num_spikes, len(trace.t), network.t) == (0, 0, 0 * ms)
    np.testing.assert_array_equal(synapses.w[:], before)


def test_code_for_pre_comes_before_code_for_post(target):
    """Both sides spike in step 2: first on_pre sets w, then on_post multiplies it; the order can be changed."""
    for order, expected in ((None, 3.0), (2, 1.0)):
        source, receiver = clockwork([2]), clockwork([2])
        synapses = Synapses(source, receiver, "w : 1", on_pre="w = 1", on_post="w *= 3")
        synapses.connect()
        assert (synapses.pre.order, synapses.post.order) == (-1, 1)
        if order is not None:
            synapses.pre.order = order
        Network(source, receiver, synapses).run(0.5 * ms)
        assert synapses.w[0] == expected


def test_pathways_of_one_order_go_by_their_names(target):
    source, receiver = clockwork([2]), NeuronGroup(1, "v : 1")
    synapses = Synapses(source, receiver, on_pre={"second": "v = v + 1", "first": "v = 10"})
    synapses.connect()
    run(0.5 * ms)
    assert receiver.v[0] == 11


def test_each_pathway_has_its_own_delay(target):
    source, receiver = clockwork([2]), NeuronGroup(1, "v : 1\nu : 1")
    synapses = Synapses(
        source, receiver, on_pre={"fast": "v += 1", "slow": "u += 1"}, delay={"slow": 0.3 * ms}
    )  # fmt: skip
    synapses.connect()
    synapses.fast.delay = 0.1 * ms
    trace = StateMonitor(receiver, ["v", "u"], record=0)
    run(1 * ms)
    assert (trace.v[0].tolist().index(1), trace.u[0].tolist().index(1)) == (4, 6)


def test_code_for_post_can_be_delayed(target):
    source, receiver = clockwork([9]), clockwork([2, 4])
    synapses = Synapses(source, receiver, "w : 1", on_post="w += 1", delay={"post": 0.2 * ms})
    synapses.connect()
    trace = StateMonitor(synapses, "w", record=True)
    run(1 * ms)
    assert trace.w[0].tolist() == [0] * 5 + [1] * 5
    assert trace.w[1].tolist() == [0] * 7 + [1] * 3


def test_custom_events_happen_after_thresholds_and_react_after_resets(target):
    group = NeuronGroup(
        1, "v : 1\nn : 1\nat : integer", threshold="t_in_timesteps == at", reset="v = 0", events={"high": "v > 2.5"}
    )
    group.run_on_event("high", "n += v; v = v - 1")
    group.at, group.v = 1, 4
    trace = StateMonitor(group, ["v", "n"], record=0)
    run(0.5 * ms)
    assert trace.v[0].tolist() == [4, 3, -1, -1, -1]  # in step 1 both happen: the reset first, then the event's code
    assert trace.n[0].tolist() == [0, 4, 4, 4, 4]


def test_events_of_any_name_drive_synapses(target):
    group = NeuronGroup(2, "v : 1", events={"high": "v > 0.5"})
    receiver = NeuronGroup(1, "u : 1")
    synapses = Synapses(group, receiver, on_pre="u += 1 + i", on_event="high")
    synapses.connect()
    group.v = [0, 1]
    run(0.3 * ms)
    assert receiver.u[0] == 6


def test_a_monitor_can_look_at_the_end_of_a_step(target):
    group = NeuronGroup(1, "dv/dt = 10/ms : 1")
    trace = StateMonitor(group, "v", record=0, when="end")
    run(0.3 * ms)
    np.testing.assert_allclose(trace.v[0], [1, 2, 3], rtol=1e-15)


def test_a_monitor_made_later_begins_at_the_present_time(target):
    group = NeuronGroup(1, "dv/dt = 10/ms : 1", threshold="True")
    run(0.3 * ms)
    trace, spikes = StateMonitor(group, "v", record=0), SpikeMonitor(group)
    run(0.2 * ms)
    assert steps(trace.t_) == steps(spikes.t_) == [3, 4]
    np.testing.assert_allclose(trace.v[0], [3, 4], rtol=1e-15)


def test_an_object_that_is_switched_off_does_nothing(target):
    group = NeuronGroup(1, "dv/dt = 10/ms : 1")
    trace = StateMonitor(group, "v", record=0)
    trace.active = False
    run(0.2 * ms)
    trace.active = True
    run(0.2 * ms)
    assert steps(trace.t_) == [2, 3]


def test_the_clocks_of_a_network_tell_its_time(target):
    group = NeuronGroup(1, "s = t/ms : 1\nn = t_in_timesteps : integer")
    trace = StateMonitor(group, ["s", "n"], record=0)
    run(0.4 * ms)
    assert group.t == 0.4 * ms
    np.testing.assert_allclose(trace.s[0], [0, 0.1, 0.2, 0.3], rtol=1e-14, atol=1e-16)
    assert trace.n[0].tolist() == [0, 1, 2, 3]
    assert trace.n.dtype == np.int32


def test_nothing_can_wait_for_events_in_a_slot_before_they_are_found():
    group = clockwork([1])
    spikes = SpikeMonitor(group, when="start", name="too_early")
    with pytest.raises(ArgumentError, match="'too_early' acts before the events that it waits for are found"):
        Network(spikes).run(0.2 * ms)
    synapses = Synapses(group, group, "w : 1", on_pre="w += 1", name="hasty_1")
    synapses.connect()
    synapses.pre.when = "before_thresholds"
    with pytest.raises(ArgumentError, match="'hasty_1' acts before"):
        Network(synapses).run(0.2 * ms)
    synapses.pre.when = "end"
    Network(synapses).run(0.2 * ms)
    assert synapses.w[0] == 1


def test_the_schedule_of_networks_is_that_of_the_preference_unless_they_have_their_own():
    own, other = Network(), Network()
    own.schedule = ["start", "groups", "thresholds", "resets", "synapses", "end"]
    prefs.core.network.default_schedule = ["start", "groups", "thresholds", "synapses", "end", "resets"]
    assert own.schedule[3:] == ("resets", "synapses", "end")
    assert other.schedule[3:] == ("synapses", "end", "resets")
    own.schedule = None
    assert own.schedule == other.schedule
