"""The file of messages."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from jupyspike import get_logger, prefs
from jupyspike_engine.logs.logger import log_file


def test_there_is_no_file_before_the_first_message(files):
    assert list(files.iterdir()) == []
    get_logger().debug("text")
    assert [path.name for path in files.iterdir()] == [log_file.path.parent.name]
    assert log_file.path.read_text().endswith("DEBUG      jupyspike: text\n")


def test_the_file_keeps_what_its_level_asks_for(files):
    prefs.logging.file_log_level = "WARNING"
    get_logger().info("a")
    assert list(files.iterdir()) == []
    get_logger().warn("b")
    assert len(log_file.path.read_text().splitlines()) == 1


def test_no_file_is_made_when_none_is_wanted(files):
    prefs.logging.file_log = False
    get_logger().error("text")
    assert list(files.iterdir()) == []


def test_a_file_that_grew_too_large_is_put_aside(files):
    prefs.logging.file_log_max_size = 300
    for number in range(20):
        get_logger().info(f"message {number}")
    aside = log_file.path.with_suffix(".log.1")
    assert log_file.path.read_text().endswith("message 19\n")
    assert 300 <= aside.stat().st_size < 400 and log_file.path.stat().st_size < 400


def test_without_a_limit_it_grows(files):
    prefs.logging.file_log_max_size = 0
    for number in range(20):
        get_logger().info(f"message {number}")
    assert len(log_file.path.read_text().splitlines()) == 20


def test_a_message_in_the_middle_of_another_waits(files, monkeypatch):
    """As that of an object which vanishes while the file is made."""
    made = log_file._made

    def interrupted():
        get_logger().info("inner")
        return made()

    monkeypatch.setattr(log_file, "_made", interrupted)
    get_logger().info("outer")
    assert [line.rpartition(" ")[2] for line in log_file.path.read_text().splitlines()] == ["outer", "inner"]
    assert list(files.iterdir()) == [log_file.path.parent]


def test_a_file_can_be_made_while_a_directory_for_temporary_files_is(files):
    """A message may come when Python holds the lock of its module tempfile, in the same thread."""
    with tempfile._once_lock:
        get_logger().info("text")
    assert log_file.path.read_text().endswith("text\n")


def test_a_message_that_cannot_be_written_does_not_stop_anything(files, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(files / "nothing"))
    get_logger().info("text")
    assert log_file.path is None


SCRIPT = """
import os, sys
sys.path[:0] = {path!r}
from jupyspike_engine.logs import get_logger
from jupyspike_engine.logs.logger import log_file
from jupyspike_engine.preferences import prefs
{before}
get_logger().info("kept")
{after}
"""


def end_of_script(directory: Path, before: str = "", after: str = "") -> tuple[list[str], str]:
    """The files that a script leaves, and its error output."""
    temporary = directory / "temporary"
    temporary.mkdir()
    script = directory / "script.py"
    script.write_text(SCRIPT.format(path=sys.path, before=before, after=after))
    environment = {**os.environ, "TMPDIR": str(temporary), "TEMP": str(temporary)}
    process = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=False)
    return sorted(path.name for path in temporary.rglob("*.*") if path.is_file()), process.stderr


def test_at_the_end_nothing_is_left(tmp_path):
    assert end_of_script(tmp_path, after="assert log_file.script.read_text()")[0] == []


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("prefs.logging.delete_log_on_exit = False", "", ["messages.log", "script.py"]),
        ("prefs.logging.delete_log_on_exit = prefs.logging.save_script = False", "", ["messages.log"]),
        ("", "1/0", ["messages.log", "script.py"]),
        ("", "sys.exit(3)", []),
    ],
)
def test_it_is_kept_when_it_is_wanted_or_needed(before, after, left, tmp_path):
    files, error = end_of_script(tmp_path, before, after)
    assert files == left
    assert ("What jupyspike did before this error is written in" in error) == ("1/0" in after)
    assert ("ZeroDivisionError" in error) == ("1/0" in after)


def test_the_place_of_the_file_is_not_told_when_that_is_not_wanted(tmp_path):
    _, error = end_of_script(tmp_path, "prefs.logging.display_brian_error_message = False", "1/0")
    assert "ZeroDivisionError" in error and "What jupyspike did" not in error


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_child_process_does_not_remove_the_file_of_its_parent(tmp_path):
    after = "child = os.fork()\nif child: os.waitpid(child, 0); assert log_file.path.exists()\nelse: sys.exit(0)"
    files, error = end_of_script(tmp_path, after=after)
    assert (files, "Error" in error) == ([], False)
