"""``run_cables.py MODEL TIMES``: the models of ``shapes.py``, in the language that jupyspike and brian2 share."""
# ruff: noqa: F403, F405

import os
import sys
from typing import Any

import numpy as np
from library import *
from measured import Measures, seconds
from shapes import (
    ACTIVE,
    CAPACITY,
    CELLS,
    CURRENT,
    DELAY,
    DURATION,
    POTASSIUM,
    RESISTANCE,
    RESISTIVITY,
    REST,
    SHAPES,
    SODIUM,
    STEP,
    SYNAPSES,
    TAU,
    WEIGHT,
    Shape,
    cost,
)  # fmt: skip
from shapes import synapse as place

STANDALONE = os.environ.get("BENCHMARK_DEVICE") == "cpp_standalone"
PASSIVE = "Im = gl*(rest - v) : amp/meter**2\nI : amp (point current)\n"
HODGKIN_HUXLEY = """
Im = gl*(rest - v) + gna*m**3*h*(ena - v) + gk*n**4*(ek - v) : amp/meter**2
I : amp (point current)
dm/dt = alpha_m*(1 - m) - 4*exp(-(v + 65*mV)/(18*mV))/ms*m : 1
dh/dt = 0.07*exp(-(v + 65*mV)/(20*mV))/ms*(1 - h) - h/(exp(-(v + 35*mV)/(10*mV)) + 1)/ms : 1
dn/dt = alpha_n*(1 - n) - 0.125*exp(-(v + 65*mV)/(80*mV))/ms*n : 1
alpha_m = 1/exprel(-(v + 40*mV)/(10*mV))/ms : Hz
alpha_n = 0.1/exprel(-(v + 55*mV)/(10*mV))/ms : Hz
"""
SYNAPTIC = "Is = -g*v : amp (point current)\ndg/dt = -g/tau : siemens\n"
CONSTANTS = {
    "gl": siemens / meter**2 / RESISTANCE, "rest": REST * mV, "ena": SODIUM * mV, "ek": POTASSIUM * mV,
    "gna": 120 * msiemens / cm**2, "gk": 36 * msiemens / cm**2, "tau": TAU * ms,
}  # fmt: skip
AT_REST = {"m": 0.0529325, "h": 0.596121, "n": 0.3176769}


def morphology(shape: Shape) -> Any:
    parts: list[Any] = []
    for parent, length, diameter in zip(shape.parents, shape.lengths, shape.diameters, strict=True):
        part = Cylinder(length=length * um, diameter=diameter * um, n=shape.pieces)
        if parent >= 0:
            setattr(parts[parent], "R" if parts[parent].children else "L", part)
        parts.append(part)
    return parts[0]


def cells(name: str, **options: Any) -> Any:
    """The cell or the cells of a model at rest."""
    model = (HODGKIN_HUXLEY if name in ACTIVE else PASSIVE) + (SYNAPTIC if name == "network" else "")
    neuron = SpatialNeuron(
        morphology(SHAPES[name]), model, method="exponential_euler", namespace=CONSTANTS,
        Cm=CAPACITY * farad / meter**2, Ri=RESISTIVITY * ohm * meter, **options,
    )  # fmt: skip
    neuron.v = REST * mV
    for gate, value in AT_REST.items() if name in ACTIVE else ():
        setattr(neuron, gate, value)
    return neuron


def network() -> list[Any]:
    """Cells with synapses from others; the first tenth gets a current."""
    neurons = cells("network", N=CELLS, threshold="v > -20*mV", refractory="v > -20*mV", threshold_location=0)
    neurons.I[: CELLS // 10, 0] = CURRENT * nA
    shape = SHAPES["network"]
    numbers = compartments(shape)
    made = [(cell, *place(cell, k, shape)) for cell in range(CELLS) for k in range(SYNAPSES)]
    target, source, branch, piece = np.array(made).T
    elements = np.array([neurons.indices[cell, :] for cell in range(CELLS)])
    synapses = Synapses(neurons, neurons, on_pre=f"g_post += {WEIGHT}*nS", delay=DELAY * ms)
    synapses.connect(i=source, j=elements[target, numbers[branch] + piece])
    return [neurons, synapses, SpikeMonitor(neurons)]


def compartments(shape: Shape) -> Any:
    """The number of the first compartment of each branch: depth first."""
    below: dict[int, list[int]] = {}
    for branch, parent in enumerate(shape.parents):
        below.setdefault(parent, []).append(branch)
    order, waiting = [], [0]
    while waiting:
        branch = waiting.pop()
        order.append(branch)
        waiting += reversed(below.get(branch, []))
    return np.argsort(order) * shape.pieces


def main(name: str, times: str) -> None:
    measures = Measures()
    defaultclock.dt = STEP[name] * ms
    if name == "network":
        objects = network()
    else:
        objects = [cells(name)]
        objects[0].I[0] = CURRENT * nA
    network_ = Network(*objects)
    if STANDALONE:
        network_.run(DURATION[name] * ms)
        device.build(directory="standalone", compile=True, run=False)
        for _ in range(int(times)):
            device.run("standalone")
            measures.add("run", cost(name, float(device._last_run_time)), "ns")
    else:
        network_.store()
        network_.run(10 * STEP[name] * ms)
        for _ in range(int(times)):
            network_.restore()
            measures.add("run", cost(name, seconds(lambda: network_.run(DURATION[name] * ms))), "ns")
    measures.hand_over()


if STANDALONE:
    set_device("cpp_standalone", directory="standalone", build_on_run=False)
elif os.environ["BENCHMARK_LIBRARY"] == "jupyspike":
    prefs.engine.threads = int(os.environ.get("BENCHMARK_THREADS", "1"))
main(*sys.argv[1:])
