"""Random numbers."""

from proofs import Page

from jupyspike import *

section = Page("19. advanced/random")


@section.must(
    "seed(n) before values, connections and runs gives the same again, seed() something else",
    "the numbers of numpy are seeded too",
)
def seeds():
    def drawn(n):
        start_scope()
        seed(n)
        G = NeuronGroup(5, "dv/dt = xi*ms**-0.5 : 1\nu : 1", method="euler")
        G.u = "rand()"
        S = Synapses(G, G)
        S.connect(p=0.5)
        Network(G, S).run(1 * ms)
        return [*G.v, *G.u, *S.i, rand()]

    first = drawn(5)
    assert drawn(5) == first and drawn(6) != first and drawn(None) != drawn(None)


@section.must("restore(restore_random_state=True) repeats what was drawn")
def restored():
    G = NeuronGroup(3, "v : 1")
    G.run_regularly("v = rand()")
    net, results = Network(G), []
    net.store()
    for again in (True, True, False):
        net.restore(restore_random_state=again)
        net.run(0.3 * ms)
        results.append(list(G.v))
    assert results[0] == results[1] != results[2]


@section.rare("beyond: the same seed gives the same numbers on all targets")
def same_everywhere():
    def drawn():
        start_scope()
        seed(7)
        G = NeuronGroup(50, "dv/dt = -v/ms + xi*ms**-0.5 : 1\nu : 1", method="euler")
        G.run_regularly("u += randn()")
        Network(G).run(0.5 * ms)
        return [*G.v, *G.u]

    here, prefs.codegen.target = drawn(), "numpy"
    assert here == drawn()
