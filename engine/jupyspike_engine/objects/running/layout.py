"""Laying out the memory of a run: which array, number and list of events of which object goes where in a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ...compiler import Compiled
from ...numerics import adaptive
from ...plan.binding import Given
from ...plan.earlier import EARLIER
from ...plan.nodes import Pathway
from ...plan.sharing import ALONE, divisions_of_pathways
from ...simulation.native_program import event_clock
from ...simulation.teams import most_threads
from ...targets.interface import Clock as ClockState
from ...targets.interface import Elements, History, Memory
from ...targets.rows import DueSynapses, Rows
from ..allocation import zeros
from ..monitors.monitor import Monitor
from ..namespaces import Namespace
from ..neurongroup import NeuronGroup
from ..owner import VariableOwner
from ..randomness import current_seed
from ..synaptic.arranging import arrange
from ..synaptic.numbering import Numbering
from ..synaptic.pathways import SynapticPathway, undelivered
from ..synaptic.synapses import Synapses

NO_VERSION = -1  # of pathways whose rows are to be made
Key = tuple[str, str]  # name of a group and of its event, or of synapses and of their pathway


@dataclass(frozen=True)
class Delivered:
    """How the events of a pathway were delivered in a run, and up to where."""

    rows: Rows
    version: int
    numbering: Numbering | None  # of the synapses as they were stored at that time
    history: History
    step: int
    dt: float

    def rows_now(self, path: SynapticPathway, synapses: Synapses, step: int, dt: float) -> Rows:
        """The rows for a further run: the same while nothing has changed, else what is on its way keeps its delay."""
        if (self.version, self.dt) == (path.version, dt):
            return self.rows
        rows = path.rows(dt)
        due = undelivered(self.rows, self.history, self.step)
        rows.since = step
        rows.due = DueSynapses(
            np.maximum(step, np.rint(due.steps * (self.dt / dt)).astype(np.int64)),
            synapses.indices_of(self.numbers_of(due.synapses)),
        )
        return rows

    def numbers_of(self, places: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """The numbers of synapses that were at some places at that time."""
        return places if self.numbering is None else self.numbering.numbers(places)


@dataclass
class Underway:
    """Events that are on their way when a run ends: the last events of each group, and how they are delivered."""

    events: dict[Key, tuple[History, float]] = field(default_factory=dict)
    delivered: dict[Key, Delivered] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """The objects of a network that a program gets its values from.

    Attributes
    ----------
    owners : mapping
        Groups and synapses by name.
    givers : mapping
        All that parameters of the plan belong to, by name: owners, parts of groups, inputs.
    """

    owners: Mapping[str, VariableOwner]
    givers: Mapping[str, Giver]
    monitors: tuple[Monitor, ...]


class Giver(Protocol):
    """What parameters of a plan belong to."""

    def given(self, given: Given, namespace: Namespace) -> float: ...


def kept(underway: Underway, parts: Parts) -> dict[str, npt.NDArray[np.generic]]:
    """What is on its way, for each pathway, as numbers of synapses with the steps at which they are reached."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for (name, path), delivered in underway.delivered.items():
        if name in parts.owners:
            due = undelivered(delivered.rows, delivered.history, delivered.step)
            key = f"{name}/underway {path}"
            arrays |= {f"{key} steps": due.steps, f"{key} synapses": delivered.numbers_of(due.synapses)}
            arrays[f"{key} now"] = np.array([delivered.step, delivered.dt])
    return arrays


def brought_back(arrays: Mapping[str, npt.NDArray[np.generic]], parts: Parts) -> Underway:
    """What `kept` gave, as it is delivered in a further run."""
    underway = Underway()
    for owner in parts.owners.values():
        for path in owner.pathways.values() if isinstance(owner, Synapses) else ():
            key = f"{owner.name}/underway {path.path}"
            if f"{key} now" not in arrays:
                continue
            assert isinstance(owner, Synapses)
            step, dt = np.asarray(arrays[f"{key} now"], np.float64).tolist()
            places = owner.indices_of(np.asarray(arrays[f"{key} synapses"], np.int32))
            due = DueSynapses(np.asarray(arrays[f"{key} steps"], np.int64), places)
            underway.delivered[owner.name, path.path] = Delivered(
                Rows.none(int(step), due), NO_VERSION, owner.numbering, History(1, 1), int(step), dt
            )
    return underway


