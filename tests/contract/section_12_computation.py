"""How networks are computed."""

import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from proofs import Page
from pytest import MonkeyPatch, warns

from jupyspike import *

section = Page("12. user/computation")


def grown():
    G = NeuronGroup(1, "dv/dt = 1/ms : 1")
    run(1 * ms)
    return G


@section.must("prefs.codegen.target = 'auto', 'numpy' or 'cython'", once=True)
def targets():
    for target in ("auto", "numpy", "cython"):
        start_scope()
        prefs.codegen.target = target
        assert allclose(grown().v, 1)


@section.must("'auto' falls back to numpy, with a warning, where there is no compiler", once=True)
def without_compiler():
    prefs.codegen.target = "auto"
    with MonkeyPatch.context() as patch, warns(UserWarning, match="(?i)no C.* compiler"):
        patch.setattr("jupyspike_engine.compiler.find_compiler", lambda: None)
        assert allclose(grown().v, 1)


@section.must("prefs.codegen.target as a class: NumpyCodeObject, CythonCodeObject", once=True)
def target_classes():
    for target in (NumpyCodeObject, CythonCodeObject):
        start_scope()
        prefs.codegen.target = target
        assert allclose(grown().v, 1)


@section.must("compiled programs are kept on disk, and removed by clear_cache('cython')", once=True)
def cache():
    assert callable(clear_cache) and prefs["codegen.max_cache_dir_size"] > 0


@section.must(
    "scripts for set_device('cpp_standalone') run as they are: directory, build_on_run, build(), reinit(), activate()",
    "set_device('runtime'), devices.reset_device(), devices.reinit_devices()",
    once=True,
)
def standalone_scripts():
    from jupyspike.devices import reinit_devices, reset_device

    set_device("cpp_standalone", directory=None, build_on_run=False, debug=False)
    try:
        G = NeuronGroup(1, "dv/dt = 1/ms : 1")
        run(1 * ms)
        device.build(directory=None, compile=True, run=True, debug=False, clean=False, with_output=False)
        assert allclose(G.v, 1)
        device.reinit()
        device.activate(build_on_run=True, directory=None)
        assert get_device() is all_devices["cpp_standalone"]
    finally:
        set_device("runtime")
        reset_device("runtime")
        reinit_devices()


@contextmanager
def standalone(folder, **options):
    set_device("cpp_standalone", directory=folder, **options)
    try:
        yield
    finally:
        device.reinit()
        set_device("runtime")


@section.must("device.build() writes a program of its own, which runs without Python", once=True)
def standalone_project():
    with TemporaryDirectory() as folder, standalone(folder, build_on_run=False):
        grown()
        device.build(directory=folder, compile=True, run=True)
        assert list(Path(folder).rglob("*.cpp"))
        subprocess.run(["/usr/bin/env", "-i", "./main", "--output", "mine"], cwd=folder, check=True)
        [values] = Path(folder, "mine").glob("neurongroup*/v.npy")
        assert allclose(load(values), 1)


@section.often("device.run() again with other values: run_args, results_directory, apply_run_args()", once=True)
def run_args():
    with TemporaryDirectory() as folder, standalone(folder):
        drive = TimedArray([1, 2], dt=0.5 * ms)
        G = NeuronGroup(2, "dv/dt = gain*drive(t)/ms : 1\ngain : 1")
        device.apply_run_args()
        M = StateMonitor(G, "v", record=True)
        run(1 * ms)
        for values, expected in (({G.gain: 4}, 6), ({G.gain: [2, 2], drive: [3, 1]}, 4)):
            device.run(folder, results_directory="other", with_output=False, run_args=values)
            assert allclose(G.v, expected) and M.v.shape == (2, 10) and Path(folder, "other").is_dir()


@section.must("several runs in one program: build_on_run=False, values set between them, then build()", once=True)
def several_runs():
    with TemporaryDirectory() as folder, standalone(folder, build_on_run=False):
        G = NeuronGroup(2, "dv/dt = I/ms : 1\nI : 1", method="euler")
        M = StateMonitor(G, "v", record=True)
        G.I = 1
        run(1 * ms)
        G.I = "2*i"
        run(1 * ms)
        device.build(directory=folder)
        device.run(with_output=False)
        assert allclose(G.v, [1, 3]) and M.v.shape == (2, 20) and allclose(M.v[1, -1], 2.8)


@section.often("device.insert_code() and run_function", once=True)
def inserted():
    slots = "main before_start after_start before_network_run after_network_run before_end after_end".split()
    with TemporaryDirectory() as folder, standalone(folder, build_on_run=False):
        for slot in slots:
            device.insert_code(slot, f'cout << "{slot}" << endl;  // mine')
        with device.run_function("first"):
            grown()
        device.build()
        said = subprocess.run(["./main"], cwd=folder, check=True, capture_output=True, text=True).stdout.split()
        order = [slots[1], slots[2], slots[0], *slots[3:]]
        assert said == order
        assert Path(folder, "src", "main.cpp").read_text().count("// mine") == len(slots)


@section.often("device.delete(), device.project_dir; directory=None for a temporary one", once=True)
def temporary():
    with standalone(None):
        grown()
        folder = Path(device.project_dir)
        assert (folder / "src" / "main.cpp").is_file()
        device.delete(force=True)
        assert not folder.exists()


@section.must(
    "the rules of standalone scripts are gone: values can be read, set and looped over between runs", once=True
)
def no_rules():
    with standalone(None):
        G = NeuronGroup(2, "v : 1")
        S = Synapses(G, G, "w : 1")
        S.connect()
        S.w[0, :], G.v = 2, "i + 1"
        for _ in range(2):
            run(0.1 * ms)
        assert list(G.v) == [1, 2] and list(S.w) == [2, 2, 0, 0]


@section.often("preferences of standalone programs: openmp_threads, extra_make_args_unix, run_cmd_unix, ...", once=True)
def preferences():
    for (
        name
    ) in """openmp_threads openmp_spatialneuron_strategy extra_make_args_unix extra_make_args_windows make_cmd_unix
                   run_cmd_unix run_environment_variables""".split():
        assert f"devices.cpp_standalone.{name}" in prefs
