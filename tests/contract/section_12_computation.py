"""How networks are computed."""

from pathlib import Path
from tempfile import TemporaryDirectory

from proofs import Section
from pytest import MonkeyPatch, warns

from jupyspike import *

section = Section("12. user/computation")


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


@section.must("device.build() writes a program of its own, which runs without Python", once=True)
def standalone_project():
    with TemporaryDirectory() as folder:
        set_device("cpp_standalone", directory=folder)
        try:
            grown()
        finally:
            set_device("runtime")
        assert list(Path(folder).rglob("*.cpp"))


@section.often("device.run() again with other values: run_args, results_directory, apply_run_args()", once=True)
def run_args():
    with TemporaryDirectory() as folder:
        set_device("cpp_standalone", directory=folder)
        try:
            G = NeuronGroup(1, "dv/dt = gain/ms : 1\ngain : 1")
            run(1 * ms)
            device.run(run_args={G.gain: 5})
            assert allclose(G.v, 5)
        finally:
            set_device("runtime")


@section.often("device.insert_code() and run_function", once=True)
def inserted():
    with TemporaryDirectory() as folder:
        set_device("cpp_standalone", directory=folder, build_on_run=False)
        try:
            device.insert_code("main", "// mine")
            grown()
            device.build()
            assert any("// mine" in path.read_text() for path in Path(folder).rglob("*.cpp"))
        finally:
            set_device("runtime")


@section.often("device.delete(), device.project_dir; directory=None for a temporary one", once=True)
def temporary():
    set_device("cpp_standalone", directory=None)
    try:
        grown()
        assert Path(device.project_dir).is_dir()
        device.delete(force=True)
    finally:
        set_device("runtime")


@section.must(
    "the rules of standalone scripts are gone: values can be read, set and looped over between runs", once=True
)
def no_rules():
    set_device("cpp_standalone", directory=None)
    try:
        G = NeuronGroup(2, "v : 1")
        S = Synapses(G, G, "w : 1")
        S.connect()
        S.w[0, :], G.v = 2, "i + 1"
        for _ in range(2):
            run(0.1 * ms)
        assert list(G.v) == [1, 2] and list(S.w) == [2, 2, 0, 0]
    finally:
        set_device("runtime")


@section.often("preferences of standalone programs: openmp_threads, extra_make_args_unix, run_cmd_unix, ...", once=True)
def preferences():
    for (
        name
    ) in """openmp_threads openmp_spatialneuron_strategy extra_make_args_unix extra_make_args_windows make_cmd_unix
                   run_cmd_unix run_environment_variables""".split():
        assert f"devices.cpp_standalone.{name}" in prefs
