"""Trees of sections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import ArgumentTypeError
from ..units import METRE, quantity
from . import drawing
from .attributes import GeometryAttributes
from .children import CHAINED, NAME, Children, check_attachable, unknown
from .compartments import Compartments, Indices, along_path, depth_first, flat
from .parts import Indexing, Part, by_length, lying_at, numbered
from .regions import holds
from .shapes import Geometry, Real, Shape

if TYPE_CHECKING:
    from os import PathLike

    from .report import Report

Row = tuple[type["Morphology"], Shape, str | None, str, int, Real | None]


class Layout:
    """The sections of a tree in their order, until it changes."""

    def __init__(self, root: Morphology) -> None:
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


class Morphology(GeometryAttributes):
    """A section of a cell, with all that is attached to its end: the shape of a cell is the section at its root.

    Sections are made with `Soma`, `Cylinder` and `Section`, and attached by setting an attribute or an index:
    ``morpho.axon = Cylinder(...)``, ``morpho['axon'] = ...``. Names of L, R and digits go on without dots:
    ``morpho.LLR``. ``del morpho.axon`` takes a section off.

    The geometry attributes are those of this section alone; `compartments` has the whole tree. An index gives a part:
    ``axon[3]`` and ``axon[2:5]`` by number, ``axon[10*um:50*um]`` by the length from the start of the section,
    ``morpho['distance > 100*um and diameter < 2*um']`` those compartments of the section, and of what is attached to
    it, for which a condition holds.

    Attributes
    ----------
    name : str
        Under which the section is attached.
    type : str or None
        'soma', 'axon', 'dend', 'apic' or anything else.
    shape : Sphere or Cones
        What it looks like.

    Examples
    --------
    >>> morpho = Soma(diameter=30*um)
    >>> morpho.axon = Cylinder(length=100*um, diameter=1*um, n=10)
    >>> morpho.axon.L = Cylinder(length=50*um, diameter=1*um, n=5)
    >>> morpho
    Soma(diameter=30. * umetre) and 2 sections attached to it; 16 compartments
    ( )  [root]
       `----------|  .axon
                   `-----|  .axon.L
    >>> morpho.axon.L.distance[0], morpho.axon[10*um:50*um].n
    (105. * umetre, 4)
    >>> morpho.indices['distance > 130*um']
    array([14, 15], dtype=int32)
    """

    __slots__ = ("_geometry", "_layout", "_parent", "_report", "name", "origin", "sections", "shape", "type")
    shape: Shape
    type: str | None
    name: str
    origin: Real | None
    sections: list[Morphology]

    def __init__(self, shape: Shape, type: str | None = None, origin: Real | None = None) -> None:
        self.shape, self.type, self.origin, self.name = shape, type, origin, ""
        self.sections = []
        self._parent: Morphology | None = None
        self._geometry: Geometry | None = None
        self._layout: Layout | None = None
        self._report: Report | None = None

    # the tree

    @property
    def parent(self) -> Morphology | None:
        """The section that this one is attached to; None for the root."""
        return self._parent

    @property
    def children(self) -> Children:
        """The sections that are attached to the end of this one."""
        return Children(self.sections)

    @property
    def root(self) -> Morphology:
        """The section at which the tree begins."""
        node = self
        while node._parent is not None:
            node = node._parent
        return node

    def attach(self, name: str, section: Morphology) -> None:
        """Attach a section to the end of this one, without the checks that setting an attribute makes."""
        section.name, section._parent, section._layout = name, self, None
        self.sections.append(section)

    def layout(self) -> Layout:
        """The order of the sections of the whole tree."""
        root = self.root
        if root._layout is None:
            root._layout = Layout(root)
        return root._layout

    def _found(self, name: str) -> Morphology | None:
        for section in self.sections:
            if section.name == name:
                return section
        if not CHAINED.fullmatch(name):
            return None
        node: Morphology | None = self
        for letter in name:
            node = node._found(letter) if node is not None else None
        return node

    def _section(self, name: str) -> Morphology:
        found = self._found(name)
        if found is None:
            raise unknown(name, [*self.children.names])
        return found

    def _set_section(self, name: str, section: Any) -> None:
        chained = CHAINED.fullmatch(name)
        parent = self._section(name[:-1]) if chained else self
        name = name[-1] if chained else name
        if not isinstance(section, Morphology):
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

    def __getattr__(self, name: str) -> Morphology:
        if name.startswith("__") or name in Morphology.__slots__:
            raise AttributeError(name)
        return self._section(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in Morphology.__slots__:
            object.__setattr__(self, name, value)
        else:
            self._set_section(name, value)

    def __delattr__(self, name: str) -> None:
        self._remove(name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.children.names})

    # parts

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, str) and NAME.fullmatch(item):
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

    def ancestors(self) -> Iterable[Morphology]:
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

    def copy(self) -> Morphology:
        """This section and all that is attached to it, once more."""
        return _grown(self._rows())

    def __deepcopy__(self, memo: Any) -> Morphology:
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

    def reshaped(self, shapes: Iterable[Shape]) -> Morphology:
        """The same tree with other shapes of its sections, which are given in tree order."""
        return _grown([(row[0], shape, *row[2:]) for row, shape in zip(self._rows(), shapes, strict=True)])

    def generate_coordinates(
        self, section_randomness: float = 0.0, compartment_randomness: float = 0.0, overwrite_existing: bool = False
    ) -> Morphology:
        """The same tree with coordinates: branches fan out in a plane, and may be bent by chance.

        Parameters
        ----------
        section_randomness, compartment_randomness : float
            Mean angle, in degrees, by which the direction of each section, and of each compartment, deviates by chance;
            angles are drawn from an exponential distribution, with the random numbers of numpy (see `seed`).
        overwrite_existing : bool
            Whether sections that have coordinates get new ones.

        Returns
        -------
        Morphology

        Examples
        --------
        >>> morpho = Soma(diameter=10*um)
        >>> morpho.axon = Cylinder(length=100*um, diameter=1*um, n=2)
        >>> morpho.generate_coordinates().axon.coordinates[-1]
        array([   0., -105.,    0.]) * umetre
        """
        from .placing import placed

        return placed(self, section_randomness, compartment_randomness, overwrite_existing)

    def discretized(
        self,
        d_lambda: float = 0.1,
        frequency: Any = None,
        Ri: Any = None,
        Cm: Any = None,
        max_length: Any = None,
        n: int | None = None,
    ) -> Morphology:
        """The same tree in compartments of other lengths: short against the length constant, by default.

        The number for each section is the least odd one with which no compartment is longer than ``d_lambda`` of the
        length constant at a frequency [1]_. Areas, volumes and axial resistances of a section stay the same: each
        compartment has what lies within it of the shape as it was read.

        Parameters
        ----------
        d_lambda : float
            Longest compartment, in length constants.
        frequency : Quantity
            100 Hz by default.
        Ri, Cm : Quantity
            Axial resistivity, 150 ohm cm by default, and membrane capacitance, 0.9 uF/cm**2.
        max_length : Quantity, optional
            Longest compartment, in place of the rule.
        n : int, optional
            Number of compartments of each section, in place of the rule.

        Returns
        -------
        Morphology

        References
        ----------
        .. [1] M. L. Hines and N. T. Carnevale, NEURON: a tool for neuroscientists, The Neuroscientist 7 (2001)
           123-135.

        Examples
        --------
        >>> morpho = Soma(diameter=30*um)
        >>> morpho.axon = Cylinder(length=1*mm, diameter=1*um)
        >>> morpho.discretized().axon.n, morpho.discretized(max_length=10*um).axon.n
        (43, 100)
        """
        from .discretizing import discretized

        return discretized(self, d_lambda, frequency, Ri, Cm, max_length, n)

    # texts

    def described(self) -> str:
        """This section in one line."""
        return drawing.described(self)

    def topology(self) -> drawing.Topology:
        """A drawing of the tree in text: a dash for each compartment.

        Examples
        --------
        >>> morpho = Cylinder(length=100*um, diameter=1*um, n=3)
        >>> morpho.L = Cylinder(length=50*um, diameter=1*um, n=5)
        >>> print(morpho.topology())
        ---|  [root]
             `-----|  .L
        """
        return drawing.Topology(self)

    def __repr__(self) -> str:
        return drawing.drawn(self)

    def _repr_svg_(self) -> str:
        return drawing.svg(self)

    @property
    def report(self) -> Report | None:
        """What was repaired in the file that the tree was read from; None if it was not read."""
        return self.root._report

    # reading

    @classmethod
    def from_points(cls, points: Iterable[Any], spherical_soma: bool = True) -> Morphology:
        """A tree from points, each with its parent.

        Parameters
        ----------
        points : iterable of tuples
            ``(index, type, x, y, z, diameter, parent)``: lengths in micrometres, the type as a name or as the number
            that SWC files use, -1 as the parent of the root. A section goes from branch to branch and has a
            compartment for each point.
        spherical_soma : bool
            Whether a soma of three points in the usual places, or the outline of one, becomes a sphere.

        Raises
        ------
        ArgumentError
            With all problems, each at its point.

        Examples
        --------
        >>> points = [(1, 'soma', 0, 0, 0, 30, -1), (2, 'axon', 0, 0, 15, 2, 1), (3, 'axon', 0, 0, 115, 1, 2)]
        >>> print(Morphology.from_points(points).topology())
        ( )  [root]
           `--|  .axon
        """
        from .reading import from_points

        return from_points(points, spherical_soma)

    @classmethod
    def from_swc_file(cls, filename: str | PathLike[str], spherical_soma: bool = True, unit: Any = None) -> Morphology:
        """A tree from a file in SWC format; see `from_file`."""
        from .reading import from_swc_file

        return from_swc_file(filename, spherical_soma, unit)

    @classmethod
    def from_file(cls, filename: str | PathLike[str], spherical_soma: bool = True, unit: Any = None) -> Morphology:
        """A tree from a file: SWC (``.swc``), Neurolucida (``.asc``) or NeuroML 2 (``.nml``).

        Neurolucida files are read by the package morphio, NeuroML by libNeuroML.

        Parameters
        ----------
        filename : str or path
        spherical_soma : bool
            Whether a soma of three points in the usual places, or the outline of one, becomes a sphere.
        unit : Quantity, optional
            Of the lengths in a SWC file. They are taken as micrometres, and refused if they look like nanometres.

        Returns
        -------
        Morphology
            `report` tells what was repaired, and in which line.

        Raises
        ------
        ArgumentError
            With all that is wrong in the file, each with its line.
        MissingPackageError
            The package for this format is not installed.

        Examples
        --------
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder) / 'cell.swc'
        ...     _ = file.write_text('1 1 0 0 0 15 -1\\n2 2 0 0 15 1 1\\n3 2 0 0 115 0 2\\n')
        ...     morpho = Morphology.from_file(file)
        >>> print(morpho.report)
        cell.swc: 3 points, 2 sections; 1 repair
            line 3: the radius is zero; done: the radius of its parent, 1
        """
        from .reading import from_file

        return from_file(filename, spherical_soma, unit)


def _grown(rows: list[Row]) -> Morphology:
    """A tree from its sections, in tree order."""
    made: list[Morphology] = []
    for kind, shape, type_, name, parent, origin in rows:
        section = object.__new__(kind)
        Morphology.__init__(section, shape, type_, origin)
        if parent >= 0:
            made[parent].attach(name, section)
        made.append(section)
    return made[0]
