"""What to try when units do not fit: a constant in another unit; and which units the names of an expression have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..units import DIMENSIONLESS, SECOND, Dimension
from ..units.dimensions import COHERENT_UNITS
from .scope import LANGUAGE, Scope, Symbol
from .syntax import Expression, Name, Operator, walk

Measure = Callable[[Expression, Scope], Dimension | None]
"""The dimension of an expression; None if its units disagree, or one is not known."""

_MOST_NAMES = 8
_USUAL_NAMES = ("volt", "amp", "second", "hertz", "siemens", "ohm", "farad", "metre", "mmolar")
_USUAL_RATES = ("volt", "amp", "mmolar")
_USUAL = (
    DIMENSIONLESS,
    *(COHERENT_UNITS[name] for name in _USUAL_NAMES),
    *(COHERENT_UNITS[name] / SECOND for name in _USUAL_RATES),
)


def unit_text(dimension: Dimension) -> str:
    """A dimension as a user is told of it."""
    return "a plain number" if dimension.is_dimensionless else str(dimension)


def other_units(expression: Expression, wanted: Dimension, scope: Scope, measure: Measure) -> str:
    """The constants with which an expression would have the wanted dimension if only their own unit were another one.

    Only usual units are thought of.
    """
    constants = [symbol for symbol in _symbols(expression, scope).values() if symbol.meaning == "constant"]
    told = [
        f"{symbol.name} is {_in_unit(symbol.dimension)}; {'as' if other.is_dimensionless else 'in'} {unit_text(other)} "
        "it would fit"
        for symbol in constants
        for other in _USUAL
        if measure(expression, scope.with_symbols(replace(symbol, dimension=other))) is wanted
    ]
    return "\n".join(told)


def _symbols(expression: Expression, scope: Scope) -> dict[str, Symbol]:
    """What the names of an expression stand for, without units and numbers of the language."""
    used = dict.fromkeys(node.id for node in walk(expression) if isinstance(node, Name) and node.id not in LANGUAGE)
    found = ((name, scope.lookup(name)) for name in used)
    return {name: symbol for name, symbol in found if symbol is not None and symbol.type != "boolean"}


def with_names(found: str, expression: Expression, scope: Scope) -> str:
    """The unit that was found for an expression, and below it the units of its names where that is not the same."""
    units: dict[str, list[str]] = {}
    for name, symbol in _symbols(expression, scope).items():
        units.setdefault(_in_unit(symbol.dimension), []).append(name)
    plain = isinstance(expression, Operator) and all(isinstance(part, Name) for part in expression.operands)
    if plain or not 1 < sum(map(len, units.values())) <= _MOST_NAMES:
        return found
    return f"{found}\nwith " + "; ".join(f"{', '.join(several)} {unit}" for unit, several in units.items())


def _in_unit(dimension: Dimension) -> str:
    return unit_text(dimension) if dimension.is_dimensionless else f"in {dimension}"
