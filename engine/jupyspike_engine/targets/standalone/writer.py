"""Writing a network as a C++17 project: a folder that needs a compiler and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ...diagnostics import ArgumentError
from ..cpp.source import cpp_source
from .data import write_data
from .project import Building, Project
from .tables import HEADER, network_source
from .texts import cmake, makefile, readme

NATIVE = Path(__file__).resolve().parents[2] / "native"
HOST = NATIVE / "standalone"
SLOTS = (
    "main", "main_after_run", "before_start", "after_start", "before_network_run", "after_network_run", "before_end",
    "after_end",
)  # fmt: skip
MARK = "provenance.json"  # what tells a project from other folders
NAMES = ("src", "data", "README.md", "Makefile", "CMakeLists.txt", MARK)


def write_project(project: Project, folder: Path, inserted: Mapping[str, Sequence[str]] | None = None) -> None:
    """Write a network; what was written there before is replaced, results stay.

    Parameters
    ----------
    inserted : mapping
        C++ for the slots of main.cpp.

    Raises
    ------
    ArgumentError
        Other files in the folder would be replaced; nothing is written then.
    """
    check_free(folder)
    remove_program(folder)
    source = folder / "src"
    for old in (source, folder / "data"):
        shutil.rmtree(old, ignore_errors=True)
    source.mkdir(parents=True)
    texts = {
        MARK: json.dumps(project.provenance, indent=2, ensure_ascii=False) + "\n",
        "README.md": readme(project),
        "Makefile": makefile(project.building),
        "CMakeLists.txt": cmake(project.building),
        "src/network.h": HEADER,
        "src/network.cpp": network_source(project),
        "src/program.cpp": cpp_source(project.plan).text,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for path in (*project.building.sources, *project.building.headers):
        shutil.copy(path, source)
    write_main(folder, inserted or {})
    copy_headers(source)
    write_data(project, folder / "data")


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


def move_project(old: Path, new: Path) -> None:
    """Move a project to another folder.

    Raises
    ------
    ArgumentError
        Other files there would be replaced.
    """
    check_free(new)
    remove_program(new)
    remove_program(old)
    new.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        if (new / name).is_dir():
            shutil.rmtree(new / name)
        shutil.move(old / name, new / name)


def add_sources(folder: Path, building: Building, sources: Sequence[Path]) -> None:
    """Have further files compiled with a project."""
    for path in sources:
        shutil.copy(path, folder / "src")
    building = replace(building, sources=(*building.sources, *sources))
    (folder / "Makefile").write_text(makefile(building), encoding="utf-8", newline="\n")
    (folder / "CMakeLists.txt").write_text(cmake(building), encoding="utf-8", newline="\n")


def write_main(folder: Path, inserted: Mapping[str, Sequence[str]]) -> None:
    """Write main.cpp, with code in its slots."""
    lines = []
    for line in (HOST / "main.cpp").read_text(encoding="utf-8").splitlines():
        slot = re.fullmatch(r"( *)//\{(\w+)\}", line)
        if slot is None:
            lines.append(line)
        else:
            code = "\n".join(inserted.get(slot[2], ())).splitlines()
            lines += [slot[1] + written if written else "" for written in code]
    (folder / "src" / "main.cpp").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def copy_headers(folder: Path) -> None:
    """Copy the headers that the sources of a folder include, and those that these include."""
    waiting = list(folder.glob("*.cpp")) + list(folder.glob("*.h"))
    while waiting:
        for name in re.findall(r'#include "(jupyspike_\w+\.h)"', waiting.pop().read_text(encoding="utf-8")):
            path = folder / name
            if not path.exists():
                shutil.copy(next(place / name for place in (HOST, NATIVE) if (place / name).is_file()), path)
                waiting.append(path)
