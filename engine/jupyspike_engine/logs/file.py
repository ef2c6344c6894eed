"""The file that keeps messages, more of them than are shown, for when something goes wrong."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from ..preferences import prefs
from .levels import level_of

_Hook = Callable[[type[BaseException], BaseException, TracebackType | None], Any]


class LogFile(logging.Handler):
    """A file in the directory for temporary files, made for the first message; a copy of the script lies beside it.

    Attributes
    ----------
    path, script : Path or None
        The file and the copy, once they are there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.set_name("file of jupyspike")
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)-10s %(name)s: %(message)s"))
        self.path: Path | None = None
        self.script: Path | None = None
        self.error_happened = False
        self._of_process = 0
        self._writing = False
        self._waiting: list[logging.LogRecord] = []
        with suppress(OSError):  # the directory is found now: a message may come while the search for it is locked
            tempfile.gettempdir()
        self._hook_before: _Hook = sys.__excepthook__

    def emit(self, record: logging.LogRecord) -> None:
        if not prefs.logging.file_log or record.levelno < level_of(prefs.logging.file_log_level):
            return
        self._waiting.append(record)
        if self._writing:  # an object that vanishes meanwhile tells of it, in the middle of anything
            return
        self._writing = True
        try:
            while self._waiting:
                self._write(self._waiting.pop(0))
        except OSError:  # a full disk must not end a simulation
            self._waiting.clear()
        finally:
            self._writing = False

    def _write(self, record: logging.LogRecord) -> None:
        if self.path is None or self._of_process != os.getpid():  # a child process has a file of its own
            self.path = self._made()
        self._make_room(self.path)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(self.format(record) + "\n")

    def _made(self) -> Path:
        self._of_process = os.getpid()
        directory = Path(tempfile.gettempdir()) / f"jupyspike-messages-{os.getpid()}-{os.urandom(4).hex()}"
        directory.mkdir(mode=0o700)  # not by mkdtemp, which waits for itself if it is called in the middle of itself
        script = Path(sys.argv[0]) if sys.argv and sys.argv[0] else None
        if prefs.logging.save_script and script is not None and script.suffix == ".py" and script.is_file():
            self.script = Path(shutil.copyfile(script, directory / script.name))
        atexit.register(self.end)
        self._hook_before, sys.excepthook = sys.excepthook, self._on_error
        path = directory / "messages.log"
        path.touch()
        return path

    @staticmethod
    def _make_room(path: Path) -> None:
        """Put a file that has become too large aside, in place of one that was put aside before."""
        most = prefs.logging.file_log_max_size
        if most and path.exists() and path.stat().st_size >= most:
            os.replace(path, path.with_suffix(".log.1"))

    def _on_error(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        self._hook_before(kind, error, traceback)
        if issubclass(kind, Exception):
            self.error_happened = True
            if prefs.logging.display_brian_error_message:
                print(f"What jupyspike did before this error is written in {self.path}", file=sys.stderr)

    def end(self) -> None:
        """Remove the file and the copy of the script, unless they are to be kept; a child process removes nothing."""
        own = os.getpid() == self._of_process
        if self.path is not None and own and not self.error_happened and prefs.logging.delete_log_on_exit:
            shutil.rmtree(self.path.parent, ignore_errors=True)
            self.path = self.script = None
