"""Where built programs are kept between sessions, and how they get in and out of there safely.

An entry is ``<key>.so``, the program, and ``<key>.cpp``, its source for inspection, whose last line holds the
checksum of the program. Both are published by an atomic rename, so that nobody sees half a file.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..diagnostics import ArgumentError
from ..frames import warn
from ..logs import get_logger
from ..preferences import prefs
from .libraries import is_whole
from .locks import locked

DEFAULT_LIMIT_MB = prefs.default("codegen.max_cache_dir_size")
NO_LIMIT = sys.maxsize
_log = get_logger("jupyspike.build")
_CHECKSUM = b"// checksum of the program beside this file: "
_WORKSPACE = ".build-"
_HALF = ".new"
_temporary_directories: dict[Path, Path] = {}  # of this process, by the directory they stand in for
_ABANDONED_AFTER = 24 * 3600.0  # seconds; no compiler runs that long


@dataclass(frozen=True)
class Entry:
    """One program in the cache: its size in bytes with its source, and when it was last used (seconds since 1970)."""

    key: str
    size: int
    used: float


@dataclass(frozen=True)
class ProgramCache:
    """The programs in one directory.

    Parameters
    ----------
    directory : Path
        Made when the first program is kept.
    limit : int
        Size in bytes above which the programs that were not used for longest are removed.
    """

    directory: Path
    limit: int = DEFAULT_LIMIT_MB * 1_000_000

    def find(self, key: str) -> Path | None:
        """The program with this key, marked as just used; None when there is none or it is damaged."""
        library = self.directory / f"{key}.so"
        try:
            program = library.read_bytes()
            _, _, recorded = (self.directory / f"{key}.cpp").read_bytes().rpartition(_CHECKSUM)
            whole = is_whole(library)
            _expect_programs_to_run(self.directory)
        except OSError:
            return None
        if not whole or recorded.strip() != _digest(program):
            return None
        with contextlib.suppress(OSError):
            os.utime(library)
        return library

    @contextlib.contextmanager
    def workspace(self, key: str, seconds: float = float("inf")) -> Iterator[Path]:
        """An empty directory to build one program in, while no other process builds the same.

        Parameters
        ----------
        seconds : float
            How long another process is waited for.

        Raises
        ------
        OSError
            When the directory of the cache cannot be written, or no program in it may be run.
        """
        _make_private(self.directory)
        _expect_programs_to_run(self.directory)
        with (
            locked(self.directory / f"{key}.lock", seconds),
            tempfile.TemporaryDirectory(prefix=_WORKSPACE, dir=self.directory, ignore_cleanup_errors=True) as place,
        ):
            yield Path(place)

    def publish(self, key: str, workspace: Path) -> Path:
        """Move ``<key>.so`` and ``<key>.cpp`` from a workspace into the cache, and keep the cache within its limit."""
        source, library = workspace / f"{key}.cpp", workspace / f"{key}.so"
        with source.open("ab") as text:
            text.write(b"\n" + _CHECKSUM + _digest(library.read_bytes()) + b"\n")
        now = library.stat().st_mtime  # by the clock of the file system, which may be that of another machine
        os.replace(library, self.directory / library.name)
        os.replace(source, self.directory / source.name)
        self._keep_within_limit(key)
        self._remove_abandoned(now)
        return self.directory / library.name

    def discard(self, key: str) -> None:
        """Remove a program that turned out to be of no use."""
        self._remove(Entry(key, 0, 0.0))

    def entries(self) -> list[Entry]:
        """All programs, the one that was not used for longest first."""
        found = []
        for library in self.directory.glob("*.so"):
            with contextlib.suppress(OSError):
                status = library.stat()
                source = library.with_suffix(".cpp")
                size = status.st_size + (source.stat().st_size if source.exists() else 0)
                found.append(Entry(library.stem, size, status.st_mtime))
        return sorted(found, key=lambda entry: (entry.used, entry.key))

    @property
    def limit_text(self) -> str:
        """The limit, to be shown."""
        return "no limit" if self.limit == NO_LIMIT else f"{self.limit / 1e6:.0f} MB"

    def clear(self) -> list[Entry]:
        """Remove all programs and what is known of compilers; returns what was removed."""
        removed = [entry for entry in self.entries() if self._remove(entry)]
        shutil.rmtree(self.directory / "compilers", ignore_errors=True)
        return removed

    def _keep_within_limit(self, newest: str) -> None:
        entries = self.entries()
        size = sum(entry.size for entry in entries)
        removed = 0
        for entry in entries:
            if size <= self.limit:
                break
            if entry.key != newest and self._remove(entry):
                size -= entry.size
                removed += 1
        if removed:
            _log.info(
                f"{self.directory} was larger than {self.limit / 1e6:g} MB; programs not used for longest that were "
                f"removed: {removed} (preference codegen.max_cache_dir_size)",
                "cache_size",
            )

    def _remove_abandoned(self, now: float) -> None:
        """Remove what processes left that were killed while they wrote."""
        for pattern in (f"{_WORKSPACE}*", "*.lock", f"compilers/*{_HALF}", "compilers/*.lock"):
            for place in self.directory.glob(pattern):
                with contextlib.suppress(OSError):
                    if now - place.stat().st_mtime > _ABANDONED_AFTER:
                        shutil.rmtree(place) if place.is_dir() else place.unlink()

    def _remove(self, entry: Entry) -> bool:
        """Whether the program could be removed: Windows keeps those that are loaded."""
        try:
            (self.directory / f"{entry.key}.so").unlink(missing_ok=True)
            (self.directory / f"{entry.key}.cpp").unlink(missing_ok=True)
        except OSError:
            return False
        return True


def program_cache() -> ProgramCache:
    """The cache that the preferences ask for, else ``JUPYSPIKE_CACHE_DIR`` and ``JUPYSPIKE_CACHE_LIMIT_MB``.

    Raises
    ------
    ArgumentError
        When ``JUPYSPIKE_CACHE_LIMIT_MB`` is not a number of megabytes.
    """
    preferred = prefs.codegen.runtime.cython.cache_dir
    environment = {**os.environ, "JUPYSPIKE_CACHE_DIR": preferred} if preferred else os.environ
    return ProgramCache(cache_directory(environment, sys.platform, _home()), _limit())


def _limit() -> int:
    """The size in bytes that the programs may have together."""
    if prefs.is_set("codegen.max_cache_dir_size"):
        return int(prefs.codegen.max_cache_dir_size * 1_000_000) or NO_LIMIT
    text = os.environ.get("JUPYSPIKE_CACHE_LIMIT_MB", "").strip() or str(DEFAULT_LIMIT_MB)
    try:
        limit = float(text)
    except ValueError:
        limit = -1.0
    if not 0 <= limit < float("inf"):
        raise ArgumentError(
            "the environment variable JUPYSPIKE_CACHE_LIMIT_MB is no size",
            found=repr(text),
            expected=f"a number of megabytes, such as {DEFAULT_LIMIT_MB}",
        )
    return int(limit * 1_000_000)


def clear_cache(target: str = "cpp") -> None:
    """Remove the programs that were built for a target, which are built again when they are needed.

    Parameters
    ----------
    target : 'cpp' or 'cython'
        The two have their programs in common.

    Raises
    ------
    ArgumentError
        Nothing is built for this target.

    Examples
    --------
    >>> clear_cache('numpy')
    Traceback (most recent call last):
    ...
    jupyspike_engine.diagnostics.ArgumentError: there are no programs of the target 'numpy'
        expected: 'cpp' or 'cython'
    """
    if target not in ("cpp", "cython"):
        raise ArgumentError(f"there are no programs of the target {target!r}", expected="'cpp' or 'cython'")
    cache = program_cache()
    removed = cache.clear()
    size = sum(entry.size for entry in removed) / 1e6
    _log.info(f"programs removed from {cache.directory}: {len(removed)} ({size:.1f} MB)", "cache_size")


def cache_directory(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    """The directory for built programs of a user on a platform (``sys.platform``).

    Examples
    --------
    >>> cache_directory({}, "linux", Path("/home/ada")).as_posix()
    '/home/ada/.cache/jupyspike'
    """
    if chosen := environment.get("JUPYSPIKE_CACHE_DIR"):
        return Path(chosen).expanduser().absolute()
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / "jupyspike" / "Cache"
    if platform == "darwin":
        return home / "Library" / "Caches" / "jupyspike"
    chosen = environment.get("XDG_CACHE_HOME", "")
    return (Path(chosen) if os.path.isabs(chosen) else home / ".cache") / "jupyspike"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a container that runs as a user nobody knows
        return Path("/nonexistent")


def temporary_cache(instead_of: ProgramCache, reason: OSError) -> ProgramCache:
    """A cache that lasts as long as this process, for when the usual one cannot be written; warns the first time."""
    if instead_of.directory not in _temporary_directories:
        directory = tempfile.mkdtemp(prefix="jupyspike-")
        _temporary_directories[instead_of.directory] = Path(directory)
        atexit.register(_remove_own, directory, os.getpid())
        warn(
            f"programs cannot be kept in {instead_of.directory} ({reason.strerror or reason}), so they are kept only "
            "until this session ends. Set JUPYSPIKE_CACHE_DIR to a directory you can write to, with room in it.",
            RuntimeWarning,
        )
    return ProgramCache(_temporary_directories[instead_of.directory], instead_of.limit)


def _remove_own(directory: str, owner: int) -> None:
    if os.getpid() == owner:  # not in a forked process that ends
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def one_at_a_time(path: Path, seconds: float) -> Iterator[None]:
    """Run a block that writes a file of the cache while no other process does, where locks can be made."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            _make_private(path.parent)
            stack.enter_context(locked(path.with_suffix(".lock"), seconds))
        yield


def write_atomically(path: Path, text: str) -> None:
    """Write a file of the cache so that others see it whole or not at all."""
    _make_private(path.parent)
    descriptor, half = tempfile.mkstemp(_HALF, dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(half, path)
    except BaseException:
        os.unlink(half)
        raise


def _make_private(directory: Path) -> None:
    """Make a directory, and those above it, that only the user may look into: programs are loaded from there.

    A link to a directory that does not exist (any more) is followed.
    """
    directory = Path(os.path.realpath(directory))
    for place in reversed([directory, *directory.parents]):
        if not place.exists():
            place.mkdir(mode=0o700, exist_ok=True)


def _expect_programs_to_run(directory: Path) -> None:
    """Raise an error if the file system of a directory is mounted so that programs in it are not loaded."""
    if hasattr(os, "ST_NOEXEC") and os.statvfs(directory).f_flag & os.ST_NOEXEC:
        raise PermissionError(errno.EACCES, "programs there may not be run: it is mounted with 'noexec'")


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
