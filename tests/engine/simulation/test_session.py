"""Live sessions: a worker that can be played, paused, stepped, stopped and steered, and repeated bit for bit."""

import os
import signal
import subprocess
import sys
import threading
import time
from statistics import median

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Hz,
    Network,
    NetworkOperation,
    NeuronGroup,
    PoissonInput,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    defaultclock,
    load_recording,
    ms,
    prefs,
    second,
    seed,
)  # fmt: skip
from jupyspike_engine.objects.monitors.watching import watch, watched_spikes, watched_values
from jupyspike_engine.objects.running import standing
from jupyspike_engine.objects.running.live import Range, Slider, open_session

PATIENCE = 30.0  # seconds after which something hangs


def network(tau=10 * ms, drive=1.2, name="live_group"):
    """Noisy neurons whose time constant and drive can be moved, with synapses."""
    seed(61)
    group = NeuronGroup(
        20,
        "dv/dt = (drive + g - v)/tau + 0.1*xi/sqrt(tau) : 1 (unless refractory)\ndg/dt = -g/(5*ms) : 1",
        threshold="v > 1", reset="v = 0", refractory=1 * ms, namespace={"tau": tau, "drive": drive}, name=name,
    )  # fmt: skip
    group.v = "rand()"
    synapses = Synapses(group, group, on_pre="g += w", delay=0.5 * ms, namespace={"w": 0.02}, name="live_synapses")
    synapses.connect(p=0.3)
    spikes, trace = SpikeMonitor(group), StateMonitor(group, ["v", "g"], record=True)
    return Network(group, synapses, spikes, trace), group, spikes, trace


RANGES = {"live_group": {"tau": Range(5 * ms, 50 * ms), "drive": Range(0, 3, 0.1)}}


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.001)


def at_rest(session):
    """Wait until a paused session stands."""
    before, since = session.time, time.monotonic()
    while time.monotonic() - since < 0.4:  # a slice that had begun may be late on a busy machine
        if before != session.time:
            before, since = session.time, time.monotonic()
        time.sleep(0.05)
    return before


@pytest.fixture
def opened():
    """Opens sessions and stops them after the test, however it ends."""
    sessions = []

    def open_one(net, duration=1000 * second, **arguments):
        sessions.append(open_session(net, duration, **arguments))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.stop()


def test_a_session_does_what_a_run_does(target, opened):
    plain, group, spikes, trace = network()
    plain.run(50 * ms)
    live, live_group, live_spikes, live_trace = network()
    session = opened(live, 50 * ms)
    assert (session.status, session.time, session.duration) == ("ready", 0, 0.05)
    session.play()
    assert session.wait(PATIENCE)
    assert (session.status, session.error, session.log) == ("finished", None, ())
    assert live.t == plain.t
    np.testing.assert_array_equal(live_spikes.t_, spikes.t_)
    np.testing.assert_array_equal(live_trace.v, trace.v)
    np.testing.assert_array_equal(live_group.v[:], group.v[:])
    plain.run(5 * ms)
    live.run(5 * ms)  # the network goes on, without what watched the session
    np.testing.assert_array_equal(live_trace.v, trace.v)
    assert len(live.objects) == len(plain.objects)


def test_play_pause_and_stop(target, opened):
    net, _, spikes, _ = network()
    session = opened(net)
    session.play()
    wait_until(lambda: session.time > 0.01)
    session.pause()
    assert session.status == "paused"
    standing = at_rest(session)
    time.sleep(0.1)
    assert session.time == standing
    session.play()
    wait_until(lambda: session.time > standing)
    session.stop()
    assert session.status == "stopped"
    assert net.t_ == session.time
    recorded = spikes.t_
    assert len(recorded) and recorded.max() < net.t_
    net.run(10 * ms)
    assert net.t_ - session.time == pytest.approx(0.01)
    uninterrupted, _, expected, _ = network()
    uninterrupted.run(net.t)
    np.testing.assert_array_equal(spikes.t_, expected.t_)


def test_a_run_stops_within_a_tenth_of_a_second(opened):
    took = []
    for _ in range(9):
        session = opened(network()[0])
        session.play()
        wait_until(lambda running=session: running.time > 0.01)
        began = time.perf_counter()
        session.stop()
        took.append(time.perf_counter() - began)
        assert session.status == "stopped"
    assert median(took) < 0.1


