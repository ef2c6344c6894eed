"""Networks of the same shape with other values, one after the other in one process, each up to its first step."""
# ruff: noqa: F403, F405

from collections.abc import Callable
from typing import Any

from cuba import cuba
from library import *
from measured import Measures, programs_built, seconds


def first_step(make: Callable[[], Any]) -> None:
    network, _, _ = make()
    network.run(defaultclock.dt)


def finer() -> Any:
    defaultclock.dt = 0.05 * ms
    return cuba()


CHANGES: dict[str, Callable[[], Any]] = {
    "the seed": lambda: cuba(seed_value=4),
    "a weight": lambda: cuba(we=1.5 * mV),
    "a time constant": lambda: cuba(taum=15 * ms),
    "the number of neurons": lambda: cuba(neurons=4400),
    "dt": finer,
}

first_step(cuba)
measures = Measures()
for name, make in CHANGES.items():
    built_before = programs_built()
    measures.add(f"first step after changing {name}", seconds(lambda make=make: first_step(make)))  # type: ignore[misc]
    measures.add("programs compiled for the five changes", programs_built() - built_before, "sum")
measures.hand_over()
