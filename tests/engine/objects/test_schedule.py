"""When things happen: Python in the step, statements at certain times, slots, several clocks, states kept."""

import gc

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Clock,
    EventClock,
    Network,
    NetworkOperation,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    TimedArray,
    defaultclock,
    magic_network,
    ms,
    network_operation,
    profiling_summary,
    run,
    schedule_propagation_offset,
    scheduling_summary,
    start_scope,
    stop,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError

pytestmark = [pytest.mark.every_target, pytest.mark.usefixtures("target")]


# Python in the step


def test_a_network_operation_sees_and_sets_the_state_at_its_time():
    group = NeuronGroup(2, "dv/dt = 1/ms : 1", name="operated")
    seen = []

    @network_operation(dt=1 * ms, when="end")
    def look(t):
        seen.append((float(t / ms), float(group.v[0])))
        if t > 1.5 * ms:
            group.v[1] = 0

    net = Network(group, look)
    net.run(3 * ms)
    np.testing.assert_allclose(seen, [(0, 0.1), (1, 1.1), (2, 2.1)])
    np.testing.assert_allclose(group.v, [3, 0.9])


def test_operations_read_monitors_spikes_and_times_while_the_network_runs():
    group = NeuronGroup(3, "v : 1", threshold="i == 1 and t > 0.95*ms")
    spikes = SpikeMonitor(group)
    found = []

    def look(t):
        assert net.t == t == defaultclock.t == group.t
        found.append((spikes.num_spikes, list(group.spikes)))

    net = Network(group, spikes, NetworkOperation(look, when="end"))
    net.run(1.2 * ms)
    assert found == [(0, [])] * 10 + [(1, [1]), (2, [1])]


def test_operations_in_one_slot_act_in_the_order_in_which_they_were_made():
    """And before monitors look at what they did."""
    gc.collect()  # no name of an operation that is not used any more becomes free on the way
    group, order = NeuronGroup(1, "v : 1"), []

    @network_operation
    def update():
        group.v += 1

    made = [update, *(NetworkOperation(lambda k=k: order.append(k)) for k in range(12))]
    trace = StateMonitor(group, "v", record=True)
    Network(group, trace, made[::-1]).run(0.2 * ms)
    assert order == 2 * list(range(12)) and trace.v[0].tolist() == [1, 2]


def test_methods_are_operations_and_a_constant_of_an_exact_solution_may_change():
    class Switch:
        def act(self):
            group.tau = 5 * ms

    group = NeuronGroup(1, "dv/dt = -v/tau : 1\ntau : second", method="exact")
    group.v, group.tau = 1, 10 * ms
    switch = NetworkOperation(Switch().act, clock=EventClock([10] * ms))
    Network(group, switch).run(20 * ms)
    assert group.v[0] == pytest.approx(np.exp(-1 - 2), rel=1e-9)


def test_stop_ends_the_run_at_the_border_of_a_step():
    group = NeuronGroup(1, "dv/dt = 1/ms : 1")

    @network_operation
    def enough(t):
        if t >= 0.95 * ms:
            stop()

    run(5 * ms)
    assert group.t / ms == pytest.approx(1.1)
    assert group.v[0] == pytest.approx(1.1)
    assert enough.active


def test_an_error_in_an_operation_leaves_a_whole_step_behind():
    group = NeuronGroup(1, "v : 1")
    group.run_regularly("v += 1", when="end")
    trace = StateMonitor(group, "v", record=True)

    def fail(t):
        if t > 0.45 * ms:
            raise RuntimeError("mine")

    net = Network(group, trace, NetworkOperation(fail))
    with pytest.raises(RuntimeError, match="mine"):
        net.run(2 * ms)
    assert group.v[0] == 6 and len(trace.t) == 6 and net.t / ms == pytest.approx(0.6)


def test_functions_with_too_many_arguments_are_refused():
    with pytest.raises(ArgumentTypeError, match="takes 2 arguments"):
        NetworkOperation(lambda a, b: None)
    with pytest.raises(ArgumentTypeError, match="needs an object"):

        class Counter:
            @network_operation
            def up(self):
                pass


def test_names_of_regular_statements_may_be_patterns():
    group = NeuronGroup(1, "v : 1")
    found = [group.run_regularly("v += 1", name=name).name for name in ("kick*", "kick*", "other")]
    assert found == ["kick", "kick_1", "other"]
    with pytest.raises(ArgumentError, match="cannot be the name of an object"):
        group.run_regularly("v += 1", name="2nd")


# statements at certain times


def test_statements_run_regularly_have_the_time_step_of_their_group(target):
    """How often they run is another thing."""
    group = NeuronGroup(1, "step : 1\nn : integer\nat : 1")
    group.run_regularly("step = dt/ms; n = t_in_timesteps; at = t/ms", dt=0.5 * ms)
    run(0.9 * ms)
    np.testing.assert_allclose([group.step[0], group.n[0], group.at[0]], [0.1, 5, 0.5])


def test_statements_run_regularly_at_given_times_and_on_a_clock():
    group = NeuronGroup(3, "a : 1\nb : 1\nc : 1\nd : 1")
    group.run_regularly("a += 1", dt=0.5 * ms)
    group.run_at("b += i", times=[0.25, 1, 7] * ms)
    group[1:].run_regularly("c += i + 1", clock=Clock(dt=1 * ms))
    group.run_on_clock("d += 1", EventClock([0, 0.35] * ms))
    Network(group).run(2 * ms)
    np.testing.assert_array_equal(group.a, [4, 4, 4])
    np.testing.assert_array_equal(group.b, [0, 2, 4])
    np.testing.assert_array_equal(group.c, [0, 2, 4])
    np.testing.assert_array_equal(group.d, [2, 2, 2])


