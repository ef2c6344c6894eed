"""A notebook that is executed without a person: the cell waits and keeps a picture."""

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

PATH = [str(Path(__file__).parent), *sys.path]
SESSION = """
from fake_session import FakeSession
from jupyspike.widgets import Panel, Raster, Rate
from jupyspike_engine.diagnostics import UserError
session = FakeSession(duration=0.5)
"""
FAILS = """
def fail(seconds, advance=session.advance):
    advance(seconds)
    session.error = UserError("v of exc became infinite")
    session.end("failed")
session.advance = fail
"""


@pytest.fixture
def execute(monkeypatch):
    """Executes cells as nbconvert does, on past errors; returns their outputs."""

    def executed(*cells):
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(PATH))
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
        return [cell.outputs for cell in notebook.cells]

    return executed


def test_the_cell_ends_with_the_run_and_keeps_its_last_frame(execute):
    _, (picture,), (printed,) = execute(
        SESSION, "Panel(session, [Raster(*session.groups.values())])", "print(session.status, session.time)"
    )
    assert picture.data["image/svg+xml"].startswith("<?xml")
    assert picture.data["text/plain"] == "fake: finished at 0.500 s"
    assert printed.text == "finished 0.5\n"


def test_a_failed_run_fails_its_cell_and_keeps_what_it_had(execute):
    _, (picture, error) = execute(SESSION + FAILS, "Panel(session, [Raster(*session.groups.values())])")
    assert picture.data["text/plain"] == "fake: failed at 0.020 s"
    assert error.evalue == "v of exc became infinite"
    assert not any("panel.py" in line for line in error.traceback)


def test_voila_executes_notebooks_for_a_page_that_shows_the_panel(execute, monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    _, shown, (printed,) = execute(
        SESSION, "Panel(session, [Raster(*session.groups.values())])", "print(session.status)"
    )
    assert any("application/vnd.jupyter.widget-view+json" in output.data for output in shown)
    assert printed.text == "ready\n"  # until the page is
