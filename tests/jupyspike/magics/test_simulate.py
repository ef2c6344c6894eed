"""``%simulate``: going on, beginning again, and what takes part."""

import re
import warnings

import numpy as np
import pytest

from jupyspike import SimulationWarning, magic_network, ms, prefs, second, seed
from jupyspike_engine.build.builder import compilations

NOISY = """%%neurons exc -n 30
dv/dt = (2.5*mV - v)/tau + mV*sqrt(2/tau)*xi : volt (unless refractory)
threshold: v > 2*mV
reset: v = 0*mV
refractory: 2*ms
tau = 10*ms in [5*ms, 20*ms]
initial: v = rand()*mV
"""
DRIVE = """%%synapses exc -> exc --name drive
w : volt
on_pre: v += w
connect: i != j, p=0.3
delay: 1*ms
initial: w = 0.1*mV
"""


@pytest.fixture
def network(notebook):
    seed(7)
    notebook.run(NOISY, DRIVE, "spikes = SpikeMonitor(exc)")
    return notebook


def spikes_of(network):
    return network["spikes"].i.tolist(), network["spikes"].t_.tolist()


def test_a_run_goes_on_where_the_last_one_ended(network):
    network.run("%simulate 60*ms", "whole = (spikes.i.tolist(), spikes.t_.tolist())")
    network.run("%simulate 20*ms --restart", "%simulate 30*ms", "%simulate 10*ms")
    assert magic_network.t_ == pytest.approx(0.06)
    assert spikes_of(network) == network["whole"]
    assert len(network["whole"][0]) > 20


def test_a_restart_repeats_bit_for_bit(network):
    network.run("%simulate 60*ms")
    first, state = spikes_of(network), np.asarray(network["exc"].v).tobytes()
    for _ in range(2):
        network.run("%simulate 60*ms --restart")
        assert spikes_of(network) == first
        assert np.asarray(network["exc"].v).tobytes() == state


def test_a_restart_gives_synapses_their_weights_back_however_they_are_stored(notebook):
    seed(7)
    notebook.run(
        NOISY, DRIVE.replace("v += w", "v += w; w *= 1.1").replace("1*ms", "(0.2 + 3*rand())*ms"),
        "spikes = SpikeMonitor(exc)", "drive.w = '(0.02 + 0.001*i + 0.002*j)*mV'", "%simulate 60*ms",
    )  # fmt: skip
    first, weights = spikes_of(notebook), np.asarray(notebook["drive"].w).tolist()
    assert notebook["drive"].numbering is not None  # they are stored by delay now
    notebook.run("%simulate 60*ms --restart")
    assert spikes_of(notebook) == first and np.asarray(notebook["drive"].w).tolist() == weights


def test_a_restart_begins_with_what_python_had_set(network):
    network.run("exc.v = 'i*0.05*mV'; drive.w = 'i*0.01*mV'", "%simulate 30*ms")
    first = spikes_of(network)
    network.run("%simulate 10*ms", "%simulate 30*ms --restart")
    assert spikes_of(network) == first
    assert np.asarray(network["drive"].w).max() > 0.2e-3


def test_values_that_a_run_does_not_change_stay_as_they_were_set_between_runs(network):
    network.run("%simulate 10*ms", "drive.w = 0.2*mV", "%simulate 10*ms --restart")
    np.testing.assert_allclose(np.asarray(network["drive"].w), 0.2e-3)


def test_a_restart_takes_back_what_sliders_moved(network):
    network.run("%simulate 30*ms")
    first = spikes_of(network)
    network["exc"].namespace["tau"] = 5 * ms
    network.run("%simulate 30*ms --restart")
    assert network["exc"].namespace["tau"] == 10 * ms
    assert spikes_of(network) == first


def test_a_changed_cell_begins_again_and_says_so(network):
    network.run("%%neurons still\nv : 1", "%simulate 20*ms")
    first = spikes_of(network)
    network.run(NOISY.replace("-n 30", "-n 31"), "spikes = SpikeMonitor(exc)")
    shown = network.run("%simulate 20*ms").shown[-1]
    assert "drive, exc are new or changed: the network begins again at t = 0" in shown
    assert "t = 0 s to 0.02 s" in shown
    assert spikes_of(network) != first
    assert "changed" not in network.run("%simulate 20*ms").shown[-1]
    assert magic_network.t_ == pytest.approx(0.04)


def test_the_other_cells_begin_again_with_a_changed_one(network):
    still = "%%neurons still -n 3\ndv/dt = -v/(10*ms) : volt\ninitial: v = 5*mV"
    network.run(still, "trace = StateMonitor(still, 'v', 0)", "%simulate 20*ms", NOISY, "%simulate 10*ms")
    np.testing.assert_allclose(network["trace"].v_[0][0], 5e-3)
    assert len(network["trace"].t) == 100


