"""How a program hands over what it measured, and the few things that all of them measure."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Sample = float | str


class Measures:
    """What one process measured; each measure has a name, a unit and one or more samples."""

    def __init__(self) -> None:
        self._measures: dict[str, tuple[str, list[Sample]]] = {}

    def add(self, name: str, samples: Sample | Sequence[Sample], unit: str = "s") -> None:
        """Keep samples of a measure; text is for what is no number."""
        several = [samples] if isinstance(samples, (str, float, int)) else list(samples)
        self._measures.setdefault(name, (unit, []))[1].extend(several)

    def hand_over(self) -> None:
        """Print everything as the last line of the output."""
        print(json.dumps(self._measures))


def seconds(call: Callable[[], object]) -> float:
    """Wall time of a call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def peak_bytes(call: Callable[[], object]) -> float | None:
    """By how much a call raises the peak of memory, in a process of its own; None where the system does not tell.

    The process is forked, so what this one has taken already does not count.
    """
    if not Path("/proc/self/clear_refs").exists():
        return None
    answer, question = os.pipe()
    if child := os.fork():
        os.close(question)
        told = b"".join(iter(lambda: os.read(answer, 100), b""))
        os.close(answer)
        os.waitpid(child, 0)
        return float(told)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak
    before = _from_status("VmRSS")
    call()
    os.write(question, str(1024 * (_from_status("VmHWM") - before)).encode())
    os._exit(0)


def taken(call: Callable[[], Any]) -> tuple[Any, float, float]:
    """What a call returns, by how many bytes it raises the memory of this process, and the peak of that."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak
    before = _from_status("VmRSS")
    made = call()
    after, peak = _from_status("VmRSS"), _from_status("VmHWM")
    return made, 1024 * (after - before), 1024 * (peak - before)


def memory_of_program(folder: str, program: str) -> float:
    """The peak of memory of a program that is run in its folder, in bytes."""
    process = subprocess.Popen([str(Path(folder, program).resolve())], cwd=folder)
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(StopIteration, OSError):  # it has just ended
            peak = _from_status("VmHWM", process.pid)
        time.sleep(0.002)
    return 1024.0 * peak


def _from_status(name: str, process: int | str = "self") -> int:
    """A number of the status of a process, in kB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def programs_built() -> int:
    """How many programs were built: by this process, or (brian2) how many its cache holds."""
    if os.environ["BENCHMARK_LIBRARY"] == "brian2":
        folder = Path(os.environ["BENCHMARK_PROGRAMS"])
        return sum(len(list(folder.glob(pattern))) for pattern in ("*.so", "*.pyd"))
    from jupyspike_engine.build.builder import compilations

    return compilations()
