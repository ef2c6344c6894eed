"""Refractoriness: a neuron that has spiked rests for a number of steps, or as long as a condition holds."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    DimensionMismatchError,
    EquationError,
    Network,
    NeuronGroup,
    PoissonInput,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    kHz,
    ms,
    mV,
    run,
    seed,
)  # fmt: skip

pytestmark = pytest.mark.every_target


@pytest.mark.parametrize(("period", "steps"), [(0, 1), (0.1, 1), (0.2, 2), (0.5, 5), (0.54, 5), (3, 30)])
def test_a_time_is_counted_in_whole_steps(target, period, steps):
    group = NeuronGroup(1, "v : 1", threshold="True", refractory=period * ms)
    spikes = SpikeMonitor(group)
    run(6 * ms)
    np.testing.assert_array_equal(np.round(spikes.t_ / 1e-4), np.arange(0, 60, steps))


def test_rounding_of_the_time_does_not_cost_a_step(target):
    """0.3 ms is three steps of 0.1 ms although 3*0.1 is not 0.3 in binary numbers."""
    group = NeuronGroup(4, "v : 1\nrest : second", threshold="True", refractory="rest")
    group.rest = np.array([0.3, 0.1 + 0.2, 0.6, 0.7]) * ms
    spikes = SpikeMonitor(group)
    run(100 * ms)
    assert spikes.count.tolist() == [int(np.ceil(1000 / steps)) for steps in (3, 3, 6, 7)]


def test_a_flagged_variable_rests_and_the_others_go_on(target):
    group = NeuronGroup(
        1, "dv/dt = 10/ms : 1 (unless refractory)\ndu/dt = 10/ms : 1", threshold="v > 1.5", reset="v = 0",
        refractory=0.3 * ms,
    )  # fmt: skip
    trace = StateMonitor(group, ["v", "u"], record=0)
    run(1 * ms)
    np.testing.assert_allclose(trace.v[0], [0, 1, 0, 0, 0, 1, 0, 0, 0, 1], atol=1e-12)
    np.testing.assert_allclose(trace.u[0], range(10), atol=1e-12)


@pytest.mark.parametrize("method", ["exact", "exponential_euler", "euler", "rk2", "rk4"])
def test_every_method_lets_flagged_variables_rest(target, method):
    """The resting variable drives another one that is solved together with it."""
    group = NeuronGroup(
        2,
        """dv/dt = (g - v)/(5*ms) + 0.1/ms : 1 (unless refractory)
        dg/dt = -g/(3*ms) : 1
        dw/dt = (v - w)/(2*ms) : 1
        at : integer""",
        threshold="t_in_timesteps == at", refractory=1 * ms, method=method,
    )  # fmt: skip
    group.at, group.g, group.v, group.w = [5, 10**6], 2, 0.7, 0.1
    trace = StateMonitor(group, ["v", "g", "w"], record=True)
    run(4 * ms)
    v, g, w = trace.v, trace.g, trace.w
    assert (v[0][6:16] == v[0][6]).all()  # spike in step 5, free again in step 15
    assert (np.diff(v[1]) != 0).all() and v[0][16] != v[0][15]
    np.testing.assert_array_equal(g[0], g[1])
    np.testing.assert_array_equal(w[0][:7], w[1][:7])
    assert (w[0][8:] != w[1][8:]).all()
    if method == "exact":
        held, decay = v[0][6], np.exp(-np.arange(10) * 0.1 / 2)
        np.testing.assert_allclose(w[0][6:16], held + (w[0][6] - held) * decay, rtol=1e-13)


def test_a_text_is_evaluated_after_each_spike(target):
    seed(2)
    group = NeuronGroup(300, "v : 1", threshold="True", refractory="1*ms + rand()*1*ms")
    spikes = SpikeMonitor(group)
    run(50 * ms)
    trains = [np.asarray(train) for train in spikes.spike_trains().values()]
    intervals = np.round(np.concatenate([np.diff(train) for train in trains]) / 1e-4).astype(int)
    counts = np.bincount(intervals, minlength=21)
    assert counts[:10].sum() == 0 and counts[20:].sum() <= 2  # a time a thousandth of a step short counts as whole
    expected = counts.sum() / 10
    assert (np.abs(counts[10:20] - expected) < 5 * np.sqrt(expected)).all()


def test_a_text_may_use_values_that_the_reset_has_set(target):
    group = NeuronGroup(1, "n : 1", threshold="True", reset="n += 1", refractory="n*ms")
    spikes = SpikeMonitor(group)
    run(11 * ms)
    np.testing.assert_allclose(spikes.t_ * 1e3, [0, 1, 3, 6, 10], atol=1e-9)


def test_a_condition_keeps_a_neuron_refractory_while_it_holds(target):
    group = NeuronGroup(
        1, "dv/dt = -10/ms : 1", threshold="v > 2.5", refractory="v > 0.5", method="euler"
    )  # fmt: skip
    group.v = 5
    spikes, free = SpikeMonitor(group), StateMonitor(group, ["not_refractory", "v"], record=0)
    run(0.7 * ms)
    np.testing.assert_allclose(free.v[0], [5, 4, 3, 2, 1, 0, -1], atol=1e-12)
    assert np.round(spikes.t_ / 1e-4).tolist() == [0]  # at v = 4; in the next step v > 2.5 still holds
    assert free.not_refractory[0].tolist() == [True, False, False, False, False, False, True]


def test_the_last_spike_is_known_to_equations(target):
    group = NeuronGroup(
        1, "since = int(lastspike > 0*ms)*(t - lastspike)/ms : 1\nat : integer", threshold="t_in_timesteps == at",
        refractory=1 * ms,
    )  # fmt: skip
    group.at = 2
    since = StateMonitor(group, "since", record=0)
    run(0.6 * ms)
    np.testing.assert_allclose(since.since[0], [0, 0, 0, 0.1, 0.2, 0.3], atol=1e-12)
    assert group.lastspike[0] == 2 * 1e-4 * 1000 * ms


@pytest.mark.parametrize("part", [slice(None), slice(1, None)])
@pytest.mark.parametrize("refractory", [0.5 * ms, "timestep(t - lastspike, dt) <= 4"])
def test_what_runs_regularly_leaves_alone_what_refractoriness_holds_still(target, refractory, part):
    group = NeuronGroup(
        2, "dv/dt = 0/second : 1 (unless refractory)\nw : 1", threshold="v > 2.5", reset="v = 0; w = 0",
        refractory=refractory, method="euler",
    )  # fmt: skip
    ramp = group[part].run_regularly("v += 1; w += 1", when="synapses")
    states, spikes = StateMonitor(group, ["v", "w"], record=1), SpikeMonitor(group)
    Network(group, ramp, states, spikes).run(1 * ms)
    assert states.v[0].tolist() == [0, 1, 2, 3, 0, 0, 0, 0, 0, 1]
    assert states.w[0].tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 4, 5]
    assert spikes.count.tolist() == ([1, 1] if part.start is None else [0, 1])


def test_poisson_input_is_lost_on_a_potential_that_refractoriness_holds_still(target):
    group = NeuronGroup(
        100, "dv/dt = 0/second : 1 (unless refractory)", threshold="v > 2.5", reset="v = 0", refractory=0.5 * ms,
        method="euler",
    )  # fmt: skip
    every_step = PoissonInput(group, "v", N=1, rate=10 * kHz, weight=1)
    states = StateMonitor(group, "v", record=True)
    Network(group, every_step, states).run(1 * ms)
    assert (states.v == np.array([0, 1, 2, 3, 0, 0, 0, 0, 0, 1])).all()


def test_not_refractory_can_be_read_between_runs(target):
    group = NeuronGroup(2, "at : integer", threshold="t_in_timesteps == at", refractory=0.5 * ms)
    group.at = [2, 99]
    run(0.4 * ms)
    assert group.not_refractory[:].tolist() == [False, True]
    run(0.3 * ms)
    assert group.not_refractory[:].tolist() == [False, True]  # the step that sets it free is the next one
    run(0.1 * ms)
    assert group.not_refractory[:].tolist() == [True, True]


def test_the_end_of_the_rest_follows_a_time_of_the_last_spike_that_is_set(target):
    group = NeuronGroup(4, "v : 1\nrest : second", threshold="True", refractory="rest")
    group.rest = "(1 + i)*ms"
    group.lastspike = [-0.5, -0.5, -10, 0] * ms
    group[3:].lastspike = "-3.6*ms"
    spikes = SpikeMonitor(group)
    run(3 * ms)
    first = [train[0] / ms for train in spikes.spike_trains().values()]
    np.testing.assert_allclose(first, [0.5, 1.5, 0, 0.4])


def test_a_neuron_is_set_free_where_its_state_is_updated(target):
    """Code that runs before that, at the start of the step, still finds it refractory."""
    group = NeuronGroup(
        1, "dv/dt = 0/second : 1 (unless refractory)\nw : 1", threshold="v > 0.5", reset="v = 0", refractory=1 * ms
    )
    group.run_regularly("v += 1; w += int(not_refractory)")
    spikes = SpikeMonitor(group)
    free = StateMonitor(group, "not_refractory", record=0)
    run(2.5 * ms)
    np.testing.assert_allclose(spikes.t / ms, [0, 1.1, 2.2])
    assert np.flatnonzero(free.not_refractory[0]).tolist() == [0, 11, 22]
    assert group.w[0] == 3


def test_refractoriness_goes_on_into_the_next_run(target):
    group = NeuronGroup(1, "v : 1", threshold="True", refractory=0.5 * ms)
    spikes = SpikeMonitor(group)
    for _ in range(20):
        run(0.1 * ms)
    assert np.round(spikes.t_ / 1e-4).tolist() == [0, 5, 10, 15]


def test_other_events_take_no_notice(target):
    group = NeuronGroup(1, "n : 1", threshold="True", refractory=1 * ms, events={"other": "True"})
    group.run_on_event("other", "n += 1")
    run(1 * ms)
    assert group.n[0] == 10


def test_an_endless_period_lasts_for_ever(target):
    group = NeuronGroup(1, "v : 1", threshold="True", refractory="inf*second")
    spikes = SpikeMonitor(group)
    run(1 * ms)
    assert spikes.num_spikes == 1


def test_what_cannot_be_a_period():
    with pytest.raises(DimensionMismatchError, match="refractory has the wrong unit"):
        NeuronGroup(1, "v : 1", threshold="v > 1", refractory=3 * mV)
    with pytest.raises(DimensionMismatchError, match="refractory has the wrong unit"):
        NeuronGroup(1, "v : 1", threshold="v > 1", refractory="v")
    with pytest.raises(ArgumentError, match="must not be negative"):
        NeuronGroup(1, "v : 1", threshold="v > 1", refractory=-1 * ms)
    with pytest.raises(EquationError, match="needs a threshold"):
        NeuronGroup(1, "v : 1", refractory=1 * ms)


def test_input_that_arrives_with_the_spike_is_ignored_too(target):
    """The neuron rests from the moment of its spike: in the very step, before the reset."""
    receiver = NeuronGroup(
        1, "dv/dt = 0/second : 1 (unless refractory)", threshold="t_in_timesteps == 1", refractory=0.2 * ms,
        method="euler",
    )  # fmt: skip
    source = NeuronGroup(1, "", threshold="t_in_timesteps == 1")
    synapses = Synapses(source, receiver, on_pre="v += 1")
    synapses.connect()
    run(0.5 * ms)
    assert receiver.v[0] == 0
