"""Event-driven equations: linear equations brought to the time of an event without error, however long that is.

An equation on its own has a closed solution. Equations that depend on each other are x' = A x + b, solved by the
exponential of [[A, b], [0, 0]] times the elapsed time, computed in the program (Van Loan, IEEE TAC 23, 1978).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from ..diagnostics import Diagnostic, UnsupportedEquationsException
from ..language.syntax import Expression, Name, names, substitute
from .affine import NotLinearError, affine
from .exponential_euler import EXPONENTIAL_EULER
from .system import ZERO, Exponential, System, UpdateRule, add, calls_at_random, multiply

ELAPSED = Name("_elapsed")


def catching_up(system: System, moving: Set[str]) -> UpdateRule | None:
    """How event-driven variables are brought to the time of an event; the time since the last one is ``_elapsed``.

    Parameters
    ----------
    moving : set of str
        Names whose value may change between events, which coefficients cannot use.

    Raises
    ------
    EquationError
        An equation is not linear, or its coefficients may change between events.
    """
    if not system.equations:
        return None
    message = "event-driven equations must be linear, with coefficients that do not change between events"
    objections = [
        Diagnostic(message, system.places.get(name), "method", found=found, hint="use the flag (clock-driven)")
        for name in system.equations
        if (found := _objection(name, system, moving))
    ]
    if objections:
        raise UnsupportedEquationsException(objections)
    groups = _coupled(system)
    alone = {name: system.equations[name] for group in groups if len(group) == 1 for name in group}
    rule = EXPONENTIAL_EULER.rule(replace(system, equations=alone))
    temporaries = tuple((name, substitute(tree, {"dt": ELAPSED})) for name, tree in rule.temporaries)
    values = {name: substitute(tree, {"dt": ELAPSED}) for name, tree in rule.values.items()}
    exponentials = []
    for number, group in enumerate(group for group in groups if len(group) > 1):
        exponential, solutions = _together(system, group, f"_exponential_{number}")
        exponentials.append(exponential)
        values |= solutions
    return UpdateRule(temporaries, values, exponentials=tuple(exponentials))


def _objection(name: str, system: System, moving: Set[str]) -> str:
    """Why the equation of a variable cannot be solved between events."""
    rhs, variables = system.equations[name], system.equations.keys()
    if noise := sorted(names(rhs) & set(system.noise)):
        return f"d{name}/dt contains white noise ({', '.join(noise)})"
    try:
        affine(rhs, variables)
    except NotLinearError as error:
        return f"d{name}/dt is not linear: {error}"
    if others := sorted(names(rhs) & (moving - variables)):
        return f"d{name}/dt depends on {', '.join(others)}"
    if drawn := calls_at_random(rhs, system):
        return f"d{name}/dt calls {', '.join(f'{function}()' for function in drawn)}, with another value each time"
    return ""


def _coupled(system: System) -> list[list[str]]:
    """The variables in groups that do not depend on each other."""
    groups: list[list[str]] = []
    for name, rhs in system.equations.items():
        touching = [g for g in groups if any(o in names(rhs) or name in names(system.equations[o]) for o in g)]
        groups = [g for g in groups if g not in touching] + [[*(o for g in touching for o in g), name]]
    return groups


def _together(system: System, group: list[str], label: str) -> tuple[Exponential, dict[str, Expression]]:
    split = [affine(system.equations[name], set(group)) for name in group]
    rows = [[*(coefficients.get(name, ZERO) for name in group), rest] for coefficients, rest in split]
    size = len(group)
    if all(rest == ZERO for _, rest in split):
        rows = [row[:-1] for row in rows]
    else:
        size += 1
        rows.append([ZERO] * size)
    entries = tuple(multiply(entry, ELAPSED) for row in rows for entry in row)
    results = tuple(f"{label}_{r}_{c}" for r in range(size) for c in range(size))
    values: dict[str, Expression] = {}
    for r, name in enumerate(group):
        value: Expression = Name(f"{label}_{r}_{size - 1}") if size > len(group) else ZERO
        for c, other in enumerate(group):
            value = add(value, multiply(Name(f"{label}_{r}_{c}"), Name(other)))
        values[name] = value
    return Exponential(results, entries), values
