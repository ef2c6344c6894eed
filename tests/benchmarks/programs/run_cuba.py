"""From the first line of the network to its first step, and its run over model times (seconds) that are given."""
# ruff: noqa: F403, F405

import sys

from cuba import cuba
from library import *
from measured import Measures, programs_built, seconds

times, lengths = int(sys.argv[1]), [float(text) for text in sys.argv[2:]]
measures = Measures()
built_before = programs_built()


def first_step() -> None:
    global network, spikes
    network, _, spikes = cuba()
    network.run(defaultclock.dt)


measures.add("model to first step", seconds(first_step))
measures.add("- programs compiled until then", programs_built() - built_before, "sum")
for _ in range(times):
    for length in lengths:
        began, counted = float(network.t / second), int(spikes.num_spikes)
        measures.add(f"run({length:g} s)", seconds(lambda length=length: network.run(length * second)))  # type: ignore[misc]
        if length:
            rate = (spikes.num_spikes - counted) / 4000 / (float(network.t / second) - began)
            measures.add("firing rate", rate, "Hz")
measures.hand_over()
