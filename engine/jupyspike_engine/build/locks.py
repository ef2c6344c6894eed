"""A lock between processes (and threads) that is a file."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock named by a file while the block runs; the file exists only as long as somebody holds it.

    On a file system without locks the block runs unlocked: what is written there is published atomically, so the
    worst that can happen is that a program is built twice.

    Raises
    ------
    OSError
        When the file cannot be made.
    """
    descriptor = _acquire(path)
    try:
        yield
    finally:
        _release(path, descriptor)


def _acquire(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _wait(descriptor)
            if _still_names(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _still_names(path: Path, descriptor: int) -> bool:
    """Whether the file was not removed by its last holder while we waited for it."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _wait(descriptor: int) -> None:
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
                return
            except PermissionError:
                time.sleep(0.02)

    def _release(path: Path, descriptor: int) -> None:
        os.close(descriptor)  # Windows does not remove an open file, so nobody who waits for it loses it here
        with contextlib.suppress(OSError):
            os.unlink(path)

else:
    import fcntl

    def _wait(descriptor: int) -> None:
        with contextlib.suppress(OSError):  # no locks on this file system
            fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _release(path: Path, descriptor: int) -> None:
        with contextlib.suppress(OSError):
            os.unlink(path)
        os.close(descriptor)
