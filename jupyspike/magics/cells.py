"""``%%neurons`` and ``%%synapses``: from the text of a cell to an object of the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from jupyspike.magics.grammar import NEURON_KEYS, SYNAPSE_KEYS, Cell, read_cell, split_at_commas
from jupyspike.magics.notebook import Defined
from jupyspike.magics.options import ARROW, Options
from jupyspike_engine.diagnostics import ArgumentError, Diagnostic, Problems, Span, UserError, nearest
from jupyspike_engine.language.check import Sort
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.equations import without_comments
from jupyspike_engine.language.expressions import parse_block, parse_expression, trimmed
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.language.syntax import Expression
from jupyspike_engine.language.syntax_errors import syntax_error
from jupyspike_engine.numerics.choice import check_method
from jupyspike_engine.objects.clocks import seconds
from jupyspike_engine.objects.live import Range
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.objects.neurongroup import NeuronGroup, Subgroup
from jupyspike_engine.objects.owner import VariableOwner
from jupyspike_engine.objects.synapses import Synapses

Names = Mapping[str, Any]

NEURONS = Options("%%neurons", "%%neurons name -n 100 [--method exact] [--dt 0.1*ms]")
NEURONS.add_argument("name", nargs="?")
NEURONS.add_argument("-n", "--n", default=None)
SYNAPSES = Options("%%synapses", "%%synapses source -> target [--name drive] [--method exact] [--dt 0.1*ms]")
SYNAPSES.add_argument("ends", nargs="*")
SYNAPSES.add_argument("--name", default=None)
for _options in (NEURONS, SYNAPSES):
    _options.add_argument("--method", default=None)
    _options.add_argument("--dt", default=None)

_ARGUMENT = re.compile(r"(p|n|i|j|condition|skip_if_invalid)\s*=(?!=)\s*")


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
    cell = read_cell("%%neurons", line, body, NEURON_KEYS)
    options = NEURONS.read(cell.head)
    if options.name is None:
        raise syntax_error("the name of the neurons is missing", cell.head, expected=NEURONS.help_text)
    _check_object_name(options.name, NEURONS.place(options.name))
    scope, values, ranges = _constants(cell, names)
    group = NeuronGroup(
        _size(options.n, scope),
        cell.equations,
        threshold=cell.keys.get("threshold"),
        reset=cell.keys.get("reset"),
        refractory=cell.keys.get("refractory", False),
        events=_events(cell),
        namespace=values,
        name=options.name,
        **_common(cell, options, scope, NEURONS),
    )
    _initial(group, cell)
    return options.name, Defined(group, "%%neurons", line, body, ranges)


def synapses(line: str, body: str, names: Names) -> tuple[str, Defined]:
    """Make the synapses of a ``%%synapses`` cell; see `neurons`."""
    cell = read_cell("%%synapses", line, body, SYNAPSE_KEYS)
    options = SYNAPSES.read(cell.head)
    source, target = _ends(options.ends, cell.head, names)
    name = options.name or re.sub(r"\W+", "_", f"{options.ends[0]}_to_{options.ends[-1]}").strip("_")
    _check_object_name(name, SYNAPSES.place(name))
    scope, values, ranges = _constants(cell, names)
    if not cell.keys.keys() & {"on_pre", "on_post"} and not cell.definitions:
        raise syntax_error("these synapses do nothing", cell.head, expected="a line  on_pre: v += 1*mV  or equations")
    made = Synapses(
        source,
        target,
        cell.equations,
        on_pre=cell.keys.get("on_pre"),
        on_post=cell.keys.get("on_post"),
        on_event=cell.keys.get("on_event", "spike"),
        delay=_delay(cell, scope),
        namespace=values,
        name=name,
        **_common(cell, options, scope, SYNAPSES),
    )
    if "connect" in cell.keys:
        made.connect(**_connection(cell.keys["connect"], scope))
    _initial(made, cell)
    notes = [] if len(made) else ["there are no synapses yet: add a line such as  connect: p=0.1"]
    return name, Defined(made, "%%synapses", line, body, ranges, notes)


def _check_object_name(name: str, place: Span) -> None:
    if not name.isidentifier():
        raise syntax_error(f"'{name}' cannot be a name", place, expected="a word of letters, digits and _")


def _constants(cell: Cell, names: Names) -> tuple[Scope, dict[str, Any], dict[str, Range]]:
    """The values and ranges of a cell's constants; each may use those above it and names of the notebook."""
    values: dict[str, Any] = {}
    ranges: dict[str, Range] = {}
    scope = Scope({}, external_names(values, names), complete=True)
    problems = Problems()
    for constant in cell.constants:
        try:
            values[constant.name] = value_of(constant.value, scope)
            if constant.bounds is not None:
                low, high = value_of(constant.bounds.low, scope), value_of(constant.bounds.high, scope)
                step = None if constant.bounds.step is None else value_of(constant.bounds.step, scope)
                ranges[constant.name] = Range(low, high, step)
                _at(constant.bounds.span, lambda c=constant: ranges[c.name].check(c.name, values[c.name]))
        except UserError as error:
            problems.extend(error)
    problems.raise_if_any()
    return scope, values, ranges


