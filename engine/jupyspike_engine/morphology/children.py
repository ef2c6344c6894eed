"""The sections that are attached to a section, and the names that they are found by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..diagnostics import ArgumentError, ArgumentTypeError, UnknownNameError, nearest
from .drawing import described

if TYPE_CHECKING:
    from .tree import Tree

CHAINED = re.compile(r"[LR1-9]{2,}")  # LLR is the R of the L of the L
NAME = re.compile(r"\w+")


class Children:
    """The sections that are attached to a section: found by name, gone through in the order of attachment."""

    def __init__(self, sections: Sequence[Tree]) -> None:
        self._sections = sections

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [section.name for section in self._sections]

    def __getitem__(self, name: str) -> Tree:
        if not isinstance(name, str):
            raise ArgumentTypeError("sections are found by their names", found=repr(name), expected=str(self.names))
        for section in self._sections:
            if section.name == name:
                return section
        raise unknown(name, self.names)

    def __iter__(self) -> Iterator[Tree]:
        return iter(self._sections)

    def __len__(self) -> int:
        return len(self._sections)

    def __contains__(self, wanted: object) -> bool:
        return any(section is wanted or section.name == wanted for section in self._sections)

    def __repr__(self) -> str:
        listed = ", ".join(f"'{section.name}': {described(section)}" for section in self._sections)
        return f"<{len(self)} children{f': {{{listed}}}' if listed else ''}>"


def unknown(name: str, there: Sequence[str]) -> UnknownNameError:
    """The error for a name that no section has."""
    listed = ", ".join(there[:10]) + (", ..." if len(there) > 10 else "")
    hint = nearest(name, there) or (f"sections are: {listed}" if there else "nothing is attached to this section")
    return UnknownNameError(f"there is no section or attribute '{name}' here", kind="name", hint=hint)


def check_attachable(parent: Tree, name: str, section: Tree, reserved: bool) -> None:
    """Check that another section can be attached to a section under a name.

    Raises
    ------
    ArgumentError
        It hangs elsewhere already, or the name cannot be used.
    """
    if not NAME.fullmatch(name):
        raise ArgumentError(f"'{name}' cannot be the name of a section", expected="letters, digits and _")
    if reserved:
        raise ArgumentError(f"'{name}' is an attribute of sections", hint="another name for the new section")
    if name in parent.children:
        raise ArgumentError(f"the name '{name}' is used already", hint=f"remove that first: del morpho.{name}")
    if section.parent is not None:
        raise ArgumentError(
            f"the section for '{name}' is attached already, as '{section.name}'",
            hint="a copy can be attached too: section.copy()",
        )
    if parent.root is section:
        raise ArgumentError(f"'{name}' would close a ring: the section is the root of this tree", hint="trees branch")
