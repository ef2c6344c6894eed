"""Going back to the start of a live session, running for a time, and moving what is not a constant."""

import gc
import threading
import time
import weakref

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    DimensionMismatchError,
    Hz,
    Network,
    NetworkOperation,
    NeuronGroup,
    PoissonGroup,
    PoissonInput,
    PopulationRateMonitor,
    Slider,
    SpikeMonitor,
    SpikeTriggeredAverage,
    StateMonitor,
    Synapses,
    ms,
    mV,
    prefs,
    second,
    seed,
)  # fmt: skip
from jupyspike_engine.objects.running.live import open_session, replay_live
from jupyspike_engine.simulation.simulation import Simulation

PATIENCE = 20.0


def network():
    """Noisy neurons with inputs, plastic and other synapses, and a drive they share."""
    seed(7)
    tau = 10 * ms
    group = NeuronGroup(
        20, "dv/dt = (I - v)/tau + 0.1*xi/sqrt(tau) : 1\nI : 1 (shared)\ngain : 1", threshold="v > 1", reset="v = 0",
        refractory=1 * ms, namespace={"tau": tau}, name="again_group",
    )  # fmt: skip
    group.v, group.I, group.gain = "rand()", 1.2, "1 + i"
    inputs = PoissonGroup(10, 50 * Hz, name="again_inputs")
    synapses = Synapses(
        inputs, group, "w : 1\nu : 1", on_pre="v_post += w*gain_post/10; u += 0.1", name="again_synapses"
    )
    synapses.connect()
    synapses.w = 0.02
    background = PoissonInput(group, "v", 10, 100 * Hz, 0.01, name="again_background")
    spikes = SpikeMonitor(group, name="again_spikes")
    return Network(group, inputs, synapses, background, spikes), spikes


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.001)


def finish(session):
    session.play()
    assert session.wait(PATIENCE)
    assert (session.status, session.error) == ("finished", None)


@pytest.fixture
def opened():
    sessions = []

    def open_one(net, duration=80 * ms, **arguments):
        sessions.append(open_session(net, duration, **arguments))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.stop()


def test_a_run_that_has_ended_is_the_same_again_from_its_start(target, opened):
    net, spikes = network()
    net.run(20 * ms)
    session = opened(net)
    finish(session)
    first = spikes.t_.copy(), spikes.i[:].copy(), net.t_
    session.reset()
    assert (session.status, session.time, net.t_) == ("paused", 0, 0.02)
    assert spikes.t_.max() < 0.02  # what was recorded before the session is kept
    finish(session)
    np.testing.assert_array_equal(spikes.t_, first[0])
    np.testing.assert_array_equal(spikes.i, first[1])
    assert net.t_ == first[2]


def test_a_run_under_way_and_a_stopped_one_go_back_too(opened):
    net, spikes = network()
    session = opened(net)
    finish(session)
    expected = spikes.t_.copy()
    session.reset()
    session.speed = 0.1
    session.play()
    wait_until(lambda: session.time > 1e-3)
    session.reset()
    assert (session.status, session.time) == ("paused", 0)
    session.step()
    session.stop()
    assert session.status == "stopped"
    session.reset()
    session.speed = None
    finish(session)
    np.testing.assert_array_equal(spikes.t_, expected)


def test_the_start_of_a_run_is_let_go_when_another_begins(opened):
    """Else each run of a notebook would leave a copy of the network behind."""
    net, _ = network()
    first = opened(net)
    finish(first)
    starts = [weakref.ref(first._again)]
    second_run = opened(net)
    finish(second_run)
    starts.append(weakref.ref(second_run._again))
    gc.collect()
    assert [start() is None for start in starts] == [True, False]
    with pytest.raises(ArgumentError, match="another run has begun"):
        first.reset()
    second_run.reset()
    assert second_run.status == "paused"


def test_what_a_run_has_recorded_after_a_session_is_not_taken_back_with_it(opened):
    net, spikes = network()
    session = opened(net)
    finish(session)
    net.run(20 * ms)
    recorded = spikes.t_.copy()
    with pytest.raises(ArgumentError, match="another run has begun"):
        session.reset()
    assert session.status == "finished" and net.t_ == pytest.approx(0.1)
    np.testing.assert_array_equal(spikes.t_, recorded)


def test_it_goes_back_also_when_other_monitors_have_been_added_or_removed(opened):
    net, spikes = network()
    early = PopulationRateMonitor(net["again_group"], name="again_early")
    net.add(early)
    session = opened(net)
    finish(session)
    expected = spikes.t_.copy()
    net.remove(early)
    later = StateMonitor(net["again_group"], "v", 0, name="again_later"), net["again_group"][:5]
    average = SpikeTriggeredAverage(net["again_group"], net["again_inputs"], window=2 * ms, name="again_average")
    net.add(*later, average)
    session.reset()
    assert (session.error, session.status, net.t_) == (None, "paused", 0)
    finish(session)
    np.testing.assert_array_equal(spikes.t_, expected)
    np.testing.assert_allclose(later[0].t_, np.arange(800) * 1e-4)
    late = spikes.i[:][spikes.t_ > 1.95e-3]  # whose window lies in the run
    assert average.num_spikes.tolist() == np.bincount(late, minlength=20).tolist()


