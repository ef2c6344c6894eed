"""Messages on the console."""

from __future__ import annotations

import logging
import sys

from ..preferences import prefs
from .levels import level_of

FORMAT = "%(levelname)-10s %(message)s [%(name)s]"


class Console(logging.Handler):
    """Shows messages on what is the standard error now: a notebook and a test put something of their own there."""

    def __init__(self) -> None:
        super().__init__()
        self.set_name("console of jupyspike")
        self.setFormatter(logging.Formatter(FORMAT))

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= level_of(prefs.logging.console_log_level):
            print(self.format(record), file=sys.stderr)
