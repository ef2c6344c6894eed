"""Synapses: connections between groups, their variables, and what happens when a spike arrives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..diagnostics import (
    ArgumentError,
    ArgumentTypeError,
    Diagnostic,
    EquationError,
    Problems,
    Span,
    UserError,
    nearest,
)
from ..language.equations import Equations
from ..language.expressions import expression
from ..language.model import SynapseModel, check_synapses, synapse_model
from ..language.scope import Scope, Symbol
from ..language.syntax import names, substitute
from ..numerics.choice import Choice, Method, check_method, choose
from ..numerics.exponential_euler import EXPONENTIAL_EULER
from ..numerics.system import System, UpdateRule, written_out
from ..plan.network import Moment
from ..plan.network import Synapses as SynapsesPart
from ..targets.interface import DTYPES, Rows
from .clocks import Clock
from .connections import Connections
from .frames import calling_namespace
from .neurongroup import AnyGroup, NeuronGroup, Subgroup, whole
from .owner import Namespace, zeros
from .pathways import SynapticPathway, pathways_of
from .randomness import Stream


class Synapses(Connections):
    """Connections between two groups.

    Parameters
    ----------
    source, target : NeuronGroup or Subgroup
        ``target`` is the source by default.
    model : str or Equations, optional
        Variables and equations of each synapse.
    on_pre, on_post : str or dict, optional
        Statements run when an event of the source (target) arrives; a dict gives several pathways by name.
    delay : Quantity or dict, optional
        Time between event and effect, for all synapses.
    on_event : str or dict
        The event that pathways react to, 'spike' by default.
    connect : optional
        Condition, or arguments of `connect` as a dict.
    namespace, method, dt, clock, order, name
        As for NeuronGroup.

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
        source: AnyGroup,
        target: AnyGroup | None = None,
        model: str | Equations | Span | None = None,
        on_pre: Any = None,
        on_post: Any = None,
        connect: Any = None,
        delay: Any = None,
        on_event: Any = "spike",
        namespace: Mapping[str, Any] | None = None,
        dt: Any = None,
        clock: Clock | None = None,
        order: int = 0,
        method: Method = None,
        name: str = "synapses*",
    ) -> None:
        target = source if target is None else target
        for end in (source, target):
            if not isinstance(end, (NeuronGroup, Subgroup)):
                raise ArgumentTypeError(f"synapses connect groups of neurons, not {end!r}")
        title = name.rstrip("*")
        codes = pathways_of(on_pre, on_post, on_event)
        parsed = synapse_model(title, model, codes)
        check_method(method, title)
        super().__init__(name, dt, clock or (source.clock if dt is None else None), "groups", order)
        stream = Stream("synapses", None if name.endswith("*") else name)
        pathways = {path: SynapticPathway(path, side, event) for path, (side, event, _) in codes.items()}
        for attribute, value in {
            "constants": {}, "source": source, "target": target, "method": method, "stream": stream,
            "namespace": {**parsed.equations.values_of_names, **(namespace or {})}, "pathways": pathways,
            "model": SynapseModel(self.name, parsed.equations, parsed.pathways),
        }.items():  # fmt: skip
            self._set(attribute, value)
        self._check(complete=False, namespace=calling_namespace())
        self.integration()
        self._catching_up()
        self._set("_symbols", self.model.symbols(source.symbols, target.symbols))
        self._set("pre_indices", np.empty(0, np.int32))
        self._set("post_indices", np.empty(0, np.int32))
        self._set("_creation", None)
        self._set("arrays", {})
        self.allocate(0)
        self._set_delays(delay)
        if connect is not None:
            self.connect(**connect) if isinstance(connect, dict) else self.connect(connect)

    model: SynapseModel
    method: Method
    pathways: dict[str, SynapticPathway]
    _symbols: dict[str, Symbol]

    def _check(self, complete: bool, namespace: Namespace) -> Scope:
        problems = Problems()
        for path in self.pathways.values():
            end = whole(self.source if path.side == "pre" else self.target)[0]
            if path.event not in end.events:
                what = "a threshold" if path.event == "spike" else f"the event '{path.event}'"
                code = next(p.statements for p in self.model.pathways if p.name == path.name)
                message = f"on_{path.name} waits for {what}, which '{end.name}' does not have"
                problems.add(message, code[0].span if code else None, hint=nearest(path.event, end.events))
        try:
            scope = check_synapses(
                self.model, self.source.symbols, self.target.symbols, self.external(namespace), complete
            )
        except UserError as error:
            problems.extend(error)
        problems.raise_if_any()
        return scope

    def _set_delays(self, delay: Any) -> None:
        if delay is None:
            return
        if not isinstance(delay, Mapping):
            if "pre" not in self.pathways:
                raise ArgumentError("a delay needs code for 'on_pre' to delay")
            delay = {"pre": delay}
        for path, value in delay.items():
            if path not in self.pathways:
                raise ArgumentError(f"'{self.name}' has no pathway '{path}'", expected=", ".join(self.pathways))
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
        if name == "delay" and "pre" in self.__dict__.get("pathways", {}):
            return self.pathways["pre"].delay
        return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "delay":
            self._set_delays({"pre": value})
        else:
            super().__setattr__(name, value)

    def allocate(self, size: int) -> None:
        for symbol in self._symbols.values():
            if symbol.meaning == "state" and symbol.side == "own":
                self.arrays[symbol.name] = zeros(size, DTYPES[symbol.type])
        if self._event_driven():
            self.arrays["lastupdate"] = zeros(size, np.float64)

    # for runs

    def integration(self, rewritten: frozenset[str] = frozenset()) -> Choice | None:
        """The integrator chosen for clock-driven equations and why; None where there are none."""
        system = self._system(rewritten, lazy=False)
        return choose(system, self.method, self.name) if system.equations else None

    def _event_driven(self) -> bool:
        return any("event-driven" in d.flags for d in self.model.equations.values())

    def _system(self, rewritten: frozenset[str], lazy: bool) -> System:
        equations = self.model.equations
        expanded = written_out(equations)
        chosen = [d for d in equations.of_role("differential equation") if ("event-driven" in d.flags) == lazy]
        sides = {name for name, symbol in self.model.symbols(self.source.symbols, self.target.symbols).items()
                 if symbol.side != "own"}  # fmt: skip
        written = {s.target for path in self.model.pathways for s in path.statements}
        return System(
            {d.name: expanded[d.name] for d in chosen},
            frozenset(),
            frozenset({*equations.parameter_names, *sides}),
            rewritten | sides | (written - equations.diff_eq_names),
            {d.name: d.span for d in chosen},
        )

    def _catching_up(self) -> UpdateRule | None:
        """How event-driven variables are brought to the time of an event: each is linear and on its own."""
        system = self._system(frozenset(), lazy=True)
        if not system.equations:
            return None
        objection = EXPONENTIAL_EULER.objection(system)
        moving = self._moving_between_events()
        for name, rhs in system.equations.items():
            others = names(rhs) & (moving - {name})
            if others:
                objection = f"d{name}/dt depends on {', '.join(sorted(others))}"
        if objection:
            place = next(iter(system.places.values()))
            message = "event-driven equations must be linear, each on its own"
            hint = "use the flag (clock-driven)"
            raise EquationError(Diagnostic(message, place, "method", found=objection, hint=hint))
        rule = EXPONENTIAL_EULER.rule(system)
        elapsed = {"dt": expression("_elapsed", "elapsed time")}
        return UpdateRule(
            tuple((name, substitute(tree, elapsed)) for name, tree in rule.temporaries),
            {name: substitute(tree, elapsed) for name, tree in rule.values.items()},
        )

    def _moving_between_events(self) -> set[str]:
        """Names whose value may change while nothing happens at a synapse."""
        moving = set(self.equations.diff_eq_names)
        for name, symbol in self.model.symbols(self.source.symbols, self.target.symbols).items():
            fixed = symbol.definition is not None and "constant" in symbol.definition.flags
            at_an_end = symbol.side != "own" and symbol.meaning in ("state", "subexpression") and not fixed
            if symbol.meaning == "time" or at_an_end:
                moving.add(name)
        return moving

    def part(self, namespace: Namespace, clock: int, clocks: Mapping[str, int]) -> SynapsesPart:
        """The synapses as a part of a network to be compiled; ``clocks`` are those of the groups."""
        scope = self._check(complete=True, namespace=namespace)
        choice = self.integration()
        rule = choice.integrator.rule(self._system(frozenset(), lazy=False)) if choice is not None else None
        ends = {"pre": whole(self.source)[0].name, "post": whole(self.target)[0].name}
        moments = {p.name: Moment(clocks[ends[p.side]], p.when, p.order) for p in self.pathways.values()}
        return SynapsesPart(
            self.name,
            self.model,
            scope,
            ends["pre"],
            ends["post"],
            rule,
            self._catching_up(),
            clock,
            self.order,
            moments,
        )

    def rows(self, path: SynapticPathway, dt: float) -> Rows:
        """The synapses of a pathway by the neuron that drives them."""
        delay = round(path.delay_ / dt)
        group = self.source if path.side == "pre" else self.target
        _, first, stop = whole(group)
        ends = (self.pre_indices if path.side == "pre" else self.post_indices) - np.int32(first)
        starts = np.zeros(stop - first + 1, np.int64)
        np.cumsum(np.bincount(ends, minlength=stop - first), out=starts[1:])
        synapses = None if path.side == "pre" else np.argsort(ends, kind="stable").astype(np.int32)
        return Rows(starts, synapses, first, delay)

    def __repr__(self) -> str:
        return f"<Synapses {self.name!r}, {len(self)} from {self.source.name!r} to {self.target.name!r}>"
