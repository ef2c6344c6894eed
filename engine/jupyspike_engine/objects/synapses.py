"""Synapses: connections between groups, their variables, and what happens when a spike arrives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..diagnostics import (
    ArgumentError,
    ArgumentTypeError,
    Diagnostic,
    IndexRangeError,
    Problems,
    Span,
    UserError,
)  # fmt: skip
from ..language.check import Sort
from ..language.equations import Equations
from ..language.expressions import expression
from ..language.model import CONDITION, SynapseModel, check_synapses, read_expression, synapse_model
from ..language.scope import Scope, Symbol
from ..language.syntax import Expression, names, substitute
from ..numerics.choice import Choice, Method, check_method, choose
from ..numerics.exponential_euler import EXPONENTIAL_EULER
from ..numerics.system import System, UpdateRule, written_out
from ..plan.binding import Binding, Registry, SubgroupBinding
from ..plan.network import Moment
from ..plan.network import Synapses as SynapsesPart
from ..targets.interface import DTYPES, AnyArray, Elements, Rows
from ..units import DIMENSIONLESS, SECOND, bare, quantity
from .base import SimulatedObject
from .clocks import Clock, seconds
from .connecting import (
    Pairs,
    all_pairs,
    by_source,
    pairs_with_condition,
    pairs_with_probability,
    thinned,
)  # fmt: skip
from .frames import calling_namespace
from .neurongroup import AnyGroup, NeuronGroup, Subgroup, whole, whole_number
from .owner import Namespace, VariableOwner, zeros
from .randomness import Stream, current_seed

Indices = npt.NDArray[np.int32]
INTEGER = Sort(DIMENSIONLESS, "integer")
NUMBER = Sort(DIMENSIONLESS, "real")


class SynapticPathway:
    """The way of events from one side of the synapses, with its delay.

    Attributes
    ----------
    delay : Quantity
        Time between an event and its effect, the same for all synapses.
    order : int
        Place among pathways of a time step: ``pre`` comes before ``post``.
    """

    def __init__(self, name: str, side: Literal["pre", "post"], event: str) -> None:
        self.name, self.side, self.event = name, side, event
        self.when, self.order = "synapses", -1 if side == "pre" else 1
        self.delay_ = 0.0

    @property
    def delay(self) -> Any:
        return quantity(self.delay_, SECOND)

    @delay.setter
    def delay(self, value: Any) -> None:
        if isinstance(value, str) or np.ndim(np.asarray(bare(value)[0])):
            raise ArgumentError(
                "a delay for each synapse is not available in this version", hint="give one delay for all"
            )
        self.delay_ = seconds(value, f"the delay of '{self.name}'")


class Synapses(VariableOwner):
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
        codes = _pathways(on_pre, on_post, on_event)
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
        self._set("_symbols", self.model.symbols(source.symbols, target.symbols))
        self._set("pre_indices", np.empty(0, np.int32))
        self._set("post_indices", np.empty(0, np.int32))
        self._set("_creation", None)
        self._set("arrays", {})
        self._allocate(0)
        self._set_delays(delay)
        if connect is not None:
            self.connect(**connect) if isinstance(connect, dict) else self.connect(connect)

    source: AnyGroup
    target: AnyGroup
    model: SynapseModel
    method: Method
    pathways: dict[str, SynapticPathway]
    pre_indices: Indices  # within the whole source group, in the order of storage: by source, then target
    post_indices: Indices
    _symbols: dict[str, Symbol]

    def _check(self, complete: bool, namespace: Namespace) -> Scope:
        problems = Problems()
        for path in self.pathways.values():
            end = whole(self.source if path.side == "pre" else self.target)[0]
            if path.event not in end.events:
                what = "a threshold" if path.event == "spike" else f"the event '{path.event}'"
                code = next(p.statements for p in self.model.pathways if p.name == path.name)
                problems.add(
                    f"on_{path.name} waits for {what}, which '{end.name}' does not have", code[0].span if code else None
                )
        problems.raise_if_any()
        external = self.external(namespace)
        return check_synapses(self.model, self.source.symbols, self.target.symbols, external, complete)

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

    def __len__(self) -> int:
        return len(self.pre_indices)

    @property
    def symbols(self) -> dict[str, Symbol]:
        return self._symbols

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        return (whole(self.source)[0], whole(self.target)[0])

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

    @property
    def i(self) -> Indices:
        """The source of each synapse, counted from the first of the source."""
        return self.in_creation_order(self.pre_indices - np.int32(whole(self.source)[1]))

    @property
    def j(self) -> Indices:
        """The target of each synapse, counted from the first of the target."""
        return self.in_creation_order(self.post_indices - np.int32(whole(self.target)[1]))

    def in_creation_order(self, stored: Indices) -> Indices:
        return stored if self._creation is None else stored[self._creation]

    def indices_of(self, item: Any) -> Indices:
        """Positions of storage for numbers of synapses, ``[i, j]`` pairs of neurons or a condition."""
        if isinstance(item, tuple):
            found = self._of_pairs(*item)
        elif isinstance(item, str):
            tree = expression(item, f"condition for '{self.name}'")
            every = self.in_creation_order(np.arange(len(self), dtype=np.int32))
            return every[self.evaluate(tree, every, CONDITION, "the condition").astype(bool)]
        else:
            found = super().indices_of(item)
        return found if self._creation is None else self._creation[found]

    def _of_pairs(self, pre: Any, post: Any) -> Indices:
        """Numbers of the synapses between chosen neurons."""
        sides = []
        for chosen, group, ends in ((pre, self.source, self.i), (post, self.target, self.j)):
            try:
                neurons = np.arange(len(group))[chosen]
            except IndexError:
                raise IndexRangeError(f"the index {chosen!r} is outside '{group.name}'", kind="index") from None
            sides.append(np.isin(ends, neurons))
        return np.flatnonzero(sides[0] & sides[1]).astype(np.int32)

    def read(self, symbol: Symbol, item: Any) -> AnyArray:
        if symbol.meaning == "index" and symbol.name == "i":
            which = self.indices_of(item)
            ends, group = (self.pre_indices, self.source) if symbol.side == "pre" else (self.post_indices, self.target)
            return ends[which] - np.int32(whole(group)[1])
        return super().read(symbol, item)

    # connecting

    def connect(
        self,
        condition: str | Span | bool | None = None,
        i: Any = None,
        j: Any = None,
        p: Any = 1.0,
        n: Any = 1,
        skip_if_invalid: bool = False,
    ) -> None:
        """Make synapses.

        Parameters
        ----------
        condition : str, optional
            A condition on ``i``, ``j`` and variables of both sides (``x_pre``, ``x_post``); all pairs without it.
        i, j : int, array of int or str, optional
            Sources and targets in pairs, or one of them as an expression of the other, such as ``j='i'``.
        p : float or str
            Probability of each connection, a number or an expression.
        n : int
            Number of synapses for each pair.
        skip_if_invalid : bool
            Leave out pairs outside the groups instead of refusing them.

        Raises
        ------
        UserError
            Indices out of range, a probability outside 0 to 1, text with problems.
        """
        copies = whole_number(n, "the number of synapses for a pair", least=0)
        if condition is not None and (i is not None or j is not None):
            raise ArgumentError("give either a condition or indices, not both")
        assignment = self.stream.next_assignment()
        if i is not None or j is not None:
            pairs = self._given_pairs(i, j, skip_if_invalid)
            pairs = self._with_probability(pairs, p, assignment)
        else:
            pairs = self._drawn_pairs(condition, p, assignment)
        self._add(np.repeat(pairs[0], copies), np.repeat(pairs[1], copies))

    def _drawn_pairs(self, condition: Any, p: Any, assignment: int) -> Pairs:
        sizes = len(self.source), len(self.target)
        if condition is None or condition is True:
            tree = None
        elif isinstance(condition, (str, Span)):
            tree = self._text(condition, "condition of connect")
        else:
            raise ArgumentTypeError("the condition of connect must be a text", found=repr(condition))
        if isinstance(p, (str, Span)) or tree is not None:
            if not isinstance(p, (str, Span)) and 0 <= self._probability(p) < 0.25:
                pairs = pairs_with_probability(
                    *sizes, self._probability(p), current_seed(), self.stream.key, assignment
                )
                keep = (
                    self._of_candidates(tree, pairs, CONDITION, "the condition").astype(bool) if tree else slice(None)
                )
                return pairs[0][keep], pairs[1][keep]
            pairs = all_pairs(*sizes) if tree is None else self._meeting(tree)
            return self._with_probability(pairs, p, assignment)
        return pairs_with_probability(*sizes, self._probability(p), current_seed(), self.stream.key, assignment)

    def _meeting(self, tree: Expression) -> Pairs:
        def holds(i: Indices, j: Indices) -> AnyArray:
            return self._of_candidates(tree, (i, j), CONDITION, "the condition of connect")

        return pairs_with_condition(len(self.source), len(self.target), holds)

    @staticmethod
    def _text(text: str | Span, title: str) -> Expression:
        return read_expression(text, title)

    @staticmethod
    def _probability(p: Any) -> float:
        value, dimension = bare(p)
        if dimension != DIMENSIONLESS or np.ndim(value) or np.asarray(value).dtype.kind not in "fiu":
            raise ArgumentTypeError("p must be a number or a text", found=repr(p))
        if not 0 <= float(value) <= 1:
            raise ArgumentError("a probability lies between 0 and 1", found=f"p = {p}")
        return float(value)

    def _with_probability(self, pairs: Pairs, p: Any, assignment: int) -> Pairs:
        if isinstance(p, (str, Span)):
            chances = self._of_candidates(self._text(p, "p of connect"), pairs, NUMBER, "the probability")
            return thinned(pairs, chances.astype(np.float64), current_seed(), self.stream.key, assignment)
        value = self._probability(p)
        return pairs if value >= 1 else thinned(pairs, value, current_seed(), self.stream.key, assignment)

    def _given_pairs(self, i: Any, j: Any, skip: bool) -> Pairs:
        if isinstance(i, (str, Span)) or isinstance(j, (str, Span)):
            return self._mapped_pairs(i, j, skip)
        if i is None or j is None:
            raise ArgumentError("connect needs i and j, or one of them as an expression such as j='i'")
        arrays = []
        for name, value in (("i", i), ("j", j)):
            array = np.atleast_1d(np.asarray(value))
            if array.dtype.kind not in "iu" and array.size:
                raise ArgumentTypeError(f"{name} must hold whole numbers", found=repr(value))
            arrays.append(array.astype(np.int64).ravel())
        try:
            pre, post = np.broadcast_arrays(*arrays)
        except ValueError:
            sizes = f"{len(arrays[0])} and {len(arrays[1])}"
            raise ArgumentError("i and j must have the same length", found=sizes) from None
        return self._within(pre, post, skip)

    def _mapped_pairs(self, i: Any, j: Any, skip: bool) -> Pairs:
        """One side as an expression of the other."""
        if (i is None) == (j is None):
            raise ArgumentError("with i or j as a text, the other one must not be given")
        text, here, there = (j, self.source, "j") if i is None else (i, self.target, "i")
        known = np.arange(len(here), dtype=np.int32)
        nothing = np.zeros(len(here), np.int32)
        tree = self._text(text, f"{there} of connect")
        candidates = (known, nothing) if there == "j" else (nothing, known)
        mapped = self._of_candidates(tree, candidates, INTEGER, f"'{there}'").astype(np.int64)
        return self._within(*((known, mapped) if there == "j" else (mapped, known)), skip)

    def _within(self, pre: AnyArray, post: AnyArray, skip: bool) -> Pairs:
        inside = (pre >= 0) & (pre < len(self.source)) & (post >= 0) & (post < len(self.target))
        if not inside.all() and not skip:
            k = int(np.flatnonzero(~inside)[0])
            raise IndexRangeError(
                f"the connection from {pre[k]} to {post[k]} is outside the groups", kind="index",
                expected=f"i from 0 to {len(self.source) - 1}, j from 0 to {len(self.target) - 1}",
                hint="skip_if_invalid=True leaves such connections out",
            )  # fmt: skip
        return pre[inside].astype(np.int32), post[inside].astype(np.int32)

    def _of_candidates(self, tree: Expression, pairs: Pairs, wanted: Sort, what: str) -> AnyArray:
        """The value of an expression for pairs of neurons that are not connected yet."""
        kept = self.pre_indices, self.post_indices
        self._set("pre_indices", pairs[0] + np.int32(whole(self.source)[1]))
        self._set("post_indices", pairs[1] + np.int32(whole(self.target)[1]))
        try:
            return self.evaluate(tree, np.arange(len(pairs[0]), dtype=np.int32), wanted, what)
        finally:
            self._set("pre_indices", kept[0])
            self._set("post_indices", kept[1])

    def _add(self, i: Indices, j: Indices) -> None:
        """Add synapses behind the present ones, and bring all into the order of storage."""
        before = len(self)
        pre = np.concatenate([self.in_creation_order(self.pre_indices), i + np.int32(whole(self.source)[1])])
        post = np.concatenate([self.in_creation_order(self.post_indices), j + np.int32(whole(self.target)[1])])
        old = {name: self.in_creation_order(array) for name, array in self.arrays.items()}  # type: ignore[arg-type]
        sorted_already = bool((np.diff(pre) >= 0).all()) if len(pre) else True
        order = None if sorted_already else by_source(pre, post, int(post.max()) + 1)
        creation = None
        if order is not None:
            creation = np.empty(len(order), np.int32)
            creation[order] = np.arange(len(order), dtype=np.int32)
            pre, post = pre[order], post[order]
        self._set("pre_indices", np.ascontiguousarray(pre, np.int32))
        self._set("post_indices", np.ascontiguousarray(post, np.int32))
        self._set("_creation", creation)
        self._allocate(len(pre))
        where = slice(0, before) if creation is None else creation[:before]
        for name, values in old.items():
            self.arrays[name][where] = values

    def take_connections(self, other: Synapses) -> None:
        """Have the same connections and values as another object of the same model."""
        for name in ("pre_indices", "post_indices", "_creation", "arrays"):
            self._set(name, other.__dict__[name])

    def _allocate(self, size: int) -> None:
        for symbol in self._symbols.values():
            if symbol.meaning == "state" and symbol.side == "own":
                self.arrays[symbol.name] = zeros(size, DTYPES[symbol.type])
        if self._event_driven():
            self.arrays["lastupdate"] = zeros(size, np.float64)

    # for expressions outside a run

    def binding(self, registry: Registry, scope: Scope) -> Binding:
        ends: dict[str, Binding] = {}
        for place, group in (("pre", self.source), ("post", self.target)):
            parent = whole(group)[0]
            end_scope = parent.scope(calling_namespace())
            ends[place] = SubgroupBinding(
                registry, f"{self.name}_{place}", place, end_scope, place,  # type: ignore[arg-type]
                refractory=parent.refractory_kind(end_scope), synapses=self.name, prefix="own",
            )  # fmt: skip
        return Binding(registry, self.name, "own", scope, "own", ends)

    def given(self, given: Any, namespace: Namespace) -> float:
        ends = {"pre": self.source, "post": self.target}
        if given.origin in ("first", "size") and given.name in ends:
            parent, first, stop = whole(ends[given.name])
            return float(first if given.origin == "first" else stop - first)
        for place, group in ends.items():
            if given.owner == f"{self.name}_{place}":
                return whole(group)[0].given(given, namespace)
        return super().given(given, namespace)

    def surrounding_arrays(self) -> dict[str, AnyArray]:
        arrays = {f"own.{name}": array for name, array in self.arrays.items()}
        for place, group in (("pre", self.source), ("post", self.target)):
            arrays |= {f"{place}.{name}": array for name, array in whole(group)[0].arrays.items()}
        return arrays

    def elements(self) -> Elements:
        return Elements(len(self), self.stream.key, self.pre_indices, self.post_indices)

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
        for name, rhs in system.equations.items():
            others = names(rhs) & (system.equations.keys() - {name})
            if others:
                objection = f"d{name}/dt depends on {', '.join(sorted(others))}"
        if objection:
            place = next(iter(system.places.values()))
            message = "event-driven equations must be linear, each on its own"
            raise UserError(Diagnostic(message, place, "method", found=objection, hint="use the flag (clock-driven)"))
        rule = EXPONENTIAL_EULER.rule(system)
        elapsed = {"dt": expression("_elapsed", "elapsed time")}
        return UpdateRule(
            tuple((name, substitute(tree, elapsed)) for name, tree in rule.temporaries),
            {name: substitute(tree, elapsed) for name, tree in rule.values.items()},
        )

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


def _pathways(on_pre: Any, on_post: Any, on_event: Any) -> dict[str, tuple[Literal["pre", "post"], str, Any]]:
    """Side, event and code of each pathway."""
    pathways: dict[str, tuple[Literal["pre", "post"], str, Any]] = {}
    sides: tuple[tuple[Literal["pre", "post"], Any], ...] = (("pre", on_pre), ("post", on_post))
    for side, codes in sides:
        if codes is None:
            continue
        for path, code in (codes if isinstance(codes, Mapping) else {side: codes}).items():
            if path in pathways:
                raise ArgumentError(f"there are two pathways '{path}'")
            event = on_event.get(path, "spike") if isinstance(on_event, Mapping) else on_event
            if isinstance(event, Span):
                event = event.text.strip()
            pathways[path] = (side, event, code)
    return pathways
