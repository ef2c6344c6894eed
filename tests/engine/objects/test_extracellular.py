"""The potential outside of cells is that of the currents through their membranes."""

import numpy as np
import pytest
from scipy.integrate import quad

from jupyspike import (
    ArgumentError,
    Cylinder,
    DimensionMismatchError,
    ExtracellularMonitor,
    Network,
    Section,
    Soma,
    SpatialNeuron,
    StateMonitor,
    meter,
    ms,
    mV,
    nA,
    siemens,
    um,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError
from jupyspike_engine.morphology.extracellular import of_lines, of_points

MODEL = "Im = 1*siemens/meter**2*(-70*mV - v) : amp/meter**2\nI : amp (point current)"
PLACES = np.array([[20, 30, 0], [-15, -80, 40], [300, 0, 0]])


def tree():
    morpho = Soma(diameter=20 * um)
    morpho.dend = Cylinder(length=100 * um, diameter=2 * um, n=3)
    morpho.dend.L = Cylinder(length=80 * um, diameter=1 * um, n=2)
    morpho.dend.R = Cylinder(length=60 * um, diameter=1.5 * um, n=2)
    return morpho.generate_coordinates()


def driven(morphology, **options):
    neuron = SpatialNeuron(morphology, MODEL, **options)
    neuron.v = -70 * mV
    neuron.I[neuron.indices[0, 7] if options else 7] = 0.1 * nA
    return neuron


def test_lines_are_the_integrals_of_points():
    cell = Section(x=[0, 30, 50] * um, y=[0, 40, 40] * um, z=[0, 0, 5] * um, diameter=[1, 1, 1] * um, n=2)
    flat, place = cell.compartments(), np.array([12e-6, 40e-6, 7e-6])
    found = of_lines(flat, place[None])[0]
    for k in range(2):
        a, b = flat.start[k], flat.end[k]
        wanted = quad(lambda s, a=a, b=b: 1 / (4 * np.pi * np.linalg.norm(place - a - s * (b - a))), 0, 1)[0]
        np.testing.assert_allclose(found[k], wanted, rtol=1e-8)
    far = np.array([[1.0, 2.0, 3.0]])
    np.testing.assert_allclose(of_lines(flat, far), of_points(flat, far), rtol=1e-6)
    np.testing.assert_allclose(of_points(Soma(diameter=20 * um, x=0 * um).compartments(), np.zeros((1, 3))),
                               1 / (4 * np.pi * 10e-6))  # fmt: skip


@pytest.mark.parametrize("currents", ["line", "point"])
def test_currents_through_membranes_add_up(currents, target):
    """Against the currents that follow from the recorded potential: capacitive, through the leak, and at a point."""
    neuron = driven(tree())
    outside = ExtracellularMonitor(neuron, PLACES * um, 0.5 * siemens / meter, currents)
    trace = StateMonitor(neuron, "v", record=True)
    Network(neuron, outside, trace).run(3 * ms)
    v, area = trace.v_, neuron.area_[:, None]
    # what charges the membrane between two steps flows by the potential at the end of the step
    through = neuron.Cm_[:, None] * area * np.diff(v) / 1e-4 + area * (v[:, 1:] + 70e-3)
    through[7] -= 0.1e-9
    np.testing.assert_allclose(through.sum(axis=0), 0, atol=1e-15)
    seen = {"line": of_lines, "point": of_points}[currents](neuron.morphology.compartments(), PLACES * 1e-6)
    np.testing.assert_allclose(outside.phi_[:, 1:], seen @ through / 0.5, rtol=1e-6, atol=1e-13)
    np.testing.assert_array_equal(outside.t_, trace.t_)


def test_cells_stand_at_their_origins():
    """Two cells side by side have the sum of the potentials of each alone."""
    both = driven(tree(), N=2)
    origins = [[0, 0, 0], [100, 50, 0]] * um
    sampled = ExtracellularMonitor(both, PLACES * um, origins=origins, dt=1 * ms)
    one = driven(tree(), N=1)
    alone = ExtracellularMonitor(one, PLACES * um, origins=origins[:1], dt=1 * ms)
    Network(both, sampled).run(3 * ms)
    Network(one, alone).run(3 * ms)
    assert sampled.t_.tolist() == [0, 1e-3, 2e-3]
    np.testing.assert_allclose(sampled.phi_, alone.phi_, rtol=1e-9, atol=1e-15)  # the other is at rest


def test_what_makes_no_sense_is_refused():
    neuron = driven(tree())
    with pytest.raises(ArgumentError, match="have no coordinates"):
        ExtracellularMonitor(SpatialNeuron(Soma(diameter=20 * um), MODEL), PLACES * um)
    with pytest.raises(ArgumentTypeError, match="neurons with a shape"):
        ExtracellularMonitor("neuron", PLACES * um)
    with pytest.raises(DimensionMismatchError, match="'places' has the wrong unit"):
        ExtracellularMonitor(neuron, PLACES)
    with pytest.raises(ArgumentError, match="'places' has x, y and z"):
        ExtracellularMonitor(neuron, [1, 2] * um)
    with pytest.raises(ArgumentError, match="'lines' says not how"):
        ExtracellularMonitor(neuron, PLACES * um, currents="lines")
    with pytest.raises(ArgumentError, match="'origins' has a place for each cell"):
        ExtracellularMonitor(neuron, PLACES * um, origins=[[0, 0, 0], [1, 1, 1]] * um)
    with pytest.raises(ArgumentError, match="'conductivity' is a positive number"):
        ExtracellularMonitor(neuron, PLACES * um, conductivity=0 * siemens / meter)
