"""The last runs of a panel are kept with what was different in them, and shown beneath each other."""

import numpy as np
import pytest

from jupyspike import Hz, Network, PoissonGroup, Synapses, ms
from jupyspike.widgets import Connectivity, Intervals, Panel, PhasePlane, Raster, Rate, Trace, Weights, live_panel
from jupyspike.widgets.kept import RUNS, KeptRun, described, newest
from jupyspike.widgets.plots import Interval, Look
from jupyspike_engine.objects.running.live import Range, open_session
from jupyspike_engine.simulation.recording import Chunk
from jupyspike_engine.units import UNITS

LOOK = Look(Interval(0.0, 0.05))


@pytest.fixture
def panel(spiking):
    spiking.namespace["pace"] = 10 * ms
    views = Raster(spiking), Rate(spiking), Trace(spiking.v, [9])
    shown = live_panel(50 * ms, *views, ranges={spiking.name: {"pace": Range(5 * ms, 20 * ms)}}, speed=None)
    yield shown
    shown._session.stop()
    shown.close()


@pytest.fixture
def spiking():
    from jupyspike import NeuronGroup

    group = NeuronGroup(
        10, "dv/dt = (12 + i - v)/pace : 1\ndw/dt = (v - w)/pace : 1", threshold="v > 10", reset="v = 0", method="euler"
    )
    group._set("name", "spiking")
    group.namespace["pace"] = 10 * ms
    return group


def play(panel):
    panel._session.play()
    assert panel._session.wait(20) and panel._session.error is None
    panel._ended()


def drawn(panel):
    return [view.draw(LOOK).data for view in panel.views]


def test_two_runs_are_shown_one_beneath_the_other(panel):
    play(panel)
    first = drawn(panel)
    panel.reset()
    panel.sliders.sliders[0].entry.text.value = "5 ms"
    play(panel)
    second = drawn(panel)
    assert len(second[0]["spiking"].x) > len(first[0]["spiking"].x)
    assert list(panel.compared.beneath.options) == ["nothing", "run 1: as at the start"]
    panel.compared.beneath.index = 1
    for before, now, both in zip(first, second, drawn(panel), strict=True):
        assert both.keys() == {*now, *(f"{name} beneath" for name in before)}
        for name in before:
            np.testing.assert_array_equal(both[f"{name} beneath"].x, before[name].x)
            np.testing.assert_array_equal(both[f"{name} beneath"].y, before[name].y)
            np.testing.assert_array_equal(both[name].y, now[name].y)
    marks = [mark.name for mark in panel.views[0].plot.marks]
    assert marks.index("spiking beneath") < marks.index("spiking")


def test_views_without_a_time_axis_are_compared_too(spiking):
    views = Intervals(spiking), PhasePlane(spiking.v, spiking.w, 9), Connectivity(Synapses(spiking, spiking))
    ranges = {spiking.name: {"pace": Range(5 * ms, 20 * ms)}}
    panel = live_panel(50 * ms, *views, ranges=ranges, speed=None)
    play(panel)
    first = drawn(panel)
    panel.reset()
    panel.sliders.sliders[0].entry.text.value = "5 ms"
    play(panel)
    second = drawn(panel)
    panel.compared.beneath.index = 1
    intervals, plane, matrix = drawn(panel)
    np.testing.assert_array_equal(intervals["spiking beneath"].x, first[0]["spiking"].x)
    np.testing.assert_array_equal(intervals["spiking"].y, second[0]["spiking"].y)
    np.testing.assert_array_equal(plane["way beneath"].y, first[1]["way"].y)
    assert "nullcline v" in plane and "nullcline v beneath" not in plane  # its constants are not known any more
    assert matrix.keys() == {"matrix"}
    panel.close()


def test_the_parameters_that_differed_are_told_and_any_two_runs_compared(panel):
    play(panel)
    panel.reset()
    panel.sliders.sliders[0].entry.text.value = "5 ms"
    play(panel)
    faster = drawn(panel)
    panel.reset(lesson=True)
    assert list(panel.compared.above.options)[1:] == ["run 2: spiking.pace = 5 ms", "run 1: as at the start"]
    panel.compared.above.index, panel.compared.beneath.index = 1, 2
    both = drawn(panel)
    np.testing.assert_array_equal(both[0]["spiking"].x, faster[0]["spiking"].x)
    assert 0 < len(both[0]["spiking beneath"].x) < len(both[0]["spiking"].x)
    assert panel.views[0].draw(LOOK).title == "run 2, grey: run 1"
    panel.compared.above.index = 0
    assert panel.views[0].draw(LOOK).title == "grey: run 1"


def test_without_earlier_runs_there_is_nothing_to_choose_and_a_choice_stays_when_there_are_more(panel):
    assert panel.compared.layout.display == "none"
    panel.reset()  # nothing has been done yet
    assert not panel.kept.runs and panel.compared.layout.display == "none"
    play(panel)
    panel.keep_run()
    assert panel.compared.layout.display == ""
    before = [view.state for view in panel.views]
    panel.compared.beneath.index = 1
    assert all(now != state for now, state in zip([view.state for view in panel.views], before, strict=True))
    chosen = panel.compared.beneath.value
    panel.reset()
    assert panel.compared.beneath.value == chosen and len(panel.kept.runs) == 2


