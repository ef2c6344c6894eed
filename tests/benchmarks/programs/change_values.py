"""Networks of the same shape with other values, one after the other in one process, each up to its first step."""
# ruff: noqa: F403, F405

import gc
from collections.abc import Callable
from typing import Any

from cuba import cuba
from library import *
from measured import Measures, programs_built, seconds


def first_step(make: Callable[[], Any]) -> Any:
    made = make()
    made[0].run(defaultclock.dt)
    return made


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

measures = Measures()
first_step(cuba)
for name, make in CHANGES.items():
    gc.collect()  # removes the network before this one, so that its names are free again
    built_before = programs_built()
    measures.add(f"first step after changing {name}", seconds(lambda make=make: first_step(make)))  # type: ignore[misc]
    measures.add("- programs compiled for the five changes", programs_built() - built_before, "sum")
defaultclock.dt = 0.1 * ms
first = first_step(cuba)
built_before = programs_built()
measures.add("first step of the same network made again, the first still there", seconds(lambda: first_step(cuba)))
measures.add("- programs compiled for it", programs_built() - built_before, "sum")
measures.hand_over()
