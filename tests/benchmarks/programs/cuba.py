"""Benchmark 2 of Brette et al. (2007), J. Comput. Neurosci. 23: current-based synapses, integrated exactly.

4,000 integrate-and-fire neurons, four of five excitatory, connected at random with probability 2 %; they fire at
about 5.6 Hz.
"""
# ruff: noqa: F403, F405

from typing import Any

from library import *

EQUATIONS = """
dv/dt  = (ge + gi - (v - El))/taum : volt (unless refractory)
dge/dt = -ge/taue : volt
dgi/dt = -gi/taui : volt
"""


def cuba(
    neurons: int = 4000, synapses: int = 80, taum: Any = 20 * ms, we: Any = 1.62 * mV, seed_value: int = 3
) -> tuple[Any, Any, Any]:
    """Make the network; returns it with its neurons and the monitor of their spikes.

    With other than 80 synapses a neuron, weights are scaled so that it fires as before.
    """
    seed(seed_value)
    excitatory, we, wi = neurons * 4 // 5, we * (80 / synapses), -9 * mV * (80 / synapses)
    constants = {
        "taum": taum, "taue": 5 * ms, "taui": 10 * ms, "Vt": -50 * mV, "Vr": -60 * mV, "El": -49 * mV,
        "we": we, "wi": wi,
    }  # fmt: skip
    cells = NeuronGroup(
        neurons, EQUATIONS, threshold="v > Vt", reset="v = Vr", refractory=5 * ms, method="exact", namespace=constants,
        name="cells*",
    )  # fmt: skip
    cells.v = "Vr + rand() * (Vt - Vr)"
    excitation = Synapses(cells[:excitatory], cells, on_pre="ge += we", namespace=constants)
    inhibition = Synapses(cells[excitatory:], cells, on_pre="gi += wi", namespace=constants)
    excitation.connect(p=synapses / neurons)
    inhibition.connect(p=synapses / neurons)
    spikes = SpikeMonitor(cells)
    return Network(cells, excitation, inhibition, spikes), cells, spikes
