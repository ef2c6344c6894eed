"""The operations of the plan's expressions: how many arguments each takes and what type its result has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..language.functions import Type

Result = Literal["real", "integer", "boolean", "widest", "second"]


@dataclass(frozen=True, slots=True)
class Row:
    """``widest``: real if one of the arguments is; ``second``: the type of the second argument."""

    arguments: int
    result: Result


OPERATIONS: dict[str, Row] = {
    "add": Row(2, "widest"),
    "subtract": Row(2, "widest"),
    "multiply": Row(2, "widest"),
    "divide": Row(2, "real"),
    "floor_divide": Row(2, "widest"),
    "modulo": Row(2, "widest"),
    "power": Row(2, "widest"),
    "negative": Row(1, "widest"),
    "equal": Row(2, "boolean"),
    "not_equal": Row(2, "boolean"),
    "less": Row(2, "boolean"),
    "less_equal": Row(2, "boolean"),
    "greater": Row(2, "boolean"),
    "greater_equal": Row(2, "boolean"),
    "and": Row(2, "boolean"),
    "or": Row(2, "boolean"),
    "not": Row(1, "boolean"),
    "select": Row(3, "second"),
    "sqrt": Row(1, "real"),
    "abs": Row(1, "widest"),
    "sign": Row(1, "real"),
    "floor": Row(1, "integer"),
    "ceil": Row(1, "integer"),
    "int": Row(1, "integer"),
    "clip": Row(3, "widest"),
    "timestep": Row(2, "integer"),
    **{
        name: Row(1, "real")
        for name in (
            "exp",
            "log",
            "log10",
            "expm1",
            "log1p",
            "exprel",
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
            "arcsin",
            "arccos",
            "arctan",
        )
    },
}

SYMBOLS = {
    "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "//": "floor_divide", "%": "modulo", "**": "power",
    "==": "equal", "!=": "not_equal", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal",
    "and": "and", "or": "or",
}  # fmt: skip


def result_type(operation: str, arguments: tuple[Type, ...]) -> Type:
    """The type of an operation's result."""
    result = OPERATIONS[operation].result
    if result == "second":
        return arguments[1]
    if result == "widest":
        if operation == "power" or "real" in arguments:
            return "real"
        return "integer"
    return result
