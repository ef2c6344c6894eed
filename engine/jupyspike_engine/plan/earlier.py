"""What elements see of each other while all of them change: the values before, in whatever order they are done.

That happens where a variable is linked to one of the same group. The values are copied just before the operation.
Synapses that change neurons are another case: they act one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .nodes import Array, Element, Expression, React, Solve, Store, Update
from .traversal import expressions_of, statements_of, transform, walk, with_values

EARLIER = "_earlier_"  # begins the names of copies


def with_earlier(operation: Update | React, arrays: Mapping[str, Array]) -> tuple[dict[Array, Update], Update | React]:
    """The copies that an operation needs, each with the operation that makes it, and the operation that reads them."""
    written: set[str] = set()
    for statement in statements_of(operation):
        if isinstance(statement, Store) and statement.place == "own":
            written.add(statement.array)
        elif isinstance(statement, Solve):
            written.update(statement.written)
    nodes = [node for root in expressions_of(operation) for node in walk(root)]
    seen = dict.fromkeys(n.array for n in nodes if isinstance(n, Element) and n.via and n.array in written)
    if not seen:
        return {}, operation

    def read(node: Expression) -> Expression | None:
        if isinstance(node, Element) and node.via and node.array in seen:
            return replace(node, array=_copy_of(arrays[node.array]).name)
        return None

    copies = {}
    for array in map(arrays.__getitem__, seen):
        copied = Store(_copy_of(array).name, "own", Element(array.name, "own", array.type))
        copies[_copy_of(array)] = Update(operation.clock, operation.domain, (copied,))
    changed = (with_values(s, lambda value: transform(value, read)) for s in operation.statements)
    return copies, replace(operation, statements=tuple(changed))


def _copy_of(array: Array) -> Array:
    domain, _, name = array.name.partition(".")
    return replace(array, name=f"{domain}.{EARLIER}{name}")
