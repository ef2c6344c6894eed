"""Signals while a network runs: their handlers are called soon, and whatever they do leaves whole steps."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    load_recording,
    ms,
    network_operation,
    prefs,
    second,
    seed,
)
from jupyspike_engine.objects.running.live import open_session
from jupyspike_engine.objects.running.network import running_networks

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="there are no such signals"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded, use of fork:DeprecationWarning"),
]


@contextmanager
def handled(number: int, handler):
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(number, before)


def noisy() -> Network:
    """Neurons with noise and delays: all comes out otherwise if a step is done by half, twice or not at all."""
    seed(3)
    group = NeuronGroup(
        200, "dv/dt = (1.1 - v)/(10*ms) + 0.3*xi/sqrt(10*ms) : 1", threshold="v > 1", reset="v = 0", method="euler",
        name="noisy",
    )  # fmt: skip
    synapses = Synapses(group, group, on_pre="v_post += 0.01", delay=2 * ms, name="coupling")
    synapses.connect(p=0.1)
    return Network(group, synapses, SpikeMonitor(group, name="spikes"), StateMonitor(group, "v", True, name="trace"))


def recorded(net: Network) -> list:
    return [net["spikes"].t_.copy(), net["spikes"].i.copy(), net["trace"].t_.copy(), net["trace"].v.copy()]


def undisturbed(duration) -> list:
    net = noisy()
    net.run(duration)
    return recorded(net)


def same(found: list, expected: list) -> bool:
    """Whether the bits are the same."""
    return all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


class TooLongError(Exception):
    """What the handler of an alarm raises."""


def too_long(number, frame):
    raise TooLongError


# Before the first step handlers are called at any time, and Python itself may have just opened a file.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("threads", [1, 2])
def test_runs_ended_by_handlers_at_any_time_go_on_as_if_nothing_had_been(target, threads):
    prefs.engine.threads = threads
    net, waits = noisy(), random.Random(1)
    net.run(0 * ms)
    with handled(signal.SIGALRM, too_long):
        for _ in range(30):
            with pytest.raises(TooLongError):
                try:  # once more if Python was in the middle of something that may not fail, and went on
                    signal.setitimer(signal.ITIMER_REAL, waits.uniform(1e-5, 5e-3), 0.2)
                    net.run(1000 * second)
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
    found, end = recorded(net), net.t
    del net
    assert end > 0 * ms
    assert same(found, undisturbed(end))


def test_runs_that_are_interrupted_again_and_again_give_the_same_bits(target, capsys):
    prefs.engine.threads = 2
    net, waits = noisy(), random.Random(2)
    net.run(0 * ms)

    def interrupt_once():
        while not running_networks():
            time.sleep(1e-4)
        time.sleep(waits.uniform(0, 5e-3))
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    for _ in range(10):
        interrupting = threading.Thread(target=interrupt_once)
        interrupting.start()
        net.run(1000 * second)
        interrupting.join()
    assert capsys.readouterr().err.count("Interrupted at t = ") == 10
    found, end = recorded(net), net.t
    del net
    assert same(found, undisturbed(end))


def test_a_timer_calls_its_handler_again_and_again_at_borders_of_steps(target):
    prefs.engine.threads = 2
    net, positions = noisy(), []
    net.run(0 * ms)

    def look(number, frame):
        positions.append(net.last.simulation.memory.position)
        if len(positions) == 20:
            net.stop()

    with handled(signal.SIGALRM, look):
        began = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
        net.run(1000 * second)
        took = time.monotonic() - began
    assert len(positions) >= 20 and set(positions) == {0}
    assert took < 5
    assert len(net["trace"].t) == round(net.t_ / 1e-4)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGCHLD, signal.SIGUSR1])
def test_a_signal_of_another_process_is_handled_soon(target, number):
    net, came = noisy(), []
    net.run(0 * ms)
    send = "" if number == signal.SIGCHLD else f"import os; os.kill({os.getpid()}, {int(number)})"
    send = f"import time; time.sleep(0.2)\n{send}"

    def handle(number, frame):
        came.append(time.monotonic())
        net.stop()

    with handled(number, handle), subprocess.Popen([sys.executable, "-S", "-c", send]) as sender:
        net.run(1000 * second)
        sender.wait()
    assert len(came) >= 1
    assert len(net["trace"].t) == round(net.t_ / 1e-4)


def test_an_alarm_ends_what_the_user_wrote_in_python_and_the_step_comes_to_its_end(target):
    group = NeuronGroup(1, "dv/dt = 1/ms : 1")
    trace = StateMonitor(group, "v", record=True, when="end")

    @network_operation(when="start", dt=1 * ms)
    def hangs_at_5_ms(t):
        if round(t / ms, 6) == 5 and not ended:
            time.sleep(100)

    net, ended = Network(group, trace, hangs_at_5_ms), []
    net.run(1 * ms)
    with handled(signal.SIGALRM, too_long):
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(TooLongError):
            net.run(9 * ms)
    ended.append(True)
    assert round(net.t / ms, 6) == 5.1 and len(trace.t) == 51
    net.run(1 * ms)
    np.testing.assert_allclose(trace.v[0], 0.1 * np.arange(1, 62))


def test_handlers_are_those_of_before_when_a_run_is_over(target):
    group = NeuronGroup(1, "dv/dt = 1/ms : 1")

    @network_operation(dt=1 * ms)
    def sets_its_own(t):
        signal.signal(signal.SIGUSR2, too_long)

    with handled(signal.SIGUSR1, too_long), handled(signal.SIGUSR2, print), handled(signal.SIGHUP, signal.SIG_IGN):
        before = {number: signal.getsignal(number) for number in signal.valid_signals()}
        Network(group, sets_its_own).run(2 * ms)
        after = {number: signal.getsignal(number) for number in signal.valid_signals()}
    assert {number for number in before if before[number] != after[number]} == {signal.SIGUSR2}
    assert after[signal.SIGUSR2] is too_long


def test_interrupts_that_are_ignored_stay_so(target):
    net = noisy()

    def report(elapsed, completed, start, duration):
        signal.raise_signal(signal.SIGINT)

    with handled(signal.SIGINT, signal.SIG_IGN):
        net.run(5 * ms, report=report)
    assert round(net.t / ms, 6) == 5


TERMINATED = """
import atexit, signal, sys
from jupyspike import *
prefs.codegen.target = 'cpp'
group = NeuronGroup(300, 'dv/dt = 1/second : 1', method='euler')
trace = StateMonitor(group, 'v', record=True, to=sys.argv[1])
atexit.register(lambda: print(round(magic_network.t/defaultclock.dt), len(trace.t), flush=True))
if sys.argv[2] == 'handled':
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(7))
run(1*ms)
print('ready', flush=True)
run(10000*second)
"""


@pytest.mark.parametrize("how", ["handled", "not handled"])
def test_a_process_that_is_terminated_ends_soon(tmp_path, how):
    with subprocess.Popen(
        [sys.executable, "-c", TERMINATED, str(tmp_path / "trace"), how], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.1)
        began = time.monotonic()
        process.terminate()
        said = process.communicate(timeout=20)[0]
    assert time.monotonic() - began < 5
    if how == "handled":
        steps, rows = map(int, said.split())
        assert process.returncode == 7 and steps == rows > 10
    else:
        assert process.returncode == -signal.SIGTERM
    trace = load_recording(tmp_path / "trace")
    np.testing.assert_allclose(trace.v[0], trace.t_, atol=1e-9)


# processes that are forked


def forked(function):
    """What a function returns in a forked process; an error if that does not end."""
    here, there = multiprocessing.get_context("fork").Pipe()
    process = os.fork()
    if process == 0:
        try:
            there.send(function())
        finally:
            os._exit(0)
    try:
        assert here.poll(30), "the forked process does not end"
        return here.recv()
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def test_a_forked_process_goes_on_with_threads_as_the_first_one_does():
    prefs.codegen.target, prefs.engine.threads = "cpp", 2
    net = noisy()
    net.run(50 * ms)

    def goes_on():
        net.run(50 * ms)
        return recorded(net)

    assert same(forked(goes_on), goes_on())


def test_a_process_forked_in_the_middle_of_a_run_goes_on_by_itself():
    prefs.codegen.target, prefs.engine.threads = "cpp", 2
    net, found = noisy(), []
    here, there = multiprocessing.get_context("fork").Pipe()
    children = []

    @network_operation(dt=10 * ms)
    def splits(t):
        if round(t / ms) == 20:
            children.append(os.fork())

    net.add(splits)
    try:
        net.run(50 * ms)
    finally:
        if children == [0]:
            there.send(recorded(net))
            os._exit(0)
    assert here.poll(30)
    found = here.recv()
    os.waitpid(children[0], 0)
    assert same(found, recorded(net))


def test_a_process_forked_while_a_network_runs_live_is_told_that_it_runs_elsewhere():
    prefs.codegen.target = "cpp"
    net = noisy()
    live = open_session(net, 1000 * second)
    live.play()

    def tries():
        try:
            net.run(1 * ms)
        except ArgumentError as error:
            return str(error)

    try:
        assert "live run of this network goes on in the process that this one was forked from" in forked(tries)
    finally:
        live.stop()
    net.run(1 * ms)
