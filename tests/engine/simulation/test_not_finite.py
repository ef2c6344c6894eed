"""A variable that becomes infinite or no number is reported: which, of which neuron, when, and what to try."""

import re
import warnings

import numpy as np
import pytest

from jupyspike import Network, NeuronGroup, SimulationWarning, StateMonitor, Synapses, ms, run


def warning_of(duration, network=None):
    with pytest.warns(SimulationWarning) as caught:
        network.run(duration)
    (warning,) = caught
    return warning


@pytest.mark.every_target
@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_the_warning_names_variable_neuron_time_step_and_what_to_try(target, method):
    group = NeuronGroup(5, "dv/dt = v**2/ms : 1\nw : 1", name="exploding", method=method)
    group.v = [0, 0, 0, 2, 0]
    trace = StateMonitor(group, "v", record=3)
    warning = warning_of(5 * ms, Network(group, trace))
    found = re.fullmatch(
        r"exploding\.v\[3\] became (inf|nan) in the time step at t = ([\d.]+) ms\. "
        r"Try a smaller dt, or another method; or look for a division by zero in the equations, or for .* before\.",
        str(warning.message),
    )
    assert found, str(warning.message)
    last_finite = trace.t[np.isfinite(trace.v[0])][-1]  # the sample before the step
    assert float(found[2]) == pytest.approx(last_finite / ms)
    assert warning.filename == __file__


def test_all_that_becomes_infinite_in_the_step_is_counted_and_the_first_are_named(target):
    group = NeuronGroup(6, "dv/dt = v**2/ms : 1\ndw/dt = v**2/ms : 1", name="exploding", method="euler")
    group.v = [0, 1, 1, 0.5, 1, 1]
    text = str(warning_of(5 * ms, Network(group)).message)
    assert re.match(
        r"exploding\.v\[1\] became inf in the time step at t = \d\.\d ms "
        r"\(and 7 more: exploding\.v\[2\], exploding\.v\[4\], exploding\.v\[5\], \.\.\.\)\. ", text
    ), text  # fmt: skip


@pytest.mark.every_target
def test_the_step_is_that_of_the_clock_of_the_group(target):
    group = NeuronGroup(1, "dv/dt = 1e308*int(t > 0.65*ms)/ms**2*t*10 : 1", name="slow", dt=0.3 * ms, method="euler")
    other = NeuronGroup(1, "dx/dt = -x/ms : 1")
    text = str(warning_of(5 * ms, Network(other, group)).message)
    assert text.startswith("slow.v[0] became inf in the time step at t = 0.9 ms. ")


@pytest.mark.every_target
def test_what_the_reset_replaces_in_the_same_step_is_no_problem(target):
    group = NeuronGroup(2, "dv/dt = speed/ms : 1\nspeed : 1", threshold="v > 100", reset="v = 0", method="euler")
    group.speed = [float("inf"), 1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Network(group).run(2 * ms)
    group.speed = [1, 1]
    group.v = [0, float("nan")]
    net = Network(group)
    net.t_ = 2e-3
    assert "became nan in the time step at t = 2 ms" in str(warning_of(1 * ms, net).message)


def test_what_synapses_add_is_seen_when_the_equations_are_solved_next(target):
    source = NeuronGroup(1, "v : 1", threshold="t_in_timesteps == 4")
    group = NeuronGroup(2, "dv/dt = -v/ms : 1", name="driven")
    synapses = Synapses(source, group, "w : 1", on_pre="v += w")
    synapses.connect()
    synapses.w = [0, float("inf")]
    text = str(warning_of(5 * ms, Network(source, group, synapses)).message)
    assert text.startswith("driven.v[1] became inf in the time step at t = 0.5 ms. ")


def test_variables_that_are_solved_with_spikes_are_told_at_the_latest_at_the_end_of_the_run(target):
    group = NeuronGroup(1, "v : 1", threshold="True")
    synapses = Synapses(group, group, "da/dt = -a/ms : 1 (event-driven)", on_pre="a += 1/(t/ms)", name="wires")
    synapses.connect()
    text = str(warning_of(5 * ms, Network(synapses)).message)
    assert re.match(r"wires\.a\[0\] became (inf|nan) before t = [\d.]+ ms\. ", text), text


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
