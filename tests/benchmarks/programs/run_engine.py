"""``run_engine.py MODEL NEURONS TIMES``: wall time of a second of model time, for each of some runs.

The variables BENCHMARK_THREADS and BENCHMARK_DEVICE choose threads, and brian2's standalone programs.
"""
# ruff: noqa: F403, F405

import os
import sys

from engine_models import MODELS
from library import *
from measured import Measures, seconds

name, neurons, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
threads = int(os.environ.get("BENCHMARK_THREADS", "1"))
standalone = os.environ.get("BENCHMARK_DEVICE") == "cpp_standalone"
measures = Measures()
seed(1)
if standalone:
    set_device("cpp_standalone", directory="standalone", build_on_run=False)
    prefs.devices.cpp_standalone.openmp_threads = threads if threads > 1 else 0
elif os.environ["BENCHMARK_LIBRARY"] == "jupyspike":
    prefs.engine.threads = threads
objects, spikes = MODELS[name](neurons)
network = Network(*objects)
if standalone:
    network.run(1 * second)
    device.build(directory="standalone", compile=True, run=False)
    for _ in range(times):
        measures.add("run", seconds(device.run))
        measures.add("loop", float(device._last_run_time))  # without the start, and reading and writing of files
    measures.add("spikes", int(spikes.num_spikes), "spikes")
else:
    network.store()
    network.run(10 * ms)
    for _ in range(times):
        network.restore()  # programs that are started again do the same second each time, too
        measures.add("run", seconds(lambda: network.run(1 * second)))
        measures.add("spikes", int(spikes.num_spikes), "spikes")
measures.hand_over()
