"""The table: medians with smallest and largest, side by side, and how they compare."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sides import Measured

HEADER = ("", "jupyspike", "brian2", "ratio")


@dataclass
class Results:
    """The samples of a scenario, pooled over its processes: for each library, for each measure."""

    title: str
    samples: dict[str, Measured] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def take(self, library: str, measured: Measured) -> None:
        own = self.samples.setdefault(library, {})
        for name, (unit, values) in measured.items():
            pooled = [sum(values)] if unit == "sum" else values  # a count belongs to a process
            own.setdefault(name, (unit, []))[1].extend(pooled)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """The lines of the table."""
        ours, peer = self.samples.get("jupyspike", {}), self.samples.get("brian2", {})
        lines = []
        for name in dict.fromkeys([*ours, *peer]):
            unit = (ours.get(name) or peer[name])[0]
            a, b = (side[name][1] if name in side else [] for side in (ours, peer))
            lines.append((name, summary(unit, a), summary(unit, b), ratio(unit, a, b)))
        lines += [(f"- {library} failed", text.splitlines()[-1], "", "") for library, text in self.failures.items()]
        return lines


def summary(unit: str, samples: Sequence[Any]) -> str:
    """The median, the range, and how many samples there are.

    >>> summary("s", [0.012, 0.011, 0.0145])
    '12.0 ms (11.0..14.5, n = 3)'
    """
    if not samples:
        return ""
    if isinstance(samples[0], str):
        return " / ".join(dict.fromkeys(samples))
    middle = median(samples)
    scale, shown = 1.0, unit
    if unit == "s" and middle < 0.1:
        scale, shown = (1e3, "ms") if middle >= 1e-3 else (1e6, "us")
    if unit == "sum":
        return "..".join(dict.fromkeys(f"{value:g}" for value in (min(samples), max(samples))))
    low, high = number(scale * min(samples)), number(scale * max(samples))
    text = f"{number(scale * middle)} {shown}"
    return text if len(samples) == 1 else f"{text} ({low}..{high}, n = {len(samples)})"


def number(value: float) -> str:
    """Three digits, without an exponent.

    >>> number(0.12345), number(12.345), number(1234.5)
    ('0.123', '12.3', '1234')
    """
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{decimals}f}"


def ratio(unit: str, ours: Sequence[Any], peer: Sequence[Any]) -> str:
    """brian2's median over jupyspike's, of times."""
    return f"{number(median(peer) / median(ours))} x" if unit == "s" and ours and peer else ""


def table(results: Mapping[str, Results]) -> str:
    """All scenarios as one Markdown table."""
    lines: list[tuple[str, ...]] = [HEADER]
    for scenario in results.values():
        lines += [(f"**{scenario.title}**", "", "", ""), *scenario.rows()]
    return aligned(lines)


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table of a header and rows, whose columns line up when it is printed."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in (lines[0], rule, *lines[1:])
    )


def machine() -> str:
    """Processor, cores and system."""
    name = platform.processor() or platform.machine()
    try:
        from jupyspike_engine.build.compilers import find_compiler
        from jupyspike_engine.build.machine import processor_name

        name = f"{processor_name()}, {find_compiler() or 'no C++ compiler'}"
    except ImportError:
        pass
    return f"{name}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def load() -> str:
    """How busy the machine is, where the system tells."""
    try:
        return " ".join(f"{value:.2f}" for value in os.getloadavg())
    except (AttributeError, OSError):
        return "unknown"
