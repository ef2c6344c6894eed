"""Refractoriness."""

from proofs import Page

from jupyspike import *

section = Page("5. user/refractoriness")


@section.must(
    "refractory = a time, a variable, a text that gives a time or a condition",
    "a refractory neuron does not spike",
)
def kinds():
    groups = [NeuronGroup(2, "v : 1\nref : second", threshold="True", reset="v += 1", refractory=refractory)
              for refractory in (0.5 * ms, "ref", "(1 + i)*0.5*ms", "v < 1")]  # fmt: skip
    groups[1].ref = [0.5, 1] * ms
    counts = [SpikeMonitor(G, record=False) for G in groups]
    Network(groups, counts).run(2 * ms)
    assert [list(M.count) for M in counts] == [[4, 4], [4, 2], [4, 2], [20, 20]]


@section.must("the time may be drawn anew after each spike")
def drawn():
    G = NeuronGroup(50, "v : 1", threshold="True", refractory="(0.5 + rand())*ms")
    M = SpikeMonitor(G)
    run(4 * ms)
    intervals = [diff(train / ms) for train in M.spike_trains().values()]
    assert len(unique(concatenate(intervals).round(1))) > 5 and min(map(min, intervals)) > 0.45


@section.must("(unless refractory) stops an equation and shields the variable from synapses meanwhile")
def unless_refractory():
    G = NeuronGroup(
        1, "dv/dt = 1/ms : 1 (unless refractory)\ndu/dt = 1/ms : 1", threshold="v > 0.25", refractory=0.5 * ms
    )
    S = Synapses(G, G, on_pre="v += 10; u += 10", delay=0.2 * ms)
    S.connect()
    run(0.7 * ms)
    assert allclose(G.v, 0.3) and allclose(G.u, 10.7)


@section.must("not_refractory and lastspike stand in equations")
def symbols():
    G = NeuronGroup(1, "dv/dt = int(not_refractory)/ms : 1\nage = (t - lastspike)/ms : 1", threshold="v > 0.25",
                    refractory=0.5 * ms)  # fmt: skip
    run(0.6 * ms)
    assert allclose(G.v, 0.3) and allclose(G.age, 0.4)


@section.must("times are compared in whole steps, as timestep(t, dt) gives them")
def whole_steps():
    G = NeuronGroup(1, "n = timestep(0.3*ms, dt) : 1", threshold="True", refractory=0.3 * ms)
    M = SpikeMonitor(G)
    run(30 * ms)
    assert G.n[0] == 3 and M.num_spikes == 100


@section.rare("the preference legacy.refractory_timing is kept", once=True)
def legacy():
    assert prefs["legacy.refractory_timing"] in (True, False)
