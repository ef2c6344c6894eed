"""Cables and trees side by side in jupyspike, brian2, NEURON and Arbor: Rallpacks 1 to 3 and a network of cells.

``python tests/benchmarks/cables.py`` prints what a compartment takes in a time step, and keeps it in ``results/`` with
all samples. ``make bench`` runs it too.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median

from report import aligned, load, machine, number, summary
from rows import Engine, Table, with_threads
from sides import CABLE_PEERS, HERE, ProgramError, Side, peer_python

TIMES = "5"
OURS = with_threads("jupyspike", "jupyspike", "run_cables.py")
PEERS = (
    Engine("brian2, cython", "brian2", "run_cables.py"),
    Engine("brian2, standalone", "brian2", "run_cables.py", {"BENCHMARK_DEVICE": "cpp_standalone"}),
    Engine("NEURON", "neuron", "run_neuron.py"),
    Engine("NEURON, tables", "neuron", "run_neuron.py", {"BENCHMARK_TABLES": "1"}),
    Engine("CoreNEURON", "neuron", "run_neuron.py", {"BENCHMARK_CORE": "1"}),
    Engine("Arbor", "arbor", "run_arbor.py"),
)
# The models of programs/shapes.py: what is to be seen, and how much of what the best peer needs we may.
MODELS = {
    "rallpack1": ("Rallpack 1: a passive cable of 1,000 compartments", 0.5),
    "rallpack2": ("Rallpack 2: a passive tree of 1,023 compartments", 0.45),
    "rallpack3": ("Rallpack 3: an axon of 1,000 compartments", 0.7),
    "network": ("1,000 Hodgkin-Huxley cells of 93 compartments, 10 synapses each", 0.65),
}
# brian2 has one cell in a group; a cell is solved by one thread.
WITHOUT = {name: {OURS[1].name} for name in MODELS} | {"network": {"brian2, cython", "brian2, standalone"}}
NOTE = """Nanoseconds for a compartment and a step: median (smallest..largest); one thread where nothing else is said.
"Ours at most" is what one thread is to reach, as so many times what the best of the peers has in the same run."""


def measured(models: Iterable[str], sides: Mapping[str, Side]) -> Table:
    """All models in all simulators, one process after the other."""
    table: Table = {name: {} for name in models}
    for name in models:
        for engine in (*OURS, *PEERS):
            if engine.library not in sides or engine.name in WITHOUT[name]:
                continue
            side = sides[engine.library]
            print(f"==> {name}: {engine.name}", end=" ", flush=True)
            try:
                answer = side.measure(engine.program, (name, TIMES), side.empty_cache(), engine.settings)
            except ProgramError as problem:
                print(f"failed: {str(problem).splitlines()[-1]}")
                continue
            table[name][engine.name] = answer["run"][1]
            print(f"{number(median(answer['run'][1]))} ns [load {load()}]", flush=True)
    return table


def printed(table: Table) -> str:
    """The table in Markdown."""
    engines = [engine.name for engine in (*OURS, *PEERS) if any(engine.name in row for row in table.values())]
    lines = [("", "ours at most", *engines)]
    for name, samples in table.items():
        title, share = MODELS[name]
        peers = [median(samples[peer.name]) for peer in PEERS if peer.name in samples]
        own = median(samples[OURS[0].name])
        reached = f": {'reached' if own <= share * min(peers) else 'missed'}" if peers else ""
        lines.append((title, f"{share:.3g} x the best{reached}", *(summary("ns", samples.get(e, [])) for e in engines)))
    return aligned(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="cables", description=__doc__)
    parser.add_argument("model", nargs="*", help=f"which ones, all of them by default: {', '.join(MODELS)}")
    parser.add_argument("--alone", action="store_true", help="run jupyspike only")
    wanted = parser.parse_args()
    if unknown := set(wanted.model) - set(MODELS):
        parser.error(f"there is no model {', '.join(unknown)}")
    peer = None if wanted.alone else peer_python(CABLE_PEERS)
    began = time.strftime("%Y-%m-%d-%H%M")
    with tempfile.TemporaryDirectory(prefix="cables-", ignore_cleanup_errors=True) as folder:
        pythons = {"jupyspike": sys.executable} | (dict.fromkeys(("brian2", "neuron", "arbor"), peer) if peer else {})
        sides = {library: Side(library, python, Path(folder)) for library, python in pythons.items()}
        facts = [f"{library}: {side.described()}" for library, side in sides.items()]
        started = time.perf_counter()
        table = measured(wanted.model or MODELS, sides)
    facts += [f"machine: {machine()}", f"{began}, load at the end {load()}, took {time.perf_counter() - started:.0f} s"]
    text = "\n".join([*(f"- {fact}" for fact in facts), "", NOTE, "", printed(table), ""])
    print(f"\n{text}")
    stem = HERE / "results" / f"cables-{began}"
    stem.parent.mkdir(exist_ok=True)
    stem.with_suffix(".md").write_text(text, encoding="utf-8")
    stem.with_suffix(".json").write_text(json.dumps(table), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
