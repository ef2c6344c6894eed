"""Constructors and functions that are called with arguments they do not have, or without ones that they need."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .diagnostics import ArgumentTypeError, UserError, nearest

Result = TypeVar("Result")


def explain_calls(cls: type) -> None:
    """Let the constructor that a class defines itself say which argument was meant.

    Examples
    --------
    >>> class Group:
    ...     def __init__(self, size, threshold=None): ...
    >>> explain_calls(Group)
    >>> Group(3, treshold='v > 1')
    Traceback (most recent call last):
    jupyspike_engine.diagnostics.ArgumentTypeError: Group() has no argument 'treshold'
        try: did you mean 'threshold'?
    """
    make = vars(cls).get("__init__")
    if inspect.isfunction(make) and not hasattr(make, "__wrapped__"):
        cls.__init__ = explained(make, cls.__name__)  # type: ignore[misc]  # it is the same, but for what it says


def explained(make: Callable[..., Result], name: str, before: int = 1) -> Callable[..., Result]:
    """A constructor that says which argument was meant; ``name`` is that of its class, and ``self`` comes before."""

    @functools.wraps(make)
    def explaining(*arguments: Any, **keywords: Any) -> Result:
        try:
            return make(*arguments, **keywords)
        except TypeError as error:
            within = error.__traceback__ is not None and error.__traceback__.tb_next is not None
            known = [*inspect.signature(make).parameters.values()][before:]
            told = within or isinstance(error, UserError)
            problem = None if told else _problem(name, known, arguments[before:], keywords)
            if problem is None:
                raise
            raise problem from None

    return explaining


def explained_function(function: Callable[..., Result]) -> Callable[..., Result]:
    """A function that says which argument was meant."""
    return explained(function, function.__name__, 0)


def _problem(
    name: str, known: Sequence[inspect.Parameter], arguments: tuple[Any, ...], keywords: Mapping[str, Any]
) -> ArgumentTypeError | None:
    """What is wrong with the arguments of a call, if it is that there are none of these names, or that some lack."""
    by_name = [one.name for one in known if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    in_order = [one.name for one in known if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    unknown = next((keyword for keyword in keywords if keyword not in by_name), None)
    if unknown is not None and not any(one.kind is one.VAR_KEYWORD for one in known):
        hint = nearest(unknown, by_name) or f"arguments are: {', '.join(by_name)}"
        return ArgumentTypeError(f"{name}() has no argument '{unknown}'", kind="type", hint=hint)
    names = [one.name for one in known if one.name in (*in_order, *by_name)]
    needed = [one.name for one in known if one.name in names and one.default is one.empty]
    lacking = [f"'{one}'" for one in needed if one not in (*in_order[: len(arguments)], *keywords)]
    if not lacking:
        return None
    plural = "arguments" if len(lacking) > 1 else "argument"
    usage = f"{name}({', '.join(needed)}{', ...' if len(names) > len(needed) else ''})"
    message = f"{name}() lacks the {plural} {' and '.join(lacking)}"
    return ArgumentTypeError(message, kind="type", expected=usage)
