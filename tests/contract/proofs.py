"""What scripts rely on, as data: each fact with a small function that proves it.

A module ``section_*.py`` holds one section::

    section = Page("6. user/synapses")

    @section.must("summed variables")
    def summed():
        ...

The function raises an error if the fact does not hold. It may stand for several facts, and runs once on each target, or
once alone if what it proves is Python and runs no network (``once=True``).
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from functools import cached_property, partial
from io import StringIO
from pathlib import Path

import pytest

from jupyspike import defaultclock, ms, prefs, seed, start_scope
from jupyspike_engine.compiler import TARGETS

USED = {"must": "in nearly every script", "often": "in published models", "rare": "by few"}
TARGET_NAMES = sorted(TARGETS, key=["numpy", "cpp", "cython"].index)

Function = Callable[[], None]


@dataclass(frozen=True)
class Item:
    """One fact, and how much scripts rely on it."""

    text: str
    used: str


@dataclass
class Proof:
    """A function that raises an error if one of its items does not hold."""

    function: Function
    once: bool
    items: list[Item] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.function.__name__

    def outcome(self, target: str) -> BaseException | None:
        """The error on a target, or None."""
        if self.once:
            return self._outcome_of_all
        return self._tried(target)

    @cached_property
    def _outcome_of_all(self) -> BaseException | None:
        return self._tried("numpy")

    def _tried(self, target: str) -> BaseException | None:
        start_scope()
        preferences = dict(prefs)
        prefs.codegen.target, defaultclock.dt = target, 0.1 * ms
        prefs.codegen.cpp.extra_compile_args_gcc = ["-O0"]  # programs of some milliseconds: building takes longer
        seed(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.function()
        except (Exception, pytest.fail.Exception) as error:
            return error
        finally:
            prefs.update({name: value for name, value in preferences.items() if prefs[name] != value})
            defaultclock.dt = 0.1 * ms
            start_scope()
        return None


class Page:
    """The facts of one page of the documentation."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.proofs: list[Proof] = []
        self.must = partial(self._fact, "must")
        self.often = partial(self._fact, "often")
        self.rare = partial(self._fact, "rare")

    @property
    def items(self) -> list[Item]:
        return [item for proof in self.proofs for item in proof.items]

    def _fact(self, used: str, *texts: str, once: bool = False) -> Callable[[Function], Function]:
        def listed(function: Function) -> Function:
            if not self.proofs or self.proofs[-1].function is not function:
                self.proofs.append(Proof(function, once))
            proof = self.proofs[-1]
            proof.items[:0] = [Item(text, used) for text in texts]
            return function

        return listed


@contextmanager
def logged(level: str) -> Iterator[StringIO]:
    """The messages of at least this level, as the console shows them."""
    prefs.logging.console_log_level = level
    with redirect_stderr(StringIO()) as told:
        yield told


def sections() -> list[Page]:
    """All sections, in their order."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("section_*.py"))
    return [importlib.import_module(name).section for name in names]
