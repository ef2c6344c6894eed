"""Binomial random numbers that equations and code can draw."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import ArgumentError
from ..plan.binding import Table
from ..plan.functions import DrawFunction
from ..units import DIMENSIONLESS
from .naming import register
from .sizes import whole_number


class BinomialFunction:
    """A function without arguments that draws binomial numbers.

    Parameters
    ----------
    n : int
        Number of trials.
    p : float
        Probability of success in each.
    approximate : bool
        Accepted for scripts that give it: the numbers are always exact, and quick for any n and p.

    Raises
    ------
    ArgumentError
        ``p`` is not a probability.

    Examples
    --------
    >>> heads = BinomialFunction(100, 0.5)
    >>> G = NeuronGroup(1000, 'v : 1')
    >>> G.v = 'heads()'
    >>> bool(abs(mean(G.v) - 50) < 1)
    True
    """

    def __init__(self, n: int, p: float, approximate: bool = True, name: str = "_binomial*") -> None:
        self.n = whole_number(n, "the number of trials", least=0)
        if not 0 <= p <= 1:
            raise ArgumentError("a probability lies between 0 and 1", found=f"p = {p}")
        self.p = float(p)
        self.name = register(self, name)
        numbers = {"n": float(self.n), "p": self.p}
        self.external_function = DrawFunction(
            self.name, (), lambda dimensions: DIMENSIONLESS, "integer", False, False, "binomial",
            Table(np.zeros(0), numbers), ("n", "p"),
        )  # fmt: skip

    def __call__(self, size: int | None = None) -> Any:
        """Draw now, with numpy's generator: one number, or as many as are asked for."""
        return np.random.binomial(self.n, self.p, size)

    def __repr__(self) -> str:
        return f"BinomialFunction({self.n}, {self.p})"
