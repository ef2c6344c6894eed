"""Choosing at random among numbers: exact sets, the right distributions, the same numbers from both implementations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.native import choosing
from jupyspike_engine.native.choosing import Counters, bernoulli, sampled, sorted_places

COUNTERS = Counters(seed=77, stream=5, step=3 << 32)
NUMBER = 0x9000


@pytest.fixture(params=["bridge", "numpy"])
def implementation(request, monkeypatch):
    if request.param == "numpy":
        monkeypatch.setattr(choosing, "bridge", None)
    else:
        assert choosing.bridge is not None, "the compiled bridge is part of a complete installation"
    return request.param


def rows_of(chosen, counts):
    return np.split(chosen, np.cumsum(counts)[:-1])


def test_each_number_is_chosen_with_its_probability(implementation):
    rows, length = 400, 500
    for p in (0.01, 0.3, 0.95):
        chosen, counts = bernoulli(COUNTERS, NUMBER, 0, np.full(rows, length), np.full(rows, p))
        found = np.zeros((rows, length), bool)
        found[np.repeat(np.arange(rows), counts), chosen] = True
        assert found.sum() == len(chosen) == counts.sum()
        deviation = np.sqrt(p * (1 - p))
        assert abs(found.mean() - p) < 5 * deviation / np.sqrt(found.size)
        assert np.abs(found.mean(axis=0) - p).max() < 5 * deviation / np.sqrt(rows)
        assert np.abs(found.mean(axis=1) - p).max() < 5 * deviation / np.sqrt(length)
        assert abs((found[:, 1:] & found[:, :-1]).mean() - p**2) < 5 * p / np.sqrt(found.size)


def test_all_sets_of_a_size_are_alike_likely(implementation):
    rows = 12_000
    chosen = sampled(COUNTERS, NUMBER, 0, np.full(rows, 5), np.full(rows, 3)).reshape(rows, 3)
    assert (np.diff(chosen, axis=1) > 0).all()
    assert chosen.min() == 0 and chosen.max() == 4
    counts = np.unique((1 << chosen).sum(axis=1), return_counts=True)[1]
    assert len(counts) == 10
    expected = rows / 10
    assert ((counts - expected) ** 2 / expected).sum() < 33.7  # chi-squared, 9 degrees of freedom, p = 1e-4


SHAPES = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from([0.0, 1e-300, 1e-6, 0.05, 0.5, 0.99, 1.0])), max_size=8
)


@given(SHAPES, st.integers(0, 1000), st.integers(0, 2**64 - 1))
def test_both_implementations_choose_the_same(shapes, first, seed):
    counters = Counters(seed, 9, 1 << 32)
    lengths = np.array([length for length, _ in shapes], np.int64)
    p = np.array([p for _, p in shapes], np.float64)
    sizes = (lengths * p).astype(np.int64)
    keys = (lengths % 5).astype(np.int32)

    def chosen():
        return (
            *bernoulli(counters, 3, first, lengths, p),
            sampled(counters, 4, first, lengths, sizes),
            sorted_places(keys, 5),
        )

    native = chosen()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choosing, "bridge", None)
        for ours, theirs in zip(native, chosen(), strict=True):
            np.testing.assert_array_equal(ours, theirs)
    values, counts, samples, places = native
    for row, length, probability in zip(rows_of(values, counts), lengths, p, strict=True) if shapes else ():
        assert (np.diff(row) > 0).all() and (len(row) == 0 or (row[0] >= 0 and row[-1] < length))
        assert probability < 1 or len(row) == length
    assert len(samples) == sizes.sum()
    np.testing.assert_array_equal(np.argsort(places), np.argsort(keys, kind="stable"))


def test_a_row_does_not_depend_on_other_rows(implementation):
    lengths, p = np.array([50, 0, 700, 30]), np.array([0.2, 0.5, 0.1, 1.0])
    chosen, counts = bernoulli(COUNTERS, NUMBER, 0, lengths, p)
    for row, expected in enumerate(rows_of(chosen, counts)):
        alone, _ = bernoulli(COUNTERS, NUMBER, row, lengths[row : row + 1], p[row : row + 1])
        np.testing.assert_array_equal(alone, expected)
