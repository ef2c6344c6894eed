"""Devices: scripts for a standalone program run as they are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Hz,
    Network,
    NeuronGroup,
    PopulationRateMonitor,
    SpikeMonitor,
    SpikeTriggeredAverage,
    StateMonitor,
    Synapses,
    TimedArray,
    all_devices,
    device,
    get_device,
    magic_network,
    ms,
    mV,
    nA,
    network_operation,
    prefs,
    run,
    seed,
    set_device,
)
from jupyspike.devices import CPPStandaloneDevice, RuntimeDevice, reinit_devices, reset_device
from jupyspike_engine.build.compilers import find_compiler
from jupyspike_engine.diagnostics import ArgumentTypeError, BuildError, NotAvailableError, UserError
from jupyspike_engine.objects.running import devices, standalone


@pytest.fixture(autouse=True)
def first_device(monkeypatch, tmp_path):
    """The device at the start of a session; each test has a working directory of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(devices, "_set", [devices.runtime_device])
    yield
    all_devices["cpp_standalone"].reinit()


def test_at_first_networks_run_on_the_target_of_the_preference():
    assert isinstance(get_device(), RuntimeDevice) and get_device() is all_devices["runtime"]
    assert device.name == "runtime" and repr(device) == "<device 'runtime'>"
    assert get_device().target == prefs.codegen.target == "numpy"


@pytest.mark.parametrize("options", [{}, {"directory": None, "debug": True}])
def test_a_standalone_script_runs_as_it_is_and_natively(options):
    set_device("cpp_standalone", **options)
    group = NeuronGroup(2, "dv/dt = -v/(10*ms) : 1", method="exact")
    group.v = "1 + i"
    trace = StateMonitor(group, "v", record=True)
    run(10 * ms)
    run(10 * ms)
    np.testing.assert_allclose(group.v[:], np.array([1, 2]) * np.exp(-2), rtol=1e-12)
    assert trace.v.shape == (2, 200)
    assert magic_network.last.compiled.target == "cpp"
    assert (Path(device.project_dir) / "src" / "program.cpp").is_file()


def test_without_build_on_run_the_project_is_written_by_build():
    set_device("cpp_standalone", build_on_run=False)
    group = NeuronGroup(2, "dv/dt = -v/(10*ms) : 1", method="exact", name="decaying")
    group.v = 1
    run(10 * ms)
    assert list(Path().iterdir()) == []
    device.build(directory="elsewhere", compile=False, run=True, debug=False)
    assert np.load("elsewhere/data/arrays/decaying.v.npy").tolist() == [1, 1]  # as before the run
    assert [path.name for path in Path().iterdir()] == ["elsewhere"] and device.project_dir == "elsewhere"


def test_what_cannot_be_written_runs_and_build_says_why():
    set_device("cpp_standalone")
    group = NeuronGroup(1, "v : 1")

    @network_operation
    def grow():
        group.v += 1

    run(0.3 * ms)
    assert group.v[0] == 3
    for call in (device.build, device.run):
        with pytest.raises(ArgumentError, match=r"'networkoperation.*' cannot be exported: it is a function in Python"):
            call()
    assert list(Path().iterdir()) == []


def test_other_files_in_the_directory_are_left_alone():
    Path("README.md").write_text("mine")
    set_device("cpp_standalone", directory=".")
    group = NeuronGroup(1, "v : 1")
    run(0.1 * ms)
    with pytest.raises(ArgumentError, match=r"holds other files(.*\n)*.*README.md"):
        device.build()
    assert [path.name for path in Path().iterdir()] == ["README.md"]


def test_the_preference_may_choose_another_target_than_numpy():
    set_device("cpp_standalone")
    prefs.codegen.target = "cython"
    assert get_device().target == "cython"


def test_the_project_directory_is_the_one_chosen_and_a_temporary_one_is_removed():
    set_device("cpp_standalone")
    assert device.project_dir == "output"
    set_device("cpp_standalone", directory=Path("mine"))
    assert device.project_dir == "mine"
    device.build(directory=None, clean=True)
    assert Path(device.project_dir).is_dir()
    device.delete(force=True)
    assert not Path(device.project_dir).exists()


