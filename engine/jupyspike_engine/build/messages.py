"""What a compiler says, read as errors with the line they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass

_GNU = re.compile(r"^(?P<file>.+?):(?P<line>\d+):(?:\d+:)? (?:fatal |internal compiler )?error: (?P<message>.*)$")
_MSVC = re.compile(r"^(?P<file>.+?)\((?P<line>\d+)(?:,\d+)?\)\s*: (?:fatal )?error ?(?P<message>.*)$")
_ELSEWHERE = re.compile(r"^(?P<program>[^\s:]+)\s*: (?:fatal |internal compiler )?error:? (?P<message>.*)$")
_UNDEFINED = re.compile(r"^.*: (?P<message>undefined reference to .*)$")
_LINKER = re.compile(r"^(?:\S*/)?(?:ld|ld\.\w+|lld|\w+-ld): (?P<message>.*[^:])$")


@dataclass(frozen=True)
class Complaint:
    """One error of a compiler: the file and the line (from 1) it is about, if any."""

    message: str
    file: str = ""
    line: int | None = None


def complaints(log: str) -> tuple[Complaint, ...]:
    """The errors in what gcc, clang, clang-cl or cl said, each once, in their order."""
    found = [complaint for line in log.splitlines() if (complaint := _complaint(line.strip()))]
    precise = [complaint for complaint in found if complaint.line is not None or "linker" not in complaint.message]
    return tuple(dict.fromkeys(precise or found))


def _complaint(line: str) -> Complaint | None:
    if match := _GNU.match(line) or _MSVC.match(line):
        return Complaint(match["message"].removeprefix(": "), match["file"], int(match["line"]))
    if match := _UNDEFINED.match(line) or _LINKER.match(line):
        return Complaint(match["message"])
    if match := _ELSEWHERE.match(line):
        if match["program"] == "collect2":  # repeats that the linker failed
            return None
        return Complaint(match["message"])
    return None
