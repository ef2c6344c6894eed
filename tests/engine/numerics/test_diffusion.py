"""Diffusion along a tree and in its cross section, against solutions in closed form and another simulator."""

import numpy as np
import pytest

from jupyspike import (
    Cylinder,
    Section,
    Soma,
    SpatialNeuron,
    StateMonitor,
    amp,
    metre,
    mM,
    mmolar,
    mole,
    ms,
    prefs,
    run,
    second,
    um,
)
from jupyspike.units.constants import faraday_constant

from .diffusion_solutions import entered_through_the_surface, gaussian

PASSIVE = "Im = 0*amp/meter**2 : amp/meter**2\n"


def amount(neuron, *names):
    """How much there is of some species."""
    return float(sum(np.sum(np.asarray(getattr(neuron, name)) * np.asarray(neuron.volume)) for name in names))


def tree():
    """A soma with a tapering dendrite that branches, in compartments of different lengths."""
    morpho = Soma(diameter=20 * um)
    morpho.stem = Section(diameter=[4, 3, 1, 2] * um, length=[5, 20, 10] * um, n=3)
    morpho.stem.left = Cylinder(length=40 * um, diameter=1 * um, n=11)
    morpho.stem.middle = Section(diameter=[2, 0.5] * um, length=[15] * um, n=1)
    morpho.stem.right = Cylinder(length=30 * um, diameter=0.4 * um, n=6)
    morpho.axon = Cylinder(length=100 * um, diameter=1 * um, n=10)
    return morpho


@pytest.mark.every_target
def test_a_release_at_a_point_spreads_as_a_gaussian(target):
    neuron = SpatialNeuron(
        Cylinder(length=100 * um, diameter=1 * um, n=201), PASSIVE + "Ca : mmolar (diffusive, D=0.6*um**2/ms)"
    )
    neuron.Ca[100] = 1 * mmolar
    run(100 * ms)
    x = np.asarray(neuron.distance) - float(neuron.distance[100])
    known = gaussian(x, 0.1, 0.6e-9, 1.0 * 100e-6 / 201)
    assert np.abs(np.asarray(neuron.Ca) - known).max() < 1e-3 * known.max()


@pytest.mark.every_target
def test_nothing_is_lost_in_a_tree(target):
    model = """Ca : mmolar (diffusive, D=D)
        B : mmolar (diffusive, D=0.1*um**2/ms)
        CaB : mmolar
        Ca + B <-> CaB : 200/mM/ms, 1/ms"""
    neuron = SpatialNeuron(tree(), PASSIVE + model, namespace={"D": 0.6 * um**2 / ms})
    neuron.Ca, neuron.B = "rand()*mmolar", "rand()*0.2*mmolar"
    before = amount(neuron, "Ca"), amount(neuron, "B")
    run(50 * ms)
    assert amount(neuron, "Ca", "CaB") == pytest.approx(before[0], rel=1e-12)
    assert amount(neuron, "B", "CaB") == pytest.approx(before[1], rel=1e-12)
    assert np.asarray(neuron.Ca).min() >= 0
    assert amount(neuron, "CaB") > 0.1 * before[1]


def test_in_the_end_the_concentration_is_the_same_everywhere():
    neuron = SpatialNeuron(tree(), PASSIVE + "Ca : mmolar (diffusive, D=1*um**2/ms)", dt=100 * second)
    neuron.Ca[3] = 1 * mmolar
    mean = amount(neuron, "Ca") / float(np.sum(neuron.volume))
    run(1000 * second)
    assert np.asarray(neuron.Ca) == pytest.approx(mean, rel=1e-6)


def test_between_a_source_and_a_sink_the_flow_follows_the_shape():
    """In a steady state the same flows through each cross section: C falls by flow/(D A/l) between two middles."""
    cone = Section(diameter=np.linspace(4, 1, 31) * um, length=np.full(30, 1) * um, n=30)
    ends = "dCa/dt = int(i == 0)*0.1*mM/ms - int(i == 29)*Ca/(1*ms) : mmolar (diffusive, D=0.5*um**2/ms)"
    neuron = SpatialNeuron(cone, PASSIVE + ends, dt=0.2 * ms)
    prefs.codegen.target = "cpp"
    run(60 * second)
    flow = 0.1e3 * float(neuron.volume[0])
    r_length = 1 / (1 / np.asarray(neuron.r_length_2)[:-1] + 1 / np.asarray(neuron.r_length_1)[1:])
    steps = -np.diff(np.asarray(neuron.Ca))
    assert steps == pytest.approx(flow / (0.5e-9 * r_length), rel=1e-6)


