"""What the program of a network depends on, so that a further run of the same network compiles nothing.

Two equal shapes have the same plan: the same objects and texts, whose parts act at the same moments, and names
from outside that stand for values of the same units and types. Values are not among it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from ...language.functions import ALL_FUNCTIONS
from ...language.scope import LANGUAGE, External
from ...language.syntax import Call, Expression, Name, walk
from ..base import SimulatedObject
from ..monitors.monitor import Monitor
from ..namespaces import Namespace
from ..neurongroup import NeuronGroup
from ..owner import VariableOwner
from ..poissoninput import PoissonInput
from ..synaptic.synapses import Synapses
from .ticking import Ticking


def shape_of(objects: Iterable[SimulatedObject], ticking: Ticking, namespace: Namespace) -> Hashable:
    """The shape of a network.

    Raises
    ------
    UserError
        A name from outside stands for something that equations cannot use.
    """
    return ticking.count, tuple(_object(item, ticking, namespace) for item in objects)


def _object(item: SimulatedObject, ticking: Ticking, namespace: Namespace) -> Hashable:
    acting = [(id(part), part.active, part.when, part.order, ticking.number(part.clock)) for part in item.updaters]
    seen: Hashable = ()
    if isinstance(item, (NeuronGroup, Synapses)):
        seen = (
            id(item.model), item.active, repr(item.method), tuple(sorted(item.dtypes.items())),
            tuple((name, link.source, link.variable, link.index) for name, link in item.plan_links().items()),
            _outside(item, namespace),
        )  # fmt: skip
    elif isinstance(item, Monitor):
        seen = item.columns
    elif isinstance(item, PoissonInput) and isinstance(item.weight, str):
        seen = _meanings(item.target.external(namespace), _names([item.weight_expression()]))
    return id(item), type(item), item.name, ticking.number(item.clock), tuple(acting), seen


def _outside(item: NeuronGroup | Synapses, namespace: Namespace) -> Hashable:
    """What the names that an object's texts take from outside stand for."""
    key = id(item.model), len(item.regular)
    known: tuple[Hashable, frozenset[str]] | None = item.__dict__.get("_names_from_outside")
    if known is None or known[0] != key:
        symbols: Mapping[str, Any] = item.symbols
        known = key, frozenset(n for n in _names(_texts(item)) if n not in symbols and n not in LANGUAGE)
        item._set("_names_from_outside", known)
    return _meanings(item.external(namespace), known[1])


def _meanings(external: External, names: Iterable[str]) -> Hashable:
    return tuple(_meaning(external, name) for name in sorted(names))


def _meaning(external: External, name: str) -> Hashable:
    if name.endswith("()"):
        return name, external.function(name[:-2])
    symbol = external(name)
    if symbol is None:
        return name
    # an exponent decides on the unit of a power: its value belongs to the shape
    return name, symbol.dimension, symbol.type, symbol.value if symbol.dimension.is_dimensionless else None


def _names(expressions: Iterable[Expression]) -> set[str]:
    """Names that expressions use, those of functions with brackets."""
    found: set[str] = set()
    for expression in expressions:
        for node in walk(expression):
            if isinstance(node, Name):
                found.add(node.id)
            elif isinstance(node, Call) and node.function not in ALL_FUNCTIONS:
                found.add(f"{node.function}()")
    return found


def _texts(item: VariableOwner) -> Iterator[Expression]:
    assert isinstance(item, (NeuronGroup, Synapses))
    yield from (d.expression for d in item.equations.values() if d.expression is not None)
    yield from (statement.expression for part in item.regular for statement in part.block)
    if isinstance(item, Synapses):
        yield from (statement.expression for path in item.model.pathways for statement in path.statements)
        return
    yield from item.model.events.values()
    yield from (statement.expression for block in item.model.reactions.values() for statement in block)
    if item.model.refractory is not None:
        yield item.model.refractory
