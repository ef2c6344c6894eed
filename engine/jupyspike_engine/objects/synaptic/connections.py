"""Connections between two groups: making them, counting them, and values for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentTypeError, IndexRangeError, Span
from ...frames import called_from, calling_namespace
from ...language.expressions import expression
from ...language.model import CONDITION
from ...language.scope import Scope, Symbol
from ...native.choosing import Counters, sorted_places
from ...plan.binding import Binding
from ...plan.nodes import Place
from ...targets.interface import AnyArray, Elements
from ...targets.rows import Side, ascends, blocks_of_rows, sources_of, starts_from
from ..base import SimulatedObject
from ..evaluation import Surroundings
from ..interrupts import interrupts_wait
from ..namespaces import Namespace
from ..neurongroup import AnyGroup
from ..owner import Known, VariableOwner, wrong_index
from ..randomness import current_seed
from ..sizes import MOST
from ..subgroup import whole
from .candidates import PairTexts
from .delays import written
from .numbering import ByTarget, Listed, Numbering, as_made
from .pathways import SynapticPathway
from .requests import Request, chance_of, copies_of, too_many
from .synapticsubgroup import SynapticSubgroup

Indices = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
MOVED_AT_ONCE = 1 << 20
Stored = TypeVar("Stored", bound=np.generic)


class Connections(VariableOwner):
    """Pairs of neurons, and variables for each pair.

    They are numbered as they were made, and stored by source; those of one source as they were made, or by delay.
    ``numbering`` gives the place of storage for each number, or is None where both orders are the same.
    """

    source: AnyGroup
    target: AnyGroup
    starts: Counts  # the first synapse of each neuron of the whole source group, in the order of storage
    post_indices: Indices  # within the whole target group
    multisynaptic_index: str | None = None  # the variable that tells several synapses of one pair apart
    pathways: dict[str, SynapticPathway]
    numbering: Numbering | None
    _derived: dict[str, Any]
    places_are_kept = False  # other objects refer to synapses by their places
    connected = False  # whether connect() was called

    def _expect_room(self, size: int) -> None:
        """Raise an error if the variables of a number of connections do not fit into the free memory."""
        raise NotImplementedError

    def allocate(self, size: int) -> None:
        """Make room for the variables of a number of connections."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.post_indices)

    @property
    def pre_indices(self) -> Indices:
        """The source of each synapse, in the order of storage: made when it is asked for."""
        return sources_of(self.starts)

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        return (whole(self.source)[0], whole(self.target)[0])

    # numbers of synapses

    def in_creation_order(self, stored: npt.NDArray[Stored]) -> npt.NDArray[Stored]:
        """Values of all synapses in the order in which they were made."""
        return stored if self.numbering is None else self.numbering.ordered(stored)

    def stored_places(self) -> range:
        """All synapses, in the order of storage."""
        return range(len(self))

    def __getitem__(self, item: Any) -> SynapticSubgroup:
        return SynapticSubgroup(self, self.numbers_of(item))

    def indices_of(self, item: Any) -> Indices:
        """Places of storage for what `numbers_of` finds."""
        numbers = self.numbers_of(item)
        return numbers if self.numbering is None else self.numbering.places(numbers)

    def numbers_of(self, item: Any) -> Indices:
        """Numbers of the synapses that an index means.

        It is a number, a slice or an array of numbers, ``[i, j]`` for the synapses between neurons, ``[i, j, k]`` for
        one of several between them, or a condition.

        Raises
        ------
        IndexRangeError
            There are no such synapses or neurons.
        """
        if isinstance(item, tuple):
            return np.flatnonzero(self._between(item)).astype(np.int32)
        if isinstance(item, str):
            tree = expression(item, f"condition for '{self.name}'")
            every = self.indices_of(slice(None))
            return np.flatnonzero(self.evaluate(tree, every, CONDITION, "the condition")).astype(np.int32)
        return super().indices_of(item)

    def _between(self, item: tuple[Any, ...]) -> Truths:
        """Whether each synapse is between chosen neurons."""
        if len(item) not in (2, 3):
            problem = f"synapses of '{self.name}' are reached by [source, target] or [source, target, number]"
            raise IndexRangeError(problem, kind="index", found=f"{len(item)} indices")
        found = np.ones(len(self), np.bool_)
        sides = ((item[0], self.source, self.pre_indices), (item[1], self.target, self.post_indices))
        for chosen, group, ends in sides:
            if not (isinstance(chosen, slice) and chosen == slice(None)):
                found &= chosen_of(group, chosen)[ends]
        if len(item) == 3:
            found &= self._copy_chosen(item[2])
        return np.asarray(self.in_creation_order(found))

    def _copy_chosen(self, item: Any) -> Truths:
        if self.multisynaptic_index is None:
            hint = "multisynaptic_index='k' of Synapses gives each of several synapses of a pair a number"
            raise IndexRangeError(f"'{self.name}' does not number the synapses of a pair", kind="index", hint=hint)
        copies = self.arrays[self.multisynaptic_index]
        wanted = np.zeros(int(copies.max(initial=-1)) + 1, np.bool_)
        mark(wanted, item, f"a number of '{self.name}'")
        return np.asarray(wanted[copies])

    # values that follow from the connections

    def _once(self, name: str, compute: Any) -> Any:
        """What is computed from the connections when it is first asked for."""
        derived = self._derived
        if name not in derived:
            derived[name] = compute()
        return derived[name]

    def counted(self, meaning: str) -> Indices:
        """Synapses onto each neuron of the whole target (``incoming``), or of each of the source (``outgoing``)."""
        if meaning == "outgoing":
            return np.diff(self.starts_of(0, len(whole(self.source)[0]))).astype(np.int32)
        size = len(whole(self.target)[0])
        counted: Indices = self._once(meaning, lambda: np.bincount(self.post_indices, minlength=size).astype(np.int32))
        return counted

    def starts_of(self, first: int, count: int) -> Counts:
        """The first synapse of each of some sources, and the end of the last one's."""
        starts = self.starts[first : first + count + 1]
        later = np.full(count + 1 - len(starts), self.starts[-1])  # sources that came after the synapses were made
        return np.concatenate([starts, later]) if len(later) else starts

    @property
    def N_pre(self) -> int:  # the field's name
        """Number of neurons of the source."""
        return len(self.source)

    @property
    def N_post(self) -> int:  # the field's name
        """Number of neurons of the target."""
        return len(self.target)

    @property
    def N_incoming_post(self) -> Indices:  # the field's name
        """Number of synapses onto each neuron of the target."""
        _, first, stop = whole(self.target)
        return self.counted("incoming")[first:stop].copy()

    @property
    def N_outgoing_pre(self) -> Indices:  # the field's name
        """Number of synapses of each neuron of the source."""
        _, first, stop = whole(self.source)
        return self.counted("outgoing")[first:stop].copy()

    def copies(self) -> Indices | None:
        """For each synapse, in the order of storage, how many of the same pair were made before; None if none has."""
        if isinstance(self.numbering, ByTarget):
            return None
        numbers: Indices | None = self._once("copies", lambda: copy_numbers(self.pre_indices, self.post_indices))
        return numbers

    def expect_connected(self, name: str) -> None:
        """Raise an error where a variable is set before there are synapses to have it: the values would be lost."""
        if not self.connected:
            raise ArgumentTypeError(
                f"'{name}' of '{self.name}' cannot be set: there are no synapses yet", hint="call connect() before"
            )

    def write(self, symbol: Symbol, item: Any, value: Any, with_unit: bool) -> None:
        if self._is_settable(symbol) and not symbol.shared:
            self.expect_connected(symbol.name)
        super().write(symbol, item, value, with_unit)

    def read(self, symbol: Symbol, item: Any) -> AnyArray:
        if symbol.meaning in ("index", "incoming", "outgoing") and symbol.side != "own":
            which = self.indices_of(item)
            ends, group = (self.pre_indices, self.source) if symbol.side == "pre" else (self.post_indices, self.target)
            if symbol.meaning == "index":
                return np.asarray(ends[which] - np.int32(whole(group)[1]))
            return np.asarray(self.counted(symbol.meaning)[ends[which]])
        own = symbol.side == "own" and symbol.name in self.arrays and not symbol.shared
        if own and self.numbering is not None and isinstance(item, slice) and item == slice(None):
            return self.numbering.ordered(self.arrays[symbol.name])
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
        namespace: Mapping[str, Any] | None = None,
    ) -> None:
        """Make synapses.

        What is random is drawn for each source (with ``i`` as a text: for each target) from counters of its own: it
        depends on the seed and on the number of this call, not on other neurons.

        Parameters
        ----------
        condition : str, optional
            A condition on ``i``, ``j`` and variables of both sides (``x_pre``, ``x_post``); all pairs without it.
        i, j : int, array of int or str, optional
            Sources and targets in pairs (compartments also as parts of a neuron or of its morphology), or a text that
            gives one side from the other: ``j='i + 1'``, with a condition ``j='i + 1 if i % 2 == 0'``, or a loop
            ``j='EXPR for VAR in RANGE if CONDITION'``. RANGE is ``range(...)`` with one to three numbers as in Python,
            or ``sample(...)`` with the same numbers and either ``p=``, the probability to take each of them, or
            ``size=``, how many to take at random, none twice.
        p : float or str
            Probability of each connection that meets the condition, a number or an expression.
        n : int or str
            Number of synapses for each pair, a number or an expression.
        skip_if_invalid : bool
            Leave out pairs outside the groups instead of refusing them, and take as many as there are for a sample.
        namespace : dict, optional
            Values of names in the texts that are looked up before those of the calling code.

        Raises
        ------
        UserError
            Indices out of range, a probability outside 0 to 1, texts with problems.

        Examples
        --------
        >>> G = NeuronGroup(4, 'x : 1')
        >>> S = Synapses(G, G)
        >>> S.connect(j='k for k in range(i - 1, i + 2) if k != i', skip_if_invalid=True)
        >>> list(zip(S.i[:].tolist(), S.j[:].tolist()))
        [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)]
        """
        chance, copies = chance_of(p), copies_of(n)
        with called_from({**calling_namespace(), **(namespace or {})}):
            sizes = len(self.source), len(self.target)
            i, j = self.source.numbers_for(i), self.target.numbers_for(j)
            pairs = Request(sizes, self._texts(), chance, copies, skip_if_invalid).pairs(condition, i, j)
        if len(self) + len(pairs[0]) > MOST:
            raise too_many(len(self) + len(pairs[0]))
        self._expect_room(len(self) + len(pairs[0]))
        self._add(*pairs)

    def _texts(self) -> PairTexts:
        """What names mean in the texts of `connect`."""
        namespace = calling_namespace()
        counters = Counters(current_seed(), self.stream.key, (self.stream.next_assignment() & 0xFFFF) << 32)

        def around(scope: Scope) -> Surroundings:
            known = Known(namespace)
            binding = replace(self.bound(known), scope=scope)
            return Surroundings(binding, known.sources, namespace, self.clock.t_, self.clock.dt_)

        firsts = {"pre": whole(self.source)[1], "post": whole(self.target)[1]}
        return PairTexts(self.symbols, self.scope(namespace), around, counters, firsts)  # type: ignore[arg-type]

    def _add(self, pre: Indices, post: Indices) -> None:
        """Add synapses behind the present ones, and bring all into the order of storage."""
        self._set("connected", True)
        before = len(self)
        pre += np.int32(whole(self.source)[1])
        post += np.int32(whole(self.target)[1])
        own = {name: array for name, array in self.arrays.items() if not self.symbols[name].shared}
        old = {name: self.in_creation_order(array) for name, array in own.items()} if before else {}
        delayed = [path for path in self.pathways.values() if not path.for_all and path.delays_ != 0.0]
        old_delays = [(path, path.delays_at(self.indices_of(slice(None)))) for path in delayed] if before else []
        if before:
            pre = np.concatenate([self.in_creation_order(self.pre_indices), pre])
            post = np.concatenate([self.in_creation_order(self.post_indices), post])
        size, creation = len(whole(self.source)[0]), None
        if not ascends(pre):
            creation = sorted_places(pre, size)
            post = moved(post, creation)
        self.store(starts_from(pre, size), post, None if creation is None else Listed(creation))
        self.allocate(len(post))
        where = self.indices_of(slice(0, before)) if before else post[:0]
        for name, values in old.items():
            self.arrays[name][where] = values
        for path, values in old_delays:
            path.set_each(written(0.0, len(post), where, values))
        if self.multisynaptic_index is not None and (copies := self.copies()) is not None:
            self.arrays[self.multisynaptic_index][:] = copies

    def store(self, starts: Counts, post: Indices, numbering: Numbering | None) -> None:
        """Have these synapses."""
        for name, value in (("starts", starts), ("post_indices", post), ("numbering", numbering)):
            self._set(name, value)
        self._set("_derived", {})

    def has_connections(self, pre: Indices, post: Indices, places: Indices) -> bool:
        """Whether these are its connections: sources and targets as stored somewhere, and the place of each there."""
        if len(post) != len(self):
            return False
        sides = ((self.pre_indices, pre), (self.post_indices, post))
        return all(np.array_equal(self.in_creation_order(here), there[places]) for here, there in sides)

    def rearrange(self, places: Indices, by_target: bool) -> None:
        """Store synapses in another order, given by their present places; those of a source stay together."""
        # of a numbering by target, which needs the targets as they are, somebody may know
        post = self.post_indices if self.numbering is None else self.post_indices.copy()
        own = [array for array in self.arrays.values() if len(array) == len(self)]
        paths = self.pathways.values()
        delays = [array for p in paths if not isinstance(p.delays_, float) for array in p.delays_.each()]
        noted = [marks for marks in (self.noted or {}).values() if len(marks) == len(self)]
        with interrupts_wait():
            for first, last in blocks_of_rows(self.starts):
                block = slice(self.starts[first], self.starts[last])
                for array in (post, *own, *delays, *noted):
                    array[block] = array[places[block]]
            self.store(self.starts, post, ByTarget(self.starts, post) if by_target else None)
            for path in paths:
                path.changed()

    def store_as_made(self) -> None:
        """Store synapses in the order of their numbers again, if they are stored by delay."""
        if isinstance(self.numbering, ByTarget):
            self.rearrange(self.indices_of(slice(None)), by_target=False)

    @property
    def numbered_by_target(self) -> bool:
        """Whether the numbers of the synapses of each source follow from their targets."""
        if self.numbering is None:
            return bool(self._once("ascending targets", lambda: as_made(self.starts, self.post_indices)))
        return isinstance(self.numbering, ByTarget)

    def keep_places(self) -> None:
        self.store_as_made()
        self._set("places_are_kept", True)

    # for expressions outside a run

    def bound(self, known: Known) -> Binding:
        for end in (self.source, self.target):
            if whole(end)[0].name not in known.sources:
                whole(end)[0].bound(known)
        binding = Binding(known.registry, self.name, self.name, self.scope(known.namespace), links=self.plan_links())
        sides: tuple[tuple[Place, Any], ...] = (("pre", self.source), ("post", self.target))
        binding.ends = {
            side: known.registry.bindings[whole(end)[0].name].seen_from(side, part=self.name, prefix=self.name)
            for side, end in sides
        }
        return known.add(self, binding)

    def given(self, given: Any, namespace: Namespace) -> float:
        ends = {"pre": self.source, "post": self.target}
        if given.origin in ("first", "size") and given.name in ends:
            _, first, stop = whole(ends[given.name])
            return float(first if given.origin == "first" else stop - first)
        return super().given(given, namespace)

    def side(self, side: Side) -> Indices:
        """The ends of the synapses on a side, in the order of storage."""
        return self.pre_indices if side == "pre" else self.post_indices

    def extent(self, side: str) -> tuple[int, int]:
        """The first of the neurons on a side within the whole group, and their number."""
        _, first, stop = whole(self.source if side == "pre" else self.target)
        return first, stop - first

    def array(self, name: str) -> AnyArray:
        if name in ("_pre", "_post"):
            return self.pre_indices if name == "_pre" else self.post_indices
        if name in ("N_incoming", "N_outgoing"):
            return self.counted(name.removeprefix("N_"))
        return super().array(name)

    def elements(self) -> Elements:
        starts = self.starts_of(0, len(whole(self.source)[0]))
        return Elements(len(self), self.stream.key, starts, self.post_indices)


