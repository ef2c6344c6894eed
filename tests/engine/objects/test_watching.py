"""What looks at a network without belonging to it."""

import gc
import time
from types import SimpleNamespace

import numpy as np
import pytest

from jupyspike import (
    EventMonitor,
    Network,
    NeuronGroup,
    PoissonGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    magic_network,
    ms,
    mV,
    restore,
    run,
    store,
)
from jupyspike_engine.diagnostics import ArgumentError
from jupyspike_engine.objects.monitors.watching import (
    Snapshots,
    recorded_spikes,
    stop_watching,
    watch,
    watched_spikes,
    watched_values,
)
from jupyspike_engine.simulation.recording import Chunk


@pytest.fixture
def group():
    neurons = NeuronGroup(5, "dv/dt = (i + 1)*mV/ms : volt", threshold="v > 3*mV", reset="v = 0*mV", method="euler")
    yield neurons
    magic_network.objects.clear()


def test_watchers_record_what_monitors_record_and_belong_to_no_network(target, group):
    watched, values = watched_spikes(group), watched_values(group, ["v"], [1, 4])
    watch(watched)
    watch(values)
    spikes, trace = SpikeMonitor(group), StateMonitor(group, "v", record=[1, 4])
    run(20 * ms)
    np.testing.assert_array_equal(watched.t_, spikes.t_)
    np.testing.assert_array_equal(watched.i, spikes.i)
    np.testing.assert_array_equal(values.v_, trace.v_)
    assert watched not in magic_network.objects and values not in magic_network.objects
    assert watched.name not in magic_network.get_states()


def test_spikes_are_the_same_with_and_without_watchers(target):
    neurons = NeuronGroup(20, "v : 1", threshold="rand() < 0.1")
    monitor = SpikeMonitor(neurons)
    store()
    run(10 * ms)
    without = monitor.it_
    restore(restore_random_state=True)
    watched = watched_spikes(neurons)
    watch(watched)
    run(10 * ms)
    for one, other, third in zip(without, monitor.it_, watched.it_, strict=True):
        np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(one, third)


def test_several_share_a_watcher_and_the_last_one_ends_it(group):
    watched = watched_spikes(group)
    watch(watched)
    assert watched_spikes(group) is watched
    watch(watched)
    stop_watching(watched)
    run(5 * ms)
    recorded = len(watched.t_)
    assert recorded > 0
    stop_watching(watched)
    stop_watching(watched)  # once too often changes nothing
    run(5 * ms)
    assert len(watched.t_) == recorded


def test_a_watcher_that_nobody_has_any_more_is_gone(group):
    watch(watched_spikes(group))
    gc.collect()
    assert not list(group.watchers)


def test_watchers_of_parts_are_their_own(group):
    part = watched_spikes(group[3:])
    watch(part)
    assert watched_spikes(group) is not part
    run(5 * ms)
    assert set(part.i) == {0, 1}


def test_a_watcher_keeps_the_newest_rows():
    neurons = PoissonGroup(1000, rates=1 / ms, name="many_spikes*")
    watched = watched_spikes(neurons)
    watch(watched)
    watched.recording._keep = 1000
    run(50 * ms)
    times = watched.t_
    assert 1000 <= len(times) < 2000 + 1000
    assert times[-1] > 0.049


@pytest.mark.parametrize("elements, kept", [(1, 100_000), (4, 25_000), (5, 20_000)])
def test_few_elements_are_kept_for_longer(elements, kept):
    neurons = NeuronGroup(5, "v : 1", name="kept*")
    recording = watched_values(neurons, ["v"], range(elements)).recording
    rows = Chunk(np.arange(kept - 1.0), np.empty(0, np.int32), (np.zeros((kept - 1, elements)),))
    for _ in range(2):
        recording.add(rows)
    assert len(recording.all()) == 2 * (kept - 1)
    recording.add(rows)
    assert len(recording.all()) == kept


def test_indices_of_a_watched_part_count_from_its_first_neuron(group):
    values = watched_values(group[3:], ["i"], [0, 1])
    watch(values)
    run(0.1 * ms)
    assert values.i[:, 0].tolist() == [0, 1]


def test_of_several_monitors_the_one_that_has_the_most_spikes_is_found(group):
    early = SpikeMonitor(group, name="z_early*")
    run(5 * ms)
    late = SpikeMonitor(group, name="a_late*")
    run(5 * ms)
    assert 0 < len(late) < len(early) and recorded_spikes(group) is early


def test_what_counts_only_or_records_another_event_has_no_spikes():
    group = NeuronGroup(2, "dv/dt = 1/ms : 1", threshold="v > 1", reset="v = 0", events={"high": "v > 0.5"})
    counts, high = SpikeMonitor(group, record=False), EventMonitor(group, "high")
    run(5 * ms)
    assert counts.num_spikes and len(high) and recorded_spikes(group) is None
    assert recorded_spikes(group, "high") is high


def test_what_was_recorded_is_found(group):
    assert recorded_spikes(group) is None
    spikes, counts = SpikeMonitor(group), SpikeMonitor(group, record=False)
    run(5 * ms)
    assert recorded_spikes(group) is spikes
    assert recorded_spikes(group[1:]) is None
    assert counts.num_spikes


