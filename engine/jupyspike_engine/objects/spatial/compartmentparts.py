"""Parts of neurons with a shape: branches, sections, compartments, cells, and what a condition chooses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, IndexRangeError, IndexTypeError
from ...morphology.children import NAME, unknown
from ...morphology.parts import Part, by_length
from ...morphology.tree import Tree
from ..selection import Selection
from ..subgroup import Subgroup

if TYPE_CHECKING:
    from .spatialneuron import SpatialNeuron

Indices = npt.NDArray[np.int32]
Sections = tuple[Tree | None, ...]  # of each shape, the section that a name stands for


class Sectioned:
    """What has sections by their names: a neuron, and its parts."""

    def sections(self) -> Sections:
        """The section of each shape whose branch this is; None where there is none."""
        raise NotImplementedError

    def neuron(self) -> SpatialNeuron:
        """The neuron, or the population of neurons."""
        raise NotImplementedError

    def within(self, elements: Indices) -> Indices:
        """Those of some elements that belong to this part."""
        raise NotImplementedError

    def elements_at(self, item: Any) -> Indices:
        """The elements that an index means."""
        raise NotImplementedError

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, str) and (branch := self.section_named(item)) is not None:
            return branch
        elements = np.atleast_1d(self.elements_at(item))
        if elements.ndim != 1:
            raise IndexTypeError(
                f"{item!r} does not choose compartments of '{self.neuron().name}'", kind="index",
                expected="numbers, lengths such as 10*um:50*um, a condition, or a part of the morphology",
            )  # fmt: skip
        return part_of(self.neuron(), np.sort(elements), self.sections())

    def section_named(self, name: str) -> Any:
        """The branch that begins with a section attached to this one; None if there is no such section."""
        if name == "main":
            return self._compartments(self.sections(), whole=False)
        found = tuple(None if section is None else section.find(name) for section in self.sections())
        return None if all(section is None for section in found) else self._compartments(found, whole=True)

    def section_names(self) -> list[str]:
        """The names of the sections that are attached to this one."""
        return list(dict.fromkeys(name for s in self.sections() if s is not None for name in s.children.names))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.section_names()})

    def spreading(self, shape: tuple[int, ...]) -> str:
        """How values for each cell, or for each compartment of each cell, become values of the elements."""
        if not self.neuron().is_population or shape[:1] != (len(self.neuron().cells),):
            return ""
        name = self.neuron().name
        if len(shape) == 1:
            return f"a value for each cell: values[{name}.cell]"
        return f"a row for each cell: values[{name}.cell, {name}.compartment]"

    def _compartments(self, sections: Sections, whole: bool) -> Any:
        cells = self.neuron().cells
        chosen = [
            cells.elements(shape, numbers_of_section(section, whole))
            for shape, section in enumerate(sections)
            if section is not None
        ]
        return part_of(self.neuron(), self.within(np.sort(np.concatenate(chosen))), sections)


def numbers_of_section(section: Tree, whole: bool) -> Indices:
    """The numbers, within the cell, of the compartments of a section, or of all that is attached to it as well."""
    first = int(section.indices[0])
    return np.arange(first, first + (section.total_compartments if whole else section.n), dtype=np.int32)


def part_of(neuron: SpatialNeuron, elements: Indices, sections: Sections) -> CompartmentSubgroup | CompartmentSelection:
    """Some elements, in ascending order, as a part of a neuron."""
    if not len(elements):
        hint = (
            "a whole cell is neuron[cell, :], a compartment neuron[cell, compartment]" if neuron.is_population else ""
        )
        raise IndexRangeError(f"no compartment of '{neuron.name}' is chosen", kind="index", hint=hint)
    if len(elements) == int(elements[-1]) - int(elements[0]) + 1:
        return CompartmentSubgroup(neuron, int(elements[0]), int(elements[-1]) + 1, sections)
    return CompartmentSelection(neuron, elements, sections)


class CompartmentSubgroup(Sectioned, Subgroup):
    """Compartments that lie side by side, such as a branch: a group like any other, with its sections as attributes.

    ``main`` is the section at which the branch begins. Lengths are counted from the start of that section.
    """

    def __init__(self, source: Any, start: int, stop: int, sections: Sections) -> None:
        super().__init__(source, start, stop)
        self._set("_sections", sections)

    source: SpatialNeuron

    def sections(self) -> Sections:
        found: Sections = self._sections
        return found

    def neuron(self) -> SpatialNeuron:
        return self.source

    def within(self, elements: Indices) -> Indices:
        return elements[(elements >= self.start) & (elements < self.stop)]

    def __getattr__(self, name: str) -> Any:
        part = self.section_named(name) if "_sections" in self.__dict__ and name not in self.symbols else None
        return super().__getattr__(name) if part is None else part

    def indices_of(self, item: Any) -> Indices:
        if is_shape(item, self):
            return elements_of(self, item) - np.int32(self.start)
        expect_condition(item, self)
        return super().indices_of(item)

    def numbers_for(self, item: Any) -> Any:
        return numbers_from(item, self)

    def elements_at(self, item: Any) -> Indices:
        return self.indices_of(item) + np.int32(self.start)

    def __repr__(self) -> str:
        return f"<{len(self)} of the compartments of {self.source.name!r}, {self.start} to {self.stop - 1}>"


class CompartmentSelection(Sectioned, Selection):
    """Compartments that need not lie side by side: their variables can be read and set, monitors can record them, and
    `connect` takes them for ``i`` or ``j``.
    """

    elements = "compartments"

    def __init__(self, neuron: SpatialNeuron, elements: Indices, sections: Sections) -> None:
        super().__init__(neuron, elements)
        self.__dict__["_sections"] = sections

    def sections(self) -> Sections:
        found: Sections = self.__dict__["_sections"]
        return found

    def neuron(self) -> SpatialNeuron:
        return cast("SpatialNeuron", self.whole)

    def within(self, elements: Indices) -> Indices:
        return elements[np.isin(elements, self.indices)]

    def __getattr__(self, name: str) -> Any:
        known = "_sections" in self.__dict__ and name not in self.whole.symbols
        part = self.section_named(name) if known else None
        return super().__getattr__(name) if part is None else part

    def elements_at(self, item: Any) -> Indices:
        return np.intersect1d(elements_of(self, item), self.indices) if is_shape(item, self) else self._numbers(item)

    def __repr__(self) -> str:
        return f"<{len(self)} of the compartments of {self.whole.name!r}>"


# what chooses compartments


def is_shape(item: Any, of: Sectioned) -> bool:
    """Whether an index chooses by the shape: a part of the morphology, a length, the name of a section, or two of these
    for cells and compartments."""
    if isinstance(item, tuple):
        return not any(index is None or index is Ellipsis for index in item)  # those make axes of arrays
    if isinstance(item, (Tree, Part, Sectioned)) or by_length(item):
        return True
    return isinstance(item, str) and NAME.fullmatch(item) is not None and of.section_named(item) is not None


def expect_condition(item: Any, of: Sectioned) -> None:
    """Raise an error for a word that can only be the name of a section, and is none.

    Raises
    ------
    UnknownNameError
    """
    if isinstance(item, str) and NAME.fullmatch(item) and item not in of.neuron().symbols:
        raise unknown(item, of.section_names())


def numbers_from(item: Any, of: SpatialNeuron | CompartmentSubgroup) -> Any:
    """Numbers for what chooses by the shape, or for a list of such, where numbers could stand; numbers are themselves,
    also two of them."""
    if isinstance(item, list) and any(_chooses(each, of) for each in item):
        return np.concatenate([np.atleast_1d(of.indices_of(each)) for each in item])
    return of.indices_of(item) if _chooses(item, of) else item


def _chooses(item: Any, of: Sectioned) -> bool:
    if isinstance(item, (int, np.integer)):
        return False
    numbers = isinstance(item, tuple) and all(isinstance(index, (int, np.integer)) for index in item)
    return not numbers and is_shape(item, of)


def elements_of(part: Sectioned, item: Any) -> Indices:
    """The elements, within the whole population, that such an index means.

    Raises
    ------
    UserError
        There are none, or they belong to something else.
    """
    neuron = part.neuron()
    if isinstance(item, tuple):
        if len(item) != 2:
            message = f"compartments of '{neuron.name}' are chosen by [cell, compartment]"
            raise IndexRangeError(message, kind="index", found=f"{len(item)} indices")
        return part.within(_of_cells(part, *item))
    if isinstance(item, Sectioned):
        if item.neuron() is not neuron:
            raise ArgumentError(f"{item!r} is not a part of '{neuron.name}'")
        return part.within(item.within(np.arange(len(neuron), dtype=np.int32)))
    if isinstance(item, str):
        return part.within(part.section_named(item).within(np.arange(len(neuron), dtype=np.int32)))
    return part.within(np.sort(np.concatenate(list(_of_shapes(part, item)))))


def _of_shapes(part: Sectioned, item: Any) -> Iterable[Indices]:
    """For a part of the morphology or a length: the elements of all cells that have it."""
    cells = part.neuron().cells
    for shape, numbers in _compartments_of(part, item, range(len(cells.shapes))):
        yield cells.elements(shape, numbers)


def _compartments_of(part: Sectioned, item: Any, shapes: Iterable[int]) -> list[tuple[int, Indices]]:
    """Of some shapes, the compartments that an index means: a section by its name, a part of the morphology, a length
    from the start of the section where the part begins, or a number there.

    Raises
    ------
    UserError
        None of the shapes has the part of the morphology, or one has not the length or the number.
    """
    neuron, found = part.neuron(), []
    with_section = [(shape, section) for shape in shapes if (section := part.sections()[shape]) is not None]
    if isinstance(item, (Tree, Part)):
        own = [shape for shape, _ in with_section if same_shape(item, neuron.cells.shapes[shape])]
        if with_section and not own:
            raise another_shape(item, neuron.name)
        return [(shape, item.indices[:]) for shape in own]
    for shape, section in with_section:
        if isinstance(item, str):
            named = section.find(item)
            numbers = np.empty(0, np.int32) if named is None else numbers_of_section(named, whole=True)
        elif by_length(item):
            numbers = section.numbers_of(item)
        else:
            numbers = numbers_of_section(section, whole=True)
            try:
                numbers = np.atleast_1d(numbers[item])
            except IndexError:
                message = f"cells of '{neuron.name}' have no compartment {item!r}"
                where = "" if section.parent is None else f" of '{section.name}'"
                expected = f"0 to {len(numbers) - 1}{where}"
                raise IndexRangeError(message, kind="index", expected=expected) from None
        found.append((shape, numbers))
    return found


def same_shape(part: Tree | Part, shape: Tree) -> bool:
    """Whether the compartments of the tree of a part have the numbers of those of a shape."""
    theirs, own = part.compartments(), shape.compartments()
    return theirs.sections == own.sections and np.array_equal(theirs.section, own.section)


def another_shape(part: Tree | Part, name: str) -> ArgumentError:
    """The error for a part of another tree: its numbers would mean other compartments."""
    found = repr(part).partition("\n")[0]
    hint = "take the part of its own shape: neuron.morphology.axon[3]"
    return ArgumentError(f"this is not a part of the shape of '{name}'", found=found, hint=hint)


def _of_cells(part: Sectioned, which: Any, item: Any) -> Indices:
    """The elements that cells and compartments mean: compartment by compartment, cells in the order in which they are
    given, whatever their shapes."""
    neuron = part.neuron()
    cells = neuron.cells
    try:
        numbers = np.arange(len(cells), dtype=np.int32)[which]
    except IndexError:
        message = f"'{neuron.name}' has no cell {which!r}"
        raise IndexRangeError(message, kind="index", expected=f"0 to {len(cells) - 1}") from None
    if isinstance(item, Sectioned) or (isinstance(item, str) and not is_shape(item, part)):
        every = _of_cells(part, which, slice(None))
        return every[np.isin(every, neuron.indices_of(item))]
    one = np.ndim(numbers) == 0 and isinstance(item, (int, np.integer))
    numbers = np.atleast_1d(numbers)
    shape_of_cell = np.repeat(np.arange(len(cells.shapes)), cells.lanes)[numbers]
    elements, ranks, places = [np.empty(0, np.int32)], [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for shape, compartments in _compartments_of(part, item, np.unique(shape_of_cell).tolist()):
        place = np.flatnonzero(shape_of_cell == shape)
        elements.append(cells.elements(shape, compartments, numbers[place]))
        ranks.append(np.repeat(np.arange(len(compartments)), len(place)))
        places.append(np.tile(place, len(compartments)))
    found = np.concatenate(elements)[np.lexsort((np.concatenate(places), np.concatenate(ranks)))]
    return found.reshape(()) if one and len(found) == 1 else found
