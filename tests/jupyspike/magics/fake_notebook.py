"""Running cells as a notebook does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import jupyspike
from jupyspike.magics import Magics, register


@dataclass
class Ran:
    """A cell that ran: its error or None, what it printed, and what it displayed, as text and as HTML."""

    error: BaseException | None
    printed: str
    shown: list[str]
    html: list[str]


class FakeNotebook:
    """A notebook with a new namespace in a shell that is used again."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.close()
        self.magics = Magics(shell)
        register(shell, self.magics)
        shell.user_ns.update({name: getattr(jupyspike, name) for name in jupyspike.__all__})

    @property
    def names(self) -> dict[str, Any]:
        return self.shell.user_ns

    def __getitem__(self, name: str) -> Any:
        return self.shell.user_ns[name]

    def try_cell(self, cell: str) -> Ran:
        """Run a cell, whatever comes of it."""
        with capture_output() as caught:
            result = self.shell.run_cell(cell)
        data = [output.data for output in caught.outputs]
        return Ran(
            result.error_before_exec or result.error_in_exec,
            caught.stdout + caught.stderr,
            [item["text/plain"] for item in data if "text/plain" in item],
            [item["text/html"] for item in data if "text/html" in item],
        )

    def run(self, *cells: str) -> Ran:
        """Run cells that are right; what the last one did."""
        for cell in cells:
            ran = self.try_cell(cell)
            assert ran.error is None, ran.printed
        return ran

    def close(self) -> None:
        """Forget all names."""
        self.shell.user_ns.clear()
        self.shell.init_user_ns()
