"""From the first line of the network to its first step, and a run of the model seconds given, several times."""
# ruff: noqa: F403, F405

import sys

from cuba import cuba
from library import *
from measured import Measures, programs_built, seconds

length, times = float(sys.argv[1]) * second, int(sys.argv[2])
measures = Measures()
built_before = programs_built()


def first_step() -> None:
    global network, spikes
    network, cells, spikes = cuba()
    network.run(defaultclock.dt)


measures.add("model to first step", seconds(first_step))
measures.add("programs compiled until then", programs_built() - built_before, "")
for number in range(times):
    measures.add(f"run({length / second:g} s)", seconds(lambda: network.run(length)))
    if number == 0:
        measures.add("firing rate", spikes.num_spikes / 4000 / (length / second), "Hz")
measures.add("run(0 s), what each call of run costs", seconds(lambda: network.run(0 * second)))
measures.hand_over()
