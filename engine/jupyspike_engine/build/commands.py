"""Calling compilers: for a limited time, and so that nothing of what they start outlives the call."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..diagnostics import BuildError
from ..preferences import prefs


def call(
    command: Sequence[str],
    variables: Mapping[str, str],
    directory: Path | None = None,
    text: str = "",
    seconds: float | None = None,
    errors_apart: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Call a command and wait for its end; if it takes too long, or we are interrupted, it is stopped.

    So are the processes that it has started: a compiler is a program that calls others.

    Parameters
    ----------
    variables : mapping
        Its whole environment.
    text : str
        What it can read.
    seconds : float, optional
        How long it may take, if that is less than the preference ``codegen.cpp.time_limit``.
    errors_apart : bool
        Whether what it writes to the standard error is told apart from its output.

    Raises
    ------
    OSError
        It cannot be started.
    BuildError
        It took too long.
    """
    limit = min(filter(None, (seconds, float(prefs.codegen.cpp.time_limit))), default=None)
    with subprocess.Popen(
        command, cwd=directory, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if errors_apart else subprocess.STDOUT, encoding="utf-8", errors="replace",
        process_group=None if os.name == "nt" else 0,
    ) as process:  # fmt: skip
        try:
            output, errors = process.communicate(text, limit)
        except subprocess.TimeoutExpired:
            _stop(process)
            raise BuildError(
                f"{command[0]} was not ready after {limit:g} s and has been stopped",
                kind="build",
                found=" ".join(command),
                hint="call it in a terminal to see what it waits for, or choose another compiler (CXX); if it only is "
                "slow, give it more time: prefs.codegen.cpp.time_limit",
            ) from None
        except BaseException:
            _stop(process)
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors or "")


def _stop(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(OSError):  # it has just ended
        if os.name == "nt":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
        else:
            os.killpg(process.pid, signal.SIGKILL)


def how_it_ended(code: int) -> str:
    """The exit code of a program in words.

    >>> how_it_ended(3)
    'it stopped with exit code 3'
    """
    if code >= 0:
        return f"it stopped with exit code {code}"
    with contextlib.suppress(ValueError):
        return f"it was killed by {signal.Signals(-code).name}"
    return f"it was killed by signal {-code}"
