"""What can be moved while a network runs: the values that are arguments of its program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ...diagnostics import ArgumentError, nearest
from ...language.model import REFRACTORY_PERIOD
from ...plan.binding import Given
from ...units import DIMENSIONLESS, SECOND, dimension_of, quantity
from ..clocks import seconds
from ..namespaces import Namespace
from ..neurongroup import NeuronGroup
from ..own_constants import is_constant
from ..owner import VariableOwner
from ..poissoninput import PoissonInput
from ..subgroup import whole
from ..synaptic.delays import scaled
from ..synaptic.pathways import SynapticPathway
from ..synaptic.synapses import Synapses
from .layout import Parts
from .prepared import Prepared

Keep = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Movable:
    """A value of an object that may change between two time steps.

    Attributes
    ----------
    owner, name : str
        Such as ``exc`` and ``taum``.
    value : Quantity
        What it is now; 1 for a common factor.
    plan_names : list of str
        What is to be changed in a simulation; see `Change`.
    keep : callable
        Lets the object have a value in further runs, too.
    between : bool
        Whether it is no argument of the program: a run ends where it is moved, and another one goes on from there.
    is_factor : bool
        Whether it is a common factor of values that differ.
    """

    owner: str
    name: str
    value: Any
    plan_names: list[str]
    keep: Keep
    between: bool = False
    is_factor: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.owner}.{self.name}"


def movables(prepared: Prepared, namespace: Namespace) -> dict[str, Movable]:
    """What can be moved in a run, by full names: constants, variables that nothing else changes, delays.

    Of a variable whose values differ, and of delays that do, a common factor can be moved.
    """
    found: dict[str, Movable] = {}
    lowered = prepared.compiled.lowered
    for plan_name, given in lowered.parameters.items():
        one = _constant(given, prepared.parts, namespace) if given.origin == "constant" else None
        if one is not None:
            found.setdefault(one.full_name, one).plan_names.append(plan_name)
    owners = prepared.parts.owners.values()
    for owner in owners:
        if isinstance(owner, (NeuronGroup, Synapses)) and owner.name in lowered.domains:
            for one in _variables(owner, lowered.domains[owner.name], owners, prepared.simulation.memory.arrays):
                found.setdefault(one.full_name, one)
        for path in owner.pathways.values() if isinstance(owner, Synapses) else ():
            one = _delay(owner.name, path)
            found[one.full_name] = one
    return found


def _delay(owner: str, path: SynapticPathway) -> Movable:
    name = "delay" if path.path == "pre" else f"{path.path}.delay"
    if isinstance(path.delays_, float):
        value = quantity(path.delays_, SECOND)
        return Movable(owner, name, value, [], lambda value: path.set_each(seconds(value, "the delay")), between=True)
    return Movable(owner, name, quantity(1.0, DIMENSIONLESS), [], _Scaling(path), between=True, is_factor=True)


class _Scaling:
    """Multiplies the delays of synapses, as they were or as others have written them since, by a factor."""

    def __init__(self, path: SynapticPathway) -> None:
        self.path = path
        self.delays = self.scaled = path.delays_

    def __call__(self, factor: Any) -> None:
        if self.path.delays_ is not self.scaled:
            self.delays = self.path.delays_
        self.scaled = scaled(self.delays, float(factor))
        self.path.set_each(self.scaled)


def _constant(given: Given, parts: Parts, namespace: Namespace) -> Movable | None:
    giver: Any = parts.givers.get(given.owner)
    if isinstance(giver, PoissonInput) and given.name.startswith(("_rate_", "_weight_")):
        name = given.name.split("_")[1]
        return Movable(giver.name, name, getattr(giver, name), [], partial(setattr, giver, name))
    owner = whole(giver.target if isinstance(giver, PoissonInput) else giver)[0] if giver is not None else None
    if owner is None:
        return None
    if given.name == REFRACTORY_PERIOD and given.name in owner.constants:
        return Movable(owner.name, "refractory", owner.constants[given.name], [], _put(owner.constants, given.name))
    if is_constant(given.name, owner.namespace):
        return Movable(owner.name, given.name, owner.namespace[given.name], [], _put(owner.namespace, given.name))
    if not given.name.startswith("_") and is_constant(given.name, namespace):  # the name stays the user's
        return Movable(owner.name, given.name, namespace[given.name], [], lambda value: None)
    return None


def _put(values: Any, name: str) -> Keep:
    return partial(values.__setitem__, name)


def _variables(
    owner: NeuronGroup | Synapses, domain: str, owners: Iterable[VariableOwner], arrays: Any
) -> Iterator[Movable]:
    pathways = [other for other in owners if isinstance(other, Synapses)]
    for name in sorted(set(owner.equations.parameter_names) - written(owner, pathways)):
        plan_name = f"{domain}.{name}"
        values = arrays.get(plan_name)
        if values is None or values.dtype.kind != "f" or not values.size:
            continue
        if (values == values.flat[0]).all():
            value = quantity(float(values.flat[0]), owner.symbols[name].dimension)
            yield Movable(owner.name, name, value, [plan_name], lambda value: None)
        else:
            factor = quantity(1.0, DIMENSIONLESS)
            yield Movable(owner.name, name, factor, [f"{plan_name}*"], lambda value: None, is_factor=True)


def written(owner: NeuronGroup | Synapses, pathways: Iterable[Synapses]) -> set[str]:
    """The variables of an object that statements change while it is simulated."""
    blocks = list(owner.model.reactions.values()) if isinstance(owner, NeuronGroup) else []
    blocks += [path.statements for item in pathways for path in item.model.pathways]
    blocks += [part.block for part in owner.regular]
    return {statement.target.removesuffix("_pre").removesuffix("_post") for block in blocks for statement in block}


def called(name: str, known: Mapping[str, Movable]) -> list[Movable]:
    """What a name stands for: ``exc.taum``, or ``taum`` of all objects that have one.

    Raises
    ------
    ArgumentError
        Nothing of this name can be moved; or it has different values in several objects.
    """
    found = _of_name(name, known)
    if not found:
        names = [*known, *(one.name for one in known.values())]
        hint = nearest(name, names) or f"there are: {', '.join(known) or 'none'}"
        raise ArgumentError(f"there is no constant '{name}' that can be moved while the network runs", hint=hint)
    first = found[0].value
    other = next((one for one in found if not _same(one.value, first)), None)
    if other is not None:
        both = f"{first} in {found[0].owner}, {other.value} in {other.owner}"
        raise ArgumentError(f"'{name}' has different values", found=both, hint=f"say which one: '{found[0].full_name}'")
    return found


def concerns(name: str, known: Mapping[str, Movable], owners: Iterable[VariableOwner]) -> bool:
    """Whether a name stands for something of a network, be it movable or not."""
    owner, _, own = name.rpartition(".")
    having = (one for one in owners if owner in ("", one.name))
    return bool(_of_name(name, known)) or any(own in one.symbols or own in one.namespace for one in having)


def _of_name(name: str, known: Mapping[str, Movable]) -> list[Movable]:
    return [known[name]] if name in known else [one for one in known.values() if one.name == name]


def _same(one: Any, other: Any) -> bool:
    return dimension_of(one) == dimension_of(other) and bool(np.asarray(one) == np.asarray(other))
