"""Cells in Python that make groups and live panels are run again: one panel takes the place of the other."""

import gc
import time
import weakref

import numpy as np
import pytest

from jupyspike.widgets import Panel
from jupyspike_engine.objects.monitors import watching

GROUP = """G = NeuronGroup(10, 'dv/dt = (1.2 - v)/tau : 1', threshold='v > 1', reset='v = 0', method='euler', name='G')
G.v = 'i/10.0'"""
PANEL = """sliders = [Slider('tau', 5*ms, 50*ms)]
panel = live_panel(3600*second, Raster(G), sliders=sliders, speed=None)
panel"""
ENDED = "This run has ended, because {}. What it has recorded stays."


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """Panels are on a page that is ready at once."""
    monkeypatch.setattr(Panel, "_ipython_display_", lambda panel: panel._answered({"kind": "ready"}))


@pytest.fixture
def python(notebook):
    notebook.run("from jupyspike.widgets import *\ntau = 10*ms")
    yield notebook
    for panel in [value for value in notebook.names.values() if isinstance(value, Panel)]:
        panel._session.stop()
        panel.close()


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.002)


def spikes_of(panel):
    return panel.views[0].sources[0].all()[0]


@pytest.fixture
def running(python):
    """With a panel that runs, and has had its slider moved."""
    python.run(GROUP, PANEL)
    panel = python["panel"]
    panel.sliders.sliders[0].slider.value = 20.0
    until(lambda: panel._session.moved and len(spikes_of(panel)) > 20)
    return python


def test_a_group_that_is_made_again_ends_the_panel_of_the_earlier_one(running):
    panel = running["panel"]
    running.run(GROUP.replace("1.2 - v", "1.5 - v"))
    assert panel._session.status == "stopped"
    until(lambda: ENDED.format("G has been made anew") in panel.error.value)
    recorded = spikes_of(panel).copy()
    panel.controls.reset.click()
    assert "cannot go back to its start" in panel.error.value and "G has been made anew" in panel.error.value
    running.run("run(100*ms)")  # of the new one, and at once
    assert running["magic_network"].t_ == pytest.approx(0.1)
    np.testing.assert_array_equal(spikes_of(panel), recorded)


def test_the_panel_of_the_new_group_begins_with_the_values_of_the_code_and_can_show_the_earlier_run(running):
    before = running["panel"]
    running.run(GROUP.replace("1.2 - v", "1.5 - v") + "\n" + PANEL)  # in one cell
    panel = running["panel"]
    assert before._session.status == "stopped" and before._session.gave_way
    (slider,) = panel.sliders.sliders
    assert slider.value == 10e-3
    panel.presets.choice.value = "as before"
    assert slider.value == 20e-3
    until(lambda: len(spikes_of(panel)) > 20 and panel._session.moved == {"tau": 20e-3})
    assert panel._session.start == 0
    assert panel.kept is before.kept and "tau = " in panel.compared.beneath.options[1]


def test_a_panel_that_is_made_again_goes_on_from_where_the_network_stands(running):
    before = running["panel"]
    running.run(PANEL)
    panel = running["panel"]
    assert before._session.status == "stopped"
    until(lambda: ENDED.format("another run has begun") in before.error.value)
    assert panel._session.start == before._session.start + before._session.time > 0
    until(lambda: panel._session.time > 0)


def test_the_earlier_of_two_panels_of_a_network_keeps_what_it_shows(python, monkeypatch):
    """Also when the later one has recorded more than is kept of both."""
    monkeypatch.setattr(watching, "KEPT_SPIKES", 200)
    python.run(GROUP, PANEL)
    first = python["panel"]
    until(lambda: len(spikes_of(first)) > 50)
    first._session.stop()
    python.run(PANEL)
    (times, *_) = [drawing.data["G"].x.copy() for _, _, drawing in first._pump.drawn()]
    assert len(times) > 50 and times.max() <= first._session.time
    until(lambda: spikes_of(first).min() > first._session.time)
    np.testing.assert_array_equal(first._pump.drawn()[0][2].data["G"].x, times)


def test_panels_that_others_have_replaced_are_closed_when_no_page_shows_them(running):
    """As when the cell that showed it is run again: the page takes it off, and nothing of it stays in memory."""
    before = weakref.ref(running["panel"])
    running.run(PANEL)
    assert not before().closed
    before()._answered({"kind": "gone"})
    running["panel"]._answered({"kind": "gone"})
    running.run("1 + 1")
    assert not running["panel"].closed  # its run goes on, and the page may come back
    until(lambda: gc.collect() >= 0 and before() is None)


