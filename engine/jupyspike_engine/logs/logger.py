"""Loggers: ``get_logger('mine').info('done')``; what is shown and what is kept is one for all of them."""

from __future__ import annotations

import logging

from ..preferences import prefs
from .console import Console
from .file import LogFile
from .levels import DIAGNOSTIC, ROOT, full_name
from .suppression import OtherThan

_console = Console()
log_file = LogFile()
_said: set[tuple[str, str]] = set()


class BrianLogger:
    """Writes messages under a name, and (as a class) decides which messages are shown.

    Parameters
    ----------
    name : str
        The name, such as that of a module; it is put below ``jupyspike``.

    Examples
    --------
    >>> from jupyspike_engine.logs import catch_logs
    >>> BrianLogger.suppress_name('chatter')
    >>> with catch_logs() as messages:
    ...     BrianLogger('mine').warn('this is odd', 'oddity')
    >>> messages
    [('WARNING', 'jupyspike.mine.oddity', 'this is odd')]
    """

    def __init__(self, name: str = ROOT) -> None:
        self.name = full_name(name)

    def _log(self, level: int, msg: str, name_suffix: str | None, once: bool) -> None:
        name = f"{self.name}.{name_suffix}" if name_suffix else self.name
        if once:
            if (name, msg) in _said:
                return
            _said.add((name, msg))
        logging.getLogger(name).log(level, "%s", msg)

    def error(self, msg: str, name_suffix: str | None = None, once: bool = False) -> None:
        """Tell of an error; with ``once``, not again in this session."""
        self._log(logging.ERROR, msg, name_suffix, once)

    def warn(self, msg: str, name_suffix: str | None = None, once: bool = False) -> None:
        """Warn; with ``once``, not again in this session."""
        self._log(logging.WARNING, msg, name_suffix, once)

    warning = warn

    def info(self, msg: str, name_suffix: str | None = None, once: bool = False) -> None:
        """Tell what goes on; with ``once``, not again in this session."""
        self._log(logging.INFO, msg, name_suffix, once)

    def debug(self, msg: str, name_suffix: str | None = None, once: bool = False) -> None:
        """Tell details, which only the file keeps unless asked for; with ``once``, not again in this session."""
        self._log(logging.DEBUG, msg, name_suffix, once)

    def diagnostic(self, msg: str, name_suffix: str | None = None, once: bool = False) -> None:
        """Tell the finest details, which nobody sees unless asked for; with ``once``, not again in this session."""
        self._log(DIAGNOSTIC, msg, name_suffix, once)

    # for all loggers

    @staticmethod
    def log_level_error() -> None:
        """Show errors only."""
        prefs.logging.console_log_level = "ERROR"

    @staticmethod
    def log_level_warn() -> None:
        """Show warnings and errors."""
        prefs.logging.console_log_level = "WARNING"

    @staticmethod
    def log_level_info() -> None:
        """Show what goes on, warnings and errors."""
        prefs.logging.console_log_level = "INFO"

    @staticmethod
    def log_level_debug() -> None:
        """Show details too."""
        prefs.logging.console_log_level = "DEBUG"

    @staticmethod
    def log_level_diagnostic() -> None:
        """Show everything."""
        prefs.logging.console_log_level = "DIAGNOSTIC"

    @staticmethod
    def suppress_hierarchy(name: str, filter_log_file: bool = False) -> None:
        """Show no messages of a logger and those below it; with ``filter_log_file``, do not keep them either."""
        _suppress(OtherThan(hierarchy=full_name(name)), filter_log_file)

    @staticmethod
    def suppress_name(name: str, filter_log_file: bool = False) -> None:
        """Show no messages whose name ends with this; with ``filter_log_file``, do not keep them either.

        Known endings: ``method_choice``, ``resolution_conflict``, ``unused_brian_object``, ``cache_size``.
        """
        _suppress(OtherThan(ending=name), filter_log_file)

    @staticmethod
    def initialize() -> None:
        """Show and keep messages as at the start: nothing is suppressed, and what was told once may be told again."""
        _said.clear()
        for handler in (_console, log_file):
            handler.filters.clear()
        _attach()


def _suppress(rule: OtherThan, in_file_too: bool) -> None:
    for handler in (_console, log_file) if in_file_too else (_console,):
        if rule not in handler.filters:
            handler.addFilter(rule)


def _attach() -> None:
    """Make the handlers those of the logger ``jupyspike``: each once, whatever was there before."""
    root = logging.getLogger(ROOT)
    names = {_console.name, log_file.name}
    root.handlers = [handler for handler in root.handlers if handler.name not in names] + [_console, log_file]
    root.setLevel(DIAGNOSTIC)
    root.propagate = False  # a notebook's own handlers would show everything again


def get_logger(module_name: str = ROOT) -> BrianLogger:
    """The logger of a module.

    Examples
    --------
    >>> get_logger('brian2.mine').name
    'jupyspike.mine'
    """
    return BrianLogger(module_name)


_attach()
