"""The functions that may be called in a model: those of the language, one row each, and those that users bring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..units import Dimension

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
    Function("poisson", 1, "dimensionless", type="integer", random=True),
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

# With those that only the simulator writes: the number of successes among n trials with probability p.
_OWN_ROWS = [Function("_binomial", 2, "dimensionless", type="integer", random=True, operation="binomial")]
ALL_FUNCTIONS = FUNCTIONS | {row.name: row for row in _OWN_ROWS}


# What an argument of a function from outside must be: a unit, a truth value, a whole number, the unit of another
# argument (by its number), or anything.
Wanted = Dimension | Literal["boolean", "integer"] | int | None


@dataclass(frozen=True, eq=False)
class ExternalFunction:
    """A function that a user brings along; the plan knows how each kind of it is computed. It is equal to itself only.

    Attributes
    ----------
    arguments : tuple
        What each argument must be.
    result : callable
        The unit of the result for the units of the arguments.
    type : Type or 'highest'
        The type of the result; 'highest' is real if an argument is.
    stateless : bool
        Whether it depends on its arguments alone.
    steps : bool
        Whether it is constant over a time step when it is given the time, as tables of values are.
    """

    name: str
    arguments: tuple[Wanted, ...]
    result: Callable[[Sequence[Dimension]], Dimension]
    type: Type | Literal["highest"] = "real"
    stateless: bool = True
    steps: bool = False
