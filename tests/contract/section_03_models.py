"""Groups of neurons."""

from inspect import signature

from proofs import Page
from pytest import raises

from jupyspike import *

section = Page("3. user/models (NeuronGroup)")


@section.must("the arguments of NeuronGroup and their defaults", once=True)
def arguments():
    wanted = """N model method method_options threshold reset refractory events namespace dtype dt clock order name
    codeobj_class""".split()
    parameters = signature(NeuronGroup).parameters
    assert set(wanted) <= set(parameters) and list(parameters)[:2] == ["N", "model"]
    assert parameters["refractory"].default is False and parameters["order"].default == 0


@section.must(
    "a model is a string of lines or Equations, with constants of the script around it and values per neuron",
    "a threshold is a condition; a reset is one or more statements, for the neurons that spiked",
)
def model():
    rate = 0.1 / ms
    eqs = """dv/dt = rate*gain : 1
             gain : 1"""
    G = NeuronGroup(2, eqs, threshold="v > 0.5", reset="v = 0; gain += 1\ngain *= 2")
    H = NeuronGroup(2, Equations(eqs))
    G.gain = H.gain = [1, 10]
    run(1 * ms)
    assert allclose(G.v, [0.1, 0.46]) and allclose(G.gain, [1, 46]) and allclose(H.v, [0.1, 1]) and rate * ms == 0.1


@section.must("i, N, t, dt, lastspike and not_refractory stand in equations and are attributes")
def automatic():
    G = NeuronGroup(3, "x = i + N : 1\ny = t/dt : 1", threshold="i == 1 and t > 0.25*ms", refractory=1 * ms)
    run(1 * ms)
    assert (G.x[:] == [3, 4, 5]).all() and allclose(G.y[:], 10) and (G.N, len(G)) == (3, 3) and G.dt == 0.1 * ms
    assert allclose(G.t / ms, 1) and allclose(G.lastspike[1] / ms, 0.3) and G.not_refractory[:].tolist() == [1, 0, 1]


@section.must("attributes for all variables, with an underscore for the values without units", once=True)
def attributes():
    G = NeuronGroup(2, "v : volt\nx : 1")
    G.v_ = [1, 2]
    assert G.v[1] == 2 * volt and G.v_[1] == 2 and G.x[0] == 0


@section.must(
    "values are set by numbers, arrays, quantities and texts with i, N, rand(), other variables and names", once=True
)
def setting():
    G, shift = NeuronGroup(4, "v : volt\nw : volt\nx : 1"), 1 * mV
    G.x, G.v, G.w = [1, 2, 3, 4], 2 * mV, "x*v + shift*i*N"
    assert allclose(G.w / mV, [2, 8, 14, 20])
    G.x = "rand()"
    assert len(set(G.x)) == 4 and (G.x[:] > 0).all() and shift == 1 * mV


@section.must("values are set and read where a condition holds, by slices, arrays, [:]", once=True)
def indexing():
    G = NeuronGroup(4, "v : 1")
    G.v["i > 1"] = "10*i"
    G.v[0:2], G.v[[0]] = 5, 4
    assert G.v[:].tolist() == [4, 5, 20, 30] and G.v["v > 4"].tolist() == [5, 20, 30] and G.v[array([3, 0])][0] == 30


@section.must("a variable prints its name, values and unit; one can compute with it", once=True)
def views():
    G = NeuronGroup(2, "v : volt")
    G.v = 1 * mV
    assert all(part in repr(G.v) for part in (G.name, "v", "1.", "mvolt"))
    assert ((G.v + 1 * mV) * 2 == 4 * mV).all() and mean(G.v) == 1 * mV
    G.v += 2 * mV
    assert (G.v[:] == 3 * mV).all()


@section.must("G.x[:] evaluates a subexpression with the names of the place where it is read", once=True)
def subexpressions():
    G, factor = NeuronGroup(2, "v : 1\nx = factor*v : 1"), 2
    G.v, factor = [1, 2], 3
    assert G.x[:].tolist() == [3, 6] and factor == 3


