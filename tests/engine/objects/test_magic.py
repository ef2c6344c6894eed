"""run() simulates the objects that the calling code sees; Network those that it is given."""

import gc
from io import StringIO

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    BrianObject,
    EquationError,
    MagicError,
    Network,
    NetworkOperation,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    TextReport,
    collect,
    magic_network,
    ms,
    mV,
    run,
    second,
    start_scope,
    stop,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError, UnknownNameError
from jupyspike_engine.objects.running.live import open_session

GROWING = "dv/dt = 1/ms : 1"


def test_objects_that_are_visible_by_name_are_simulated():
    seen = NeuronGroup(1, GROWING)
    hidden = [NeuronGroup(1, GROWING)]
    assert collect() == {seen}
    run(1 * ms)
    assert round(seen.v[0], 9) == 1
    assert hidden[0].v[0] == 0


def test_the_same_objects_go_on_where_they_stopped():
    group = NeuronGroup(1, GROWING)
    run(1 * ms)
    trace = StateMonitor(group, "v", record=0)  # what only watches may join
    run(1 * ms)
    assert round(group.v[0], 9) == 2
    assert round(trace.t_[0], 9) == 1e-3


def test_new_objects_alone_begin_at_time_zero():
    first = NeuronGroup(1, GROWING)
    run(1 * ms)
    del first
    second = NeuronGroup(1, GROWING)
    run(1 * ms)
    assert second.t == 1 * ms


def test_what_a_run_calls_does_not_let_it_begin_again():
    group = NeuronGroup(1, GROWING)
    said = []

    def another_one():
        new = NeuronGroup(1, GROWING)
        with pytest.raises(ArgumentError, match="what a run calls cannot run the same network"):
            run(1 * ms)
        said.append(magic_network.t)

    operation = NetworkOperation(another_one, dt=1 * ms)
    run(3 * ms)
    assert said == [0 * ms, 1 * ms, 2 * ms] and operation in magic_network
    assert (magic_network.t, round(group.v[0], 9)) == (3 * ms, 3)


def test_old_and_new_objects_together_are_refused():
    first = NeuronGroup(1, GROWING, name="old_group")
    run(1 * ms)
    second = NeuronGroup(1, GROWING, name="new_group")
    with pytest.raises(MagicError, match="'new_group' is new, but 'old_group' has been simulated before") as caught:
        run(1 * ms)
    assert "start_scope()" in caught.value.diagnostics[0].hint
    assert (round(first.v[0], 9), second.v[0]) == (1, 0)


def test_objects_of_another_network_are_refused():
    group = NeuronGroup(1, GROWING, name="busy_group")
    network = Network(group, name="its_network")
    network.run(1 * ms)
    with pytest.raises(MagicError, match="'busy_group' belongs to the network 'its_network'"):
        run(1 * ms)
    network.run(1 * ms)
    assert round(group.v[0], 9) == 2


def test_a_new_scope_hides_what_was_made_before():
    hidden = NeuronGroup(1, GROWING)
    run(1 * ms)
    start_scope()
    seen = NeuronGroup(1, GROWING)
    assert collect() == {seen}
    run(2 * ms)
    assert (round(hidden.v[0], 9), round(seen.v[0], 9)) == (1, 2)


def test_classes_say_whether_their_objects_are_simulated_and_may_join_later():
    class Own(BrianObject):
        runs = 0

        def before_run(self, run_namespace):
            self.runs += 1

    class Watching(Own):
        add_to_magic_network, invalidates_magic_network = True, False

    group, own, watching = NeuronGroup(1, GROWING), Own("own*"), Watching("watching*")
    run(1 * ms)
    late = Watching("late*")
    run(1 * ms)
    assert (own.runs, watching.runs, late.runs) == (0, 2, 1)
    group.add_to_magic_network = False
    assert collect() == {watching, late}
    assert (StateMonitor.invalidates_magic_network, NeuronGroup.invalidates_magic_network) == (False, True)


