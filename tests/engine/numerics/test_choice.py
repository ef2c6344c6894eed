"""The choice of an integrator, its reason, and what is said when a method does not fit."""

import pytest

from jupyspike import NeuronGroup
from jupyspike_engine.diagnostics import EquationError
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
    choice = NeuronGroup(1, equations).integration()
    assert (choice.integrator.name, choice.reason) == (chosen, reason)


def test_what_speaks_against_the_methods_before_it_is_told():
    rejected = dict(NeuronGroup(1, NOISY).integration().rejected)
    assert rejected == dict.fromkeys(
        ("exact", "exponential_euler", "rk2"), "the equations contain white noise (xi)"
    )  # fmt: skip
    rejected = dict(NeuronGroup(1, QUADRATIC).integration().rejected)
    assert rejected == {"exact": "dv/dt is not linear: v**2", "exponential_euler": "dv/dt is not linear in v: v**2"}


def test_a_method_that_is_asked_for_is_used():
    choice = NeuronGroup(1, LINEAR, method="rk4").integration()
    assert (choice.integrator.name, choice.reason, choice.rejected) == ("rk4", "asked for", ())
    assert NeuronGroup(1, LINEAR, method="linear").integration().integrator.name == "exact"


def test_several_methods_are_tried_in_their_order():
    choice = NeuronGroup(1, QUADRATIC, method=("exact", "euler", "rk4")).integration()
    assert choice.integrator.name == "euler"
    assert [name for name, _ in choice.rejected] == ["exact"]


NOTHING_ELSE = "white noise may be multiplied by constants and parameters and added to the rest, nothing else"


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
         NOTHING_ELSE),
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
    group = NeuronGroup(1, "dv/dt = -k*v : 1\nk : hertz", threshold="v > 1", reset="k += 1*Hz")
    choice = group.integration()
    assert choice.integrator.name == "exponential_euler"
    assert choice.rejected == (("exact", "the coefficient k of dv/dt is changed by events"),)


def test_the_nearest_method_is_offered():
    with pytest.raises(EquationError, match="'rk3' \\(method of exc\\) is not an integration method") as caught:
        NeuronGroup(1, LINEAR, method="rk3", name="exc", dt=1 * ms)
    assert caught.value.diagnostics[0].hint.startswith("did you mean 'rk")


def test_no_differential_equation_needs_no_method():
    assert NeuronGroup(1, "x : 1").integration() is None
