"""Exponential Euler: each equation is linear in its own variable and is solved exactly with the others held.

x(t + dt) = x exp(a dt) + b dt phi(a dt), phi(z) = (exp(z) - 1) / z, for dx/dt = a x + b (MacGregor 1987; standard for
Hodgkin-Huxley equations). Functions of the variable itself, as in the exponential integrate-and-fire model, are held
during a step like the other variables.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..language.syntax import Call, Expression, Name, Operator, names, text, transform
from .affine import NotLinearError, affine
from .integrator import Integrator
from .system import ZERO, System, UpdateRule, add, drawn_before, multiply, unless_refractory


@dataclass(frozen=True)
class ExponentialEuler(Integrator):
    name: str = "exponential_euler"
    about: str = "each equation is linear in its own variable"

    def objection(self, system: System) -> str:
        if system.noise:
            return f"the equations contain white noise ({', '.join(system.noise)})"
        for name, rhs in system.equations.items():
            try:
                held, rest = hold(name, rhs)
                coefficients, _ = affine(rest, {name})
            except NotLinearError as error:
                return f"d{name}/dt is not linear in {name}: {error}"
            if held and not coefficients:
                return f"d{name}/dt is not linear in {name}: {text(rhs)}"
        return ""

    def reason(self, system: System) -> str:
        held = [text(value) for name, rhs in system.equations.items() for _, value in hold(name, rhs)[0]]
        return self.about + (f" while {', '.join(held)} is held" if held else "")

    def rule(self, system: System) -> UpdateRule:
        drawn, system = drawn_before(system)
        temporaries = list(drawn)
        values: dict[str, Expression] = {}
        dt = Name("dt")
        for name, rhs in system.equations.items():
            held, rhs = hold(name, rhs)
            temporaries += held
            coefficients, rest = affine(rhs, {name})
            rate = unless_refractory(name, coefficients.get(name, ZERO), system)
            drive = unless_refractory(name, rest, system)
            if rate == ZERO:
                values[name] = add(Name(name), multiply(drive, dt))
                continue
            exponent, factor = f"_exponent_{name}", f"_factor_{name}"
            temporaries.append((exponent, multiply(rate, dt)))
            if rest == ZERO:
                values[name] = multiply(Name(name), Call("exp", (Name(exponent),)))
                continue
            temporaries.append((factor, Call("exprel", (Name(exponent),))))
            # x exp(z) + b dt phi(z) = x + dt phi(z) (a x + b): one transcendental function instead of two
            slope = add(multiply(rate, Name(name)), drive)
            values[name] = add(Name(name), multiply(multiply(dt, Name(factor)), slope))
        return UpdateRule(tuple(temporaries), values)


def hold(name: str, rhs: Expression) -> tuple[list[tuple[str, Expression]], Expression]:
    """Temporaries for functions of a variable and for what is divided by it, and the expression with their names."""
    held: list[tuple[str, Expression]] = []

    def temporary(value: Expression) -> Name:
        held.append((f"_held_{name}_{len(held)}", value))
        return Name(held[-1][0])

    def change(node: Expression) -> Expression | None:
        if name not in names(node):
            return node
        if isinstance(node, Call):
            return temporary(node)
        if isinstance(node, Operator) and node.symbol == "/" and name in names(node.operands[1]):
            left, right = node.operands
            return Operator("/", (transform(left, change), temporary(right)), node.span)
        return None

    changed = transform(rhs, change)
    return held, changed


EXPONENTIAL_EULER = ExponentialEuler()
