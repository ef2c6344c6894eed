"""The seed reaches numpy too; the state of the random numbers can be kept and brought back; trials differ."""

import json

import numpy as np
import pytest

from jupyspike import Network, NeuronGroup, ms, seed
from jupyspike_engine.objects import randomness
from jupyspike_engine.objects.randomness import current_seed, new_trial, random_state, restore_random_state


def test_numpy_is_seeded_too():
    np.random.seed(3)
    expected = np.random.rand(4)
    seed(3)
    np.testing.assert_array_equal(np.random.rand(4), expected)
    found = []
    for number in (-1, 2**64 - 1, 2**32, 2**32 + 3, 0):
        seed(number)
        found.append(tuple(np.random.rand(4)))
    assert found[0] == found[1]
    assert len({*found, tuple(expected)}) == 5


def test_a_seed_from_the_system_is_another_one_for_numpy_each_time():
    drawn = set()
    for _ in range(2):
        seed()
        drawn.add(tuple(np.random.rand(4)))
    assert len(drawn) == 2


def test_each_trial_has_a_seed_of_its_own():
    found = []
    for number in (5, 6, 5 + 0x9E3779B97F4A7C15):
        seed(number)
        assert current_seed() == number
        for _ in range(50):
            found.append(current_seed())
            new_trial()
    assert len(set(found)) == 150
    assert all(0 <= number < 2**64 for number in found)
    bits = np.unpackbits(np.array(found, np.uint64).view(np.uint8))
    assert abs(bits.mean() - 0.5) < 5 * 0.5 / np.sqrt(len(bits))
    seed(5)
    assert current_seed() == 5


def test_the_first_trials_of_a_seed_are_these():
    """Kept, so that results of an earlier version can be had again. The numbers are SplitMix64's from the state 0."""
    seed(0)
    found = []
    for _ in range(3):
        new_trial()
        found.append(current_seed())
    assert found == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def drawn_by(group):
    """What a group draws now: when its values are set, and in a step at the same time as always."""
    group.v = "rand()"
    network = Network(group)
    network.run(0.1 * ms)
    return [*group.v[:], *group.x[:], *np.random.rand(3)]


@pytest.fixture
def groups():
    seed(21)
    code = {"model": "v : 1\nx : 1", "threshold": "True", "reset": "x = rand()"}
    return [NeuronGroup(4, **code), NeuronGroup(4, **code, name="named_group")]


@pytest.mark.parametrize("which", [0, 1])
def test_what_was_drawn_comes_back_with_the_state(groups, which, target):
    group = groups[which]
    drawn_by(group)
    state = json.loads(json.dumps([random_state(), group.stream.state()]))
    expected = drawn_by(group)
    for change in (lambda: None, new_trial, lambda: seed(4), lambda: drawn_by(group), seed):
        change()
        assert not np.isin(drawn_by(group)[:4], expected).any()
        restore_random_state(state[0])
        group.stream.restore(state[1])
        assert drawn_by(group) == expected


def test_a_new_trial_draws_other_numbers_in_the_same_step(groups, target):
    first = Network(groups)
    first.run(0.1 * ms)
    before = [*groups[0].x[:], *groups[1].x[:]]
    new_trial()
    Network(groups).run(0.1 * ms)
    assert not np.isin([*groups[0].x[:], *groups[1].x[:]], before).any()


def test_an_object_made_anew_takes_the_place_of_one_before():
    """As after reading a stored network in another process, where nothing had called seed."""

    def group():
        return NeuronGroup(4, "v : 1\nx : 1", threshold="True", reset="x = rand()")

    seed(22)
    first = group()
    drawn_by(first)
    kept = random_state(), first.stream.state()
    expected = drawn_by(first)
    seed(23)
    group()
    second = group()
    restore_random_state(kept[0])
    second.stream.restore(kept[1])
    assert drawn_by(second) == expected


def test_the_state_is_plain_data():
    assert {type(value) for value in random_state().values()} <= {int, str}
    assert {type(value) for value in randomness.Stream("group", None).state().values()} <= {int, str}
