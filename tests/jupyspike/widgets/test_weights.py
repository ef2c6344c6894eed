"""The histogram of weights over time."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, Synapses, ms, run, second
from jupyspike.widgets import Weights
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.sources import ViewError

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


@pytest.mark.parametrize("rows", [50, 60, 61])
def test_a_uniform_distribution_has_no_stripes(rows):
    group = NeuronGroup(60_000, "v : 1", name="ends*")
    group.v = np.random.default_rng(1).uniform(0, 2, 60_000)
    _, counts = Weights(group.v).counts(Interval(-0.06, 2.06), rows)
    expected, _ = np.histogram(group.v[:], rows, (-0.06, 2.06))
    np.testing.assert_allclose(counts[:, -1], expected, atol=0.02 * 60_000 / rows)


def test_before_a_run_it_shows_the_present(learning):
    view = Weights(learning.w)
    assert view.counts(Interval(0, 1))[1].sum() == len(learning)
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
