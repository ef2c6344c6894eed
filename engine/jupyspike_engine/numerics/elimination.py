"""Small systems of linear equations, solved by elimination that is written out in the program.

What is known to be zero takes no part, and what has few others in its equation goes first (H. M. Markowitz, Management
Science 3, 1957): species that each know of a few others cost little however many they are, also where all of them react
with the same one.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..language.syntax import Expression, Name, Number
from .system import ZERO, divide, multiply, subtract

Matrix = list[list[Expression]]


@dataclass(frozen=True)
class Factors:
    """A matrix as L U, L with ones on its diagonal, both in one; rows and columns are taken in an order."""

    entries: Matrix
    order: list[int]


class Elimination:
    """Collects the temporaries of one step; the names of all begin with ``_`` and ``label``."""

    def __init__(self, label: str = "") -> None:
        self.label = label
        self.temporaries: list[tuple[str, Expression]] = []

    def named(self, name: str, value: Expression) -> Expression:
        """A temporary for a value, if it is not a plain one anyway."""
        if isinstance(value, (Number, Name)):
            return value
        self.temporaries.append((f"_{self.label}{name}", value))
        return Name(f"_{self.label}{name}")

    def eliminated(self, entries: Matrix) -> Factors:
        """The factors of a matrix."""
        w = [[self.named(f"w_{r}_{c}", entry) for c, entry in enumerate(row)] for r, row in enumerate(entries)]
        order = elimination_order(w)
        for done, k in enumerate(order, 1):
            for r in order[done:]:
                w[r][k] = self.named(f"l_{r}_{k}", divide(w[r][k], w[k][k]))
                if w[r][k] == ZERO:
                    continue
                for c in order[done:]:
                    entry = subtract(w[r][c], multiply(w[r][k], w[k][c]))
                    w[r][c] = entry if entry == w[r][c] else self.named(f"u_{k}_{r}_{c}", entry)
        return Factors(w, order)

    def solved(self, factors: Factors, name: str, right: list[Expression]) -> list[Expression]:
        """The solution for a right-hand side."""
        w, order = factors.entries, factors.order
        forward: dict[int, Expression] = {}
        for done, r in enumerate(order):
            value = right[r]
            for c in order[:done]:
                value = subtract(value, multiply(w[r][c], forward[c]))
            forward[r] = self.named(f"{name}_forward_{r}", value)
        solution: list[Expression] = [ZERO] * len(order)
        for done, r in reversed([*enumerate(order, 1)]):
            value = forward[r]
            for c in order[done:]:
                value = subtract(value, multiply(w[r][c], solution[c]))
            solution[r] = self.named(f"{name}_{r}", divide(value, w[r][r]))
        return solution


def elimination_order(entries: Matrix) -> list[int]:
    """The rows of a matrix such that few entries that are zero become others when each is taken from those behind it.

    Examples
    --------
    >>> a = Name("a")
    >>> star = [[a, a, a], [a, a, ZERO], [a, ZERO, a]]
    >>> elimination_order(star)
    [1, 0, 2]
    """
    rows = {r: {c for c, entry in enumerate(row) if entry != ZERO and c != r} for r, row in enumerate(entries)}
    order = []
    while rows:
        above = {k: [r for r in rows if k in rows[r]] for k in rows}
        first = min(rows, key=lambda k: len(rows[k]) * len(above[k]))
        order.append(first)
        taken = rows.pop(first)
        for r in above[first]:
            rows[r] = (rows[r] | taken) - {first, r}
    return order
