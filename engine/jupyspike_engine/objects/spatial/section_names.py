"""Sections whose names mean something else in a neuron, which its user is told."""

from __future__ import annotations

from collections.abc import Container, Iterable

from ...logs import get_logger
from ...morphology.compartments import depth_first
from ...morphology.tree import Tree

_log = get_logger("jupyspike.objects")
MAIN = "main"  # the section at which a branch begins


def tell_of_hidden_sections(
    neuron: str, shapes: Iterable[Tree], variables: Container[str], own: Container[str]
) -> None:
    """Warn of sections whose names are those of variables, or of other attributes, of a neuron and its parts."""
    sections = {s.name: s for shape in shapes for s in depth_first(shape) if s.parent is not None}
    for name, section in sections.items():
        if name not in variables and name not in own and name != MAIN:
            continue
        way = [part.name for part in section.ancestors()][-2::-1]  # without the root, which has no name
        attribute = ".".join([neuron, *way, name])
        branch = ".".join([neuron, *way])
        instead = "give the section another name" if name == MAIN else f"the section is {branch}['{name}']"
        meaning = f"the variable '{name}'" if name in variables else f"an attribute that all neurons have, '{name}'"
        _log.warn(
            f"the section '{name}' of the morphology of '{neuron}' has the name of something else: {attribute} is "
            f"{meaning}; {instead}",
            "hidden_section",
        )
