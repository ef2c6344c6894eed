"""How fast variables of a neuron would change anywhere in the plane of two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, Problems, nearest
from ..frames import called_from
from ..language.check import is_unknown, sort_of
from ..language.scope import Scope
from ..language.syntax import Call, Expression, Name, Number, names, substitute, walk
from ..numerics.system import system_of
from ..plan.binding import Given
from ..targets.interface import AnyArray, Elements
from .evaluation import Surroundings, values_of
from .namespaces import Namespace
from .neurongroup import AnyGroup, NeuronGroup
from .owner import Known
from .subgroup import whole

Real = npt.NDArray[np.float64]


@dataclass
class _Copies:
    """Copies of one neuron, some of whose variables have other values."""

    group: NeuronGroup
    element: int
    values: Mapping[str, Real]
    size: int

    def array(self, name: str) -> AnyArray:
        if name in self.values:
            return np.broadcast_to(np.asarray(self.values[name], np.float64), self.size)
        array = self.group.array(name)
        symbol = self.group.symbols.get(name)
        shared = symbol is not None and symbol.shared
        return array if shared else np.full(self.size, array[self.element], array.dtype)

    def given(self, given: Given, namespace: Namespace) -> float:
        return self.group.given(given, namespace)

    def elements(self) -> Elements:
        return Elements(self.size, self.group.stream.key)

    def copies(self) -> None:
        return None


def rate_of_change(group: AnyGroup, variable: str) -> Expression:
    """The right-hand side of a variable's equation, subexpressions written out, without noise and refractoriness.

    Raises
    ------
    ArgumentError
        The variable has no differential equation.
    """
    model = whole(group)[0]
    system = system_of(model.equations)
    if variable not in system.equations:
        hint = nearest(variable, system.equations) or f"those that have: {', '.join(system.equations) or 'none'}"
        raise ArgumentError(f"'{variable}' of '{model.name}' has no differential equation", hint=hint)
    noise = {name: Number(0.0) for name in system.noise}
    return substitute(system.equations[variable], noise)


def rates_of_change(
    group: AnyGroup, element: int, variables: list[str], values: Mapping[str, Real], time: float, namespace: Namespace
) -> dict[str, Real]:
    """The rates of change of variables of a neuron in many states, in SI base units.

    Parameters
    ----------
    element : int
        Which neuron.
    variables : list of str
        Whose rates.
    values : mapping
        Values of variables in these states (SI base units), arrays of one shape; all others are as they are now.
    time : float
        The time (s) at which equations that depend on it are looked at.

    Raises
    ------
    UserError
        A name of the equations is not known.

    Examples
    --------
    >>> G = NeuronGroup(2, 'dv/dt = -v/tau : 1\\ntau : second')
    >>> G.tau = [1, 2]*second
    >>> rates_of_change(G, 1, ['v'], {'v': np.array([2.0, 4.0])}, 0.0, {})['v']
    array([-1., -2.])
    """
    model, start, _ = whole(group)
    shape = np.broadcast_shapes(*(np.shape(array) for array in values.values()))
    flat = {name: np.broadcast_to(array, shape).ravel() for name, array in values.items()}
    size = int(np.prod(shape))
    rates = {}
    for variable in variables:
        tree = rate_of_change(group, variable)
        _check_names(tree, model.scope(namespace))
        tree = substitute(tree, _same_for_all(model, start + element, tree, namespace))
        known = Known(namespace)
        binding = model.bound(known)
        sources: dict[str, Any] = {**known.sources, model.name: _Copies(model, start + element, flat, size)}
        around = Surroundings(binding, sources, namespace, time, model.clock.dt_)
        rates[variable] = np.asarray(values_of(tree, around, range(size)).whole(), np.float64).reshape(shape)
    return rates


def _check_names(tree: Expression, scope: Scope) -> None:
    """Report the names that mean nothing; units have been checked for the run."""
    problems = Problems()
    for node in walk(tree):
        if isinstance(node, Name) or (isinstance(node, Call) and is_unknown(node.function, scope)):
            sort_of(node, scope, problems)
    problems.raise_if_any()


def _same_for_all(group: NeuronGroup, element: int, tree: Expression, namespace: Namespace) -> dict[str, Expression]:
    """What has the number or the links of a neuron behind it, which its copies do not have: values in their place."""
    fixed: dict[str, Expression] = {"i": Number(float(element))}
    for name in names(tree):
        symbol = group.symbols.get(name)
        if symbol is not None and symbol.meaning == "linked":
            with called_from(namespace):
                fixed[name] = Number(float(group.read(symbol, np.array([element]))[0]))
    return fixed


def names_needed(group: AnyGroup, variables: list[str]) -> list[str]:
    """The variables with values of their own that rates of change depend on."""
    model = whole(group)[0]
    used = set().union(*(names(rate_of_change(group, variable)) for variable in variables), variables)
    return [name for name, symbol in model.symbols.items() if name in used and symbol.meaning == "state"]