def test_what_a_notebook_has_displayed_before_is_not_simulated():
    """A cell that shows a group is run again: IPython still has the one of before under names of its own."""
    names = {"magic_network": magic_network, "NeuronGroup": NeuronGroup, "run": run, "ms": ms}
    cell = "G = NeuronGroup(1, 'dv/dt = 1/ms : 1')\nrun(1*ms)\nresult = G.v[0], magic_network.t_"
    notebook = names | {"_oh": {}}
    for number in range(3):
        exec(cell, notebook)
        assert notebook["result"] == (pytest.approx(1), pytest.approx(1e-3))
        notebook |= {"_": notebook["G"], f"_{number}": notebook["G"]}
    script = names | {"_": notebook["G"]}
    with pytest.raises(MagicError):
        exec(cell, script)


def test_objects_that_nobody_keeps_vanish():
    def made():
        group = NeuronGroup(1, GROWING)
        return SpikeMonitor(NeuronGroup(1, GROWING, threshold="v > 5", reset="v = 0")), group.name

    spikes, _ = made()
    gc.collect()
    assert collect() == {spikes}
    run(1 * ms)  # what a monitor needs is taken along
    assert round(spikes.source.v[0], 9) == 1


def test_names_come_from_where_run_is_called():
    group = NeuronGroup(1, "dv/dt = rate : 1")
    rate = 2 / ms
    run(1 * ms)
    assert round(group.v[0], 9) == 2
    rate = 3 / ms  # values are read anew for each run
    run(1 * ms)
    assert round(group.v[0], 9) == 5
    run(1 * ms, namespace={"rate": 10 / ms})
    assert round(group.v[0], 9) == 15


def test_a_group_has_names_of_its_own_before_those_of_the_caller():
    group = NeuronGroup(1, "dv/dt = rate : 1", namespace={"rate": 2 / ms})
    rate = 100 / ms
    run(1 * ms)
    group.namespace["rate"] = 3 / ms
    run(1 * ms)
    assert round(group.v[0], 9) == 5


def test_an_unknown_name_is_an_error_of_the_run_and_nothing_is_simulated():
    group = NeuronGroup(1, "dv/dt = speed : 1", threshold="v > top", name="exc")
    with pytest.raises(EquationError) as caught:
        run(1 * ms)
    assert [d.message for d in caught.value.diagnostics] == [
        "the name 'speed' is not known", "the name 'top' is not known"
    ]  # fmt: skip
    speed, top = 1 / ms, 10
    run(1 * ms)
    assert round(group.v[0], 9) == 1


def test_a_wrong_unit_of_a_value_from_outside_is_an_error_of_the_run():
    group = NeuronGroup(1, "dv/dt = speed : 1")
    speed = 3 * mV
    with pytest.raises(Exception, match="the equation of 'v' has the wrong unit"):
        run(1 * ms)
    assert group.v[0] == 0


def test_the_problems_of_all_objects_come_together():
    first, second = NeuronGroup(1, "dv/dt = a/ms : 1", threshold="v > 1"), NeuronGroup(1, "dv/dt = b/ms : 1")
    synapses = Synapses(first, second, on_pre="v += c")
    with pytest.raises(EquationError) as caught:
        Network(first, second, synapses).run(1 * ms, namespace={})
    assert [d.span.text for d in caught.value.diagnostics] == ["a", "b", "c"]


# networks of given objects


def test_a_network_is_made_of_objects_lists_and_dicts():
    group, other, third = (
        NeuronGroup(1, GROWING, threshold="v > 9", name=name) for name in ("one_g", "two_g", "three_g")
    )
    network = Network(group, [other], {"third": third}, name="five")
    network.add(SpikeMonitor(watched, name=f"of_{watched.name}") for watched in (group, third))
    assert len(network) == 5
    assert network["two_g"] is other
    assert group in network and "one_g" in network and "nobody" not in network
    with pytest.raises(UnknownNameError, match="there is no object 'two'"):
        network["two"]
    with pytest.raises(ArgumentTypeError, match="is not an object of a simulation"):
        network.add(3)
    assert repr(network) == "<Network 'five' at t = 0. s: one_g, two_g, three_g, of_one_g, of_three_g>"
    with pytest.raises(UnknownNameError, match="'stranger' is not in 'five'"):
        network.remove([other, NeuronGroup(1, "v : 1", name="stranger")])
    network.remove({"a": other}.values())
    network.run(1 * ms)
    assert (round(group.v[0], 9), other.v[0], round(third.v[0], 9)) == (1, 0, 1)