def _at(place: Span, action: Any) -> Any:
    """Do something; its problems that have no place get this one."""
    try:
        return action()
    except UserError as error:
        placed = [
            d if d.span else Diagnostic(d.message, place, d.kind, d.found, d.expected, d.hint)
            for d in error.diagnostics
        ]
        raise type(error)(placed) from None


def _size(text: str | None, scope: Scope) -> int:
    if text is None:
        return 1
    place = NEURONS.place(text)
    value = np.asarray(_at(place, lambda: value_of(parse_expression(place), scope)))
    if value.dtype.kind not in "iuf" or value.ndim or value < 1 or value != np.floor(value):
        raise ArgumentError(Diagnostic("the number of neurons must be a whole number above 0", place, found=text))
    return int(value)


def _common(cell: Cell, options: Any, scope: Scope, parser: Options) -> dict[str, Any]:
    """Arguments that both kinds of cells have."""
    method = options.method or (cell.keys["method"].text.split("#")[0].strip() if "method" in cell.keys else None)
    arguments: dict[str, Any] = {
        "method": [m.strip() for m in method.split(",")] if method and "," in method else method
    }
    if method is not None:
        _at(cell.keys.get("method", parser.place(method)), lambda: check_method(arguments["method"], "this cell"))
    if options.dt is not None:
        place = parser.place(options.dt)
        arguments["dt"] = _at(place, lambda: value_of(parse_expression(place), scope))
    if "order" in cell.keys:
        arguments["order"] = int(_whole(cell.keys["order"], scope))
    return arguments


def _whole(place: Span, scope: Scope) -> Any:
    value = np.asarray(value_of(parse_expression(place), scope))
    if value.dtype.kind not in "iu" or value.ndim:
        raise ArgumentError(Diagnostic("this must be a whole number", place, found=place.text))
    return value


def _events(cell: Cell) -> dict[str, Span]:
    """``events:`` has lines ``name: condition``."""
    events: dict[str, Span] = {}
    if "events" not in cell.keys:
        return events
    value, offset = cell.keys["events"], cell.keys["events"].start
    for text in value.text.split("\n"):
        line, offset = Span(value.source, offset, offset + len(text)), offset + len(text) + 1
        clean = without_comments(text)
        if not clean.strip():
            continue
        match = re.match(r"\s*([A-Za-z_]\w*)\s*:", clean)
        if match is None:
            raise syntax_error("this is not an event", trimmed(line), expected="name: condition")
        events[match[1]] = Span(line.source, line.start + match.end(), line.start + len(clean.rstrip()))
    return events


