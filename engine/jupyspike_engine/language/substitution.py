"""Other names, and values, for the names in equations."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import replace

from ..diagnostics import Problems
from .lines import Line
from .names import check_name
from .reactions import Reaction
from .syntax import Call, Expression, Name, transform
from .values import Value, hidden_name, value_of
from .written import identifiers_of


def substituted(definitions: tuple[Line, ...], substitutions: Mapping[str, object]) -> tuple[Line, ...]:
    """The lines with names replaced, all at once, by names or values."""
    new_names = {old: new for old, new in substitutions.items() if isinstance(new, str)}
    taken = {name: value for line in definitions for name, value in line.values}
    hidden: dict[str, str] = {}
    for old, value in ((old, value_of(old, v)) for old, v in substitutions.items() if not isinstance(v, str)):
        hidden[old] = hidden_name(f"_value_of_{old}", value, taken)
        taken[hidden[old]] = value
    problems = Problems()
    for old, new in new_names.items():
        if not new.isidentifier() or keyword.iskeyword(new):
            problems.add(
                f"'{old}' can be replaced by a name or by a value", None, found=f"'{new}'",
                hint=f"give a value without quotes, as in {old}=10*ms; a longer expression gets a line and a name",
            )  # fmt: skip
    for line in definitions:
        if line.name in substitutions and line.name not in new_names:
            hint = f"remove the line that defines '{line.name}', or give it another name"
            problems.add(f"'{line.name}' is a variable of these equations", line.name_span, "name", hint=hint)
        with problems.collecting():
            if (new := new_names.get(line.name, line.name)) != line.name:
                check_name(new, line.name_span, not isinstance(line, Reaction) and "summed" in line.flags)
        species = line.species if isinstance(line, Reaction) else ()
        for name in [name for name in species if name in substitutions and name not in new_names]:
            hint = f"give '{name}' another name, or a line '{name} = value : unit'"
            problems.add(f"'{name}' is a species of a reaction", line.span, "name", hint=hint)
    problems.raise_if_any()
    renamed = (_renamed(line, new_names | hidden) for line in definitions)
    return tuple(replace(line, name=new_names.get(line.name, line.name), values=_used(line, taken)) for line in renamed)


def _renamed(line: Line, new_names: Mapping[str, str]) -> Line:
    """The line with other names in its expressions; each node keeps its place in the text."""

    def change(node: Expression) -> Expression | None:
        if isinstance(node, Name) and node.id in new_names:
            return replace(node, id=new_names[node.id])
        if isinstance(node, Call) and node.function in new_names:
            arguments = tuple(transform(argument, change) for argument in node.arguments)
            return Call(new_names[node.function], arguments, node.span)
        return None

    if isinstance(line, Reaction):
        return line.renamed(new_names, lambda law: transform(law, change))
    settings = tuple((name, transform(value, change)) for name, value in line.settings)
    expression = None if line.expression is None else transform(line.expression, change)
    return replace(line, expression=expression, settings=settings)


def _used(line: Line, values: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    """The values that a line uses."""
    if isinstance(line, Reaction):
        trees = line.laws
    else:
        trees = (*([] if line.expression is None else [line.expression]), *(value for _, value in line.settings))
    used = set().union(*map(identifiers_of, trees))
    return tuple((name, value) for name, value in values.items() if name in used)


def with_distinct_values(definitions: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines such that no name stands for two values."""
    taken: dict[str, Value] = {}
    result: list[Line] = []
    for line in definitions:
        free: dict[str, str] = {}
        for name, value in line.values:
            free[name] = hidden_name(name, value, taken)
            taken[free[name]] = value
        result.append(replace(_renamed(line, free), values=tuple((free[name], value) for name, value in line.values)))
    return tuple(result)