def laid_out(
    compiled: Compiled, parts: Parts, clocks: list[ClockState], underway: Underway, namespace: Namespace
) -> Memory:
    """The memory for a run.

    Parameters
    ----------
    clocks : list
        Where each clock of the plan stands and is to end.
    underway : Underway
        Events of an earlier run that are still on their way.
    """
    lowered, plan = compiled.lowered, compiled.plan
    objects = {domain: parts.owners[name] for name, domain in lowered.domains.items()}
    steps: dict[str, dict[str, float]] = {}
    for pathway in plan.pathways:
        synapses, path = _pathway(pathway, objects)
        steps.setdefault(synapses.name, {})[path.path] = clocks[event_clock(plan, pathway.event)].dt
        arrange(synapses, steps[synapses.name])
    parameters = np.zeros(len(plan.parameters))
    for k, name in enumerate(plan.parameters):
        given = lowered.parameters.get(name)  # those of propagators are computed when the run starts
        if given is not None and given.origin == "table":
            parameters[k] = lowered.tables[given.owner].numbers[given.name]
        elif given is not None:
            parameters[k] = parts.givers[given.owner].given(given, namespace)
    arrays: dict[str, Any] = {name: table.values for name, table in lowered.tables.items()}
    for array in plan.arrays:
        if array.domain is not None:
            owner, variable = objects[array.domain], array.name.split(".", 1)[1]
            # numbers of propagators, copies, and what integrators keep for themselves have no array in their owner
            computed = _computed(variable, owner)
            arrays[array.name] = zeros(len(owner), array.storage) if computed else owner.array(variable)
    elements = {domain: owner.elements() for domain, owner in objects.items()}
    parts_of_domains = parts_for(compiled, elements)
    for of_domain in elements.values():
        of_domain.divide(parts_of_domains)
    divisions = divisions_of_pathways(plan) if parts_of_domains > 1 else {}
    pathways, depths = {}, dict.fromkeys((event.name for event in plan.events), 1)
    for pathway in plan.pathways:
        synapses, path = _pathway(pathway, objects)
        clock = clocks[event_clock(plan, pathway.event)]
        before = underway.delivered.get((synapses.name, path.path))
        if before is None:
            rows = path.rows(clock.dt)
            rows.since = clock.step
        else:
            rows = before.rows_now(path, synapses, clock.step, clock.dt)
        division = divisions.get(pathway.name, ALONE)
        if division in ("pre", "post"):
            ends = next(d for d in plan.domains if d.name == pathway.synapses)
            cuts = elements[str(ends.pre if division == "pre" else ends.post)].cuts
            rows.divide(division, synapses.side, cuts)
            path.keep(rows, clock.dt)
        pathways[pathway.name] = rows
        depths[pathway.event] = max(depths[pathway.event], int(rows.delays[0]) + 1)
    events = {}
    for event in plan.events:
        owner, clock = objects[event.domain], clocks[event_clock(plan, event.name)]
        room, depth = 4 * len(owner) + 1024, depths[event.name]
        last = underway.events.get((owner.name, event.name.split("_", 1)[1]))
        events[event.name] = History(room, depth)
        if last is not None and last[1] == clock.dt:
            events[event.name] = last[0].rearranged(clock.step, depth, room)
        if isinstance(owner, NeuronGroup) and owner.injects_events:
            events[event.name].given = owner.given_events(clock.dt)
    return Memory(
        current_seed(),
        parameters,
        arrays,
        (ClockState * len(clocks))(*clocks),
        elements,
        events,
        pathways,
        {lowered.recorders[monitor.name]: monitor.buffers() for monitor in parts.monitors},
        parts=parts_of_domains,
    )


def parts_for(compiled: Compiled, elements: Mapping[str, Elements]) -> int:
    """Into how many parts the elements are divided: one for each thread that could pay."""
    shareable = compiled.target == "cpp" and not compiled.plan.functions  # functions of users may keep things
    synapses = sum(of_domain.size for of_domain in elements.values() if of_domain.starts is not None)
    neurons = sum(of_domain.size for of_domain in elements.values() if of_domain.starts is None)
    return most_threads(neurons, synapses) if shareable else 1


def _computed(variable: str, owner: VariableOwner) -> bool:
    solver = (adaptive.UNFINISHED, adaptive.LAST, adaptive.FAILED, adaptive.COUNT)
    return variable.startswith(("exponential_", "integral_", EARLIER, *solver)) and variable not in owner.arrays


def _pathway(pathway: Pathway, objects: Mapping[str, VariableOwner]) -> tuple[Synapses, SynapticPathway]:
    synapses = objects[pathway.synapses]
    assert isinstance(synapses, Synapses)
    return synapses, synapses.pathways[pathway.name.split("_", 1)[1]]


def left_over(compiled: Compiled, parts: Parts, memory: Memory) -> Underway:
    """The events that are on their way when a run ends."""
    plan, underway = compiled.plan, Underway()
    objects = {domain: parts.owners[name] for name, domain in compiled.lowered.domains.items()}
    for event in plan.events:
        clock = memory.clocks[event_clock(plan, event.name)]
        key = objects[event.domain].name, event.name.split("_", 1)[1]
        underway.events[key] = memory.events[event.name], clock.dt
    for pathway in plan.pathways:
        synapses, path = _pathway(pathway, objects)
        clock = memory.clocks[event_clock(plan, pathway.event)]
        underway.delivered[synapses.name, path.path] = Delivered(
            memory.pathways[pathway.name], path.version, synapses.numbering, memory.events[pathway.event], clock.step,
            clock.dt,
        )  # fmt: skip
    return underway