def _ends(words: list[str], head: Span, names: Names) -> tuple[Any, Any]:
    """Source and target, from ``source -> target``."""
    if len(words) != 3 or words[1] != ARROW:
        place = SYNAPSES.place(words[0]) if words else head
        raise syntax_error(
            "the two ends of the synapses are missing", place, expected="source -> target, as in  exc -> inh"
        )
    found = []
    for word in (words[0], words[2]):
        match = re.fullmatch(r"([A-Za-z_]\w*)(?:\[(-?\d*)(?::(-?\d*))?\])?", word)
        group = names.get(match[1]) if match else None
        if match is None or not isinstance(group, (NeuronGroup, Subgroup)):
            groups = [name for name, value in names.items() if isinstance(value, (NeuronGroup, Subgroup))]
            message = f"'{word}' is not a group of neurons"
            raise syntax_error(
                message, SYNAPSES.place(word), hint=nearest(word, groups) or "run its %%neurons cell first"
            )
        found.append(_at(SYNAPSES.place(word), lambda g=group, m=match: _part(g, m)))
    words[1:] = [words[2]]
    return found[0], found[1]


def _part(group: Any, match: re.Match[str]) -> Any:
    if match[2] is None:
        return group
    first = int(match[2]) if match[2] else None
    return group[first] if match[3] is None else group[first : int(match[3]) if match[3] else None]


def _delay(cell: Cell, scope: Scope) -> Any:
    place = cell.keys.get("delay")
    if place is None:
        return None
    value = value_of(parse_expression(place), scope)
    _at(place, lambda: seconds(value, "the delay"))
    if "on_pre" not in cell.keys:
        raise syntax_error("a delay needs code in 'on_pre' to delay", place)
    return value


def _connection(value: Span, scope: Scope) -> dict[str, Any]:
    """The arguments of ``connect``: a condition, and ``p=``, ``n=``, ``i=`` or ``j=``."""
    arguments: dict[str, Any] = {}
    for part in split_at_commas(value):
        match = _ARGUMENT.match(part.text)
        name = match[1] if match else "condition"
        stretch = Span(part.source, part.start + (match.end() if match else 0), part.end)
        if name in arguments:
            raise syntax_error(f"'{name}' of connect is given twice", part)
        arguments[name] = _connect_argument(name, stretch, scope)
    return {name: value for name, value in arguments.items() if value is not None}


def _connect_argument(name: str, place: Span, scope: Scope) -> Any:
    text = place.text
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        place = Span(place.source, place.start + 1, place.end - 1)
    if name == "n":
        return int(_whole(place, scope))
    if name == "skip_if_invalid":
        return place.text.strip() == "True"
    if name == "condition" and place.text.strip() in ("", "all", "True"):
        return None
    tree = parse_expression(place)
    if name != "p":
        return place
    value = _constant_or_none(tree, scope)
    if value is not None and not 0 <= float(value) <= 1:
        raise ArgumentError(Diagnostic("a probability lies between 0 and 1", place, found=place.text))
    return place if value is None else float(value)


def _constant_or_none(tree: Expression, scope: Scope) -> Any:
    try:
        value = value_of(tree, scope)
    except UserError:  # it uses variables of the neurons: an expression for each pair
        return None
    return value if np.asarray(value).dtype.kind in "iuf" else None


def _initial(owner: VariableOwner, cell: Cell) -> None:
    """Set initial values, in their order."""
    if "initial" not in cell.keys:
        return
    problems = Problems()
    for statement in parse_block(cell.keys["initial"]):
        symbol = owner.symbols.get(statement.target)
        if symbol is None or symbol.side != "own" or symbol.meaning != "state" or statement.target not in owner.arrays:
            variables = [n for n, s in owner.symbols.items() if s.meaning == "state" and s.side == "own"]
            hint = nearest(statement.target, variables) or f"variables are: {', '.join(variables)}"
            problems.add(f"'{statement.target}' has no initial value", statement.target_span, "name", hint=hint)
            continue
        if statement.symbol != "=":
            problems.add("an initial value is assigned with =", statement.span)
            continue
        every = owner.indices_of(slice(None))
        try:
            wanted = Sort(symbol.dimension, symbol.type)
            values = owner.evaluate(statement.expression, every, wanted, f"the value for '{statement.target}'")
            owner.arrays[statement.target][every] = values
        except UserError as error:
            problems.extend(error)
    problems.raise_if_any()
