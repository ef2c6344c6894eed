"""connect(): which pairs of neurons are joined, how synapses are numbered, and how their values are reached."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike import ArgumentError, EquationError, NeuronGroup, StateMonitor, Synapses, UserError, ms, mV, run, seed
from jupyspike_engine.diagnostics import ArgumentTypeError, DimensionMismatchError, IndexRangeError, ReadOnlyError
from jupyspike_engine.native import choosing, random
from jupyspike_engine.objects.evaluation import BLOCK
from jupyspike_engine.objects.synaptic import connecting


def between(sources, targets, model="w : 1", **arguments):
    pre = NeuronGroup(sources, "x : 1\nu : volt", threshold="x > 0", name="pre_group")
    post = NeuronGroup(targets, "x : 1\nv : volt", name="post_group")
    synapses = Synapses(pre, post, model, **arguments)
    synapses.add_attribute("ends")
    synapses.ends = (pre, post)
    return synapses


def pairs(synapses):
    return list(zip(synapses.i.tolist(), synapses.j.tolist(), strict=True))


# what is connected


def test_all_to_all_is_numbered_by_source_and_then_by_target():
    synapses = between(3, 2)
    synapses.connect()
    assert pairs(synapses) == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    assert len(synapses) == synapses.N == 6


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("i != j", lambda i, j: i != j),
        ("abs(i - j) <= 1", lambda i, j: abs(i - j) <= 1),
        ("i % 2 == 0 and j > 1", lambda i, j: i % 2 == 0 and j > 1),
        ("x_pre + x_post > 5", lambda i, j: i + 2 * j > 5),
        ("x > 2", lambda i, j: 2 * j > 2),  # without an ending it is the target's
        ("u_pre < 25*mV", lambda i, j: i < 2.5),
        ("i < N_pre//2 and j >= N_post - 2", lambda i, j: i < 2 and j >= 2),
        ("i == j or j == k", lambda i, j: i in (j,) or j == 3),
        ("True", lambda i, j: True),
    ],
)
def test_a_condition_chooses_pairs(condition, holds):
    synapses = between(5, 4)
    pre, post = synapses.ends
    pre.x, post.x, pre.u = "i", "2*i", "i*10*mV"
    k = 3  # used by a condition
    synapses.connect(condition)
    assert pairs(synapses) == [(i, j) for i in range(5) for j in range(4) if holds(i, j)]


@pytest.mark.parametrize("p", [0.02, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("condition", [None, "i != j"])
def test_each_pair_is_connected_with_its_probability(p, condition):
    """Numbers of synapses in all, for each source and for each target, within five standard errors."""
    seed(21)
    size = 300
    synapses = between(size, size)
    synapses.connect(condition, p=p)
    candidates = size * size - (size if condition else 0)
    assert abs(len(synapses) - candidates * p) < 5 * np.sqrt(candidates * p * (1 - p))
    assert len(set(pairs(synapses))) == len(synapses)
    assert not condition or not (synapses.i == synapses.j).any()
    assert pairs(synapses) == sorted(pairs(synapses))
    for side in (synapses.i, synapses.j):
        counts = np.bincount(side, minlength=size)
        deviation = np.sqrt(candidates / size * p * (1 - p))
        assert np.abs(counts - candidates / size * p).max() < 5 * deviation
        assert abs(counts.std() / deviation - 1) < 5 / np.sqrt(2 * size)


def test_pairs_are_independent():
    """Neighbouring pairs are both connected with probability p**2, in either direction."""
    seed(22)
    size, p = 400, 0.2
    synapses = between(size, size)
    synapses.connect(p=p)
    matrix = np.zeros((size, size))
    matrix[synapses.i, synapses.j] = 1
    apart = np.triu(np.ones((size, size), bool), 1)
    for both in (matrix[1:] * matrix[:-1], matrix[:, 1:] * matrix[:, :-1], (matrix * matrix.T)[apart]):
        assert abs(both.mean() - p**2) < 5 * p / np.sqrt(both.size)


def test_the_same_seed_connects_the_same_pairs():
    def made(number, p=0.3):
        seed(number)
        synapses = between(50, 60)
        synapses.connect(p=p)
        return pairs(synapses)

    assert made(1) == made(1)
    assert made(1) != made(2)
    assert made(1, 0.1) == made(1, 0.1)


def test_a_second_call_draws_anew():
    seed(1)
    synapses = between(50, 50)
    synapses.connect(p=0.3)
    first = len(synapses)
    synapses.connect(p=0.3)
    assert pairs(synapses)[:first] != pairs(synapses)[first:]


def test_the_extreme_probabilities():
    synapses = between(3, 3)
    synapses.connect(p=0)
    assert len(synapses) == 0
    synapses.connect(p=1)
    assert len(synapses) == 9
    synapses = between(3, 3)
    synapses.connect("i == 1", p=0.0)
    assert len(synapses) == 0


def test_a_probability_may_be_an_expression():
    seed(23)
    synapses = between(200, 200)
    synapses.connect(p="0.5*int(i < 100) + 0.1*int(j >= 100)")
    for rows, columns, p in ((0, 0, 0.5), (0, 1, 0.6), (1, 0, 0.0), (1, 1, 0.1)):
        count = np.count_nonzero((synapses.i // 100 == rows) & (synapses.j // 100 == columns))
        assert abs(count - 10**4 * p) <= 5 * 100 * np.sqrt(p * (1 - p))


def test_indices_are_paired_or_broadcast():
    synapses = between(4, 5)
    synapses.connect(i=[3, 0, 3], j=[1, 4, 0])
    synapses.connect(i=1, j=np.array([0, 2]))
    synapses.connect(i=2, j=2)
    assert pairs(synapses) == [(3, 1), (0, 4), (3, 0), (1, 0), (1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"j": "i"}, [(0, 0), (1, 1), (2, 2)]),
        ({"j": "(i + 1) % N_post"}, [(0, 1), (1, 2), (2, 0)]),
        ({"i": "j//2"}, [(0, 0), (0, 1), (1, 2)]),
        ({"j": "i + 1", "skip_if_invalid": True}, [(0, 1), (1, 2)]),
        ({"j": "int(x_pre)"}, [(0, 2), (1, 1), (2, 0)]),
    ],
)
def test_one_side_may_be_an_expression_of_the_other(arguments, expected):
    synapses = between(3, 3)
    synapses.ends[0].x = [2, 1, 0]
    synapses.connect(**arguments)
    assert pairs(synapses) == expected


def test_several_synapses_for_each_pair():
    synapses = between(2, 2)
    synapses.connect("i == j", n=3)
    assert pairs(synapses) == [(0, 0)] * 3 + [(1, 1)] * 3
    synapses.connect(n=0)
    assert len(synapses) == 6


def test_connections_can_be_given_when_synapses_are_made():
    assert pairs(between(2, 2, connect="i != j")) == [(0, 1), (1, 0)]
    assert pairs(between(2, 2, connect={"i": [1], "j": [0]})) == [(1, 0)]


def test_the_number_of_synapses_may_be_an_expression():
    synapses = between(3, 3)
    synapses.connect("i != j", n="i + j")
    assert pairs(synapses) == [(i, j) for i in range(3) for j in range(3) if i != j for _ in range(i + j)]


def test_truth_values_stand_for_all_pairs_and_none():
    synapses = between(2, 2)
    synapses.connect(False)
    assert len(synapses) == 0
    synapses.connect(True)
    assert len(synapses) == 4


def test_names_may_come_from_a_namespace():
    synapses = between(5, 5)
    width = 3  # the namespace goes first
    synapses.connect("abs(i - j) < width", namespace={"width": 1})
    assert pairs(synapses) == [(i, i) for i in range(5)]


# loops

INTEGERS = st.integers(-3, 7)


@given(INTEGERS, INTEGERS, INTEGERS.filter(bool), st.integers(-2, 2), st.integers(0, 3), st.booleans())
def test_a_loop_joins_what_a_loop_of_python_joins(first, end, step, shift, copies, forward):
    """Range, expression and condition use the neuron of the row; the order is that of the loops."""
    sources, targets = 4, 6
    rows, others = (sources, targets) if forward else (targets, sources)
    here, there = "ij" if forward else "ji"
    synapses = between(sources, targets)
    numbers = f"range(first + {here}, end + {here}//2, step)"
    text = f"k + shift for k in {numbers} if k != {here} and {there} % 3 != 1"
    synapses.connect(**{there: text}, n="copies", skip_if_invalid=True)
    expected = []
    for row in range(rows):
        for k in range(first + row, end + row // 2, step):
            other = k + shift
            if k != row and other % 3 != 1 and 0 <= other < others:
                expected += [(row, other) if forward else (other, row)] * copies
    assert pairs(synapses) == expected


@given(st.integers(1, 4), st.integers(1, 40), st.sampled_from([1, 7, 1 << 16]))
def test_the_size_of_blocks_makes_no_difference(sources, targets, size):
    def made(**arguments):
        seed(5)
        synapses = between(sources, targets)
        synapses.ends[1].x = "i"
        synapses.connect(**arguments)
        return pairs(synapses)

    forms = [
        {"condition": "x_post > 2*i", "p": 0.5}, {"condition": "i != j", "p": 0.1}, {"p": 0.3, "n": "1 + j % 2"},
        {"j": "k for k in sample(i, N_post, p=0.2 + 0.1*i) if rand() < 0.5", "skip_if_invalid": True},
        {"i": "k for k in sample(N_pre, size=j % 2)"}, {"j": "i", "p": "0.5", "skip_if_invalid": True},
    ]  # fmt: skip
    expected = [made(**form) for form in forms]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connecting, "BLOCK", size)
        assert [made(**form) for form in forms] == expected
        patch.setattr(choosing, "bridge", None)
        patch.setattr(random, "bridge", None)
        assert [made(**form) for form in forms] == expected


def test_a_loop_sees_variables_of_both_sides_functions_and_names():
    synapses = between(4, 5)
    pre, post = synapses.ends
    pre.x, post.x = [3, 0, 1, 2], [1, 0, 1, 0, 1]
    least = 2
    synapses.connect(j="clip(k, 0, 4) for k in range(int(x_pre) + 1) if x_post > 0 or k >= least")
    holds = [(i, k) for i in range(4) for k in range([3, 0, 1, 2][i] + 1) if k in (0, 2, 4) or k >= least]
    assert pairs(synapses) == holds
    synapses = between(3, 3)
    synapses.connect(j="j for j in range(3) if j != i")
    assert pairs(synapses) == [(i, j) for i in range(3) for j in range(3) if i != j]
    synapses = between(3, 3)
    synapses.connect(j="i if i != 1")
    assert pairs(synapses) == [(0, 0), (2, 2)]


def test_what_a_condition_leaves_out_may_be_outside():
    synapses = between(4, 4)
    synapses.connect(j="k for k in range(i - 2, i + 3) if k >= 0 and k < N_post and k != i")
    assert pairs(synapses) == [(i, k) for i in range(4) for k in range(i - 2, i + 3) if 0 <= k < 4 and k != i]
    with pytest.raises(IndexRangeError, match="the connection from 0 to -2 is outside"):
        synapses.connect(j="k for k in range(i - 2, i + 3) if k != i and x_post == 0")
    before = len(synapses)
    synapses.connect(j="k for k in range(i - 2, i + 3) if k != i and x_post == 0", skip_if_invalid=True)
    assert pairs(synapses)[before:] == pairs(synapses)[:before]


def test_a_sample_takes_each_number_with_its_probability():
    seed(31)
    synapses = between(300, 400)
    synapses.ends[0].x = "0.1 + 0.8*int(i >= 150)"
    synapses.connect(j="k for k in sample(100, 400, 2, p=x_pre)")
    assert (synapses.j[:] % 2 == 0).all() and synapses.j[:].min() >= 100
    for p, part in ((0.1, synapses.i < 150), (0.9, synapses.i >= 150)):
        assert abs(part.sum() - 150 * 150 * p) < 5 * 150 * np.sqrt(p * (1 - p))
    counts = np.bincount(synapses.j, minlength=400)[100::2]
    assert np.abs(counts - 150).max() < 5 * np.sqrt(2 * 150 * 0.09)


def test_a_sample_has_its_size_and_no_number_twice():
    seed(32)
    synapses = between(500, 50)
    synapses.connect(j="k for k in sample(N_post, size=i % 51)")
    matrix = np.zeros((500, 50), int)
    np.add.at(matrix, (synapses.i[:], synapses.j[:]), 1)
    assert matrix.max() == 1
    assert matrix.sum(axis=1).tolist() == [i % 51 for i in range(500)]
    expected = matrix.sum() / 50
    assert np.abs(matrix.sum(axis=0) - expected).max() < 5 * np.sqrt(expected / 2)
    assert pairs(synapses) == sorted(pairs(synapses))


def test_a_sample_that_is_too_large_takes_all_if_that_is_allowed():
    synapses = between(3, 4)
    synapses.connect(j="k for k in sample(1, N_post, size=2*i - 1)", skip_if_invalid=True)
    assert synapses.N_outgoing_pre.tolist() == [0, 1, 3]


def test_a_probability_thins_loops_and_given_pairs():
    seed(33)
    synapses = between(400, 400)
    synapses.connect(j="k for k in range(N_post) if k != i", p=0.3)
    assert abs(len(synapses) - 400 * 399 * 0.3) < 5 * 400 * np.sqrt(0.21)
    assert not (synapses.i == synapses.j).any()
    synapses = between(400, 400)
    synapses.connect(i=np.zeros(10_000, int), j=np.arange(10_000) % 400, p="0.25 + 0.5*int(j < 200)", n=2)
    low, high = (synapses.j >= 200).sum() / 2, (synapses.j < 200).sum() / 2
    assert abs(low - 1250) < 5 * np.sqrt(5000 * 0.1875) and abs(high - 3750) < 5 * np.sqrt(5000 * 0.1875)


def test_random_functions_draw_for_each_candidate():
    seed(34)
    synapses = between(200, 200)
    synapses.connect("rand() < 0.3 and rand() < 0.5")
    assert abs(len(synapses) - 40_000 * 0.15) < 5 * 200 * np.sqrt(0.15 * 0.85)
    synapses = between(200, 200)
    synapses.connect(j="int(rand()*N_post) for k in range(100)")
    counts = np.bincount(synapses.j, minlength=200)
    assert abs(counts - 100).max() < 50 and len(set(pairs(synapses))) > 15_000


# what is refused


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"i": [0, 5], "j": [0, 0]}, IndexRangeError, "the connection from 5 to 0 is outside the groups"),
        ({"i": [0], "j": [-1]}, IndexRangeError, "the connection from 0 to -1 is outside the groups"),
        ({"j": "i + 1"}, IndexRangeError, "the connection from 2 to 3 is outside the groups"),
        ({"i": [0, 1], "j": [0, 1, 2]}, ArgumentError, "i and j must have the same length"),
        ({"i": [0.5], "j": [0]}, ArgumentTypeError, "i must hold whole numbers"),
        ({"i": [0]}, ArgumentError, "connect needs i and j"),
        ({"i": [0], "j": "i"}, ArgumentError, "with i or j as a text, the other one must not be given"),
        ({"condition": "i == j", "i": [0]}, ArgumentError, "give either a condition or indices, not both"),
        ({"condition": 3}, ArgumentTypeError, "the condition of connect must be a text"),
        ({"condition": "i"}, UserError, "the condition of connect is"),
        ({"condition": "v > 3"}, DimensionMismatchError, "the two sides of '>' have different units"),
        ({"condition": "i =="}, EquationError, ""),
        ({"condition": "k > 3"}, EquationError, "the name 'k' is not known"),
        ({"p": 1.5}, ArgumentError, "a probability lies between 0 and 1"),
        ({"p": -0.1}, ArgumentError, "a probability lies between 0 and 1"),
        ({"p": 3 * mV}, ArgumentTypeError, "p must be a number or a text"),
        ({"p": "v"}, DimensionMismatchError, "the probability has the wrong unit"),
        ({"n": 1.5}, ArgumentTypeError, "the number of synapses for a pair must be a whole number"),
        ({"n": -1}, ArgumentError, "the number of synapses for a pair must be at least 0"),
        ({"j": "i == 2"}, UserError, "'j' must be a number"),
        ({"j": "k for k in range(5)"}, IndexRangeError, "the connection from 0 to 3 is outside the groups"),
        ({"j": "k for k in rnage(5)"}, EquationError, "this is not a range of numbers"),
        ({"j": "x_post for k in range(3)"}, EquationError, "'x_post' belongs to the target, which this text is to"),
        ({"j": "k for k in range(j)"}, EquationError, "'j' belongs to the target, which this text is to find"),
        ({"i": "x_pre"}, EquationError, "'x_pre' belongs to the source, which this text is to find"),
        ({"j": "k + i for i in range(3)"}, EquationError, "'i' is the index of the side that is gone through"),
        ({"j": "l for k in range(3)"}, EquationError, "the name 'l' is not known"),
        ({"j": "k for k in range(v)"}, UserError, "'v' belongs to the target, which this text is to find"),
        ({"j": "k for k in range(0, 3, i)"}, ArgumentError, "a range cannot have steps of 0"),
        ({"j": "k for k in sample(3, p=i)"}, ArgumentError, "a probability lies between 0 and 1"),
        ({"j": "k for k in sample(2, size=3)"}, ArgumentError, "a sample of 3 cannot be taken from 2 numbers"),
        ({"j": "k for k in range(3) if k"}, UserError, "the condition is neither true nor false"),
        ({"condition": "w > 0"}, EquationError, "'w' belongs to the synapses, which are yet to be made"),
        ({"condition": "i < N"}, EquationError, "'N' belongs to the synapses, which are yet to be made"),
        ({"n": "i - 1"}, ArgumentError, "the number of synapses for a pair must be at least 0"),
        ({"n": "x_pre"}, UserError, "the number of synapses for a pair must be an integer"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_connected(arguments, error, said):
    synapses = between(3, 3)
    with pytest.raises(error) as caught:
        synapses.connect(**arguments)
    assert caught.value.diagnostics[0].message.startswith(said)
    assert len(synapses) == 0


# values


def test_a_second_call_keeps_the_values_of_the_first():
    synapses = between(3, 3, "w : 1\nn : integer")
    synapses.connect(i=[2, 0], j=[1, 1])
    synapses.w, synapses.n = [20, 10], [2, 1]
    synapses.connect(i=[1, 0], j=[1, 0])
    assert pairs(synapses) == [(2, 1), (0, 1), (1, 1), (0, 0)]
    assert synapses.w[:].tolist() == [20, 10, 0, 0]
    assert synapses.n[:].tolist() == [2, 1, 0, 0]
    synapses.w = [1, 2, 3, 4]
    synapses.connect(i=0, j=2)
    assert synapses.w[:].tolist() == [1, 2, 3, 4, 0]


def test_values_are_numbered_as_synapses_were_made(target):
    """Storage is by source; numbers, values, conditions, monitors and code keep the order of creation."""
    synapses = between(3, 3, on_pre="v_post += w*mV")
    pre, post = synapses.ends
    synapses.connect(i=[2, 0, 1, 2], j=[0, 1, 2, 2])
    synapses.w = [1, 2, 3, 4]
    assert synapses.w["i == 2"].tolist() == [1, 4]
    synapses.w["j == 2"] = "w*10 + i"
    assert synapses.w[:].tolist() == [1, 2, 31, 42]
    assert synapses.w[3] == 42
    assert synapses.i[:].tolist() == [2, 0, 1, 2]
    pre.x = 1
    run(0.1 * ms)
    np.testing.assert_allclose(post.v_[:] * 1e3, [1, 2, 73])


def test_values_are_reached_by_pairs_of_neurons():
    synapses = between(4, 4)
    synapses.connect("i != j")
    synapses.w = "10*i + j"
    assert synapses.w[1, 2].tolist() == [12]
    assert synapses.w[1, 1].tolist() == []
    assert synapses.w[1, :].tolist() == [10, 12, 13]
    assert synapses.w[:2, 3].tolist() == [3, 13]
    assert synapses.w[[0, 2], [1, 3]].tolist() == [1, 3, 21, 23]
    synapses.w[0, :] = -1
    synapses.w[3, 0] = 5
    assert synapses.w[0, :].tolist() == [-1] * 3
    assert synapses.w[3, 0].item() == 5
    synapses.w[2, :] = [7, 8, 9]
    assert synapses.w["i == 2"].tolist() == [7, 8, 9]
    with pytest.raises(IndexRangeError, match="the index 4 is outside 'pre_group'"):
        synapses.w[4, 0]
    with pytest.raises(IndexRangeError, match="does not number the synapses of a pair"):
        synapses.w[0, 1, 0]
    with pytest.raises(IndexRangeError, match="are reached by \\[source, target\\]"):
        synapses.w[0, 1, 0, 0]


def test_values_are_reached_by_parts_of_groups():
    synapses = between(5, 4)
    pre, post = synapses.ends
    synapses.connect()
    synapses.w = "10*i + j"
    assert synapses.w[pre[3:], post[1:3]].tolist() == [31, 32, 41, 42]
    assert synapses.w[pre, post[0:1]].tolist() == [0, 10, 20, 30, 40]
    with pytest.raises(IndexRangeError, match="'post_group\\[0:2\\]' is not a part of 'pre_group'"):
        synapses.w[post[:2], :]
    part = Synapses(pre[2:], post, "w : 1")
    part.connect()
    part.w = "10*i + j"
    assert part.w[pre[3:4], 0].tolist() == [10]
    with pytest.raises(IndexRangeError, match="is not a part of"):
        part.w[pre[1:4], 0]


ONE_SIDE = st.one_of(
    st.integers(-4, 3), st.slices(4), st.lists(st.integers(-4, 3), max_size=4),
    st.lists(st.booleans(), min_size=4, max_size=4).map(np.array),
)  # fmt: skip
PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12)


@given(
    st.lists(PAIRS, min_size=1, max_size=3), ONE_SIDE, ONE_SIDE, st.one_of(st.none(), st.integers(0, 2), st.slices(3))
)
def test_indices_choose_what_a_list_of_pairs_chooses(calls, here, there, copy):
    synapses = between(4, 4, multisynaptic_index="k")
    every = []
    for call in calls:
        synapses.connect(i=[i for i, _ in call], j=[j for _, j in call])
        every += call
    synapses.w = np.arange(len(every)) * 1.0
    numbers = [every[:position].count(pair) for position, pair in enumerate(every)]
    assert pairs(synapses) == every
    assert synapses.k[:].tolist() == numbers
    if copy is not None and not isinstance(copy, slice) and copy > max(numbers, default=-1):
        with pytest.raises(IndexRangeError, match="is outside a number of"):
            synapses.w[here, there, copy]
        return
    item = (here, there) if copy is None else (here, there, copy)
    sources, targets = ({*np.atleast_1d(np.arange(4)[side]).tolist()} for side in (here, there))
    copies = {*np.atleast_1d(np.arange(max(numbers, default=-1) + 1)[slice(None) if copy is None else copy]).tolist()}
    chosen = [
        position for position, ((i, j), k) in enumerate(zip(every, numbers, strict=True))
        if i in sources and j in targets and k in copies
    ]  # fmt: skip
    assert synapses.w[item].tolist() == chosen
    assert np.asarray(synapses[item]).tolist() == chosen
    synapses.w[item] = -1
    assert np.flatnonzero(synapses.w[:] == -1).tolist() == chosen


def test_texts_choose_synapses_in_the_order_of_creation():
    synapses = between(3, 3)
    synapses.connect(i=[2, 0, 1, 2, 0], j=[0, 1, 2, 2, 0])
    synapses.w = "10*i + j"
    assert synapses.w["w > 1"].tolist() == [20, 12, 22]
    assert synapses.i["w > 1"].tolist() == [2, 1, 2]
    assert synapses.j[3] == 2
    assert (synapses.i + synapses.j)[:].tolist() == [2, 1, 3, 4, 0]
    np.testing.assert_array_equal(np.asarray(synapses.j), [0, 1, 2, 2, 0])
    with pytest.raises(ReadOnlyError, match=r"'i' of 'synapses.*' cannot be set"):
        synapses.i = 0


def test_digits_behind_the_point_of_an_index_are_cut_off():
    synapses = between(5, 3)
    synapses.connect(j="i/2")
    assert synapses.j[:].tolist() == [0, 0, 1, 1, 2]


@pytest.mark.parametrize("name", ["w", "delay"])
def test_values_of_synapses_that_are_not_there_yet_are_not_lost_in_silence(name):
    group = NeuronGroup(2, "v : 1", threshold="v > 1", reset="v = 0")
    synapses = Synapses(group, group, "w : second\ns : 1 (shared)", on_pre="v += 1")
    with pytest.raises(TypeError, match=f"'{name}' of 'synapses.*' cannot be set: there are no synapses yet"):
        setattr(synapses, name, 1 * ms)
    synapses.s = 2
    synapses.connect(False)
    setattr(synapses, name, "1*ms")
    assert len(synapses) == 0 and synapses.s[:] == 2


def test_part_of_the_synapses():
    synapses = between(3, 3)
    synapses.connect(i=[2, 0, 1, 2, 0], j=[0, 1, 2, 2, 0])
    synapses.w = "10*i + j"
    part = synapses[2, :]
    assert len(part) == 2 and part.indices.tolist() == [0, 3]
    assert part.w[:].tolist() == [20, 22] and part.j[:].tolist() == [0, 2]
    assert part.w["j > 0"].tolist() == [22]
    assert synapses["i < 2"].w[1] == 12
    assert synapses[1].w[:] == 1
    part.w = 5
    part.w[1] = 6
    assert synapses.w[:].tolist() == [5, 1, 12, 6, 0]
    with pytest.raises(UserError, match="have no 'u'"):
        part.u = 1
    with pytest.raises(IndexRangeError, match="the index 2 is outside a part of"):
        part.w[2]
    with pytest.raises(IndexRangeError, match="the index 7 is outside 'synapses"):
        synapses[7]


def test_monitors_record_part_of_the_synapses(target):
    synapses = between(3, 3)
    synapses.connect(i=[2, 0, 1, 2, 0], j=[0, 1, 2, 2, 0])
    synapses.w = "10*i + j"
    some, everything = StateMonitor(synapses, "w", record=synapses[2, :]), StateMonitor(synapses, "w", record=True)
    run(0.2 * ms)
    assert some.w.tolist() == [[20, 20], [22, 22]]
    assert some[synapses[2, 2]].w.tolist() == [[22, 22]]
    assert everything[synapses[1]].w.tolist() == [1, 1]
    assert everything[synapses["i == 0"]].w.tolist() == [[1, 1], [0, 0]]


def test_the_index_recorded_from_a_part_of_a_group_counts_from_its_first_neuron(target):
    group = NeuronGroup(5, "v : 1")
    monitor = StateMonitor(group[2:], "i", record=True)
    run(0.1 * ms)
    assert monitor.i.tolist() == [[0], [1], [2]]


def test_synapses_are_counted_for_each_neuron_and_for_each_synapse():
    group = NeuronGroup(6, "x : 1", threshold="x > 0")
    synapses = Synapses(group[1:4], group[3:], "w : 1")
    synapses.connect(i=[2, 0, 0, 2], j=[0, 0, 2, 0])
    assert synapses.N_outgoing_pre.tolist() == [2, 0, 2]
    assert synapses.N_incoming_post.tolist() == [3, 0, 1]
    assert synapses.N_incoming[:].tolist() == [3, 3, 1, 3]
    assert synapses.N_outgoing[2, :].tolist() == [2, 2]
    synapses.w = "1.0/N_incoming + 10*N_outgoing_pre"
    np.testing.assert_allclose(synapses.w[:], [20 + 1 / 3, 20 + 1 / 3, 21, 20 + 1 / 3])
    synapses.connect(i=1, j=1)
    assert synapses.N_outgoing_pre.tolist() == [2, 1, 2]
    assert synapses.w["N_outgoing == 1"].tolist() == [0]


def test_values_are_set_by_numbers_arrays_quantities_and_texts():
    synapses = between(3, 2, "w : volt\nn : integer\non : boolean")
    synapses.connect()
    synapses.w = 3 * mV
    assert synapses.w[0] == 3 * mV
    synapses.w = np.arange(6).reshape(3, 2).ravel() * mV  # a matrix by rows
    assert synapses.w[2, 1] == 5 * mV
    synapses.w = "(i + 10*j)*mV"
    np.testing.assert_allclose(synapses.w_[:], np.array([0, 10, 1, 11, 2, 12]) * 1e-3)
    synapses.w[:3] = 0 * mV
    synapses.n = "i + j"
    synapses.on = "w > 5*mV"
    assert synapses.n[:].tolist() == [0, 1, 1, 2, 2, 3]
    assert synapses.on[:].tolist() == [False, False, False, True, False, True]
    with pytest.raises(DimensionMismatchError):
        synapses.w = 3
    with pytest.raises(DimensionMismatchError):
        synapses.w = "i"
    with pytest.raises(ArgumentError, match="4 values do not fit 6 elements"):
        synapses.w = np.zeros(4) * mV


def test_a_random_value_for_each_synapse_depends_on_its_ends_alone():
    """Adding synapses before does not change what the others draw."""

    def drawn(condition):
        seed(8)
        synapses = between(10, 10)
        synapses.connect(condition)
        synapses.w = "rand()"
        return dict(zip(pairs(synapses), synapses.w[:].tolist(), strict=True))

    everything, some = drawn("True"), drawn("i > j")
    assert len(set(everything.values())) == 100
    assert some == {pair: everything[pair] for pair in some}


def test_several_synapses_of_a_pair_draw_each_for_itself():
    synapses = between(5, 5)
    synapses.connect(n=3)
    synapses.connect("i > j")
    for text in ("rand()", "randn()"):
        synapses.w = text
        assert len(set(synapses.w[:].tolist())) == len(synapses) == 85


def test_variables_of_the_ends_are_seen_from_the_synapse():
    synapses = between(3, 2)
    pre, post = synapses.ends
    pre.u, post.v = [1, 2, 3] * mV, [10, 20] * mV
    synapses.connect()
    assert synapses.u_pre[:].tolist() == (pre.u[:][[0, 0, 1, 1, 2, 2]]).tolist()
    assert synapses.v_post[2, :].tolist() == post.v[:].tolist()
    synapses.w = "u_pre/mV + v/mV"
    np.testing.assert_allclose(synapses.w[:], [11, 21, 12, 22, 13, 23])


def test_values_of_many_synapses_are_those_of_each():
    sources, targets = NeuronGroup(300, "x : 1"), NeuronGroup(300, "y : 1")
    sources.x, targets.y = "1000*i", "i"
    synapses = Synapses(sources, targets, "w : 1")
    synapses.connect("i != 7")
    synapses.w = "x_pre + y_post"
    wanted = 1000 * np.asarray(synapses.i) + np.asarray(synapses.j)
    assert len(synapses) > BLOCK
    assert (synapses.w == wanted).all()
    chosen = np.arange(0, len(synapses), 3)[::-1]
    synapses.w[chosen] = "-x_pre - y_post"
    wanted[chosen] *= -1
    assert (synapses.w == wanted).all()


def test_parts_of_groups_are_connected_in_their_own_numbers():
    group = NeuronGroup(10, "x : 1", threshold="x > 0")
    group.x = "i"
    synapses = Synapses(group[2:5], group[5:], "w : 1")
    synapses.connect("x_pre == i + 2 and x_post == j + 5 and j < 2")
    assert pairs(synapses) == [(i, j) for i in range(3) for j in range(2)]
    synapses.w = "x_pre*100 + x_post"
    assert synapses.w[2, 1].item() == 406
    with pytest.raises(IndexRangeError, match="from 3 to 0"):
        synapses.connect(i=3, j=0)
