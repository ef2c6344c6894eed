"""Networks that leave Python: what their arrays, constants and monitors are called, and what they were made with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from ...build.arguments import Arguments, needed_arguments, preferred_arguments
from ...build.compilers import Compiler
from ...diagnostics import ArgumentError, Problems
from ...plan.binding import Given
from ...plan.nodes import Plan
from ...targets.interface import DTYPES
from ...targets.rows import Indices
from ...targets.standalone.project import Building, Column, Name, Project
from ...targets.standalone.project import Monitor as MonitorName
from ...units import DIMENSIONLESS, Dimension, dimension_of
from ..base import SimulatedObject
from ..clocks import EventClock
from ..monitors.monitor import Monitor
from ..namespaces import Namespace
from ..owner import VariableOwner
from ..poissoninput import PoissonInput
from ..synaptic.numbering import Numbering
from ..synaptic.synapses import Synapses
from ..timedarray import TimedArray
from .layout import Parts
from .prepared import Prepared
from .provenance import name_of_constant, provenance_of, texts_of
from .ticking import Ticking

GCC = Compiler(("g++",), "gcc", "")
OF_THIS_PROCESS = ("target", "program", "changes")  # what is not told of a run without Python


class Whole(Protocol):
    """A network, see `network.Network`."""

    name: str
    objects: list[SimulatedObject]

    def ticking(self) -> Ticking: ...


def project_of(
    network: Whole,
    run: Prepared,
    namespace: Namespace,
    threads: int = 1,
    further: bool = False,
    numberings: Mapping[str, tuple[int, Numbering | None]] = MappingProxyType({}),
) -> Project:
    """What is written down of a network that is about to run.

    Parameters
    ----------
    further : bool
        Whether it follows runs that were written down before, and only values that were set since then are its own.
    numberings : mapping
        How many synapses there were in the run before and how they were numbered, by their names.

    Raises
    ------
    UserError
        Something of it cannot leave Python, or the number of threads makes no sense.
    """
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= 256:
        raise ArgumentError("threads must be a whole number", found=repr(threads), expected="1 to 256")
    plan, lowered, memory = run.compiled.plan, run.compiled.lowered, run.simulation.memory
    check_exportable(plan, lowered.calls)
    objects = {domain: run.parts.owners[name] for name, domain in lowered.domains.items()}
    tables = _names_of_tables(lowered.tables, objects.values(), namespace)
    watched = {id(values) for values in run.simulation.watched.values()}
    models = texts_of(network.objects)
    noted = {domain: owner.note() for domain, owner in objects.items()} if further else {}
    return Project(
        network.name,
        replace(plan, arrays=tuple(replace(array, beside=()) for array in plan.arrays)),  # each is a file of its own
        memory,
        {domain: owner.name for domain, owner in objects.items()},
        {array.name: _array(array.name, array.domain, objects, tables) for array in plan.arrays},
        _parameters(lowered.parameters, run.parts, namespace, tables),
        {lowered.recorders[monitor.name]: _monitor(monitor) for monitor in run.parts.monitors},
        frozenset(name for name, values in memory.arrays.items() if id(values) in watched),
        models,
        {name: told for name, told in provenance_of(network.objects, run).items() if name not in OF_THIS_PROCESS},
        run.duration,
        dict(_times(network.ticking())),
        threads,
        _building(plan),
        {f"{domain}.{name}": places for domain, of_owner in noted.items() for name, places in of_owner.items()},
        dict(_orders(objects, numberings)),
    )  # fmt: skip


def _orders(
    objects: Mapping[str, VariableOwner], numberings: Mapping[str, tuple[int, Numbering | None]]
) -> Iterator[tuple[str, Indices]]:
    """The domains of synapses that are stored in another order than they were, with the places that they had."""
    for domain, owner in objects.items():
        size, before = numberings.get(owner.name, (-1, None))
        if not isinstance(owner, Synapses) or size != len(owner):
            continue
        places = earlier_places(owner, before)
        if not np.array_equal(places, np.arange(size)):
            yield domain, places


def earlier_places(synapses: Synapses, before: Numbering | None) -> Indices:
    """Where each synapse was stored when they were numbered in another way."""
    every, now = np.arange(len(synapses), dtype=np.int32), synapses.numbering
    numbers = every if now is None else now.numbers(every)
    return np.ascontiguousarray(numbers if before is None else before.places(numbers), np.int32)


@contextmanager
def untouched(objects: Sequence[SimulatedObject]) -> Iterator[None]:
    """Objects belong to the same network, and show the same time, after this as before."""
    networks = [item.simulated_by for item in objects]
    times = {item.clock: item.clock.t_ for item in objects}
    try:
        yield
    finally:
        for item, network in zip(objects, networks, strict=True):
            item.leave() if network is None else item.joined(network)
        for clock, time in times.items():
            clock.t_ = time


def check_exportable(plan: Plan, calls: Mapping[str, str]) -> None:
    """Raise an error if something of a network is written in Python, or has no C++.

    Raises
    ------
    UserError
        With all that cannot leave.
    """
    problems = Problems()
    for name in calls:
        problems.add(
            f"'{name}' cannot be exported: it is a function in Python", None, "value",
            hint="write it with run_regularly() or as equations, or remove it from the network",
        )  # fmt: skip
    for function in plan.functions:
        if "cpp" not in function.code:
            problems.add(
                f"the function '{function.name}' cannot be exported: it has no C++ implementation", None, "value",
                hint="give it one with @implementation('cpp', ...)",
            )  # fmt: skip
    if problems:
        raise ArgumentError(problems.found)


def _array(
    name: str, domain: str | None, objects: Mapping[str, VariableOwner], tables: Mapping[str, tuple[str, Dimension]]
) -> Name:
    if domain is None:
        known, dimension = tables[name]
        return Name(known, unit_of(dimension), "table", not known.startswith("table."))
    owner, variable = objects[domain], name.split(".", 1)[1]
    symbol = owner.symbols.get(variable)
    full, kept = f"{owner.name}.{variable}", variable in owner.arrays and not variable.startswith("_")
    if symbol is None or symbol.meaning != "state" or symbol.side != "own" or not kept:
        return Name(full, result=kept)
    return Name(full, unit_of(symbol.dimension), f"variable of {owner.name}", True, True)


def _parameters(
    parameters: Mapping[str, Given], parts: Parts, namespace: Namespace, tables: Mapping[str, tuple[str, Dimension]]
) -> dict[str, Name]:
    names: dict[str, Name] = {}
    taken: set[str] = set()
    for plan_name, given in parameters.items():
        if given.origin == "table":
            names[plan_name] = Name(f"{tables[given.owner][0]}.{given.name}", about="belongs to a table")
        elif given.origin == "literal":
            number = sum(other.startswith(f"{given.owner}.literal_") for other in taken)
            full = f"{given.owner}.literal_{number}"
            # not to be set: an integrator may have made several of what was written once
            names[plan_name] = Name(full, "SI", f"{given.name} in the text of {given.owner}")
        elif given.origin == "constant":
            plain = name_of_constant(given.name)
            full = f"{given.owner}.{plain}"
            full = f"{given.owner}.{given.name}" if full in taken else full
            unit = unit_of(_dimension(parts.givers[given.owner], given.name, plain, namespace))
            names[plan_name] = Name(full, unit, f"constant of {given.owner}", True)
        else:
            names[plan_name] = Name(f"{given.owner}.{plan_name}", about="follows from sizes")
        taken.add(names[plan_name].name)
    return names


def _dimension(giver: Any, name: str, plain: str, namespace: Namespace) -> Dimension:
    if isinstance(giver, PoissonInput):
        if name.startswith("_"):
            return dimension_of(getattr(giver, {"inputs": "N"}.get(plain, plain)))
        giver = giver.target
    symbol = giver.external(namespace)(name)
    return DIMENSIONLESS if symbol is None else symbol.dimension


def _names_of_tables(
    tables: Mapping[str, Any], owners: Iterable[VariableOwner], namespace: Namespace
) -> dict[str, tuple[str, Dimension]]:
    """For each table of the plan the name that equations have for it, and the dimension of its values."""
    known: dict[str, tuple[str, Dimension]] = {}
    for names in (*(owner.namespace for owner in owners), namespace):
        for name, value in names.items():
            if isinstance(value, TimedArray):
                for table, values in tables.items():
                    if values.values.base is value.values or values.values is value.values:
                        known.setdefault(table, (name, value.dim))
    return {table: known.get(table, (f"table.{table}", DIMENSIONLESS)) for table in tables}


def _monitor(monitor: Monitor) -> MonitorName:
    columns = []
    for (name, symbol), scale in zip(monitor._variables.items(), monitor.recording.scales, strict=True):
        zero, divisor = (scale.zero, scale.divisor) if scale is not None else (0.0, 1.0)
        columns.append(Column(name, np.dtype(DTYPES[symbol.type]), unit_of(symbol.dimension), zero, divisor))
    return MonitorName(monitor.name, tuple(columns))


def _times(ticking: Ticking) -> Iterator[tuple[int, Any]]:
    for clock in ticking.given:
        assert isinstance(clock, EventClock)
        yield ticking.number(clock), clock.times_


def _building(plan: Plan) -> Building:
    """What the code of functions asks for, and the preferences."""
    needed = sum((needed_arguments(function.build) for function in plan.functions if function.code), Arguments())
    arguments = preferred_arguments(GCC) + needed
    if any(function.code for function in plan.functions):
        arguments += Arguments(headers=("<cmath>", "<algorithm>"))
    files, number = arguments.own_headers(), len(arguments.sources)
    plain = replace(arguments, sources=())
    before, after = plain.before_the_source(GCC), plain.after_the_source(GCC)
    return Building(tuple(before), tuple(after), tuple(files[:number]), tuple(files[number:]))


def unit_of(dimension: Dimension) -> str:
    """The SI unit of a dimension as projects write it."""
    return "1" if dimension == DIMENSIONLESS else str(dimension)
