"""Examining this machine: is everything there that jupyspike builds and runs programs with?"""

from __future__ import annotations

import ctypes
import importlib
import os
import platform
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..diagnostics import UserError
from .advice import how_to_get_a_compiler, how_to_get_the_headers_of_python
from .builder import compile_library
from .cache import program_cache
from .compilers import Compiler, find_compiler, working_compilers
from .cython import cython_version, missing_for_cython
from .machine import processor_name

Status = Literal["ok", "warn", "fail"]

OLDEST_PYTHON = (3, 11)
OLDEST_NUMPY = (2, 0)
_AS_LARGE = 1_000_000  # bytes
_TRIAL = """
#ifdef _MSC_VER
#define VISIBLE __declspec(dllexport)
#else
#define VISIBLE __attribute__((visibility("default")))
#endif
extern "C" VISIBLE int answer() { return 42; }
"""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: how it is, what was found and, if it is not well, what to do."""

    name: str
    status: Status
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Report:
    """All checks of one examination."""

    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing failed."""
        return all(check.status != "fail" for check in self.checks)

    def render(self) -> str:
        """The report as text, a few lines for each check."""
        width = max(len(check.name) for check in self.checks)
        lines = []
        for check in self.checks:
            first, *rest = check.found.splitlines() or [""]
            indent = " " * (width + 10)
            lines.append(f"[{check.status:4}]  {check.name:{width}}  {first}")
            lines += [indent + line for line in rest]
            lines += [f"{indent}-> {line}" for line in check.advice.splitlines()]
        return "\n".join([*lines, "", self._verdict()])

    def _verdict(self) -> str:
        worst = {check.status for check in self.checks}
        if "fail" in worst:
            return (
                "Something is missing: do what the arrows (->) say. Without a compiler networks run on the "
                "slower numpy target."
            )
        if "warn" in worst:
            return "jupyspike works here; the arrows (->) say what would make it better."
        return "All is well: networks are built and run at native speed."


def examine() -> Report:
    """Look at Python, numpy, the compiler, the cache and the compiled parts of jupyspike on this machine.

    Nothing raises: what goes wrong is in the report.

    Examples
    --------
    >>> [check.name for check in examine().checks]
    ['python', 'numpy', 'processor', 'compiler', 'trial build', 'bridge', 'cython', 'cache']
    """
    compiler, found = _compiler()
    return Report(
        (
            _python(),
            _numpy(),
            Check("processor", "ok", f"{processor_name()}, {os.cpu_count()} cores"),
            found,
            _trial_build(compiler),
            _bridge(),
            _cython(),
            _cache(),
        )
    )


def _python() -> Check:
    found = f"{platform.python_version()} at {sys.executable}, {platform.platform()}"
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Check("python", "fail", found, f"install Python {'.'.join(map(str, OLDEST_PYTHON))} or newer")
    return Check("python", "ok", found)


def _numpy() -> Check:
    try:
        import numpy
    except ImportError as problem:
        return Check("numpy", "fail", str(problem), "pip install numpy")
    if tuple(map(int, numpy.__version__.split(".")[:2])) < OLDEST_NUMPY:
        return Check("numpy", "fail", numpy.__version__, f'pip install "numpy>={".".join(map(str, OLDEST_NUMPY))}"')
    return Check("numpy", "ok", numpy.__version__)


def _compiler() -> tuple[Compiler | None, Check]:
    try:
        compiler = find_compiler()
        others = [other for other in working_compilers() if compiler is None or other.command != compiler.command]
    except UserError as problem:
        return None, Check("compiler", "fail", str(problem))
    if compiler is None:
        return None, Check("compiler", "fail", "no C++ compiler found", how_to_get_a_compiler())
    lines = [f"{' '.join(compiler.command)}: {compiler.version}"]
    lines += [f"also there: {' '.join(other.command)}: {other.version}" for other in others]
    return compiler, Check("compiler", "ok", "\n".join(lines))


def _trial_build(compiler: Compiler | None) -> Check:
    """Compile and load a tiny program, past the cache."""
    if compiler is None:
        return Check("trial build", "warn", "not tried: there is no compiler")
    start = time.perf_counter()
    try:
        # Windows does not remove a program that is loaded, so what cannot be cleaned up stays.
        with tempfile.TemporaryDirectory(prefix="jupyspike-doctor-", ignore_cleanup_errors=True) as directory:
            Path(directory, "trial.cpp").write_text(_TRIAL, encoding="utf-8")
            log = compile_library(compiler, Path(directory), "trial")
            seconds = time.perf_counter() - start
            if log is not None:
                return Check("trial build", "fail", log.strip(), how_to_get_a_compiler())
            answer = ctypes.CDLL(str(Path(directory, "trial.so"))).answer()
    except (OSError, UserError) as problem:
        return Check("trial build", "fail", str(problem), "the compiler builds for another kind of machine; set CXX")
    if answer != 42:
        return Check("trial build", "fail", f"the program answered {answer}, not 42", "try another compiler: set CXX")
    return Check("trial build", "ok", f"compiled and loaded a small program in {seconds:.2f} s")


def _bridge(load: Callable[[str], object] = importlib.import_module) -> Check:
    """The compiled part of the engine that runs programs, which an installation without a compiler lacks."""
    name = "jupyspike_engine.native.bridge"
    try:
        load(name)
    except ImportError as problem:
        advice = "with a compiler there, pip install --force-reinstall --no-deps jupyspike"
        if not Path(sysconfig.get_path("include"), "Python.h").is_file():
            advice = f"{how_to_get_the_headers_of_python()}; {advice}"
        return Check("bridge", "warn", f"{name} is not there: {problem}", advice)
    return Check("bridge", "ok", f"{name} is there")


def _cython() -> Check:
    """What the target 'cython' needs, which only functions in Python or Cython ask for."""
    missing = missing_for_cython()
    if missing is not None:
        return Check("cython", "ok", f"{missing.what}: only the target 'cython' needs it ({missing.remedy})")
    return Check("cython", "ok", f"{cython_version()}, for the target 'cython'")


def _cache() -> Check:
    try:
        cache = program_cache()
        entries = cache.entries()
        with cache.workspace("doctor") as place:
            (place / "as large as programs").write_bytes(bytes(_AS_LARGE))
    except UserError as problem:
        return Check("cache", "fail", str(problem))
    except OSError as problem:
        advice = (
            "set JUPYSPIKE_CACHE_DIR to a directory you can write to, with room in it, or every session builds its "
            "programs again"
        )
        return Check("cache", "warn", f"programs cannot be kept in {cache.directory}: {problem.strerror}", advice)
    size = sum(entry.size for entry in entries) / 1e6
    return Check("cache", "ok", f"{cache.directory}: {len(entries)} programs, {size:.1f} MB of {cache.limit_text}")
