"""The table of what works, ``notebooks/compatibility.md``."""

from __future__ import annotations

from pathlib import Path

from proofs import TARGET_NAMES, USED, Page

FILE = Path(__file__).parents[2] / "notebooks" / "compatibility.md"
WORKS = "✓"
HEADING = "## "

TOP = f"""# What works of the interface that scripts for Brian 2 use

This page is generated: `make table` (or `python tests/contract --write`) tries every line on every target and writes
down what happened, and a test fails when a line has become untrue, in either direction.

Each line is a fact that a script relies on, once its import was changed to `from jupyspike import *`. The second column
says how many do: {", ".join(f"{word}: {meaning}" for word, meaning in USED.items())}. An empty cell: not yet.
"""

Works = dict[tuple[str, str], set[str]]  # a section's title and an item's text -> the targets where it holds


def written(sections: list[Page], works: Works) -> str:
    """The text of the file."""
    lines = [TOP]
    for section in sections:
        lines += [
            f"{HEADING}{section.title}",
            "",
            *_row("", "used", *TARGET_NAMES),
            "|---" * (2 + len(TARGET_NAMES)) + "|",
        ]
        for item in section.items:
            there = works.get((section.title, item.text), set())
            lines += _row(item.text, item.used, *(WORKS if target in there else "" for target in TARGET_NAMES))
        lines.append("")
    return "\n".join(lines)


def _row(*cells: str) -> list[str]:
    return ["| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"]


def read(text: str) -> Works:
    """What the text of a file says."""
    works: Works = {}
    title = ""
    for line in text.splitlines():
        if line.startswith(HEADING):
            title = line.removeprefix(HEADING)
        elif line.startswith("| "):
            cells = [cell.strip().replace(r"\|", "|") for cell in line[2:-2].split(" | ")]
            works[title, cells[0]] = {
                target for target, cell in zip(TARGET_NAMES, cells[2:], strict=True) if cell == WORKS
            }
    return works
