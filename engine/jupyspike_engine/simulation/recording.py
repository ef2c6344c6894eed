"""What a monitor has recorded: rows in the order in which they happened, growing while a network runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Chunk:
    """Some rows: times (s), elements of events, and one array a column of shape (rows, width)."""

    times: Real
    indices: npt.NDArray[np.int32]
    columns: tuple[Real, ...]

    def __len__(self) -> int:
        return len(self.times)


class Recording:
    """Rows that a running network appends to and that others read, from any thread.

    Parameters
    ----------
    columns, width : int
        Number of columns, and of values in each row of a column.
    keep : int, optional
        How many of the newest rows are kept at least (and less than twice as many at most); all without it.
    """

    def __init__(self, columns: int, width: int, keep: int | None = None) -> None:
        self._lock = threading.Lock()
        self._empty = Chunk(np.empty(0), np.empty(0, np.int32), tuple(np.empty((0, width)) for _ in range(columns)))
        self._chunks: list[Chunk] = []
        self._keep = keep
        self._kept = 0
        self.rows = 0

    def append(self, chunk: Chunk) -> None:
        with self._lock:
            self._chunks.append(chunk)
            self.rows += len(chunk)
            self._kept += len(chunk)
            if self._keep is not None and self._kept >= 2 * self._keep:
                self._chunks = [_part(_joined(self._chunks), slice(-self._keep, None))]
                self._kept = self._keep

    def clear(self) -> None:
        """Forget all rows."""
        with self._lock:
            self._chunks.clear()
            self._kept = self.rows = 0

    def all(self) -> Chunk:
        """All rows so far (of those that are kept)."""
        with self._lock:
            if len(self._chunks) > 1:
                self._chunks = [_joined(self._chunks)]
            return self._chunks[0] if self._chunks else self._empty

    def since(self, row: int) -> tuple[Chunk, int]:
        """The rows from a row on (of those that are kept), and the number of the row that will come next."""
        with self._lock:
            chunks: list[Chunk] = []
            start = self.rows
            for chunk in reversed(self._chunks):
                if start <= row:
                    break
                start -= len(chunk)
                chunks.insert(0, chunk)
            if not chunks:
                return self._empty, self.rows
            chunks[0] = _part(chunks[0], slice(max(0, row - start), None))
            return _joined(chunks), self.rows


def _part(chunk: Chunk, rows: slice) -> Chunk:
    return Chunk(chunk.times[rows], chunk.indices[rows], tuple(column[rows] for column in chunk.columns))


def _joined(chunks: list[Chunk]) -> Chunk:
    if len(chunks) == 1:
        return chunks[0]
    columns = zip(*(chunk.columns for chunk in chunks), strict=True)
    return Chunk(
        np.concatenate([chunk.times for chunk in chunks]),
        np.concatenate([chunk.indices for chunk in chunks]),
        tuple(np.concatenate(column) for column in columns),
    )
