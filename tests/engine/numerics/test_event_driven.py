"""Event-driven equations: exact at events, whatever the time between them, alone and coupled."""

import numpy as np
import pytest

from jupyspike import Function, Network, NeuronGroup, Synapses, ms, prefs
from jupyspike_engine.diagnostics import EquationError
from jupyspike_engine.numerics.matrix_exponential import matrix_exponential, small_exponential

pytestmark = pytest.mark.every_target


def values_at(equations, on_pre, steps, variables, namespace=None, per_synapse=None, dt=1 * ms):
    """The variables of a synapse as the code of each event sees them, before it changes anything."""
    source = NeuronGroup(1, "next : integer", threshold=" or ".join(f"t_in_timesteps == {s}" for s in steps), dt=dt)
    seen = NeuronGroup(1, "\n".join(f"seen_{v} : 1" for v in variables), dt=dt)
    code = "; ".join(f"seen_{v}_post = {v}" for v in variables)
    synapses = Synapses(source, seen, equations, on_pre=f"{code}; {on_pre}", namespace=namespace or {})
    synapses.connect()
    for name, value in (per_synapse or {}).items():
        setattr(synapses, name, value)
    network = Network(source, seen, synapses)
    found, at = [], 0
    for step in steps:
        network.run((step + 1 - at) * dt)
        at = step + 1
        found.append([getattr(seen, f"seen_{v}")[0] for v in variables])
    return np.array(found)


ALPHA = """
dx/dt = (a - x)/tau1 : 1 (event-driven)
da/dt = -a/tau2 : 1 (event-driven)
"""
STEPS = [0, 1, 5, 40, 41, 2000]


@pytest.mark.parametrize(("tau1", "tau2"), [(10, 10), (10, 3), (2, 20), (10, 10.0000001)])
def test_an_alpha_function_between_events(target, tau1, tau2):
    """Equal time constants are no special case."""
    seen = values_at(ALPHA, "a += 1", STEPS, ["x", "a"], {"tau1": tau1 * ms, "tau2": tau2 * ms})
    x = a = 0.0
    last = 0
    for step, found in zip(STEPS, seen, strict=True):
        s = step - last
        p, q = np.exp(-s / tau1), np.exp(-s / tau2)
        mixed = s / tau1 * p if abs(tau1 - tau2) < 1e-5 else tau2 / (tau2 - tau1) * (q - p)
        x, a = x * p + a * mixed, a * q
        np.testing.assert_allclose(found, [x, a], rtol=1e-6, atol=1e-13)
        a, last = a + 1, step


def test_an_oscillation_with_a_drive(target):
    """x' = A x + b with rates of each synapse; the fixed point is reached after a long time."""
    equations = """
    dx/dt = (-x - 5*y + 3)*k : 1 (event-driven)
    dy/dt = (5*x - y)*k + 1/second : 1 (event-driven)
    k : hertz
    """
    steps = [3, 10, 500]
    seen = values_at(equations, "", steps, ["x", "y"], per_synapse={"k_": 100.0})
    matrix = 100.0 * np.array([[-1.0, -5.0], [5.0, -1.0]])
    fixed = -np.linalg.solve(matrix, [300.0, 1.0])
    for step, found in zip(steps, seen, strict=True):
        expected = fixed - matrix_exponential(matrix * step * 1e-3) @ fixed
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)


def test_equations_of_their_own_stay_simple_beside_coupled_ones(target):
    equations = ALPHA + "dz/dt = (7 - z)/tau1 : 1 (event-driven)\ndc/dt = 2/second : 1 (event-driven)"
    seen = values_at(equations, "a += 1", [0, 20], ["x", "a", "z", "c"], {"tau1": 10 * ms, "tau2": 10 * ms})
    expected = [2 * np.exp(-2), np.exp(-2), 7 - 7 * np.exp(-2), 0.04]
    np.testing.assert_allclose(seen[-1], expected, rtol=1e-13)


def test_a_chain_of_three(target):
    """The third of a chain with one time constant: (s**2/2) exp(-s) with s in time constants."""
    chain = """
    dx/dt = (y - x)/tau : 1 (event-driven)
    dy/dt = (z - y)/tau : 1 (event-driven)
    dz/dt = -z/tau : 1 (event-driven)
    tau : second
    """
    seen = values_at(chain, "z += 1", [0, 30], ["x", "y", "z"], per_synapse={"tau_": 10e-3})
    np.testing.assert_allclose(seen[-1], np.exp(-3) * np.array([4.5, 3, 1]), rtol=1e-13)


