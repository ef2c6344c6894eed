"""``%live`` and ``%simulate --live``: which views a panel has, and what happens to its run."""

import pytest

from jupyspike import magic_network, ms, widgets
from jupyspike.magics import simulate
from jupyspike.widgets import VIEWS
from jupyspike.widgets.plots import Interval
from jupyspike.widgets.view import View
from jupyspike_engine.frames import called_from

EXC = """%%neurons exc -n 10
dv/dt = (2*mV + g - v)/tau : volt
dg/dt = -g/ms : volt
tau = 10*ms in [5*ms, 20*ms]
threshold: v > 1*mV
reset: v = 0*mV
"""
INH = "%%neurons inh -n 5\ndu/dt = -u/ms : volt\nw = 2*u : volt"


@pytest.fixture
def network(notebook):
    notebook.run(EXC, INH)
    yield notebook
    notebook.magics.notebook.end_session()


def shown_by(session):
    """What the views of a panel show: names of plots, and of what is drawn in them."""
    return {view.plot.name: [mark.name for mark in view.plot.marks if mark.kind != "image"] for view in session}


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("raster(exc)", {"raster": ["exc"]}),
        (
            "raster(exc) rate(exc, smoothing=5*ms) trace(exc.v, [0, 1])",
            {"raster": ["exc"], "rate": ["exc"], "exc.v": ["v[0]", "v[1]", "v[0] spikes", "v[1] spikes"]},
        ),
        ("trace(inh.u), trace(inh.w, 3), rate(exc)", {"inh.u": ["u[0]"], "inh.w": ["w[3]"], "rate": ["exc"]}),
        ("raster( exc[2:4] )   # only this", {"raster": ["exc[2:4]"]}),
        ("trace(inh.u[0, 4])", {"inh.u": ["u[0]", "u[4]"]}),
        ("trace(inh.u[1:3])", {"inh.u": ["u[1]", "u[2]"]}),
        ("spectrum(exc) isi(exc)", {"spectrum": ["exc"], "isi": ["exc"]}),
        ("phase(exc.v, exc.g)", {"phase exc v g": ["nullcline v", "nullcline g", "way", "now"]}),
        ("connectivity(s) weights(s.x)", {"connectivity SYNAPSES": ["matrix"], "weights SYNAPSES.x": ["share"]}),
        ("parameters()", {"parameters": ["exc.tau"]}),
    ],
)
def test_views_are_chosen(network, line, views):
    network.run("s = Synapses(exc, inh, 'x : 1'); s.connect()", f"%live {line}")
    views = {name.replace("SYNAPSES", network["s"].name): marks for name, marks in views.items()}
    session_of(network, "1*ms")
    assert shown_by(network.magics.notebook.shown) == views
    network.run("%live")
    session_of(network, f"1*ms --live {line}")
    assert shown_by(network.magics.notebook.shown) == views


CELL = """
morpho = Soma(diameter=20*um)
morpho.dend = Cylinder(length=100*um, diameter=2*um, n=3)
cell = SpatialNeuron(morpho, 'Im = g*(-70*mV - v) : amp/meter**2', name='cell', namespace={'g': 1*siemens/meter**2})
"""


def test_views_of_a_cell_with_a_shape(network):
    line = "morphology(cell.v) dendrogram(cell.v) morphology3d(cell.v, limits=(-80*mV, 40*mV)) kymograph(cell.v, to=2)"
    network.run(CELL)
    session_of(network, f"1*ms --live {line}")
    names = {"morphology": 1, "dendrogram": 2, "morphology3d": 1, "kymograph": 1}
    assert {k.split()[0]: len(marks) for k, marks in shown_by(network.magics.notebook.shown).items()} == names


POPULATION = CELL.replace("cell =", "cells =").replace("name='cell'", "name='cells', N=3")


@pytest.mark.parametrize(
    ("elements", "marks"),
    [
        ("[1, 2]", ["v[7]"]),  # in Python, cells.v[1, 2] is that of the third compartment of the second cell
        ("[:, 2]", ["v[6]", "v[7]", "v[8]"]),
        ("[2, 'dend']", ["v[5]", "v[8]", "v[11]"]),
        ("[3]", ["v[3]"]),
        (", [1, 2]", ["v[1]", "v[2]"]),
    ],
)
def test_brackets_behind_a_variable_of_cells_mean_what_they_mean_in_python(network, elements, marks):
    network.run(POPULATION)
    session_of(network, f"1*ms --live trace(cells.v{elements})")
    assert shown_by(network.magics.notebook.shown) == {"cells.v": marks}


def test_a_cell_that_does_not_exist_is_told_at_its_place(network):
    network.run(POPULATION)
    assert "'cells' has no cell 5" in str(network.try_cell("%live trace(cells.v[5, 0])").error)


def test_every_kind_of_view_has_a_class_and_a_line():
    for name, (_, view) in VIEWS.items():
        assert issubclass(getattr(widgets, view), View)
        assert name == name.lower()


def test_the_line_is_answered(network):
    assert network.run("%live raster(exc)").shown == []  # the value of the cell is shown by the notebook
    card = network.magics.live("rate(exc)")
    assert repr(card) == "live panels show: rate(exc)"
    assert repr(network.magics.live("")) == "live panels show their usual views"


def session_of(network, line):
    """The run of a panel that is not displayed: nobody has started it."""
    line = line if "--live" in line else f"{line} --live"
    with called_from(network.names):
        simulate.simulate(line, network.magics.notebook)
    return network.magics.notebook.session


