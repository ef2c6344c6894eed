"""The phase plane: the way of a neuron, and nullclines from its equations."""

import numpy as np
import pytest

from jupyspike import Hz, Network, NeuronGroup, StateMonitor, ms, mV, run
from jupyspike.widgets import PhasePlane
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.sources import ViewError

MODEL = """
dv/dt = (v - v**3/3 - w + drive)/ms : 1
dw/dt = (v + 0.7 - 0.8*w)/(12.5*ms) : 1
drive : 1
"""


@pytest.fixture
def fitzhugh():
    neurons = NeuronGroup(2, MODEL, method="euler", name="fitzhugh*")
    neurons.drive = [0.5, 0.9]
    return neurons


def test_nullclines_are_the_solutions_of_the_equations(fitzhugh):
    plane = PhasePlane(fitzhugh.v, fitzhugh.w, 1)
    run(50 * ms)
    drawing = plane.draw(Look(Interval(0, 0.05)))
    cubic, straight = drawing.data["nullcline v"], drawing.data["nullcline w"]
    known = np.isfinite(cubic.x)
    assert known.sum() > 100
    np.testing.assert_allclose(cubic.y[known], cubic.x[known] - cubic.x[known] ** 3 / 3 + 0.9, atol=2e-3)
    known = np.isfinite(straight.x)
    np.testing.assert_allclose(straight.y[known], (straight.x[known] + 0.7) / 0.8, atol=1e-9)


def test_the_way_is_what_was_recorded(fitzhugh):
    plane, values = PhasePlane(fitzhugh.v, fitzhugh.w), StateMonitor(fitzhugh, ["v", "w"], record=[0])
    run(50 * ms)
    drawing = plane.draw(Look(Interval(0.01, 0.0301)))
    inside = (values.t_ >= 0.01) & (values.t_ <= 0.0301)
    np.testing.assert_array_equal(drawing.data["way"].x, values.v[0][inside])
    np.testing.assert_array_equal(drawing.data["way"].y, values.w[0][inside])
    assert drawing.data["now"].x == pytest.approx(values.v[0][-1:])
    assert drawing.x.start < values.v[0].min() < values.v[0].max() < drawing.x.stop


def test_nullclines_move_with_the_constants_and_the_look(fitzhugh):
    plane = PhasePlane(fitzhugh.v, fitzhugh.w)
    run(1 * ms)
    fitzhugh.drive = 3
    run(1 * ms)
    x, y = Interval(-3, 3), Interval(-8, 8)
    cubic = plane.draw(Look(Interval(0, 1), x, y)).data["nullcline v"]
    known = np.isfinite(cubic.x)
    np.testing.assert_allclose(cubic.y[known], cubic.x[known] - cubic.x[known] ** 3 / 3 + 3, atol=0.02)
    assert np.nanmax(cubic.x) > 2.9


def test_both_axes_may_have_limits_within_which_nullclines_are_drawn(fitzhugh):
    plane = PhasePlane(fitzhugh.v, fitzhugh.w, x_limits=(-3, 3), y_limits=(-8, 8))
    run(1 * ms)
    drawing = plane.draw(Look(Interval(0, 1)))
    assert (drawing.x, drawing.y) == ((-3, 3), (-8, 8))
    assert np.nanmax(drawing.data["nullcline v"].x) > 2.9


def test_a_variable_without_an_equation_has_no_nullcline(fitzhugh):
    plane = PhasePlane(fitzhugh.v, fitzhugh.drive)
    run(1 * ms)
    assert [mark.name for mark in plane.plot.marks] == ["nullcline v", "way", "now"]
    assert "nullcline v" in plane.draw(Look(Interval(0, 1))).data


def test_the_tail_ends_at_the_present_and_not_where_the_axis_of_time_does(fitzhugh):
    plane = PhasePlane(fitzhugh.v, fitzhugh.w, tail=2 * ms)
    run(10 * ms)
    assert len(plane.draw(Look(Interval(0, 1))).data["way"].x) == pytest.approx(20, abs=1)


