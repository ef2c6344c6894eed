"""Intervals between spikes."""

import numpy as np
import pytest

from jupyspike import PoissonGroup, SpikeMonitor, ms, run, second
from jupyspike.widgets import Intervals
from jupyspike.widgets.plots import Interval, Look

LOOK = Look(Interval(0, 1))


def test_it_is_the_histogram_of_the_intervals_of_all_neurons(spiking):
    spikes = SpikeMonitor(spiking)
    run(1 * second)
    drawing = Intervals(spikes, longest=60 * ms).draw(LOOK)
    lengths = np.concatenate([np.diff(train / ms) for train in spikes.spike_trains().values()])
    counts, edges = np.histogram(lengths, np.arange(-0.05, 61, 1.0))
    shares = drawing.data[spiking.name]
    np.testing.assert_allclose(shares.x, edges)
    np.testing.assert_allclose(shares.y[:-1], 100 * counts / len(lengths))
    assert drawing.x == pytest.approx((0, 60))


def test_the_cv_of_each_group_stands_above():
    clock = PoissonGroup(1, rates=0 / second, name="silent*")
    poisson = PoissonGroup(200, rates=50 / second, name="poisson*")
    view = Intervals(clock, poisson)
    run(2 * second)
    drawing = view.draw(LOOK)
    assert drawing.title.startswith(f"CV: {poisson.name} 0.9") or drawing.title.startswith(f"CV: {poisson.name} 1.0")
    assert clock.name not in drawing.title


def test_looking_closer_makes_the_bins_finer(spiking):
    view = Intervals(spiking)
    run(1 * second)
    closer = view.draw(Look(Interval(0, 1), x=Interval(5, 10)))
    edges = closer.data[spiking.name].x
    assert edges[[0, 1, -1]] == pytest.approx([4.95, 5.05, 10.05])


def test_only_the_latest_stretch_is_looked_at(session, exc):
    view = Intervals(exc, over=1 * second)
    session.record("exc", [0.0, 0.5, 9.5, 9.75], [0, 0, 0, 0])
    session.network.recorded_until = 10.0
    lengths, _ = view.intervals(view.sources[0])
    assert lengths == pytest.approx([0.25])


def test_before_anything_has_spiked_it_is_empty_and_later_says_why(session, exc):
    drawing = Intervals(exc).draw(LOOK)
    assert drawing.title == ""
    assert drawing.data["exc"].y.max() == 0
    session.network.recorded_until = 10.0
    assert Intervals(exc).draw(LOOK).title == "no neuron has spiked twice in the last 10 s"