def test_it_is_what_another_simulator_has():
    """The branched tree, with a buffer and a pump: nine values of NEURON's rxd.

    They were computed with NEURON 9.0.2 (nseg 51, 41 and 31, rxd.Reaction and rxd.Rate with the same constants, the
    fixed step method with dt = 0.001 ms), all in mM.
    """
    known = {
        5: {"Ca": [0.089122389], "CaB": [0.025185357]},
        20: {
            "Ca": [0.0017184294, 3.0392043e-05, 3.1322336e-05, 1.3538461e-08],
            "CaB": [0.001129252, 1.6392577e-05, 1.6914298e-05, 5.7565468e-09],
        },
    }
    morpho = Cylinder(length=50 * um, diameter=2 * um, n=51)
    morpho.left = Cylinder(length=40 * um, diameter=1 * um, n=41)
    morpho.right = Cylinder(length=30 * um, diameter=1.5 * um, n=31)
    model = """Ca : mmolar (diffusive, D=0.6*um**2/ms)
        B : mmolar
        CaB : mmolar
        Ca + B <-> CaB : 10/mM/ms, 1/ms
        Ca -> 0 : michaelis_menten(0.02*mM/ms, 0.05*mM)"""
    prefs.codegen.target = "cpp"
    neuron = SpatialNeuron(morpho, PASSIVE + model, dt=0.01 * ms)
    neuron.Ca[45], neuron.B = 1 * mM, 0.05 * mM
    places = [45, 51 + 5, 92 + 5, 25]
    for t, species in known.items():
        run(t * ms - neuron.t)
        for name, values in species.items():
            here = np.asarray(getattr(neuron, name))[places[: len(values)]]
            tolerance = [5e-3, 5e-3, 5e-3, 3e-2][: len(values)]  # the last one is at the foot of the front
            assert (np.abs(here / values - 1) < tolerance).all(), (t, name, here / values - 1)


@pytest.mark.parametrize("method", ["exact", "reactions"])
def test_what_enters_through_the_membrane_spreads_through_shells(method):
    """The mean concentration of each annulus, against the series of Bessel functions."""
    n, D, radius, flux, t = 10, 0.2e-9, 1e-6, 1e-6, 1.0e-3
    model = f"Ca : mmolar (diffusive, D=0.2*um**2/ms, shells={n}, influx=J)\nJ : mole/meter**2/second"
    neuron = SpatialNeuron(Cylinder(length=10 * um, diameter=2 * um), PASSIVE + model, method=method, dt=0.01 * ms)
    neuron.J = flux * mole / (1e12 * um**2) / second
    run(1 * ms)
    found = [float(getattr(neuron, "Ca" if k == 0 else f"Ca_shell_{k}")[0]) for k in range(n)]
    known = entered_through_the_surface(radius * (1 - np.arange(n + 1) / n), t, D, radius, flux)
    assert np.abs(found - known).max() < 0.01 * known.max()
    inside = np.array([2 * (n - k) - 1 for k in range(n)]) / n**2
    assert (inside * found).sum() == pytest.approx(2 * flux * t / radius, rel=1e-12)


@pytest.mark.every_target
def test_a_buffer_in_every_shell_and_along_the_tree(target):
    """Shells of a tree with influx at one end: what is in them is what has entered."""
    model = """I : amp/meter**2
        Ca : mmolar (diffusive, D=0.2*um**2/ms, shells=3, influx=-I/(2*F))
        B : mmolar (shells=3)
        CaB : mmolar (shells=3)
        bound = Ca + B <-> CaB : 100/mM/ms, 0.1/ms"""
    neuron = SpatialNeuron(tree(), PASSIVE + model, namespace={"F": faraday_constant})
    for k in range(3):
        setattr(neuron, "B" if k == 0 else f"B_shell_{k}", 0.05 * mM)
    neuron.I[:4] = -1e-3 * amp / metre**2
    area = float(np.sum(neuron.area[:4]))
    M = StateMonitor(neuron, ["Ca", "Ca_shell_2"], record=[1, 20])
    run(5 * ms)
    parts = np.array([5, 3, 1]) / 9
    ends = ("", "_shell_1", "_shell_2")
    inside = sum(part * amount(neuron, f"Ca{end}", f"CaB{end}") for part, end in zip(parts, ends, strict=True))
    assert inside == pytest.approx(1e-3 / (2 * float(faraday_constant)) * area * 5e-3, rel=1e-10)
    assert (np.asarray(M.Ca[0])[1:] > np.asarray(M.Ca_shell_2[0])[1:]).all()
    assert 0 < float(M.Ca[1][-1]) < float(M.Ca[0][-1])
