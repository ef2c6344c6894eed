"""Generated programs touch no memory but their own and do nothing undefined: they run under the compiler's sanitizers.

Each program is compiled together with a host that holds its memory on the heap, every array exactly as long as it must
be, and ends with the same state as the numpy target.
"""

import copy
import os
import subprocess

import numpy as np
import pytest

from jupyspike import (
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    PopulationRateMonitor,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    ms,
    prefs,
    seed,
)  # fmt: skip
from jupyspike_engine.build.builder import HEADERS
from jupyspike_engine.build.compilers import find_compiler
from jupyspike_engine.plan.nodes import Plan
from jupyspike_engine.targets.cpp.expressions import STORED_TYPES
from jupyspike_engine.targets.cpp.source import cpp_source
from jupyspike_engine.targets.interface import Memory, Status
from jupyspike_engine.targets.numpy.program import NumpyProgram

FLAGS = ("-std=c++17", "-O1", "-g", "-ffp-contract=off", "-pthread", "-fno-sanitize-recover=all")
SANITIZERS = {"memory": "address,undefined,float-cast-overflow", "threads": "thread"}


def plastic():
    """Poisson inputs, delays, synapses in both directions, event-driven variables, all kinds of monitors."""
    inputs = PoissonGroup(13, rates=400 * Hz)
    group = NeuronGroup(
        517, "dv/dt = -v/(10*ms) : 1 (unless refractory)\nn : integer\non : boolean",
        threshold="v > 1", reset="v = 0; n += 1; on = not on", refractory=1 * ms, events={"odd": "n % 2 == 1"},
    )  # fmt: skip
    synapses = Synapses(
        inputs, group[3:500], "w : 1\ndx/dt = -x/(20*ms) : 1 (event-driven)",
        on_pre="v_post += w; x += 1", on_post="w = clip(w + 0.01*x*rand(), 0, 1)", delay=0.7 * ms,
    )  # fmt: skip
    synapses.connect(p=0.3)
    synapses.w = "rand()"
    return [
        inputs, group, synapses, SpikeMonitor(group[5:], variables=["v", "n", "on"]), PopulationRateMonitor(inputs),
        SpikeMonitor(inputs, record=False), StateMonitor(group, ["v", "n", "on"], record=[0, 5, 516]),
        StateMonitor(synapses, "w", record=True, dt=1 * ms),
    ]  # fmt: skip


def noisy():
    """Noise, functions, integer arithmetic, a condition as refractoriness, sizes that are no multiple of a vector."""
    group = NeuronGroup(
        1031,
        "dv/dt = (1.2 - v)/(5*ms) + 0.3*xi/sqrt(5*ms) : 1\nk = (i // 7) % 5 - 2 : integer\nn : integer",
        threshold="v > 1 + 0.01*k", reset="v = exp(-abs(k))*rand() + 0*(k//3)"
        "; n = floor(v*10) % 4 - n // 2 + poisson(2*v) - poisson(50)",
        refractory="v < 0.5 and timestep(t - lastspike, dt) < 20",
    )  # fmt: skip
    return [group, SpikeMonitor(group, variables="k")]


def solving():
    """Steps of their own with all that they keep, an implicit method, multiplied noise, coupled lazy equations."""
    options = {"save_failed_steps": True, "save_step_count": True}
    chosen = NeuronGroup(
        33, "dv/dt = (1 - v**3*(1 + sin(t/ms)))/ms : 1\ndw/dt = v/ms : 1", threshold="v > 0.9", reset="v = 0",
        method="gsl_rk8pd", method_options=options,
    )  # fmt: skip
    implicit = NeuronGroup(17, "dv/dt = u - v**3/ms : 1\ndu/dt = -(u*ms - v)*1e4/ms**2 : hertz", method="rosenbrock")
    noisy = NeuronGroup(9, "dv/dt = -v/ms + v*xi/sqrt(ms) : 1", method="milstein")
    implicit.v = noisy.v = 1
    synapses = Synapses(
        chosen, noisy, "dx/dt = (a - x)/ms : 1 (event-driven)\nda/dt = -a/ms : 1 (event-driven)", on_pre="a += 1"
    )
    synapses.connect()
    return [chosen, implicit, noisy, synapses, StateMonitor(chosen, ["_step_count", "_failed_steps"], record=[0, 32])]


def all_at_once():
    """Every neuron spikes in every step, the history of events is long, a chain of several synapses for each pair."""
    group = NeuronGroup(64, "v : 1", threshold="True")
    synapses = Synapses(group, on_pre="v_post += 1", delay=3 * ms)
    synapses.connect("i == j", n=2)
    return [group, synapses, SpikeMonitor(group)]


