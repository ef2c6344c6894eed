"""What names mean where code is called, and whether they still mean what they meant before."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..base import SimulatedObject
from .standing import Standing

_DISPLAYED = re.compile(r"_+|_\d+")


def named(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and what they mean, without those that are not the user's.

    What a notebook has displayed stays visible in it as ``_``, ``__``, ``_7``.
    """
    notebook = "_oh" in namespace  # where IPython keeps what was displayed
    for name, value in list(namespace.items()):
        if not (notebook and _DISPLAYED.fullmatch(name)):
            yield name, value


class Meanings:
    """What some names mean.

    Parameters
    ----------
    things : collection
        Networks or objects of a simulation; the names of others do not count.
    namespace : mapping

    Examples
    --------
    >>> first = NeuronGroup(1, 'v : 1')
    >>> names = {'G': first}
    >>> meanings = Meanings([first], names)
    >>> meanings.replaced(names), meanings.replaced({'G': NeuronGroup(2, 'v : 1')})
    ([], ['G'])
    """

    def __init__(self, things: Collection[Any], namespace: Mapping[str, Any]) -> None:
        self._meant = {name: value for name, value in named(namespace) if any(value is thing for thing in things)}

    def replaced(self, namespace: Mapping[str, Any]) -> list[str]:
        """The names that mean another network or object now, while what they meant has no name any more."""
        now = dict(named(namespace))
        still = {id(value) for value in now.values()}
        meant = {id(value) for value in self._meant.values()}
        return [
            name
            for name, value in self._meant.items()
            if id(value) not in still
            and isinstance(now.get(name), (SimulatedObject, Standing))
            and id(now[name]) not in meant
        ]
