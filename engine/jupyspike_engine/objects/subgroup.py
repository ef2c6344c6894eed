"""Parts of groups: neurons that follow each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import IndexRangeError, IndexTypeError
from ..language.scope import Symbol
from ..plan.binding import Binding
from ..targets.interface import Elements
from .base import SimulatedObject
from .namespaces import Namespace
from .owner import Known, VariableOwner

if TYPE_CHECKING:
    from .neurongroup import NeuronGroup


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
        raise IndexTypeError(f"{item!r} does not choose neurons", kind="index", expected="a number, a slice or a list")
    if chosen.min() < 0 or chosen.max() >= len(group):
        raise IndexRangeError(f"{item!r} is outside '{group.name}' of {len(group)} neurons", kind="index")
    if len(chosen) > 1 and not (np.diff(chosen) == 1).all():
        raise IndexRangeError("a part of a group must be contiguous and ascending", kind="index", found=repr(item))
    return start + int(chosen[0]), start + int(chosen[-1]) + 1


class Subgroup(VariableOwner):
    """A contiguous part of a group, made by ``group[start:stop]``; its indices count from its first neuron.

    Examples
    --------
    >>> G = NeuronGroup(10, 'v : 1')
    >>> last = G[8:]
    >>> last.v = 'i + 1'
    >>> len(last), G.v[7:]
    (2, array([0., 1., 2.]))
    """

    invalidates_magic_network = False  # it has no state of its own
    warns_if_unused = False

    def __init__(self, source: NeuronGroup | Subgroup, start: int, stop: int) -> None:
        whole = source.source if isinstance(source, Subgroup) else source
        super().__init__(f"{whole.name}_part*", None, whole.clock, whole.when, whole.order)
        for name, value in {
            "source": whole, "start": start, "stop": stop, "offset": start, "namespace": whole.namespace,
            "constants": whole.constants, "stream": whole.stream, "arrays": whole.arrays, "links": whole.links,
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

    def bound(self, known: Known) -> Binding:
        binding = self.source.bound(known)
        known.sources[self.name] = self
        return replace(binding, part=self.name, prefix="part")

    def was_set(self, name: str, places: npt.NDArray[np.int32] | slice) -> None:
        self.source.was_set(name, places)

    def given(self, given: Any, namespace: Namespace) -> float:
        return float(self.start) if given.origin == "first" else super().given(given, namespace)

    def elements(self) -> Elements:
        return self.source.elements()

    def _run_by(self) -> NeuronGroup:
        return self.source

    def where(self, event: str) -> Subgroup:
        """The part itself: see `NeuronGroup.where`."""
        return self

    def __getitem__(self, item: Any) -> Subgroup:
        return Subgroup(self, *part_of(self, item))

    def __repr__(self) -> str:
        return f"<Subgroup of {self.source.name!r}, neurons {self.start} to {self.stop - 1}>"


def whole(group: Any) -> tuple[Any, int, int]:
    """The group (or synapses) itself with the range of its elements that is meant."""
    if isinstance(group, Subgroup):
        return group.source, group.start, group.stop
    return group, 0, len(group)
