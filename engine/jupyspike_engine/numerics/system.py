"""What an integrator is given and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..diagnostics import Span
from ..language.equations import Equations
from ..language.functions import ALL_FUNCTIONS
from ..language.syntax import (
    Call,
    Expression,
    Name,
    Number,
    Operator,
    names,
    parts,
    substitute,
    text,
    transform,
    walk,
)  # fmt: skip
from .tableau import Tableau

TIME_NAMES = frozenset({"t", "t_in_timesteps"})


@dataclass(frozen=True)
class System:
    """Differential equations with their subexpressions written out.

    Attributes
    ----------
    equations : mapping of str to Expression
        Right-hand side by variable.
    frozen : frozenset of str
        Variables that rest while the neuron is refractory.
    elementwise : frozenset of str
        Names (other than the variables) whose value differs between elements.
    rewritten : frozenset of str
        Names that code of events may change during a run.
    places : mapping of str to Span
        Where each equation stands in the user's text.
    source : Equations, optional
        The equations that the system was made of, for methods that users wrote.
    steps : frozenset of str
        Functions that are constant over a time step when they are given the time, as tables of values are.
    stateful : frozenset of str
        Functions from outside that may have another value at each call, as those that draw random numbers.
    """

    equations: Mapping[str, Expression]
    frozen: frozenset[str]
    elementwise: frozenset[str]
    rewritten: frozenset[str]
    places: Mapping[str, Span]
    source: Equations | None = None
    steps: frozenset[str] = frozenset()
    stateful: frozenset[str] = frozenset()

    @property
    def noise(self) -> list[str]:
        """Names of the white noise terms."""
        return sorted({n for rhs in self.equations.values() for n in names(rhs) if n == "xi" or n.startswith("xi_")})


@dataclass(frozen=True)
class Propagator:
    """A linear system x' = A x + b whose step is x(t + dt) = P x + Q b, with P = exp(A dt) and Q its integral.

    The numbers P and Q are computed when a run starts and whenever a constant changes; ``entries`` are the expressions
    of A (None where nothing can ever stand), ``exponential`` and ``integral`` name the results that are used.
    """

    entries: tuple[tuple[Expression | None, ...], ...]
    exponential: Mapping[tuple[int, int], str]
    integral: Mapping[tuple[int, int], str]
    elementwise: bool


@dataclass(frozen=True)
class Exponential:
    """exp(M) of a small matrix, computed in the step; ``entries`` and ``names`` of the results go row by row."""

    names: tuple[str, ...]
    entries: tuple[Expression, ...]


@dataclass(frozen=True)
class Solve:
    """Integration over one time step in steps of its own, as many as the errors of the variables ask for.

    Attributes
    ----------
    rates : mapping of str to Expression
        Rates of change, in terms of the variables and ``t``.
    tolerances : mapping of str to str
        For each variable the name of the constant that bounds its error in one step.
    most : str
        Name of the constant that bounds the number of steps; zero for no bound.
    adaptable : bool
        Whether steps may be smaller than the time step.
    last, failed, count : str, optional
        Variables for the last size of a step (with which the next time step begins), the number of steps that had to be
        repeated and of those that were not.
    """

    tableau: Tableau
    rates: Mapping[str, Expression]
    tolerances: Mapping[str, str]
    most: str
    adaptable: bool
    last: str | None
    failed: str | None
    count: str | None


@dataclass(frozen=True)
class UpdateRule:
    """One step of an integrator: temporaries in their order, then the new value of each variable.

    New values are computed from the old ones and the temporaries; all are assigned together. Inside, ``dt`` is the
    time step, and ``randn()`` a fresh normal number for each element.
    """

    temporaries: tuple[tuple[str, Expression], ...]
    values: Mapping[str, Expression]
    propagators: tuple[Propagator, ...] = ()
    exponentials: tuple[Exponential, ...] = ()
    solve: Solve | None = None

    def __str__(self) -> str:
        if self.solve is not None:
            lines = [f"d{name}/dt = {text(rate)}" for name, rate in self.solve.rates.items()]
            return "\n".join([*lines, f"# in steps of its own: {self.solve.tableau.name}"])
        lines = [f"{name} = {text(value)}" for name, value in self.temporaries]
        lines += [f"_{name} = {text(value)}" for name, value in self.values.items()]
        return "\n".join([*lines, *(f"{name} = _{name}" for name in self.values)])


def system_of(
    equations: Equations,
    elementwise: frozenset[str] | None = None,
    rewritten: frozenset[str] = frozenset(),
    event_driven: bool = False,
    steps: frozenset[str] = frozenset(),
    stateful: frozenset[str] = frozenset(),
) -> System:
    """The differential equations (with or without the flag 'event-driven') among some equations.

    ``elementwise`` are the parameters unless it is given; the others as for `System`.
    """
    expanded = written_out(equations)
    chosen = [d for d in equations.of_role("differential equation") if ("event-driven" in d.flags) == event_driven]
    return System(
        {d.name: expanded[d.name] for d in chosen},
        frozenset(d.name for d in chosen if "unless refractory" in d.flags),
        frozenset(equations.parameter_names) if elementwise is None else elementwise,
        rewritten,
        {d.name: d.span for d in chosen},
        equations,
        steps,
        stateful,
    )


def written_out(equations: Equations) -> dict[str, Expression]:
    """All right-hand sides by name, the subexpressions in them replaced by what they stand for."""
    subexpressions: dict[str, Expression] = {
        d.name: d.expression for d in equations.values() if d.written_out and d.expression
    }

    def expand(expression: Expression) -> Expression:
        used = names(expression) & subexpressions.keys()
        return substitute(expression, {name: expand(subexpressions[name]) for name in used}) if used else expression

    return {d.name: expand(d.expression) for d in equations.values() if d.expression is not None}


def calls_at_random(expression: Expression, system: System) -> list[str]:
    """The functions in an expression that may have another value each time, as those that draw random numbers."""
    called = {n.function for n in walk(expression) if isinstance(n, Call)}
    return sorted(name for name in called if name in system.stateful or _draws(name))


def _draws(function: str) -> bool:
    return function in ALL_FUNCTIONS and ALL_FUNCTIONS[function].random


def is_random(expression: Expression, system: System) -> bool:
    """Whether an expression may have another value each time."""
    return bool(calls_at_random(expression, system))


def drawn_before(system: System) -> tuple[tuple[tuple[str, Expression], ...], System]:
    """Temporaries for what may have another value at each call, and the system with their names in place of the calls.

    A method may use a part of an equation more than once in a step; each call that the user wrote is still one draw.
    """
    drawn: list[tuple[str, Expression]] = []

    def named(node: Expression) -> Expression | None:
        if not isinstance(node, Call) or not is_random(replace(node, arguments=()), system):
            return None
        drawn.append((f"_drawn_{len(drawn)}", node))
        return Name(drawn[-1][0])

    equations = {name: transform(rhs, named) for name, rhs in system.equations.items()}
    return tuple(drawn), replace(system, equations=equations)


def moves_within_a_step(expression: Expression, system: System) -> bool:
    """Whether an expression depends on time otherwise than through functions that are constant over a time step."""
    if isinstance(expression, Name):
        return expression.id in TIME_NAMES
    below = parts(expression)
    if isinstance(expression, Call) and expression.function in system.steps and below[:1] == (Name("t"),):
        below = below[1:]
    return any(moves_within_a_step(part, system) for part in below)


# Arithmetic on syntax trees that drops what adds nothing.

ZERO, ONE = Number(0), Number(1)


def add(left: Expression, right: Expression) -> Expression:
    if left == ZERO:
        return right
    return left if right == ZERO else Operator("+", (left, right))


def negative(value: Expression) -> Expression:
    if isinstance(value, Operator) and value.symbol == "-" and len(value.operands) == 1:
        return value.operands[0]
    return value if value == ZERO else Operator("-", (value,))


def subtract(left: Expression, right: Expression) -> Expression:
    if right == ZERO:
        return left
    return negative(right) if left == ZERO else Operator("-", (left, right))


def multiply(left: Expression, right: Expression) -> Expression:
    if ZERO in (left, right):
        return ZERO
    if left == ONE:
        return right
    return left if right == ONE else Operator("*", (left, right))


def divide(left: Expression, right: Expression) -> Expression:
    return left if left == ZERO or right == ONE else Operator("/", (left, right))


def total(terms: list[Expression]) -> Expression:
    result: Expression = ZERO
    for term in terms:
        result = add(result, term)
    return result


def unless_refractory(name: str, value: Expression, system: System) -> Expression:
    """A rate of change that vanishes while the neuron is refractory, for variables that ask for it."""
    return multiply(Call("int", (Name("not_refractory"),)), value) if name in system.frozen else value
