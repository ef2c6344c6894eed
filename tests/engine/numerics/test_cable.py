"""The cable equation against what is known of it: orders of convergence, infinite, finite and branched cables."""

import numpy as np
import pytest
from scipy.special import erfc

from jupyspike import (
    Cylinder,
    Network,
    NeuronGroup,
    Section,
    Soma,
    SpatialNeuron,
    StateMonitor,
    cm,
    defaultclock,
    ms,
    msiemens,
    mV,
    nA,
    ohm,
    pA,
    prefs,
    uF,
    um,
)  # fmt: skip
from jupyspike_engine.morphology.forest import tree_of

METHODS = {"backward_euler": 1, "crank_nicolson": 2}
PASSIVE = "Im = -v*gl : amp/meter**2\nI : amp (point current)"
MEMBRANE = {"Cm": 1 * uF / cm**2, "Ri": 100 * ohm * cm}
GL = 0.1 * msiemens / cm**2
TAU = 10e-3  # s
RESISTIVITY, LEAK, CAPACITY = 1.0, 1.0, 0.01  # ohm m, S/m2, F/m2
HODGKIN_HUXLEY = """
dm/dt = 0.1/mV*10*mV/exprel(-(v + 40*mV)/(10*mV))/ms*(1 - m) - 4*exp(-(v + 65*mV)/(18*mV))/ms*m : 1
dh/dt = 0.07*exp(-(v + 65*mV)/(20*mV))/ms*(1 - h) - 1/(exp(-(v + 35*mV)/(10*mV)) + 1)/ms*h : 1
dn/dt = 0.01/mV*10*mV/exprel(-(v + 55*mV)/(10*mV))/ms*(1 - n) - 0.125*exp(-(v + 65*mV)/(80*mV))/ms*n : 1
"""
CURRENTS = "(0.3*(-54.4*mV - v) + 120*m**3*h*(50*mV - v) + 36*n**4*(-77*mV - v))*msiemens/cm**2"
AT_REST = {"v": -65.0028e-3, "m": 0.052932, "h": 0.596121, "n": 0.317677}


@pytest.fixture(autouse=True)
def compiled():
    prefs.codegen.target = "cpp"


def passive(morphology, method="backward_euler", **options):
    return SpatialNeuron(morphology, PASSIVE, cable_method=method, namespace={"gl": GL}, **MEMBRANE, **options)


def run(neuron, duration, dt=0.1 * ms):
    defaultclock.dt = dt
    Network(neuron).run(duration)
    return neuron.v_[:]


def conductances(flat):
    """The matrix of the conductances along a tree, with its branching points, for a dense solution."""
    tree = tree_of(flat.parent, flat.r_length_1, flat.r_length_2)
    matrix = np.zeros((len(tree.numbers),) * 2)
    for number, parent, coupling in zip(tree.numbers, tree.parents, tree.couplings, strict=True):
        if parent >= 0:
            other = tree.numbers[parent]
            matrix[[number, other], [number, other]] += coupling / RESISTIVITY
            matrix[[number, other], [other, number]] -= coupling / RESISTIVITY
    return matrix


def exact(flat, start, time):
    """The potentials of a passive tree by the eigenvectors of its equations; branching points are eliminated."""
    n = len(flat)
    g = conductances(flat)
    g = g[:n, :n] - g[:n, n:] @ np.linalg.solve(g[n:, n:], g[n:, :n]) if len(g) > n else g
    root = np.sqrt(CAPACITY * flat.area)
    rates, modes = np.linalg.eigh((g + np.diag(LEAK * flat.area)) / np.outer(root, root))
    return modes @ (np.exp(-rates * time) * (modes.T @ (start * root))) / root


def branched():
    morpho = Soma(diameter=20 * um)
    morpho.a = Section(diameter=[4, 3, 2, 2] * um, length=[80, 60, 70] * um, n=3)
    morpho.a.L = Cylinder(length=150 * um, diameter=1 * um, n=3)
    morpho.a.R = Cylinder(length=100 * um, diameter=1.5 * um, n=2)
    morpho.b = Cylinder(length=200 * um, diameter=2 * um, n=4)
    return morpho


def order_of(errors):
    """The order of convergence from the errors of steps that are halved again and again."""
    return np.log2(np.divide(errors[:-1], errors[1:]))


