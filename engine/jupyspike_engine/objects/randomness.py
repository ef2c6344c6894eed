"""The seed, and which stream of random numbers belongs to which object.

An object with a name of the user's own has a stream of that name. Others are counted by kind since the last call of
`seed`, so that a notebook run again after ``seed(1)`` draws the same numbers whatever was made before.
"""

from __future__ import annotations

import secrets
import zlib
from collections import Counter
from dataclasses import dataclass, field

from ..diagnostics import ArgumentTypeError


@dataclass
class RandomState:
    """The present seed and what was counted since it was set."""

    seed: int = field(default_factory=lambda: secrets.randbits(64))
    epoch: int = 0
    made: Counter[str] = field(default_factory=Counter)


_state = RandomState()


def seed(seed: int | None = None) -> None:
    """Set the seed of all random numbers: initial values, connections, noise.

    Parameters
    ----------
    seed : int, optional
        The same seed gives the same results, on every target. Without it, a fresh one is taken from the system.

    Examples
    --------
    >>> seed(42)
    """
    if seed is not None and (isinstance(seed, bool) or not hasattr(seed, "__index__")):
        raise ArgumentTypeError(f"a seed is an integer, not {seed!r}")
    number = secrets.randbits(64) if seed is None else int(seed) & 0xFFFFFFFFFFFFFFFF
    _state.seed, _state.epoch = number, _state.epoch + 1
    _state.made.clear()


def current_seed() -> int:
    """The seed in force."""
    return _state.seed


class Stream:
    """The random numbers of one object."""

    def __init__(self, kind: str, name: str | None) -> None:
        self._label = f"{kind}:{name}" if name else f"{kind}#{_state.made[kind]}"
        self._epoch, self._named = _state.epoch, bool(name)
        if not name:
            _state.made[kind] += 1
        self._assignments, self._counted_in = 0, _state.epoch

    @property
    def key(self) -> int:
        """32 bits that stand for the object."""
        age = "" if self._named else f"@{_state.epoch - self._epoch}"
        return zlib.crc32((self._label + age).encode())

    def next_assignment(self) -> int:
        """The number of this assignment of initial values (or connections) since the seed was set."""
        if self._counted_in != _state.epoch:
            self._assignments, self._counted_in = 0, _state.epoch
        self._assignments += 1
        return self._assignments
