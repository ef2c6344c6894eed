"""What the processor of this machine is, as far as it matters to code built for it alone."""

from __future__ import annotations

import functools
import os
import platform
import sys
from pathlib import Path

_TELLING = {
    *("vendor_id", "cpu family", "model", "model name", "stepping", "flags"),  # x86
    *("features", "cpu implementer", "cpu architecture", "cpu variant", "cpu part", "cpu revision"),  # ARM
    *("cpu", "isa", "uarch", "machine"),  # POWER, RISC-V, z
}


@functools.cache
def processor() -> str:
    """Name and instruction sets of the processor; equal texts mean that code built for one runs on the other."""
    return f"{platform.machine()}: {_described()}"


def _described() -> str:
    if sys.platform == "linux":
        return linux_processor(Path("/proc/cpuinfo"))
    if sys.platform == "darwin":
        return "; ".join(_sysctl(name) for name in ("machdep.cpu.brand_string", "machdep.cpu.features", "hw.cpufamily"))
    return os.environ.get("PROCESSOR_IDENTIFIER", "unknown")


def linux_processor(cpuinfo: Path) -> str:
    """The lines of the first processor in ``/proc/cpuinfo`` that name its kind and its instruction sets.

    Clock rates and the like are left out: they change from one look to the next.
    """
    try:
        with cpuinfo.open(encoding="utf-8", errors="replace") as lines:
            first = []
            for line in lines:
                if not line.strip():
                    break
                first.append(" ".join(line.split()))
    except OSError:
        return "unknown"
    return "; ".join(line for line in first if line.partition(":")[0].strip().lower() in _TELLING)


def processor_name() -> str:
    """A name to show to people."""
    return dict(part.split(" : ", 1) for part in processor().split("; ") if " : " in part).get(
        "model name", platform.processor() or platform.machine()
    )


def _sysctl(name: str) -> str:
    import ctypes

    library = ctypes.CDLL(None)
    size = ctypes.c_size_t(0)
    if library.sysctlbyname(name.encode(), None, ctypes.byref(size), None, 0) != 0:
        return ""
    value = ctypes.create_string_buffer(size.value)
    if library.sysctlbyname(name.encode(), value, ctypes.byref(size), None, 0) != 0:
        return ""
    return value.raw.rstrip(b"\0").decode(errors="backslashreplace")
