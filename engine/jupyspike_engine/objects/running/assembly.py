"""The objects of a network put together: as the compiler wants them, and as what a program gets its values from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...diagnostics import ArgumentError, ArgumentTypeError, Problems, UserError
from ...plan.network import Network
from ..base import SimulatedObject
from ..monitors.monitor import Monitor
from ..namespaces import Namespace
from ..networkoperation import NetworkOperation
from ..neurongroup import NeuronGroup
from ..owner import VariableOwner
from ..parts import RegularOperation
from ..poissoninput import PoissonInput
from ..subgroup import Subgroup, whole
from ..synaptic.sums import check_sums
from ..synaptic.synapses import Synapses
from .layout import Parts
from .ticking import Ticking


def each_object(objects: Iterable[Any]) -> Iterator[SimulatedObject]:
    """The objects of a simulation among some objects and in the containers among them."""
    for item in objects:
        if isinstance(item, SimulatedObject):
            yield item
        elif isinstance(item, Iterable) and not isinstance(item, str):
            yield from each_object(item.values() if isinstance(item, Mapping) else item)
        else:
            raise ArgumentTypeError(f"{item!r} is not an object of a simulation")


def include(objects: Iterable[Any], together: list[SimulatedObject]) -> None:
    """Take objects, given as to `each_object`, and those that they need into a list, if they are not in it."""
    for item in each_object(objects):
        if item not in together:
            include((*item.needs, *item.__dict__.get("dependencies", ())), together)
            together.append(item)
            item.used()


def of_type(objects: Iterable[SimulatedObject], kind: type[Any]) -> list[Any]:
    """The objects of a kind; what only acts is left out while it is switched off."""
    owner = issubclass(kind, (VariableOwner, NeuronGroup, Synapses))
    return [item for item in objects if isinstance(item, kind) and (item.active or owner)]


def parts_of(objects: Sequence[SimulatedObject]) -> Parts:
    """What a program gets its values from.

    Raises
    ------
    ArgumentError
        Two groups or synapses have the same name.
    """
    return Parts(_owners(objects), _givers(objects), tuple(of_type(objects, Monitor)))


def _owners(objects: Sequence[SimulatedObject]) -> dict[str, VariableOwner]:
    """Groups and synapses by name.

    Raises
    ------
    ArgumentError
        Two of them have the same name.
    """
    owners: dict[str, VariableOwner] = {}
    for item in of_type(objects, VariableOwner):
        if not isinstance(item, Subgroup) and owners.setdefault(item.name, item) is not item:
            raise ArgumentError(f"two objects of the network have the name '{item.name}'", hint="rename one of them")
    return owners


def _givers(objects: Sequence[SimulatedObject]) -> dict[str, Any]:
    """All objects that parameters of a plan belong to, by name."""
    givers: dict[str, Any] = {}
    for item in of_type(objects, VariableOwner):
        givers[item.name] = item
        for part in item.contained_objects:
            if isinstance(part, RegularOperation):
                givers[part.group.name] = part.group
    return givers | {item.name: item for item in of_type(objects, PoissonInput)}


def network_parts(
    objects: Sequence[SimulatedObject], ticking: Ticking, schedule: Sequence[str], namespace: Namespace
) -> Network:
    """The network that the compiler is given.

    Raises
    ------
    UserError
        Names are missing or units do not fit.
    """
    groups: list[NeuronGroup] = of_type(objects, NeuronGroup)
    all_synapses: list[Synapses] = of_type(objects, Synapses)
    problems = Problems()
    neurons, synapses = [], []
    for group in groups:
        try:
            part = group.part(namespace, ticking.number, rewritten_by(group, all_synapses))
            inputs = [item for item in of_type(objects, PoissonInput) if item.needs[0] is group]
            regular = (i.part(k, ticking.number(i.clock), namespace) for k, i in enumerate(inputs))
            neurons.append(replace(part, regular=(*part.regular, *regular)))
        except UserError as error:
            problems.extend(error)
    for item in all_synapses:
        try:
            synapses.append(item.part(namespace, ticking.number))
        except UserError as error:
            problems.extend(error)
    check_sums(all_synapses, problems)
    problems.raise_if_any()
    recordings = tuple(m.part(ticking.number(m.clock)) for m in of_type(objects, Monitor))
    calls = tuple(c.part(ticking.number(c.clock)) for c in of_type(objects, NetworkOperation))
    return Network(ticking.count, tuple(neurons), tuple(synapses), recordings, calls, tuple(schedule))


def rewritten_by(group: NeuronGroup, synapses: list[Synapses]) -> frozenset[str]:
    """The variables of a group that synapses change, by their code or as sums."""
    written: set[str] = set()
    for item in synapses:
        ends = {"pre": whole(item.source)[0], "post": whole(item.target)[0]}
        targets = {s.target for path in item.model.pathways for s in path.statements}
        targets |= {s.target for part in item.regular for s in part.block} | item.summed_updaters.keys()
        for target in targets:
            symbol = item.symbols.get(target)
            if symbol is not None and symbol.side != "own" and ends[symbol.side] is group:
                written.add(symbol.name)
    return frozenset(written) - group.equations.diff_eq_names
