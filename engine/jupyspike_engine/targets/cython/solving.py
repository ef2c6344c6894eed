"""Statements that call the templates of ``native/jupyspike_solve.h``, from Cython.

What gives the rates of change is a function beside that of the operation: it gets the values that were computed before
as an array of numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ...plan.nodes import Exponentiate, Local, Solve, Statement, Update
from ...plan.traversal import walk
from ..cpp.expressions import identifier

if TYPE_CHECKING:
    from .source import CythonEmitter


def name(operation: int, statement: int) -> str:
    """The name of the function that gives the rates of a statement."""
    return f"rates_{operation}_{statement}"


def declarations(statements: Iterable[Statement]) -> Iterator[str]:
    """Declarations of what the C++ prelude defines."""
    special = [s for s in statements if isinstance(s, (Solve, Exponentiate))]
    if special:
        yield "ctypedef struct jsp_progress:"
        yield "    double last"
        yield "    int32_t failed, count"
        yield "    bint finished"
        yield "ctypedef struct jsp_method:"
        yield "    double exponent"
        yield "int jsp_solve_with(...) except -1 nogil"
        yield "void jsp_matrix_exponential(...) nogil"
        yield "void jsp_request_stop(const jsp_memory *m) nogil"
    for method in dict.fromkeys(s.tableau.name for s in special if isinstance(s, Solve)):
        yield f"jsp_method {method}"


def exponentiate(emitter: CythonEmitter, statement: Exponentiate) -> None:
    source = emitter.source
    size = math.isqrt(len(statement.entries))
    matrix = f"matrix_{statement.names[0]}"
    places = [f"{matrix}[{k // size}][{k % size}]" for k in range(size * size)]
    source.array("double", matrix, f"{size}][{size}")
    for place, entry in zip(places, statement.entries, strict=True):
        source.do(f"{place} = <double>{emitter.language.written(entry)}")
    source.do(f"jsp_matrix_exponential({matrix})")
    for place, entry_name in zip(places, statement.names, strict=True):
        source.declare("double", f"l_{entry_name}", place)


def outer(statement: Solve) -> list[Local]:
    """The values that the rates need and that were computed before."""
    own = {"solve_t", *statement.states, *(let.name for let in statement.body)}
    nodes = (node for let in statement.body for node in walk(let.value))
    return list(dict.fromkeys(node for node in nodes if isinstance(node, Local) and node.name not in own))


def rates(emitter: CythonEmitter, function: str, operation: Update, statement: Solve) -> None:
    """The function that gives the rates of change of a statement."""
    source, language = emitter.source, emitter.language
    inner = replace(operation, statements=statement.body, scalars=())
    arguments = "const jsp_memory *m, int64_t i, const double *outer, double l_solve_t, const double *x, double *rate"
    manner = "except -1" if emitter.calls_python(inner) else "noexcept nogil"
    with source.declaring(f"cdef int {function}({arguments}) {manner}"):
        emitter.declarations(inner)
        emitter.ends(operation)
        for k, local in enumerate(outer(statement)):
            type_ = language.types[local.type]
            source.declare(type_, f"l_{local.name}", language.cast(type_, f"outer[{k}]"))
        for k, state in enumerate(statement.states):
            source.declare("double", f"l_{state}", f"x[{k}]")
        emitter.statements(statement.body)
        for k, rate in enumerate(statement.rates):
            source.do(f"rate[{k}] = <double>l_{rate}")
        source.do("return 0")


def solve(emitter: CythonEmitter, function: str, statement: Solve) -> None:
    source, language = emitter.source, emitter.language
    arrays = [f"{identifier(array)}[i]" for array in statement.arrays]
    before = outer(statement)
    source.array("double", "states", str(len(arrays)))
    source.array("double", "tolerances", str(len(arrays)))
    source.array("double", "outer", str(max(1, len(before))))
    for k, (array, bound) in enumerate(zip(arrays, statement.tolerances, strict=True)):
        source.do(f"states[{k}] = {array}")
        source.do(f"tolerances[{k}] = <double>{language.written(bound)}")
    for k, local in enumerate(before):
        source.do(f"outer[{k}] = <double>l_{local.name}")
    first = "0.0" if statement.last is None else f"{identifier(statement.last)}[i]"
    bounds = f"{first}, <double>{language.written(statement.most)}, {int(statement.adaptable)}"
    source.fresh("jsp_progress", "progress")
    source.do(
        f"jsp_solve_with({statement.tableau.name}, states, tolerances, t, dt, {bounds}, "
        f"<void *>{function}, m, i, outer, &progress)"
    )
    for k, array in enumerate(arrays):
        source.do(f"{array} = states[{k}]")
    for kept, value in ((statement.last, "last"), (statement.failed, "failed"), (statement.count, "count")):
        if kept is not None:
            source.do(f"{identifier(kept)}[i] = progress.{value}")
    with source.when("not progress.finished"):
        source.do(f"{identifier(statement.unfinished)}[i] = t + dt")
        source.do("jsp_request_stop(m)")
