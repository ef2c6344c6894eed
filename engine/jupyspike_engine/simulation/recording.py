"""What a monitor has recorded: rows in the order in which they happened, growing while a network runs."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, UserError
from .room import LARGE, expect_room

LESS = (
    "record fewer elements or with a larger dt=, keep only the latest with keep=, or record to disk with to='folder'; "
    "a run can be made of parts"
)

AnyArray = npt.NDArray[Any]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Chunk:
    """Some rows: times (s), elements of events, and one array a column of shape (rows, width)."""

    times: Real
    indices: npt.NDArray[np.int32]
    columns: tuple[AnyArray, ...]

    def __len__(self) -> int:
        return len(self.times)

    def copy(self) -> Chunk:
        return Chunk(self.times.copy(), self.indices.copy(), tuple(column.copy() for column in self.columns))


@dataclass(frozen=True)
class Scale:
    """What is kept of a number that a program wrote: ``(number - zero) / divisor``."""

    zero: float = 0.0
    divisor: float = 1.0


class Column(Protocol):
    """The values of one column, by the numbers of their rows."""

    def write(self, row: int, values: AnyArray, first: int) -> None:
        """Put values at ``row`` and behind; those before ``first`` are not needed any more.

        Raises
        ------
        ArgumentError
            There is no room for them; values before ``row`` stay as they are.
        """
        ...

    def reserve(self, row: int, number: int, first: int) -> None:
        """Take room for a number of rows from ``row`` on at once; they are not there before they are written."""
        ...

    @property
    def row_bytes(self) -> int:
        """Bytes of the memory that a row takes."""
        ...

    def read(self, first: int, stop: int) -> AnyArray:
        """The values of rows ``first`` to ``stop`` (exclusive); they stay as they are when others are written."""
        ...

    def clear(self) -> None:
        """Forget all rows."""
        ...

    @property
    def nbytes(self) -> int:
        """Bytes that it takes of the memory."""
        ...


class MemoryColumn:
    """A column in memory. What was read from it stays valid: room is added by moving to another array."""

    def __init__(self, shape: tuple[int, ...], dtype: npt.DTypeLike) -> None:
        self._empty = self._values = np.empty((0, *shape), dtype)
        self._begin = 0  # number of the first row of the array
        self._rows = 0  # that have been written into it
        self.row_bytes = self._empty.itemsize * math.prod(shape)

    def write(self, row: int, values: AnyArray, first: int) -> None:
        if not len(values):
            return
        if row - self._begin + len(values) > len(self._values):
            self._move((row - first + len(values)) * 3 // 2, row, first)
        self._values[row - self._begin :][: len(values)] = values
        self._rows = row - self._begin + len(values)

    def reserve(self, row: int, number: int, first: int) -> None:
        if row - self._begin + number > len(self._values):
            self._move(max(row - first + number, (row - first) * 3 // 2), row, first)

    def _move(self, size: int, row: int, first: int) -> None:
        """Move the rows before ``row`` to an array of another size."""
        kept = self.read(first, row)
        expect_room(size * self.row_bytes, f"room for {size:,} rows of a recording", LESS, least=LARGE)
        try:
            room = np.empty((size, *kept.shape[1:]), kept.dtype)
        except (MemoryError, ValueError):
            raise ArgumentError(f"{size:,} rows of a recording do not fit into the memory", hint=LESS) from None
        room[: len(kept)] = kept
        self._values, self._begin = room, first

    def read(self, first: int, stop: int) -> AnyArray:
        return self._values[first - self._begin : stop - self._begin]

    def clear(self) -> None:
        self._values, self._begin, self._rows = self._empty, 0, 0

    @property
    def nbytes(self) -> int:
        return self._rows * self.row_bytes


class Recording:
    """Rows that a running network appends to and that others read, from any thread.

    Rows for which there is no room, on a disk that is full, wait in memory: they are put in their place before others
    are added, or when rows are read.

    Parameters
    ----------
    columns, width : int
        Number of columns, and of values in each row of a column.
    keep : int, optional
        How many of the newest rows are kept at least (and less than twice as many at most); all without it.
    span : float, optional
        How much of the latest model time is kept, in seconds; all without it.
    dtypes : sequence of dtype, optional
        In which type each column is kept; real numbers without it.
    stores : sequence of Column, optional
        Where times, indices and columns are kept; in memory without it.

    Attributes
    ----------
    rows : int
        How many rows there have been so far, with those that are no longer kept.
    scales : list of Scale or None
        How the numbers of each column are changed when they are appended.
    """

    def __init__(
        self,
        columns: int,
        width: int,
        keep: int | None = None,
        span: float | None = None,
        dtypes: Sequence[npt.DTypeLike] | None = None,
        stores: Sequence[Column] | None = None,
    ) -> None:
        self._lock = threading.Lock()
        if stores is None:
            types = dtypes if dtypes is not None else (np.float64,) * columns
            numbers = [MemoryColumn((width,), dtype) for dtype in types]
            stores = [MemoryColumn((), np.float64), MemoryColumn((), np.int32), *numbers]
        self._stores = tuple(stores)
        self._keep, self._span = keep, span
        self._first = 0  # the oldest row that is kept
        self._waiting: list[Chunk] = []
        self.rows = 0
        self.scales: list[Scale | None] = [None] * columns

    def bytes_for(self, rows: int) -> int:
        """Bytes of the memory for a number of further rows without indices, if all are kept."""
        if self._keep is not None or self._span is not None:
            return 0
        return rows * (self._stores[0].row_bytes + sum(store.row_bytes for store in self._stores[2:]))

    def reserve(self, rows: int) -> None:
        """Take this room at once."""
        if self.bytes_for(rows):
            with self._lock:
                for store in (self._stores[0], *self._stores[2:]):
                    store.reserve(self.rows, rows, self._first)

    def append(self, chunk: Chunk) -> None:
        """Add rows as a program wrote them."""
        scaled = (
            values if scale is None else (values - scale.zero) / scale.divisor
            for values, scale in zip(chunk.columns, self.scales, strict=True)
        )
        self.add(Chunk(chunk.times, chunk.indices, tuple(scaled)))

    def add(self, chunk: Chunk) -> None:
        """Add rows as they are to be read.

        Raises
        ------
        ArgumentError
            There is no room for them: they wait.
        """
        with self._lock:
            try:
                self._write_waiting()
                self._write(chunk)
            except UserError:
                self._waiting.append(chunk.copy())
                raise

    def _write_waiting(self) -> None:
        while self._waiting:
            self._write(self._waiting[0])
            del self._waiting[0]

    def _write(self, chunk: Chunk) -> None:
        rows: tuple[AnyArray, ...] = (chunk.times, chunk.indices, *chunk.columns)
        for store, values in zip(self._stores, rows, strict=True):
            store.write(self.rows, values, self._first)
        self.rows += len(chunk)
        if self._keep is not None and self.rows - self._first >= 2 * self._keep:
            self._first = self.rows - self._keep

    def settle(self, now: float) -> None:
        """Let go of what lies too far back at a time (s)."""
        if self._span is None:
            return
        with self._lock:
            times = self._stores[0].read(self._first, self.rows)
            oldest = now - self._span
            self._first += int(np.searchsorted(times, oldest - 4 * np.spacing(abs(now))))

    def clear(self) -> None:
        """Forget all rows."""
        with self._lock:
            for store in self._stores:
                store.clear()
            self._first = self.rows = 0
            self._waiting.clear()

    def all(self) -> Chunk:
        """All rows so far (of those that are kept)."""
        return self.since(0)[0]

    def since(self, row: int) -> tuple[Chunk, int]:
        """The rows from a row on (of those that are kept), and the number of the row that will come next."""
        with self._lock:
            with suppress(UserError):  # what was told when they came
                self._write_waiting()
            first = min(max(row, self._first), self.rows)
            times, indices, *columns = (store.read(first, self.rows) for store in self._stores)
            return Chunk(times, indices, tuple(columns)), self.rows

    @property
    def nbytes(self) -> int:
        """Bytes that it takes of the memory."""
        return sum(store.nbytes for store in self._stores)
