"""One JupyterLab and one browser for all browser tests; each test opens notebooks of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # for lab.py: with importmode=importlib pytest adds no folders itself

from lab import KERNEL_PATH, LabBrowser, LabServer, NotebookPage, chromium  # noqa: E402

OpenNotebook = Callable[[Sequence[str]], NotebookPage]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabBrowser]:
    if chromium() is None:
        pytest.skip("no Chromium found; install one or name it in JUPYSPIKE_CHROMIUM")
    with LabServer(tmp_path_factory.mktemp("lab"), KERNEL_PATH) as server, LabBrowser(server) as started:
        yield started
        assert started.abroad == []


@pytest.fixture
def open_notebook(browser: LabBrowser) -> Iterator[OpenNotebook]:
    """Opens a notebook with the given cells; at the end of the test its kernel is shut down."""
    pages: list[NotebookPage] = []

    def opened(cells: Sequence[str]) -> NotebookPage:
        pages.append(browser.open(cells))
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures for a person to look at are left."""
    folder = HERE / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
