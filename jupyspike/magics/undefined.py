"""Names in a model that nobody has defined yet: they may still be, in a cell that is run later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jupyspike_engine.diagnostics import UserError
from jupyspike_engine.language.functions import FUNCTIONS
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.language.suggestions import name_meant_by
from jupyspike_engine.language.syntax import Block, Call, Expression, Name, walk
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.synaptic.synapses import Synapses


def undefined_names(made: NeuronGroup | Synapses, names: Mapping[str, Any]) -> list[str]:
    """A note for each name that must be defined before the network runs, with the nearest known one."""
    scope = made.scope(names, complete=False)
    found: dict[str, str] = {}
    for node in _unknown(made, scope):
        if isinstance(node, Name):
            name, meant = node.id, name_meant_by(node.id, scope.known_names())
        else:
            name, meant = node.function, name_meant_by(node.function, FUNCTIONS)
        line = f" (line {node.span.line})" if node.span is not None else ""
        found.setdefault(name, f"'{name}'{line} is not defined yet{f': {meant}' if meant else ''}")
    return [*found.values()]


def _unknown(made: NeuronGroup | Synapses, scope: Scope) -> Iterator[Name | Call]:
    for tree, local in _expressions(made):
        for node in walk(tree):
            if isinstance(node, Name) and node.id not in local and not _is_noise(node.id):
                if _is_missing(scope.lookup, node.id):
                    yield node
            elif (
                isinstance(node, Call) and node.function not in FUNCTIONS and _is_missing(scope.function, node.function)
            ):
                yield node


def _is_missing(find: Any, name: str) -> bool:
    try:
        return find(name) is None
    except UserError:  # there is something of this name, which the run will tell of
        return False


def _is_noise(name: str) -> bool:
    return name == "xi" or name.startswith("xi_")


def _expressions(made: NeuronGroup | Synapses) -> Iterator[tuple[Expression, set[str]]]:
    """All expressions of a model, each with the names that statements before it have made."""
    yield from ((line.expression, set()) for line in made.equations.values() if line.expression is not None)
    if isinstance(made, Synapses):
        yield from _in_blocks(pathway.statements for pathway in made.model.pathways)
        return
    yield from ((condition, set()) for condition in made.model.events.values())
    yield from _in_blocks(made.model.reactions.values())
    if made.model.refractory is not None:
        yield made.model.refractory, set()


def _in_blocks(blocks: Iterable[Block]) -> Iterator[tuple[Expression, set[str]]]:
    for block in blocks:
        made: set[str] = set()
        for statement in block:
            yield statement.expression, {*made}
            made.add(statement.target)
