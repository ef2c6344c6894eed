"""Changing a value never compiles anything: equations make the program, numbers are given to it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyspike import (
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    PopulationRateMonitor,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    ms,
    mV,
    prefs,
    seed,
)  # fmt: skip
from jupyspike_engine.build.builder import compilations
from jupyspike_engine.targets.cpp.source import cpp_source

USUAL = {
    "size": 30,
    "inputs": 20,
    "tau": 10 * ms,
    "count": 3,
    "leak": "-70*mV",
    "threshold": "-50*mV",
    "refractory": 2 * ms,
    "weight": 0.5 * mV,
    "delay": 1 * ms,
    "p": 0.3,
    "rate": 50 * Hz,
    "dt": 0.1 * ms,
    "names": ("neurons", "poisson", "synapses_of_both", "spikes"),
    "part": slice(0, 10),
    "record": [0, 1],
    "jump": "1*mV",
    "duration": 3 * ms,
}


def network(**changes) -> Network:
    """A network with a bit of everything, made of the usual values but for the given ones."""
    values = {**USUAL, **changes}
    name, inputs_name, synapses_name, spikes_name = values["names"]
    neurons = NeuronGroup(
        values["size"],
        f"""dv/dt = ({values["leak"]} - v + g)/tau : volt (unless refractory)
        dg/dt = -g/(5*ms) + 0*mV*count/second : volt""",
        threshold=f"v > {values['threshold']}",
        reset=f"v = {values['leak']}; g += {values['jump']}",
        refractory=values["refractory"],
        namespace={"tau": values["tau"], "count": values["count"]},
        dt=values["dt"],
        name=name,
    )
    neurons.v = values.get("start", -60 * mV)
    inputs = PoissonGroup(values["inputs"], rates=values["rate"], dt=values["dt"], name=inputs_name)
    synapses = Synapses(inputs, neurons, "w : volt", on_pre="g += w", delay=values["delay"], name=synapses_name)
    synapses.connect(p=values["p"])
    synapses.w = values["weight"]
    return Network(
        neurons, inputs, synapses,
        SpikeMonitor(neurons[values["part"]], name=spikes_name),
        StateMonitor(neurons, "v", record=values["record"]),
        PopulationRateMonitor(inputs),
    )  # fmt: skip


def source(**changes) -> str:
    made = network(**changes)
    made.run(0 * ms)
    return cpp_source(made.last.compiled.plan).text


CHANGES = [
    {"size": 31},
    {"inputs": 1},
    {"tau": 25 * ms},
    {"count": 4},
    {"count": 4.5},
    {"leak": "-65*mV"},
    {"leak": "-0.0655*volt"},
    {"threshold": "-55.25*mV"},
    {"refractory": 4 * ms},
    {"weight": 0.1 * mV},
    {"weight": "rand()*mV"},
    {"start": "-60*mV + i*mV/N"},
    {"delay": 0 * ms},
    {"p": 1.0},
    {"p": 0.0},
    {"rate": 5 * Hz},
    {"dt": 0.05 * ms},
    {"part": slice(5, 20)},
    {"record": True},
    {"record": []},
    {"jump": "0.25*mV"},
    {"names": ("excitatory", "thalamus", "drive", "watch")},
    {"names": ("neurongroup*", "poissongroup*", "synapses*", "spikemonitor*")},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: "_".join(f"{k}={v}" for k, v in changes.items()))
def test_the_source_stays_the_same_when_a_value_changes(changes):
    assert source(**changes) == source()


def test_the_source_changes_with_the_equations():
    usual = source()
    assert source(threshold="-50*mV + g") != usual
    assert source(refractory="v > -55*mV") != usual
    assert source(jump="1*mV*N/3") != usual


def test_no_compiler_is_called_when_values_change():
    prefs.codegen.target = "cpp"
    network().run(USUAL["duration"])
    before = compilations()
    for number, changes in enumerate(CHANGES):
        seed(number)
        made = network(**changes)
        made.run((1 + number % 3) * ms)
        made.run(1 * ms)
        assert made.last.compiled.program.origin == "from the cache"
    assert compilations() == before


@pytest.mark.parametrize("numbering", [("synapses_9", "synapses_10"), ("synapses", "synapses_1")])
def test_numbers_that_names_get_do_not_change_the_order_of_what_happens(numbering):
    """In a notebook that is run again the same objects get names with higher numbers."""
    first = _two_pathways("synapses_1", "synapses_2")
    assert _two_pathways(*numbering) == first


def _two_pathways(name, other):
    group = NeuronGroup(2, "v : 1", threshold="v > 0")
    make = [Synapses(group, on_pre="v += 1", name=name), Synapses(group, on_pre="v *= 2", name=other)]
    made = Network(group, *make)
    made.run(0 * ms)
    return cpp_source(made.last.compiled.plan).text


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from test_values_are_data import source
from jupyspike import prefs
prefs.codegen.target = "numpy"
print(source())
"""


def test_the_source_is_the_same_in_every_process():
    """It is the key of the cache, so it must not depend on the order in which sets are walked through."""
    texts = set()
    for hash_seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent)]
        texts.add(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    assert texts == {source() + "\n"}
