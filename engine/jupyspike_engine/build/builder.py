"""Building a program: from source text to a shared library, through the cache."""

from __future__ import annotations

import errno
import functools
import hashlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ..diagnostics import BuildError, Diagnostic, Span
from ..preferences import prefs
from .advice import how_to_get_a_compiler
from .arguments import Arguments, preferred_arguments
from .cache import ProgramCache, program_cache, temporary_cache
from .commands import call, how_it_ended
from .compilers import Compiler, find_compiler
from .libraries import is_whole
from .machine import c_library, processor
from .messages import Complaint, complaints

HEADERS = Path(__file__).resolve().parents[1] / "native"
"""The directory of the headers that programs may include."""

PlaceOfLine = Callable[[int], Span | None]
Loaded = TypeVar("Loaded")

# What is said when there is no room for what a compiler writes.
_NO_ROOM = {os.strerror(code): code for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)}
_NO_ROOM |= dict.fromkeys(("File size limit exceeded", "SIGXFSZ"), errno.EFBIG)


@dataclass(frozen=True)
class Built:
    """A program that can be loaded: its file, how long getting it took (seconds), and whether it was there already."""

    path: Path
    seconds: float
    from_cache: bool
    compiler: Compiler


@dataclass(frozen=True)
class SourceLanguage:
    """What a program is written in.

    Parameters
    ----------
    name, suffix : str
        What it is called, and how its files end.
    version : str
        What the C++ depends on beside the text.
    translate : callable, optional
        Writes the C++ of a file into another; returns the errors, if any, in the words of gcc.
    arguments : Arguments
        What the C++ compiler is told for every program.
    headers : tuple of str
        Patterns of the files in ``jupyspike_engine/native`` that programs may include.
    """

    name: str = "C++"
    suffix: str = ".cpp"
    version: str = ""
    translate: Callable[[Path, Path], str] | None = None
    arguments: Arguments = field(default_factory=Arguments)
    headers: tuple[str, ...] = ("*.h",)


CPP = SourceLanguage()


class CompilationError(BuildError):
    """The compiler refused a program; ``log`` is all it said, ``source`` the text it was given."""

    def __init__(self, problems: Iterable[Diagnostic], log: str, source: str) -> None:
        super().__init__(problems)
        self.log = log
        self.source = source


def build(
    source: str,
    place_of_line: PlaceOfLine = lambda line: None,
    arguments: Arguments | None = None,
    language: SourceLanguage = CPP,
) -> Built:
    """Build a source, or take the program from the cache when the same was built before.

    Parameters
    ----------
    source : str
        One translation unit; it may include the headers of ``jupyspike_engine/native`` and those of C.
    place_of_line : callable
        Gives, for a line of the source (counted from 1), the place in the user's text it was made from.
    arguments : Arguments, optional
        What the compiler is told beside what the preferences say.
    language : SourceLanguage, optional
        What the source is written in, C++ if it is not given.

    Raises
    ------
    BuildError
        When there is no compiler, when it is not ready in time, or when there is no place to build.
    CompilationError
        When the compiler refuses the source; nothing is kept in the cache then.

    Examples
    --------
    >>> import ctypes
    >>> built = build('extern "C" __attribute__((visibility("default"))) int answer() { return 42; }')
    >>> ctypes.CDLL(str(built.path)).answer()
    42
    """
    return build_and_load(lambda built: built, source, place_of_line, arguments, language)


def build_and_load(
    load: Callable[[Built], Loaded],
    source: str,
    place_of_line: PlaceOfLine = lambda line: None,
    arguments: Arguments | None = None,
    language: SourceLanguage = CPP,
) -> Loaded:
    """Build a source and load it; a program from the cache that cannot be loaded is built anew.

    Parameters
    ----------
    load : callable
        Makes of the program what is returned; it raises OSError or ImportError if that cannot be loaded.
    source, place_of_line, arguments, language
        As for `build`.

    Raises
    ------
    BuildError
        When there is no compiler, when it is not ready in time or refuses the source, when there is no place to build,
        or when what was built cannot be loaded.
    """
    start = time.perf_counter()
    compiler = find_compiler()
    if compiler is None:
        raise BuildError("there is no C++ compiler on this machine", kind="build", hint=how_to_get_a_compiler())
    arguments = preferred_arguments(compiler) + language.arguments + (arguments or Arguments())
    key = _key(source, compiler, arguments, language)
    compile_into = functools.partial(_compile, source, compiler, arguments, language, place_of_line, key)
    for _ in range(2):
        cache, (path, from_cache) = _kept_somewhere(key, compile_into)
        try:
            return load(Built(path, time.perf_counter() - start, from_cache, compiler))
        except (OSError, ImportError) as reason:
            problem = reason
            cache.discard(key)
        if not from_cache:
            break
    raise BuildError(
        "a program was built, but the system does not load it", kind="build", found=str(problem),
        hint="set JUPYSPIKE_CACHE_DIR to a directory from which programs may be run; 'jupyspike doctor' examines the "
        "compiler",
    ) from None  # fmt: skip


def _kept_somewhere(key: str, compile_into: Callable[[Path], None]) -> tuple[ProgramCache, tuple[Path, bool]]:
    """The program, and whether it was there already: in the cache, or for this session where that cannot be written."""
    cache = program_cache()
    try:
        return cache, _find_or_compile(cache, key, compile_into)
    except OSError as problem:
        reason = problem
    try:
        other = temporary_cache(cache, reason)
        return other, _find_or_compile(other, key, compile_into)
    except OSError as problem:
        raise BuildError(
            "there is no place to build a program", kind="build",
            found=f"{cache.directory}: {reason.strerror or reason}; for temporary files: {problem.strerror or problem}",
            hint="make room, or set JUPYSPIKE_CACHE_DIR to a directory with room that you can write to; "
            "prefs.codegen.target = 'numpy' needs none",
        ) from None  # fmt: skip


