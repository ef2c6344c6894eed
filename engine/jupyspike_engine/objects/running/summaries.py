"""Tables of what happens in a time step: when, and how much time it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from ...plan.network import slot_position
from ...units import SECOND, quantity
from ..base import SimulatedObject
from ..clocks import Clock, EventClock

WAITING = "threads waiting for each other"


@dataclass(frozen=True)
class Table:
    """Rows of text under headings, for the terminal and for notebooks."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.headings, *self.rows, strict=True)]

        def line(cells: Iterable[str]) -> str:
            return " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

        rule = "-+-".join("-" * width for width in widths)
        return "\n".join([*([self.title] if self.title else []), line(self.headings), rule, *map(line, self.rows)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def row(cells: Iterable[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        body = "".join(row(cells, "td") for cells in self.rows)
        caption = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        return f"<table>{caption}<thead>{row(self.headings, 'th')}</thead><tbody>{body}</tbody></table>"


def scheduling_table(objects: Iterable[SimulatedObject], schedule: Sequence[str]) -> Table:
    """What acts in a time step, in its order."""
    items = list(objects)
    owners = {id(part): item for item in items for part in item.contained_objects}
    acting: list[tuple[SimulatedObject, str]] = []
    for item in items:
        acting += [(part, f"{item.name} ({type(item).__name__})") for part in item.contained_objects]
        if item.acts and id(item) not in owners:
            acting.append((item, "-"))

    def position(entry: tuple[SimulatedObject, str]) -> tuple[int, int, str]:
        item = entry[0]
        return slot_position(item.when, schedule), item.order, item.name

    steps = [item.clock.dt_ for item, _ in acting if not isinstance(item.clock, EventClock)]

    def ticks(clock: Clock) -> str:
        if isinstance(clock, EventClock):
            return f"{len(clock.times_)} times"
        multiple = clock.dt_ / min(steps)
        return f"{clock.dt} (every {'step' if round(multiple, 6) == 1 else f'{multiple:.4g} steps'})"

    rows = []
    for item, owner in sorted(acting, key=position):
        name = f"{item.name} ({type(item).__name__})"
        rows.append((name, owner, ticks(item.clock), item.when, str(item.order), "yes" if item.active else "no"))
    return Table(("object", "part of", "clock dt", "when", "order", "active"), tuple(rows))


class ProfilingSummary(Table):
    """How much time each part of a network took in its last run, the slowest first."""

    def __init__(self, times: Sequence[tuple[str, float]], show: int | None) -> None:
        total = sum(seconds for _, seconds in times)
        ordered = sorted(times, key=lambda entry: -entry[1])[:show]
        rows = tuple(
            (name, str(quantity(seconds, SECOND)), f"{100 * seconds / total if total else 0:.1f} %")
            for name, seconds in ordered
        )
        super().__init__(("part", "time", "share"), rows, "Profiling summary")


def in_seconds(times: Sequence[tuple[str, float]]) -> list[tuple[str, Any]]:
    """Names with times as quantities."""
    return [(name, quantity(seconds, SECOND)) for name, seconds in times]
