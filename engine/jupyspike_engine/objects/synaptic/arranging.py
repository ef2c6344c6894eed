"""Storing the synapses of a source by delay, so that those that an event reaches together lie together.

Then no list of them is needed. They keep their numbers: where the targets of each source ascend with the numbers, as
most forms of ``connect`` make them, the numbers can be found again from the targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...language.functions import ALL_FUNCTIONS
from ...language.syntax import Assignment, Call, Expression, Name, names, walk
from .pathways import SynapticPathway
from .synapses import Synapses


def arrange(synapses: Synapses, steps: Mapping[str, float]) -> None:
    """Store synapses for a run by the delays of `arranging_pathway`; ``steps`` are those of the clocks of pathways."""
    path = arranging_pathway(synapses)
    if path is None:
        synapses.store_as_made()
    elif path.path in steps and not _is_by_delay(path, steps[path.path]):
        synapses.store_as_made()
        _by_delay(synapses, path, steps[path.path])


def arranging_pathway(synapses: Synapses) -> SynapticPathway | None:
    """The pathway by whose delays synapses are stored: the first from the source that has delays of its own.

    There is none where others know the places of synapses, where random numbers are drawn in a step, which belong to
    places, or where the numbers could not be found again.
    """
    delayed = (p for p in synapses.pathways.values() if p.side == "pre" and not isinstance(p.delays_, float))
    path = next(delayed, None)
    if path is None or synapses.places_are_kept or draws_in_steps(synapses):
        return None
    return path if synapses.numbered_by_target else None


def draws_in_steps(synapses: Synapses) -> bool:
    """Whether synapses have random numbers of their own while they are simulated."""
    nodes = [node for tree in _expressions(synapses) for node in walk(tree)]
    functions = [ALL_FUNCTIONS.get(node.function) for node in nodes if isinstance(node, Call)]
    noise = any(isinstance(node, Name) and (node.id == "xi" or node.id.startswith("xi_")) for node in nodes)
    return noise or any(function is not None and function.random for function in functions)


def uses_sources(synapses: Synapses) -> bool:
    """Whether what happens at a synapse in a step depends on its source."""
    used = {name for tree in _expressions(synapses) for name in names(tree)}
    used |= {statement.target for statement in _statements(synapses)}
    symbols = [synapses.symbols[name] for name in used if name in synapses.symbols]
    return any(symbol.side == "pre" and symbol.meaning != "size" for symbol in symbols)


def _statements(synapses: Synapses) -> list[Assignment]:
    at_events = [statement for path in synapses.model.pathways for statement in path.statements]
    return at_events + [statement for part in synapses.regular for statement in part.block]


def _expressions(synapses: Synapses) -> list[Expression]:
    equations = [definition.expression for definition in synapses.equations.values()]
    return [s.expression for s in _statements(synapses)] + [tree for tree in equations if tree is not None]


def _by_delay(synapses: Synapses, path: SynapticPathway, dt: float) -> None:
    rows = path.rows(dt)
    if rows.synapses is not None:  # they differ in their delays
        synapses.rearrange(rows.synapses, by_target=True)
        path.keep(replace(rows, synapses=None, division=None), dt)  # that was of the order before


def _is_by_delay(path: SynapticPathway, dt: float) -> bool:
    rows = path.known_rows(dt)
    return rows is not None and rows.synapses is None
