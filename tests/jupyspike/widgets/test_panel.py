"""The panel as a whole, in a process without a browser."""

import json
import subprocess
import sys
import time
from unittest.mock import Mock

import numpy as np
import pytest
from fake_session import FakeSession
from ipywidgets import HTML

from jupyspike import Network, NeuronGroup, Preset, magic_network, ms, run, second, start_scope
from jupyspike.widgets import Board, Intervals, Panel, Raster, Rate, Trace, live_panel
from jupyspike.widgets.board import parts_of
from jupyspike.widgets.opening import _as_before, _panel_before
from jupyspike.widgets.window import Window
from jupyspike_engine.diagnostics import ArgumentError, UserError
from jupyspike_engine.objects.running.live import Range, open_session

HEAVY = ["bokeh", "ipywidgets", "anywidget", "IPython"]


def test_importing_the_package_loads_no_widgets():
    code = "import sys, jupyspike, jupyspike.widgets; "
    code += f"print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def panel(session, exc, inh):
    return Panel(session, [Raster(exc, inh), Rate(exc, inh), Trace(exc.v, [0, 1])])


def test_plots_with_the_same_name_are_told_apart(exc):
    board = Board(Rate(exc), Rate(exc, smoothing=20 * ms), Rate(exc))
    assert [view.plot.name for view in board.views] == ["rate", "rate 2", "rate 3"]


def test_what_is_no_view_or_there_twice_is_refused(exc):
    rate = Rate(exc)
    with pytest.raises(ArgumentError, match="this is not a view"):
        Board(rate, exc)
    with pytest.raises(ArgumentError, match="is there twice"):
        Board(rate, rate)


def test_the_panel_has_no_sliders_without_parameters():
    with_none = Panel(FakeSession(threaded=False), [])
    assert with_none.sliders not in with_none.children


def test_making_a_panel_does_not_begin_the_run(session, panel):
    assert session.calls == []


def test_figures_share_the_time_axis(panel):
    text = json.dumps(panel._canvas.figures)
    assert text.count('"time (s)"') == 1
    assert text.count('"name": "time"') == 1


def test_the_time_that_is_shown_is_set_in_the_panel_and_a_panel_in_its_place_takes_it_over(session, exc, panel):
    panel._canvas.send = (sent := []).append
    (window,) = panel.window
    assert window in panel.controls.children and window.entry.text.value == "1 s"
    window.entry.text.value = "250 ms"
    session.advance(2.0)
    assert panel._timeline.shown() == pytest.approx((1.75, 2.0))
    assert sent == [{"kind": "follow"}]
    after = Panel(session, [Raster(exc)])
    panel.go_on_as(after)
    assert after._timeline.window == 0.25 and after.window[0].entry.text.value == "0.25 s"


@pytest.mark.parametrize("window, shown", [(2.0, "2 s"), (0.999, "999 ms"), (5e-4, "500 \N{MICRO SIGN}s")])
def test_the_time_that_is_shown_is_told_in_a_unit_that_suits_it(session, exc, window, shown):
    assert Panel(session, [Raster(exc)], window).window[0].entry.text.value == shown


def test_of_no_time_nothing_can_be_shown(exc):
    for none in (0, -1.0, 0 * ms):
        with pytest.raises(ArgumentError, match="window"):
            Board(Raster(exc), window=none)


def test_a_board_without_a_run_shows_an_axis_all_the_same_and_then_all_of_both_networks(exc):
    later = FakeSession({"late": 3}, threaded=False)
    board = Board(Raster(exc, *later.groups.values()))
    assert board._timeline.shown() == (0.0, 1.0)
    assert Board(Raster(exc), window=20 * ms)._timeline.shown() == (0.0, 0.02)
    before, later.network.recorded_until = board._timeline.state, 2.0
    assert board._timeline.shown() == (0.0, 2.0) and board._timeline.state != before


def test_a_run_of_no_time_has_an_axis(exc):
    assert Panel(FakeSession(duration=0.0, threaded=False), [Raster(exc)])._timeline.shown() == (0.0, 1.0)


def test_a_window_that_is_changed_is_something_new_to_be_seen(exc):
    board = Board(Raster(exc), window=20 * ms)
    before = board._timeline.state
    board.children[0].entry.text.value = "30 ms"
    assert board._timeline.state != before


