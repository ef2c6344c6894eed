"""What a ``%%synapses`` cell joins: its two ends, and the arguments of the line ``connect:``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jupyspike.magics.grammar import Cell
from jupyspike.magics.options import ARROW, Word
from jupyspike_engine.diagnostics import ArgumentError, Diagnostic, Problems, Span, nearest
from jupyspike_engine.language.check import Sort
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.expressions import parse_expression, trimmed
from jupyspike_engine.language.generators import read_generator
from jupyspike_engine.language.lines import NAME
from jupyspike_engine.language.model import CONDITION, check_value
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.language.splitting import split_at_commas
from jupyspike_engine.language.syntax import Call, Expression, names, walk
from jupyspike_engine.language.syntax_errors import syntax_error
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.objects.neurongroup import AnyGroup, NeuronGroup
from jupyspike_engine.objects.subgroup import Subgroup
from jupyspike_engine.units import DIMENSIONLESS

ARGUMENTS = ("condition", "p", "n", "i", "j", "skip_if_invalid")
NUMBER = Sort(DIMENSIONLESS, "real")
INTEGER = Sort(DIMENSIONLESS, "integer")

_ARGUMENT = re.compile(rf"({NAME})\s*=(?!=)\s*")
_END = re.compile(rf"({NAME})\s*(?:\[(.*)\])?")


def ends_of(cell: Cell, known: Mapping[str, Any]) -> list[tuple[str, AnyGroup]]:
    """Source and target, from ``source -> target``: the name of each group, and it or a part of it."""
    words: list[Word] | None = getattr(cell.options, "ends", None)
    if words is None:
        return []
    if len(words) != 3 or words[1] != ARROW:
        place = words[0].place.to(words[-1].place) if words else cell.head
        expected = "source -> target, as in  exc -> inh"
        cell.problems.add("these are not the two ends of synapses", place, expected=expected)
        return []
    found = []
    for word in (words[0], words[2]):
        with cell.problems.collecting(word.place):
            found.append(_end(word.place, known))
    return found


def _end(place: Span, known: Mapping[str, Any]) -> tuple[str, AnyGroup]:
    match = _END.fullmatch(place.text)
    if match is None:
        raise syntax_error("this is not a group of neurons", place, expected="a name, or a part such as exc[0:100]")
    name, group = match[1], known.get(match[1])
    if not isinstance(group, (NeuronGroup, Subgroup)):
        groups = [other for other, value in known.items() if isinstance(value, (NeuronGroup, Subgroup))]
        hint = nearest(name, groups) or "run its %%neurons cell first"
        found = f"a {type(group).__name__}" if name in known else ""
        raise syntax_error(
            f"'{name}' is not a group of neurons", Span(place.source, place.start, place.start + len(name)),
            found=found, hint=hint,
        )  # fmt: skip
    if match[2] is None:
        return name, group
    return name, group[_chosen(Span(place.source, place.start + match.start(2), place.start + match.end(2)), known)]


def _chosen(place: Span, known: Mapping[str, Any]) -> int | slice:
    """The index or the slice between the brackets behind a group."""
    scope = Scope({}, external_names(known), complete=True)
    bounds: list[int | None] = []
    start = place.start
    for part in place.text.split(":"):
        here = trimmed(Span(place.source, start, start + len(part)))
        start += len(part) + 1
        wanted = (INTEGER, "the number of a neuron")
        bounds.append(int(value_of(parse_expression(here), scope, *wanted)) if here.text else None)
    if len(bounds) > 2 or bounds == [None]:
        raise syntax_error("this does not choose neurons", place, expected="neighbours, as in exc[0:100] or exc[3]")
    return slice(*bounds) if len(bounds) == 2 else bounds[0] or 0


def read_connection(cell: Cell) -> dict[str, Span]:
    """The arguments of ``connect``: a condition, and ``p=``, ``n=``, ``i=``, ``j=`` or ``skip_if_invalid=``."""
    arguments: dict[str, Span] = {}
    for part in split_at_commas(cell.keys["connect"]) if "connect" in cell.keys else ():
        with cell.problems.collecting():
            match = _ARGUMENT.match(part.text)
            name = match[1] if match else "condition"
            if match and (name == "condition" or name not in ARGUMENTS):
                place = Span(part.source, part.start, part.start + len(name))
                hint = nearest(name, ARGUMENTS[1:]) or f"a condition such as i != j, and {', '.join(ARGUMENTS[1:])}"
                raise syntax_error(f"connect has no argument '{name}'", place, hint=hint)
            if name in arguments:
                raise syntax_error(f"the argument '{name}' of connect is given twice", part)
            arguments[name] = _argument(name, Span(part.source, part.start + (match.end() if match else 0), part.end))
    _check_choice(arguments, cell)
    return arguments


def _argument(name: str, place: Span) -> Span:
    """The text of an argument without quotes."""
    text = place.text
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        place = trimmed(Span(place.source, place.start + 1, place.end - 1))
    if name == "skip_if_invalid":
        if place.text not in ("True", "False"):
            raise syntax_error("skip_if_invalid is True or False", place, found=f"'{place.text}'")
    elif text.startswith("["):
        hint = "give lists in Python, behind the cell: drive.connect(i=[0, 1], j=[2, 3])"
        raise syntax_error("a cell has no lists of neurons", place, hint=hint)
    elif name in ("i", "j"):
        read_generator(place, f"{name} of connect")
    elif name != "condition" or text not in ("", "all"):
        parse_expression(place)
    return place


def _check_choice(arguments: dict[str, Span], cell: Cell) -> None:
    """There are three ways to choose pairs: a condition, ``i`` from ``j``, ``j`` from ``i``."""
    ways = sorted((arguments[name] for name in ("condition", "i", "j") if name in arguments), key=lambda s: s.start)
    if len(ways) > 1:
        expected = "one of: a condition such as i != j, j= an expression of i, i= an expression of j"
        cell.problems.add("the pairs are chosen in two ways", ways[1], expected=expected)


def connection(arguments: dict[str, Span], constants: Scope, pairs: Scope, problems: Problems) -> dict[str, Any]:
    """The arguments for `Synapses.connect`.

    Parameters
    ----------
    constants, pairs : Scope
        What names mean in values for all pairs, and in expressions for each pair.
    """
    chosen: dict[str, Any] = {}
    for name, place in arguments.items():
        with problems.collecting():
            if name == "skip_if_invalid":
                chosen[name] = place.text == "True"
            elif name == "n":
                chosen[name] = _copies(place, constants, pairs)
            elif name == "p":
                chosen[name] = _probability(place, constants, pairs)
            elif name == "condition" and place.text in ("", "all", "True"):
                continue
            elif name == "condition":
                check_value(parse_expression(place), pairs, CONDITION, "the condition")
                chosen[name] = place
            else:
                generator = read_generator(place, f"{name} of connect")
                if generator.loop is None:
                    check_value(generator.value, pairs, INTEGER, f"'{name}'")
                chosen[name] = place
    return chosen


def _copies(place: Span, constants: Scope, pairs: Scope) -> Any:
    """A number, or an expression for each pair."""
    tree = parse_expression(place)
    if _differs(tree, pairs):
        check_value(tree, pairs, INTEGER, "the number of synapses for a pair")
        return place
    value = int(value_of(tree, constants, INTEGER, "the number of synapses for a pair"))
    if value < 0:
        raise ArgumentError(
            Diagnostic("the number of synapses for a pair must not be negative", place, found=f"{value}")
        )
    return value


def _probability(place: Span, constants: Scope, pairs: Scope) -> Any:
    """A number, or an expression for each pair."""
    tree = parse_expression(place)
    if _differs(tree, pairs):
        check_value(tree, pairs, NUMBER, "the probability")
        return place
    value = float(value_of(tree, constants, NUMBER, "the probability"))
    if not 0 <= value <= 1:
        raise ArgumentError(Diagnostic("a probability lies between 0 and 1", place, found=f"{value:g}"))
    return value


def _differs(tree: Expression, pairs: Scope) -> bool:
    """Whether an expression may differ between pairs."""
    return bool(names(tree) & pairs.symbols.keys()) or any(isinstance(node, Call) for node in walk(tree))
