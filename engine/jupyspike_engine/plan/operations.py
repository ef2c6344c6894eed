"""The operations of the plan's expressions: how many arguments each takes and what type its result has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..language.functions import ELEMENTARY, Type

Result = Literal["real", "integer", "boolean", "widest", "either"]


@dataclass(frozen=True, slots=True)
class Row:
    """``widest``: real if one of the arguments is; ``either``: the same of the second and third, or their own type."""

    arguments: int
    result: Result


OPERATIONS: dict[str, Row] = {
    "add": Row(2, "widest"),
    "subtract": Row(2, "widest"),
    "multiply": Row(2, "widest"),
    "divide": Row(2, "real"),
    "floor_divide": Row(2, "widest"),
    "modulo": Row(2, "widest"),
    "power": Row(2, "real"),
    "square": Row(1, "real"),
    "cube": Row(1, "real"),
    "fourth_power": Row(1, "real"),
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
    "select": Row(3, "either"),
    "real": Row(1, "real"),  # a number of another precision, as one of double precision
    "sqrt": Row(1, "real"),
    "abs": Row(1, "widest"),
    "sign": Row(1, "real"),
    "floor": Row(1, "integer"),
    "ceil": Row(1, "integer"),
    "int": Row(1, "integer"),
    "clip": Row(3, "widest"),
    "timestep": Row(2, "integer"),
    **{name: Row(1, "real") for name in ELEMENTARY},
    "bernoulli": Row(1, "real"),  # x/(exp(x) - 1), and 1 where x is 0
}

SYMBOLS = {
    "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "//": "floor_divide", "%": "modulo", "**": "power",
    "==": "equal", "!=": "not_equal", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal",
    "and": "and", "or": "or",
}  # fmt: skip

# Powers with one of these numbers as exponent are operations of their own: products, the same on every target.
POWERS = {2: "square", 3: "cube", 4: "fourth_power", 0.5: "sqrt"}


def result_type(operation: str, arguments: tuple[Type, ...]) -> Type:
    """The type of an operation's result."""
    result = OPERATIONS[operation].result
    if result == "either":
        return "real" if "real" in arguments[1:] else arguments[1]
    if result == "widest":
        return "real" if "real" in arguments else "integer"
    return result
