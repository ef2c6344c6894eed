"""The functions that may be called in a model: those of the language, one row each, and those that users bring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..units import DIMENSIONLESS, KELVIN, METRE, MOLE, SECOND, Dimension
from ..units.dimensions import COHERENT_UNITS
from .electrochemistry import ghk_current, nernst_potential
from .syntax import Expression

Type = Literal["real", "integer", "boolean"]

# What a function asks of the units of its arguments and what unit its result has.
Rule = Literal["dimensionless", "same", "square root", "sign", "timestep", "truth or number", "formula"]


# What an argument of a function must be: a unit, a truth value, a whole number, the unit of another argument (by its
# number), or anything.
Wanted = Dimension | Literal["boolean", "integer"] | int | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A function that stands for an expression of others.

    Attributes
    ----------
    arguments : tuple
        What each argument must be.
    result : Dimension
    written : callable
        The expression, for the arguments.
    call : str
        An example.
    """

    arguments: tuple[Wanted, ...]
    result: Dimension
    written: Callable[..., Expression]
    call: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    Attributes
    ----------
    about : str
        What it gives, for people; ``x`` is its argument.
    operation : str
        The operation of the plan that computes it.
    formula : Formula, optional
        What it stands for, in place of an operation.
    """

    name: str
    arguments: int
    rule: Rule
    about: str
    type: Type | None = "real"  # None: the type of the arguments
    random: bool = False
    operation: str = ""
    formula: Formula | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "operation", self.operation or self.name)


# Functions of one plain number whose result is one.
_ELEMENTARY_ROWS = {
    "exp": "e to the power x",
    "log": "the natural logarithm of x",
    "log10": "the logarithm of x to the base 10",
    "expm1": "exp(x) - 1, exact for small x",
    "log1p": "log(1 + x), exact for small x",
    "exprel": "(exp(x) - 1)/x, and 1 where x is 0",
    "sin": "the sine of x in radians",
    "cos": "the cosine of x in radians",
    "tan": "the tangent of x in radians",
    "sinh": "the hyperbolic sine of x",
    "cosh": "the hyperbolic cosine of x",
    "tanh": "the hyperbolic tangent of x",
    "arcsin": "the angle in radians whose sine is x",
    "arccos": "the angle in radians whose cosine is x",
    "arctan": "the angle in radians whose tangent is x",
}
ELEMENTARY = tuple(_ELEMENTARY_ROWS)

_VOLT, _AMP = COHERENT_UNITS["volt"], COHERENT_UNITS["amp"]
_NERNST = Formula(
    (DIMENSIONLESS, None, 1, KELVIN), _VOLT, nernst_potential, "nernst_potential(2, Ca, 2*mmolar, 309*kelvin)"
)
_GHK = Formula(
    (METRE / SECOND, DIMENSIONLESS, _VOLT, MOLE / METRE**3, MOLE / METRE**3, KELVIN), _AMP / METRE**2, ghk_current,
    "ghk_current(P_Ca, 2, v, Ca, 2*mmolar, 309*kelvin)",
)  # fmt: skip

_ROWS = [
    Function("rand", 0, "dimensionless", "a random number between 0 and 1, another one at each use", random=True),
    Function("randn", 0, "dimensionless", "a random number of mean 0 and standard deviation 1", random=True),
    Function("poisson", 1, "dimensionless", "a random count of mean x", type="integer", random=True),
    Function("sqrt", 1, "square root", "the square root of x"),
    Function("abs", 1, "same", "x without its sign", type=None),
    Function("sign", 1, "sign", "-1, 0 or 1, the sign of x"),
    Function("floor", 1, "dimensionless", "the next whole number below x", type="integer"),
    Function("ceil", 1, "dimensionless", "the next whole number above x", type="integer"),
    Function("int", 1, "truth or number", "1 for true and 0 for false; a number without its fraction", type="integer"),
    Function("clip", 3, "same", "x, held between the second and the third argument", type=None),
    Function("timestep", 2, "timestep", "the number of the time step of length dt in which t lies", type="integer"),
    *(Function(name, 1, "dimensionless", about) for name, about in _ELEMENTARY_ROWS.items()),
    Function(
        "nernst_potential", 4, "formula", "the potential at which an ion of z charges with concentrations inside and "
        "outside is in equilibrium, at a temperature", formula=_NERNST,
    ),
    Function(
        "ghk_current", 6, "formula", "the outward current of an ion by its permeability, charges z, v, concentrations "
        "inside and outside and the temperature, in a constant field", formula=_GHK,
    ),
]  # fmt: skip
FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}

# With those that only the simulator writes: the number of successes among n trials with probability p.
_SUCCESSES = "a random count of successes"
_OWN_ROWS = [Function("_binomial", 2, "dimensionless", _SUCCESSES, type="integer", random=True, operation="binomial")]
ALL_FUNCTIONS = FUNCTIONS | {row.name: row for row in _OWN_ROWS}


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
