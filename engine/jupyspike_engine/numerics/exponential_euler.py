"""Exponential Euler: each equation is linear in its own variable and is solved exactly with the others held.

x(t + dt) = x exp(a dt) + b dt phi(a dt), phi(z) = (exp(z) - 1) / z, for dx/dt = a x + b (MacGregor 1987; standard for
Hodgkin-Huxley equations).
"""

from __future__ import annotations

from dataclasses import dataclass

from ..language.syntax import Call, Expression, Name
from .affine import NotLinearError, affine
from .integrator import Integrator
from .system import ZERO, System, UpdateRule, add, drawn_before, multiply, unless_refractory


@dataclass(frozen=True)
class ExponentialEuler(Integrator):
    name: str = "exponential_euler"

    def objection(self, system: System) -> str:
        if system.noise:
            return f"the equations contain white noise ({', '.join(system.noise)})"
        for name, rhs in system.equations.items():
            try:
                affine(rhs, {name})
            except NotLinearError as error:
                return f"d{name}/dt is not linear in {name}: {error}"
        return ""

    def reason(self, system: System) -> str:
        return "each equation is linear in its own variable"

    def rule(self, system: System) -> UpdateRule:
        drawn, system = drawn_before(system)
        temporaries = list(drawn)
        values: dict[str, Expression] = {}
        dt = Name("dt")
        for name, rhs in system.equations.items():
            coefficients, rest = affine(rhs, {name})
            rate = unless_refractory(name, coefficients.get(name, ZERO), system)
            drive = unless_refractory(name, rest, system)
            if rate == ZERO:
                values[name] = add(Name(name), multiply(drive, dt))
                continue
            exponent, factor = f"_exponent_{name}", f"_factor_{name}"
            temporaries.append((exponent, multiply(rate, dt)))
            temporaries.append((factor, Call("exprel", (Name(exponent),))))
            # x exp(z) + b dt phi(z) = x + dt phi(z) (a x + b): one transcendental function instead of two
            slope = add(multiply(rate, Name(name)), drive)
            values[name] = add(Name(name), multiply(multiply(dt, Name(factor)), slope))
        return UpdateRule(tuple(temporaries), values)


EXPONENTIAL_EULER = ExponentialEuler()