def test_objects_of_python_take_part_and_begin_again_too(network):
    network.run(
        "P = PoissonGroup(20, 300*Hz)\nG = NeuronGroup(2, 'dx/dt = 1/second : 1')",
        "%%synapses P -> exc --name feed\non_pre: v += 0.5*mV\nconnect: all",
        "arrived = SpikeMonitor(P)",
        "%simulate 50*ms",
    )
    first = spikes_of(network), network["arrived"].i.tolist()
    assert network["arrived"].num_spikes > 100
    np.testing.assert_allclose(np.asarray(network["G"].x), 0.05)
    network.run("%simulate 50*ms --restart")
    assert (spikes_of(network), network["arrived"].i.tolist()) == first
    np.testing.assert_allclose(np.asarray(network["G"].x), 0.05)
    network.run("late = PoissonGroup(3, 10*Hz)")
    assert "late is new or changed" in network.run("%simulate 50*ms").shown[-1]
    np.testing.assert_allclose(np.asarray(network["G"].x), 0.05)


def test_what_only_watches_may_come_later(network):
    network.run("%simulate 20*ms", "trace = StateMonitor(exc, 'v', 0)", "part = exc[0:5]; some = SpikeMonitor(part)")
    assert "changed" not in network.run("%simulate 20*ms").shown[-1]
    assert network["trace"].t_[0] == pytest.approx(0.02)


def test_a_restart_forgets_what_was_averaged_at_spikes(network):
    network.run("field = SpikeTriggeredAverage(exc, exc, 'v', window=2*ms)", "%simulate 60*ms")
    first = network["field"].num_spikes.tolist(), network["field"].average_.tobytes()
    assert sum(first[0]) > 20
    network.run("%simulate 60*ms --restart")
    assert (network["field"].num_spikes.tolist(), network["field"].average_.tobytes()) == first


def test_a_monitor_of_another_network_keeps_what_it_has(network):
    network.run("start_scope()\nH = NeuronGroup(1, 'dx/dt = 1/ms : 1'); other = StateMonitor(H, 'x', 0)")
    network.run(
        "net = Network(H, other); net.run(5*ms)", "start_scope()", NOISY, "%simulate 5*ms", "%simulate 5*ms --restart"
    )
    assert len(network["other"].t) == 50


def test_a_run_that_cannot_start_changes_nothing(network):
    network.run("%simulate 20*ms")
    before = spikes_of(network), np.asarray(network["exc"].v).tobytes(), magic_network.t
    network.run("%%neurons more\ndv/dt = (goal - v)/ms : volt")
    for line in ("%simulate 10*ms", "%simulate 10*ms --restart"):
        ran = network.try_cell(line)
        assert "the name 'goal' is not known" in ran.printed
        assert (spikes_of(network), np.asarray(network["exc"].v).tobytes(), magic_network.t) == before
    network.run("goal = 3*mV", "%simulate 10*ms")


def test_values_of_the_notebook_take_effect_without_a_compilation(notebook):
    prefs.codegen.target = "auto"
    notebook.run("goal = 3*mV; wait = 10*ms", "%%neurons exc -n 3\ndv/dt = (goal - v)/wait : volt", "%simulate 200*ms")
    compiled = compilations()
    np.testing.assert_allclose(np.asarray(notebook["exc"].v), 3e-3, rtol=1e-6)
    notebook.run("goal = -1*mV; wait = 5*ms", "%simulate 200*ms")
    np.testing.assert_allclose(np.asarray(notebook["exc"].v), -1e-3, rtol=1e-6)
    notebook.run("%%neurons exc -n 700\ndv/dt = (goal - v)/wait : volt\ninitial: v = 9*mV", "%simulate 1*ms --restart")
    assert compilations() == compiled


def test_a_duration_may_be_an_expression(notebook):
    notebook.run("%%neurons exc\nv : 1", "part = 0.25", "%simulate part * (1*second) - 50*ms  # a fifth")
    assert magic_network.t == 0.2 * second


def test_what_a_run_says(network):
    lines = network.run("%simulate 100*ms").shown[-1].splitlines()
    assert lines[0].startswith("simulated 0.1 s (t = 0 s to 0.1 s) in ")
    wall, factor = re.search(r" in ([\d.]+) s, ([\d.e+-]+) times real time$", lines[0]).groups()
    assert float(factor) == pytest.approx(0.1 / float(wall), rel=0.1)
    assert lines[1].startswith("program: interpreted by numpy (numpy); ready after ")
    count = network["spikes"].num_spikes
    assert lines[2] == f"exc: {count:,} spikes of 30 neurons, {count / 30 / 0.1:.2f} Hz each"


def test_a_run_of_no_time_is_a_run(network):
    shown = network.run("%simulate 0*ms").shown[-1]
    assert "t = 0 s to 0 s" in shown
    assert "Hz" not in shown


def test_a_warning_of_a_run_shows_no_line_of_code(notebook):
    notebook.run("%%neurons exc\ndv/dt = v**2/(mV*ms) : volt\ninitial: v = 20*mV")
    for _ in range(2):
        with pytest.warns(SimulationWarning, match=r"exc\.v\[0\] became") as caught:
            notebook.run("%simulate 100*ms --restart")
        (warning,) = caught
        told = warnings.formatwarning(warning.message, warning.category, warning.filename, warning.lineno)
        assert told == f"cell:1: SimulationWarning: {warning.message}\n"
