"""The reserved keys of cells, one row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Key:
    """A reserved key, ``name: value``.

    Attributes
    ----------
    cells : tuple of str
        The magics whose cells may have it.
    value : str
        What is written behind it: an expression, statements, or something with a grammar of its own.
    unit : str
        What the value is, for people.
    example, about : str
        A value, and what the key is for.
    """

    name: str
    cells: tuple[str, ...]
    value: Literal["expression", "statements", "own"]
    unit: str
    example: str
    about: str


_NEURONS, _SYNAPSES, _BOTH = ("%%neurons",), ("%%synapses",), ("%%neurons", "%%synapses")
_ROWS = [
    Key(
        "threshold", _NEURONS, "expression", "condition", "v > -50*mV",
        "A neuron spikes in each time step in which the condition holds, unless it is refractory.",
    ),
    Key(
        "reset", _NEURONS, "statements", "statements", "v = -60*mV",
        "What happens to a neuron that has spiked; several statements stand in indented lines or between semicolons.",
    ),
    Key(
        "refractory", _NEURONS, "expression", "second or condition", "5*ms",
        "How long a neuron does not spike again, or the condition while it does not. Equations with the flag "
        "(unless refractory) stand still meanwhile.",
    ),
    Key(
        "threshold_location", _NEURONS, "own", "compartment", "axon[50*um]",
        "Where the spikes of neurons with a shape are looked for: a number, a section, a length of one as in "
        " axon[50*um],  or a condition that holds for one compartment.",
    ),
    Key(
        "on_pre", _SYNAPSES, "statements", "statements", "v += 1*mV",
        "What a spike of the source does when it arrives. Names with _pre and _post are variables of the source and of "
        "the target; without an ending, of the synapse, else of the target.",
    ),
    Key(
        "on_post", _SYNAPSES, "statements", "statements", "w += 0.1",
        "What a spike of the target does to all synapses that end at it.",
    ),
    Key(
        "on_event", _SYNAPSES, "own", "event", "high",
        "The event that the synapses follow in place of the spike, one of those in  events:  of the neurons.",
    ),
    Key(
        "connect", _SYNAPSES, "own", "condition, p, n, i, j", "p=0.1",
        "Which pairs of neurons get synapses: a condition of i and j such as  i != j,  with a probability p=0.1 and a "
        "number n=2; or the other end, as in  j='i + 1'.",
    ),
    Key(
        "delay", _SYNAPSES, "expression", "second", "1.5*ms",
        "How long a spike of the source is on its way: one time, or one for each synapse if it draws random numbers or "
        "uses i, j or variables.",
    ),
    Key(
        "method", _BOTH, "own", "method", "exact",
        "How the differential equations are integrated. Without this line the most exact method that fits is taken.",
    ),
    Key(
        "initial", _BOTH, "statements", "statements", "v = -60*mV",
        "Values of variables at the beginning, one after the other; rand() and i make them differ.",
    ),
    Key(
        "events", _NEURONS, "own", "condition", "high: v > -40*mV",
        "Events besides the spike, in indented lines  name: condition.  Synapses follow them with on_event, monitors "
        "with EventMonitor.",
    ),
    Key(
        "order", _BOTH, "expression", "integer", "1",
        "Where it comes among what happens at the same moment of a time step, the lowest first.",
    ),
]  # fmt: skip
KEYS = {row.name: row for row in _ROWS}


def keys_of(magic: str) -> tuple[str, ...]:
    """The names of the keys that a cell may have."""
    return tuple(row.name for row in _ROWS if magic in row.cells)
