"""``%live``: which views live panels show."""

from __future__ import annotations

import ast
import re
from typing import Any

from jupyspike.magics.cards import Card
from jupyspike.magics.notebook import Notebook, Views
from jupyspike_engine.diagnostics import Problems, Source, Span, nearest
from jupyspike_engine.language.expressions import check_brackets, trimmed
from jupyspike_engine.language.syntax_errors import syntax_error
from jupyspike_engine.objects.magic import magic_network
from jupyspike_engine.objects.neurongroup import NeuronGroup

EXPECTED = "raster(exc, inh) rate(exc) trace(exc.v, [0, 1])"
KINDS = ("raster", "rate", "trace")


def default_views() -> Views:
    """A raster and a rate of all groups that spike, and the first variable of one neuron of the first groups."""
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
        The line is not a list of views; all its problems together.
    """
    head = f"%live {line}".rstrip()
    source = Source(head, "%live")
    if not line.split("#")[0].strip():
        notebook.views = None
        return Card("live panels show their usual views", "live panels show their usual views")
    problems = Problems()
    chosen: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for call in _calls(Span(source, len("%live "), len(head.split("#")[0].rstrip()))):
        with problems.collecting():
            kind, view = _view(call, notebook)
            chosen[kind] += view
    problems.raise_if_any()
    notebook.views = Views(tuple(chosen["raster"]), tuple(chosen["rate"]), tuple(chosen["trace"]))
    return Card("chosen for live panels", f"live panels show: {line.strip()}")


def _calls(line: Span) -> list[Span]:
    """The calls of a line, which stand side by side, with or without commas between them."""
    check_brackets(line)
    calls, depth, start = [], 0, line.start
    for offset, char in enumerate(line.text, line.start):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0 and (char == ")" or offset == line.end - 1):
            calls.append(trimmed(Span(line.source, start, offset + 1)))
            start = offset + 1
        elif depth == 0 and char in ", " and not line.source.text[start:offset].strip():
            start = offset + 1
    return [call for call in calls if call.text]


def _view(call: Span, notebook: Notebook) -> tuple[str, list[Any]]:
    """The kind of a view, and what it shows."""
    kind = re.match(r"\w*", call.text)
    name = Span(call.source, call.start, call.start + (kind.end() if kind else 0))
    if name.text and name.text not in KINDS:
        hint = nearest(name.text, KINDS) or f"views are: {', '.join(KINDS)}"
        raise syntax_error(f"'{name.text}' is not a view", name, hint=hint)
    try:
        tree = ast.parse(call.text, mode="eval").body
    except (SyntaxError, ValueError):
        tree = None
    if not isinstance(tree, ast.Call) or tree.keywords:
        raise syntax_error("this is not a view", call, expected=EXPECTED)
    if name.text == "trace":
        return "trace", [_trace(tree, call, notebook)]
    return name.text, [_spiking(argument, _place(argument, call), notebook) for argument in tree.args]


def _place(node: ast.expr, call: Span) -> Span:
    start = len(call.text.encode()[: node.col_offset].decode())
    end = len(call.text.encode()[: node.end_col_offset].decode())
    return Span(call.source, call.start + start, call.start + end)


def _group(node: ast.expr, place: Span, notebook: Notebook) -> NeuronGroup:
    group = notebook.names.get(node.id) if isinstance(node, ast.Name) else None
    if not isinstance(group, NeuronGroup):
        hint = nearest(place.text, [n for n, value in notebook.names.items() if isinstance(value, NeuronGroup)])
        raise syntax_error(f"'{place.text}' is not a group of neurons", place, hint=hint)
    return group


def _spiking(node: ast.expr, place: Span, notebook: Notebook) -> str:
    group = _group(node, place, notebook)
    if "spike" not in group.events:
        raise syntax_error(f"'{place.text}' has no threshold, so it never spikes", place)
    return group.name


def _trace(tree: ast.Call, call: Span, notebook: Notebook) -> tuple[str, str, list[int]]:
    """Group, variable and elements of ``trace(exc.v, [0, 1])``."""
    if len(tree.args) not in (1, 2) or not isinstance(tree.args[0], ast.Attribute):
        raise syntax_error("this is not a trace", call, expected="trace(exc.v, [0, 1])")
    variable = tree.args[0]
    group = _group(variable.value, _place(variable.value, call), notebook)
    recorded = [n for n, s in group.symbols.items() if s.meaning in ("state", "subexpression")]
    if variable.attr not in recorded:
        hint = nearest(variable.attr, recorded) or f"variables are: {', '.join(recorded)}"
        raise syntax_error(f"'{group.name}' has no variable '{variable.attr}'", _place(variable, call), hint=hint)
    if len(tree.args) == 1:
        return group.name, variable.attr, [0]
    place = _place(tree.args[1], call)
    try:
        elements = ast.literal_eval(tree.args[1])
    except ValueError:
        elements = None
    listed = [elements] if isinstance(elements, int) else elements
    if not isinstance(listed, (list, tuple)) or not listed or not all(type(k) is int for k in listed):
        raise syntax_error("these are not numbers of neurons", place, expected="such as 3 or [0, 1, 2]")
    if not all(0 <= k < len(group) for k in listed):
        expected = f"numbers from 0 to {len(group) - 1}"
        raise syntax_error(f"'{group.name}' does not have these neurons", place, expected=expected)
    return group.name, variable.attr, list(listed)
