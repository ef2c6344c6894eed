"""What to try when units do not fit: a constant in another unit; and which units the names of an expression have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..units import CANDELA, DIMENSIONLESS, Dimension
from ..units.dimensions import COHERENT_UNITS
from .scope import LANGUAGE, Scope, Symbol
from .syntax import Call, Expression, Name, Operator, names, walk

Measure = Callable[[Expression, Scope], Dimension | None]
"""The dimension of an expression; None if its units disagree, or one is not known."""

_MOST_NAMES = 8
_USUAL_NAMES = ("volt", "amp", "second", "hertz", "siemens", "ohm", "farad", "metre", "mmolar")
_USUAL = (DIMENSIONLESS, *(COHERENT_UNITS[name] for name in _USUAL_NAMES))


def unit_text(dimension: Dimension) -> str:
    """A dimension as a user is told of it."""
    return "a plain number" if dimension.is_dimensionless else str(dimension)


def other_units(expression: Expression, wanted: Sequence[Dimension], scope: Scope, measure: Measure) -> str:
    """What to try for an expression that has not the wanted dimension, or whose operands or arguments have not.

    These are constants with which it would fit if only their own unit were another, usual one.
    """
    parts = (expression,) if len(wanted) == 1 else _parts(expression)
    named = Counter(name for part in parts for name in names(part))
    told = [
        _told(symbol, other)
        for part, dimension in zip(parts, wanted, strict=True)
        for name, symbol in _symbols(part, scope).items()
        if symbol.meaning == "constant"
        and named[name] == 1
        and (other := _solved(part, scope, symbol, dimension, measure)) is not None
    ]
    return "\n".join(told)


def _parts(expression: Expression) -> tuple[Expression, ...]:
    if isinstance(expression, Operator):
        return expression.operands
    return expression.arguments if isinstance(expression, Call) else ()


def _told(symbol: Symbol, other: Dimension) -> str:
    then = f"as {unit_text(other)}" if other.is_dimensionless else f"in {other}"
    return f"{symbol.name} is {_in_unit(symbol.dimension)}; {then} it would fit"


def _solved(part: Expression, scope: Scope, symbol: Symbol, wanted: Dimension, measure: Measure) -> Dimension | None:
    """The usual dimension of one symbol that gives an expression the wanted one, if there is one."""

    def measured(dimension: Dimension) -> Dimension | None:
        return measure(part, scope.with_symbols(replace(symbol, dimension=dimension)))

    now, probed = measured(symbol.dimension), measured(symbol.dimension * CANDELA)
    if now is None or probed is None:
        return None
    power = (probed / now).exponents[-1]
    if power == 0:
        return None
    other = symbol.dimension * (wanted / now) ** (1 / power)
    return other if other in _USUAL and measured(other) is wanted else None


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
    plain = all(isinstance(part, Name) for part in _parts(expression))
    if plain or not 1 < sum(map(len, units.values())) <= _MOST_NAMES:
        return found
    return f"{found}\nwith " + "; ".join(f"{', '.join(several)} {unit}" for unit, several in units.items())


def _in_unit(dimension: Dimension) -> str:
    return unit_text(dimension) if dimension.is_dimensionless else f"in {dimension}"
