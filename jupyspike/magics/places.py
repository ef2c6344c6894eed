"""Where the cursor stands in a cell: what may be written there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from jupyspike.magics.grammar import KEY, cell_lines
from jupyspike.magics.keys import KEYS
from jupyspike_engine.diagnostics import Source, Span
from jupyspike_engine.language.flags import Role
from jupyspike_engine.language.lines import NAME, START
from jupyspike_engine.language.splitting import without_comments

Kind = Literal[
    "nothing", "option", "group", "line", "expression", "statement", "unit", "flag", "method", "argument", "event",
    "range",
]  # fmt: skip

CELL = re.compile(r"\s*(?P<magic>%%(?:neurons|synapses))(?![\w?])(?P<line>[^\n]*)\n?")
_WORD_BEFORE, _WORD_AFTER = re.compile(r"(?:[^\W\d]\w*)?\Z"), re.compile(r"\w*")
_OPTION = re.compile(r"(?<!\S)--?[\w-]*\Z")
_OPTION_VALUE = re.compile(r"(?<!\S)(--?[\w-]+)[\s=]+\S*\Z")
_FLAGS = re.compile(r"[\w)]\s*\((?:[^()]*,)?\s*(?P<flag>[A-Za-z -]*)$")
_OPTION_AFTER = re.compile(r"[\w-]*")
_FLAG_AFTER = re.compile(r"[A-Za-z -]*")
_AFTER_NUMBER = re.compile(r"(?:\d|\d\.|\de[-+]?\d+)\s*\*\s*$")
_AFTER_VALUE = re.compile(r"[\w)\]]\s+$")
_ASSIGNED = re.compile(r"[-+*/%]?=(?!=)|//=|\*\*=")


@dataclass(frozen=True)
class Place:
    """A place in a cell.

    Attributes
    ----------
    magic : str
        ``%%neurons`` or ``%%synapses``.
    kind : str
        What may be written there.
    before, word : str
        What stands of a word before the cursor, and the whole word.
    key : str
        The reserved key whose value it is in.
    role : str or None
        What the equation is that it is in.
    after_number : bool
        Whether a unit is to be expected, as behind ``20*``.
    """

    magic: str
    kind: Kind
    before: str
    word: str
    key: str = ""
    role: Role | None = None
    after_number: bool = False


def read_place(text: str, offset: int) -> Place | None:
    """The place of the cursor in a cell; None if the text is another kind of cell.

    Examples
    --------
    >>> read_place("%%neurons exc\\ndv/dt = -v/tau : vo", 34).kind
    'unit'
    """
    cell = CELL.match(text)
    if cell is None or offset < cell.end("magic"):
        return None
    before = text[:offset]
    start = _found(_WORD_BEFORE.search(before))
    place = Place(cell["magic"], "nothing", start, start + _found(_WORD_AFTER.match(text, offset)))
    if "#" in before.rsplit("\n", 1)[-1]:
        return place
    if offset <= cell.end("line"):
        return _in_head(place, text[cell.end("magic") : offset], text[offset : cell.end("line")])
    return _in_body(place, before[cell.end() :], text[offset:])


def _found(match: re.Match[str] | None) -> str:
    return match[0] if match else ""


def _in_head(place: Place, before: str, after: str) -> Place:
    """The place in the first line of a cell, behind the magic."""
    if option := _OPTION.search(before):
        return replace(place, kind="option", before=option[0], word=option[0] + _found(_OPTION_AFTER.match(after)))
    inside = before[: len(before) - len(place.before)]
    option = _OPTION_VALUE.search(inside)
    if option and option[1] == "--method":
        return replace(place, kind="method")
    if option and option[1] != "--name":
        return _in_expression(place, inside)
    words = inside.replace("->", " -> ").split()
    if place.magic == "%%synapses" and (not words or words[-1] == "->"):
        return replace(place, kind="group")
    return replace(place, kind="option") if words and inside[-1:].isspace() else place


def _in_body(place: Place, before: str, after: str) -> Place:
    """The place between what stands of the body of a cell before the cursor and behind it."""
    line = before.rsplit("\n", 1)[-1]
    if not line:
        return replace(place, kind="line")
    body = Span(Source(before, ""), 0, len(before))
    stretch = next((last.text for last in cell_lines(body)[-1:] if last.end == body.end), line)
    clean = without_comments(stretch)
    inside = clean[: len(clean) - len(place.before)]
    if (key := KEY.match(clean)) and key[1] in KEYS:
        return _in_value(place, key[1], inside[key.end() :])
    if (start := START.match(clean)) is None:
        return replace(place, kind="expression" if inside.strip() else "line")
    role: Role = "differential equation" if start["x"] else "subexpression"
    if start["sign"] == ":":
        return _behind_colon(place, inside[start.end() :], after, "parameter")
    expression, colon, unit = inside[start.end() :].partition(":")
    if colon:
        return _behind_colon(place, unit, after, role)
    return _in_expression(place, expression, ranged=role == "subexpression")


def _behind_colon(place: Place, inside: str, after: str, role: Role) -> Place:
    """The place behind the colon of an equation: its unit, then its flags."""
    if flags := _FLAGS.search(inside + place.before):
        word = flags["flag"] + _found(_FLAG_AFTER.match(after))
        return replace(place, kind="flag", before=flags["flag"], word=word, role=role)
    return replace(place, kind="unit" if not inside.strip() or inside.rstrip()[-1] in "*/(" else "nothing", role=role)


def _in_value(place: Place, key: str, inside: str) -> Place:
    """The place in the value of a reserved key."""
    if key == "method":
        return replace(place, kind="method", key=key)
    if key == "on_event":
        return replace(place, kind="event", key=key)
    if key == "connect" and (not inside.strip() or inside.rstrip().endswith(",")):
        return replace(place, kind="argument", key=key)
    part = re.split(r"[;\n]", inside)[-1]
    if KEYS[key].value == "statements" and not _ASSIGNED.search(part):
        return replace(place, kind="statement" if not part.strip() else "nothing", key=key)
    if key == "events" and not re.match(rf"\s*{NAME}\s*:", part):
        return replace(place, kind="nothing", key=key)
    return replace(_in_expression(place, part), key=key)


def _in_expression(place: Place, inside: str, ranged: bool = False) -> Place:
    """The place in an expression; behind the value of a constant, its range may follow."""
    if ranged and _AFTER_VALUE.search(inside):
        return replace(place, kind="range")
    return replace(place, kind="expression", after_number=bool(_AFTER_NUMBER.search(inside)))
