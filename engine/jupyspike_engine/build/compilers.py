"""Finding a C++ compiler on this machine."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Literal

from ..diagnostics import BuildError
from ..preferences import prefs
from .cache import one_at_a_time, program_cache, write_atomically
from .commands import call
from .machine import known, processor
from .windows import Candidate, compilers_on_windows

Kind = Literal["gcc", "clang", "msvc"]

# No fused multiply-add that the text does not ask for, and no -ffast-math: results must not depend on the machine.
# Without the headers of C++ <math.h> is that of C, which is read 0.1 s faster, a quarter of the time of a build.
_GNU_FLAGS = (
    *("-std=c++17", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"),
    *("-fno-exceptions", "-fno-rtti", "-nostdinc++", "-fvisibility=hidden", "-shared"),
)
_MSVC_FLAGS = ("/nologo", "/std:c++17", "/O2", "/Oi", "/fp:precise", "/GR-", "/utf-8", "/LD")
ANSWERED_IN = 60.0  # seconds; a compiler that waits for a licence must not stop the notebook


@dataclass(frozen=True)
class Compiler:
    """A C++ compiler that works.

    Parameters
    ----------
    command : tuple of str
        The words that start it.
    kind : "gcc", "clang" or "msvc"
        Whose arguments it understands; clang-cl understands those of msvc.
    version : str
        The first line of what it says about its version.
    native : str
        The argument that asks for code for the processor of this machine; empty when it has none.
    environment : tuple of (str, str)
        Variables it needs beside those of this process.
    instructions : str
        A checksum of the instruction sets that it uses with that argument, as it found them itself: programs of
        different ones must not be confused, even where the system does not tell which processor it has.
    """

    command: tuple[str, ...]
    kind: Kind
    version: str
    native: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    instructions: str = ""

    @property
    def flags(self) -> tuple[str, ...]:
        """Arguments for building a shared library."""
        if self.kind == "msvc":
            return _MSVC_FLAGS
        # A DLL that MinGW built must not need the DLLs of MinGW, which are not on the PATH of a notebook.
        place = ("-static",) if sys.platform == "win32" else ("-fPIC",)
        return (*_GNU_FLAGS, *place, *([self.native] if self.native else []))

    def variables(self) -> dict[str, str]:
        """The environment to run it in: messages are wanted in English, whatever the user's language."""
        return {**os.environ, **dict(self.environment), "LC_ALL": "C", "VSLANG": "1033"}

    def __str__(self) -> str:
        return self.version


_found: dict[tuple[str, str | None], Compiler] = {}


def find_compiler() -> Compiler | None:
    """The compiler to build programs with, or None when this machine has none.

    The preference ``codegen.cpp.compiler`` decides if it is set, else the environment variable ``CXX``; they may hold
    arguments too. Otherwise it is the first that works of g++, clang++ and c++ on the PATH, beside the Python
    interpreter (conda), or in the usual places.

    Raises
    ------
    BuildError
        When the preference or ``CXX`` is set to something that is no working compiler.
    """
    preferred: str = prefs.codegen.cpp.compiler
    chosen, path = preferred or os.environ.get("CXX", ""), os.environ.get("PATH")
    if (chosen, path) not in _found:
        compiler = _chosen(
            chosen, "the preference codegen.cpp.compiler" if preferred else "the environment variable CXX"
        )
        if compiler is None:
            return None  # not remembered: it may be installed while this session goes on
        _found[chosen, path] = compiler
    return _found[chosen, path]


def working_compilers() -> Iterator[Compiler]:
    """All compilers of this machine that work, the one to prefer first, whatever ``CXX`` says."""
    for candidate in _candidates():
        with contextlib.suppress(_UnusableError):
            yield _identify(candidate)


class _UnusableError(Exception):
    """Why a command is no compiler."""


def _chosen(text: str, by: str) -> Compiler | None:
    """The compiler that a text asks for: any, one of a kind, or that of a command."""
    if text in ("", "unix", "msvc"):
        return next((c for c in working_compilers() if not text or (c.kind == "msvc") == (text == "msvc")), None)
    return _required(text, by)


def _required(text: str, by: str) -> Compiler:
    words = [text] if shutil.which(text) else shlex.split(text, posix=os.name != "nt")
    try:
        return _identify(Candidate(tuple(word.strip('"') for word in words)))
    except _UnusableError as problem:
        raise BuildError(
            f"{by} names no working C++ compiler",
            kind="build",
            found=f"{text}: {problem}",
            hint=f"unset {by.split()[-1]}, or set it to a command such as g++ or clang++",
        ) from None