@pytest.mark.parametrize("method", METHODS)
def test_the_order_in_time(method):
    """On a passive tree, against the exact solution of the equations of its compartments."""
    flat = branched().compartments()
    start = 1e-3 * np.cos(flat.distance / flat.distance.max() * np.pi)
    wanted, errors = exact(flat, start, 5e-3), []
    for steps in (100, 200, 400):
        neuron = passive(branched(), method)
        neuron.v_ = start
        errors.append(np.abs(run(neuron, 5 * ms, 5 * ms / steps) - wanted).max())
    np.testing.assert_allclose(order_of(errors), METHODS[method], atol=0.15)


@pytest.mark.parametrize("method", METHODS)
def test_the_order_with_gates(method):
    """An action potential of one compartment, against another method with a small step."""

    def at_rest(group):
        for name, value in AT_REST.items():
            setattr(group, f"{name}_", value)
        return group

    defaultclock.dt = 0.002 * ms
    point = f"dv/dt = ({CURRENTS} + 10*uamp/cm**2)/(1*uF/cm**2) : volt" + HODGKIN_HUXLEY
    reference = at_rest(NeuronGroup(1, point, method="rk4"))
    Network(reference).run(2 * ms)
    errors = []
    for steps in (40, 80, 160):
        model = f"Im = {CURRENTS} + 10*uamp/cm**2 : amp/meter**2" + HODGKIN_HUXLEY
        neuron = at_rest(SpatialNeuron(Soma(diameter=30 * um), model, method="exponential_euler", cable_method=method,
                                       Cm=1 * uF / cm**2))  # fmt: skip
        errors.append(abs(run(neuron, 2 * ms, 2 * ms / steps)[0] - reference.v_[0]))
    np.testing.assert_allclose(order_of(errors), METHODS[method], atol=0.25)


def test_the_second_order_errs_a_tenth():
    """In the time of the last of several action potentials, at both ends of an axon, with a step of 0.05 ms."""

    def last(method, dt):
        model = f"Im = {CURRENTS} : amp/meter**2\nI : amp (point current)" + HODGKIN_HUXLEY
        axon = Cylinder(length=1000 * um, diameter=1 * um, n=100)
        neuron = SpatialNeuron(axon, model, cable_method=method, method="exponential_euler", **MEMBRANE)
        for name, value in AT_REST.items():
            setattr(neuron, f"{name}_", value)
        neuron.I[0] = 0.1 * nA
        trace = StateMonitor(neuron, "v", record=[0, 99])
        defaultclock.dt = dt
        Network(neuron, trace).run(50 * ms)
        return np.array([passages(trace.t_, v)[-1] for v in trace.v_])

    reference = last("crank_nicolson", 0.0025 * ms)
    first, second = (np.abs(last(method, 0.05 * ms) - reference) for method in METHODS)
    assert (second < 0.1 * first).all() and (first < 0.7e-3).all()


def passages(t, v):
    """When a potential rises through zero."""
    before = np.flatnonzero((v[:-1] < 0) & (v[1:] >= 0))
    return t[before] - v[before] * (t[before + 1] - t[before]) / (v[before + 1] - v[before])


def test_an_infinite_cable():
    """A charge at a point spreads and leaks: the Green function of the cable equation (Tuckwell 1988)."""
    n, dx, diameter = 801, 5e-6, 2e-6
    neuron = passive(Cylinder(length=n * dx * 1e6 * um, diameter=2 * um, n=n), "crank_nicolson")
    charge, middle = 1e-12, n // 2
    neuron.v_[middle] = charge / (CAPACITY * np.pi * diameter * dx)
    length = np.sqrt(diameter / (4 * RESISTIVITY * LEAK))
    distance = dx * (np.arange(n) - middle)
    for part in (2, 3):
        t = part * 1e-3
        found = run(neuron, (2 if part == 2 else 1) * ms, 0.01 * ms)
        scale = charge / (CAPACITY * np.pi * diameter * length * np.sqrt(4 * np.pi * t / TAU))
        wanted = scale * np.exp(-t / TAU - (distance / length) ** 2 * TAU / (4 * t))
        np.testing.assert_allclose(found, wanted, atol=0.005 * wanted.max())


