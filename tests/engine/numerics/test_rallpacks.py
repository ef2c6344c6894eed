"""The Rallpacks (Bhalla, Bilitch and Bower, Trends in Neurosciences 15, 1992): errors are those of NEURON, or less.

The errors of NEURON are those of version 9.0.2 with the same compartments and steps (``secondorder`` 0 and 2), in the
models of ``tests/benchmarks/programs/run_neuron.py``: root mean squares over 250 ms of the potential in the first and
in the last compartment against the exact solution of the cable, and of Rallpack 3 the largest error in the time of a
spike there against NEURON's adaptive method, CVode, with a tolerance of 1e-5 mV.
"""

import numpy as np
import pytest

from jupyspike import (
    Cylinder,
    Network,
    SpatialNeuron,
    StateMonitor,
    defaultclock,
    farad,
    meter,
    ms,
    mV,
    nA,
    ohm,
    prefs,
    um,
)  # fmt: skip

RESISTIVITY, RESISTANCE, CAPACITY = 1.0, 4.0, 0.01  # ohm m, ohm m2, F/m2
TAU = RESISTANCE * CAPACITY
METHODS = ("backward_euler", "crank_nicolson")
LEAK = "0.25*siemens/meter**2*(-65*mV - v)"
HODGKIN_HUXLEY = """
dm/dt = 1/exprel(-(v + 40*mV)/(10*mV))/ms*(1 - m) - 4*exp(-(v + 65*mV)/(18*mV))/ms*m : 1
dh/dt = 0.07*exp(-(v + 65*mV)/(20*mV))/ms*(1 - h) - h/(exp(-(v + 35*mV)/(10*mV)) + 1)/ms : 1
dn/dt = 0.1/exprel(-(v + 55*mV)/(10*mV))/ms*(1 - n) - 0.125*exp(-(v + 65*mV)/(80*mV))/ms*n : 1
"""
CURRENTS = f"{LEAK} + (1200*m**3*h*(50*mV - v) + 360*n**4*(-77*mV - v))*siemens/meter**2"


@pytest.fixture(autouse=True)
def compiled():
    prefs.codegen.target = "cpp"


def ends(morphology, last, method, model, **start):
    """The times, and the potentials of the first and of another compartment, in mV."""
    neuron = SpatialNeuron(
        morphology, f"Im = {model} : amp/meter**2\nI : amp (point current)" + (HODGKIN_HUXLEY if start else ""),
        method="exponential_euler", cable_method=method, Cm=CAPACITY * farad / meter**2, Ri=RESISTIVITY * ohm * meter,
    )  # fmt: skip
    neuron.v = -65 * mV
    for gate, value in start.items():
        setattr(neuron, gate, value)
    neuron.I[0] = 0.1 * nA
    trace = StateMonitor(neuron, "v", record=[0, last])
    defaultclock.dt = 0.05 * ms
    Network(neuron, trace).run(250 * ms)
    return trace.t_[:], *(trace.v_ * 1e3)


def finite_cable(x, t, length, diameter):
    """The potential of a sealed cable, in mV, after a current has begun to flow into its end (Rall 1969).

    ``x`` and ``length`` count space constants.
    """
    constant = np.sqrt(RESISTANCE * diameter / 4 / RESISTIVITY)
    scale = 0.1e-9 * 4 * RESISTIVITY * constant / (np.pi * diameter**2) * 1e3
    n = np.arange(1, 400)[:, None]
    rates = 1 + (n * np.pi / length) ** 2
    modes = np.exp(-rates * t / TAU) * np.cos(n * np.pi * x / length) / rates
    steady = np.cosh(length - x) / np.sinh(length)
    return -65 + scale * (steady - np.exp(-t / TAU) / length - 2 / length * modes.sum(axis=0))


def root_mean_square(values):
    return np.sqrt(np.mean(values**2))


def binary_tree():
    """Ten levels of single compartments, each 0.008 space constants long; Rall's 3/2 law holds."""
    ratio, level = 2 ** (-2 / 3), [Cylinder(length=32 * um, diameter=16 * um)]
    root = level[0]
    for depth in range(1, 10):
        branches = []
        for parent in level:
            for side in "LR":
                branch = Cylinder(length=32 * ratio ** (depth / 2) * um, diameter=16 * ratio**depth * um)
                setattr(parent, side, branch)
                branches.append(branch)
        level = branches
    return root


@pytest.mark.parametrize(
    ("tree", "length", "diameter", "pieces", "last", "errors_of_neuron"),
    [
        (False, 1.0, 1e-6, 1000, 999, {"backward_euler": (0.02755, 0.01634), "crank_nicolson": (0.03572, 1.67e-5)}),
        (True, 0.08, 16e-6, 10, 9, {"backward_euler": (3.058e-3, 3.057e-3), "crank_nicolson": (2.51e-4, 7.44e-5)}),
    ],
    ids=["a cable", "a binary tree that is equivalent to a short cable"],
)  # fmt: skip
@pytest.mark.parametrize("method", METHODS)
def test_passive_cables(method, tree, length, diameter, pieces, last, errors_of_neuron):
    morphology = binary_tree() if tree else Cylinder(length=1000 * um, diameter=1 * um, n=1000)
    t, *found = ends(morphology, last, method, LEAK)
    half = length / pieces / 2
    exact = [finite_cable(x, t, length, diameter) for x in (half, length - half)]
    errors = [root_mean_square(v - true) for v, true in zip(found, exact, strict=True)]
    assert errors[0] < 1.01 * errors_of_neuron[method][0] and errors[1] < 1.01 * errors_of_neuron[method][1]


@pytest.mark.parametrize(
    ("method", "errors_of_neuron"), [("backward_euler", (2.466, 2.509)), ("crank_nicolson", (0.175, 0.178))]
)
def test_an_axon(method, errors_of_neuron):
    """The time of the 17th spike at both ends."""
    axon = Cylinder(length=1000 * um, diameter=1 * um, n=1000)
    t, *found = ends(axon, 999, method, CURRENTS, m=0.0529325, h=0.596121, n=0.3176769)
    for v, true, error in zip(found, (233.80718, 236.61814), errors_of_neuron, strict=True):
        k = np.flatnonzero((v[:-1] < -20) & (v[1:] >= -20))[16]
        time = 1e3 * (t[k] + (-20 - v[k]) / (v[k + 1] - v[k]) * (t[k + 1] - t[k]))
        assert abs(time - true) < 1.01 * error
