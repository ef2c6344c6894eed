"""Cells of one shape or of several: which element is which compartment of which cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from ...morphology.compartments import Compartments
from ...morphology.morphology import Morphology
from ...targets.interface import AnyArray

Indices = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """Cells in the order of their numbers: so many of the first shape, of the second, and so on.

    The elements of compartment k of the cells of a shape lie side by side, as a row; rows come in the order of shapes
    and of compartments. Where spikes are looked for in one compartment of each cell and there are several shapes, the
    rows of those compartments come first: then they are one piece, in the order of cells.

    Attributes
    ----------
    shapes : tuple of Morphology
    lanes : tuple of int
        The number of cells of each shape.
    spiking : tuple of int or None
        The compartment of each shape in which spikes are looked for.
    rows : tuple of array
        Of each shape: the element of the first cell, for each compartment.
    """

    shapes: tuple[Morphology, ...]
    lanes: tuple[int, ...]
    spiking: tuple[int, ...] | None
    rows: tuple[Numbers, ...]

    @cached_property
    def compartments(self) -> list[Compartments]:
        """Of each shape."""
        return [shape.compartments() for shape in self.shapes]

    def __len__(self) -> int:
        """Number of cells."""
        return sum(self.lanes)

    @cached_property
    def size(self) -> int:
        """Number of elements."""
        return sum(len(rows) * lanes for rows, lanes in zip(self.rows, self.lanes, strict=True))

    @cached_property
    def firsts(self) -> list[int]:
        """The number of the first cell of each shape."""
        return list(accumulate(self.lanes[:-1], initial=0))

    def elements(self, shape: int, compartments: Indices | None = None, cells: Indices | None = None) -> Indices:
        """The elements of compartments of the cells of a shape, row by row; of all of them by default.

        Parameters
        ----------
        cells : array, optional
            Numbers of cells, those of other shapes among them.
        """
        first, lanes = self.firsts[shape], self.lanes[shape]
        own = np.arange(lanes) if cells is None else cells[(cells >= first) & (cells < first + lanes)] - first
        rows = self.rows[shape] if compartments is None else self.rows[shape][compartments]
        return np.add.outer(rows, own).ravel().astype(np.int32)

    def spread(self, values: Sequence[AnyArray]) -> AnyArray:
        """Values of the compartments of each shape, for all elements."""
        spread = np.empty(self.size, values[0].dtype)
        for shape, of_shape in enumerate(values):
            spread[self.elements(shape)] = np.repeat(of_shape, self.lanes[shape])
        return spread

    @property
    def cell(self) -> Indices:
        """The number of the cell of each element."""
        numbers = np.empty(self.size, np.int32)
        for shape, (first, lanes) in enumerate(zip(self.firsts, self.lanes, strict=True)):
            numbers[self.elements(shape)] = np.tile(np.arange(first, first + lanes), len(self.rows[shape]))
        return numbers

    @property
    def compartment(self) -> Indices:
        """The number of each element within its cell."""
        return self.spread([np.arange(len(rows)) for rows in self.rows]).astype(np.int32)

    @property
    def spike_places(self) -> tuple[int, int]:
        """The first of the elements in which spikes are looked for, and their number."""
        if self.spiking is None:
            return 0, self.size
        return int(self.rows[0][self.spiking[0]]), len(self)


def cells_of(shapes: Sequence[Morphology], lanes: Sequence[int], spiking: Sequence[int] | None) -> Cells:
    """Number the elements of so many cells of each shape."""
    several = spiking is not None and len(shapes) > 1
    rows, free = [], sum(lanes) if several else 0
    first = 0
    for shape, (morphology, count) in enumerate(zip(shapes, lanes, strict=True)):
        n = len(morphology.compartments())
        own = np.empty(n, np.int64)
        others = np.ones(n, np.bool_)
        if several:
            assert spiking is not None
            others[spiking[shape]] = False
            own[spiking[shape]] = first
        number = int(others.sum())
        own[others] = free + count * np.arange(number)
        free, first = free + count * number, first + count
        rows.append(own)
    return Cells(tuple(shapes), tuple(lanes), None if spiking is None else tuple(spiking), tuple(rows))
