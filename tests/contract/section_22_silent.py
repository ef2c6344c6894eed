"""What scripts depend on without saying so."""

from proofs import Page
from pytest import raises

from jupyspike import *

section = Page("22. Behaviours that scripts silently depend on")


@section.must(
    "a sample is the value before its step, a spike of step k is at k*dt",
    "an effect without delay is in the step of the spike, and the reset comes after it",
)
def order_in_a_step():
    G = NeuronGroup(2, "dv/dt = 1/ms : 1", threshold="v > 0.25 and i == 0", reset="v = 0")
    S = Synapses(G, G, on_pre="v += 10")
    S.connect("i == 0")
    M, T = SpikeMonitor(G), StateMonitor(G, "v", record=True)
    run(0.5 * ms)
    assert allclose(M.t / ms, 0.2) and allclose(T.v, [[0, 0.1, 0.2, 0, 0.1], [0, 0.1, 0.2, 10.3, 10.4]])


@section.must("synapses are numbered as they are made: row by row for all pairs", once=True)
def numbering():
    S = Synapses(NeuronGroup(2, ""), NeuronGroup(3, ""))
    S.connect()
    assert list(S.i) == [0, 0, 0, 1, 1, 1] and list(S.j) == [0, 1, 2, 0, 1, 2]


@section.must("summed variables are renewed just before the equations of their target")
def summed():
    G, H = NeuronGroup(1, "x = t/dt + 1 : 1"), NeuronGroup(1, "total : 1\ndv/dt = total/dt : 1")
    S = Synapses(G, H, "total_post = x_pre : 1 (summed)")
    S.connect()
    run(0.3 * ms)
    assert allclose(H.v, 1 + 2 + 3)


@section.must(
    "rand() in a text draws for each neuron, or for each synapse; connections with small p are found at once", once=True
)
def draws():
    G = NeuronGroup(1000, "v : 1")
    S = Synapses(G, G, "w : 1")
    S.connect(p=0.01)
    G.v, S.w = "rand()", "rand()"
    assert len(unique(G.v[:])) == 1000 and len(unique(S.w[:])) == len(S) and 9000 < len(S) < 11000


@section.must("int(condition) chooses between values; a truth value is not a number", once=True)
def truth():
    G = NeuronGroup(3, "v = 5*int(i > 1) + 2*int(i <= 1) : 1")
    assert list(G.v[:]) == [2, 2, 5]
    with raises(Exception, match=r"(?i)truth|bool"):
        H = NeuronGroup(1, "v = 5*(i > 1) : 1")
        Network(H).run(0 * ms)


@section.must("objects in lists are not seen by run(); those that nobody keeps vanish", once=True)
def kept():
    listed = [NeuronGroup(1, "dv/dt = 1/ms : 1")]
    NeuronGroup(1, "dv/dt = 1/ms : 1", name="dropped")
    G = NeuronGroup(1, "dv/dt = 1/ms : 1")
    assert collect() == {G} and len(listed) == 1


@section.must("a monitor made after a run goes on at its time; new neurons after a run are a MagicError", once=True)
def later():
    G = NeuronGroup(1, "dv/dt = 1/ms : 1")
    run(1 * ms)
    M = StateMonitor(G, "v", record=0)
    run(0.1 * ms)
    assert allclose(M.t / ms, 1)
    H = NeuronGroup(1, "dv/dt = 1/ms : 1")
    with raises(MagicError):
        run(1 * ms)
    assert H.N == 1


@section.must("an unknown name is an error of run(), not of the group", once=True)
def unknown():
    G = NeuronGroup(1, "dv/dt = speed : 1")
    with raises(Exception, match="speed"):
        run(1 * ms)
    assert G.v[0] == 0


@section.must("integers have 32 bits, numbers 64; t and dt stay exact with float32")
def types():
    G = NeuronGroup(1, "n : integer\nv : 1\nlate : boolean", dtype={"v": float32})
    H = NeuronGroup(1, "v : 1")
    G.run_regularly("late = t > 100.04*ms and t < 100.06*ms", when="end")
    run(0.1 * ms)
    assert (G.n[:].dtype, G.v[:].dtype, H.v[:].dtype) == (int32, float32, float64) and asarray(G.t).dtype == float64
    assert asarray(G.dt).dtype == float64
