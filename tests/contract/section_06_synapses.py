"""Synapses."""

from inspect import signature

from proofs import Page
from pytest import raises

from jupyspike import *

section = Page("6. user/synapses")


def firing(N, eqs="v : 1", **kwds):
    """Neurons that all spike in each step."""
    return NeuronGroup(N, eqs, threshold="True", **kwds)


def pairs(S):
    return list(zip(S.i[:].tolist(), S.j[:].tolist(), strict=True))


@section.must("the arguments of Synapses", once=True)
def arguments():
    wanted = """source target model on_pre pre on_post post connect delay on_event multisynaptic_index namespace dtype
    codeobj_class dt clock order method method_options name""".split()
    assert set(wanted) <= set(signature(Synapses).parameters)


@section.must(
    "the target is the source if none is given; names without an end are those of the target",
    "_pre and _post choose the end; statements in several lines",
)
def ends():
    G = firing(2, "v : 1\nu : 1")
    S = Synapses(G, on_pre="v += 1\nu_pre += 10; u_post += 100")
    S.connect(i=0, j=1)
    run(0.1 * ms)
    assert S.target is G and G.v[:].tolist() == [0, 1] and G.u[:].tolist() == [10, 100]


@section.must("names of synaptic variables differ from those of the ends with _pre and _post", once=True)
def clashes():
    with raises(Exception, match="v_post"):
        Synapses(firing(1), firing(1), "v_post : 1")


@section.must("i, j, N, N_incoming, N_outgoing, and N_outgoing_pre, N_incoming_post for the neurons")
def numbers():
    S = Synapses(
        NeuronGroup(2, "", threshold="False"), NeuronGroup(3, ""), "w : 1\nx = N_incoming + 10*N_outgoing + N : 1"
    )
    S.connect(i=[0, 0, 1], j=[0, 1, 1])
    S.w = "N_incoming"
    run(0.1 * ms)
    assert S.w[:].tolist() == [1, 2, 2] and S.x[:].tolist() == [24, 25, 15] and (S.N, len(S)) == (3, 3)
    assert list(S.N_outgoing_pre) == [2, 1] and list(S.N_incoming_post) == [1, 2, 0]


@section.must("the old spellings pre= and post= still work", once=True)
def old_spellings():
    G = firing(1)
    S = Synapses(G, G, pre="v += 1", post="v += 1")
    assert S.pre.order < S.post.order


@section.must(
    "equations are clock-driven or event-driven; event-driven variables are brought up to date before the code runs",
    "lastupdate",
)
def traces():
    G = SpikeGeneratorGroup(1, [0, 0], [0, 2] * ms)
    H = NeuronGroup(1, "v : 1")
    S = Synapses(G, H, "da/dt = -a/(1*ms) : 1 (event-driven)\ndb/dt = -b/(1*ms) : 1 (clock-driven)",
                 on_pre="v_post = a; a += 1; b += 1")  # fmt: skip
    S.connect()
    run(3 * ms)
    assert (
        allclose(H.v, exp(-2)) and allclose(S.b, (1 + exp(-2)) * exp(-0.9), rtol=0.2) and allclose(S.lastupdate / ms, 2)
    )


@section.must("an equation of synapses without a flag is clock-driven, which is told")
def unflagged():
    G = firing(1)
    S = Synapses(G, G, "da/dt = 1/ms : 1")
    S.connect()
    run(1 * ms)
    assert allclose(S.a, 1)


@section.must("rand() in on_pre draws for each synapse")
def draws():
    G = firing(10)
    S = Synapses(G, G, "w : 1", on_pre="w = rand()")
    S.connect()
    run(0.1 * ms)
    assert len(unique(S.w[:])) == 100


@section.must(
    "several pathways by name: {'name': code}, each an attribute with delay, order, event and when",
    "pathways of one order run in the order of their names; pre before, post after",
    "a delay for each pathway: delay={'name': time}",
)
def pathways():
    G = firing(1, "v : 1")
    S = Synapses(
        G, G, "w : 1", on_pre={"pre": "w += 1", "late": "w *= 10"}, on_post="w += 0.5", delay={"pre": 0.2 * ms}
    )
    S.connect()
    assert (S.pre.order, S.post.order, S.pre.when, S.pre.event) == (-1, 1, "synapses", "spike")
    assert S.pre.delay[...] == 0.2 * ms and S.late.order == -1
    run(0.3 * ms)
    assert allclose(S.w, ((0 * 10 + 0.5) * 10 + 0.5) * 10 + 1 + 0.5)


