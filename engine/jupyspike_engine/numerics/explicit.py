"""Explicit methods of integration, each given by a few lines of text.

The lines say what one step does with all variables ``x`` of a system dx/dt = f(x, t) + g(x, t) xi at once: each line is
applied to every variable, and terms with ``dW`` (a normal number of variance ``dt``) are added up over the noises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..diagnostics import ArgumentError, ArgumentTypeError, Problems, UnsupportedEquationsException, nearest
from ..language.expressions import block
from ..language.functions import ALL_FUNCTIONS
from ..language.syntax import Block, Call, Expression, Name, Operator, names, substitute, walk
from .affine import NotLinearError, affine
from .integrator import Integrator
from .system import ONE, ZERO, System, UpdateRule, add, divide, multiply, negative, subtract, total, unless_refractory

_GIVEN = ("x", "t", "dt", "dW")
_RATES = ("f", "g")
_RESULT = "x_new"


@dataclass(frozen=True, init=False)
class ExplicitStateUpdater(Integrator):
    """A method of integration given by its description.

    Parameters
    ----------
    description : str
        Lines ``name = expression`` made of ``x``, ``t``, ``dt``, the deterministic part ``f(x, t)`` and the factor of
        the noise ``g(x, t)`` of the equations, ``dW`` and names of lines before; the last line gives ``x_new``.
    stochastic : None, 'additive' or 'multiplicative'
        Whether the equations may contain white noise, and whether its factor may depend on the variables.
    custom_check : callable, optional
        Called with the equations and their definitions by name; raises UnsupportedEquationsException where the method
        must not be used.

    Raises
    ------
    EquationError
        With the places of what is not understood in the description.

    Examples
    --------
    >>> midpoint = ExplicitStateUpdater('''
    ... half = x + dt/2*f(x, t)
    ... x_new = x + dt*f(half, t + dt/2)''')
    >>> print(midpoint(Equations('dv/dt = -v/tau : 1')))
    _stage_half_v = v + dt/2*(-v/tau)
    _v = v + dt*(-_stage_half_v/tau)
    v = _v
    >>> G = NeuronGroup(1, 'dv/dt = -v**2/ms : 1', method=midpoint)
    """

    name: str
    lines: Block = field(repr=False)
    stochastic: Literal["additive", "multiplicative"] | None
    about: str
    about_noise: str
    check: Callable[[System], str] = field(compare=False, repr=False)

    def __init__(
        self,
        description: str,
        stochastic: Literal["additive", "multiplicative"] | None = None,
        custom_check: Callable[[Any, Any], object] | None = None,
        *,
        name: str = "explicit method",
        about: str = "a method given by its description",
        about_noise: str = "",
        check: Callable[[System], str] = lambda system: "",
    ) -> None:
        if not isinstance(description, str):
            raise ArgumentTypeError("the description of a method must be given as text", found=repr(description))
        if stochastic not in (None, "additive", "multiplicative"):
            raise ArgumentError(
                "stochastic says which noise is allowed",
                found=repr(stochastic),
                expected="None, 'additive' or 'multiplicative'",
            )
        settings = {
            "name": name, "lines": _understood(description), "stochastic": stochastic, "about": about,
            "about_noise": about_noise or about, "check": _checking(custom_check) if custom_check else check,
        }  # fmt: skip
        for attribute, value in settings.items():
            object.__setattr__(self, attribute, value)

    def objection(self, system: System) -> str:
        if system.noise and self.stochastic is None:
            return f"the equations contain white noise ({', '.join(system.noise)})"
        for name, rhs in system.equations.items():
            try:
                factors = noise_factors(rhs, system.noise)
            except NotLinearError as error:
                return f"the noise of {name} is not simply multiplied and added: {error}"
            for factor in factors.values():
                varying = sorted(names(factor) & system.equations.keys())
                if varying and self.stochastic == "additive":
                    return f"the noise of {name} is multiplied by the variable {', '.join(varying)}"
        return self.check(system)

    def reason(self, system: System) -> str:
        return self.about_noise if system.noise else self.about

    def rule(self, system: System) -> UpdateRule:
        step = _Step(system)
        for line in self.lines[:-1]:
            step.take(line.target, line.expression)
        new = {name: step.value(self.lines[-1].expression, name, None) for name in system.equations}
        return UpdateRule((*step.draws, *step.temporaries), new)


def noise_factors(rhs: Expression, noise: list[str]) -> dict[str, Expression]:
    """What each white noise term is multiplied by in a right-hand side.

    Raises
    ------
    NotLinearError
        A noise term is not simply multiplied and added.
    """
    return affine(rhs, set(noise))[0] if names(rhs) & set(noise) else {}


def separate_noises(system: System) -> str:
    """What speaks against a method in which no noise changes what another one is multiplied by."""
    moved: dict[str, set[str]] = {noise: set() for noise in system.noise}
    used: dict[str, set[str]] = {noise: set() for noise in system.noise}
    for name, rhs in system.equations.items():
        for noise, factor in noise_factors(rhs, system.noise).items():
            moved[noise].add(name)
            used[noise] |= names(factor) & system.equations.keys()
    for noise, factors in used.items():
        for other in system.noise:
            both = sorted(factors & moved[other])
            if both and other != noise:
                return f"the noise {noise} is multiplied by {', '.join(both)}, which the noise {other} moves"
    return ""


def _checking(custom_check: Callable[[Any, Any], object]) -> Callable[[System], str]:
    def check(system: System) -> str:
        try:
            custom_check(system.source, dict(system.source or {}))
        except UnsupportedEquationsException as error:
            return str(error)
        return ""

    return check


def _understood(description: str) -> Block:
    """The lines of a description, every name in them known."""
    lines = block(description, "description of a method")
    problems = Problems()
    known = list(_GIVEN)
    for number, line in enumerate(lines):
        if line.symbol != "=":
            problems.add(f"'{line.symbol}' is not possible here", line.span, hint="a line is 'name = expression'")
        if line.target in (*_GIVEN, *_RATES):
            problems.add(f"'{line.target}' cannot be set", line.target_span, "name")
        if line.target == _RESULT and number != len(lines) - 1:
            problems.add(f"'{_RESULT}' is set by the last line only", line.target_span, "name")
        for node in walk(line.expression):
            if isinstance(node, Name) and node.id not in known:
                hint = nearest(node.id, known) or f"names are: {', '.join(known)}"
                problems.add(f"the name '{node.id}' is not known", node.span, "name", hint=hint)
            if isinstance(node, Call):
                _check_call(node, problems)
        known.append(line.target)
    if not lines or lines[-1].target != _RESULT:
        place = lines[-1].span if lines else None
        problems.add(f"the last line must set '{_RESULT}'", place, expected=f"{_RESULT} = x + ...")
    problems.raise_if_any()
    return lines


def _check_call(call: Call, problems: Problems) -> None:
    if call.function in _RATES and len(call.arguments) != 2:
        message, expected = f"{call.function}() takes two arguments", f"{call.function}(x, t)"
        problems.add(message, call.span, found=str(len(call.arguments)), expected=expected)
    elif call.function not in _RATES:
        row = ALL_FUNCTIONS.get(call.function)
        if row is None or row.random:
            problems.add(
                f"the function '{call.function}' cannot be used here", call.span, "name", hint="random numbers are dW"
            )


class _Step:
    """The lines of a description written out for the variables of a system.

    A line that uses ``g`` without ``dW`` has a value for each noise, as in ``g_support = g(x_support, t)``.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.variables = set(system.equations)
        self.noises = system.noise
        silent: dict[str, Expression] = dict.fromkeys(self.noises, ZERO)
        self.drift = {v: self._unless(v, _simplified(substitute(e, silent))) for v, e in system.equations.items()}
        self.diffusion = {
            (v, noise): self._unless(v, factor)
            for v, rhs in system.equations.items()
            for noise, factor in noise_factors(rhs, self.noises).items()
        }
        kick: Expression = Operator("*", (Call("sqrt", (Name("dt"),)), Call("randn", ())))
        self.draws = [(_draw(noise), kick) for noise in self.noises]
        self.temporaries: list[tuple[str, Expression]] = []
        self.known: dict[tuple[str, str, str | None], Expression] = {}
        self.per_noise: set[str] = set()

    def _unless(self, variable: str, rate: Expression) -> Expression:
        return unless_refractory(variable, rate, self.system)

    def take(self, name: str, tree: Expression) -> None:
        """Give the value of a line a name, for each variable (and noise)."""
        several = self._is_per_noise(tree)
        if several:
            self.per_noise.add(name)
        noises: list[str | None] = [*self.noises] if several else [None]
        found = {(v, noise): self.value(tree, v, noise) for noise in noises for v in self.system.equations}
        for (variable, noise), value in found.items():
            if value != ZERO:
                temporary = "_".join(filter(None, ("_stage", name, noise, variable)))
                self.temporaries.append((temporary, value))
                value = Name(temporary)
            self.known[name, variable, noise] = value

    def _is_per_noise(self, tree: Expression) -> bool:
        if isinstance(tree, Operator) and tree.symbol in ("+", "-"):
            return any(self._is_per_noise(operand) for operand in tree.operands)
        if "dW" in names(tree):
            return False
        calls = any(isinstance(node, Call) and node.function == "g" for node in walk(tree))
        return calls or bool(names(tree) & self.per_noise)

    def value(self, tree: Expression, variable: str, noise: str | None) -> Expression:
        """The value of an expression for one variable; for all noises together if ``noise`` is None."""
        if isinstance(tree, Operator) and tree.symbol in ("+", "-"):
            return _combined(tree.symbol, [self.value(operand, variable, noise) for operand in tree.operands])
        if noise is None and ("dW" in names(tree) or self._is_per_noise(tree)):
            return total([self.value(tree, variable, each) for each in self.noises])
        if isinstance(tree, Name):
            return self._name(tree.id, variable, noise)
        if isinstance(tree, Call) and tree.function in _RATES:
            return self._rate(tree, variable, noise)
        if isinstance(tree, Call):
            return Call(tree.function, tuple(self.value(a, variable, noise) for a in tree.arguments))
        if isinstance(tree, Operator):
            return _combined(tree.symbol, [self.value(operand, variable, noise) for operand in tree.operands])
        return tree

    def _name(self, name: str, variable: str, noise: str | None) -> Expression:
        if name == "x":
            return Name(variable)
        if name == "dW":
            assert noise is not None
            return Name(_draw(noise))
        if name in ("t", "dt"):
            return Name(name)
        return self.known.get((name, variable, noise), self.known.get((name, variable, None), ZERO))

    def _rate(self, call: Call, variable: str, noise: str | None) -> Expression:
        rate = self.drift[variable] if call.function == "f" else self.diffusion.get((variable, noise or ""), ZERO)
        used = names(rate)
        at: Mapping[str, Expression] = {
            **{v: self.value(call.arguments[0], v, noise) for v in sorted(used & self.variables)},
            **({"t": self.value(call.arguments[1], variable, noise)} if "t" in used else {}),
        }
        return substitute(rate, at)


def _draw(noise: str) -> str:
    return f"_dW_{noise}"


def _combined(symbol: str, operands: list[Expression]) -> Expression:
    if len(operands) == 1:
        return negative(operands[0]) if symbol == "-" else Operator(symbol, (operands[0],))
    combine = {"+": add, "-": subtract, "*": multiply, "/": divide}.get(symbol)
    if symbol == "**" and operands[1] == ONE:
        return operands[0]
    return combine(*operands) if combine else Operator(symbol, tuple(operands))


def _simplified(expression: Expression) -> Expression:
    """The expression without the terms that a vanished noise leaves behind."""
    if not isinstance(expression, Operator):
        return expression
    operands = [_simplified(operand) for operand in expression.operands]
    if ZERO in operands:
        return _combined(expression.symbol, operands)
    return Operator(expression.symbol, tuple(operands), expression.span)
