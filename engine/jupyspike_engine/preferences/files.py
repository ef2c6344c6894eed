"""Files of preferences: lines ``name = value``, where ``[section]`` goes before the names that follow."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..diagnostics import Diagnostic, Problems, Source, Span, UserError
from ..units import UNITS

_LINE = re.compile(r"\s*(?:\[\s*(?P<section>[\w.]+)\s*\]|(?P<name>[\w.]+)\s*=\s*(?P<value>.*?))\s*(?:#.*)?$")
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_TYPES = {name: getattr(np, name) for name in ("float32", "float64", "int32", "int64")}


@dataclass(frozen=True)
class Entry:
    """A preference in a file, and where it stands."""

    name: str
    value: Any
    place: Span


def files_of(home: Path, directory: Path) -> tuple[Path, ...]:
    """The files that are read by themselves; what a later one says wins."""
    return (
        home / ".brian" / "user_preferences",
        home / ".jupyspike" / "preferences",
        directory / "brian_preferences",
        directory / "jupyspike_preferences",
    )


def entries(source: Source, problems: Problems) -> Iterator[Entry]:
    """The preferences of a file; lines that cannot be understood are added to the problems."""
    section, start = "", 0
    for line in source.text.splitlines(keepends=True):
        content = line.rstrip()
        place = Span(source, start + len(content) - len(content.lstrip()), start + len(content))
        start += len(line)
        if not content.strip() or content.lstrip().startswith("#"):
            continue
        head, equals, rest = content.partition("=")
        match = _LINE.match(content) if not equals else _LINE.match(f"{head}= 0")
        if match is None:
            expected = "a line 'name = value', or '[section]'"
            problems.add("this is not a preference", place, "syntax", expected=expected)
        elif match["section"]:
            section = match["section"] + "."
        elif not equals:
            problems.add("the value is missing", place, "syntax", expected=f"{content.strip()} = value")
        else:
            try:
                value = value_of(rest.strip())
            except (ValueError, TypeError, UserError) as problem:
                hint = "texts stand in quotes" if re.fullmatch(r"\w+", rest.strip()) else str(problem)
                problems.add("the value cannot be read", place, "value", hint=hint)
            else:
                yield Entry(section + match["name"], value, place)


def value_of(text: str) -> Any:
    """The value that a text means: a Python literal, a quantity such as ``0.5*ms``, or a type such as ``float32``.

    Raises
    ------
    ValueError, TypeError
        It is none of these.

    Examples
    --------
    >>> value_of("[1, 'two', 3*mV]")
    [1, 'two', 3. * mvolt]
    """
    try:
        return _value(ast.parse(text, mode="eval").body)
    except SyntaxError:
        raise ValueError("write a number, a text in quotes, a list or a quantity") from None


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Name(id=name) if name in _TYPES or name in UNITS:
            return _TYPES.get(name) or UNITS[name]
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name) if name in _TYPES:
            return _TYPES[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left), _value(right))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.List(elts=items):
            return [_value(item) for item in items]
        case ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Constant(value=value):
            return value
    return ast.literal_eval(node)


def read(path: Path) -> Source | None:
    """The text of a file; None when there is none, or none that this user may read."""
    try:
        return Source(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError):
        return None


def unknown(entry: Entry, hint: str) -> Diagnostic:
    return Diagnostic(f"there is no preference {entry.name}", entry.place, "name", hint=hint)
