"""``%live`` and ``%simulate --live``: which views a panel has, and what happens to its run."""

import pytest

from jupyspike import magic_network, ms
from jupyspike.magics import simulate
from jupyspike.magics.notebook import Views
from jupyspike_engine.objects.frames import called_from

EXC = """%%neurons exc -n 10
dv/dt = (2*mV - v)/tau : volt
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


def views_of(network, line):
    network.run(line)
    return network.magics.notebook.views


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("%live raster(exc)", Views(("exc",), (), ())),
        ("%live raster(exc) rate(exc) trace(exc.v, [0, 1])", Views(("exc",), ("exc",), (("exc", "v", [0, 1]),))),
        ("%live trace(inh.u), trace(inh.w, 3), rate(exc)", Views((), ("exc",), (("inh", "u", [0]), ("inh", "w", [3])))),
        ("%live raster( exc )   # only this", Views(("exc",), (), ())),
        ("%live", None),
    ],
)
def test_views_are_chosen(network, line, views):
    assert views_of(network, line) == views


def test_the_line_is_answered(network):
    assert network.run("%live raster(exc)").shown == []  # the value of the cell is shown by the notebook
    card = network.magics.live("rate(exc)")
    assert repr(card) == "live panels show: rate(exc)"
    assert repr(network.magics.live("")) == "live panels show their usual views"


def session_of(network, line):
    """The run of a panel that is not displayed: nobody has started it."""
    with called_from(network.names):
        simulate.simulate(f"{line} --live", network.magics.notebook)
    return network.magics.notebook.session


def test_without_a_person_who_watches_a_live_run_runs_to_its_end(network):
    network.run("%simulate 50*ms --live")
    assert network.magics.notebook.session.status == "finished"
    assert magic_network.t_ == pytest.approx(0.05)


def test_a_panel_shows_by_default_what_there_is(network):
    session = session_of(network, "50*ms")
    assert [group.name for group in session.groups] == ["exc", "inh"]
    assert [parameter.name for parameter in session.parameters] == ["exc.tau"]
    session.play()
    assert session.wait(20)
    assert len(session.spikes("exc").read()[0]) > 0
    for group, variable in (("exc", "v"), ("inh", "u")):
        assert session.trace(group, variable, [0]).read()[1].shape == (500, 1)


def test_a_panel_shows_the_chosen_views(network):
    network.run("%live trace(exc.v, [0, 3]) trace(exc.v, [4])")
    session = session_of(network, "50*ms")
    session.play()
    assert session.wait(20)
    times, values = session.trace("exc", "v", [4]).read()
    assert values.shape == (500, 1)
    assert len(times) == 500


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


def test_notes_of_a_live_run_are_printed(network):
    network.run("%simulate 1*ms", EXC)
    ran = network.run("%simulate 1*ms --live")
    assert "exc is new or changed: the network begins again at t = 0" in ran.printed
