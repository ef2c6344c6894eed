"""What is read, drawn and sent while a run goes on; the clock is the test's."""

import time
from contextvars import copy_context
from math import inf
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest

from jupyspike.widgets import Raster, Rate
from jupyspike.widgets.plots import Drawing, Interval
from jupyspike.widgets.pump import Pump
from jupyspike.widgets.timeline import LiveTime, RecordedTime
from jupyspike.widgets.window import Window


class Page:
    """A page that paints when it is told to."""

    def __init__(self, session, views=None, timeline=None):
        self.session = session
        self.frames = []
        self.refreshed = 0
        self.ended = 0
        self.views = views or [Raster(*session.groups.values())]
        self.timeline = timeline or LiveTime(session, self.views, window=1.0)
        self.pump = Pump(self.views, self.timeline, self.receive, self.refresh, self.end)

    def receive(self, number, description, data):
        self.frames.append((number, description, data))

    def refresh(self):
        self.refreshed += 1

    def end(self):
        self.ended += 1

    def paint(self, took=0.0):
        self.pump.answered({"kind": "painted", "number": self.frames[-1][0], "took": took})


@pytest.fixture(autouse=True)
def drawing_takes_no_time(monkeypatch):
    """On a busy machine it would take some, and frames would be fewer."""
    clock = SimpleNamespace(perf_counter=lambda: 0.0, thread_time=lambda: 0.0, monotonic=time.monotonic)
    monkeypatch.setattr("jupyspike.widgets.pump.time", clock)


@pytest.fixture
def page(session):
    session.play()
    return Page(session)


def test_what_happens_while_a_run_rests_is_told_at_once(session, page):
    session.status = "paused"
    page.pump.tick(now=0.0)
    page.pump.tick(now=0.01)
    assert page.refreshed == 1
    session.step()
    page.pump.tick(now=0.02)
    session.course = ("moved",)
    page.pump.tick(now=0.03)
    assert page.refreshed == 3


def test_the_newest_state_is_sent_and_nothing_is_queued(session, page):
    for tick in range(10):
        session.advance(0.1)
        page.pump.tick(now=0.06 * tick)
    assert len(page.frames) == 1
    page.paint()
    page.pump.tick(now=0.7)
    assert len(page.frames) == 2
    assert page.frames[-1][1]["ranges"]["time"] == pytest.approx([0.0, 1.0])


def test_a_page_that_paints_slowly_gets_fewer_frames_but_a_hand_does_not_wait(session, page):
    def frames_until(now):
        while now > page.now:
            page.now += 0.02
            session.advance(0.02)
            seen = len(page.frames)
            page.pump.tick(page.now)
            if len(page.frames) > seen:
                page.paint(took=0.08)
        return len(page.frames)

    page.now, session.is_held = 0.0, True  # whatever drawing costs, the run has time for it
    assert 4 <= frames_until(1.0) <= 6  # 0.08 s of painting are 40 % of 0.2 s
    before = frames_until(2.01)
    session.course += ("a slider was moved",)
    assert frames_until(2.07) == before + 1


@pytest.mark.parametrize("held, expected", [(False, "slowest"), (True, "interval")])
def test_drawing_takes_time_only_from_a_run_that_has_none_to_spare(session, page, held, expected, monkeypatch):
    clock = iter(range(10))
    monkeypatch.setattr("jupyspike.widgets.pump.time.thread_time", lambda: next(clock))  # a drawing takes a second
    session.is_held = held
    session.advance(0.1)
    page.pump.tick(now=1.0)
    page.paint()
    assert page.pump.pacer.delay(now=1.0) == pytest.approx(getattr(page.pump.pacer, expected))


def test_a_paused_run_sends_nothing_more(session, page):
    session.advance(0.1)
    session.pause()
    for tick in range(20):
        page.pump.tick(now=tick)
        page.paint()
    assert len(page.frames) == 1


def test_the_window_slides_with_the_run(session, page):
    session.advance(0.3)
    assert page.timeline.shown() == (0.0, 1.0)
    session.advance(2.0)
    assert page.timeline.shown() == pytest.approx((1.3, 2.3))


