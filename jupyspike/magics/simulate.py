"""``%simulate`` and ``%live``: running the network of the cells, at once or with a live panel."""

from __future__ import annotations

import ast
import time
from collections.abc import Sequence
from typing import Any

from jupyspike.magics import cells
from jupyspike.magics.cards import Card, RunReport
from jupyspike.magics.notebook import Defined, Notebook, Views
from jupyspike.magics.options import Options
from jupyspike_engine.diagnostics import Source, Span, UserError, nearest
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.expressions import parse_expression
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.language.syntax_errors import syntax_error
from jupyspike_engine.objects.clocks import seconds
from jupyspike_engine.objects.eventmonitor import SpikeMonitor
from jupyspike_engine.objects.live import open_session
from jupyspike_engine.objects.magic import magic_network
from jupyspike_engine.objects.monitor import Monitor
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.synapses import Synapses

SIMULATE = Options("%simulate", "%simulate 1*second [--live] [--speed 1] [--restart]")
SIMULATE.add_argument("duration", nargs="*")
SIMULATE.add_argument("--live", action="store_true")
SIMULATE.add_argument("--restart", action="store_true")
SIMULATE.add_argument("--speed", default="1")


def simulate(line: str, notebook: Notebook) -> Any:
    """Run the network of the notebook; returns a card, or a live panel.

    Raises
    ------
    UserError
        The line or the models have problems; nothing is simulated then.
    """
    head = f"%simulate {line}".rstrip()
    span = Span(Source(head, "%simulate"), 0, len(head))
    options = SIMULATE.read(span)
    duration = _duration(" ".join(options.duration), span, notebook)
    notebook.end_session()
    notes = _gather(notebook, options.restart)
    if not any(isinstance(item, NeuronGroup) for item in magic_network.objects):
        raise syntax_error("there is nothing to simulate", span, hint="run a %%neurons cell first")
    speed = _speed(options.speed)
    return _live(duration, notebook, notes, speed) if options.live else _at_once(duration, notebook, notes)


def _duration(text: str, line: Span, notebook: Notebook) -> Any:
    if not text:
        raise syntax_error("the duration is missing", line, expected=SIMULATE.help_text)
    at = line.text.find(text)
    place = line if at < 0 else Span(line.source, at, at + len(text))
    tree = parse_expression(place)
    duration = value_of(tree, Scope({}, external_names(notebook.names), complete=True))
    try:
        seconds(duration, "the duration")
    except UserError as error:
        found = error.diagnostics[0]
        raise type(error)(
            type(found)(found.message, place, found.kind, found.found, found.expected, found.hint)
        ) from None
    return duration


def _gather(notebook: Notebook, restart: bool) -> list[str]:
    """Bring together what is to be simulated; begins at t = 0 again if a cell was changed since the last run."""
    notes = []
    current = notebook.current()
    simulated = [d for d in current if d.made.simulated_by is not None]
    if restart or (simulated and len(simulated) < len(current)):
        if not restart:
            changed = ", ".join(d.made.name for d in current if d.made.simulated_by is None)
            notes.append(f"{changed} changed since the last run: the network begins again at t = 0")
        for defined in simulated:
            start_again(defined, notebook)
        for value in notebook.names.values():
            if isinstance(value, Monitor):
                value.clear()
    behind = notebook.left_behind()
    if behind:
        notes.append(f"{', '.join(behind)} still belongs to objects from before a change: run its cell again")
    visible = {n: v for n, v in notebook.names.items() if n not in behind and not n.startswith("_")}
    magic_network.gather(visible)
    return notes


def start_again(defined: Defined, notebook: Notebook) -> None:
    """Give an object the state that its cell gave it at first."""
    make = cells.neurons if defined.magic == "%%neurons" else cells.synapses
    fresh = make(defined.line, defined.body, notebook.names)[1].made
    old = defined.made
    if isinstance(old, Synapses) and isinstance(fresh, Synapses):
        old.take_connections(fresh)
    for name, array in old.arrays.items():
        array[:] = fresh.arrays[name]
    old.namespace.update(fresh.namespace)
    old.leave()


def _at_once(duration: Any, notebook: Notebook, notes: Sequence[str]) -> Card:
    groups = [item for item in magic_network.objects if isinstance(item, NeuronGroup) and "spike" in item.events]
    counters = [SpikeMonitor(group, record=False, name=f"count_{group.name}*") for group in groups]
    start = magic_network.t_
    magic_network.add(*counters)
    try:
        began = time.perf_counter()
        magic_network.run(duration, namespace=notebook.names)
        wall = time.perf_counter() - began
    finally:
        magic_network.remove(*counters)
    prepared = magic_network.last
    assert prepared is not None
    spikes = {g.name: (len(g), c.num_spikes) for g, c in zip(groups, counters, strict=True)}
    report = RunReport(
        start, magic_network.t_, wall - prepared.seconds_to_prepare, prepared.seconds_to_prepare,
        prepared.compiled.program.origin, prepared.compiled.target, spikes, tuple(notes),
    )  # fmt: skip
    return report.card()


