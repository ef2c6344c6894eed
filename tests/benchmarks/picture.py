"""The picture of the engines: times, memory, and how the cost of a step grows with the network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from statistics import median
from textwrap import fill
from typing import Any

from rows import ENGINES, PARTS, SIZES, Row, Table, Task, of_size


def picture(tasks: Iterable[Task], table: Table, path: Path) -> None:
    """Draw all rows that were measured."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows = [row for task in tasks for row in task.rows if any(table[row.title].values())]
    mosaic = [["s", "B"], *(["s", part] for part, _ in PARTS)]
    figure, axes = plt.subplot_mosaic(mosaic, figsize=(14, 11), layout="constrained")
    for unit, label in (("s", "seconds"), ("B", "bytes for each synapse")):
        bars(axes[unit], [row for row in rows if row.unit == unit], table)
        axes[unit].set(xscale="log" if unit == "s" else "linear", xlabel=label)
    for part, title in PARTS:
        grown(axes[part], title, table)
    handles = {text: h for axis in axes.values() for h, text in zip(*axis.get_legend_handles_labels(), strict=True)}
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=5, fontsize=8)
    figure.savefig(path, dpi=130)


def bars(axis: Any, rows: list[Row], table: Table) -> None:
    """A group of bars for each row, with a mark where ours are to stay below."""
    height = 0.8 / len(ENGINES)
    for k, engine in enumerate(ENGINES):
        places = [n + k * height for n, row in enumerate(rows) if table[row.title].get(engine.name)]
        values = [median(samples) for row in rows if (samples := table[row.title].get(engine.name))]
        if values:
            axis.barh(places, values, height, align="edge", color=f"C{k}", label=engine.name)
    for n, row in enumerate(rows):
        if (target := row.target(table[row.title])) is not None:
            axis.vlines(target, n - 0.1, n + 0.9, "k", label="ours at most")
    axis.set_yticks([n + 0.4 for n in range(len(rows))], [fill(row.title, 34) for row in rows], fontsize=7)
    axis.set_ylim(len(rows), -0.2)


def grown(axis: Any, title: str, table: Table) -> None:
    """The cost of a step or an event, by size."""
    for k, engine in enumerate(ENGINES):
        costs = [table.get(of_size(title, size), {}).get(engine.name, []) for size in SIZES]
        if all(costs):
            axis.plot([int(size) for size in SIZES], list(map(median, costs)), "o-", color=f"C{k}", label=engine.name)
    axis.set(xscale="log", ylabel=f"ns for {title}", ylim=(0, None))
    axis.set_xticks(list(map(int, SIZES)), [f"{int(size):,}" for size in SIZES], minor=False)
    axis.minorticks_off()
    axis.set_xlabel("neurons (CUBA, 1,000 synapses each)")
