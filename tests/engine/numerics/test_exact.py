"""Exact integration: linear equations are solved without error, whatever the time step."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, SpikeMonitor, StateMonitor, run
from jupyspike_engine.language.equations import Equations
from jupyspike_engine.numerics.exact import EXACT
from jupyspike_engine.numerics.system import system_of
from jupyspike_engine.objects.timedarray import TimedArray
from jupyspike_engine.units import Hz, ms, mV, volt

TINY = 1e-12


def test_the_membrane_follows_the_analytical_solution_between_spikes_and_fires_when_it_says(target):
    """An interval takes ceil(tau/dt log((v_inf - v_r)/(v_inf - v_th))) steps; spikes carry the time of their step."""
    constants = {"tau": 20 * ms, "v_inf": -45 * mV, "v_r": -70 * mV, "v_th": -50 * mV}
    group = NeuronGroup(
        1, "dv/dt = (v_inf - v)/tau : volt", threshold="v > v_th", reset="v = v_r", method="exact", namespace=constants
    )
    group.v = -70 * mV
    trace, spikes = StateMonitor(group, "v", record=0), SpikeMonitor(group)
    run(200 * ms)
    interval = int(np.ceil(20 / 0.1 * np.log((-45 + 70) / (-45 + 50))))
    fired = np.arange(interval - 1, 2000, interval)
    np.testing.assert_array_equal(np.round(spikes.t_ / 1e-4).astype(int), fired)
    since = np.arange(2000) % interval
    expected = -45e-3 + (-70e-3 + 45e-3) * np.exp(-since * 0.1 / 20)
    np.testing.assert_allclose(trace.v_[0], expected, rtol=TINY)


def test_exponential_and_alpha_synaptic_currents(target):
    """Closed forms of v' = (i - v)/tau_m driven by an exponential or an alpha function of time constant tau_s."""
    equations = """
    dv/dt = (g - v)/tau_m : 1
    dg/dt = -g/tau_s : 1
    du/dt = (a - u)/tau_m : 1
    da/dt = (b - a)/tau_s : 1
    db/dt = -b/tau_s : 1
    tau_m : second
    tau_s : second
    """
    tau_m, tau_s = np.array([20e-3, 5e-3, 10e-3]), np.array([5e-3, 20e-3, 1e-3])
    group = NeuronGroup(3, equations, method="exact", dt=0.5 * ms)
    group.tau_m_, group.tau_s_ = tau_m, tau_s
    group.g = group.b = 1
    trace = StateMonitor(group, ["v", "g", "u", "a", "b"], record=True)
    run(60 * ms)
    t, m, s = trace.t_, tau_m[:, None], tau_s[:, None]
    p, q = np.exp(-t / m), np.exp(-t / s)
    np.testing.assert_allclose(trace.g, q, rtol=TINY)
    np.testing.assert_allclose(trace.b, q, rtol=TINY)
    np.testing.assert_allclose(trace.a, t / s * q, rtol=TINY, atol=1e-15)
    np.testing.assert_allclose(trace.v, s / (s - m) * (q - p), rtol=1e-11, atol=1e-15)
    k = 1 / m - 1 / s
    alpha = (t * q / k - (q - p) / k**2) / (m * s)
    np.testing.assert_allclose(trace.u, alpha, rtol=1e-11, atol=1e-15)


def test_equal_time_constants_are_no_special_case(target):
    """v' = (g - v)/tau, g' = -g/tau: v = (t/tau) exp(-t/tau), also among neurons with other time constants."""
    group = NeuronGroup(3, "dv/dt = (g - v)/10/ms : 1\ndg/dt = -g/tau : 1\ntau : second", method="exact", dt=1 * ms)
    group.tau = [10, 10.0000001, 5] * ms
    group.g = 10
    trace = StateMonitor(group, "v", record=True)
    run(50 * ms)
    t = trace.t_ * 1e3
    np.testing.assert_allclose(trace.v[0], t * np.exp(-t / 10), rtol=TINY, atol=1e-15)
    np.testing.assert_allclose(trace.v[1], t * np.exp(-t / 10), rtol=1e-7, atol=1e-15)
    np.testing.assert_allclose(trace.v[2], 10 * (np.exp(-t / 10) - np.exp(-t / 5)), rtol=1e-11, atol=1e-14)


def reference(a, b, x0, times):
    """x(t) of x' = a x + b by the eigenvectors of a."""
    values, vectors = np.linalg.eig(a)
    fixed = -np.linalg.solve(a, b)
    weights = np.linalg.solve(vectors, x0 - fixed)
    return (vectors @ (weights[:, None] * np.exp(values[:, None] * times))).real + fixed[:, None]


def test_three_coupled_equations_with_oscillation_and_drive(target):
    a = np.array([[-100.0, 300.0, 0.0], [-300.0, -50.0, 20.0], [10.0, -5.0, -30.0]])
    b = np.array([1.0, 0.0, -2.0])
    entries = {f"a{r}{c}": a[r, c] * Hz for r in range(3) for c in range(3)}
    group = NeuronGroup(
        1,
        """dx/dt = a00*x + a01*y + a02*z + 1/second : 1
        dy/dt = a10*x + a11*y + a12*z : 1
        dz/dt = a20*x - (-a21)*y + a22*z - 2*Hz : 1""",
        method="exact",
        namespace=entries,
        dt=2 * ms,
    )
    group.x, group.y, group.z = 1, -2, 0.5
    trace = StateMonitor(group, ["x", "y", "z"], record=0)
    run(100 * ms)
    expected = reference(a, b, np.array([1, -2, 0.5]), trace.t_)
    np.testing.assert_allclose([trace.x[0], trace.y[0], trace.z[0]], expected, rtol=0, atol=TINY)


