"""The values of an exported network, as files that its host reads: arrays in numpy's format, single numbers as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .project import Project


def write_data(project: Project, folder: Path, run: int = 1) -> None:
    """Write all values of a network into a folder; of a further run into a folder within, what is not there yet."""
    own = folder if run == 1 else folder / f"run-{run}"
    (own / "arrays").mkdir(parents=True, exist_ok=True)
    earlier = [folder / f"run-{number}" for number in range(run - 1, 1, -1)] + [folder] if run > 1 else []
    for name, array in _arrays(project):
        array = np.ascontiguousarray(array)
        if _is_known(project, name, array, earlier):
            continue
        path = own / f"{name}.npy"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, array)
    for name, places in project.set_values.items():
        np.save(own / "arrays" / f"{project.arrays[name].name}.set.npy", places)
    for domain, order in project.orders.items():
        np.save(own / "arrays" / f"{project.domains[domain]}.order.npy", order)
    (own / "layout.txt").write_text("".join(f"{line}\n" for line in _layout(project)), encoding="utf-8")
    if run == 1:
        (own / "parameters.txt").write_text("".join(f"{line}\n" for line in _parameters(project)), encoding="utf-8")


def _is_known(project: Project, name: str, array: npt.NDArray[np.generic], earlier: Sequence[Path]) -> bool:
    """Whether a file of an earlier run does for this one: it holds the same, or what the earlier run goes on from."""
    path = next((found for folder in earlier if (found := folder / f"{name}.npy").is_file()), None)
    if path is None:
        return False
    known = np.load(path, mmap_mode="r")
    if known.dtype != array.dtype or known.shape != array.shape:
        return False
    if name in {f"arrays/{project.arrays[variable].name}" for variable in project.carried}:
        return True
    return np.array_equal(known.reshape(-1).view(np.uint8), array.reshape(-1).view(np.uint8))


def _parameters(project: Project) -> Iterator[str]:
    yield "# Constants of the network in SI units. Lines may be changed; nothing needs to be built again."
    for name, value in zip(project.plan.parameters, project.memory.parameters.tolist(), strict=True):
        label = project.parameter(name)
        if label.settable:
            yield f"{label.name} = {value!r}  # {label.unit}, {label.about}"


def _layout(project: Project) -> Iterator[str]:
    plan, memory = project.plan, project.memory
    yield "# Sizes and places, which fit the other files of this folder."
    yield f"seed = {memory.seed}"
    yield f"threads = {project.threads}"
    for number, clock in enumerate(memory.clocks):
        yield f"clock.{number}.step = {clock.step}"
        yield f"clock.{number}.end = {clock.end}"
        yield f"clock.{number}.dt = {clock.dt!r}  # s"
    for domain in plan.domains:
        elements, name = memory.domains[domain.name], project.domains[domain.name]
        yield f"domain.{name}.size = {elements.size}"
        yield f"domain.{name}.stream = {elements.stream}"
    for event in plan.events:
        history, name = memory.events[event.name], project.event_name(event)
        yield f"event.{name}.capacity = {len(history.elements)}"
        if history.given is not None:
            yield f"event.{name}.period = {history.given.period}"
    for pathway in plan.pathways:
        rows, name = memory.pathways[pathway.name], project.pathway_name(pathway)
        yield f"pathway.{name}.first = {rows.first}"
        yield f"pathway.{name}.since = {rows.since}"
    for recorder in plan.recorders:
        recordings, monitor = memory.recorders[recorder.name], project.monitors[recorder.name]
        yield f"recorder.{monitor.name}.first = {recordings.first}"
        yield f"recorder.{monitor.name}.size = {recordings.size}"
        yield f"recorder.{monitor.name}.capacity = {recordings.buffer.capacity}"
        yield f"recorder.{monitor.name}.rows = {int(recordings.keep_rows)}"
        for column in monitor.columns:
            yield f"recorder.{monitor.name}.{column.name}.zero = {column.zero!r}"
            yield f"recorder.{monitor.name}.{column.name}.divisor = {column.divisor!r}"


def _arrays(project: Project) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    """The name of each file, and what it holds."""
    plan, memory = project.plan, project.memory
    yield "parameters", memory.parameters
    for number, times in project.times.items():
        yield f"clocks/clock.{number}.times", times
    for domain in plan.domains:
        elements = memory.domains[domain.name]
        for end, neurons in (("pre", elements.pre), ("post", elements.post)):
            if neurons is not None:
                yield f"ends/{project.domains[domain.name]}.{end}", neurons
    for array in plan.arrays:
        yield f"arrays/{project.arrays[array.name].name}", memory.arrays[array.name]
    for event in plan.events:
        history, name = memory.events[event.name], f"events/{project.event_name(event)}"
        yield from ((f"{name}.{part}", getattr(history, part)) for part in ("begin", "end"))
        yield f"{name}.elements", history.elements[: history.head]
        if history.given is not None:
            yield f"{name}.given_steps", history.given.steps
            yield f"{name}.given_elements", history.given.elements
    for pathway in plan.pathways:
        rows, name = memory.pathways[pathway.name], f"pathways/{project.pathway_name(pathway)}"
        yield f"{name}.rows", rows.starts
        for part in ("synapses", "delays", "segments", "segment_delays"):
            if getattr(rows, part) is not None:
                yield f"{name}.{part}", getattr(rows, part)
        yield f"{name}.due_steps", rows.due.steps
        yield f"{name}.due_synapses", rows.due.synapses
    for recorder in plan.recorders:
        elements_recorded = memory.recorders[recorder.name].elements
        if elements_recorded is not None:
            yield f"recorders/{project.monitors[recorder.name].name}.elements", elements_recorded
