"""What equations say about each other: their order, what each one uses, and the kind of their noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .definition import Definition
from .syntax import Expression, Name, Operator, names, substitute
from .written import noise_in

Lines = Mapping[str, Definition]


@dataclass(frozen=True)
class Dependency:
    """A line that another one uses: directly, or by way of the subexpressions ``via``."""

    equation: Definition
    via: tuple[str, ...] = ()


def ordered(lines: Lines) -> list[Definition]:
    """The lines such that each subexpression comes after those it uses: subexpressions, rates, parameters."""
    found: dict[str, Definition] = {}

    def visit(name: str, within: tuple[str, ...]) -> None:
        line = lines.get(name)
        if line is None or line.role != "subexpression" or line.expression is None or name in (*found, *within):
            return
        for used in sorted(names(line.expression)):
            visit(used, (*within, name))
        found[name] = line

    for name in lines:
        visit(name, ())
    roles = ("differential equation", "parameter")
    return [*found.values(), *(line for role in roles for line in lines.values() if line.role == role)]


def dependencies(lines: Lines) -> dict[str, list[Dependency]]:
    """For each right-hand side the lines it uses, nearest first."""
    return {name: _uses(line, lines) for name, line in lines.items() if line.expression is not None}


def _uses(line: Definition, lines: Lines) -> list[Dependency]:
    found: list[Dependency] = []
    seen: set[str] = set()
    waiting: list[tuple[Definition, tuple[str, ...]]] = [(line, ())]
    while waiting:
        here, via = waiting.pop(0)
        assert here.expression is not None
        for name in sorted(names(here.expression) & lines.keys() - seen, key=list(lines).index):
            seen.add(name)
            used = lines[name]
            found.append(Dependency(used, via))
            if used.role == "subexpression":
                waiting.append((used, (*via, name)))
    return found


def substituted(lines: Lines) -> dict[str, Expression]:
    """Each right-hand side with its subexpressions written out, in their order."""
    known: dict[str, Expression] = {}
    rates: dict[str, Expression] = {}
    for line in ordered(lines):
        if line.written is not None:
            (known if line.role == "subexpression" else rates)[line.name] = substitute(line.written, known)
    return known | rates


def stochastic_type(lines: Lines) -> Literal["additive", "multiplicative"] | None:
    """None without noise; multiplicative if what noise is multiplied by changes with time."""
    varying = {name for name, line in lines.items() if line.role == "differential equation"} | {"t"}
    kind: Literal["additive", "multiplicative"] | None = None
    for tree in substituted(lines).values():
        if noise_in(tree):
            if _beside_noise(tree) & varying:
                return "multiplicative"
            kind = "additive"
    return kind


def _beside_noise(tree: Expression) -> set[str]:
    """The names that noise is multiplied by (or is the argument of a function with)."""
    if isinstance(tree, Name) or not noise_in(tree):
        return set()
    if isinstance(tree, Operator) and (tree.symbol in ("+", "-", "*", "/")):
        noisy = [operand for operand in tree.operands if noise_in(operand)]
        beside = [] if tree.symbol in ("+", "-") else [operand for operand in tree.operands if operand not in noisy]
        return _union(_beside_noise(operand) for operand in noisy) | _union(names(operand) for operand in beside)
    return names(tree)


def _union(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)
