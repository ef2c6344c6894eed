"""The number of threads: the one that is asked for, or the fastest of those that are tried."""

import time

import pytest

from jupyspike import Network, NeuronGroup, SpikeMonitor, Synapses, ms, prefs, second
from jupyspike_engine.simulation import teams
from jupyspike_engine.simulation.teams import TRIED_FOR, Pace, most_threads


def chosen(pace, per_step, seconds):
    """What a pace does for some seconds when a step with n threads takes ``per_step[n]``."""
    slices, passed = [], 0.0
    while passed < seconds:
        threads, steps = pace.next_slice(round(0.02 / per_step[1]))
        took = 1e-4 + steps * per_step[threads]
        pace.took(threads, steps, took)
        slices.append((threads, steps))
        passed += took
    return slices


@pytest.mark.parametrize(
    ("per_step", "fastest"),
    [
        ({1: 10e-6, 2: 6e-6}, 2),
        ({1: 4e-6, 2: 5e-6}, 1),
        ({1: 10e-6, 2: 9e-6}, 1),  # not worth a second processor
        ({1: 80e-6, 2: 41e-6, 4: 22e-6, 6: 30e-6}, 4),
    ],
)
def test_the_fastest_number_is_found_and_kept(per_step, fastest):
    slices = chosen(Pace(max(per_step)), per_step, 1.0)
    assert {threads for threads, _ in slices} == set(per_step)
    assert [threads for threads, _ in slices[-20:]] == [fastest] * 20
    steps = sum(steps for _, steps in slices)
    assert steps * per_step[fastest] > 0.9 - 2 * len(per_step) * TRIED_FOR


def test_threads_that_hinder_each_other_are_tried_with_a_single_step():
    slices = chosen(Pace(2), {1: 4e-6, 2: 20e-3}, 3.0)
    assert slices.count((2, 1)) == 3 and all(threads == 1 for threads, steps in slices if steps > 1)


def test_numbers_are_tried_again_as_what_happens_in_a_network_changes():
    pace = Pace(2)
    chosen(pace, {1: 4e-6, 2: 6e-6}, 1.0)
    assert chosen(pace, {1: 40e-6, 2: 22e-6}, 5.0)[-1][0] == 2


def test_one_thread_for_a_small_network_and_as_many_as_there_are_processors_for_a_large_one(monkeypatch):
    monkeypatch.setattr(teams, "processors", lambda: 6)
    assert (most_threads(100, 1000), most_threads(4000, 0), most_threads(10, 100_000)) == (1, 6, 6)
    monkeypatch.setattr(teams, "bridge", None)
    assert most_threads(4000, 0) == 1


def test_the_preference_decides():
    prefs.codegen.target, prefs.engine.threads = "cpp", 3
    group = NeuronGroup(10, "dv/dt = -v/ms : 1", threshold="v > 1", reset="v = 0")
    synapses = Synapses(group, on_pre="v_post += 1")
    synapses.connect()
    network = Network(group, synapses)
    network.run(1 * ms)
    assert network.last.simulation.memory.threads == 3
    prefs.engine.threads = 1
    network.run(1 * ms)
    assert network.last.simulation.memory.threads == 1
    prefs.codegen.target, prefs.engine.threads = "numpy", 3
    network.run(1 * ms)
    assert network.last.simulation.memory.threads == 1


def test_a_number_that_is_much_slower_is_given_up_at_once():
    slices = chosen(Pace(2), {1: 5e-6, 2: 10e-6}, 0.4)
    assert sum(steps * 10e-6 for threads, steps in slices if threads == 2) < 0.6 * TRIED_FOR


def test_the_time_that_threads_need_to_begin_is_not_held_against_them():
    pace, passed = Pace(2), 0.0
    while passed < 0.1:
        threads, steps = pace.next_slice(400)
        took = steps * 45e-6 if threads == 1 else 270e-6 + steps * 24e-6
        pace.took(threads, steps, took)
        passed += took
    assert pace.next_slice(400)[0] == 2


def test_a_further_run_knows_what_was_found():
    prefs.codegen.target = "cpp"
    group = NeuronGroup(2000, "dv/dt = -v/ms : 1", threshold="v > 1", reset="v = 0")
    network = Network(group)
    network.run(1 * ms)
    pace = network.last.simulation._pace
    network.run(1 * ms)
    assert network.last.simulation._pace is pace
    network.add(Synapses(group, on_pre="v_post += 1"))
    network.run(1 * ms)
    assert network.last.simulation._pace is not pace


def test_numbers_are_tried_again_at_once_when_others_use_the_processors():
    pace = Pace(2)
    assert chosen(pace, {1: 10e-6, 2: 6e-6}, 0.5)[-1][0] == 2
    slices = chosen(pace, {1: 11e-6, 2: 25e-6}, 1.0)
    assert slices[-1][0] == 1
    assert sum(steps * 25e-6 for threads, steps in slices if threads == 2) < 0.1


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_profile_adds_up_to_the_time_of_the_run_with_any_number_of_threads(threads):
    prefs.codegen.target, prefs.engine.threads = "cpp", threads
    group = NeuronGroup(3000, "dv/dt = (sin(v) - v + 1.1*exp(-v))/(10*ms) : 1", method="rk4", name="told",
                        threshold="v > 0.5", reset="v = 0")  # fmt: skip
    synapses = Synapses(group, group, on_pre="v_post += 1e-5", delay=1 * ms, name="driving")
    synapses.connect(p=0.01)
    network = Network(group, synapses, SpikeMonitor(group, name="watching"))
    network.run(1 * ms)
    for _ in range(2):  # of the last run only
        began = time.perf_counter()
        network.run(200 * ms, profile=True)
        took = time.perf_counter() - began
        told = dict(network.profiling_info)
        parts = {"told_stateupdater", "told_spike_thresholder", "told_spike_resetter", "driving_pre", "watching"}
        assert told.keys() == parts | ({"threads waiting for each other"} if threads > 1 else set())
        assert 0.3 * took < sum(spent / second for spent in told.values()) < took
        assert network.profile(show=1).rows[0][0] == max(told, key=told.get)
