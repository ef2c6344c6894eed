"""The implicit method: stable where steps are long beside the fastest time constant, and as exact as its order says."""

import numpy as np
import pytest

from jupyspike import Network, NeuronGroup, StateMonitor, Synapses, ms, mV, nA, nS, pF, run
from jupyspike_engine.diagnostics import EquationError

pytestmark = pytest.mark.every_target


def test_a_fast_decay_is_damped_at_once_however_long_the_step(target):
    """L-stability: with dt = 10,000 time constants the state falls onto the slow solution and stays there."""
    group = NeuronGroup(
        1, "dx/dt = -(x - y)/tau : 1\ndy/dt = -y/(10*ms) : 1\ntau : second", method="rosenbrock", dt=1 * ms
    )
    group.tau, group.x, group.y = 1e-4 * ms, 5, 1
    trace = StateMonitor(group, ["x", "y"], record=0)
    run(20 * ms)
    assert abs(trace.x[0][2] - trace.y[0][2]) < 1e-2
    np.testing.assert_allclose(trace.x[0][3:], trace.y[0][3:], rtol=1e-3)
    np.testing.assert_allclose(trace.y[0], np.exp(-trace.t / (10 * ms)), rtol=5e-3)


VAN_DER_POL = "dx/dt = y/second : 1\ndy/dt = (mu*(1 - x**2)*y - x)/second : 1"


def test_the_stiff_oscillator_of_van_der_pol(target):
    """mu = 1000 with 100 steps before the jump: an explicit method would need a million."""
    group = NeuronGroup(1, VAN_DER_POL, method="rosenbrock", namespace={"mu": 1000}, dt=4000 * ms)
    group.x = 2
    trace = StateMonitor(group, "x", record=0)
    run(700 * 1000 * ms)
    # on the slow manifold mu (1 - x**2) y = x: log(x) - x**2/2 falls by t/mu
    x, t = trace.x[0][1:], trace.t_[1:]
    implicit = np.log(x) - x**2 / 2 - (np.log(2) - 2)
    np.testing.assert_allclose(implicit, t / 1000, rtol=0.01, atol=2e-3)


def test_the_membrane_of_hodgkin_and_huxley_with_long_steps(target):
    """The gates' rates hold exprel and exp: the Jacobian of all of them, against many small steps of another method."""
    equations = """
    dv/dt = (0.5*nA - gl*(v + 65*mV) - gna*m**3*h*(v - 50*mV) - gk*n**4*(v + 90*mV))/(200*pF) : volt
    dm/dt = 0.32*4/exprel((-50 - u)/4)*(1 - m)/ms - 0.28*5/exprel((u + 23)/5)*m/ms : 1
    dh/dt = 0.128*exp((-46 - u)/18)*(1 - h)/ms - 4/(1 + exp((-23 - u)/5))*h/ms : 1
    dn/dt = 0.032*5/exprel((-48 - u)/5)*(1 - n)/ms - 0.5*exp((-53 - u)/40)*n/ms : 1
    u = v/mV : 1
    """
    constants = {"gl": 10 * nS, "gna": 20000 * nS, "gk": 6000 * nS, "nA": nA, "pF": pF}
    ends = []
    for method, dt in (("rosenbrock", 0.02 * ms), ("rk4", 0.005 * ms)):
        group = NeuronGroup(1, equations, method=method, dt=dt, namespace=constants)
        group.v, group.h, group.n = -65 * mV, 1, 0.1
        run(5 * ms)
        ends.append([group.v_[0] * 1e3, group.m[0], group.h[0], group.n[0]])
    np.testing.assert_allclose(ends[0], ends[1], rtol=0.01)


def test_a_drive_that_depends_on_time_keeps_the_order(target):
    errors = []
    for dt in (1, 0.5, 0.25):
        group = NeuronGroup(1, "dx/dt = (cos(t/ms) - x)/ms : 1", method="rosenbrock", dt=dt * ms)
        run(8 * ms)
        errors.append(abs(group.x[0] - (np.cos(8) + np.sin(8) - np.exp(-8)) / 2))
    assert np.log2(errors[1] / errors[2]) == pytest.approx(2, abs=0.3)


def test_variables_rest_while_a_neuron_is_refractory(target):
    group = NeuronGroup(
        1, "dv/dt = 0.3*(1 + 0*w)/ms : 1 (unless refractory)\ndw/dt = v/ms : 1", threshold="v > 1", reset="v = 0",
        refractory=3 * ms, method="rosenbrock", dt=1 * ms,
    )  # fmt: skip
    trace = StateMonitor(group, ["v", "w"], record=0)
    run(12 * ms)
    np.testing.assert_allclose(trace.v[0], [0, 0.3, 0.6, 0.9, 0, 0, 0, 0.3, 0.6, 0.9, 0, 0], atol=1e-12)
    np.testing.assert_allclose(trace.w[0][4:7], trace.w[0][4], atol=1e-12)


def test_synapses_are_integrated_too(target):
    group = NeuronGroup(2, "v : 1")
    synapses = Synapses(group, group, "dw/dt = (v_post - w**3)/(1*ms) : 1 (clock-driven)", method="rosenbrock")
    synapses.connect(j="i")
    group.v = [1, 8]
    Network(group, synapses).run(20 * ms)
    np.testing.assert_allclose(synapses.w[:], [1, 2], rtol=1e-6)


@pytest.mark.parametrize(
    ("equations", "objection"),
    [
        ("dv/dt = xi/sqrt(ms) : 1", "rosenbrock: the equations contain white noise (xi)"),
        ("dv/dt = (rand() - v)/ms : 1", "rosenbrock: dv/dt draws random numbers"),
        ("\n".join(f"dv{k}/dt = -v{k}/ms : 1" for k in range(13)),
         "rosenbrock: there are 13 variables, more than the 12 that it can solve for"),
    ],
)  # fmt: skip
def test_what_it_cannot_do_is_told(equations, objection):
    with pytest.raises(EquationError) as caught:
        NeuronGroup(1, equations, method="rosenbrock")
    assert caught.value.diagnostics[0].found == objection


def test_elimination_of_a_full_system(target):
    """Twelve coupled variables: the result is that of the same method by linear algebra."""
    size, dt = 12, 0.5e-3
    rng = np.random.default_rng(1)
    a = rng.normal(size=(size, size)) * 100 - 300 * np.eye(size)
    rows = [" + ".join(f"({float(a[r, c])!r})*x{c}/second" for c in range(size)) for r in range(size)]
    group = NeuronGroup(
        1, "\n".join(f"dx{r}/dt = {rows[r]} : 1" for r in range(size)), method="rosenbrock", dt=dt * 1000 * ms
    )
    x = rng.normal(size=size)
    for r in range(size):
        setattr(group, f"x{r}", x[r])
    run(dt * 1000 * ms)
    w = np.eye(size) - dt / (2 + np.sqrt(2)) * a
    first = np.linalg.solve(w, a @ x)
    second = first + np.linalg.solve(w, a @ (x + dt / 2 * first) - first)
    np.testing.assert_allclose([getattr(group, f"x{r}")[0] for r in range(size)], x + dt * second, rtol=1e-11)
