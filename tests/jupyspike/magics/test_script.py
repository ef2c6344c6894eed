"""The script of a live session does the same in a process of its own, bit for bit."""

import gc
import time
import weakref
from types import SimpleNamespace

import numpy as np
import pytest

from jupyspike import ArgumentError, magic_network, ms, seed
from jupyspike.magics import Magics
from jupyspike.magics.script import as_python
from jupyspike.widgets import Panel, live_panel
from jupyspike_engine.objects.randomness import current_seed, new_trial

NEURONS = """%%neurons cells -n 30
dv/dt = (drive - v)/tau + 0.2*xi/sqrt(tau) : 1
tau = 10*ms in [5*ms, 50*ms] log
threshold: v > 1
reset: v = 0
initial: v = rand()"""
SYNAPSES = """%%synapses cells -> cells --name loop
w : 1
on_pre: v_post += w
connect: p=0.2
initial: w = 0.02"""


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.001)


def live(notebook, *moves):
    """Play the session of the last panel to its end, with something moved every 20 ms."""
    session = notebook["panel"]._session
    for name, value in moves:
        session.run_for(20e-3)
        wait_until(lambda: session.status != "running")
        session.set(name, value)
        wait_until(lambda: session.moved.get(name) == value)  # noqa: B023  # called at once
    session.play()
    assert session.wait(20) and session.error is None


@pytest.fixture(autouse=True)
def watched(monkeypatch):
    """Panels stand as if they were on a page whose reader has not begun."""
    monkeypatch.setattr(Panel, "_ipython_display_", lambda panel: None)


def test_a_session_with_moves_and_one_that_goes_on_are_replayed_bit_for_bit(notebook):
    notebook.run(
        "drive = 1.1\nloop_weights = Slider('loop.w', 0, 1)", "%pwd", NEURONS, SYNAPSES,
        "monitor = SpikeMonitor(cells)", "cells.v = 'rand()/2'",
    )  # fmt: skip
    notebook.try_cell("1/0")
    notebook.run("%simulate 100*ms --live raster(cells)")
    assert [slider._parameter.name for slider in notebook["panel"].sliders.sliders] == ["cells.tau", "loop.w"]
    live(notebook, ("cells.tau", 0.02), ("loop.w", 0.05), ("cells.drive", 1.3), ("cells.tau", 0.007))
    first = notebook["panel"]
    notebook.run("%simulate 60*ms --live raster(cells)")
    live(notebook, ("cells.tau", 0.03))
    text = notebook["panel"].script()
    assert "%%neurons" not in text and "1/0" not in text
    assert "'cells.tau', 0.007)" in text
    spikes = notebook["panel"].replay()["cells"]
    monitor = notebook["monitor"]
    np.testing.assert_array_equal(np.asarray(spikes[0]), monitor.t_)
    np.testing.assert_array_equal(spikes[1], monitor.i)
    assert magic_network.t == 160 * ms and len(monitor.t) > 50
    assert text.startswith(first.script().rstrip()[:300]) and len(first.script()) < len(text)


def test_what_cells_assign_in_live_runs_is_repeated_at_its_step_and_not_again_after_the_run(notebook):
    notebook.run(
        "drive = 1.1", NEURONS, SYNAPSES, "monitor = SpikeMonitor(cells)", "%simulate 60*ms --live raster(cells)"
    )
    session = notebook["panel"]._session
    cells = "cells.v[3:9] = 'rand()'", "loop.w = 'rand()/10'", "loop.delay = 2*ms", "cells.tau = 8*ms; cells.v = 0.9"
    for cell in cells:
        session.run_for(10e-3)
        wait_until(lambda: session.status == "paused")
        notebook.run(cell)
    wait_until(lambda: not session._mailbox)
    session.set("cells.tau", 0.02)
    live(notebook)
    notebook.run("cells.v = 'rand()/2'", "%simulate 40*ms --live raster(cells)")
    live(notebook)
    spikes, monitor = notebook["panel"].replay()["cells"], notebook["monitor"]
    np.testing.assert_array_equal(np.asarray(spikes[0]), monitor.t_)
    np.testing.assert_array_equal(spikes[1], monitor.i)
    assert len(monitor.t) > 50
    script = notebook["panel"].script()
    assert script.count("_cells.live_run_goes_on(True)") == 4 and "'loop.delay', 0.002)" in script


def test_all_spikes_of_a_session_are_returned_also_where_its_panel_keeps_the_newest(notebook, monkeypatch):
    monkeypatch.setattr("jupyspike_engine.objects.monitors.watching.KEPT_SPIKES", 100)
    notebook.run(
        "from jupyspike_engine.objects.monitors import watching\nwatching.KEPT_SPIKES = 100", "drive = 2", NEURONS,
        "monitor = SpikeMonitor(cells)", "%simulate 200*ms --live raster(cells)",
    )  # fmt: skip
    live(notebook)
    spikes, monitor = notebook["panel"].replay()["cells"], notebook["monitor"]
    assert len(notebook["panel"].views[0].sources[0].all()[0]) < len(monitor.t)
    np.testing.assert_array_equal(np.asarray(spikes[0]), monitor.t_)


