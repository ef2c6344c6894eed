"""Linearly implicit Euler steps, extrapolated to order 2: for reactions.

A step x1 = x + (1/h - J)**-1 f(x), with J the derivatives of f, keeps every sum that f keeps, and where it stands for
reactions among few molecules no concentration becomes negative, however long it is: A of A + B -> C, at a rate k A B,
becomes A (1 + h k A)/(1 + h k (A + B)). Of order 2 is twice what two steps of h/2 give less what one of h gives (P.
Deuflhard, SIAM Review 27, 1985); like the steps it forgets in one step what has decayed. Where that makes a value
negative, the two steps stand.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..language.syntax import Call, Expression, Name, Number, Operator, substitute
from .elimination import Elimination
from .rosenbrock import slopes_of, without_slopes
from .system import System, UpdateRule, add, multiply, subtract, unless_refractory

Values = Mapping[str, Expression]


def extrapolated(system: System) -> UpdateRule:
    """One step for a system whose derivatives are known."""
    rates = {v: unless_refractory(v, rhs, system) for v, rhs in system.equations.items()}
    slopes = slopes_of(rates)
    here: Values = {v: Name(v) for v in rates}
    half = multiply(Number(0.5), Name("dt"))
    temporaries: list[tuple[str, Expression]] = []

    def step(label: str, size: Expression, start: Values, time: Expression) -> dict[str, Expression]:
        """The values after a step from some others."""
        elimination = Elimination(label)
        there = {**start, "t": time}
        moved = {v: substitute(rate, there) for v, rate in rates.items()}
        matrix = without_slopes([[substitute(slope, there) for slope in row] for row in slopes], size)
        right = [multiply(size, rate) for rate in moved.values()]
        change = elimination.solved(elimination.eliminated(matrix), "change", right)
        values = zip(start.items(), change, strict=True)
        after = {v: elimination.named(f"after_{v}", add(value, d)) for (v, value), d in values}
        temporaries.extend(elimination.temporaries)
        return after

    whole = step("whole_", Name("dt"), here, Name("t"))
    middle = step("first_", half, here, Name("t"))
    end = step("second_", half, middle, add(Name("t"), half))
    better = {v: Name(f"_better_{v}") for v in rates}
    temporaries += [
        (name.id, subtract(multiply(Number(2.0), end[v]), whole[v])) for v, name in better.items()
    ]  # fmt: skip
    negative = [Operator("<", (name, Number(0.0))) for name in better.values()]
    some: Expression = negative[0]
    for one in negative[1:]:
        some = Operator("or", (some, one))
    temporaries.append(("_overshot", some))
    return UpdateRule(tuple(temporaries), {v: Call("select", (Name("_overshot"), end[v], better[v])) for v in rates})
