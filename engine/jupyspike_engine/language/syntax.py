"""The syntax tree of expressions and statements: what a user's text means, each node with its place in that text.

Two nodes are equal when they say the same, wherever they stand: places take no part in comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..diagnostics import Span


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number, integer or real, or a truth value."""

    value: float | int | bool
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier: a variable, a unit, a constant from outside."""

    id: str
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator applied to one operand (``-``, ``not``) or two."""

    symbol: str
    operands: tuple[Expression, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to arguments."""

    function: str
    arguments: tuple[Expression, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


Expression = Number | Name | Operator | Call


@dataclass(frozen=True, slots=True)
class Assignment:
    """``target = expression`` or an in-place form such as ``target += expression``."""

    target: str
    symbol: str
    expression: Expression
    span: Span | None = field(default=None, compare=False, repr=False)
    target_span: Span | None = field(default=None, compare=False, repr=False)


Block = tuple[Assignment, ...]

LARGEST_INTEGER = 2**63 - 1  # what arrays of integers hold
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
PRECEDENCE = {"or": 1, "and": 2, "not": 3, **dict.fromkeys(COMPARISONS, 4)}
PRECEDENCE |= {"+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6, "negative": 7, "**": 8}


def parts(expression: Expression) -> tuple[Expression, ...]:
    """The nodes directly below a node."""
    if isinstance(expression, Operator):
        return expression.operands
    if isinstance(expression, Call):
        return expression.arguments
    return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The node and all nodes below it."""
    yield expression
    for part in parts(expression):
        yield from walk(part)


def names(expression: Expression) -> set[str]:
    """The identifiers an expression uses, functions excepted."""
    return {node.id for node in walk(expression) if isinstance(node, Name)}


def transform(expression: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """The expression with every node replaced for which ``change`` returns another one (looked at from the top)."""
    changed = change(expression)
    if changed is not None:
        return changed
    if isinstance(expression, Operator):
        return replace(expression, operands=tuple(transform(o, change) for o in expression.operands))
    if isinstance(expression, Call):
        return replace(expression, arguments=tuple(transform(a, change) for a in expression.arguments))
    return expression


def substitute(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """The expression with names replaced by expressions."""
    return transform(expression, lambda node: values.get(node.id) if isinstance(node, Name) else None)


def text(expression: Expression, above: int = 0) -> str:
    """The expression written out again, with no more brackets than it needs."""
    if isinstance(expression, Number):
        return repr(expression.value)
    if isinstance(expression, Name):
        return expression.id
    if isinstance(expression, Call):
        return f"{expression.function}({', '.join(text(a) for a in expression.arguments)})"
    symbol, operands = expression.symbol, expression.operands
    if len(operands) == 1:
        own = PRECEDENCE["not" if symbol == "not" else "negative"]
        written = ("not " if symbol == "not" else "-") + text(operands[0], own)
    else:
        own = PRECEDENCE[symbol]
        left_above, right_above = (own + 1, own) if symbol == "**" else (own, own + 1)
        if symbol in COMPARISONS:  # without brackets, a comparison of a comparison is a chain
            left_above = own + 1
        space = "" if symbol in ("**", "*", "/") else " "
        written = f"{text(operands[0], left_above)}{space}{symbol}{space}{text(operands[1], right_above)}"
    return f"({written})" if own < above else written
