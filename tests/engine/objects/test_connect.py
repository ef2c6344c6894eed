"""connect(): which pairs of neurons are joined, how synapses are numbered, and how their values are reached."""

import numpy as np
import pytest

from jupyspike import ArgumentError, EquationError, NeuronGroup, Synapses, UserError, ms, mV, run, seed
from jupyspike_engine.diagnostics import ArgumentTypeError, DimensionMismatchError, IndexRangeError


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
    k = 3  # noqa: F841  # used by a condition
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
        ({"j": "i/2"}, UserError, "'j' must be an integer"),
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
    with pytest.raises(IndexRangeError, match="are reached by \\[source, target\\]"):
        synapses.w[0, 1, 0]


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


def test_variables_of_the_ends_are_seen_from_the_synapse():
    synapses = between(3, 2)
    pre, post = synapses.ends
    pre.u, post.v = [1, 2, 3] * mV, [10, 20] * mV
    synapses.connect()
    assert synapses.u_pre[:].tolist() == (pre.u[:][[0, 0, 1, 1, 2, 2]]).tolist()
    assert synapses.v_post[2, :].tolist() == post.v[:].tolist()
    synapses.w = "u_pre/mV + v/mV"
    np.testing.assert_allclose(synapses.w[:], [11, 21, 12, 22, 13, 23])


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