def test_a_panel_that_is_closed_while_a_name_means_it_leaves_the_memory_with_that_name(running):
    """As when all cells are run again at once: the page takes off all that they showed before the first one runs."""
    before = weakref.ref(running["panel"])
    before()._answered({"kind": "gone"})
    running.run(GROUP)
    assert before().closed
    running.run(PANEL)
    until(lambda: gc.collect() >= 0 and before() is None)


def test_a_panel_that_somebody_closes_leaves_the_memory_when_its_name_is_deleted(running):
    before = weakref.ref(running["panel"])
    running.run("panel.close()", "del panel")
    until(lambda: gc.collect() >= 0 and before() is None)


def test_a_panel_with_a_name_of_its_own_can_still_be_read_when_it_is_closed(running, tmp_path):
    running.run("mine = panel", PANEL)
    running["mine"]._answered({"kind": "gone"})
    running.run("1 + 1")
    assert running["mine"].closed and len(spikes_of(running["mine"])) > 20
    running.names["place"] = tmp_path / "mine.svg"
    assert running.run("print(mine.save(place).stat().st_size > 1000)").printed == "True\n"


def test_a_network_with_a_name_of_its_own_goes_on_until_that_means_another(python):
    made, live = "net = Network(G, SpikeMonitor(G))", PANEL.replace("speed=None", "speed=None, network=net")
    python.run(GROUP, made, live, GROUP)
    panel = python["panel"]
    until(lambda: len(spikes_of(panel)) > 20)
    assert panel._session.status == "running"
    python.run(made)
    assert panel._session.status == "stopped" and panel._session.gave_way == "net has been made anew"


@pytest.mark.parametrize(
    "cell",
    ["del G", "G = None", "same = G; G = NeuronGroup(1, 'v : 1')", "for one in [G]: pass", "[G][0]", "_ = G"],
)
def test_what_still_has_a_name_or_none_in_its_place_goes_on(running, cell):
    running.run(cell)
    assert running["panel"]._session.status == "running" and not running["panel"]._session.gave_way


def test_a_panel_that_cannot_be_made_leaves_the_earlier_one(running):
    ran = running.try_cell("H = NeuronGroup(1, 'v : 1')\nlive_panel(1*second, Raster(G))")
    assert "'H' is new" in ran.printed.replace("neurongroup", "H") or "is new, but" in ran.printed
    assert running["panel"]._session.status == "running"
    running.run("del H")


def test_two_networks_go_on_side_by_side(running):
    running.run(
        "H = NeuronGroup(5, 'dv/dt = 1/(5*ms) : 1', threshold='v > 1', reset='v = 0', method='euler')\n"
        "other = live_panel(3600*second, Raster(H), network=Network(H), speed=None)\nother"
    )
    until(lambda: len(spikes_of(running["other"])) > 20)
    assert running["panel"]._session.status == running["other"]._session.status == "running"


def test_a_preset_that_does_not_fit_leaves_nothing_behind(python):
    """Neither a panel that looks at later cells, nor a run that they wait for, nor what records for it."""
    python.run(GROUP, "sliders, presets = [Slider('tau', 5*ms, 50*ms)], [Preset('x', {'tauu': 3*ms})]")
    ran = python.try_cell("live_panel(1*second, Raster(G), sliders=sliders, presets=presets)")
    assert "'tauu' of the preset 'x' has no slider" in ran.printed and "did you mean 'tau'?" in ran.printed
    assert not python.run("two = 1 + 1").printed
    assert not python["G"].watchers
    python.run("run(1*ms)")
    assert python["magic_network"].t_ == pytest.approx(1e-3)


def test_what_is_no_view_or_moves_nothing_leaves_nothing_behind(python):
    python.run(GROUP)
    assert "is not a view" in python.try_cell("live_panel(1*second, G)").printed
    assert (
        "no constant 'tauu'"
        in python.try_cell("live_panel(1*second, Raster(G), sliders=[Slider('tauu', 5*ms, 50*ms)])").printed
    )
    assert not python["G"].watchers
    python.run("run(1*ms)")
    assert python["magic_network"].t_ == pytest.approx(1e-3)
