"""Which slider was moved when."""

import pytest

from jupyspike import Network, NeuronGroup, ms
from jupyspike.widgets import Parameters, live_panel
from jupyspike.widgets.axes import legend_of
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.sources import ViewError
from jupyspike_engine.objects.running.live import Range
from jupyspike_engine.simulation.changes import Move, Parameter
from jupyspike_engine.units import UNITS


@pytest.fixture
def network():
    group = NeuronGroup(1, "dv/dt = -v/tau : 1", namespace={"tau": 10 * ms}, name="slow", method="euler")
    return Network(group)


def test_moves_are_steps_between_the_ends_of_the_range(network):
    view = Parameters(network)
    panel = live_panel(20 * ms, view, ranges={"slow": {"tau": Range(5 * ms, 25 * ms)}}, network=network, speed=None)
    panel._session.set("slow.tau", 0.02)
    panel._answered({"kind": "ready"})
    assert panel._session.wait(20)
    (mark,) = view.plot.marks
    assert (mark.name, mark.label, mark.kind) == ("slow.tau", "slow.tau: 5 to 25 ms", "steps")
    line = view.draw(Look(Interval(0, 1))).data["slow.tau"]
    assert line.x == pytest.approx([0, 0, 0.02])
    assert line.y == pytest.approx([0.25, 0.75, 0.75])
    panel.close()


def test_a_value_is_drawn_from_its_move_on_also_while_time_stands(network):
    view = Parameters(network)
    network.sliders = (Parameter("slow.tau", 0.01, 0.005, 0.025, None, UNITS["ms"]),)
    states = [view.state]
    for value in (0.02, 0.015):  # the second one in the place of the first
        network.moves = [Move(0.3, "slow.tau", value)]
        states.append(view.state)
    assert len({str(state) for state in states}) == 3
    line = view.draw(Look(Interval(0, 1))).data["slow.tau"]
    assert line.x == pytest.approx([0.0, 0.3, 0.3]) and line.y == pytest.approx([0.25, 0.5, 0.5])


def test_of_very_many_sliders_the_first_are_drawn(network):
    network.sliders = tuple(Parameter(f"c{k}", 1.0, 0.0, 2.0, None, UNITS["ms"]) for k in range(30))
    assert [mark.name for mark in Parameters(network).plot.marks] == [f"c{k}" for k in range(24)]


def test_a_single_slider_is_named_in_the_legend(network):
    network.sliders = (Parameter("slow.tau", 0.01, 0.005, 0.025, None, UNITS["ms"]),)
    assert [mark.label for mark in legend_of(Parameters(network).plot)] == ["slow.tau: 5 to 25 ms"]


def test_without_sliders_there_is_nothing(network):
    view = Parameters(network)
    assert [mark.label for mark in view.plot.marks] == ["nothing has a slider"]
    assert view.draw(Look(Interval(0, 1))).data == {}


def test_what_is_no_network_is_refused():
    with pytest.raises(ViewError, match="is not a network"):
        Parameters(3)
