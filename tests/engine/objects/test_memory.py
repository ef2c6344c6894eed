"""The memory of a network: told object by object, and refused before it is taken where there is not as much."""

import tracemalloc

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    magic_network,
    ms,
    prefs,
    run,
    second,
    start_scope,
)  # fmt: skip
from jupyspike_engine.objects.running.memory import for_a_run, memory_of
from jupyspike_engine.objects.synaptic import pathways
from jupyspike_engine.simulation import room
from jupyspike_engine.simulation.room import bytes_text

RANDOM = np.random.default_rng(3)


def network(**arguments):
    group = NeuronGroup(100, "dv/dt = -v/ms : 1", threshold="v >= 0", reset="v = 0", name="exc")
    synapses = Synapses(group, group, "w : 1", on_pre="v_post += w", name="recurrent", **arguments)
    synapses.connect()
    return Network(group, synapses)


def test_the_memory_of_a_network_is_told_object_by_object():
    report = network().memory_report()
    assert str(report).splitlines()[1].split(" | ")[:3] == ["object   ", "elements", "values"]
    names = [row[0] for row in report.rows]
    assert names == ["exc", "recurrent"] and report.rows[1][1] == "10,000"
    assert "<td>recurrent</td>" in report._repr_html_()


def test_a_synapse_takes_four_bytes_and_its_values():
    synapses = network()["recurrent"]
    assert memory_of(synapses) == 10_000 * (4 + 8) + 101 * 8
    assert memory_of(network(dtype=np.float32)["recurrent"]) == 10_000 * (4 + 4) + 101 * 8


def test_the_total_is_what_is_there():
    simulated = network()
    before = simulated.memory_report().total
    simulated["recurrent"].delay = "1*ms*rand()"
    segments = 100 * 10 * (4 + 4)  # most sources have delays of 0 to 10 steps, and their synapses are stored by delay
    assert before + segments < simulated.memory_report().total < before + 1.3 * segments
    simulated.add(SpikeMonitor(simulated["exc"]), StateMonitor(simulated["exc"], "v", record=True))
    simulated.run(1 * ms)
    assert simulated.memory_report().total > before + segments + 1000 * (4 + 8) + 10 * 100 * 8


def test_what_a_run_will_record_is_told_before_it_is_taken():
    simulated = network()
    group = simulated["exc"]
    simulated.add(
        StateMonitor(group, "v", record=True, name="each_step"),
        StateMonitor(group, "v", record=[3, 4], dt=1 * ms, name="seldom"),
        StateMonitor(group, "v", record=True, keep=1 * ms, name="latest"),
        SpikeMonitor(group, name="spikes"),
    )
    simulated.run(3 * ms)
    kept = simulated.memory_report()
    report = simulated.memory_report(2 * second)
    later = {"each_step": 20_000 * (1 + 100) * 8, "seldom": 2_000 * (1 + 2) * 8}
    assert report.total - kept.total == sum(later.values())
    in_a_run = {row[0]: row[4] for row in report.rows}
    assert in_a_run["each_step"] == bytes_text(later["each_step"]) and not in_a_run["latest"] + in_a_run["spikes"]
    simulated["each_step"].active = False
    assert simulated.memory_report(2 * second).total - kept.total == later["seldom"]


def test_the_memory_of_what_is_visible_is_told_before_it_runs():
    start_scope()
    group = NeuronGroup(1000, "v : 1", name="visible")
    assert magic_network.memory_report().total == memory_of(group) > 0
    run(1 * ms)
    another = NeuronGroup(10, "v : 1", name="another")
    assert magic_network.memory_report().total == memory_of(group) + memory_of(another) and group.t == 1 * ms


DELAYS = {
    "equal": {}, "drawn": {"pre": "5*ms*rand()"}, "both sides": {"pre": "5*ms*rand()", "post": "ms*rand()"},
    "given": {"pre": RANDOM.random}, "few": {"pre": lambda size: RANDOM.integers(0, 9, size) * 1e-3},
    "listed": {"pre": "5*ms*rand()", "places": True},
}  # fmt: skip


@pytest.mark.parametrize("delays", DELAYS.values(), ids=DELAYS)
@pytest.mark.parametrize("threads", [1, 5])
def test_what_is_told_before_a_run_is_what_is_there_after_it(delays, threads):
    prefs.engine.threads = threads
    tracemalloc.start()
    group = NeuronGroup(1000, "dv/dt = -v/ms : 1", threshold="v >= 2", reset="v = 0")
    post = "w += 0.1" if "post" in delays else None
    synapses = Synapses(group, group, "w : 1", on_pre="v_post += w", on_post=post)
    before = tracemalloc.get_traced_memory()[0]
    synapses.connect(p=0.3)
    synapses.w = "rand()"
    if "places" in delays:
        synapses.keep_places()
    for path in set(delays) & {"pre", "post"}:
        values = delays[path] if isinstance(delays[path], str) else delays[path](len(synapses)) * second
        getattr(synapses, path).delay = values
    network = Network(group, synapses)
    told = memory_of(synapses) + for_a_run(synapses, threads)
    assert network.memory_report().total == told + memory_of(group) + for_a_run(group)
    values = None
    network.run(0.1 * ms)
    there = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert there == pytest.approx(told, rel=0.1)
    assert memory_of(synapses) + for_a_run(synapses, threads) == told


def peak_of(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_synapses_take_little_more_memory_while_they_are_made():
    group = NeuronGroup(1500, "x : 1")
    synapses = Synapses(group, group, "w : 1")
    blocks = 4e6
    peak = peak_of(lambda: synapses.connect(p=0.9))
    assert peak < len(synapses) * (4 + 4 + 8) + blocks  # where they begin and end, and the room for their values
    peak = peak_of(lambda: setattr(synapses, "w", "rand() + i"))
    assert peak < len(synapses) * 8 + blocks  # the values


@pytest.mark.parametrize("ask", [lambda S: S.connect(), lambda S: S.connect(p=0.5)])
def test_synapses_that_do_not_fit_are_refused_before_they_are_made(monkeypatch, ask):
    group = NeuronGroup(1000, "v : 1")
    synapses = Synapses(group, group)
    monkeypatch.setattr(room, "free_memory", lambda: 3_000_000)
    with pytest.raises(ArgumentError, match=r"00,000 synapses would take [48] MB of memory") as caught:
        ask(synapses)
    assert caught.value.diagnostics[0].found == "3 MB are free"
    assert len(synapses) == 0


def test_values_that_do_not_fit_are_refused(monkeypatch):
    monkeypatch.setattr(room, "free_memory", lambda: 80_000_000)
    with pytest.raises(ArgumentError, match="the values of 10,000,000 neurons would take 80 MB"):
        NeuronGroup(10_000_000, "v : 1")


def test_free_memory_is_that_of_the_system():
    free = room.free_memory()
    assert free is None or 1e6 < free < 1e15


def test_delays_whose_lists_do_not_fit_are_refused_before_they_are_made(monkeypatch):
    simulated = network()
    simulated["recurrent"].delay = "1*ms*rand()"
    monkeypatch.setattr(pathways, "LARGE", 30_000)
    monkeypatch.setattr(room, "free_memory", lambda: 40_000)
    with pytest.raises(ArgumentError, match=r"a run with the delays of 10,000 synapses would take 49.6 kB"):
        simulated.run(1 * ms)
    monkeypatch.undo()
    simulated.run(1 * ms)
