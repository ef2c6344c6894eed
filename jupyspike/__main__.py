"""The command line: ``jupyspike doctor``, ``cache`` and ``execute``; also what ``%jupyspike`` calls in a notebook."""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jupyspike_engine.build.cache import program_cache
from jupyspike_engine.build.doctor import examine
from jupyspike_engine.diagnostics import UserError

from .headless import execute


@dataclass(frozen=True)
class Answer:
    """What a command has to say, and its exit code: 0 if all is well."""

    text: str
    status: int = 0


def run(arguments: Sequence[str]) -> Answer:
    """Carry out one command and return what it says; nothing raises ``SystemExit``.

    Only ``execute`` prints, as the cells of its notebook run.

    Parameters
    ----------
    arguments : sequence of str
        The words after ``jupyspike``.

    Examples
    --------
    >>> run(["cache", "--clera"]).status
    2
    """
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            chosen = _parser().parse_args(arguments)
    except SystemExit as end:
        return Answer(said.getvalue().rstrip(), int(end.code or 0))
    try:
        if chosen.command == "doctor":
            report = examine()
            return Answer(report.render(), 0 if report.healthy else 1)
        if chosen.command == "execute":
            return _execute(chosen.notebook, chosen.html or chosen.notebook.with_suffix(".html"))
        return Answer(_clear_cache() if chosen.clear else _describe_cache())
    except UserError as problem:
        return Answer(str(problem), 1)


def main() -> int:
    """The console script ``jupyspike``."""
    answer = run(sys.argv[1:])
    print(answer.text, file=sys.stderr if answer.status == 2 else sys.stdout)
    return answer.status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jupyspike", description="Spiking neural networks from equations.")
    parser.add_argument("--version", action="version", version=f"jupyspike {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("doctor", help="check that this machine has all that jupyspike needs")
    cache = commands.add_parser("cache", help="show the built programs that are kept, or remove them")
    cache.add_argument("--clear", action="store_true", help="remove all programs; they are built again when needed")
    notebook = commands.add_parser("execute", help="run a notebook without a browser and write it as an HTML page")
    notebook.add_argument("notebook", type=Path)
    notebook.add_argument("--html", type=Path, help="the page to write; beside the notebook unless given")
    return parser


def _version() -> str:
    try:
        return importlib.metadata.version("jupyspike")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed: run from its source directory)"


def _execute(notebook: Path, page: Path) -> Answer:
    if execute(notebook, page):
        return Answer(f"{notebook} ran to its end; its pictures are in {page}")
    return Answer(f"a cell of {notebook} failed; see above and {page}", 1)


def _describe_cache() -> str:
    cache = program_cache()
    entries = cache.entries()
    size = sum(entry.size for entry in entries) / 1e6
    return "\n".join(
        [
            f"directory  {cache.directory}",
            f"programs   {len(entries)}",
            f"size       {size:.1f} MB",
            f"limit      {cache.limit_text} (codegen.max_cache_dir_size or JUPYSPIKE_CACHE_LIMIT_MB)",
        ]
    )


def _clear_cache() -> str:
    cache = program_cache()
    removed = cache.clear()
    size = sum(entry.size for entry in removed) / 1e6
    return f"removed {len(removed)} programs ({size:.1f} MB) from {cache.directory}"


if __name__ == "__main__":
    sys.exit(main())
