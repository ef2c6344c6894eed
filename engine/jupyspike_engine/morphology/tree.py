"""Trees: sections that are attached to each other, found by name and by number."""

from __future__ import annotations

from collections.abc import Iterable
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..diagnostics import ArgumentTypeError
from ..units import METRE, quantity
from .attributes import GeometryAttributes
from .children import CHAINED, NAME, Children, check_attachable, unknown
from .compartments import Compartments, Indices, along_path, depth_first, flat
from .parts import Indexing, Part, by_length, lying_at, numbered
from .regions import holds
from .shapes import Geometry, Real, Shape

if TYPE_CHECKING:
    from .report import Report

Row = tuple[type["Tree"], Shape, str | None, str, int, Real | None]


class Layout:
    """The sections of a tree in their order, until it changes."""

    def __init__(self, root: Tree) -> None:
        self.sections = list(depth_first(root))
        first = np.cumsum([0, *(section.n for section in self.sections)])
        self.first = {id(section): int(start) for section, start in zip(self.sections, first[:-1], strict=True)}
        self._compartments: Compartments | None = None

    @property
    def compartments(self) -> Compartments:
        """All compartments, as arrays."""
        if self._compartments is None:
            self._compartments = flat(self.sections)
        return self._compartments


class Tree(GeometryAttributes):
    """A section, and how others are attached to it.

    Attributes
    ----------
    name : str
        Under which the section is attached.
    type : str or None
        'soma', 'axon', 'dend', 'apic' or anything else.
    shape : Sphere or Cones
        What it looks like.
    origin : array, optional
        Where its coordinates count from, in place of the end of its parent.
    sections : list
        Those that are attached to it.
    """

    __slots__ = ("_geometry", "_layout", "_parent", "_report", "name", "origin", "sections", "shape", "type")
    shape: Shape
    type: str | None
    name: str
    origin: Real | None
    sections: list[Self]

    def __init__(self, shape: Shape, type: str | None = None, origin: Real | None = None) -> None:
        self.shape, self.type, self.origin, self.name = shape, type, origin, ""
        self.sections = []
        self._parent: Self | None = None
        self._geometry: Geometry | None = None
        self._layout: Layout | None = None
        self._report: Report | None = None

    # the tree

    @property
    def parent(self) -> Self | None:
        """The section that this one is attached to; None for the root."""
        return self._parent

    @property
    def children(self) -> Children:
        """The sections that are attached to the end of this one."""
        return Children(self.sections)

    @property
    def root(self) -> Self:
        """The section at which the tree begins."""
        node = self
        while node._parent is not None:
            node = node._parent
        return node

    def attach(self, name: str, section: Self) -> None:
        """Attach a section to the end of this one, without the checks that setting an attribute makes."""
        section.name, section._parent, section._layout = name, self, None
        self.sections.append(section)

    def layout(self) -> Layout:
        """The order of the sections of the whole tree."""
        root = self.root
        if root._layout is None:
            root._layout = Layout(root)
        return root._layout

    def find(self, name: str) -> Self | None:
        """The section of a name that is attached to this one; None if there is none."""
        for section in self.sections:
            if section.name == name:
                return section
        if not CHAINED.fullmatch(name):
            return None
        node: Self | None = self
        for letter in name:
            node = node.find(letter) if node is not None else None
        return node

    def _section(self, name: str) -> Self:
        found = self.find(name)
        if found is None:
            raise unknown(name, [*self.children.names])
        return found

    def _set_section(self, name: str, section: Any) -> None:
        chained = CHAINED.fullmatch(name)
        parent = self._section(name[:-1]) if chained else self
        name = name[-1] if chained else name
        if not isinstance(section, Tree):
            raise ArgumentTypeError(
                f"'{name}' cannot be set to this: only sections are attached to a section", found=repr(section),
                expected="Section(...), Cylinder(...) or Soma(...)",
            )  # fmt: skip
        check_attachable(parent, name, section, hasattr(type(self), name))
        parent.attach(name, section)
        self.root._layout = None

    def _remove(self, name: str) -> None:
        section = self._section(name)
        assert section._parent is not None
        self.root._layout = None
        section._parent.sections.remove(section)
        section._parent = None

    def __getattr__(self, name: str) -> Self:
        if name.startswith("__") or name in Tree.__slots__:
            raise AttributeError(name)
        return self._section(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in Tree.__slots__:
            object.__setattr__(self, name, value)
        else:
            self._set_section(name, value)

    def __delattr__(self, name: str) -> None:
        self._remove(name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.children.names})

    # parts

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, str) and NAME.fullmatch(item) and not iskeyword(item):
            return self._section(item)
        return Part(self.layout().compartments, self.numbers_of(item))

    def __setitem__(self, name: Any, section: Any) -> None:
        self._set_section(str(name), section)

    def __delitem__(self, name: Any) -> None:
        self._remove(str(name))

    @property
    def indices(self) -> Indexing:
        """Numbers of compartments within the whole tree: ``morpho.axon.indices[10*um:50*um]``.

        A text is a condition on the compartments of this section and of all that is attached to it.
        """
        return Indexing(self)

    def numbers_of(self, item: Any) -> Indices:
        """The numbers, within the whole tree, of the compartments that an index means."""
        layout = self.layout()
        first = layout.first[id(self)]
        if isinstance(item, str):
            which = np.arange(first, first + self.total_compartments, dtype=np.int32)
            return which[holds(layout.compartments, which, item)]
        of = f"the section '{self.name}'" if self._parent is not None else "the root section"
        chosen = lying_at(item, self.length_, of) if by_length(item) else numbered(item, self.n, of)
        return chosen + np.int32(first)

    # geometry

    @property
    def n(self) -> int:
        """Number of compartments of this section."""
        return self.shape.n

    def __len__(self) -> int:
        return self.n

    @property
    def total_compartments(self) -> int:
        """Number of compartments of this section and of all that is attached to it."""
        return sum(section.n for section in depth_first(self))

    @property
    def total_sections(self) -> int:
        """Number of sections, this one among them."""
        return sum(1 for _ in depth_first(self))

    def compartments(self) -> Compartments:
        """The compartments of the whole tree as flat arrays in SI units; they are the same until the tree changes."""
        return self.layout().compartments

    def values_of(self, name: str) -> Real:
        """The values of an attribute, in SI base units."""
        if self._geometry is None:
            self._geometry = self.shape.geometry()
        if name == "distance":
            return self._start_distance() + along_path(self.shape, self._geometry)
        values: Real = getattr(self._geometry, name)
        return values

    @property
    def end_distance(self) -> Any:
        """Way along the tree from its start to the end of this section."""
        return quantity(self.end_distance_, METRE)

    @property
    def end_distance_(self) -> float:
        """`end_distance` in SI base units."""
        return self._start_distance() + self.shape.extent

    def _start_distance(self) -> float:
        return sum(section.shape.extent for section in self.ancestors())

    def ancestors(self) -> Iterable[Self]:
        """The sections on the way to the root, beginning with the parent."""
        node = self._parent
        while node is not None:
            yield node
            node = node._parent

    def ends(self) -> tuple[Real, Real] | None:
        """Where compartments begin and end; None without coordinates."""
        places = self.shape.places()
        if places is None:
            return None
        places = places + (self._origin() if self.origin is None else self.origin)
        return places[:-1], places[1:]

    def _origin(self) -> Real:
        place = np.zeros(3)
        for section in self.ancestors():
            points = section.shape.points
            place = place if points is None else place + points[-1]
            if section.origin is not None:
                return place + section.origin
        return place

    # other trees

    def copy(self) -> Self:
        """This section and all that is attached to it, once more."""
        return self.reshaped(section.shape for section in depth_first(self))

    def __deepcopy__(self, memo: Any) -> Self:
        return self.copy()

    def __reduce__(self) -> Any:
        return _grown, (self._rows(),)

    def _rows(self) -> list[Row]:
        numbers: dict[int, int] = {}
        rows: list[Row] = []
        for section in depth_first(self):
            parent = numbers.get(id(section.parent), -1)
            numbers[id(section)] = len(rows)
            rows.append((type(section), section.shape, section.type, section.name, parent, section.origin))
        return rows

    def reshaped(self, shapes: Iterable[Shape]) -> Self:
        """The same tree with other shapes of its sections, which are given in tree order."""
        tree: Self = _grown([(row[0], shape, *row[2:]) for row, shape in zip(self._rows(), shapes, strict=True)])
        tree._report = self._report
        return tree


def _grown(rows: list[Row]) -> Any:
    """A tree from its sections, in tree order."""
    made: list[Tree] = []
    for kind, shape, type_, name, parent, origin in rows:
        section = object.__new__(kind)
        Tree.__init__(section, shape, type_, origin)
        if parent >= 0:
            made[parent].attach(name, section)
        made.append(section)
    return made[0]
