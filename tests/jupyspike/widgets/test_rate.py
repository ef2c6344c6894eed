"""Population rates."""

import numpy as np
import pytest

from jupyspike.widgets.plots import Interval
from jupyspike.widgets.rate import Rate


def record(session, times, indices=None):
    session.spike_probes["exc"][0].record(np.asarray(times), np.zeros(len(times), np.int32))


@pytest.fixture
def rate(session):
    return Rate(session, ["exc"])


def test_a_steady_rate_is_shown_as_it_is(session, rate):
    record(session, np.arange(0, 2, 1 / 3200))  # 320 neurons at 10 Hz
    session.time = 2.0
    rate.read()
    line = rate.draw(Interval(0.0, 2.0)).data["exc"]
    np.testing.assert_allclose(line.y, 10.0, rtol=0.15)
    assert line.y.mean() == pytest.approx(10.0, rel=0.01)


def test_smoothing_keeps_the_number_of_spikes(session, rate):
    record(session, np.full(32, 0.5))
    session.time = 1.0
    rate.read()
    line = rate.draw(Interval(0.0, 1.0)).data["exc"]
    assert line.y.sum() * 0.001 * 320 == pytest.approx(32)
    assert line.x[line.y.argmax()] == pytest.approx(0.5, abs=0.002)


def test_bins_that_may_still_get_spikes_wait(session, rate):
    session.time = 0.1005
    record(session, [0.0995, 0.1002])
    rate.read()
    assert rate.draw(Interval(0, 1)).data["exc"].x.max() < 0.1
    record(session, [0.1007])
    session.time = 0.2
    rate.read()
    line = rate.draw(Interval(0, 1)).data["exc"]
    assert line.y.sum() * 0.001 * 320 == pytest.approx(3)


def test_the_axis_begins_at_zero(session, rate):
    session.time = 1.0
    rate.read()
    assert rate.draw(Interval(0, 1)).y[0] == 0.0
