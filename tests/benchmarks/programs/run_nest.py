"""``run_nest.py MODEL NEURONS TIMES``: the same networks in NEST, by its public Python interface."""

import os
import sys

import nest
from measured import Measures, seconds

name, neurons, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
synapses = 80 if neurons == 4000 else 1000
excitatory = neurons * 4 // 5
nest.set_verbosity("M_ERROR")
nest.ResetKernel()
nest.SetKernelStatus({"resolution": 0.1, "local_num_threads": int(os.environ.get("BENCHMARK_THREADS", "1"))})
if name == "cuba":
    parameters = {
        "C_m": 200.0, "tau_m": 20.0, "t_ref": 5.0, "E_L": -49.0, "V_th": -50.0, "V_reset": -60.0, "tau_syn_ex": 5.0,
        "tau_syn_in": 10.0,
    }  # fmt: skip
    group = nest.Create("iaf_psc_exp", neurons, parameters)
    group.V_m = nest.random.uniform(-60.0, -50.0)
    # a jump of g by w is a current of w C / tau
    weights = 1.62 * 10 * 80 / synapses, -9.0 * 10 * 80 / synapses
else:
    parameters = {
        "C_m": 200.0, "g_L": 10.0, "E_L": -60.0, "E_K": -90.0, "E_Na": 50.0, "g_Na": 20000.0, "g_K": 6000.0,
        "V_T": -63.0, "E_ex": 0.0, "E_in": -80.0, "tau_syn_ex": 5.0, "tau_syn_in": 10.0, "t_ref": 3.0,
    }  # fmt: skip
    group = nest.Create("hh_cond_exp_traub", neurons, parameters)
    group.V_m = nest.random.normal(-65.0, 5.0)
    weights = 6.0, -67.0
rule = {"rule": "pairwise_bernoulli", "p": synapses / neurons, "allow_autapses": True}
for sources, weight in ((group[:excitatory], weights[0]), (group[excitatory:], weights[1])):
    nest.Connect(sources, group, rule, {"weight": weight, "delay": 0.1})
recorder = nest.Create("spike_recorder")
nest.Connect(group, recorder)
measures = Measures()
nest.Simulate(10.0)
for _ in range(times):
    before = recorder.n_events
    measures.add("run", seconds(lambda: nest.Simulate(1000.0)))
    measures.add("spikes", recorder.n_events - before, "spikes")
measures.hand_over()
