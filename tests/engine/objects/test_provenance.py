"""Where results come from is kept with them."""

import json

import numpy as np
import pytest

from jupyspike import ArgumentError, Network, NeuronGroup, Synapses, ms, mV, prefs, seed
from jupyspike_engine.build.compilers import find_compiler


def made():
    seed(7)
    group = NeuronGroup(
        3, "dv/dt = (E - v)/tau : volt", threshold="v > 1*mV", reset="v = 0*mV", refractory=2 * ms, name="exc"
    )
    synapses = Synapses(group, group, on_pre="v_post += we", delay=1 * ms, name="drive")
    synapses.connect()
    return Network(group, synapses)


VALUES = {"E": 2 * mV, "tau": 5 * ms, "we": 0.1 * mV}


def test_a_run_tells_what_it_was_made_with(target):
    network = made()
    network.run(3 * ms, namespace=VALUES)
    told = network.provenance
    assert told["constants"] == pytest.approx(
        {"exc.E": 2e-3, "exc.tau": 5e-3, "exc.refractory": 2e-3, "drive.we": 1e-4}
    )
    assert (told["seed"], told["target"], told["start"], told["duration"]) == (7, target, 0, 3e-3)
    assert "dv/dt = (E - v)/tau : volt" in told["models"]["exc"] and "v_post += we" in told["models"]["drive"]
    assert told["numpy"] == np.__version__ and told["dt"] == [1e-4]
    compiler = find_compiler()
    assert told["compiler"] == (compiler and compiler.version)
    assert json.loads(json.dumps(told)) == told


def test_before_a_run_there_is_nothing_to_tell():
    with pytest.raises(ArgumentError, match="has not run"):
        _ = made().provenance


def test_it_is_kept_with_a_stored_state(tmp_path):
    network = made()
    network.run(1 * ms, namespace=VALUES)
    network.store(filename=tmp_path / "state.npz")
    with np.load(tmp_path / "state.npz") as archive:
        description = json.loads(bytes(archive["description"]))
    facts = description["states"]["default"]["facts"]
    assert facts["provenance"]["seed"] == 7 and facts["provenance"]["constants"]["exc.tau"] == 5e-3


def test_changes_on_the_way_are_told():
    prefs.codegen.target = "numpy"
    network = made()
    prepared = network.prepare(2 * ms, VALUES)
    prepared.simulation.change("g0_tau", 8e-3)
    prepared.simulation.run()
    network.finish(prepared)
    told = network.provenance
    assert told["constants"]["exc.tau"] == 8e-3
    assert told["changes"] == [{"step": 0, "parameter": "g0_tau", "value": 8e-3}]