def test_without_a_person_who_watches_a_live_run_runs_to_its_end(network):
    network.run("%simulate 50*ms --live")
    assert network.magics.notebook.session.status == "finished"
    assert magic_network.t_ == pytest.approx(0.05)


def test_a_panel_shows_by_default_what_there_is(network):
    session = session_of(network, "50*ms")
    assert [parameter.name for parameter in session.parameters] == ["exc.tau"]
    session.play()
    assert session.wait(20)
    raster, rate, v, u = network.magics.notebook.shown
    assert len(raster.sources[0].all()[0]) > 0
    assert rate.sources[0].monitor is raster.sources[0].monitor
    for trace in (v, u):
        assert trace.sources[0].within(Interval(0, 1))[1].shape == (500, 1)


def test_variables_of_several_traces_of_a_panel(network):
    network.run("%live trace(exc.v, [0, 3]) trace(exc.v, [4])")
    session = session_of(network, "50*ms")
    session.play()
    assert session.wait(20)
    times, values = network.magics.notebook.shown[1].sources[0].within(Interval(0, 1))
    assert values.shape == (500, 1)
    assert len(times) == 500


def test_views_of_the_last_panel_do_not_record_in_later_runs(network):
    session_of(network, "1*ms --live raster(exc)")
    assert len(network["exc"].watchers) == 1
    session_of(network, "1*ms --live trace(exc.v)")
    assert sorted(type(w).__name__ for w in network["exc"].watchers) == ["SpikeMonitor", "StateMonitor"]
    network.run("%simulate 1*ms")
    assert not list(network["exc"].watchers)


def test_a_line_that_only_chooses_lets_nothing_record(network):
    network.run("%live raster(exc) trace(exc.v)")
    assert not list(network["exc"].watchers)


def test_a_run_that_still_goes_on_is_ended_by_the_next(network):
    first = session_of(network, "1000*second --speed max")
    first.play()
    network.run("%simulate 1*ms --restart")
    assert first.status == "stopped"
    assert magic_network.t_ == pytest.approx(0.001)


def test_sliders_of_a_live_run_change_the_constants_until_a_restart(network):
    session = session_of(network, "1000*second --speed max")
    session.set("exc.tau", 0.02)
    session.play()
    while not session.log:
        session.wait(0.01)
    session.stop()
    assert network["exc"].namespace["tau"] == 20 * ms
    network.run("%simulate 1*ms")
    assert network["exc"].namespace["tau"] == 20 * ms
    network.run("%simulate 1*ms --restart")
    assert network["exc"].namespace["tau"] == 10 * ms


@pytest.mark.parametrize(
    ("speed", "value"), [("", 1.0), ("--speed 0.5", 0.5), ("--speed=max", None), ("--speed 2e3", 2000)]
)
def test_the_speed_of_a_live_run(network, speed, value):
    assert session_of(network, f"1*ms {speed}").speed == value


@pytest.mark.parametrize(
    ("window", "shown"), [("", 1.0), ("--window 20*ms", 0.02), ("--window=2*(10*ms)", 0.02), ("--window all", 2.0)]
)
def test_the_time_that_a_panel_shows(network, window, shown):
    session_of(network, f"2*second {window}")
    start, stop = network["panel"]._timeline.shown()
    assert stop - start == pytest.approx(shown)


@pytest.mark.parametrize("wrong", ["--window 0*ms", "--window -1*ms", "--speed 0", "--speed inf", "--speed -1"])
def test_no_time_is_no_window_and_what_is_not_above_zero_no_speed(network, wrong):
    said = "the window must be" if "window" in wrong else "is not a speed"
    ran = network.try_cell(f"%simulate 1*ms --live {wrong}")
    assert ran.error is not None and said in ran.printed


def test_views_of_a_panel_that_could_not_be_made_do_not_record(network):
    network.run("%%neurons open\ndv/dt = (goal - v)/ms : volt")
    assert "'goal' is not known" in network.try_cell("%simulate 1*ms --live raster(exc)").printed
    assert not list(network["exc"].watchers)


def test_what_was_made_before_a_new_scope_has_no_sliders_in_it(network):
    network.run("%%neurons other\ndv/dt = -v/tau : 1\ntau = 1*ms in [1*ms, 2*ms]")
    network.run("low, fast = Slider('E', -70*mV, 0*mV), Preset('fast', {'other.tau': 1*ms})", "E = -60*mV")
    network.run("start_scope()", "%%neurons cell\ndv/dt = (E - v)/tau : volt\ntau = 5*ms in [1*ms, 9*ms]")
    session = session_of(network, "1*ms")
    assert [parameter.name for parameter in session.parameters] == ["cell.tau"]
    network.run("low = Slider('E', -70*mV, 0*mV)")
    assert [parameter.name for parameter in session_of(network, "1*ms").parameters] == ["cell.tau", "E"]


def test_notes_of_a_live_run_are_printed(network):
    network.run("%simulate 1*ms", EXC)
    ran = network.run("%simulate 1*ms --live")
    assert "exc is new or changed: the network begins again at t = 0" in ran.printed


def test_a_panel_whose_run_ended_before_it_had_begun_says_why(network):
    """As when all cells are run at once."""
    session_of(network, "1000*second")
    before = network["panel"]
    session_of(network, "1*ms")
    network.run("two = 1 + 1")
    assert "This run ended before it had begun, because another run has begun." in before.error.value
    assert network["panel"].error.value == ""
