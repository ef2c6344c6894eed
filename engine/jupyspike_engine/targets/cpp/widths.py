"""Loops over values of one width: vector instructions do not mix numbers of 8 bytes and truth values of one well.

What a loop over real numbers does with truth values is done in a loop of its own, over a block that is still near.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import reduce

from ...plan.nodes import (
    Apply,
    Array,
    Draw,
    Element,
    Expression,
    Invoke,
    Let,
    Local,
    Store,
    Update,
    expressions_of,
    transform,
    walk,
)  # fmt: skip


def by_width(condition: Expression) -> list[Expression]:
    """A condition as parts that must all hold: what compares numbers, and what only looks at truth values."""
    numbers: list[Expression] = []
    truths: list[Expression] = []
    for part in _joined(condition):
        (truths if _of_truths(part) else numbers).append(part)
    return [reduce(lambda a, b: Apply("and", (a, b), "boolean"), parts) for parts in (numbers, truths) if parts]


def _joined(condition: Expression) -> list[Expression]:
    if isinstance(condition, Apply) and condition.operation == "and":
        return [part for argument in condition.arguments for part in _joined(argument)]
    return [condition]


def _of_truths(condition: Expression) -> bool:
    """Whether it is made of truth values in arrays."""
    elements = [node for node in walk(condition) if isinstance(node, Element)]
    logic = all(node.type == "boolean" for node in walk(condition))
    return bool(elements) and logic and all(node.place == "own" and not node.via for node in elements)


def narrow_stores(operation: Update, arrays: Mapping[str, Array]) -> dict[str, Store]:
    """The truth values that an update writes beside numbers, and that can be found again when these are written.

    They are given by array, in terms of what the update only reads.
    """
    if any(not isinstance(s, (Let, Store)) for s in operation.statements):
        return {}
    lets = {s.name: s.value for s in operation.statements if isinstance(s, Let)}
    stores = [s for s in operation.statements if isinstance(s, Store)]
    written = Counter(s.array for s in stores)
    read = {node.array for root in expressions_of(operation) for node in walk(root) if isinstance(node, Element)}
    narrow: dict[str, Store] = {}
    for store in stores:
        if arrays[store.array].type != "boolean" or store.place != "own":
            continue
        value = transform(store.value, lambda node: lets.get(node.name) if isinstance(node, Local) else None)
        nodes = list(walk(value))
        known = not any(isinstance(node, Local) and node.name in lets for node in nodes)
        again = known and not any(_changes(node, written) for node in nodes)
        if written[store.array] == 1 and store.array not in read and again:
            narrow[store.array] = Store(store.array, "own", value, store.span)
    return narrow if len(narrow) < len(written) else {}


def _changes(node: Expression, written: Mapping[str, int]) -> bool:
    """Whether a value may be another one when what is written has been."""
    return isinstance(node, (Draw, Invoke)) or (isinstance(node, Element) and node.array in written)
