"""``run_nest.py TASK ARGUMENT...``: the tasks of ``run_engine.py`` in NEST, by its public Python interface."""

import os
import sys
from typing import Any

import nest
from measured import Measures, seconds, taken

measures = Measures()
HODGKIN_HUXLEY = {
    "C_m": 200.0, "g_L": 10.0, "E_L": -60.0, "E_K": -90.0, "E_Na": 50.0, "g_Na": 20000.0, "g_K": 6000.0,
    "V_T": -63.0, "E_ex": 0.0, "E_in": -80.0, "tau_syn_ex": 5.0, "tau_syn_in": 10.0, "t_ref": 3.0,
}  # fmt: skip
LEAKY = {
    "C_m": 200.0, "tau_m": 20.0, "t_ref": 5.0, "E_L": -49.0, "V_th": -50.0, "V_reset": -60.0, "tau_syn_ex": 5.0,
    "tau_syn_in": 10.0,
}  # fmt: skip


def begin() -> None:
    nest.set_verbosity("M_ERROR")
    nest.ResetKernel()
    nest.SetKernelStatus({"resolution": 0.1, "local_num_threads": int(os.environ.get("BENCHMARK_THREADS", "1"))})


def recorded(group: Any) -> Any:
    recorder = nest.Create("spike_recorder")
    nest.Connect(group, recorder)
    return recorder


def connected(group: Any, synapses: int, excitation: float, inhibition: float) -> Any:
    """Connect at random: of five neurons the first four excite."""
    excitatory = len(group) * 4 // 5
    rule = {"rule": "pairwise_bernoulli", "p": synapses / len(group), "allow_autapses": True}
    for sources, weight in ((group[:excitatory], excitation), (group[excitatory:], inhibition)):
        nest.Connect(sources, group, rule, {"weight": weight, "delay": 0.1})
    return group


def cuba(neurons: str = "4000", synapses: str = "80") -> Any:
    group = nest.Create("iaf_psc_exp", int(neurons), LEAKY)
    group.V_m = nest.random.uniform(-60.0, -50.0)
    scale = 10 * 80 / int(synapses)  # a jump of g by w is a current of w C / tau
    return connected(group, int(synapses), 1.62 * scale, -9.0 * scale)


def cobahh() -> Any:
    group = nest.Create("hh_cond_exp_traub", 4000, HODGKIN_HUXLEY)
    group.V_m = nest.random.normal(-65.0, 5.0)
    return connected(group, 80, 6.0, -67.0)


def leaky() -> Any:
    return nest.Create("iaf_psc_exp", 100, {**LEAKY, "E_L": -45.0})


MODELS = {"cuba": cuba, "cobahh": cobahh, "leaky": leaky}


def speed(model: str, times: str, *sizes: str) -> None:
    recorder = recorded(MODELS[model](*sizes))
    nest.Simulate(10.0)
    for _ in range(int(times)):
        before = recorder.n_events
        measures.add("run", seconds(lambda: nest.Simulate(1000.0)))
        measures.add("spikes", recorder.n_events - before, "spikes")


def first_step(model: str) -> None:
    recorded(MODELS[model]())
    nest.Simulate(0.1)


def sweep(times: str) -> None:
    def one(current: float) -> None:
        begin()
        recorded(nest.Create("hh_cond_exp_traub", 100, {**HODGKIN_HUXLEY, "V_m": -65.0, "I_e": current}))
        nest.Simulate(100.0)

    for k in range(int(times)):
        measures.add("run", seconds(lambda: one(20.0 * (k + 1))))  # noqa: B023  # called at once


def synapses(kind: str, neurons: str) -> None:
    synapse = {"weight": 0.001 if kind == "equal" else nest.random.uniform(0.0, 1.0)}
    synapse["delay"] = nest.random.uniform(0.1, 5.0) if kind == "delays" else 0.1
    rule = {"rule": "pairwise_bernoulli", "p": 0.1, "allow_autapses": True}

    def made(size: int) -> float:
        group = nest.Create("iaf_psc_exp", size)
        took = seconds(lambda: nest.Connect(group, group, rule, synapse))
        nest.Simulate(0.1)
        return took

    took, held, peak = taken(lambda: made(int(neurons)))
    measures.add("connect", took)
    measures.add("held", held / (int(neurons) ** 2 / 10), "B")
    measures.add("peak", peak / (int(neurons) ** 2 / 10), "B")


def recording(times: str) -> None:
    for name in ("plain", "recorded"):
        begin()
        group = cuba()
        if name == "recorded":
            recorded(group)
            nest.Connect(nest.Create("multimeter", {"record_from": ["V_m"], "interval": 0.1}), group[:100])
        nest.Simulate(10.0)
        measures.add(name, [seconds(lambda: nest.Simulate(1000.0)) for _ in range(int(times))])


begin()
TASKS = {task.__name__: task for task in (speed, first_step, sweep, synapses, recording)}
TASKS[sys.argv[1]](*sys.argv[2:])
measures.hand_over()
