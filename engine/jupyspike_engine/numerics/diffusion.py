"""Diffusion along the tree: how concentrations change in a time step after the reactions of each compartment.

What flows from one compartment to the next is D A/l for a difference of one in the concentration; A/l is the same for
molecules as for the current, so branches and changing diameters are what they are in the cable equation. With h the
time step, C the concentrations that the reactions left,

    volume/h C' + sum over neighbours D A/l (C' - C'_neighbour) = volume/h C,

which `plan.nodes.Eliminate` solves: of order 1, stable for steps of any size, never below zero, and nothing gets lost.
Shells exchange along the tree with those at the same depth; as volumes and surfaces are the same part of the whole for
all compartments, their system is that of the whole.
"""

from __future__ import annotations

from ..language.equations import Equations
from ..language.syntax import Name
from .cable import SOLUTION, CableRule
from .system import divide, multiply


def diffusion_rules(equations: Equations) -> tuple[CableRule, ...]:
    """The steps of all species that diffuse."""
    capacity = divide(Name("volume"), Name("dt"))
    return tuple(
        CableRule(
            line.name, (), capacity, multiply(capacity, Name(line.name)), dict(line.settings)["D"], Name(SOLUTION)
        )
        for line in equations.values()
        if "diffusive" in line.flags
    )
