"""What the Tab key offers in cells, lines of magics and behind names of objects: the words that fit, with their kind.

IPython asks a matcher; so the same words are offered in JupyterLab, Notebook, VS Code and the console.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from jupyspike.magics import words
from jupyspike.magics.attributes import attributes_at
from jupyspike.magics.cells import OPTIONS
from jupyspike.magics.defined_words import DefinedWords, defined_words
from jupyspike.magics.lines import LINE, words_in_line
from jupyspike.magics.places import CELL, Place, read_place
from jupyspike.magics.words import Word

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

IDENTIFIER = "jupyspike.cells"


def _expression(place: Place, defined: DefinedWords) -> list[Word]:
    names, functions = defined.names, [*words.function_words(), *words.constant_words()]
    units = words.unit_words(place.before) if place.before or place.after_number else []
    return [*units, *names, *functions] if place.after_number else [*names, *functions, *units]


def _argument(place: Place, defined: DefinedWords) -> list[Word]:
    return [*words.argument_words(), *_expression(place, defined)]


def _range(place: Place, defined: DefinedWords) -> list[Word]:
    return [
        Word("in", "range", "", "gives the constant a slider with these ends", "tau = 10*ms in [5*ms, 50*ms]", " ["),
        Word("step", "range", "", "the step of the slider", "tau = 10*ms in [5*ms, 50*ms] step 1*ms", " "),
    ]


_FITTING: dict[str, Callable[[Place, DefinedWords], list[Word]]] = {
    "nothing": lambda place, defined: [],
    "option": lambda place, defined: words.option_words(OPTIONS[place.magic]),
    "group": lambda place, defined: defined.groups,
    "line": lambda place, defined: words.key_words(place.magic),
    "expression": _expression,
    "statement": lambda place, defined: defined.assignable(place.key),
    "unit": lambda place, defined: words.base_unit_words(),
    "flag": lambda place, defined: words.flag_words(place.magic, place.role),
    "method": lambda place, defined: words.method_words(),
    "argument": _argument,
    "event": lambda place, defined: defined.events,
    "range": _range,
}


def fitting_at(place: Place, defined: DefinedWords) -> list[Word]:
    """The words that may be written at a place, the likeliest first."""
    return _FITTING[place.kind](place, defined)


def fitting(text: str, offset: int, names: Mapping[str, Any]) -> tuple[str, list[Word]]:
    """What stands of a word before the cursor, and the words that it may become.

    Parameters
    ----------
    text : str
        A cell, with its first line.
    offset : int
        Where the cursor is.
    names : mapping
        The notebook's namespace.
    """
    place = read_place(text, offset)
    if place is None:
        return "", []
    found = fitting_at(place, defined_words(text, offset, names))
    start = place.before
    exactly = [word for word in found if word.text.startswith(start)]
    alike = [word for word in found if word.text.lower().startswith(start.lower())] if len(start) > 1 else []
    unique: dict[str, Word] = {}
    for word in (*exactly, *alike):
        unique.setdefault(word.text + word.ending, word)
    return start, [*unique.values()]


def fitting_anywhere(text: str, offset: int, names: Mapping[str, Any]) -> tuple[str, list[Word]]:
    """As `fitting`, for any text of the notebook: in code of Python, lines of our magics and attributes are known."""
    if CELL.match(text):
        return fitting(text, offset, names)
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return words_in_line(line, names) if LINE.match(line) else attributes_at(line, names)


def _in_one_line(text: str) -> str:
    """JupyterLab would break it at blanks."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def install(shell: InteractiveShell) -> None:
    """Let the completer of a shell know the cells."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier=IDENTIFIER)  # type: ignore[untyped-decorator]  # IPython has no types here
    def matcher(context: CompletionContext) -> SimpleMatcherResult:
        lines = context.full_text.split("\n")[: context.cursor_line]
        offset = sum(len(line) + 1 for line in lines) + context.cursor_position
        start, found = fitting_anywhere(context.full_text, offset, shell.user_ns)
        completions = [SimpleCompletion(text=word.text + word.ending, type=_in_one_line(word.shown)) for word in found]
        if start and not found and CELL.match(context.full_text):  # else names of Python would be offered
            completions = [SimpleCompletion(text=start, type="")]
        return {"completions": completions, "matched_fragment": start, "suppress": True, "ordered": True}

    others = [m for m in shell.Completer.custom_matchers if getattr(m, "matcher_identifier", "") != IDENTIFIER]
    shell.Completer.custom_matchers[:] = [*others, matcher]
