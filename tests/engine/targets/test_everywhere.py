"""The same result everywhere: one network with every kind of random draw, run in every way."""

import shutil
import subprocess

import numpy as np
import pytest

from jupyspike import (
    BinomialFunction,
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    PoissonInput,
    PopulationRateMonitor,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    ms,
    prefs,
    seed,
)  # fmt: skip
from jupyspike_engine.build.compilers import find_compiler
from jupyspike_engine.diagnostics import ArgumentError, MissingFileError
from jupyspike_engine.objects.monitors.watching import watch, watched_spikes, watched_values
from jupyspike_engine.objects.running.live import open_session
from jupyspike_engine.simulation import simulation

DURATION = 30 * ms


def network(*monitors) -> Network:
    """rand, randn, poisson, binomial and xi in equations, resets, synapses and initial values; inputs; connections."""
    seed(77)
    few, many = BinomialFunction(8, 0.4), BinomialFunction(200, 0.3)
    group = NeuronGroup(
        600,
        """dv/dt = (1.1 + 0.02*n + 0.01*(few() - 3) + g - v)/(10*ms) + 0.2*xi/sqrt(10*ms) : 1 (unless refractory)
        dg/dt = -g/(5*ms) : 1
        n = poisson(1 + 0.01*i) - 1 : integer (constant over dt)
        k : 1""",
        threshold="v > 1 + 0.01*randn()", reset="v = 0.1*rand(); k = many()", refractory=1 * ms, method="euler",
        name="drawing", namespace={"few": few, "many": many},
    )  # fmt: skip
    group.v, group.k = "rand()", "poisson(30) + randn()"
    group.run_regularly("k += few()*rand()", dt=2 * ms, name="drawing_now_and_then")
    inputs = PoissonGroup(300, rates="(50 + i)*Hz", name="drawn_inputs")
    driving = Synapses(inputs, group, "w : 1", on_pre="g_post += w*rand()", name="driving")
    recurrent = Synapses(group, group, "w : 1", on_pre="g_post += w", on_post="w = clip(w + 0.001*randn(), 0, 0.1)",
                         name="recurrent")  # fmt: skip
    driving.connect(p=0.05)
    recurrent.connect(j="k for k in sample(N_post, p=0.02)")
    driving.w, recurrent.w, recurrent.delay = "0.1*rand()", "0.02*abs(randn())", "3*ms*rand()"
    noise = PoissonInput(group[:300], "g", 50, 20 * Hz, weight=0.02, name="noise")
    return Network(group, inputs, driving, recurrent, noise, *(monitor(group, inputs) for monitor in monitors))


def spikes(group, inputs):
    return SpikeMonitor(group, name="spikes")


def others(group, inputs):
    return [
        SpikeMonitor(inputs, name="input_spikes"), PopulationRateMonitor(group, name="rate"),
        StateMonitor(group, ["v", "n", "k"], record=True, name="states"),
    ]  # fmt: skip


def outcome(network: Network) -> dict[str, np.ndarray]:
    """The state at the end, and the spikes if they were recorded."""
    names = ("drawing", "driving", "recurrent")
    found = {f"{name}.{k}": v.copy() for name in names for k, v in network[name].arrays.items()}
    if "spikes" in network:
        found |= {"i": network["spikes"].i[:], "t": network["spikes"].t_[:]}
    return found


def as_numpy(monkeypatch):
    prefs.codegen.target = "numpy"
    return in_one_run(monkeypatch)


def in_one_run(monkeypatch):
    made = network(spikes)
    made.run(DURATION)
    return made


def in_chunks(monkeypatch):
    made = network(spikes)
    for length in (0.1, 7.3, 0, 12.6, 10):
        made.run(length * ms)
    return made


def in_short_slices(monkeypatch):
    monkeypatch.setattr(simulation, "SLICE", 0.0)
    return in_one_run(monkeypatch)


