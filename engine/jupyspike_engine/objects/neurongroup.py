"""Groups of neurons, and parts of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..diagnostics import (
    ArgumentError,
    ArgumentTypeError,
    DimensionMismatchError,
    IndexRangeError,
    Span,
)
from ..language.check import unit_text
from ..language.equations import Equations
from ..language.model import (
    REFRACTORY_PERIOD,
    NeuronModel,
    check_neurons,
    neuron_model,
    read_block,
)
from ..language.scope import Scope, Symbol
from ..language.syntax import Expression, Name
from ..numerics.choice import Choice, Method, check_method, choose
from ..numerics.system import System, written_out
from ..plan.binding import Binding, Registry, SubgroupBinding
from ..plan.lowering import refractory_kind
from ..plan.network import Moment, Neurons
from ..targets.interface import DTYPES, AnyArray, Elements
from ..units import SECOND, bare
from .base import SimulatedObject
from .clocks import Clock
from .frames import calling_namespace
from .owner import Namespace, VariableOwner, zeros
from .randomness import Stream

MOST = 2**31 - 1  # indices have 32 bits
LONG_AGO = -1e4  # seconds; the last spike of a neuron that never spiked
EVENT_SLOTS = {"spike": ("thresholds", "resets")}
OTHER_EVENT_SLOTS = ("after_thresholds", "after_resets")


def whole_number(value: Any, what: str, least: int = 1) -> int:
    """A size given by the user.

    Raises
    ------
    ArgumentError, ArgumentTypeError
    """
    number, dimension = bare(value)
    if not dimension.is_dimensionless:
        raise ArgumentTypeError(f"{what} must be a whole number", found=f"a value in {dimension}")
    value = number.item() if isinstance(number, (np.ndarray, np.generic)) and np.size(number) == 1 else number
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        else:
            raise ArgumentTypeError(f"{what} must be a whole number", found=repr(value))
    if int(value) < least:
        raise ArgumentError(f"{what} must be at least {least}", found=str(int(value)))
    if int(value) > MOST:
        raise ArgumentError(f"{what} must be at most {MOST:,}", found=f"{int(value):,}")
    return int(value)


class NeuronGroup(VariableOwner):
    """Neurons that follow the same equations.

    Parameters
    ----------
    N : int
        Number of neurons.
    model : str or Equations
        The equations; see `jupyspike_engine.language.equations`.
    method : str or sequence of str, optional
        Integration method, or several to be tried in their order; chosen automatically by default.
    threshold : str, optional
        Condition for a spike.
    reset : str, optional
        Statements for neurons that spiked.
    refractory : Quantity or str, optional
        How long a neuron cannot spike again: a time, or a condition that holds it refractory while it is true.
    events : dict, optional
        Conditions of further events, by name.
    namespace : dict, optional
        Values of names that the equations use; names not found there come from where `run` is called.
    dt, clock
        Time step; `defaultclock` by default.
    order : int
        Place among objects that act in the same slot of the time step.
    name : str
        A name for messages, and for the stream of random numbers.

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
        method: Method = None,
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
    ) -> None:
        size = whole_number(N, "the number of neurons")
        if method_options or dtype is not None:
            raise ArgumentError("method_options and dtype are not available in this version")
        self._set("constants", {})
        conditions = dict(events or {})
        if threshold is not None:
            conditions["spike"] = threshold
        reactions = {} if reset is None else {"spike": reset}
        title = name.rstrip("*")
        parsed = neuron_model(title, model, conditions, reactions, self._refractory(refractory))
        check_method(method, title)
        super().__init__(name, dt, clock, "groups", order)
        parsed = replace(parsed, title=self.name)
        self._set("model", parsed)
        self._set("method", method)
        self._set("namespace", {**parsed.equations.values_of_names, **(namespace or {})})
        self._set("_size", size)
        self._set("stream", Stream("neurons", None if name.endswith("*") else name))
        check_neurons(parsed, self.external(calling_namespace()), complete=False)
        self.integration()
        self._set("_symbols", parsed.symbols)
        self._set("arrays", self._allocated())

    def _refractory(self, refractory: Any) -> str | Span | Expression | None:
        if refractory is None or refractory is False:
            return None
        if isinstance(refractory, (str, Span)):
            return refractory
        value, dimension = bare(refractory)
        if dimension != SECOND or np.ndim(value) != 0:
            raise DimensionMismatchError(
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
        arrays = {
            symbol.name: zeros(len(self), DTYPES[symbol.type])
            for symbol in self._symbols.values()
            if symbol.meaning == "state" and symbol.name != "not_refractory"
        }
        if self.model.refractory is not None:
            arrays["lastspike"][:] = LONG_AGO
            arrays["refractory_until"] = zeros(len(self), np.float64)
            arrays["not_refractory"] = zeros(len(self), np.bool_)
            arrays["not_refractory"][:] = True
        return arrays

    model: NeuronModel
    method: Method
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
    def events(self) -> dict[str, Expression]:
        """The conditions of its events, by name."""
        return dict(self.model.events)

    def integration(self, rewritten: frozenset[str] = frozenset()) -> Choice | None:
        """The integrator chosen for the equations and why; None where nothing is integrated."""
        system = self._system(rewritten)
        return choose(system, self.method, self.name) if system.equations else None

    def _system(self, rewritten: frozenset[str]) -> System:
        equations = self.model.equations
        expanded = written_out(equations)
        differential = equations.of_role("differential equation")
        reactions = {s.target for block in self.model.reactions.values() for s in block}
        return System(
            {d.name: expanded[d.name] for d in differential},
            frozenset(d.name for d in differential if "unless refractory" in d.flags),
            frozenset({*equations.parameter_names, "i", "lastspike", "not_refractory"}),
            rewritten | (reactions - equations.diff_eq_names) | {"lastspike", "not_refractory"},
            {d.name: d.span for d in differential},
        )

    def run_on_event(self, event: str, code: str, when: str = "after_resets", order: int | None = None) -> None:
        """Run statements for the neurons that have an event."""
        if event not in self.model.events or event in self.model.reactions:
            problem = "already has code" if event in self.model.reactions else "does not exist"
            raise ArgumentError(f"the event '{event}' of '{self.name}' {problem}")
        block = read_block(code, f"code for '{event}' of {self.name}")
        changed = replace(self.model, reactions={**self.model.reactions, event: block})
        check_neurons(changed, self.external(calling_namespace()), complete=False)
        self._set("model", changed)
        self._set(
            "_reaction_moments", {**self.__dict__.get("_reaction_moments", {}), event: (when, order or self.order)}
        )

    # for expressions outside a run

    def binding(self, registry: Registry, scope: Scope) -> Binding:
        return Binding(registry, self.name, "own", scope, refractory=self.refractory_kind(scope))

    def refractory_kind(self, scope: Scope) -> Any:
        return refractory_kind(self.model, scope)

    def surrounding_arrays(self) -> dict[str, AnyArray]:
        return {f"own.{name}": array for name, array in self.arrays.items()}

    def elements(self) -> Elements:
        return Elements(len(self), self.stream.key)

    # for runs

    def on_time_step(self, dt: float) -> None:
        """Keep the ends of refractory periods, which are counted in steps, when the time step changes."""
        before = self.__dict__.get("_time_step", dt)
        if before != dt and "refractory_until" in self.arrays:
            until = self.arrays["refractory_until"]
            until[:] = np.asarray(until, np.float64) * (before / dt)
        self._set("_time_step", dt)

    def part(self, namespace: Namespace, clock: int, rewritten: frozenset[str]) -> Neurons:
        """The group as a part of a network to be compiled.

        Raises
        ------
        UserError
            Names are missing, units do not fit, or the integration method does not.
        """
        scope = check_neurons(self.model, self.external(namespace), complete=True)
        choice = self.integration(rewritten)
        rule = choice.integrator.rule(self._system(rewritten)) if choice is not None else None
        detections, reactions = {}, {}
        for event in self.model.events:
            slots = EVENT_SLOTS.get(event, OTHER_EVENT_SLOTS)
            when, order = self.__dict__.get("_reaction_moments", {}).get(event, (slots[1], self.order))
            detections[event] = Moment(clock, slots[0], self.order)
            reactions[event] = Moment(clock, when, order)
        return Neurons(self.name, self.model, scope, rule, clock, self.order, detections, reactions)

    def __getitem__(self, item: Any) -> Subgroup:
        return Subgroup(self, *part_of(self, item))

    def __repr__(self) -> str:
        return f"<NeuronGroup {self.name!r} of {len(self)} neurons>"


def part_of(group: NeuronGroup | Subgroup, item: Any) -> tuple[int, int]:
    """First and end (exclusive) of the neurons that an index chooses, within the whole group.

    Raises
    ------
    IndexRangeError
        The neurons do not exist, or are not contiguous and ascending.
    """
    start = group.start if isinstance(group, Subgroup) else 0
    if isinstance(item, slice):
        first, stop, step = item.indices(len(group))
        for bound in (item.start, item.stop):
            if bound is not None and not -len(group) <= bound <= len(group):
                raise IndexRangeError(f"{bound} is outside '{group.name}' of {len(group)} neurons", kind="index")
        if step != 1 or stop <= first:
            raise IndexRangeError(f"the part [{item.start}:{item.stop}:{item.step}] is empty or has gaps", kind="index")
        return start + first, start + stop
    chosen = np.atleast_1d(np.asarray(item))
    if chosen.dtype.kind not in "iu" or chosen.ndim != 1 or not len(chosen):
        raise IndexRangeError(f"{item!r} does not choose neurons", kind="index", expected="a number, a slice or a list")
    if chosen.min() < 0 or chosen.max() >= len(group):
        raise IndexRangeError(f"{item!r} is outside '{group.name}' of {len(group)} neurons", kind="index")
    if len(chosen) > 1 and not (np.diff(chosen) == 1).all():
        raise IndexRangeError("a part of a group must be contiguous and ascending", kind="index", found=repr(item))
    return start + int(chosen[0]), start + int(chosen[-1]) + 1


class Subgroup(VariableOwner):
    """A contiguous part of a group, made by ``group[start:stop]``; its indices count from its first neuron."""

    only_watches = True  # it has no state of its own

    def __init__(self, source: NeuronGroup | Subgroup, start: int, stop: int) -> None:
        whole = source.source if isinstance(source, Subgroup) else source
        super().__init__(f"{whole.name}_part*", None, whole.clock, whole.when, whole.order)
        for name, value in {
            "source": whole, "start": start, "stop": stop, "offset": start, "namespace": whole.namespace,
            "constants": whole.constants, "stream": whole.stream, "arrays": whole.arrays,
            "name": f"{whole.name}[{start}:{stop}]",
        }.items():  # fmt: skip
            self._set(name, value)

    source: NeuronGroup
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def symbols(self) -> dict[str, Symbol]:
        return self.source.symbols

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        return (self.source,)

    def binding(self, registry: Registry, scope: Scope) -> Binding:
        kind = self.source.refractory_kind(scope)
        return SubgroupBinding(registry, self.name, "own", scope, refractory=kind, synapses=self.name, prefix="part")

    def given(self, given: Any, namespace: Namespace) -> float:
        return float(self.start) if given.origin == "first" else super().given(given, namespace)

    def surrounding_arrays(self) -> dict[str, AnyArray]:
        return self.source.surrounding_arrays()

    def elements(self) -> Elements:
        return Elements(len(self.source), self.stream.key)

    def __getitem__(self, item: Any) -> Subgroup:
        return Subgroup(self, *part_of(self, item))

    def __repr__(self) -> str:
        return f"<Subgroup of {self.source.name!r}, neurons {self.start} to {self.stop - 1}>"


AnyGroup = NeuronGroup | Subgroup


def whole(group: AnyGroup) -> tuple[NeuronGroup, int, int]:
    """The group itself with the range of its neurons that is meant."""
    if isinstance(group, Subgroup):
        return group.source, group.start, group.stop
    return group, 0, len(group)
