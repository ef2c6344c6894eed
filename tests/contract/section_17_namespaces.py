"""Where names are looked up."""

from proofs import Page, logged
from pytest import raises

from jupyspike import *

section = Page("17. advanced/namespaces")


@section.must(
    "names are looked up in the group's namespace, then in that of run(), or around the call of run()",
    "values are read anew for each run; group.namespace can be changed",
    "namespace={} of run() looks nowhere else",
)
def lookup():
    G, H = NeuronGroup(1, "dv/dt = speed : 1", namespace={"speed": 1 / ms}), NeuronGroup(1, "dv/dt = speed : 1")
    speed = 2 / ms
    net = Network(G, H)
    net.run(1 * ms)
    speed = 3 / ms
    G.namespace["speed"] = 5 / ms
    net.run(1 * ms)
    net.run(1 * ms, namespace={"speed": 10 / ms})
    assert allclose(G.v, 1 + 5 + 5) and allclose(H.v, 2 + 3 + 10) and speed == 3 / ms
    with raises(Exception, match="speed"):
        net.run(1 * ms, namespace={})


@section.must("texts that set values, and G.x[:], use the names of the place where they stand", once=True)
def places():
    G = NeuronGroup(2, "v : 1\nx = factor*v : 1")

    def inner(factor):
        G.v = "factor*(i + 1)"
        return list(G.x[:])

    assert inner(2) == [4, 8] and inner(3) == [9, 18]


@section.must("a clash of names is told: resolution_conflict", once=True)
def conflicts():
    G, twofold = NeuronGroup(1, "dv/dt = twofold : 1", namespace={"twofold": 1 / ms}), 2 / ms
    with logged("WARNING") as told:
        run(0.1 * ms)
    assert "'twofold'" in told.getvalue() and twofold == 2 / ms and allclose(G.v, 0.1)
