"""Divisions, which take as long as ten multiplications, where a product is as good.

A quotient is replaced by a product with the reciprocal, which is then computed once for all elements, where the divisor
is the same for all of them and the quotient is no exact number anyway: in the argument of an elementary function, or of
a value that comes from one. What is rounded to whole numbers or compared stays as it was written.

A division by exprel(x), as the rates of gates have, is a product with x/(exp(x) - 1).
"""

from __future__ import annotations

from dataclasses import replace

from ..language.functions import ELEMENTARY
from .nodes import Apply, Constant, Element, Expression, Let, Local, Parameter, Statement, Time, Update
from .traversal import walk, with_values

_SMOOTH = {
    "add",
    "subtract",
    "multiply",
    "divide",
    "negative",
    "power",
    "square",
    "cube",
    "fourth_power",
    "sqrt",
    "real",
}


def multiplied(operation: Update) -> Update:
    """The update with products in place of quotients."""
    rounded: set[str] = set()  # names of values that come from elementary functions
    statements: list[Statement] = []
    for statement in operation.statements:
        changed = with_values(statement, lambda value: _changed(value, rounded, inside=False))
        if isinstance(changed, Let) and _is_rounded(changed.value, rounded):
            rounded.add(changed.name)
        statements.append(changed)
    return replace(operation, statements=tuple(statements))


def _changed(value: Expression, rounded: set[str], inside: bool) -> Expression:
    if not isinstance(value, Apply):
        return value
    within = value.operation in ELEMENTARY or (inside and value.operation in _SMOOTH)
    arguments = tuple(_changed(argument, rounded, within) for argument in value.arguments)
    if value.operation == "divide":
        numerator, divisor = arguments
        if isinstance(divisor, Apply) and divisor.operation == "exprel":
            return Apply("multiply", (numerator, Apply("bernoulli", divisor.arguments, "real")), "real")
        if _is_common(divisor) and not _is_common(numerator) and (inside or _is_rounded(numerator, rounded)):
            return Apply("multiply", (numerator, Apply("divide", (Constant(1.0, "real"), divisor), "real")), "real")
    return replace(value, arguments=arguments)


def _is_common(value: Expression) -> bool:
    """Whether it is the same for all elements."""
    return all(
        isinstance(node, (Constant, Parameter, Time, Apply)) or (isinstance(node, Element) and node.place == "one")
        for node in walk(value)
    )


def _is_rounded(value: Expression, rounded: set[str]) -> bool:
    return any(
        node.operation in (*ELEMENTARY, "bernoulli") if isinstance(node, Apply)
        else isinstance(node, Local) and node.name in rounded
        for node in walk(value)
    )  # fmt: skip
