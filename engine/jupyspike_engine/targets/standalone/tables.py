"""The generated network.cpp: what the host of a program is told of the network, and how it computes propagators."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import numpy as np

from ...plan.nodes import Element, Expression, Let, Local, Parameter, Propagator, Solve, Store, Update
from ...plan.sharing import ALONE, divisions_of_pathways
from ...plan.traversal import statements_of, walk
from ..cpp.expressions import CPP, identifier
from ..cpp.source import CppEmitter
from ..cpp.text import Source
from .project import Project

KINDS = {"events": "JSP_EVENTS", "state": "JSP_STATES", "rate": "JSP_RATE"}
ENDS = {"pre": 0, "post": 1}


def header(programs: Sequence[int]) -> str:
    """The text of network.h, for the numbers of the programs of all runs."""
    networks = ", ".join(f"network{suffix(number)}" for number in sorted(set(programs)))
    runs = ", ".join(f"&network{suffix(number)}" for number in programs)
    return f"""\
// The tables of the network, for its host{"" if len(programs) == 1 else ": those of each run"}.
#ifndef NETWORK_H
#define NETWORK_H

#include "jupyspike_network.h"

extern const jsp_network {networks};
inline const std::vector<const jsp_network *> runs = {{{runs}}};

#endif
"""


def suffix(number: int) -> str:
    """What the names of a program end with; those of the first program are plain."""
    return "" if number == 1 else f"_{number}"


def renamed(number: int) -> list[str]:
    """Lines that give a program names of its own, before its headers are included."""
    names = ("jupyspike_interface", "jupyspike_advance", "network")
    return [] if number == 1 else [f"#define {name} {name}{suffix(number)}" for name in names]


def network_source(project: Project) -> str:
    """The text of network.cpp."""
    source = Source()
    source.add('#include "jupyspike_network.h"')
    source.add("")
    propagators = project.plan.propagators
    if propagators:
        source.add('#include "jupyspike_propagate.h"')
        source.add("")
        for number, propagator in enumerate(propagators):
            _propagator(project, source, number, propagator)
    _tables(project, source)
    return source.text


def _propagator(project: Project, source: Source, number: int, propagator: Propagator) -> None:
    plan = project.plan
    domain, n = propagator.domain or plan.domains[0].name, len(propagator.entries)
    entries = [entry for row in propagator.entries for entry in row if entry is not None]
    lets = tuple(Let(f"entry_{k}", entry) for k, entry in enumerate(entries))
    numbers = [(*place, kind) for kind in ("exponential", "integral") for place in getattr(propagator, kind)]
    stores = tuple(Store(name, "own", Local(name, "real")) for *_, name, _ in numbers) if propagator.domain else ()
    emitter = CppEmitter(plan, source)
    with source.block(f"static void propagate_{number}(const jsp_memory *m, double *parameters)"):
        source.declare("const jsp_worker *", "w", "nullptr")
        update = Update(propagator.clock, domain, (*lets, *stores))
        emitter.declarations(update)
        with source.loop("i", "0", "domain->size" if propagator.domain else "1"):
            if propagator.domain:
                emitter.ends(update)
            rows = ", ".join("{" + ", ".join(map(_entry, row)) + "}" for row in propagator.entries)
            source.add(f"const double matrix[{n}][{n}] = {{{rows}}};")
            source.add(f"double exponential[{n}][{n}], integral[{n}][{n}];")
            source.do("jsp_propagate(matrix, dt, exponential, integral)")
            for row, column, name, kind in numbers:
                place = f"{identifier(name)}[i]" if propagator.domain else f"parameters[{plan.parameters.index(name)}]"
                source.do(f"{place} = {kind}[{row}][{column}]")
        source.unused("parameters")
    source.add("")


def _entry(entry: Expression | None) -> str:
    return "0.0" if entry is None else f"(double){CPP.written(entry)}"


def _used(propagator: Propagator) -> list[Expression]:
    return [node for row in propagator.entries for entry in row if entry is not None for node in walk(entry)]


def _numbers(names: Sequence[str], nodes: list[Expression], kind: type[Parameter] | type[Element]) -> str:
    """The places of the parameters, or of the arrays, that occur in expressions."""
    found = {n.name if isinstance(n, Parameter) else n.array for n in nodes if isinstance(n, kind)}
    return "{" + ", ".join(str(number) for number, name in enumerate(names) if name in found) + "}"


def _tables(project: Project, source: Source) -> None:
    plan, memory = project.plan, project.memory
    places = {domain.name: number for number, domain in enumerate(plan.domains)}
    events = {event.name: number for number, event in enumerate(plan.events)}
    divisions, failures = divisions_of_pathways(plan), _failures(project)
    times = [_truth(number in project.times) for number in range(plan.clocks)]
    source.add("extern const jsp_network network;")
    with source.block("const jsp_network network ="):
        source.add(f"{_text(project.name)},")
        source.add(f"{plan.clocks}, {{{', '.join(times)}}},  // clocks, and whether they have lists of times")
        _rows(source, "domains", (
            (_text(project.domains[d.name]), places.get(d.pre or "", -1), places.get(d.post or "", -1))
            for d in plan.domains
        ))  # fmt: skip
        _rows(source, "arrays", (
            (_text(label.name), _text(np.dtype(a.storage).str), _text(label.unit), places.get(a.domain or "", -1),
             _truth(label.settable), _truth(label.result), _truth(a.name in project.watched),
             _text(failures.get(a.name, "")))
            for a in plan.arrays for label in [project.arrays[a.name]]
        ))  # fmt: skip
        _rows(source, "parameters", (
            (_text(label.name), _text(label.unit), _text(label.about), _truth(label.settable))
            for name in plan.parameters for label in [project.parameter(name)]
        ))  # fmt: skip
        _rows(source, "events", (
            (_text(project.event_name(e)), places[e.domain], e.clock, _truth(memory.events[e.name].given is not None))
            for e in plan.events
        ))  # fmt: skip
        _rows(source, "pathways", (
            (_text(project.pathway_name(p)), places[p.synapses], events[p.event],
             ENDS.get(divisions.get(p.name, ALONE), -1), _truth(rows.synapses is not None),
             _truth(rows.segments is not None))
            for p in plan.pathways for rows in [memory.pathways[p.name]]
        ))  # fmt: skip
        _rows(source, "monitors", (
            (_text(monitor.name), KINDS[r.kind], "{" + ", ".join(
                f"{{{_text(c.name)}, {_text(c.type.str)}, {_text(c.unit)}}}" for c in monitor.columns) + "}")
            for r in plan.recorders for monitor in [project.monitors[r.name]]
        ))  # fmt: skip
        _rows(source, "exact integration: what it is computed from", (
            (_numbers(plan.parameters, used, Parameter), _numbers([a.name for a in plan.arrays], used, Element),
             f"propagate_{number}")
            for number, p in enumerate(plan.propagators) for used in [_used(p)]
        ))  # fmt: skip
        source.add(f"{_truth(not plan.functions)},  // whether threads can share it")
        source.add("jupyspike_interface, jupyspike_advance,")
    source.lines[-1] += ";"


def _rows(source: Source, title: str, rows: Iterable[tuple[object, ...]]) -> None:
    source.add(f"// {title}")
    source.add("{")
    for row in rows:
        source.add(f"    {{{', '.join(map(str, row))}}},")
    source.add("},")


def _failures(project: Project) -> dict[str, str]:
    """What is said when a method with steps of its own failed, by the array that tells it."""
    statements = (s for operation in project.plan.operations for s in statements_of(operation))
    found: dict[str, str] = {}
    for solve in (s for s in statements if isinstance(s, Solve)):
        names = [project.arrays[array].name.partition(".") for array in solve.arrays]
        variables = ", ".join(variable for _, _, variable in names)
        found[solve.unfinished] = f"{solve.tableau.name} could not keep the errors of {variables} of {names[0][0]}"
    return found


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _truth(value: bool) -> str:
    return "true" if value else "false"
