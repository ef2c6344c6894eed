"""The networks on which engines are compared, in the language that jupyspike and brian2 share.

CUBA and COBAHH are benchmarks 2 and 3 of Brette et al. (2007), J. Comput. Neurosci. 23; larger CUBA networks have
1,000 synapses a neuron, with weights scaled to them. STDP is that of Song, Miller and Abbott (2000), onto 100 neurons.
"""
# ruff: noqa: F403, F405

from typing import Any

from library import *
from models import CHANNELS, HODGKIN_HUXLEY

Made = tuple[list[Any], Any]  # the objects, and the monitor of spikes


def cuba(neurons: int = 4000) -> Made:
    synapses = 80 if neurons == 4000 else 1000
    scale, excitatory = 80 / synapses, neurons * 4 // 5
    group = NeuronGroup(
        neurons,
        """dv/dt = (ge + gi - (v + 49*mV))/(20*ms) : volt (unless refractory)
        dge/dt = -ge/(5*ms) : volt
        dgi/dt = -gi/(10*ms) : volt""",
        threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="exact",
    )  # fmt: skip
    group.v = "-60*mV + rand()*10*mV"
    constants = {"we": 1.62 * mV * scale, "wi": -9 * mV * scale}
    excitation = Synapses(group[:excitatory], group, on_pre="ge += we", namespace=constants)
    inhibition = Synapses(group[excitatory:], group, on_pre="gi += wi", namespace=constants)
    excitation.connect(p=synapses / neurons)
    inhibition.connect(p=synapses / neurons)
    spikes = SpikeMonitor(group)
    return [group, excitation, inhibition, spikes], spikes


def cobahh(neurons: int = 4000) -> Made:
    group = NeuronGroup(
        neurons,
        HODGKIN_HUXLEY
        + """I = ge*(0*mV - v) + gi*(-80*mV - v) : amp
        dge/dt = -ge/(5*ms) : siemens
        dgi/dt = -gi/(10*ms) : siemens""",
        threshold="v > -20*mV", refractory=3 * ms, method="exponential_euler", namespace=CHANNELS,
    )  # fmt: skip
    group.v = "-60*mV + (5*randn() - 5)*mV"
    group.ge, group.gi = "(1.5*randn() + 4)*10*nS", "(12*randn() + 20)*10*nS"
    excitation = Synapses(group[: neurons * 4 // 5], group, on_pre="ge += 6*nS")
    inhibition = Synapses(group[neurons * 4 // 5 :], group, on_pre="gi += 67*nS")
    excitation.connect(p=80 / neurons)
    inhibition.connect(p=80 / neurons)
    spikes = SpikeMonitor(group)
    return [group, excitation, inhibition, spikes], spikes


def stdp(inputs: int = 1000) -> Made:
    poisson = PoissonGroup(inputs, rates=15 * Hz)
    group = NeuronGroup(
        100, "dv/dt = (ge*(0*mV - v) - 74*mV - v)/(10*ms) : volt\ndge/dt = -ge/(5*ms) : 1", threshold="v > -54*mV",
        reset="v = -60*mV", method="exponential_euler",
    )  # fmt: skip
    group.v = -60 * mV
    synapses = Synapses(
        poisson, group,
        """w : 1
        dApre/dt = -Apre/taupre : 1 (event-driven)
        dApost/dt = -Apost/taupost : 1 (event-driven)""",
        on_pre="ge += w; Apre += 0.0001; w = clip(w + Apost, 0, 0.01)",
        on_post="Apost -= 0.000105; w = clip(w + Apre, 0, 0.01)",
        namespace={"taupre": 20 * ms, "taupost": 20 * ms},
    )  # fmt: skip
    synapses.connect()
    synapses.w = "rand()*0.01"
    spikes = SpikeMonitor(group)
    return [poisson, group, synapses, spikes], spikes


MODELS = {"cuba": cuba, "cobahh": cobahh, "stdp": stdp}
