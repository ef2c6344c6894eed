"""The progress bar of ``run(..., report='bar')``: a widget in a notebook, a line of text elsewhere."""

import re

import pytest

from jupyspike import Network, NeuronGroup, ms, prefs
from jupyspike.widgets.progress import TextBar, WidgetBar
from jupyspike_engine.units import second


@pytest.mark.parametrize("target", ["numpy", "cpp", "cython"])
def test_a_run_outside_a_notebook_draws_a_line_of_text(capsys, target):
    prefs.codegen.target = target
    group = NeuronGroup(1, "dv/dt = 1/ms : 1")
    Network(group).run(20 * ms, report="bar", report_period=0.001 * second)
    prefs.reset_to_defaults()
    lines = capsys.readouterr().err.split("\r")[1:]
    assert lines[0].startswith(f"[{'.' * TextBar.WIDTH}]   0%")
    assert re.search(r"#{40}\] 100% 20\. ms in [0-9.]+ s", lines[-1])
    assert lines[-1].endswith("\n") and not any("\n" in line for line in lines[:-1])


def test_the_widget_moves_and_stays_with_the_time_that_the_run_took(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    bar = WidgetBar()
    for completed in (0.0, 0.25, 1.0):
        bar(8 * second * completed, completed, 0 * ms, 4 * second)
        assert bar.progress.value == completed
        if completed == 0.25:
            assert bar.label.value == "1. s of 4. s, about 6 s left"
    assert bar.label.value == "4. s in 8.00 s" and bar.progress.bar_style == "success"
    assert shown == [bar.box]
