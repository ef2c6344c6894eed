"""Traces of state variables."""

import numpy as np
import pytest

from jupyspike.widgets.decimation import LINE_POINTS
from jupyspike.widgets.plots import Interval
from jupyspike.widgets.traces import Trace
from jupyspike_engine.diagnostics import ArgumentError


def test_values_are_shown_in_their_unit(session):
    trace = Trace(session, "exc", "v", [0, 5])
    session.trace_probes[0].record(np.array([0.0, 0.1]), np.array([[-0.06, -0.05], [-0.055, -0.04]]))
    trace.read()
    drawing = trace.draw(Interval(0, 1))
    assert trace.plot.y_label == "v (mV)"
    assert drawing.data["v[0]"].y == pytest.approx([-60, -55])
    assert drawing.data["v[5]"].y == pytest.approx([-50, -40])
    assert drawing.y.start < -60
    assert drawing.y.stop > -40


def test_lines_have_a_bounded_number_of_points(session):
    trace = Trace(session, "exc", "v", [0])
    session.advance(2.0)
    trace.read()
    drawing = trace.draw(Interval(0, 2))
    assert len(drawing.data["v[0]"].x) <= LINE_POINTS
    assert drawing.data["v[0]"].y.max() == pytest.approx(-50, abs=1e-3)


def test_values_that_are_not_finite_leave_a_gap_and_do_not_spoil_the_axis(session):
    trace = Trace(session, "exc", "v", [0])
    session.trace_probes[0].record(np.arange(3.0), np.array([[-0.06], [np.nan], [-0.05]]))
    trace.read()
    drawing = trace.draw(Interval(0, 3))
    assert np.isnan(drawing.data["v[0]"].y[1])
    assert -62 < drawing.y.start < drawing.y.stop < -48


@pytest.mark.parametrize("indices", [[], range(13)])
def test_the_number_of_elements_is_limited(session, indices):
    with pytest.raises(ArgumentError, match="1 to 12 elements"):
        Trace(session, "exc", "v", list(indices))