def test_the_window_can_be_changed_while_a_run_goes_on_and_when_it_is_over(session, page):
    window = Window(page.timeline, follow := Mock())
    session.advance(2.3)
    page.pump.tick(now=0.0)
    page.paint()
    window.entry.text.value = "500 ms"
    assert window.entry.text.value == "500 ms"
    page.pump.tick(now=1.0)
    assert page.frames[-1][1]["ranges"]["time"] == pytest.approx([1.8, 2.3])
    session.end("stopped")
    page.paint()
    window.entry.text.value = "all"
    page.pump.tick(now=2.0)
    page.paint()
    page.pump.tick(now=3.0)
    assert page.frames[-1][1]["ranges"]["time"] == [0.0, session.duration]
    assert follow.call_count == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [("0 s", "must be above zero"), ("-1 s", "must be above zero"), ("5 mV", "wrong unit"),
     ("al", "not known"), ("0/0*second", "division by zero")],
)  # fmt: skip
def test_what_is_no_stretch_of_time_is_refused(page, wrong, said):
    window = Window(page.timeline, follow := Mock())
    window.entry.text.value = wrong
    assert said in window.entry.problem.value
    assert (window.entry.text.value, page.timeline.window, follow.called) == (wrong, 1.0, False)


def test_a_short_run_is_shown_as_a_whole(session):
    session.duration = 0.25
    assert Page(session).timeline.shown() == (0.0, 0.25)


def test_what_a_person_looks_at_is_sent_until_they_follow_again(session, page):
    session.advance(3.0)
    page.pump.tick(now=0.0)
    page.paint()
    page.pump.answered({"kind": "look", "ranges": {"time": [0.5, 0.6], "raster/y": [10, 20]}})
    page.pump.tick(now=1.0)
    assert page.frames[-1][1]["ranges"]["time"] == [0.5, 0.6]
    assert page.frames[-1][1]["plots"]["raster"]["marks"]["exc"]["dots"]["low"] >= 10
    page.paint()
    page.pump.answered({"kind": "look", "ranges": {}})
    page.pump.tick(now=2.0)
    assert page.frames[-1][1]["ranges"]["time"] == pytest.approx([2.0, 3.0])


def test_what_a_person_has_turned_is_looked_at_from_there(page):
    rotation = [0.0, 0, 1, 0, 1, 0, -1, 0, 0]
    page.pump.answered({"kind": "turned", "plot": "raster", "x": [0, 1], "y": [2, 3], "rotation": rotation})
    (look,) = page.pump.looks()
    assert (look.x, look.y, look.rotation.ravel().tolist()) == ((0, 1), (2, 3), rotation)


def test_a_page_that_comes_back_gets_a_frame_though_nothing_has_changed(session, page):
    session.advance(0.1)
    session.pause()
    page.pump.tick(now=0.0)
    page.pump.answered({"kind": "ready"})
    page.pump.tick(now=0.01)
    assert len(page.frames) == 2


def test_the_last_state_is_sent_before_the_end_is_told(session, page):
    session.advance(0.1)
    page.pump.tick(now=0.0)
    session.advance(0.1)
    session.end("finished")
    page.pump.tick(now=0.01)
    assert page.ended == 0
    page.paint()
    page.pump.tick(now=0.2)
    page.pump.tick(now=0.3)
    assert (len(page.frames), page.ended) == (2, 1)


def test_only_what_has_changed_is_sent_again(session):
    page = Page(session, [Raster(*session.groups.values()), Rate(session.groups["exc"])])
    session.advance(0.5)
    session.pause()
    page.pump.tick(now=0.0)
    page.paint()
    page.pump.answered({"kind": "look", "ranges": {"raster/y": [10, 20]}})
    page.pump.tick(now=1.0)
    assert [sorted(frame["plots"]) for _, frame, _ in page.frames] == [["raster", "rate"], ["raster"]]
    page.paint()
    page.pump.answered({"kind": "ready"})  # another page has nothing yet
    page.pump.tick(now=2.0)
    assert sorted(page.frames[-1][1]["plots"]) == ["raster", "rate"]


def test_what_takes_long_to_draw_is_drawn_less_often(session, monkeypatch):
    drawn, clock = [], iter(range(1000))
    views = [Raster(*session.groups.values())]
    page = Page(session, views, LiveTime(session, views, window=0.1))
    monkeypatch.setattr("jupyspike.widgets.pump.time.perf_counter", lambda: next(clock))  # each look takes a second
    monkeypatch.setattr(page.views[0], "draw", lambda look: drawn.append(look) or Drawing(None, Interval(0, 1)))
    for tick in range(12):
        session.advance(0.1)
        page.pump.tick(now=tick)
        page.paint()
    assert 2 <= len(drawn) <= 4
    shown = [frame["ranges"]["time"][1] for _, frame, _ in page.frames]
    assert shown == pytest.approx(0.1 * np.arange(1, 13))  # the axis moves with the time all the same
    session.pause()
    before = len(drawn)
    for tick in range(12, 24):
        page.pump.tick(now=tick)
        page.paint()
    assert len(drawn) == before + 1 and drawn[-1].time.stop == pytest.approx(
        1.2
    )  # what is seen in the end is the newest


