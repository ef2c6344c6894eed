"""Methods of integration that users write: Python code that returns the statements of one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..diagnostics import ArgumentTypeError, Problems, UnsupportedEquationsException, nearest
from ..language.equations import Equations
from ..language.expressions import block
from ..language.functions import ALL_FUNCTIONS
from ..language.syntax import Block, Call, Expression, Name, Operator, names, substitute, walk
from .integrator import Integrator, register
from .system import System, UpdateRule, system_of


class StateUpdateMethod(Integrator):
    """The base of methods written in Python.

    A subclass defines ``__call__(equations, variables, method_options)``, which returns one step as text: statements
    such as ``_v = v + dt*v_slope`` and ``v = _v``, which may use the variables, parameters and constants of the
    equations, ``t``, ``dt`` and ``randn()``. It raises UnsupportedEquationsException where it cannot be used. Variables
    with the flag (unless refractory) keep their values while a neuron is refractory.

    Examples
    --------
    >>> class Backwards(StateUpdateMethod):
    ...     def __call__(self, equations, variables=None, method_options=None):
    ...         return 'v = v/(1 + dt/(10*ms))'
    >>> StateUpdateMethod.register('backwards', Backwards())
    >>> G = NeuronGroup(1, 'dv/dt = -v/(10*ms) : 1', method='backwards')
    """

    name = "method of your own"

    @staticmethod
    def register(name: str, updater: Any) -> None:
        """Make a method known by a name.

        Raises
        ------
        ArgumentError, ArgumentTypeError
            The name is taken, or ``updater`` is no method.
        """
        register(name, updater)

    @staticmethod
    def apply_stateupdater(
        equations: Equations,
        variables: Mapping[str, Any] | None,
        method: Any,
        method_options: Mapping[str, Any] | None = None,
        group_name: str = "these equations",
    ) -> str:
        """The statements of one step by a method, or by the first of several that fits, as text.

        Raises
        ------
        EquationError
            The method does not exist or cannot be used.
        """
        from .choice import choose  # which knows the methods of this module

        system = system_of(equations)
        return str(choose(system, method, group_name, method_options).integrator.rule(system))

    def _code(self, system: System, options: Mapping[str, Any] | None) -> str:
        if type(self).__call__ is StateUpdateMethod.__call__:
            raise ArgumentTypeError(f"{type(self).__name__} does not define __call__(equations, variables, options)")
        return self(system.source, dict(system.source or {}), options)  # type: ignore[arg-type]  # always given here

    def objection(self, system: System) -> str:
        try:
            self._code(system, None)
        except UnsupportedEquationsException as error:
            return str(error)
        return ""

    def reason(self, system: System) -> str:
        return "a method of your own"

    def rule(self, system: System) -> UpdateRule:
        return _rule(_understood(self._code(system, None), system, self.name), system)

    def with_options(self, options: Mapping[str, Any], system: System) -> Integrator:
        return Callback(lambda e, v, o: self._code(system, options), self.name) if options else self


@dataclass(frozen=True)
class Callback(StateUpdateMethod):
    """A function of equations, variables and options that returns statements."""

    function: Callable[..., Any] = field(repr=False)
    name: str

    def __call__(
        self,
        equations: Equations,
        variables: Mapping[str, Any] | None = None,
        method_options: Mapping[str, Any] | None = None,
    ) -> str:
        code: str = self.function(equations, variables, method_options)
        return code


def _understood(code: Any, system: System, title: str) -> Block:
    """The statements of a step, every name in them known."""
    if not isinstance(code, str):
        raise ArgumentTypeError(f"{title} must return statements as text", kind="type", found=repr(code))
    lines = block(code, f"statements of {title}")
    used = {node for rhs in system.equations.values() for node in walk(rhs)}
    known = {node.id for node in used if isinstance(node, Name)} | system.equations.keys() | system.elementwise
    known |= {"t", "dt", "t_in_timesteps", "i", "N"} | set(system.source or ())
    functions = {node.function for node in used if isinstance(node, Call)} | ALL_FUNCTIONS.keys()
    problems = Problems()
    for line in lines:
        for node in walk(line.expression):
            if isinstance(node, Name) and node.id not in known:
                problems.add(f"the name '{node.id}' is not known", node.span, "name", hint=nearest(node.id, known))
            if isinstance(node, Call) and node.function not in functions:
                hint = nearest(node.function, functions)
                problems.add(f"the function '{node.function}' is not known", node.span, "name", hint=hint)
        known.add(line.target)
    problems.raise_if_any()
    return lines


def _rule(lines: Block, system: System) -> UpdateRule:
    """Statements that follow each other, as values that are all assigned together."""
    present: dict[str, Expression] = {}
    temporaries: list[tuple[str, Expression]] = []
    for number, line in enumerate(lines):
        tree = line.expression
        if line.symbol != "=":
            tree = Operator(line.symbol[:-1], (Name(line.target), tree))
        name = f"_line_{number}_{line.target.lstrip('_')}"
        temporaries.append((name, substitute(tree, {n: present[n] for n in names(tree) & present.keys()})))
        present[line.target] = Name(name)
    values: dict[str, Expression] = {}
    for name in system.equations:
        if name in present:
            kept = (Name("not_refractory"), present[name], Name(name))
            values[name] = Call("select", kept) if name in system.frozen else present[name]
    return UpdateRule(tuple(temporaries), values)
