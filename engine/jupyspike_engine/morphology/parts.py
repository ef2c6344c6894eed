"""Parts of a tree: the compartments that an index, a stretch of length or a condition chooses."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from ..diagnostics import ArgumentTypeError, DimensionMismatchError, IndexRangeError, IndexTypeError
from ..units import METRE, Quantity, bare, in_best_unit, quantity
from .attributes import GeometryAttributes
from .compartments import Compartments, Indices
from .regions import holds
from .shapes import Real

_CHOICES = "numbers, lengths such as 10*um:50*um, or a condition such as 'distance > 100*um'"
_NEAR = 1e-9  # of the length: how near to the end of a compartment counts as there


class Chooser(Protocol):
    """What has compartments that can be chosen."""

    def numbers_of(self, item: Any) -> Indices: ...


class Indexing:
    """Gives the numbers, within the whole tree, of the compartments that an index means."""

    def __init__(self, chooser: Chooser) -> None:
        self._chooser = chooser

    def __getitem__(self, item: Any) -> Any:
        numbers = self._chooser.numbers_of(item)
        single = not isinstance(item, str) and np.ndim(bare(item)[0]) == 0 and not isinstance(item, slice)
        return int(numbers[0]) if single else numbers


class Part(GeometryAttributes):
    """Some compartments of a tree, in tree order; they need not lie side by side.

    It has the geometry attributes of sections, for its compartments.

    Attributes
    ----------
    n : int
        Number of compartments.

    Examples
    --------
    >>> morpho = Soma(diameter=30*um)
    >>> morpho.axon = Cylinder(length=100*um, diameter=1*um, n=4)
    >>> part = morpho.axon[10*um:60*um]
    >>> part.indices[:], part.length
    (array([1, 2, 3], dtype=int32), array([25., 25., 25.]) * umetre)
    >>> morpho['distance > 50*um or area > 1000*um**2'].indices[:]
    array([0, 3, 4], dtype=int32)
    """

    __slots__ = ("_compartments", "_numbers")

    def __init__(self, compartments: Compartments, numbers: Indices) -> None:
        self._compartments, self._numbers = compartments, numbers

    @property
    def n(self) -> int:
        """Number of compartments."""
        return len(self._numbers)

    def compartments(self) -> Compartments:
        """The compartments of the whole tree."""
        return self._compartments

    def __len__(self) -> int:
        return self.n

    @property
    def indices(self) -> Indexing:
        """Numbers of the compartments in the tree: ``part.indices[:]``."""
        return Indexing(self)

    def numbers_of(self, item: Any) -> Indices:
        """The numbers, within the whole tree, of those compartments of the part that an index means."""
        if isinstance(item, str):
            return self._numbers[holds(self._compartments, self._numbers, item)]
        return np.atleast_1d(self._numbers[numbered(item, self.n, "the part")])

    def __getitem__(self, item: Any) -> Part:
        return Part(self._compartments, self.numbers_of(item))

    def values_of(self, name: str) -> Real:
        """The values of an attribute, in SI base units."""
        values: Real = getattr(self._compartments, name)
        return values[self._numbers]

    def ends(self) -> tuple[Real, Real] | None:
        """Where compartments begin and end; None if some have no coordinates."""
        start, end = self._compartments.start[self._numbers], self._compartments.end[self._numbers]
        return (start, end) if np.isfinite(start).all() else None

    def __repr__(self) -> str:
        flat = self._compartments
        names = dict.fromkeys(flat.sections[k] or "the root" for k in flat.section[self._numbers].tolist())
        shown = ", ".join(list(names)[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        return f"<Part: {self.n} of {len(flat)} compartments, of {shown or 'no section'}>"


def numbered(item: Any, n: int, of: str) -> Indices:
    """Those of n compartments that an index means which is no text and no length."""
    if item is None or isinstance(item, GeometryAttributes):
        raise IndexTypeError(
            f"{type(item).__name__} does not choose compartments of {of}", kind="index", expected=_CHOICES,
            hint="" if item is None else "it is chosen already: morpho.axon, not morpho[morpho.axon]",
        )  # fmt: skip
    try:
        chosen: Indices = np.atleast_1d(np.arange(n, dtype=np.int32)[item])
    except IndexError:
        if not isinstance(item, tuple) and np.asarray(item).dtype.kind not in "iub":
            raise IndexTypeError(
                f"{item!r} does not choose compartments of {of}", kind="index",
                expected=_CHOICES,
            ) from None  # fmt: skip
        raise IndexRangeError(
            f"the index {item!r} is outside {of}", kind="index", expected=f"0 to {n - 1} (it has {n} compartments)"
        ) from None
    return chosen


def lying_at(item: Any, lengths: Real, of: str) -> Indices:
    """Those compartments of a section that lie at a length from its start, or between two of them."""
    bounds = np.concatenate([np.zeros(1), np.cumsum(lengths)])
    if not isinstance(item, slice):
        return np.array([_starting(_length(item, bounds[-1], of), bounds)], np.int32)
    if item.step is not None:
        raise IndexTypeError("a stretch of length has no step", kind="index", found=repr(item.step))
    start = 0.0 if item.start is None else _length(item.start, bounds[-1], of)
    stop = bounds[-1] if item.stop is None else _length(item.stop, bounds[-1], of)
    if stop < start:
        raise IndexRangeError(
            "the stretch ends before it begins", kind="index", found=f"{_text(start)} to {_text(stop)}"
        )
    last = np.searchsorted(bounds, stop - _NEAR * bounds[-1], side="left")
    return np.arange(_starting(start, bounds), last, dtype=np.int32)


def by_length(item: Any) -> bool:
    """Whether an index is a length, or a slice of lengths."""
    ends = (item.start, item.stop) if isinstance(item, slice) else (item,)
    return any(isinstance(end, Quantity) for end in ends)


def _starting(start: float, bounds: Real) -> int:
    """The compartment in which a length lies; that behind, if it is where two meet."""
    return min(int(np.searchsorted(bounds, start + _NEAR * bounds[-1], side="right")) - 1, len(bounds) - 2)


def _length(value: Any, extent: float, of: str) -> float:
    numbers, dimension = bare(value)
    if dimension is not METRE:
        if np.all(np.asarray(numbers) == 0):
            return 0.0
        if dimension.is_dimensionless:
            raise IndexTypeError(
                "a slice has either lengths or numbers at both ends", kind="index", found=repr(value),
                hint="10*um:50*um, or 2:5",
            )  # fmt: skip
        raise DimensionMismatchError(
            f"compartments of {of} are chosen by lengths", kind="unit", found=str(dimension), expected=str(METRE)
        )
    if np.ndim(numbers) != 0:
        raise ArgumentTypeError("a length is a single value", found=repr(value))
    length = float(numbers)
    if not -_NEAR * extent <= length <= extent * (1 + _NEAR):
        raise IndexRangeError(
            f"{of} has no compartment at {_text(length)}", kind="index", expected=f"0 to {_text(extent)}, its length"
        )
    return min(max(length, 0.0), extent)


def _text(length: float) -> str:
    return in_best_unit(quantity(length, METRE), 6)
