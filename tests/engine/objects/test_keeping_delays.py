"""How delays are kept: exactly, in as few bytes as that takes; and numbers of synapses that are stored by delay."""

import signal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike import ArgumentError, NeuronGroup, Synapses, ms
from jupyspike_engine.objects.interrupts import interrupts_wait
from jupyspike_engine.objects.running.memory import variables_of
from jupyspike_engine.objects.synaptic.delays import written
from jupyspike_engine.objects.synaptic.numbering import ByTarget, Listed, as_made, numbered
from jupyspike_engine.targets.rows import starts_from

RANDOM = np.random.default_rng(5)


def connected():
    group = NeuronGroup(100, "v : 1", threshold="v > 1")
    synapses = Synapses(group, group, on_pre="v_post += 1")
    synapses.connect()
    return synapses


@pytest.mark.parametrize(
    ("delay", "each", "different"),
    [
        (3 * ms, 0, 0), ("3*ms", 0, 0), ("rand()*5*ms", 0, 0), ("clip(2*ms + randn()*ms, 0*ms, 9*ms)", 0, 0),
        ("i*j*0.01*ms", 0, 0), (np.arange(10_000) % 100 * ms, 1, 100), (np.arange(10_000) % 1000 * ms, 2, 1000),
        (RANDOM.random(10_000) * ms, 2, 10_001), ("exp(-i/7)*ms", 1, 101),  # with 0, the delay before
    ],
)  # fmt: skip
def test_delays_take_as_few_bytes_as_what_they_are_allows(delay, each, different):
    synapses = connected()
    synapses.delay = delay
    assert variables_of(synapses) == each * len(synapses) + 8 * different


def test_more_different_delays_than_two_bytes_tell_apart_are_listed():
    values = RANDOM.random(70_000)
    kept = written(0.0, len(values), None, values)
    assert kept.nbytes == 8 * len(values)
    np.testing.assert_array_equal(kept.at(slice(None)), values)
    half = written(0.0, len(values), np.arange(35_000), values[:35_000])
    assert half.nbytes < 8 * 35_001 + 2 * len(values) + 1
    kept = written(half, len(values), np.arange(35_000, 70_000), values[35_000:])
    np.testing.assert_array_equal(kept.at(slice(None)), values)


PLACES, SOME = st.integers(0, 19), st.sampled_from([0.0, 1e-3, 0.3 * 1e-3, 7.0])


@given(st.lists(st.tuples(PLACES, PLACES, SOME), max_size=9))
def test_delays_that_are_written_bit_by_bit_are_those_of_an_array(writes):
    kept, meant = 2e-3, np.full(20, 2e-3)
    for first, last, delay in writes:
        places = np.arange(first, last + 1, dtype=np.int32)
        kept = written(kept, 20, places, np.full(len(places), delay))
        meant[places] = delay
        np.testing.assert_array_equal(kept.at(slice(None)), meant)
        np.testing.assert_array_equal(kept.at(places), meant[places])


@pytest.mark.parametrize("wrong", ["-1*ms*rand()", "ms/(i - i)"])
def test_delays_of_an_expression_are_checked_when_it_is_given(wrong):
    synapses = connected()
    with pytest.raises(ArgumentError, match="finite and not negative"):
        synapses.delay = wrong
    np.testing.assert_array_equal(synapses.delay_, 0)


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 50)), max_size=60), st.randoms())
def test_numbers_are_found_again_from_the_targets(pairs, random):
    pre, post = np.array(sorted(pairs), np.int32).reshape(-1, 2).T
    starts = starts_from(pre, 7)
    assert as_made(starts, post)
    stored = np.array(sorted(range(len(pre)), key=lambda k: (pre[k], random.random())), np.int32)
    numbering = ByTarget(starts, post[stored])
    places = np.argsort(stored)
    every = np.arange(len(pre), dtype=np.int32)
    np.testing.assert_array_equal(numbering.places(every), places)
    np.testing.assert_array_equal(numbering.numbers(every), stored)
    np.testing.assert_array_equal(numbering.ordered(stored), every)
    for number in every[:5]:
        assert numbering.places(number) == places[number] and numbering.numbers(places[number]) == number
    found = numbered(starts, post[stored], places.astype(np.int32))
    assert found is None if (stored == every).all() else isinstance(found, ByTarget)


def test_several_synapses_of_a_pair_have_their_places_listed():
    starts, post = np.array([0, 3]), np.array([5, 5, 7], np.int32)
    assert not as_made(starts, post)
    assert isinstance(numbered(starts, post[::-1], np.array([1, 2, 0])), Listed)
    assert not as_made(np.array([0, 2, 2, 3]), np.array([2, 1, 0], np.int32))
    assert as_made(np.array([0, 0, 2, 2, 3]), np.array([1, 2, 0], np.int32))


def test_an_interrupt_waits_until_what_belongs_together_is_done():
    done = []
    with pytest.raises(KeyboardInterrupt), interrupts_wait():
        signal.raise_signal(signal.SIGINT)
        done.append("the rest")
    assert done
