"""Pathways: what happens at a synapse when an event arrives from one of its sides, and after which delay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, ArgumentTypeError, DimensionMismatchError, Span, UnknownNameError
from ...language.check import unit_text
from ...language.scope import Symbol
from ...native.choosing import grouped
from ...simulation.room import LARGE, expect_room
from ...targets.interface import History
from ...targets.rows import DueSynapses, Rows, count_segments, rows_by_delay
from ...units import SECOND, bare, quantity
from ..clocks import seconds
from ..evaluation import Values
from ..parts import Part
from ..states import States
from ..variables import VariableView
from .delays import Delays, checked, listed, of_values, written

Real = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int32]
DELAY = Symbol("delay", "state", SECOND)


class SynapticPathway(Part, States):
    """The way of events from one side of the synapses, with its delays.

    Attributes
    ----------
    delay : Quantity or variable
        Time between an event and its effect: one for all synapses if it was given when the synapses were made, else a
        variable of each synapse. It is read as it was written, to the last bit; a run rounds it to whole time steps.
        Delays that an expression computes from ``i``, ``j``, constants and random numbers take no memory: they are
        computed again when they are asked for. Up to 65,536 different ones take one or two bytes for each synapse,
        more eight.
    when, order
        Slot of the time step, and order within it: ``pre`` comes before ``post``.
    """

    def __init__(self, owner: Any, path: str, side: Literal["pre", "post"], event: str, order: int) -> None:
        end = owner.source if side == "pre" else owner.target
        super().__init__(owner, f"{owner.name}_{path}", "synapses", order + (-1 if side == "pre" else 1), end.clock)
        self.path, self.side, self.event = path, side, event
        self.delays_: float | Delays = 0.0  # in seconds: one for all, or of each synapse
        self.for_all = False
        self.version = 0  # grows with each change of delays or connections
        self.made: tuple[Rows, float] | None = None  # rows since the last change, and the time step that they are for

    @property
    def delay(self) -> Any:
        """See the class."""
        if self.for_all:
            assert isinstance(self.delays_, float)
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

    def delays_at(self, places: slice | Indices) -> Real:
        """The delays of some synapses in seconds, by their places of storage."""
        if not isinstance(self.delays_, float):
            return self.delays_.at(places)
        size = len(range(len(self.owner))[places]) if isinstance(places, slice) else np.shape(places)
        return np.full(size, self.delays_)

    def set_each(self, delays: float | Delays) -> None:
        """Give each synapse its delay."""
        self.delays_ = delays
        self.changed()

    def give_all(self, delay: float) -> None:
        """Give all synapses one delay (s), also in a live run."""
        live_run = self.owner.live_run
        name = f"{self.owner.name}.{'' if self.path == 'pre' else f'{self.path}.'}delay"
        if live_run is None or not isinstance(self.delays_, float) or not live_run.moves(name):
            self.set_each(delay)
            return
        with live_run.held():
            self.set_each(delay)
            live_run.assign(name, delay)

    def changed(self) -> None:
        """Forget what was made of delays and connections."""
        self.version += 1
        self.made = None

    def compute(self, values: Values) -> None:
        """Give each synapse, in the order of storage, the delay that an expression gives for it."""
        self.set_each(of_values(values, self.owner.elements))

    def set_for_all(self, value: Any) -> None:
        """Have one delay for all synapses."""
        if isinstance(value, str) or np.ndim(np.asarray(bare(value)[0])):
            raise ArgumentTypeError(
                "the argument 'delay' is one time for all synapses", found=repr(value),
                hint=f"set delays of their own after connecting: S.{self.path}.delay = ...",
            )  # fmt: skip
        self.give_all(seconds(value, f"the delay of '{self.path}'"))
        self.for_all = True

    def allocate(self) -> None:
        """Have no delay, if not one for all: the synapses are other ones now."""
        self.set_each(self.delays_ if self.for_all else 0.0)

    def kept_delays(self) -> Real:
        """What is kept of the delays: one number, or those of all synapses in the order of storage."""
        return np.array(self.delays_) if isinstance(self.delays_, float) else self.delays_at(slice(None))

    def bring_back(self, delays: Real) -> None:
        """Have the delays that were stored; rows that were made stay if they are the present ones."""
        if not np.array_equal(self.kept_delays(), delays):
            self.set_each(listed(delays) if delays.ndim else float(delays))

    def rows(self, dt: float) -> Rows:
        """The synapses by the neuron that drives them, with delays in steps: the same until something changes."""
        rows = self.known_rows(dt)
        if rows is None:
            rows = self._rows(dt)
            self.keep(rows, dt)
        return replace(rows)

    def known_rows(self, dt: float) -> Rows | None:
        """The rows that were made for a time step, if nothing has changed since."""
        return self.made[0] if self.made is not None and self.made[1] == dt else None

    def keep(self, rows: Rows, dt: float) -> None:
        """Have `rows` give these from now on, without what is under way."""
        self.made = replace(rows, since=0, due=DueSynapses.none()), dt

    def _rows(self, dt: float) -> Rows:
        listed = _Listed(self)
        if len(self.owner) * 4 > LARGE:
            expect_room(self.bytes_of_rows(1, False), f"a run with the delays of {len(self.owner):,} synapses")
        if isinstance(self.delays_, float):
            return Rows(listed.starts, listed.order, listed.first, np.array([round(self.delays_ / dt)], np.int64))
        rows = rows_by_delay(listed.starts, listed.first, lambda part: listed.steps(part, dt), listed.sort)
        rows.synapses = None if self.side == "pre" and rows.segments is None else listed.order
        return rows

    def bytes_of_rows(self, parts: int, stored_by_delay: bool) -> int:
        """Bytes that `rows` takes with a division into parts, where synapses are stored by its delays or not."""
        known = self.known_rows(self.clock.dt_)
        if known is not None and known.segments is not None and known.synapses is None:
            return known.nbytes
        listed = _Listed(self)
        rows, segments, in_list = len(listed.starts) - 1, 0, 4 * len(self.owner)
        if not isinstance(self.delays_, float):
            segments = count_segments(listed.starts, lambda part: listed.steps(part, self.clock.dt_))
        if segments:
            return 8 * (rows + 1) + 4 * (2 * segments + 1) + (0 if stored_by_delay else in_list)
        splits = 4 * (parts - 1) * rows
        return splits if self.side == "pre" else 8 * (rows + 1) + in_list + splits  # by source they are stored already


class _Listed:
    """The synapses of a pathway in a list by source; ``order`` is that list, None where it is that of storage."""

    def __init__(self, path: SynapticPathway) -> None:
        self.path, owner = path, path.owner
        self.order: Indices | None = None
        self.first, count = owner.extent(path.side)
        if path.side == "pre":
            self.starts = owner.starts_of(self.first, count)
        else:
            self.starts, self.order = grouped(owner.post_indices, self.first, count)

    def steps(self, part: slice, dt: float) -> Indices:
        """The delays of a part of the list in steps."""
        by_source = self.path.side == "pre"
        places = part if by_source or self.order is None else self.order[part]
        return np.rint(self.path.delays_at(places) / dt).astype(np.int32)

    def sort(self, part: slice, order: npt.NDArray[np.int64]) -> None:
        """Bring a part into another order."""
        if self.path.side == "post":
            assert self.order is not None
            self.order[part] = self.order[part][order]
            return
        if self.order is None:
            self.order = np.empty(len(self.path.owner), np.int32)
        self.order[part] = order + part.start


class _Delays:
    """The delays of a pathway as a variable of each synapse."""

    def __init__(self, pathway: SynapticPathway) -> None:
        self.pathway, self.synapses = pathway, pathway.owner
        self.name = self.synapses.name

    def __len__(self) -> int:
        return len(self.synapses)

    def read(self, symbol: Symbol, item: Any) -> Real:
        return np.asarray(self.pathway.delays_at(self.synapses.indices_of(item)))

    def write(self, symbol: Symbol, item: Any, value: Any, with_unit: bool) -> None:
        self.synapses.expect_connected("delay")
        every = isinstance(item, slice) and item == slice(None)
        if isinstance(value, str) and every:
            self.pathway.compute(self.synapses.values_of_text(value, self.synapses.stored_places(), symbol))
            return
        if every and self.synapses.numbering is None:
            which, size = None, len(self.synapses)  # all, as they are stored
        else:
            which = self.synapses.indices_of(item)
            size = which.size
        if isinstance(value, str):
            plain: Any = self.synapses.evaluate_text(value, which, symbol)
        else:
            value = value[:] if isinstance(value, VariableView) else value
            plain, dimension = bare(value)
            if dimension != SECOND and (with_unit or not dimension.is_dimensionless):
                raise DimensionMismatchError(
                    "a delay is not a time", kind="unit", found=unit_text(dimension), expected="as in 2*ms"
                )
        numbers = checked(np.asarray(plain, np.float64))
        if every and numbers.ndim == 0:
            self.pathway.give_all(float(numbers))
            return
        try:
            numbers = np.broadcast_to(numbers, (size,) if which is None else which.shape)
        except ValueError:
            raise ArgumentError(f"{numbers.size} delays do not fit {size} synapses") from None
        before = 0.0 if every else self.pathway.delays_
        self.pathway.set_each(written(before, len(self.synapses), which, numbers))


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
