"""The deprecated method 'independent': equations that do not depend on each other, each solved exactly on its own."""

from __future__ import annotations

from dataclasses import dataclass

from ..language.syntax import names, text
from .affine import affine
from .exponential_euler import EXPONENTIAL_EULER, hold
from .integrator import Integrator
from .system import ZERO, System, UpdateRule, moves_within_a_step


@dataclass(frozen=True)
class Independent(Integrator):
    name: str = "independent"
    about: str = "deprecated: use 'exact'"

    def objection(self, system: System) -> str:
        for name, rhs in system.equations.items():
            if others := sorted(names(rhs) & (system.equations.keys() - {name})):
                return f"d{name}/dt depends on {', '.join(others)}"
        if objection := EXPONENTIAL_EULER.objection(system):
            return objection
        for name, rhs in system.equations.items():
            if held := hold(name, rhs)[0]:
                return f"d{name}/dt is not linear in {name}: {text(held[0][1])}"
            coefficients, rest = affine(rhs, {name})
            if any(moves_within_a_step(part, system) for part in (coefficients.get(name, ZERO), rest)):
                return f"d{name}/dt depends on time"
        return ""

    def reason(self, system: System) -> str:
        return "each equation is linear and on its own, solved without error"

    def rule(self, system: System) -> UpdateRule:
        return EXPONENTIAL_EULER.rule(system)


INDEPENDENT = Independent()
