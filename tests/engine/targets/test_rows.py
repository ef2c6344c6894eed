"""Rows of synapses: by source and delay, and divided among threads, whatever blocks they are made in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.native import choosing
from jupyspike_engine.targets import rows as module
from jupyspike_engine.targets.rows import Rows, blocks_of_rows, count_segments, rows_by_delay, starts_from

SYNAPSES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 9)), max_size=80)


@pytest.fixture(autouse=True, params=[(1 << 16, 1 << 15), (7, 2)])
def blocks(request, monkeypatch):
    monkeypatch.setattr(module, "IN_BLOCK", request.param[0])
    monkeypatch.setattr(module, "ROWS_IN_BLOCK", request.param[1])


def made(synapses):
    source, delay, owner = np.array(sorted(synapses, key=lambda s: s[0]), np.int32).reshape(-1, 3).T
    starts, order = starts_from(source, 6), np.zeros(len(source), np.int32)

    def sorted_to(part, places):
        order[part] = places + part.start

    rows = rows_by_delay(starts, 0, lambda part: delay[part], sorted_to)
    rows.synapses = order
    assert count_segments(starts, lambda part: delay[part]) == (
        0 if rows.segments is None else len(rows.segment_delays)
    )
    return rows, source, delay, owner


def test_blocks_are_whole_rows_one_after_the_other():
    starts = np.array([0, 3, 3, 9, 30, 31, 31, 40])
    found = list(blocks_of_rows(starts))
    assert [first for first, _ in found] == [0, *(last for _, last in found[:-1])] and found[-1][1] == 7
    assert all(starts[last] - starts[first] <= module.IN_BLOCK or last == first + 1 for first, last in found)


@given(SYNAPSES)
def test_a_row_has_the_synapses_of_a_source_with_a_delay_in_their_order(synapses):
    rows, source, delay, _ = made(synapses)
    assert rows.delays.tolist() == (sorted(set(delay.tolist()), reverse=True) or [0])
    for neuron in range(6):
        for steps in range(6):
            if rows.segments is None and steps != rows.delays[0]:
                continue
            np.testing.assert_array_equal(
                rows.row(neuron, steps), np.flatnonzero((source == neuron) & (delay == steps))
            )


@given(SYNAPSES)
def test_divided_rows_are_sorted_by_the_parts_of_their_owners(synapses):
    rows, _, _, owner = made(synapses)
    before = {(n, d): rows.row(n, d) for n in range(6) for d in rows.delays.tolist()}
    rows.divide("post", lambda _: owner, np.array([0, 3, 3, 8, 10]))
    part = np.array([0] * 3 + [2] * 5 + [3] * 2)[owner]
    for (neuron, steps), unsorted in before.items():
        wanted = unsorted[np.argsort(part[unsorted], kind="stable")]
        np.testing.assert_array_equal(rows.row(neuron, steps), wanted)
        if rows.segments is None:
            begins = rows.starts[neuron] + np.array([np.count_nonzero(part[wanted] < p) for p in (1, 2, 3)])
            np.testing.assert_array_equal(rows.division.splits[neuron], begins)


def test_rows_that_are_sorted_by_owner_need_no_list():
    rows = Rows(np.array([0, 3, 4]), None, 0, np.array([5]))
    rows.divide("post", lambda _: np.array([0, 1, 9, 0], np.int32), np.array([0, 5, 10]))
    assert rows.synapses is None and rows.division.splits.tolist() == [[2], [4]]


@pytest.mark.parametrize("compiled", [True, False])
@given(keys=st.lists(st.integers(3, 9), max_size=30))
def test_positions_are_grouped_by_key_in_their_order(compiled, keys):
    with pytest.MonkeyPatch.context() as patch:
        if not compiled:
            patch.setattr(choosing, "bridge", None)
        starts, order = choosing.grouped(np.array(keys, np.int32), 3, 7)
    np.testing.assert_array_equal(order, np.argsort(np.array(keys, np.int64), kind="stable"))
    np.testing.assert_array_equal(starts, [sum(key - 3 < k for key in keys) for k in range(8)])
