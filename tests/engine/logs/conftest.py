"""Loggers as at the start of a session, and after each test again."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyspike import BrianLogger
from jupyspike_engine.logs import logger


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory for temporary files, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for attribute in ("path", "script"):
        monkeypatch.setattr(logger.log_file, attribute, None)
    monkeypatch.setattr("sys.excepthook", print)
    BrianLogger.initialize()
    yield tmp_path
    BrianLogger.initialize()
