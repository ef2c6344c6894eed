"""Inputs."""

from proofs import Page
from pytest import raises

from jupyspike import *

section = Page("7. user/input")


def steps(times):
    return [round(float(t / (0.1 * ms))) for t in times]


@section.must(
    "PoissonGroup: rates as a number, an array or a text with t, i or a TimedArray",
    "rates can be set and read; parts of a PoissonGroup; at most one spike a step",
)
def poisson_group():
    on = TimedArray([0, 1e9] * Hz, dt=0.5 * ms)
    groups = [PoissonGroup(3, rates=rates) for rates in (1e9 * Hz, [0, 0, 1e9] * Hz, "on(t)*int(i > 0)")]
    counts = [SpikeMonitor(G) for G in groups]
    S, H = Synapses(groups[0][1:], H := NeuronGroup(1, "v : 1"), on_pre="v += 1"), H
    S.connect()
    Network(groups, counts, S, H).run(1 * ms)
    assert (
        [list(M.count) for M in counts] == [[10, 10, 10], [0, 0, 10], [0, 5, 5]] and H.v[0] == 20 and on.dt is not None
    )
    groups[0].rates = 5 * Hz
    assert (groups[0].rates[:] == 5 * Hz).all()


@section.must("PoissonInput: a binomial number of weights for each neuron; the weight may be a text")
def poisson_input():
    G = NeuronGroup(500, "v : volt\nw : volt\nu : volt")
    G.w = 2 * mV
    P, Q = PoissonInput(G, "v", 100, 1 * kHz, 0.1 * mV), PoissonInput(G, "u", 7, 1e9 * Hz, "w*2")
    run(0.1 * ms)
    assert 0.8 * mV < mean(G.v[:]) < 1.2 * mV and len(unique(G.v_[:])) > 5 and allclose(G.u / mV, 28)
    assert (P.when, P.order, Q.when) == ("synapses", 0, "synapses")


@section.must(
    "SpikeGeneratorGroup: given spikes, repeated after a period, with synapses and monitors as any group",
    "set_spikes() between runs",
)
def generator():
    G = SpikeGeneratorGroup(2, [1, 0], [0.3, 0.1] * ms, period=0.5 * ms)
    H, M = NeuronGroup(1, "v : 1"), SpikeMonitor(G)
    S = Synapses(G, H, on_pre="v += 1 + i")
    S.connect()
    run(1 * ms)
    G.set_spikes([0], [1.2] * ms)
    run(1 * ms)
    assert list(M.i) == [0, 1, 0, 1, 0] and steps(M.t) == [1, 3, 6, 8, 12] and H.v[0] == 7


@section.must("two spikes of one neuron in one step are an error", once=True)
def twice():
    with raises(ValueError):
        G = SpikeGeneratorGroup(1, [0, 0], [1.01, 1.03] * ms)
        run(2 * ms)
        G.t  # noqa: B018


@section.must(
    "TimedArray: value k holds from k*dt, the last one for ever; f(t, i) for a table with columns",
    "a TimedArray stands in equations, rates, connect() and Python",
    "linear equations with a TimedArray are still solved exactly",
)
def timed_array():
    f, g = TimedArray([1, 2] * mV, dt=0.5 * ms), TimedArray([[1, 2], [3, 4]], dt=0.5 * ms)
    G = NeuronGroup(2, "dv/dt = (f(t) - v)/(1*ms) : volt\nx = g(t, i) : 1", method="exact")
    M = StateMonitor(G, "x", record=True)
    run(1 * ms)
    assert M.x.tolist() == [[1] * 5 + [3] * 5, [2] * 5 + [4] * 5] and f(9 * ms) == 2 * mV and g(0 * ms, 1) == 2
    assert allclose(G.v / mV, (1 - exp(-0.5)) * exp(-0.5) + 2 * (1 - exp(-0.5)), rtol=1e-12)
    S = Synapses(G, G)
    S.connect("g(0*ms, i) > 1")
    assert S.i[:].tolist() == [1, 1]


@section.must("run_regularly: statements of a group at each tick of a clock; returns the object that does it")
@section.often("run_at: statements at given times; run_on_clock: at the ticks of a clock")
def regularly():
    G = NeuronGroup(2, "a : 1\nb : 1\nc : 1")
    operation = G.run_regularly("a += 1 + i", dt=0.5 * ms, when="end")
    G.run_at("b += 1", times=[0.2, 0.7] * ms)
    G.run_on_clock("c += 1", clock=Clock(dt=0.2 * ms))
    run(1 * ms)
    assert (
        G.a[:].tolist() == [2, 4]
        and G.b[:].tolist() == [2, 2]
        and G.c[:].tolist() == [5, 5]
        and operation.when == "end"
    )


@section.must(
    "network_operation: Python in the network, with or without arguments, given the time or nothing",
    "NetworkOperation for methods",
)
def operations():
    G, seen = NeuronGroup(1, "v : 1"), []

    @network_operation
    def each():
        G.v += 1

    @network_operation(dt=0.5 * ms, when="end", order=1)
    def look(t):
        seen.append((steps([t])[0], G.v[0]))

    class Counter:
        n = 0

        def up(self, t):
            self.n += 1

    counter = Counter()
    Network(G, each, look, NetworkOperation(counter.up, dt=0.2 * ms)).run(1 * ms)
    assert seen == [(0, 1), (5, 6)] and counter.n == 5


@section.often("functions of t in equations")
def time():
    G = NeuronGroup(1, "dv/dt = cos(t/ms)/ms : 1\nx = sin(t/ms) : 1", method="rk4")
    run(1 * ms)
    assert allclose(G.v, sin(1), rtol=1e-6) and allclose(G.x[:], sin(1))


@section.often("BinomialFunction in code")
def binomial():
    f = BinomialFunction(10, 0.5)
    G = NeuronGroup(500, "v : 1")
    G.run_regularly("v = f()")
    run(0.1 * ms)
    assert 4.5 < mean(G.v[:]) < 5.5 and f is not None and set(unique(G.v[:])) <= set(range(11))
