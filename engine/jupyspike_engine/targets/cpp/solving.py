"""Statements that call the templates of ``native/jupyspike_solve.h``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from ...diagnostics import Span
from ...numerics.tableau import Tableau
from ...plan.nodes import Exponentiate, Solve, Statement
from .expressions import C_TYPES, CPP, identifier


def prelude(statements: Iterable[Statement]) -> Iterator[str]:
    """What the statements need before the functions of a program."""
    special = [s for s in statements if isinstance(s, (Solve, Exponentiate))]
    if special:
        yield '#include "jupyspike_solve.h"'
    tableaus = {s.tableau.name: s.tableau for s in special if isinstance(s, Solve)}
    for tableau in tableaus.values():
        yield _table(tableau)


def _table(tableau: Tableau) -> str:
    def row(values: tuple[float, ...]) -> str:
        return "{" + ", ".join(map(repr, values)) + "}"

    stages = ",\n     ".join(map(row, tableau.stages))
    return (
        f"static const jsp_tableau<{len(tableau.nodes)}> {tableau.name} = {{\n"
        f"    {1.0 / tableau.error_order!r},\n    {row(tableau.nodes)},\n    {{{stages}}},\n"
        f"    {row(tableau.weights)},\n    {row(tableau.errors)}}};"
    )


def lines(statement: Solve | Exponentiate) -> Iterator[tuple[str, Span | None]]:
    """The lines of a statement, each with the place of the user's text that it comes from."""
    if isinstance(statement, Solve):
        yield from _solve(statement)
    else:
        yield from ((line, None) for line in _exponentiate(statement))


def _exponentiate(statement: Exponentiate) -> Iterator[str]:
    size = math.isqrt(len(statement.entries))
    name = f"matrix_{statement.names[0]}"
    entries = [f"(double){CPP.written(entry)}" for entry in statement.entries]
    rows = ["{" + ", ".join(entries[size * r : size * (r + 1)]) + "}" for r in range(size)]
    yield f"double {name}[{size}][{size}] = {{{', '.join(rows)}}};"
    yield f"jsp_matrix_exponential({name});"
    for k, entry in enumerate(statement.names):
        yield f"const double l_{entry} = {name}[{k // size}][{k % size}];"
    yield " ".join(f"(void)l_{entry};" for entry in statement.names)


def _solve(statement: Solve) -> Iterator[tuple[str, Span | None]]:
    arrays = [f"{identifier(name)}[i]" for name in statement.arrays]
    size = len(arrays)
    tolerances = ", ".join(f"(double){CPP.written(bound)}" for bound in statement.tolerances)
    first = "0.0" if statement.last is None else f"{identifier(statement.last)}[i]"
    adaptable = "true" if statement.adaptable else "false"
    yield f"double states[{size}] = {{{', '.join(arrays)}}};", None
    yield f"const double tolerances[{size}] = {{{tolerances}}};", None
    yield "const auto rates = [&](double l_solve_t, const double *x, double *rate) {", None
    yield "    (void)l_solve_t;", None
    for k, name in enumerate(statement.states):
        yield f"    const double l_{name} = x[{k}];", None
        yield f"    (void)l_{name};", None
    for let in statement.body:
        yield f"    const {C_TYPES[let.value.type]} l_{let.name} = {CPP.written(let.value)};", let.span
    for k, name in enumerate(statement.rates):
        yield f"    rate[{k}] = (double)l_{name};", None
    yield "};", None
    call = f"jsp_solve<{len(statement.tableau.nodes)}, {size}>({statement.tableau.name}, states, tolerances, t, dt"
    most = f"(double){CPP.written(statement.most)}"
    yield f"const jsp_progress progress = {call}, {first}, {most}, {adaptable}, rates);", None
    for k, array in enumerate(arrays):
        yield f"{array} = states[{k}];", None
    for kept, value in ((statement.last, "last"), (statement.failed, "failed"), (statement.count, "count")):
        if kept is not None:
            yield f"{identifier(kept)}[i] = progress.{value};", None
    yield "if (!progress.finished) {", None
    yield f"    {identifier(statement.unfinished)}[i] = t + dt;", None
    yield "    jsp_request_stop(m);", None
    yield "}", None
