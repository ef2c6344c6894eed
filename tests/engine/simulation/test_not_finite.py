"""A variable that becomes infinite or no number is reported: which, of which neuron, when, and what to try."""

import re
import warnings

import pytest

from jupyspike import Network, NeuronGroup, SimulationWarning, StateMonitor, Synapses, ms, run


def warning_of(duration, network=None):
    with pytest.warns(SimulationWarning) as caught:
        network.run(duration)
    (warning,) = caught
    return warning


def test_the_warning_names_variable_neuron_time_and_what_to_try(target):
    group = NeuronGroup(5, "dv/dt = v**2/ms : 1\nw : 1", name="exploding")
    group.v = [0, 0, 0, 2, 0]
    warning = warning_of(5 * ms, Network(group))
    text = str(warning.message)
    found = re.fullmatch(r"exploding\.v\[3\] became (inf|nan) at about t = ([\d.e+]+) ms\. (.*)", text)
    assert found, text
    assert 0.5 <= float(found[2]) <= 5
    assert "smaller dt" in found[3] and "method" in found[3]
    assert warning.filename == __file__


def test_the_run_goes_to_its_end_and_other_neurons_are_right(target):
    group = NeuronGroup(2, "dv/dt = (v - v + 1)*x/ms : 1\nx : 1", method="euler")
    group.x = [float("inf"), 1]
    network = Network(group)
    with pytest.warns(SimulationWarning):
        network.run(5 * ms)
    assert round(network.t_, 9) == 5e-3
    assert round(group.v[1], 9) == 5


def test_a_division_by_zero_is_seen(target):
    group = NeuronGroup(3, "dv/dt = (1 - v)/tau : 1\ntau : second", name="divided")
    group.tau = [10, 0, 10] * ms
    text = str(warning_of(1 * ms, Network(group)).message)
    assert text.startswith("divided.v[1] became")
    assert "division by zero" in text
    assert (group.v[:][[0, 2]] > 0).all()


def test_variables_of_synapses_are_watched_too(target):
    group = NeuronGroup(1, "v : 1", threshold="True")
    synapses = Synapses(group, group, "dw/dt = w**2/ms : 1 (clock-driven)", name="wires")
    synapses.connect(n=3)
    synapses.w = [0, 0, 5]
    assert str(warning_of(5 * ms, Network(synapses)).message).startswith("wires.w[2] became")


def test_infinite_parameters_are_no_problem(target):
    group = NeuronGroup(2, "dv/dt = -v/ms : 1\nlimit : 1", threshold="v > limit")
    group.limit = float("inf")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(1 * ms)


def test_one_run_warns_once(target):
    group = NeuronGroup(100, "dv/dt = v**2/ms : 1")
    group.v = 5
    trace = StateMonitor(group, "v", record=0)
    warning_of(50 * ms, Network(group, trace))
