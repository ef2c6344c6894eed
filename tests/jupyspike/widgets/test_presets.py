"""Presets set sliders together; the present values can be kept as one."""

import pytest
from fake_session import MS, FakeParameter

from jupyspike import ArgumentError, DimensionMismatchError, Preset, ms, mV
from jupyspike.widgets.presets import Presets, slider_values
from jupyspike.widgets.sliders import Sliders


@pytest.fixture
def sliders(session):
    return Sliders(session)


def set_values(session):
    return {name: value for name, value, _ in session.sets}


def test_a_preset_sets_its_sliders_and_leaves_the_others(session, sliders):
    presets = Presets(sliders, {"fast": slider_values(Preset("fast", {"taum": 7.5 * ms}), session.parameters)})
    presets.choice.value = "fast"
    assert set_values(session) == {"exc.taum": 0.0075}
    assert [slider.entry.text.value for slider in sliders.sliders] == ["7.5 ms", "-49 mV"]


def test_present_values_are_kept_under_a_name(session, sliders):
    presets = Presets(sliders, {})
    sliders.sliders[0].slider.value = 30.0
    presets.name.value = "slow"
    presets.keep.click()
    assert presets.choice.value == "slow" and presets.name.value == ""
    sliders.sliders[0].slider.value = 10.0
    assert presets.choice.value == "presets"  # a list tells nothing when what it shows is chosen once more
    presets.choice.value = "slow"
    assert sliders.sliders[0].value == 0.03 and set_values(session)["exc.taum"] == 0.03


@pytest.mark.parametrize("move", ["slider", "entry", "put back"])
def test_a_preset_whose_values_have_changed_is_no_longer_chosen_and_can_be_chosen_again(session, sliders, move):
    fast = slider_values(Preset("fast", {"taum": 7.5 * ms, "El": -50 * mV}), session.parameters)
    presets, (taum, _) = Presets(sliders, {"fast": fast}), sliders.sliders
    presets.choice.value = "fast"
    assert presets.choice.value == "fast"
    if move == "slider":
        taum.slider.value = 30.0
    elif move == "entry":
        taum.entry.text.value = "8 ms"
    else:
        sliders.reset()
    assert presets.choice.value == "presets"
    presets.choice.value = "fast"
    assert [slider.value for slider in sliders.sliders] == [0.0075, -0.05]


def test_a_preset_stays_chosen_while_what_it_does_not_set_is_moved(session, sliders):
    presets = Presets(sliders, {"fast": slider_values(Preset("fast", {"taum": 7.5 * ms}), session.parameters)})
    presets.choice.value = "fast"
    sliders.sliders[1].slider.value = -55.0
    assert presets.choice.value == "fast"


def test_a_preset_without_a_name_is_not_kept(sliders):
    told = []
    presets = Presets(sliders, {}, tell=told.append)
    for name in ("", "  ", "presets"):  # the last is what the list is called
        presets.name.value = name
        presets.keep.click()
        assert "a preset has a name" in str(told.pop()) and not presets.values


def test_a_short_name_that_several_sliders_have_is_not_guessed_at():
    both = [FakeParameter(f"{group}.taum", 0.02, 0.005, 0.05, None, MS) for group in ("exc", "inh")]
    with pytest.raises(ArgumentError, match=r"'taum' of the preset 'fast' may be exc\.taum and inh\.taum"):
        slider_values(Preset("fast", {"taum": 6 * ms}), both)
    assert slider_values(Preset("fast", {"inh.taum": 6 * ms}), both) == {"inh.taum": 0.006}


@pytest.mark.parametrize(
    "values, problem",
    [
        ({"tau": 5 * ms}, "did you mean 'taum'"),
        ({"drive": 5 * ms}, "one of the sliders 'exc.taum', 'exc.El'"),
        ({"taum": 5 * mV}, "wrong unit"),
        ({"taum": 5000 * ms}, "goes from 5 ms"),
    ],
)
def test_what_does_not_fit_is_told_when_the_panel_is_made(session, values, problem):
    with pytest.raises((ArgumentError, DimensionMismatchError), match=problem):
        slider_values(Preset("wrong", values), session.parameters)
