"""Several runs on the device cpp_standalone: one program does all of them, with what was set between them."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    PopulationRateMonitor,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    all_devices,
    device,
    ms,
    network_operation,
    prefs,
    run,
    seed,
    set_device,
    start_scope,
    stop,
)  # fmt: skip
from jupyspike_engine.build.compilers import find_compiler, working_compilers
from jupyspike_engine.objects.running import devices

STRICT = "-O0 -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=all"


@pytest.fixture(autouse=True)
def first_device(monkeypatch, tmp_path):
    """The device at the start of a session; each test has a working directory of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(devices, "_set", [devices.runtime_device])
    yield
    all_devices["cpp_standalone"].reinit()


def script(gain=1.0, strength="0.1*rand()"):
    """Four runs: values, constants, delays, what is recorded and what is simulated change between them."""
    start_scope()
    seed(3)
    names = {"gain": gain, "tau": 10 * ms}
    group = NeuronGroup(
        40, "dv/dt = (gain*(1 + I) - v)/tau + 0.1*xi/sqrt(tau) : 1 (unless refractory)\nI : 1",
        threshold="v > 1", reset="v = 0", refractory=1 * ms, method="euler", name="group", namespace=names,
    )  # fmt: skip
    slow = NeuronGroup(
        5, "dx/dt = -x/tau_x : 1\ntau_x : second", threshold="x > 0.5", reset="x = 0", method="exact", name="slow"
    )
    inputs = PoissonGroup(20, 200 * Hz, name="inputs")
    driving = Synapses(inputs, group, "w : 1", on_pre="v_post += w", name="driving")
    across = Synapses(group, slow, on_pre="x_post += 0.2", delay=3 * ms, name="across")
    for synapses in (driving, across):
        synapses.connect(p=0.3)
    slow.tau_x, group.I = "(3 + i)*ms", "rand()"
    driving.delay, driving.w = "2*ms*rand()", strength
    states = StateMonitor(group, ["v", "I"], record=[0, 3], name="states")
    network = Network(
        group, slow, inputs, driving, across, states, SpikeMonitor(group, name="spikes"),
        SpikeMonitor(slow, variables="x", name="slow_spikes"), PopulationRateMonitor(slow, name="rate"),
    )  # fmt: skip
    network.run(10 * ms)
    group.v, group.I[:10], slow.tau_x[2:] = "0.3*rand()", 0.5, 4 * ms
    network.run(5 * ms)
    states.active, names["tau"] = False, 8 * ms
    network.run(5.3 * ms)
    driving.w, group.I[3], states.active = 0.05, 0, True
    late = NeuronGroup(2, "dy/dt = rate_y : 1\nrate_y : Hz", method="euler", name="late")
    late.rate_y = 100 * Hz
    network.add(late)
    network.run(10 * ms)
    return network


def shown(network) -> dict[str, np.ndarray]:
    """What the objects show."""
    groups = [network[name] for name in ("group", "slow", "driving", "late")]
    spikes, slow, states = (network[name] for name in ("spikes", "slow_spikes", "states"))
    told = {f"{group.name}.{name}": values for group in groups for name, values in group.arrays.items()}
    told |= {"i": spikes.i[:], "t": spikes.t_[:], "count": spikes.count, "x at": slow.x[:]}
    told |= {"v trace": states.v[:], "I trace": states.I[:], "rate": network["rate"].rate_[:]}
    return {name: np.array(values) for name, values in told.items()}


def built(folder: Path, compiler) -> None:
    command = ["make", "-s", "-j2", f"CXX={' '.join(compiler.command)}", f"CXXFLAGS={STRICT}"]
    answer = subprocess.run(command, cwd=folder, env=compiler.variables(), capture_output=True, text=True)
    assert answer.returncode == 0 and not answer.stderr, answer.stderr


def told_by(*options: str) -> str:
    return subprocess.run(["./main", *options], cwd="project", check=True, capture_output=True, text=True).stdout


