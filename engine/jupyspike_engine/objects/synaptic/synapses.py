"""Synapses: connections between groups, their variables, and what happens when a spike arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...diagnostics import ArgumentError, ArgumentTypeError, Problems, Span, UserError, nearest
from ...frames import calling_namespace
from ...language.equations import Equations
from ...language.model import SynapseModel, check_synapses, read_equations, summed_variables, synapse_model
from ...language.overview import Shown, overview
from ...language.scope import Scope, Symbol
from ...numerics.choice import DEFAULT, Choice, Method, check_method, choose
from ...numerics.event_driven import catching_up
from ...numerics.system import System, UpdateRule, system_of
from ...plan.network import Synapses as SynapsesPart
from ...plan.nodes import STORAGE
from ...targets.interface import AnyArray
from ...targets.rows import starts_from
from ...units import SECOND, quantity
from ..allocation import expect_room_for, zeros
from ..base import SimulatedObject
from ..clocks import Clock, ClockNumbers
from ..dtypes import storage_of
from ..method_choice import chosen
from ..namespaces import Namespace
from ..naming import checked_name
from ..neurongroup import NeuronGroup
from ..parts import StateUpdater, SubexpressionUpdater, SummedVariableUpdater
from ..randomness import Stream
from ..subgroup import Subgroup, whole
from .connections import Connections
from .numbering import numbered
from .pathways import SynapticPathway, pathways_of
from .side_by_side import side_by_side
from .synapse_notices import tell_clock_driven, tell_if_empty


class Synapses(Connections):
    """Connections between two groups.

    Parameters
    ----------
    source, target : NeuronGroup, Subgroup or Synapses
        ``target`` is the source by default.
    model : str or Equations, optional
        Variables and equations of each synapse.
    on_pre, on_post : str or dict, optional
        Statements run when an event of the source (target) arrives; a dict gives several pathways by name.
    delay : Quantity or dict, optional
        Time between event and effect, the same for all synapses; a dict gives it for several pathways.
        Without it, each synapse has a delay of its own: ``S.delay = 'rand()*5*ms'``, ``S.post.delay = 1*ms``.
    on_event : str or dict
        The event that pathways react to, 'spike' by default.
    connect : optional
        Condition, or arguments of `connect` as a dict.
    multisynaptic_index : str, optional
        Name of a variable that counts the synapses of a pair.
    namespace, dtype, method, method_options, dt, clock, order, name, codeobj_class
        As for NeuronGroup.
    pre, post : str or dict, optional
        Older names of on_pre and on_post.

    Raises
    ------
    UserError
        With all problems of the texts at their places.

    Examples
    --------
    >>> P = PoissonGroup(100, rates=10*Hz)
    >>> G = NeuronGroup(20, 'dv/dt = -v/(10*ms) : volt')
    >>> S = Synapses(P, G, 'w : volt', on_pre='v += w')
    >>> S.connect(p=0.1)
    >>> S.w = 0.5*mV
    """

    def __init__(
        self,
        source: Any,
        target: Any = None,
        model: str | Equations | Span | None = None,
        on_pre: Any = None,
        pre: Any = None,
        on_post: Any = None,
        post: Any = None,
        connect: Any = None,
        delay: Any = None,
        on_event: Any = "spike",
        multisynaptic_index: str | None = None,
        namespace: Mapping[str, Any] | None = None,
        dtype: Any = None,
        codeobj_class: Any = None,
        dt: Any = None,
        clock: Clock | None = None,
        order: int = 0,
        method: Method = DEFAULT,
        method_options: Mapping[str, Any] | None = None,
        name: str = "synapses*",
    ) -> None:
        target = source if target is None else target
        for end in (source, target):
            if not isinstance(end, (NeuronGroup, Subgroup, Synapses)):
                raise ArgumentTypeError(f"synapses connect groups of neurons or synapses, not {end!r}")
            end.keep_places()
        title = checked_name(name).rstrip("*")
        codes = pathways_of(_newer(on_pre, pre, "pre"), _newer(on_post, post, "post"), on_event)
        for side, event, _ in codes.values():
            source = source.where(event) if side == "pre" and isinstance(source, NeuronGroup) else source
        parsed = synapse_model(title, with_index(model, multisynaptic_index, title), codes)
        check_method(method, title)
        super().__init__(name, dt, clock or (source.clock if dt is None else None), "groups", order)
        stream = Stream("synapses", None if name.endswith("*") else name)
        for attribute, value in {
            "constants": {}, "links": {}, "source": source, "target": target, "method": method, "stream": stream,
            "method_options": dict(method_options or {}),
            "namespace": {**parsed.equations.values_of_names, **(namespace or {})}, "pathways": {},
            "model": SynapseModel(self.name, parsed.equations, parsed.pathways), "regular": [],
            "multisynaptic_index": multisynaptic_index,
        }.items():  # fmt: skip
            self._set(attribute, value)
        self.pathways.update(
            (path, SynapticPathway(self, path, side, event, order)) for path, (side, event, _) in codes.items()
        )
        self._check(complete=False, namespace=calling_namespace())
        self.find_tables(parsed.equations, calling_namespace())
        choice = self.integration()
        if choice is not None:
            self._set("model", replace(self.model, solver=choice.variables))
        self._catching_up()
        self._set("_symbols", self.model.symbols(source.symbols, target.symbols))
        self._set("dtypes", storage_of(dtype, self._symbols.values(), self.name))
        self._set("beside", side_by_side(self.model, self._symbols, self.dtypes))
        self._make_parts(order)
        self.store(np.zeros(1, np.int64), np.empty(0, np.int32), None)
        self._set("arrays", {})
        self.allocate(0)
        self._set_delays(delay, for_all=True)
        if connect is not None:
            self.connect(**connect) if isinstance(connect, dict) else self.connect(connect)

    def _make_parts(self, order: int) -> None:
        equations = self.model.equations
        clock_driven = any("event-driven" not in d.flags for d in equations.of_role("differential equation"))
        tell_clock_driven(self)
        once = any("constant over dt" in d.flags for d in equations.values())
        sums = {}
        for definition in summed_variables(equations):
            end = whole(self._symbols_end(definition.name))[0]
            part = f"{self.name}_summed_variable_{definition.name}"
            sums[definition.name] = SummedVariableUpdater(self, part, "groups", end.order - 1, end.clock)
        updater = StateUpdater(self, f"{self.name}_stateupdater", "groups", order) if clock_driven else None
        single = SubexpressionUpdater(self, f"{self.name}_subexpression_update", "before_start", order)
        self._set("state_updater", updater)
        self._set("subexpression_updater", single if once else None)
        self._set("summed_updaters", sums)

    def _symbols_end(self, name: str) -> Any:
        return self.source if self._symbols[name].side == "pre" else self.target

    state_updater: StateUpdater | None
    subexpression_updater: SubexpressionUpdater | None
    summed_updaters: dict[str, SummedVariableUpdater]
    multisynaptic_index: str | None

    @property
    def contained_objects(self) -> list[SimulatedObject]:
        """The parts of the synapses that act in a time step."""
        single = [part for part in (self.subexpression_updater, self.state_updater) if part is not None]
        return [*single, *self.summed_updaters.values(), *self.pathways.values(), *self.regular]

    model: SynapseModel
    method: Method
    method_options: dict[str, Any]
    pathways: dict[str, SynapticPathway]
    beside: tuple[str, ...]
    _symbols: dict[str, Symbol]

    def _check(self, complete: bool, namespace: Namespace) -> Scope:
        problems = Problems()
        for path in self.pathways.values():
            end = whole(self.source if path.side == "pre" else self.target)[0]
            events = end.events if isinstance(end, NeuronGroup) else {}
            if path.event not in events:
                what = "a threshold" if path.event == "spike" else f"the event '{path.event}'"
                code = next(p.statements for p in self.model.pathways if p.name == path.path)
                message = f"on_{path.path} waits for {what}, which '{end.name}' does not have"
                problems.add(message, code[0].span if code else None, hint=nearest(path.event, events))
        try:
            scope = check_synapses(
                self.model, self.source.symbols, self.target.symbols, self.external(namespace), complete
            )
        except UserError as error:
            problems.extend(error)
        problems.raise_if_any()
        return scope

    def _set_delays(self, delay: Any, for_all: bool = False) -> None:
        if delay is None:
            return
        if not isinstance(delay, Mapping):
            if "pre" not in self.pathways:
                raise ArgumentError("a delay needs code for 'on_pre' to delay")
            delay = {"pre": delay}
        for path, value in delay.items():
            if path not in self.pathways:
                raise ArgumentError(f"'{self.name}' has no pathway '{path}'", expected=", ".join(self.pathways))
            if for_all:
                self.pathways[path].set_for_all(value)
            else:
                self.pathways[path].delay = value

    # variables

    @property
    def symbols(self) -> dict[str, Symbol]:
        return self._symbols

    @property
    def equations(self) -> Equations:
        return self.model.equations

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("pathways", {}):
            return self.__dict__["pathways"][name]
        if name in ("delay", "delay_") and "pre" in self.__dict__.get("pathways", {}):
            return getattr(self.pathways["pre"], name)
        return super().__getattr__(name)

    def __dir__(self) -> list[str]:
        paths = self.__dict__.get("pathways", {})
        return sorted({*super().__dir__(), "i", "j", *paths, *(["delay"] if "pre" in paths else [])})

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("delay", "delay_"):
            self._set_delays({"pre": value if name == "delay" else quantity(value, SECOND)})
        else:
            super().__setattr__(name, value)

    def _kinds(self) -> dict[str, type[np.generic] | str]:
        """The types of its variables."""
        return {
            symbol.name: self.dtypes.get(symbol.name, STORAGE[symbol.type])
            for symbol in self._symbols.values()
            if symbol.meaning == "state" and symbol.side == "own"
        }

    def _expect_room(self, size: int) -> None:
        own = [kind for name, kind in self._kinds().items() if not self._symbols[name].shared]
        delays = [np.float64 for path in self.pathways.values() if not isinstance(path.delays_, float)]
        expect_room_for(size, [*own, *delays], "synapses")

    def allocate(self, size: int) -> None:
        columns = zeros(size * len(self.beside), "float64").reshape(size, len(self.beside)).T
        side_by_side = dict(zip(self.beside, columns, strict=True))
        for name, kind in self._kinds().items():
            shared = self._symbols[name].shared
            if shared and name in self.arrays:
                continue
            if name in side_by_side:
                self.arrays[name] = side_by_side[name]
            else:
                self.arrays[name] = zeros(1 if shared else size, kind)
        for path in self.pathways.values():
            path.allocate()

    # keeping the state

    def stored(self) -> dict[str, AnyArray]:
        creation = self.indices_of(slice(None))
        state = {**super().stored(), "pre": self.pre_indices, "post": self.post_indices.copy()}
        state |= {f"delay {name}": path.kept_delays() for name, path in self.pathways.items()}
        return {**state, "creation": creation}

    def restore(self, state: Mapping[str, AnyArray]) -> None:
        if not {"pre", "post", "creation"} <= state.keys():
            raise ArgumentError(f"the stored state of '{self.name}' is not that of synapses")
        pre, post, creation = (np.asarray(state[name], np.int32) for name in ("pre", "post", "creation"))
        if not self.has_connections(pre, post, creation):
            starts = starts_from(pre, len(whole(self.source)[0]))
            self.store(starts, post.copy(), numbered(starts, post, creation))
            self._set("connected", True)
            self.allocate(len(pre))
        places = self.indices_of(slice(None))  # at which they are stored now, in the order of their numbers
        if not np.array_equal(places, creation):
            state = {name: _at_other_places(kept, creation, places) for name, kept in state.items()}
        for name, path in self.pathways.items():
            path.bring_back(np.asarray(state.get(f"delay {name}", 0.0), np.float64))
        super().restore(state)

    # for runs

    def integration(self, rewritten: frozenset[str] = frozenset()) -> Choice | None:
        """The integrator chosen for clock-driven equations and why; None where there are none."""
        system = self._system(rewritten, lazy=False)
        if not system.equations:
            return None
        choice = choose(system, self.method, self.name, self.method_options)
        self.constants.update(choice.constants)
        return choice

    def _system(self, rewritten: frozenset[str], lazy: bool) -> System:
        equations = self.model.equations
        sides = {name for name, symbol in self.model.symbols(self.source.symbols, self.target.symbols).items()
                 if symbol.side != "own"}  # fmt: skip
        written = {s.target for path in self.model.pathways for s in path.statements}
        written |= {s.target for part in self.__dict__.get("regular", ()) for s in part.block}
        shared = {d.name for d in equations.values() if d.shared}
        once = {d.name for d in equations.values() if "constant over dt" in d.flags}
        elementwise = frozenset({*equations.parameter_names, *once, *sides} - shared)
        changing = rewritten | sides | once | (written - equations.diff_eq_names)
        return system_of(equations, elementwise, changing, lazy, self.tables, self.stateful)

    def _catching_up(self) -> UpdateRule | None:
        """How event-driven variables are brought to the time of an event."""
        return catching_up(self._system(frozenset(), lazy=True), self._moving_between_events())

    def _moving_between_events(self) -> set[str]:
        """Names whose value may change while nothing happens at a synapse."""
        moving = set(self.equations.diff_eq_names)
        for name, symbol in self.model.symbols(self.source.symbols, self.target.symbols).items():
            fixed = symbol.definition is not None and "constant" in symbol.definition.flags
            at_an_end = symbol.side != "own" and symbol.meaning in ("state", "subexpression") and not fixed
            if symbol.meaning == "time" or at_an_end:
                moving.add(name)
        return moving

    def part(self, namespace: Namespace, numbers: ClockNumbers) -> SynapsesPart:
        """The synapses as a part of a network to be compiled."""
        clock = numbers(self.clock)
        tell_if_empty(self)
        scope = self._check(complete=True, namespace=namespace)
        self.find_tables(self.model.equations, namespace)
        choice = chosen(self)
        rule = choice.integrator.rule(self._system(frozenset(), lazy=False)) if choice is not None else None
        moments = {name: path.moment(numbers(path.clock)) for name, path in self.pathways.items()}
        sums = {name: part.moment(numbers(part.clock)) for name, part in self.summed_updaters.items()}
        return SynapsesPart(
            self.name, self.model, scope, whole(self.source)[0].name, whole(self.target)[0].name, rule,
            self._catching_up(), clock,
            self.state_updater.moment(clock) if self.state_updater is not None else None,
            self.subexpression_updater.moment(clock) if self.subexpression_updater is not None else None,
            {name: moment for name, moment in moments.items() if moment is not None},
            {name: moment for name, moment in sums.items() if moment is not None},
            self.regular_operations(namespace, numbers), self.plan_links(), self.dtypes, self.beside,
        )  # fmt: skip

    @property
    def behaviour(self) -> dict[str, Shown]:
        """What makes the model beside its equations: what happens at events."""
        return {f"on_{path.name}": path.statements for path in self.model.pathways}

    def _repr_html_(self) -> str:
        heading = f"Synapses '{self.name}' from '{self.source.name}' to '{self.target.name}', {len(self)} of them"
        return overview(heading, self.model.equations.values(), self.behaviour)

    def __repr__(self) -> str:
        return f"<Synapses {self.name!r}, {len(self)} from {self.source.name!r} to {self.target.name!r}>"


def _newer(code: Any, older: Any, side: str) -> Any:
    if older is not None and code is not None:
        raise ArgumentTypeError(f"give either on_{side} or its older name {side}, not both")
    return code if older is None else older


def _at_other_places(stored: AnyArray, before: AnyArray, places: AnyArray) -> AnyArray:
    """Values that were at some places, at others; what is not a value of each synapse stays as it is."""
    if np.shape(stored) != np.shape(before):
        return stored
    moved = np.empty_like(stored)
    moved[places] = stored[before]
    return moved


def with_index(model: Any, index: str | None, title: str) -> Any:
    """The equations with a line for the number of each synapse among those of its pair."""
    if index is None:
        return model
    if not isinstance(index, str) or not index.isidentifier():
        raise ArgumentError("multisynaptic_index is the name of a variable", found=repr(index))
    return read_equations(model, f"equations of {title}") + f"{index} : integer (constant)"
