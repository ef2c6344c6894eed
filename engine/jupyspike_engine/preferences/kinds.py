"""The kinds of values that preferences have: each makes the preference of a default and a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..diagnostics import nearest
from .preference import BrianPreference


def switch(default: bool, docs: str) -> BrianPreference:
    """Yes or no."""
    return BrianPreference(default, docs, expected="True or False")


def one_of(default: str, choices: Sequence[str], docs: str, names: dict[str, str] | None = None) -> BrianPreference:
    """One of some words; ``names`` are those of classes that may be given for a word."""

    def convert(value: Any) -> str:
        if isinstance(value, type):
            value = (names or {}).get(value.__name__, value)
        if not isinstance(value, str) or value not in choices:
            raise ValueError(nearest(str(value), choices))
        return value

    return BrianPreference(default, docs, expected=", ".join(map(repr, choices)), convert=convert)


def word(default: str, choices: Sequence[str], docs: str) -> BrianPreference:
    """One of some words in capitals, which may be given in small letters too."""
    exact = one_of(default, choices, docs)

    def convert(value: Any) -> Any:
        assert exact.convert is not None
        return exact.convert(value.upper() if isinstance(value, str) and value.upper() in choices else value)

    return replace(exact, convert=convert)


def text(default: str, docs: str) -> BrianPreference:
    return BrianPreference(default, docs, expected="a text")


def optional_text(docs: str) -> BrianPreference:
    """A text, such as a path, or None."""

    def convert(value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        if hasattr(value, "__fspath__"):
            return str(value)
        raise TypeError

    return BrianPreference(None, docs, expected="a text, or None", convert=convert)


def number(default: float, docs: str, least: float = 0) -> BrianPreference:
    def convert(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value < float("inf"):
            raise ValueError
        return value

    return BrianPreference(default, docs, expected=f"a number, {least} or more", convert=convert)


def count(default: int, docs: str, most: int) -> BrianPreference:
    """A whole number from 0 on."""

    def convert(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 0 <= value <= most:
            raise ValueError
        return int(value)

    return BrianPreference(default, docs, expected=f"a whole number, 0 to {most}", convert=convert)


def texts(default: list[str] | None, docs: str) -> BrianPreference:
    """A list of texts; None is allowed where it is the default."""

    def convert(value: Any) -> list[str] | None:
        if value is None and default is None:
            return None
        if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
            raise TypeError(f"write [{value!r}]" if isinstance(value, str) else "")
        return list(value)

    return BrianPreference(default, docs, expected="a list of texts", convert=convert)


def macros(docs: str) -> BrianPreference:
    """Macros of the C preprocessor: names, or pairs of a name and a value or None."""

    def convert(value: Any) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise TypeError
        for item in value:
            pair = (item, None) if isinstance(item, str) else item
            if (
                not isinstance(pair, (list, tuple))
                or len(pair) != 2
                or not isinstance(pair[0], str)
                or not pair[0].isidentifier()
            ):
                raise ValueError
        return list(value)

    return BrianPreference([], docs, expected="a list of names or pairs, such as [('SIZE', '3')]", convert=convert)


def texts_by_name(default: dict[str, str], docs: str) -> BrianPreference:
    return BrianPreference(default, docs, expected="a dictionary of texts")


def data_type(default: type[np.generic], choices: Sequence[type[np.generic]], docs: str) -> BrianPreference:
    """A type of numpy."""

    def convert(value: Any) -> type[np.generic]:
        found: type[np.generic] = np.dtype(value).type
        if value is None or found not in choices:
            raise ValueError
        return found

    expected = " or ".join(choice.__name__ for choice in choices)
    return BrianPreference(default, docs, representor=type_name, expected=expected, convert=convert)


def type_name(value: type) -> str:
    return value.__name__


def slots(default: list[str], docs: str) -> BrianPreference:
    """The slots of a time step, without those before and after each."""

    def convert(value: Any) -> list[str]:
        if not isinstance(value, (list, tuple)) or not value or len(set(value)) < len(value):
            raise ValueError("each slot stands there once")
        for slot in value:
            if not isinstance(slot, str) or not slot.isidentifier():
                raise ValueError
            if slot.startswith(("before_", "after_")):
                raise ValueError("the slots before_... and after_... are there without being named")
        return list(value)

    return BrianPreference(default, docs, expected="a list of names of slots", convert=convert)


def without_effect(make: Callable[..., BrianPreference], *arguments: Any, why: str) -> BrianPreference:
    """A preference that is accepted so that scripts run, and that changes nothing."""
    *values, docs = arguments
    return make(*values, f"{docs} No effect here: {why}.")
