"""The brackets behind the unit of an equation: flags, and values such as ``D=0.22*um**2/ms``."""

from __future__ import annotations

import re

from ..diagnostics import Span, nearest
from .expressions import parse_expression, trimmed
from .flags import EXCLUSIVE, FLAGS, SETTINGS, Role
from .splitting import split_at_commas
from .syntax import Expression, Number
from .syntax_errors import syntax_error

Settings = tuple[tuple[str, Expression], ...]
_WORDS = re.compile(r"\s*[A-Za-z][A-Za-z\-_ ]*")
_SETTING = re.compile(r"\s*([A-Za-z]\w*)\s*=(?!=)")
MOST_SHELLS = 50


def read_flags(line: Span, clean: str, unit_from: int, role: Role) -> tuple[tuple[str, ...], Settings, int]:
    """The flags of a line and the values among them, and where its unit ends.

    Raises
    ------
    EquationError
    """
    end = len(clean.rstrip())
    start = _opening(clean, unit_from, end)
    if start is None:
        return (), (), end
    whole = Span(line.source, line.start + start, line.start + end)
    flags: list[str] = []
    settings: dict[str, Expression] = {}
    parts = [trimmed(part) for part in split_at_commas(Span(line.source, whole.start + 1, whole.end - 1))]
    for part in parts:
        if setting := _SETTING.match(part.text):
            _read_setting(part, setting, settings)
        else:
            flags.append(" ".join(part.text.split()))
            _check_flag(flags[-1], role, part if part.text and len(parts) > 1 else whole)
    for one, other in EXCLUSIVE:
        if one in flags and other in flags:
            raise syntax_error(f"the flags '{one}' and '{other}' exclude each other", whole, hint="keep one of them")
    _check_together(flags, settings, role, whole)
    return tuple(flags), tuple(settings.items()), start


def _opening(clean: str, unit_from: int, end: int) -> int | None:
    """Where the brackets of flags begin; brackets at the end may also belong to the unit."""
    if clean[end - 1] != ")":
        return None
    depth = 0
    for place in range(end - 1, unit_from - 1, -1):
        depth += (clean[place] == ")") - (clean[place] == "(")
        if depth == 0:
            first = clean[place + 1 : end - 1].split(",")[0]
            said = not first.strip() or _WORDS.fullmatch(first) or _SETTING.match(first)
            return place if said and not clean[:place].rstrip().endswith(tuple("-+*/(")) else None
    return None


def _check_flag(flag: str, role: Role, place: Span) -> None:
    if flag not in FLAGS:
        if flag in SETTINGS:
            hint = f"give its value, as in {flag}={SETTINGS[flag].example}"
            raise syntax_error(f"'{flag}' is not a flag", place, hint=hint)
        hint = nearest(flag, FLAGS) or f"the flags are: {', '.join(FLAGS)}"
        raise syntax_error(f"'{flag}' is not a flag", place, hint=hint)
    if role not in FLAGS[flag].roles:
        belongs = " or ".join(FLAGS[flag].roles)
        raise syntax_error(f"the flag '{flag}' belongs to a {belongs}, not to a {role}", place)


def _read_setting(part: Span, match: re.Match[str], settings: dict[str, Expression]) -> None:
    name = match[1]
    place = Span(part.source, part.start + match.start(1), part.start + match.end(1))
    if name not in SETTINGS:
        hint = nearest(name, SETTINGS) or f"the values are: {', '.join(SETTINGS)}"
        raise syntax_error(f"'{name}' is not a value of a flag", place, hint=hint)
    if name in settings:
        raise syntax_error(f"'{name}' is given twice", place, hint="keep one of them")
    settings[name] = value = parse_expression(Span(part.source, part.start + match.end(), part.end))
    if name == "shells":
        whole = isinstance(value, Number) and isinstance(value.value, int) and not isinstance(value.value, bool)
        assert value.span is not None
        if not whole or not 1 <= value.value <= MOST_SHELLS:  # type: ignore[union-attr]  # a number, by then
            expected = f"1 to {MOST_SHELLS}, as in shells=4"
            raise syntax_error(
                "the number of shells is a whole number, written out",
                value.span,
                found=f"'{value.span.text}'",
                expected=expected,
            )


def _check_together(flags: list[str], settings: dict[str, Expression], role: Role, whole: Span) -> None:
    """Check that flags have the values that they need, and values their flags."""
    for row in SETTINGS.values():
        if row.needed and row.flag in flags and row.name not in settings:
            expected = f"{row.about}, as in ({row.flag}, {row.name}={row.example})"
            raise syntax_error(f"the flag '{row.flag}' needs a value '{row.name}'", whole, expected=expected)
        if row.flag and row.name in settings and row.flag not in flags:
            hint = f"({row.flag}, {row.name}={row.example})"
            raise syntax_error(f"'{row.name}' belongs to the flag '{row.flag}'", whole, hint=hint)
    if settings and role == "subexpression":
        name = next(iter(settings))
        raise syntax_error(f"'{name}' belongs to a differential equation or parameter, not to a {role}", whole)
