"""Several experiments in one notebook, each after ``start_scope()``: what belongs to one does not disturb another."""

import re
from pathlib import Path

import nbformat
import pytest

from jupyspike import magic_network

EXC = """%%neurons exc -n 10
dv/dt = (drive - v)/tau : 1
drive = 1.2 in [0, 2]
tau = 10*ms
threshold: v > 1
reset: v = 0
"""
CELL = """start_scope()
E = -60*mV
cell = NeuronGroup(1, 'dv/dt = (E - v)/ms : volt', name='cell')"""
FIRST = "wild, mild = Preset('wild', {'drive': 2}), Preset('mild', {'exc.drive': 1})\n%simulate 1*ms --live raster(exc)"
SECOND = "dial, low = Slider('E', -70*mV, 0*mV), Preset('low', {'E': -70*mV})\n%simulate 1*ms --live trace(cell.v)"


def sliders_and_presets(notebook):
    panel = notebook["panel"]
    return [slider.name for slider in panel.sliders.sliders], list(panel.presets.values)


def test_all_cells_can_be_run_again_and_again(notebook):
    for _ in range(3):
        notebook.run("start_scope()", EXC, FIRST)
        assert sliders_and_presets(notebook) == (["exc.drive"], ["wild", "mild"])
        notebook.run(CELL, SECOND)
        assert sliders_and_presets(notebook) == (["E"], ["low"])


def test_one_can_go_back_to_the_cells_of_an_experiment(notebook):
    notebook.run("start_scope()", EXC, FIRST, CELL, SECOND, "start_scope()", EXC, FIRST)
    assert sliders_and_presets(notebook) == (["exc.drive"], ["wild", "mild"])
    assert {item.name for item in magic_network.objects} == {"exc"}


@pytest.mark.parametrize("line", ["%simulate 1*ms --live raster(exc)", "%live raster(exc[:3])", "%live trace(exc.v)"])
def test_what_a_new_scope_has_left_aside_cannot_be_shown(notebook, line):
    notebook.run("start_scope()", EXC, CELL)
    ran = notebook.try_cell(line)
    assert "'exc' is not simulated: it was made before start_scope()" in ran.printed
    assert "run the cells again that make it" in ran.printed
    assert notebook.run("%simulate 1*ms --live trace(cell.v)")


def test_sliders_and_presets_of_another_network_are_left_out_with_a_note(notebook):
    notebook.run(CELL, SECOND)
    printed = notebook.run(FIRST.replace("raster(exc)", "trace(cell.v)").replace("'drive'", "'E_'")).printed
    assert "the preset 'mild' is left out: there is no slider 'exc.drive'" in printed
    assert "the preset 'wild' is left out: there is no slider 'E_'" in printed
    notebook.run("start_scope()", EXC)
    printed = notebook.run(SECOND.replace("trace(cell.v)", "raster(exc)")).printed
    assert "the slider 'E' is left out: nothing of this name is simulated" in printed
    assert sliders_and_presets(notebook) == (["exc.drive"], [])


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("a = Preset('a', {'drive': 1, 'dirve': 2})", "'dirve' of the preset 'a' has no slider"),
        ("a = Preset('a', {'drive': 1*mV})", "'drive' of the preset 'a' has the wrong unit"),
        ("a = Slider('v', 0, 2)", "there is no constant 'v' that can be moved"),
        ("a = Slider('exc.tau', 20*ms, 50*ms)", "the value of 'exc.tau' lies outside its range"),
    ],
)
def test_what_belongs_to_the_network_and_does_not_fit_is_an_error(notebook, cell, problem):
    notebook.run("start_scope()", EXC, cell)
    assert problem in notebook.try_cell("%simulate 1*ms --live").printed
    notebook.run("del a", "%simulate 1*ms --live")


SHORTENED = {
    r"(%simulate) \S+": r"\1 2*ms",
    r"run\(1\.2\*second\)[^\0]*": "run(1*ms)",  # and what is read from it
    "-n 4000": "-n 400",
    "3200": "320",
}


def laboratory():
    """The code cells of the notebook of three experiments, with short runs of small groups, by experiment."""
    path = Path(__file__).parents[3] / "notebooks" / "live-laboratory.ipynb"
    parts = [[]]
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            text = cell.source
            for wanted, short in SHORTENED.items():
                text = re.sub(wanted, short, text)
            if "start_scope()" in text:
                parts.append([])
            parts[-1].append(text)
    return parts


def test_the_live_laboratory_survives_whatever_is_run_again(notebook):
    load, network, nerve, thresholds, field = laboratory()
    expected = {
        "network": (
            network,
            ["excitation.we", "inhibition.wi"],
            ["as published", "no connections", "little inhibition"],
        ),
        "nerve": (nerve, ["current"], ["rest", "fires"]),
        "field": (field, ["seeing.gain"], []),
    }
    for names in (("network", "nerve", "field"), ("network", "nerve", "field"), ("nerve",), ("network",), ("field",)):
        if len(names) > 1:
            notebook.run(*load)
        for name in names:
            cells, sliders, presets = expected[name]
            notebook.run(*cells)
            assert sliders_and_presets(notebook) == (sliders, presets)
            assert notebook["panel"]._session.start == 0
            if name == "nerve":
                notebook.run(*thresholds)
