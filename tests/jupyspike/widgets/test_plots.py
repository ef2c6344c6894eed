"""Plain data that plots are made of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike import Network, NeuronGroup, StateMonitor, ms, run
from jupyspike.widgets import Raster, Trace
from jupyspike.widgets.axes import log_ticks
from jupyspike.widgets.plots import TIME, Axis, Interval, Look, Plot, levels, padded
from jupyspike.widgets.view import MISSED


def test_levels_go_from_the_lowest_to_the_highest_value_that_is_there():
    values = np.array([[np.nan, -2.0], [0.0, 2.0]])
    image, ends = levels(values, np.array([[True, True], [False, True]]))
    assert image.tolist() == [[0, 1], [0, 255]]
    assert ends == (-2, 2)


def test_values_beyond_the_limits_have_the_colours_of_the_ends():
    image, ends = levels(np.array([-9.0, 0.0, 1.0, 9.0]), np.ones(4, bool), Interval(0.0, 1.0))
    assert (image.tolist(), ends) == ([1, 1, 255, 255], (0.0, 1.0))


@pytest.mark.parametrize(("value", "ends"), [(5.0, (0, 10)), (0.0, (-1, 1)), (-3.0, (-6, 0))])
def test_equal_values_have_the_colour_in_the_middle(value, ends):
    image, found = levels(np.full(3, value), np.array([True, False, True]))
    assert image.tolist() == [128, 0, 128]
    assert found == ends


def test_values_that_differ_by_rounding_only_have_one_colour():
    image, ends = levels(np.array([-70.0, np.nextafter(-70.0, 0), -70.0 - 1e-11]), np.ones(3, bool))
    assert image.tolist() == [128, 128, 128] and ends == pytest.approx((-140, 0))


def test_where_nothing_is_there_is_nothing():
    image, ends = levels(np.zeros(2), np.zeros(2, bool))
    assert image.tolist() == [0, 0]
    assert ends


def test_an_axis_is_never_empty():
    assert padded(1.0, 2.0) == pytest.approx((0.94, 2.06))
    assert padded(2.0, 2.0) == pytest.approx((1.9, 2.1))
    assert padded(0.0, 0.0) == (-0.5, 0.5)
    assert padded(np.nan, 1.0) == (0, 1)


def test_intervals_are_cut():
    assert Interval(0, 5).within(Interval(3, 9)) == (3, 5)
    assert not Interval(0, 1).within(Interval(3, 9))


def test_what_lies_around_two_intervals_holds_both():
    assert Interval(0, 5).around(Interval(3, 9)) == Interval(3, 9).around(Interval(0, 5)) == (0, 9)


def test_only_plots_over_the_common_time_move_together():
    assert Plot("a", TIME, Axis(""), ()).timed
    assert not Plot("b", Axis("time (s)"), Axis(""), ()).timed


def test_a_view_that_was_made_after_the_run_says_so(spiking):
    run(20 * ms)
    late = Raster(spiking), Trace(spiking.v)
    look = Look(Interval(0, 0.02))
    assert {view.shown(look).title for view in late} == {MISSED}
    run(20 * ms)
    assert {view.shown(look).title for view in late} == {""}


def test_before_the_first_run_nothing_has_been_missed(spiking):
    assert Raster(spiking).shown(Look(Interval(0, 1))).title == ""


def test_a_view_of_which_a_part_was_missed_says_so():
    silent, recorded = (NeuronGroup(1, "dv/dt = -v/ms : 1", name=f"{name}*") for name in ("silent", "recorded"))
    values = StateMonitor(recorded, "v", record=True)
    network = Network(silent, recorded, values)
    network.run(1 * ms)
    look = Look(Interval(0, 1e-3))
    assert (Trace(silent.v).shown(look).title, Trace(values).shown(look).title) == (MISSED, "")
    both = Trace(values)
    both.sources = [*both.sources, *Trace(silent.v).sources]
    assert both.shown(look).title == MISSED


@given(st.floats(1e-12, 1e12), st.floats(1.01, 1e15), st.integers(150, 400))
def test_ticks_of_a_logarithmic_axis_never_crowd(start, factor, height):
    shown = Interval(start, start * factor)
    ticks = np.array(log_ticks(shown, height / 16))
    assert len(ticks) >= 2
    places = height * np.log(ticks / start) / np.log(factor)
    assert places.min() > -1 and places.max() < height + 1
    assert np.diff(places).min() > 13