def of_many_delays():
    """Delays of single synapses, sums, shared values, single precision, synapses onto synapses, given spikes."""
    group = NeuronGroup(
        97, "dv/dt = (1.3 + level + 0.1*total - v)/(10*ms) : 1\ntotal : 1\nlevel : 1 (shared)\n"
        "drift = level + v*0 : 1 (constant over dt)",
        threshold="v > 1", reset="v = drift*0", dtype={"v": np.float32, "total": np.float32},
    )  # fmt: skip
    group.v = "rand()"
    group.run_regularly("level += 0.01; v += level*0.01", dt=1 * ms)
    synapses = Synapses(
        group, group[10:], "w : 1\ntotal_post = w*v_pre : 1 (summed)", on_pre="v_post += w", on_post="w += 0.001",
    )  # fmt: skip
    synapses.connect(p=0.2)
    synapses.w, synapses.delay, synapses.post.delay = "0.1*rand()", "5*ms*rand()", "2*ms*rand()"
    onto = Synapses(group, synapses, on_pre="w_post += 0.0001*i")
    onto.connect(i=np.arange(97), j=np.arange(97))
    by_delay = Synapses(group, group, "u : 1", on_pre="v_post += u; u *= 0.99")  # to which nothing refers
    by_delay.connect(p=0.3)
    by_delay.u, by_delay.delay = "0.01*rand()", "1*ms*rand()"
    given = SpikeGeneratorGroup(5, [0, 4, 2], [1, 1, 3] * ms, period=4 * ms)
    driven = Synapses(given, group, on_pre="v_post -= 0.1", delay=1 * ms)
    driven.connect(j="i")
    return [group, synapses, onto, by_delay, given, driven, SpikeMonitor(group)]


TYPES = {"float": np.float32, "double": np.float64, "int32_t": np.int32, "int64_t": np.int64, "bool": np.bool_}


class Host:
    """The C++ of a host: fills a jsp_memory from a file, advances in portions of seven steps, writes the arrays out."""

    def __init__(self, plan: Plan, memory: Memory) -> None:
        self.plan, self.memory, self.content = plan, memory, b""

    def array(self, values, kind):
        """A new array on the heap, exactly as long as the values, which it reads from the file."""
        self.content += np.ascontiguousarray(values, TYPES[kind]).tobytes()
        return f"take<{kind}>({len(values)})"

    def source(self) -> str:
        plan, memory = self.plan, self.memory
        together = dict.fromkeys(a.beside for a in plan.arrays if a.beside)  # their values lie side by side
        blocks = [self.array(np.ravel([memory.arrays[name] for name in names], "F"), "double") for names in together]
        arrays = [
            f"blocks[{list(together).index(a.beside)}] + {a.beside.index(a.name)}" if a.beside
            else self.array(memory.arrays[a.name], STORED_TYPES[a.storage]) for a in plan.arrays
        ]  # fmt: skip
        clocks = [f"{{{c.step}, {c.end}, {float(c.dt).hex()}}}" for c in memory.clocks]
        domains, events, pathways, recorders = [], [], [], []
        for domain in (memory.domains[d.name] for d in plan.domains):
            ends = [self.array(end, "int32_t") if end is not None else "nullptr" for end in (domain.pre, domain.post)]
            cuts = self.array(domain.cuts, "int64_t")
            domains.append(f"{{{domain.size}, {ends[0]}, {ends[1]}, {domain.stream}u, 0, {cuts}}}")
        for event in plan.events:
            history = memory.events[event.name]
            room = 3 * (history.depth + 1) * memory.domains[event.domain].size
            ends = [f"new int64_t[{history.depth}]()" for _ in range(2)]
            events.append(
                f"{{new int32_t[{room}], {room}, 0, {ends[0]}, {ends[1]}, {history.depth}, {self.given(history)}, "
                f"new int64_t[{memory.parts}]}}"
            )
        for pathway in plan.pathways:
            rows = memory.pathways[pathway.name]
            starts = self.array(rows.starts, "int64_t")
            synapses = "nullptr" if rows.synapses is None else self.array(rows.synapses, "int32_t")
            kinds = {"delays": "int64_t", "segments": "int32_t", "segment_delays": "int32_t"}
            arrays_of = {name: getattr(rows, name) for name in kinds}
            delays, segments, segment_delays = (
                "nullptr" if values is None else self.array(values, kinds[name]) for name, values in arrays_of.items()
            )
            pathways.append(
                f"{{{starts}, {synapses}, {rows.first}, {len(rows.starts) - 1}, {delays}, {len(rows.delays)}, "
                f"{segments}, {segment_delays}, {rows.since}, nullptr, nullptr, 0, {self.division(rows.division)}}}"
            )
        for recorder in plan.recorders:
            recorders.append(self.recorder(recorder.kind, memory.recorders[recorder.name]))
        parameters = self.array(memory.parameters, "double")
        writes = "\n".join(
            f"    give(({STORED_TYPES[a.storage]} *)m.arrays[{k}], {len(memory.arrays[a.name])}, {a.stride});"
            for k, a in enumerate(plan.arrays)
        )
        return f"""
#include <stdio.h>
#include "jupyspike_team.h"
template <class T> T *take(int64_t size) {{
    T *values = new T[size];
    if ((int64_t)fread(values, sizeof(T), size, stdin) != size) throw size;
    return values;
}}
template <class T> void give(const T *values, int64_t size, int64_t stride) {{
    for (int64_t k = 0; k < size; ++k) fwrite(values + stride * k, sizeof(T), 1, stdout);
}}
int main() {{
    double *blocks[] = {{{", ".join(blocks) or "nullptr"}}};
    (void)blocks;
    void *arrays[] = {{{", ".join(arrays)}}};
    jsp_clock clocks[] = {{{", ".join(clocks)}}};
    jsp_domain domains[] = {{{", ".join(domains)}}};
    jsp_events events[] = {{{", ".join(events) or "{}"}}};
    jsp_pathway pathways[] = {{{", ".join(pathways) or "{}"}}};
    jsp_recorder recorders[] = {{{", ".join(recorders) or "{}"}}};
    jsp_memory m = {{JUPYSPIKE_INTERFACE, 0, {memory.seed}ull, {parameters}, arrays, clocks, domains, events,
                    pathways, recorders, 0, nullptr, nullptr, {memory.parts}}};
    int32_t status;
    while ((status = jsp_advance_together(jupyspike_advance, &m, 7, {memory.parts})) != JSP_DONE) {{
        if (status == JSP_FULL)
            for (jsp_recorder &r : recorders) r.count = 0;
        else if (status != JSP_BUDGET)
            return 1;
    }}
{writes}
}}
"""

    def division(self, division) -> str:
        if division is None:
            return "nullptr, nullptr, nullptr"
        kinds = {"splits": "int32_t", "owners": "int32_t", "cuts": "int64_t"}
        arrays = {name: getattr(division, name) for name in kinds}
        return ", ".join(
            "nullptr" if values is None else self.array(np.ravel(values), kinds[name])
            for name, values in arrays.items()
        )

    def given(self, history) -> str:
        if history.given is None:
            return "nullptr, nullptr, 0, 0"
        steps, elements = self.array(history.given.steps, "int64_t"), self.array(history.given.elements, "int32_t")
        return f"{steps}, {elements}, {len(history.given.steps)}, {history.given.period}"

    def recorder(self, kind, recordings) -> str:
        size = len(recordings.elements) if recordings.elements is not None else recordings.size
        capacity = 2 * size if kind == "events" else 5
        width = size if kind == "state" else 1
        columns = ", ".join(f"new double[{capacity * width}]" for _ in recordings.buffer.columns)
        times = f"new double[{capacity}]" if recordings.keep_rows else "nullptr"
        elements = "nullptr" if recordings.elements is None else self.array(recordings.elements, "int32_t")
        return (
            f"{{{capacity}, 0, {times}, new int32_t[{capacity}], new double *[]{{{columns or 'nullptr'}}}, "
            f"new int64_t[{max(1, size)}](), {elements}, {recordings.first}, {recordings.size}}}"
        )


