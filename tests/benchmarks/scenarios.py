"""What is measured: each scenario is a program, the state of the cache it finds, and how often it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Scenario:
    """A program that runs in new processes, on both sides in turn.

    Parameters
    ----------
    title : str
        What is measured, for the reader of the table.
    program : tuple of str
        The file in ``programs/`` and its arguments.
    cache : "empty" or "filled"
        Whether each process finds an empty cache of built programs, or a copy of what ``fills`` left.
    fills : str
        The scenario whose last process with an empty cache leaves the cache.
    processes : (int, int)
        How many processes for jupyspike and for brian2; none for what only one of them can do.
    settings : mapping
        Variables of the environment.
    """

    name: str
    title: str
    program: tuple[str, ...]
    cache: Literal["empty", "filled"] = "filled"
    fills: str = "cuba-cold"
    processes: tuple[int, int] = (3, 3)
    settings: Mapping[str, str] = field(default_factory=dict)


NUMPY = {"BENCHMARK_TARGET": "numpy"}

SCENARIOS = (
    Scenario(
        "import", "import in a new process", ("importing.py",), "empty", processes=(15, 9)
    ),
    Scenario(
        "cuba-cold", "CUBA, 4,000 neurons: first run, nothing in the cache",
        ("run_cuba.py", "1", "1"), "empty", processes=(5, 2),
    ),
    Scenario(
        "cuba-warm", "CUBA in a new process, programs in the cache",
        ("run_cuba.py", "3", "0", "1", "5"), processes=(5, 3),
    ),
    Scenario(
        "values", "CUBA with other values in one process, programs in the cache",
        ("change_values.py",), processes=(3, 1),
    ),
    Scenario(
        "targets-numpy", "CUBA, run of 0.2 s, numpy on both sides",
        ("run_cuba.py", "3", "0", "0.2"), processes=(2, 2), settings=NUMPY,
    ),
    Scenario(
        "models-cold", "the models of the notebooks: from the first line to the first step, nothing in the cache",
        ("build_models.py",), "empty", "models-cold", processes=(3, 1),
    ),
    Scenario(
        "models-warm", "the same, programs in the cache", ("build_models.py",), fills="models-cold", processes=(3, 1)
    ),
    Scenario(
        "runs", "many short runs of one network", ("runs_in_a_row.py",), "empty", processes=(3, 1)
    ),
    Scenario(
        "connect", "10 million synapses between 10,000 and 10,000 neurons",
        ("connecting.py",), "empty", processes=(2, 2),
    ),
    Scenario(
        "live", "CUBA as a live session without a notebook", ("live_overhead.py", "20", "7"), processes=(1, 0)
    ),
    Scenario(
        "panel", "CUBA with the live panel, in a kernel whose page answers at once",
        ("live_panel.py", "20", "5"), processes=(1, 0),
    ),
    Scenario(
        "sliders", "a slider moved while CUBA runs", ("move_sliders.py", "200"), processes=(1, 0)
    ),
    Scenario(
        "stop", "stopping CUBA while it runs", ("stop.py", "10"), processes=(1, 1)
    ),
)  # fmt: skip
