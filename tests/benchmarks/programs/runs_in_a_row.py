"""What a call of run() costs beside the steps: a hundred runs of 1 ms against one of 100 ms."""
# ruff: noqa: F403, F405

from library import *
from measured import Measures, seconds
from models import stdp

measures = Measures()
network = Network(*stdp())
network.run(1 * ms)


def hundred() -> None:
    for _ in range(100):
        network.run(1 * ms)


for _ in range(5):
    at_once = seconds(lambda: network.run(100 * ms))
    measures.add("a call of run()", (seconds(hundred) - at_once) / 100)
measures.hand_over()
