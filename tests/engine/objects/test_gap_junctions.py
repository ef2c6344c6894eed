"""Currents that synapses add up are solved with the cable: gap junctions of any conductance are stable."""

import numpy as np
import pytest

from jupyspike import (
    Cylinder,
    Network,
    NeuronGroup,
    Soma,
    SpatialNeuron,
    Synapses,
    defaultclock,
    ms,
    mV,
    nA,
    nS,
    um,
)  # fmt: skip

MODEL = """Im = 1*siemens/metre**2*(-70*mV - v) : amp/meter**2
gap : amp (point current)
I : amp (point current)"""
JUNCTION = "w : siemens\ngap_post = w*(v_pre - v_post) : amp (summed)"


def coupled(conductance, dt, duration=5 * ms):
    """The potentials of two cells whose dendrites are coupled, while a current flows into the first."""
    defaultclock.dt = dt
    morpho = Soma(diameter=20 * um)
    morpho.dend = Cylinder(length=200 * um, diameter=2 * um, n=5)
    cells = SpatialNeuron(morpho, MODEL, N=2)
    cells.v, cells.I[0, 0] = -70 * mV, 0.1 * nA
    junctions = Synapses(cells, cells, JUNCTION)
    tips = cells.indices[:, 5]
    junctions.connect(i=tips, j=tips[::-1])
    junctions.w = conductance
    Network(cells, junctions).run(duration)
    return cells.v_[:].reshape(6, 2)


@pytest.mark.every_target
def test_junctions_of_any_conductance_are_stable(target):
    """The weight of a strong one against the capacity of its compartments would make an explicit sum explode."""
    v = coupled(1e5 * nS, 0.1 * ms)
    assert (v > -70e-3).all() and (v < 0).all()
    assert abs(v[5, 0] - v[5, 1]) < 1e-4 < v[0, 0] - v[0, 1]


def test_junctions_are_of_first_order():
    reference = coupled(2 * nS, 0.00125 * ms)
    errors = [np.abs(coupled(2 * nS, 0.1 * ms / 2**k) - reference).max() for k in range(3)]
    np.testing.assert_allclose(np.log2(np.divide(errors[:-1], errors[1:])), 1, atol=0.1)


def test_conductances_that_are_added_up_are_stable():
    """A current that depends on the potential of its compartment only is solved implicitly as a whole."""
    defaultclock.dt = 0.1 * ms
    neuron = SpatialNeuron(Soma(diameter=20 * um), MODEL)
    neuron.v = -70 * mV
    source = NeuronGroup(1, "g = 1*siemens : siemens")
    synapses = Synapses(source, neuron, "gap_post = g_pre*(-10*mV - v) : amp (summed)")
    synapses.connect()
    Network(source, neuron, synapses).run(0.1 * ms)
    np.testing.assert_allclose(neuron.v_[0], -10e-3, rtol=1e-6)
