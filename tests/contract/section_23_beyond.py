"""Around the simulator."""

from proofs import Page

from jupyspike import *

section = Page("23. Beyond user/ and advanced/")


@section.often("plots: brian_plot, plot_raster, plot_state, plot_rate, plot_synapses", once=True)
def tools():
    from jupyspike.tools import brian_plot, plot_raster, plot_rate, plot_state, plot_synapses

    G = NeuronGroup(2, "v : 1", threshold="True")
    M = SpikeMonitor(G)
    run(1 * ms)
    assert brian_plot(M) is not None and plot_raster(M.i, M.t) is not None
    assert all(map(callable, (plot_state, plot_rate, plot_synapses)))


@section.often("plots of neurons in space: plot_morphology, plot_dendrogram", once=True)
def tools_in_space():
    from jupyspike.tools import plot_dendrogram, plot_morphology

    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(length=100 * um, diameter=1 * um, n=10)
    assert plot_morphology(morpho, show_compartments=True).get_xlabel() and plot_dendrogram(morpho).get_ylabel()
    close("all")


@section.rare("fitting of models to recordings: Fitter, metrics, optimizers", once=True)
def fitting():
    from jupyspike.modelfitting import Fitter, MSEMetric, NevergradOptimizer

    assert all(map(callable, (Fitter, MSEMetric, NevergradOptimizer)))


@section.must("scripts of published models run: a network of 4000 integrate-and-fire neurons, here with 40")
def cuba():
    eqs = """dv/dt = (ge + gi - (v + 49*mV))/(20*ms) : volt (unless refractory)
             dge/dt = -ge/(5*ms) : volt
             dgi/dt = -gi/(10*ms) : volt"""
    P = NeuronGroup(40, eqs, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="exact")
    P.v = "-60*mV + rand()*10*mV"
    Ce, Ci = Synapses(P, P, on_pre="ge += 1.62*mV"), Synapses(P, P, on_pre="gi -= 9*mV")
    Ce.connect("i < 32", p=0.2), Ci.connect("i >= 32", p=0.2)
    M = SpikeMonitor(P)
    run(50 * ms)
    assert M.num_spikes > 0 and (P.v[:] <= -50 * mV).all()


@section.must("scripts of published models run: plasticity by spike timing, the Hodgkin-Huxley neuron")
def others():
    inputs = PoissonGroup(20, rates=100 * Hz)
    neuron = NeuronGroup(1, "dv/dt = -v/(10*ms) : 1", threshold="v > 1", reset="v = 0")
    S = Synapses(inputs, neuron, """w : 1
        dApre/dt = -Apre/(20*ms) : 1 (event-driven)
        dApost/dt = -Apost/(20*ms) : 1 (event-driven)""",
        on_pre="v_post += w; Apre += 0.01; w = clip(w + Apost, 0, 1)",
        on_post="Apost -= 0.0105; w = clip(w + Apre, 0, 1)")  # fmt: skip
    S.connect()
    S.w = "0.2 + 0.3*rand()"
    axon = NeuronGroup(1, """dv/dt = (10*uA - INa - IK - 0.3*mS*(v + 54*mV))/uF : volt
        INa = 120*mS*m**3*h*(v - 50*mV) : amp
        IK = 36*mS*n**4*(v + 77*mV) : amp
        dm/dt = ((1 - m)/exprel(-(v/mV + 40)/10) - 4*exp(-(v/mV + 65)/18)*m)/ms : 1
        dn/dt = (0.1*(1 - n)/exprel(-(v/mV + 55)/10) - 0.125*exp(-(v/mV + 65)/80)*n)/ms : 1
        dh/dt = (0.07*exp(-(v/mV + 65)/20)*(1 - h) - h/(exp(-(v/mV + 35)/10) + 1))/ms : 1""",
        threshold="v > -20*mV", refractory="v > -20*mV", method="exponential_euler", dt=0.01 * ms)  # fmt: skip
    axon.v, axon.h, M, T = -65 * mV, 0.6, SpikeMonitor(axon), SpikeMonitor(neuron)
    run(50 * ms)
    assert 1 <= M.num_spikes < 10 and T.num_spikes > 0 and len(unique(S.w[:])) > 10
