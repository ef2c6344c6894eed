"""Where results come from is kept with them."""

import json

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    load_recording,
    ms,
    mV,
    prefs,
    seed,
)
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


def test_it_is_kept_beside_what_is_recorded_to_disk(tmp_path):
    prefs.codegen.target = "numpy"
    network = made()
    network.add(StateMonitor(network["exc"], "v", record=True, to=tmp_path / "trace", name="trace"))
    network.run(1 * ms, namespace=VALUES)
    prepared = network.prepare(2 * ms, VALUES)
    network.tell_of_run()
    prepared.simulation.change("g0_tau", 8e-3)
    prepared.simulation.run()
    network.finish(prepared)
    first, second = load_recording(tmp_path / "trace").provenance
    assert (first["seed"], first["start"], first["constants"]["exc.tau"], first["changes"]) == (7, 0, 5e-3, [])
    assert (second["start"], second["constants"]["exc.tau"], len(second["changes"])) == (1e-3, 8e-3, 1)
    assert "dv/dt = (E - v)/tau : volt" in first["models"]["exc"]
    assert len((tmp_path / "trace" / "provenance.jsonl").read_text().splitlines()) == 3


def test_it_goes_with_data_frames():
    network = made()
    assert "provenance" not in network["exc"].get_states("v", units=False, format="pandas").attrs
    spikes = SpikeMonitor(network["exc"], name="spikes")
    network.add(spikes)
    network.run(1 * ms, namespace=VALUES)
    for item in (network["exc"], network["drive"], spikes):
        frame = item.get_states(units=False, format="pandas")
        assert frame.attrs["provenance"]["constants"] == network.provenance["constants"]
        assert frame.head(1).attrs["provenance"]["seed"] == 7


def test_it_goes_with_a_project(tmp_path):
    network = made()
    network.export(tmp_path / "project", 1 * ms, namespace=VALUES)
    told = json.loads((tmp_path / "project" / "provenance.json").read_text())
    network.run(1 * ms, namespace=VALUES)
    here = network.provenance
    assert here.keys() - told.keys() == {"target", "program", "changes"}
    del told["date"]
    assert told == {name: here[name] for name in told}


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
