"""Where compilers are found on Windows, which puts none of them on the PATH."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Candidate:
    """A command that may be a compiler, and the variables its environment needs beside ours."""

    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


def compilers_on_windows(environment: Mapping[str, str], root: Path) -> tuple[Candidate, ...]:
    """Compilers in the places where their installers put them, the one to prefer first.

    clang-cl comes before cl because it vectorises the generated loops better; both need the libraries of Visual
    Studio and the Windows SDK, whose places are passed on so that no "developer prompt" is needed.

    Parameters
    ----------
    environment : mapping
        Environment variables; ``ProgramFiles`` and the like are looked up in it.
    root : Path
        The drive, ``C:\\`` on a real machine; paths of the environment are taken inside it.
    """
    programs = _folders(environment, root)
    clang = [path for folder in programs for path in folder.glob("LLVM/bin/clang-cl.exe")]
    found = []
    libraries = _windows_sdk(programs)
    for tools in _visual_studio_tools(programs):
        variables = _variables(tools, libraries)
        own_clang = tools.parents[2] / "Tools" / "Llvm" / "x64" / "bin" / "clang-cl.exe"
        found += [Candidate((str(path),), variables) for path in [*clang, own_clang] if path.is_file()]
        found.append(Candidate((str(tools / "bin" / "Hostx64" / "x64" / "cl.exe"),), variables))
    found += [Candidate((str(path),)) for path in _mingw(environment, root, programs)]
    return tuple(found)


def _folders(environment: Mapping[str, str], root: Path) -> list[Path]:
    given = [environment.get(name, "") for name in ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)")]
    named = [_inside(root, text) for text in given if text]
    usual = [root / "Program Files", root / "Program Files (x86)"]
    return list(dict.fromkeys([*named, *usual]))


def _inside(root: Path, text: str) -> Path:
    r"""``D:\Tools\x`` taken from the root when it is on the same drive or the root is no drive (a test's tree)."""
    parts = [part for part in re.split(r"[\\/]+", text) if part]
    drive = parts[0] if parts and parts[0].endswith(":") else ""
    if drive and root.drive and drive.lower() != root.drive.lower():
        return Path(text)
    return root.joinpath(*parts[1:] if drive else parts)


def _visual_studio_tools(programs: list[Path]) -> Iterator[Path]:
    """``VC/Tools/MSVC/<version>`` of every installed Visual Studio or its Build Tools, newest version first."""
    pattern = "Microsoft Visual Studio/*/*/VC/Tools/MSVC/*/bin/Hostx64/x64/cl.exe"
    tools = {path.parents[3] for folder in programs for path in folder.glob(pattern)}
    yield from sorted(tools, key=lambda path: (_version(path.name), str(path)), reverse=True)


def _windows_sdk(programs: list[Path]) -> tuple[list[Path], list[Path]]:
    """Directories of headers and of libraries of the newest Windows SDK; both empty when there is none."""
    kits = [path.parent for folder in programs for path in folder.glob("Windows Kits/10/Include/*/ucrt")]
    if not kits:
        return [], []
    newest = max(kits, key=lambda path: _version(path.name))
    library = newest.parents[1] / "Lib" / newest.name
    return [newest / name for name in ("ucrt", "um", "shared")], [library / name / "x64" for name in ("ucrt", "um")]


def _variables(tools: Path, sdk: tuple[list[Path], list[Path]]) -> tuple[tuple[str, str], ...]:
    headers, libraries = sdk
    return (
        ("INCLUDE", ";".join(map(str, [tools / "include", *headers]))),
        ("LIB", ";".join(map(str, [tools / "lib" / "x64", *libraries]))),
    )


def _mingw(environment: Mapping[str, str], root: Path, programs: list[Path]) -> Iterator[Path]:
    places = [root / "msys64" / name for name in ("ucrt64", "mingw64", "clang64")]
    places += [root / "mingw64", root / "MinGW", root / "ProgramData" / "mingw64" / "mingw64"]
    if conda := environment.get("CONDA_PREFIX"):
        places.insert(0, _inside(root, conda) / "Library")
    places += [path for folder in programs for path in folder.glob("mingw-w64/*/mingw64")]
    for place in places:
        for name in ("g++.exe", "clang++.exe"):
            if (place / "bin" / name).is_file():
                yield place / "bin" / name


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))
