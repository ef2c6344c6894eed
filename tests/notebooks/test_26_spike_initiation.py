"""Spikes begin in the axon, all at once as seen from the soma, at the potential that resistance and channels give."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("26-spike-initiation")


def test_channels_near_the_soma_open_gradually_and_far_ones_at_once(notebook):
    distances, rise = notebook["distances"], notebook["jumps"][:, 1]
    assert notebook["nearest_jump"] == pytest.approx(4 * 6e-3 / (10e-9 * 1.9099e12 * 0.1) * 1e6, rel=1e-3)
    np.testing.assert_array_equal(notebook["sharp"], distances > notebook["nearest_jump"])
    assert np.all(rise[notebook["sharp"]] > 10)
    assert np.all(rise[distances < 6] < 1)


def test_the_threshold_is_where_the_axon_has_no_steady_state_any_more(notebook):
    sharp = notebook["sharp"]
    np.testing.assert_allclose(notebook["jumps"][sharp, 0], notebook["predicted"][sharp], atol=0.6)
    assert np.all(np.diff(notebook["jumps"][sharp, 0]) < 0)


@pytest.mark.parametrize("injected", [0, 1])
def test_the_spike_begins_in_the_initial_segment_and_runs_both_ways(notebook, injected):
    time = notebook["onsets"][injected]
    assert time["axon, 30 µm"] < time["axon, 300 µm"] < np.inf
    assert time["axon, 30 µm"] < time["soma"] < time["dendrite, 100 µm"] < time["dendrite, 300 µm"] < np.inf


def test_seen_from_the_soma_it_begins_with_a_kink(notebook):
    rapidness = notebook["onset_rapidness"]
    assert rapidness["soma"] > 2 * rapidness["axon, 30 µm"]
    assert rapidness["soma"] > 2 * rapidness["soma without axon"]