def test_coefficients_that_vanish_need_no_other_equations(target):
    """The same program serves a leaky and a perfect integrator; what nothing changes keeps its very value."""
    equations = "dv/dt = -leak*v + s : 1\ns = w*3/second : 1/second\ndw/dt = -leak*w : 1\nleak : hertz"
    group = NeuronGroup(2, equations, method="exact", dt=1 * ms)
    group.leak = [0, 50] * Hz
    group.w = 0.1
    trace = StateMonitor(group, ["v", "w"], record=True)
    run(300 * ms)
    t = trace.t_
    np.testing.assert_array_equal(trace.w[0], 0.1)
    np.testing.assert_allclose(trace.v[0], 0.3 * t, rtol=1e-13)
    np.testing.assert_allclose(trace.v[1], 0.3 * t * np.exp(-50 * t), rtol=1e-11, atol=1e-16)


def test_each_neuron_has_the_propagator_of_its_own_time_constant(target):
    tau = np.array([0.05, 1.0, 3.0, 100.0])
    group = NeuronGroup(4, "dv/dt = -v/tau : volt\ntau : second", dt=1 * ms)
    group.tau, group.v = tau * ms, 1 * volt
    run(7 * ms)
    np.testing.assert_allclose(group.v_[:], np.exp(-7 / tau), rtol=TINY)
    group.tau = 7 * ms  # between runs
    group.v = 1 * volt
    run(7 * ms)
    np.testing.assert_allclose(group.v_[:], np.exp(-1), rtol=TINY)


def test_the_time_step_makes_no_difference(target):
    ends = []
    for dt in (0.1 * ms, 2.5 * ms, 10 * ms):
        group = NeuronGroup(1, "dv/dt = (g - v + 2)/(7*ms) : 1\ndg/dt = -g/(3*ms) : 1", method="exact", dt=dt)
        group.g = 5
        run(20 * ms)
        ends.append(group.v[0])
    np.testing.assert_allclose(ends, ends[0], rtol=TINY)


def test_a_drive_that_changes_between_steps_is_held_during_a_step(target):
    """A parameter of the neuron that code of events rewrites may be a drive: it is read in each step."""
    group = NeuronGroup(
        1, "dv/dt = (w - v)/(10*ms) : 1\nw : 1", threshold="v > 0.5", reset="v = 0; w += 1", method="exact", dt=1 * ms
    )
    group.w = 1
    spikes = SpikeMonitor(group, variables="w")
    run(30 * ms)
    steps, k = [], -1
    for w in range(1, 5):
        k += int(np.ceil(10 * np.log(w / (w - 0.5))))
        steps.append(k)
    np.testing.assert_array_equal(np.round(spikes.t_[:4] * 1e3), steps)


@pytest.mark.parametrize("name", ["not_refractory", "lastspike"])
def test_a_coefficient_that_changes_with_every_spike_is_seen_to_change(target, name):
    """Exact integration would need a new propagator then; another method is chosen, or the wish refused."""
    factor = {"not_refractory": "int(not_refractory)", "lastspike": "int(lastspike < 0*ms)"}[name]
    group = NeuronGroup(
        1, f"dv/dt = {factor}*(2 - v)/(10*ms) : 1", threshold="v > 1", reset="v = 0", refractory=5 * ms, dt=1 * ms
    )
    assert group.integration().integrator.name != "exact"
    trace, spikes = StateMonitor(group, "v", record=0), SpikeMonitor(group)
    run(20 * ms)
    first = int(np.round(spikes.t_[0] * 1e3))
    np.testing.assert_array_equal(trace.v[0][first + 1 : first + 5], 0)


@pytest.mark.parametrize(
    ("equation", "objection"),
    [
        ("dv/dt = (table(t) - v)/ms : 1", ""),
        ("dv/dt = (table(t, i) - v)/ms : 1", ""),
        ("dv/dt = (table(t + dt/2) - v)/ms : 1", "dv/dt depends on time"),
        ("dv/dt = (table(t)*t/ms - v)/ms : 1", "dv/dt depends on time"),
        ("dv/dt = (function(t) - v)/ms : 1", "dv/dt depends on time"),
        ("dv/dt = -table(t)*v/ms : 1", "dv/dt depends on time"),
    ],
)
def test_a_table_that_is_constant_over_a_step_may_drive_but_be_no_coefficient(equation, objection):
    system = system_of(Equations(equation), steps=frozenset({"table"}))
    assert EXACT.objection(system) == objection


def test_a_table_drives_a_membrane_without_error(target):
    """The membrane relaxes towards one value after the other, each held for 5 ms."""
    drive = TimedArray([1.0, -2.0, 0.5], dt=5 * ms)
    group = NeuronGroup(1, "dv/dt = (drive(t) - v)/(10*ms) : 1", method="exact", dt=0.5 * ms)
    assert NeuronGroup(1, "dv/dt = (drive(t) - v)/(10*ms) : 1").integration().integrator.name == "exact"
    v = 0.0
    for value in drive.values:
        run(5 * ms)
        v = value + (v - value) * np.exp(-0.5)
        assert group.v[0] == pytest.approx(v, rel=1e-12)
