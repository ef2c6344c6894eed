"""Running a notebook without a browser: its text goes to the terminal, its pictures into an HTML page."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jupyspike_engine.diagnostics import ArgumentError

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def execute(notebook: Path, page: Path, say: Callable[[str], None] = print) -> bool:
    """Run all cells of a notebook in a new kernel and write it, with what it put out, as an HTML page.

    The page is one file and loads nothing.

    Parameters
    ----------
    notebook : Path
        The ``.ipynb`` file; it is left as it is, and cells run in its directory.
    page : Path
        Where the HTML page goes. It is written even if a cell fails, up to that cell.
    say : callable
        Receives the text of each cell as soon as the cell has run.

    Returns
    -------
    bool
        Whether every cell ran without an error.

    Raises
    ------
    ArgumentError
        When there is no such notebook or the packages that run notebooks are not installed.
    """
    if not notebook.is_file():
        raise ArgumentError(f"there is no notebook {notebook}")
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError

        from .pages import page_of
    except ImportError as problem:
        raise ArgumentError(f"{problem}", hint='pip install "jupyspike[lab]"') from None

    def tell(cell: Mapping[str, Any], **_: object) -> None:
        for output in cell.get("outputs", []):
            if text := output_text(output):
                say(text)

    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # or each kernel warns of its debugger
    content, folder = nbformat.read(notebook, as_version=4), str(notebook.resolve().parent)
    client = NotebookClient(
        content,
        timeout=None,
        kernel_name="python3",  # this Python, whatever the author's kernel was called
        resources={"metadata": {"path": folder}},
        extra_arguments=["--log-level=ERROR"],
        on_cell_executed=tell,
    )
    try:
        client.execute()
        succeeded = True
    except CellExecutionError:  # its text was among the outputs
        succeeded = False
    page.write_text(page_of(content, folder), encoding="utf-8")
    return succeeded


def output_text(output: Mapping[str, Any]) -> str:
    """What one output of a cell says in text; nothing for pictures, widgets and the like.

    Examples
    --------
    >>> output_text({"output_type": "stream", "text": "4000 neurons\\n"})
    '4000 neurons'
    >>> output_text({"output_type": "display_data", "data": {"text/plain": "<Figure size 640x480>"}})
    ''
    """
    if output["output_type"] == "stream":
        text = output["text"]
    elif output["output_type"] == "error":
        text = "\n".join(output["traceback"])
    else:
        data = output.get("data", {})
        text = data.get("text/plain", "")
        is_widget = any(kind.startswith("application/vnd.") for kind in data)
        if is_widget or re.fullmatch(r"<.*>", text, flags=re.DOTALL):  # only the name of an object with another face
            return ""
    return _COLOURS.sub("", text).rstrip()
