"""``start_scope``: objects made before it are not seen by ``run()`` any more."""

from __future__ import annotations

import itertools
from typing import Protocol

_numbers = itertools.count(1)
_current = 0


def current_scope() -> int:
    return _current


class Scoped(Protocol):
    """What remembers in which scope it was made."""

    _scope_number: int


def in_scope(made: Scoped) -> bool:
    """Whether something was made since the present scope began."""
    return made._scope_number == _current


def start_scope() -> None:
    """Start a new scope: ``run()`` ignores the objects made before.

    Examples
    --------
    >>> G = NeuronGroup(1, 'v : 1')
    >>> start_scope()
    >>> collect()
    set()
    """
    global _current
    _current = next(_numbers)
