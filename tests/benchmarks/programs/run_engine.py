"""``run_engine.py TASK ARGUMENT...``: what engines are compared at, in the language that jupyspike and brian2 share.

The variables BENCHMARK_THREADS and BENCHMARK_DEVICE choose threads, and brian2's standalone programs.
"""
# ruff: noqa: F403, F405

import os
import sys
from collections.abc import Callable
from typing import Any

from cuba import cuba
from library import *
from measured import Measures, memory_of_program, seconds, taken
from models import Objects, cobahh, hodgkin_huxley, stdp

THREADS = int(os.environ.get("BENCHMARK_THREADS", "1"))
STANDALONE = os.environ.get("BENCHMARK_DEVICE") == "cpp_standalone"
measures = Measures()


def leaky() -> Objects:
    group = NeuronGroup(100, "dv/dt = (1.1 - v)/(10*ms) : 1", threshold="v > 1", reset="v = 0", method="exact")
    return [group, SpikeMonitor(group)]


def put_together(objects: Objects) -> tuple[Any, Any]:
    return Network(*objects), objects[-1]


MODELS: dict[str, Callable[..., tuple[Any, Any]]] = {  # networks, with the monitors of their spikes
    "cuba": lambda neurons=4000, synapses=80: cuba(int(neurons), int(synapses))[::2],
    "cobahh": lambda: put_together(cobahh(4000)),
    "stdp": lambda: put_together(stdp(1000, 100)),
    "leaky": lambda: put_together(leaky()),
}


def ready(network: Any, duration: Any, folder: str = "standalone", **options: Any) -> Callable[[], float]:
    """Build all that a network needs to run; the call runs it from its beginning, and tells the wall time."""
    if STANDALONE:
        network.run(duration, **options)
        device.build(directory=folder, compile=True, run=False)
        return lambda: seconds(lambda: device.run(folder))
    network.store()
    network.run(10 * ms)

    def again() -> float:
        network.restore()
        return seconds(lambda: network.run(duration, **options))

    return again


def next_program() -> None:
    """Forget the standalone program that was described."""
    device.reinit()
    device.activate(build_on_run=False)


def speed(model: str, times: str, *sizes: str) -> None:
    """Runs of a second."""
    network, spikes = MODELS[model](*sizes)
    call = ready(network, 1 * second)
    for _ in range(int(times)):
        measures.add("run", call())
        measures.add("spikes", int(spikes.num_spikes), "spikes")
        if STANDALONE:
            measures.add("loop", float(device._last_run_time))  # without the start, and reading and writing of files


def first_step(model: str) -> None:
    """A network up to the end of its first step."""
    network, _spikes = MODELS[model]()
    network.run(defaultclock.dt)
    if STANDALONE:
        device.build(directory="standalone", compile=True, run=True)


def sweep(times: str) -> None:
    """Runs of 100 ms of 100 Hodgkin-Huxley neurons, each with another current."""
    objects = hodgkin_huxley()
    group, network = objects[0], Network(*objects)
    currents = [(k + 1) * 20 * pA for k in range(int(times))]
    if STANDALONE:
        ready(network, 100 * ms)
        for current in currents:
            measures.add("run", seconds(lambda: device.run(run_args={group.I: current})))  # noqa: B023  # called at once
        return
    network.store()

    def one(current: Any) -> None:
        network.restore()
        group.I = current
        network.run(100 * ms)

    for current in currents:
        measures.add("run", seconds(lambda: one(current)))  # noqa: B023  # called at once


def synapses(kind: str, neurons: str) -> None:
    """Connecting each neuron to one of ten, up to the first step: its time, and the memory for a synapse.

    All have the same weight, each its own ("weights"), or also its own delay ("delays").
    """
    own = kind != "equal"

    def made(size: int) -> tuple[Any, Any]:
        group = NeuronGroup(size, "dv/dt = -v/(10*ms) : 1", threshold="v > 1", reset="v = 0", method="exact")
        connections = Synapses(group, group, "w : 1" if own else "", on_pre="v += w" if own else "v += 0.001")
        took = seconds(lambda: connections.connect(p=0.1))
        if own:
            connections.w = "rand()"
        if kind == "delays":
            connections.delay = "rand()*5*ms"
        network = Network(group, connections)
        network.run(defaultclock.dt)
        return network, took

    number = int(neurons) ** 2 / 10
    if STANDALONE:
        made(int(neurons))
        device.build(directory="standalone", compile=True, run=False)
        measures.add("peak", memory_of_program("standalone", "main") / number, "B")
        return
    made(100)  # what is built and loaded once
    (_network, took), held, peak = taken(lambda: made(int(neurons)))
    measures.add("connect", took)
    measures.add("held", held / number, "B")
    measures.add("peak", peak / number, "B")


def recording(times: str) -> None:
    """Runs of a second of CUBA that record nothing, and in turn those that record spikes and v of 100 cells."""
    calls = {}
    for name in ("plain", "recorded"):
        if STANDALONE and name == "recorded":
            next_program()
        network, cells, spikes = cuba()
        if name == "plain":
            network.remove(spikes)
        else:
            network.add(StateMonitor(cells, "v", record=range(100)))
        calls[name] = ready(network, 1 * second, name)
        if STANDALONE:  # which reads what the program wrote that was described last
            measures.add(name, [calls[name]() for _ in range(int(times))])
    for _ in range(0 if STANDALONE else int(times)):
        for name, call in calls.items():
            measures.add(name, call())


def growth(*sizes: str) -> None:
    """What a step of a neuron and a synaptic event take in CUBA networks of these sizes, 1,000 synapses a neuron."""
    for size in sizes:
        if STANDALONE and size != sizes[0]:
            next_program()
        network, _, spikes = cuba(int(size), 1000)
        call = ready(network, 1 * second, f"cuba_{size}", profile=True)
        for _ in range(5):
            call()
            events = 1000 * int(spikes.num_spikes)
            spent = {"cells": 0.0, "synapses": 0.0}
            for name, time in network.profiling_info:
                spent["synapses" if name.startswith("synapses") else "cells"] += float(time / second)
            measures.add(f"neurons {size}", 1e9 * spent["cells"] / (int(size) * 10_000), "ns")
            measures.add(f"synapses {size}", 1e9 * spent["synapses"] / events, "ns")


if STANDALONE:
    set_device("cpp_standalone", directory="standalone", build_on_run=False)
    prefs.devices.cpp_standalone.openmp_threads = THREADS if THREADS > 1 else 0
elif os.environ["BENCHMARK_LIBRARY"] == "jupyspike":
    prefs.engine.threads = THREADS
seed(1)
TASKS = {task.__name__: task for task in (speed, first_step, sweep, synapses, recording, growth)}
TASKS[sys.argv[1]](*sys.argv[2:])
measures.hand_over()
