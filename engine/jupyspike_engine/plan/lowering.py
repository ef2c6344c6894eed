"""From the checked models of a network to its plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from ..diagnostics import ArgumentError, Problems
from ..language import syntax
from ..language.check import sort_of, with_values
from ..language.equations import Definition
from ..language.functions import Type
from ..language.model import NeuronModel
from ..language.scope import Scope, Symbol
from ..language.spatial import POINT_CURRENT, POTENTIAL
from ..numerics import system
from ..numerics.adaptive import UNFINISHED
from ..numerics.cable import SLOPE, SOLUTION, CableRule, slope_by
from ..numerics.system import UpdateRule, written_out
from .binding import Binding, Given, Registry, Table, applied
from .earlier import with_earlier
from .network import Moment, Network, Neurons, Recording, Regular, Synapses, slot_position
from .nodes import (
    STORAGE,
    Array,
    Call,
    Constant,
    Detect,
    Domain,
    Element,
    Eliminate,
    Event,
    Exponentiate,
    Forest,
    Inject,
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
    Solve,
    Statement,
    Store,
    Sum,
    Time,
    Update,
)  # fmt: skip
from .reciprocals import multiplied

TREE = "_tree_"  # begins the names of the arrays of a forest


@dataclass(frozen=True)
class Label:
    """What an operation of the plan is to the user: whose it is, and when it acts."""

    name: str
    kind: str
    moment: Moment


@dataclass(frozen=True)
class Lowered:
    """A plan, and how the objects of the network and their values are found in it.

    Attributes
    ----------
    parameters : mapping of str to Given
        Where the value of each parameter of the plan comes from; those of propagators are computed.
    domains : mapping of str to str
        The plan's domain for each object's name.
    recorders, calls : mapping of str to str
        The plan's name for each monitor and for each thing that the host does.
    tables : mapping of str to Table
        The values of the plan's tables.
    labels : tuple of Label
        One for each operation.
    """

    plan: Plan
    parameters: Mapping[str, Given]
    domains: Mapping[str, str]
    recorders: Mapping[str, str]
    calls: Mapping[str, str]
    tables: Mapping[str, Table]
    labels: tuple[Label, ...]


def lower(network: Network) -> Lowered:
    """The plan of a network."""
    return _Lowering(network).run()


@dataclass
class _Lowering:
    network: Network
    registry: Registry = field(default_factory=Registry)
    domains: list[Domain] = field(default_factory=list)
    arrays: list[Array] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    pathways: list[Pathway] = field(default_factory=list)
    recorders: list[Recorder] = field(default_factory=list)
    propagators: list[Propagator] = field(default_factory=list)
    scheduled: list[tuple[tuple[int, int, str, int, str, int], Operation, Label]] = field(default_factory=list)

    @property
    def bindings(self) -> dict[str, Binding]:
        return self.registry.bindings

    def run(self) -> Lowered:
        for number, group in enumerate(self.network.neurons):
            self._declare_neurons(f"g{number}", group)
        for number, synapses in enumerate(self.network.synapses):
            self._declare_synapses(f"s{number}", synapses)
        for synapses in self.network.synapses:
            self._find_ends(synapses)
        for group in self.network.neurons:
            self._neurons(group)
        for synapses in self.network.synapses:
            self._synapses(synapses)
        for number, recording in enumerate(self.network.recordings):
            self._recording(f"r{number}", recording)
        for number, call in enumerate(self.network.calls):
            self._add(call.moment, call.name, Call(call.moment.clock, f"c{number}"))
        self.scheduled.sort(key=lambda item: item[0])
        self._check_order_of_events()
        computed = [name for p in self.propagators if p.domain is None for *_, name in (*p.exponential, *p.integral)]
        tables = {name: Array(name, None, *table_type(table)) for name, table in self.registry.tables.items()}
        plan = Plan(
            self.network.clocks,
            tuple(self.domains),
            (*self.arrays, *self.registry.indices.values(), *tables.values()),
            (*self.registry.parameters, *computed),
            tuple(self.events),
            tuple(self.pathways),
            tuple(self.recorders),
            tuple(self.propagators),
            tuple(operation for _, operation, _ in self.scheduled),
            tuple(self.registry.functions.values()),
        )
        return Lowered(
            plan,
            self.registry.parameters,
            {name: binding.domain for name, binding in self.bindings.items()},
            {recording.name: f"r{number}" for number, recording in enumerate(self.network.recordings)},
            {call.name: f"c{number}" for number, call in enumerate(self.network.calls)},
            self.registry.tables,
            tuple(label for *_, label in self.scheduled),
        )

    def _add(self, moment: Moment, name: str, operation: Operation, part: str = "") -> None:
        if isinstance(operation, Update):
            operation = multiplied(operation)
        if isinstance(operation, (Update, React)):
            copies, operation = with_earlier(operation, {array.name: array for array in self.arrays})
            self.arrays += (copy for copy in copies if copy not in self.arrays)
            for copying in copies.values():
                self._add(moment, name, copying, part)
        position = slot_position(moment.when, self.network.schedule)
        key = (position, moment.order, *stem_and_number(name), part, len(self.scheduled))
        label = Label(moment.name or name, type(operation).__name__, moment)
        self.scheduled.append((key, operation, label))

    def _check_order_of_events(self) -> None:
        """Raise an error where something waits for events in a slot in which they are not known yet."""
        of_pathway = {pathway.name: pathway.event for pathway in self.pathways}
        found: set[str] = set()
        for (_, _, stem, number, *_), operation, _ in self.scheduled:
            if isinstance(operation, (Detect, Inject)):
                found.add(operation.event)
            elif isinstance(operation, (React, Propagate, RecordEvents, RecordRate)):
                event = of_pathway[operation.pathway] if isinstance(operation, Propagate) else operation.event
                if event not in found:
                    name = f"{stem}_{number}" if number else stem
                    raise ArgumentError(
                        f"'{name}' acts before the events that it waits for are found in a time step",
                        hint="give it a later slot or a higher order: spikes are found in the slot 'thresholds'",
                    )

    def _declare_arrays(
        self, domain: str, symbols: Iterable[Symbol], storage: Mapping[str, str], beside: tuple[str, ...] = ()
    ) -> None:
        for symbol in symbols:
            if symbol.meaning == "state" and symbol.side == "own":
                kind = storage.get(symbol.name, STORAGE[symbol.type])
                together = tuple(f"{domain}.{name}" for name in beside) if symbol.name in beside else ()
                self.arrays.append(Array(f"{domain}.{symbol.name}", domain, symbol.type, kind, symbol.shared, together))

    # groups of neurons

    def _declare_neurons(self, domain: str, group: Neurons) -> None:
        self.domains.append(Domain(domain))
        self.bindings[group.name] = Binding(
            self.registry, group.name, domain, group.scope, links=group.links, storage=group.storage
        )
        self._declare_arrays(domain, group.scope.symbols.values(), group.storage)
        if refractory_kind(group.model, group.scope) == "time":
            self.arrays.append(Array(f"{domain}.refractory_until", domain, "real"))
        for event in group.model.events:
            self.events.append(Event(f"{domain}_{event}", domain, group.clock))

    def _neurons(self, group: Neurons) -> None:
        binding = self.bindings[group.name]
        domain = binding.domain
        self._once(binding, group.model.equations.values(), group.once)
        updates: list[Statement] = []
        if group.model.refractory is not None:
            updates = self._set_free(binding, group.model, group.rule)
        if group.rule is not None:
            # what is only computed comes before all that is written: then it can be shared
            at = len(updates) if group.rule.solve is not None else 1
            updates[at:at] = self._rule(binding, group.rule, group.clock, group.model.equations)
        solving: tuple[Operation, ...] = ()
        if group.cable is not None:
            updates, solving = self._cable(binding, group.cable, group.clock, updates)
            for rule in group.diffusion:
                solving += self._diffusion(binding, rule, group.clock)
        if updates and group.update is not None:
            watched = integrated(domain, group.rule)
            self._add(group.update, group.name, Update(group.clock, domain, tuple(updates), watched=watched))
            for operation in solving:
                self._add(group.update, group.name, operation)
        for event, condition in group.model.events.items():
            self._event(group, binding, event, condition)
        self._regular(group.name, group.regular)

    def _cable(
        self, binding: Binding, rule: CableRule, clock: int, updates: list[Statement]
    ) -> tuple[list[Statement], tuple[Operation, ...]]:
        """An update that gives the linear system of the cable equation as well, and what solves that."""
        domain = binding.domain
        diagonal, right = f"{domain}._diagonal", f"{domain}._right"
        self.arrays += [Array(name, domain, "real") for name in (diagonal, right)]
        new = {s.array.split(".", 1)[1]: s.value for s in updates if isinstance(s, Store)}
        binding.locals |= {name: value for name, value in new.items() if isinstance(value, Local)}
        slopes = self._slopes_of_sums(binding, rule)
        rule = rule.with_slopes(slopes)
        lets = self._temporaries(binding, (*rule.temporaries, ("_diagonal", rule.diagonal), ("_right", rule.right)))
        stores = (Store(name, "own", Local(name.split("._")[1], "real")) for name in (diagonal, right))
        binding.locals.clear()
        # what is only computed comes before all that is written: then it can be shared
        at = next((k for k, s in enumerate(updates) if not isinstance(s, Let)), len(updates))
        at = len(updates) if any(isinstance(s, Solve) for s in updates) else at
        solve = Eliminate(
            clock, domain, self._forest(domain), diagonal, right, binding.seen_from("one").lower(rule.scale)
        )
        binding.locals[SOLUTION] = Element(right, "own", "real")
        variable = f"{domain}.{rule.variable}"
        result = Update(clock, domain, (Store(variable, "own", binding.lower(rule.value)),), watched=(variable,))
        binding.locals.clear()
        return [*updates[:at], *lets, *updates[at:], *stores], (solve, result)

    def _slopes_of_sums(self, binding: Binding, rule: CableRule) -> list[str]:
        """Names for the slopes of currents that synapses add up, by the potential of the compartment they flow into."""
        names: dict[str, None] = {}
        for part in self.network.synapses:
            for name in part.sums:
                current = part.scope.symbols[name]
                if self._target_of(part, current) == binding.owner and slope_of_sum(part, name, rule.variable):
                    names[f"{SLOPE}{current.name}"] = None
        for name in names:
            array = f"{binding.domain}.{name}"
            self.arrays.append(Array(array, binding.domain, "real"))
            binding.locals[name] = Element(array, "own", "real")
        return list(names)

    @staticmethod
    def _target_of(part: Synapses, symbol: Symbol) -> str:
        """The group at that end of synapses where a symbol is."""
        return part.source if symbol.side == "pre" else part.target

    def _diffusion(self, binding: Binding, rule: CableRule, clock: int) -> tuple[Operation, ...]:
        """What gives the linear system of a species that diffuses, what solves it, and what takes the solution."""
        domain = binding.domain
        diagonal, right, variable = (f"{domain}.{name}" for name in ("_diagonal", "_right", rule.variable))
        given = ((diagonal, rule.diagonal), (right, rule.right))
        system = (Store(array, "own", binding.lower(tree)) for array, tree in given)
        scale = binding.seen_from("one").lower(rule.scale)
        solve = Eliminate(clock, domain, self._forest(domain), diagonal, right, scale)
        result = Update(clock, domain, (Store(variable, "own", Element(right, "own", "real")),), watched=(variable,))
        return Update(clock, domain, tuple(system)), solve, result

    def _forest(self, domain: str) -> Forest:
        forest = Forest(*(f"{domain}.{TREE}{item.name}" for item in fields(Forest)))
        kinds = ("int64", "int32", "float64", "int64", "int64", "int32", "float64", "float64")
        for name, kind in zip(forest.arrays, kinds, strict=True):
            array = Array(name, domain, "real" if kind == "float64" else "integer", kind)
            if array not in self.arrays:
                self.arrays.append(array)
        return forest

    @staticmethod
    def _temporaries(binding: Binding, temporaries: Iterable[tuple[str, syntax.Expression]]) -> list[Statement]:
        """Values with names, which the binding then knows."""
        statements: list[Statement] = []
        for name, tree in temporaries:
            value = binding.lower(tree)
            statements.append(Let(name.lstrip("_"), value, tree.span))
            binding.locals[name] = Local(name.lstrip("_"), value.type)
        return statements

    @staticmethod
    def _set_free(binding: Binding, model: NeuronModel, rule: UpdateRule | None) -> list[Statement]:
        """Which neurons are not refractory any more: a value for the rule that follows, and the variable."""
        assert model.refractory is not None
        if refractory_kind(model, binding.scope) == "condition":
            freed = applied("or", binding.not_refractory(), applied("not", binding.lower(model.refractory)))
        else:
            freed = applied("greater_equal", Time("step"), binding.at(f"{binding.domain}.refractory_until", "real"))
        known = Local("free", "boolean")
        store = Store(f"{binding.domain}.not_refractory", "own", known, model.refractory.span)
        if rule is not None and rule.solve is None:
            binding.locals["not_refractory"] = known
        return [Let("free", freed, model.refractory.span), store]

    def _event(self, group: Neurons, binding: Binding, event: str, condition: syntax.Expression) -> None:
        domain, model = binding.domain, group.model
        marks: list[Statement] = []
        reaction = self._block(binding, model.reactions.get(event, ()))
        binding.locals.clear()
        meets = binding.lower(condition)
        if event == "spike" and model.refractory is not None:
            meets = applied("and", meets, binding.not_refractory())
            marks.append(Store(f"{domain}.lastspike", "own", Time("t")))
            marks.append(Store(f"{domain}.not_refractory", "own", Constant(False, "boolean")))
            if refractory_kind(model, group.scope) == "time":
                period = applied("timestep", binding.lower(model.refractory), Time("dt"))
                until = applied("add", Time("step"), period)
                reaction.append(Store(f"{domain}.refractory_until", "own", until, model.refractory.span))
        part = binding.part_of_event(event) if event in group.in_part else None
        detect: Operation = Detect(group.clock, domain, f"{domain}_{event}", meets, tuple(marks), part=part)
        if event in group.silent:  # those of earlier steps must not be taken for those of this one
            detect = Detect(group.clock, domain, f"{domain}_{event}", Constant(False, "boolean"))
        elif group.injected:
            detect = Inject(group.clock, domain, f"{domain}_{event}")
        if event in group.event_moments:
            self._add(group.event_moments[event], group.name, detect)
        if reaction and event in group.reaction_moments:
            react = React(group.clock, domain, f"{domain}_{event}", tuple(reaction))
            self._add(group.reaction_moments[event], group.name, react)

    def _once(self, binding: Binding, definitions: Iterable[Definition], moment: Moment | None) -> None:
        """The subexpressions that are computed once in a step, each after those that it needs."""
        if moment is None:
            return
        waiting = {d.name: d for d in definitions if "constant over dt" in d.flags}
        scalars: list[Statement] = []
        statements: list[Statement] = []
        for name in in_order_of_need(waiting, binding.scope):
            definition = waiting[name]
            assert definition.expression is not None
            place: Place = "one" if definition.shared else "own"
            seen = binding.seen_from("one") if definition.shared else binding
            value = seen.lower(definition.expression)
            (scalars if definition.shared else statements).append(
                Store(f"{binding.domain}.{name}", place, value, definition.span)
            )
        if waiting:
            update = Update(moment.clock, binding.domain, tuple(statements), tuple(scalars))
            self._add(moment, binding.owner, update)

    def _regular(self, name: str, blocks: Iterable[Regular]) -> None:
        """Statements that are run at each tick of their clock, for all elements or a part of them."""
        for number, regular in enumerate(blocks):
            timed = self._timed_by(regular.moment, name)
            binding = replace(timed, scope=with_values(regular.block, regular.scope))
            part = None
            if regular.part is not None:
                prefix = f"{binding.domain}_part_{number}"
                binding = replace(binding, owner=regular.part, part=regular.part, prefix=prefix)
                part = (binding.first().name, binding.size().name)
            shared = [s for s in regular.block if binding.scope.symbols[s.target].shared]
            others = tuple(s for s in regular.block if not binding.scope.symbols[s.target].shared)
            once = binding.seen_from("one")
            scalars = self._block(once, tuple(shared))
            binding.locals |= once.locals
            statements = self._block(binding, others, held=True)
            binding.locals.clear()
            operation = Update(regular.moment.clock, binding.domain, tuple(statements), tuple(scalars), part)
            self._add(regular.moment, name, operation, regular.moment.name)

    def _timed_by(self, moment: Moment, name: str) -> Binding:
        """The names of an object in something that has a clock of its own."""
        parts: tuple[Neurons | Synapses, ...] = (*self.network.neurons, *self.network.synapses)
        own = {part.name: part.clock for part in parts}[name]
        return replace(self.bindings[name], clock=own if own != moment.clock else None)

    def _rule(self, binding: Binding, rule: UpdateRule, clock: int, equations: Mapping[str, object]) -> list[Statement]:
        """The statements of an integration step: temporaries, new values, and then all are written."""
        for propagator in rule.propagators:
            self._propagator(binding, propagator, clock)
        if rule.solve is not None:
            return [self._solve(binding, rule.solve)]
        statements: list[Statement] = [self._exponential(binding, e) for e in rule.exponentials]
        statements += self._temporaries(binding, rule.temporaries)
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

    @staticmethod
    def _exponential(binding: Binding, exponential: system.Exponential) -> Exponentiate:
        entries = tuple(binding.lower(entry) for entry in exponential.entries)
        plain = tuple(name.lstrip("_") for name in exponential.names)
        binding.locals |= {name: Local(short, "real") for name, short in zip(exponential.names, plain, strict=True)}
        return Exponentiate(plain, entries)

    def _solve(self, binding: Binding, solve: system.Solve) -> Solve:
        """Integration in steps of its own; what it keeps between time steps may be a variable of the object."""
        domain, variables = binding.domain, list(solve.rates)
        kept: tuple[tuple[str | None, Type], ...] = (
            (UNFINISHED, "real"), (solve.last, "real"), (solve.failed, "integer"), (solve.count, "integer"),
        )  # fmt: skip
        declared = {array.name for array in self.arrays}
        names = [None if name is None else f"{domain}.{name}" for name, _ in kept]
        for name, (_, type_) in zip(names, kept, strict=True):
            if name is not None and name not in declared:
                self.arrays.append(Array(name, domain, type_))
        binding.locals = {name: Local(f"state_{name}", "real") for name in variables}
        binding.locals["t"] = Local("solve_t", "real")
        body = tuple(Let(f"rate_{name}", binding.lower(rate), rate.span) for name, rate in solve.rates.items())
        binding.locals = {}
        bounds = tuple(binding.lower(syntax.Name(solve.tolerances[name])) for name in variables)
        unfinished, last, failed, count = names
        assert unfinished is not None
        return Solve(
            solve.tableau,
            tuple(f"{domain}.{name}" for name in variables),
            tuple(f"state_{name}" for name in variables),
            body,
            tuple(f"rate_{name}" for name in variables),
            bounds,
            binding.lower(syntax.Name(solve.most)),
            solve.adaptable,
            unfinished,
            last,
            failed,
            count,
        )

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

    def _block(self, binding: Binding, block: syntax.Block, held: bool = False) -> list[Statement]:
        """Statements in their order; what refractoriness holds still is left to a group's own reactions to its events.

        Names that they give to values are left in the binding's locals.

        Parameters
        ----------
        held : bool, default=False
            The group's own variables are held still as well.
        """
        statements: list[Statement] = []
        for number, statement in enumerate(block):
            tree = statement.expression
            if statement.symbol != "=":
                tree = syntax.Operator(statement.symbol[:-1], (syntax.Name(statement.target), tree))
            value = binding.lower(tree)
            symbol = binding.scope.symbols.get(statement.target)
            if symbol is None or symbol.meaning == "local":
                named = Local(f"value_{statement.target}_{number}", value.type)
                statements.append(Let(named.name, value, statement.span))
                binding.locals[statement.target] = named
                continue
            end = binding.of_side(symbol)
            target = end.element(symbol)
            if (held or end is not binding) and symbol.unless_refractory:
                value = applied("select", end.not_refractory(), value, target)
            statements.append(Store(target.array, target.place, value, statement.span))
        return statements

    # synapses

    def _declare_synapses(self, domain: str, part: Synapses) -> None:
        self.bindings[part.name] = Binding(
            self.registry, part.name, domain, part.scope, links=part.links, storage=part.storage
        )
        self._declare_arrays(domain, part.scope.symbols.values(), part.storage, part.beside)

    def _find_ends(self, part: Synapses) -> None:
        """What is at the two ends of synapses: groups, or other synapses, whose own ends come first."""
        binding = self.bindings[part.name]
        if binding.ends:
            return
        for other in self.network.synapses:
            if other.name in (part.source, part.target):
                self._find_ends(other)
        places: tuple[tuple[Place, str], ...] = (("pre", part.source), ("post", part.target))
        binding.ends = {
            place: self.bindings[name].seen_from(place, part=part.name, prefix=binding.domain) for place, name in places
        }
        self.domains.append(Domain(binding.domain, *(self.bindings[name].domain for _, name in places)))

    def _synapses(self, part: Synapses) -> None:
        binding = self.bindings[part.name]
        domain, ends = binding.domain, binding.ends
        self._once(binding, part.model.equations.values(), part.once)
        if part.rule is not None and part.update is not None:
            statements = self._rule(binding, part.rule, part.clock, part.model.equations)
            watched = integrated(domain, part.rule)
            self._add(part.update, part.name, Update(part.clock, domain, tuple(statements), watched=watched))
        for name, moment in part.sums.items():
            self._sum(binding, part, part.model.equations[name], moment)
        for pathway in part.model.pathways:
            event = f"{ends[pathway.side].domain}_{pathway.event}"
            self.pathways.append(Pathway(f"{domain}_{pathway.name}", domain, event, pathway.side))
            if pathway.name not in part.moments:
                continue
            statements = self._caught_up(binding, part) + self._block(binding, pathway.statements)
            binding.locals.clear()
            moment = part.moments[pathway.name]
            operation = Propagate(moment.clock, domain, f"{domain}_{pathway.name}", tuple(statements))
            self._add(moment, part.name, operation, pathway.name)
        self._regular(part.name, part.regular)

    def _sum(self, binding: Binding, synapses: Synapses, definition: Definition, moment: Moment) -> None:
        assert definition.expression is not None
        symbol = binding.scope.symbols[definition.name]
        end = binding.of_side(symbol)
        part = (end.first().name, end.size().name)
        sums = [(end.element(symbol).array, definition.expression)]
        slope = f"{end.domain}.{SLOPE}{symbol.name}"
        if any(array.name == slope for array in self.arrays):
            tree = slope_of_sum(synapses, definition.name, POTENTIAL)
            sums.append((slope, tree if tree is not None else syntax.Number(0.0)))
        for array, tree in sums:
            operation = Sum(moment.clock, binding.domain, array, end.place, binding.lower(tree), part)
            self._add(moment, binding.owner, operation, definition.name)

    def _caught_up(self, binding: Binding, part: Synapses) -> list[Statement]:
        """Event-driven variables brought to the present, before the code of a pathway sees them."""
        if part.event_driven is None:
            return []
        last = binding.at(f"{binding.domain}.lastupdate", "real")
        elapsed = Let("elapsed", applied("subtract", Time("t"), last))
        binding.locals["_elapsed"] = Local("elapsed", "real")
        statements = self._rule(binding, part.event_driven, part.clock, part.model.equations)
        return [elapsed, *statements, Store(f"{binding.domain}.lastupdate", "own", Time("t"))]

    # recordings

    def _recording(self, name: str, recording: Recording) -> None:
        binding = self._timed_by(recording.moment, recording.source)
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


def slope_of_sum(synapses: Synapses, name: str, potential: str) -> syntax.Expression | None:
    """How a current that is added up changes with the potential of the compartment into which it flows.

    None where it is no point current, does not change, or does so in a way that is not known.
    """
    symbol = synapses.scope.symbols[name]
    if symbol.definition is None or POINT_CURRENT not in symbol.definition.flags:
        return None
    return slope_by(written_out(synapses.model.equations)[name], names_of(potential, symbol.side, synapses.scope))


def names_of(variable: str, side: str, scope: Scope) -> list[str]:
    """The names that a variable of one end of synapses has in their equations."""
    known = ((name, scope.symbols.get(name)) for name in (variable, f"{variable}_{side}"))
    return [name for name, symbol in known if symbol is not None and symbol.side == side]


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


def in_order_of_need(definitions: Mapping[str, Definition], scope: Scope) -> list[str]:
    """Names of definitions, each after those that its right-hand side uses, directly or through subexpressions."""
    ordered: dict[str, None] = {}

    def visit(expression: syntax.Expression | None) -> None:
        for name in sorted(syntax.names(expression)) if expression is not None else ():
            symbol = scope.symbols.get(name)
            if symbol is not None and symbol.definition is not None and symbol.side == "own":
                if name in definitions:
                    place(name)
                elif symbol.definition.written_out:
                    visit(symbol.definition.expression)

    def place(name: str) -> None:
        if name not in ordered:
            visit(definitions[name].expression)
            ordered[name] = None

    for name in definitions:
        place(name)
    return list(ordered)


def table_type(table: Table) -> tuple[Type, str]:
    """Type and storage of a table's values."""
    kinds: dict[str, Type] = {"f": "real", "i": "integer", "u": "integer", "b": "boolean"}
    return kinds[table.values.dtype.kind], table.values.dtype.name


def integrated(domain: str, rule: UpdateRule | None) -> tuple[str, ...]:
    """The arrays of the variables that a rule gives new values."""
    if rule is None:
        return ()
    return tuple(f"{domain}.{name}" for name in (rule.values if rule.solve is None else rule.solve.rates))