def test_the_targets_agree_to_the_last_bit():
    results = []
    for name in ("numpy", "cpp", "cython"):
        prefs.codegen.target = name
        constants = {"tau1": 10 * ms, "tau2": 3 * ms}
        results.append(values_at(ALPHA, "a += 1; x += 0.1", STEPS, ["x", "a"], constants))
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


@pytest.mark.parametrize("scale", [0.0, 1e-8, 0.1, 1.0, 30.0, 1e4])
def test_the_exponential_of_many_small_matrices(scale):
    rng = np.random.default_rng(2)
    matrices = rng.normal(size=(20, 3, 3))
    matrices = scale * (matrices - 3 * np.eye(3) * np.abs(matrices).sum(axis=(1, 2))[:, None, None] / 3)
    found = small_exponential([[matrices[:, r, c] for c in range(3)] for r in range(3)])
    expected = matrix_exponential(matrices)
    np.testing.assert_allclose(np.moveaxis(np.array(found), 2, 0), expected, rtol=0, atol=5e-14)


def test_what_is_slow_keeps_its_digits_beside_what_is_fast():
    found = small_exponential([[np.array([-1e7]), np.array([0.0])], [np.array([0.0]), np.array([-1.0])]])
    assert found[1][1][0] == pytest.approx(np.exp(-1), rel=1e-14)
    assert abs(found[0][0][0]) < 1e-15


def test_a_matrix_that_is_no_number_gives_none():
    found = small_exponential([[np.array([np.nan]), np.array([0.0])], [np.array([0.0]), np.array([1.0])]])
    assert np.isnan(found[0][0][0])


@pytest.mark.parametrize(
    ("equations", "found"),
    [
        ("dx/dt = a*x/ms : 1 (event-driven)\nda/dt = -a/ms : 1 (event-driven)", "dx/dt is not linear: a*x"),
        ("dx/dt = (v_post - x)/ms : 1 (event-driven)", "dx/dt depends on v_post"),
        ("dx/dt = -x*t/ms**2 : 1 (event-driven)", "dx/dt depends on t"),
        ("dx/dt = (xi*sqrt(ms) - x)/ms : 1 (event-driven)", "dx/dt contains white noise (xi)"),
        ("dx/dt = (rand() - x)/ms : 1 (event-driven)", "dx/dt calls rand(), with another value each time"),
        (
            "dx/dt = (a - x)/ms : 1 (event-driven)\nda/dt = -a*poisson(2)/ms : 1 (event-driven)",
            "da/dt calls poisson(), with another value each time",
        ),
    ],
)
def test_what_is_not_linear_or_not_constant_is_refused(equations, found):
    group = NeuronGroup(1, "v : 1", threshold="v > 1")
    with pytest.raises(EquationError) as caught:
        Synapses(group, group, equations)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.found == found
    assert diagnostic.span.text.startswith(found[:5])
    assert "(clock-driven)" in diagnostic.hint


def test_functions_that_are_not_stateless_are_no_coefficients(target):
    random = Function(lambda: 1.0, arg_units=[], return_unit=1, stateless=False)
    group = NeuronGroup(1, "v : 1", threshold="v > 1")
    synapses = Synapses(group, group, ALPHA.replace("-a", "-a*leak()"), on_pre="a += 1")
    synapses.connect()
    with pytest.raises(EquationError) as caught:
        Network(group, synapses).run(0 * ms, namespace={"leak": random, "tau1": 10 * ms, "tau2": 10 * ms})
    assert caught.value.diagnostics[0].found == "da/dt calls leak(), with another value each time"


def test_each_equation_that_is_refused_is_told():
    group = NeuronGroup(1, "v : 1", threshold="v > 1")
    with pytest.raises(EquationError) as caught:
        Synapses(group, group, "dx/dt = -x*rand()/ms : 1 (event-driven)\ndy/dt = -y**2/ms : 1 (event-driven)")
    assert [d.span.line for d in caught.value.diagnostics] == [1, 2]
