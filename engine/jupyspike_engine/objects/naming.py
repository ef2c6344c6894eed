"""Names of objects: given by the user or made from a pattern, unique among the objects that live."""

from __future__ import annotations

import keyword
import weakref
from typing import Any

from ..diagnostics import ArgumentError, ArgumentTypeError

_living: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()


def checked_name(name: Any) -> str:
    """A name, or a pattern for names, given by the user.

    Raises
    ------
    ArgumentError
        It is not an identifier.
    """
    if not isinstance(name, str) or not name.rstrip("*").isidentifier() or keyword.iskeyword(name):
        wrong = ArgumentError if isinstance(name, str) else ArgumentTypeError
        raise wrong(f"{name!r} cannot be the name of an object", expected="a word of letters, digits and _")
    return name


def register(owner: object, name: str) -> str:
    """Give an object its name; a pattern such as ``neurongroup*`` gets the first suffix that is free.

    Raises
    ------
    ArgumentError
        The name is not an identifier.
    """
    name = checked_name(name)
    if name.endswith("*"):
        stem, number = name[:-1], 0
        name = stem
        while name in _living:
            number += 1
            name = f"{stem}_{number}"
    _living[name] = owner
    return name
