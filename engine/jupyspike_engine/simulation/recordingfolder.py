"""Recordings on disk: a folder with a file of plain numbers for each column, and a text that says what they are.

``recording.json`` names the columns with their types, widths and units; ``t.bin`` and the others hold the numbers one
row after the other, as ``numpy.fromfile`` reads them; ``elements.bin`` holds the numbers of the recorded elements. Rows
are only ever added. A row counts when it is complete in all files, so a run that was killed leaves what can be read.
``provenance.jsonl`` has a line of JSON for each run that was recorded: versions, compiler, seed, models, constants; and
a second one when it has ended, if constants were changed on the way.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError
from ..units import Dimension
from .recording import AnyArray, Column, MemoryColumn

HEADER, PROVENANCE = "recording.json", "provenance.jsonl"
FORMAT, VERSION = "jupyspike recording", 1


class ColumnFile:
    """A column in a file of its own; it is open only while it is read or written."""

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: npt.DTypeLike) -> None:
        self.path, self.shape, self.dtype = path, shape, np.dtype(dtype)
        self._row_bytes = self.dtype.itemsize * int(np.prod(shape, dtype=np.int64))

    def write(self, row: int, values: AnyArray, first: int) -> None:
        if not values.size:
            return
        try:
            with self.path.open("r+b") as file:
                if file.seek(0, os.SEEK_END) < row * self._row_bytes:
                    raise OSError("it is shorter than what was written to it")
                file.seek(row * self._row_bytes)
                file.write(np.ascontiguousarray(values, self.dtype).data)
        except OSError as problem:
            raise ArgumentError(
                f"'{self.path}' cannot be recorded to", found=problem.strerror or str(problem),
                hint="make room and run again: the run has stopped at the end of a time step, what was recorded until "
                "then is kept and will be written first",
            ) from None  # fmt: skip

    def reserve(self, row: int, number: int, first: int) -> None:
        """Nothing is reserved on a disk, which others use too."""

    def read(self, first: int, stop: int) -> AnyArray:
        shape = (stop - first, *self.shape)
        if first == stop or not self._row_bytes:
            return np.empty(shape, self.dtype)
        # copy on write: who changes what was read does not change the file
        return np.asarray(np.memmap(self.path, self.dtype, "c", first * self._row_bytes, shape))

    def clear(self) -> None:
        if self.path.exists():
            self.path.unlink()  # a new file: arrays that were read stay as they are
            self.path.touch()

    @property
    def row_bytes(self) -> int:
        return 0

    @property
    def nbytes(self) -> int:
        return 0

    @property
    def rows(self) -> int | None:
        """Number of complete rows; None where rows hold nothing."""
        return self.path.stat().st_size // self._row_bytes if self._row_bytes else None


@dataclass(frozen=True)
class ColumnHeader:
    """What is said of a column: how many values (None: a single one) of which type and dimension are in a row."""

    name: str
    dtype: np.dtype[Any]
    width: int | None
    dimension: Dimension

    def as_json(self) -> dict[str, Any]:
        exponents = [str(exponent) for exponent in self.dimension.exponents]
        return {
            "name": self.name, "dtype": self.dtype.str, "width": self.width, "unit": str(self.dimension),
            "dimension": exponents,
        }  # fmt: skip

    @staticmethod
    def from_json(said: Mapping[str, Any]) -> ColumnHeader:
        dimension = Dimension(Fraction(exponent) for exponent in said["dimension"])
        return ColumnHeader(said["name"], np.dtype(said["dtype"]), said["width"], dimension)


@dataclass(frozen=True)
class RecordingFolder:
    """A recording on disk.

    Attributes
    ----------
    about : dict
        What was recorded, as texts: ``kind`` ('events', 'state' or 'rate'), name of the monitor and of its source.
    columns : tuple of ColumnHeader
        Of the times, for events of the indices, and of the recorded variables.
    elements : array
        The numbers of the recorded elements.
    """

    path: Path
    about: Mapping[str, Any]
    columns: tuple[ColumnHeader, ...]
    elements: npt.NDArray[np.int32]

    @staticmethod
    def check_free(path: Path) -> None:
        """Nothing that is there already is written over.

        Raises
        ------
        ArgumentError
            There is something at the path.
        """
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            what = "a recording" if (path / HEADER).exists() else "something"
            raise ArgumentError(f"there is already {what} at '{path}'", hint="delete it, or name another folder")

    def create(self) -> None:
        """Make the folder, with empty columns.

        Raises
        ------
        ArgumentError
            There is something at the path, or it cannot be written to.
        """
        self.check_free(self.path)
        header = {
            "format": FORMAT, "version": VERSION, **self.about, "columns": [c.as_json() for c in self.columns],
        }  # fmt: skip
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for column in self.columns:
                self.file(column).path.touch()
            self.elements.astype("<i4").tofile(self.path / "elements.bin")
            (self.path / HEADER).write_text(json.dumps(header, indent=1), encoding="utf-8")
        except OSError as error:
            for path in (*(self.file(column).path for column in self.columns), self.path / "elements.bin"):
                with contextlib.suppress(OSError):
                    path.unlink()  # so that it can be tried again
            raise ArgumentError(f"'{self.path}' cannot be recorded to", found=str(error)) from None

    @staticmethod
    def open(path: Path) -> RecordingFolder:
        """The recording in a folder.

        Raises
        ------
        ArgumentError
            There is none, or one of a version that is not known.
        """
        try:
            about = json.loads((path / HEADER).read_text(encoding="utf-8"))
            known = about.pop("format") == FORMAT and about.pop("version") == VERSION
            columns = tuple(ColumnHeader.from_json(column) for column in about.pop("columns"))
            elements = np.fromfile(path / "elements.bin", "<i4").astype(np.int32)
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            known = False
        if not known:
            raise ArgumentError(f"there is no recording at '{path}'", expected=f"a folder with a file {HEADER}")
        return RecordingFolder(path, about, columns, elements)

    def file(self, column: ColumnHeader) -> ColumnFile:
        shape = () if column.width is None else (column.width,)
        return ColumnFile(self.path / f"{column.name}.bin", shape, column.dtype)

    def stores(self) -> list[Column]:
        """Where a `Recording` keeps times, indices and columns."""
        files: list[Column] = [self.file(column) for column in self.columns]
        return files if self.about["kind"] == "events" else [files[0], MemoryColumn((), np.int32), *files[1:]]

    @property
    def runs(self) -> list[dict[str, Any]]:
        """What the runs were made with, one after the other."""
        path = self.path / PROVENANCE
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        told = [json.loads(line) for line in lines]
        return list({run["start"]: run for run in told}.values())

    @property
    def rows(self) -> int:
        """Number of rows that are complete in all columns."""
        counted = (self.file(column).rows for column in self.columns)
        return min(rows for rows in counted if rows is not None)


def tell_of_run(path: Path, told: Mapping[str, Any]) -> None:
    """Write down beside a recording what a run is made with."""
    with (path / PROVENANCE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(told, ensure_ascii=False) + "\n")
