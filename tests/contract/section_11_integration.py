"""Numerical integration, synapses in other forms, gating curves."""

import warnings

from proofs import Page, logged
from pytest import raises

from jupyspike import *

section = Page("11. user/numerical_integration")

GROWING = "dv/dt = 1/ms : 1"
METHODS = """exact linear exponential_euler euler rk2 rk4 heun milstein
gsl gsl_rk2 gsl_rk4 gsl_rkf45 gsl_rkck gsl_rk8pd""".split()


@section.must("method= names: exact, linear, exponential_euler, euler, rk2, rk4, heun, milstein, gsl, gsl_rk2, ...")
def methods():
    groups = [NeuronGroup(1, "dv/dt = (1 - v)/ms : 1", method=method, dt=0.01 * ms) for method in METHODS]
    Network(groups).run(1 * ms)
    for group, method in zip(groups, METHODS, strict=True):
        order_one = method in ("euler", "heun", "milstein")
        assert allclose(group.v, 1 - exp(-1), rtol=1e-2 if order_one else 1e-5), method


@section.must("a list of methods: the first that fits; a method as an object", once=True)
def lists():
    G, H = NeuronGroup(1, "dv/dt = -v**2/ms : 1", method=("exact", "rk4")), NeuronGroup(1, GROWING, method=euler)
    G.v = 1
    run(1 * ms)
    assert allclose(G.v, 0.5, rtol=1e-5) and allclose(H.v, 1)


@section.rare("the deprecated method 'independent'")
def independent_method():
    G = NeuronGroup(1, "dv/dt = (1 - v)/ms : 1", method="independent")
    run(1 * ms)
    assert allclose(G.v, 1 - exp(-1))


@section.must("without a method: exact where it can be, heun for noise that is multiplied; a message says which")
def default():
    G, K = NeuronGroup(1, "dv/dt = -v/ms : 1"), NeuronGroup(1, "dv/dt = v*xi*ms**-0.5 : 1", name="noisy")
    G.v = K.v = 1
    with logged("INFO") as told:
        run(0.1 * ms)
    assert allclose(G.v, exp(-0.1), rtol=1e-12) and "'noisy'" in told.getvalue() and "'heun'" in told.getvalue()


@section.must("without a method: euler for equations that are not linear")
def default_of_others():
    G = NeuronGroup(1, "dv/dt = -v**2/ms : 1")
    G.v = 1
    run(0.1 * ms)
    assert allclose(G.v, 0.9)


@section.must("noise: euler where it is added, milstein or heun where it is multiplied")
def noise():
    for method in ("milstein", "heun"):
        NeuronGroup(1, "dv/dt = v*xi*ms**-0.5 : 1", method=method, name=f"by_{method}")
    G = NeuronGroup(500, "dv/dt = -v/ms + v*xi*ms**-0.5 : 1", method="milstein")
    G.v = 1
    run(0.5 * ms)
    assert 0.4 < mean(G.v[:]) < 0.8 and (G.v[:] > 0).all()
    with raises(UnsupportedEquationsException):
        H = NeuronGroup(1, "dv/dt = v*xi*ms**-0.5 : 1", method="euler")
        Network(H).run(0.1 * ms)


@section.must("values that are not finite give a warning after the run, not an error")
def not_finite():
    G = NeuronGroup(1, "dv/dt = v**2/ms : 1", method="euler", name="exploding")
    G.v = 1e200
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        run(1 * ms)
    assert not isfinite(G.v[0]) and any("exploding" in str(warning.message) for warning in told)


@section.often("options of gsl methods: adaptable_timestep, absolute_error, max_steps, ...")
def options():
    G = NeuronGroup(1, "dv/dt = (1 - v)/ms : 1", method="gsl_rkf45", dt=1 * ms, method_options=dict(
        adaptable_timestep=True, absolute_error=1e-10, max_steps=1000, use_last_timestep=True,
        save_failed_steps=True, save_step_count=True))  # fmt: skip
    M = StateMonitor(G, ["_step_count", "_failed_steps"], record=0)
    run(2 * ms)
    assert allclose(G.v, 1 - exp(-2), rtol=1e-8) and M._step_count[0][1] > 1
    with raises(Exception, match="unheard"):
        H = NeuronGroup(1, GROWING, method="euler", method_options=dict(unheard=1))
        Network(H).run(0 * ms)


@section.often("subexpressions over an array of voltages give gating curves", once=True)
def gating():
    G = NeuronGroup(5, "v : volt\nm_inf = 1/(1 + exp(-v/(10*mV))) : 1\ntau_m = 1*ms/cosh(v/(20*mV)) : second")
    G.v = linspace(-80, 80, 5) * mV
    assert allclose(G.m_inf[2], 0.5) and (diff(G.m_inf[:]) > 0).all() and G.tau_m[2] == 1 * ms


@section.often("exponential, alpha and biexponential synapses as differential equations")
def forms():
    G = NeuronGroup(1, """dg/dt = -g/(5*ms) : 1
        da/dt = (x - a)/(5*ms) : 1
        dx/dt = -x/(5*ms) : 1""", method="exact")  # fmt: skip
    G.g = G.x = 1
    run(5 * ms)
    assert allclose([G.g[0], G.a[0]], [exp(-1), exp(-1)], rtol=1e-12)
