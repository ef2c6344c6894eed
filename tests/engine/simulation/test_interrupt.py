"""Ctrl+C and the stop button: the time step ends, what was recorded is kept, and the run can go on."""

import inspect
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import nullcontext, suppress
from pathlib import Path

import numpy as np
import pytest

from jupyspike import Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses, ms, prefs, second
from jupyspike_engine.objects.running import network as running
from jupyspike_engine.simulation import simulation

SCRIPT = """
import sys, time
from jupyspike import *
prefs.codegen.target = sys.argv[1]
size = int(sys.argv[2])
group = NeuronGroup(size, 'dv/dt = (1.5 - v)/(10*ms) : 1', threshold='v > 1', reset='v = 0', name='group')
group.v = 'rand()'
synapses = Synapses(group, group, on_pre='v += 1e-6', delay=1*ms)
synapses.connect(p=0.1)
trace, spikes = StateMonitor(group, 'v', record=[0]), SpikeMonitor(group)
run(0*ms)
print('ready', flush=True)
run(10000*second)
print(time.perf_counter(), flush=True)
first, samples = magic_network.t, len(trace.t)
assert samples == round(first/defaultclock.dt) > 0, (samples, first)
assert spikes.num_spikes == len(spikes.t) and spikes.t_.max() < float(first)
run(1*ms)
assert len(trace.t) == samples + 10
print('went on', flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals cannot be sent to another process there")
@pytest.mark.parametrize(("target", "size"), [("numpy", 300), ("cpp", 300), ("cpp", 2000), ("cython", 300)])
def test_an_interrupt_ends_the_step_keeps_the_recordings_and_lets_the_run_go_on(target, size, record_property):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, target, str(size)],
        env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    sent = time.perf_counter()  # the clock of the whole machine, on systems with such signals
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    returned, went_on = out.splitlines()
    assert went_on == "went on"
    assert "Interrupted at t = " in err and "everything recorded until then is kept" in err
    latency = float(returned) - sent
    record_property("latency_in_seconds", latency)
    print(f"{target}, {size} neurons: run() returned {latency * 1e3:.0f} ms after the interrupt")
    assert latency < 1.0


def growing():
    group = NeuronGroup(1, "dv/dt = 1/second : 1", threshold="True")
    trace = StateMonitor(group, "v", record=0)
    return Network(group, trace, SpikeMonitor(group)), group, trace


def interrupted_by(network, *, times, error=None):
    """Runs with interrupts, or an error of the report function, that come when the simulation is under way."""

    seen = []

    def report(elapsed, completed, start, duration):
        if 0 < completed < 1 and not seen:
            seen.append(completed)
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
            if error is not None:
                raise error

    before = signal.getsignal(signal.SIGINT)
    try:
        network.run(1000 * second, report=report, report_period=1e-9 * second)
    finally:
        assert signal.getsignal(signal.SIGINT) is before


def goes_on(network, group, trace):
    """Time, state and recordings fit together, and stay so."""
    for _ in range(2):
        steps = round(network.t_ / 1e-4)
        assert len(trace.t) == steps > 0
        np.testing.assert_allclose(group.v[0], network.t_, rtol=1e-9)
        network.run(1 * ms)


def test_the_first_interrupt_returns(target, capsys):
    network, group, trace = growing()
    interrupted_by(network, times=1)
    assert "Interrupted at t = " in capsys.readouterr().err
    goes_on(network, group, trace)


def test_the_second_interrupt_raises(target):
    network, group, trace = growing()
    with pytest.raises(KeyboardInterrupt):
        interrupted_by(network, times=2)
    goes_on(network, group, trace)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_interrupts_do_not_tear_apart_where_a_network_stands(target, monkeypatch, capsys, times):
    """However many come while a run is finished: spikes on their way arrive when it goes on."""
    sources = NeuronGroup(1, "dv/dt = 1/(3*ms) : 1", threshold="v > 1", reset="v = 0", method="euler")
    reached = NeuronGroup(1, "x : 1")
    delayed = Synapses(sources, reached, on_pre="x += 1", delay=5 * ms)
    delayed.connect()
    network, left_over = Network(sources, reached, delayed), running.left_over

    def interrupted(*arguments):
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        return left_over(*arguments)

    monkeypatch.setattr(running, "left_over", interrupted)
    with nullcontext() if times == 1 else pytest.raises(KeyboardInterrupt):
        network.run(4 * ms)
        assert "Interrupted at t = 4. ms" in capsys.readouterr().err
    monkeypatch.undo()
    assert (network.t_, sources.clock.t_, reached.x[0]) == (pytest.approx(4e-3), network.t_, 0)
    network.run(5 * ms)
    assert reached.x[0] == 1


RUNNING = str(Path(running.__file__).parent), simulation.__file__
TURN = inspect.unwrap(Network.turn).__code__  # Python looks for no signals between its lines


def run_with(network, look):
    """A run of which something sees each line before it is executed."""

    def lines(frame, event, argument):
        if event == "line":
            look()
        return lines

    def calls(frame, event, argument):
        return lines if frame.f_code.co_filename.startswith(RUNNING) and frame.f_code is not TURN else None

    before = sys.gettrace()
    sys.settrace(calls)
    try:
        network.run(2 * ms)
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("times", [1, 3, 9])
def test_wherever_interrupts_come_time_and_recordings_fit_together(capsys, times):
    """Also if they come in the middle of a step, and between a run and what takes over where it ended."""
    prefs.codegen.target = "numpy"
    passed, places = [], range(0)
    run_with(growing()[0], lambda: passed.append(None))
    for place in range(0, len(passed), 7):
        network, _, trace = growing()
        network.run(1 * ms)
        passed, places = [], range(place, place + 5 * times, 5)

        def interrupt():
            passed.append(None)  # noqa: B023  # called in this turn only
            if len(passed) in places:  # noqa: B023  # called in this turn only
                signal.raise_signal(signal.SIGINT)

        with suppress(KeyboardInterrupt):
            run_with(network, interrupt)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert (network.under_way, network.recorded_until) == (False, network.t_)
        steps = round(network.t_ / 1e-4)
        assert len(trace.t) == steps >= 10
        network.run(1 * ms)
        assert len(trace.t) == round(network.t_ / 1e-4) == steps + 10
    assert place > 300


def test_without_that_preference_the_first_interrupt_raises(target):
    prefs.core.stop_on_keyboard_interrupt = False
    network, group, trace = growing()
    with pytest.raises(KeyboardInterrupt):
        interrupted_by(network, times=1)
    goes_on(network, group, trace)


def test_an_error_of_a_report_function_leaves_a_network_that_goes_on(target):
    network, group, trace = growing()
    with pytest.raises(ZeroDivisionError):
        interrupted_by(network, times=0, error=ZeroDivisionError())
    goes_on(network, group, trace)


def test_a_run_in_another_thread_leaves_signals_alone(target):
    group = NeuronGroup(1, "dv/dt = 1/second : 1")
    network = Network(group)
    thread = threading.Thread(target=network.run, args=(1 * second,), kwargs={"namespace": {}})
    thread.start()
    thread.join()
    np.testing.assert_allclose(group.v[0], 1, rtol=1e-10)
