"""Values that travel with equations: each under a name of its own, and written out where a person reads the equations.

A value stays an argument of the built program, so that the same equations with other values need no new one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..diagnostics import ArgumentTypeError
from ..units import DIMENSIONLESS, SHORTHANDS, UNITS, Dimension, bare, notation, quantity
from .expressions import expression
from .syntax import Expression, Name, Number, Operator

_SHORT = {name: short for short, name in SHORTHANDS.items()}


@dataclass(frozen=True, slots=True)
class Value:
    """A number with its dimension, in base units."""

    number: float | int | bool
    dimension: Dimension = DIMENSIONLESS

    @property
    def quantity(self) -> Any:
        """The value as a quantity, or as a plain number."""
        return self.number if self.dimension.is_dimensionless else quantity(float(self.number), self.dimension)

    @property
    def written(self) -> Expression:
        """The value as an expression that evaluates to exactly it, in the unit that suits it best if there is one.

        Examples
        --------
        >>> from jupyspike_engine.language.syntax import text
        >>> text(value_of('tau', 10*ms).written), text(value_of('g', 200*siemens/metre**2).written)
        ('10*ms', '20*mS/cm**2')
        """
        if self.dimension.is_dimensionless or not math.isfinite(self.number):
            number = _literal(self.number)
            return number if self.dimension.is_dimensionless else Operator("*", (number, _unit(self.dimension)))
        tries = (expression(text, "value") for text in self._texts())
        return next(tree for tree in tries if _evaluated(tree) == self.number)

    def _texts(self) -> Iterator[str]:
        """Ways to write the value, the most readable first; the last one is exact."""
        scale = notation.best_scale(np.asarray(self.number), self.dimension)
        if all(symbol.name in UNITS for symbol, _ in scale.factors):
            for digits in (12, 15, 16, 17):
                yield _product(f"{self.number / scale.factor:.{digits}g}", scale)
        yield _product(repr(float(self.number)), notation.coherent_scale(self.dimension))


def _product(number: str, scale: notation.Scale) -> str:
    unit = re.sub(r"[A-Za-z]\w*", lambda name: _SHORT.get(name[0], name[0]), notation.code(scale.factors))
    return f"{number}/{unit[4:]}" if unit.startswith("1 / ") else f"{number}*{unit}"


def _literal(number: float | int | bool) -> Expression:
    if isinstance(number, bool) or not (number < 0 or math.isinf(number)):
        return Number(number)
    size: Expression = Name("inf") if math.isinf(number) else Number(abs(number))
    return Operator("-", (size,)) if number < 0 else size


def _unit(dimension: Dimension) -> Expression:
    return expression(notation.code(notation.coherent_scale(dimension).factors), "unit")


def _evaluated(tree: Expression) -> float:
    """The value of a product of a number and units, computed as a program does it."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return float(UNITS[tree.id])
    assert isinstance(tree, Operator)
    left, *right = [_evaluated(operand) for operand in tree.operands]
    if not right:
        return -left
    return left ** right[0] if tree.symbol == "**" else left * right[0] if tree.symbol == "*" else left / right[0]


def value_of(name: str, given: object) -> Value:
    """The value that is given for a name.

    Raises
    ------
    ArgumentTypeError
        It is not a single number, with or without a unit.
    """
    numbers, dimension = bare(given)
    if np.ndim(numbers) != 0 or np.asarray(numbers).dtype.kind not in "biuf":
        raise ArgumentTypeError(
            f"'{name}' can be replaced by a name or by a single value", kind="type", found=repr(given),
            hint=f"for a value of each element write a line '{name} : unit' and set it in the group",
        )  # fmt: skip
    return Value(np.asarray(numbers).item(), dimension)


def hidden_name(name: str, value: Value, taken: Mapping[str, Value]) -> str:
    """A name that no user's text has, for a value: another one if that stands for another value already."""
    hidden = name
    count = 1
    while taken.get(hidden, value) != value:
        count += 1
        hidden = f"{name}_{count}"
    return hidden
