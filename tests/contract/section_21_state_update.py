"""Integration methods of one's own."""

from proofs import Page

from jupyspike import *

section = Page("21. advanced/state_update")


@section.rare("ExplicitStateUpdater: a method written with x_new, f(x,t), g(x,t), dW and intermediate names")
def explicit():
    midpoint = ExplicitStateUpdater("k = dt*f(x, t)\nx_new = x + dt*f(x + k/2, t + dt/2)")
    maruyama = ExplicitStateUpdater("x_new = x + dt*f(x, t) + g(x, t)*dW", stochastic="additive")
    G, H = (
        NeuronGroup(1, "dv/dt = -v/ms : 1", method=midpoint),
        NeuronGroup(9, "dv/dt = xi*ms**-0.5 : 1", method=maruyama),
    )
    G.v = 1
    run(0.1 * ms)
    assert allclose(G.v, 1 - 0.1 + 0.005) and len(unique(H.v[:])) == 9


@section.rare("StateUpdateMethod.register(name, method)")
def registered():
    name = f"contract_euler_{prefs.codegen.target}"
    StateUpdateMethod.register(name, ExplicitStateUpdater("x_new = x + dt*f(x, t)"))
    G = NeuronGroup(1, "dv/dt = -v/ms : 1", method=name)
    G.v = 1
    run(0.1 * ms)
    assert allclose(G.v, 0.9)


@section.rare("a function or a subclass of StateUpdateMethod that returns the statements of a step")
def returned():
    class Constant(StateUpdateMethod):
        def __call__(self, equations, variables=None, method_options=None):
            return "\n".join(f"{name} += 2" for name in equations.diff_eq_names)

    G = NeuronGroup(1, "dv/dt = -v/ms : 1", method=Constant())
    H = NeuronGroup(1, "dv/dt = -v/ms : 1", method=lambda equations, variables, options: "v += 3")
    run(0.1 * ms)
    assert G.v[0] == 2 and H.v[0] == 3
