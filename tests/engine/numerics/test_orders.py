"""Integrators: each converges with its order, and is exact where it says so."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, StateMonitor, run
from jupyspike_engine.units import ms

NONLINEAR = "dx/dt = x*(1 - x)/(10*ms) : 1"  # logistic growth
DRIVEN = "dx/dt = -x*cos(t/(3*ms))/(10*ms) : 1"  # the right-hand side depends on time


def logistic(x0, t):
    grown = x0 * np.exp(t / 10e-3)
    return grown / (1 - x0 + grown)


def driven(x0, t):
    return x0 * np.exp(-np.sin(t / 3e-3) * 3e-3 / 10e-3)


def final(equations, method, dt, x0):
    group = NeuronGroup(len(x0), equations, method=method, dt=dt)
    group.x = x0
    run(4 * ms)
    return group.x[:]


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("rk2", 2), ("heun", 2), ("rk4", 4)])
@pytest.mark.parametrize(("equations", "solution"), [(NONLINEAR, logistic), (DRIVEN, driven)])
def test_the_error_falls_with_the_order_of_the_method(target, method, order, equations, solution):
    x0 = np.array([0.05, 0.3, 0.7])
    errors = [
        np.abs(final(equations, method, dt, x0) - solution(x0, 4e-3)).max() for dt in (0.5 * ms, 0.25 * ms, 0.125 * ms)
    ]
    measured = np.log2(np.array(errors[:-1]) / errors[1:])
    np.testing.assert_allclose(measured, order, atol=0.25)


def test_exponential_euler_has_order_one_for_coupled_equations(target):
    """FitzHugh-Nagumo-like: each equation linear in its own variable, the coupling is held during a step."""
    equations = "dx/dt = (y - x*y**2)/(5*ms) : 1\ny = 1 + 0.5*sin(t/(2*ms)) : 1"

    def values(dt):
        return final(equations, "exponential_euler", dt, np.array([0.1, 1.4]))

    reference = final(equations, "rk4", 1 / 64 * ms, np.array([0.1, 1.4]))
    errors = [np.abs(values(dt) - reference).max() for dt in (0.5 * ms, 0.25 * ms, 0.125 * ms)]
    np.testing.assert_allclose(np.log2(np.array(errors[:-1]) / errors[1:]), 1, atol=0.1)


def test_exponential_euler_holds_functions_of_the_variable_itself(target):
    """The exponential integrate-and-fire model: the leak is solved exactly, the spike's current is held in a step."""
    equations = "dx/dt = (exp(x - 1) - x)/(5*ms) : 1"
    x0 = np.array([0.2, 1.5])

    once = final(equations, "exponential_euler", 4 * ms, x0)
    np.testing.assert_allclose(once, np.exp(x0 - 1) + (x0 - np.exp(x0 - 1)) * np.exp(-4 / 5), rtol=1e-13)

    reference = final(equations, "rk4", 1 / 64 * ms, x0)
    errors = [np.abs(final(equations, "exponential_euler", dt, x0) - reference).max() for dt in (0.25 * ms, 0.125 * ms)]
    np.testing.assert_allclose(np.log2(errors[0] / errors[1]), 1, atol=0.1)


def test_exponential_euler_holds_a_factor_that_depends_on_the_variable(target):
    x0 = np.array([0.5, 2.0])
    once = final("dx/dt = (3 - x)/(1 + x)/(5*ms) : 1", "exponential_euler", 4 * ms, x0)
    np.testing.assert_allclose(once, 3 + (x0 - 3) * np.exp(-4 / 5 / (1 + x0)), rtol=1e-13)


def test_exponential_euler_is_exact_for_an_equation_that_is_linear_in_its_variable(target):
    tau, end = np.array([0.1, 2.0, 50.0]), np.array([-3.0, 0.5, 7.0])
    group = NeuronGroup(3, "dx/dt = (end - x)/tau : 1\ntau : second\nend : 1", method="exponential_euler", dt=0.5 * ms)
    group.tau, group.end = tau * ms, end
    group.x = 1.0
    trace = StateMonitor(group, "x", record=True)
    run(20 * ms)
    expected = end[:, None] + (1 - end[:, None]) * np.exp(-trace.t_ / (tau[:, None] * 1e-3))
    np.testing.assert_allclose(trace.x, expected, rtol=0, atol=1e-13 * 7)


