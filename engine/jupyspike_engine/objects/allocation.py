"""Memory for values, where there is enough of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..diagnostics import ArgumentError
from ..simulation.room import LARGE, expect_room
from ..targets.interface import AnyArray


def expect_room_for(number: int, kinds: Iterable[type[np.generic] | str], elements: str) -> None:
    """Raise an error if the values of elements, all types of them together, do not fit into the free memory.

    Systems give memory before they have it: that each array can be had does not say that all can be used.

    Raises
    ------
    ArgumentError
    """
    size = number * sum(np.dtype(kind).itemsize for kind in kinds)
    expect_room(size, f"the values of {number:,} {elements}", least=LARGE)


def zeros(size: int, dtype: type[np.generic] | str) -> AnyArray:
    """Zeros, at an address that vector instructions like, with room for whole vectors at the end."""
    item = np.dtype(dtype).itemsize
    expect_room(size * item, f"{size:,} values", least=LARGE)
    try:
        raw = np.zeros(size * item + 192, np.uint8)
    except (MemoryError, ValueError):
        raise ArgumentError(f"{size:,} values do not fit into the memory of this machine") from None
    start = -raw.ctypes.data % 64
    return raw[start : start + size * item].view(dtype)