def test_it_does_not_go_back_to_the_start_of_other_neurons(opened):
    net, _ = network()
    session = opened(net, 1 * ms)
    finish(session)
    net.add(NeuronGroup(1, "x : 1", name="again_other"))
    session.reset()
    assert session.status == "failed" and "again_other" in str(session.error)


def test_what_was_moved_stays_from_the_start_on_or_goes_back_too(opened):
    net, spikes = network()
    group = net["again_group"]
    session = opened(net)
    finish(session)
    expected = spikes.t_.copy()
    session.reset()
    session.set("again_group.tau", 20e-3)
    session.step()
    wait_until(lambda: session.time > 0)
    session.reset()
    assert session.moved == {"again_group.tau": 20e-3}
    assert [change.step for change in session.log] == [0]
    finish(session)
    slower = spikes.t_.copy()
    assert not np.array_equal(slower, expected)
    session.reset(values_too=True)
    assert session.moved == {} and group.namespace["tau"] == 10 * ms
    finish(session)
    np.testing.assert_array_equal(spikes.t_, expected)


def test_run_for_pauses_at_that_time(target, opened):
    net, _ = network()
    net.run(20 * ms)
    session = opened(net, 1000 * second)
    session.run_for(5e-3)
    wait_until(lambda: session.status == "paused")
    assert session.time == pytest.approx(5e-3, abs=1e-9)
    session.speed = 1.0
    session.run_for(2.5e-3)
    wait_until(lambda: session.status == "paused")
    assert session.time == pytest.approx(7.5e-3, abs=1e-9)
    begun = session.time
    for steps in range(1, 20):
        session.run_for(steps * 1e-4)
        wait_until(lambda: session.status == "paused")
        begun += steps * 1e-4
        assert session.time == pytest.approx(begun, abs=1e-9)  # not a step more
    for none in (0, -1.0, np.inf, np.nan):
        with pytest.raises(ArgumentError, match="a time above zero"):
            session.run_for(none)


def test_play_lets_a_run_go_on_that_was_to_pause_at_a_time(opened):
    net, _ = network()
    session = opened(net, 30 * ms)
    session.run_for(10e-3)
    finish(session)
    assert net.t_ == pytest.approx(0.03)


def test_steps_that_were_asked_for_are_not_made_after_going_back(opened):
    net, _ = network()
    session = opened(net, 1000 * second)
    for _ in range(3000):
        session.step()
    session.reset()
    time.sleep(0.1)
    assert (session.status, session.time) == ("paused", 0)


def test_an_error_is_told_until_the_run_begins_again(opened):
    net, spikes = network()
    trouble = [True]

    def fail(t):
        if trouble and t > 10 * ms:
            raise OSError("no paper")

    net.add(NetworkOperation(fail, name="again_fails"))
    session = opened(net)
    session.play()
    assert session.wait(PATIENCE)
    assert session.status == "failed" and "the run ended by an error: OSError('no paper')" in str(session.error)
    assert spikes.t_.max() < 11e-3
    trouble.clear()
    session.reset()
    assert (session.status, session.error) == ("paused", None)
    finish(session)


def test_what_is_moved_at_the_moment_of_going_back_goes_back_too(opened, monkeypatch):
    net, _ = network()
    session = opened(net, sliders=[Slider("tau", 1 * ms, 50 * ms)])
    under_way, change = threading.Event(), Simulation.change

    def slowly(*of_what):
        under_way.set()
        time.sleep(0.05)
        change(*of_what)

    monkeypatch.setattr(Simulation, "change", slowly)
    session.step()
    session.set("tau", 20e-3)
    assert under_way.wait(PATIENCE)
    session.set("tau", 30e-3)
    session.reset(values_too=True)
    assert (session.moved, session.course, net.moves) == ({}, (), [])
    assert net["again_group"].namespace["tau"] == 10 * ms


MOVES = {
    "I": 2.0,  # shared
    "again_group.gain": 1.5,  # a factor: the values differ
    "w": 0.05,  # equal weights
    "rates": 200.0,
    "again_background.rate": 300.0,
    "again_background.weight": 0.02,
    "again_group.refractory": 15e-3,
    "tau": 12e-3,
}


