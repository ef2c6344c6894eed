"""What is written down of a network that is to run without Python: its plan, its memory, and the names of the user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...plan.nodes import Event, Pathway, Plan
from ..interface import Memory


@dataclass(frozen=True)
class Name:
    """What an array or a parameter of the plan is to the user: name, SI unit, whose it is, and if it may be set.

    ``result`` are arrays that are written when a run has ended.
    """

    name: str
    unit: str = "1"
    about: str = ""
    settable: bool = False
    result: bool = False


@dataclass(frozen=True)
class Column:
    """What a monitor keeps of a number that the program wrote: ``(number - zero) / divisor``, in a type of numpy."""

    name: str
    type: np.dtype[Any]
    unit: str = "1"
    zero: float = 0.0
    divisor: float = 1.0


@dataclass(frozen=True)
class Monitor:
    """A recorder of the plan as the user knows it."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Building:
    """What compiler and linker are told beside the usual, sources that are compiled with the program, and headers."""

    compiling: tuple[str, ...] = ()
    linking: tuple[str, ...] = ()
    sources: tuple[Path, ...] = ()
    headers: tuple[Path, ...] = ()

    def with_those_of(self, other: Building) -> Building:
        """What two programs ask for together."""
        return Building(*(mine if set(its) <= set(mine) else (*mine, *its) for mine, its in self._beside(other)))

    def _beside(self, other: Building) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        return ((getattr(self, each.name), getattr(other, each.name)) for each in fields(self))


@dataclass(frozen=True)
class Project:
    """A network as it is before the first step of a run.

    Attributes
    ----------
    domains : mapping
        The object's name for each domain of the plan.
    arrays, parameters, monitors : mapping
        What the user calls them, by their names in the plan; parameters that are missing are computed.
    watched : frozenset of str
        Arrays in which a value that is not finite is worth a warning.
    models : mapping
        The text of each object.
    provenance : mapping
        What the network was made with.
    threads : int
        How many there are unless the command line says otherwise.
    duration : float
        In seconds.
    times : mapping
        All ticks of the clocks that have lists of them, by number of the clock.
    set_values : mapping
        For a further run, the places in arrays at which values were set since the run before.
    orders : mapping
        For a further run, by domain, the places in the run before of synapses that are stored in another order.
    """

    name: str
    plan: Plan
    memory: Memory
    domains: Mapping[str, str]
    arrays: Mapping[str, Name]
    parameters: Mapping[str, Name]
    monitors: Mapping[str, Monitor]
    watched: frozenset[str]
    models: Mapping[str, str]
    provenance: Mapping[str, Any]
    duration: float
    times: Mapping[int, npt.NDArray[np.float64]] = field(default_factory=dict)
    threads: int = 1
    building: Building = field(default_factory=Building)
    set_values: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    orders: Mapping[str, npt.NDArray[np.int32]] = field(default_factory=dict)

    @property
    def carried(self) -> frozenset[str]:
        """Arrays that a run takes over from the run before, as they are."""
        results = (array.name for array in self.plan.arrays if array.domain and self.arrays[array.name].result)
        return frozenset(name for name in results if name not in self.set_values)

    def event_name(self, event: Event) -> str:
        """The object and its event."""
        return f"{self.domains[event.domain]}.{event.name.split('_', 1)[1]}"

    def pathway_name(self, pathway: Pathway) -> str:
        """The synapses and their pathway."""
        return f"{self.domains[pathway.synapses]}.{pathway.name.split('_', 1)[1]}"

    def parameter(self, name: str) -> Name:
        return self.parameters.get(name) or Name(name, about="computed")