def test_a_cable_that_is_charged_at_its_end():
    """A constant current into the end of a semi-infinite cable (Hodgkin and Rushton 1946)."""
    n, dx, diameter, current = 1200, 2.5e-6, 2e-6, 10e-12
    neuron = passive(Cylinder(length=n * dx * 1e6 * um, diameter=2 * um, n=n), "crank_nicolson")
    neuron.I[0] = 10 * pA
    length = np.sqrt(diameter / (4 * RESISTIVITY * LEAK))
    found, t = run(neuron, 10 * ms, 0.02 * ms), 10e-3 / TAU
    x = dx * (np.arange(n) + 0.5) / length
    input_resistance = 4 * RESISTIVITY * length / (np.pi * diameter**2)
    falling = np.exp(-x) * erfc(x / (2 * np.sqrt(t)) - np.sqrt(t))
    rising = np.exp(x) * erfc(x / (2 * np.sqrt(t)) + np.sqrt(t))
    wanted = current * input_resistance / 2 * (falling - rising)
    np.testing.assert_allclose(found, wanted, atol=0.002 * wanted.max())


def test_the_order_in_space():
    """The steady state of a finite cable with sealed ends, into whose end a current flows: a hyperbolic cosine."""
    diameter, extent = 1e-6, 1e-3
    length = np.sqrt(diameter / (4 * RESISTIVITY * LEAK))
    resistance = 4 * RESISTIVITY * length / (np.pi * diameter**2)
    errors = []
    for n in (10, 20, 40):
        neuron = passive(Cylinder(length=1000 * um, diameter=1 * um, n=n))
        neuron.I[0] = 10 * pA
        found = run(neuron, 10000 * ms, 100 * ms)
        errors.append(abs(found[-1] - 10e-12 * resistance / np.sinh(extent / length)))
    np.testing.assert_allclose(order_of(errors), 2, atol=0.1)


def test_a_tree_that_is_a_cylinder():
    """Where the powers 3/2 of the diameters of branches add up to that of the stem (Rall 1959), a tree of compartments
    of the same electrotonic length does what a cylinder of such compartments does."""
    ratio = 2 ** (-2 / 3)  # of the diameters of a branch and of its stem
    tree = Cylinder(length=200 * um, diameter=4 * um, n=4)
    for branches, level in ((["L", "R"], 1), (["LL", "LR", "RL", "RR"], 2)):
        for name in branches:
            tree[name] = Cylinder(length=200 * ratio ** (level / 2) * um, diameter=4 * ratio**level * um, n=4)
    cylinder = Cylinder(length=600 * um, diameter=4 * um, n=12)
    found = []
    for morphology in (cylinder, tree):
        neuron = passive(morphology)
        neuron.I[0] = 0.1 * nA
        run(neuron, 5 * ms)
        far = neuron.morphology.LL if morphology is tree else neuron.morphology
        found.append((neuron.v_[:4], neuron.v_[far][-4:]))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


def test_large_steps_are_stable():
    """Backward Euler goes to the steady state in any step, without oscillations."""
    neuron = passive(branched())
    neuron.v_[0], neuron.I[3] = 1.0, 10 * pA
    found = run(neuron, 10000 * ms, 1000 * ms)
    assert (found > 0).all() and found.argmax() == 3
    np.testing.assert_allclose((found * neuron.area_[:]).sum() * LEAK, 10e-12, rtol=1e-4)


@pytest.mark.parametrize("target", ["numpy", "cpp"])
@pytest.mark.parametrize("method", METHODS)
def test_an_inward_current_that_grows_faster_than_the_step_follows_drives_to_its_reversal_potential(method, target):
    prefs.codegen.target, defaultclock.dt = target, 0.05 * ms  # dIm/dv is up to ten times Cm/dt
    neuron = SpatialNeuron(
        Soma(diameter=30 * um),
        """Im = 30*mS/cm**2*m**2*(120*mV - v) : amp/meter**2
        m = 1/(1 + exp(-(v - 20*mV)/(4*mV))) : 1""",
        Cm=1 * uF / cm**2, cable_method=method,
    )  # fmt: skip
    neuron.v = 15 * mV
    trace = StateMonitor(neuron, "v", record=True)
    Network(neuron, trace).run(1 * ms)
    assert (np.diff(trace.v_[0]) > 0).all()
    assert 0.119 < trace.v_[0, -1] < 0.12
