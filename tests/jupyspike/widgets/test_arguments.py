"""What a live panel is given is looked at before anything begins; what is expected is said with an example."""

import pytest

from jupyspike import ArgumentError, NeuronGroup, Preset, Slider, magic_network, ms, second
from jupyspike.widgets import Board, Raster, Trace, live_panel

TAU = Slider("tau", 1 * ms, 50 * ms)


@pytest.mark.parametrize(
    ("arguments", "named", "said", "expected"),
    [
        (lambda group: (group,), {}, "this is not a view", r"a view of it, such as Raster\(spiking.*\)"),
        (lambda group: (group.v,), {}, "this is not a view", r"a view of it, such as Trace\(spiking.*\.v\)"),
        (lambda group: (Raster,), {}, "this is not a view", r"what it is to show, as in Raster\(G\)"),
        (lambda group: ([Raster(group)],), {}, "this is not a view", r"as in Raster\(G\), Rate\(G\)"),
        (lambda group: ("raster",), {}, "this is not a view", r"a view, such as Raster\(G\)"),
        (lambda group: (), {"sliders": ["tau"]}, "this is not a slider", r"sliders=\[Slider\('tau', 5\*ms, 50\*ms\)\]"),
        (lambda group: (), {"sliders": "tau"}, "this is not a slider", r"sliders=\[Slider\("),
        (lambda group: (), {"sliders": {"tau": (1, 2)}}, "this is not a slider", r"sliders=\[Slider\("),
        (lambda group: (), {"sliders": 3}, "this is not a slider", r"sliders=\[Slider\("),
        (lambda group: (), {"presets": {"fast": {"tau": 2 * ms}}}, "this is not a preset", r"presets=\[Preset\('fast'"),
        (lambda group: (), {"presets": [TAU]}, "this is not a preset", r"presets=\[Preset\('fast'"),
        (lambda group: (), {"speed": "fast"}, "this is not a speed", "a number above zero, 1 for real time, or None"),
        (lambda group: (), {"speed": 0}, "this is not a speed", "a number above zero"),
        (lambda group: (), {"slider": TAU}, r"live_panel\(\) has no argument 'slider'", "did you mean 'sliders'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_before_a_run_begins(spiking, arguments, named, said, expected):
    before = magic_network.last_session
    with pytest.raises(ArgumentError, match=f"(?s){said}.*{expected}"):
        live_panel(1 * second, *arguments(spiking), **named)
    assert magic_network.last_session is before


def test_a_single_slider_or_preset_may_stand_alone():
    tau = 10 * ms  # noqa: F841  # the equation uses it
    group = NeuronGroup(1, "dv/dt = -v/tau : volt")
    panel = live_panel(1 * second, Trace(group.v, 0), sliders=TAU, presets=Preset("fast", {"tau": 2 * ms}))
    assert [slider.name for slider in panel.sliders.sliders] == ["tau"]
    assert [*panel.presets.values] == ["fast"]
    panel.close()


def test_a_board_says_the_same(spiking):
    with pytest.raises(ArgumentError, match=r"this is not a view\n.*NeuronGroup 'spiking.*'\n.*such as Raster\("):
        Board(spiking)