@pytest.mark.parametrize("name", MOVES)
def test_what_is_an_argument_of_the_program_can_be_moved(opened, name):
    prefs.codegen.target = "cpp"
    bounds = {"rates": 1 * Hz, "rate": 1 * Hz, "tau": 1 * ms, "refractory": 1 * ms}.get(name.split(".")[-1], 1)
    net, spikes = network()
    session = opened(net, sliders=[Slider(name, 1e-3 * bounds, 1000 * bounds)])
    session.run_for(20e-3)
    wait_until(lambda: session.status == "paused")
    session.set(name, MOVES[name])
    finish(session)
    unmoved, other_spikes = network()
    unmoved.run(80 * ms)
    assert not np.array_equal(other_spikes.t_, spikes.t_)


def test_all_that_can_be_moved_is_replayed(target, opened):
    net, spikes = network()
    session = opened(net, sliders=[Slider("tau", 1 * ms, 50 * ms), Slider("w", 0, 1), Slider("I", 0, 3)])
    for k, (name, value) in enumerate(MOVES.items(), 1):
        session.run_for(5e-3)
        wait_until(lambda: session.status == "paused")
        session.set({"rates": "again_inputs.rates"}.get(name, name), value)
        wait_until(lambda number=k: len(net.moves) == number)
    finish(session)
    again, same_spikes = network()
    again.replay(80 * ms, session.log)
    np.testing.assert_array_equal(same_spikes.t_, spikes.t_)
    np.testing.assert_array_equal(same_spikes.i, spikes.i)


def test_a_delay_is_moved_between_two_steps_and_what_is_on_its_way_arrives(target, opened):
    net, spikes = network()
    net["again_synapses"].pre.delay = 2 * ms
    session = opened(net, sliders=[Slider("again_synapses.delay", 0 * ms, 10 * ms)])
    moves = [("again_group.tau", 8e-3), ("again_group.gain", 1.5), ("again_synapses.delay", 7e-3)]
    moves += [("again_group.tau", 12e-3), ("again_group.gain", 0.7)]
    for k, (name, value) in enumerate(moves, 1):
        session.run_for(10e-3)
        wait_until(lambda: session.status == "paused")
        session.set(name, value)
        wait_until(lambda number=k: len(net.moves) == number)
    finish(session)
    assert net["again_synapses"].pre.delays_ == 7e-3 and net.t_ == pytest.approx(0.08)
    np.testing.assert_allclose(net["again_group"].gain, 0.7 * np.arange(1, 21))
    assert [change.step for change in session.log] == [100, 200, 400, 500]  # of the delay in none: a run ended there
    steps = [(move.step, move.name, move.value) for move in session.course]
    again, same_spikes = network()
    again["again_synapses"].pre.delay = 2 * ms
    replay_live(again, 80 * ms, steps, {})
    assert again["again_group"].namespace["tau"] == 12 * ms  # for further runs
    np.testing.assert_array_equal(same_spikes.t_, spikes.t_)
    np.testing.assert_array_equal(same_spikes.i, spikes.i)
    unmoved, other_spikes = network()
    unmoved["again_synapses"].pre.delay = 2 * ms
    replay_live(unmoved, 80 * ms, [one for one in steps if "delay" not in one[1]], {})
    assert not np.array_equal(other_spikes.t_, spikes.t_)
    session.reset(values_too=True)
    assert net["again_synapses"].pre.delays_ == 2e-3
    assert (session.log, session.course, net.moves) == ((), (), [])


@pytest.mark.parametrize("moved", [True, False])
def test_a_run_that_has_gone_on_in_another_one_is_still_waited_for(opened, moved):
    net, _ = network()
    session = opened(net, sliders=[Slider("again_synapses.delay", 0 * ms, 10 * ms)])
    session.run_for(10e-3)
    wait_until(lambda: session.status == "paused")
    if moved:
        session.set("again_synapses.delay", 3e-3)
        wait_until(lambda: len(net.moves) == 1)
    with pytest.raises(ArgumentError, match="a live run of this network is paused"):
        net.run(1 * ms)
    session.play()
    net.run(1 * ms)
    assert session.status == "finished" and net.t_ == pytest.approx(0.081)


def with_own_delays(delays):
    """The network, with plastic weights that differ and delays that do."""
    net, spikes = network()
    synapses = net["again_synapses"]
    synapses.w = "0.01 + 0.02*rand()"
    synapses.pre.delay = delays
    return net, spikes, synapses.pre


