"""Writing a network as a C++17 project: a folder that needs a compiler and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...diagnostics import ArgumentError
from ..cpp.source import cpp_source
from .data import write_data
from .project import Building, Project
from .tables import header, network_source, renamed, suffix
from .texts import cmake, makefile, readme

NATIVE = Path(__file__).resolve().parents[2] / "native"
HOST = NATIVE / "standalone"
MARK = "provenance.json"  # what tells a project from other folders
NAMES = ("src", "data", "README.md", "Makefile", "CMakeLists.txt", MARK)


class Written:
    """A project in a folder: the runs of networks, one after the other.

    Parameters
    ----------
    project : Project
        The first run. What was written in the folder before is replaced, results stay.
    inserted : mapping
        C++ for the slots of main.cpp.

    Raises
    ------
    ArgumentError
        Other files in the folder would be replaced; nothing is written then.
    """

    def __init__(self, project: Project, folder: Path, inserted: Mapping[str, Sequence[str]] | None = None) -> None:
        check_free(folder)
        remove_program(folder)
        for old in (folder / "src", folder / "data"):
            shutil.rmtree(old, ignore_errors=True)
        (folder / "src").mkdir(parents=True)
        self.folder, self.building = folder, Building()
        self.runs: list[Project] = []
        self._texts: list[tuple[str, str]] = []  # of each program and its tables
        self._programs: list[int] = []  # the number of the program of each run, from 1
        self.add_run(project, inserted or {})

    def add_run(self, project: Project, inserted: Mapping[str, Sequence[str]]) -> None:
        """Let the program go on with a further run."""
        self.runs.append(project)
        self.building = self.building.with_those_of(project.building)
        texts = cpp_source(project.plan).text, network_source(project)
        if texts not in self._texts:
            self._texts.append(texts)
            self._write_program(len(self._texts), *texts)
        self._programs.append(self._texts.index(texts) + 1)
        write_data(project, self.folder / "data", len(self.runs))
        self._write("src/network.h", header(self._programs))
        self._write("README.md", readme(self.runs[0], self.runs))
        self._write(MARK, json.dumps(_provenance(self.runs), indent=2, ensure_ascii=False) + "\n")
        for path in (*project.building.sources, *project.building.headers):
            shutil.copy(path, self.folder / "src")
        self.write_build_files(self.building)
        self.write_main(inserted)
        copy_headers(self.folder / "src")

    def _write_program(self, number: int, program: str, tables: str) -> None:
        if number > 1:
            first, _, rest = program.partition("\n")  # the header, which is not part of the namespace
            program = f"{first}\n\nnamespace run_{number} {{\n{rest.rstrip()}\n\n}}\n"
        for name, text in (("program", program), ("network", tables)):
            self._write(f"src/{name}{suffix(number)}.cpp", "\n".join([*renamed(number), text]))

    def write_main(self, inserted: Mapping[str, Sequence[str]]) -> None:
        """Write main.cpp, with code in its slots: ``main_1`` is that behind the first run."""
        lines = []
        for line in (HOST / "main.cpp").read_text(encoding="utf-8").splitlines():
            slot = re.fullmatch(r"( *)//\{(\w+)\}", line)
            if slot is None:
                lines.append(line)
            else:
                code = self._runs(inserted) if slot[2] == "runs" else _code(inserted, slot[2])
                lines += [slot[1] + written if written else "" for written in code]
        self._write("src/main.cpp", "\n".join(lines) + "\n")

    def _runs(self, inserted: Mapping[str, Sequence[str]]) -> Iterator[str]:
        yield from _code(inserted, "main_0")
        for number in range(1, len(self.runs) + 1):
            yield from () if number == 1 else ("if (status) return status;", "host.next();")
            yield from _code(inserted, "before_network_run")
            yield "status = host.run(threads, options.output);"
            yield from _code(inserted, "after_network_run")
            yield from _code(inserted, f"main_{number}")

    def add_sources(self, sources: Sequence[Path]) -> None:
        """Have further files compiled with the project."""
        for path in sources:
            shutil.copy(path, self.folder / "src")
        self.write_build_files(replace(self.building, sources=(*self.building.sources, *sources)))

    def write_build_files(self, building: Building) -> None:
        self._write("Makefile", makefile(building, len(self._texts)))
        self._write("CMakeLists.txt", cmake(building, len(self._texts)))

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8", newline="\n")

    def move(self, folder: Path) -> None:
        """Have it in another folder.

        Raises
        ------
        ArgumentError
            Other files there would be replaced.
        """
        check_free(folder)
        remove_program(folder)
        remove_program(self.folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            if (folder / name).is_dir():
                shutil.rmtree(folder / name)
            shutil.move(self.folder / name, folder / name)
        self.folder = folder


def _provenance(runs: Sequence[Project]) -> dict[str, Any]:
    """What the project was made with; of several runs, each on its own."""
    first, told = dict(runs[0].provenance), ("start", "duration", "seed", "date")
    return first if len(runs) == 1 else {**first, "runs": [{k: run.provenance[k] for k in told} for run in runs]}


def _code(inserted: Mapping[str, Sequence[str]], slot: str) -> list[str]:
    return "\n".join(inserted.get(slot, ())).splitlines()


def check_free(folder: Path) -> None:
    """Raise an error if a project cannot be written into a folder without replacing other files.

    Raises
    ------
    ArgumentError
    """
    if folder.exists() and not folder.is_dir():
        raise ArgumentError(f"'{folder}' is a file", hint="choose a folder")
    there = [name for name in NAMES if (folder / name).exists()]
    if there and not (folder / MARK).is_file():
        hint = "choose a new folder, or an empty one"
        raise ArgumentError(f"'{folder}' holds other files that would be replaced", found=", ".join(there), hint=hint)


def remove_program(folder: Path) -> None:
    """Remove the program of an earlier project."""
    if is_project(folder):
        for name in ("main", "main.exe"):
            (folder / name).unlink(missing_ok=True)


def is_project(folder: Path) -> bool:
    """Whether a folder holds a project that was written here."""
    return (folder / MARK).is_file() and (folder / "data" / "layout.txt").is_file()


def copy_headers(folder: Path) -> None:
    """Copy the headers that the sources of a folder include, and those that these include."""
    waiting = list(folder.glob("*.cpp")) + list(folder.glob("*.h"))
    while waiting:
        for name in re.findall(r'#include "(jupyspike_\w+\.h)"', waiting.pop().read_text(encoding="utf-8")):
            path = folder / name
            if not path.exists():
                shutil.copy(next(place / name for place in (HOST, NATIVE) if (place / name).is_file()), path)
                waiting.append(path)
