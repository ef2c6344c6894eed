"""Buttons, speed and progress."""

import pytest

from jupyspike.widgets.controls import Controls, error_html


@pytest.fixture
def controls(session):
    return Controls(session)


def test_play_and_pause_take_turns(session, controls):
    controls.play.click()
    controls.refresh()
    assert (session.status, controls.play.icon) == ("running", "pause")
    controls.play.click()
    controls.refresh()
    assert (session.status, controls.play.icon) == ("paused", "play")


def test_step_and_stop(session, controls):
    controls.step.click()
    controls.stop.click()
    controls.refresh()
    assert session.calls == ["step", "stop"]
    assert controls.play.disabled and controls.step.disabled and controls.stop.disabled


def test_run_for_a_time_that_is_written(session, controls):
    controls.run_time.text.value = "2.5 ms"
    controls.forward.click()
    controls.run_time.text.value = "2.5 mV"
    assert "wrong unit" in controls.run_time.problem.value
    controls.forward.click()
    assert session.calls == ["run for 0.0025"] * 2


def test_the_memory_is_shown(controls):
    assert "2.5 MB" in controls.progress.value


def test_speed(session, controls):
    assert controls.speed.label == "full speed"
    controls.speed.label = "1/10"
    assert session.speed == 0.1
    controls.speed.label = "full speed"
    assert session.speed is None


def test_a_speed_of_the_user_s_own_is_in_the_list(session):
    session.speed = 0.3
    controls = Controls(session)
    assert controls.speed.value == 0.3
    assert session.speed == 0.3


def test_progress_says_how_far_and_how_fast(session, controls):
    session.play()
    session.network.recorded_until, session.real_time_factor = 25.0, 1.234
    controls.refresh()
    assert 'value="0.2500"' in controls.progress.value
    assert "<b>running</b>" in controls.progress.value
    assert "25.0 s of 100 s" in controls.progress.value
    assert "1.2 \N{MULTIPLICATION SIGN} real time" in controls.progress.value


def test_a_finished_run_shows_a_full_bar(session, controls):
    session.network.recorded_until = session.duration
    session.end("finished")
    controls.refresh()
    assert 'value="1.0000"' in controls.progress.value


def test_a_diagnostic_is_text_not_markup():
    assert "a &lt; b" in error_html("a < b")
