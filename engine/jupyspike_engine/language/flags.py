"""The flags that may stand behind the unit of an equation, one row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["differential equation", "subexpression", "parameter"]
"""What kind of line an equation is."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag.

    Attributes
    ----------
    roles : tuple of str
        The lines that may have it.
    about : str
        What it says of a variable, for people.
    only : str
        The equations that it belongs to, where it does not belong to all.
    """

    name: str
    roles: tuple[Role, ...]
    about: str
    only: Literal["", "neurons", "synapses", "neurons in space"] = ""


_RATE: tuple[Role, ...] = ("differential equation",)
_ANY: tuple[Role, ...] = ("differential equation", "subexpression", "parameter")
_ROWS = [
    Flag("unless refractory", _RATE, "keeps its value while the neuron is refractory", "neurons"),
    Flag("clock-driven", _RATE, "is updated in every time step", "synapses"),
    Flag("event-driven", _RATE, "is updated when a spike arrives", "synapses"),
    Flag("constant", ("parameter",), "does not change during a run"),
    Flag("linked", ("parameter",), "is a variable of another group"),
    Flag("shared", ("parameter", "subexpression"), "has one value for all elements"),
    Flag("constant over dt", ("subexpression",), "is computed once in a time step"),
    Flag("summed", ("subexpression",), "is added up over all synapses of a neuron", "synapses"),
    Flag("point current", _ANY, "flows into the compartment as a whole", "neurons in space"),
]
FLAGS = {row.name: row for row in _ROWS}
# Flags that exclude each other, besides those that belong to different kinds of lines.
EXCLUSIVE = (("clock-driven", "event-driven"), ("summed", "shared"), ("summed", "constant over dt"))