def test_a_step_is_one_time_step(target, opened):
    net, _, _, trace = network()
    session = opened(net)
    for k in range(1, 6):
        session.step()
        wait_until(lambda k=k: session.time > (k - 0.5) * 1e-4)
        assert session.status == "paused"
        time.sleep(0.01)
        assert round(session.time / 1e-4) == k
    assert len(trace.t) == 5


def test_steps_asked_for_at_once_are_all_made(opened):
    net, _, _, trace = network()
    session = opened(net)
    for _ in range(50):
        session.step()
    wait_until(lambda: session.time > 49.5e-4)
    time.sleep(0.05)
    assert round(session.time / 1e-4) == len(trace.t) == 50


def test_stopping_before_it_began(opened):
    net, *_ = network()
    session = opened(net)
    assert net.under_way
    session.stop()
    session.play()
    assert (session.status, session.wait(0), net.t_, net.under_way) == ("stopped", True, 0, False)


def test_a_paused_session_can_be_stopped_and_steered(opened):
    net, group, *_ = network()
    session = opened(net, ranges=RANGES)
    session.step()
    session.set("live_group.drive", 2.5)
    wait_until(lambda: len(session.log) == 1)
    assert group.namespace["drive"] == 2.5
    session.stop()
    assert session.status == "stopped"


def test_changes_take_effect_and_the_log_repeats_the_session_bit_for_bit(target, opened):
    net, group, spikes, trace = network()
    session = opened(net, 2 * second, ranges=RANGES)
    session.speed = 0.2  # so that it does not end before all changes are made
    session.set("live_group.tau", 20e-3)  # before it plays
    session.play()
    for k, (name, value) in enumerate([("tau", 8e-3), ("drive", 0.5), ("drive", 2.0), ("tau", 40e-3)], 2):
        wait_until(lambda: session.time > 0.003 * k)  # noqa: B023  # called at once
        session.set(f"live_group.{name}", value)
        wait_until(lambda: len(session.log) == k)  # noqa: B023  # called at once
    session.pause()
    at_rest(session)
    session.set("live_group.drive", 1.5)
    wait_until(lambda: len(session.log) == 6)
    session.play()
    wait_until(lambda: session.time > 0.05 or session.status == "finished")
    session.stop()
    assert [change.parameter.split("_")[-1] for change in session.log] == [
        "tau",
        "tau",
        "drive",
        "drive",
        "tau",
        "drive",
    ]
    assert [change.step for change in session.log] == sorted(change.step for change in session.log)
    assert session.log[0].step == 0 < session.log[1].step
    assert (group.namespace["drive"], group.namespace["tau"]) == (1.5, 40 * ms)

    again, _, spikes_again, trace_again = network()
    again.replay(net.t, session.log)
    assert again.t == net.t
    np.testing.assert_array_equal(spikes_again.t_, spikes.t_)
    np.testing.assert_array_equal(spikes_again.i, spikes.i)
    np.testing.assert_array_equal(trace_again.v, trace.v)
    np.testing.assert_array_equal(trace_again.g, trace.g)
    without, _, spikes_without, _ = network()
    without.run(net.t)
    assert not np.array_equal(spikes_without.t_, spikes.t_)


def two_clocks():
    """A fast and a slow group whose steps have no common measure but 0.05 ms."""
    fast = NeuronGroup(1, "dv/dt = drive/ms : 1", dt=0.1 * ms, namespace={"drive": 1.0}, name="fast_one")
    slow = NeuronGroup(1, "dv/dt = drive/ms : 1", dt=0.25 * ms, namespace={"drive": 1.0}, name="slow_one")
    return Network(fast, slow), fast, slow


@pytest.mark.parametrize("ticks", range(14))
def test_a_change_between_the_ticks_of_two_clocks_is_repeated_between_the_same(target, ticks):
    live, fast, slow = two_clocks()
    prepared = live.prepare(2 * ms, {})
    simulation = prepared.simulation
    for _ in range(ticks):
        simulation.advance(1)
    for parameter in simulation.plan.parameters:
        if parameter.endswith("drive"):
            simulation.change(parameter, 3.0)
    simulation.run()
    live.finish(prepared)
    again, fast_again, slow_again = two_clocks()
    again.replay(2 * ms, tuple(simulation.log))
    assert (fast_again.v[0], slow_again.v[0]) == (fast.v[0], slow.v[0])


def python_in_the_step_and_many_times():
    """Python in each step, and a clock whose times are closer together than the steps."""
    group = NeuronGroup(1, "dv/dt = drive/ms : 1", namespace={"drive": 1.0}, name="with_times")
    group.run_at("v += 0.01", times=np.arange(0.3, 0.9, 0.013) * ms)
    seen = []
    watcher = NetworkOperation(lambda: seen.append(group.v[0]), name="watcher")
    return Network(group, watcher), seen


