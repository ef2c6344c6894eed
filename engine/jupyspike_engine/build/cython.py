"""Cython as a language of programs: is it there, and how does its text become C++?"""

from __future__ import annotations

import re
import sys
import sysconfig
import threading
from dataclasses import dataclass
from pathlib import Path

from ..diagnostics import BuildError
from .advice import how_to_get_the_headers_of_python
from .arguments import Arguments
from .builder import HEADERS, SourceLanguage

OLDEST_CYTHON = 3
_lock = threading.Lock()  # the compiler has global variables


@dataclass(frozen=True)
class Missing:
    """What the building of Cython modules lacks on this machine, and how to get it."""

    what: str
    remedy: str


def cython_version() -> str:
    """The version of Cython, empty if it is not installed."""
    from importlib.metadata import PackageNotFoundError, version  # takes a while to load

    try:
        return version("cython")
    except PackageNotFoundError:
        return ""


def missing_for_cython() -> Missing | None:
    """What is missing beside a C++ compiler, None if all is there."""
    version = cython_version()
    if not version:
        return Missing("Cython is not installed", "pip install cython")
    if int(version.partition(".")[0]) < OLDEST_CYTHON:
        return Missing(f"Cython {version} is too old", f'pip install "cython>={OLDEST_CYTHON}"')
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return Missing("the headers of Python are not installed", how_to_get_the_headers_of_python())
    return None


def cython_language(module: str) -> SourceLanguage:
    """Modules of a name.

    Raises
    ------
    BuildError
        Something is missing on this machine.
    """
    missing = missing_for_cython()
    if missing is not None:
        raise BuildError(f"the target 'cython' cannot be used: {missing.what}", kind="build", hint=missing.remedy)

    def translate(source: Path, target: Path) -> str:
        with _lock:
            return _translate(source, target, module)

    version = f"{module}: Cython {cython_version()}, {sys.implementation.cache_tag} {sys.version}"
    return SourceLanguage("Cython", ".pyx", version, translate, _arguments(), ("*.h", "*.pxd"))


def _arguments() -> Arguments:
    """What the C++ compiler is told for a module of this Python."""
    include = (sysconfig.get_path("include"),)
    if sys.platform == "win32":
        library = f"python{sys.version_info.major}{sys.version_info.minor}"
        return Arguments(include_dirs=include, library_dirs=(f"{sys.base_prefix}/libs",), libraries=(library,))
    return Arguments(include_dirs=include, linking=("-undefined", "dynamic_lookup") if sys.platform == "darwin" else ())


_DIRECTIVES = {
    "language_level": "3",
    "boundscheck": False,
    "wraparound": False,
    "cdivision": True,
    "initializedcheck": False,
    "binding": False,
    "embedsignature": False,
    "profile": False,
    "warn.unreachable": False,
}


def _translate(source: Path, target: Path, module: str) -> str:
    """Have Cython write the C++ of a module; returns the errors, one a line as those of gcc."""
    from Cython.Compiler.Main import CompilationOptions, compile_single, default_options  # takes 0.2 s

    options = CompilationOptions(
        default_options,
        cplus=True,
        output_file=str(target),
        include_path=[str(HEADERS)],
        compiler_directives=_DIRECTIVES,
        emit_linenums=True,
        errors_to_stderr=False,
        use_listing_file=True,
    )
    result = compile_single(str(source), options, module)
    if not result.num_errors:
        return ""
    listing = source.with_suffix(".lis").read_text(encoding="utf-8", errors="replace")
    found = [f"{source.name}:{line}: error: {message}" for line, message in _ERROR.findall(listing)]
    return "\n".join(found) or listing


_ERROR = re.compile(r"^(?!warning: |note: ).*\.pyx:(\d+):\d+: (.*)$", re.MULTILINE)
