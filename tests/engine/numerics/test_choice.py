"""The choice of an integrator, its reason, and what is said when a method does not fit."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, StateMonitor, run, seed
from jupyspike_engine.diagnostics import ArgumentError, ArgumentTypeError, EquationError
from jupyspike_engine.numerics.choice import INTEGRATORS
from jupyspike_engine.objects.binomial import BinomialFunction
from jupyspike_engine.units import ms

LINEAR = "dv/dt = (u - v)/(10*ms) : 1\ndu/dt = -u/(5*ms) + 1/second : 1"
GATE = "dm/dt = (1 - m)*exp(-x) /ms - m*x**2/ms : 1\ndx/dt = -m*x/ms : 1"
QUADRATIC = "dv/dt = v**2/ms : 1"
NOISY = "dv/dt = -v/(10*ms) + xi*sqrt(2/(10*ms)) : 1"


@pytest.mark.parametrize(
    ("equations", "chosen", "reason"),
    [
        (LINEAR, "exact", "linear equations with constant coefficients, solved without error"),
        (GATE, "exponential_euler", "each equation is linear in its own variable"),
        (QUADRATIC, "rk2", "an explicit method of order 2 for general equations"),
        (NOISY, "euler", "white noise that does not depend on the state (Euler-Maruyama)"),
        (
            "dv/dt = -v/ms + v*xi/sqrt(ms) : 1",
            "heun",
            "white noise multiplied by variables, in the sense of Stratonovich",
        ),
        ("dv/dt = -v*t/ms**2 : 1", "exponential_euler", "each equation is linear in its own variable"),
        ("dv/dt = (rand() - v)/ms : 1", "exponential_euler", "each equation is linear in its own variable"),
        (
            "I = 3*v : 1\ndv/dt = -I/ms : 1",
            "exact",
            "linear equations with constant coefficients, solved without error",
        ),
    ],
)
def test_the_automatic_choice(equations, chosen, reason):
    choice = NeuronGroup(1, equations, method="auto").integration()
    assert (choice.integrator.name, choice.reason) == (chosen, reason)


@pytest.mark.parametrize(
    ("equations", "chosen"),
    [(LINEAR, "exact"), (GATE, "euler"), (QUADRATIC, "euler"), (NOISY, "euler"),
     ("dv/dt = -v/ms + v*xi/sqrt(ms) : 1", "heun")],
)  # fmt: skip
def test_without_a_method_objects_in_python_try_the_three_that_scripts_rely_on(equations, chosen):
    group = NeuronGroup(1, equations)
    assert group.method == ("exact", "euler", "heun")
    assert group.integration().integrator.name == chosen


def test_what_speaks_against_the_methods_before_it_is_told():
    rejected = dict(NeuronGroup(1, NOISY, method="auto").integration().rejected)
    assert rejected == dict.fromkeys(
        ("exact", "exponential_euler", "rk2"), "the equations contain white noise (xi)"
    )  # fmt: skip
    rejected = dict(NeuronGroup(1, QUADRATIC, method="auto").integration().rejected)
    assert rejected == {"exact": "dv/dt is not linear: v**2", "exponential_euler": "dv/dt is not linear in v: v**2"}


def test_a_method_that_is_asked_for_is_used():
    choice = NeuronGroup(1, LINEAR, method="rk4").integration()
    assert (choice.integrator.name, choice.reason, choice.rejected) == ("rk4", "asked for", ())
    assert NeuronGroup(1, LINEAR, method="linear").integration().integrator.name == "exact"


def test_what_exponential_euler_holds_is_told():
    choice = NeuronGroup(1, "dv/dt = (exp(v) - v)/ms : 1", method=["exponential_euler"]).integration()
    assert choice.reason == "each equation is linear in its own variable while exp(v) is held"
    with pytest.raises(EquationError, match=r"dv/dt is not linear in v: sin\(v\)/ms"):
        NeuronGroup(1, "dv/dt = sin(v)/ms : 1", method="exponential_euler")


def test_several_methods_are_tried_in_their_order():
    choice = NeuronGroup(1, QUADRATIC, method=("exact", "euler", "rk4")).integration()
    assert choice.integrator.name == "euler"
    assert [name for name, _ in choice.rejected] == ["exact"]


NOTHING_ELSE = (
    "white noise may be multiplied by variables, constants and parameters and added to the rest, nothing else"
)


@pytest.mark.parametrize(
    ("equations", "method", "found", "hint"),
    [
        (QUADRATIC, "exact", "exact: dv/dt is not linear: v**2", "the method 'rk2' works for these equations"),
        ("dv/dt = -v*t/ms**2 : 1", "exact", "exact: dv/dt depends on time",
         "the method 'exponential_euler' works for these equations"),
        ("dv/dt = -v*rand()/ms : 1", "exact", "exact: dv/dt draws random numbers",
         "the method 'exponential_euler' works for these equations"),
        (NOISY, "rk4", "rk4: the equations contain white noise (xi)", "the method 'euler' works for these equations"),
        ("dv/dt = -v/ms + v*xi/sqrt(ms) : 1", "euler", "euler: the noise of v is multiplied by the variable v",
         "the method 'heun' works for these equations"),
        ("dv/dt = -v/ms + sin(xi*sqrt(second))/ms : 1", "euler",
         "euler: the noise of v is not simply multiplied and added: sin(xi*sqrt(second))", NOTHING_ELSE),
    ],
)  # fmt: skip
def test_a_method_that_does_not_fit_is_an_error_at_the_equation_with_the_reason(equations, method, found, hint):
    with pytest.raises(EquationError) as caught:
        NeuronGroup(1, equations, method=method, name="exc")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message == f"the equations of exc cannot be integrated with {method}"
    assert (diagnostic.found, diagnostic.hint, diagnostic.kind) == (found, hint, "method")
    assert diagnostic.span.text == equations


def test_a_coefficient_that_events_change_speaks_against_exact_integration():
    group = NeuronGroup(1, "dv/dt = -k*v : 1\nk : hertz", threshold="v > 1", reset="k += 1*Hz", method="auto")
    choice = group.integration()
    assert choice.integrator.name == "exponential_euler"
    assert choice.rejected == (("exact", "the coefficient k of dv/dt is changed by events"),)


def test_the_nearest_method_is_offered():
    with pytest.raises(EquationError, match="'rk3' \\(method of exc\\) is not an integration method") as caught:
        NeuronGroup(1, LINEAR, method="rk3", name="exc", dt=1 * ms)
    assert caught.value.diagnostics[0].hint.startswith("did you mean 'rk")


def test_no_differential_equation_needs_no_method():
    assert NeuronGroup(1, "x : 1").integration() is None


def test_the_list_of_methods_that_scripts_write():
    for equations, chosen in ((LINEAR, "exact"), (QUADRATIC, "euler"), (NOISY, "euler"), (MULTIPLIED, "heun")):
        group = NeuronGroup(1, equations, method=("exact", "euler", "heun"))
        assert group.integration().integrator.name == chosen


MULTIPLIED = "dv/dt = -v/ms + v*xi/sqrt(ms) : 1"


@pytest.mark.parametrize("name", sorted(INTEGRATORS))
def test_methods_are_objects_too(name):
    equations = "dv/dt = -v/(10*ms) : 1" if name == "independent" else LINEAR
    if name == "independent":
        with pytest.warns(FutureWarning, match="deprecated"):
            group = NeuronGroup(1, equations, method=INTEGRATORS[name])
    else:
        group = NeuronGroup(1, equations, method=INTEGRATORS[name])
    assert group.integration().integrator.name == INTEGRATORS[name].name


def test_what_is_no_method_is_told():
    with pytest.raises(ArgumentTypeError, match="must be a name, a method or a list of them"):
        NeuronGroup(1, LINEAR, method=3)


@pytest.mark.parametrize("method", ["exact", "euler", "rk4", "exponential_euler", "heun", "rosenbrock", "auto"])
def test_options_are_refused_by_methods_that_have_none(method):
    with pytest.raises(ArgumentError, match="has no option 'max_steps'") as caught:
        NeuronGroup(1, LINEAR, method=method, method_options={"max_steps": 3})
    assert caught.value.diagnostics[0].hint == "it has no options"


def test_independent_equations_are_solved_exactly_with_a_notice(target):
    with pytest.warns(FutureWarning, match="the method 'independent' of .* is deprecated: use 'exact'"):
        group = NeuronGroup(1, "dv/dt = (2 - v)/(10*ms) : 1\ndw/dt = 1/ms : 1", method="independent", dt=5 * ms)
    run(20 * ms)
    np.testing.assert_allclose([group.v[0], group.w[0]], [2 - 2 * np.exp(-2), 20], rtol=1e-14)
    with pytest.warns(FutureWarning), pytest.raises(EquationError) as caught:
        NeuronGroup(1, LINEAR, method="independent")
    assert caught.value.diagnostics[0].found == "independent: dv/dt depends on u"


def test_a_function_that_draws_is_no_constant_coefficient(target):
    """The coefficient is drawn for each neuron and each step: decays of one step tell the numbers."""
    seed(3)
    heads = BinomialFunction(10, 0.5)
    equations, namespace = "dv/dt = -v*heads()/(10*ms) : 1", {"heads": heads}
    group = NeuronGroup(200, equations, namespace=namespace, dt=0.1 * ms, method="auto")
    assert group.integration().integrator.name == "exponential_euler"
    group.v = 1
    trace = StateMonitor(group, "v", record=True)
    run(1 * ms)
    drawn = -np.log(trace.v[:, 1:] / trace.v[:, :-1]) * 100
    np.testing.assert_allclose(drawn, np.round(drawn), atol=1e-9)
    assert abs(drawn.mean() - 5) < 5 * np.sqrt(2.5 / drawn.size)
    assert abs(drawn.var() / 2.5 - 1) < 5 * np.sqrt(2 / drawn.size)
    for method in ("exact", "rosenbrock"):
        with pytest.raises(EquationError, match="draws random numbers"):
            NeuronGroup(1, equations, method=method, namespace=namespace)


@pytest.mark.parametrize(("rate", "mean"), [("rand()", 0.5), ("poisson(3)", 3.0), ("exp(-rand())", 1 - np.exp(-1))])
def test_a_number_that_is_drawn_once_in_an_equation_is_one_number(target, rate, mean):
    """Whatever the rate, neurons that rest at 5 stay there: it is the same rate in both parts of the equation."""
    seed(4)
    group = NeuronGroup(400, f"dv/dt = {rate}*(5 - v)/ms : 1\ndw/dt = -{rate}*w/ms : 1", dt=0.1 * ms, method="auto")
    assert group.integration().integrator.name == "exponential_euler"
    group.v, group.w = 5, 1
    run(0.1 * ms)
    np.testing.assert_allclose(group.v[:], 5, rtol=1e-14)
    drawn = -np.log(group.w[:]) * 10
    assert abs(drawn.mean() - mean) < 5 * drawn.std() / np.sqrt(len(drawn))
    assert drawn.std() > 0.1


def test_every_call_is_a_draw_of_its_own():
    seed(5)
    group = NeuronGroup(100, "dv/dt = (rand() - rand())/ms : 1\ndw/dt = (rand() - rand())/ms : 1")
    run(0.1 * ms)
    assert len(np.unique(np.concatenate([group.v[:], group.w[:]]))) == 200
