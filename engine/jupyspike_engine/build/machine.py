"""What the processor of this machine is, as far as it matters to code built for it alone."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import sys
from pathlib import Path

_INSTRUCTIONS = {"flags", "features", "isa", "cpu"}  # x86, ARM and z, RISC-V, POWER
_TELLING = _INSTRUCTIONS | {
    *("vendor_id", "cpu family", "model", "model name", "stepping"),  # x86
    *("cpu implementer", "cpu architecture", "cpu variant", "cpu part", "cpu revision"),  # ARM
    *("uarch", "machine"),  # RISC-V, z
}


@functools.cache
def processor() -> str:
    """Name and instruction sets of the processor, as far as the system tells them: see `known`."""
    return f"{platform.machine()}: {_described()}"


def known() -> bool:
    """Whether equal texts of `processor` mean that code built for one runs on the other."""
    return bool(_described())


def c_library() -> str:
    """The version of the C library: what was linked to a newer one cannot be loaded."""
    with contextlib.suppress(AttributeError, OSError, ValueError):  # other systems have no such number
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    return ""


@functools.cache
def _described() -> str:
    if sys.platform == "linux":
        return linux_processor(Path("/proc/cpuinfo"))
    if sys.platform == "darwin":
        return "; ".join(_sysctl(name) for name in ("machdep.cpu.brand_string", "machdep.cpu.features", "hw.cpufamily"))
    return os.environ.get("PROCESSOR_IDENTIFIER", "")


def linux_processor(cpuinfo: Path) -> str:
    """The lines of the first processor in ``/proc/cpuinfo`` that name its kind and its instruction sets.

    Clock rates and the like are left out: they change from one look to the next. Empty if the instruction sets are not
    told: then nothing says that two processors are alike.
    """
    first = {}
    with contextlib.suppress(OSError), cpuinfo.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if not line.strip():
                break
            first[line.partition(":")[0].strip().lower()] = " ".join(line.split())
    if not _INSTRUCTIONS & first.keys():
        return ""
    return "; ".join(line for name, line in first.items() if name in _TELLING)


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