@section.must(
    "parts: G[a:b], G[k], G[[k, k+1]], ascending and without gaps; their indices are their own",
    "parts serve synapses, monitors, PoissonInput and linked variables",
)
def parts():
    G = NeuronGroup(6, "v : 1\nw : 1\nx : 1 (linked)", threshold="i >= 3")
    G[2:4].v, G[5].v, G[[0, 1]].v = "i + 1", 9, 7
    assert G.v[:].tolist() == [7, 7, 1, 2, 0, 9]
    for wrong in ([3, 2], [0, 2]):
        with raises(IndexError):
            G[wrong]
    S = Synapses(G[3:5], G[:2], on_pre="w += 1")
    S.connect(j="i")
    P, M = PoissonInput(G[5:], "w", 1, 1e9 * Hz, 5), SpikeMonitor(G[3:4])
    G.x = linked_var(G[2:3], "v")
    run(0.1 * ms)
    assert G.w[:].tolist() == [1, 1, 0, 0, 0, 5] and M.i.tolist() == [0] and (G.x[:] == 1).all() and P.active


@section.must("noise: xi, and xi_name for several")
def noise():
    G = NeuronGroup(500, "dv/dt = sigma*xi*ms**-0.5 : 1\ndu/dt = (xi_a + xi_b)*ms**-0.5 : 1\nsigma : 1", method="euler")
    G.sigma = 2
    run(1 * ms)
    assert 3 < var(G.v[:]) < 5 and 1.5 < var(G.u[:]) < 2.5
    with raises(Exception, match="xi"):
        NeuronGroup(1, "dv/dt = xi*ms**-0.5 : 1\ndu/dt = xi*ms**-0.5 : 1", name="wrong")


@section.must(
    "(shared) variables have one value for a group, can be recorded and are set by texts of shared names",
    "statements for shared variables come first; code of single neurons does not write them",
)
def shared():
    G = NeuronGroup(3, "k : 1 (shared)\nl = 2*k : 1 (shared)\nv : 1")
    G.k = "N + 1"
    G.run_regularly("k += 1\nv = l + i", dt=1 * ms)
    M = StateMonitor(G, "k", record=True)
    run(1 * ms)
    assert G.k[:] == 5 and G.v[:].tolist() == [10, 11, 12] and (M.k[0] == [5] * 10).all()
    with raises(Exception, match="k"):
        NeuronGroup(1, "v : 1\nk : 1 (shared)", threshold="v > 1", reset="k = 0")
    with raises(Exception, match="k"):
        G.run_regularly("v = 1\nk = 2")


@section.must("(constant over dt): evaluated once a step, needed for random numbers")
def constant_over_dt():
    G = NeuronGroup(5, "x = rand() : 1 (constant over dt)\na = x : 1\nb = x : 1")
    M = StateMonitor(G, ["a", "b"], record=True)
    run(1 * ms)
    assert (M.a == M.b).all() and len(unique(M.a)) == 50
    with raises(Exception, match="constant over dt"):
        NeuronGroup(1, "x = rand() : 1")
        run(0 * ms)


@section.must("get_states and set_states, of groups, monitors and networks; with pandas", once=True)
def states():
    G = NeuronGroup(2, "v : volt\nx = 2*v : volt", threshold="v > 0*volt", name="grp")
    G.v, M = [1, 2] * mV, SpikeMonitor(G)
    net = Network(G, M)
    net.run(0.1 * ms)
    assert (G.get_states(["v"])["v"] == G.v[:]).all() and not isinstance(G.get_states(units=False)["v"], Quantity)
    assert "x" in G.get_states(subexpressions=True) and {"N", "i", "t", "dt"} & set(
        G.get_states(read_only_variables=True)
    )
    net.set_states({"grp": {"v": [3, 4] * mV}})
    assert G.v[0] == 3 * mV and net.get_states()["grp"]["v"][1] == 4 * mV and list(M.get_states()["i"]) == [0, 1]
    assert list(G.get_states(["v"], units=False, format="pandas")["v"]) == [0.003, 0.004]
    with raises(Exception, match="units"):
        G.get_states(format="pandas")


