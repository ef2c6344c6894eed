"""Explicit Runge-Kutta methods, each a table of numbers.

Stage s evaluates f at t + c_s dt and x + dt sum_r a_sr k_r; the step adds dt sum_s b_s k_s (Hairer, Norsett and
Wanner, Solving Ordinary Differential Equations I, chapter II.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..language.syntax import Call, Expression, Name, Number, Operator, names, substitute
from .affine import NotLinearError, affine
from .system import System, UpdateRule, add, multiply, total, unless_refractory


@dataclass(frozen=True)
class RungeKutta:
    """A method given by its Butcher tableau; ``additive_noise`` says that a noise term may be added to its step."""

    name: str
    order: int
    nodes: tuple[Fraction, ...]
    stages: tuple[tuple[Fraction, ...], ...]
    weights: tuple[Fraction, ...]
    additive_noise: bool = False

    def objection(self, system: System) -> str:
        if not system.noise:
            return ""
        if not self.additive_noise:
            return f"the equations contain white noise ({', '.join(system.noise)})"
        for name, rhs in system.equations.items():
            try:
                factors = noise_factors(rhs, system.noise)
            except NotLinearError as error:
                return f"the noise of {name} is not simply multiplied and added: {error}"
            for factor in factors.values():
                if varying := sorted(names(factor) & system.equations.keys()):
                    return f"the noise of {name} is multiplied by the variable {', '.join(varying)}"
        return ""

    def reason(self, system: System) -> str:
        if system.noise:
            return "white noise that does not depend on the state (Euler-Maruyama)"
        return f"an explicit method of order {self.order} for general equations"

    def rule(self, system: System) -> UpdateRule:
        silent = {noise: Number(0) for noise in system.noise}
        temporaries: list[tuple[str, Expression]] = []
        rates = {
            name: unless_refractory(name, _simplified(substitute(rhs, silent)), system)
            for name, rhs in system.equations.items()
        }
        for stage, (node, row) in enumerate(zip(self.nodes, self.stages, strict=True)):
            values: dict[str, Expression] = {name: add(Name(name), _step(row, name)) for name in rates if any(row)}
            if node:
                values["t"] = add(Name("t"), multiply(_number(node), Name("dt")))
            temporaries += [(_slope(name, stage), substitute(rate, values)) for name, rate in rates.items()]
        draws = [(f"_noise_{noise}", Call("randn", ())) for noise in system.noise]
        new = {name: add(Name(name), _step(self.weights, name)) for name in rates}
        for name, rhs in system.equations.items():
            for noise, factor in noise_factors(rhs, system.noise).items():
                kick = multiply(multiply(factor, Call("sqrt", (Name("dt"),))), Name(f"_noise_{noise}"))
                new[name] = add(new[name], unless_refractory(name, kick, system))
        return UpdateRule((*temporaries, *draws), new)


def _slope(name: str, stage: int) -> str:
    return f"_slope_{stage}_{name}"


def _number(value: Fraction) -> Expression:
    return Number(float(value) if value.denominator != 1 else int(value))


def _step(row: tuple[Fraction, ...], name: str) -> Expression:
    slopes: list[Expression] = [multiply(_number(a), Name(_slope(name, stage))) for stage, a in enumerate(row) if a]
    return multiply(Name("dt"), total(slopes))


def _simplified(expression: Expression) -> Expression:
    """The expression without the terms that a vanished noise leaves behind."""
    if not isinstance(expression, Operator):
        return expression
    operands = tuple(_simplified(operand) for operand in expression.operands)
    if expression.symbol == "*" and Number(0) in operands:
        return Number(0)
    if expression.symbol == "/" and operands[0] == Number(0):
        return Number(0)
    if len(operands) == 2 and expression.symbol in ("+", "-") and operands[1] == Number(0):
        return operands[0]
    if expression.symbol == "+" and operands[0] == Number(0):
        return operands[1]
    return Operator(expression.symbol, operands, expression.span)


def noise_factors(rhs: Expression, noise: list[str]) -> dict[str, Expression]:
    """What each white noise term is multiplied by in a right-hand side.

    Raises
    ------
    NotLinearError
        A noise term is not simply multiplied and added.
    """
    return affine(rhs, set(noise))[0] if names(rhs) & set(noise) else {}


half, third, sixth = Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)
none, one = Fraction(0), Fraction(1)

EULER = RungeKutta("euler", 1, (none,), ((none,),), (one,), additive_noise=True)
RK2 = RungeKutta("rk2", 2, (none, half), ((none, none), (half, none)), (none, one))
RK4 = RungeKutta(
    "rk4",
    4,
    (none, half, half, one),
    ((none,) * 4, (half, none, none, none), (none, half, none, none), (none, none, one, none)),
    (sixth, third, third, sixth),
)
