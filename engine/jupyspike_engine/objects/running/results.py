"""What programs without Python wrote, read back: monitors and variables show it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, MissingFileError
from ...simulation.recording import Chunk
from ..base import SimulatedObject
from ..monitors.eventmonitor import EventMonitor
from ..monitors.monitor import Monitor
from ..owner import VariableOwner

NEARLY = 1e-9  # seconds; times of steps are that exact


def show_results(objects: Iterable[SimulatedObject], folder: Path) -> None:
    """Let objects show the results in a folder, which a program of theirs wrote.

    Raises
    ------
    MissingFileError
        There are no results.
    ArgumentError
        They are those of other objects; nothing is changed then.
    """
    try:
        run = dict(line.split("  #")[0].split(" = ") for line in (folder / "run.txt").read_text("utf-8").splitlines()
                   if not line.startswith("set "))  # fmt: skip
        told = json.loads((folder / "provenance.json").read_text("utf-8"))
        start, end = float(told["start"]), float(run["t"])
    except OSError as problem:
        raise MissingFileError(
            f"there are no results in '{folder}'", found=str(problem), hint="name the folder that the program wrote"
        ) from None
    known = list(objects)
    values = [found for item in known if isinstance(item, VariableOwner) for found in _values(item, folder)]
    monitors = [item for item in known if isinstance(item, Monitor) and (folder / item.name).is_dir()]
    if not values and not monitors:
        raise ArgumentError(f"the results in '{folder}' are those of other objects", hint="make the same objects first")
    read = [(monitor, *recorded(monitor, folder / monitor.name)) for monitor in monitors]
    for array, written in values:
        array[:] = written
    for monitor, chunk, counts in read:
        before = monitor.recording.all()
        rows = int(np.searchsorted(before.times, start - NEARLY))
        size = 0 if counts is None else len(counts)
        totals = np.bincount(before.indices[:rows], minlength=size)[:size] if monitor.kind == "events" else None
        show_recorded(monitor, rows, totals, chunk, counts, end)


def _values(owner: VariableOwner, folder: Path) -> Iterable[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
    """The arrays of a group or of synapses with what was written of them."""
    for name, array in owner.arrays.items():
        path = folder / owner.name / f"{name}.npy"
        if path.is_file():
            written = np.load(path)
            _check(written, array.shape, f"{owner.name}.{name}", path)
            yield array, written


def recorded(monitor: Monitor, folder: Path) -> tuple[Chunk | None, npt.NDArray[np.int64] | None]:
    """The rows in the folder of a monitor, if it keeps rows, and the counts of events, if it counts them.

    Raises
    ------
    ArgumentError
        They are those of another monitor.
    """
    counts = np.load(folder / "count.npy") if isinstance(monitor, EventMonitor) else None
    if counts is not None and isinstance(monitor, EventMonitor):
        _check(counts, monitor.count.shape, f"{monitor.name}.count", folder / "count.npy")
    if not (folder / "t.npy").is_file():
        return None, counts
    times = np.load(folder / "t.npy")
    columns = []
    for name, kept in zip(monitor.columns, monitor.recording.all().columns, strict=True):
        values = np.load(folder / f"{name}.npy")
        values = values[:, None] if values.ndim == 1 else values
        _check(values, (len(times), *kept.shape[1:]), f"{monitor.name}.{name}", folder / f"{name}.npy")
        columns.append(values)
    indices = np.load(folder / "i.npy") if monitor.kind == "events" else np.empty(0, np.int32)
    return Chunk(times, indices, tuple(columns)), counts


def _check(values: npt.NDArray[Any], shape: tuple[int, ...], what: str, path: Path) -> None:
    if values.shape != shape:
        raise ArgumentError(
            f"the results in '{path}' do not fit '{what}'", found=f"values of the shape {values.shape}",
            expected=f"the shape {shape}", hint="make the same objects as those that were exported",
        )  # fmt: skip


def show_recorded(
    monitor: Monitor,
    rows: int,
    totals: npt.NDArray[np.int64] | None,
    chunk: Chunk | None,
    counts: npt.NDArray[np.int64] | None,
    end: float,
) -> None:
    """Let a monitor keep its first rows and counts, and have those of a program behind them.

    Parameters
    ----------
    end : float
        When the program ended, in seconds.
    """
    kept: Mapping[str, Any] = {
        name: values[:rows] if name.startswith(("times", "indices", "column")) else values
        for name, values in monitor.stored().items()
    }
    if counts is not None:
        kept = {**kept, "totals": counts if totals is None else totals + counts}
    monitor.restore(kept)
    if chunk is not None:
        monitor.recording.add(chunk)
        monitor.recording.settle(end)
