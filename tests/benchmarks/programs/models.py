"""Small versions of the models of the notebooks, in the language that both sides share."""
# ruff: noqa: F403, F405

from collections.abc import Callable
from typing import Any

from library import *

Objects = list[Any]

HODGKIN_HUXLEY = """
dv/dt = (gl*(El - v) + gNa*m**3*h*(ENa - v) + gK*n**4*(EK - v) + I)/Cm : volt
dm/dt = 0.32*(mV**-1)*4*mV/exprel((13*mV - v + VT)/(4*mV))/ms*(1 - m)
        - 0.28*(mV**-1)*5*mV/exprel((v - VT - 40*mV)/(5*mV))/ms*m : 1
dn/dt = 0.032*(mV**-1)*5*mV/exprel((15*mV - v + VT)/(5*mV))/ms*(1 - n) - .5*exp((10*mV - v + VT)/(40*mV))/ms*n : 1
dh/dt = 0.128*exp((17*mV - v + VT)/(18*mV))/ms*(1 - h) - 4./(1 + exp((40*mV - v + VT)/(5*mV)))/ms*h : 1
"""
CHANNELS = {
    "Cm": 200 * pF, "gl": 10 * nS, "El": -60 * mV, "EK": -90 * mV, "ENa": 50 * mV, "gNa": 20 * usiemens,
    "gK": 6 * usiemens, "VT": -63 * mV,
}  # fmt: skip


def hodgkin_huxley() -> Objects:
    group = NeuronGroup(
        100, HODGKIN_HUXLEY + "I : amp (constant)", threshold="v > -20*mV", refractory="v > -20*mV",
        method="exponential_euler", namespace=CHANNELS,
    )  # fmt: skip
    group.v, group.I = -65 * mV, "i*5*pA"
    return [group, SpikeMonitor(group)]


def izhikevich() -> Objects:
    equations = """dv/dt = (0.04*v**2 + 5*v + 140 - u + I)/ms : 1
    du/dt = a*(b*v - u)/ms : 1
    I : 1
    a : 1
    b : 1
    c : 1
    d : 1"""
    group = NeuronGroup(1000, equations, threshold="v >= 30", reset="v = c; u += d", method="euler")
    group.run_regularly("I = 5*randn()", dt=1 * ms)
    synapses = Synapses(group, group, "w : 1", on_pre="I_post += w")
    synapses.connect(p=0.1)
    return [group, synapses, SpikeMonitor(group)]


def adaptive_exponential() -> Objects:
    equations = """dv/dt = (gL*(EL - v) + gL*DeltaT*exp((v - VT)/DeltaT) - w + I)/C : volt
    dw/dt = (a*(v - EL) - w)/tauw : amp
    a : siemens
    b : amp
    tauw : second
    I : amp"""
    constants = {"gL": 10 * nS, "EL": -70 * mV, "DeltaT": 2 * mV, "VT": -50 * mV, "C": 200 * pF}
    group = NeuronGroup(
        10, equations, threshold="v > 0*mV", reset="v = -58*mV; w += b", method="rk4", namespace=constants
    )
    group.v, group.tauw = -70 * mV, 100 * ms
    return [group, SpikeMonitor(group), StateMonitor(group, ["v", "w"], record=True)]


def coba() -> Objects:
    group = NeuronGroup(
        400,
        """dv/dt = (ge*(0*mV - v) + gi*(-80*mV - v) - (v + 60*mV))/(20*ms) : volt (unless refractory)
        dge/dt = -ge/(5*ms) : 1
        dgi/dt = -gi/(10*ms) : 1""",
        threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="exponential_euler",
    )  # fmt: skip
    group.v = "-60*mV + 10*mV*rand()"
    excitation = Synapses(group, group, on_pre="ge += 0.6")
    excitation.connect("i < 320", p=0.1)
    inhibition = Synapses(group, group, on_pre="gi += 6.7")
    inhibition.connect("i >= 320", p=0.1)
    return [group, excitation, inhibition, SpikeMonitor(group)]


def cobahh(neurons: int = 400) -> Objects:
    """Benchmark 3 of Brette et al. (2007), J. Comput. Neurosci. 23."""
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
    return [group, excitation, inhibition, SpikeMonitor(group)]


def brunel() -> Objects:
    group = NeuronGroup(
        1000, "dv/dt = -v/(20*ms) : volt (unless refractory)", threshold="v > 20*mV", reset="v = 10*mV",
        refractory=2 * ms, method="exact",
    )  # fmt: skip
    external = PoissonInput(group, "v", 100, 20 * Hz, 0.1 * mV)
    excitation = Synapses(group[:800], group, on_pre="v += 0.1*mV", delay=1.5 * ms)
    excitation.connect(p=0.1)
    inhibition = Synapses(group[800:], group, on_pre="v += -0.5*mV", delay=1.5 * ms)
    inhibition.connect(p=0.1)
    return [group, external, excitation, inhibition, PopulationRateMonitor(group)]


