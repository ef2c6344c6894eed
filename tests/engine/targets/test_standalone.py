"""Exported networks: C++17 projects that need no Python and give the same bits."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from jupyspike import (
    Hz,
    Network,
    NetworkOperation,
    NeuronGroup,
    PoissonGroup,
    PoissonInput,
    PopulationRateMonitor,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    TimedArray,
    check_units,
    collect,
    implementation,
    magic_network,
    ms,
    mV,
    prefs,
    run,
    second,
    seed,
    start_scope,
)  # fmt: skip
from jupyspike_engine.build.compilers import find_compiler, working_compilers
from jupyspike_engine.diagnostics import ArgumentError, MissingFileError

STRICT = "-O1 -Wall -Wextra -Werror"


def built(folder: Path, flags: str = STRICT, compiler=None) -> Path:
    """Build an exported project with make."""
    compiler = compiler or find_compiler()
    if compiler is None or compiler.kind == "msvc" or shutil.which("make") is None:
        pytest.skip("make with g++ or clang++ is needed to build a project as its README says")
    command = ["make", "-s", "-j2", f"CXX={' '.join(compiler.command)}", f"CXXFLAGS={flags}"]
    answer = subprocess.run(command, cwd=folder, env=compiler.variables(), capture_output=True, text=True)
    assert answer.returncode == 0 and not answer.stderr, answer.stderr
    return folder


def simulated(folder: Path, *options: str) -> Path:
    """Run a program without any environment; returns the folder of its results."""
    command = ["/usr/bin/env", "-i", "./main", "--output", "results", *options]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert answer.returncode == 0 and not answer.stderr, answer.stderr
    return folder / "results"


def refused(folder: Path, *options: str) -> str:
    """What a program says to options that are wrong."""
    answer = subprocess.run(["./main", *options], cwd=folder, capture_output=True, text=True)
    assert answer.returncode == 2 and not answer.stdout
    return answer.stderr


def rows_of(network: Network) -> dict[str, int]:
    return {item.name: item.recording.rows for item in network.objects if hasattr(item, "recording")}


def assert_same(results: Path, network: Network, before: dict[str, int] | None = None) -> None:
    """All results are those of a run in this process, bit by bit; ``before`` it the monitors had some rows."""
    compared = 0
    for item in network.objects:
        files = {path.stem: np.load(path) for path in (results / item.name).glob("*.npy")}
        if item.name in rows_of(network):
            rows = item.recording.since((before or {}).get(item.name, 0))[0]
            expected = {"t": rows.times, "i": rows.indices, **dict(zip(item.columns, rows.columns, strict=True))}
        else:
            expected = getattr(item, "arrays", {})
        for name in files.keys() & expected.keys():
            assert files[name].dtype == expected[name].dtype, f"{item.name}.{name}"
            shape = expected[name].shape
            np.testing.assert_array_equal(files[name].reshape(shape), expected[name], f"{item.name}.{name}")
            compared += 1
    assert compared > 2


def balanced() -> Network:
    """Excitation and inhibition with delays of their own (Vogels and Abbott 2005), 64,000 neurons."""
    cells = NeuronGroup(
        64_000,
        """dv/dt = (ge + gi - (v - El))/taum : volt (unless refractory)
           dge/dt = -ge/taue : volt
           dgi/dt = -gi/(10*ms) : volt""",
        threshold="v > Vt", reset="v = Vr", refractory=5 * ms, method="exact", name="cells",
        namespace={"taum": 20 * ms, "taue": 5 * ms, "El": -49 * mV, "Vt": -50 * mV, "Vr": -60 * mV},
    )  # fmt: skip
    cells.v = "Vr + rand()*(Vt - Vr)"
    excitation = Synapses(cells[:51_200], cells, on_pre="ge += w", name="exc", namespace={"w": 1.62 * mV})
    inhibition = Synapses(cells[51_200:], cells, on_pre="gi -= w", delay=0.3 * ms, name="inh", namespace={"w": 9 * mV})
    excitation.connect(p=2e-4)
    inhibition.connect(p=2e-4)
    excitation.delay = "0.1*ms + rand()*2*ms"
    return Network(cells, excitation, inhibition, SpikeMonitor(cells, name="spikes"))


@pytest.fixture(scope="module")
def balanced_project(tmp_path_factory):
    """A project written in the middle of a simulation, and the network in this process, at the same end."""
    prefs.codegen.target = "cpp"
    seed(5)
    network = balanced()
    network.run(5 * ms)
    before = rows_of(network)
    written = tmp_path_factory.mktemp("written") / "balanced"
    network.export(written, 10 * ms, threads=2)
    network.run(10 * ms)
    return built(written.rename(written.parent / "moved")), network, before


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_64000_neurons_give_the_same_bits_with_any_number_of_threads(balanced_project, threads):
    folder, network, before = balanced_project
    results = simulated(folder, "--threads", str(threads))
    assert_same(results, network, before)
    assert np.load(results / "spikes" / "count.npy").sum() == network["spikes"].N - before["spikes"] > 1000
    told = (results / "run.txt").read_text()
    assert f"threads = {threads}" in told and "seed = 5" in told and "compiler = " in told
    assert (results / "provenance.json").read_text() == (folder / "provenance.json").read_text()


def test_a_time_constant_is_changed_as_in_python_and_nothing_is_built(balanced_project):
    folder, _, _ = balanced_project
    built_at = (folder / "main").stat().st_mtime_ns
    prefs.codegen.target = "cpp"
    seed(5)
    network = balanced()
    network.run(5 * ms)
    before = rows_of(network)
    network["cells"].namespace.update(taum=15 * ms, taue=7 * ms)
    network.run(10 * ms)
    assert_same(simulated(folder, "--set", "taum=0.015", "--set", "cells.taue=0.007"), network, before)
    assert (folder / "main").stat().st_mtime_ns == built_at


def test_it_says_what_it_is_and_what_can_be_set(balanced_project):
    folder, _, _ = balanced_project
    readme = (folder / "README.md").read_text()
    assert "dv/dt = (ge + gi - (v - El))/taum : volt (unless refractory)" in readme
    assert "threshold: v > Vt" in readme and "64,000 neurons" in readme
    parameters = (folder / "data" / "parameters.txt").read_text()
    assert "cells.taum = 0.02  # second, constant of cells\n" in parameters
    assert "literal" not in parameters  # numbers in equations are parts of them
    assert "-1/(10*ms) in the text of cells" in (folder / "src" / "network.cpp").read_text()
    provenance = json.loads((folder / "provenance.json").read_text())
    assert provenance["seed"] == 5 and provenance["numpy"] == np.__version__ and "cells" in provenance["models"]
    listed = subprocess.run(["./main", "--list"], cwd=folder, capture_output=True, text=True).stdout
    assert "exc.w = 0.00162" in listed and "cells.v  # volt, 64000 values" in listed and "spikes  # events" in listed
    helped = subprocess.run(["./main", "--help"], cwd=folder, capture_output=True, text=True).stdout
    assert "--set NAME=VALUE" in helped


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--set", "taun=0.01"], "there is no constant or variable 'taun'; did you mean 'taum'?"),
        (["--set", "cells.V=0"], "did you mean 'cells.v'?"),
        (["--set", "taum=20ms"], "--set taum: expected a number in SI units, found '20ms'"),
        (["--set", "taum"], "--set expects NAME=VALUE, found 'taum'"),
        (["--set", "cells.refractory_until=0"], "it follows from the network and cannot be set"),
        (["--set", "cells.v=none.npy"], "the file none.npy cannot be read"),
        (["--set", "cells.v=README.md"], "README.md is not a .npy file"),
        (["--set", "cells.v=data/arrays/other.npy"], "expected 64000 values (or one for all), found 3"),
        (["--set", "cells.not_refractory=2"], "2 cannot be a value of the type '|b1'"),
        (["--thread", "2"], "there is no option '--thread'; did you mean '--threads'?"),
        (["--threads", "0"], "--threads expects a whole number from 1 to 256, found '0'"),
        (["--seed", "-1"], "--seed expects a whole number below 2**64, found '-1'"),
        (["--duration", "long"], "--duration expects seconds, found 'long'"),
        (["--duration"], "the option --duration needs a value"),
        (["--data", "elsewhere"], "elsewhere/layout.txt cannot be read"),
    ],
)
def test_what_is_wrong_is_said(balanced_project, options, problem):
    folder, _, _ = balanced_project
    np.save(folder / "data" / "arrays" / "other.npy", np.zeros(3))
    assert problem in refused(folder, *options)


def varied() -> Network:
    """Plasticity, inputs of all kinds, clocks of all kinds, propagators of each element, all kinds of monitors."""
    drive = TimedArray([0.5, 1.5, 2.5, 0.1], dt=4 * ms)
    group = NeuronGroup(
        517, "dv/dt = (drive(t)*gain + u - v)/tau_own : 1 (unless refractory)\ndu/dt = -u/tau : 1\n"
        "tau_own : second\nn : integer\non : boolean",
        threshold="v > 1", reset="v = 0; n += 1; on = not on", refractory=1 * ms, events={"odd": "n % 2 == 1"},
        name="group", method="exact", namespace={"drive": drive, "gain": 2.0, "tau": 10 * ms},
    )  # fmt: skip
    group.tau_own = "(5 + 5*rand())*ms"
    group.run_at("u += 0.1", times=[1, 2.5, 12] * ms)
    inputs, given = (
        PoissonGroup(13, rates=400 * Hz, name="inputs"),
        SpikeGeneratorGroup(3, [0, 1, 2], [1, 2, 3] * ms, period=5 * ms, name="given"),
    )
    plastic = Synapses(
        inputs, group[3:500], "w : 1\ndx/dt = -x/(20*ms) : 1 (event-driven)", on_pre="u_post += w; x += 1",
        on_post="w = clip(w + 0.01*x*rand(), 0, 1)", delay=0.7 * ms, name="plastic",
    )  # fmt: skip
    plastic.connect(p=0.3)
    plastic.w = "0.1*rand()"
    plain = Synapses(given, group, on_pre="v += 0.1", name="plain")
    plain.connect(p=0.5)
    plain.delay = "rand()*3*ms"
    return Network(
        group, inputs, given, plastic, plain, PoissonInput(group[10:20], "u", 20, 30 * Hz, weight=0.01, name="noise"),
        SpikeMonitor(group[5:], variables=["v", "n", "on"], name="spikes"), PopulationRateMonitor(inputs, name="rate"),
        SpikeMonitor(inputs, record=False, name="counts"),
        StateMonitor(group, ["v", "n", "on"], record=[0, 5, 516], name="states"),
        StateMonitor(plastic, "w", record=True, dt=1 * ms, name="weights"),
        StateMonitor(group, "v", record=[], name="nothing"),
    )  # fmt: skip


def a_run_of(duration, change=lambda network: None) -> Network:
    prefs.codegen.target = "cpp"
    seed(51)
    network = varied()
    change(network)
    network.run(duration)
    return network


@pytest.mark.parametrize("sanitizer", ["address,undefined,float-cast-overflow", "thread"])
def test_it_runs_clean_under_sanitizers_and_values_change_as_in_python(sanitizer, tmp_path):
    seed(51)
    varied().export(tmp_path / "varied", 15 * ms)
    folder = built(tmp_path / "varied", f"-O0 -fsanitize={sanitizer} -fno-sanitize-recover=all")
    assert_same(simulated(folder, "--threads", "3"), a_run_of(15 * ms))
    if sanitizer == "thread":
        return
    values = np.linspace(0, 0.9, 517)
    np.save(folder / "values.npy", values)
    np.save(folder / "drive.npy", np.array([1.0, 2.0, 3.0, 0.5]))
    for options, change in (
        (["--set", "gain=3", "--set", "noise.rate=90"], lambda net: set_constants(net)),
        (["--set", "group.v=values.npy", "--set", "plastic.w=0.25"], lambda net: set_variables(net, values)),
        (["--set", "drive=drive.npy"], lambda net: net["group"].namespace.update(
            drive=TimedArray([1.0, 2.0, 3.0, 0.5], dt=4 * ms))),
        (["--set", "group.tau=0.005"], lambda net: net["group"].namespace.update(tau=5 * ms)),
        (["--set", "group.tau_own=0.007"], lambda net: setattr(net["group"], "tau_own", 7 * ms)),
        (["--seed", "7"], lambda net: seed(7)),
    ):  # fmt: skip
        assert_same(simulated(folder, *options), a_run_of(15 * ms, change))
    assert_same(simulated(folder, "--duration", "0.0213"), a_run_of(21.3 * ms))


def set_constants(network: Network) -> None:
    network["group"].namespace["gain"] = 3.0
    network["noise"].rate = 90 * Hz


def set_variables(network: Network, values) -> None:
    network["group"].v = values
    network["plastic"].w = 0.25


def test_clang_builds_it_with_all_warnings_as_errors_and_the_same_bits(tmp_path):
    clang = next((c for c in working_compilers() if c.kind == "clang"), None)
    if clang is None:
        pytest.skip("there is no clang++ on this machine")
    seed(51)
    varied().export(tmp_path / "varied", 5 * ms)
    assert_same(simulated(built(tmp_path / "varied", compiler=clang)), a_run_of(5 * ms))


def test_cmake_builds_it_too(tmp_path):
    compiler = find_compiler()
    if shutil.which("cmake") is None or compiler is None:
        pytest.skip("there is no cmake, or no compiler, on this machine")
    seed(51)
    varied().export(tmp_path / "varied", 5 * ms)
    folder, flags = tmp_path / "varied", "-O0 -Wall -Wextra -Werror" if compiler.kind != "msvc" else ""
    chosen = [f"-DCMAKE_CXX_COMPILER={compiler.command[0]}", f"-DCMAKE_CXX_FLAGS={flags}"]
    for command in (["cmake", "-B", "build", ".", *chosen], ["cmake", "--build", "build"]):
        answer = subprocess.run(command, cwd=folder, env=compiler.variables(), capture_output=True, text=True)
        assert answer.returncode == 0, answer.stdout + answer.stderr
    assert_same(simulated(folder), a_run_of(5 * ms))


def test_functions_take_their_cpp_along(tmp_path):
    library = tmp_path / "library"
    library.mkdir()
    (library / "parts.h").write_text("double part(double x, double n);\n")
    (library / "parts.cpp").write_text("double part(double x, double n) { return x / n; }\n")

    @implementation(
        "cpp", "double half(double x) { return std::max(part(x, TWO), 0.0); }", headers=['"parts.h"'],
        include_dirs=[str(library)], sources=[str(library / "parts.cpp")], define_macros=[("TWO", "2")],
    )  # fmt: skip
    @check_units(x=1, result=1)
    def half(x):
        return np.maximum(x / 2, 0)

    prefs.codegen.target = "cpp"
    group = NeuronGroup(3, "dv/dt = half(3 - v)/ms : 1", name="group", method="euler")
    network = Network(group)
    network.export(tmp_path / "half", 2 * ms)
    network.run(2 * ms)
    shutil.rmtree(library)
    found = np.load(simulated(built(tmp_path / "half")) / "group" / "v.npy")
    np.testing.assert_array_equal(found, group.v[:])


def test_what_is_written_in_python_cannot_leave(tmp_path):
    @check_units(x=1, result=1)
    def twice(x):
        return 2 * x

    group = NeuronGroup(1, "dv/dt = twice(v)/ms : 1", method="euler")
    network = Network(group, NetworkOperation(lambda: None, name="watcher"))
    with pytest.raises(
        ArgumentError, match=r"'watcher' cannot be exported: it is a function in Python(.*\n)*.*'twice'"
    ):
        network.export(tmp_path / "refused", 1 * ms)
    assert not (tmp_path / "refused").exists()


def test_other_files_are_left_alone_and_an_earlier_project_is_replaced(tmp_path):
    network = Network(NeuronGroup(1, "v : 1", name="group"))
    (tmp_path / "README.md").write_text("mine")
    with pytest.raises(ArgumentError, match=r"holds other files that would be replaced\n.*README.md"):
        network.export(tmp_path, 1 * ms)
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    (tmp_path / "README.md").rename(tmp_path / "notes.txt")
    for duration in (1 * ms, 2 * ms):
        network.export(tmp_path, duration)
    assert json.loads((tmp_path / "provenance.json").read_text())["duration"] == 0.002
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_what_goes_wrong_in_a_run_is_said(tmp_path):
    options = {"max_steps": 20}
    steep = NeuronGroup(3, "dv/dt = v**3/ms : 1", method="gsl_rkf45", method_options=options, name="steep")
    growing = NeuronGroup(2, "du/dt = u**2/ms : 1", method="euler", name="growing")
    steep.v, growing.u = [0, 1, 0], [0, 50]
    Network(steep, growing).export(tmp_path / "project", 10 * ms)
    folder = built(tmp_path / "project", "-O0")
    failing = subprocess.run(["./main"], cwd=folder, capture_output=True, text=True)
    assert failing.returncode == 1
    assert "gsl_rkf45 could not keep the errors of v of steep[1] within their bounds" in failing.stderr
    assert "ended at t = 0.0005 s" in failing.stderr and np.load(folder / "results" / "steep" / "v.npy")[0] == 0
    growing = subprocess.run(["./main", "--set", "steep.v=0"], cwd=folder, capture_output=True, text=True)
    assert growing.returncode == 0 and "growing.u[1] is inf at the end" in growing.stderr


def test_a_full_disk_or_a_kill_leaves_files_that_are_whole_and_never_taken_for_all_results(tmp_path):
    resource = pytest.importorskip("resource", reason="the sizes of files cannot be limited there")
    group = NeuronGroup(40, "dv/dt = (i + 1)*Hz : 1", threshold="v > 1", reset="v = 0", name="group")
    trace = StateMonitor(group, "v", record=True, name="trace")
    few = SpikeMonitor(group, name="few")
    network = Network(group, trace, few)
    network.export(tmp_path, 2 * second)
    folder = built(tmp_path, "-O0")
    whole = simulated(folder)
    assert (whole / "run.txt").is_file()

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

    full = subprocess.run(["./main"], cwd=folder, preexec_fn=limited, capture_output=True, text=True)
    said = "trace/v.npy cannot be written: File too large; the run ended at t = "
    assert full.returncode == 1 and said in full.stderr
    assert_begun(whole)
    with pytest.raises(MissingFileError):
        network.show_results(whole)

    with subprocess.Popen(["./main", "--duration", "100000", "--output", "killed"], cwd=folder) as process:
        while not (rows := folder / "killed" / "trace" / "v.npy").exists() or rows.stat().st_size < 2_000_000:
            assert process.poll() is None
        process.kill()
    assert_begun(folder / "killed")


def assert_begun(results: Path) -> None:
    """What is there of a trace and of spikes is right, from the start on, and not taken for all."""
    times, values, spikes = (np.load(results / name) for name in ("trace/t.npy", "trace/v.npy", "few/t.npy"))
    rows = min(len(times), len(values))  # one file may have been written when the other was not yet
    assert rows > 0
    np.testing.assert_allclose(times, 1e-4 * np.arange(len(times)), atol=1e-9)
    np.testing.assert_allclose(values[:rows][times[:rows] < 1, 0], times[:rows][times[:rows] < 1], atol=1e-9)
    assert (np.diff(spikes) >= 0).all() and not (results / "run.txt").exists()


def test_a_network_goes_on_after_it_was_exported_as_if_it_had_not_been(tmp_path):
    prefs.codegen.target = "cpp"
    expected = a_run_of(6 * ms)
    network = a_run_of(2 * ms)
    program = network.last.compiled.program
    network.export(tmp_path / "exported", 1 * ms)
    network.run(4 * ms)
    assert network.last.compiled.program is program
    np.testing.assert_array_equal(network["group"].v[:], expected["group"].v[:])
    np.testing.assert_array_equal(network["spikes"].i, expected["spikes"].i)


def test_what_was_run_by_name_can_be_exported_and_goes_on(tmp_path):
    start_scope()
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", method="euler", name="group")
    run(1 * ms)
    Network(collect()).export(tmp_path / "later", 1 * ms)
    assert group.t == 1 * ms and np.load(tmp_path / "later" / "data" / "arrays" / "group.v.npy")[0] == group.v[0]
    run(1 * ms)
    np.testing.assert_allclose(group.v[:], 2)


def test_what_is_visible_is_exported_by_name_before_anything_has_run_and_shows_the_results(tmp_path):
    start_scope()
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v > 1", reset="v = 0", method="euler", name="group")
    spikes = SpikeMonitor(group, name="spikes")
    magic_network.export(tmp_path, 5 * ms)
    simulated(built(tmp_path, "-O0"))
    start_scope()
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v > 1", reset="v = 0", method="euler", name="group")
    spikes = SpikeMonitor(group, name="spikes")
    magic_network.show_results(tmp_path / "results")
    np.testing.assert_allclose(spikes.t / ms, [1, 2.1, 3.2, 4.3])


@pytest.mark.parametrize("threads", [0, 1.5, True, "2"])
def test_the_number_of_threads_is_checked(threads, tmp_path):
    with pytest.raises(ArgumentError, match="threads must be a whole number"):
        Network(NeuronGroup(1, "v : 1")).export(tmp_path / "new", 1 * ms, threads=threads)
