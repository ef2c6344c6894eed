"""Variables that are written to while a live run goes on: at the border of a step, and again when it is repeated."""

import threading
import time

import numpy as np
import pytest

from jupyspike import (
    Hz,
    Network,
    NetworkOperation,
    NeuronGroup,
    PoissonInput,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    ms,
    prefs,
    second,
    seed,
)
from jupyspike_engine.objects.running.live import open_session, replay_live

PATIENCE = 30.0


def network():
    """Noisy neurons whose time constant can be moved, with synapses."""
    seed(61)
    group = NeuronGroup(
        20, "dv/dt = (1.2 + g - v)/tau + 0.1*xi/sqrt(tau) : 1 (unless refractory)\ndg/dt = -g/(5*ms) : 1",
        threshold="v > 1", reset="v = 0", refractory=1 * ms, namespace={"tau": 10 * ms}, name="written_to",
    )  # fmt: skip
    group.v = "rand()"
    synapses = Synapses(group, group, on_pre="g += 0.02", delay=0.5 * ms, name="written_synapses")
    synapses.connect(p=0.3)
    spikes, trace = SpikeMonitor(group), StateMonitor(group, ["v", "g"], record=True)
    return Network(group, synapses, spikes, trace), group, spikes, trace


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.001)


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


def course_of(session):
    moves = [(move.step, move.name, move.value, move.places) for move in session.course]
    return [move[: 3 if move[3] is None else 4] for move in moves]


def test_a_session_that_was_written_to_is_repeated_bit_for_bit(target, opened):
    net, group, spikes, trace = network()
    session = opened(net, 1000 * second)
    session.play()
    for write in (
        lambda: setattr(group, "v", 0.5),
        lambda: group.v.__setitem__(slice(3, 6), "rand()"),
        lambda: setattr(group[5:], "lastspike", group.t - 0.5 * ms),
        lambda: session.set("written_to.tau", 7e-3),
        lambda: group.v.__setitem__("v > 0.9", [0.1]),
        lambda: group.set_states({"v": np.linspace(0, 0.9, 20), "g": np.full(20, 0.25)}, units=False),
    ):
        before = session.time
        wait_until(lambda: session.time > before + 1e-3)  # noqa: B023  # called at once
        write()
    before = session.time
    wait_until(lambda: session.time > before + 5e-3)
    session.stop()
    assert len([move for move in session.course if move.name == "written_to.v"]) >= 3
    again, group_again, spikes_again, trace_again = network()
    replay_live(again, net.t, course_of(session), {})
    np.testing.assert_array_equal(spikes_again.t_, spikes.t_)
    np.testing.assert_array_equal(trace_again.v, trace.v)
    np.testing.assert_array_equal(group_again.v[:], group.v[:])
    third, *_, trace_third = network()
    third.replay(net.t, session.log)
    np.testing.assert_array_equal(trace_third.v, trace.v)


def test_what_is_written_is_there_at_once_and_nobody_writes_within_a_step(opened):
    """What a step reads at its beginning is still there at its end."""
    prefs.codegen.target = "numpy"
    group = NeuronGroup(10, "b : 1\nfirst : 1\nlast : 1", name="read_twice")
    group.run_regularly("first = b", when="start")
    group.run_regularly("last = b", when="resets")
    trace = StateMonitor(group, ["first", "last"], record=[0], when="end")
    session = opened(Network(group, trace))
    session.play()
    for k in range(60):
        group.b = k
        time.sleep(2e-3)
        assert (group.b[:] == k).all()
    session.pause()
    group.b[5] = 777
    assert group.b[5] == 777 and session.course[-1].places == range(5, 6)
    session.stop()
    assert len(session.course) > 10 and len(trace.t) > 10
    np.testing.assert_array_equal(trace.first, trace.last)


def test_the_worker_is_not_held_by_what_is_simulated(opened):
    """An operation writes in its step as in any run, and no log repeats it."""
    group = NeuronGroup(1, "v : 1", name="operated")
    operation = NetworkOperation(lambda t: setattr(group, "v", t / ms), dt=1 * ms)
    session = opened(Network(group, operation), 10 * ms)
    session.play()
    assert session.wait(PATIENCE) and session.error is None
    assert session.course == () and group.v[0] == pytest.approx(9)


def test_back_at_the_start_what_was_written_is_forgotten(opened):
    net, group, spikes, _ = network()
    session = opened(net, 30 * ms)
    session.run_for(10e-3)
    wait_until(lambda: session.status == "paused")
    group.v = 0.99
    assert session.course
    session.reset()
    assert session.course == ()
    session.play()
    assert session.wait(PATIENCE)
    plain, _, expected, _ = network()
    plain.run(30 * ms)
    np.testing.assert_array_equal(spikes.t_, expected.t_)


def test_factors_go_on_from_what_was_written(opened):
    source = NeuronGroup(4, "v : 1", threshold="v > 1", name="factored")
    synapses = Synapses(source, source, "w : 1", on_pre="v_post += w", name="weighted")
    synapses.connect(j="i")
    synapses.w = [1, 2, 3, 4]
    session = opened(Network(source, synapses))
    session.play()
    session.set("weighted.w", 2)
    wait_until(lambda: synapses.w[3] == 8)
    synapses.w = 5
    session.set("weighted.w", 4)
    wait_until(lambda: (synapses.w[:] == 10).all())


def test_a_variable_that_a_slider_moves_is_moved(opened):
    group = NeuronGroup(3, "dv/dt = I/ms : 1\nI : 1", name="driven")
    session = opened(Network(group))
    session.play()
    group.I = 3
    wait_until(lambda: session.moved == {"driven.I": 3.0})
    assert session.course[-1].places is None


def test_values_that_are_no_part_of_the_run_stay_out_of_it_when_it_takes_something_along(opened):
    """Names of the notebook, and rates of inputs, mean during a run what they meant when it began."""
    group = NeuronGroup(1, "dv/dt = drive/second : 1", name="undisturbed", method="exact")
    background = PoissonInput(group, "v", 1, 0 * Hz, 1)
    names = {"drive": 1.0}
    session = opened(Network(group, background), 1000 * second, namespace=names)
    session.run_for(0.01)
    wait_until(lambda: session.status == "paused")
    names["drive"], background.rate = 50.0, 1e4 * Hz
    session.take_along()
    session.run_for(0.01)
    wait_until(lambda: session.status == "paused" and session.time > 0.0199)
    with session.held():
        assert group.v[0] == pytest.approx(0.02)


def test_many_may_write_at_the_same_time(opened):
    group = NeuronGroup(10, "dv/dt = -v/second : 1\nb : 1", name="shared_by_many")
    session = opened(Network(group))
    session.play()

    def write(k):
        for _ in range(10):
            group.b[k] += 1

    writers = [threading.Thread(target=write, args=(k,)) for k in range(5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(PATIENCE)
    assert group.b[:].tolist() == [10.0] * 5 + [0.0] * 5
    session.stop()
