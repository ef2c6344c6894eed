"""A lock between processes (and threads) that is a file."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_OFTEN = 0.02  # seconds after which it is looked again whether a lock is free


@contextlib.contextmanager
def locked(path: Path, seconds: float = float("inf")) -> Iterator[None]:
    """Hold the lock named by a file while the block runs; the file exists only as long as somebody holds it.

    On a file system without locks, and when others have held it for too long, the block runs unlocked: what is written
    there is published atomically, so the worst that can happen is that a program is built twice.

    Parameters
    ----------
    seconds : float
        For how long it is waited for: who holds it may be suspended.

    Raises
    ------
    OSError
        When the file cannot be made.
    """
    descriptor = _acquire(path, time.monotonic() + seconds)
    try:
        yield
    finally:
        _release(path, descriptor)


def _acquire(path: Path, end: float) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            locking = _lock(descriptor)
            while not locking and time.monotonic() < end and _still_names(path, descriptor):
                time.sleep(_OFTEN)
                locking = _lock(descriptor)
            if time.monotonic() >= end or _still_names(path, descriptor):
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

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _release(path: Path, descriptor: int) -> None:
        os.close(descriptor)  # Windows does not remove an open file, so nobody who waits for it loses it here
        with contextlib.suppress(OSError):
            os.unlink(path)

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # no locks on this file system
            return True
        return True

    def _release(path: Path, descriptor: int) -> None:
        with contextlib.suppress(OSError):
            os.unlink(path)
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # of a copy in a forked process too, which closing would not free
        os.close(descriptor)
