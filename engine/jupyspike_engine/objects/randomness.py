"""The seed, and which stream of random numbers belongs to which object.

An object with a name of the user's own has a stream of that name. Others are counted by kind since the last call of
`seed`, so that a notebook run again after ``seed(1)`` draws the same numbers whatever was made before.

Since a draw is a function of the seed and the step, a network that goes back to an earlier time would draw what it drew
before: `new_trial` gives it other numbers, `random_state` and `restore_random_state` bring the same ones back.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from ..diagnostics import ArgumentTypeError

_BITS = 0xFFFFFFFFFFFFFFFF


@dataclass
class RandomState:
    """The present seed, and what was counted since it was set."""

    seed: int = field(default_factory=lambda: secrets.randbits(64))
    trial: int = 0
    epoch: int = 0
    chosen: bool = False  # by the user
    made: Counter[str] = field(default_factory=Counter)


_state = RandomState()


def seed(seed: int | None = None) -> None:
    """Set the seed of all random numbers: initial values, connections, noise, and those of ``numpy.random``.

    Parameters
    ----------
    seed : int, optional
        The same seed gives the same results, on every target. Without it, a fresh one is taken from the system.

    Raises
    ------
    ArgumentTypeError
        The seed is not an integer.

    Examples
    --------
    >>> seed(42)
    >>> before = np.random.rand(3)
    >>> seed(42)
    >>> bool((np.random.rand(3) == before).all())
    True
    """
    if seed is not None and (isinstance(seed, bool) or not hasattr(seed, "__index__")):
        raise ArgumentTypeError(f"a seed is an integer, not {seed!r}")
    number = secrets.randbits(64) if seed is None else int(seed) & _BITS
    _state.seed, _state.trial, _state.epoch, _state.chosen = number, 0, _state.epoch + 1, seed is not None
    _state.made.clear()
    low, high = number & 0xFFFFFFFF, number >> 32
    np.random.seed([low, high] if high else low)


def current_seed() -> int:
    """The seed in force: 64 bits, another number in each trial."""
    return _of_trial(_state.seed, _state.trial) if _state.trial else _state.seed


def fresh_seed() -> int | None:
    """A seed for a repetition that draws other numbers; None if the user has chosen one, which then holds for all."""
    return None if _state.chosen else secrets.randbits(64)


def count_from_here() -> int:
    """Make the seed in force the one from which trials are counted, and return it: what is drawn stays the same."""
    _state.seed, _state.trial = current_seed(), 0
    return _state.seed


def new_trial() -> None:
    """Draw other numbers from now on, also in time steps in which something was drawn before."""
    _state.trial += 1


def random_state() -> dict[str, int | str]:
    """What `restore_random_state` needs: the seed, the trial, and the state of ``numpy.random`` as a text.

    What single objects have counted is in `Stream.state`.
    """
    ours: dict[str, int | str] = {"seed": _state.seed, "trial": _state.trial}
    generator = np.random.get_state(legacy=False)
    return ours | {"numpy": json.dumps(generator, default=lambda array: array.tolist())}


def restore_random_state(state: dict[str, int | str]) -> None:
    """Draw again what was drawn after `random_state` returned this state."""
    _state.seed, _state.trial = int(state["seed"]), int(state["trial"])
    np.random.set_state(json.loads(str(state["numpy"])))


def _of_trial(seed: int, trial: int) -> int:
    """The seed of a trial: that element of the SplitMix64 sequence (Steele, Lea and Flood, OOPSLA 2014)."""
    return _mixed(_mixed(seed) + trial * 0x9E3779B97F4A7C15)


def _mixed(z: int) -> int:
    z &= _BITS
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _BITS
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _BITS
    return z ^ (z >> 31)


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
        self._renumber()
        return zlib.crc32(self._label.encode())

    def _renumber(self) -> None:
        if not self._named and self._epoch != _state.epoch:
            # counting has begun anew: objects from before the seed are counted by themselves, as they come to draw
            self._label, self._epoch = _numbered(f"earlier {self._kind}"), _state.epoch

    def next_assignment(self) -> int:
        """The number of this assignment of initial values (or connections) since the seed was set."""
        self._begin_counting()
        self._assignments += 1
        return self._assignments

    def _begin_counting(self) -> None:
        if self._counted_in != _state.epoch:
            self._assignments, self._counted_in = 0, _state.epoch

    def state(self) -> dict[str, int | str]:
        """What `restore` needs, so that the object draws again what it drew after this."""
        self._renumber()
        self._begin_counting()
        return {"label": self._label, "assignments": self._assignments}

    def restore(self, state: dict[str, int | str]) -> None:
        """Go on from an earlier `state` (of an object that stood in the same place, if this is another process)."""
        self._label, self._assignments = str(state["label"]), int(state["assignments"])
        self._epoch = self._counted_in = _state.epoch
