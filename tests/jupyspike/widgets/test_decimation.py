"""Fewer points that look the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jupyspike.widgets.decimation import LINE_POINTS, binned, extremes, shaded
from jupyspike.widgets.plots import Interval


@given(st.integers(0, 2**32 - 1), st.integers(1, 30_000))
def test_a_decimated_line_keeps_its_extremes(seed, length):
    x, y = np.arange(length) * 1e-4, np.random.default_rng(seed).normal(size=length)
    line = extremes(x, y)
    assert len(line.x) <= LINE_POINTS
    assert (line.y.min(), line.y.max()) == (y.min(), y.max())
    assert np.all(np.diff(line.x) > 0)
    np.testing.assert_array_equal(line.y, y[np.searchsorted(x, line.x)])


def test_each_stretch_of_a_line_keeps_its_own_extremes():
    x = np.arange(100_000.0)
    y = np.sin(x)
    line = extremes(x, y, limit=100)
    for start in range(0, 100_000, 2000):
        inside = (line.x >= start) & (line.x < start + 2000)
        assert line.y[inside].max() == y[start : start + 2000].max()
        assert line.y[inside].min() == y[start : start + 2000].min()


def test_a_short_line_stays_as_it_is():
    x, y = np.arange(2000.0), np.arange(2000.0) ** 2
    line = extremes(x, y)
    np.testing.assert_array_equal(line.x, x)
    np.testing.assert_array_equal(line.y, y)


def test_gaps_do_not_hide_extremes():
    y = np.full(10_000, np.nan)
    y[5000] = 3.0
    assert np.nanmax(extremes(np.arange(10_000.0), y).y) == 3.0


@given(st.integers(0, 2**32 - 1))
def test_every_event_is_counted_once_where_it_is(seed):
    random = np.random.default_rng(seed)
    times, rows = np.sort(random.uniform(2.0, 3.0, 500)), random.integers(0, 100, 500)
    counts = binned(times, rows, Interval(2.0, 3.0), Interval(-0.5, 99.5), (50, 40))
    assert counts.sum() == 500
    expected, _, _ = np.histogram2d(rows, times, bins=(50, 40), range=((-0.5, 99.5), (2.0, 3.0)))
    np.testing.assert_array_equal(counts.sum(axis=1), expected.sum(axis=1))


def test_events_above_and_below_are_not_counted():
    counts = binned(np.full(4, 0.5), np.array([0, 10, 19, 20]), Interval(0, 1), Interval(9.5, 19.5), (10, 2))
    assert counts.sum() == 2


def test_events_at_the_ends_of_a_stretch_lie_in_its_first_and_last_column():
    counts = binned(np.array([2.0, 3.0, 3.0]), np.array([0, 0, 1]), Interval(2.0, 3.0), Interval(-0.5, 1.5), (2, 4))
    assert counts.tolist() == [[1, 0, 0, 1], [0, 0, 0, 1]]


def test_a_single_event_among_dense_ones_can_be_seen():
    nothing, single, some, dense = shaded(np.array([0, 1, 20, 100])).tolist()
    assert nothing == 0
    assert 120 < single < some < dense == 255
