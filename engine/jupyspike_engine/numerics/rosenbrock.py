"""A linearly implicit method of order 2 for stiff equations, stable for steps of any size (L-stable).

With W = 1 - h d J, d = 1/(2 + sqrt(2)), J and T the derivatives of f by the variables and by time:
W k1 = f(x, t) + h d T, W (k2 - k1) = f(x + h k1/2, t + h/2) - k1, x(t + h) = x + h k2
(L. F. Shampine and M. W. Reichelt, SIAM Journal on Scientific Computing 18, 1997). J is found by differentiating the
equations, the linear equations are solved by elimination written out in the program.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..language.syntax import Expression, Name, Number, names, substitute
from .derivative import NotDifferentiableError, derivative
from .elimination import Elimination, Matrix
from .integrator import Integrator
from .system import (
    ONE,
    TIME_NAMES,
    ZERO,
    System,
    UpdateRule,
    add,
    is_random,
    multiply,
    negative,
    subtract,
    unless_refractory,
)

MOST_VARIABLES = 12
D = 1 / (2 + math.sqrt(2))


@dataclass(frozen=True)
class Rosenbrock(Integrator):
    """For stiff systems of up to 12 variables; functions of time that are not of the language are held in a step."""

    name: str = "rosenbrock"
    about: str = "an implicit method of order 2 for stiff equations"

    def objection(self, system: System) -> str:
        if system.noise:
            return f"the equations contain white noise ({', '.join(system.noise)})"
        if len(system.equations) > MOST_VARIABLES:
            return f"there are {len(system.equations)} variables, more than the {MOST_VARIABLES} that it can solve for"
        return without_derivatives(system)

    def reason(self, system: System) -> str:
        return self.about

    def rule(self, system: System) -> UpdateRule:
        return _Step(system).rule()


class _Step:
    """The temporaries of one step."""

    def __init__(self, system: System) -> None:
        self.variables = list(system.equations)
        self.elimination = Elimination()
        self.rates = {v: unless_refractory(v, rhs, system) for v, rhs in system.equations.items()}
        self.hd = multiply(Number(D), Name("dt"))

    def rule(self) -> UpdateRule:
        solved = self.elimination.solved
        matrix = self.elimination.eliminated(without_slopes(slopes_of(self.rates), self.hd))
        half = Number(0.5)
        first = solved(matrix, "first", [add(self.rates[v], self._by_time(v)) for v in self.variables])
        moved: dict[str, Expression] = {
            v: add(Name(v), multiply(multiply(half, Name("dt")), k)) for v, k in zip(self.variables, first, strict=True)
        }
        moved["t"] = add(Name("t"), multiply(half, Name("dt")))
        seconds = [subtract(substitute(self.rates[v], moved), k) for v, k in zip(self.variables, first, strict=True)]
        change = solved(matrix, "second", seconds)
        steps = zip(self.variables, first, change, strict=True)
        return UpdateRule(
            tuple(self.elimination.temporaries),
            {v: add(Name(v), multiply(Name("dt"), add(k, c))) for v, k, c in steps},
        )

    def _by_time(self, variable: str) -> Expression:
        """h d times the derivative of a rate by time."""
        rate = self.rates[variable]
        if not names(rate) & TIME_NAMES:
            return ZERO
        try:
            return multiply(self.hd, derivative(rate, "t"))
        except NotDifferentiableError:
            return ZERO


def without_derivatives(system: System) -> str:
    """Why derivatives of the equations cannot be used; empty if they can."""
    for name, rhs in system.equations.items():
        if is_random(rhs, system):
            return f"d{name}/dt draws random numbers"
        for variable in system.equations:
            try:
                derivative(rhs, variable)
            except NotDifferentiableError as error:
                return f"d{name}/dt cannot be differentiated by {variable}: {error}"
    return ""


def slopes_of(rates: Mapping[str, Expression]) -> Matrix:
    """The derivatives of rates, one row each, by all their variables."""
    return [[derivative(rate, variable) for variable in rates] for rate in rates.values()]


def without_slopes(slopes: Matrix, step: Expression) -> Matrix:
    """One minus a step times the derivatives of rates by their variables."""
    scaled = [[multiply(step, slope) for slope in row] for row in slopes]
    return [[subtract(ONE, s) if r == c else negative(s) for c, s in enumerate(row)] for r, row in enumerate(scaled)]


ROSENBROCK = Rosenbrock()