def test_one_program_does_all_runs_with_the_same_bits_and_other_values_hold_as_in_python(capfd):
    compiler = next((c for c in working_compilers() if c.kind != "msvc"), None)
    if compiler is None or shutil.which("make") is None:
        pytest.skip("make with g++ or clang++ is needed to build a project as its README says")
    prefs.devices.cpp_standalone.openmp_threads = 2
    set_device("cpp_standalone", build_on_run=False)
    device.reinit()  # whatever a program of an earlier test was to do
    device.activate(build_on_run=False)
    device.insert_code("before_network_run", 'cout << "from " << lround(1e4*host.time()) << endl;')
    network = script()
    expected = shown(network)
    device.insert_code("main", 'cout << "after all" << endl;')
    device.build(directory="project", compile=False)
    built(Path("project"), compiler)
    found = []
    for values in ({}, {"gain": 1.5, network["driving"].w: 0.08}, {network["late"].rate_y: 300 * Hz}):
        device.run(run_args=values)
        found.append(shown(network))
    assert capfd.readouterr().out.split("\n")[:5] == ["from 0", "from 100", "from 150", "from 203", "after all"]
    assert "late.rate_y  # from run 4 on" in told_by("--list")
    told_by("--duration", "0.02", "--output", "longer")
    assert "t = 0.0403  #" in Path("project/longer/run.txt").read_text()  # the last run is a longer one
    set_device("runtime")
    prefs.codegen.target = "cpp"
    assert len(expected["i"]) > 100 and len(expected["x at"]) > 10
    assert expected["v trace"].shape == (2, 250)  # of three runs
    changed = shown(script(gain=1.5, strength=0.08))
    assert not np.array_equal(changed["i"], expected["i"])
    for name, values in expected.items():
        np.testing.assert_array_equal(found[0][name], values, name)
        np.testing.assert_array_equal(found[1][name], changed[name], name)
    assert found[2]["late.y"] == pytest.approx(3) and np.array_equal(found[2]["i"], expected["i"])


def test_a_project_tells_of_its_runs_and_holds_once_what_stays_the_same():
    set_device("cpp_standalone", directory="project")
    script()
    readme, told = Path("project/README.md").read_text(), json.loads(Path("project/provenance.json").read_text())
    assert "It simulates 4 runs, up to t = 0.0303 s, from t = 0 s, with the seed 3" in readme
    assert [run["start"] for run in told["runs"]] == pytest.approx([0, 10e-3, 15e-3, 20.3e-3])
    own = {path.parent.parent.name: set() for path in Path("project/data").glob("run-*/arrays/*")}
    for path in Path("project/data").glob("run-*/arrays/*.npy"):
        own[path.parent.parent.name].add(path.stem)
    values = {"group.v", "group.I", "slow.tau_x"}
    assert own["run-2"] == {*values, *(f"{name}.set" for name in values)} | {
        name for name in own["run-2"] if name.startswith(("slow.exponential", "slow.integral"))
    }  # what exact integration needs follows from tau_x
    assert "driving.w" in own["run-4"] and not any(name.startswith("across") for name in own["run-4"])


def test_a_network_from_t_0_begins_a_new_project():
    set_device("cpp_standalone", directory="project")
    for name in ("one_group", "another_group"):
        start_scope()
        group = NeuronGroup(1, "v : 1", name=name)
        for _ in range(2):
            run(1 * ms)
            group.v = 2
    told = Path("project/README.md").read_text()
    assert "another_group" in told and "one_group" not in told
    assert [path.name for path in Path("project/data").glob("run-*")] == ["run-2"]


def test_after_the_program_has_run_a_further_run_begins_a_new_project_from_what_is_shown():
    if find_compiler() is None:
        pytest.skip("a compiler is needed")
    set_device("cpp_standalone", directory="project")
    group = NeuronGroup(1, "dv/dt = a/ms : 1\na : 1", method="euler", name="group")
    group.a = 1
    run(1 * ms)
    device.run(run_args={group.a: 5}, with_output=False)
    assert group.v[0] == pytest.approx(5)
    run(1 * ms)
    assert group.v[0] == pytest.approx(10) and not list(Path("project/data").glob("run-*"))
    device.run(with_output=False)
    assert group.v[0] == pytest.approx(10)
    assert json.loads(Path("project/results/provenance.json").read_text())["start"] == pytest.approx(1e-3)


