"""Telling which integration method was chosen for a group that did not ask for one."""

from __future__ import annotations

import time
from typing import Any

from ..logs import get_logger
from ..numerics.choice import Choice, asked_for, left_open

_log = get_logger("jupyspike.objects")


def chosen(owner: Any, rewritten: frozenset[str] = frozenset(), shown: bool = False) -> Choice | None:
    """The integrator of neurons or synapses, told once when it was left to jupyspike to choose it.

    With ``shown`` the caller tells it.
    """
    began = time.perf_counter()
    choice: Choice | None = owner.integration(rewritten)
    took = time.perf_counter() - began
    told = owner.__dict__.get("_method_told")
    if choice is None or not left_open(owner.method) or told == choice.integrator.name:
        return choice
    owner._set("_method_told", choice.integrator.name)
    if shown:
        return choice
    named = asked_for(owner.method)
    asked = f"of the methods {', '.join(map(str, owner.method))}" if named else "without a method given"
    _log.info(
        f"'{owner.name}', {asked}, is integrated with '{choice.integrator.name}': {choice.reason} "
        f"(chosen in {took:.2f} s)",
        "method_choice",
    )
    return choice
