"""The histogram of weights over time."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, Synapses, ms, mV, run, second
from jupyspike.widgets import Weights
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.sources import ViewError
from jupyspike.widgets.weights import histogram

LOOK = Look(Interval(0, 1))


@pytest.fixture
def learning():
    group = NeuronGroup(40, "v : 1", threshold="rand() < 0.05", name="ends*")
    synapses = Synapses(group, group, "w : 1", on_pre="w = clip(w + 0.001*rand(), 0, 3)")
    synapses.connect()
    synapses.w = "rand()"
    return synapses


def test_the_last_column_is_the_histogram_of_the_present_weights(learning):
    view = Weights(learning.w)
    run(50 * ms)
    times, counts = view.counts(Interval(0.0, 4.0), rows=20)
    expected, _ = np.histogram(learning.w[:], 20, (0, 4))
    assert times[-1] == pytest.approx(0.05)
    assert np.abs(counts[:, -1] - expected).sum() <= 0.05 * len(learning)  # values near an edge of coarse bins
    assert counts.sum(axis=0) == pytest.approx(len(learning))


def test_what_is_set_after_a_run_is_seen(learning):
    view = Weights(learning.w)
    run(20 * ms)
    net = learning.simulated_by
    learning.w = 2
    net.run(0 * ms)
    before = len(view.counts(Interval(0.0, 4.0))[0])
    learning.w[:] = 3
    net.t_ += 0.001  # time has gone on unseen
    times, counts = view.counts(Interval(0.0, 4.0), rows=4)
    assert len(times) == before + 1 and counts[:, -1].tolist() == [0, 0, 0, len(learning)]


def test_colours_are_shares_of_all_synapses():
    group = NeuronGroup(10, "v : volt", name="ends*")
    synapses = Synapses(group, group, "w : volt")
    synapses.connect(j="i")
    synapses.w = [1, 1, 1, 2, 2, 2, 2, 3, np.nan, np.nan] * mV
    view = Weights(synapses.w)
    assert view.plot.colours == "synapses (%)" and view.plot.y.label == "w (mV)"
    assert view.draw(LOOK).colours == pytest.approx((10, 40))
    assert view.counts(Interval(0.5, 3.5), rows=3)[1][:, -1].tolist() == [3, 4, 1]


def test_values_are_counted_in_the_middle_of_fine_bins():
    found = histogram(np.linspace(0.0, 1.0, 1001))
    assert found.counts.sum() == 1001 and (found.low, found.high) == (0.0, 1.0)
    group = NeuronGroup(1001, "v : 1", name="ends*")
    group.v = np.linspace(0.0, 1.0, 1001)
    counts = Weights(group.v).counts(Interval(0.0025, 1.0025), rows=100)[1][:, -1]
    np.testing.assert_allclose(counts[:-1], 10, atol=0.5)  # a shift of half a bin would move five
    assert counts[-1] < 9  # nothing is above 1


@pytest.mark.parametrize("rows", [50, 60, 61])
def test_a_uniform_distribution_has_no_stripes(rows):
    group = NeuronGroup(60_000, "v : 1", name="ends*")
    group.v = np.random.default_rng(1).uniform(0, 2, 60_000)
    _, counts = Weights(group.v).counts(Interval(-0.06, 2.06), rows)
    expected, _ = np.histogram(group.v[:], rows, (-0.06, 2.06))
    np.testing.assert_allclose(counts[:, -1], expected, atol=0.02 * 60_000 / rows)


def test_before_a_run_it_shows_the_present(learning):
    view = Weights(learning.w)
    assert view.counts(Interval(0, 1))[1].sum() == pytest.approx(len(learning))
    drawing = view.draw(LOOK)
    assert drawing.data["share"].levels.max() == 255
    assert drawing.y.start < 0.05 and drawing.y.stop > 0.95


def test_the_history_covers_the_run(learning):
    view = Weights(learning.w)
    learning.w = 0
    run(200 * ms)
    drawing = view.draw(LOOK)
    image = drawing.data["share"]
    assert image.x.stop == pytest.approx(0.2)
    assert image.x.start < 0.01
    places = image.levels.argmax(axis=0)
    assert places[-1] > places[0]  # weights have grown


def test_all_weights_equal(learning):
    learning.w = 0.25
    view = Weights(learning.w)
    assert view.counts(Interval(0, 1), rows=4)[1][:, -1].tolist() == [0, len(learning), 0, 0]
    assert view.draw(LOOK).y == pytest.approx((0.2375, 0.2625))


def test_axes_have_units():
    group = NeuronGroup(2, "v : second", name="ends*")
    group.v = 3 * ms
    plot = Weights(group.v).plot
    assert (plot.x.label, plot.y.label, plot.colours) == ("time", "v (ms)", "neurons (%)")
    assert plot.x.seconds and not plot.timed


def test_what_has_no_values_is_refused(learning):
    with pytest.raises(ViewError, match="is not a variable"):
        Weights(1 * second)
    with pytest.raises(ViewError, match="has no stored values of 'i'"):
        Weights(learning.i)
