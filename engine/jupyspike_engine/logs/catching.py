"""Catching messages in place of showing them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from .levels import ROOT


class _Catcher(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.caught: list[tuple[str, str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.caught.append((record.levelname, record.name, record.getMessage()))


@contextmanager
def catch_logs(log_level: int = logging.WARNING) -> Iterator[list[tuple[str, str, str]]]:
    """Within this, messages are neither shown nor written to the file.

    Parameters
    ----------
    log_level : int
        The least important messages that are caught, warnings by default.

    Returns
    -------
    list of (str, str, str)
        Level, name and text of each message, growing.

    Examples
    --------
    >>> from jupyspike_engine.logs import get_logger
    >>> with catch_logs() as messages:
    ...     get_logger('mine').warn('look')
    >>> messages
    [('WARNING', 'jupyspike.mine', 'look')]
    """
    root = logging.getLogger(ROOT)
    catcher = _Catcher(log_level)
    before, root.handlers = root.handlers, [catcher]
    try:
        yield catcher.caught
    finally:
        root.handlers = before
