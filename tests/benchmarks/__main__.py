"""Benchmarks: jupyspike beside brian2, in one session, process by process in turn. ``make bench`` runs them all.

They judge nothing: they print what was measured, and keep it in ``results/`` as a table and with every sample.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from report import Results, load, machine, table
from scenarios import SCENARIOS, Scenario
from sides import HERE, ProgramError, Side, peer_python

NOTE = """Median (smallest..largest, n = samples); the ratio is brian2's median over jupyspike's. "Programs compiled"
are calls of a compiler (brian2: files that came into its cache)."""


def main() -> int:
    names = [scenario.name for scenario in SCENARIOS]
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("scenario", nargs="*", help=f"which ones to run, all of them by default: {', '.join(names)}")
    parser.add_argument("--alone", action="store_true", help="run jupyspike only")
    wanted = parser.parse_args()
    if unknown := set(wanted.scenario) - set(names):
        parser.error(f"there is no scenario {', '.join(unknown)}; there are {', '.join(names)}")
    chosen = [scenario for scenario in SCENARIOS if not wanted.scenario or scenario.name in wanted.scenario]
    peer = None if wanted.alone else peer_python()
    with tempfile.TemporaryDirectory(prefix="benchmarks-", ignore_cleanup_errors=True) as folder:
        sides = [Side("jupyspike", sys.executable, Path(folder))]
        sides += [Side("brian2", peer, Path(folder))] if peer else []
        facts = {side.library: side.described() for side in sides}
        facts |= {"machine": machine(), "began": time.strftime("%Y-%m-%d %H:%M"), "load at the beginning": load()}
        began = time.perf_counter()
        results = run_all(chosen, sides)
        facts |= {"load at the end": load(), "took": f"{time.perf_counter() - began:.0f} s"}
    text = "\n".join([*(f"- {name}: {value}" for name, value in facts.items()), "", NOTE, "", table(results)])
    print(f"\n{text}")
    keep(facts, results, text)
    return 1 if any(scenario.failures for scenario in results.values()) else 0


def run_all(scenarios: Iterable[Scenario], sides: list[Side]) -> dict[str, Results]:
    results = {}
    for scenario in scenarios:
        began = time.perf_counter()
        print(f"==> {scenario.title}", end=" ", flush=True)
        results[scenario.name] = run(scenario, sides)
        print(f"[{time.perf_counter() - began:.0f} s, load {load()}]", flush=True)
        for library, text in results[scenario.name].failures.items():
            print(f"{library} failed:\n{text}", file=sys.stderr)
    return results


def run(scenario: Scenario, sides: list[Side]) -> Results:
    """Run the processes of a scenario, the two sides in turn."""
    results = Results(scenario.title)
    for number in range(max(scenario.processes)):
        for side, processes in zip(sides, scenario.processes, strict=False):
            if number >= processes or side.library in results.failures:
                continue
            try:
                results.take(side.library, one_process(scenario, side, last=number == processes - 1))
            except ProgramError as problem:
                results.failures[side.library] = str(problem)
    return results


def one_process(scenario: Scenario, side: Side, last: bool) -> dict[str, tuple[str, list[float]]]:
    program, *arguments = scenario.program
    if scenario.cache == "filled" and scenario.fills not in side.kept:
        cold = next(other for other in SCENARIOS if other.name == scenario.fills)
        one_process(cold, side, last=True)
    cache = side.empty_cache() if scenario.cache == "empty" else side.filled_cache(scenario.fills)
    measured = side.measure(program, arguments, cache, scenario.settings)
    if scenario.cache == "empty" and last:
        side.kept[scenario.name] = cache
    else:
        shutil.rmtree(cache, ignore_errors=True)
    return measured


def keep(facts: dict[str, str], results: dict[str, Results], text: str) -> None:
    """Write the table and all samples into ``results/``, under the time of the run."""
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    stem = facts["began"].replace(":", "").replace(" ", "-")
    (folder / f"{stem}.md").write_text(f"{text}\n", encoding="utf-8")
    samples = {name: {"title": r.title, "samples": r.samples, "failures": r.failures} for name, r in results.items()}
    (folder / f"{stem}.json").write_text(json.dumps({"facts": facts, "scenarios": samples}, indent=1), encoding="utf-8")
    print(f"\nKept in {folder / stem}.md and .json")


if __name__ == "__main__":
    sys.exit(main())
