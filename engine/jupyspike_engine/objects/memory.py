"""How much memory a network takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from ..plan.nodes import RecordRate, RecordState
from ..simulation.recording import LESS
from ..simulation.room import LARGE, bytes_text, expect_room
from ..simulation.simulation import Simulation
from .base import SimulatedObject
from .monitor import Monitor
from .neurongroup import NeuronGroup
from .owner import VariableOwner
from .summaries import Table
from .synapses import Synapses


def memory_of(owner: VariableOwner) -> int:
    """Bytes of the values and connections of an object."""
    return variables_of(owner) + (connections_of(owner) if isinstance(owner, Synapses) else 0)


def variables_of(owner: VariableOwner) -> int:
    """Bytes of the values of neurons or synapses, with the delays of these."""
    arrays = list(owner.arrays.values())
    if isinstance(owner, Synapses):
        arrays += [path.delays_ for path in owner.pathways.values() if isinstance(path.delays_, np.ndarray)]
    return sum(array.nbytes for array in arrays)


def connections_of(synapses: Synapses) -> int:
    """Bytes that tell which neurons synapses connect."""
    order = synapses._creation
    return synapses.starts.nbytes + synapses.post_indices.nbytes + (0 if order is None else order.nbytes)


def for_a_run(owner: VariableOwner) -> int:
    """Bytes that a run takes beside: lists of synapses by source and delay, and of the latest events."""
    if isinstance(owner, Synapses):
        return sum(_rows(owner, path.side, path.delays_) for path in owner.pathways.values())
    events = len(owner.events) if isinstance(owner, NeuronGroup) else 0
    return 4 * (4 * len(owner) + 1024) * events


def _rows(synapses: Synapses, side: str, delays: object) -> int:
    """Bytes of the rows of a pathway: see `targets.interface.Rows`."""
    _, neurons = synapses.extent(side)
    if not isinstance(delays, np.ndarray) or len(delays) == 0:
        return 0 if side == "pre" else 4 * len(synapses) + 8 * neurons
    distinct = len(np.unique(np.rint(delays / synapses.clock.dt_)))
    segments = min(len(synapses), neurons * distinct) if distinct > 1 else 0
    return 4 * len(synapses) + 8 * neurons + 12 * segments


def expect_room_to_store(objects: Iterable[SimulatedObject]) -> None:
    """Raise an error if there is no room for a copy of all values, connections and recordings.

    Raises
    ------
    ArgumentError
    """
    values = sum(memory_of(item) for item in objects if isinstance(item, VariableOwner))
    recorded = sum(item.recording.nbytes for item in objects if isinstance(item, Monitor))
    hint = "record to disk with to='folder', or keep only the latest with keep="
    expect_room(values + recorded, "a copy of the state", hint, least=LARGE)


def reserve_recordings(simulation: Simulation, monitors: Mapping[str, str]) -> None:
    """Take room for what a run will record at each of its steps, before it starts.

    Parameters
    ----------
    monitors : mapping
        Recorders of the plan by the names of their monitors.

    Raises
    ------
    ArgumentError
        There is not as much.
    """
    each_step = [o for o in simulation.plan.operations if isinstance(o, (RecordState, RecordRate))]
    clocks = {operation.recorder: simulation.memory.clocks[operation.clock] for operation in each_step}
    rows = {name: max(0, clock.end - clock.step) for name, clock in clocks.items()}
    sizes = {
        monitor: simulation.recordings[name].bytes_for(rows[name]) for monitor, name in monitors.items() if name in rows
    }
    if not sizes:
        return
    most = max(sizes, key=lambda monitor: sizes[monitor])
    expect_room(sum(sizes.values()), f"what is recorded in this run, most of it by '{most}',", LESS, least=LARGE)
    for name, number in rows.items():
        simulation.recordings[name].reserve(number)


class MemoryReport(Table):
    """The memory of a network, object by object.

    Attributes
    ----------
    total : int
        All of it, in bytes.
    """

    total: int

    def __init__(self, objects: Iterable[SimulatedObject]) -> None:
        lines = list(_lines(objects))
        total = sum(sum(sizes) for _, _, *sizes in lines)
        rows = tuple(
            (name, f"{number:,}", *(bytes_text(size) if size else "" for size in sizes), _each(number, sum(sizes)))
            for name, number, *sizes in lines
        )
        headings = ("object", "elements", "values", "connections", "in a run", "for each")
        super().__init__(headings, rows, f"Memory: {bytes_text(total)}")
        object.__setattr__(self, "total", total)


def _lines(objects: Iterable[SimulatedObject]) -> Iterator[tuple[str, int, int, int, int]]:
    """Name, number of elements, and bytes of values, of connections and for a run."""
    for item in objects:
        if isinstance(item, VariableOwner):
            ends = connections_of(item) if isinstance(item, Synapses) else 0
            yield item.name, len(item), variables_of(item), ends, for_a_run(item)
        elif isinstance(item, Monitor):
            yield item.name, item.recording.rows, item.recording.nbytes, 0, 0


def _each(number: int, size: int) -> str:
    return f"{size / number:.1f} B" if number else ""
