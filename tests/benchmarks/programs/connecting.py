"""Ten million synapses, made in each of the usual ways."""
# ruff: noqa: F403, F405

from library import *
from measured import Measures, seconds

WAYS = {
    "p=0.1": {"p": 0.1},
    "condition": {"condition": "abs(i - j) < 500"},
    "condition with p=0.1": {"condition": "i != j", "p": 0.1},
    "range()": {"j": "k for k in range(i - 500, i + 500)", "skip_if_invalid": True},
    "sample(p=0.1)": {"j": "k for k in sample(N_post, p=0.1)"},
    "sample(size=1000)": {"j": "k for k in sample(N_post, size=1000)"},
}
measures = Measures()


def connected(arguments: dict) -> float:
    sources, targets = NeuronGroup(10_000, "x : 1", threshold="x > 1"), NeuronGroup(10_000, "y : 1")
    synapses = Synapses(sources, targets)
    return seconds(lambda: synapses.connect(**arguments))


for name, arguments in WAYS.items():
    connected(arguments)  # brian2 compiles what it connects with
    measures.add(f"connect, {name}", [connected(arguments) for _ in range(3)])
measures.hand_over()