@section.must(
    "delay= is one delay for all, else each synapse has its own: S.delay, S.pre.delay, S.post.delay",
    "a shared delay can be set to another number only",
)
def delays():
    G = SpikeGeneratorGroup(1, [0], [0] * ms)
    H = NeuronGroup(3, "v : second")
    S, T = Synapses(G, H, on_pre="v = t"), Synapses(G, H, "w : 1", on_pre="w += 1", delay=0.5 * ms)
    S.connect(), T.connect()
    S.delay, T.delay = "j*0.2*ms", 0.3 * ms
    S.pre.delay[0, 1] = 0.7 * ms
    with raises(ValueError, match="delay"):
        T.delay = [0.1, 0.2, 0.3] * ms
    run(1 * ms)
    assert allclose(H.v / ms, [0, 0.7, 0.4]) and (T.w[:] == 1).all()


@section.must(
    "connect(): all pairs, numbers and arrays i and j, a condition, a probability, several of each pair",
    "a condition goes before the probability, and this before the copies; a first text is the condition",
    "conditions use i, j, N_pre, N_post, variables of both ends, functions and names of the script",
    once=True,
)
def connect():
    G, H = NeuronGroup(4, "x : 1"), NeuronGroup(4, "x : 1")
    G.x = H.x = "i"

    def made(*args, limit=2, **kwds):
        S = Synapses(G, H)
        S.connect(*args, **kwds)
        return pairs(S)

    assert (
        len(made()) == 16 and made(i=1, j=[0, 2]) == [(1, 0), (1, 2)] and made(i=[0, 1], j=[2, 3]) == [(0, 2), (1, 3)]
    )
    assert made("x_pre + x_post >= limit + 4 and abs(i - j) < N_pre - N_post + 1") == [(3, 3)]
    assert made(condition="i == j", p=1, n=2) == sorted([(k, k) for k in range(4)] * 2) and made(p=0) == []
    assert len(made("i != j", p="int(i == 0)")) == 3 and len(made(n="i", condition="j == 0")) == 6


@section.must("one to one and other maps: j='i', j='... if ...', i='...'", once=True)
def maps():
    G, S, T, U = NeuronGroup(4, ""), *(Synapses(NeuronGroup(4, ""), NeuronGroup(4, "")) for _ in range(3))
    S.connect(j="i"), T.connect(j="i + 1 if i < 3"), U.connect(i="j//2")
    assert pairs(S) == [(k, k) for k in range(len(G))] and pairs(T) == [(0, 1), (1, 2), (2, 3)]
    assert sorted(pairs(U)) == [(0, 0), (0, 1), (1, 2), (1, 3)]


@section.must(
    "loops: j='EXPR for k in range(...) if ...', also for i",
    "samples without replacement: for k in sample(N, p=...) or sample(N, size=...)",
    "targets outside the group are an error unless skip_if_invalid=True",
    once=True,
)
def loops():
    def made(**kwds):
        S = Synapses(NeuronGroup(5, "x : 1"), NeuronGroup(5, ""))
        S.connect(**kwds)
        return pairs(S)

    assert made(j="k for k in range(0, 5, 2) if i == k") == [(0, 0), (2, 2), (4, 4)]
    assert sorted(made(i="k for k in range(j)")) == [(a, b) for a in range(5) for b in range(a + 1, 5)]
    assert len(made(j="k for k in sample(5, p=1)")) == 25 and len(set(made(j="k for k in sample(5, size=3)"))) == 15
    assert len(made(j="k for k in sample(1, 5, 2, size=1)")) == 5
    with raises(IndexError):
        made(j="i + 1")
    assert len(made(j="i + k for k in range(-1, 2)", skip_if_invalid=True)) == 13
    assert len(made(j="k for k in sample(5, size=9)", skip_if_invalid=True)) == 25


