"""live-laboratory: what it says about its three experiments is so, also when nobody moves anything."""

from __future__ import annotations

import nbformat
import numpy as np
import pytest

from .conftest import NOTEBOOKS


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("live-laboratory")


def test_each_live_cell_keeps_a_picture_also_in_the_file(run_notebook):
    for notebook in (run_notebook("live-laboratory"), nbformat.read(NOTEBOOKS / "live-laboratory.ipynb", as_version=4)):
        cells = [cell for cell in notebook.cells if "%simulate" in cell.source and "outputs" in cell]
        assert len(cells) == 3
        assert all("image/svg+xml" in cell.outputs[0].data for cell in cells)


def test_the_script_tells_the_session(run_notebook):
    (told,) = [cell for cell in run_notebook("live-laboratory").cells if "panel.script()" in cell.get("source", "")][
        -1:
    ]
    assert "_cells.live_run(60.0, [])" in told.outputs[0].text


def test_the_nerve_in_the_plane_remembers(notebook):
    step, up, down = notebook["step"], notebook["up"], notebook["down"]
    currents = notebook["currents"]
    assert notebook["starts"] == {"step": 5.0, "up": 7.0, "down": 5.0}
    np.testing.assert_array_equal(step, currents >= 5)
    np.testing.assert_array_equal(up, currents >= 7)
    np.testing.assert_array_equal(down, currents >= 5)


def test_the_hidden_fields_are_found(notebook):
    assert np.linalg.norm(notebook["hidden"], axis=1) == pytest.approx(1)
    assert min(notebook["similarity"]) > 0.85


def test_the_cells_answer_to_changes(notebook):
    """Along the field, the time course has the sign of the difference of the two exponentials."""
    for cell in range(2):
        course = (notebook["found"][cell] @ notebook["hidden"][cell])[::-1]  # from the bin of the spike back
        assert course[0] > 0.3
        assert (course[2:5] < 0).all()