def _candidates() -> Iterator[Candidate]:
    beside_python = Path(sys.prefix) / "bin"
    names = ["clang++", "g++"] if sys.platform == "darwin" else ["g++", "clang++", "c++"]
    if sys.platform == "win32":
        names = ["g++", "clang++", "clang-cl", "cl"]
    elif (Path(sys.prefix) / "conda-meta").is_dir():  # a kernel may run in an environment that is not activated
        for pattern in ("*-conda-*-g++", "*-conda-*-clang++", "clang++"):
            yield from (Candidate((str(path),)) for path in sorted(beside_python.glob(pattern)))
    for name in names:
        path = shutil.which(name)
        if path and not _is_apple_placeholder(path):
            yield Candidate((path,))
    if sys.platform == "win32":
        yield from compilers_on_windows(os.environ, Path(os.environ.get("SYSTEMDRIVE", "C:") + "\\"))


def _is_apple_placeholder(path: str) -> bool:
    """Whether it is the program that, without the command line tools, only opens a window that offers them."""
    if sys.platform != "darwin" or not path.startswith("/usr/bin/"):
        return False
    return subprocess.run(["/usr/bin/xcode-select", "-p"], capture_output=True, check=False).returncode != 0


def _identify(candidate: Candidate) -> Compiler:
    """What kind of compiler a command is; asked once per program file and then known from the cache directory."""
    files = [path for word in candidate.command if (path := shutil.which(word))]
    if not candidate.command or not shutil.which(candidate.command[0]):
        raise _UnusableError("there is no such program")
    stamps = [(path, os.stat(path).st_mtime_ns, os.stat(path).st_size) for path in files]
    facts = json.dumps([candidate.command, candidate.environment, stamps, processor()])
    key = hashlib.sha256(facts.encode()).hexdigest()
    if not known():  # what is remembered may be of another machine
        return _ask(candidate)
    record = program_cache().directory / "compilers" / f"{key}.json"
    if (compiler := _remembered(record)) is not None:
        return compiler
    with one_at_a_time(record, 4 * ANSWERED_IN):  # many processes that begin together ask once
        if (compiler := _remembered(record)) is not None:
            return compiler
        compiler = _ask(candidate)
        with contextlib.suppress(OSError):  # then the next session asks again
            write_atomically(record, json.dumps(asdict(compiler)))
    return compiler


def _remembered(record: Path) -> Compiler | None:
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads(record.read_text(encoding="utf-8"))
        environment = tuple((name, value) for name, value in told["environment"])
        command = tuple(told["command"])
        return Compiler(
            command, told["kind"], told["version"], told["native"], environment, told["instructions"]
        )  # fmt: skip
    return None


def _ask(candidate: Candidate) -> Compiler:
    command, name = candidate.command, PurePath(candidate.command[0]).stem.lower()
    if name == "cl":
        version = _first_line(_run(candidate, *command).stderr)
        return Compiler(command, "msvc", version, environment=candidate.environment)
    answer = _run(candidate, *command, "--version")
    if answer.returncode != 0:
        raise _UnusableError(_first_line(answer.stderr) or "it does not tell its version")
    version = _first_line(answer.stdout)
    if name == "clang-cl":
        return Compiler(command, "msvc", version, environment=candidate.environment)
    kind: Kind = "clang" if "clang" in answer.stdout.lower() else "gcc"
    native = _native_argument(candidate)
    return Compiler(command, kind, version, native, candidate.environment, _instructions(candidate, native))


def _native_argument(candidate: Candidate) -> str:
    """The argument for the processor of this machine that the compiler accepts while it translates a small text."""
    on_x86 = platform.machine().lower() in ("x86_64", "amd64", "i686", "x86")
    for argument in ("-march=native", "-mcpu=native", "") if on_x86 else ("-mcpu=native", "-march=native", ""):
        command = [*candidate.command, "-std=c++17", *filter(None, [argument]), "-x", "c++", "-fsyntax-only", "-"]
        answer = _run(candidate, *command, text="int answer() { return 42; }\n")
        if answer.returncode == 0 and "unused" not in answer.stderr:
            return argument
    raise _UnusableError(_first_line(answer.stderr) or "it does not translate C++17")


def _instructions(candidate: Candidate, native: str) -> str:
    """A checksum of the macros that the compiler defines for a processor: there is one for each instruction set."""
    answer = _run(candidate, *candidate.command, *filter(None, [native]), "-x", "c++", "-dM", "-E", "-")
    return hashlib.sha256("\n".join(sorted(answer.stdout.splitlines())).encode()).hexdigest()


def _run(candidate: Candidate, *command: str, text: str = "") -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, **dict(candidate.environment), "LC_ALL": "C", "VSLANG": "1033"}
    try:
        return call(command, variables, text=text, seconds=ANSWERED_IN, errors_apart=True)
    except (OSError, BuildError) as problem:
        raise _UnusableError(_first_line(str(problem))) from None


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].strip()