def test_a_view_that_fails_says_why_and_the_others_go_on(session, monkeypatch):
    page = Page(session, [Raster(*session.groups.values()), Rate(session.groups["exc"])])
    monkeypatch.setattr(page.views[0], "draw", lambda look: 1 / 0)
    session.advance(0.5)
    page.pump.tick(now=0.0)
    plots = page.frames[-1][1]["plots"]
    assert plots["raster"] == {"marks": {}, "title": "ZeroDivisionError: division by zero"}
    assert page.frames[-1][1]["ranges"].keys() == {"time", "raster/y", "rate/y"}
    assert "exc" in plots["rate"]["marks"]


def test_a_page_that_has_gone_gets_nothing_until_it_comes_back(session, page):
    session.advance(0.1)
    page.pump.answered({"kind": "ready"})
    page.pump.tick(now=0.0)
    page.paint()
    page.pump.answered({"kind": "gone"})
    for tick in range(1, 20):
        session.advance(0.1)
        page.pump.tick(now=tick)
    assert len(page.frames) == 1
    page.pump.answered({"kind": "ready"})
    page.pump.tick(now=30)
    assert len(page.frames) == 2


def test_a_page_that_did_not_say_that_it_went_is_not_counted_and_another_one_is(session, page):
    """The other one is heard of when it has painted what the new one waits for."""
    for name in ("switched off", "beside it"):
        page.pump.answered({"kind": "ready", "page": name})
        page.pump.tick(now=0.0)
    page.pump.answered({"kind": "ready", "page": "after it"})
    page.pump.tick(now=1.0)
    for name in ("after it", "beside it"):
        page.pump.answered({"kind": "painted", "number": len(page.frames), "took": 0.0, "page": name})
    page.pump.answered({"kind": "gone", "page": "after it"})
    assert not page.pump.unseen
    page.pump.answered({"kind": "gone", "page": "beside it"})
    assert page.pump.unseen


def test_a_panel_without_views_draws_nothing(session):
    session.play()
    nothing = Pump([], LiveTime(session, [], window=1.0), Mock())
    session.advance(0.1)
    assert nothing.tick(now=1.0) > 0
    nothing._send_frame.assert_not_called()


def test_a_page_that_goes_before_it_is_ready_shows_nothing_any_more(page):
    """As when a cell is run again while its figure is still being made."""
    assert not page.pump.unseen
    page.pump.answered({"kind": "gone", "page": "too early"})
    assert page.pump.unseen


def test_a_figure_without_a_session_follows_what_is_recorded(session):
    views = [Raster(*session.groups.values())]
    page = Page(session, views, RecordedTime(views, inf))
    session.advance(0.5)
    assert page.pump.tick(now=0.0) < 0.1
    page.paint()
    assert page.frames[-1][1]["ranges"]["time"] == [0.0, 0.5]
    assert page.pump.tick(now=5.0) == 0.25  # it looks less often when nothing happens
    assert page.ended == 1
    session.advance(0.5)
    page.pump.tick(now=6.0)
    assert page.frames[-1][1]["ranges"]["time"] == [0.0, 1.0]
    page.paint()
    page.pump.tick(now=8.0)
    assert page.ended == 2
    page.pump.answered({"kind": "ready"})
    page.pump.answered({"kind": "gone"})
    assert page.pump.tick(now=9.0) is None  # until somebody looks again


def test_progress_is_shown_at_once_when_the_status_changes(session, page):
    page.pump.tick(now=0.0)
    page.pump.tick(now=0.1)
    assert page.refreshed == 1
    session.pause()
    page.pump.tick(now=0.15)
    assert page.refreshed == 2
    page.pump.tick(now=5.0)
    assert page.refreshed == 2


def test_progress_is_shown_twice_a_second_while_a_run_goes_on(session, page):
    for tick in range(21):
        page.pump.tick(now=0.1 * tick)
    assert page.refreshed == 5


def test_a_figure_that_is_closed_before_a_page_shows_it_begins_nothing(session):
    views = [Raster(*session.groups.values())]
    pump = Pump(views, LiveTime(session, views, 1.0), Mock(), begin=(begin := Mock()), grace=30.0)
    pump.start(copy_context())
    pump.close()
    pump._thread.join(10)
    assert not pump._thread.is_alive() and not begin.called


def test_frames_show_an_interval_of_model_time(session, page):
    page.pump.tick(now=0.0)
    assert Interval(*page.frames[0][1]["ranges"]["time"])
