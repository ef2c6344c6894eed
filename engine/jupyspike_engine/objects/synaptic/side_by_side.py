"""Variables of synapses whose values are kept side by side in memory."""

from __future__ import annotations

from collections.abc import Mapping

from ...language.equations import Equations
from ...language.model import SynapseModel, summed_variables
from ...language.scope import Symbol
from ...language.syntax import names
from ...numerics.system import written_out


def side_by_side(model: SynapseModel, symbols: Mapping[str, Symbol], other_types: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that events of the target use, if there are several.

    The synapses of a target lie far from each other in memory: what an event needs of one of them is then found in one
    place. What is computed for all synapses in each step stays in arrays of its own, through which steps can run.

    Parameters
    ----------
    symbols : mapping
        What names mean for a synapse.
    other_types : mapping
        Types in memory of variables that have another one than usual.
    """
    if all(path.side == "pre" for path in model.pathways):
        return ()
    at_events, in_steps = _used_at_events(model), _used_in_steps(model.equations)
    found = tuple(
        name
        for name, symbol in symbols.items()
        if symbol.meaning == "state" and symbol.side == "own" and symbol.type == "real" and not symbol.shared
        if name in at_events - in_steps and name not in other_types
    )
    return found if len(found) > 1 else ()


def _used_at_events(model: SynapseModel) -> set[str]:
    expanded = written_out(model.equations)
    lazy = {d.name for d in model.equations.of_role("differential equation") if "event-driven" in d.flags}
    statements = [statement for path in model.pathways for statement in path.statements]
    mentioned = lazy | {s.target for s in statements} | {n for s in statements for n in names(s.expression)}
    return {"lastupdate"} | mentioned | {n for name in mentioned & expanded.keys() for n in names(expanded[name])}


def _used_in_steps(equations: Equations) -> set[str]:
    expanded = written_out(equations)
    moving = {d.name for d in equations.of_role("differential equation") if "event-driven" not in d.flags}
    sums = {d.name for d in summed_variables(equations)}
    return moving | {n for name in moving | sums for n in names(expanded[name])}
