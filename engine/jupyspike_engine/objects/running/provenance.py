"""Where results come from: versions, machine, seed, models and constants, so that they can be had again."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from ...build.compilers import find_compiler
from ...diagnostics import BuildError
from ...language.model import REFRACTORY_PERIOD
from ...language.overview import written_out
from ...simulation.changes import Change
from ..base import SimulatedObject
from ..neurongroup import NeuronGroup
from ..synaptic.synapses import Synapses
from .prepared import Prepared


def provenance_of(objects: Iterable[SimulatedObject], run: Prepared) -> dict[str, Any]:
    """What a run was made with, as numbers and texts.

    Its constants are in SI units, those that sliders changed as they were last, with all changes beside them.
    """
    lowered, memory = run.compiled.lowered, run.simulation.memory
    values = dict(zip(run.simulation.plan.parameters, memory.parameters.tolist(), strict=True))
    constants = {
        f"{given.owner}.{name_of_constant(given.name)}": values[name]
        for name, given in lowered.parameters.items()
        if given.origin == "constant"
    }
    changes = [_told(change) for change in run.simulation.log]
    return {
        **surroundings(),
        "target": run.compiled.target,
        "program": run.compiled.program.origin,
        "seed": memory.seed,
        "start": run.start,
        "duration": run.duration,
        "dt": [clock.dt for clock in memory.clocks],
        "constants": constants,
        "changes": changes,
        "models": texts_of(objects),
    }


def _told(change: Change) -> dict[str, Any]:
    told = {"step": change.step, "parameter": change.parameter, "value": change.value}
    return told if change.places is None else {**told, "places": list(change.places)}


def surroundings() -> dict[str, Any]:
    """Versions, date, and the compiler of this machine."""
    from importlib.metadata import PackageNotFoundError, version  # takes a while to load

    try:
        own = version("jupyspike")
    except PackageNotFoundError:
        own = "from a folder"
    try:
        compiler = find_compiler()
    except BuildError:
        compiler = None
    return {
        "jupyspike": own,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": platform.platform(),
        "compiler": None if compiler is None else compiler.version,
        "flags": None if compiler is None else list(compiler.flags),
    }


def name_of_constant(name: str) -> str:
    """What the user calls a constant that came as an argument."""
    if name == REFRACTORY_PERIOD:
        return "refractory"
    return re.sub(r"_\d+$", "", name[1:]) if name.startswith("_") else name


def texts_of(objects: Iterable[SimulatedObject]) -> dict[str, str]:
    """The text of each object, by name."""
    return dict(_texts(objects))


def _texts(objects: Iterable[SimulatedObject]) -> Iterator[tuple[str, str]]:
    for item in objects:
        if isinstance(item, (NeuronGroup, Synapses)):
            text = written_out(item.user_equations.values(), item.behaviour)
            operations = (f"{part.name}: {'; '.join(_statements(part.block))}" for part in item.regular)
            yield item.name, "\n".join([repr(item).strip("<>"), *filter(None, [text]), *operations])
        else:
            yield item.name, repr(item).strip("<>")


def _statements(block: Any) -> Iterator[str]:
    return iter(written_out((), {"": block}).removeprefix(": ").split("\n"))
