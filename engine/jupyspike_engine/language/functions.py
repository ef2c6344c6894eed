"""The functions that may be called in a model, one row each: arguments, units and the operation they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["real", "integer", "boolean"]

# What a function asks of the units of its arguments and what unit its result has.
Rule = Literal["dimensionless", "same", "square root", "sign", "timestep", "truth or number"]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language; ``operation`` names the operation of the plan that computes it."""

    name: str
    arguments: int
    rule: Rule
    type: Type | None = "real"  # None: the type of the arguments
    random: bool = False
    operation: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "operation", self.operation or self.name)


# Functions of one plain number whose result is one.
ELEMENTARY = (
    "exp", "log", "log10", "expm1", "log1p", "exprel", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos",
    "arctan",
)  # fmt: skip

_ROWS = [
    Function("rand", 0, "dimensionless", random=True),
    Function("randn", 0, "dimensionless", random=True),
    Function("sqrt", 1, "square root"),
    Function("abs", 1, "same", type=None),
    Function("sign", 1, "sign"),
    Function("floor", 1, "dimensionless", type="integer"),
    Function("ceil", 1, "dimensionless", type="integer"),
    Function("int", 1, "truth or number", type="integer"),
    Function("clip", 3, "same", type=None),
    Function("timestep", 2, "timestep", type="integer"),
    *(Function(name, 1, "dimensionless") for name in ELEMENTARY),
]
FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}