def test_synapses_run_statements_regularly_one_synapse_after_the_other():
    group = NeuronGroup(2, "v : 1")
    synapses = Synapses(group, group, "w : 1")
    synapses.connect()
    synapses.run_regularly("w += 1 + v_pre; v_post = 3", dt=1 * ms)
    Network(group, synapses).run(2 * ms)
    np.testing.assert_array_equal(synapses.w, [5, 8, 8, 8])


def test_monitors_sample_at_the_times_of_an_event_clock():
    group = NeuronGroup(1, "dv/dt = 1/ms : 1")
    trace = StateMonitor(group, "v", record=True, clock=EventClock([2, 0.5, 3.3] * ms))
    net = Network(group, trace)
    net.run(2.5 * ms)
    net.run(2.5 * ms)
    np.testing.assert_allclose(trace.t / ms, [0.5, 2, 3.3])
    np.testing.assert_allclose(trace.v[0], [0.5, 2, 3.3])


# slots


def test_the_order_within_a_step_is_that_of_slots_and_orders():
    group = NeuronGroup(1, "v : 1")
    for when, order, code in (
        ("end", 0, "v = v*10 + 4"), ("start", 1, "v = v*10 + 2"), ("before_start", 0, "v = v*10 + 1"),
        ("start", 2, "v = v*10 + 3"), ("after_end", 0, "v = v*10 + 5"),
    ):  # fmt: skip
        group.run_regularly(code, when=when, order=order)
    Network(group).run(0.1 * ms)
    assert group.v[0] == 12345


def test_a_network_may_have_slots_of_its_own():
    group = NeuronGroup(1, "v : 1")
    net = Network(group)
    net.schedule = ["end", "groups", "thresholds", "synapses", "resets", "start"]
    group.run_regularly("v = v*10 + 2", when="start")
    group.run_regularly("v = v*10 + 1", when="end")
    net.run(0.1 * ms)
    assert group.v[0] == 12
    with pytest.raises(ArgumentError, match="cannot be a slot"):
        net.schedule = ["start", "start"]
    group.run_regularly("v = v*10 + 3", when="mine")
    with pytest.raises(ArgumentError, match="'mine' is not a slot"):
        net.run(0.1 * ms)
    net.schedule = ["end", "groups", "thresholds", "synapses", "resets", "start", "mine"]
    net.run(0.1 * ms)
    assert group.v[0] == 12123
    net.schedule = None
    assert net.schedule[0] == "start"


def test_summaries_tell_what_acts_when_and_for_how_long():
    group = NeuronGroup(2, "dv/dt = 1/ms : 1", threshold="v > 1", reset="v = 0", name="told")
    spikes = SpikeMonitor(group, name="watching")
    group.run_regularly("v += 0", dt=1 * ms, when="before_groups")
    run(2 * ms, profile=True)
    text = str(scheduling_summary())
    rows = [line.split(" ")[0] for line in text.splitlines()[2:]]
    assert rows == [
        "told_run_regularly",
        "told_stateupdater",
        "told_spike_thresholder",
        "watching",
        "told_spike_resetter",
    ]
    assert "1. ms (every 10 steps)" in text and "100. us (every step)" in text
    names = {name for name, _ in magic_network.profiling_info}
    assert names == set(rows)
    assert "<table>" in profiling_summary()._repr_html_() and len(profiling_summary(show=2).rows) == 2
    assert spikes.active
    group.run_regularly("v += 0")
    run(1 * ms)
    with pytest.raises(ArgumentError, match="not measured"):
        profiling_summary()


def test_tables_and_functions_of_operations_do_not_keep_programs_apart():
    """Values of tables are data: another table makes no other program."""
    sources = []
    for values in ([1.0, 2.0], [3.0, 4.0, 5.0]):
        start_scope()
        table = TimedArray(values, dt=1 * ms)
        group = NeuronGroup(1, "x = table(t) : 1\ndv/dt = x/ms : 1")
        net = Network(group)
        net.run(1 * ms)
        assert group.v[0] == pytest.approx(values[0])
        sources.append(net.last.compiled.plan)
    assert sources[0] == sources[1]


def test_the_shortest_time_from_a_spike_to_its_effect_follows_from_the_schedule():
    net = Network(NeuronGroup(1, "v : 1"))
    assert schedule_propagation_offset(net) == 0 * ms
    net.schedule = ["start", "groups", "synapses", "thresholds", "resets", "end"]
    assert schedule_propagation_offset(net) == defaultclock.dt


def test_a_network_shows_its_time_and_its_objects():
    net = Network(name="net")
    assert repr(net) == "<Network 'net' at t = 0. s: no objects>"
    net.add(NeuronGroup(1, "v : 1", name="exc"), NeuronGroup(1, "v : 1", name="inh"))
    net.run(2 * ms)
    assert repr(net) == "<Network 'net' at t = 2. ms: exc, inh>"


def test_what_has_a_name_of_its_own_and_is_part_of_a_group_acts_once():
    group = NeuronGroup(1, "v : 1", name="exc")
    operation = group.run_regularly("v += 1", name="push")
    run(0.1 * ms)
    lines = [line for line in str(scheduling_summary()).splitlines() if "push" in line]
    assert group.v[0] == 1 and len(lines) == 1 and "exc (NeuronGroup)" in lines[0] and operation.when == "start"
