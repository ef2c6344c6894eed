"""Recordings: rows that a running network appends, and that others read meanwhile."""

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.simulation.recording import Chunk, Recording, Scale


def rows(first, count):
    """Rows whose number can be read off each of their parts."""
    numbers = np.arange(first, first + count)
    return Chunk(numbers * 0.5, numbers.astype(np.int32), (np.column_stack([numbers, -numbers]).astype(float),))


def numbers(chunk):
    np.testing.assert_array_equal(chunk.times, chunk.indices * 0.5)
    np.testing.assert_array_equal(chunk.columns[0], np.column_stack([chunk.indices, -chunk.indices]))
    return chunk.indices.tolist()


def filled(sizes, keep=None):
    recording, first = Recording(1, 2, keep), 0
    for size in sizes:
        recording.append(rows(first, size))
        first += size
    return recording


sizes_of_chunks = st.lists(st.integers(0, 7), max_size=8)


@given(sizes_of_chunks, st.integers(0, 60))
def test_all_rows_and_those_from_a_row_on(sizes, row):
    recording, total = filled(sizes), sum(sizes)
    assert recording.rows == total
    chunk, following = recording.since(row)
    assert (numbers(chunk), following) == (list(range(row, total)), total)
    assert numbers(recording.all()) == list(range(total))
    assert numbers(recording.since(row)[0]) == list(range(row, total))


@given(sizes_of_chunks, st.integers(1, 20), st.integers(0, 60))
def test_only_the_newest_rows_are_kept_on_request(sizes, keep, row):
    recording, total = filled(sizes, keep), sum(sizes)
    kept = numbers(recording.all())
    assert recording.rows == total
    assert kept == list(range(total - len(kept), total))
    assert min(total, keep) <= len(kept) < 2 * keep
    assert numbers(recording.since(row)[0]) == [k for k in kept if k >= row]


def test_memory_stays_bounded_however_it_is_read():
    recording = Recording(1, 2, keep=1000)
    for k in range(1000):
        recording.append(rows(10 * k, 10))
        if k % 7 == 0:
            recording.all()
        assert len(recording.all()) < 2 * 1000
    assert recording.rows == 10_000


def test_an_empty_recording_has_the_right_shapes():
    chunk = Recording(2, 3).all()
    assert (chunk.times.shape, chunk.indices.shape, [c.shape for c in chunk.columns]) == ((0,), (0,), [(0, 3)] * 2)
    recording = filled([3])
    recording.clear()
    assert (recording.rows, len(recording.all())) == (0, 0)


def test_a_reader_in_another_thread_gets_every_row_once():
    recording, read, row = Recording(1, 2), [], 0
    total = 20_000

    def write():
        for first in range(0, total, 10):
            recording.append(rows(first, 10))

    writer = threading.Thread(target=write)
    writer.start()
    while row < total:
        chunk, row = recording.since(row)
        read += numbers(chunk)
        if len(read) % 3 == 0:
            recording.all()
    writer.join()
    assert read == list(range(total))


@given(sizes_of_chunks, st.floats(0.5, 30))
def test_only_the_last_stretch_of_time_is_kept_on_request(sizes, span):
    recording, first, now = Recording(1, 2, span=span), 0, 0.0
    for size in sizes:
        recording.append(rows(first, size))
        first, now = first + size, (first + size) * 0.5
        recording.settle(now)
        assert numbers(recording.all()) == [k for k in range(first) if k * 0.5 >= now - span]
    assert recording.rows == first
    recording.settle(now + 2 * span)
    assert len(recording.all()) == 0


def test_memory_stays_in_proportion_to_the_window():
    recording = Recording(1, 2, span=50)
    for k in range(2000):
        recording.append(rows(10 * k, 10))
        recording.settle(5.0 * (k + 1))
        assert recording.nbytes <= 2 * 28 * 110  # of 28 bytes, 100 rows of the window and 10 new ones
    assert numbers(recording.all()) == list(range(19_900, 20_000))


def test_what_was_read_stays_when_more_is_written():
    recording = filled([3], keep=4)
    before = recording.all()
    for first in range(3, 300):
        recording.append(rows(first, 1))
    assert numbers(before) == [0, 1, 2]


def test_columns_are_kept_in_their_types_and_scales():
    recording = Recording(3, 1, dtypes=[np.int32, bool, np.float64])
    recording.scales[0], recording.scales[2] = Scale(zero=5), Scale(divisor=4)
    written = np.array([[5.0], [7.0]])
    chunk = Chunk(np.zeros(2), np.empty(0, np.int32), (written, written > 6, written))
    recording.append(chunk)
    recording.add(chunk)
    first, second, third = recording.all().columns
    assert (first.dtype, first[:, 0].tolist()) == (np.int32, [0, 2, 5, 7])
    assert (second.dtype, second[:, 0].tolist()) == (bool, [False, True, False, True])
    assert third[:, 0].tolist() == [1.25, 1.75, 5, 7]
    assert recording.nbytes < 2 * 4 * (8 + 4 + 4 + 1 + 8)
