"""Whether there is as much memory as something needs, before it is taken."""

from __future__ import annotations

from pathlib import Path

from ..diagnostics import ArgumentError

TAKEN = 0.9  # the part of the free memory that may be taken


def bytes_text(size: float) -> str:
    """A number of bytes as people read it.

    >>> bytes_text(12_000_000), bytes_text(999)
    ('12 MB', '999 B')
    """
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


def free_memory() -> int | None:
    """Bytes that can still be taken, None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def expect_room(size: float, what: str) -> None:
    """Raise an error if something needs more memory than there is, before it is taken.

    Raises
    ------
    ArgumentError
        With what is needed and what is free.
    """
    free = free_memory()
    if free is not None and size > TAKEN * free:
        raise ArgumentError(
            f"{what} would take {bytes_text(size)} of memory", found=f"{bytes_text(free)} are free",
            hint="fewer synapses or neurons, dtype=float32 for variables; memory_report() tells what a network takes",
        )  # fmt: skip
