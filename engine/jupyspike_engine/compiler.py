"""The way from a model to a program.

text of a model        -> language.model.neuron_model / synapse_model      (parsed)
NeuronModel + names    -> language.model.check_neurons / check_synapses    (a Scope: units and names agree)
System                 -> numerics.choice.choose, Integrator.rule          (an UpdateRule, with the reason)
plan.network.Network   -> plan.lowering.lower                              (a Plan: one time step as data)
Plan                   -> plan.passes.optimised                            (a Plan that does less)
Plan                   -> targets.cpp.source, build.build                  (a shared library)
                          or targets.numpy                                 (an interpreter)
library                -> simulation.native_program                        (a Program: advance(memory, steps))
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

from .build.arguments import Arguments, needed_arguments
from .build.builder import build
from .build.compilers import find_compiler
from .diagnostics import ArgumentError, nearest
from .plan.lowering import Lowered, lower
from .plan.network import Network
from .plan.nodes import Plan
from .plan.passes import optimised
from .simulation.native_program import NativeProgram
from .targets.cpp.source import cpp_source
from .targets.interface import Program
from .targets.numpy import NumpyProgram


@dataclass(frozen=True)
class Compiled:
    """A network made ready to run."""

    lowered: Lowered
    plan: Plan
    program: Program
    target: str


def compile_network(network: Network, target: str = "auto") -> Compiled:
    """Compile a network for a target: ``cpp``, ``numpy`` or ``auto`` (cpp where there is a compiler).

    Raises
    ------
    ArgumentError
        There is no such target.
    BuildError
        The compiler is missing or refuses the program.
    """
    target = resolve_target(target)
    lowered = lower(network)
    plan = optimised(lowered.plan)
    return Compiled(lowered, plan, TARGETS[target](plan), target)


def _native(plan: Plan) -> Program:
    source = cpp_source(plan)
    arguments = sum((needed_arguments(function.build) for function in plan.functions), Arguments())
    if plan.functions:  # their code may use what C++ has
        arguments += Arguments(headers=("<cmath>", "<algorithm>"))
    built = build(source.text, source.places.get, arguments)
    origin = "from the cache" if built.from_cache else f"built in {built.seconds:.2f} s"
    return NativeProgram(plan, built.path, origin)


TARGETS: dict[str, Callable[[Plan], Program]] = {"cpp": _native, "numpy": NumpyProgram}


def resolve_target(target: str) -> str:
    """The target that stands behind a name; tells once when there is no compiler."""
    if target == "auto":
        if find_compiler() is not None:
            return "cpp"
        warnings.warn(
            "No C++ compiler was found: networks run on the slower numpy target. "
            "'jupyspike doctor' says what to install.",
            stacklevel=2,
        )
        return "numpy"
    if target not in TARGETS:
        hint = nearest(target, TARGETS) or f"targets are: auto, {', '.join(TARGETS)}"
        raise ArgumentError(f"'{target}' is not a target", hint=hint)
    return target
