"""Traces of state variables."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, SpikeMonitor, StateMonitor, Synapses, ms, mV, run, volt
from jupyspike.widgets import Trace
from jupyspike.widgets.decimation import LINE_POINTS
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.sources import ViewError


def test_values_are_shown_in_their_unit(session, exc):
    trace = Trace(exc.v, [0, 5])
    session.record_values("exc", [0.0, 0.1], np.array([[-0.06, -0.05], [-0.055, -0.04]]))
    drawing = trace.draw(Look(Interval(0, 1)))
    assert trace.plot.y.label == "v (mV)"
    assert drawing.data["v[0]"].y == pytest.approx([-60, -55])
    assert drawing.data["v[5]"].y == pytest.approx([-50, -40])
    assert drawing.y.start < -60
    assert drawing.y.stop > -40


def test_lines_have_a_bounded_number_of_points(session, exc):
    trace = Trace(exc.v, 0)
    session.advance(2.0)
    drawing = trace.draw(Look(Interval(0, 2)))
    assert len(drawing.data["v[0]"].x) <= LINE_POINTS
    assert drawing.data["v[0]"].y.max() == pytest.approx(-50, abs=1e-3)


def test_values_that_are_not_finite_leave_a_gap_and_do_not_spoil_the_axis(session, exc):
    trace = Trace(exc.v, [0])
    session.record_values("exc", np.arange(3.0), np.array([[-0.06], [np.nan], [-0.05]]))
    drawing = trace.draw(Look(Interval(0, 3)))
    assert np.isnan(drawing.data["v[0]"].y[1])
    assert drawing.y == (-61, -49)


def test_an_axis_has_the_limits_that_it_is_told(session, exc):
    trace = Trace(exc.v, 0, limits=(-0.09 * volt, 40 * mV))
    session.record_values("exc", [0.0, 0.1], np.array([[-0.06], [0.08]]))
    assert trace.draw(Look(Interval(0, 1))).y == pytest.approx((-90, 40))


@pytest.mark.parametrize("limits", [(-80, 40), (40 * mV, -80 * mV), (-80 * mV,), -80 * mV, "auto"])
def test_limits_that_are_none_are_refused(exc, limits):
    with pytest.raises(ViewError, match=r"'v'[^$]*\(-80\*mV, 40\*mV\)"):
        Trace(exc.v, limits=limits)


def test_a_line_goes_on_to_the_borders_of_what_is_shown(session, exc):
    trace = Trace(exc.v, 0)
    session.record_values("exc", [0.0, 0.2, 0.4, 0.6], np.full((4, 1), -0.06))
    assert trace.draw(Look(Interval(0.25, 0.5))).data["v[0]"].x.tolist() == [0.2, 0.4, 0.6]
    assert trace.draw(Look(Interval(0.0, 0.6))).data["v[0]"].x.tolist() == [0.0, 0.2, 0.4, 0.6]


def test_of_very_many_spikes_the_newest_are_marked(session, exc, monkeypatch):
    monkeypatch.setattr("jupyspike.widgets.traces.MAX_SPIKES", 3)
    trace = Trace(exc.v, 0)
    session.record("exc", np.arange(10) * 0.1, np.zeros(10))
    session.record_values("exc", np.arange(10) * 0.1, np.arange(10)[:, None] * 1e-3)
    marked = trace.draw(Look(Interval(0.0, 1.0))).data["v[0] spikes"]
    assert marked.x == pytest.approx([0.7, 0.8, 0.9]) and marked.y == pytest.approx([7, 8, 9])


def test_a_single_line_is_named_by_its_axis(exc):
    assert Trace(exc.v, 5).plot.y.label == "exc[5]: v (mV)"


@pytest.mark.parametrize("elements", [[], range(13)])
def test_the_number_of_elements_is_limited(exc, elements):
    with pytest.raises(ViewError, match="1 to 12 elements"):
        Trace(exc.v, elements)


@pytest.mark.parametrize("elements", [320, [-1], "all", [0.5], True])
def test_elements_must_exist(exc, elements):
    with pytest.raises(ViewError, match=r"does not have these neurons|not numbers of neurons"):
        Trace(exc.v, elements)


def test_it_shows_what_monitors_recorded_with_spikes_on_the_line(spiking):
    spikes, values = SpikeMonitor(spiking), StateMonitor(spiking, ["v", "w"], record=[3, 1])
    run(100 * ms)
    for trace in (Trace(values, [1, 3], "v"), Trace(spiking.v, [1, 3])):
        data = trace.draw(Look(Interval(0, 0.1))).data
        np.testing.assert_array_equal(data["v[1]"].x, values.t_)
        np.testing.assert_allclose(data["v[1]"].y, values[1].v / mV)
        np.testing.assert_allclose(data["v[3]"].y, values[3].v / mV)
        np.testing.assert_array_equal(data["v[3] spikes"].x, spikes.spike_trains()[3] / (1000 * ms))
        before = np.searchsorted(values.t_, data["v[3] spikes"].x, side="right") - 1
        np.testing.assert_allclose(data["v[3] spikes"].y, (values[3].v / mV)[before])
    assert len(data["v[3] spikes"].x) > 2


def test_spikes_of_times_without_values_are_not_marked(spiking):
    spikes, values = SpikeMonitor(spiking), StateMonitor(spiking, "v", record=[3], dt=0.5 * ms)
    for active in (False, True, False, True, False):
        values.active = active
        run(100 * ms)
    drawn = Trace(values).draw(Look(Interval(0, 0.5))).data["v[3] spikes"]
    times = spikes.spike_trains()[3] / (1000 * ms)
    recorded = ((times >= 0.1) & (times < 0.2)) | ((times >= 0.3) & (times < 0.4))
    np.testing.assert_array_equal(drawn.x, times[recorded])
    np.testing.assert_allclose(drawn.y, (values[3].v / mV)[np.searchsorted(values.t_, drawn.x, side="right") - 1])
    assert 5 < len(drawn.x) < len(times) / 2


def test_several_variables_of_a_monitor_need_a_name(spiking):
    values = StateMonitor(spiking, ["v", "w"], record=[3, 1])
    with pytest.raises(ViewError, match="records v, w"):
        Trace(values)
    with pytest.raises(ViewError, match="does not record the element 2"):
        Trace(values, 2, "v")


def test_variables_of_synapses_and_of_parts_of_groups(spiking):
    synapses = Synapses(spiking, spiking, "dx/dt = 1/second : 1 (clock-driven)", method="euler")
    synapses.connect(j="i")
    synapses.x = "i"
    part = Trace(spiking[2:4].v, 1)
    trace = Trace(synapses.x, [0, 2])
    run(1 * ms)
    assert trace.draw(Look(Interval(0, 1))).data["x[2]"].y[:2] == pytest.approx([2, 2.0001])
    values = part.draw(Look(Interval(0, 1))).data["v[1]"].y
    again = Trace(spiking.v, 3)
    run(1 * ms)
    everything = Look(Interval(0, 1))
    np.testing.assert_allclose(part.draw(everything).data["v[1]"].y[-10:], again.draw(everything).data["v[3]"].y)
    assert len(values) == 10


def test_a_name_that_is_no_variable_is_refused():
    with pytest.raises(ViewError, match="is not a variable"):
        Trace(NeuronGroup(1, "v : 1", name="lonely*"))
