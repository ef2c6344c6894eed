"""What probes have read is kept in bounded memory."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jupyspike.widgets.buffers import TimedBuffer
from jupyspike.widgets.plots import Interval


@given(st.integers(4, 200), st.lists(st.integers(0, 300), max_size=12))
def test_the_newest_rows_are_kept_and_memory_is_bounded(capacity, sizes):
    buffer = TimedBuffer(capacity, dtype=np.int32)
    count = 0
    for size in sizes:
        numbers = np.arange(count, count + size)
        buffer.append(numbers * 0.1, numbers)
        count += size
        assert len(buffer) <= capacity
        np.testing.assert_array_equal(buffer.values, np.arange(count - len(buffer), count))
        np.testing.assert_array_equal(buffer.times, buffer.values * 0.1)
        assert len(buffer) >= min(count, capacity - capacity // 4)


def test_memory_does_not_grow_past_the_capacity():
    buffer = TimedBuffer(10_000, dtype=np.int32)
    for chunk in range(100):
        buffer.append(np.full(1000, float(chunk)), np.zeros(1000))
    assert buffer.nbytes == 10_000 * 12


def test_a_short_recording_takes_little_memory():
    buffer = TimedBuffer(1_000_000)
    buffer.append([0.0], [1.0])
    assert buffer.nbytes < 100_000


def test_rows_of_an_interval_with_a_margin():
    buffer = TimedBuffer(100, width=2)
    buffer.append(np.arange(10) * 1.0, np.arange(20).reshape(10, 2))
    np.testing.assert_array_equal(buffer.times[buffer.within(Interval(2.5, 5.0))], [3, 4, 5])
    np.testing.assert_array_equal(buffer.times[buffer.within(Interval(2.5, 5.0), margin=1)], [2, 3, 4, 5, 6])
    np.testing.assert_array_equal(buffer.times[buffer.within(Interval(0.0, 99.0), margin=3)], np.arange(10))