def _speed(text: str) -> float | None:
    """Model time relative to real time; None for ``max``."""
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise syntax_error(f"'{text}' is not a speed", SIMULATE.place(text), expected="a number such as 0.5, or max")
    return speed


def _live(duration: Any, notebook: Notebook, notes: Sequence[str], speed: float | None) -> Any:
    from jupyspike.widgets import open_panel

    views = notebook.views or default_views()
    ranges = {d.made.name: d.ranges for d in notebook.current() if d.ranges}
    groups = {item.name: item for item in magic_network.objects if isinstance(item, NeuronGroup)}
    traces = [(groups[name], variable, list(elements)) for name, variable, elements in views.traces if name in groups]
    session = open_session(magic_network, duration, ranges, traces, notebook.names)
    session.speed = speed
    notebook.session = session
    for note in notes:
        print(note)
    shown = [(group.name, variable, elements) for group, variable, elements in traces]
    return open_panel(session, raster=views.raster, rate=views.rate, traces=shown)


def default_views() -> Views:
    """A raster and a rate of all groups that spike, and the first variable of one neuron of the first group."""
    groups = [item for item in magic_network.objects if isinstance(item, NeuronGroup)]
    spiking = tuple(group.name for group in groups if "spike" in group.events)
    traces = []
    for group in groups:
        variables = [d.name for d in group.equations.of_role("differential equation")]
        if variables:
            traces.append((group.name, "v" if "v" in variables else variables[0], (0,)))
    return Views(spiking, spiking, tuple(traces[:2]))


def live(line: str, notebook: Notebook) -> Card:
    """Choose what live panels show: ``%live raster(exc, inh) rate(exc) trace(exc.v, [0, 1])``.

    Raises
    ------
    EquationError
        The line is not a list of views.
    """
    head = f"%live {line}".rstrip()
    span = Span(Source(head, "%live"), 0, len(head))
    if not line.strip():
        notebook.views = None
        return Card("live panels show their usual views", "live panels show their usual views")
    expected = "raster(exc, inh) rate(exc) trace(exc.v, [0, 1])"
    try:
        calls = ast.parse(f"[{','.join(_calls(line))}]", mode="eval").body
        views = _views(calls, notebook)
    except (SyntaxError, ValueError, AttributeError, TypeError):
        raise syntax_error("this is not a list of views", span, expected=expected) from None
    except UserError as error:
        found = error.diagnostics[0]
        raise syntax_error(found.message, span, hint=found.hint or expected) from None
    notebook.views = views
    return Card("chosen for live panels", f"live panels show: {line.strip()}")


def _calls(line: str) -> list[str]:
    """The calls of a line, which stand side by side."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(line):
        depth += (char in "([") - (char in ")]")
        if char == ")" and depth == 0:
            parts.append(line[start : at + 1].strip(" ,"))
            start = at + 1
    if line[start:].strip(" ,"):
        raise ValueError(line[start:])
    return parts


def _views(calls: Any, notebook: Notebook) -> Views:
    chosen: dict[str, list[str]] = {"raster": [], "rate": []}
    traces: list[tuple[str, str, Sequence[int]]] = []
    for call in calls.elts:
        kind = call.func.id
        if kind in chosen:
            chosen[kind] += [_group(argument.id, notebook) for argument in call.args]
        elif kind == "trace":
            variable = call.args[0]
            elements = ast.literal_eval(call.args[1]) if len(call.args) > 1 else [0]
            group = _group(variable.value.id, notebook)
            traces.append((group, variable.attr, [elements] if isinstance(elements, int) else list(elements)))
        else:
            raise syntax_error(
                f"'{kind}' is not a view", Span(Source(kind, "%live"), 0, len(kind)), hint="raster, rate, trace"
            )
    return Views(tuple(chosen["raster"]), tuple(chosen["rate"]), tuple(traces))


def _group(name: str, notebook: Notebook) -> str:
    group = notebook.names.get(name)
    if not isinstance(group, NeuronGroup):
        hint = nearest(name, [n for n, value in notebook.names.items() if isinstance(value, NeuronGroup)])
        raise syntax_error(f"'{name}' is not a group of neurons", Span(Source(name, "%live"), 0, len(name)), hint=hint)
    return group.name
