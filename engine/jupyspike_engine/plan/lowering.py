"""From the checked models of a network to its plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..diagnostics import ArgumentError, Problems
from ..language import syntax
from ..language.check import sort_of
from ..language.functions import Type
from ..language.model import NeuronModel
from ..language.scope import Scope, Symbol
from ..numerics import system
from ..numerics.system import UpdateRule
from .binding import Binding, Given, Registry, SubgroupBinding, applied
from .network import Moment, Network, Neurons, Recording, Synapses, slot_position
from .nodes import (
    Array,
    Constant,
    Detect,
    Domain,
    Element,
    Event,
    Expression,
    Let,
    Local,
    Operation,
    Parameter,
    Pathway,
    Place,
    Plan,
    Propagate,
    Propagator,
    React,
    Recorder,
    RecordEvents,
    RecordRate,
    RecordState,
    Statement,
    Store,
    Time,
    Update,
)


@dataclass(frozen=True)
class Lowered:
    """A plan, and how the objects of the network and their values are found in it.

    Attributes
    ----------
    parameters : mapping of str to Given
        Where the value of each parameter of the plan comes from; those of propagators are computed.
    domains : mapping of str to str
        The plan's domain for each object's name.
    """

    plan: Plan
    parameters: Mapping[str, Given]
    domains: Mapping[str, str]
    recorders: Mapping[str, str]


def lower(network: Network) -> Lowered:
    """The plan of a network."""
    return _Lowering(network).run()


@dataclass
class _Lowering:
    network: Network
    registry: Registry = field(default_factory=Registry)
    bindings: dict[str, Binding] = field(default_factory=dict)
    domains: list[Domain] = field(default_factory=list)
    arrays: list[Array] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    pathways: list[Pathway] = field(default_factory=list)
    recorders: list[Recorder] = field(default_factory=list)
    propagators: list[Propagator] = field(default_factory=list)
    scheduled: list[tuple[tuple[int, int, str, int, str, int], Operation]] = field(default_factory=list)

    def run(self) -> Lowered:
        for number, group in enumerate(self.network.neurons):
            self._declare_neurons(f"g{number}", group)
        for group in self.network.neurons:
            self._neurons(group)
        for number, synapses in enumerate(self.network.synapses):
            self._synapses(f"s{number}", synapses)
        for number, recording in enumerate(self.network.recordings):
            self._recording(f"r{number}", recording)
        self.scheduled.sort(key=lambda item: item[0])
        self._check_order_of_events()
        operations = tuple(operation for _, operation in self.scheduled)
        computed = [name for p in self.propagators if p.domain is None for *_, name in (*p.exponential, *p.integral)]
        plan = Plan(
            self.network.clocks,
            tuple(self.domains),
            tuple(self.arrays),
            (*self.registry.parameters, *computed),
            tuple(self.events),
            tuple(self.pathways),
            tuple(self.recorders),
            tuple(self.propagators),
            operations,
        )
        recorders = {r.name: f"r{number}" for number, r in enumerate(self.network.recordings)}
        return Lowered(plan, self.registry.parameters, {n: b.domain for n, b in self.bindings.items()}, recorders)

    def _add(self, moment: Moment, name: str, operation: Operation, part: str = "") -> None:
        key = (slot_position(moment.when), moment.order, *stem_and_number(name), part, len(self.scheduled))
        self.scheduled.append((key, operation))

    def _check_order_of_events(self) -> None:
        """Raise an error where something waits for events in a slot in which they are not known yet."""
        of_pathway = {pathway.name: pathway.event for pathway in self.pathways}
        found: set[str] = set()
        for (_, _, stem, number, *_), operation in self.scheduled:
            if isinstance(operation, Detect):
                found.add(operation.event)
            elif not isinstance(operation, (Update, RecordState)):
                event = of_pathway[operation.pathway] if isinstance(operation, Propagate) else operation.event
                if event not in found:
                    name = f"{stem}_{number}" if number else stem
                    raise ArgumentError(
                        f"'{name}' acts before the events that it waits for are found in a time step",
                        hint="give it a later slot or a higher order: spikes are found in the slot 'thresholds'",
                    )

    def _declare_arrays(self, domain: str, symbols: Iterable[Symbol]) -> None:
        for symbol in symbols:
            if symbol.meaning == "state" and symbol.side == "own" and symbol.name != "not_refractory":
                self.arrays.append(Array(f"{domain}.{symbol.name}", domain, symbol.type))

    # groups of neurons

    def _declare_neurons(self, domain: str, group: Neurons) -> None:
        self.domains.append(Domain(domain))
        clock = group.clock if self.network.clocks > 1 else None
        binding = Binding(self.registry, group.name, domain, group.scope, clock=clock)
        self.bindings[group.name] = binding
        self._declare_arrays(domain, group.scope.symbols.values())
        if group.model.refractory is not None:
            binding.refractory = refractory_kind(group.model, group.scope)
            array = ("not_refractory", "boolean") if binding.refractory == "condition" else ("refractory_until", "real")
            self.arrays.append(Array(f"{domain}.{array[0]}", domain, array[1]))  # type: ignore[arg-type]
        for event in group.model.events:
            self.events.append(Event(f"{domain}_{event}", domain))

    def _neurons(self, group: Neurons) -> None:
        binding = self.bindings[group.name]
        domain = binding.domain
        updates: list[Statement] = []
        if binding.refractory == "condition":
            assert group.model.refractory is not None
            freed = applied("or", binding.not_refractory(), applied("not", binding.lower(group.model.refractory)))
            updates.append(Store(f"{domain}.not_refractory", "own", freed, group.model.refractory.span))
        if group.rule is not None:
            updates += self._rule(binding, group.rule, group.clock, group.model.equations)
        if updates:
            self._add(
                Moment(group.clock, "groups", group.order), group.name, Update(group.clock, domain, tuple(updates))
            )
        for event, condition in group.model.events.items():
            self._event(group, binding, event, condition)

    def _event(self, group: Neurons, binding: Binding, event: str, condition: syntax.Expression) -> None:
        domain, model = binding.domain, group.model
        meets = binding.lower(condition)
        marks: list[Statement] = []
        reaction = self._block(binding, model.reactions.get(event, ()))
        if event == "spike" and binding.refractory != "none":
            assert model.refractory is not None
            meets = applied("and", meets, binding.not_refractory())
            marks.append(Store(f"{domain}.lastspike", "own", Time("t")))
            if binding.refractory == "condition":
                marks.append(Store(f"{domain}.not_refractory", "own", Constant(False, "boolean")))
            else:
                marks.append(Store(f"{domain}.refractory_until", "own", Constant(float("inf"), "real")))
                period = applied("timestep", binding.lower(model.refractory), Time("dt"))
                until = applied("add", Time("step"), period)
                reaction.append(Store(f"{domain}.refractory_until", "own", until, model.refractory.span))
        detect = Detect(group.clock, domain, f"{domain}_{event}", meets, tuple(marks))
        self._add(group.event_moments[event], group.name, detect)
        if reaction:
            react = React(group.clock, domain, f"{domain}_{event}", tuple(reaction))
            self._add(group.reaction_moments[event], group.name, react)

    def _rule(self, binding: Binding, rule: UpdateRule, clock: int, equations: Mapping[str, object]) -> list[Statement]:
        """The statements of an integration step: temporaries, new values, and then all are written."""
        for propagator in rule.propagators:
            self._propagator(binding, propagator, clock)
        statements: list[Statement] = []
        for name, tree in rule.temporaries:
            value = binding.lower(tree)
            statements.append(Let(name.lstrip("_"), value, tree.span))
            binding.locals[name] = Local(name.lstrip("_"), value.type)
        new = {
            name: (binding.lower(tree), getattr(equations.get(name), "span", None))
            for name, tree in rule.values.items()
        }
        statements += [Let(f"new_{name}", value, span) for name, (value, span) in new.items()]
        statements += [
            Store(f"{binding.domain}.{name}", "own", Local(f"new_{name}", value.type), span)
            for name, (value, span) in new.items()
        ]
        binding.locals.clear()
        return statements

    def _propagator(self, binding: Binding, propagator: system.Propagator, clock: int) -> None:
        domain = binding.domain
        entries = tuple(tuple(None if e is None else binding.lower(e) for e in row) for row in propagator.entries)

        def declare(names: Mapping[tuple[int, int], str]) -> tuple[tuple[int, int, str], ...]:
            declared = []
            for (row, column), name in names.items():
                full = f"{domain}.{name.lstrip('_')}" if propagator.elementwise else f"{domain}{name}"
                declared.append((row, column, full))
                if propagator.elementwise:
                    self.arrays.append(Array(full, domain, "real"))
                    binding.locals[name] = Element(full, "own", "real")
                else:
                    binding.locals[name] = Parameter(full)
            return tuple(declared)

        exponential, integral = declare(propagator.exponential), declare(propagator.integral)
        self.propagators.append(
            Propagator(entries, exponential, integral, clock, domain if propagator.elementwise else None)
        )

    def _block(self, binding: Binding, block: syntax.Block) -> list[Statement]:
        statements: list[Statement] = []
        for statement in block:
            symbol = binding.scope.symbols[statement.target]
            end = binding.of_side(symbol)
            target: Expression = end.symbol(symbol)
            tree = statement.expression
            if statement.symbol != "=":
                tree = syntax.Operator(statement.symbol[:-1], (syntax.Name(statement.target), tree))
            value = binding.lower(tree)
            if end is not binding and symbol.unless_refractory:
                value = applied("select", end.not_refractory(), value, target)
            statements.append(Store(f"{end.domain}.{symbol.name}", end.place, value, statement.span))
        return statements

    # synapses

    def _synapses(self, domain: str, part: Synapses) -> None:
        ends: dict[str, Binding] = {}
        places: tuple[tuple[Place, str], ...] = (("pre", part.source), ("post", part.target))
        for place, name in places:
            end = self.bindings[name]
            ends[place] = SubgroupBinding(
                self.registry,
                end.owner,
                end.domain,
                end.scope,
                place,
                {},
                end.refractory,
                end.clock,
                synapses=part.name,
                prefix=domain,
            )
        binding = Binding(self.registry, part.name, domain, part.scope, "own", ends)
        self.bindings[part.name] = binding
        self.domains.append(Domain(domain, ends["pre"].domain, ends["post"].domain))
        self._declare_arrays(domain, part.scope.symbols.values())
        if part.rule is not None:
            statements = self._rule(binding, part.rule, part.clock, part.model.equations)
            moment = Moment(part.clock, "groups", part.order)
            self._add(moment, part.name, Update(part.clock, domain, tuple(statements)))
        if part.event_driven is not None:
            self.arrays.append(Array(f"{domain}.lastupdate", domain, "real"))
        for pathway in part.model.pathways:
            event = f"{ends[pathway.side].domain}_{pathway.event}"
            self.pathways.append(Pathway(f"{domain}_{pathway.name}", domain, event, pathway.side))
            statements = self._caught_up(binding, part) + self._block(binding, pathway.statements)
            moment = part.moments[pathway.name]
            operation = Propagate(moment.clock, domain, f"{domain}_{pathway.name}", tuple(statements))
            self._add(moment, part.name, operation, pathway.name)

    def _caught_up(self, binding: Binding, part: Synapses) -> list[Statement]:
        """Event-driven variables brought to the present, before the code of a pathway sees them."""
        if part.event_driven is None:
            return []
        last = Element(f"{binding.domain}.lastupdate", "own", "real")
        elapsed = Let("elapsed", applied("subtract", Time("t"), last))
        binding.locals["_elapsed"] = Local("elapsed", "real")
        statements = self._rule(binding, part.event_driven, part.clock, part.model.equations)
        return [elapsed, *statements, Store(f"{binding.domain}.lastupdate", "own", Time("t"))]

    # recordings

    def _recording(self, name: str, recording: Recording) -> None:
        binding = self.bindings[recording.source]
        values = tuple(binding.lower(value) for value in recording.values)
        columns: tuple[Type, ...] = ("integer",) if recording.kind == "rate" else tuple(value.type for value in values)
        self.recorders.append(Recorder(name, recording.kind, columns))
        clock, event = recording.moment.clock, f"{binding.domain}_{recording.event}"
        operation: Operation
        if recording.kind == "events":
            operation = RecordEvents(clock, binding.domain, event, name, values)
        elif recording.kind == "state":
            operation = RecordState(clock, binding.domain, name, values)
        else:
            operation = RecordRate(clock, binding.domain, event, name)
        self._add(recording.moment, recording.name, operation)


def stem_and_number(name: str) -> tuple[str, int]:
    """What names are ordered by: synapses_2 comes before synapses_10, so that objects made again keep their order."""
    stem, _, number = name.rpartition("_")
    return (stem, int(number)) if stem and number.isdecimal() else (name, 0)


def refractory_kind(model: NeuronModel, scope: Scope) -> Literal["none", "time", "condition"]:
    """Whether refractoriness is given as a time or as a condition."""
    if model.refractory is None:
        return "none"
    sort = sort_of(model.refractory, scope, Problems())
    return "condition" if sort is not None and sort.type == "boolean" else "time"