def compile_library(
    compiler: Compiler, directory: Path, name: str, arguments: Arguments | None = None, language: SourceLanguage = CPP
) -> str | None:
    """Compile ``<name>.cpp`` in a directory to ``<name>.so``; returns what the compiler said if it failed.

    In another language it is made first, by a translator whose errors are returned in the same way.
    """
    if language.translate is not None:
        errors = language.translate(directory / f"{name}{language.suffix}", directory / f"{name}.cpp")
        if errors:
            return errors
    arguments = arguments or Arguments()
    where = [f"-I{HEADERS}", f"{name}.cpp", "-o", f"{name}.so"]
    if compiler.kind == "msvc":
        where = [f"/I{HEADERS}", f"{name}.cpp", f"/Fe:{name}.so", "/link", "/NOIMPLIB", "/NOEXP"]
    words = [*compiler.command, *_flags(compiler, arguments, language), *arguments.before_the_source(compiler)]
    variables = compiler.variables() | dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(directory))
    name_of_compiler = compiler.command[0]
    try:
        answer = call([*words, *where, *arguments.after_the_source(compiler)], variables, directory)
    except OSError as problem:
        if not directory.is_dir():  # removed under our hands
            raise
        raise BuildError(f"the compiler {name_of_compiler} cannot be started: {problem}", kind="build") from None
    library = directory / f"{name}.so"
    if answer.returncode != 0:
        fault = how_it_ended(answer.returncode)
    elif not library.is_file():
        fault = "it wrote no program"
    elif not is_whole(library):
        fault = "it wrote half a program"
    else:
        return None
    log = answer.stdout
    return log if complaints(log) else f"{log.rstrip()}\n{name_of_compiler}: error: {fault}".lstrip()


def _flags(compiler: Compiler, arguments: Arguments, language: SourceLanguage) -> list[str]:
    """Arguments for every program; the headers of others may need those of C++."""
    foreign = bool(arguments.headers) or language.translate is not None
    return [flag for flag in compiler.flags if not (foreign and flag == "-nostdinc++")]


def compilations() -> int:
    """How many times this process called a compiler to build a program."""
    return _counter.calls


class _Counter:
    def __init__(self) -> None:
        self.calls = 0
        self._lock = threading.Lock()

    def count(self) -> None:
        with self._lock:
            self.calls += 1


_counter = _Counter()


def _key(source: str, compiler: Compiler, arguments: Arguments, language: SourceLanguage) -> str:
    """Checksum of all that the program depends on."""
    parts = [source, *compiler.command, *compiler.flags, compiler.version, str(compiler.environment), str(arguments)]
    parts += [processor(), sys.platform, language.name, language.version, *_headers(language)]
    parts += [path.read_text(encoding="utf-8", errors="replace") for path in arguments.own_headers()]
    parts += [compiler.instructions, c_library()]
    checksum = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogateescape")
        checksum.update(b"%d:" % len(content) + content)  # the length keeps ("ab", "c") apart from ("a", "bc")
    return checksum.hexdigest()


def _headers(language: SourceLanguage) -> list[str]:
    files = sorted(path for pattern in language.headers for path in HEADERS.glob(pattern))
    return [text for path in files for text in (path.name, path.read_text(encoding="utf-8"))]


def _find_or_compile(cache: ProgramCache, key: str, compile_into: Callable[[Path], None]) -> tuple[Path, bool]:
    if (known := cache.find(key)) is not None:
        return known, True
    with cache.workspace(key, float(prefs.codegen.cpp.time_limit) or float("inf")) as workspace:
        built_meanwhile = cache.find(key)  # by the process that held the lock before us
        if built_meanwhile is not None:
            return built_meanwhile, True
        compile_into(workspace)
        return cache.publish(key, workspace), False


def _compile(
    source: str,
    compiler: Compiler,
    arguments: Arguments,
    language: SourceLanguage,
    place_of_line: PlaceOfLine,
    key: str,
    workspace: Path,
) -> None:
    file = f"{key}{language.suffix}"
    (workspace / file).write_text(source, encoding="utf-8", newline="\n")
    _counter.count()
    log = compile_library(compiler, workspace, key, arguments, language)
    if log is None:
        return
    for text, code in _NO_ROOM.items():
        if text in log:
            raise OSError(code, os.strerror(code), str(workspace))
    if not workspace.is_dir():
        raise FileNotFoundError(errno.ENOENT, "it was removed while a program was built", str(workspace))
    lines = source.splitlines()
    found = complaints(log) or (Complaint(log.strip().splitlines()[-1]),)
    problems = [_diagnostic(complaint, file, lines, place_of_line, language) for complaint in found]
    raise CompilationError(dict.fromkeys(problems), log.replace(key, "program"), source)


def _diagnostic(
    complaint: Complaint, file: str, lines: list[str], place_of_line: PlaceOfLine, language: SourceLanguage
) -> Diagnostic:
    span, found = None, ""
    if Path(complaint.file).name == file and complaint.line is not None and complaint.line <= len(lines):
        span = place_of_line(complaint.line)
        found = f"line {complaint.line} of the generated program: {lines[complaint.line - 1].strip()}"
    elif complaint.line is not None:
        found = f"line {complaint.line} of {complaint.file}"
    message = f"the {language.name} compiler refused the generated program: {complaint.message}"
    killed = "Killed" in complaint.message or "SIGKILL" in complaint.message
    hint = "there may not have been enough memory for the compiler" if killed else ""
    return Diagnostic(message, span, "build", found=found, hint=hint)
