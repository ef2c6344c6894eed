"""Messages about what jupyspike does: shown on the console, written to a file, and silenced by name."""

from .catching import catch_logs
from .logger import BrianLogger, get_logger
from .silence import std_silent

__all__ = ["BrianLogger", "catch_logs", "get_logger", "std_silent"]
