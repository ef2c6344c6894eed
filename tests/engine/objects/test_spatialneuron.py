"""Neurons with a shape: the potential follows from the currents into the compartments and along the tree."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Cylinder,
    DimensionMismatchError,
    EquationError,
    NeuronGroup,
    Section,
    SimulationWarning,
    Soma,
    SpatialNeuron,
    SpikeMonitor,
    StateMonitor,
    check_units,
    cm,
    ms,
    mV,
    nA,
    ohm,
    prefs,
    run,
    siemens,
    uF,
    um,
    volt,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError, ReadOnlyError, UserError

GATED = """Im = gl*(El - v) + gn*n*(50*mV - v) : amp/meter**2
dn/dt = ((1 - v/mV*0.01)*(1 - n) - n)/(3*ms) : 1
I : amp (point current)"""
VALUES = {"gl": 1e-4 * siemens / cm**2, "gn": 2e-4 * siemens / cm**2, "El": -70 * mV}
PASSIVE = "Im = gl*(El - v) : amp/meter**2\nI : amp (point current)"


def tree():
    """A soma with two stems, one of which tapers and branches."""
    morpho = Soma(diameter=30 * um)
    morpho.axon = Section(diameter=[4, 3, 2] * um, length=[20, 30] * um, n=2)
    morpho.d1 = Cylinder(length=50 * um, diameter=2 * um, n=2)
    morpho.axon.L = Cylinder(length=40 * um, diameter=1 * um, n=2)
    morpho.axon.R = Cylinder(length=30 * um, diameter=1.5 * um, n=1)
    morpho.d1.L = Cylinder(length=40 * um, diameter=1 * um, n=2)
    return morpho


def gated(**options):
    neuron = SpatialNeuron(
        tree(), GATED, Cm=1 * uF / cm**2, Ri=100 * ohm * cm, method="exponential_euler", namespace=VALUES, **options
    )
    neuron.v, neuron.I[0], neuron.n = -70 * mV, 0.5 * nA, "0.1*i/10"
    return neuron


# Of the same model in Brian 2.9 after 0.4 ms, in mV.
KNOWN = [-65.658604569643, -65.945215247504, -80.0, -67.183619030577, -67.241646822821,
         -67.166950944248, -65.743581994342, -65.852246115008, -65.952742201897, -66.028738482022]  # fmt: skip


@pytest.mark.every_target
def test_the_potentials_are_those_that_are_known(target):
    neuron = gated(threshold="v > -75*mV", threshold_location=2, reset="v = -80*mV", refractory=0.15 * ms)
    spikes, monitor = SpikeMonitor(neuron), StateMonitor(neuron, "v", record=True)
    run(0.5 * ms)
    np.testing.assert_allclose(monitor.v[:, 4] / mV, KNOWN, rtol=1e-9)
    assert spikes.i[:].tolist() == [2] * 5


def test_the_targets_agree_to_the_last_bit():
    values = []
    for target in ("numpy", "cpp"):
        prefs.codegen.target = target
        neuron = gated(name=f"on_{target}")
        run(2 * ms)
        values.append(neuron.v_[:])
    np.testing.assert_array_equal(*values)


def test_currents_may_depend_on_the_potential_in_any_way(target):
    """An exponential current in one compartment: the step is linear about the present potential."""
    model = "Im = gl*(El - v) + gl*(2*mV)*exp((v + 55*mV)/(2*mV)) : amp/meter**2"
    neuron = SpatialNeuron(Soma(diameter=30 * um), model, Cm=1 * uF / cm**2, namespace=VALUES)
    neuron.v = -56 * mV
    run(0.1 * ms)
    rise = 2e-3 * np.exp(-0.5)
    slope, flow = -1 + np.exp(-0.5), -14e-3 + rise
    np.testing.assert_allclose(neuron.v_[0], -56e-3 + flow / (1e-2 / 1e-4 - slope), rtol=1e-13)


def test_functions_of_ones_own_are_held_in_a_step():
    """Their derivatives are not known: they are taken at the present potential, and what multiplies them is linear."""

    @check_units(v=volt, result=1)
    def half_where_low(v):
        return np.where(v < -60 * mV, 0.5, 1.0)

    values = VALUES | {"half_where_low": half_where_low}
    model = "Im = half_where_low(v)*gl*(El - v) : amp/meter**2"
    neuron = SpatialNeuron(Soma(diameter=30 * um), model, Cm=1 * uF / cm**2, namespace=values)
    neuron.v = -65 * mV
    run(0.1 * ms)
    np.testing.assert_allclose(neuron.v_[0], (0.01 / 1e-4 * -65e-3 + 0.5 * -70e-3) / (0.01 / 1e-4 + 0.5), rtol=1e-13)
    np.testing.assert_allclose(neuron.time_constant[0] / ms, 20)


def test_point_currents_are_variables_expressions_and_equations():
    model = """Im = gl*(El - v) : amp/meter**2
    I : amp (point current)
    leak = -2*nA : amp (point current)
    dJ/dt = nA/ms : amp (point current)"""
    neuron = SpatialNeuron(Soma(diameter=30 * um), model, Cm=1 * uF / cm**2, namespace=VALUES, method="euler")
    neuron.v, neuron.I = -70 * mV, 1.9 * nA
    run(0.1 * ms)
    assert abs(neuron.v[0] + 70 * mV) < 1e-12 * mV  # 1.9 - 2 + 0.1 nA


def test_the_geometry_is_that_of_the_morphology():
    morpho = tree().generate_coordinates()
    neuron, flat = SpatialNeuron(morpho, PASSIVE, namespace=VALUES), morpho.compartments()
    for name in ("length", "distance", "area", "volume", "diameter", "r_length_1", "r_length_2"):
        np.testing.assert_array_equal(neuron.state(name, False)[:], getattr(flat, name))
    np.testing.assert_array_equal(neuron.y_[:], flat.middle[:, 1])
    with pytest.raises(ReadOnlyError, match=r"'area' of .* cannot be set"):
        neuron.area = 1 * um**2


def test_constants_of_the_membrane():
    morpho = Cylinder(length=100 * um, diameter=2 * um, n=4)
    neuron = SpatialNeuron(morpho, PASSIVE, Cm=1 * uF / cm**2, Ri=100 * ohm * cm, namespace=VALUES)
    np.testing.assert_allclose(neuron.time_constant / ms, 10)
    np.testing.assert_allclose(neuron.space_constant_, np.sqrt(2e-6 / (4 * 1.0 * 1.0)))
    neuron.Cm, neuron.Ri = [1, 1, 1, 2] * uF / cm**2, 400 * ohm * cm
    np.testing.assert_allclose(neuron.time_constant / ms, [10, 10, 10, 20])
    np.testing.assert_allclose(neuron.space_constant_, np.sqrt(2e-6 / 16))


def test_charge_that_enters_is_kept():
    """Without a leak, what flows in is the change of the charge of all membranes."""
    neuron = SpatialNeuron(tree(), "Im = 0*amp/meter**2 : amp/meter**2\nI : amp (point current)", Ri=100 * ohm * cm)
    neuron.I[4], neuron.I[9] = 1 * nA, 0.5 * nA
    run(1 * ms)
    charge = (neuron.Cm_[:] * neuron.area_[:] * neuron.v_[:]).sum()
    np.testing.assert_allclose(charge, 1.5e-9 * 1e-3, rtol=1e-13)


def test_a_potential_that_becomes_no_number_is_told(target):
    model = "Im = gl*(El - v) + 0*gl*volt/(v + 70*mV)*mV : amp/meter**2"
    neuron = SpatialNeuron(Cylinder(length=100 * um, diameter=1 * um, n=3), model, namespace=VALUES, name="bad")
    neuron.v = [-60, -70, -60] * mV
    with pytest.warns(SimulationWarning, match=r"bad\.v\[0\] became nan in the time step at t = 0 ms"):
        run(0.2 * ms)


def test_its_overview_has_the_lines_that_were_given():
    neuron = SpatialNeuron(tree(), PASSIVE, namespace=VALUES)
    assert neuron.user_equations.names == {"Im", "I"} and "area" in neuron.equations.names
    assert neuron.behaviour["cable"] == "backward_euler: implicit, of order 1, stable"
    assert "10 compartments" in neuron._repr_html_() and "r_length_1" not in neuron._repr_html_()


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("x : 1", "do not give the current through the membrane, Im"),
        ("Im : amp/meter**2", "'Im' must be an expression without flags"),
        ("Im = 1*nA : amp", "'Im' has the wrong unit"),
        ("Im = 0*amp/meter**2 : amp/meter**2\nI : volt (point current)", "'I' has the wrong unit"),
        ("Im = 0*amp/meter**2 : amp/meter**2\nI : amp (point current, shared)", "differs between compartments"),
        ("Im = 0*amp/meter**2 : amp/meter**2\ndv/dt = 0*volt/ms : volt", "'v' is a variable of every compartment"),
        ("Im = 0*amp/meter**2 : amp/meter**2\narea : 1", "'area' is a variable of every compartment already"),
    ],
)  # fmt: skip
def test_currents_that_are_none_are_pointed_at(model, said):
    with pytest.raises(UserError, match=said):
        SpatialNeuron(tree(), model)


def test_white_noise_needs_an_equation_of_its_own():
    neuron = SpatialNeuron(tree(), "Im = (El - v)*gl + gl*mV*xi*sqrt(ms) : amp/meter**2", namespace=VALUES)
    with pytest.raises(EquationError, match=r"contain white noise \(xi\)"):
        run(1 * ms)
    del neuron


def test_point_currents_belong_to_neurons_in_space():
    with pytest.raises(EquationError, match="the flag 'point current' belongs to equations of neurons in space"):
        NeuronGroup(1, "I : amp (point current)")


def test_arguments_that_make_no_sense():
    with pytest.raises(ArgumentTypeError, match="a neuron in space needs a shape"):
        SpatialNeuron(10, PASSIVE)
    morpho = tree()
    with pytest.raises(ArgumentError, match="spikes are looked for in one compartment"):
        SpatialNeuron(morpho, PASSIVE, threshold="v > 0*mV", threshold_location=morpho.axon)
    with pytest.raises(ArgumentError, match="there is no compartment 10"):
        SpatialNeuron(morpho, PASSIVE, threshold="v > 0*mV", threshold_location=10)
    with pytest.raises(ArgumentError, match=r"'Ri' of 'spatialneuron.*' must be positive"):
        SpatialNeuron(morpho, PASSIVE, Ri=0 * ohm * cm, namespace=VALUES)
    with pytest.raises(ArgumentError, match="'Cm' of 'neuron' must be positive"):
        SpatialNeuron(morpho, PASSIVE, namespace=VALUES, name="neuron")[2:4].Cm = -1 * uF / cm**2
    with pytest.raises(DimensionMismatchError, match=r"the value for 'Cm' of .* has the wrong unit"):
        SpatialNeuron(morpho, PASSIVE, Cm=1 * uF, namespace=VALUES)
    with pytest.raises(ArgumentError, match="'cranck_nicolson' is not a method") as caught:
        SpatialNeuron(morpho, PASSIVE, cable_method="cranck_nicolson")
    assert "crank_nicolson" in str(caught.value)