def test_files_are_named_after_what_they_show_and_other_kinds_are_told(panel):
    panel._canvas.send_file = Mock()
    panel._send_file("svg", "page 1")
    panel._send_file("exe", "page 1")
    ((page, name, _),) = (call.args for call in panel._canvas.send_file.call_args_list)
    assert (page, name) == ("page 1", "raster-rate-exc.v.svg")
    with pytest.raises(ArgumentError, match="one of png, svg, html"):
        panel.export("docx")


def test_the_page_gets_files_and_libraries_that_it_asks_for(panel):
    panel._canvas.send = (sent := Mock())
    panel._canvas.send_file("page 1", "figure.svg", b"<svg>")
    panel._canvas._received(None, {"kind": "library", "libraries": ["bokeh", "what is not there"]}, [])
    file, library = sent.call_args_list
    assert file.args == ({"kind": "file", "page": "page 1", "name": "figure.svg"}, [b"<svg>"])
    assert library.args[0] == {"kind": "library", "libraries": ["bokeh"]} and len(library.args[1]) == 1


def test_controls_of_several_views_say_whose_they_are(exc):
    def headings(board):
        return [part.value for part in parts_of(board) if isinstance(part, HTML) and "<b>" in part.value]

    assert headings(Board(Rate(exc))) == []
    assert headings(Board(Rate(exc), Rate(exc))) == ["<b>rate</b>", "<b>rate 2</b>"]


def test_a_click_into_what_is_shown_no_more_does_nothing(panel):
    views = panel.views
    panel._picked("a plot of before", 0.0, 0.0, (1.0, 1.0))
    assert panel.views == views


def test_what_has_no_time_axis_has_no_window(session, exc):
    assert not Panel(session, [Intervals(exc)]).window


def test_a_board_with_a_window_lets_it_be_changed(session, exc):
    board = Board(Raster(exc), window=100 * ms)
    session.network.recorded_until = 3.0
    assert board._timeline.shown() == pytest.approx((2.9, 3.0))
    board.children[0].entry.text.value = "all"
    assert board._timeline.shown() == (0.0, 3.0)
    assert not any(isinstance(part, Window) for part in Board(Raster(exc)).children)


def test_a_run_that_goes_on_from_an_earlier_one_says_where_it_is_on_the_axis_of_time(session, panel):
    session.advance(2.5)
    panel._refresh()
    assert "<b>ready</b> · 2.5 s of 100 s" in panel.controls.progress.value
    assert panel.caption() == "fake: ready at 2.5 s"
    session.start = 40.0
    panel._refresh()
    assert "<b>ready</b> · t = 42.5 s, 2.5 s of 100 s" in panel.controls.progress.value
    assert panel.caption() == "fake: ready at 42.5 s"
    assert panel._timeline.shown() == pytest.approx((41.5, 42.5))


def test_a_failed_run_shows_its_diagnostic(session, panel):
    session.error = UserError("v of exc became infinite")
    session.end("failed")
    panel._refresh()
    assert "v of exc became infinite" in panel.error.value


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_goes_wrong_on_the_page_is_told_and_the_figures_go_on(session, exc):
    """A thread that ended by it would leave them standing for good."""
    view, sent = Raster(exc), []
    figure = Board(view)
    view.picked = Mock(side_effect=ArgumentError("this cannot be shown"))
    figure._pump._send_frame = lambda number, *_: sent.append(number)
    figure._answered({"kind": "ready"})
    figure._answered({"kind": "picked", "plot": "raster", "at": [0.1, 3], "pixel": [1, 1]})
    until(lambda: "this cannot be shown" in figure.error.value)
    view.shown = Mock(side_effect=ZeroDivisionError("in a view"))
    assert "ZeroDivisionError: in a view" in figure.export("html").decode()
    before = len(sent)
    figure._answered({"kind": "look", "ranges": {"time": [0, 0.5]}})
    until(lambda: len(sent) > before)
    figure.close()


def test_the_error_of_the_run_comes_before_what_was_tried_and_nothing_is_shown_without_one(session, panel):
    assert panel.error.layout.display == "none"
    panel._tell(ArgumentError("a preset has a name"))
    assert "a preset has a name" in panel.error.value and panel.error.layout.display == ""
    session.error = UserError("v of exc became infinite")
    panel._refresh()
    assert "v of exc became infinite" in panel.error.value and "a preset" not in panel.error.value
    session.error = None
    panel._tell(None)
    assert (panel.error.value, panel.error.layout.display) == ("", "none")
    session.gave_way = "G has been made anew"
    session.end("finished")  # which needs no excuse
    panel._refresh()
    assert panel.error.value == ""
    session.status = "stopped"
    panel._refresh()
    assert "This run ended before it had begun, because G has been made anew." in panel.error.value
    session.advance(0.1)
    panel._refresh()
    assert "This run has ended, because G has been made anew." in panel.error.value


