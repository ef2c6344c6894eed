"""``%%neurons`` and ``%%synapses``: from the text of a cell to an object of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import isclass, isroutine
from typing import Any

import numpy as np

from jupyspike.magics.connect import connection, ends_of, read_connection
from jupyspike.magics.constants import read_constants
from jupyspike.magics.delays import TIME, read_delay
from jupyspike.magics.grammar import Cell, read_cell
from jupyspike.magics.notebook import Defined
from jupyspike.magics.options import Options
from jupyspike.magics.space import in_space
from jupyspike_engine.diagnostics import ArgumentError, Diagnostic, Problems, nearest
from jupyspike_engine.frames import called_from
from jupyspike_engine.language.check import Sort
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.expressions import parse_block, parse_expression
from jupyspike_engine.language.model import check_value
from jupyspike_engine.language.names import check_object_name
from jupyspike_engine.language.scope import Scope, Symbol, neuron_symbols, synapse_symbols
from jupyspike_engine.language.syntax import Assignment
from jupyspike_engine.language.syntax_errors import syntax_error
from jupyspike_engine.numerics.choice import check_method
from jupyspike_engine.objects.clocks import seconds
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.owner import VariableOwner
from jupyspike_engine.objects.sizes import MOST
from jupyspike_engine.objects.spatial.spatialneuron import SpatialNeuron
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.units import DIMENSIONLESS

Names = Mapping[str, Any]

NEURONS = Options("%%neurons", "%%neurons name -n 100 [--morphology shape] [--method exact] [--dt 0.1*ms]")
NEURONS.add_argument("name", nargs="?")
NEURONS.add_argument("-n", "--n", default=None, help="how many neurons there are; one without it")
NEURONS.add_argument("--morphology", default=None, help="the shape of the neurons, or a list with that of each")
SYNAPSES = Options("%%synapses", "%%synapses source -> target [--name drive] [--method exact] [--dt 0.1*ms]")
SYNAPSES.add_argument("ends", nargs="*")
SYNAPSES.add_argument("--name", default=None, help="the name of the synapses; source_to_target without it")
for _options in (NEURONS, SYNAPSES):
    _options.add_argument("--method", default=None, help="how the differential equations are integrated")
    _options.add_argument("--dt", default=None, help="the time step; that of the network without it")
OPTIONS = {options.magic: options for options in (NEURONS, SYNAPSES)}


def neurons(line: str, body: str, names: Names) -> tuple[str, Defined]:
    """Make the group of a ``%%neurons`` cell; nothing is changed if the cell has problems.

    Returns
    -------
    name : str
        The name it is to have.
    defined : Defined

    Raises
    ------
    UserError
        With all problems of the cell at their places.
    """
    cell = read_cell(line, body, NEURONS)
    name = _object_name(cell, getattr(cell.options, "name", None), names)
    cell.problems.raise_if_any()
    problems = Problems()
    constants = read_constants(cell, names, problems)
    size = _size(cell.options.n, constants.scope, problems)
    space = in_space(cell, size, constants, problems)
    common = _common(cell, constants.scope, problems)
    symbols = neuron_symbols(cell.definitions, "refractory" in cell.keys)
    with called_from(constants.names), problems.collecting():
        arguments = dict(
            model=cell.equations,
            threshold=cell.keys.get("threshold"),
            reset=cell.keys.get("reset"),
            refractory=cell.keys.get("refractory", False),
            events=cell.events,
            namespace=constants.values,
            name=name,
            **common,
        )
        group = NeuronGroup(size, **arguments) if space is None else SpatialNeuron(**space, **arguments)
        group.used()  # it may be replaced before it runs
        symbols = group.symbols
    _check_initial(cell, Scope(symbols, constants.scope.external, complete=not problems), problems)
    problems.raise_if_any()
    _set_initial(group, cell)
    return name, Defined(group, "%%neurons", line, body, constants.ranges)


def synapses(line: str, body: str, names: Names) -> tuple[str, Defined]:
    """Make the synapses of a ``%%synapses`` cell; see `neurons`."""
    cell = read_cell(line, body, SYNAPSES)
    ends = ends_of(cell, names)
    default = "_to_".join(end for end, _ in ends) if len(ends) == 2 else None
    name = _object_name(cell, getattr(cell.options, "name", None) or default, names)
    if isinstance(names.get(name), NeuronGroup):
        place = cell.options.name.place if cell.options.name else cell.head
        cell.problems.add(f"'{name}' is the name of a group of neurons", place, hint="--name gives another one")
    if not cell.keys.keys() & {"on_pre", "on_post"} and not cell.definitions and not cell.problems:
        expected = "a line  on_pre: v += 1*mV  or equations"
        cell.problems.add("these synapses do nothing", cell.head, expected=expected)
    arguments = read_connection(cell)
    cell.problems.raise_if_any()
    (_, source), (_, target) = ends
    problems = Problems()
    constants = read_constants(cell, names, problems)
    common = _common(cell, constants.scope, problems)
    symbols = synapse_symbols(cell.definitions, source.symbols, target.symbols)
    delay = read_delay(cell, constants.scope, symbols, problems)
    with called_from(constants.names), problems.collecting(cell.keys.get("on_event")):
        made = Synapses(
            source,
            target,
            cell.equations,
            on_pre=cell.keys.get("on_pre"),
            on_post=cell.keys.get("on_post"),
            on_event=cell.keys.get("on_event", "spike"),
            delay=delay.for_all,
            namespace=constants.values,
            name=name,
            **common,
        )
        made.used()
    pairs = Scope(symbols, constants.scope.external, complete=not problems)
    chosen = connection(arguments, constants.scope, pairs, problems)
    delay.check(pairs, problems)
    _check_initial(cell, pairs, problems)
    problems.raise_if_any()
    if "connect" in cell.keys:
        with problems.collecting(cell.keys["connect"]):
            made.connect(**chosen)
        problems.raise_if_any()
    _set_initial(made, cell)
    delay.set(made, problems)
    problems.raise_if_any()
    notes = [] if len(made) else ["there are no synapses yet: add a line such as  connect: p=0.1"]
    return name, Defined(made, "%%synapses", line, body, constants.ranges, notes)


def _object_name(cell: Cell, name: str | None, names: Names) -> str:
    """The name of what a cell makes; empty where it has none because of other problems.

    It takes no name by which the notebook calls something of jupyspike, such as ``run``.
    """
    if not name:
        if not cell.problems:
            cell.problems.add("the name of the neurons is missing", cell.head, expected=NEURONS.help_text)
        return ""
    place, meant = getattr(name, "place", cell.head), names.get(name)
    with cell.problems.collecting():
        check_object_name(name, place)
        ours = (getattr(meant, "__module__", None) or "").partition(".")[0] in ("jupyspike", "jupyspike_engine")
        if ours and (isroutine(meant) or isclass(meant)):
            message = f"'{name}' cannot be a name: it is that of {name}{'' if isclass(meant) else '()'} of jupyspike"
            raise syntax_error(message, place, hint="choose another name")
    return str(name)


def _size(word: Any, scope: Scope, problems: Problems) -> int:
    """The number of neurons, 1 without the option and where it has problems."""
    if word is not None:
        with problems.collecting():
            wanted = Sort(DIMENSIONLESS, "real")
            value = np.asarray(value_of(parse_expression(word.place), scope, wanted, "the number of neurons"))
            if not 1 <= value <= MOST or value != np.floor(value):
                message = "the number of neurons must be a whole number above 0"
                raise ArgumentError(Diagnostic(message, word.place, found=f"{value:g}"))
            return int(value)
    return 1


def _common(cell: Cell, scope: Scope, problems: Problems) -> dict[str, Any]:
    """Arguments that both kinds of cells have."""
    arguments: dict[str, Any] = {"method": "auto"}
    options = cell.options
    if options.method and "method" in cell.keys:
        problems.add("the method is given twice", cell.keys["method"], hint="remove this line or the option --method")
    if options.method or "method" in cell.keys:
        place = options.method.place if options.method else cell.keys["method"]
        methods = [method.strip() for method in place.text.split(",")]
        with problems.collecting(place):
            check_method(methods, "this cell")
            arguments["method"] = methods[0] if len(methods) == 1 else methods
    if options.dt is not None:
        with problems.collecting(options.dt.place):
            value = value_of(parse_expression(options.dt.place), scope, TIME, "dt")
            seconds(value, "dt", positive=True)
            arguments["dt"] = value
    if "order" in cell.keys:
        with problems.collecting():
            wanted = Sort(DIMENSIONLESS, "integer")
            arguments["order"] = int(value_of(parse_expression(cell.keys["order"]), scope, wanted, "the order"))
    return arguments


def _check_initial(cell: Cell, scope: Scope, problems: Problems) -> None:
    """Check what a cell gives initial values to, and the units of the values."""
    if "initial" not in cell.keys:
        return
    for statement in parse_block(cell.keys["initial"]):
        symbol = scope.symbols.get(statement.target)
        if symbol is None or not _can_be_set(symbol):
            _report_no_variable(statement, scope, problems)
        elif statement.symbol != "=":
            problems.add("an initial value is assigned with =", statement.span)
        else:
            with problems.collecting():
                wanted = Sort(symbol.dimension, symbol.type)
                check_value(statement.expression, scope, wanted, f"the value for '{statement.target}'")


def _report_no_variable(statement: Assignment, scope: Scope, problems: Problems) -> None:
    name, symbol = statement.target, scope.symbols.get(statement.target)
    variables = [n for n, s in scope.symbols.items() if _can_be_set(s) and n != "lastspike"]
    if symbol is None and name in scope.external.names():
        message, hint = (
            f"'{name}' is a constant, not a variable with an initial value",
            "change the line that defines it",
        )
    elif symbol is None:
        message, hint = f"there is no variable '{name}' to be given a value", nearest(name, variables)
    else:
        what = "a subexpression" if symbol.meaning == "subexpression" else "set by the simulator"
        message, hint = f"'{name}' cannot be given a value: it is {what}", ""
    listed = f"variables are: {', '.join(variables)}" if variables else f"a line '{name} : unit' makes a variable"
    problems.add(message, statement.target_span, "name", hint=hint or listed)


def _can_be_set(symbol: Symbol) -> bool:
    return symbol.side == "own" and symbol.meaning == "state" and symbol.name != "not_refractory"


def _set_initial(owner: VariableOwner, cell: Cell) -> None:
    """Set initial values, in their order."""
    if "initial" in cell.keys:
        for statement in parse_block(cell.keys["initial"]):
            symbol = owner.symbols[statement.target]
            every = owner.indices_of(slice(None))
            wanted = Sort(symbol.dimension, symbol.type)
            values = owner.values(statement.expression, every, wanted, f"the value for '{statement.target}'")
            values.write(owner.arrays[statement.target])
