"""Intervals between spikes."""

import re

import numpy as np
import pytest

from jupyspike import PoissonGroup, SpikeGeneratorGroup, SpikeMonitor, ms, run, second
from jupyspike.widgets import Intervals
from jupyspike.widgets.axes import x_label
from jupyspike.widgets.plots import Interval, Look

LOOK = Look(Interval(0, 1))
TEXT = re.compile(r"<!-- (.*?) -->")


def test_it_is_the_histogram_of_the_intervals_of_all_neurons(spiking):
    spikes = SpikeMonitor(spiking)
    run(1 * second)
    drawing = Intervals(spikes, longest=60 * ms).draw(LOOK)
    lengths = np.concatenate([np.diff(train / second) for train in spikes.spike_trains().values()])
    counts, edges = np.histogram(lengths, 1e-3 * np.arange(-0.05, 61, 1.0))
    shares = drawing.data[spiking.name]
    np.testing.assert_allclose(shares.x, edges, atol=1e-12)
    np.testing.assert_allclose(shares.y[:-1], 100 * counts / len(lengths))
    assert drawing.x == pytest.approx((0, 0.06))


def test_the_cv_of_each_group_stands_above():
    clock = PoissonGroup(1, rates=0 / second, name="silent*")
    poisson = PoissonGroup(200, rates=50 / second, name="poisson*")
    view = Intervals(clock, poisson)
    run(2 * second)
    drawing = view.draw(LOOK)
    assert drawing.title.startswith(f"CV: {poisson.name} 0.9") or drawing.title.startswith(f"CV: {poisson.name} 1.0")
    assert clock.name not in drawing.title


def test_two_groups_have_shares_of_their_own_in_the_bins_of_the_slower_clock():
    fast = SpikeGeneratorGroup(1, np.zeros(60), np.arange(60) * ms, dt=0.1 * ms, name="fast*")
    slow = SpikeGeneratorGroup(1, np.zeros(10), np.arange(10) * 5 * ms, dt=0.5 * ms, name="slow*")
    view = Intervals(fast, slow)
    run(60 * ms)
    drawing = view.draw(LOOK)
    edges = drawing.data[fast.name].x
    np.testing.assert_allclose(np.diff(edges), 0.5e-3)
    for group, interval in ((fast, 1e-3), (slow, 5e-3)):
        shares = drawing.data[group.name].y
        place = np.searchsorted(edges, interval) - 1
        assert shares[place] == pytest.approx(100) and shares.sum() == pytest.approx(100)


def test_the_histogram_ends_where_almost_all_intervals_are_shorter():
    times = np.cumsum([1] * 180 + [20] * 8 + [500] + [1] * 11)
    source = SpikeGeneratorGroup(1, np.zeros(200), times * ms, name="rare*")
    view = Intervals(source)
    run(1 * second)
    assert view.draw(LOOK).x == pytest.approx((0, 0.021))


def test_looking_closer_makes_the_bins_finer(spiking):
    view = Intervals(spiking)
    run(1 * second)
    closer = view.draw(Look(Interval(0, 1), x=Interval(0.005, 0.01)))
    edges = closer.data[spiking.name].x
    assert edges[[0, 1, -1]] == pytest.approx([0.00495, 0.00505, 0.01005])


def test_all_may_be_moved_out_of_sight(spiking):
    view = Intervals(spiking)
    run(100 * ms)
    assert view.draw(Look(Interval(0, 1), x=Interval(-0.2, -0.1))).x == view.draw(LOOK).x


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


def test_intervals_are_told_in_the_unit_that_suits_them(tmp_path):
    ns = 1e-9 * second
    source = SpikeGeneratorGroup(1, [0, 0, 0], [0, 400, 800] * ns, dt=20 * ns, name="fast*")
    view = Intervals(source)
    run(2000 * ns)
    drawing = view.draw(LOOK)
    assert drawing.x == pytest.approx((0, 420e-9))
    assert x_label(view.plot, drawing.x) == "interval between spikes (\N{MICRO SIGN}s)"
    svg = view.save(tmp_path / "isi.svg").read_text(encoding="utf-8")
    assert {"interval between spikes (\N{MICRO SIGN}s)", "0.1", "0.2", "0.3", "0.4"} <= set(TEXT.findall(svg))
