"""Small systems of linear equations, solved by elimination that is written out in the program.

What is known to be zero takes no part: neighbours that know of each other only, as shells of a cross section do, cost
little however many they are.
"""

from __future__ import annotations

from ..language.syntax import Expression, Name, Number
from .system import ZERO, divide, multiply, subtract

Matrix = list[list[Expression]]


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

    def eliminated(self, entries: Matrix) -> Matrix:
        """The matrix as L U, L with ones on its diagonal, both in one."""
        w = [[self.named(f"w_{r}_{c}", entry) for c, entry in enumerate(row)] for r, row in enumerate(entries)]
        size = len(w)
        for k in range(size):
            for r in range(k + 1, size):
                w[r][k] = self.named(f"l_{r}_{k}", divide(w[r][k], w[k][k]))
                if w[r][k] == ZERO:
                    continue
                for c in range(k + 1, size):
                    entry = subtract(w[r][c], multiply(w[r][k], w[k][c]))
                    w[r][c] = entry if entry == w[r][c] else self.named(f"u_{k}_{r}_{c}", entry)
        return w

    def solved(self, w: Matrix, name: str, right: list[Expression]) -> list[Expression]:
        """The solution for a right-hand side, of an eliminated matrix."""
        size = len(w)
        forward: list[Expression] = []
        for r in range(size):
            value = right[r]
            for c in range(r):
                value = subtract(value, multiply(w[r][c], forward[c]))
            forward.append(self.named(f"{name}_forward_{r}", value))
        solution: list[Expression] = [ZERO] * size
        for r in reversed(range(size)):
            value = forward[r]
            for c in range(r + 1, size):
                value = subtract(value, multiply(w[r][c], solution[c]))
            solution[r] = self.named(f"{name}_{r}", divide(value, w[r][r]))
        return solution
