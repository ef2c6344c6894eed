"""Buttons, speed and progress."""

import re
from unittest.mock import Mock

import pytest

from jupyspike.widgets.controls import Controls, error_html, note_html, progress_html
from jupyspike_engine.diagnostics import ArgumentError


@pytest.fixture
def controls(session):
    return Controls(session)


def test_play_and_pause_take_turns(session, controls):
    controls.play.click()
    controls.refresh()
    assert (session.status, controls.play.icon, controls.play.tooltip) == ("running", "pause", "Pause")
    controls.play.click()
    controls.refresh()
    assert (session.status, controls.play.icon, controls.play.tooltip) == ("paused", "play", "Run")
    controls.play.click()
    assert session.status == "running"


def test_step_and_stop(session, controls):
    controls.step.click()
    controls.stop.click()
    controls.refresh()
    assert session.calls == ["step", "stop"]
    assert all(button.disabled for button in (controls.play, controls.step, controls.forward, controls.stop))
    session.reset()
    controls.refresh()
    assert not any(button.disabled for button in (controls.play, controls.step, controls.forward, controls.stop))


def test_run_for_a_time_that_is_written(session, controls):
    controls.run_time.text.value = "2.5 ms"
    controls.forward.click()
    controls.run_time.text.value = "2.5 mV"
    assert "wrong unit" in controls.run_time.problem.value
    controls.forward.click()  # for no other time than the one that is seen
    assert session.calls == ["run for 0.0025"]
    controls.run_time.text.value = "3"
    controls.forward.click()
    assert session.calls == ["run for 0.0025", "run for 0.003"]


def test_a_time_that_nothing_can_run_for_is_told_beside_it(session, controls, monkeypatch):
    monkeypatch.setattr(session, "run_for", Mock(side_effect=ArgumentError("a run takes a time above zero")))
    controls.forward.click()
    assert "a run takes a time above zero" in controls.run_time.problem.value
    assert controls.run_time.problem.layout.display == ""


def test_the_memory_is_shown(controls):
    assert "2.5 MB" in controls.progress.value
    assert "memory" not in progress_html("running", 1.0, 2.0, 1.0, taken=0)


def test_speed(session, controls):
    assert controls.speed.label == "full speed"
    controls.speed.label = "1/10"
    assert session.speed == 0.1
    controls.speed.label = "full speed"
    assert session.speed is None


@pytest.mark.parametrize("speed, label", [(0.3, "0.3 \N{MULTIPLICATION SIGN} real time"), (0.5, "1/2")])
def test_a_speed_of_the_user_s_own_is_in_the_list(session, speed, label):
    session.speed = speed
    controls = Controls(session)
    assert (controls.speed.value, controls.speed.label) == (speed, label)
    assert [own for own, value in controls.speed.options if value == speed] == [label]
    assert session.speed == speed


def test_progress_says_how_far_and_how_fast(session, controls):
    session.play()
    session.network.recorded_until, session.real_time_factor = 25.0, 1.234
    controls.refresh()
    assert 'value="0.2500"' in controls.progress.value
    assert "<b>running</b>" in controls.progress.value
    assert "25.0 s of 100 s" in controls.progress.value
    assert "1.2 \N{MULTIPLICATION SIGN} real time" in controls.progress.value
    session.pause()
    controls.refresh()
    assert "real time" not in parts(controls)[0]


def parts(controls):
    """What the progress says, and what it has room for."""
    return [re.sub("<[^>]*(>|$)", "", part) for part in controls.progress.value.split('aria-hidden="true">')]


def test_the_progress_has_room_for_its_longest_words(session, controls):
    """Otherwise their line would now and then be too long, and everything below would move by a line."""
    session.play()
    kept = set()
    for time, factor in ((0.0, 0.0), (9.9, 1.0), (12.3, 0.99), (100.0, 0.011)):
        session.network.recorded_until, session.real_time_factor = time, factor
        controls.refresh()
        said, room = parts(controls)
        assert len(said) <= len(room)
        kept.add(room)
    assert len(kept) == 1


def test_a_paused_run_says_its_time_to_the_step(session, controls):
    session.network.recorded_until, session.start = 31.2701, 100.0
    session.step()
    controls.refresh()
    assert "t = 131.2702 s, 31.2702 s of 100 s" in controls.progress.value


def test_a_fast_run_is_told_in_whole_numbers(session, controls):
    session.play()
    session.real_time_factor = 1234.5
    controls.refresh()
    assert "1,234 \N{MULTIPLICATION SIGN} real time" in controls.progress.value


def test_a_finished_run_shows_a_full_bar(session, controls):
    session.network.recorded_until = session.duration
    session.end("finished")
    controls.refresh()
    assert 'value="1.0000"' in controls.progress.value
    assert 'value="1.0000"' in progress_html("finished", 0.0, 0.0, 0.0)  # a run of no time
    assert 'value="1.0000"' in progress_html("finished", 2.5, 2.4, 0.0)  # its last step goes beyond


def test_a_diagnostic_is_text_not_markup():
    assert "a &lt; b" in error_html("a < b") and "a &lt; b" in note_html("a < b")
