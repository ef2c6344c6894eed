"""Preferences: ``prefs.codegen.target = 'numpy'``."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..compiler import TARGETS
from ..diagnostics import ArgumentError, nearest


@dataclass
class CodeGeneration:
    """How networks are run.

    Attributes
    ----------
    target : 'auto', 'cpp' or 'numpy'
        ``auto`` takes cpp where there is a compiler.
    """

    target: str = "auto"

    def __setattr__(self, name: str, value: object) -> None:
        if name != "target":
            raise ArgumentError(f"there is no preference codegen.{name}", hint=nearest(name, ["target"]))
        if value not in ("auto", *TARGETS):
            hint = nearest(str(value), TARGETS) or f"targets are: auto, {', '.join(TARGETS)}"
            raise ArgumentError(f"{value!r} is not a target", hint=hint)
        object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Preferences:
    """All preferences, by section."""

    codegen: CodeGeneration = field(default_factory=CodeGeneration)


prefs = Preferences()
