"""Synapses of a row in blocks: what is expensive to compute is computed for all of a block, as vector instructions.

The synapses of one row are different ones, so what they have of their own can be gathered, computed and put back in
any order. What they add to neurons is kept, and added after that, one synapse after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from ...plan.nodes import Apply, Array, Constant, Draw, Element, Expression, Invoke, Let, Local, Place, Propagate, Store
from ...plan.traversal import ends_of, expressions_of, transform, walk

OWN = "own_"
# Functions of native/jupyspike_math.h; random numbers are too.
WORTH_IT = ("exp", "expm1", "exprel", "bernoulli", "log", "tanh")


@dataclass(frozen=True)
class Blocks:
    """A pathway whose rows are done in blocks.

    Attributes
    ----------
    own : tuple of Array
        What the synapses have of their own and the statements use.
    written : frozenset of str
        Those of these arrays that are written.
    ends : tuple of str
        The ends whose neurons the statements use.
    statements : tuple of Let and Store
        The statements, with `Local` values in place of these arrays; those that add to neurons name what they add.
    added : tuple of (str, Store)
        The names of what is added, with the statements that add it.
    twins : mapping
        Local values by which functions that take time differ from others of the statements, with those of the others:
        where they are equal, as time constants of traces often are, `merged` does as much with half of the functions.
    """

    own: tuple[Array, ...]
    written: frozenset[str]
    ends: tuple[Place, ...]
    statements: tuple[Let | Store, ...]
    added: tuple[tuple[str, Store], ...]
    twins: Mapping[str, str]

    @property
    def merged(self) -> tuple[Let | Store, ...]:
        """The statements for values in `twins` that are equal: what was computed of the one serves for the other."""
        same: dict[Expression, Expression] = {Local(a, "real"): Local(b, "real") for a, b in self.twins.items()}
        known: dict[Expression, Local] = {}  # by value
        merged: list[Let | Store] = []
        for statement in self.statements:
            statement = replace(statement, value=transform(statement.value, same.get))
            if isinstance(statement, Let) and not _reads_own(statement.value):
                if statement.value in known:
                    same[Local(statement.name, "real")] = known[statement.value]
                    continue
                known[statement.value] = Local(statement.name, statement.value.type)
            merged.append(statement)
        return tuple(merged)

    @property
    def staged(self) -> tuple[tuple[Array, ...], ...]:
        """What they have of their own, in groups that are taken from memory and put back as a whole.

        Arrays that lie side by side are a group if the statements use, or write, all of them: another thread may
        use the others.
        """
        named = {array.name: array for array in self.own}
        whole = [
            group
            for group in {array.beside for array in self.own if array.beside}
            if named.keys() >= set(group) and len(self.written & set(group)) in (0, len(group))
        ]
        groups = dict.fromkeys(array.beside if array.beside in whole else (array.name,) for array in self.own)
        return tuple(tuple(named[name] for name in group) for group in groups)


def local_of(array: str) -> str:
    """The name of the value of an array at the present synapse."""
    return OWN + array.replace(".", "_")


def in_blocks(operation: Propagate, arrays: Mapping[str, Array]) -> Blocks | None:
    """How the rows of a pathway are done in blocks, None where that is not possible or would not pay."""
    nodes = [node for root in expressions_of(replace(operation, scalars=())) for node in walk(root)]
    if not any(takes_time(node) for node in nodes) or any(isinstance(node, Invoke) for node in nodes):
        return None
    if not all(isinstance(s, (Let, Store)) for s in operation.statements):
        return None
    stores = [s for s in operation.statements if isinstance(s, Store)]
    reached = [s.array for s in stores if s.place != "own"]
    own = dict.fromkeys(node.array for node in nodes if isinstance(node, Element) and _is_own(node))
    own |= dict.fromkeys(s.array for s in stores if s.place == "own")
    elsewhere = {node.array for node in nodes if isinstance(node, Element) and not _is_own(node)}
    if elsewhere & own.keys() or any(arrays[name].type == "integer" for name in own):
        return None
    statements: list[Let | Store] = []
    added: list[tuple[str, Store]] = []
    for statement in operation.statements:
        assert isinstance(statement, (Let, Store))
        if isinstance(statement, Let) or statement.place == "own":
            statements.append(statement)
            continue
        addition = statement.value
        if not _adds(statement, addition):
            return None
        assert isinstance(addition, Apply)
        name = f"added_{len(added)}"
        statements.append(Let(name, addition.arguments[1], statement.span))
        there, value = addition.arguments
        added.append((name, replace(statement, value=replace(addition, arguments=(there, Local(name, value.type))))))
    read = {node.array for s in statements for node in walk(s.value) if isinstance(node, Element)}
    if read & set(reached) or len(set(reached)) < len(reached):
        return None  # a synapse may see what another one of its row added
    replaced = tuple(replace(s, value=transform(s.value, _local)) for s in statements)
    written = frozenset(s.array for s in stores if s.place == "own")
    ends = tuple(end for end in ("post", "pre") if end in ends_of(operation))
    twins = _twins(replaced, {s.name for s in operation.scalars if isinstance(s, Let)})
    return Blocks(tuple(arrays[name] for name in own), written, ends, replaced, tuple(added), twins)


def _twins(statements: tuple[Let | Store, ...], scalars: Set[str]) -> dict[str, str]:
    """Scalars that alone tell the argument of a function that takes time from that of an earlier one; see `Blocks`."""
    nodes = [node for statement in statements for node in walk(statement.value)]
    arguments = {node.arguments for node in nodes if isinstance(node, Apply) and takes_time(node)}
    seen: dict[Expression, str] = {}
    twins: dict[str, str] = {}
    for let in statements:
        used = {n for n in walk(let.value) if isinstance(n, Local) and n.name in scalars}
        if not isinstance(let, Let) or (Local(let.name, "real"),) not in arguments or len(used) != 1:
            continue
        (scalar,) = used
        form = _without(scalar, let.value)
        if not _reads_own(form) and seen.setdefault(form, scalar.name) != scalar.name:
            twins[scalar.name] = seen[form]
    return twins


def takes_time(node: Expression) -> bool:
    """Whether a value takes much longer to compute than to read, and can be computed by vector instructions."""
    if isinstance(node, Draw):
        return node.distribution in ("uniform", "normal")
    return isinstance(node, Apply) and node.operation in WORTH_IT


def _is_own(node: Element) -> bool:
    return node.place == "own" and not node.via


def _adds(store: Store, value: Expression) -> bool:
    """Whether a statement adds to what is there, a real number."""
    there = Element(store.array, store.place, "real")
    return isinstance(value, Apply) and value.operation in ("add", "subtract") and value.arguments[0] == there


def _without(scalar: Local, value: Expression) -> Expression:
    return transform(value, lambda node: Constant(0.0, "real") if node == scalar else None)


def _reads_own(value: Expression) -> bool:
    """Whether a value is read from what is written on the way."""
    return any(isinstance(node, Local) and node.name.startswith(OWN) for node in walk(value))


def _local(node: Expression) -> Expression | None:
    return Local(local_of(node.array), node.type) if isinstance(node, Element) and _is_own(node) else None
