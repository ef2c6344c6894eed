"""Exact integration of linear equations: x(t + dt) = exp(A dt) x + (integral of exp(A s) ds from 0 to dt) b.

The coefficients A and b may be constants or differ between elements; the matrix exponential is computed as numbers
when a run starts and whenever a constant changes (Rotter and Diesmann, Biological Cybernetics 81, 1999).
"""

from __future__ import annotations

from dataclasses import dataclass

from ..language.syntax import Call, Expression, Name, names
from .affine import NotLinearError, affine
from .integrator import Integrator
from .system import TIME_NAMES, ZERO, Propagator, System, UpdateRule, is_random, moves_within_a_step, multiply, total

Pair = tuple[int, int]


@dataclass(frozen=True)
class Exact(Integrator):
    name: str = "exact"
    about: str = "linear equations with constant coefficients, solved without error"

    def objection(self, system: System) -> str:
        if system.noise:
            return f"the equations contain white noise ({', '.join(system.noise)})"
        variables = set(system.equations)
        for name, rhs in system.equations.items():
            try:
                coefficients, rest = affine(rhs, variables)
            except NotLinearError as error:
                return f"d{name}/dt is not linear: {error}"
            parts = [*coefficients.values(), rest]
            if any(names(c) & TIME_NAMES for c in coefficients.values()) or moves_within_a_step(rest, system):
                return f"d{name}/dt depends on time"
            if any(is_random(part, system) for part in parts):
                return f"d{name}/dt draws random numbers"
            changing = {n for c in coefficients.values() for n in names(c)} & system.rewritten
            if changing:
                return f"the coefficient {', '.join(sorted(changing))} of d{name}/dt is changed by events"
        return ""

    def reason(self, system: System) -> str:
        return self.about

    def rule(self, system: System) -> UpdateRule:
        order = list(system.equations)
        split = {name: affine(system.equations[name], set(order)) for name in order}
        entries = tuple(tuple(split[row][0].get(column) for column in order) for row in order)
        drives = tuple(split[row][1] for row in order)
        frozen = [order.index(name) for name in order if name in system.frozen]
        elementwise = any(names(e) & system.elementwise for row in entries for e in row if e is not None)
        active = _Solution("active", entries, drives, elementwise)
        if not frozen:
            return UpdateRule(
                active.temporaries, dict(zip(order, active.values(order), strict=True)), (active.propagator,)
            )
        resting_entries = tuple(tuple(None if row in frozen else e for e in entries[row]) for row in range(len(order)))
        resting_drives = tuple(ZERO if row in frozen else drive for row, drive in enumerate(drives))
        resting = _Solution("resting", resting_entries, resting_drives, elementwise)
        values: dict[str, Expression] = {}
        for row, name in enumerate(order):
            if active.reachable(row) & set(frozen):
                pair = (active.value(order, row), resting.value(order, row))
                values[name] = Call("select", (Name("not_refractory"), *pair))
            else:
                values[name] = active.value(order, row)
        used = tuple(s.propagator for s in (active, resting) if s.exponential or s.integral)
        return UpdateRule(active.temporaries, values, used)


class _Solution:
    """The step of one linear system; only the numbers that are asked for are computed."""

    def __init__(
        self,
        label: str,
        entries: tuple[tuple[Expression | None, ...], ...],
        drives: tuple[Expression, ...],
        elementwise: bool,
    ) -> None:
        self.label, self.entries, self.drives, self.elementwise = label, entries, drives, elementwise
        self.exponential: dict[Pair, str] = {}
        self.integral: dict[Pair, str] = {}
        self.temporaries = tuple((f"_drive_{row}", drive) for row, drive in enumerate(drives) if drive != ZERO)

    def reachable(self, row: int) -> set[int]:
        """The variables that a row's variable depends on, itself included: where exp(A dt) may differ from zero."""
        found, border = {row}, [row]
        while border:
            current = border.pop()
            for column, entry in enumerate(self.entries[current]):
                if entry is not None and column not in found:
                    found.add(column)
                    border.append(column)
        return found

    def value(self, order: list[str], row: int) -> Expression:
        if all(entry is None for entry in self.entries[row]) and self.drives[row] == ZERO:
            return Name(order[row])
        terms: list[Expression] = []
        for column in sorted(self.reachable(row)):
            terms.append(multiply(self._number(self.exponential, "exponential", row, column), Name(order[column])))
            if self.drives[column] != ZERO:
                terms.append(multiply(self._number(self.integral, "integral", row, column), Name(f"_drive_{column}")))
        return total(terms)

    def values(self, order: list[str]) -> list[Expression]:
        return [self.value(order, row) for row in range(len(order))]

    def _number(self, table: dict[Pair, str], kind: str, row: int, column: int) -> Expression:
        name = table.setdefault((row, column), f"_{kind}_{self.label}_{row}_{column}")
        return Name(name)

    @property
    def propagator(self) -> Propagator:
        return Propagator(self.entries, self.exponential, self.integral, self.elementwise)


EXACT = Exact()