def chosen_of(group: AnyGroup, item: Any) -> Truths:
    """Which neurons of the whole group an index of a part of it chooses: numbers, or a part of the group."""
    parent, first, stop = whole(group)
    item = group.numbers_for(item)
    wanted = np.zeros(len(parent), np.bool_)
    if not isinstance(item, VariableOwner):
        mark(wanted[first:stop], item, f"'{group.name}'")
        return wanted
    other, begin, end = whole(item)
    if other is not parent or begin < first or end > stop:
        raise IndexRangeError(f"'{item.name}' is not a part of '{group.name}'", kind="index")
    wanted[begin:end] = True
    return wanted


def mark(wanted: Truths, item: Any, what: str) -> None:
    """Mark what an index chooses."""
    index = item if isinstance(item, slice) else np.asarray(item)
    if not isinstance(index, slice) and index.size == 0:
        return
    try:
        wanted[index] = True
    except IndexError:
        raise wrong_index(item, what, len(wanted)) from None


def moved(values: Indices, places: Indices) -> Indices:
    """The values at other places, a little at a time, which keeps numpy from copying all the places."""
    result = np.empty_like(values)
    for first in range(0, len(values), MOVED_AT_ONCE):
        part = slice(first, first + MOVED_AT_ONCE)
        result[places[part]] = values[part]
    return result


def copy_numbers(pre: Indices, post: Indices) -> Indices | None:
    """How many equal pairs stand before each pair; None if all differ. ``pre`` ascends."""
    if ((pre[1:] > pre[:-1]) | (post[1:] > post[:-1])).all():
        return None
    order = np.lexsort((post, pre))
    same = (np.diff(pre[order]) == 0) & (np.diff(post[order]) == 0)
    if not same.any():
        return None
    position = np.arange(len(order))
    starts = np.maximum.accumulate(np.where(np.append(False, same), 0, position))
    numbers = np.empty(len(order), np.int32)
    numbers[order] = position - starts
    return numbers