def test_axes_hold_both_runs_and_titles_are_those_of_the_upper_one(spiking):
    ranges = {spiking.name: {"pace": Range(5 * ms, 20 * ms)}}
    panel = live_panel(50 * ms, Rate(spiking), Intervals(spiking), ranges=ranges, speed=None)
    panel.sliders.sliders[0].entry.text.value = "5 ms"
    play(panel)
    fast = [view.draw(LOOK) for view in panel.views]
    panel.reset()
    panel.sliders.sliders[0].entry.text.value = "20 ms"
    play(panel)
    slow = [view.draw(LOOK) for view in panel.views]
    panel.compared.beneath.index = 1
    rate, intervals = (view.draw(LOOK) for view in panel.views)
    assert fast[0].y.stop > slow[0].y.stop and rate.y.stop == fast[0].y.stop
    assert (intervals.title, slow[1].title) == ("grey: run 1", "") and fast[1].title
    panel.close()


def test_a_run_that_began_later_lies_above_an_earlier_one(panel, spiking):
    play(panel)
    panel.keep_run()
    later = live_panel(50 * ms, Raster(spiking), speed=None)
    assert later.kept is panel.kept and later._session.start == pytest.approx(0.05)
    later.compared.beneath.index = 1
    shown = later.views[0].draw(Look(Interval(0.05, 0.1))).data["spiking beneath"]
    assert len(shown.x) and shown.x.min() >= 0.05
    later.close()
    without = live_panel(50 * ms, Weights(spiking.v), speed=None)  # which draws nothing that is kept
    assert without.kept is not panel.kept and not without.kept.runs
    without.close()


MILLISECONDS = {"pace": UNITS["ms"]}


def test_of_a_slider_that_was_moved_often_the_first_and_the_last_value_are_told():
    moved = KeptRun(3, {"pace": (0.01, 0.02, 0.005)}, MILLISECONDS, 1.0, 2.0, {}, 1.0)
    assert described(moved) == "run 3: pace = 10 ms \N{RIGHTWARDS ARROW} 5 ms"


def test_a_hundredth_of_a_run_that_is_not_known_is_not_worth_a_word():
    assert described(KeptRun(1, {}, {}, 1.0, 2.0, {}, 1.009)) == "run 1: as at the start"
    told = described(KeptRun(1, {}, {}, 1.0, 2.0, {}, 1.5))
    assert told == "run 1: as at the start (only the end is kept, from 0.500 s on)"


def test_what_was_put_back_is_told_with_what_it_was_and_what_stayed_is_not_told(panel):
    session = panel._session
    for value in (0.01, 0.012, 0.018, 0.015, 0.01):  # the first one is what it has
        session.run_for(1e-3)
        while session.status == "running":
            pass
        panel.sliders.sliders[0].put(value)
        while session._mailbox:
            pass
        if value == 0.01 and not panel.kept.runs:
            assert described(panel.keep_run()) == "run 1: as at the start"
    session.step()
    arrow = " \N{RIGHTWARDS ARROW} "
    assert described(panel.keep_run()) == f"run 2: spiking.pace = 10 ms{arrow}18 ms{arrow}10 ms"


def test_the_last_runs_are_kept_and_no_more(panel):
    for _ in range(RUNS + 2):
        panel._session.run_for(1e-3)
        while panel._session.status == "running":
            pass
        panel.reset()
    assert [run.number for run in panel.kept.runs] == list(range(3, RUNS + 3))


def test_of_very_many_spikes_the_newest_are_kept():
    times = np.arange(110.0)
    spikes = Chunk(times, np.zeros(110, np.int32), ())
    rows = newest(spikes, 3.0, room=100 * 12)  # a time and a number
    assert len(rows) == 100 and rows.times[-1] == times[-1] and rows.times.base is None
    assert newest(spikes, 104.0, room=100 * 12).times[0] == 104
    assert len(newest(Chunk(times, np.zeros(110, np.int32), (np.zeros((110, 11)),)), 0.0, room=100 * 12)) == 12


def test_it_is_told_from_when_on_a_run_is_known(panel, monkeypatch):
    monkeypatch.setattr("jupyspike.widgets.kept.BYTES", 2 * 100 * 20)  # a half for 100 of 500 values of the potential
    play(panel)
    panel.reset()
    assert list(panel.compared.beneath.options)[1:] == [
        "run 1: as at the start (only the end is kept, from 0.04000 s on)"
    ]


def test_runs_of_other_networks_are_kept_and_not_offered(panel):
    play(panel)
    panel.keep_run()
    other = PoissonGroup(5, rates=10 * Hz, name="other*")
    session = open_session(Network(other), 50 * ms)
    shown = Panel(session, [Raster(other)], kept=panel.kept)
    assert list(shown.compared.beneath.options) == ["nothing"] and len(shown.kept.runs) == 1
    shown.close()
