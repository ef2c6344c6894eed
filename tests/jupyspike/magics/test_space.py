"""Neurons with a shape in a cell."""

import numpy as np
import pytest

from jupyspike import SpatialNeuron, cm, mV, ohm, uF
from jupyspike.magics.keys import KEYS

SHAPE = "shape = Soma(diameter=30*um); shape.axon = Cylinder(length=100*um, diameter=1*um, n=10)"
CELL = """%%neurons cells -n 3 --morphology shape
Im = gL*(EL - v) : amp/meter**2
I : amp (point current)
gL = 0.1*msiemens/cm**2
EL = -70*mV in [-80*mV, -60*mV]
Cm = 2*uF/cm**2
threshold: v > 0*mV
threshold_location: axon[55*um]
refractory: 2*ms
initial: v = EL
"""


def test_a_cell_makes_neurons_with_a_shape_of_the_notebook(notebook):
    notebook.run(SHAPE, CELL, "M = SpikeMonitor(cells)\ncells.v[1, :] = 10*mV\nrun(0.1*ms)")
    cells = notebook["cells"]
    assert isinstance(cells, SpatialNeuron) and len(cells.cells) == 3 and len(cells.axon.v) == 30
    assert cells.Cm[0] == 2 * uF / cm**2 and cells.Ri == 150 * ohm * cm and cells.EL / mV == -70
    assert notebook["M"].i[:].tolist() == [1]
    np.testing.assert_allclose(cells.v[0, 0] / mV, -70)


@pytest.mark.parametrize(
    ("place", "number"),
    [("3", 3), ("axon[0]", 1), ("axon[55*um]", 6), (KEYS["threshold_location"].example, 6), ("distance > 90*um", 10)],
)
def test_where_spikes_are_looked_for(notebook, place, number):
    notebook.run(SHAPE, CELL.replace("axon[55*um]", place).replace(" -n 3", ""))
    assert notebook["cells"].cells.spiking == (number,) and len(notebook["cells"]) == 11


def test_a_place_stands_for_that_of_each_shape(notebook):
    shorter = "other = Soma(diameter=30*um); other.axon = Cylinder(length=60*um, diameter=1*um, n=3)"
    notebook.run(SHAPE, shorter, "shape = [shape, shape, other]", CELL.replace(" -n 3", ""))
    cells = notebook["cells"]
    assert cells.cells.spiking == (6, 3) and len(cells.cells) == 3
    assert notebook["shape"][2].n == 1


@pytest.mark.parametrize(
    ("text", "instead", "said"),
    [
        ("--morphology shape", "--morphology shap", "'shap' is not a morphology"),
        ("--morphology shape", "--morphology shap", "did you mean 'shape'?"),
        (" --morphology shape", "", "these neurons have no shape"),
        ("axon[55*um]", "axon", "spikes are looked for in one compartment"),
        ("axon[55*um]", "axon[55*mV]", "the length"),
        ("axon[55*um]", "apical[5]", "there is no section or attribute 'apical'"),
        ("2*uF/cm**2", "2*uF/cm**2 in [1*uF/cm**2, 3*uF/cm**2]", "'Cm' is a variable of compartments"),
    ],
)
def test_mistakes_are_pointed_at(notebook, text, instead, said):
    notebook.run(SHAPE)
    assert said in str(notebook.try_cell(CELL.replace(text, instead)).error)


def test_equations_are_those_of_neurons_with_a_shape_also_when_the_shape_is_not_found(notebook):
    notebook.run(SHAPE)
    (problem,) = notebook.try_cell(CELL.replace("--morphology shape", "--morphology shap")).error.diagnostics
    assert problem.message == "'shap' is not a morphology"


def test_the_card_tells_of_cells_and_compartments(notebook):
    assert notebook.run(SHAPE, CELL).shown[0].startswith("cells: 3 cells of 11 compartments each; ")