def test_going_back():
    set_device("cpp_standalone", directory="mine")
    set_device("runtime")
    assert get_device().name == "runtime"
    reset_device()
    assert (get_device().name, device.project_dir) == ("cpp_standalone", "mine")
    reset_device()
    reset_device()
    assert get_device().name == "runtime"
    reset_device("cpp_standalone")
    assert isinstance(get_device(), CPPStandaloneDevice)


@pytest.mark.parametrize("again", [lambda: device.reinit(), reinit_devices])
def test_after_a_new_beginning_objects_of_before_are_not_seen(again):
    set_device("cpp_standalone")
    first = NeuronGroup(1, "dv/dt = 1/second : 1", method="exact")
    run(1 * ms)
    again()
    device.activate(directory="second")
    second = NeuronGroup(1, "dv/dt = 1/second : 1", method="exact")
    run(2 * ms)
    np.testing.assert_allclose([first.v[0], second.v[0]], [1e-3, 2e-3])
    assert device.project_dir == "second"


def test_seeds_are_those_of_all_networks():
    set_device("cpp_standalone")
    drawn = []
    for _ in range(2):
        device.reinit()
        device.activate()
        device.seed(3)
        group = NeuronGroup(5, "v : 1", name="drawn")
        group.v = "rand()"
        drawn.append(group.v[:])
    np.testing.assert_array_equal(*drawn)


@pytest.mark.parametrize("name", ["cpp_standalon", "cuda_standalone", 3, None])
def test_other_devices_are_errors(name):
    with pytest.raises(ArgumentError, match="is not a device"):
        set_device(name)
    assert get_device().name == "runtime"


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"direktory": "x"}, "no option 'direktory'\n.*did you mean 'directory'"),
        ({"directory": 3}, "directory of a device is a path"),
        ({"debug": "yes"}, "debug of a device is True or False"),
        ({"additional_source_files": 3}, "list of paths"),
    ],
)
def test_options_are_checked(options, problem):
    with pytest.raises(ArgumentTypeError, match=problem):
        set_device("cpp_standalone", **options)
    assert get_device().name == "runtime"
    set_device("cpp_standalone")
    with pytest.raises(ArgumentTypeError, match=problem):
        device.build(**options)
    with pytest.raises(ArgumentTypeError, match="no option"):
        set_device("runtime", directory="x")


def test_what_makes_no_sense_is_said():
    set_device("cpp_standalone")
    with pytest.raises(ArgumentError, match=r"'before_strat' is not a slot\b.*\n.*did you mean 'before_start'"):
        device.insert_code("before_strat", "int x;")
    with pytest.raises(ArgumentTypeError, match="code for a slot is a text"):
        device.insert_code("main", 3)
    with pytest.raises(ArgumentTypeError, match="run_args is a mapping, or a list of texts"):
        device.build(run_args=3)
    with pytest.raises(ArgumentError, match=r"no program yet\b.*\n.*call run\(\) first"):
        device.run()
    with pytest.raises(AttributeError, match="the device 'cpp_standalone' has no 'buil'; did you mean 'build'"):
        device.buil  # noqa: B018
    set_device("runtime")
    with pytest.raises(NotAvailableError, match="insert_code is not available"):
        device.insert_code("main", "int x;")


