"""Groups of neurons, and parts of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import (
    ArgumentError,
    ArgumentTypeError,
    DimensionTypeError,
    Span,
    UnknownNameError,
    nearest,
)
from ..frames import calling_namespace
from ..language.check import Sort, unit_text
from ..language.equations import Equations
from ..language.model import (
    REFRACTORY_PERIOD,
    NeuronModel,
    check_neurons,
    neuron_model,
    read_block,
)
from ..language.overview import Shown, overview
from ..language.scope import Symbol
from ..language.syntax import Call, Expression, Name, Operator, text
from ..logs import get_logger
from ..numerics.choice import DEFAULT, Choice, Method, check_method, choose
from ..numerics.system import System, system_of
from ..plan.binding import Binding
from ..plan.network import Neurons
from ..plan.nodes import STORAGE
from ..plan.refractoriness import refractory_kind
from ..targets.interface import AnyArray, Elements
from ..units import DIMENSIONLESS, SECOND, bare
from .allocation import expect_room_for, zeros
from .base import SimulatedObject
from .clocks import Clock, ClockNumbers
from .dtypes import storage_of
from .method_choice import chosen
from .namespaces import Namespace
from .naming import checked_name
from .owner import Known, VariableOwner
from .parts import RegularOperation, Resetter, StateUpdater, SubexpressionUpdater, Thresholder
from .randomness import Stream
from .sizes import whole_number
from .subgroup import Subgroup, part_of

_log = get_logger("jupyspike.objects")

LONG_AGO = -1e4  # seconds; the last spike of a neuron that never spiked
EVENT_SLOTS = {"spike": ("thresholds", "resets")}
OTHER_EVENT_SLOTS = ("after_thresholds", "after_resets")


def conditions_of(threshold: str | Span | None, events: Any) -> dict[str, str | Span]:
    """The conditions of all events, by name; that of spikes is the threshold.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        A name cannot be that of an event, or is given twice.
    """
    if events is not None and not isinstance(events, Mapping):
        raise ArgumentTypeError(
            "events must be a dictionary of conditions", found=repr(events), expected="events={'name': 'condition'}"
        )
    conditions: dict[str, str | Span] = dict(events or {})
    for name in conditions:
        if not isinstance(name, str) or not name.isidentifier():
            raise ArgumentTypeError(f"{name!r} cannot be the name of an event", expected="a word of letters, digits, _")
    if threshold is not None:
        if "spike" in conditions:
            raise ArgumentError("the event 'spike' is given twice: by threshold and in events")
        conditions["spike"] = threshold
    return conditions


def never_resting(equations: Equations, title: str) -> Equations:
    """The equations of neurons without refractoriness: what would rest in it goes on, and the user is told."""
    resting = [d.name for d in equations.values() if "unless refractory" in d.flags]
    if not resting:
        return equations
    _log.warn(
        f"'{title}' has no refractory period: the flag (unless refractory) of {', '.join(resting)} means nothing",
        "no_refractoriness",
        once=True,
    )
    kept = (d.without_flag("unless refractory") for d in equations.own_lines)
    return Equations((*kept, *equations.reactions))


class NeuronGroup(VariableOwner):
    """Neurons that follow the same equations.

    Parameters
    ----------
    N : int
        Number of neurons.
    model : str or Equations
        The equations; see `jupyspike_engine.language.lines`.
    method : str, method or sequence of them, optional
        Integration method, by its name or as an object, or several to be tried in their order: by default 'exact' for
        linear equations, else 'euler' or, where noise is multiplied, 'heun'. 'auto' takes the most exact one that
        fits: 'exact', 'exponential_euler', 'rk2'.
    threshold : str, optional
        Condition for a spike.
    reset : str, optional
        Statements for neurons that spiked.
    refractory : Quantity or str, optional
        How long a neuron cannot spike again: a time, or a condition that holds it refractory while it is true.
    method_options : dict, optional
        Options of the method; see `jupyspike_engine.numerics.adaptive` for those of methods with steps of their own.
    events : dict, optional
        Conditions of further events, by name.
    namespace : dict, optional
        Values of names that the equations use; names not found there come from where `run` is called. Numbers among
        them are attributes: ``G.tau = 5*ms`` holds for the next run, and for a live one at once.
    dt, clock
        Time step; `defaultclock` by default.
    order : int
        Place among objects that act in the same slot of the time step.
    dtype : numpy dtype or dict, optional
        Type in which values are kept in memory: one for all real variables, or one for each variable by name.
    name : str
        A name for messages, and for the stream of random numbers.
    codeobj_class : optional
        Accepted for scripts that give it: a network runs on one target, `prefs.codegen.target`.

    Raises
    ------
    UserError
        With all problems of the texts at their places.

    Examples
    --------
    >>> G = NeuronGroup(10, 'dv/dt = (1 - v)/(10*ms) : 1', threshold='v > 0.8', reset='v = 0')
    """

    def __init__(
        self,
        N: int,  # the field's name
        model: str | Equations | Span,
        method: Method = DEFAULT,
        method_options: Mapping[str, Any] | None = None,
        threshold: str | Span | None = None,
        reset: str | Span | None = None,
        refractory: Any = False,
        events: Mapping[str, str | Span] | None = None,
        namespace: Mapping[str, Any] | None = None,
        dtype: Any = None,
        dt: Any = None,
        clock: Clock | None = None,
        order: int = 0,
        name: str = "neurongroup*",
        codeobj_class: Any = None,
    ) -> None:
        size = whole_number(N, f"the number of {self.elements_are}")
        self._set("constants", {})
        conditions = conditions_of(threshold, events)
        reactions = {} if reset is None else {"spike": reset}
        title = checked_name(name).rstrip("*")
        parsed = self._completed(neuron_model(title, model, conditions, reactions, self._refractory(refractory)))
        if parsed.refractory is None and not isinstance(model, Span):  # in a cell it is an error: see check_neurons
            parsed = replace(parsed, equations=never_resting(parsed.equations, title))
        check_method(method, title)
        super().__init__(name, dt, clock, "groups", order)
        parsed = replace(parsed, title=self.name)
        self._set("model", parsed)
        self._set("method", method)
        self._set("method_options", dict(method_options or {}))
        self._set("namespace", {**parsed.equations.values_of_names, **(namespace or {})})
        self._set("_size", size)
        self._set("stream", Stream("neurons", None if name.endswith("*") else name))
        self._set("links", {})
        check_neurons(parsed, self.external(calling_namespace()), complete=False)
        self.find_tables(parsed.equations, calling_namespace())
        choice = self.integration()
        if choice is not None:
            self._set("model", replace(parsed, solver=choice.variables))
        self._set("_symbols", self.model.symbols)
        self._set("dtypes", storage_of(dtype, self._symbols.values(), self.name))
        self._set("arrays", self._allocated())
        self._make_parts(order)

    def _completed(self, model: NeuronModel) -> NeuronModel:
        """The model with what belongs to every element of this kind."""
        return model

    def _make_parts(self, order: int) -> None:
        equations = self.model.equations
        updated = bool(equations.diff_eq_names) or self.model.refractory is not None or self.model.spatial
        once = any("constant over dt" in d.flags for d in equations.values())
        detectors: dict[str, Thresholder] = {}
        resetters: dict[str, Resetter] = {}
        for event in self.model.events:
            slots = EVENT_SLOTS.get(event, OTHER_EVENT_SLOTS)
            detectors[event] = Thresholder(self, event, f"{self.name}_{event}_thresholder", slots[0], order)
            ends_rest = event == "spike" and self.model.refractory is not None  # the end of a rest is set after a spike
            if event in self.model.reactions or ends_rest:
                resetters[event] = Resetter(self, event, f"{self.name}_{event}_resetter", slots[1], order)
        updater = StateUpdater(self, f"{self.name}_stateupdater", "groups", order) if updated else None
        self._set("state_updater", updater)
        single = SubexpressionUpdater(self, f"{self.name}_subexpression_update", "before_start", order)
        self._set("subexpression_updater", single if once else None)
        self._set("thresholder", detectors)
        self._set("resetter", resetters)
        self._set("regular", [])

    state_updater: StateUpdater | None
    subexpression_updater: SubexpressionUpdater | None
    thresholder: dict[str, Thresholder]
    resetter: dict[str, Resetter]
    regular: list[RegularOperation]

    @property
    def contained_objects(self) -> list[SimulatedObject]:
        """The parts of the group that act in a time step."""
        single = [part for part in (self.subexpression_updater, self.state_updater) if part is not None]
        return [*single, *self.thresholder.values(), *self.resetter.values(), *self.regular]

    def _refractory(self, refractory: Any) -> str | Span | Expression | None:
        if refractory is None or refractory is False:
            return None
        if isinstance(refractory, (str, Span)):
            return refractory
        value, dimension = bare(refractory)
        if dimension != SECOND or np.ndim(value) != 0:
            raise DimensionTypeError(
                "refractory has the wrong unit",
                kind="unit",
                found=unit_text(dimension),
                expected="a time, as in 5*ms, or a text",
            )
        if float(value) < 0:
            raise ArgumentError("the refractory period must not be negative", found=str(refractory))
        self.constants[REFRACTORY_PERIOD] = refractory
        return Name(REFRACTORY_PERIOD)

    def _allocated(self) -> dict[str, AnyArray]:
        kinds = {
            symbol.name: self.dtypes.get(symbol.name, STORAGE[symbol.type])
            for symbol in self._symbols.values()
            if symbol.meaning == "state"
        }
        own = [name for name in kinds if not self._symbols[name].shared]
        expect_room_for(len(self), [kinds[name] for name in own], self.elements_are)
        arrays = {name: zeros(len(self) if name in own else 1, kind) for name, kind in kinds.items()}
        if self.model.refractory is not None:
            arrays["lastspike"][:] = LONG_AGO
            arrays["refractory_until"] = zeros(len(self), np.float64)
            arrays["not_refractory"][:] = True
        return arrays

    def was_set(self, name: str, places: npt.NDArray[np.int32] | slice) -> None:
        """Let the end of a rest follow the time of the last spike."""
        super().was_set(name, places)
        rest = self.model.refractory
        if name != "lastspike" or rest is None:
            return
        if refractory_kind(self.model, self.scope(calling_namespace())) != "time":
            return
        steps = [Call("timestep", (time, Name("dt"))) for time in (Name("lastspike"), rest)]
        end, wanted = Operator("+", tuple(steps)), Sort(DIMENSIONLESS, "integer")
        which = np.arange(len(self), dtype=np.int32)[places]
        self.arrays["refractory_until"][places] = self.evaluate(end, which, wanted, "the refractory period")
        super().was_set("refractory_until", places)

    model: NeuronModel
    method: Method
    method_options: dict[str, Any]
    _symbols: dict[str, Symbol]

    def __len__(self) -> int:
        size: int = self._size
        return size

    @property
    def symbols(self) -> dict[str, Symbol]:
        return self._symbols

    @property
    def equations(self) -> Equations:
        """The equations of the model."""
        return self.model.equations

    @property
    def events(self) -> dict[str, str]:
        """The conditions of its events, by name."""
        return {name: text(condition) for name, condition in self.model.events.items()}

    def integration(self, rewritten: frozenset[str] = frozenset()) -> Choice | None:
        """The integrator chosen for the equations and why; None where nothing is integrated."""
        system = self._system(rewritten)
        if not system.equations:
            return None
        choice = choose(system, self.method, self.name, self.method_options)
        self.constants.update(choice.constants)
        return choice

    def _system(self, rewritten: frozenset[str]) -> System:
        equations = self.model.equations
        written = {s.target for block in self.model.reactions.values() for s in block}
        written |= {s.target for part in self.regular_parts() for s in part.block}
        shared = {d.name for d in equations.values() if d.shared}
        once = {d.name for d in equations.values() if "constant over dt" in d.flags}
        return system_of(
            equations,
            frozenset({*equations.parameter_names, *once, "i", "lastspike", "not_refractory"} - shared),
            rewritten | (written - equations.diff_eq_names) | once | {"lastspike", "not_refractory"},
            steps=self.tables,
            stateful=self.stateful,
        )

    def regular_parts(self) -> list[RegularOperation]:
        """What was made by `run_regularly` and its relatives."""
        parts: list[RegularOperation] = self.__dict__.get("regular", [])
        return parts

    def run_on_event(self, event: str, code: str, when: str = "after_resets", order: int | None = None) -> Resetter:
        """Run statements for the neurons that have an event.

        Returns
        -------
        Resetter
            The part of the group that does so.

        Raises
        ------
        ArgumentError
            The group has no such event, or code for it already.
        """
        if event not in self.model.events or event in self.model.reactions:
            problem = "already has code" if event in self.model.reactions else "does not exist"
            raise ArgumentError(
                f"the event '{event}' of '{self.name}' {problem}", hint=nearest(event, self.model.events)
            )
        block = read_block(code, f"code for '{event}' of {self.name}")
        changed = replace(self.model, reactions={**self.model.reactions, event: block})
        check_neurons(changed, self.external(calling_namespace()), complete=False)
        self._set("model", changed)
        order = self.order if order is None else order
        self.resetter[event] = Resetter(self, event, f"{self.name}_{event}_resetter", when, order)
        return self.resetter[event]

    def set_event_schedule(self, event: str, when: str = "after_thresholds", order: int | None = None) -> None:
        """Choose when in the step the neurons that have an event are looked for.

        Raises
        ------
        UnknownNameError
            The group has no such event.
        """
        if event not in self.thresholder:
            raise UnknownNameError(
                f"'{self.name}' has no event '{event}'", kind="name", hint=nearest(event, self.thresholder)
            )
        old = self.thresholder[event]
        order = self.order if order is None else order
        self.thresholder[event] = Thresholder(self, event, f"{self.name}_{event}_thresholder", when, order)
        self.thresholder[event].active = old.active

    @property
    def spikes(self) -> npt.NDArray[np.int32]:
        """The neurons that spiked in the last step."""
        network = self.simulated_by
        found: npt.NDArray[np.int32] | None = None
        if network is not None:
            found = network.last_events(self.name, "spike")
        return np.empty(0, np.int32) if found is None else found

    # for expressions outside a run

    def bound(self, known: Known) -> Binding:
        scope = self.scope(known.namespace)
        binding = Binding(known.registry, self.name, self.name, scope, links=self.plan_links())
        return known.add(self, binding)

    def elements(self) -> Elements:
        return Elements(len(self), self.stream.key)

    def stored(self) -> dict[str, AnyArray]:
        step = self.__dict__.get("_time_step")  # the unit of the ends of refractory periods
        return super().stored() | ({} if step is None else {"time step": np.array(step)})

    def restore(self, state: Mapping[str, AnyArray]) -> None:
        super().restore(state)
        if "time step" in state:
            self._set("_time_step", float(np.asarray(state["time step"], np.float64)))

    # for runs

    def on_time_step(self, dt: float) -> None:
        """Keep the ends of refractory periods, which are counted in steps, when the time step changes."""
        before = self.__dict__.get("_time_step", dt)
        if before != dt and "refractory_until" in self.arrays:
            until = self.arrays["refractory_until"]
            until[:] = np.asarray(until, np.float64) * (before / dt)
            super().was_set("refractory_until", np.arange(len(until), dtype=np.int32))
        self._set("_time_step", dt)

    def part(self, namespace: Namespace, numbers: ClockNumbers, rewritten: frozenset[str]) -> Neurons:
        """The group as a part of a network to be compiled.

        Raises
        ------
        UserError
            Names are missing, units do not fit, or the integration method does not.
        """
        clock = numbers(self.clock)
        scope = check_neurons(self.model, self.external(namespace), complete=True)
        self.find_tables(self.model.equations, namespace)
        choice = chosen(self, rewritten)
        rule = choice.integrator.rule(self._system(rewritten)) if choice is not None else None
        silent = frozenset(event for event, part in self.thresholder.items() if part.moment(clock) is None)
        reactions = {event: part.moment(clock) for event, part in self.resetter.items()}
        return Neurons(
            self.name, self.model, scope, rule, clock,
            self.state_updater.moment(clock) if self.state_updater is not None else None,
            self.subexpression_updater.moment(clock) if self.subexpression_updater is not None else None,
            {event: part.place(clock) for event, part in self.thresholder.items()}, silent,
            {event: moment for event, moment in reactions.items() if moment is not None},
            self.injects_events, self.regular_operations(namespace, numbers), self.plan_links(), self.dtypes,
        )  # fmt: skip

    def where(self, event: str) -> AnyGroup:
        """The group, or the part of it that stands for it as a source of an event."""
        return self

    elements_are = "neurons"
    injects_events = False  # whether its events are given in advance

    def __getitem__(self, item: Any) -> Subgroup:
        return Subgroup(self, *part_of(self, item))

    def __repr__(self) -> str:
        return f"<NeuronGroup {self.name!r} of {len(self)} neurons>"

    @property
    def behaviour(self) -> dict[str, Shown]:
        """What makes the model beside its equations: conditions of events, what happens then, how it is integrated."""
        model, choice = self.model, self.integration()
        behaviour: dict[str, Shown] = {}
        for event, condition in model.events.items():
            behaviour["threshold" if event == "spike" else event] = condition
        for event, block in model.reactions.items():
            behaviour["reset" if event == "spike" else f"on {event}"] = block
        if model.refractory is not None:
            given = self.constants.get(REFRACTORY_PERIOD)
            behaviour["refractory"] = model.refractory if given is None else str(given)
        if choice is not None:
            behaviour["integrator"] = f"{choice.integrator.name}: {choice.reason}"
        return behaviour

    def _repr_html_(self) -> str:
        kind = type(self).__name__
        title = f"{kind} '{self.name}' with {len(self)} {self.elements_are}"
        return overview(title, self.user_equations.values(), self.behaviour)


AnyGroup = NeuronGroup | Subgroup