def test_what_another_object_needs_is_missed_when_it_is_taken_out():
    group = NeuronGroup(1, GROWING, threshold="v > 9", name="watched")
    spikes = SpikeMonitor(group, name="seen")
    network = Network(group, spikes)
    network.remove(group)
    with pytest.raises(ArgumentError, match="'seen' cannot run without 'watched', which is not in the network"):
        network.run(1 * ms)
    network.remove(spikes)
    network.run(1 * ms)


def test_an_object_is_in_a_network_once():
    group = NeuronGroup(1, GROWING)
    network = Network(group, [group])
    network.add(group)
    assert len(network) == 1


def test_two_objects_of_one_name_are_refused():
    one, two = NeuronGroup(1, GROWING, name="twin"), NeuronGroup(1, GROWING, name="twin")
    with pytest.raises(ArgumentError, match="two objects of the network have the name 'twin'"):
        Network(one, two).run(1 * ms)


def test_networks_have_times_of_their_own():
    first, second = Network(NeuronGroup(1, GROWING)), Network(NeuronGroup(1, GROWING))
    first.run(1 * ms)
    second.run(2 * ms)
    first.run(1 * ms)
    assert (round(first.t_, 9), round(second.t_, 9)) == (2e-3, 2e-3)


def test_the_progress_of_a_run_is_told():
    group = NeuronGroup(1, GROWING)
    told = []
    Network(group).run(5 * ms, report=lambda *args: told.append(args))
    assert [args[1] for args in told] == [0.0, 1.0]
    assert all(args[3] == 5 * ms and args[2] == 0 * ms for args in told)


def test_the_progress_of_a_run_that_is_stopped_is_told_at_its_end():
    group, told = NeuronGroup(1, GROWING), []
    halt = NetworkOperation(lambda t: stop() if t >= 0.5 * ms else None)
    Network(group, halt).run(2 * ms, report=lambda elapsed, completed, start, duration: told.append(completed))
    assert (told[0], round(told[-1], 9)) == (0, 0.3)


@pytest.mark.parametrize(
    ("completed", "elapsed", "said"),
    [
        (0.5, 12, "500. ms (50%) simulated in 12 s, about 12 s left"),
        (0.25, 62, "250. ms (25%) simulated in 1 min 2 s, about 3 min 6 s left"),
        (0.01, 105, "10. ms (1%) simulated in 1 min 45 s, about 2 h 53 min left"),
        (1.0, 3725.4, "1. s (100%) simulated in 1 h 2 min"),
    ],
)
def test_long_times_are_told_in_minutes_and_hours(completed, elapsed, said):
    stream = StringIO()
    TextReport(stream)(elapsed * second, completed, 0 * ms, 1 * second)
    assert stream.getvalue() == said + "\n"


def test_what_cannot_be_told_of_the_progress_is_refused():
    network = Network(NeuronGroup(1, GROWING))
    for report, error in ((True, ArgumentTypeError), (3, ArgumentTypeError), ("txt", ArgumentError)):
        with pytest.raises(error, match="report"):
            network.run(1 * ms, report=report)
    assert network.t_ == 0


def test_the_progress_is_printed(capsys):
    group = NeuronGroup(1, GROWING)
    Network(group).run(5 * ms, report="text")
    out = capsys.readouterr().out
    assert "Starting simulation at t = 0. s" in out
    assert "5. ms (100%) simulated in" in out
    with pytest.raises(ArgumentError, match="'loud' is not a report"):
        Network(NeuronGroup(1, GROWING)).run(1 * ms, report="loud")


def test_many_groups_run_together(target):
    groups = [NeuronGroup(1, GROWING) for _ in range(30)]
    Network(groups).run(1 * ms)
    np.testing.assert_allclose([group.v[0] for group in groups], 1, rtol=1e-12)


def test_a_live_run_of_earlier_objects_ends_before_new_ones_begin_at_zero():
    earlier = NeuronGroup(1, GROWING)
    magic_network.gather({"earlier": earlier})
    session = open_session(magic_network, 3 * ms)
    start_scope()
    later = NeuronGroup(1, GROWING)
    run(1 * ms)
    assert (session.status, magic_network.t, later.v[0]) == ("finished", 1 * ms, pytest.approx(1))
