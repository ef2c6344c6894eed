"""Models: everything a user says about a group of neurons or synapses, parsed and checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from ..diagnostics import ArgumentTypeError, Problems, Source, Span, UserError, nearest
from ..units import DIMENSIONLESS, SECOND
from .check import (
    NOISE_DIMENSION,
    Sort,
    check_block,
    check_shared,
    expect,
    report_stateful,
    report_unknown,
    sort_of,
    unit_text,
)
from .chemistry import check_reactions, check_settings
from .definition import Definition
from .equations import Equations
from .expressions import block, expression, parse_block, parse_condition, parse_expression
from .flags import FLAGS, IN_SPACE
from .scope import External, Scope, Symbol, neuron_symbols, synapse_symbols
from .syntax import Block, Expression, Name, names, walk

Text = str | Span
CONDITION = Sort(DIMENSIONLESS, "boolean")


@dataclass(frozen=True)
class NeuronModel:
    """Equations, events with their conditions, what happens at each event, and refractoriness.

    ``refractory`` is a time or a condition; ``REFRACTORY_PERIOD`` as its name stands for a time given as a value.
    ``solver`` are variables that the method of integration keeps. ``spatial`` says that the elements are compartments,
    whose equations give the current through the membrane; see `language.spatial`.
    """

    title: str
    equations: Equations
    events: Mapping[str, Expression] = field(default_factory=dict)
    reactions: Mapping[str, Block] = field(default_factory=dict)
    refractory: Expression | None = None
    solver: Mapping[str, Symbol] = field(default_factory=dict)
    spatial: bool = False

    @property
    def symbols(self) -> dict[str, Symbol]:
        return {**neuron_symbols(self.equations.values(), self.refractory is not None), **self.solver}


@dataclass(frozen=True)
class Pathway:
    """What a synapse does when an event of its source (``pre``) or target (``post``) reaches it."""

    name: str
    side: Literal["pre", "post"]
    event: str
    statements: Block


@dataclass(frozen=True)
class SynapseModel:
    """Equations of a synapse and its pathways; ``solver`` are variables that the method of integration keeps."""

    title: str
    equations: Equations
    pathways: tuple[Pathway, ...] = ()
    solver: Mapping[str, Symbol] = field(default_factory=dict)

    def symbols(self, source: dict[str, Symbol], target: dict[str, Symbol]) -> dict[str, Symbol]:
        return {**synapse_symbols(self.equations.values(), source, target), **self.solver}


REFRACTORY_PERIOD = "_refractory_period"


def read_expression(text: Text, title: str) -> Expression:
    return parse_expression(text) if isinstance(text, Span) else expression(_checked(text, title), title)


def read_condition(text: Text, title: str) -> Expression:
    """The condition of an event."""
    return parse_condition(text if isinstance(text, Span) else Span(Source(_checked(text, title), title), 0, len(text)))


def read_block(text: Text, title: str) -> Block:
    return parse_block(text) if isinstance(text, Span) else block(_checked(text, title), title)


def read_equations(text: Text | Equations | None, title: str) -> Equations:
    if text is None:
        return Equations(())
    if isinstance(text, (Span, Equations)):
        return text if isinstance(text, Equations) else Equations(text)
    return Equations(Span(Source(_checked(text, title), title), 0, len(text)))


def _checked(text: object, title: str) -> str:
    if not isinstance(text, str):
        raise ArgumentTypeError(f"the {title} must be given as text", kind="type", found=repr(text))
    return text


def neuron_model(
    name: str,
    equations: Text | Equations,
    events: Mapping[str, Text],
    reactions: Mapping[str, Text],
    refractory: Text | Expression | None,
) -> NeuronModel:
    """Parse all texts of a group of neurons.

    Raises
    ------
    UserError
        With the problems of all its texts together.
    """
    problems = Problems()
    model: dict[str, object] = {}
    parsed_events: dict[str, Expression] = {}
    parsed_reactions: dict[str, Block] = {}
    try:
        model["equations"] = read_equations(equations, f"equations of {name}")
    except UserError as error:
        problems.extend(error)
    for event, text in events.items():
        title = f"threshold of {name}" if event == "spike" else f"event '{event}' of {name}"
        try:
            parsed_events[event] = read_condition(text, title)
        except UserError as error:
            problems.extend(error)
    for event, text in reactions.items():
        title = f"reset of {name}" if event == "spike" else f"code for '{event}' of {name}"
        try:
            parsed_reactions[event] = read_block(text, title)
        except UserError as error:
            problems.extend(error)
    if isinstance(refractory, (str, Span)):
        try:
            refractory = read_expression(refractory, f"refractory of {name}")
        except UserError as error:
            problems.extend(error)
    problems.raise_if_any()
    return NeuronModel(name, model["equations"], parsed_events, parsed_reactions, refractory)  # type: ignore[arg-type]


def synapse_model(
    name: str, equations: Text | Equations | None, pathways: Mapping[str, tuple[Literal["pre", "post"], str, Text]]
) -> SynapseModel:
    """Parse all texts of synapses; ``pathways`` gives side, event and code by name.

    Raises
    ------
    UserError
        With the problems of all texts together.
    """
    problems = Problems()
    parsed: list[Pathway] = []
    understood = Equations(())
    try:
        understood = read_equations(equations, f"equations of {name}")
    except UserError as error:
        problems.extend(error)
    for path, (side, event, code) in pathways.items():
        try:
            parsed.append(Pathway(path, side, event, read_block(code, f"on_{path} of {name}")))
        except UserError as error:
            problems.extend(error)
    problems.raise_if_any()
    return SynapseModel(name, understood, tuple(parsed))


def check_neurons(model: NeuronModel, external: External, complete: bool) -> Scope:
    """Check units and names of a model of neurons; returns what its names mean.

    Raises
    ------
    UserError
        With all problems together; unknown names are among them only if ``complete``.
    """
    problems = Problems()
    scope = Scope(model.symbols, external, complete)
    _check_flags(model.equations, ("neurons", "neurons in space") if model.spatial else ("neurons",), problems)
    if model.refractory is not None:
        _check_free(model.equations, ("lastspike",), "the time of the last spike, kept for refractoriness", problems)
    check_equations(model.equations, scope, problems)
    for event, condition in model.events.items():
        what = "the threshold" if event == "spike" else f"the condition of event '{event}'"
        expect(condition, scope, CONDITION, what, problems)
    for event, code in model.reactions.items():
        if event not in model.events:
            spike = event == "spike"
            message = (
                "there is a reset, but no threshold" if spike else f"there is code for '{event}', but no such event"
            )
            hint = "give a threshold, as in v > -50*mV" if spike else nearest(event, model.events)
            problems.add(message, code[0].span if code else None, "value", hint=hint)
        check_block(code, scope, "the reset" if event == "spike" else f"the code for '{event}'", problems)
    if model.refractory is not None:
        if "spike" not in model.events:
            hint = "give a threshold, as in v > -50*mV"
            problems.add("a refractory period needs a threshold", model.refractory.span, "value", hint=hint)
        sort = sort_of(model.refractory, scope, problems)
        if sort is not None and sort.type != "boolean" and sort.dimension != SECOND:
            problems.add(
                "refractory has the wrong unit", model.refractory.span, "unit",
                found=unit_text(sort.dimension), expected="a time, as in 5*ms, or a condition",
            )  # fmt: skip
    problems.raise_if_any()
    return scope


def check_synapses(
    model: SynapseModel,
    source: dict[str, Symbol],
    target: dict[str, Symbol],
    external: External,
    complete: bool,
) -> Scope:
    """Check units and names of a model of synapses; returns what its names mean.

    Raises
    ------
    UserError
        With all problems together; unknown names are among them only if ``complete``.
    """
    problems = Problems()
    scope = Scope(model.symbols(source, target), external, complete)
    for definition in model.equations.values():
        if definition.name in source or definition.name in target:
            where = "target" if definition.name in target else "source"
            problems.add(
                f"'{definition.name}' is also a variable of the {where}", definition.name_span, "name",
                hint="choose another name for the variable of the synapse",
            )  # fmt: skip
    _check_flags(model.equations, ("synapses",), problems)
    _check_free(model.equations, ("j", "delay", "N_incoming", "N_outgoing"), "what each synapse has anyway", problems)
    if any("event-driven" in definition.flags for definition in model.equations.values()):
        _check_free(model.equations, ("lastupdate",), "the time of the last event-driven update", problems)
    check_equations(model.equations, scope, problems)
    _check_event_driven(model.equations, problems)
    for definition in summed_variables(model.equations):
        _check_summed(definition, scope, problems)
    for pathway in model.pathways:
        check_block(pathway.statements, scope, f"on_{pathway.name}", problems)
    problems.raise_if_any()
    return scope


def _check_flags(equations: Equations, of: tuple[str, ...], problems: Problems) -> None:
    for definition in equations.values():
        for row in (FLAGS[flag] for flag in definition.flags):
            if row.only not in ("", *of):
                message = f"the flag '{row.name}' belongs to equations of {row.only}"
                problems.add(message, definition.span, "value", hint=row.hint)
        for name, value in definition.settings:
            if name != "D" and "neurons in space" not in of:
                problems.add(f"'{name}' belongs to equations of neurons in space", value.span, "value", hint=IN_SPACE)


def summed_variables(equations: Equations) -> tuple[Definition, ...]:
    """The lines whose values are added up over synapses."""
    return tuple(d for d in equations.values() if "summed" in d.flags)


def _check_summed(definition: Definition, scope: Scope, problems: Problems) -> None:
    name = definition.name
    symbol = scope.symbols.get(name) if name.endswith(("_pre", "_post")) else None
    if symbol is None or symbol.side == "own":
        ends = [n for n, s in scope.symbols.items() if s.side != "own" and n.endswith(("_pre", "_post")) and s.writable]
        problems.add(
            f"'{name}' is not a variable of the source or the target", definition.name_span, "name",
            hint=nearest(name, ends) or "a summed variable is one of their parameters, as in x_post = ... (summed)",
        )  # fmt: skip
        return
    of_parameter = symbol.definition is not None and symbol.definition.role == "parameter"
    if not of_parameter or not symbol.writable or symbol.shared:
        hint = f"in the equations of the group it must be a line '{symbol.name} : {definition.unit_text}'"
        problems.add(f"'{name}' cannot be a sum over synapses", definition.name_span, "value", hint=hint)
    elif symbol.dimension != definition.dimension:
        problems.add(
            f"the sum '{name}' has another unit than the variable it goes to", definition.span, "unit",
            found=unit_text(definition.dimension), expected=unit_text(symbol.dimension),
        )  # fmt: skip


def _check_free(equations: Equations, names: tuple[str, ...], meaning: str, problems: Problems) -> None:
    """Report variables whose names mean something else in this kind of object."""
    for definition in equations.values():
        if definition.name in names:
            message = f"'{definition.name}' cannot be the name of a variable here: it is {meaning}"
            problems.add(message, definition.name_span, hint="choose another name")


def _check_event_driven(equations: Equations, problems: Problems) -> None:
    """Report what is computed in every step and reads an event-driven variable, directly or through subexpressions."""
    lazy = {d.name for d in equations.values() if "event-driven" in d.flags}

    def read(expression: Expression, seen: frozenset[str]) -> set[str]:
        found: set[str] = set()
        for name in names(expression) - seen:
            inner = equations[name].expression if name in equations and equations[name].written_out else None
            found |= {name} & lazy if inner is None else read(inner, seen | {name})
        return found

    for definition in equations.values():
        if definition.expression is None or definition.name in lazy or definition.written_out:
            continue
        for node in walk(definition.expression):
            for name in sorted(read(node, frozenset())) if isinstance(node, Name) else ():
                problems.add(
                    f"'{name}' is event-driven: its value is known only when an event arrives", node.span, "value",
                    hint=f"give d{name}/dt the flag (clock-driven)",
                )  # fmt: skip


def noise_symbols(expression: Expression) -> list[Symbol]:
    """White noise terms of a right-hand side: ``xi`` and ``xi_name``."""
    found = sorted(n for n in names(expression) if n == "xi" or n.startswith("xi_"))
    return [Symbol(name, "noise", NOISE_DIMENSION) for name in found]


def check_equations(equations: Equations, scope: Scope, problems: Problems) -> None:
    """Check each right-hand side against the unit of its variable, and that no subexpression uses itself."""
    check_reactions(equations, scope, problems)
    check_settings(equations, scope, problems)
    for definition in equations.own_lines:
        if definition.expression is None:
            continue
        if definition.role == "differential equation":
            if definition.value_type != "real":
                problems.add(
                    f"'{definition.name}' cannot change continuously: it is {definition.unit_text}",
                    definition.span,
                    "type",
                )
                continue
            wanted = Sort(definition.dimension / SECOND, "real")
            inner = scope.with_symbols(*noise_symbols(definition.expression))
            advice = partial(_rate_advice, definition)
            expect(definition.expression, inner, wanted, f"the equation of '{definition.name}'", problems, advice)
        else:
            wanted = Sort(definition.dimension, definition.value_type)
            inner = scope.with_symbols(*noise_symbols(definition.expression))
            expect(definition.expression, inner, wanted, f"the subexpression '{definition.name}'", problems)
            if definition.shared:
                check_shared(definition.expression, scope, definition.name, problems)
            if definition.written_out:
                hint = "add the flag (constant over dt): it is then drawn once in a step"
                report_stateful(definition.expression, scope, f"'{definition.name}'", hint, problems, definition.span)
    _check_circles(equations, problems)
    _check_noise(equations, problems)


def _check_noise(equations: Equations, problems: Problems) -> None:
    """Report a plain ``xi`` in several equations: is it the same noise in each, or not?"""
    noisy = [
        (definition, node)
        for definition in equations.of_role("differential equation")
        if definition.expression is not None
        for node in walk(definition.expression)
        if isinstance(node, Name) and node.id == "xi"
    ]
    for definition, node in noisy:
        first = noisy[0][0]
        if definition is not first:
            problems.add(
                f"'xi' is the noise of '{first.name}' already", node.span, "name",
                hint="write xi_1 and xi_2 for noise of their own, or the same xi_name in both for one noise",
            )  # fmt: skip


def _rate_advice(definition: Definition, found: Sort) -> str:
    if found.dimension == definition.dimension:
        return "a rate of change: divide by a time constant, as in (...)/(10*ms)"
    unit = "one" if definition.dimension.is_dimensionless else str(definition.dimension)
    return f"d{definition.name}/dt is in {unit} per second"


def _check_circles(equations: Equations, problems: Problems) -> None:
    subexpressions = {d.name: d for d in equations.values() if d.written_out or "constant over dt" in d.flags}

    def reaches(name: str, goal: str, seen: set[str]) -> bool:
        definition: Definition | None = subexpressions.get(name)
        if definition is None or definition.expression is None or name in seen:
            return False
        used = names(definition.expression)
        return goal in used or any(reaches(other, goal, seen | {name}) for other in used)

    for name, definition in subexpressions.items():
        if reaches(name, name, set()):
            problems.add(f"the subexpression '{name}' is defined through itself", definition.name_span, "value")


def check_statements(block: Block, scope: Scope, of: str) -> None:
    """Check statements that run for all elements, those that set shared variables first.

    Raises
    ------
    UserError
        With all problems together.
    """
    problems = Problems()
    check_block(block, scope, of, problems, per_event=False)
    problems.raise_if_any()


def check_value(text: Expression, scope: Scope, wanted: Sort, of: str) -> None:
    """Check an expression that stands for a value (an initial value, a condition of connection, a delay).

    Raises
    ------
    UserError
        With all problems together.
    """
    problems = Problems()
    for node in walk(text):
        if isinstance(node, Name) and (node.id == "xi" or node.id.startswith("xi_")):
            report_unknown(node, scope, problems)
    expect(text, scope, wanted, of, problems)
    problems.raise_if_any()
