"""Going through the expressions and statements of plans: what is below a node, and the same with other parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from .nodes import (
    Apply,
    Detect,
    Draw,
    Element,
    Eliminate,
    Exponentiate,
    Expression,
    Index,
    Invoke,
    Law,
    Lookup,
    Operation,
    Place,
    Propagate,
    React,
    RecordEvents,
    RecordState,
    Solve,
    Statement,
    Store,
    Sum,
    Update,
)


def parts(expression: Expression) -> tuple[Expression, ...]:
    """The nodes directly below a node."""
    if isinstance(expression, (Apply, Invoke, Draw)):
        return expression.arguments
    return (expression.position,) if isinstance(expression, Lookup) else ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The node and all nodes below it."""
    yield expression
    for part in parts(expression):
        yield from walk(part)


def expressions_of(operation: Operation) -> Iterator[Expression]:
    """The expressions of an operation, each at its root."""
    if isinstance(operation, Detect):
        yield operation.condition
    if isinstance(operation, Sum):
        yield operation.value
    if isinstance(operation, Eliminate):
        yield operation.scale
    if isinstance(operation, (RecordEvents, RecordState)):
        yield from operation.values
    for statement in statements_of(operation):
        yield from values_of(statement)


def ends_of(operation: Operation) -> set[Place]:
    """The places of elements that an operation uses."""
    nodes = [node for root in expressions_of(operation) for node in walk(root)]
    used = {node.place for node in nodes if isinstance(node, (Element, Index, Draw))}
    used |= {s.place for s in statements_of(operation) if isinstance(s, Store)}
    return used | ({operation.place} if isinstance(operation, Sum) else set())


def reaches_out(operation: Operation) -> bool:
    """Whether it writes at the ends of synapses: these are then done one after the other."""
    return any(isinstance(s, Store) and s.place in ("pre", "post") for s in statements_of(operation))


def statements_of(operation: Operation) -> tuple[Statement, ...]:
    """The statements of an operation, those that are run once before the others."""
    if isinstance(operation, Sum):
        return operation.scalars
    if isinstance(operation, (Update, Detect, React, Propagate)):
        return (*operation.scalars, *operation.statements)
    return ()


def values_of(statement: Statement) -> tuple[Expression, ...]:
    """The expressions of a statement."""
    if isinstance(statement, Exponentiate):
        return statement.entries
    if isinstance(statement, Law):
        return statement.arguments
    if isinstance(statement, Solve):
        return (*(let.value for let in statement.body), *statement.tolerances, statement.most)
    return (statement.value,)


def with_values(statement: Statement, change: Callable[[Expression], Expression]) -> Statement:
    """The statement with each of its expressions replaced by what ``change`` returns."""
    if isinstance(statement, Exponentiate):
        return replace(statement, entries=tuple(map(change, statement.entries)))
    if isinstance(statement, Law):
        return replace(statement, arguments=tuple(map(change, statement.arguments)))
    if isinstance(statement, Solve):
        body = tuple(replace(let, value=change(let.value)) for let in statement.body)
        return replace(
            statement, body=body, tolerances=tuple(map(change, statement.tolerances)), most=change(statement.most)
        )
    return replace(statement, value=change(statement.value))


def transform(expression: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """The expression with every node replaced for which ``change`` returns another one (looked at from the top)."""
    changed = change(expression)
    if changed is not None:
        return changed
    if isinstance(expression, (Apply, Invoke, Draw)):
        return replace(expression, arguments=tuple(transform(a, change) for a in expression.arguments))
    if isinstance(expression, Lookup):
        return replace(expression, position=transform(expression.position, change))
    return expression
