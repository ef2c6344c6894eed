"""The words that a cell itself, the groups that it joins and the notebook define, as far as the cell is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from jupyspike.magics.cards import elements_text
from jupyspike.magics.cells import OPTIONS
from jupyspike.magics.connect import ends_of
from jupyspike.magics.constants import read_constants
from jupyspike.magics.grammar import Cell, read_cell
from jupyspike.magics.places import CELL
from jupyspike.magics.words import NOISE, Word, symbol_words, value_word
from jupyspike_engine.diagnostics import Problems
from jupyspike_engine.language.lines import START
from jupyspike_engine.language.scope import LANGUAGE, Symbol, neuron_symbols, synapse_symbols
from jupyspike_engine.objects.neurongroup import AnyGroup, NeuronGroup
from jupyspike_engine.objects.own_constants import is_constant
from jupyspike_engine.objects.subgroup import Subgroup

Names = Mapping[str, Any]


@dataclass(frozen=True)
class DefinedWords:
    """What names in a cell mean.

    Attributes
    ----------
    symbols : dict of Symbol
        Variables, and what the simulator defines in their model.
    unfinished : list of Word
        The variable of the equation that is being written.
    constants, notebook : list of Word
        The constants of the cell, and those of the notebook.
    groups, events : list of Word
        The groups of the notebook, and the events of the one where the synapses begin.
    """

    symbols: dict[str, Symbol]
    unfinished: list[Word]
    constants: list[Word]
    notebook: list[Word]
    groups: list[Word]
    events: list[Word]

    @property
    def _own(self) -> dict[str, Symbol]:
        return {name: s for name, s in self.symbols.items() if s.side == "own" and s.definition is not None}

    def assignable(self, key: str) -> list[Word]:
        """The variables that the statements of a reserved key may change, those of the cell first."""
        symbols = self._own if key == "initial" else self._own | self.symbols
        return symbol_words({name: symbol for name, symbol in symbols.items() if symbol.writable})

    @property
    def names(self) -> list[Word]:
        """All that may stand in an expression, what the cell defines first."""
        others = {name: symbol for name, symbol in self.symbols.items() if name not in self._own}
        own, last = symbol_words(self._own), symbol_words(others)
        return [*self.unfinished, *own, *self.constants, *last, NOISE, *self.notebook]


def defined_words(text: str, offset: int, names: Names) -> DefinedWords:
    """The words of a cell whose text may be unfinished where the cursor stands; ``names`` are those of the notebook."""
    whole, without_line = _read(text), _read(_without_line(text, offset))
    cells = [cell for cell in (whole, without_line) if cell is not None]
    ends = next((ends for cell in cells if len(ends := ends_of(cell, names)) == 2), [])
    symbols: dict[str, Symbol] = {}
    of_cell: dict[str, Word] = {}
    for cell in cells:
        symbols |= _symbols(cell, [group for _, group in ends])
        of_cell |= _constants(cell, names)
    equation = START.match(_line(text, offset))
    began = equation and equation["x"]
    unfinished = [Word(began, "variable", "", "its equation is not finished")] if began and began not in symbols else []
    of_notebook = [value_word(name, names[name]) for name in _notebook_constants(names) if name not in of_cell]
    groups = [_group(name, value) for name, value in names.items() if _is_group(name, value)]
    return DefinedWords(symbols, unfinished, [*of_cell.values()], of_notebook, groups, _events(ends))


def _notebook_constants(names: Names) -> list[str]:
    """Names of numbers, without those that a star import of jupyspike brings."""
    own = _names_of_jupyspike()
    known = [name for name in names if is_constant(name, names) and not name.startswith("_")]
    return [name for name in known if name not in LANGUAGE and own.get(name) is not names[name]]


@cache
def _names_of_jupyspike() -> Names:
    import jupyspike

    return {name: getattr(jupyspike, name) for name in jupyspike.__all__}


def _read(text: str) -> Cell | None:
    cell = CELL.match(text)
    return read_cell(cell["line"].strip(), text[cell.end() :], OPTIONS[cell["magic"]]) if cell else None


def _without_line(text: str, offset: int) -> str:
    """The text without the line of the cursor, unless that is the first one."""
    start, end = text.rfind("\n", 0, offset) + 1, (text + "\n").find("\n", offset)
    return text[:start] + text[end:] if start else text


def _line(text: str, offset: int) -> str:
    return text[text.rfind("\n", 0, offset) + 1 : offset]


def _symbols(cell: Cell, ends: list[AnyGroup]) -> dict[str, Symbol]:
    if len(ends) == 2:
        return synapse_symbols(cell.definitions, ends[0].symbols, ends[1].symbols)
    refractory = "refractory" in cell.keys
    return neuron_symbols(cell.definitions, refractory)


def _constants(cell: Cell, names: Names) -> dict[str, Word]:
    found = read_constants(cell, names, Problems())
    words = {name: value_word(name, value, "constant of this cell") for name, value in found.values.items()}
    for name, bounds in found.ranges.items():
        about = f"{words[name].about}, slider from {bounds.low:g} to {bounds.high:g}"
        words[name] = replace(words[name], about=about)
    return words


def _is_group(name: str, value: Any) -> bool:
    return isinstance(value, (NeuronGroup, Subgroup)) and not name.startswith("_")


def _group(name: str, group: AnyGroup) -> Word:
    return Word(name, "group", elements_text(group), f"variables: {', '.join(group.equations)}")


def _events(ends: list[tuple[str, AnyGroup]]) -> list[Word]:
    return [Word(event, "event", "", f"of {name}") for name, group in ends[:1] for event in group.events]
