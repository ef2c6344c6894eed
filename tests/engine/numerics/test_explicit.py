"""Methods given by a description, and methods that are Python code."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, ms, run, seed
from jupyspike_engine.diagnostics import (
    ArgumentError,
    ArgumentTypeError,
    EquationError,
    UnsupportedEquationsException,
)
from jupyspike_engine.language import syntax
from jupyspike_engine.language.equations import Equations
from jupyspike_engine.numerics.choice import INTEGRATORS
from jupyspike_engine.numerics.explicit import ExplicitStateUpdater
from jupyspike_engine.numerics.explicit_methods import EULER, RK4
from jupyspike_engine.numerics.state_update import StateUpdateMethod

THIRD = """
k1 = dt*f(x, t)
k2 = dt*f(x + k1/2, t + dt/2)
k3 = dt*f(x - k1 + 2*k2, t + dt)  # Kutta's method of order 3
x_new = x + (k1 + 4*k2 + k3)/6
"""
ROTATION = "dx/dt = -y*(1 + cos(t/ms))/ms : 1\ndy/dt = x*(1 + cos(t/ms))/ms : 1"


def test_a_description_has_the_order_of_its_method(target):
    errors = []
    for dt in (0.4, 0.2, 0.1):
        group = NeuronGroup(1, ROTATION, method=ExplicitStateUpdater(THIRD), dt=dt * ms)
        group.x = 1
        run(2 * ms)
        angle = 2 + np.sin(2)
        errors.append(np.hypot(group.x[0] - np.cos(angle), group.y[0] - np.sin(angle)))
    np.testing.assert_allclose(np.log2(np.array(errors[:-1]) / errors[1:]), 3, atol=0.3)


def test_a_description_is_applied_to_noise_term_by_term(target):
    """The same steps as those of the method that comes along."""
    own = ExplicitStateUpdater("a = f(x, t)\nx_new = x + a*dt + dW*g(x, t)", stochastic="additive")
    ends = []
    for method in (own, "euler"):
        seed(3)
        equations = "dx/dt = -y/ms + xi_a/sqrt(ms) : 1\ndy/dt = x/ms + 2*xi_a/sqrt(ms) + xi_b/sqrt(ms) : 1"
        group = NeuronGroup(4, equations, method=method, name="same_noise")
        run(2 * ms)
        ends.append([group.x[:], group.y[:]])
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-12)


def test_a_method_tells_its_step():
    assert EULER(Equations("dv/dt = -v/tau + s*xi : volt")) == (
        "_dW_xi = sqrt(dt)*randn()\n_v = v + dt*(-v/tau) + s*_dW_xi\nv = _v"
    )
    with pytest.raises(UnsupportedEquationsException, match="rk4: the equations contain white noise"):
        RK4(Equations("dv/dt = -v/tau + s*xi : volt"))


def test_noise_is_refused_unless_it_is_allowed():
    additive = ExplicitStateUpdater("x_new = x + dt*f(x, t) + g(x, t)*dW", "additive")
    for method, equations in ((ExplicitStateUpdater(THIRD), "dv/dt = xi : 1"), (additive, "dv/dt = v*xi : 1")):
        with pytest.raises(UnsupportedEquationsException, match="noise"):
            method(Equations(equations))


def test_a_check_of_its_own():
    def only_one(equations, variables):
        if len(equations.diff_eq_names) > 1:
            raise UnsupportedEquationsException("one equation only")

    method = ExplicitStateUpdater("x_new = x + dt*f(x, t)", custom_check=only_one)
    assert NeuronGroup(1, "dv/dt = v/ms : 1", method=method).integration().integrator is method
    with pytest.raises(UnsupportedEquationsException, match="one equation only"):
        NeuronGroup(1, ROTATION, method=method)


@pytest.mark.parametrize(
    ("description", "message", "place"),
    [
        ("x_new = x + dt*f(x)", "f() takes two arguments", "f(x)"),
        ("k = f(x, t)\nx_new = x + dt*kk", "the name 'kk' is not known", "kk"),
        ("k = f(x, t)", "the last line must set 'x_new'", "k = f(x, t)"),
        ("x_new = x\nk = x", "'x_new' is set by the last line only", "x_new"),
        ("k += x\nx_new = x", "'+=' is not possible here", "k += x"),
        ("t = x\nx_new = x", "'t' cannot be set", "t"),
        ("x_new = x + randn()", "the function 'randn' cannot be used here", "randn()"),
        ("x_new = x +* 3", "", "*"),
    ],
)
def test_errors_of_a_description_point(description, message, place):
    with pytest.raises(EquationError) as caught:
        ExplicitStateUpdater(description)
    diagnostic = caught.value.diagnostics[0]
    assert message in diagnostic.message
    assert place in diagnostic.span.text


def test_its_arguments_are_checked():
    with pytest.raises(ArgumentError, match="stochastic says"):
        ExplicitStateUpdater("x_new = x", stochastic="yes")
    with pytest.raises(ArgumentTypeError, match="must be given as text"):
        ExplicitStateUpdater(3)


class Implicit(StateUpdateMethod):
    """Backward Euler for equations dv/dt = -k v."""

    def __call__(self, equations, variables=None, method_options=None):
        if "xi" in {name for d in equations.values() if d.expression for name in syntax.names(d.expression)}:
            raise UnsupportedEquationsException("no noise")
        k = (method_options or {}).get("k", 1)
        names = sorted(equations.diff_eq_names)
        return "\n".join(f"_{n} = {n}/(1 + {k}*dt/tau)\n{n} = _{n}\n{n} *= 1" for n in names)


def test_python_code_may_be_a_method(target):
    group = NeuronGroup(1, "dv/dt = -v/tau : 1\ntau : second", method=Implicit(), dt=1 * ms)
    group.v, group.tau = 1, 1 * ms
    run(3 * ms)
    assert group.v[0] == pytest.approx(1 / 8)
    assert group.integration().reason == "asked for"


def test_options_reach_it(target):
    group = NeuronGroup(1, "dv/dt = -v/tau : 1\ntau : second", method=Implicit(), method_options={"k": 3}, dt=1 * ms)
    group.v, group.tau = 1, 1 * ms
    run(1 * ms)
    assert group.v[0] == 0.25


def test_statements_follow_each_other_and_variables_rest_while_refractory(target):
    def method(equations, variables, options):
        return "v = v + 0.25\nw = w + v"

    group = NeuronGroup(
        1, "dv/dt = 1/ms : 1 (unless refractory)\ndw/dt = 1/ms : 1", threshold="v > 0.4", reset="v = 0",
        refractory=2 * ms, method=method, dt=1 * ms,
    )  # fmt: skip
    run(2 * ms)
    assert (group.v[0], group.w[0]) == (0, 0.75)
    run(1 * ms)
    assert group.v[0] == 0


def test_an_objection_makes_room_for_the_next_method():
    group = NeuronGroup(1, "dv/dt = xi/sqrt(ms) : 1", method=[Implicit(), "euler"])
    assert group.integration().rejected == (("method of your own", "no noise"),)


def test_registered_methods_have_names(monkeypatch):
    monkeypatch.delitem(INTEGRATORS, "backwards_for_test", raising=False)
    method = Implicit()
    StateUpdateMethod.register("backwards_for_test", method)
    assert (
        NeuronGroup(1, "dv/dt = -v/tau : 1\ntau : second", method="backwards_for_test").integration().integrator
        is method
    )
    with pytest.raises(ArgumentError, match="there is a method 'euler' already"):
        StateUpdateMethod.register("euler", method)
    with pytest.raises(ArgumentTypeError, match="only a method of integration"):
        StateUpdateMethod.register("other", "text")
    code = StateUpdateMethod.apply_stateupdater(Equations("dv/dt = -v**2/tau : 1"), {}, ["exact", "euler"])
    assert code == "_v = v + dt*(-v**2/tau)\nv = _v"
    monkeypatch.delitem(INTEGRATORS, "backwards_for_test")


@pytest.mark.parametrize(
    ("code", "message"), [("v = vv", "the name 'vv' is not known"), ("v = sine(v)", "the function 'sine' is not known")]
)
def test_statements_are_checked(code, message):
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", method=lambda equations, variables, options: code)
    with pytest.raises(EquationError, match=message):
        run(1 * ms)
    del group


def test_statements_must_be_text():
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", method=lambda equations, variables, options: 3)
    with pytest.raises(ArgumentTypeError, match="must return statements as text"):
        run(1 * ms)
    del group
