"""Recordings on disk: files of plain numbers, complete up to the last whole row."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.diagnostics import ArgumentError
from jupyspike_engine.simulation.recording import Chunk, Recording
from jupyspike_engine.simulation.recordingfolder import ColumnHeader, RecordingFolder
from jupyspike_engine.units import DIMENSIONLESS, SECOND, volt

FLOAT, INTEGER, BOOLEAN = np.dtype(np.float64), np.dtype(np.int32), np.dtype(bool)
COLUMNS = (
    ColumnHeader("t", FLOAT, None, SECOND),
    ColumnHeader("v", FLOAT, 2, volt.dim / SECOND ** (1 / 3)),
    ColumnHeader("on", BOOLEAN, 2, DIMENSIONLESS),
)


def made(path):
    folder = RecordingFolder(path, {"kind": "state", "name": "m", "source": "g"}, COLUMNS, np.array([7, 3], np.int32))
    folder.create()
    return folder, Recording(2, 2, stores=folder.stores())


def rows(first, count):
    numbers = np.arange(first, first + count, dtype=float)
    pairs = np.column_stack([numbers, -numbers])
    return Chunk(numbers / 2, np.empty(0, np.int32), (pairs, pairs > 0))


@given(st.lists(st.integers(0, 5), max_size=5), st.integers(0, 20))
def test_rows_are_read_as_they_were_written(tmp_path_factory, sizes, row):
    path = tmp_path_factory.mktemp("recordings") / "m"
    folder, recording = made(path)
    for size in sizes:
        recording.append(rows(recording.rows, size))
    total = sum(sizes)
    assert folder.rows == recording.rows == total
    chunk, following = recording.since(row)
    expected = rows(min(row, total), max(0, total - row))
    assert following == total
    np.testing.assert_array_equal(chunk.times, expected.times)
    for found, right in zip(chunk.columns, expected.columns, strict=True):
        np.testing.assert_array_equal(found, right)
    assert chunk.columns[1].dtype == bool
    recording.clear()
    assert (folder.rows, len(recording.all())) == (0, 0)


def test_the_files_hold_plain_numbers(tmp_path):
    _, recording = made(tmp_path / "m")
    recording.append(rows(0, 3))
    assert np.fromfile(tmp_path / "m" / "t.bin").tolist() == [0, 0.5, 1]
    assert np.fromfile(tmp_path / "m" / "v.bin").reshape(-1, 2).tolist() == [[0, 0], [1, -1], [2, -2]]
    assert np.fromfile(tmp_path / "m" / "elements.bin", np.int32).tolist() == [7, 3]
    header = json.loads((tmp_path / "m" / "recording.json").read_text())
    assert [(column["name"], column["width"]) for column in header["columns"]] == [("t", None), ("v", 2), ("on", 2)]


def test_a_header_says_all_of_the_columns(tmp_path):
    made(tmp_path / "m")
    opened = RecordingFolder.open(tmp_path / "m")
    assert opened.columns == COLUMNS  # with units of broken powers
    assert opened.about == {"kind": "state", "name": "m", "source": "g"}
    assert opened.elements.tolist() == [7, 3]


def test_a_row_that_is_not_complete_does_not_count_and_is_written_over(tmp_path):
    folder, recording = made(tmp_path / "m")
    recording.append(rows(0, 3))
    with (tmp_path / "m" / "t.bin").open("ab") as file:  # as if it had been killed between two columns
        file.write(np.array([5.0, 6.0]).tobytes())
    with (tmp_path / "m" / "v.bin").open("ab") as file:
        file.write(b"half")
    assert folder.rows == 3
    recording.append(rows(3, 1))
    assert folder.file(COLUMNS[0]).read(0, folder.rows).tolist() == [0, 0.5, 1, 1.5]
    assert folder.file(COLUMNS[1]).read(3, 4).tolist() == [[3, -3]]


def test_what_was_read_before_stays_when_more_is_written(tmp_path):
    _, recording = made(tmp_path / "m")
    recording.append(rows(0, 3))
    before = recording.all()
    recording.append(rows(3, 5000))
    assert before.times.tolist() == [0, 0.5, 1]
    np.testing.assert_array_equal(recording.all().times, np.arange(5003) / 2)


@pytest.mark.parametrize("header", [None, "", "[]", "{}", '{"format": "jupyspike recording", "version": 99}'])
def test_what_is_not_a_recording_is_refused(tmp_path, header):
    if header is not None:
        (tmp_path / "recording.json").write_text(header)
    with pytest.raises(ArgumentError, match="there is no recording at"):
        RecordingFolder.open(tmp_path)
