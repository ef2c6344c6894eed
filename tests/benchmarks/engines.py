"""Engines side by side: the same networks in jupyspike, brian2 (in the process, and standalone) and NEST.

``python tests/benchmarks/engines.py`` prints a table and keeps it in ``results/`` with all samples and two pictures:
the times, and how they grow with the network. ``make bench`` runs it too.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from report import load, machine, number
from sides import HERE, ProgramError, Side, peer_python


@dataclass(frozen=True)
class Engine:
    """A way to simulate: whose program runs, in which library, with which variables of the environment."""

    name: str
    library: str
    program: str = "run_engine.py"
    settings: Mapping[str, str] = field(default_factory=dict)


def with_threads(name: str, library: str, program: str = "run_engine.py", **settings: str) -> tuple[Engine, Engine]:
    one, two = ({**settings, "BENCHMARK_THREADS": str(n)} for n in (1, 2))
    return Engine(f"{name}, 1 thread", library, program, one), Engine(f"{name}, 2 threads", library, program, two)


ENGINES = (
    *with_threads("jupyspike", "jupyspike"),
    Engine("brian2, cython", "brian2"),
    *with_threads("brian2, standalone", "brian2", BENCHMARK_DEVICE="cpp_standalone"),
    *with_threads("NEST", "nest", "run_nest.py"),
)
# Name for the reader, model, neurons, runs of a second; engines that cannot do it, or take minutes, are left out.
WORKS: tuple[tuple[str, str, int, int, tuple[str, ...]], ...] = (
    ("CUBA, 4,000 neurons", "cuba", 4000, 5, ()),
    ("COBAHH, 4,000 neurons", "cobahh", 4000, 5, ()),
    ("STDP, 100,000 synapses", "stdp", 1000, 5, ("nest",)),
    ("CUBA, 16,000 neurons", "cuba", 16_000, 5, ("brian2, cython",)),
    ("CUBA, 64,000 neurons", "cuba", 64_000, 5, ("brian2, cython", "nest")),
)
LOOP = "its loop alone"  # of a program that is started, reads, simulates and writes
Times = dict[str, dict[str, list[float]]]


def measured(works: list[tuple[str, str, int, int, tuple[str, ...]]], sides: Mapping[str, Side], times: int) -> Times:
    """The wall times of all works by all engines, one process after the other."""
    results: Times = {}
    for title, model, neurons, runs, without in works:
        results[title] = {}
        for engine in ENGINES:
            side = sides.get(engine.library)
            if side is None or engine.name in without or engine.library in without:
                continue
            print(f"==> {title}: {engine.name}", end=" ", flush=True)
            arguments = (model, str(neurons), str(times or runs))
            try:
                answer = side.measure(engine.program, arguments, side.empty_cache(), engine.settings)
            except ProgramError as problem:
                print(f"failed: {str(problem).splitlines()[-1]}")
                continue
            results[title][engine.name] = answer["run"][1]
            if "loop" in answer:
                results[title][f"{engine.name}: {LOOP}"] = answer["loop"][1]
            spikes = median(answer["spikes"][1])
            print(f"{median(answer['run'][1]):.3f} s, {spikes:.0f} spikes [load {load()}]", flush=True)
    return results


def table(results: Times) -> str:
    """Medians with their range; in brackets how many times slower than jupyspike with one thread."""
    possible = [name for engine in ENGINES for name in (engine.name, f"{engine.name}: {LOOP}")]
    names = [name for name in possible if any(name in of_work for of_work in results.values())]
    lines = [("1 s of model time at 0.1 ms", *names), ("---",) * (len(names) + 1)]
    for title, times in results.items():
        ours = times.get("jupyspike, 1 thread")
        cells = []
        for name in names:
            samples = times.get(name)
            if not samples:
                cells.append("-")
                continue
            spread = f"{number(median(samples))} s ({number(min(samples))}..{number(max(samples))})"
            ratio = f" [{number(median(samples) / median(ours))}]" if ours else ""
            cells.append(spread + ratio)
        lines.append((title, *cells))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def pictures(results: Times, stem: Path) -> None:
    """Times of all engines, and time by size."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (bars, growth) = plt.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    colours = dict(zip((e.name for e in ENGINES), plt.rcParams["axes.prop_cycle"].by_key()["color"], strict=False))
    width = 0.8 / len(ENGINES)
    for k, engine in enumerate(ENGINES):
        found = [(n, median(t[engine.name])) for n, t in enumerate(results.values()) if engine.name in t]
        bars.bar([n + k * width for n, _ in found], [t for _, t in found], width, color=colours[engine.name],
                 label=engine.name)  # fmt: skip
        sizes = [(neurons, median(results[title][engine.name]) / neurons * 1e5) for title, model, neurons, *_ in WORKS
                 if model == "cuba" and engine.name in results.get(title, {}) and neurons > 4000]  # fmt: skip
        if sizes:
            growth.loglog(*zip(*sizes, strict=True), "o-", color=colours[engine.name])
    bars.set(yscale="log", ylabel="wall time of 1 s (s)")
    titles = [title.replace(", ", "\n") for title in results]
    bars.set_xticks([n + 0.4 for n in range(len(results))], titles, fontsize=8)
    growth.set(ylabel="ns per neuron and step")
    growth.set_xlabel("neurons (CUBA, 1,000 synapses each)")
    figure.legend(*bars.get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=8)
    figure.savefig(stem.with_suffix(".png"), dpi=130)


def main() -> int:
    parser = argparse.ArgumentParser(prog="engines", description=__doc__)
    parser.add_argument("work", nargs="*", help="parts of the names of the works to be done; all by default")
    parser.add_argument("--times", type=int, default=0, help="runs of each, in place of five")
    parser.add_argument("--alone", action="store_true", help="run jupyspike only")
    wanted = parser.parse_args()
    works = [work for work in WORKS if not wanted.work or any(part in work[0] for part in wanted.work)]
    peer = None if wanted.alone else peer_python()
    with tempfile.TemporaryDirectory(prefix="engines-", ignore_cleanup_errors=True) as folder:
        pythons = {"jupyspike": sys.executable} | ({"brian2": peer, "nest": peer} if peer else {})
        sides = {library: Side(library, python, Path(folder)) for library, python in pythons.items()}
        began = time.strftime("%Y-%m-%d-%H%M")
        results = measured(works, sides, wanted.times)
    text = f"- machine: {machine()}\n- {began}, load at the end {load()}\n\n{table(results)}\n"
    print(f"\n{text}")
    (HERE / "results").mkdir(exist_ok=True)
    stem = HERE / "results" / f"engines-{began}"
    stem.with_suffix(".md").write_text(text, encoding="utf-8")
    stem.with_suffix(".json").write_text(json.dumps(results), encoding="utf-8")
    pictures(results, stem)
    return 0


if __name__ == "__main__":
    sys.exit(main())
