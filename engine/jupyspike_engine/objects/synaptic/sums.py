"""Sums over synapses: each variable of a neuron is set by one of them."""

from __future__ import annotations

from typing import Any

from ...diagnostics import Problems
from ..subgroup import whole


def check_sums(all_synapses: list[Any], problems: Problems) -> None:
    """Report variables of the same neurons that several summed variables set: each would undo the others."""
    seen: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for synapses in all_synapses:
        for name in synapses.summed_updaters:
            symbol = synapses.symbols[name]
            group, start, stop = whole(synapses.source if symbol.side == "pre" else synapses.target)
            others = seen.setdefault((group.name, symbol.name), [])
            for begin, end, other in others:
                if start < end and begin < stop:
                    problems.add(
                        f"'{symbol.name}' of '{group.name}' is a sum over '{other}' and over '{synapses.name}'",
                        synapses.equations[name].span,
                        "unavailable",
                        hint="give each its own variable, and add them up in the equations of the group",
                    )
            others.append((start, stop, synapses.name))
