"""Passes: pure functions from plan to plan, in one ordered list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from ..diagnostics import Span
from .nodes import (
    Apply,
    Constant,
    Detect,
    Draw,
    Element,
    Expression,
    Law,
    Let,
    Local,
    Lookup,
    Operation,
    Parameter,
    Plan,
    Propagate,
    React,
    Solve,
    Statement,
    Time,
    Update,
)
from .traversal import parts, transform, walk, with_values

Looping = Update | Detect | React | Propagate


def share(plan: Plan) -> Plan:
    """Values that an operation needs more than once, before it has written anything, are computed once."""
    return _for_loops(plan, _shared)


def hoist(plan: Plan) -> Plan:
    """What does not depend on the element is computed once before the loop over the elements."""
    return _for_loops(plan, lambda operation: _Hoisting().run(operation))


# Sharing comes first: what it names may then leave the loop as a whole.
PASSES: tuple[Callable[[Plan], Plan], ...] = (share, hoist)


def optimised(plan: Plan) -> Plan:
    for transformation in PASSES:
        plan = transformation(plan)
    return plan


def _for_loops(plan: Plan, change: Callable[[Looping], Operation]) -> Plan:
    operations = tuple(change(o) if isinstance(o, Looping) else o for o in plan.operations)
    return replace(plan, operations=operations)


def _shared(operation: Looping) -> Operation:
    if not isinstance(operation, Update):
        return operation
    reads = 0
    while reads < len(operation.statements) and isinstance(operation.statements[reads], Let):
        reads += 1
    head = _without_repetition([s for s in operation.statements[:reads] if isinstance(s, Let)], "shared")
    tail = (
        replace(s, body=tuple(_without_repetition(list(s.body), "solve_shared"))) if isinstance(s, Solve) else s
        for s in operation.statements[reads:]
    )
    return replace(operation, statements=(*head, *tail))


def _without_repetition(lets: list[Let], prefix: str) -> list[Let]:
    """The statements with each value computed once, just before the first that needs it."""
    uses: Counter[Apply] = Counter()

    def count(node: Expression) -> None:
        if isinstance(node, Apply):
            uses[node] += 1
            if uses[node] > 1:  # what is below is then used once, where this is computed
                return
        for part in parts(node):
            count(part)

    for let in lets:
        count(let.value)
    repeated = sorted((n for n, times in uses.items() if times > 1), key=lambda n: -sum(1 for _ in walk(n)))
    names = {value: Local(f"{prefix}_{k}", value.type) for k, value in enumerate(repeated)}
    result: list[Let] = []
    known: set[Apply] = set()

    def named(span: Span | None, node: Expression) -> Expression | None:
        if not isinstance(node, Apply) or node not in names:
            return None
        if node not in known:
            known.add(node)
            below = tuple(transform(part, partial(named, span)) for part in node.arguments)
            result.append(Let(names[node].name, replace(node, arguments=below), span))
        return names[node]

    for let in lets:
        value = transform(let.value, partial(named, let.span))
        result.append(replace(let, value=value))
    return result


@dataclass
class _Hoisting:
    scalars: list[Let | Law] = field(default_factory=list)
    known: dict[Expression, Local] = field(default_factory=dict)
    laws: dict[Law, str] = field(default_factory=dict)
    invariant: dict[str, Local] = field(default_factory=dict)

    def run(self, operation: Looping) -> Operation:
        statements: list[Statement] = []
        condition = self.lifted(operation.condition) if isinstance(operation, Detect) else None
        for statement in operation.statements:
            if isinstance(statement, Let) and self.is_invariant(statement.value):
                self.scalars.append(statement)
                self.invariant[statement.name] = Local(statement.name, statement.value.type)
            else:
                statements.append(with_values(statement, self.lifted))
        scalars: tuple[Statement, ...] = (*operation.scalars, *self.scalars)
        changed = replace(operation, statements=tuple(statements), scalars=scalars)
        if isinstance(changed, Detect) and condition is not None:
            changed = replace(changed, condition=condition)
        return changed

    def is_invariant(self, value: Expression) -> bool:
        if isinstance(value, Apply):
            return all(self.is_invariant(argument) for argument in value.arguments)
        if isinstance(value, Local):
            return value.name in self.invariant
        if isinstance(value, Element):
            return value.place == "one"  # nothing in a loop over elements sets what they share
        if isinstance(value, Lookup):
            return self.is_invariant(value.position)
        return isinstance(value, (Constant, Parameter, Time))

    def lifted(self, value: Expression) -> Expression:
        return transform(value, self._replaced)

    def _replaced(self, value: Expression) -> Expression | None:
        if isinstance(value, Draw):
            return self._by_law(value)
        if not isinstance(value, (Apply, Lookup)) or not self.is_invariant(value):
            return None
        if value not in self.known:
            local = Local(f"scalar_{len(self.known)}", value.type)
            self.known[value] = local
            self.invariant[local.name] = local
            self.scalars.append(Let(local.name, value))
        return self.known[value]

    def _by_law(self, draw: Draw) -> Draw | None:
        """The draw with a law in place of its arguments, if all elements have the same."""
        if not draw.arguments or not all(map(self.is_invariant, draw.arguments)):
            return None
        law = Law("", draw.distribution, tuple(map(self.lifted, draw.arguments)))
        if law not in self.laws:
            self.laws[law] = f"law_{len(self.laws)}"
            self.scalars.append(replace(law, name=self.laws[law]))
        return replace(draw, arguments=(), law=self.laws[law])