@pytest.mark.parametrize("code, delays", [("numpy", "(i % 3)*ms"), ("cpp", "(i % 3)*ms"), ("cpp", "rand()*3*ms")])
def test_a_factor_of_delays_that_differ_is_moved_and_replayed(opened, code, delays):
    prefs.codegen.target = code
    net, spikes, path = with_own_delays(delays)
    first = path.delay[:]
    session = opened(net, 40 * ms, sliders=[Slider("again_synapses.delay", 0, 10)])
    moves = [("again_synapses.delay", 3.0), ("again_group.tau", 8e-3), ("again_synapses.delay", 0.3)]
    moves += [("again_synapses.delay", 0.0), ("again_synapses.delay", 1.7)]
    for k, (name, value) in enumerate(moves, 1):
        session.run_for(5e-3)
        wait_until(lambda: session.status == "paused")
        session.set(name, value)
        wait_until(lambda number=k: len(net.moves) == number)
    finish(session)
    np.testing.assert_array_equal(path.delay[:], first * 1.7)
    other, run_spikes, run_path = with_own_delays(delays)  # the same by hand, in several runs
    for name, value in moves:
        other.run(5 * ms)
        if name == "again_group.tau":
            other["again_group"].namespace["tau"] = value * second
        else:
            run_path.delay = first * value
    other.run(40 * ms - other.t)
    again, same_spikes, same_path = with_own_delays(delays)
    replay_live(again, 40 * ms, [(move.step, move.name, move.value) for move in session.course], {})
    for one in (run_spikes, same_spikes):
        np.testing.assert_array_equal(one.t_, spikes.t_)
        np.testing.assert_array_equal(one.i, spikes.i)
    np.testing.assert_array_equal(same_path.delay[:], path.delay[:])
    unmoved, other_spikes, _ = with_own_delays(delays)
    unmoved.run(40 * ms)
    assert not np.array_equal(other_spikes.t_, spikes.t_)
    session.reset(values_too=True)
    np.testing.assert_array_equal(path.delay[:], first)
    finish(session)
    np.testing.assert_array_equal(spikes.t_, other_spikes.t_)


def test_the_factor_multiplies_delays_that_were_written_meanwhile(opened):
    net, _, path = with_own_delays("(i % 3)*ms")
    session = opened(net, sliders=[Slider("again_synapses.delay", 0, 10)])
    path.delay["j < 5"] = 7 * ms
    written = path.delay[:]
    session.set("again_synapses.delay", 2.0)
    finish(session)
    np.testing.assert_array_equal(path.delay[:], written * 2)


def test_bounds_of_what_differs_are_bounds_of_a_factor(opened):
    net, _, _ = with_own_delays("rand()*3*ms")
    for name, unit in (("again_synapses.delay", ms), ("again_group.gain", mV)):
        with pytest.raises(DimensionMismatchError, match="its values differ") as error:
            open_session(net, 1 * ms, sliders=[Slider(name, 0 * unit, 2 * unit)])
        assert f"as in Slider('{name}', 0.5, 2)" in str(error.value)
    session = opened(net, sliders=[Slider("again_synapses.delay", -1, 2)])
    session.set("again_synapses.delay", -1)
    session.play()
    assert session.wait(PATIENCE)
    assert "can be multiplied by zero or more" in str(session.error) and "-1" in str(session.error)


def test_a_name_stands_for_all_objects_that_have_it_if_they_agree(opened):
    one = NeuronGroup(1, "dv/dt = -v/tau : volt", namespace={"tau": 5 * ms}, name="again_one")
    two = NeuronGroup(1, "dv/dt = -v/tau : volt", namespace={"tau": 5 * ms}, name="again_two")
    one.v = two.v = 10 * mV
    net = Network(one, two)
    session = opened(net, sliders=[Slider("tau", 1 * ms, 50 * ms, log=True)])
    session.set("tau", 40e-3)
    finish(session)
    assert one.namespace["tau"] == two.namespace["tau"] == 40 * ms
    np.testing.assert_allclose([one.v[0] / mV, two.v[0] / mV], 10 * np.exp(-2))
    two.namespace["tau"] = 9 * ms
    with pytest.raises(ArgumentError, match="'tau' has different values") as error:
        open_session(net, 1 * ms, sliders=[Slider("tau", 1 * ms, 50 * ms)])
    assert "'again_one.tau'" in str(error.value)


def test_what_cannot_be_moved_is_told(opened):
    net, _ = network()
    with pytest.raises(ArgumentError, match=r"'again_synapses\.u' that can be moved"):
        open_session(net, 1 * ms, sliders=[Slider("again_synapses.u", 0, 1)])
    with pytest.raises(ArgumentError, match="not logarithmic"):
        open_session(net, 1 * ms, sliders=[Slider("I", 0, 2, log=True)])


def test_a_constant_of_the_notebook_moves_and_the_notebook_s_stays(opened):
    rest = -70 * mV
    group = NeuronGroup(1, "dv/dt = (rest - v)/(1*ms) : volt", name="again_outside", method="euler")
    net = Network(group)
    session = opened(net, 50 * ms, namespace={"rest": rest}, sliders=[Slider("rest", -80 * mV, -60 * mV)])
    session.set("rest", -65e-3)
    finish(session)
    assert group.v[0] / mV == pytest.approx(-65) and rest == -70 * mV
