"""Methods with steps of their own: their tolerances, their options, and what is said when they fail."""

import numpy as np
import pytest

from jupyspike import Network, NeuronGroup, StateMonitor, Synapses, ms, mV, prefs, run
from jupyspike_engine.diagnostics import ArgumentError, DimensionMismatchError, EquationError, IntegrationError
from jupyspike_engine.numerics.tableau import CASH_KARP, FEHLBERG_45, PRINCE_DORMAND_87, RK4_TWICE, RK23

pytestmark = pytest.mark.every_target

METHODS = ["gsl", "gsl_rk2", "gsl_rk4", "gsl_rkf45", "gsl_rkck", "gsl_rk8pd"]
TABLEAUS = [RK23, RK4_TWICE, FEHLBERG_45, CASH_KARP, PRINCE_DORMAND_87]
VAN_DER_POL = "dx/dt = y/ms : 1\ndy/dt = (5*(1 - x**2)*y - x)/ms : 1"


@pytest.mark.parametrize("tableau", TABLEAUS, ids=lambda tableau: tableau.name)
def test_the_coefficients_integrate_powers_of_time(tableau):
    """sum b c**(k - 1) = 1/k up to the order of the step; the estimate of the error sees nothing of lower orders."""
    b, e, c = map(np.array, (tableau.weights, tableau.errors, tableau.nodes))
    for k in range(1, tableau.order + 1):
        assert b @ c ** (k - 1) == pytest.approx(1 / k, abs=1e-14)
    for k in range(1, tableau.error_order):
        assert e @ c ** (k - 1) == pytest.approx(0, abs=1e-14)
    np.testing.assert_allclose(np.sum(tableau.stages, axis=1), c, atol=1e-14)


def logistic(method, dt, duration, **options):
    group = NeuronGroup(3, "dx/dt = x*(1 - x)/ms : 1", method=method, method_options=options, dt=dt)
    group.x = x0 = np.array([0.01, 0.2, 1.9])
    run(duration)
    grown = x0 * np.exp(duration / ms)
    return np.abs(group.x[:] - grown / (1 - x0 + grown)).max()


@pytest.mark.parametrize("method", METHODS)
def test_the_error_follows_the_tolerance(target, method):
    errors = [logistic(method, 2 * ms, 8 * ms, absolute_error=e, max_steps=0) for e in (1e-3, 1e-5, 1e-7)]
    for error, tolerance in zip(errors, (1e-3, 1e-5, 1e-7), strict=True):
        assert error < 20 * tolerance
    assert errors[0] > 3 * errors[1] > 9 * errors[2]


def test_the_targets_take_the_same_steps():
    """Polynomials agree to the last bit, and so do the numbers of steps."""
    results = []
    for name in ("numpy", "cpp", "cython"):
        prefs.codegen.target = name
        options = {"save_step_count": True, "save_failed_steps": True}
        group = NeuronGroup(5, VAN_DER_POL, method="gsl_rkf45", method_options=options, dt=1 * ms)
        group.x = "0.5 + i"
        trace = StateMonitor(group, ["x", "_step_count", "_failed_steps"], record=True)
        Network(group, trace).run(30 * ms)
        results.append((trace.x[:], trace._step_count[:], trace._failed_steps[:]))
    for numpy, cpp, cython in zip(*results, strict=True):
        np.testing.assert_array_equal(numpy, cpp)
        np.testing.assert_array_equal(numpy, cython)
    assert results[0][1].max() > results[0][1][:, 1:].min() >= 1
    assert results[0][2].max() > 0


def test_each_neuron_takes_steps_of_its_own(target):
    group = NeuronGroup(
        2, "dx/dt = sin(k*t) * k : 1\nk : hertz", method="gsl", method_options={"save_step_count": True}, dt=1 * ms
    )
    group.k_ = [10.0, 1e4]
    run(5 * ms)
    slow, fast = group._step_count[:]
    assert slow == 1 and fast > 5
    np.testing.assert_allclose(group.x[:], 1 - np.cos(group.k_[:] * 5e-3), atol=1e-5)


def test_the_size_of_the_last_step_is_kept_in_seconds(target):
    group = NeuronGroup(2, "dx/dt = sin(k*t)*k : 1\nk : hertz", method="gsl", dt=1 * ms)
    group.k_ = [10.0, 1e4]
    trace = StateMonitor(group, "_last_timestep", record=True)
    run(3 * ms)
    slow, fast = group._last_timestep[:] / ms
    assert slow == pytest.approx(1)
    assert 1e-3 < fast < 0.5
    assert trace._last_timestep[:].shape == (2, 3)


def test_beginning_with_the_last_size_saves_failed_steps(target):
    failed = []
    for use in (True, False):
        options = {"use_last_timestep": use, "save_failed_steps": True, "absolute_error": 1e-8}
        group = NeuronGroup(1, VAN_DER_POL, method="gsl_rkck", method_options=options, dt=1 * ms)
        group.x = 2
        trace = StateMonitor(group, "_failed_steps", record=True)
        run(20 * ms)
        failed.append(trace._failed_steps[0].sum())
    assert failed[0] < 0.7 * failed[1]


