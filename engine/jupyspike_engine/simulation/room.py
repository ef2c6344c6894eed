"""Whether there is as much memory as something needs, before it is taken."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ..diagnostics import ArgumentError

TAKEN = 0.9  # the part of the free memory that may be taken
LARGE = 1 << 26  # bytes above which it is looked whether there are as many


def bytes_text(size: float) -> str:
    """A number of bytes as people read it.

    >>> bytes_text(12_000_000), bytes_text(999), bytes_text(999_900)
    ('12 MB', '999 B', '1 MB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if size < 999.5:  # what is more is rounded to 1000
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def free_memory() -> int | None:
    """Bytes that can still be taken, None where nothing is told.

    It is the least of what the system has, of what is left to the control groups of this process (a container, a job
    of a cluster), and of what its own limits leave.
    """
    return min((*_of_system(Path("/")), *_of_groups(Path("/")), *_of_process()), default=None)


def expect_room(size: float, what: str, hint: str = "", least: float = 0) -> None:
    """Raise an error if something needs more memory than there is, before it is taken.

    Parameters
    ----------
    least : float
        Sizes below are not worth a look.

    Raises
    ------
    ArgumentError
        With what is needed and what is free.
    """
    free = None if size < least else free_memory()
    if free is not None and size > TAKEN * free:
        raise ArgumentError(
            f"{what} would take {bytes_text(size)} of memory", found=f"{bytes_text(free)} are free",
            hint=hint or "fewer synapses or neurons, dtype=float32 for variables; memory_report() tells what a network "
            "takes",
        )  # fmt: skip


def _of_system(root: Path) -> Iterator[int]:
    with suppress(OSError, ValueError, IndexError):
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
        yield from (1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
        return
    with suppress(AttributeError, OSError, ValueError):  # all that is built in, where nothing says what is free
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _of_groups(root: Path) -> Iterator[int]:
    """What the control groups of this process may still take, those of both versions and all that they lie in."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            yield from _left(root / "sys/fs/cgroup", path, ("memory.max", "memory.current", "inactive_file"))
        elif "memory" in controllers.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            yield from _left(root / "sys/fs/cgroup/memory", path, names)


def _left(mount: Path, path: str, names: tuple[str, str, str]) -> Iterator[int]:
    limit, usage, reclaimable = names
    group = mount / path.strip("/")
    for place in (group, *group.parents):
        with suppress(OSError, ValueError):  # no limit, or a group that cannot be seen from within a container
            left = int((place / limit).read_text()) - int((place / usage).read_text())
            yield max(0, left + _given_back(place / "memory.stat", reclaimable))
        if place == mount:
            break


def _given_back(statistics: Path, name: str) -> int:
    """Bytes of files that were read, which the system lets go of if need be."""
    with suppress(OSError, ValueError):
        return int(dict(line.split() for line in statistics.read_text().splitlines()).get(name, 0))
    return 0


def _of_process() -> Iterator[int]:
    """What the limits of this process leave, as the commands ulimit -v and ulimit -d set them."""
    if sys.platform != "linux":
        return
    import resource

    with suppress(OSError, ValueError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
        for limit, used in ((resource.RLIMIT_AS, pages[0]), (resource.RLIMIT_DATA, pages[5])):
            allowed, _ = resource.getrlimit(limit)
            if allowed != resource.RLIM_INFINITY:
                yield max(0, allowed - int(used) * resource.getpagesize())