def stdp(inputs: int = 100, neurons: int = 1) -> Objects:
    """The plasticity of Song, Miller and Abbott (2000), Nat. Neurosci. 3."""
    poisson = PoissonGroup(inputs, rates=15 * Hz)
    group = NeuronGroup(
        neurons, "dv/dt = (ge*(0*mV - v) - 74*mV - v)/(10*ms) : volt\ndge/dt = -ge/(5*ms) : 1",
        threshold="v > -54*mV", reset="v = -60*mV", method="exponential_euler",
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
    return [poisson, group, synapses, SpikeMonitor(group)]


def short_term_plasticity() -> Objects:
    inputs = SpikeGeneratorGroup(1, [0] * 5, [10, 30, 50, 70, 90] * ms)
    group = NeuronGroup(1, "dv/dt = -v/(20*ms) : 1", method="exact")
    synapses = Synapses(
        inputs, group,
        """du/dt = -u/(1000*ms) : 1 (event-driven)
        dx/dt = (1 - x)/(200*ms) : 1 (event-driven)""",
        on_pre="u += 0.2*(1 - u); v_post += u*x; x -= u*x",
    )  # fmt: skip
    synapses.connect()
    synapses.x = 1
    return [inputs, group, synapses, StateMonitor(group, "v", record=True)]


def inhibitory_plasticity() -> Objects:
    group = NeuronGroup(
        400, "dv/dt = (-(v + 60*mV) + ge + gi)/(20*ms) : volt (unless refractory)\ndge/dt = -ge/(5*ms) : volt\n"
        "dgi/dt = -gi/(10*ms) : volt",
        threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="exact",
    )  # fmt: skip
    synapses = Synapses(
        group[320:], group[:320],
        """w : volt
        dApre/dt = -Apre/(20*ms) : 1 (event-driven)
        dApost/dt = -Apost/(20*ms) : 1 (event-driven)""",
        on_pre="Apre += 1; w = clip(w + (Apost - 0.2)*0.01*mV, 0*mV, 10*mV); gi -= w",
        on_post="Apost += 1; w = clip(w + Apre*0.01*mV, 0*mV, 10*mV)",
    )  # fmt: skip
    synapses.connect(p=0.1)
    return [group, synapses, SpikeMonitor(group)]


def decision() -> Objects:
    group = NeuronGroup(
        200,
        """dv/dt = (-(v + 70*mV)*25*nS - I)/(0.5*nF) : volt (unless refractory)
        I = 0.165*nS*s_tot*v/(1 + exp(-0.062*v/mV)/3.57) + g*v : amp
        dg/dt = -g/(2*ms) : siemens
        ds/dt = -s/(100*ms) + 0.5*kHz*x*(1 - s) : 1
        dx/dt = -x/(2*ms) : 1
        s_tot : 1""",
        threshold="v > -50*mV", reset="v = -55*mV; x += 1", refractory=2 * ms, method="rk2",
    )  # fmt: skip
    nmda = Synapses(group, group, "w : 1\ns_tot_post = w*s_pre : 1 (summed)")
    nmda.connect()
    nmda.w = 1
    noise = PoissonInput(group, "g", 1000, 2.4 * Hz, 2.1 * nS)
    return [group, nmda, noise, PopulationRateMonitor(group)]


def gap_junctions() -> Objects:
    group = NeuronGroup(
        10, "dv/dt = (1.05 + gap - v)/(10*ms) : 1\ngap : 1", threshold="v > 1", reset="v = 0", method="euler"
    )
    synapses = Synapses(group, group, "w : 1\ngap_post = w*(v_pre - v_post) : 1 (summed)")
    synapses.connect()
    synapses.w = 0.02
    return [group, synapses, StateMonitor(group, "v", record=True)]


def jeffress() -> Objects:
    ears = NeuronGroup(
        2, "dv/dt = (1 + sin(2*pi*300*Hz*(t - 0.2*ms*i)) - v)/ms + 0.2*xi*(2/ms)**.5 : 1 (unless refractory)",
        threshold="v > 1", reset="v = 0", refractory=1 * ms, method="euler",
    )  # fmt: skip
    cells = NeuronGroup(300, "dv/dt = -v/ms + 0.1*xi*(2/ms)**.5 : 1", threshold="v > 1", reset="v = 0", method="euler")
    synapses = Synapses(ears, cells, on_pre="v += 0.5")
    synapses.connect()
    synapses.delay["i == 0"] = "(1.0*j)/299*1.1*ms"
    synapses.delay["i == 1"] = "(1.0*(299 - j))/299*1.1*ms"
    return [ears, cells, synapses, SpikeMonitor(cells)]


MODELS: dict[str, Callable[[], Objects]] = {
    made.__name__.replace("_", " "): made
    for made in (
        hodgkin_huxley, izhikevich, adaptive_exponential, coba, cobahh, brunel, stdp, short_term_plasticity,
        inhibitory_plasticity, decision, gap_junctions, jeffress,
    )
}  # fmt: skip