def test_a_variable_may_have_a_tolerance_of_its_own(target):
    def error_of_v(**options):
        group = NeuronGroup(
            1, "dv/dt = (-v**2/(10*mV) + 50*mV)/ms : volt", method="gsl_rk2",
            method_options={"max_steps": 0, **options}, dt=2 * ms,
        )  # fmt: skip
        run(2 * ms)
        limit = np.sqrt(500) * 1e-3
        return abs(group.v_[0] - limit * np.tanh(2e-3 * limit / 1e-5))

    loose = error_of_v(absolute_error=1e-3)
    tight = error_of_v(absolute_error=1e-3, absolute_error_per_variable={"v": 1e-5 * mV})
    assert tight < 1e-7 < loose
    assert error_of_v(absolute_error_per_variable={"v": 1e-8}) == tight


def test_tolerances_are_values_that_compile_nothing():
    from jupyspike_engine.build.builder import compilations

    prefs.codegen.target = "cpp"
    logistic("gsl_rkf45", 1 * ms, 1 * ms, absolute_error=1e-3)
    before = compilations()
    logistic("gsl_rkf45", 1 * ms, 1 * ms, absolute_error=1e-7, max_steps=50)
    assert compilations() == before


def test_variables_rest_while_a_neuron_is_refractory(target):
    group = NeuronGroup(
        1, "dv/dt = 0.3/ms : 1 (unless refractory)\ndw/dt = 1/ms : 1", threshold="v > 1", reset="v = 0",
        refractory=3 * ms, method="gsl", dt=1 * ms,
    )  # fmt: skip
    trace = StateMonitor(group, ["v", "w"], record=0)
    run(12 * ms)
    np.testing.assert_allclose(trace.v[0], [0, 0.3, 0.6, 0.9, 0, 0, 0, 0.3, 0.6, 0.9, 0, 0], atol=1e-12)
    np.testing.assert_allclose(trace.w[0], np.arange(12), atol=1e-12)


def test_synapses_are_integrated_too(target):
    group = NeuronGroup(3, "v : 1", threshold="False")
    options = {"save_step_count": True}
    synapses = Synapses(
        group,
        group,
        "dw/dt = -w**2/ms*(1 + v_post) : 1 (clock-driven)",
        method="gsl",
        method_options=options,
        dt=1 * ms,
    )
    synapses.connect(j="i")
    synapses.w, group.v = 1, [0, 1, 2]
    Network(group, synapses).run(2 * ms)
    np.testing.assert_allclose(synapses.w[:], [1 / 3, 1 / 5, 1 / 7], atol=1e-5)
    assert (synapses._step_count[:] >= 1).all()


def test_too_many_steps_are_an_error_that_names_the_place(target):
    group = NeuronGroup(
        4, "dx/dt = x**2/ms : 1", method="gsl_rkf45", method_options={"max_steps": 20}, name="exploding", dt=0.5 * ms
    )
    group.x = [0, 0.1, 0.4, 0]
    trace = StateMonitor(group, "x", record=2)
    network = Network(group, trace)
    with pytest.raises(IntegrationError) as caught:
        network.run(10 * ms)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message == (
        "gsl_rkf45 could not keep the errors of x of exploding[2] within their bounds, "
        "in the time step that ended at t = 2.5 ms"
    )
    assert "'max_steps'" in diagnostic.hint and "rosenbrock" in diagnostic.hint
    np.testing.assert_allclose(trace.x[0], 1 / (2.5 - trace.t / ms), rtol=1e-4)
    assert network.t == 2.5 * ms


def test_a_step_that_must_not_be_divided_may_be_refused(target):
    group = NeuronGroup(1, "dx/dt = x**2/ms : 1", method="gsl", method_options={"adaptable_timestep": False}, dt=1 * ms)
    group.x = 0.5
    with pytest.raises(IntegrationError):
        run(1 * ms)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"absolut_error": 1}, ArgumentError, "has no option 'absolut_error'"),
        ({"absolute_error": 0}, ArgumentError, "the absolute error of 'v' must be a number above zero"),
        ({"absolute_error": "small"}, ArgumentError, "the absolute error of 'v' must be a number above zero"),
        ({"max_steps": -1}, ArgumentError, "'max_steps' is a number of steps"),
        ({"use_last_timestep": 3}, ArgumentError, "'use_last_timestep' is True or False"),
        ({"absolute_error_per_variable": {"u": 1}}, ArgumentError, "names 'u', which no differential equation defines"),
        ({"absolute_error_per_variable": {"v": 1 * ms}}, DimensionMismatchError, "the absolute error of 'v' has the"),
    ],
)
def test_options_are_checked(options, error, message):
    with pytest.raises(error, match=message) as caught:
        NeuronGroup(1, "dv/dt = -v**3/ms/mV**2 : volt", method="gsl", method_options=options)
    if "absolut_error" in options:
        assert caught.value.diagnostics[0].hint == "did you mean 'absolute_error'?"


def test_white_noise_is_refused():
    with pytest.raises(EquationError, match="gsl: the equations contain white noise"):
        NeuronGroup(1, "dv/dt = xi/sqrt(ms) : 1", method="gsl")
