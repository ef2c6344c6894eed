"""The line ``delay:`` of a ``%%synapses`` cell: a time for all synapses, or an expression that gives each its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyspike.magics.grammar import Cell
from jupyspike_engine.diagnostics import Problems, Span
from jupyspike_engine.language.check import Sort
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.expressions import parse_expression
from jupyspike_engine.language.functions import ALL_FUNCTIONS
from jupyspike_engine.language.model import check_value
from jupyspike_engine.language.scope import Scope, Symbol
from jupyspike_engine.language.syntax import Call, Expression, names, walk
from jupyspike_engine.objects.clocks import seconds
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.units import SECOND

TIME = Sort(SECOND, "real")


@dataclass(frozen=True)
class Delay:
    """What a cell says of delays: a time for all synapses or an expression for each, neither without the line."""

    for_all: Any = None
    of_each: Expression | None = None
    place: Span | None = None

    def check(self, pairs: Scope, problems: Problems) -> None:
        """Report units and names that do not fit in an expression for each synapse."""
        if self.of_each is not None:
            with problems.collecting():
                check_value(self.of_each, pairs, TIME, "the delay")

    def set(self, made: Synapses, problems: Problems) -> None:
        """Give each synapse its own delay."""
        if self.of_each is not None:
            with problems.collecting(self.place):
                values = made.values(self.of_each, made.stored_places(), TIME, "the delay")
                made.pathways["pre"].compute(values)


def read_delay(cell: Cell, constants: Scope, symbols: Mapping[str, Symbol], problems: Problems) -> Delay:
    """The delay of a cell whose synapses have some variables."""
    place = cell.keys.get("delay")
    if place is None:
        return Delay()
    if "on_pre" not in cell.keys:
        problems.add("a delay needs code in 'on_pre' to delay", place, "value")
        return Delay()
    tree = parse_expression(place)
    if _differs(tree, symbols):
        if "connect" not in cell.keys:
            hint = "add a line such as  connect: p=0.1, or set the delay in Python, behind connect()"
            message = "each synapse has a delay of its own, but there are no synapses yet"
            problems.add(message, place, "value", hint=hint)
        return Delay(of_each=tree, place=place)
    with problems.collecting(place):
        value = value_of(tree, constants, TIME, "the delay")
        seconds(value, "the delay")
        return Delay(for_all=value)
    return Delay()


def _differs(tree: Expression, symbols: Mapping[str, Symbol]) -> bool:
    """Whether an expression may differ between synapses; functions of the user may draw random numbers too."""
    calls = [ALL_FUNCTIONS.get(node.function) for node in walk(tree) if isinstance(node, Call)]
    return bool(names(tree) & symbols.keys()) or any(row is None or row.random for row in calls)
