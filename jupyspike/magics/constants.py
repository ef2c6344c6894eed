"""The constants of a cell: their values, and the ranges of those that have a slider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jupyspike.magics.grammar import Cell, Constant
from jupyspike.magics.keys import KEYS
from jupyspike_engine.diagnostics import Problems
from jupyspike_engine.language.check import Sort
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.language.suggestions import one_letter_apart
from jupyspike_engine.language.syntax import Expression, Name, text, walk
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.objects.running.live import Range
from jupyspike_engine.units import dimension_of


@dataclass
class Constants:
    """The constants of a cell.

    Attributes
    ----------
    names : mapping
        The names of the notebook that the cell sees: a constant that has problems hides those of its name.
    values, ranges : dict
    """

    names: Mapping[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """What names mean in values, such as those of options."""
        return Scope({}, external_names(self.values, self.names), complete=True)


def read_constants(cell: Cell, names: Mapping[str, Any], problems: Problems) -> Constants:
    """Evaluate the constants of a cell; each may use those above it and names of the notebook."""
    own = {constant.name for constant in cell.constants}
    constants = Constants({name: value for name, value in names.items() if name not in own})
    for constant in cell.constants:
        before = len(problems.found)
        _check_names(constant, cell, constants.values, problems)
        if len(problems.found) == before:
            with problems.collecting():
                constants.values[constant.name] = value_of(constant.value, constants.scope)
                _read_range(constant, constants, problems)
    return constants


def _check_names(constant: Constant, cell: Cell, values: Iterable[str], problems: Problems) -> None:
    """Report variables, which have no value yet, and constants that come later or have problems themselves."""
    variables = {definition.name for definition in cell.definitions}
    later = {other.name: other.name_span.line for other in cell.constants if other.name not in values}
    for node in _nodes(constant):
        if not isinstance(node, Name):
            continue
        if node.id in variables:
            key = next((key for key in KEYS if one_letter_apart(constant.name, key)), "")
            hint = f"what changes needs a unit: {constant.name} = {text(constant.value)} : volt, or another unit"
            hint = f"did you mean '{key}:'?" if key else hint
            problems.add(f"'{node.id}' is a variable, so this is no constant", node.span, "name", hint=hint)
        elif later.get(node.id, 0) >= constant.name_span.line:
            where = f"in line {later[node.id]}" if node.id != constant.name else "through itself"
            hint = "a constant may use those above it" if node.id != constant.name else ""
            problems.add(f"'{node.id}' is defined {where}", node.span, "name", hint=hint)


def _nodes(constant: Constant) -> Iterable[Expression]:
    parts = [constant.value]
    if constant.bounds is not None:
        parts += [part for part in (constant.bounds.low, constant.bounds.high, constant.bounds.step) if part]
    return (node for part in parts for node in walk(part))


def _read_range(constant: Constant, constants: Constants, problems: Problems) -> None:
    bounds = constant.bounds
    if bounds is None:
        return
    value = constants.values[constant.name]
    wanted = Sort(dimension_of(value), "real")
    ends: list[Any] = []
    for part, expression in (("lower end", bounds.low), ("upper end", bounds.high), ("step", bounds.step)):
        with problems.collecting():
            of = f"the {part} of the range of '{constant.name}'"
            ends.append(None if expression is None else value_of(expression, constants.scope, wanted, of))
    if len(ends) == 3:
        with problems.collecting(bounds.span):
            found = Range(ends[0], ends[1], ends[2], bounds.log)
            found.check(constant.name, value)
            constants.ranges[constant.name] = found