@pytest.mark.parametrize("ticks", range(2, 56, 8))
def test_a_change_is_repeated_at_its_time_where_python_acts_in_the_step_and_a_clock_has_times(target, ticks):
    live, expected = python_in_the_step_and_many_times()
    prepared = live.prepare(1 * ms, {})
    simulation = prepared.simulation
    while simulation.step < ticks:
        simulation.advance(1)
    simulation.change(next(name for name in simulation.plan.parameters if name.endswith("drive")), 3.0)
    simulation.run()
    live.finish(prepared)
    again, found = python_in_the_step_and_many_times()
    again.replay(1 * ms, tuple(simulation.log))
    assert found == expected and len(found) == 10
    assert again.last.simulation.log == simulation.log


def test_a_constant_moves_where_inputs_and_parts_of_a_group_use_it(target, opened):
    group = NeuronGroup(10, "v : 1", namespace={"w": 0.0}, name="moved")
    group[5:].run_regularly("v -= w")
    net = Network(group, PoissonInput(group[:5], "v", 1000, 5000 * Hz, weight="w"))
    session = opened(net, 1 * ms, ranges={"moved": {"w": Range(0.0, 1.0)}})
    session.set("moved.w", 1.0)
    session.play()
    assert session.wait(PATIENCE)
    assert [change.step for change in session.log] == [0]
    assert (group.v[:5] > 1000).all() and (group.v[5:] == -10).all()


