"""Texts that name the other end of connections: ``EXPR [if COND]`` and ``EXPR for VAR in RANGE [if COND]``.

RANGE is ``range(...)`` as in Python, or ``sample(...)``: of the numbers of such a range each with probability ``p``, or
``size`` of them, none twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..diagnostics import Diagnostic, EquationSyntaxError, Problems, Source, Span, nearest
from .expressions import check_brackets, parse_expression, trimmed
from .functions import FUNCTIONS
from .model import Text
from .syntax import Expression, Number
from .syntax_errors import syntax_error

FORM = "EXPR for VAR in RANGE if CONDITION"
RANGES = "range(first, end, step), sample(N, p=0.1) or sample(N, size=10)"
_TOKEN = re.compile(r"#[^\n]*|'[^'\n]*'|\"[^\"\n]*\"|[A-Za-z_]\w*|\d[\w.]*|.", re.ASCII | re.DOTALL)
_CALL = re.compile(r"\s*([A-Za-z_]\w*)\s*\((.*)\)\s*", re.DOTALL)
_KEYWORD = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)")


@dataclass(frozen=True, slots=True)
class Loop:
    """What a variable runs through; at most one of ``p`` and ``size`` is given."""

    variable: str
    start: Expression
    stop: Expression
    step: Expression
    p: Expression | None
    size: Expression | None


@dataclass(frozen=True, slots=True)
class Generator:
    """The neurons that one neuron is connected with."""

    value: Expression
    loop: Loop | None
    condition: Expression | None


def read_generator(text: Text, title: str) -> Generator:
    """Parse a text for ``i`` or ``j`` of connections, named ``title`` in messages.

    Raises
    ------
    EquationError
        With the places of all that cannot be understood.

    Examples
    --------
    >>> read_generator("k for k in range(3) if k != i", "j").loop.variable
    'k'
    """
    span = text if isinstance(text, Span) else Span(Source(text, title), 0, len(text))
    check_brackets(span)
    words = {word: places for word in ("for", "in", "if") if (places := list(_outer(span, word)))}
    loops, conditions = words.get("for", []), words.get("if", [])
    if len(loops) > 1:
        raise syntax_error("there is more than one 'for'", loops[1], expected=FORM)
    if not loops:
        value, *rest = _cut(span, conditions[:1])
        return _parsed(value, None, rest, span)
    insides = [place for place in words.get("in", []) if place.start > loops[0].end]
    if not insides:
        raise syntax_error("'for' without 'in'", loops[0], expected=FORM)
    behind = [place for place in conditions if place.start > insides[0].end]
    if early := [place for place in conditions if place.start < insides[0].start]:
        raise syntax_error("a condition comes last", early[0], expected=FORM)
    value, variable, numbers, *rest = _cut(span, [loops[0], insides[0], *behind[:1]])
    return _parsed(value, (variable, numbers), rest, span)


def _parsed(value: Span, loop: tuple[Span, Span] | None, condition: list[Span], span: Span) -> Generator:
    problems = Problems()
    trees: list[Expression] = []
    loops: list[Loop] = []
    for piece in (value, *condition):
        with problems.collecting(trimmed(span)):
            trees.append(parse_expression(piece))
    if loop is not None:
        with problems.collecting():
            loops.append(_loop(*loop))
    problems.raise_if_any()
    return Generator(trees[0], loops[0] if loops else None, trees[1] if condition else None)


def _outer(span: Span, word: str) -> Iterator[Span]:
    """The places of a word outside brackets and comments."""
    depth = 0
    for match in _TOKEN.finditer(span.text):
        depth += (match[0] in "([{") - (match[0] in ")]}") if len(match[0]) == 1 else 0
        if depth == 0 and match[0] == word:
            yield Span(span.source, span.start + match.start(), span.start + match.end())


def _cut(span: Span, words: list[Span]) -> list[Span]:
    """What stands before, between and behind words."""
    starts, ends = [span.start, *(word.end for word in words)], [*(word.start for word in words), span.end]
    return [Span(span.source, start, end) for start, end in zip(starts, ends, strict=True)]


def _loop(variable: Span, numbers: Span) -> Loop:
    variable, numbers = trimmed(variable), trimmed(numbers)
    if not variable.text.isidentifier() or variable.text in FUNCTIONS:
        raise syntax_error("this is not the name of a variable", variable, expected=FORM)
    match = _CALL.fullmatch(numbers.text)
    if match is None or match[1] not in ("range", "sample"):
        hint = nearest(match[1], ("range", "sample")) if match else ""
        raise syntax_error("this is not a range of numbers", numbers, expected=RANGES, hint=hint)
    inside = Span(numbers.source, numbers.start + match.start(2), numbers.start + match.end(2))
    bounds, named = _arguments(inside, match[1])
    if not 1 <= len(bounds) <= 3:
        found = f"{len(bounds) or 'none'}"
        raise syntax_error(f"{match[1]}() takes 1 to 3 numbers: first, end, step", numbers, found=found)
    if match[1] == "sample" and len(named) != 1:
        found = "both" if named else "none of them"
        raise syntax_error("sample() needs either p= or size=", numbers, found=found, expected=RANGES)
    start, stop = (Number(0, numbers), bounds[0]) if len(bounds) == 1 else bounds[:2]
    step = bounds[2] if len(bounds) == 3 else Number(1, numbers)
    return Loop(variable.text, start, stop, step, named.get("p"), named.get("size"))


def _arguments(inside: Span, function: str) -> tuple[list[Expression], dict[str, Expression]]:
    """Arguments by their order, and those with a name."""
    problems = Problems()
    bounds: list[Expression] = []
    named: dict[str, Expression] = {}
    pieces = _cut(inside, list(_outer(inside, ","))) if inside.text.strip() else []
    for piece in pieces:
        with problems.collecting():
            match = _KEYWORD.match(piece.text)
            if match is None:
                bounds.append(parse_expression(piece))
                continue
            known = ("p", "size") if function == "sample" else ()
            if match[1] not in known or match[1] in named:
                what = "is given twice" if match[1] in named else f"is not an argument of {function}()"
                raise EquationSyntaxError(Diagnostic(f"'{match[1]}' {what}", trimmed(piece), "syntax", expected=RANGES))
            named[match[1]] = parse_expression(Span(piece.source, piece.start + match.end(), piece.end))
    problems.raise_if_any()
    return bounds, named