def test_values_that_are_set_to_what_they_were_at_the_start_are_values_that_are_set():
    if find_compiler() is None:
        pytest.skip("a compiler is needed")
    set_device("cpp_standalone", directory="project")
    group = NeuronGroup(2, "dv/dt = 1/ms : 1", method="euler", name="group")
    run(2 * ms)
    group.v = 0
    run(3 * ms)
    group.v = 7
    device.run(with_output=False)
    np.testing.assert_allclose(group.v, 3)


def test_synapses_that_other_delays_store_in_another_order_keep_their_values():
    if find_compiler() is None:
        pytest.skip("a compiler is needed")
    set_device("cpp_standalone", directory="project")
    seed(4)
    group = NeuronGroup(20, "dv/dt = (1.5 - v)/(10*ms) : 1", threshold="v > 1", reset="v = 0", name="group")
    group.v = "rand()"
    synapses = Synapses(group, group, "w : 1\ntotal : 1", on_pre="v += w*0.02; total += w", name="synapses")
    synapses.connect(p=0.3)
    synapses.w, synapses.delay = "rand()", "2*ms*rand()"
    network = Network(group, synapses)
    network.run(20 * ms)
    stored = synapses.post_indices.copy()
    synapses.w[::3] = "i"  # in the order before, which the delays change
    synapses.delay = "3*ms*rand()"
    network.run(20 * ms)
    assert (synapses.post_indices != stored).any()
    expected = [values[:].copy() for values in (group.v, synapses.w, synapses.total)]
    device.run(with_output=False)
    for shown, values in zip((group.v, synapses.w, synapses.total), expected, strict=True):
        np.testing.assert_array_equal(shown[:], values)
    given = np.linspace(0, 1, len(synapses))
    device.run(with_output=False, run_args={synapses.w: given})
    given[::3] = np.asarray(synapses.i[:])[::3]
    np.testing.assert_array_equal(synapses.w[:], given)


@pytest.mark.parametrize("build_on_run", [True, False])
def test_a_network_that_was_restored_or_stopped_begins_a_new_project_from_where_it_stands(build_on_run):
    if find_compiler() is None:
        pytest.skip("a compiler is needed")
    set_device("cpp_standalone", directory="project", build_on_run=build_on_run)
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v > 0.95", reset="v = 0", method="euler", name="group")
    spikes = SpikeMonitor(group)
    network = Network(group, spikes)
    network.run(2 * ms)
    network.store()
    network.run(3 * ms)
    network.restore()
    network.run(5 * ms, report=lambda elapsed, completed, start, duration: completed > 0 and network.stop())
    network.restore()
    network.run(4 * ms)
    expected = spikes.t[:]
    device.build(with_output=False)
    device.run(with_output=False)
    np.testing.assert_array_equal(spikes.t, expected)
    assert not list(Path("project/data").glob("run-*"))


def test_what_cannot_be_exported_runs_as_anywhere():
    """Values read before the run, store and restore, Python in the step, and stop()."""
    set_device("cpp_standalone", directory="project")
    group = NeuronGroup(4, "dv/dt = 1/ms : 1", method="euler", name="group")
    group.v = "i"
    assert group.v[:].tolist() == [0, 1, 2, 3]

    @network_operation
    def watch():
        if group.v[0] > 2:
            stop()

    network = Network(group, watch)
    network.store()
    for _ in range(2):
        network.restore()
        network.run(10 * ms)
        assert group.v[0] == pytest.approx(2.1) and network.t < 3 * ms
    with pytest.raises(ArgumentError, match=r"'networkoperation.*' cannot be exported"):
        device.build()
