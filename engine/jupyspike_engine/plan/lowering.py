"""From the checked models of a network to its plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..language import analysis, syntax
from ..language.check import with_values
from ..language.definition import Definition
from ..language.equations import Equations
from ..language.functions import Type
from ..language.scope import Symbol
from .binding import Binding, Given, Table, applied
from .compartments import cable, diffusion, slope_beside
from .draft import Draft, Label
from .integration import before_writing, integrated, step_of
from .network import Moment, Network, Neurons, Recording, Regular, Synapses
from .nodes import (
    STORAGE,
    Array,
    Call,
    Constant,
    Detect,
    Domain,
    Event,
    Inject,
    Let,
    Local,
    Operation,
    Pathway,
    Place,
    Plan,
    Propagate,
    React,
    Recorder,
    RecordEvents,
    RecordRate,
    RecordState,
    Statement,
    Store,
    Sum,
    Time,
    Update,
)  # fmt: skip
from .refractoriness import ends_of_rests, put_to_rest, set_free


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
    """The plan of a network.

    Raises
    ------
    ArgumentError
        A part of it waits for events in a slot in which they are not known yet.
    """
    draft = Draft(network)
    for number, group in enumerate(network.neurons):
        _declare_neurons(draft, f"g{number}", group)
    for number, synapses in enumerate(network.synapses):
        _declare_synapses(draft, f"s{number}", synapses)
    for synapses in network.synapses:
        _find_ends(draft, synapses)
    for group in network.neurons:
        _neurons(draft, group)
    for synapses in network.synapses:
        _synapses(draft, synapses)
    recorders = {recording.name: f"r{number}" for number, recording in enumerate(network.recordings)}
    for recording in network.recordings:
        _recording(draft, recorders[recording.name], recording)
    calls = {call.name: f"c{number}" for number, call in enumerate(network.calls)}
    for call in network.calls:
        draft.add(call.moment, call.name, Call(call.moment.clock, calls[call.name]))
    plan, labels = draft.finished()
    domains = {name: binding.domain for name, binding in draft.bindings.items()}
    return Lowered(plan, draft.registry.parameters, domains, recorders, calls, draft.registry.tables, labels)


# groups of neurons


def _declare_neurons(draft: Draft, domain: str, group: Neurons) -> None:
    binding = Binding(draft.registry, group.name, domain, group.scope, links=group.links, storage=group.storage)
    draft.bindings[group.name] = binding
    draft.domains.append(Domain(domain))
    draft.declare(*_arrays(domain, group.scope.symbols.values(), group.storage), *ends_of_rests(group.model, binding))
    for event in group.model.events:
        draft.events.append(Event(f"{domain}_{event}", domain, group.clock))


def _neurons(draft: Draft, group: Neurons) -> None:
    binding, clock = draft.bindings[group.name], group.clock
    domain, equations = binding.domain, group.model.equations
    _once(draft, binding, equations, group.once)
    updates = set_free(group.model, binding, group.rule)
    if group.rule is not None:
        updates = before_writing(updates, step_of(group.rule, draft, binding, clock, equations))
    solving: tuple[Operation, ...] = ()
    if group.cable is not None:
        updates, solving = cable(group.cable, draft, binding, clock, updates)
        for rule in group.diffusion:
            solving += diffusion(rule, draft, binding, clock)
    if updates and group.update is not None:
        watched = integrated(domain, group.rule)
        draft.add(group.update, group.name, Update(clock, domain, tuple(updates), watched=watched))
        for operation in solving:
            draft.add(group.update, group.name, operation)
    for event, condition in group.model.events.items():
        _event(draft, binding, group, event, condition)
    _regular(draft, group.name, group.regular)


def _event(draft: Draft, binding: Binding, group: Neurons, event: str, condition: syntax.Expression) -> None:
    domain, name, model = binding.domain, f"{binding.domain}_{event}", group.model
    marks: list[Statement] = []
    reaction = _block(binding, model.reactions.get(event, ()))
    binding.locals.clear()
    meets = binding.lower(condition)
    if event == "spike" and model.refractory is not None:
        meets = applied("and", meets, binding.not_refractory())
        marks, after_reset = put_to_rest(model, binding)
        reaction += after_reset
    part = binding.part_of_event(event) if event in group.in_part else None
    detect: Operation = Detect(group.clock, domain, name, meets, tuple(marks), part=part)
    if event in group.silent:  # those of earlier steps must not be taken for those of this one
        detect = Detect(group.clock, domain, name, Constant(False, "boolean"))
    elif group.injected:
        detect = Inject(group.clock, domain, name)
    if event in group.event_moments:
        draft.add(group.event_moments[event], group.name, detect)
    if reaction and event in group.reaction_moments:
        draft.add(group.reaction_moments[event], group.name, React(group.clock, domain, name, tuple(reaction)))


# synapses


def _declare_synapses(draft: Draft, domain: str, part: Synapses) -> None:
    draft.bindings[part.name] = Binding(
        draft.registry, part.name, domain, part.scope, links=part.links, storage=part.storage
    )
    draft.declare(*_arrays(domain, part.scope.symbols.values(), part.storage, part.beside))


def _find_ends(draft: Draft, part: Synapses) -> None:
    """What is at the two ends of synapses: groups, or other synapses, whose own ends come first."""
    binding = draft.bindings[part.name]
    if binding.ends:
        return
    for other in draft.network.synapses:
        if other.name in (part.source, part.target):
            _find_ends(draft, other)
    places: tuple[tuple[Place, str], ...] = (("pre", part.source), ("post", part.target))
    binding.ends = {
        place: draft.bindings[name].seen_from(place, part=part.name, prefix=binding.domain) for place, name in places
    }
    draft.domains.append(Domain(binding.domain, *(draft.bindings[name].domain for _, name in places)))


def _synapses(draft: Draft, part: Synapses) -> None:
    binding, equations = draft.bindings[part.name], part.model.equations
    domain = binding.domain
    _once(draft, binding, equations, part.once)
    if part.rule is not None and part.update is not None:
        statements = step_of(part.rule, draft, binding, part.clock, equations)
        watched = integrated(domain, part.rule)
        draft.add(part.update, part.name, Update(part.clock, domain, tuple(statements), watched=watched))
    for name, moment in part.sums.items():
        _sum(draft, binding, part, equations[name], moment)
    for pathway in part.model.pathways:
        name, event = f"{domain}_{pathway.name}", f"{binding.ends[pathway.side].domain}_{pathway.event}"
        draft.pathways.append(Pathway(name, domain, event, pathway.side))
        if pathway.name not in part.moments:
            continue
        statements = _caught_up(draft, binding, part) + _block(binding, pathway.statements)
        binding.locals.clear()
        moment = part.moments[pathway.name]
        draft.add(moment, part.name, Propagate(moment.clock, domain, name, tuple(statements)), pathway.name)
    _regular(draft, part.name, part.regular)


def _sum(draft: Draft, binding: Binding, synapses: Synapses, definition: Definition, moment: Moment) -> None:
    assert definition.expression is not None
    symbol = binding.scope.symbols[definition.name]
    end = binding.of_side(symbol)
    part = (end.first().name, end.size().name)
    slopes = slope_beside(definition.name, synapses, draft, end)
    for array, tree in ((end.element(symbol).array, definition.expression), *slopes):
        operation = Sum(moment.clock, binding.domain, array, end.place, binding.lower(tree), part)
        draft.add(moment, binding.owner, operation, definition.name)


def _caught_up(draft: Draft, binding: Binding, part: Synapses) -> list[Statement]:
    """Event-driven variables brought to the present, before the code of a pathway sees them."""
    if part.event_driven is None:
        return []
    last = binding.at(f"{binding.domain}.lastupdate", "real")
    elapsed = Let("elapsed", applied("subtract", Time("t"), last))
    binding.locals["_elapsed"] = Local("elapsed", "real")
    statements = step_of(part.event_driven, draft, binding, part.clock, part.model.equations)
    return [elapsed, *statements, Store(f"{binding.domain}.lastupdate", "own", Time("t"))]


# what both have


def _arrays(
    domain: str, symbols: Iterable[Symbol], storage: Mapping[str, str], beside: tuple[str, ...] = ()
) -> list[Array]:
    """The arrays of an object's variables; the values of those ``beside`` each other lie together."""
    together = tuple(f"{domain}.{name}" for name in beside)
    return [
        Array(
            f"{domain}.{s.name}",
            domain,
            s.type,
            storage.get(s.name, STORAGE[s.type]),
            s.shared,
            together if s.name in beside else (),
        )
        for s in symbols
        if s.meaning == "state" and s.side == "own"
    ]