@pytest.fixture
def program(monkeypatch):
    """A script whose program can be run again; what was recorded before belongs to its results too."""
    if find_compiler() is None:
        pytest.skip("a compiler is needed")
    prefs.devices.cpp_standalone.openmp_threads = 2
    seed(4)
    current = TimedArray([1.5, 0.5, 2] * nA, dt=3 * ms)
    names = {"current": current, "R": 1 / nA, "tau": 10 * ms}
    group = NeuronGroup(
        20, "dv/dt = (current(t)*R*gain - v)/tau + 0.1*xi/sqrt(tau) : 1\ngain : 1\nunused : second",
        threshold="v > 1", reset="v = 0", method="euler", namespace=names, name="group",
    )  # fmt: skip
    group.gain = "1 + rand()"
    synapses = Synapses(group, group, "w : 1", on_pre="v_post += w", delay=0.5 * ms, name="synapses")
    synapses.connect(i=[3, 2, 1, 0, 2], j=[0, 1, 2, 3, 0])
    synapses.w = [0.3, 0.2, 0.1, 0, 0.25]
    monitors = (
        SpikeMonitor(group, variables="v", name="spikes"),
        PopulationRateMonitor(group, name="rate"),
        StateMonitor(synapses, "w", record=True, dt=1 * ms, name="weights"),
        StateMonitor(group, "v", record=[0], keep=3 * ms, name="window"),
        SpikeTriggeredAverage(group, group, "v", window=2 * ms, name="average"),
    )
    network = Network(group, synapses, *monitors)
    prefs.codegen.target = "cpp"
    network.run(5 * ms)
    network.store()
    set_device("cpp_standalone", build_on_run=False)
    device.insert_code("main", 'cout << "before: " << host.array<double>("group.v")[0] << endl;')
    network.run(15 * ms)
    Path("more.cpp").write_text("int more() { return 7; }\n")
    device.insert_code("main", 'int more();\ncout << "after: " << more() << endl;')
    device.build(directory="project", additional_source_files=["more.cpp"])
    return network


def shown(network) -> dict:
    """What the objects show."""
    spikes, rate, weights, group = (network[name] for name in ("spikes", "rate", "weights", "group"))
    return {
        "i": spikes.i[:], "t": spikes.t_[:], "v at": spikes.v[:], "count": spikes.count, "rate": rate.rate_[:],
        "binned": rate.binned_rate(10 * ms)[1] / Hz, "w": weights.w[:], "v": group.v[:], "gain": group.gain[:],
        "unused": group.unused_[:], "weights": network["synapses"].w[:], "window": network["window"].v[:],
        "average": network["average"].average_,
    }  # fmt: skip


def test_a_program_runs_again_with_other_values_and_the_objects_show_what_comes_out(program, capfd):
    network, group, synapses = program, program["group"], program["synapses"]
    current = group.namespace["current"]
    first = {name: values.copy() for name, values in shown(network).items()}
    gain = group.gain[:].copy()
    gain[5:10] = 3
    changes = (
        ({}, {}),
        ({group.gain: 3, group.unused: 2 * ms}, {"gain": 3, "unused": 2 * ms}),
        ({group[5:10].gain: 3, synapses.w: [0.5, 0.4, 0.3, 0.2, 0.1]}, {"gain": gain, "w": [0.5, 0.4, 0.3, 0.2, 0.1]}),
        ({current: [3, 3, 3] * nA, "tau": 5 * ms}, {"current": [3, 3, 3] * nA, "tau": 5 * ms}),
        (["tau=0.005", "group.gain=2"], {"tau": 5 * ms, "gain": 2}),
    )
    found = []
    for values, _ in changes:
        device.run(run_args=values, results_directory="again")
        found.append({name: array.copy() for name, array in shown(network).items()})
    assert capfd.readouterr().out.count("after: 7") == len(changes)
    assert "threads = 2" in Path("project/again/run.txt").read_text()
    set_device("runtime")
    prefs.codegen.target = "cpp"
    for (_, values), results in zip(changes, found, strict=True):
        network.restore(restore_random_state=True)
        for name, value in values.items():
            if name == "current":
                group.namespace["current"] = TimedArray(value, dt=3 * ms)
            elif name == "tau":
                group.namespace["tau"] = value
            else:
                setattr(synapses if name == "w" else group, name, value)
        network.run(15 * ms)
        for name, expected in shown(network).items():
            np.testing.assert_array_equal(results[name], expected, f"{name} with {values}")
        group.namespace |= {"current": current, "tau": 10 * ms}
    np.testing.assert_array_equal(first["i"], found[0]["i"])


