"""A notebook without a browser or a kernel: cells run in this process, and what they show is caught."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jupyspike import defaultclock, error_display, magic_network, ms, prefs, start_scope

sys.path.insert(0, str(Path(__file__).parent))  # with importmode=importlib pytest adds no folders

from fake_notebook import FakeNotebook


@pytest.fixture(scope="session")
def shell() -> InteractiveShell:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=config)
    error_display.watch()
    return shell


@pytest.fixture
def notebook(shell: InteractiveShell) -> Iterator[FakeNotebook]:
    """An empty notebook that has loaded the extension and jupyspike's names; networks run on the numpy target."""
    start_scope()
    defaultclock.dt = 0.1 * ms
    before, prefs.codegen.target = prefs.codegen.target, "numpy"
    opened = FakeNotebook(shell)
    yield opened
    opened.close()
    magic_network.objects.clear()
    prefs.codegen.target = before
    defaultclock.dt = 0.1 * ms
