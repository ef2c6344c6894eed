"""Rules about messages that are not wanted."""

from __future__ import annotations

import logging
from dataclasses import dataclass


@dataclass(frozen=True)
class OtherThan:
    """Lets all messages through but those of a logger and what is below it, or those whose name ends with a word."""

    hierarchy: str = ""
    ending: str = ""

    def filter(self, record: logging.LogRecord) -> bool:
        if self.hierarchy and f"{record.name}.".startswith(f"{self.hierarchy}."):
            return False
        return not (self.ending and f".{record.name}".endswith(f".{self.ending}"))
