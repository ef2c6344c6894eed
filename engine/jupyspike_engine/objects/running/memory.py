"""How much memory a network takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from ...plan.nodes import RecordRate, RecordState
from ...simulation.recording import LESS
from ...simulation.room import LARGE, bytes_text, expect_room
from ...simulation.simulation import Simulation
from ..base import SimulatedObject
from ..monitors.monitor import Monitor
from ..neurongroup import NeuronGroup
from ..owner import VariableOwner
from ..synaptic.arranging import arranging_pathway, uses_sources
from ..synaptic.synapses import Synapses
from .summaries import Table


def memory_of(owner: VariableOwner) -> int:
    """Bytes of the values and connections of an object."""
    return variables_of(owner) + (connections_of(owner) if isinstance(owner, Synapses) else 0)


def variables_of(owner: VariableOwner) -> int:
    """Bytes of the values of neurons or synapses, with the delays of these."""
    delays = [path.delays_ for path in owner.pathways.values()] if isinstance(owner, Synapses) else []
    own = sum(kept.nbytes for kept in delays if not isinstance(kept, float))
    return own + sum(array.nbytes for array in owner.arrays.values())


def connections_of(synapses: Synapses) -> int:
    """Bytes that tell which neurons synapses connect."""
    order = synapses.numbering
    return synapses.starts.nbytes + synapses.post_indices.nbytes + (0 if order is None else order.nbytes)


def for_a_run(owner: VariableOwner, parts: int = 1) -> int:
    """Bytes that a run takes beside: lists of synapses by source and delay, of the latest events, systems on trees.

    ``parts`` are those into which elements are divided for threads.
    """
    if isinstance(owner, Synapses):
        by_delay = arranging_pathway(owner)
        rows = sum(path.bytes_of_rows(parts, path is by_delay) for path in owner.pathways.values())
        return rows + (4 * len(owner) if uses_sources(owner) else 0)
    events = len(owner.events) if isinstance(owner, NeuronGroup) else 0
    return 4 * (4 * len(owner) + 1024) * events + owner.bytes_for_runs


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
    rows = {name: clock.steps_left for name, clock in clocks.items()}
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

    Parameters
    ----------
    parts : int
        Into how many elements are divided for threads.
    rows : mapping
        The steps at which monitors are to record in a run, by their names.

    Attributes
    ----------
    total : int
        All of it, in bytes.
    """

    total: int

    def __init__(
        self, objects: Iterable[SimulatedObject], parts: int = 1, rows: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        lines = list(_lines(objects, parts, rows))
        total = sum(sum(sizes) for _, _, *sizes in lines)
        shown = tuple(
            (name, f"{number:,}", *(bytes_text(size) if size else "" for size in sizes), _each(number, sum(sizes)))
            for name, number, *sizes in lines
        )
        headings = ("object", "elements", "values", "connections", "in a run", "for each")
        super().__init__(headings, shown, f"Memory: {bytes_text(total)}")
        object.__setattr__(self, "total", total)


def _lines(
    objects: Iterable[SimulatedObject], parts: int, rows: Mapping[str, int]
) -> Iterator[tuple[str, int, int, int, int]]:
    """Name, number of elements, and bytes of values, of connections and for a run."""
    for item in objects:
        if isinstance(item, VariableOwner):
            ends = connections_of(item) if isinstance(item, Synapses) else 0
            yield item.name, len(item), variables_of(item), ends, for_a_run(item, parts)
        elif isinstance(item, Monitor):
            later = 0 if item.kind == "events" else item.recording.bytes_for(rows.get(item.name, 0))
            yield item.name, item.recording.rows, item.recording.nbytes, 0, later


def _each(number: int, size: int) -> str:
    return f"{size / number:.1f} B" if number else ""