def test_ten_thousand_changes_from_several_threads_do_no_harm(target, opened):
    net, _, spikes, trace = network()
    session = opened(net, ranges=RANGES)
    session.play()

    def slide(number):
        for k in range(2500):
            session.set("live_group.drive", (number + k) % 30 / 10)

    threads = [threading.Thread(target=slide, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until(lambda: session.log and session.time > 0.01)
    session.stop()
    assert (session.status, session.error) == ("stopped", None)
    assert 0 < len(session.log) <= 10_000
    assert np.isfinite(trace.v).all()
    again, _, spikes_again, _ = network()
    again.replay(net.t, session.log)
    np.testing.assert_array_equal(spikes_again.t_, spikes.t_)


def test_of_several_changes_at_one_step_the_log_has_the_last_of_each_constant_in_their_order(opened):
    net, _, spikes, _ = network()
    session = opened(net, ranges=RANGES)
    session.run_for(0.02)
    wait_until(lambda: session.status == "paused")
    for k in range(5):
        for name, value in (("live_group.tau", 8e-3 + k * 1e-5), ("live_group.drive", 1 + k * 1e-3)):
            session.set(name, value)
            wait_until(lambda: session.moved.get(name) == value)  # noqa: B023  # called at once
    wait_until(lambda: len(net.moves) == 2)
    session.run_for(0.03)
    wait_until(lambda: session.status == "paused")
    session.stop()
    assert [change.step for change in session.log] == [200, 200]
    assert [(move.name, move.value) for move in session.course] == list(session.moved.items())
    assert net.moves == list(session.course)
    again, _, spikes_again, _ = network()
    again.replay(net.t, session.log)
    np.testing.assert_array_equal(spikes_again.t_, spikes.t_)


def test_of_two_names_for_a_constant_the_one_that_was_moved_last_counts(opened):
    """Also of those that wait together, and of those with which a run begins again."""
    net, group, *_ = network()
    session = opened(net, sliders=[Slider("tau", 1 * ms, 99 * ms), Slider("live_group.tau", 1 * ms, 99 * ms)])
    for name, value in (("tau", 20e-3), ("live_group.tau", 30e-3), ("tau", 40e-3)):
        session.set(name, value)
    session.step()
    wait_until(lambda: session.time > 0)
    assert group.namespace["tau"] == 40 * ms
    assert [move.name for move in session.course] == ["live_group.tau", "tau"]
    session.set("live_group.tau", 50e-3)
    wait_until(lambda: session.moved["live_group.tau"] == 50e-3)
    session.set("tau", 60e-3)
    session.reset()
    assert group.namespace["tau"] == 60 * ms
    assert [(move.name, move.value) for move in session.course] == [("live_group.tau", 50e-3), ("tau", 60e-3)]


def test_what_a_person_does_waits_for_no_step(opened):
    """A callback of a widget that waited for a slice would hold up all others, and the cells of the notebook."""
    net, group, *_ = network()
    under_way, go_on = threading.Event(), threading.Event()

    def slowly(t):
        under_way.set()
        go_on.wait(PATIENCE)

    net.add(NetworkOperation(slowly, name="slowly"))
    session = opened(net, ranges=RANGES)
    session.play()
    assert under_way.wait(PATIENCE)
    session.set("live_group.tau", 20e-3)
    session.pause()
    session.run_for(1.0)
    session.speed = 0.5
    session.step()
    assert session.log == () and session.time == 0 and not go_on.is_set()
    go_on.set()
    wait_until(lambda: group.namespace["tau"] == 20 * ms)


def test_what_is_not_a_constant_is_refused(opened):
    net, *_ = network()
    session = opened(net, ranges=RANGES)
    with pytest.raises(ArgumentError, match=r"'live_group.taus' is not a constant of this run"):
        session.set("live_group.taus", 3)


def test_a_live_run_that_becomes_infinite_says_so(opened):
    group = NeuronGroup(2, "dv/dt = v**2/ms : 1", method="euler", name="exploding_live")
    group.v = [0, 2]
    session = opened(Network(group), 5 * ms)
    session.play()
    assert session.wait(PATIENCE)
    assert session.status == "finished" and "exploding_live.v[1] became" in str(session.error)


def test_a_run_whose_objects_have_been_made_anew_says_which_and_why_it_cannot_go_back(opened):
    made = {name: NeuronGroup(1, "v : 1") for name in "ab"}
    session = opened(Network(*made.values()), namespace=made)
    session.play()
    session.give_way_to(made)
    assert session.status == "running" and not session.gave_way
    session.give_way_to({name: NeuronGroup(1, "v : 1") for name in "ab"})
    assert (session.status, session.gave_way) == ("stopped", "a and b have been made anew")
    session.give_way()  # later than that
    with pytest.raises(ArgumentError, match="a and b have been made anew") as error:
        session.reset()
    assert "replay() of its panel repeats it" in str(error.value)


def test_moves_of_constants_are_remembered_over_several_runs(opened):
    net, *_ = network()
    for value in (1.5, 2.0):
        session = opened(net, 10 * second, ranges=RANGES)
        session.set("live_group.drive", value)
        session.play()
        wait_until(lambda running=session: running.log and running.time > 0)
        session.stop()
    assert [(move.name, move.value) for move in net.moves] == [("live_group.drive", 1.5), ("live_group.drive", 2.0)]
    assert (net.moves[0].time, net.moves[1].time) == (0, session.start) and session.start > 0
    at_first = {slider.name: slider.value for slider in net.sliders}  # at t = 0, from where moves are drawn
    assert at_first == {"live_group.tau": pytest.approx(0.01), "live_group.drive": 1.2}
    session.reset()
    assert [move.value for move in net.moves] == [1.5, 2.0] and net.moves[1].time == session.start  # it stays moved
    session.reset(values_too=True)
    assert [move.value for move in net.moves] == [1.5]
    net.begin_again()
    assert (net.moves, net.sliders) == ([], ())


def test_a_run_cannot_go_back_while_another_one_of_its_network_goes_on(opened):
    net, *_ = network()
    session = opened(net, 5 * ms)
    session.play()
    assert session.wait(PATIENCE)
    with net.turn():
        session.reset()
        assert session.status == "failed" and f"another run of '{net.name}' goes on" in str(session.error)
    session.reset()
    assert (session.status, session.error, session.time) == ("paused", None, 0)
    with pytest.raises(ArgumentError, match="is paused"):  # it is the network's live run again
        net.run(1 * ms)


def test_without_room_for_a_copy_of_the_state_a_run_goes_on_all_the_same(opened, monkeypatch):
    def no_room(objects):
        raise ArgumentError("a copy of the state would take 9 GB of memory")

    monkeypatch.setattr(standing, "expect_room_to_store", no_room)
    net, *_ = network()
    session = opened(net, 5 * ms)
    session.play()
    assert session.wait(PATIENCE) and session.error is None
    with pytest.raises(ArgumentError, match="no room for a copy of the state") as error:
        session.reset()
    assert "replay()" not in str(error.value)


def test_beside_what_is_recorded_to_disk_each_run_is_told_with_what_was_moved(opened, tmp_path):
    net, group, *_ = network()
    net.add(SpikeMonitor(group, to=tmp_path / "spikes"))
    session = opened(net, 5 * ms, ranges=RANGES)
    session.set("live_group.drive", 2.5)
    assert [run["changes"] for run in load_recording(tmp_path / "spikes").provenance] == [[]]
    session.play()
    assert session.wait(PATIENCE)
    (run,) = load_recording(tmp_path / "spikes").provenance
    (change,) = run["changes"]
    assert (change["step"], change["value"], run["constants"]["live_group.drive"]) == (0, 2.5, 2.5)
    session.reset(values_too=True)
    run = load_recording(tmp_path / "spikes").provenance[-1]
    assert run["changes"] == [] and run["constants"]["live_group.drive"] == 1.2


def test_network_objects_and_clocks_say_the_present_time(opened):
    net, group, *_ = network()
    session = opened(net)
    for _ in range(2):
        before = session.time
        session.run_for(10 * defaultclock.dt_)
        wait_until(lambda: session.time > before and session.status == "paused")  # noqa: B023  # called at once
        with session.held():
            assert net.t_ == group.t / second == defaultclock.t_ == session.time == pytest.approx(before + 1e-3)
    session.reset()
    assert net.t_ == group.t / second == 0


def test_a_run_waits_for_a_live_one(opened):
    net, *_ = network()
    session = opened(net, 20 * ms)
    session.play()
    net.run(10 * ms)
    assert session.status == "finished"
    assert abs(net.t_ - 30e-3) < 1e-12


def test_who_waits_long_for_a_live_run_is_told_so_and_how_to_end_it(opened, capsys):
    net, _, spikes, _ = network()
    session = opened(net, 1e6 * second)
    threading.Timer(0.8, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        net.run(1 * ms)
    said = capsys.readouterr().err
    assert "Waiting for the live run of this network" in said and "of 1e+06 s are done. An interrupt" in said
    assert session.status == "running"
    net.stop()
    assert session.wait(PATIENCE) and len(spikes.t) and net.t_ > 0
    before = net.t_
    net.run(1 * ms)
    assert net.t_ == pytest.approx(before + 1e-3)


def test_what_happened_before_the_time_of_a_session_has_been_recorded(opened):
    """A view that closes its bins at that time misses nothing."""
    prefs.codegen.target = "cpp"
    group = NeuronGroup(2000, "v : 1", threshold="rand() < 0.02", name="dense")
    spikes, net = watched_spikes(group), Network(group)
    watch(spikes)
    session, row = opened(net, 3 * second), 0
    session.play()
    while session.status != "finished":
        now = max(net.recorded_until, session.time)
        row = spikes.recording.since(row)[1]
        later, row = spikes.recording.since(row)
        assert not (later.times < now).any()
    assert session.error is None and row > 0


def test_a_run_lets_a_live_one_that_was_not_begun_come_to_its_end_at_full_speed(opened):
    """As when all cells of a notebook are run at once."""
    net, *_ = network()
    session = opened(net, 100 * ms)
    session.speed = 1e-3
    began = time.perf_counter()
    net.run(10 * ms)
    assert session.status == "finished" and session.time == pytest.approx(0.1)
    assert time.perf_counter() - began < 50
    assert abs(net.t_ - 110e-3) < 1e-12


def test_an_interrupt_while_a_live_run_is_waited_for_leaves_it_as_it_was(opened):
    """Else a further run would go on beside it, and the time of the network be that of the one that ends last."""
    net, *_ = network()
    session = opened(net)
    session.speed = 0.5
    session.play()
    for _ in range(2):
        threading.Timer(0.2, signal.raise_signal, (signal.SIGINT,)).start()
        with pytest.raises(KeyboardInterrupt):
            net.run(10 * ms)
        assert (net.live_run, session.status, session.speed) == (session, "running", 0.5)
    session.stop()
    net.run(10 * ms)
    assert net.t_ == pytest.approx(session.time + 0.01)


def test_a_run_waits_for_a_live_one_that_takes_something_along_just_then(opened):
    net, group, spikes, _ = network()
    session, prepare, preparing = opened(net, 20 * ms), net.prepare, threading.Event()

    def slowly(*arguments):
        if session.is_here:
            preparing.set()
            time.sleep(0.3)
        return prepare(*arguments)

    net.prepare = slowly
    session.speed = 0.1
    session.play()
    watch(values := watched_values(group, ["v"], [3]))
    session.take_along()
    assert preparing.wait(PATIENCE)
    net.run(10 * ms)
    assert (session.status, session.error, net.t_) == ("finished", None, pytest.approx(0.03))
    assert len(values.t_)
    uninterrupted, _, expected, _ = network()
    uninterrupted.run(30 * ms)
    np.testing.assert_array_equal(spikes.t_, expected.t_)


def test_a_network_is_run_by_one_at_a_time(target):
    net, _, spikes, _ = network()
    said = []

    def runs_it_once_more(t):
        for again in (lambda: net.run(1 * ms), lambda: open_session(net, 1 * ms)):
            with pytest.raises(ArgumentError, match=r"another run of '.*' goes on") as error:
                again()
            said.append(str(error.value))

    operation = NetworkOperation(runs_it_once_more, dt=5 * ms)
    net.add(operation)
    net.run(10 * ms)
    assert len(said) == 4 and "what a run calls cannot run the same network" in said[0]
    net.remove(operation)
    net.run(10 * ms)
    undisturbed, _, expected, _ = network()
    undisturbed.run(20 * ms)
    np.testing.assert_array_equal(spikes.t_, expected.t_)


@pytest.mark.parametrize("fails", [
    lambda net: open_session(net, 1 * ms, sliders=[Slider("no constant", 1, 2)]),
    lambda net: open_session(net, 1 * ms, ranges={"live_group": {"tau": Range(50 * ms, 5 * ms)}}),
    lambda net: net.run(1 * ms, report="txet"),
])  # fmt: skip
def test_nothing_is_under_way_after_what_could_not_begin(fails):
    net, *_ = network()
    with pytest.raises(ArgumentError):
        fails(net)
    assert (net.under_way, net.live_run) == (False, None)
    net.run(1 * ms)
    net.begin_again()
    assert net.recorded_until == 0


def test_a_run_with_new_objects_waits_for_a_live_one(opened):
    net, group, *_ = network()
    session = opened(net, 20 * ms)
    session.play()
    net.add(SpikeMonitor(group))
    net.run(10 * ms)
    assert session.status == "finished" and session.error is None


def test_the_speed_can_be_held_back(opened):
    """At a hundredth of real time, ten milliseconds of the model need a second: they are not over soon."""
    net, *_ = network()
    session = opened(net, 10 * ms)
    session.speed = 0.01
    began = time.perf_counter()
    session.play()
    wait_until(lambda: session.time >= 2e-3)
    assert time.perf_counter() - began >= 0.1
    assert session.status == "running"
    wait_until(lambda: session.is_held)
    session.speed = None
    assert session.wait(PATIENCE)


def test_at_a_limited_speed_slices_are_short_so_that_hands_and_eyes_need_not_wait(opened):
    prefs.codegen.target = "cpp"
    net, *_ = network()
    session, seen = opened(net, 1000 * second), [0.0]
    session._simulation.observers = [lambda now, at_once: seen.append(now)]
    session.speed = 2.0
    session.run_for(0.2)
    wait_until(lambda: session.status == "paused")
    assert max(np.diff(seen)) < 0.0401  # 20 ms of wall time


def test_what_begins_to_watch_on_the_way_records_from_then_on_and_changes_nothing(target, opened):
    first, _, spikes, _ = network()
    first.run(50 * ms)
    second_network, group, live_spikes, trace = network()
    session = opened(second_network, 50 * ms)
    session.run_for(0.02)
    wait_until(lambda: session.status == "paused")
    at_rest(session)
    values = watched_values(group, ["v"], [3, 7])
    watch(values)
    session.take_along()
    session.play()
    assert session.wait(PATIENCE) and session.error is None
    np.testing.assert_array_equal(live_spikes.t_, spikes.t_)
    np.testing.assert_array_equal(live_spikes.i, spikes.i)
    later = trace.t_ >= 0.02 - 1e-9
    np.testing.assert_array_equal(values.t_, trace.t_[later])
    np.testing.assert_array_equal(values.v_, trace.v_[[3, 7]][:, later])
    session.take_along()  # a run that is over has nothing to take along
    assert session.status == "finished"


LEFT_RUNNING = """
import atexit
atexit.register(lambda: print(session.status, bool(session.time == float(neurons.t))))
from jupyspike import Network, NeuronGroup, ms, second
from jupyspike_engine.objects.running.live import open_session

neurons = NeuronGroup(1000, 'dv/dt = -v/(10*ms) : 1')
session = open_session(Network(neurons), 1e6*second)
session.play()
while not session.time:
    pass
"""


def test_a_run_that_goes_on_when_python_ends_is_stopped_first():
    ended = subprocess.run([sys.executable, "-c", LEFT_RUNNING], capture_output=True, text=True, check=True)
    assert ended.stdout == "stopped True\n"
