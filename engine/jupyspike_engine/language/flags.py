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
    hint : str
        What to do where it does not belong.
    """

    name: str
    roles: tuple[Role, ...]
    about: str
    only: Literal["", "neurons", "synapses", "neurons in space"] = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that stands among the flags, ``name=value``.

    Attributes
    ----------
    flag : str
        The flag that it belongs to, if it needs one.
    needed : bool
        Whether that flag needs it.
    example, about : str
        A value, and what it is, for people.
    """

    name: str
    flag: str
    needed: bool
    example: str
    about: str


_RATE: tuple[Role, ...] = ("differential equation",)
_ANY: tuple[Role, ...] = ("differential equation", "subexpression", "parameter")
_SPECIES: tuple[Role, ...] = ("differential equation", "parameter")
IN_SPACE = (
    "make the group a SpatialNeuron (in a cell: --morphology), or leave it out: a point neuron is the same everywhere "
    "inside"
)
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
    Flag("diffusive", _SPECIES, "diffuses along the neuron", "neurons in space", IN_SPACE),
]
FLAGS = {row.name: row for row in _ROWS}
# Flags that exclude each other, besides those that belong to different kinds of lines.
EXCLUSIVE = (
    ("clock-driven", "event-driven"), ("summed", "shared"), ("summed", "constant over dt"),
    ("diffusive", "constant"), ("diffusive", "linked"), ("diffusive", "shared"),
)  # fmt: skip
SETTINGS = {
    row.name: row
    for row in (
        Setting("D", "diffusive", True, "0.22*um**2/ms", "the diffusion coefficient"),
        Setting("shells", "", False, "4", "the number of concentric shells in which the concentration may differ"),
        Setting("influx", "", False, "-I_Ca/(2*F)", "what enters through the membrane, in mole for an area and a time"),
    )
}