@section.must(
    "values of synapses by S.w[i, j], slices, arrays, parts of groups, texts, numbers; set by value, array, text",
    "S.w[:] is in the order in which synapses were made: rows of a matrix for all pairs",
    "matrices: nonzero() to connect, S.w[:] or C[S.i, S.j] to set and read",
    once=True,
)
def indexing():
    G, H = NeuronGroup(2, ""), NeuronGroup(3, "")
    S, C = Synapses(G, H, "w : 1"), array([[1.0, 2, 3], [4, 5, 6]])
    S.connect()
    S.w = C.flatten()
    assert S.w[1, 2] == 6 and list(S.w[0, :]) == [1, 2, 3] and list(S.w[:, 1:]) == [2, 3, 5, 6] and S.w[4] == 5
    assert (
        list(S.w["i == 1 and w > 4"]) == [5, 6] and list(S.w[G[1:], H[:2]]) == [4, 5] and list(S.w[[0, 1], 0]) == [1, 4]
    )
    S.w["j == 0"], S.w[1, 1:] = "10*w", [7, 8]
    assert S.w[:].tolist() == [10, 2, 3, 40, 7, 8] and list(C[S.i, S.j]) == list(C.flatten())
    T = Synapses(G, H)
    T.connect(i=(C > 3).nonzero()[0], j=(C > 3).nonzero()[1])
    assert pairs(T) == [(1, 0), (1, 1), (1, 2)]


@section.must("synapses are recorded: record=S[i, :], S['...'], True; M[S[0]] reads one")
def recorded():
    G = firing(3)
    S = Synapses(G, G, "w : 1", on_pre="w += 1 + j")
    S.connect()
    M, T, A = (StateMonitor(S, "w", record=what) for what in (S[1, :], S["i == j"], True))
    run(0.3 * ms)
    assert M.w.shape == (3, 3) and T.w.shape == (3, 3) and A.w.shape == (9, 3) and list(A[S[0, 2]].w[0]) == [0, 3, 6]


@section.must("copies of a pair: multisynaptic_index, and a third index", once=True)
def copies():
    G = NeuronGroup(2, "")
    S = Synapses(G, G, "w : 1", multisynaptic_index="copy")
    S.connect(n=3)
    S.w = "copy"
    assert list(S.w[0, 1]) == [0, 1, 2] and S.w[0, 1, 2] == 2 and list(S.copy[0, 0]) == [0, 1, 2]


@section.must(
    "summed variables: each step the sum over the synapses replaces the variable of the target, or of the source",
    "a summed variable of one target belongs to one Synapses object",
)
def summed():
    G, H = NeuronGroup(2, "x : 1\nback : 1"), NeuronGroup(2, "total : 1\ny : 1")
    S = Synapses(G, H, "w : 1\ntotal_post = w*x_pre : 1 (summed)\nback_pre = y_post : 1 (summed)")
    S.connect()
    G.x, H.y, H.total, S.w = [1, 2], 5, 100, 10
    net = Network(G, H, S)
    net.run(0.1 * ms)
    assert (H.total[:] == 30).all() and (G.back[:] == 10).all()
    T = Synapses(G, H, "total_post = x_pre : 1 (summed)")
    T.connect()
    net.add(T)
    with raises(Exception, match="total"):
        net.run(0.1 * ms)


@section.must("gap junctions and averages by summed variables")
def gap_junctions():
    G = NeuronGroup(4, "dv/dt = gap/ms : 1\ngap : 1", method="euler")
    S = Synapses(G, G, "gap_post = (v_pre - v_post)/N_incoming : 1 (summed)")
    G.v = "i"
    S.connect()
    run(10 * ms)
    assert allclose(G.v, 1.5, atol=0.01)


@section.often("on_event: synapses driven by other events, for all pathways or each")
def events():
    G = NeuronGroup(2, "v : 1", events={"high": "i == 1"}, threshold="False")
    S = Synapses(G, G, on_pre="v += 1", on_event="high")
    T = Synapses(G, G, on_pre="v += 10", on_post="v_post += 100", on_event={"pre": "high", "post": "spike"})
    S.connect(), T.connect(j="i")
    run(0.1 * ms)
    assert G.v[:].tolist() == [1, 11] and S.pre.event == "high"


@section.often("synapses onto synapses")
def synapses_of_synapses():
    G = firing(2)
    S = Synapses(G, G, "w : 1")
    S.connect(j="i")
    T = Synapses(G, S, on_pre="w_post += 1")
    T.connect()
    run(0.1 * ms)
    assert S.w[:].tolist() == [2, 2]


@section.often("run_regularly on synapses; S.source, S.target, S.i, S.j")
def regularly():
    G = firing(2)
    S = Synapses(G, G, "w : 1")
    S.connect("i != j")
    S.run_regularly("w += i + 1", dt=0.5 * ms)
    run(1 * ms)
    assert (
        S.w[:].tolist() == [2, 4]
        and (S.source, S.target) == (G, G)
        and list(S.i) == [0, 1]
        and S.j[:].tolist() == [1, 0]
    )
