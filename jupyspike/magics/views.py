"""``%live``: which views live panels show."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from jupyspike import widgets
from jupyspike.magics.cards import Card
from jupyspike.magics.notebook import Notebook
from jupyspike.widgets import VIEWS
from jupyspike_engine.diagnostics import ArgumentTypeError, Problems, Source, Span, UserError, nearest
from jupyspike_engine.frames import called_from
from jupyspike_engine.language.expressions import check_brackets, trimmed
from jupyspike_engine.language.syntax_errors import syntax_error
from jupyspike_engine.objects.base import SimulatedObject
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.running.magic import magic_network
from jupyspike_engine.objects.scopes import in_scope
from jupyspike_engine.objects.spatial.compartmentparts import Sectioned
from jupyspike_engine.objects.subgroup import Subgroup, whole
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.objects.variables import VariableView

if TYPE_CHECKING:
    from jupyspike.widgets.view import View

_INDEX = "_index"  # the name of what is indexed, in place of a variable
EXPECTED = "raster(exc, inh) rate(exc) trace(exc.v, [0, 1])"


class _Argument(NamedTuple):
    """What stands between the brackets of a view: its values, usually one, and where."""

    name: str | None
    values: tuple[Any, ...]
    place: Span


def default_views() -> list[View]:
    """A raster and a rate of all groups that spike, and the first variable of one neuron of the first groups."""
    groups = [item for item in magic_network.objects if isinstance(item, NeuronGroup)]
    spiking = [group for group in groups if "spike" in group.events]
    views: list[View] = [widgets.Raster(*spiking), widgets.Rate(*spiking)] if spiking else []
    traces = []
    for group in groups:
        variables = [d.name for d in group.equations.of_role("differential equation")]
        if variables:
            traces.append(widgets.Trace(group.state("v" if "v" in variables else variables[0]), 0))
    return [*views, *traces[:2]]


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
    chosen = Span(source, len("%live "), len(head.split("#")[0].rstrip()))
    for view in views_of(chosen, notebook):
        view.detach()  # it was only to be seen whether there are such views
    notebook.views = chosen
    return Card("chosen for live panels", f"live panels show: {line.strip()}")


def views_of(line: Span, notebook: Notebook) -> list[View]:
    """The views that are written side by side in a line.

    Raises
    ------
    EquationError
        Something is not a view, or cannot be shown; all problems together.
    """
    problems, made = Problems(), []
    for call in _calls(line):
        with problems.collecting():
            made.append(_view(call, notebook))
    try:
        problems.raise_if_any()
    except UserError:
        for view in made:
            view.detach()
        raise
    return made


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


def _view(call: Span, notebook: Notebook) -> View:
    kind = re.match(r"\w*", call.text)
    name = Span(call.source, call.start, call.start + (kind.end() if kind else 0))
    if name.text and name.text not in VIEWS:
        hint = nearest(name.text, VIEWS) or f"views are: {', '.join(VIEWS)}"
        raise syntax_error(f"'{name.text}' is not a view", name, hint=hint)
    try:
        tree = ast.parse(call.text, mode="eval").body
    except (SyntaxError, ValueError):
        tree = None
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        raise syntax_error("this is not a view", call, expected=EXPECTED)
    problems, arguments = Problems(), []
    nodes: list[ast.expr | ast.keyword] = [*tree.args, *tree.keywords]
    for node in nodes:
        with problems.collecting():
            arguments.append(_argument(node, call, notebook))
    problems.raise_if_any()
    return _made(name.text, arguments, call, notebook)


def _made(kind: str, arguments: list[_Argument], call: Span, notebook: Notebook) -> View:
    from jupyspike.widgets.sources import ViewError

    for argument in arguments:
        _expect_simulated(argument)
    positional = [value for argument in arguments if argument.name is None for value in argument.values]
    named = {argument.name: argument.values[0] for argument in arguments if argument.name is not None}
    try:
        with called_from(notebook.names):
            view: View = getattr(widgets, VIEWS[kind][1])(*positional, **named)
    except (ViewError, ArgumentTypeError) as error:
        about = getattr(error, "argument", _INDEX)
        wrong = [a.place for a in arguments if any(value is about for value in a.values)]
        found, here = error.diagnostics[0], partial(re.sub, rf"\b{VIEWS[kind][1]}\(", f"{kind}(")
        details = {"found": found.found, "expected": here(found.expected), "hint": found.hint}
        raise syntax_error(here(found.message), wrong[0] if wrong else call, **details) from None
    except TypeError as error:
        message = str(error).partition("() ")[2] or str(error)
        raise syntax_error(f"{kind}(): {message}", call, hint=f"help: {VIEWS[kind][1]}?") from None
    return view


def _expect_simulated(argument: _Argument) -> None:
    """Raise an error if an argument is of something that runs no longer see."""
    for value in argument.values:
        owner = value.owner if isinstance(value, VariableView) else value
        if isinstance(owner, (NeuronGroup, Synapses, Subgroup)) and not in_scope(whole(owner)[0]):
            message = f"'{whole(owner)[0].name}' is not simulated: it was made before start_scope()"
            raise syntax_error(message, argument.place, hint="run the cells again that make it and what belongs to it")


def _argument(node: ast.expr | ast.keyword, call: Span, notebook: Notebook) -> _Argument:
    """The value of an argument; ``exc.v[0, 5]`` stands for the variable and some of its elements.

    Of a population of cells it is that of compartment 5 of cell 0.
    """
    if isinstance(node, ast.keyword):
        inner = _argument(node.value, call, notebook)
        return _Argument(node.arg, inner.values, inner.place)
    place = _place(node, call)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
        variable = _value(node.value, _place(node.value, call), notebook)
        if isinstance(variable, VariableView):
            return _Argument(None, (variable, _elements(variable, node, place, notebook)), place)
    return _Argument(None, (_value(node, place, notebook),), place)


def _elements(variable: VariableView, node: ast.Subscript, place: Span, notebook: Notebook) -> Any:
    """What stands in brackets behind a variable: two numbers are a cell and a compartment where they are in Python."""
    in_python = isinstance(node.slice, ast.Tuple) and isinstance(variable.owner, Sectioned)
    brackets = ast.Subscript(ast.Name(_INDEX, ast.Load()), node.slice, ast.Load())
    index = {_INDEX: variable.owner.indices if in_python else np.s_}
    found = _value(ast.fix_missing_locations(brackets), place, notebook, index)
    return found.tolist() if in_python else found


def _value(node: ast.expr, place: Span, notebook: Notebook, more: Mapping[str, Any] = MappingProxyType({})) -> Any:
    try:
        return eval(compile(ast.Expression(node), place.source.title, "eval"), {**notebook.names, **more})
    except NameError as error:
        known = [name for name, value in notebook.names.items() if isinstance(value, SimulatedObject)]
        hint = nearest(str(error.name), known) or (f"there are: {', '.join(known)}" if known else "")
        raise syntax_error(f"there is no '{error.name}'", place, hint=hint) from None
    except UserError as error:
        found = error.diagnostics[0]
        raise syntax_error(found.message, place, hint=found.hint) from None
    except Exception as error:  # of whatever kind: it is the user's own expression
        raise syntax_error(f"this has no value: {error}", place) from None


def _place(node: ast.expr, call: Span) -> Span:
    start = len(call.text.encode()[: node.col_offset].decode())
    end = len(call.text.encode()[: node.end_col_offset].decode())
    return Span(call.source, call.start + start, call.start + end)
