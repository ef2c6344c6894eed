"""Loops over values of one width: vector instructions do not mix numbers of 8 bytes and truth values of one well.

What a loop over real numbers does with truth values is done in a loop of its own, over a block that is still near.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from ...plan.nodes import Apply, Array, Draw, Element, Expression, Invoke, Let, Local, Store, Update
from ...plan.traversal import transform, walk


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
    """The truth values that an update writes beside numbers, and that can be found before these are written.

    They are given by array, in terms of what was there before the update.
    """
    statements = [s for s in operation.statements if isinstance(s, (Let, Store))]
    if len(statements) < len(operation.statements):
        return {}
    times = Counter(s.array for s in statements if isinstance(s, Store))
    lets: dict[str, Expression | None] = {}  # None where the value is not one of before
    written: set[str] = set()
    narrow: dict[str, Store] = {}
    for statement in statements:
        before = not any(_changes(node, written, times) for node in walk(statement.value))
        if isinstance(statement, Let):
            lets[statement.name] = statement.value if before else None
            continue
        if before and statement.place == "own" and arrays[statement.array].type == "boolean":
            value = transform(statement.value, lambda node: lets.get(node.name) if isinstance(node, Local) else None)
            if not any(isinstance(node, Local) and node.name in lets for node in walk(value)):
                narrow[statement.array] = replace(statement, value=value)
        written.add(statement.array)
    while seen := {array for array in narrow if times[array] > 1 or array in _read_beside(narrow, statements)}:
        narrow = {array: store for array, store in narrow.items() if array not in seen}
    return narrow if len(narrow) < len(times) else {}


def _changes(node: Expression, written: Collection[str], ever: Collection[str]) -> bool:
    """Whether a value may be another one than before the update, given the arrays written until then and ever."""
    if isinstance(node, Element):
        return node.array in (written if node.place == "own" and not node.via else ever)
    return isinstance(node, (Draw, Invoke))


def _read_beside(narrow: Mapping[str, Store], statements: Sequence[Let | Store]) -> set[str]:
    """The arrays that statements read for what they write beside these truth values."""
    used: set[str] = set()
    read: set[str] = set()
    for statement in reversed(statements):
        if statement.array in narrow if isinstance(statement, Store) else statement.name not in used:
            continue
        for node in walk(statement.value):
            if isinstance(node, Local):
                used.add(node.name)
            elif isinstance(node, Element):
                read.add(node.array)
    return read
