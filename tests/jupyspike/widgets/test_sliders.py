"""Sliders show a parameter in its unit and set SI values."""

import threading
from functools import partial

import numpy as np
import pytest
from fake_session import MS, MV, ONE, FakeParameter, FakeSession

from jupyspike import Network, NeuronGroup, Slider, SpikeMonitor, ms, second
from jupyspike.widgets.display_units import round_step
from jupyspike.widgets.sliders import ParameterSlider, Sliders
from jupyspike_engine.objects.running.live import Range, open_session
from jupyspike_engine.units import UNITS


def slider_of(*parameter):
    session = FakeSession(threaded=False)
    shown = FakeParameter(*parameter)
    return session, ParameterSlider(shown, partial(session.set, shown.name))


def test_the_value_and_the_bounds_are_in_the_unit():
    _, shown = slider_of("exc.taum", 0.02, 0.005, 0.05, None, MS)
    slider = shown.slider
    assert (slider.value, slider.min, slider.max, slider.step) == (20.0, 5.0, 50.0, 0.5)
    assert slider.description == "exc.taum ="
    assert shown.entry.text.value == "20 ms"


def test_the_engine_s_own_units_serve():
    _, shown = slider_of("exc.taum", 0.02, 0.005, 0.05, None, UNITS["ms"])
    assert (shown.slider.value, shown.entry.text.value) == (20.0, "20 ms")


def test_a_number_has_no_unit():
    _, shown = slider_of("exc.p", 0.02, 0.0, 1.0, None, ONE)
    assert shown.entry.text.value == "0.02"


@pytest.mark.parametrize("log", [False, True])
def test_a_text_with_any_unit_sets_the_value_exactly_and_the_slider_to_its_nearest_step(log):
    session, shown = slider_of("exc.taum", 0.02, 0.005, 0.05, None, MS, log)
    shown.entry.text.value = "0.01234567*second"
    assert [value for _, value, _ in session.sets] == [0.01234567]
    assert shown.entry.text.value == "12.34567 ms"
    assert shown.slider.value == pytest.approx(12.35, rel=0.02)
    assert shown.value == 0.01234567
    place = np.log10(shown.slider.value) if log else shown.slider.value
    steps = (place - shown.slider.min) / shown.slider.step
    assert steps == pytest.approx(round(steps))  # or the page would move it
    for end in ("5 ms", "50 ms"):
        shown.entry.text.value = end
        assert shown.entry.text.value == end


@pytest.mark.parametrize(
    "text, problem",
    [("20 mV", "wrong unit"), ("80 ms", "goes from 5 ms to 50 ms"), ("twenty", "not known"), ("", "missing")],
)
def test_a_wrong_text_stays_to_be_mended_and_tells_what_is_wrong_and_the_value_stays(text, problem):
    session, shown = slider_of("exc.taum", 0.02, 0.005, 0.05, None, MS)
    shown.entry.text.value = text
    assert session.sets == [] and (shown.entry.text.value, shown.value) == (text, 0.02)
    assert problem in shown.entry.problem.value and shown.entry.problem.layout.display == ""
    shown.entry.text.value = "20 ms"  # what it has
    assert shown.entry.problem.layout.display == "none" and session.sets == []
    shown.entry.text.value = text
    shown.slider.value = 25.0
    assert (shown.entry.problem.layout.display, shown.entry.text.value) == ("none", "25 ms")


def test_errors_stand_below_all_sliders(session):
    sliders = Sliders(session)
    problems = [slider.entry.problem for slider in sliders.sliders]
    assert list(sliders.children[1].children[1:]) == problems
    assert not any(problem in slider.entry.children for slider, problem in zip(sliders.sliders, problems, strict=True))


def test_a_logarithmic_slider_moves_by_factors():
    session, shown = slider_of("exc.p", 0.01, 1e-4, 1.0, None, ONE, True)
    assert (shown.slider.min, shown.slider.max) == (-4, 0)
    shown.slider.value = 0.010000000000000002  # as the page rounds it
    assert session.sets == []
    shown.slider.value = 0.1
    assert [value for _, value, _ in session.sets] == [0.1]
    assert shown.entry.text.value == "0.1"
    shown.entry.text.value = "0.0123"
    assert shown.slider.value == pytest.approx(10**-1.92)  # the nearest of its steps
    assert [value for _, value, _ in session.sets] == [0.1, 0.0123]


def test_moving_sets_the_value_in_si_units_exactly():
    session, shown = slider_of("exc.El", -0.049, -0.06, -0.04, 0.0005, MV)
    shown.slider.value = -52.5
    shown.slider.value = -40.1  # times 0.001 it would be -0.040100000000000004
    assert [(name, value) for name, value, _ in session.sets] == [("exc.El", -0.0525), ("exc.El", -0.0401)]


def test_a_slider_that_is_moved_back_sets_the_first_value_again():
    session, shown = slider_of("exc.taum", 0.02, 0.005, 0.05, None, MS)
    shown.slider.value, shown.slider.value = 30.0, 20.0
    shown.slider.value = 30.0
    assert [value for _, value, _ in session.sets] == [0.03, 0.02, 0.03]


def test_a_step_of_the_user_s_own_is_that_of_the_slider():
    _, shown = slider_of("exc.El", -0.049, -0.06, -0.04, 0.0005, MV)
    assert shown.slider.step == 0.5