def test_after_going_back_in_time_watchers_forget_what_lies_ahead(group):
    watched, mean = watched_spikes(group), Snapshots(group, "v", np.mean)
    watch(watched)
    watch(mean)
    store()
    run(10 * ms)
    restore()
    run(2 * ms)
    assert watched.t_.max() < 0.002
    times = [time for time, _ in mean.taken]
    assert times == sorted(times) and times[-1] == pytest.approx(0.002)
    run(1 * ms)
    assert pytest.approx([time for time, _ in mean.taken][len(times) - 1]) == 0.002  # and keep what lies behind


def test_snapshots_are_taken_between_slices_and_at_the_end(group):
    whole, part = Snapshots(group, "v", np.copy), Snapshots(group[1:3], "v", np.copy)
    watch(whole)
    watch(part)
    run(7 * ms)
    time, values = whole.taken[-1]
    assert time == pytest.approx(0.007)
    np.testing.assert_array_equal(values, group.v_[:])
    np.testing.assert_array_equal(part.taken[-1][1], group.v_[1:3])
    np.testing.assert_array_equal(part.now(), group.v_[1:3])


def test_a_run_that_is_soon_over_is_seen_many_times(group, monkeypatch):
    # Nothing takes time here: on a busy machine a snapshot may, and the next one waits for it.
    monkeypatch.setattr("jupyspike_engine.objects.monitors.watching.time", SimpleNamespace(perf_counter=lambda: 0.0))
    shots = Snapshots(group, "v", np.sum)
    watch(shots)
    run(1000 * ms)
    times = np.array([time for time, _ in shots.taken])
    assert len(times) >= 50
    assert np.diff(times).max() < 0.05


def test_snapshots_that_take_long_are_rare():
    neurons = NeuronGroup(1, "v : 1")
    shots = Snapshots(neurons, "v", lambda values: time.sleep(0.02))
    began = time.perf_counter()
    for step in range(10**6):
        shots.take(step * 1e-3)
        if time.perf_counter() - began > 0.3:
            break
    assert len(shots.taken) == 1
    shots.take(2e3, at_once=True)  # as at the end of a run
    assert shots.taken[-1][0] == 2e3


def test_a_bounded_number_of_snapshots_covers_the_whole_time():
    neurons = NeuronGroup(1, "v : 1")
    shots = Snapshots(neurons, "v", lambda values: None, keep=20)
    for step in range(1000):
        shots.take(step * 1e-3, at_once=True)
    times = np.array([time for time, _ in shots.taken])
    assert 8 <= len(times) <= 20
    assert times[0] == 0
    assert times[-1] > 0.8
    assert np.diff(times).max() < 0.3


def test_snapshots_are_of_variables_that_have_values():
    neurons = NeuronGroup(1, "x = 2*v : 1\nv : 1")
    with pytest.raises(ArgumentError, match=r"'y' of '.*' has no values"):
        Snapshots(neurons, "y", np.mean)


def test_subexpressions_are_found_while_a_network_runs(target):
    factor = 3.0
    neurons = NeuronGroup(4, "x = factor*v : 1\ndv/dt = 1/second : 1")
    whole, part = Snapshots(neurons, "x", np.copy, keep=1), Snapshots(neurons[1:3], "x", np.copy, keep=1)
    for shots in (whole, part):
        watch(shots)
    factor = 5.0  # as in the equations, names mean what they mean in the run
    run(1 * ms)
    assert whole.taken[-1][1] == pytest.approx([0.005] * 4) and part.taken[-1][1] == pytest.approx([0.005] * 2)
    assert factor * neurons.v[0] == pytest.approx(part.now()[0])


def test_variables_of_synapses_are_watched(group):
    synapses = Synapses(group, group, "w : volt", on_pre="w += 1*mV")
    synapses.connect(j="i")
    weights = Snapshots(synapses, "w", np.sum)
    watch(weights)
    run(10 * ms)
    assert weights.taken[-1][1] == pytest.approx(float(np.sum(synapses.w / mV)) * 1e-3)


def test_the_time_until_which_everything_is_recorded(group):
    network = Network(group)
    assert (network.recorded_until, network.under_way) == (0.0, False)
    network.run(3 * ms)
    assert network.recorded_until == pytest.approx(0.003)
    assert not network.under_way


def test_of_one_snapshot_it_is_the_newest(group):
    newest = Snapshots(group, "v", np.copy, keep=1)
    watch(newest)
    run(3 * ms)
    run(4 * ms)
    ((time, values),) = newest.taken
    assert time == pytest.approx(0.007)
    np.testing.assert_array_equal(values, group.v_[:])


def test_a_run_goes_on_when_a_snapshot_fails(group):
    failing = Snapshots(group, "v", lambda values: 1 / 0)
    watch(failing)
    run(2 * ms)
    assert magic_network.t_ == pytest.approx(0.002)
    assert failing.taken == []
    with pytest.raises(ZeroDivisionError):
        failing.now()


def test_further_elements_join_a_watcher_that_has_not_recorded_yet(target, group):
    values = watched_values(group, ["v"], [1])
    watch(values)
    assert watched_values(group, ["v"], [4, 1]) is values
    assert values.record.tolist() == [1, 4]
    trace = StateMonitor(group, "v", record=[1, 4])
    run(5 * ms)
    np.testing.assert_array_equal(values.v_, trace.v_)
    assert watched_values(group, ["v"], [4]) is values
    assert watched_values(group, ["v"], [2]) is not values
