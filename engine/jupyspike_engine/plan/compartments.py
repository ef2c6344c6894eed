"""Compartments: the linear systems of the cable equation and of diffusion along the trees that the elements make.

Each gives numbers of every element, which are solved for the whole tree, and takes the solution:

    Update      diagonal and right-hand side of each element; for the cable in the update of all other variables
    Eliminate   the solution
    Update      the variable, from the solution
"""

from __future__ import annotations

from dataclasses import fields

from ..language import syntax
from ..language.scope import Scope
from ..language.spatial import POINT_CURRENT, POTENTIAL
from ..numerics.cable import SLOPE, SOLUTION, CableRule, slope_by
from ..numerics.system import written_out
from .binding import Binding
from .draft import Draft
from .integration import before_writing, temporaries
from .network import Synapses
from .nodes import Array, Element, Eliminate, Forest, Local, Operation, Statement, Store, Update

DIAGONAL, RIGHT = "_diagonal", "_right"
TREE = "_tree_"  # begins the names of the arrays of a forest
_STORAGE = ("int64", "int32", "float64", "int64", "int64", "int32", "float64", "float64")  # of these arrays


def cable(
    rule: CableRule, draft: Draft, binding: Binding, clock: int, updates: list[Statement]
) -> tuple[list[Statement], tuple[Operation, ...]]:
    """The update of all other variables with the linear system of the potential, and what solves that."""
    domain = binding.domain
    draft.declare(*(Array(f"{domain}.{name}", domain, "real") for name in (DIAGONAL, RIGHT)))
    # currents are those of the new values of the other variables
    new = {s.array.split(".", 1)[1]: s.value for s in updates if isinstance(s, Store)}
    binding.locals |= {name: value for name, value in new.items() if isinstance(value, Local)}
    rule = rule.with_slopes(_slopes_of_sums(rule.variable, draft, binding))
    system = temporaries(binding, (*rule.temporaries, (DIAGONAL, rule.diagonal), (RIGHT, rule.right)))
    stores = (Store(f"{domain}.{name}", "own", Local(name.lstrip("_"), "real")) for name in (DIAGONAL, RIGHT))
    binding.locals.clear()
    return [*before_writing(updates, system), *stores], _solution(rule, draft, binding, clock)


def diffusion(rule: CableRule, draft: Draft, binding: Binding, clock: int) -> tuple[Operation, ...]:
    """What gives the linear system of a species that diffuses, and what solves it."""
    given = ((DIAGONAL, rule.diagonal), (RIGHT, rule.right))
    system = tuple(Store(f"{binding.domain}.{name}", "own", binding.lower(tree)) for name, tree in given)
    return Update(clock, binding.domain, system), *_solution(rule, draft, binding, clock)


def _solution(rule: CableRule, draft: Draft, binding: Binding, clock: int) -> tuple[Operation, ...]:
    """What solves the linear system, and what takes the solution."""
    domain = binding.domain
    forest = Forest(*(f"{domain}.{TREE}{item.name}" for item in fields(Forest)))
    for name, kind in zip(forest.arrays, _STORAGE, strict=True):
        draft.declare(Array(name, domain, "real" if kind == "float64" else "integer", kind))
    diagonal, right, variable = (f"{domain}.{name}" for name in (DIAGONAL, RIGHT, rule.variable))
    solve = Eliminate(clock, domain, forest, diagonal, right, binding.seen_from("one").lower(rule.scale))
    binding.locals[SOLUTION] = Element(right, "own", "real")
    result = Update(clock, domain, (Store(variable, "own", binding.lower(rule.value)),), watched=(variable,))
    binding.locals.clear()
    return solve, result


def _slopes_of_sums(potential: str, draft: Draft, binding: Binding) -> list[str]:
    """Names for the slopes of currents that synapses add up, by the potential of the compartment they flow into."""
    names: dict[str, None] = {}
    for part in draft.network.synapses:
        for name in part.sums:
            current = part.scope.symbols[name]
            end = part.source if current.side == "pre" else part.target
            if end == binding.owner and _slope_of_sum(part, name, potential):
                names[f"{SLOPE}{current.name}"] = None
    for name in names:
        array = Array(f"{binding.domain}.{name}", binding.domain, "real")
        draft.declare(array)
        binding.locals[name] = Element(array.name, "own", "real")
    return list(names)


def slope_beside(
    name: str, synapses: Synapses, draft: Draft, end: Binding
) -> tuple[tuple[str, syntax.Expression], ...]:
    """Where a current that synapses add up has a slope that is used: its array, and what they add to that."""
    array = f"{end.domain}.{SLOPE}{synapses.scope.symbols[name].name}"
    if array not in draft.arrays:
        return ()
    return ((array, _slope_of_sum(synapses, name, POTENTIAL) or syntax.Number(0.0)),)


def _slope_of_sum(synapses: Synapses, name: str, potential: str) -> syntax.Expression | None:
    """How a current that is added up changes with the potential of the compartment into which it flows.

    None where it is no point current, does not change, or does so in a way that is not known.
    """
    symbol = synapses.scope.symbols[name]
    if symbol.definition is None or POINT_CURRENT not in symbol.definition.flags:
        return None
    return slope_by(written_out(synapses.model.equations)[name], _names_of(potential, symbol.side, synapses.scope))


def _names_of(variable: str, side: str, scope: Scope) -> list[str]:
    """The names that a variable of one end of synapses has in their equations."""
    known = ((name, scope.symbols.get(name)) for name in (variable, f"{variable}_{side}"))
    return [name for name, symbol in known if symbol is not None and symbol.side == side]