def test_where_there_is_no_make_the_compiler_is_called_alone_and_what_it_says_is_told():
    if find_compiler() is None:
        pytest.skip("a compiler is needed")
    prefs.devices.cpp_standalone.make_cmd_unix = "no-such-make"
    set_device("cpp_standalone", directory="project")
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", method="euler", name="growing")
    run(1 * ms)
    device.run()
    np.testing.assert_allclose(group.v[:], 1)
    device.insert_code("main", "this is no code")
    with pytest.raises(BuildError, match=r"could not be built(.*\n)*.*main.cpp"):
        device.build()


def test_without_a_seed_a_program_draws_other_numbers_each_time_and_what_is_wrong_is_said(program):
    network, group = program, program["group"]
    seed()
    counts = []
    for _ in range(2):
        device.run(with_output=False)
        counts.append(network["spikes"].t_[:])
    assert not np.array_equal(*counts)
    for values, problem in (
        ({group.gain: 3 * mV}, "'gain' of 'group' has the wrong unit"),
        ({group.gain: [1, 2]}, "2 values do not fit 20 elements"),
        ({"taus": 3 * ms}, r"no constant or variable 'taus'(.*\n)*.*did you mean 'tau'"),
        ({"tau": 3}, r"the value for 'tau' has the wrong unit"),
        ({"tau": "long"}, "'tau' cannot be set to 'long'"),
        ({group.namespace["current"]: 3}, "have the wrong unit"),
        ({program["synapses"].pre.delay: 3 * ms, 3: 4}, "gives values to variables, TimedArrays and names"),
        ([3], "holds texts such as 'tau=0.02'"),
        (["taux=3"], r"ended with code 2(.*\n)*.*did you mean 'tau'"),
    ):
        with pytest.raises(UserError, match=problem):
            device.run(run_args=values, with_output=False)
    device.delete(data=False)
    assert sorted(path.name for path in Path("project").iterdir()) == ["data", "results"]
    Path("project/mine.txt").write_text("mine")
    device.delete(force=True)
    assert Path("project/mine.txt").is_file()  # nothing is left that it knows


def test_a_program_that_was_built_on_another_machine_is_built_again_before_it_runs(monkeypatch):
    done = []
    monkeypatch.setattr(
        standalone, "build_project", lambda folder, *_: (folder / "main").touch() or done.append("built")
    )
    monkeypatch.setattr(standalone, "run_program", lambda *_: done.append("run"))
    monkeypatch.setattr(standalone, "is_of_another_machine", lambda folder: done[-1] == "run")
    monkeypatch.setattr(standalone, "program_of", lambda folder: folder / "main")
    set_device("cpp_standalone", directory="project")
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", method="euler")
    run(1 * ms)
    device.run()
    device.run()
    assert done == ["built", "run", "built", "run"]


SCRIPT = """
from multiprocessing import get_context
from jupyspike import *

set_device("cpp_standalone", build_on_run=False)
group = NeuronGroup(10, "dv/dt = (I - v)/(10*ms) : 1\\nI : 1", threshold="v > 1", reset="v = 0", method="exact")
group.I = "1 + 0.1*i"
spikes = SpikeMonitor(group)
run(50*ms)
device.build(directory="project", run=False, with_output=False)

def count(k):
    device.run(results_directory=f"results-{k}", run_args={group.I: 1.1 + 0.2*k}, with_output=False)
    return int(spikes.num_spikes)

if __name__ == "__main__":
    with get_context("fork").Pool(2) as pool:
        at_once = pool.map(count, range(4))
    print(at_once, [count(k) for k in range(4)])
"""


def test_a_script_runs_its_program_in_several_processes_at_once(tmp_path):
    if find_compiler() is None or not hasattr(os, "fork"):
        pytest.skip("a compiler and processes that are copies of each other are needed")
    Path("script.py").write_text(SCRIPT)
    said = subprocess.run([sys.executable, "script.py"], capture_output=True, text=True, check=True).stdout
    at_once, in_turn = json.loads(f"[{said.strip().replace('] [', '], [')}]")
    assert at_once == in_turn == sorted(at_once) and at_once[0] < at_once[-1]
