"""The grammar of ``%%neurons`` and ``%%synapses`` cells: from the text of a cell to its parts, each with its place.

A cell has four kinds of lines: equations (see `jupyspike_engine.language.equations`), constants ``x = value`` with an
optional range ``in [low, high] step s``, reserved keys ``key: value`` whose value may go on in indented lines, and
comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from jupyspike_engine.diagnostics import Problems, Source, Span, UserError, nearest
from jupyspike_engine.language.equations import (
    Definition,
    Equations,
    check_name,
    logical_lines,
    parse_definition,
    without_comments,
)
from jupyspike_engine.language.expressions import check_brackets, parse_expression, trimmed
from jupyspike_engine.language.syntax import Expression
from jupyspike_engine.language.syntax_errors import syntax_error

NEURON_KEYS = ("threshold", "reset", "refractory", "method", "initial", "events", "order")
SYNAPSE_KEYS = ("on_pre", "on_post", "on_event", "connect", "delay", "method", "initial", "order")
KEYS = tuple(dict.fromkeys((*NEURON_KEYS, *SYNAPSE_KEYS)))

_KEY = re.compile(r"[ \t]*([A-Za-z_]\w*)[ \t]*:(?!=)")
_CONSTANT = re.compile(r"[ \t]*([A-Za-z_]\w*)[ \t]*=(?!=)")
_RANGE = re.compile(r"(?<!\w)in\s*\[")
_STEP = re.compile(r"\s*step(?!\w)")


@dataclass(frozen=True)
class Bounds:
    """``in [low, high] step s``."""

    low: Expression
    high: Expression
    step: Expression | None
    span: Span


@dataclass(frozen=True)
class Constant:
    """``name = value in [low, high] step s``."""

    name: str
    value: Expression
    bounds: Bounds | None
    name_span: Span


@dataclass
class Cell:
    """A cell taken apart: its first line, equations, constants and the values of reserved keys."""

    source: Source
    head: Span
    body: Span
    definitions: list[Definition] = field(default_factory=list)
    constants: list[Constant] = field(default_factory=list)
    keys: dict[str, Span] = field(default_factory=dict)

    @property
    def equations(self) -> Equations:
        return Equations(tuple(self.definitions))


def read_cell(magic: str, line: str, body: str, keys: Iterable[str]) -> Cell:
    """Take a cell apart.

    Parameters
    ----------
    magic : str
        ``%%neurons`` or ``%%synapses``.
    line, body : str
        The rest of its first line, and what follows.
    keys : iterable of str
        The reserved keys that it may have.

    Raises
    ------
    UserError
        With all problems of the cell at their places.
    """
    first = f"{magic} {line}".rstrip()
    source = Source(f"{first}\n{body}", first.split(" -")[0])
    cell = Cell(source, Span(source, 0, len(first)), Span(source, len(first) + 1, len(source.text)))
    problems = Problems()
    if not without_comments(body).strip():
        hint = "dv/dt = -v/(10*ms) : volt" if magic == "%%neurons" else "on_pre: v += 1*mV"
        problems.add("the cell is empty", cell.head, expected=f"equations and keys, for example  {hint}")
    for stretch in _lines(cell.body):
        try:
            _read_line(cell, stretch, tuple(keys), problems)
        except UserError as error:
            problems.extend(error)
    _check_duplicates(cell, problems)
    problems.raise_if_any()
    return cell


def _lines(body: Span) -> list[Span]:
    """The logical lines: equations as they wrap, reserved keys with their indented lines."""
    lines: list[Span] = []
    pending: Span | None = None  # neighbouring lines that are no keys
    key_indent: int | None = None  # of the key whose value may go on
    offset = body.start
    for text in body.text.split("\n"):
        here = Span(body.source, offset, offset + len(text))
        offset += len(text) + 1
        match = _KEY.match(without_comments(text))
        indent = len(text) - len(text.lstrip())
        if match and match[1] in KEYS and (key_indent is None or indent <= key_indent):
            lines += logical_lines(pending) if pending else []
            pending, key_indent = None, indent
            lines.append(here)
        elif key_indent is not None and (indent > key_indent or text.lstrip()[:1] in ("", "#") or _open(lines[-1])):
            lines[-1] = lines[-1].to(here)
        else:
            key_indent = None
            pending = here if pending is None else pending.to(here)
    return lines + (logical_lines(pending) if pending else [])


def _open(key: Span) -> bool:
    """Whether a value goes on because a bracket is open."""
    clean = without_comments(key.text)
    return sum(map(clean.count, "([{")) > sum(map(clean.count, ")]}"))


def _read_line(cell: Cell, line: Span, keys: tuple[str, ...], problems: Problems) -> None:
    clean = without_comments(line.text)
    if (key := _KEY.match(clean)) and key[1] in KEYS:
        _read_key(cell, line, key, keys, problems)
    elif (match := _CONSTANT.match(clean)) and ":" not in clean[match.end() :]:
        cell.constants.append(_constant(line, clean, match))
    else:
        try:
            cell.definitions.append(parse_definition(line))
        except UserError:
            close = nearest(key[1], keys) if key else ""
            if not key or not close:
                raise
            name = Span(line.source, line.start + key.start(1), line.start + key.end(1))
            raise syntax_error(f"'{key[1]}' is not a key of this cell", name, hint=close) from None


def _read_key(cell: Cell, line: Span, match: re.Match[str], keys: tuple[str, ...], problems: Problems) -> None:
    key = match[1]
    place = Span(line.source, line.start + match.start(1), line.start + match.end(1))
    if key not in keys:
        where = "%%synapses" if key in SYNAPSE_KEYS else "%%neurons"
        problems.add(f"'{key}' belongs to a {where} cell", place, hint=f"the keys here are: {', '.join(keys)}")
        return
    if key in cell.keys:
        problems.add(f"'{key}' is given twice", place, hint="put both into one")
        return
    value = trimmed(Span(line.source, line.start + match.end(), line.end))
    if not without_comments(value.text).strip():
        problems.add(f"the value of '{key}' is missing", place)
        return
    cell.keys[key] = value


def _constant(line: Span, clean: str, match: re.Match[str]) -> Constant:
    check_brackets(line)
    name = Span(line.source, line.start + match.start(1), line.start + match.end(1))
    check_name(match[1], name)
    ranged = _RANGE.search(clean, match.end())
    end = ranged.start() if ranged else len(clean)
    value = parse_expression(Span(line.source, line.start + match.end(), line.start + end))
    return Constant(match[1], value, _bounds(line, clean, ranged) if ranged else None, name)


def _bounds(line: Span, clean: str, ranged: re.Match[str]) -> Bounds:
    def part(start: int, end: int) -> Span:
        return Span(line.source, line.start + start, line.start + end)

    close = clean.find("]", ranged.end())
    whole = part(ranged.start(), len(clean.rstrip()))
    comma = clean.find(",", ranged.end(), close)
    if comma < 0:
        raise syntax_error("a range has two ends", whole, expected="in [low, high]")
    low, high = part(ranged.end(), comma), part(comma + 1, close)
    rest = part(close + 1, len(clean.rstrip()))
    step = _STEP.match(rest.text)
    if step is None and rest.text.strip():
        raise syntax_error("this does not belong to a range", trimmed(rest), expected="in [low, high] step s")
    bounds = parse_expression(low), parse_expression(high)
    after = parse_expression(part(close + 1 + step.end(), len(clean.rstrip()))) if step else None
    return Bounds(*bounds, after, whole)


def _check_duplicates(cell: Cell, problems: Problems) -> None:
    seen: dict[str, Span] = {}
    named = [(d.name, d.name_span) for d in cell.definitions] + [(c.name, c.name_span) for c in cell.constants]
    for name, span in sorted(named, key=lambda item: item[1].start):
        if name in seen:
            first = f"the first definition is in line {seen[name].line}"
            problems.add(f"'{name}' is defined twice", span, "name", found=first, hint="remove or rename one of them")
        seen.setdefault(name, span)


def split_at_commas(span: Span) -> list[Span]:
    """The parts of a text between commas outside brackets and quotes, without comments."""
    parts: list[Span] = []
    depth, start, quote = 0, span.start, ""
    for offset, char in enumerate(without_comments(span.text), span.start):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0 and not quote:
            parts.append(Span(span.source, start, offset))
            start = offset + 1
    parts.append(Span(span.source, start, span.end))
    return [trimmed(part) for part in parts]