def test_showing_a_slider_sets_nothing():
    session, shown = slider_of("drive.w", 0.00162, 0.0, 0.01, None, MV)
    assert session.sets == []
    steps = (shown.slider.value - shown.slider.min) / shown.slider.step
    assert steps == pytest.approx(round(steps))  # or the browser would move it


@pytest.mark.parametrize("log", [False, True])
def test_the_declared_value_holds_until_the_slider_is_moved_and_again_when_it_is_back(log):
    session, shown = slider_of("exc.tau", 0.01234567, 0.005, 0.05, None, MS, log)
    place = shown.slider.value
    assert shown.entry.text.value == "12.34567 ms" and session.sets == []
    shown.slider.value = shown.slider.max if not log else 50.0
    shown.slider.value = place
    assert [value for _, value, _ in session.sets] == [0.05, 0.01234567]


def test_a_key_moves_a_logarithmic_slider_by_a_hundredth_of_its_range_to_a_readable_value():
    session, shown = slider_of("exc.tau", 0.01, 0.005, 0.05, None, MS, True)
    slider = shown.slider
    assert slider.step == pytest.approx((slider.max - slider.min) / 100) and shown.entry.text.value == "10 ms"
    slider.value *= 10**slider.step
    assert shown.entry.text.value == "10.2 ms" and session.sets[-1][1] == 0.0102
    for _ in range(3):
        slider.value = slider.value / 10**slider.step
    assert 0.0093 < session.sets[-1][1] < 0.01


def test_sliders_follow_what_others_give_and_move_nothing(session):
    sliders = Sliders(session)
    taum, _ = sliders.sliders
    session.set("exc.taum", 0.03)
    sliders.refresh()
    assert (taum.slider.value, taum.entry.text.value, taum.entry.problem.layout.display) == (30.0, "30 ms", "none")
    session.set("exc.taum", 0.003)
    sliders.refresh()
    assert (taum.slider.value, taum.entry.text.value, taum.value) == (5.0, "3 ms", 0.003)
    assert "exc.taum is outside the slider&#x27;s range, 5 ms to 50 ms" in taum.entry.problem.value
    assert len(session.sets) == 2
    taum.slider.value = 20.0
    assert session.sets[-1][1] == 0.02 and taum.entry.problem.layout.display == "none"


def test_what_python_sets_is_present_at_once_under_each_name_that_stands_for_it():
    group = NeuronGroup(1, "dv/dt = -v/tau : 1\nI : 1", name="given", namespace={"tau": 10 * ms})
    sliders = [Slider("tau", 5 * ms, 50 * ms), Slider("I", 0, 5)]
    session = open_session(Network(group), 1000 * second, sliders=sliders)
    session.play()
    session.pause()
    assert (session.present("tau"), session.present("I")) == (0.01, 0)
    group.tau, group.I = 3 * ms, 2
    assert (session.present("tau"), session.present("I")) == (0.003, 2)
    session.set("tau", 0.02)
    assert session.present("tau") == 0.02
    session.reset(values_too=True)
    assert (session.present("tau"), session.present("I")) == (0.01, 0)
    session.stop()


def test_steps_are_round():
    assert [round_step(0.0, high) for high in (1.0, 1.3, 1.6, 4.0, 9.0)] == [0.01, 0.01, 0.02, 0.05, 0.1]


def test_all_sliders_go_back_to_where_they_began(session):
    sliders = Sliders(session)
    first, second = sliders.sliders
    sliders.back.click()
    assert session.sets == []
    first.slider.value, second.slider.value = 30.0, -41.0
    sliders.back.click()
    assert (first.slider.value, second.slider.value) == (20.0, -49.0)
    assert [(name, value) for name, value, _ in session.sets[-2:]] == [("exc.taum", 0.02), ("exc.El", -0.049)]


@pytest.mark.parametrize("threads", [1, 4])
def test_ten_thousand_movements_during_a_run_leave_the_same_as_the_logged_changes_replayed(threads):
    """On one thread as without subshells, on several as with them."""
    equations, values = "dv/dt = (drive - v)/tau : 1", {"tau": 10 * ms, "drive": 1.5}
    made = {"threshold": "v > 1", "reset": "v = 0", "method": "euler", "name": "slid", "namespace": values}
    group = NeuronGroup(5, equations, **made)
    network, spikes = Network(group), SpikeMonitor(group)
    network.add(spikes)
    session = open_session(network, 1000 * second, {"slid": {"tau": Range(5 * ms, 20 * ms), "drive": Range(0, 3)}})
    sliders = Sliders(session).sliders
    session.play()

    def move(number):
        for k in range(10_000 // threads):
            slider = sliders[(number + k) % 2].slider
            slider.value = slider.min + (number + k) % 101 / 101 * (slider.max - slider.min)

    moving = [threading.Thread(target=move, args=(number,)) for number in range(threads)]
    for thread in moving:
        thread.start()
    for thread in moving:
        thread.join()
    session.stop()
    assert session.error is None and len(session.log) > 1
    times, until = spikes.t_.copy(), network.t
    again = NeuronGroup(5, equations, **{**made, "name": "slid_again", "namespace": {"tau": 10 * ms, "drive": 1.5}})
    repeated = SpikeMonitor(again)
    Network(again, repeated).replay(until, session.log)
    np.testing.assert_array_equal(repeated.t_, times)
