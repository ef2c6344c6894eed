"""From the first line of each model to its first step."""
# ruff: noqa: F403, F405

from library import *
from measured import Measures, programs_built, seconds
from models import MODELS

measures = Measures()
for name, make in MODELS.items():
    start_scope()
    built_before = programs_built()

    def first_step(make=make) -> None:  # type: ignore[no-untyped-def]
        network = Network(*make())
        network.run(defaultclock.dt)

    measures.add(f"{name}: model to first step", seconds(first_step))
    measures.add("- programs compiled until then", programs_built() - built_before, "sum")
measures.hand_over()
