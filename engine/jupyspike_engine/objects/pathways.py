"""Pathways: what happens at a synapse when an event arrives from one of its sides, and after which delay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError, DimensionMismatchError, Span, UnknownNameError
from ..language.check import unit_text
from ..language.scope import Symbol
from ..simulation.room import LARGE, expect_room
from ..targets.interface import DueSynapses, History, Rows, starts_from
from ..units import SECOND, bare, quantity
from .clocks import seconds
from .owner import zeros
from .parts import Part
from .states import States
from .variables import VariableView

Real = npt.NDArray[np.float64]
DELAY = Symbol("delay", "state", SECOND)
SORTING = 32  # bytes that a synapse takes while synapses are sorted by their delays


class SynapticPathway(Part, States):
    """The way of events from one side of the synapses, with its delays.

    Attributes
    ----------
    delay : Quantity or variable
        Time between an event and its effect: one for all synapses if it was given when the synapses were made, else a
        variable of each synapse.
    when, order
        Slot of the time step, and order within it: ``pre`` comes before ``post``.
    """

    def __init__(self, owner: Any, path: str, side: Literal["pre", "post"], event: str, order: int) -> None:
        end = owner.source if side == "pre" else owner.target
        super().__init__(owner, f"{owner.name}_{path}", "synapses", order + (-1 if side == "pre" else 1), end.clock)
        self.path, self.side, self.event = path, side, event
        self.delays_: Real | float = 0.0  # in seconds: one for all, or for each synapse in the order of storage
        self.for_all = False
        self.version = 0  # grows with each change of delays or connections

    @property
    def delay(self) -> Any:
        """See the class."""
        if self.for_all:
            return quantity(self.delays_, SECOND)
        return VariableView(_Delays(self), DELAY, True)

    @delay.setter
    def delay(self, value: Any) -> None:
        if not self.for_all:
            _Delays(self).write(DELAY, slice(None), value, True)
        elif isinstance(value, str) or np.ndim(np.asarray(bare(value)[0])):
            raise ArgumentError(
                f"'{self.path}' has one delay for all synapses, as it was given with delay=...",
                hint="leave out delay=... where the synapses are made, then each has a delay of its own",
            )
        else:
            self.set_for_all(value)

    @property
    def delay_(self) -> Any:
        """`delay` in seconds, as plain numbers."""
        return self.delays_ if self.for_all else VariableView(_Delays(self), DELAY, False)

    def state_names(self, subexpressions: bool, read_only_variables: bool, rows_only: bool) -> tuple[str, ...]:
        return ("delay",)

    def exported(self, name: str, units: bool) -> Any:
        if name != "delay":
            raise UnknownNameError(f"a pathway has a 'delay', and no '{name}'", kind="name")
        delay = self.delay if units else self.delay_
        return delay if self.for_all else delay[:]

    def set_state(self, name: str, value: Any, units: bool) -> None:
        if name != "delay":
            raise UnknownNameError(f"a pathway has a 'delay', and no '{name}'", kind="name")
        self.delay = value if units else quantity(np.asarray(value), SECOND)

    @property
    def values(self) -> Real:
        """The delays of all synapses in seconds, in the order of storage; can be written."""
        if isinstance(self.delays_, float):
            delays: Real = zeros(len(self.owner), np.float64).view(np.float64)
            delays[:] = self.delays_
            self.delays_ = delays
        return self.delays_

    def set_for_all(self, value: Any) -> None:
        """Have one delay for all synapses."""
        if isinstance(value, str) or np.ndim(np.asarray(bare(value)[0])):
            raise ArgumentTypeError(
                "the argument 'delay' is one time for all synapses", found=repr(value),
                hint=f"set delays of their own after connecting: S.{self.path}.delay = ...",
            )  # fmt: skip
        self.delays_, self.for_all = seconds(value, f"the delay of '{self.path}'"), True
        self.version += 1

    def allocate(self, size: int) -> None:
        """Make room for the delays of a number of synapses; those there are lie where their synapses lay."""
        self.version += 1
        if not isinstance(self.delays_, float):
            self.delays_ = zeros(size, np.float64).view(np.float64)

    def rows(self, dt: float) -> Rows:
        """The synapses by the neuron that drives them, with delays in steps."""
        first, count = self.owner.extent(self.side)
        steps = np.rint(np.asarray(self.delays_) / dt).astype(np.int32)
        distinct = np.unique(steps) if steps.size else np.zeros(1, np.int32)
        if len(distinct) == 1 and self.side == "pre":
            return Rows(self.owner.starts_of(first, count), None, first, distinct.astype(np.int64))
        expect_room(SORTING * len(self.owner), f"sorting {len(self.owner):,} synapses by their delays", least=LARGE)
        ends = self.owner.side(self.side)
        if len(distinct) == 1:
            order = np.argsort(ends, kind="stable").astype(np.int32)
            return Rows(starts_from(ends - np.int32(first), count), order, first, distinct.astype(np.int64))
        order = np.lexsort((steps, ends)).astype(np.int32)
        sources, sorted_steps = ends[order] - np.int32(first), steps[order]
        new = np.ones(len(order), np.bool_)
        new[1:] = (np.diff(sources) != 0) | (np.diff(sorted_steps) != 0)
        begins = np.flatnonzero(new)
        segments = np.append(begins, len(order)).astype(np.int64)
        starts = starts_from(sources[begins], count)
        return Rows(starts, order, first, distinct[::-1].astype(np.int64), segments, sorted_steps[begins])


class _Delays:
    """The delays of a pathway as a variable of each synapse."""

    def __init__(self, pathway: SynapticPathway) -> None:
        self.pathway, self.synapses = pathway, pathway.owner
        self.name = self.synapses.name

    def __len__(self) -> int:
        return len(self.synapses)

    def read(self, symbol: Symbol, item: Any) -> Real:
        return np.asarray(self.pathway.values[self.synapses.indices_of(item)])

    def write(self, symbol: Symbol, item: Any, value: Any, with_unit: bool) -> None:
        self.synapses.expect_connected("delay")
        which = self.synapses.indices_of(item)
        if isinstance(value, str):
            plain: Any = self.synapses.evaluate_text(value, which, symbol)
        else:
            value = value[:] if isinstance(value, VariableView) else value
            plain, dimension = bare(value)
            if dimension != SECOND and (with_unit or not dimension.is_dimensionless):
                raise DimensionMismatchError(
                    "a delay is not a time", kind="unit", found=unit_text(dimension), expected="as in 2*ms"
                )
        numbers = np.asarray(plain, np.float64)
        if not np.isfinite(numbers).all() or (numbers < 0).any():
            raise ArgumentError("delays must be finite and not negative")
        try:
            self.pathway.values[which] = numbers
        except ValueError:
            raise ArgumentError(f"{numbers.size} delays do not fit {np.size(which)} synapses") from None
        self.pathway.version += 1


def undelivered(rows: Rows, events: History, step: int) -> DueSynapses:
    """The synapses that events before a step will still reach, from that step on."""
    steps, synapses = [rows.due.steps[rows.due.steps >= step]], [rows.due.synapses[rows.due.steps >= step]]
    for delay in rows.delays.tolist():
        for when in range(max(rows.since, step - delay), step):
            for source in events.at(when) - rows.first:
                if 0 <= source < len(rows.starts) - 1 and len(row := rows.row(int(source), delay)):
                    steps.append(np.full(len(row), when + delay, np.int64))
                    synapses.append(row)
    arrival = np.concatenate(steps)
    order = np.argsort(arrival, kind="stable")
    return DueSynapses(arrival[order], np.concatenate(synapses)[order])


def pathways_of(on_pre: Any, on_post: Any, on_event: Any) -> dict[str, tuple[Literal["pre", "post"], str, Any]]:
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
