"""5,000 unconnected leaky integrate-and-fire neurons for one second."""
# ruff: noqa: F403, F405

from library import *
from measured import Measures, programs_built, seconds

measures = Measures()
built_before = programs_built()
tau = 10 * ms
v_threshold = 20 * mV
v_reset = 0 * mV


def first_step() -> None:
    global network
    group = NeuronGroup(
        5000, "dv/dt = -v/tau : volt", threshold="v > v_threshold", reset="v = v_reset", method="linear"
    )  # fmt: skip
    network = Network(group)
    network.run(defaultclock.dt)


measures.add("model to first step", seconds(first_step))
measures.add("- programs compiled until then", programs_built() - built_before, "sum")
measures.add("run(1 s)", [seconds(lambda: network.run(1 * second)) for _ in range(3)])
measures.hand_over()
