"""Numbers of synapses, which count them as they were made, and the places where they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from ...targets.rows import Counts, Indices, blocks_of_rows, sorted_in_rows

Stored = TypeVar("Stored", bound=np.generic)
FEW_ROWS = 32  # that are looked through one by one


class Numbering(Protocol):
    """Which synapse is stored where."""

    @property
    def nbytes(self) -> int: ...
    def places(self, numbers: Indices) -> Indices:
        """Where the synapses with some numbers are stored."""
        ...

    def numbers(self, places: Indices) -> Indices:
        """The numbers of the synapses at some places."""
        ...

    def ordered(self, stored: npt.NDArray[Stored]) -> npt.NDArray[Stored]:
        """Values of all synapses by number."""
        ...


@dataclass(frozen=True)
class Listed:
    """The place of each synapse is in a list."""

    creation: Indices

    @property
    def nbytes(self) -> int:
        return self.creation.nbytes

    def places(self, numbers: Indices) -> Indices:
        return np.asarray(self.creation[numbers])

    def numbers(self, places: Indices) -> Indices:
        inverse = np.empty_like(self.creation)
        inverse[self.creation] = np.arange(len(inverse), dtype=np.int32)
        return np.asarray(inverse[places])

    def ordered(self, stored: npt.NDArray[Stored]) -> npt.NDArray[Stored]:
        return stored[self.creation]


@dataclass(frozen=True)
class ByTarget:
    """The synapses of a source are stored in any order and numbered by target, so that nothing has to be kept.

    Parameters
    ----------
    starts, post : array of int
        As for `Connections`; no two synapses of a source have the same target.
    """

    starts: Counts
    post: Indices
    nbytes = 0

    def places(self, numbers: Indices) -> Indices:
        return self._in_rows(numbers, by_number=True)

    def numbers(self, places: Indices) -> Indices:
        return self._in_rows(places, by_number=False)

    def _in_rows(self, wanted: Indices, by_number: bool) -> Indices:
        """Places of numbers or numbers of places, which differ within a row only."""
        if np.size(wanted) < len(self.post) // 2:
            rows = np.searchsorted(self.starts, wanted, side="right") - 1
            if len(different := np.unique(rows)) <= FEW_ROWS:
                found = np.empty(np.shape(wanted), np.int32)
                for row in different.tolist():
                    begin, end = self.starts[row], self.starts[row + 1]
                    places = np.argsort(self.post[begin:end])
                    inside = rows == row
                    found[inside] = begin + (places if by_number else np.argsort(places))[wanted[inside] - begin]
                return found
        every = Listed(self.ordered(np.arange(len(self.post), dtype=np.int32)))
        return every.places(wanted) if by_number else every.numbers(wanted)

    def ordered(self, stored: npt.NDArray[Stored]) -> npt.NDArray[Stored]:
        result = np.empty_like(stored)
        for first, last in blocks_of_rows(self.starts):
            block = slice(self.starts[first], self.starts[last])
            result[block] = stored[block][sorted_in_rows(self.starts[first : last + 1], self.post[block])[0]]
        return result


def as_made(starts: Counts, post: Indices) -> bool:
    """Whether the targets of each source ascend, so that `ByTarget` gives the synapses the numbers of their places."""
    for first, last in blocks_of_rows(starts):
        part = post[starts[first] : starts[last]]
        rising = part[1:] > part[:-1]
        inner = starts[first + 1 : last] - starts[first]
        rising[inner[(inner > 0) & (inner < len(part))] - 1] = True
        if not rising.all():
            return False
    return True


def numbered(starts: Counts, post: Indices, creation: Indices) -> Numbering | None:
    """The numbering in which each synapse has a given place; None where numbers are places."""
    every = np.arange(len(creation), dtype=np.int32)
    if (creation == every).all():
        return None
    if np.array_equal((by_target := ByTarget(starts, post)).ordered(every), creation):
        return by_target if as_made(starts, by_target.ordered(post)) else Listed(creation)
    return Listed(creation)
