"""The panel as a whole, in a process without a browser."""

import json
import subprocess
import sys

import pytest
from fake_session import FakeSession

from jupyspike.widgets import open_panel
from jupyspike_engine.diagnostics import UnknownNameError, UserError

HEAVY = ["bokeh", "ipywidgets", "anywidget", "IPython"]


def test_importing_the_package_loads_no_widgets():
    code = f"import sys, jupyspike, jupyspike.widgets; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def plot_names(panel):
    return [view.plot.name for view in panel._pump._views]


def test_all_groups_are_drawn_when_nothing_is_asked_for(session):
    assert plot_names(open_panel(session)) == ["raster", "rate"]


def test_only_what_is_asked_for_is_drawn(session):
    panel = open_panel(session, rate=["inh"], traces=[("exc", "v", [0]), ("exc", "ge", [0, 1])])
    assert plot_names(panel) == ["rate", "exc.v", "exc.ge"]


def test_an_unknown_group_is_named_with_the_nearest(session):
    with pytest.raises(UnknownNameError, match="did you mean 'exc'"):
        open_panel(session, raster=["ecx"])


def test_the_panel_has_no_sliders_without_parameters():
    with_none = open_panel(FakeSession(threaded=False))
    assert with_none.sliders not in with_none.children


def test_making_a_panel_does_not_begin_the_run(session):
    open_panel(session)
    assert session.calls == []


def test_figures_share_the_time_axis(session):
    panel = open_panel(session, raster=["exc"], rate=["exc"])
    text = json.dumps(panel._canvas.figures)
    assert text.count('"time (s)"') == 1
    assert text.count('"x_range": {"type": "object", "name": "Range1d"') == 1


def test_a_failed_run_shows_its_diagnostic(session):
    panel = open_panel(session)
    session.error = UserError("v of exc became infinite")
    session.end("failed")
    panel._refresh()
    assert "v of exc became infinite" in panel.error.value


def test_a_closed_panel_ends_its_thread(session):
    panel = open_panel(session)
    panel.start()
    thread = panel._pump._thread
    panel.close()
    thread.join(10)
    assert not thread.is_alive()
