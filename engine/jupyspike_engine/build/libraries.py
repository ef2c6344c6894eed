"""Whether a shared library is all there: the system may kill a process that loads half of one."""

from __future__ import annotations

import struct
from pathlib import Path

# Where the headers of ELF files (the libraries of Linux and most other systems) tell of the table of sections:
# its place, and behind that the size and number of its entries. Linkers write that table last.
_PLACE = {1: ("I", 0x20), 2: ("Q", 0x28)}
_ENTRIES = {1: 0x2E, 2: 0x3A}


def is_whole(library: Path) -> bool:
    """Whether the file is as long as it says; of other systems' libraries only whether there is something in it."""
    size = library.stat().st_size
    with library.open("rb") as file:
        head = file.read(64)
    if not head.startswith(b"\x7fELF"):
        return size > 0
    if len(head) < 64 or head[4] not in _PLACE:
        return False
    order = "<" if head[5] == 1 else ">"
    kind, place = _PLACE[head[4]]
    (table,) = struct.unpack_from(order + kind, head, place)
    length, number = struct.unpack_from(order + "HH", head, _ENTRIES[head[4]])
    return bool(table > 0 and table + length * number <= size)
