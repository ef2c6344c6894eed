"""What holds for every notebook: it runs without a warning, shows its pictures, and says where the model comes from."""

from __future__ import annotations

import nbformat
import pytest

from .conftest import NOTEBOOKS

NAMES = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
MODELS = [name for name in NAMES if name[0].isdigit()]


def pictures(cells):
    """How many pictures each cell shows."""
    return [sum("image/png" in output.get("data", {}) for output in cell.get("outputs", [])) for cell in cells]


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_without_a_warning(run_notebook, name):
    outputs = [output for cell in run_notebook(name).cells for output in cell.get("outputs", [])]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_only_errors_are_those_shown_on_purpose(run_notebook, name):
    for cell in run_notebook(name).cells:
        failed = any(output.output_type == "error" for output in cell.get("outputs", []))
        assert failed == ("raises-exception" in cell.metadata.get("tags", []))


@pytest.mark.parametrize("name", MODELS)
def test_its_pictures_are_kept_with_it(run_notebook, name):
    drawn = pictures(run_notebook(name).cells)
    assert sum(drawn) >= 1
    assert pictures(nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells) == drawn


@pytest.mark.parametrize("name", MODELS)
def test_it_begins_with_the_paper_of_its_model(name):
    first = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells[0]
    assert "https://doi.org/10." in first.source
