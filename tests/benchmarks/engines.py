"""Engines side by side: the same work in jupyspike, brian2 (in the process, and standalone) and NEST.

``python tests/benchmarks/engines.py`` goes through the rows of ``rows.py``, prints a table and keeps it in
``results/`` with all samples and a picture. ``make bench`` runs it too.
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

from picture import picture
from report import aligned, load, machine, number, summary
from rows import ENGINES, LOOP, TASKS, Answers, Engine, Row, Table, Task
from sides import HERE, ProgramError, Side, peer_python

LONG = 20.0  # seconds after which no further process of an engine does the same
NOTE = """Median (smallest..largest). "Ours at most" is what jupyspike is to reach, in the unit of the row or as so many
times what another engine has in the same run."""


def measured(tasks: Iterable[Task], sides: Mapping[str, Side]) -> Table:
    """All rows of all tasks by all engines, one process after the other."""
    table: Table = {row.title: {} for task in tasks for row in task.rows}
    for task in tasks:
        for engine in ENGINES:
            if engine.library not in sides or engine.name in task.without:
                continue
            print(f"==> {task.title}: {engine.name}", end=" ", flush=True)
            try:
                answers = answered(task, engine, sides[engine.library])
            except ProgramError as problem:
                print(f"failed: {str(problem).splitlines()[-1]}")
                continue
            print(", ".join(f"{name} {number(median(samples))}" for name, samples in answers.items()), end=" ")
            print(f"[load {load()}]", flush=True)
            for row in task.rows:
                table[row.title][engine.name] = row.samples(answers)
                table[row.title][engine.name + LOOP] = answers.get("loop", [])
    return table


def answered(task: Task, engine: Engine, side: Side) -> Answers:
    """What the processes of an engine measured, put together."""
    answers: Answers = {}
    began, cache = time.perf_counter(), side.empty_cache()
    if task.warm:
        side.measure(engine.program, task.arguments, cache, engine.settings)
    for _ in range(task.processes):
        started = time.perf_counter()
        answer = side.measure(engine.program, task.arguments, cache, engine.settings)
        answers.setdefault("process", []).append(time.perf_counter() - started)
        for name, (_, samples) in answer.items():
            answers.setdefault(name, []).extend(samples)
        if not task.warm:
            cache = side.empty_cache()
            if time.perf_counter() - began > LONG:
                break
    return answers


def printed(tasks: Iterable[Task], table: Table) -> str:
    """The table in Markdown."""
    rows = [row for task in tasks for row in task.rows]
    names = [engine.name for engine in ENGINES if any(table[row.title].get(engine.name) for row in rows)]
    lines = [("", "ours at most", *names)]
    for row in rows:
        samples = table[row.title]
        lines.append((row.title, reached(row, samples), *(cell(row.unit, samples, name) for name in names)))
    return aligned(lines)


def cell(unit: str, samples: Mapping[str, list[float]], name: str) -> str:
    text, loop = (summary(unit, samples.get(key, [])) for key in (name, name + LOOP))
    return f"{text},{LOOP} {loop}" if loop else text


def reached(row: Row, samples: Mapping[str, list[float]]) -> str:
    """The target of a row, and whether it was reached."""
    if row.at_most is None:
        return ""
    text = f"{row.at_most:.3g} x {row.of}" if row.of else summary(row.unit, [row.at_most])
    ours = [median(values) for name, values in samples.items() if name in row.who and values]
    target = row.target(samples)
    return f"{text}: {'reached' if min(ours) <= target else 'missed'}" if ours and target is not None else text


def main() -> int:
    parser = argparse.ArgumentParser(prog="engines", description=__doc__)
    parser.add_argument("row", nargs="*", help="parts of the titles of the rows to be measured; all by default")
    parser.add_argument("--alone", action="store_true", help="run jupyspike only")
    wanted = parser.parse_args()
    tasks = [t for t in TASKS if not wanted.row or any(part in row.title for part in wanted.row for row in t.rows)]
    peer = None if wanted.alone else peer_python()
    began = time.strftime("%Y-%m-%d-%H%M")
    with tempfile.TemporaryDirectory(prefix="engines-", ignore_cleanup_errors=True) as folder:
        pythons = {"jupyspike": sys.executable} | ({"brian2": peer, "nest": peer} if peer else {})
        sides = {library: Side(library, python, Path(folder)) for library, python in pythons.items()}
        facts = [f"{library}: {side.described()}" for library, side in sides.items()]
        started = time.perf_counter()
        table = measured(tasks, sides)
    facts += [f"machine: {machine()}", f"{began}, load at the end {load()}, took {time.perf_counter() - started:.0f} s"]
    text = "\n".join([*(f"- {fact}" for fact in facts), "", NOTE, "", printed(tasks, table), ""])
    print(f"\n{text}")
    stem = HERE / "results" / f"engines-{began}"
    stem.parent.mkdir(exist_ok=True)
    stem.with_suffix(".md").write_text(text, encoding="utf-8")
    stem.with_suffix(".json").write_text(json.dumps(table), encoding="utf-8")
    picture(tasks, table, stem.with_suffix(".png"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
