"""Trees from files and from points."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, MissingFileError
from ..units import METRE, in_base_units
from .growing import MICROMETRE, grown
from .morphology import Morphology
from .neurolucida import asc_tracing
from .neuroml import neuroml_tracing
from .points import Point, Tracing
from .swc import swc_tracing, type_name

FORMATS: dict[str, Callable[[Path], Tracing]] = {
    ".swc": lambda path: swc_tracing(_text(path), path.name),
    ".asc": asc_tracing,
    ".nml": neuroml_tracing,
}


def from_file(filename: str | PathLike[str], spherical_soma: bool, unit: Any, from_centre: bool) -> Morphology:
    """See `Morphology.from_file`."""
    path = _existing(filename)
    ending = path.suffix.lower()
    read = FORMATS.get(ending)
    if read is None:
        raise ArgumentError(
            f"'{path.name}' has an ending that tells no format", found=path.suffix or "no ending",
            expected=", ".join(FORMATS), hint="Morphology.from_swc_file() reads a SWC file of any name",
        )  # fmt: skip
    if ending == ".swc":
        return from_swc_file(path, spherical_soma, unit, from_centre)
    if unit is not None:
        raise ArgumentError("files of this format are in micrometres", found=f"unit={unit}", hint="leave it out")
    return grown(read(path), spherical_soma, from_centre)


def from_swc_file(filename: str | PathLike[str], spherical_soma: bool, unit: Any, from_centre: bool) -> Morphology:
    """See `Morphology.from_swc_file`."""
    path = _existing(filename)
    scale = MICROMETRE if unit is None else float(in_base_units(unit, METRE, "argument 'unit'"))
    if not (math.isfinite(scale) and scale > 0):
        raise ArgumentError("'unit' is a length above zero", found=str(unit), expected="such as umetre or nmetre")
    return grown(swc_tracing(_text(path), path.name), spherical_soma, from_centre, scale, check_unit=unit is None)


def from_points(points: Iterable[Any], spherical_soma: bool) -> Morphology:
    """See `Morphology.from_points`."""
    rows = [tuple(point) if isinstance(point, (tuple, list, np.ndarray)) else (point,) for point in points]
    tracing = Tracing("\n".join(" ".join(str(value) for value in row) for row in rows), "points", "point")
    for number, row in enumerate(rows, 1):
        point = _point(tracing, number, row)
        if point is not None:
            tracing.points.append(point)
    return grown(tracing, spherical_soma, from_centre=True)


def _point(tracing: Tracing, line: int, row: tuple[Any, ...]) -> Point | None:
    columns = "index, type, x, y, z, diameter, parent"
    if len(row) != 7:
        tracing.refuse("a point has seven values", line, found=str(len(row)), expected=columns)
        return None
    index, kind, *numbers, parent = row
    try:
        x, y, z, diameter = (float(number) for number in numbers)
        whole = int(index), int(parent)
        kind = kind if isinstance(kind, str) else type_name(int(kind))
    except (TypeError, ValueError, OverflowError):
        tracing.refuse("the values of a point are numbers", line, found=repr(row), expected=columns)
        return None
    if whole != (index, parent) or not all(math.isfinite(number) for number in (x, y, z, diameter)):
        tracing.refuse("a value makes no sense", line, found=repr(row), expected="whole and finite numbers")
    elif diameter < 0:
        tracing.refuse("the diameter is negative", line, found=f"{diameter:g}", expected="a diameter above zero")
    elif not kind.isidentifier():
        tracing.refuse("the type cannot be the name of a section", line, found=repr(kind), expected="such as 'axon'")
    else:
        return Point(*whole[:1], kind, x, y, z, diameter / 2, whole[1], line)
    return None


def _existing(filename: str | PathLike[str]) -> Path:
    path = Path(filename)
    if path.is_dir():
        raise ArgumentError(f"'{path}' is a folder", expected="a file with the shape of one cell")
    if not path.exists():
        near = sorted(other.name for other in path.parent.glob(f"*{path.suffix}"))[:5] if path.parent.is_dir() else []
        hint = f"in that folder: {', '.join(near)}" if near else f"the working folder is {Path.cwd()}"
        raise MissingFileError(f"there is no file '{path}'", hint=hint)
    return path


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingFileError(f"'{path}' cannot be read: {error.strerror}") from None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data[:2] == b"\x1f\x8b":
        raise ArgumentError(f"'{path.name}' is compressed", hint=f"gunzip {path.name}")
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise ArgumentError(
            f"'{path.name}' is not a text: there is a zero byte in line {line}", expected="a text of points",
            hint="if it was copied, copy it again",
        )  # fmt: skip
    text = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:  # names in comments, in an older encoding
        return text.decode("latin-1")
