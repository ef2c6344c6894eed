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


def _numbered(kind: str) -> str:
    number = _state.made[kind]
    _state.made[kind] += 1
    return f"{kind}#{number}"


class Stream:
    """The random numbers of one object."""

    def __init__(self, kind: str, name: str | None) -> None:
        self._kind, self._named = kind, bool(name)
        self._label = f"{kind}:{name}" if name else _numbered(kind)
        self._epoch = self._counted_in = _state.epoch
        self._assignments = 0

    @property
    def key(self) -> int:
        """32 bits that stand for the object."""
        if not self._named and self._epoch != _state.epoch:
            # counting has begun anew: objects from before the seed are counted by themselves, as they come to draw
            self._label, self._epoch = _numbered(f"earlier {self._kind}"), _state.epoch
        return zlib.crc32(self._label.encode())

    def next_assignment(self) -> int:
        """The number of this assignment of initial values (or connections) since the seed was set."""
        if self._counted_in != _state.epoch:
            self._assignments, self._counted_in = 0, _state.epoch
        self._assignments += 1
        return self._assignments
