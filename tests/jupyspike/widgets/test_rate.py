"""Population rates."""

import numpy as np
import pytest
from ipywidgets import FloatLogSlider
from scipy.ndimage import gaussian_filter1d

from jupyspike import Hz, PopulationRateMonitor, SpikeMonitor, ms, run, second
from jupyspike.widgets import Rate
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.sources import ViewError


def record(session, times):
    session.record("exc", times, np.zeros(len(times)))


def line(rate, start=0.0, stop=1.0):
    return rate.draw(Look(Interval(start, stop))).data["exc"]


@pytest.fixture
def rate(exc):
    return Rate(exc)


def test_a_steady_rate_is_shown_as_it_is(session, rate):
    record(session, np.arange(0, 2, 1 / 3200))  # 320 neurons at 10 Hz
    session.network.recorded_until = 2.0
    drawn = line(rate, 0.0, 2.0)
    np.testing.assert_allclose(drawn.y, 10.0, rtol=0.15)
    assert drawn.y.mean() == pytest.approx(10.0, rel=0.01)


def test_the_axis_has_the_limits_that_it_is_told(session, exc):
    record(session, np.arange(0, 2, 1 / 3200))
    session.network.recorded_until = 2.0
    assert Rate(exc, limits=(0 * Hz, 50 * Hz)).draw(Look(Interval(0, 2))).y == (0, 50)


def test_smoothing_keeps_the_number_of_spikes(session, rate):
    record(session, np.full(32, 0.5))
    session.network.recorded_until = 1.0
    drawn = line(rate)
    assert drawn.y.sum() * 0.001 * 320 == pytest.approx(32)
    assert drawn.x[drawn.y.argmax()] == pytest.approx(0.5, abs=0.002)


def test_bins_that_may_still_get_spikes_wait(session, rate):
    session.network.recorded_until = 0.1005
    record(session, [0.0995, 0.1002])
    assert line(rate).x.max() < 0.1
    record(session, [0.1007])
    session.network.recorded_until = 0.2
    drawn = line(rate)
    assert drawn.y.sum() * 0.001 * 320 == pytest.approx(3)


def test_what_lies_just_outside_of_the_window_counts_at_its_ends(session, rate):
    record(session, np.full(32, 0.299))
    session.network.recorded_until = 1.0
    whole, part = line(rate), line(rate, 0.3, 0.5)
    for k in range(3):
        assert part.y[k] == pytest.approx(whole.y[np.searchsorted(whole.x, part.x[k] - 1e-9)]) and part.y[k] > 1


def test_before_spikes_were_recorded_there_is_no_rate(spiking):
    run(50 * ms)
    late = SpikeMonitor(spiking)
    rate = Rate(late)
    run(50 * ms)
    assert rate.draw(Look(Interval(0, 0.1))).data[spiking.name].x.min() == pytest.approx(0.0505)


def test_bins_of_very_long_stretches_are_wider(session, rate):
    session.network.recorded_until = 500.0
    drawn = rate.line(rate.sources[0], Interval(0.0, 500.0))
    np.testing.assert_allclose(np.diff(drawn.x), 0.003)


def test_the_axis_begins_at_zero(session, rate):
    session.network.recorded_until = 1.0
    assert rate.draw(Look(Interval(0, 1))).y[0] == 0.0


def test_it_is_the_smoothed_rate_of_the_monitors(spiking):
    spikes, monitor = SpikeMonitor(spiking), PopulationRateMonitor(spiking)
    rate = Rate(spikes, smoothing=5 * ms)
    run(1 * second)
    drawn = rate.draw(Look(Interval(0, 1))).data[spiking.name]
    _, binned = monitor.binned_rate(1 * ms)
    expected = gaussian_filter1d(np.asarray(binned), 5, truncate=4)
    np.testing.assert_allclose(drawn.x, (np.arange(1000) + 0.5) * 1e-3)
    np.testing.assert_allclose(drawn.y[25:-25], expected[25:-25])


def test_the_smoothing_is_moved_by_a_slider(session, rate):
    record(session, np.full(32, 0.5))
    session.network.recorded_until = 1.0
    sharp, state = line(rate).y.max(), rate.state
    slider, problem = rate.controls()
    assert isinstance(slider.slider, FloatLogSlider) and slider.slider.min == pytest.approx(np.log10(0.4))
    slider.entry.text.value = "20 ms"
    assert rate.smoothing == pytest.approx(0.02)
    assert rate.state != state
    assert line(rate).y.max() == pytest.approx(sharp * 4 / 20, rel=0.02)
    slider.entry.text.value = "20 mV"
    assert "wrong unit" in problem.value and rate.smoothing == pytest.approx(0.02)


def test_the_smoothing_is_a_time(exc):
    with pytest.raises(ViewError, match="smoothing"):
        Rate(exc, smoothing=3)