def test_a_paused_run_goes_on_recording_for_its_panel(session, exc, panel):
    session.play()
    session.pause()
    panel._ended()
    assert len(exc.watchers) == 2


def test_a_panel_that_is_to_wait_does_not_begin_its_run(session, exc, panel):
    after = Panel(other := FakeSession(threaded=False), [Raster(*other.groups.values())])
    panel.go_on_as(after, paused=True)
    after._begin()
    assert other.calls == [] and panel.children == after.children
    assert not exc.watchers  # the panel before it records nothing any more
    after._waits = False
    after._begin()
    assert other.calls == ["play"]


def test_back_at_the_lesson_s_start_no_preset_is_chosen(session, exc):
    panel = Panel(session, [Raster(exc)], presets=[Preset("fast", {"exc.taum": 6 * ms})])
    panel.presets.choice.value = "fast"
    panel.reset()
    assert panel.presets.choice.value == "fast"
    panel.reset(lesson=True)
    assert panel.presets.choice.value == "presets" and panel.sliders.sliders[0].value == 0.02
    assert session.calls == ["reset", "reset all"]


def test_a_run_that_goes_back_is_shown_again_in_place_of_what_was_kept_of_it(session, panel):
    session.advance(0.1)
    panel.make_room()
    assert panel.compared.present.until == pytest.approx(0.1)
    panel.reset()
    assert panel.compared.present is None


def test_a_view_that_has_been_taken_off_records_again_where_it_is_shown(exc):
    raster = Raster(exc)
    raster.detach()
    assert not exc.watchers
    board = Board(raster)
    assert exc.watchers
    board.close()


def test_a_click_is_looked_at_between_two_frames(exc, monkeypatch):
    board = Board(Raster(exc))
    monkeypatch.setattr(board, "_picked", picked := Mock())
    board._answered({"kind": "picked", "plot": "raster", "at": [1.0, 2.0], "pixel": [0.1, 0.2]})
    assert not picked.called
    board._pump.tick(0.0)
    picked.assert_called_once_with("raster", 1.0, 2.0, (0.1, 0.2))


def test_the_picture_that_stays_says_what_it_shows(exc):
    board = Board(Raster(exc), Rate(exc))
    board._still = Mock()
    board._ended()
    assert board._still.show.call_args.args[1] == "raster, rate"


def test_of_a_closed_panel_no_widget_stays_open(session, exc):
    for parameters in ((), session.parameters):
        session.parameters = parameters
        panel = Panel(session, [Raster(exc), Rate(exc)])
        parts = [*parts_of(panel), panel.sliders, panel.presets]
        assert len(parts) > 50 and all(part.comm is not None for part in parts)
        panel.close()
        assert not any(part.comm for part in parts) and panel.comm is None


def test_a_closed_panel_ends_its_thread(panel):
    panel.start()
    thread = panel._pump._thread
    panel.close()
    thread.join(10)
    assert not thread.is_alive()


def test_when_a_run_has_ended_later_ones_do_not_record_for_its_panel(session, exc, panel):
    assert len(exc.watchers) == 2
    session.end("finished")
    panel._ended()
    assert not exc.watchers
    assert len(panel.views[0].draw(panel._pump.looks()[0]).data) == 2  # what was recorded can still be seen


def test_a_view_of_a_closed_figure_leaves_alone_what_others_look_at(exc):
    first, second_one = Board(Raster(exc)), Board(Raster(exc))
    assert len(exc.watchers) == 1
    first.close()
    assert len(exc.watchers) == 1
    second_one.close()
    assert not exc.watchers


def test_a_live_panel_in_python(spiking):
    raster = Raster(spiking)
    spiking.namespace["kick"] = 1.0
    panel = live_panel(50 * ms, raster, ranges={spiking.name: {"kick": Range(0, 2)}}, speed=None)
    assert [slider.slider.value for slider in panel.sliders.sliders] == [1.0]
    panel._answered({"kind": "ready"})  # of the page
    assert panel._session.wait(20)
    times = raster.sources[0].all()[0]
    assert len(times) > 5
    panel.close()
    run(50 * ms)
    assert len(raster.sources[0].all()[0]) == len(times)
    again = live_panel(50 * ms, raster, speed=None)
    again._answered({"kind": "ready"})
    assert again._session.wait(20)
    assert raster.sources[0].all()[0].max() > 0.1
    again.close()


