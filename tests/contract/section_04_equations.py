"""Equations."""

from proofs import Page
from pytest import raises

from jupyspike import *

section = Page("4. user/equations")


def refused(*args, group=NeuronGroup, **kwds):
    """Making this group, or running it, is an error."""
    with raises(Exception) as caught:
        objects = [group(*args, **kwds)]
        Network(objects).run(0 * ms, namespace={})
    return str(caught.value)


@section.must("differential equations, subexpressions and parameters; long lines, comments, units, boolean, integer")
def lines():
    G = NeuronGroup(1, """dv/dt = (x -   # a comment
                                  v)/tau : volt
                          x = 2*mV +
                              shift : volt  # the sum
                          tau : second
                          shift : volt
                          on : boolean
                          n : integer""")  # fmt: skip
    G.tau, G.shift, G.n, G.on = 1 * ms, 1 * mV, 3, True
    run(1 * ms)
    assert allclose(G.v / mV, 3 * (1 - exp(-1))) and G.n[0] == 3 and G.on[0]
    assert G.n[:].dtype == int32 and G.on[:].dtype == bool


@section.must("units of a line are base units: volt, not mV", once=True)
def base_units():
    assert "mV" in refused(1, "v : mV")


@section.must(
    "operators + - * / // % **, comparisons, and, or, not, in-place forms; division as in Python 3",
)
def operators():
    G = NeuronGroup(
        1, "n : integer\na = n/2 + n//2 + n % 2 + n**2 - -n : 1\nb = n > 2 and not (n == 4 or n != 3) : boolean"
    )
    G.n = 3
    G.run_regularly("n += 4; n *= 2; n -= 1; n //= 2")
    assert G.a[0] == 1.5 + 1 + 1 + 9 + 3 and G.b[0]
    run(0.1 * ms)
    assert G.n[0] == 6


@section.must("no bit operations, no indexing, no calls of methods", once=True)
def no_more_python():
    for wrong in ("n & 1", "n[0]", "n.real", "n << 2", "[n]"):
        assert refused(1, f"n : 1\nx = {wrong} : 1")


@section.must(
    "flags of neurons: unless refractory, constant, constant over dt, shared, linked; others are refused", once=True
)
def flags_of_neurons():
    NeuronGroup(1, "dv/dt = -v/ms : 1 (unless refractory)\nc : 1 (constant)\ns : 1 (constant, shared)",
                refractory=1 * ms, threshold="v > 1")  # fmt: skip
    for wrong in (
        "x = 1 : 1 (summed)",
        "dv/dt = -v/ms : 1 (event-driven)",
        "x = 1 : 1 (linked)",
        "v : 1 (unless refractory)",
    ):
        assert refused(1, wrong)


@section.must("flags of synapses: event-driven or clock-driven, summed, constant, shared", once=True)
def flags_of_synapses():
    G = NeuronGroup(1, "total : 1", threshold="False")
    Synapses(G, G, """da/dt = -a/ms : 1 (event-driven)
                      db/dt = -b/ms : 1 (clock-driven)
                      c : 1 (constant)
                      d : 1 (shared)
                      total_post = d : 1 (summed)""")  # fmt: skip
    for wrong in ("da/dt = -a/ms : 1 (event-driven, clock-driven)", "total_post = 1 : 1 (summed, shared)",
                  "c : 1 (unless refractory)"):  # fmt: skip
        assert refused(G, G, wrong, group=Synapses)


@section.must("special symbols: t, dt, t_in_timesteps, i, j, N, N_pre, N_post, pi, e, inf")
def symbols():
    G = NeuronGroup(2, "x = t/dt + t_in_timesteps + i + 10*N + pi - e : 1\nbig = inf : 1")
    H = NeuronGroup(3, "v : 1", threshold="False")
    S = Synapses(G, H, "w : 1")
    S.connect()
    S.w = "i + 10*j + 100*N_pre + 1000*N_post + 10000*N"
    run(0.3 * ms)
    assert allclose(G.x[:], [26 + pi - e, 27 + pi - e]) and G.big[0] == inf and S.w[1, 2] == 1 + 20 + 200 + 3000 + 60000


@section.must(
    "names that have a meaning are refused for variables: t, dt, i, N, xi, _x, mV, sin, pi, lambda, x_pre", once=True
)
def forbidden():
    for name in "t dt t_in_timesteps i N xi xi_a _x mV volt sin pi lambda v_pre v_post".split():
        assert refused(1, f"{name} : 1"), name
    assert refused(1, "lastspike : second", threshold="True", refractory=1 * ms)


@section.must("event-driven equations: linear, one variable each, not read by others", once=True)
def event_driven():
    G = NeuronGroup(1, "v : 1", threshold="False")
    for wrong in ("da/dt = -a*a/ms : 1 (event-driven)",
                  "da/dt = -b/ms : 1 (event-driven)\ndb/dt = -b/ms : 1 (clock-driven)",
                  "da/dt = -a/ms : 1 (event-driven)\ndb/dt = a/ms : 1 (clock-driven)"):  # fmt: skip
        assert refused(G, G, wrong, on_pre="v += a", group=Synapses), wrong


@section.must("Equations(text, name=...) replaces names by names or values", once=True)
def substitution():
    eqs = Equations("dx/dt = -x/tau : 1", x="g", tau=5 * ms)
    assert eqs.diff_eq_names == {"g"} and "tau" not in eqs.identifiers
    assert eqs.substitute(g="h").diff_eq_names == {"h"}


@section.must("Equations are joined by + and +=; what is defined twice is refused", once=True)
def joined():
    eqs = Equations("dv/dt = -v/tau : 1") + "tau : second"
    eqs += Equations("x = v : 1")
    assert set(eqs) == {"v", "tau", "x"}
    with raises(EquationError):
        eqs + "v : 1"


@section.must("Equations are a mapping, and tell names, kinds, identifiers, noise and dependencies", once=True)
def mapping():
    eqs = Equations("dv/dt = x/tau + xi*tau**-0.5 : 1\nx = -v : 1\ntau : second")
    assert str(eqs["x"].expr) == "-v" and eqs["v"].type == "differential equation" and len(eqs) == 3
    assert (eqs.names, eqs.eq_names) == ({"v", "x", "tau"}, {"v", "x"}) and eqs.is_stochastic
    assert (eqs.diff_eq_names, eqs.subexpr_names, eqs.parameter_names) == ({"v"}, {"x"}, {"tau"})
    assert "xi" in eqs.identifiers and "x" in eqs.dependencies


@section.must("names and units are checked with the group, not by Equations", once=True)
def checked_later():
    assert refused(1, Equations("dv/dt = -v/second : 1\nx = v + 1*mV : 1"))
