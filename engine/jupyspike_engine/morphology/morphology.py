"""The shape of a cell, as scripts see it."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any, Self

from . import drawing
from .discretizing import discretized
from .placing import placed
from .report import Report
from .tree import Tree


class Morphology(Tree):
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

    __slots__ = ()

    def generate_coordinates(
        self, section_randomness: float = 0.0, compartment_randomness: float = 0.0, overwrite_existing: bool = False
    ) -> Self:
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
        return placed(self, section_randomness, compartment_randomness, overwrite_existing)

    def discretized(
        self,
        d_lambda: float = 0.1,
        frequency: Any = None,
        Ri: Any = None,
        Cm: Any = None,
        max_length: Any = None,
        n: int | None = None,
    ) -> Self:
        """The same tree in compartments of other lengths: short against the length constant, by default.

        The number for each section is odd, and so large that no compartment is longer than about ``d_lambda`` of the
        length constant at a frequency: ``2*floor((L/(d_lambda*lambda) + 0.9)/2) + 1`` [1]_. Areas, volumes and axial
        resistances of a section stay the same: each compartment has what lies within it of the shape as it was read.

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
    def from_swc_file(
        cls,
        filename: str | PathLike[str],
        spherical_soma: bool = True,
        unit: Any = None,
        from_soma_centre: bool = True,
    ) -> Morphology:
        """A tree from a file in SWC format; see `from_file`."""
        from .reading import from_swc_file

        return from_swc_file(filename, spherical_soma, unit, from_soma_centre)

    @classmethod
    def from_file(
        cls,
        filename: str | PathLike[str],
        spherical_soma: bool = True,
        unit: Any = None,
        from_soma_centre: bool = True,
    ) -> Morphology:
        """A tree from a file: SWC (``.swc``), Neurolucida (``.asc``) or NeuroML 2 (``.nml``).

        Neurolucida files are read by the package morphio, NeuroML by libNeuroML.

        Parameters
        ----------
        filename : str or path
        spherical_soma : bool
            Whether a soma of three points in the usual places, or the outline of one, becomes a sphere.
        unit : Quantity, optional
            Of the lengths in a SWC file. They are taken as micrometres, and refused if they look like nanometres.
        from_soma_centre : bool
            Whether branches of a soma begin at its centre; else at their own first points, as in NEURON.

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

        Notes
        -----
        A section goes from branch to branch, or to where the type changes, and has a compartment for each point. A
        branch of a soma begins at its centre in SWC files and from points, and where its first point is in the
        other formats. A soma of one point is a sphere; three points stand for one as at NeuroMorpho.org; an outline
        becomes the sphere around its centre of gravity with its mean radius; a soma that branches, the sphere of
        the same area; other somata are truncated cones. A tree that does not begin at its soma is turned. Types 5
        and 6 are marks where only forks and ends have them.

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

        return from_file(filename, spherical_soma, unit, from_soma_centre)