def test_draws_of_before_the_extension_was_loaded_do_not_count(shell):
    seed(5)
    new_trial()  # as a state that was brought back begins one
    before = current_seed()
    notebook = Magics(shell).notebook
    assert current_seed() == notebook.first_seed == before
    new_trial()
    after = current_seed()
    seed(before)  # as scripts begin
    new_trial()
    assert current_seed() == after


def test_a_name_of_the_user_s_own_stays(notebook):
    notebook.run("drive = 1.1\npanel = 'mine'", NEURONS, "%simulate 1*ms --live raster(cells)")
    assert notebook["panel"] == "mine"


def test_a_line_with_a_mistake_leaves_a_live_run_as_it_is(notebook):
    notebook.run("drive = 1.1", NEURONS, "%simulate 100*ms --live raster(cells)")
    session = notebook["panel"]._session
    assert "'rastr' is not a view" in str(notebook.try_cell("%simulate 50*ms --live rastr(cells)").error)
    assert (session.status, session.gave_way, magic_network.live_run) == ("ready", "", session)
    session.stop()


def test_a_panel_of_a_cell_that_failed_says_what_its_script_needs(notebook):
    notebook.run("drive = 1.1", NEURONS)
    notebook.try_cell("get_ipython().run_line_magic('simulate', '1*ms --live raster(cells)')\n1/0")
    with pytest.raises(ArgumentError, match="has not come to its end") as error:
        notebook["panel"].script()
    assert "run one again that ended with an error" in str(error.value)


def test_a_panel_outside_of_cells_says_that_its_script_needs_them(notebook):
    notebook.run("drive = 1.1", NEURONS)
    panel = live_panel(1 * ms, network=magic_network)
    with pytest.raises(ArgumentError, match="made from the cells of a notebook") as error:
        panel.script()
    assert "make the panel in a cell of a notebook" in str(error.value)
    panel.close()


def test_panels_made_in_python_are_replayed_bit_for_bit(notebook):
    """Of the visible objects and of a network, in one cell and one after the other, and again from the start."""
    notebook.run(
        "from jupyspike.widgets import Raster, live_panel\ndrive = 1.1", NEURONS,
        "alone = NeuronGroup(9, 'dv/dt = (1.5 - v)/tau + 0.2*xi/sqrt(tau) : 1', threshold='v > 1', reset='v = 0',"
        " namespace={'tau': 5*ms}, name='alone')\nnet = Network(alone)\ndel alone\npanels = []",
        "tau_slider = Slider('cells.tau', 1*ms, 50*ms)\n"
        "panel = live_panel(100*ms, Raster(cells), sliders=[tau_slider]); panel\n"
        "panels.append(live_panel(50*ms, Raster(net['alone']), network=net, sliders=[Slider('tau', 1*ms, 9*ms)]))",
    )  # fmt: skip
    live(notebook, ("cells.tau", 0.02))
    notebook.names["panel"], first = notebook["panels"][0], notebook["panel"]
    live(notebook, ("tau", 0.003))
    notebook.run("print(panels[0].caption())\ncells.v = 'rand()'\nmine = live_panel(60*ms, Raster(cells))")
    again = notebook["panel"]._session
    again.reset()
    live(notebook, ("tau", 0.002), ("tau", 0.009))
    notebook.names["panel"], other = notebook["mine"], notebook["panel"]
    live(notebook, ("cells.drive", 1.3))
    spikes = notebook["mine"].replay()
    for name, panel in (("cells", notebook["mine"]), ("alone", other)):
        times, neurons = panel.views[0].sources[0].all()
        np.testing.assert_array_equal(np.asarray(spikes[name][0]), times)
        np.testing.assert_array_equal(spikes[name][1], neurons)
        assert len(times) > 20
    text = first.script()
    assert "'cells.tau', 0.02)" in text and "0.003" not in text and "1.3)" not in text
    assert notebook["mine"].script().count("_cells.live_run(") == 3


@pytest.mark.parametrize(
    "cell, python",
    [
        ("x = 1", "x = 1\n"),
        ("for k in range(2):\n    !ls", "for k in range(2):\n    pass  # get_ipython().system('ls')\n"),
        ("%simulate 1*second", "_cells.simulate('1*second')\n"),
        ("p = live_panel(1*second); p", "p = live_panel(1 * second)\n# p\n"),
        ("a = 1; ps += [live_panel(1*second)]", "a = 1; ps += [live_panel(1*second)]\n"),
        ("print(p,\n  1)\ns = ';'", "# print(p, 1)\ns = ';'\n"),
        ("%%neurons a -n 2\nv : 1\n", '_cells.neurons(\'a -n 2\', """\nv : 1\n""")\n'),
    ],
)
def test_cells_as_python(cell, python):
    assert as_python(cell, {"p", "ps"}) == python