@pytest.mark.parametrize("looking_at", SANITIZERS)
@pytest.mark.parametrize("make", [plastic, noisy, solving, all_at_once, of_many_delays])
def test_a_program_of_three_threads_runs_clean_and_ends_as_numpy_does(make, looking_at, tmp_path):
    compiler = find_compiler()
    if compiler is None or compiler.kind == "msvc":
        pytest.skip("the sanitizers are those of gcc and clang")
    prefs.codegen.target, prefs.engine.threads = "cpp", 3
    seed(51)
    network = Network(make())
    prepared = network.prepare(20 * ms, {})
    plan, memory = prepared.compiled.plan, prepared.simulation.memory
    meant = copy.deepcopy(memory)
    while NumpyProgram(plan).advance(meant, 10**6) == Status.FULL:
        for recordings in meant.recorders.values():
            recordings.buffer.count = 0
    host = Host(plan, memory)
    (tmp_path / "host.cpp").write_text(cpp_source(plan).text + host.source())
    flags = [*FLAGS, f"-fsanitize={SANITIZERS[looking_at]}"]
    command = [*compiler.command, *flags, f"-I{HEADERS}", "host.cpp", "-o", "host"]
    subprocess.run(command, cwd=tmp_path, check=True, env=compiler.variables())
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=1"}
    run = subprocess.run([tmp_path / "host"], input=host.content, capture_output=True, env=environment)
    assert run.returncode == 0, run.stderr.decode()
    assert not run.stderr
    begin = 0
    for array in plan.arrays:
        values = meant.arrays[array.name]
        found = np.frombuffer(run.stdout, values.dtype, len(values), begin)
        begin += found.nbytes
        if values.dtype.kind == "f":
            near = 1e-12 if values.dtype == np.float64 else 1e-6
            np.testing.assert_allclose(found, values, rtol=near, atol=near, err_msg=array.name)
        else:
            np.testing.assert_array_equal(found, values, err_msg=array.name)
    assert begin == len(run.stdout)
