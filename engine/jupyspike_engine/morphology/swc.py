"""The SWC format: a point in each line, as index, type, x, y, z, radius and parent.

R. C. Cannon et al., An on-line archive of reconstructed hippocampal neurons, J. Neurosci. Methods 84 (1998) 49-54.
"""

from __future__ import annotations

import math
import re

from .points import SOMA, Point, Tracing

COLUMNS = ("index", "type", "x", "y", "z", "radius", "parent")
TYPES = {0: "undefined", 1: SOMA, 2: "axon", 3: "dend", 4: "apic"}
_FIELD = re.compile(r"[^\s,;]+")
_WORDS = re.compile(r"[A-Za-z_]\w*")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def type_name(number: int) -> str:
    """The name of a type; numbers without one are kept as customN."""
    return TYPES.get(number, f"custom{number}")


def swc_tracing(text: str, title: str) -> Tracing:
    """Read the points of a text; what is wrong in it is collected, line by line."""
    tracing = Tracing(text.replace("\r\n", "\n").replace("\r", "\n"), title)
    for number, line in enumerate(tracing.source.text.split("\n"), 1):
        data = line.split("#", 1)[0]
        if not data or data.isspace():
            continue
        _read_line(tracing, number, data)
    return tracing


def _read_line(tracing: Tracing, number: int, data: str) -> None:
    fields = data.split()
    if "," in data or ";" in data:
        if len(fields) >= 7 and any("," in field.strip(",;") for field in fields):
            tracing.refuse("a number has a comma in it", number, expected="a point in front of decimals, as in 0.5")
            return
        fields = _FIELD.findall(data)
        tracing.repairs.add("commas", number, "values are separated by commas or semicolons", "read like spaces")
    if not tracing.points and len(fields) >= 6 and all(_WORDS.fullmatch(field) for field in fields):
        tracing.repairs.add("header", number, "names of columns without a #", "taken as a comment")
        return
    if len(fields) < 7:
        _refuse_count(tracing, number, fields, data)
        return
    if len(fields) > 7:
        tracing.repairs.add("more", number, f"{len(fields)} values in a line", "those after the seventh are left out")
    index, kind, parent = (_integer(tracing, number, data, fields, k) for k in (0, 1, 6))
    x, y, z, radius = (_real(tracing, number, data, fields, k) for k in (2, 3, 4, 5))
    if index is None or kind is None or parent is None or x is None or y is None or z is None or radius is None:
        return
    if index < 0:
        _refuse(tracing, number, data, 0, "an index is not negative", fields[0], "0 or more")
    elif kind < 0:
        _refuse(tracing, number, data, 1, "a type is not negative", fields[1], "1: soma, 2: axon, 3: dendrite, ...")
    elif radius < 0:
        _refuse(tracing, number, data, 5, "the radius is negative", fields[5], "a radius above zero")
    else:
        tracing.points.append(Point(index, type_name(kind), x, y, z, radius, parent, number))


def _refuse_count(tracing: Tracing, number: int, fields: list[str], data: str) -> None:
    signs = {"//": 2, "%": 1, "!": 1, ";": 1, "/*": 2, "*": 1, "--": 2, "(": 1}
    sign = next((sign for sign in signs if data.lstrip().startswith(sign)), None)
    words = sum(bool(_WORDS.fullmatch(field)) for field in fields)
    hint = "comments begin with #" if sign or words > len(fields) / 2 else ""
    tracing.refuse(
        "this is not a point", number, found=f"{len(fields)} value{'s' if len(fields) > 1 else ''}",
        expected=f"seven: {', '.join(COLUMNS)}", hint=hint,
    )  # fmt: skip


def _integer(tracing: Tracing, number: int, data: str, fields: list[str], column: int) -> int | None:
    field = fields[column]
    try:
        if "_" not in field:
            return int(field)
    except ValueError:
        pass
    if _NUMBER.fullmatch(field) and math.isfinite(float(field)) and float(field) == int(float(field)):
        found = f"'{field}' as {COLUMNS[column]}"
        tracing.repairs.add("integer", number, found, "read as a whole number")
        return int(float(field))
    _refuse(tracing, number, data, column, f"the {COLUMNS[column]} is not a whole number", field, "such as 1")
    return None


def _real(tracing: Tracing, number: int, data: str, fields: list[str], column: int) -> float | None:
    field = fields[column]
    try:
        value = float(field)
        if math.isfinite(value) and "_" not in field:
            return value
    except ValueError:
        pass
    what = COLUMNS[column] if column == 5 else f"coordinate {COLUMNS[column]}"
    _refuse(tracing, number, data, column, f"the {what} is not a finite number", field, "such as 1.5")
    return None


def _refuse(tracing: Tracing, number: int, data: str, column: int, message: str, found: str, expected: str) -> None:
    place = list(_FIELD.finditer(data))[column]
    tracing.refuse(message, number, place.start(), place.end(), found=f"'{found}'", expected=expected)
