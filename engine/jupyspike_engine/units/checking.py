"""A decorator that checks the units of a function's arguments and result."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np

from ..diagnostics import ArgumentTypeError, DimensionMismatchError
from .arrays import bare, dimension_of
from .dimensions import Dimension
from .notation import coherent_scale
from .ufuncs import fits, short_text
from .unit import Unit

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class UnitRules:
    """What units a function takes and gives, as declared with `check_units`.

    Parameters
    ----------
    arguments : mapping
        By name of the argument: a unit, 1, `bool`, the name of an argument that has the same unit, or None for any.
    result
        A unit, 1, `bool`, a function from the units of the arguments to that of the result, or None for any.
    """

    arguments: Mapping[str, Any]
    result: Any


def check_units(**rules: Any) -> Callable[[F], F]:
    """Declare the units of a function's arguments and of its result; both are checked at each call.

    Parameters
    ----------
    **rules
        For each argument to check, its unit; 1 for a plain number, `bool` for a truth value, the name of another
        argument for the same unit as that one has. Also for arguments that the function takes as ``**kwargs``.
        Texts, None and plain zeros pass every check of a unit.
        ``result`` is the unit of the result, or a function that gets the units of all arguments and returns it.

    Returns
    -------
    callable
        A decorator. The decorated function has the declaration as attribute ``unit_rules``.

    Raises
    ------
    DimensionMismatchError
        When the function is called with, or returns, a value of another unit.
    ArgumentTypeError
        When something other than a truth value stands for one.

    Examples
    --------
    >>> @check_units(I=amp, R=ohm, result=volt)
    ... def voltage(I, R):
    ...     return I * R
    >>> voltage(2 * nA, 3 * Mohm)
    6. * mvolt
    >>> @check_units(x=second, result=lambda x: x**2)
    ... def square(x):
    ...     return x**2
    """
    declared = UnitRules({name: rule for name, rule in rules.items() if name != "result"}, rules.get("result"))

    def decorate(function: F) -> F:
        signature = inspect.signature(function)
        name = function.__name__

        @functools.wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            arguments = _by_name(signature, args, kwargs)
            for argument, rule in declared.arguments.items():
                if argument in arguments:
                    _check(arguments[argument], _resolved(rule, arguments), name, f'for argument "{argument}"')
            result = function(*args, **kwargs)
            _check(result, _result_rule(declared.result, arguments), name, "as its result")
            return result

        checked.unit_rules = declared  # type: ignore[attr-defined]
        return cast(F, checked)

    return decorate


def _by_name(signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    arguments: dict[str, Any] = {}
    for parameter, value in bound.arguments.items():
        if signature.parameters[parameter].kind is inspect.Parameter.VAR_KEYWORD:
            arguments.update(value)
        else:
            arguments[parameter] = value
    return arguments


def _resolved(rule: Any, arguments: Mapping[str, Any]) -> Any:
    """The rule of an argument; for the name of another argument, the unit that one has."""
    if not isinstance(rule, str):
        return rule
    other = arguments.get(rule)
    return None if other is None or isinstance(other, str) else dimension_of(other)


def _result_rule(rule: Any, arguments: Mapping[str, Any]) -> Any:
    if rule is None or rule is bool or not callable(rule):
        return rule
    with_units = (v for v in arguments.values() if v is not None and not isinstance(v, str))
    return rule(*(Unit(coherent_scale(dimension_of(v))) for v in with_units))


def _check(value: Any, rule: Any, function: str, role: str) -> None:
    if rule is None or value is None or isinstance(value, str):
        return
    if rule is bool:
        if not isinstance(value, (bool, np.bool_)) and getattr(value, "dtype", None) != np.bool_:
            raise ArgumentTypeError(
                f'Function "{function}" expected a truth value {role} but got {value!r}.', kind="type", expected="bool"
            )
        return
    expected: Dimension = dimension_of(rule)
    values, dimension = bare(value)
    if not fits(values, dimension, expected):
        raise DimensionMismatchError(
            f'Function "{function}" expected a quantity with unit {expected} {role} '
            f"but got {short_text(values, dimension)} (unit is {dimension}).",
            kind="unit",
            found=str(dimension),
            expected=str(expected),
        )
