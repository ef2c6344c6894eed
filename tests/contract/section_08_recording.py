"""Monitors."""

from proofs import Page

from jupyspike import *

section = Page("8. user/recording")


def clockwork(first, eqs=""):
    """Neuron k spikes in step first[k], and in each third after it."""
    G = NeuronGroup(
        len(first), f"at : integer\n{eqs}", threshold="t_in_timesteps >= at and (t_in_timesteps - at) % 3 == 0"
    )
    G.at = first
    return G


@section.must(
    "SpikeMonitor: i, t, it, it_, count, num_spikes, spike_trains()",
    "variables at the time of a spike: attributes, values(), all_values()",
    "record=False counts only",
)
def spike_monitor():
    G = clockwork([1, 0], "v = i*mV : volt")
    M, C = SpikeMonitor(G, variables="v"), SpikeMonitor(G, record=False)
    run(0.4 * ms)
    i, t = M.it
    assert list(i) == list(M.i) == [1, 0, 1] and allclose(t / ms, [0, 0.1, 0.3]) and allclose(M.it_[1], t / second)
    assert (
        list(M.count) == list(C.count) == [1, 2] and M.num_spikes == 3 and allclose(M.spike_trains()[1] / ms, [0, 0.3])
    )
    assert (M.v == [1, 0, 1] * mV).all() and (M.values("v")[1] == [1, 1] * mV).all() and "v" in M.all_values()


@section.must("EventMonitor: the same for custom events, event_trains(), num_events")
def event_monitor():
    G = NeuronGroup(2, "v : 1", events={"high": "i == 1"})
    M = EventMonitor(G, "high", variables="v")
    run(0.2 * ms)
    assert (M.num_events, list(M.i), list(M.v)) == (2, [1, 1], [0, 0]) and allclose(M.event_trains()[1] / ms, [0, 0.1])


@section.must(
    "StateMonitor: one, several or all variables, of all, some or one neuron",
    "attributes are arrays of neuron and time; M[k].v by the neuron's number, M.v[k] by the row",
    "a sample is the value before the step",
    "subexpressions and shared variables are recorded too",
)
def state_monitor():
    G = NeuronGroup(3, "dv/dt = (1 + i)*mV/ms : volt\nx = 2*v : volt\nk : 1 (shared)")
    M, A = StateMonitor(G, ["v", "x", "k"], record=[2, 1], dt=0.5 * ms), StateMonitor(G, True, record=True)
    N = StateMonitor(G, "v", record=False)
    run(1 * ms)
    assert M.v.shape == (2, 2) and A.v.shape == (3, 10) and allclose(M.t / ms, [0, 0.5]) and N.v.shape[0] == 0
    assert allclose(M[2].v / mV, [0, 1.5]) and allclose(M.v[0] / mV, [0, 1.5]) and allclose(M.x_[1], [0, 2e-3])
    assert A.k.shape[-1] == 10 and A.x.shape == (3, 10)


@section.must(
    "record_single_timestep(); chosen instants with clock=EventClock(times)",
    "monitors may come and go between runs, and are switched by .active",
)
def instants():
    G = NeuronGroup(1, "dv/dt = 1/ms : 1")
    M, E = StateMonitor(G, "v", record=True), StateMonitor(G, "v", record=True, clock=EventClock([0.2, 0.5] * ms))
    net = Network(G, M, E)
    net.run(0.6 * ms)
    M.record_single_timestep()
    M.active = False
    net.remove(E)
    net.run(0.3 * ms)
    late = StateMonitor(G, "v", record=0)
    net.add(late)
    net.run(0.1 * ms)
    assert allclose(E.v[0], [0.2, 0.5]) and allclose(M.v[0], arange(7) / 10) and allclose(late.t / ms, 0.9)


@section.must("PopulationRateMonitor: t, rate, smooth_rate('gaussian', 'flat' or an array), binned_rate()")
@section.often("SpikeMonitor has smooth_rate() and binned_rate() for each neuron")
def rates():
    G = clockwork([0, 1, 2])
    R, M = PopulationRateMonitor(G), SpikeMonitor(G)
    run(3 * ms)
    assert allclose(R.rate / kHz, 10 / 3) and len(R.t) == 30 and R.smooth_rate("gaussian", 0.5 * ms).shape == (30,)
    assert (
        allclose(R.smooth_rate("flat", 0.5 * ms)[5:25] / kHz, 10 / 3) and len(R.smooth_rate(window=ones(5) / 5)) == 30
    )
    assert allclose(R.binned_rate(0.6 * ms)[1] / kHz, 10 / 3) and M.binned_rate(0.6 * ms)[1].shape == (3, 5)
    assert M.smooth_rate("flat", 0.5 * ms).shape == (3, 30)


@section.must("values with and without units; get_states() of monitors; monitors of parts of groups")
def forms():
    G = clockwork([0, 1, 2], "v = i*mV : volt")
    M, T = SpikeMonitor(G[1:]), StateMonitor(G[1:], "v", record=[0])
    run(0.3 * ms)
    assert list(M.i) == [0, 1] and list(T.get_states(["t"])["t"]) == list(T.t) and list(M.get_states()["i"]) == [0, 1]
    assert isinstance(T.v, Quantity) and not isinstance(T.v_, Quantity) and T.v_[0, 0] == 1e-3


@section.often("a custom event with a flag records chosen neurons; averages by summed variables")
def recipes():
    G = NeuronGroup(3, "record : boolean\nx : 1", threshold="True", events={"seen": "record"})
    G.record, G.x = [False, True, False], [1, 2, 6]
    A = NeuronGroup(1, "mean : 1")
    S = Synapses(G, A, "mean_post = x_pre/N_incoming : 1 (summed)")
    S.connect()
    M, T = EventMonitor(G, "seen"), StateMonitor(A, "mean", record=0)
    run(0.3 * ms)
    assert list(M.i) == [1, 1, 1] and allclose(T[0].mean[1:], 3)