@pytest.mark.parametrize("method", ["exponential_euler", "exact"])
def test_a_rate_of_zero_gives_a_straight_line(target, method):
    group = NeuronGroup(2, "dx/dt = k*x + 3/second : 1\nk : hertz", method=method, dt=0.5 * ms)
    group.x = [1, 2]
    trace = StateMonitor(group, "x", record=True)
    run(10 * ms)
    np.testing.assert_allclose(trace.x, [[1], [2]] + 3 * trace.t_, rtol=1e-14)


def test_variables_of_a_system_advance_together(target):
    """Euler's step uses the old values of all variables, in whichever order the equations stand."""
    forth = NeuronGroup(1, "dx/dt = y/ms : 1\ndy/dt = -x/ms : 1", method="euler", dt=0.1 * ms)
    back = NeuronGroup(1, "dy/dt = -x/ms : 1\ndx/dt = y/ms : 1", method="euler", dt=0.1 * ms)
    forth.x = back.x = 1
    run(0.2 * ms)
    np.testing.assert_allclose([forth.x[0], forth.y[0]], [1 - 0.01, -0.2], rtol=1e-14)
    assert (back.x[0], back.y[0]) == (forth.x[0], forth.y[0])


# A limit cycle of radius one with an angular velocity that swings: coupled, nonlinear and dependent on time.
CYCLE = """
r2 = x**2 + y**2 : 1
w = 1 + cos(t/(5*ms)) : 1
dx/dt = (x*(1 - r2) - w*y)/(10*ms) : 1
dy/dt = (y*(1 - r2) + w*x)/(10*ms) : 1
"""


def on_the_cycle(radius, t):
    grown = 1 / np.sqrt(1 + (1 / radius**2 - 1) * np.exp(-2 * t / 10e-3))
    angle = (t + 5e-3 * np.sin(t / 5e-3)) / 10e-3
    return grown * np.cos(angle), grown * np.sin(angle)


FIXED = {"adaptable_timestep": False, "absolute_error": 1e3}
ORDERS = [
    ("euler", 1, [1, 0.5, 0.25], None),
    ("milstein", 1, [1, 0.5, 0.25], None),
    ("heun", 2, [1, 0.5, 0.25], None),
    ("rosenbrock", 2, [0.5, 0.25, 0.125], None),
    ("rk2", 2, [1, 0.5, 0.25], None),
    ("rk4", 4, [1, 0.5, 0.25], None),
    ("gsl_rk2", 3, [1, 0.5, 0.25], FIXED),
    ("gsl_rk4", 4, [2, 1, 0.5], FIXED),
    ("gsl_rkf45", 5, [1, 0.5, 0.25], FIXED),
    ("gsl_rkck", 5, [2, 1, 0.5], FIXED),
    ("gsl_rk8pd", 8, [4, 2, 1], FIXED),
]


@pytest.mark.parametrize(("method", "order", "steps", "options"), ORDERS, ids=[row[0] for row in ORDERS])
def test_a_system_is_solved_with_the_order_of_the_method(target, method, order, steps, options):
    radius = np.array([0.4, 0.8, 1.5])
    errors = []
    for dt in steps:
        group = NeuronGroup(3, CYCLE, method=method, method_options=options, dt=dt * ms)
        group.x = radius
        run(8 * ms)
        x, y = on_the_cycle(radius, 8e-3)
        errors.append(max(np.abs(group.x[:] - x).max(), np.abs(group.y[:] - y).max()))
    measured = np.log2(np.array(errors[:-1]) / errors[1:])
    assert measured[-1] == pytest.approx(order, abs=0.12 * order + 0.1), measured