@pytest.mark.parametrize("said", ["plain", r"a \n b \frac", 'says """so"""', r"ends with \"", "{braces} %s 'quotes'"])
def test_the_text_of_a_cell_comes_back_from_its_script_as_it_was(said):
    body, found = f"v : 1  # {said}", []
    cells = SimpleNamespace(neurons=lambda line, text: found.append((line, text)))
    exec(as_python(f"%%neurons a -n 2\n{body}\n"), {"_cells": cells})
    assert found == [("a -n 2", f"\n{body}\n")]


def test_a_cell_run_again_with_other_equations_lets_the_open_panel_go_on_and_the_script_tells_it(notebook):
    notebook.run("drive = 1.1", NEURONS, SYNAPSES, "%simulate 1000*second --live raster(cells)")
    panel = notebook["panel"]
    session = panel._session
    session.run_for(20e-3)
    wait_until(lambda: session.time >= 20e-3 - 1e-9)
    notebook.run("drive = 1.2\nprint(\n    panel.caption())")
    ran = notebook.run(NEURONS.replace("(drive - v)/tau", "(drive*1.2 - v + sin(t*10*Hz))/tau"))
    assert "the live panel goes on with it" in ran.shown[0]
    assert session.status == "stopped" and panel.children == notebook["panel"].children
    new = notebook["panel"]._session
    assert (new.status, new.time, new.duration) == ("ready", 0, 1000)
    new.run_for(50e-3)
    wait_until(lambda: new.status == "paused")
    new.set("cells.tau", 0.03)
    new.run_for(50e-3)
    wait_until(lambda: new.status == "paused")
    times, neurons = notebook["panel"].replay()["cells"]
    shown = notebook["panel"].views[0].sources[0].all()
    np.testing.assert_array_equal(np.asarray(times), shown[0])
    np.testing.assert_array_equal(neurons, shown[1])
    assert len(neurons) > 30
    new.stop()


def test_what_keeps_an_open_panel_from_going_on_is_told(notebook):
    notebook.run("drive = 1.1", NEURONS, "%simulate 1000*second --live trace(cells.v, 29)")
    panel = notebook["panel"]
    ran = notebook.run(NEURONS.replace("-n 30", "-n 5"))
    assert "the live panel has stopped and keeps what it shows" in ran.shown[0]
    assert "numbers from 0 to 4" in ran.shown[0]
    assert panel._session.status == "stopped" and panel.children
    assert "This run ended before it had begun, because" in panel.error.value
    assert "numbers from 0 to 4" in panel.error.value
    panel.controls.reset.click()
    assert "cannot go back to its start" in panel.error.value and "numbers from 0 to 4" in panel.error.value


def test_a_panel_that_goes_on_again_and_again_takes_one_place_and_keeps_nothing_of_those_between(notebook):
    notebook.run("drive = 1.1", NEURONS, "%simulate 1000*second --live raster(cells)")
    first = notebook["panel"]
    for factor in (2, 3):
        notebook.run(NEURONS.replace("drive - v", f"{factor}*drive - v"))
        assert first.children == notebook["panel"].children
        between = weakref.ref(notebook["panel"])
    notebook.run(NEURONS)
    gc.collect()
    assert between() is None and not first.closed
    assert first.children == notebook["panel"].children
    notebook["panel"].close()
    assert first.closed


def test_a_live_run_goes_on_without_a_group_that_has_nothing_to_do_with_it_until_they_are_connected(notebook):
    notebook.run("drive = 1.1", NEURONS, "%simulate 1000*second --live raster(cells)")
    panel, other = notebook["panel"], NEURONS.replace("cells", "others")
    panel._session.run_for(20e-3)
    wait_until(lambda: panel._session.status == "paused")
    for cell in (other, other, SYNAPSES.replace("cells", "others").replace("loop", "apart")):
        assert "the live run goes on without it" in notebook.run(cell).shown[0]
    notebook.run("import numpy as np; numbers = np.arange(3)", NEURONS.replace("cells", "numbers"))
    assert notebook["panel"] is panel and panel._session.time == pytest.approx(20e-3)
    ran = notebook.run(SYNAPSES.replace("-> cells", "-> others"))
    assert "the live panel goes on with it" in ran.shown[0]
    new = notebook["panel"]
    assert new is not panel and new._session.time == 0
    new._session.run_for(50e-3)
    wait_until(lambda: new._session.status == "paused")
    times, neurons = new.replay()["cells"]
    assert len(neurons) > 30
    np.testing.assert_array_equal(np.asarray(times), new.views[0].sources[0].all()[0])
    new._session.stop()


def test_a_panel_that_was_displayed_once_more_goes_on_there_too(notebook):
    notebook.run("drive = 1.1", NEURONS, "%simulate 1000*second --live raster(cells)")
    notebook.run(NEURONS.replace("drive - v", "2*drive - v"))
    second = notebook["panel"]
    second._is_shown = True  # as when a cell says: panel
    notebook.run(NEURONS)
    assert second.children == notebook["panel"].children and not second.closed
    notebook["panel"]._session.stop()
