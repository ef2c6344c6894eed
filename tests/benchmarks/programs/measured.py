"""How a program hands over what it measured, and the few things that all of them measure."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

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


def _from_status(name: str) -> int:
    """A number of the status of this process, in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def programs_built() -> int:
    """How many programs were built: by this process, or (brian2) how many its cache holds."""
    if os.environ["BENCHMARK_LIBRARY"] == "brian2":
        folder = Path(os.environ["BENCHMARK_PROGRAMS"])
        return sum(len(list(folder.glob(pattern))) for pattern in ("*.so", "*.pyd"))
    from jupyspike_engine.build.builder import compilations

    return compilations()