@section.often("own formats of states: ImportExport.register", once=True)
def formats():
    class Lists(ImportExport):
        name = "contract_lists"

        @staticmethod
        def export_data(group, variables, units=True, level=0):
            return [name for name in variables]

        @staticmethod
        def import_data(group, data, units=True, level=0):
            group.v = data

    ImportExport.register(Lists())
    G = NeuronGroup(1, "v : 1")
    G.set_states([5], format="contract_lists")
    assert "v" in G.get_states(["v"], format="contract_lists") and G.v[0] == 5


@section.often("linked variables: one to one, one to all, by an array or by the name of an index")
def linked():
    A, B, C = NeuronGroup(2, "dx/dt = (1 + i)/ms : 1"), NeuronGroup(1, "x : 1"), NeuronGroup(1, "x : 1 (shared)")
    G = NeuronGroup(
        2, "x : 1 (linked)\ny : 1 (linked)\nz : 1 (linked)\nw : 1 (linked)\ns : 1 (linked)\nk : integer\nu : 1"
    )
    G.x, G.y, G.z = linked_var(A, "x"), linked_var(B, "x"), linked_var(A, "x", index=[1, 0])
    G.w, G.s, G.k, B.x, C.x = linked_var(A, "x", index="k"), linked_var(C, "x"), 1, 7, 8
    G.run_regularly("u = x", when="end")
    run(1 * ms)
    assert allclose([G.x[:], G.z[:], G.w[:], G.u[:]], [[1, 2], [2, 1], [2, 2], [1, 2]]) and (G.y[:] == 7).all()
    assert (G.s[:] == 8).all()


@section.often("dtype: one type or one for each variable; order moves all parts of a group")
def types():
    G = NeuronGroup(2, "dv/dt = -v/ms : 1\nu : 1", dtype={"v": float32}, order=3)
    run(0.1 * ms)
    assert (G.v[:].dtype, G.u[:].dtype) == (float32, float64)
    assert NeuronGroup(1, "v : 1", dtype=float32).v[:].dtype == float32 and G.state_updater.order == 3


@section.often("codeobj_class= is accepted; a network runs on one target as a whole")
def codeobj_class():
    G = NeuronGroup(2, "dv/dt = 1/ms : 1", codeobj_class=NumpyCodeObject)
    run(1 * ms)
    assert allclose(G.v, 1)


@section.often("the parts of a group: state_updater, thresholder, resetter, events, contained_objects", once=True)
def contained():
    G = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v > 1", reset="v = 0", events={"high": "v > 0.5"})
    assert G.thresholder["spike"].when == "thresholds" and G.resetter["spike"].when == "resets"
    assert G.state_updater in G.contained_objects and G.state_updater.when == "groups"
    assert (
        set(G.events) == {"spike", "high"} and G.events["spike"] == "v > 1" and set(G.thresholder) == {"spike", "high"}
    )


@section.often("G.state(), G.variables, G.equations, G.spikes, G.indices[...], add_attribute()")
def reach():
    G = NeuronGroup(4, "dv/dt = -v/ms : volt", threshold="i > 1")
    run(0.1 * ms)
    assert G.state("v").shape == (4,) and "v" in G.variables and "v" in G.equations and "v" in G.user_equations
    assert not isinstance(asarray(G.state("v", use_units=False)), Quantity) and list(G.spikes) == [2, 3]
    assert list(G.indices["i > 2"]) == [3]
    with raises(AttributeError):
        G.invented = 3
    G.add_attribute("invented")
    G.invented = 3
    assert G.invented == 3
