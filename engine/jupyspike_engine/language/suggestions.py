"""What a name that nobody defined was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache

from ..units import UNITS
from ..units.names import SHORTHANDS

_ABBREVIATIONS = {
    "sec": "second", "secs": "second", "msec": "ms", "msecs": "ms", "millisecond": "ms", "milliseconds": "ms",
    "usec": "us", "nsec": "nsecond", "ns": "nsecond", "millivolt": "mV", "millivolts": "mV", "nanoamp": "nA",
    "picoamp": "pA",
    "nanosiemens": "nS", "micron": "um", "microns": "um", "uv": "uvolt",
}  # fmt: skip
_SYMBOLS = {
    "s": "second", "V": "volt", "A": "amp", "S": "siemens", "F": "farad", "C": "coulomb", "m": "metre", "K": "kelvin",
    "M": "molar", "J": "joule",
}  # fmt: skip
MICRO_SIGNS = str.maketrans("\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}", "uu")
SHORTEST = 4  # letters of a name in which one may be wrong


def unit_meant_by(name: str) -> str:
    """The unit that a name is a misspelling of, or nothing: another case, a usual abbreviation, one letter wrong.

    The first letter is never taken for the wrong one: ``ramp`` is no ``namp``.

    Examples
    --------
    >>> unit_meant_by("msec"), unit_meant_by("Hertz"), unit_meant_by("volts"), unit_meant_by("tau")
    ('ms', 'hertz', 'volt', '')
    """
    if name in UNITS:
        return ""
    spelt = name.translate(MICRO_SIGNS)
    if spelt in UNITS:
        return spelt
    if (meant := _ABBREVIATIONS.get(spelt.lower())) is not None:
        return meant
    if len(spelt) > 1 and (alike := _by_small_letters().get(spelt.lower())):
        return least_changed(spelt, alike)
    if len(name) < SHORTEST:
        return ""
    return next((unit for unit in UNITS if unit[0] == name[0] and one_letter_apart(name, unit)), "")


@cache
def _by_small_letters() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for unit in UNITS:
        if len(unit) > 1:
            found[unit.lower()] = (*found.get(unit.lower(), ()), unit)
    return found


def least_changed(name: str, alike: Iterable[str]) -> str:
    """Of names that differ from a name in the case of letters: a usual unit, else that in which fewest differ.

    >>> least_changed("mv", ["MV", "mV"]), least_changed("TAu", ["tau", "Tau"])
    ('mV', 'Tau')
    """
    return min(alike, key=lambda other: (other not in SHORTHANDS, sum(map(str.__ne__, name, other))))


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter is missing, too many or another one, or two neighbours have changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[same:], other[same:]
    swapped = len(left) > 1 and len(right) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def name_meant_by(name: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` for a name that is not known, among units and the names known in its place; or nothing."""
    candidates = [*dict.fromkeys(known)]
    alike = [candidate for candidate in candidates if candidate.lower() == name.lower()]
    if meant := unit_meant_by(name):
        alike += [meant] if meant.lower() == name.lower() else []
    meant = least_changed(name, alike) if alike else meant
    if not meant:
        close = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
        close = close or difflib.get_close_matches(name, SHORTHANDS, n=1, cutoff=0.75)
        meant = close[0] if close else _SYMBOLS.get(name, "")
    return f"did you mean '{meant}'?" if meant else ""
