"""Ten million synapses, made in each of the usual ways (engines are compared at the plain one, ``p=0.1``)."""
# ruff: noqa: F403, F405

from library import *
from measured import Measures, peak_bytes, seconds

WAYS = {
    "condition": {"condition": "abs(i - j) < 500"},
    "condition with p=0.1": {"condition": "i != j", "p": 0.1},
    "range()": {"j": "k for k in range(i - 500, i + 500)", "skip_if_invalid": True},
    "sample(p=0.1)": {"j": "k for k in sample(N_post, p=0.1)"},
    "sample(size=1000)": {"j": "k for k in sample(N_post, size=1000)"},
}
measures = Measures()


def made(arguments: dict) -> "Synapses":
    sources, targets = NeuronGroup(10_000, "x : 1", threshold="x > 1"), NeuronGroup(10_000, "y : 1")
    synapses = Synapses(sources, targets)
    synapses.connect(**arguments)
    return synapses


for name, arguments in WAYS.items():
    number = len(made(arguments))  # brian2 compiles what it connects with
    measures.add(f"connect, {name}", [seconds(lambda: made(arguments)) for _ in range(3)])  # noqa: B023  # called at once
    peak = peak_bytes(lambda: made(arguments))  # noqa: B023  # called at once
    if peak is not None:
        measures.add(f"- {name}: peak of memory, a synapse", peak / number, "B")
measures.hand_over()