def _once(draft: Draft, binding: Binding, equations: Equations, moment: Moment | None) -> None:
    """The subexpressions that are computed once in a step, each after those that it needs."""
    waiting = {name: d for name, d in equations.items() if "constant over dt" in d.flags}
    if moment is None or not waiting:
        return
    scalars: list[Statement] = []
    statements: list[Statement] = []
    for definition in analysis.ordered({**waiting, **equations}):
        if definition.name not in waiting:
            continue
        assert definition.expression is not None
        place: Place = "one" if definition.shared else "own"
        value = (binding.seen_from("one") if definition.shared else binding).lower(definition.expression)
        store = Store(f"{binding.domain}.{definition.name}", place, value, definition.span)
        (scalars if definition.shared else statements).append(store)
    draft.add(moment, binding.owner, Update(moment.clock, binding.domain, tuple(statements), tuple(scalars)))


def _regular(draft: Draft, name: str, blocks: Iterable[Regular]) -> None:
    """Statements that are run at each tick of their clock, for all elements or a part of them."""
    for number, regular in enumerate(blocks):
        timed = _timed_by(draft, regular.moment, name)
        binding = replace(timed, scope=with_values(regular.block, regular.scope))
        part = None
        if regular.part is not None:
            prefix = f"{binding.domain}_part_{number}"
            binding = replace(binding, owner=regular.part, part=regular.part, prefix=prefix)
            part = (binding.first().name, binding.size().name)
        shared = tuple(s for s in regular.block if binding.scope.symbols[s.target].shared)
        others = tuple(s for s in regular.block if not binding.scope.symbols[s.target].shared)
        once = binding.seen_from("one")
        scalars = _block(once, shared)
        binding.locals |= once.locals
        statements = _block(binding, others, held=True)
        binding.locals.clear()
        operation = Update(regular.moment.clock, binding.domain, tuple(statements), tuple(scalars), part)
        draft.add(regular.moment, name, operation, regular.moment.name)


def _timed_by(draft: Draft, moment: Moment, name: str) -> Binding:
    """The names of an object in something that has a clock of its own."""
    parts: tuple[Neurons | Synapses, ...] = (*draft.network.neurons, *draft.network.synapses)
    own = {part.name: part.clock for part in parts}[name]
    return replace(draft.bindings[name], clock=own if own != moment.clock else None)


def _block(binding: Binding, block: syntax.Block, held: bool = False) -> list[Statement]:
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


# recordings


def _recording(draft: Draft, name: str, recording: Recording) -> None:
    binding = _timed_by(draft, recording.moment, recording.source)
    values = tuple(binding.lower(value) for value in recording.values)
    columns: tuple[Type, ...] = ("integer",) if recording.kind == "rate" else tuple(value.type for value in values)
    draft.recorders.append(Recorder(name, recording.kind, columns))
    clock, event = recording.moment.clock, f"{binding.domain}_{recording.event}"
    operation: Operation
    if recording.kind == "events":
        operation = RecordEvents(clock, binding.domain, event, name, values)
    elif recording.kind == "state":
        operation = RecordState(clock, binding.domain, name, values)
    else:
        operation = RecordRate(clock, binding.domain, event, name)
    draft.add(recording.moment, recording.name, operation)
