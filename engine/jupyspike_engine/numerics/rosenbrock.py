"""A linearly implicit method of order 2 for stiff equations, stable for steps of any size (L-stable).

With W = 1 - h d J, d = 1/(2 + sqrt(2)), J and T the derivatives of f by the variables and by time:
W k1 = f(x, t) + h d T, W (k2 - k1) = f(x + h k1/2, t + h/2) - k1, x(t + h) = x + h k2
(L. F. Shampine and M. W. Reichelt, SIAM Journal on Scientific Computing 18, 1997). J is found by differentiating the
equations, the linear equations are solved by elimination written out in the program.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..language.syntax import Expression, Name, Number, names, substitute
from .derivative import NotDifferentiableError, derivative
from .integrator import Integrator
from .system import (
    ONE,
    TIME_NAMES,
    ZERO,
    System,
    UpdateRule,
    add,
    divide,
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
        for name, rhs in system.equations.items():
            if is_random(rhs, system):
                return f"d{name}/dt draws random numbers"
            for variable in system.equations:
                try:
                    derivative(rhs, variable)
                except NotDifferentiableError as error:
                    return f"d{name}/dt cannot be differentiated by {variable}: {error}"
        return ""

    def reason(self, system: System) -> str:
        return self.about

    def rule(self, system: System) -> UpdateRule:
        return _Step(system).rule()


class _Step:
    """The temporaries of one step; W = L U is kept in place, L with ones on its diagonal."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.variables = list(system.equations)
        self.temporaries: list[tuple[str, Expression]] = []
        self.rates = {v: unless_refractory(v, rhs, system) for v, rhs in system.equations.items()}
        self.hd = multiply(Number(D), Name("dt"))

    def named(self, name: str, value: Expression) -> Expression:
        """A temporary for a value, if it is not a plain one anyway."""
        if isinstance(value, (Number, Name)):
            return value
        self.temporaries.append((name, value))
        return Name(name)

    def rule(self) -> UpdateRule:
        matrix = self._eliminated(self._matrix())
        half = Number(0.5)
        first = self._solved(matrix, "_first", [add(self.rates[v], self._by_time(v)) for v in self.variables])
        moved: dict[str, Expression] = {
            v: add(Name(v), multiply(multiply(half, Name("dt")), k)) for v, k in zip(self.variables, first, strict=True)
        }
        moved["t"] = add(Name("t"), multiply(half, Name("dt")))
        seconds = [subtract(substitute(self.rates[v], moved), k) for v, k in zip(self.variables, first, strict=True)]
        change = self._solved(matrix, "_second", seconds)
        steps = zip(self.variables, first, change, strict=True)
        return UpdateRule(
            tuple(self.temporaries), {v: add(Name(v), multiply(Name("dt"), add(k, c))) for v, k, c in steps}
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

    def _matrix(self) -> list[list[Expression]]:
        matrix = []
        for r, row in enumerate(self.variables):
            entries = []
            for c, column in enumerate(self.variables):
                scaled = multiply(self.hd, derivative(self.rates[row], column))
                entry = subtract(ONE, scaled) if r == c else negative(scaled)
                entries.append(self.named(f"_w_{r}_{c}", entry))
            matrix.append(entries)
        return matrix

    def _eliminated(self, w: list[list[Expression]]) -> list[list[Expression]]:
        """Gauss's elimination, without what is known to be zero."""
        size = len(w)
        for k in range(size):
            for r in range(k + 1, size):
                w[r][k] = self.named(f"_l_{r}_{k}", divide(w[r][k], w[k][k]))
                if w[r][k] == ZERO:
                    continue
                for c in range(k + 1, size):
                    entry = subtract(w[r][c], multiply(w[r][k], w[k][c]))
                    w[r][c] = entry if entry == w[r][c] else self.named(f"_u_{k}_{r}_{c}", entry)
        return w

    def _solved(self, w: list[list[Expression]], label: str, right: list[Expression]) -> list[Expression]:
        size = len(w)
        forward: list[Expression] = []
        for r in range(size):
            value = right[r]
            for c in range(r):
                value = subtract(value, multiply(w[r][c], forward[c]))
            forward.append(self.named(f"{label}_forward_{r}", value))
        solution: list[Expression] = [ZERO] * size
        for r in reversed(range(size)):
            value = forward[r]
            for c in range(r + 1, size):
                value = subtract(value, multiply(w[r][c], solution[c]))
            solution[r] = self.named(f"{label}_{r}", divide(value, w[r][r]))
        return solution


ROSENBROCK = Rosenbrock()