def test_a_reset_interrupts_the_way_where_it_jumps_in_the_plane():
    model = "dv/dt = 2/ms : 1\ndw/dt = -w/ms : 1\nspikes : 1"
    neurons = NeuronGroup(2, model, threshold="v > 1", reset="v = 0\nspikes += 1", method="euler", name="jumps*")
    plane = PhasePlane(neurons.v, neurons.w, 1)
    run(5 * ms)
    way = plane.draw(Look(Interval(0, 1))).data["way"].x
    falls = np.flatnonzero(np.diff(way[np.isfinite(way)]) < 0)
    assert np.isnan(way).sum() in (len(falls), len(falls) + 1)  # the last spike may have been the last thing
    assert not (np.diff(way) < 0).any()  # no line goes back


def test_spikes_of_other_neurons_interrupt_nothing():
    neurons = NeuronGroup(2, "dv/dt = rate : 1\nrate : Hz\ndw/dt = v/ms : 1", threshold="v > 1", reset="v = 0")
    neurons.rate = [0, 2000] * Hz
    quiet, busy = (PhasePlane(neurons.v, neurons.w, k) for k in range(2))
    run(5 * ms)
    gaps = [np.isnan(plane.draw(Look(Interval(0, 1))).data["way"].x).sum() for plane in (quiet, busy)]
    assert gaps[0] == 0 < gaps[1]


def test_nullclines_have_the_units_of_the_axes_and_the_present_values_of_the_rest():
    model = "dv/dt = (u + r - v)/ms : volt\ndu/dt = -u/second : volt\ndr/dt = -r/(1000*second) : volt"
    neurons = NeuronGroup(1, model, method="euler", name="in_volts*")
    neurons.v, neurons.u, neurons.r = -70 * mV, 10 * mV, -60 * mV
    plane = PhasePlane(neurons.v, neurons.u)
    run(1 * ms)
    line = plane.nullcline("v", Interval(-80, -40), Interval(-10, 20))
    known = np.isfinite(line.x)
    assert known.sum() > 10
    np.testing.assert_allclose(line.x[known], line.y[known] - 60, atol=0.01)


def test_while_a_name_of_the_equations_means_nothing_the_way_is_drawn_alone():
    neurons = NeuronGroup(1, "dv/dt = (goal - v)/ms : 1\ndw/dt = -w/ms : 1", method="euler", name="without*")
    plane = PhasePlane(neurons.v, neurons.w)
    network = Network(neurons)
    network.run(1 * ms, namespace={"goal": 1.0})
    data = plane.draw(Look(Interval(0, 1))).data
    assert "nullcline v" not in data and "nullcline w" in data and len(data["way"].x) == 10


def test_long_ways_are_thinned_and_keep_their_extremes(fitzhugh):
    plane = PhasePlane(fitzhugh.v, fitzhugh.w, tail=500 * ms)
    values = StateMonitor(fitzhugh, ["v", "w"], record=[0])
    run(500 * ms)
    way = plane.draw(Look(Interval(0, 0.5))).data["way"]
    assert len(way.x) <= 2000
    assert (way.x.max(), way.y.min()) == (values.v[0].max(), values.w[0].min())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (lambda g: (g.v, 3), "3 is not a variable of neurons"),
        (lambda g: (g.v, g.v), "two variables of one group"),
        (lambda g: (g.v, g.w, 2), "does not have these neurons"),
        (lambda g: (g.v, g.w, [0, 1]), "of one neuron"),
    ],
)
def test_what_is_no_plane_is_refused(fitzhugh, arguments, said):
    with pytest.raises(ViewError, match=said):
        PhasePlane(*arguments(fitzhugh))


def test_only_the_latest_part_of_the_way_is_drawn(fitzhugh):
    plane, values = PhasePlane(fitzhugh.v, fitzhugh.w, tail=5.05 * ms), StateMonitor(fitzhugh, "v", record=[0])
    run(50 * ms)
    way = plane.draw(Look(Interval(0, 0.05))).data["way"]
    np.testing.assert_array_equal(way.x, values.v[0][-50:])


def test_what_monitors_have_recorded_is_shown_with_the_present_values_of_the_rest(fitzhugh):
    values = StateMonitor(fitzhugh, ["v", "w"], record=[1])
    run(20 * ms)
    plane = PhasePlane(fitzhugh.v, fitzhugh.w, 1)
    assert plane.x.monitor is values
    cubic = plane.nullcline("v", Interval(-2, 2), Interval(-1, 3))
    known = np.isfinite(cubic.x)
    np.testing.assert_allclose(cubic.y[known], cubic.x[known] - cubic.x[known] ** 3 / 3 + 0.9, atol=2e-3)
