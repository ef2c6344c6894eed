"""Keeping what other programs print away from the console."""

from __future__ import annotations

import os
import sys
import tempfile
from types import TracebackType
from typing import IO

from ..preferences import prefs


class std_silent:
    """Within this, what this process and the programs it starts print is not shown, unless an error occurs.

    Parameters
    ----------
    alwaysprint : bool
        Show it at the end in any case.

    Notes
    -----
    The preferences ``logging.std_redirection`` and ``logging.std_redirection_to_file`` switch it off, or lose the text.

    Examples
    --------
    >>> with std_silent():
    ...     status = os.system('echo much')
    """

    def __init__(self, alwaysprint: bool = False) -> None:
        self.alwaysprint = alwaysprint
        self._file: IO[bytes] | None = None

    def __enter__(self) -> None:
        if not prefs.logging.std_redirection:
            return
        sys.stdout.flush()
        sys.stderr.flush()
        self._file = tempfile.TemporaryFile() if prefs.logging.std_redirection_to_file else open(os.devnull, "w+b")
        self._streams = sys.stdout, sys.stderr
        self._kept = [(number, os.dup(number)) for number in (1, 2)]
        for number in (1, 2):
            os.dup2(self._file.fileno(), number)
        sys.stdout = sys.stderr = open(self._file.fileno(), "w", encoding="utf-8", errors="replace", closefd=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        sys.stdout.close()
        sys.stdout, sys.stderr = self._streams
        for number, kept in self._kept:
            os.dup2(kept, number)
            os.close(kept)
        with self._file as file:
            if kind is not None or self.alwaysprint:
                file.seek(0)
                sys.stderr.write(file.read().decode("utf-8", "replace"))
        self._file = None
