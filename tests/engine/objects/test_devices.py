"""Devices: scripts for a standalone program run as they are."""

from pathlib import Path

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    NeuronGroup,
    StateMonitor,
    all_devices,
    device,
    get_device,
    magic_network,
    ms,
    prefs,
    run,
    set_device,
)
from jupyspike.devices import CPPStandaloneDevice, RuntimeDevice, reinit_devices, reset_device
from jupyspike_engine.diagnostics import ArgumentTypeError, NotAvailableError
from jupyspike_engine.objects import devices


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


@pytest.mark.parametrize("options", [{}, {"build_on_run": False}, {"directory": None, "debug": True}])
def test_a_standalone_script_runs_as_it_is_and_natively(options):
    set_device("cpp_standalone", **options)
    group = NeuronGroup(2, "dv/dt = -v/(10*ms) : 1", method="exact")
    group.v = "1 + i"
    trace = StateMonitor(group, "v", record=True)
    run(10 * ms)
    run(10 * ms)
    if not device.build_on_run:
        device.build(directory="elsewhere", compile=True, run=True, debug=False)
    np.testing.assert_allclose(group.v[:], np.array([1, 2]) * np.exp(-2), rtol=1e-12)
    assert trace.v.shape == (2, 200)
    assert magic_network.last.compiled.target == "cpp"
    assert list(Path().iterdir()) == []


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


def test_what_needs_a_project_says_what_to_do_instead():
    set_device("cpp_standalone")
    with pytest.raises(NotAvailableError, match=r"insert_code is not available\b.*\n.*try: write it in Python"):
        device.insert_code("main", "int x;")
    for call in (device.build, device.run):
        with pytest.raises(NotImplementedError, match=r"run_args are not available\b.*\n.*call run\(\) again"):
            call(run_args={"v": 1})
    with pytest.raises(AttributeError, match="the device 'cpp_standalone' has no 'buil'; did you mean 'build'"):
        device.buil  # noqa: B018


def test_a_program_that_was_only_built_has_run_but_is_not_repeated():
    set_device("cpp_standalone", build_on_run=False)
    with device.run_function("first"):
        group = NeuronGroup(1, "v : 1")
        run(1 * ms)
    assert len(group) == 1 and magic_network.t == 1 * ms
    device.build(run=False)
    device.apply_run_args()
    device.run()
    with pytest.raises(NotAvailableError, match=r"store\(\).*restore\(\)"):
        device.run()
