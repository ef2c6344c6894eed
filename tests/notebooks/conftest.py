"""Notebooks run from their first cell to the last, each once for all its tests, in a kernel of its own."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SECONDS_OF_A_CELL = 300

# Runs after the notebook's own cells: numbers, texts and arrays, and lists and dicts of these, are handed to the tests.
HAND_OVER = """
def _handed_over(_path):
    import pickle
    import numpy as np

    def plain(value):
        if isinstance(value, dict):
            return {{key: plain(item) for key, item in value.items()}}
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        if isinstance(value, (np.ndarray, np.generic)):
            value = np.array(value)
            if value.dtype.hasobject:
                raise TypeError
            return value if value.ndim else value.item()
        if value is None or isinstance(value, (bool, int, float, complex, str)):
            return value
        raise TypeError

    values = {{}}
    for name, value in list(globals().items()):
        if not name.startswith("_"):
            try:
                values[name] = plain(value)
            except TypeError:
                pass
    with open(_path, "wb") as file:
        pickle.dump(values, file)

_handed_over({path!r})
"""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Executed:
    """A notebook that ran: its cells with what they put out, and its variables by name."""

    cells: Sequence[NotebookNode]
    values: Values


class KernelOfTheTests(AsyncKernelManager):
    """Starts the Python that runs the tests, whatever kernel "python3" is installed for the user."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), **settings)


@pytest.fixture(scope="session")
def run_notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Executed]]:
    """``run_notebook("10-hodgkin-huxley")`` runs that notebook, or remembers its run."""
    folder = tmp_path_factory.mktemp("notebooks")

    @cache
    def run(name: str) -> Executed:
        content = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
        path = folder / f"{name}.pickle"
        content.cells.append(nbformat.v4.new_code_cell(HAND_OVER.format(path=str(path))))
        client = NotebookClient(
            content,
            kernel_name="python3",
            kernel_manager_class=KernelOfTheTests,
            timeout=SECONDS_OF_A_CELL,
            resources={"metadata": {"path": str(NOTEBOOKS)}},
            extra_arguments=["--log-level=ERROR"],
        )
        client.execute()
        return Executed(content.cells[:-1], pickle.loads(path.read_bytes()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "PYDEVD_DISABLE_FILE_VALIDATION", "1")  # or each kernel warns of its debugger
        yield run


@pytest.fixture(scope="session")
def execute(run_notebook: Callable[[str], Executed]) -> Callable[[str], Values]:
    """``execute("10-hodgkin-huxley")`` runs that notebook, or remembers its run, and returns its variables by name.

    Quantities are numbers and arrays in base units (volt, second, hertz); groups, monitors and the like are left out.
    """
    return lambda name: run_notebook(name).values
