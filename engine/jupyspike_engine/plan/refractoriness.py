"""Refractoriness: which neurons rest after a spike, and for how long.

It is given as a condition, which holds a neuron while it is true, or as a time: then the end of the rest is kept as a
number of steps, which the reaction to a spike sets.
"""

from __future__ import annotations

from typing import Literal

from ..diagnostics import Problems
from ..language.check import sort_of
from ..language.model import NeuronModel
from ..language.scope import Scope
from ..numerics.system import UpdateRule
from .binding import Binding, applied
from .nodes import Array, Constant, Let, Local, Statement, Store, Time

END = "refractory_until"  # the step in which a rest ends


def refractory_kind(model: NeuronModel, scope: Scope) -> Literal["none", "time", "condition"]:
    """Whether refractoriness is given as a time or as a condition."""
    if model.refractory is None:
        return "none"
    sort = sort_of(model.refractory, scope, Problems())
    return "condition" if sort is not None and sort.type == "boolean" else "time"


def ends_of_rests(model: NeuronModel, binding: Binding) -> tuple[Array, ...]:
    """The array that refractoriness needs beside the variables."""
    timed = refractory_kind(model, binding.scope) == "time"
    return (Array(f"{binding.domain}.{END}", binding.domain, "real"),) if timed else ()


def set_free(model: NeuronModel, binding: Binding, rule: UpdateRule | None) -> list[Statement]:
    """Which neurons are not refractory any more: a value for the rule that follows, and the variable."""
    if model.refractory is None:
        return []
    if refractory_kind(model, binding.scope) == "condition":
        freed = applied("or", binding.not_refractory(), applied("not", binding.lower(model.refractory)))
    else:
        freed = applied("greater_equal", Time("step"), binding.at(f"{binding.domain}.{END}", "real"))
    known = Local("free", "boolean")
    store = Store(f"{binding.domain}.not_refractory", "own", known, model.refractory.span)
    if rule is not None and rule.solve is None:
        binding.locals["not_refractory"] = known
    return [Let("free", freed, model.refractory.span), store]


def put_to_rest(model: NeuronModel, binding: Binding) -> tuple[list[Statement], list[Statement]]:
    """What a spike does at once, and what it does after its reset."""
    if model.refractory is None:
        return [], []
    domain = binding.domain
    at_once: list[Statement] = [
        Store(f"{domain}.lastspike", "own", Time("t")),
        Store(f"{domain}.not_refractory", "own", Constant(False, "boolean")),
    ]
    if refractory_kind(model, binding.scope) == "condition":
        return at_once, []
    steps = applied("timestep", binding.lower(model.refractory), Time("dt"))
    return at_once, [Store(f"{domain}.{END}", "own", applied("add", Time("step"), steps), model.refractory.span)]
