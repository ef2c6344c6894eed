"""The way from a model to a program.

text of a model        -> language.model.neuron_model / synapse_model      (parsed)
NeuronModel + names    -> language.model.check_neurons / check_synapses    (a Scope: units and names agree)
System                 -> numerics.choice.choose, Integrator.rule          (an UpdateRule, with the reason)
plan.network.Network   -> plan.lowering.lower                              (a Plan: one time step as data)
Plan                   -> plan.passes.optimised                            (a Plan that does less)
Plan                   -> targets.cpp.source, build.builder          (a shared library)
                          or targets.cython.source, build.cython           (a module)
                          or targets.numpy.program                         (an interpreter)
library                -> simulation.native_program, .cython_program       (a Program: advance(memory, steps))
Plan + Memory          -> targets.standalone.writer                        (a C++17 project that needs no Python)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .build.arguments import Arguments, needed_arguments
from .build.builder import Built, build_and_load
from .build.compilers import find_compiler
from .build.cython import cython_language, missing_for_cython
from .diagnostics import ArgumentError, nearest
from .frames import warn
from .plan.lowering import Lowered, lower
from .plan.network import Network
from .plan.nodes import Plan
from .plan.passes import optimised
from .simulation.cython_program import CythonProgram
from .simulation.native_program import NativeProgram
from .targets.cpp.source import cpp_source
from .targets.cython.source import MODULE, cython_source
from .targets.interface import Program
from .targets.numpy.program import NumpyProgram


@dataclass(frozen=True)
class Compiled:
    """A network made ready to run."""

    lowered: Lowered
    plan: Plan
    program: Program
    target: str


def compile_network(network: Network, target: str = "auto") -> Compiled:
    """Compile a network for a target: ``cpp``, ``cython``, ``numpy`` or ``auto`` (see `resolve_target`).

    Raises
    ------
    ArgumentError
        There is no such target.
    BuildError
        The compiler is missing or refuses the program.
    """
    lowered = lower(network)
    target = resolve_target(target, lowered.plan)
    plan = optimised(lowered.plan)
    return Compiled(lowered, plan, TARGETS[target](plan), target)


def _native(plan: Plan) -> Program:
    source = cpp_source(plan)
    return build_and_load(
        lambda built: NativeProgram(plan, built.path, _origin(built)), source.text, source.places.get, _needed(plan)
    )


def _cython(plan: Plan) -> Program:
    language = cython_language(MODULE)
    source = cython_source(plan)
    return build_and_load(
        lambda built: CythonProgram(plan, built.path, _origin(built)), source.text, source.places.get, _needed(plan),
        language,
    )  # fmt: skip


def _needed(plan: Plan) -> Arguments:
    """What the code of functions asks for; it may use what C++ has."""
    with_code = [function for function in plan.functions if function.code]
    common = Arguments(headers=("<cmath>", "<algorithm>")) if with_code else Arguments()
    return sum((needed_arguments(function.build) for function in with_code), Arguments()) + common


def _origin(built: Built) -> str:
    return "from the cache" if built.from_cache else f"built in {built.seconds:.2f} s"


TARGETS: dict[str, Callable[[Plan], Program]] = {"cpp": _native, "cython": _cython, "numpy": NumpyProgram}


def resolve_target(target: str, plan: Plan) -> str:
    """The target that stands behind a name for a plan; tells once when there is no compiler.

    ``auto`` is ``cpp`` where there is a compiler. If functions lack C++, it is ``cython`` where that is installed and
    all of them have a text for it. Else it is ``numpy``, which calls a function in Python for all elements at once.
    """
    if target not in ("auto", *TARGETS):
        hint = nearest(target, TARGETS) or f"targets are: auto, {', '.join(TARGETS)}"
        raise ArgumentError(f"'{target}' is not a target", hint=hint)
    if target != "auto":
        return target
    if find_compiler() is None:
        warn(
            "No C++ compiler was found: networks run on the slower numpy target. "
            "'jupyspike doctor' says what to install."
        )
        return "numpy"
    lacking = [function for function in plan.functions if "cpp" not in function.code]
    if not lacking:
        return "cpp"
    return "cython" if all("cython" in function.code for function in lacking) and not missing_for_cython() else "numpy"
