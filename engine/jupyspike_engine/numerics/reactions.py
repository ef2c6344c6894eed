"""Species that react or are exchanged between shells: together in one stiff method, all other variables in another.

A reaction that is fast against the time step makes explicit methods unstable, and exponential Euler, which takes one
variable after the other, makes or loses molecules. The method of `extrapolation` does neither.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from ..language.reactions import is_changed
from ..language.species import in_space, names_of_shells
from .exact import EXACT
from .explicit_methods import EULER, HEUN
from .exponential_euler import EXPONENTIAL_EULER
from .extrapolation import extrapolated
from .integrator import Integrator
from .rosenbrock import without_derivatives
from .system import System, UpdateRule

_OTHERS = (EXACT, EXPONENTIAL_EULER, EULER, HEUN)


@dataclass(frozen=True)
class Reactions(Integrator):
    name: str = "reactions"
    about: str = "species that react are solved together, implicitly, so that nothing is lost"

    def objection(self, system: System) -> str:
        chemistry, rest = _divided(system)
        if chemistry.noise:
            return f"reactions contain white noise ({', '.join(chemistry.noise)})"
        if objection := without_derivatives(chemistry):
            return objection
        if rest.equations and self._other(rest) is None:
            return "no method fits the other equations"
        return ""

    def reason(self, system: System) -> str:
        _, rest = _divided(system)
        other = self._other(rest) if rest.equations else None
        return self.about + (f", {', '.join(rest.equations)} by {other.name}" if other is not None else "")

    def rule(self, system: System) -> UpdateRule:
        chemistry, rest = _divided(system)
        rules = [extrapolated(chemistry)]
        other = self._other(rest) if rest.equations else None
        if other is not None:
            rules.append(other.rule(rest))
        return UpdateRule(
            tuple(temporary for rule in rules for temporary in rule.temporaries),
            {name: value for rule in rules for name, value in rule.values.items()},
            tuple(propagator for rule in rules for propagator in rule.propagators),
            tuple(exponential for rule in rules for exponential in rule.exponentials),
        )

    @staticmethod
    def _other(rest: System) -> Integrator | None:
        return next((method for method in _OTHERS if not method.objection(rest)), None)


def species_of(system: System) -> Set[str]:
    """The variables that react with each other, or with themselves in another shell."""
    if system.source is None:
        return set()
    source = system.source
    reacting = {name for reaction in source.reactions for name in reaction.species if name in source}
    lines = [d for d in source.own_lines if d.name in reacting or in_space(d)]
    return {name for d in lines if is_changed(d) for name in names_of_shells(d)} & system.equations.keys()


def _divided(system: System) -> tuple[System, System]:
    """The species (all variables, where nothing reacts) and the others; each keeps its values in a step of the rest."""
    species = species_of(system) or system.equations.keys()
    parts = []
    for inside in (True, False):
        equations = {name: rhs for name, rhs in system.equations.items() if (name in species) == inside}
        others = frozenset(system.equations.keys() - equations.keys())
        parts.append(
            replace(
                system, equations=equations, elementwise=system.elementwise | others,
                rewritten=system.rewritten | others,
            )
        )  # fmt: skip
    return parts[0], parts[1]


REACTIONS = Reactions()
