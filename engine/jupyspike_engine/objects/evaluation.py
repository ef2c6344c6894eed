"""Evaluating expressions of a group now, outside a run: initial values, conditions, subexpressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..language import syntax
from ..native import random
from ..plan.binding import Binding, Given, Registry
from ..plan.nodes import Draw
from ..targets.interface import AnyArray, Clock, Elements, Memory
from ..targets.numpy import Evaluation, Value
from .randomness import current_seed

# Draws outside a run have numbers of their own, so that they never meet those of a step.
OUTSIDE_RUN = 0x8000


class _SingleEvaluation(Evaluation):
    """Draws are told apart by the assignment they belong to, and between synapses by both ends."""

    assignment = 0

    def draw(self, draw: Draw) -> Value:
        drawn = random.uniform if draw.distribution == "uniform" else random.normal
        ends = self.memory.domains[self.domain]
        if ends.pre is None or ends.post is None:
            element, low = self.elements, np.zeros(1, np.uint64)
        else:
            element, low = ends.post[self.elements], ends.pre[self.elements].astype(np.uint64)
        step = (np.uint64(self.assignment & 0xFFFF) << np.uint64(32)) | low
        stream = self.memory.domains[self.domain].stream
        return drawn(self.memory.seed, stream, element, step, OUTSIDE_RUN | draw.number)


@dataclass
class Surroundings:
    """What an expression is evaluated in: its binding, the arrays it reads, the elements it is for.

    Attributes
    ----------
    given : callable
        The value of a parameter.
    time, dt : float
        In seconds.
    """

    binding: Callable[[Registry], Binding]
    arrays: Mapping[str, AnyArray]
    elements: Elements
    given: Callable[[Given], float]
    time: float
    dt: float
    assignment: int = 0


def evaluate(tree: syntax.Expression, around: Surroundings, which: npt.NDArray[np.int32]) -> Value:
    """The values of an expression, in SI base units, for some elements (shape of ``which``)."""
    registry = Registry()
    binding = around.binding(registry)
    lowered = binding.lower(tree)
    parameters = {name: around.given(given) for name, given in registry.parameters.items()}
    clocks = (Clock * 1)(Clock(round(around.time / around.dt), 0, around.dt))
    memory = Memory(
        current_seed(), np.zeros(0), dict(around.arrays), clocks, {binding.domain: around.elements}, {}, {}, {}
    )
    evaluation = _SingleEvaluation(memory, parameters, binding.domain, which, 0)
    evaluation.assignment = around.assignment
    with np.errstate(all="ignore"):
        value = evaluation.value(lowered)
    return np.broadcast_to(value, which.shape).copy()
