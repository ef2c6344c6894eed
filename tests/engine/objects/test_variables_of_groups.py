"""Shared, linked and summed variables, subexpressions that are constant over a step, types of values."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    DimensionMismatchError,
    EquationError,
    Function,
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    UserError,
    linked_var,
    ms,
    mV,
    nA,
    seed,
    volt,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError

pytestmark = [pytest.mark.every_target, pytest.mark.usefixtures("target")]


# shared


def test_a_shared_variable_has_one_value():
    group = NeuronGroup(3, "level : volt (shared)\ndv/dt = level/(10*ms) : volt")
    group.level = 5 * mV
    assert np.ndim(group.level[:]) == 0
    Network(group).run(10 * ms)
    np.testing.assert_allclose(group.v / mV, [5, 5, 5])


def test_shared_subexpressions_and_regular_code_for_shared_variables():
    group = NeuronGroup(4, "k : 1 (shared)\ndouble = 2*k : 1 (shared)\nv : 1")
    group.run_regularly("k += 1\nv = double + i", dt=1 * ms)
    trace = StateMonitor(group, ["k", "double"], record=[0], dt=1 * ms, when="end")
    Network(group, trace).run(3 * ms)
    np.testing.assert_array_equal(group.v, [6, 7, 8, 9])
    np.testing.assert_array_equal(trace.double[0], [2, 4, 6])


def test_a_shared_random_number_is_one_number():
    seed(2)
    group = NeuronGroup(50, "k : 1 (shared)\nv : 1")
    group.run_regularly("k = rand()\nv = k")
    Network(group).run(0.1 * ms)
    assert len(set(group.v[:])) == 1 and 0 < group.k[:] < 1


@pytest.mark.parametrize(
    ("equations", "options", "message"),
    [
        ("v : 1\nx = v : 1 (shared)", {}, "'v' differs between them"),
        ("v : 1\nk : 1 (shared)", {"threshold": "v > 1", "reset": "k = 0"}, "runs for each event"),
        ("dv/dt = 1/ms : 1 (shared)", {}, "belongs to a parameter or subexpression"),
        ("x = 1 : 1 (summed)", {}, "belongs to equations of synapses"),
        ("dx/dt = -x/ms : 1 (event-driven)", {}, "belongs to equations of synapses"),
        ("x = rand() : 1", {}, "another value at each use"),
    ],
)
def test_what_does_not_fit_is_refused(equations, options, message):
    with pytest.raises(UserError, match=message):
        NeuronGroup(3, equations, **options)


def test_statements_for_shared_variables_come_first_and_use_nothing_else():
    group = NeuronGroup(3, "v : 1\nk : 1 (shared)")
    with pytest.raises(UserError, match="before the variables of single elements"):
        group.run_regularly("v = 1\nk = 2")
    with pytest.raises(UserError, match="differs between them"):
        group.run_regularly("k = v")
    with pytest.raises(UserError, match="differs between them"):
        group.k = "v + 1"


# constant over dt


def test_a_subexpression_constant_over_dt_is_computed_once_a_step():
    seed(3)
    group = NeuronGroup(5, "x = rand() : 1 (constant over dt)\na = x : 1\nb = x : 1\ndv/dt = x/ms : 1", method="rk4")
    trace = StateMonitor(group, ["a", "b", "x"], record=True)
    Network(group, trace).run(1 * ms)
    np.testing.assert_array_equal(trace.a, trace.b)
    assert len(np.unique(trace.a)) == 50
    np.testing.assert_allclose(group.v, trace.x.sum(axis=1) * 0.1, rtol=1e-12)


def test_subexpressions_constant_over_dt_may_need_each_other():
    group = NeuronGroup(1, "b = c + 1 : 1 (constant over dt)\nc = d*2 : 1\nd = t/ms + 1 : 1 (constant over dt, shared)")
    Network(group).run(0.3 * ms)
    assert group.b[0] == pytest.approx(2 * 1.2 + 1)


# linked


def test_linked_variables_map_one_to_one_one_to_all_and_by_index():
    source = NeuronGroup(3, "x : volt")
    single = NeuronGroup(1, "y : 1")
    target = NeuronGroup(3, "x : volt (linked)\ny : 1 (linked)\nz : volt (linked)\nw : volt (linked)\nk : integer")
    target.x = linked_var(source, "x")
    target.y = linked_var(single.y)
    target.z = linked_var(source, "x", index=np.array([2, 2, 0]))
    target.k = [1, 0, 0]
    target.w = linked_var(source, "x", index="k")
    source.x, single.y = [1, 2, 3] * mV, 7
    np.testing.assert_allclose(target.x / mV, [1, 2, 3])
    np.testing.assert_array_equal(target.y, [7, 7, 7])
    np.testing.assert_allclose(target.z / mV, [3, 3, 1])
    np.testing.assert_allclose(target.w / mV, [2, 1, 1])


def test_linked_variables_follow_their_source_in_a_run():
    source = NeuronGroup(2, "dx/dt = (1 + i)*mV/ms : volt", name="link_source")
    target = NeuronGroup(4, "x : volt (linked)\ndv/dt = x/ms : volt\ns = 2*x : volt", method="euler")
    target.x = linked_var(source, "x", index=[0, 1, 1, 0])
    trace = StateMonitor(target, ["x", "s"], record=True)
    Network(source, target, trace).run(1 * ms)
    np.testing.assert_allclose(trace.x[:, -1] / mV, [0.9, 1.8, 1.8, 0.9])
    np.testing.assert_allclose(trace.s, 2 * trace.x)


@pytest.mark.parametrize("method", ["exact", "euler", "rk2"])
def test_neurons_linked_to_each_other_all_see_the_values_before_the_step(method):
    ring = NeuronGroup(40, "dv/dt = (before - v)/(3*ms) : 1\nbefore : 1 (linked)", method=method)
    ring.before = linked_var(ring, "v", index=np.roll(np.arange(40), 1))
    ring.v = "i"
    weight = {"exact": 1 - np.exp(-0.1 / 3), "euler": 0.1 / 3, "rk2": 0.1 / 3 - (0.1 / 3) ** 2 / 2}[method]
    expected = np.arange(40.0)
    for _ in range(20):
        expected += weight * (np.roll(expected, 1) - expected)
    Network(ring).run(2 * ms)
    np.testing.assert_allclose(ring.v, expected, rtol=1e-12)


def test_resets_and_regular_statements_see_the_values_before_them_in_linked_neurons():
    ring = NeuronGroup(
        40, "v : 1\nbefore : 1 (linked)\nw : 1\nbelow : 1 (linked)", threshold="v > 9", reset="v = before"
    )
    ring.before = linked_var(ring, "v", index=np.roll(np.arange(40), 1))
    ring.below = linked_var(ring, "w", index=np.roll(np.arange(40), 1))
    ring.v, ring.w = "i", "i"
    ring.run_regularly("w = below + 1")
    Network(ring).run(0.1 * ms)
    np.testing.assert_array_equal(ring.v, [*range(10), *range(9, 39)])
    np.testing.assert_array_equal(ring.w, [40, *range(1, 40)])


def test_links_of_links_subexpressions_shared_variables_and_parts():
    first = NeuronGroup(4, "a : 1\nb = a*2 : 1\nc : 1 (shared)")
    second = NeuronGroup(2, "b : 1 (linked)\nc : 1 (linked, shared)")
    third = NeuronGroup(2, "b : 1 (linked)\nc : 1 (linked)\nout : 1")
    second.b, second.c = linked_var(first[2:], "b"), linked_var(first, "c")
    third.b, third.c = linked_var(second, "b", index=[1, 0]), linked_var(second, "c")
    first.a, first.c = [1, 2, 3, 4], 9
    third.run_regularly("out = b + c")
    Network(first, second, third).run(0.1 * ms)
    np.testing.assert_array_equal(third.out, [17, 15])
    np.testing.assert_array_equal(third.b, [8, 6])


def test_synapses_see_linked_variables_of_their_ends():
    source = NeuronGroup(2, "x : 1")
    source.x = [3, 5]
    group = NeuronGroup(2, "x : 1 (linked)\nv : 1", threshold="t < 0.05*ms")
    group.x = linked_var(source, "x", index=[1, 0])
    synapses = Synapses(group, group, on_pre="v_post += x_pre + 10*x_post")
    synapses.connect(i=0, j=1)
    Network(source, group, synapses).run(0.2 * ms)
    np.testing.assert_array_equal(group.v, [0, 35])


@pytest.mark.parametrize("way", ["on_pre", "run_regularly"])
def test_synapses_see_what_those_before_them_added_to_linked_neurons_of_the_same_group(way):
    group = NeuronGroup(4, "v : 1\nleft : 1 (linked)", threshold="i == 0 and t < 0.05*ms", name="linked_chain")
    group.left = linked_var(group, "v", index=[3, 0, 1, 2])
    group.v = [1, 0, 0, 0]
    code = "v_post = v_post + 1 + 2*left_post"
    synapses = Synapses(group, group, on_pre=code if way == "on_pre" else None)
    synapses.connect(i=0, j=[1, 2, 3])
    if way == "run_regularly":
        synapses.run_regularly(code)
    Network(group, synapses).run(0.1 * ms)
    np.testing.assert_array_equal(group.v, [1, 3, 7, 15])


def test_what_cannot_be_linked_is_said():
    source, target = NeuronGroup(3, "x : volt\ny : amp"), NeuronGroup(4, "x : volt (linked)")
    with pytest.raises(ArgumentError, match="which belong together"):
        target.x = linked_var(source, "x")
    with pytest.raises(DimensionMismatchError):
        target.x = linked_var(source, "y", index=[0, 0, 0, 0])
    with pytest.raises(ArgumentError, match="outside"):
        target.x = linked_var(source, "x", index=[0, 1, 2, 3])
    with pytest.raises(ArgumentTypeError, match="linked_var"):
        target.x = 3 * mV
    with pytest.raises(ArgumentError, match="not linked to anything"):
        Network(NeuronGroup(1, "x : 1 (linked)\ndv/dt = x/ms : 1")).run(0 * ms)


# summed


def test_summed_variables_add_up_over_synapses_in_each_step():
    source = NeuronGroup(3, "x : 1")
    target = NeuronGroup(2, "total : 1\ndv/dt = total/ms : 1")
    synapses = Synapses(source, target, "w : 1\ntotal_post = w*x_pre : 1 (summed)")
    synapses.connect()
    source.x, synapses.w = [1, 2, 3], "1 + j"
    Network(source, target, synapses).run(1 * ms)
    np.testing.assert_array_equal(target.total, [6, 12])
    np.testing.assert_allclose(target.v, [6, 12])


def test_summed_variables_of_parts_leave_the_other_neurons_alone():
    group = NeuronGroup(4, "total : 1\nx : 1")
    group.x, group.total = [1, 2, 3, 4], -1
    first = Synapses(group, group[:1], "total_post = x_pre : 1 (summed)")
    second = Synapses(group[:2], group[2:], "total_post = 10*x_pre : 1 (summed)")
    back = Synapses(group[3:], group[1:2], "total_pre = 100*x_post : 1 (summed)")
    for synapses in (first, second, back):
        synapses.connect()
    Network(group, first, second).run(0.1 * ms)
    np.testing.assert_array_equal(group.total, [10, -1, 30, 30])


def test_a_variable_is_the_sum_over_one_synapses_object_only():
    group = NeuronGroup(4, "total : 1\nx : 1", name="summing")
    first = Synapses(group, group[:3], "total_post = x_pre : 1 (summed)", name="first_sum")
    second = Synapses(group[2:], group, "total_pre = x_post : 1 (summed)", name="second_sum")
    third = Synapses(group, group[3:], "total_post = x_pre : 1 (summed)", name="third_sum")
    for synapses in (first, second, third):
        synapses.connect()
    with pytest.raises(UserError, match="'total' of 'summing' is a sum over 'first_sum' and over 'second_sum'"):
        Network(group, first, second).run(0.1 * ms)
    Network(group, first, third).run(0.1 * ms)


def test_gap_junctions_pull_voltages_together_and_keep_their_mean():
    group = NeuronGroup(10, "dv/dt = gap/ms : 1\ngap : 1", method="euler")
    group.v = "i"
    junctions = Synapses(group, group, "w : 1\ngap_post = w*(v_pre - v_post) : 1 (summed)")
    junctions.connect("i != j")
    junctions.w = 0.1
    Network(group, junctions).run(5 * ms)
    np.testing.assert_allclose(group.v[:], 4.5, atol=0.05)
    assert np.mean(group.v) == pytest.approx(4.5, abs=1e-12)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("total = x_pre : 1 (summed)", "is not a variable of the source or the target"),
        ("totl_post = x_pre : 1 (summed)", "did you mean 'total_post'"),
        ("v_post = x_pre : 1 (summed)", "cannot be a sum"),
        ("volts_post = x_pre*volt : volt (summed)", "another unit"),
        ("total_post = x_pre : 1 (summed, shared)", "exclude each other"),
    ],
)
def test_sums_that_make_no_sense_are_refused(line, message):
    source, target = NeuronGroup(1, "x : 1"), NeuronGroup(1, "total : 1\nvolts : amp\ndv/dt = -v/ms : 1")
    with pytest.raises(UserError, match=message):
        Synapses(source, target, line)


# types


def test_values_are_kept_in_the_type_that_is_asked_for():
    group = NeuronGroup(2, "dv/dt = -v/ms : 1\nu : 1\nn : integer", dtype={"v": np.float32, "n": np.int64})
    group.v, group.u, group.n = 0.1, 0.1, 2**40
    assert (group.v[:].dtype, group.u[:].dtype, group.n[:].dtype) == (np.float32, np.float64, np.int64)
    Network(group).run(1 * ms)
    np.testing.assert_allclose(group.v, 0.1 * np.exp(-1), rtol=1e-5)
    assert NeuronGroup(1, "v : 1\nn : integer", dtype=np.float32).v[:].dtype == np.float32
    with pytest.raises(ArgumentTypeError, match="is real"):
        NeuronGroup(1, "v : 1", dtype={"v": np.int32})
    with pytest.raises(UserError, match="not a variable"):
        NeuronGroup(1, "v : 1", dtype={"w": np.float32})


def test_single_precision_spikes_at_nearly_the_same_times():
    counts = []
    for kind in (np.float32, np.float64):
        group = NeuronGroup(20, "dv/dt = (1.5 + 0.1*i - v)/(10*ms) : 1", threshold="v > 1", reset="v = 0", dtype=kind)
        spikes = SpikeMonitor(group)
        Network(group, spikes).run(100 * ms)
        counts.append(spikes.count)
    assert np.abs(counts[0] - counts[1]).max() <= 1 and counts[0].sum() > 100


def test_switched_off_parts_do_nothing():
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v > 0.45", reset="v = 0", name="switched")
    other = Synapses(group, group, on_pre="v_post += 100")
    other.connect()
    kick = group.run_regularly("v += 50")
    kick.active = other.pre.active = False
    group.resetter["spike"].active = False
    net = Network(group, other)
    net.run(1 * ms)
    assert group.v[0] == pytest.approx(1)
    group.thresholder["spike"].active = group.state_updater.active = False
    net.run(1 * ms)
    assert group.v[0] == pytest.approx(1)
    group.active = False
    kick.active = True
    net.run(1 * ms)
    assert group.v[0] == pytest.approx(1)


def test_units_of_a_summed_current():
    group = NeuronGroup(2, "I : amp\ndv/dt = I*volt/(1*nA*ms) : volt")
    synapses = Synapses(group, group, "I_post = 1*nA : amp (summed)")
    synapses.connect(j="i")
    Network(group, synapses).run(1 * ms)
    np.testing.assert_allclose(group.v / volt, [1, 1])
    assert (group.I[:] == [1, 1] * nA).all()
    with pytest.raises(EquationError):
        NeuronGroup(1, "x : 1 (constant over dt)")


def test_a_shared_variable_takes_one_value_however_it_is_given():
    group = NeuronGroup(3, "s : 1 (shared)\nn : integer (shared)")
    for value, found in ((2.5, 2.5), ("2 + 3", 5), (np.array(3.0), 3), ([4], 4)):
        group.s = value
        assert group.s[:] == found
    group.s += 1
    group.n = "2.5*s"
    assert (repr(group.s), group.n[:]) == (f"<{group.name}.s: 5.0>", 12)
    group.s = "rand()"
    assert 0 < group.s[:] < 1
    with pytest.raises(ArgumentError, match="3 values do not fit 1 elements"):
        group.s = [1, 2, 3]


# whole numbers from outside


def test_whole_numbers_from_outside_reach_integer_variables():
    """Although they are arguments of the program, where all numbers are real."""
    group = NeuronGroup(
        2, "n : integer\nheard : integer\nk = 3*i*step : integer\nonce = step + i : integer (constant over dt)",
        threshold="True", reset="n += step", namespace={"step": 2},
    )  # fmt: skip
    synapses = Synapses(group, group, "heard_post = step*(1 + i) : integer (summed)", namespace={"step": 2})
    synapses.connect()
    trace = StateMonitor(group, ["k", "once"], record=True)
    Network(group, synapses, trace).run(0.2 * ms)
    assert group.n[:].tolist() == [4, 4] and group.heard[:].tolist() == [6, 6]
    assert trace.k[:, 0].tolist() == [0, 6] and trace.once[:, 1].tolist() == [2, 3]


# names from outside that are not there any more


def out_of_sight():
    """A group whose equations use names of a function that was left."""
    gain, twice = 2, Function(lambda x: 2 * x, arg_units=[1], return_unit=1)
    group = NeuronGroup(2, "x = gain*i : 1\ny = twice(x) : 1\nz : 1")
    assert list(group.y) == [0, 4], (gain, twice)
    return group, NeuronGroup(2, "x : 1 (linked)")


@pytest.mark.parametrize(
    ("text", "said"), [("x", "the name 'gain'"), ("y", "the function 'twice'"), ("2*y + z", "'gain'")]
)
def test_a_subexpression_whose_names_are_out_of_sight_says_so(text, said):
    group, other = out_of_sight()
    other.x = linked_var(group, "x")
    synapses = Synapses(group, other, "w : 1")
    synapses.connect()
    with pytest.raises(EquationError, match=f"(?s){said}.*is not known"):
        group.z = text
    with pytest.raises(EquationError, match="'gain' is not known"):
        other.x[:]
    with pytest.raises(EquationError, match="'gain' is not known"):
        synapses.w = "x_pre"
    group.namespace.update(gain=3, twice=Function(lambda x: 2 * x, arg_units=[1], return_unit=1))
    group.z, synapses.w = "y", "x_post + x_pre"
    assert list(group.z) == [0, 6] and list(other.x) == [0, 3] and list(synapses.w) == [0, 3, 3, 6]