def live(monkeypatch):
    made = network(spikes)
    watchers = watched_spikes(made["drawing"]), watched_values(made["drawing"], ["v"], [3, 0])
    for watcher in watchers:
        watch(watcher)
    session = open_session(made, DURATION)
    session.speed = 0.1
    session.play()
    session.pause()
    session.step()
    session.play()
    assert session.wait(60)
    assert session.status == "finished"
    return made


def without_monitors(monkeypatch):
    made = network()
    made.run(DURATION)
    return made


def with_other_monitors(monkeypatch):
    made = network(spikes, others)
    made.run(DURATION)
    return made


def measured(monkeypatch):
    made = network(spikes)
    made.run(DURATION, profile=True)
    return made


def restored_in_place(monkeypatch):
    made = network(spikes)
    made.run(12 * ms)
    made.store()
    made.run(5 * ms)
    made.restore(restore_random_state=True)
    made.run(18 * ms)
    return made


@pytest.fixture
def expected(target):
    return outcome(in_one_run(None))


WAYS = [
    as_numpy, in_chunks, in_short_slices, live, without_monitors, with_other_monitors, measured, restored_in_place
]  # fmt: skip


def assert_same(found, expected):
    assert len(expected["i"]) > 500, "a network that does not spike shows nothing"
    for name, values in found.items():
        np.testing.assert_array_equal(values, expected[name], name)


@pytest.mark.parametrize("way", WAYS)
def test_it_does_not_matter_how_a_network_is_run(way, expected, monkeypatch):
    assert_same(outcome(way(monkeypatch)), expected)


def gone_on_from(checkpoint):
    made = network(spikes)
    seed(1)
    made.restore(filename=checkpoint, restore_random_state=True)
    made.run(18 * ms)
    return made


def test_a_checkpoint_in_a_file_goes_on_in_another_network_with_other_threads_and_on_another_target(tmp_path):
    prefs.codegen.target = "cpp"
    expected = outcome(in_one_run(None))
    for threads in (1, 2, 3, 8):
        prefs.engine.threads = threads
        first = network(spikes)
        first.run(12 * ms)
        first.store(filename=tmp_path / f"{threads}.npz")
        prefs.engine.threads = 4 - threads % 4
        assert_same(outcome(gone_on_from(tmp_path / f"{threads}.npz")), expected)
    prefs.codegen.target = "numpy"
    assert_same(outcome(gone_on_from(tmp_path / "8.npz")), expected)


def test_it_does_not_matter_whether_python_is_there(tmp_path):
    prefs.codegen.target = "cpp"
    expected = outcome(in_one_run(None))
    if find_compiler().kind == "msvc" or shutil.which("make") is None:
        pytest.skip("make with g++ or clang++ is needed to build a project as its README says")
    network(spikes).export(tmp_path / "project", DURATION)
    subprocess.run(["make", "-s", "-j2", "CXXFLAGS=-O1"], cwd=tmp_path / "project", check=True)
    for threads in ("1", "3"):
        subprocess.run(["/usr/bin/env", "-i", "./main", "--threads", threads], cwd=tmp_path / "project", check=True)
        results = tmp_path / "project" / "results"
        found = {f"{p.parent.name}.{p.stem}": np.load(p) for p in results.glob("*/*.npy")}
        found |= {"i": found["spikes.i"], "t": found["spikes.t"]}
        assert_same({name: found[name] for name in expected.keys() & found.keys()}, expected)
    again = network(spikes)
    for _ in range(2):
        again.show_results(results)
        assert_same(outcome(again), expected)
    np.testing.assert_array_equal(again["spikes"].count, np.bincount(expected["i"], minlength=600))
    other = Network(NeuronGroup(3, "v : 1", name="drawing"))
    for folder, error, said in (
        (results, ArgumentError, r"do not fit 'drawing.v'(.*\n)*.*the shape \(3,\)"),
        (tmp_path, MissingFileError, "there are no results"),
    ):
        with pytest.raises(error, match=said):
            other.show_results(folder)


def test_a_second_compiler_gives_the_same_bits(clang):
    prefs.codegen.target = "cpp"
    expected = outcome(in_one_run(None))
    clang()
    assert_same(outcome(in_one_run(None)), expected)