def test_the_speed_of_a_panel_is_that_of_real_time_unless_it_is_said(spiking):
    for arguments, speed in (({}, 1.0), ({"speed": 0.2}, 0.2), ({"speed": None}, None)):
        panel = live_panel(50 * ms, Raster(spiking), **arguments)
        assert panel._session.speed == speed
        panel.close()


def test_what_was_moved_before_is_a_preset_where_it_fits(spiking):
    spiking.namespace["kick"] = 1.0
    ranges = {spiking.name: {"kick": Range(0, 2)}}
    panel = live_panel(50 * ms, Raster(spiking), ranges=ranges, speed=None)
    panel.sliders.sliders[0].slider.value = 1.5
    panel._answered({"kind": "ready"})
    assert panel._session.wait(20)
    assert _panel_before(magic_network) is panel
    spiking.namespace["kick"] = 1.0
    for high, presets, names in ((3, [], ["as before"]), (3, [Preset("as before", {})], []), (1.2, [], [])):
        session = open_session(magic_network, 50 * ms, {spiking.name: {"kick": Range(0, high)}})
        found = _as_before(panel, session, presets)
        assert [preset.name for preset in found] == names
        assert all(preset.values == {f"{spiking.name}.kick": 1.5} for preset in found)
    start_scope()
    assert _panel_before(magic_network) is None
    panel.close()


def test_two_networks_have_panels_of_their_own(spiking):
    other = NeuronGroup(1, "dv/dt = 1/(3*ms) : 1", threshold="v > 1", reset="v = 0", method="euler", name="other*")
    networks = Network(spiking), Network(other)
    panels = [
        live_panel(1 * second, Raster(g), network=n, speed=None)
        for g, n in zip((spiking, other), networks, strict=True)
    ]
    for panel in panels:
        panel._answered({"kind": "ready"})  # of the page
    for panel, network in zip(panels, networks, strict=True):
        assert panel._session.wait(30)
        assert panel.views[0].extent == (0, 1)
        assert network.recorded_until == pytest.approx(1)
        panel.close()


def test_back_to_the_start_and_the_same_again(spiking):
    spiking.namespace["kick"] = 1.0
    raster = Raster(spiking)
    panel = live_panel(50 * ms, raster, ranges={spiking.name: {"kick": Range(0, 2)}}, speed=None)
    panel._answered({"kind": "ready"})
    assert panel._session.wait(20)
    panel._ended()
    expected = raster.sources[0].all()[0].copy()
    panel.sliders.sliders[0].slider.value = 1.5
    panel.controls.reset.click()
    assert (panel._session.status, panel._session.time) == ("paused", 0)
    assert panel.sliders.sliders[0].value == 1.5
    panel.controls.lesson.click()
    assert panel.sliders.sliders[0].value == 1.0 and panel._session.moved == {}
    panel.controls.play.click()
    assert panel._session.wait(20)
    np.testing.assert_array_equal(raster.sources[0].all()[0], expected)
    panel.close()


def test_an_earlier_run_says_that_it_cannot_go_back_and_keeps_what_it_shows(spiking):
    spiking.namespace["kick"] = 1.0
    ranges = {spiking.name: {"kick": Range(0, 2)}}
    panels = []
    for _ in range(2):
        panels.append(live_panel(50 * ms, Raster(spiking), ranges=ranges, speed=None))
        panels[-1]._answered({"kind": "ready"})
        assert panels[-1]._session.wait(20)
        panels[-1]._ended()
    first, later = panels
    times = first.views[0].sources[0].all()[0].copy()
    for button in (first.controls.reset, first.controls.lesson):
        first.sliders.sliders[0].slider.value = 1.5
        button.click()
        first._refresh()  # as the thread does it several times a second
        for said in ("cannot go back to its start", "another run has begun", "replay() of its panel"):
            assert said in first.error.value
        assert first._session.status == "finished" and not spiking.watchers
        assert [run.until for run in first.kept.runs] == [0.05]  # for the later panel
        assert first.sliders.sliders[0].value == 1.5
    np.testing.assert_array_equal(first.views[0].sources[0].all()[0], times)
    later.controls.reset.click()
    assert later._session.status == "paused" and not later.error.value
    later._session.stop()
    for panel in panels:
        panel.close()


def test_what_is_wrong_with_a_preset_stays_on_the_panel_until_it_is_right(session, panel):
    panel.presets.keep.click()
    panel._refresh()
    assert "a preset has a name" in panel.error.value
    panel.presets.name.value = "fast"
    panel.presets.keep.click()
    assert not panel.error.value
