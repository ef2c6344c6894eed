"""Laying out the memory of a run: which array, number and list of events of which object goes where in a program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..compiler import Compiled
from ..simulation.native_program import event_clock
from ..targets.interface import Clock as ClockState
from ..targets.interface import Elements, History, Memory
from .monitor import Monitor
from .owner import Namespace, VariableOwner, zeros
from .randomness import current_seed
from .synapses import Synapses


@dataclass(frozen=True)
class Pending:
    """The last events of a group when a run ended, with the step and the time step (s) of their clock."""

    history: History
    step: int
    dt: float

    def at(self, step: int, dt: float) -> History:
        """The history as it stands before a step, with the events at their times if the time step has changed."""
        if dt == self.dt:
            return self.history
        depth = round((self.history.depth - 1) * self.dt / dt) + 2
        converted = History(len(self.history.elements), depth)
        for target in range(max(0, step - depth + 1), step):
            old = [
                self.history.at(self.step - back)
                for back in range(self.history.depth - 1, 0, -1)
                if self.step - back >= 0 and round((self.step - back) * self.dt / dt) == target
            ]
            if old:
                converted.put(target, np.unique(np.concatenate(old)))
            else:
                converted.put(target, np.empty(0, np.int32))
        return converted


Key = tuple[str, str]  # name of a group and of its event


def laid_out(
    compiled: Compiled,
    owners: Mapping[str, VariableOwner],
    monitors: Iterable[Monitor],
    clocks: list[ClockState],
    pending: Mapping[Key, Pending],
    namespace: Namespace,
) -> Memory:
    """The memory for a run.

    Parameters
    ----------
    owners : mapping
        Groups and synapses by name.
    clocks : list
        Where each clock of the plan stands and is to end.
    pending : mapping
        Events of an earlier run that are still on their way.
    """
    lowered, plan = compiled.lowered, compiled.plan
    objects = {domain: owners[name] for name, domain in lowered.domains.items()}
    parameters = np.zeros(len(plan.parameters))
    for k, name in enumerate(plan.parameters):
        given = lowered.parameters.get(name)  # those of propagators are computed when the run starts
        if given is not None:
            parameters[k] = owners[given.owner].given(given, namespace)
    arrays: dict[str, Any] = {}
    for array in plan.arrays:
        owner, variable = objects[array.domain], array.name.split(".", 1)[1]
        arrays[array.name] = owner.arrays[variable] if variable in owner.arrays else zeros(len(owner), np.float64)
    pathways, depths = {}, dict.fromkeys((event.name for event in plan.events), 1)
    for pathway in plan.pathways:
        synapses = objects[pathway.synapses]
        assert isinstance(synapses, Synapses)
        dt = clocks[event_clock(plan, pathway.event)].dt
        rows = synapses.rows(synapses.pathways[pathway.name.split("_", 1)[1]], dt)
        pathways[pathway.name] = rows
        depths[pathway.event] = max(depths[pathway.event], rows.delay + 1)
    events = {}
    for event in plan.events:
        owner, clock = objects[event.domain], clocks[event_clock(plan, event.name)]
        room, depth = 4 * len(owner) + 1024, depths[event.name]
        before = pending.get((owner.name, event.name.split("_", 1)[1]))
        events[event.name] = (
            History(room, depth)
            if before is None
            else before.at(clock.step, clock.dt).rearranged(clock.step, depth, room)
        )
    return Memory(
        current_seed(),
        parameters,
        arrays,
        (ClockState * len(clocks))(*clocks),
        {domain: _elements(owner) for domain, owner in objects.items()},
        events,
        pathways,
        {lowered.recorders[monitor.name]: monitor.buffers() for monitor in monitors},
    )


def left_over(compiled: Compiled, memory: Memory) -> dict[Key, Pending]:
    """The events that are on their way when a run ends."""
    plan = compiled.plan
    names = {domain: name for name, domain in compiled.lowered.domains.items()}
    result = {}
    for event in plan.events:
        clock = memory.clocks[event_clock(plan, event.name)]
        key = names[event.domain], event.name.split("_", 1)[1]
        result[key] = Pending(memory.events[event.name], clock.step, clock.dt)
    return result


def _elements(owner: VariableOwner) -> Elements:
    return owner.elements() if isinstance(owner, Synapses) else Elements(len(owner), owner.stream.key)
