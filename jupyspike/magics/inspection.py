"""What a word of a cell means: for Shift-Tab and contextual help, and for a line ``word?`` in a cell that is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from jupyspike.magics import words
from jupyspike.magics.cards import Card
from jupyspike.magics.cells import OPTIONS
from jupyspike.magics.completion import fitting_at
from jupyspike.magics.defined_words import DefinedWords, defined_words
from jupyspike.magics.places import CELL, read_place
from jupyspike.magics.words import Word
from jupyspike_engine.units import ALL_UNITS

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_QUESTION = re.compile(r"^[ \t]*(--?[A-Za-z]+|[^\W\d]\w*)[ \t]*\?[ \t]*$", re.MULTILINE)
_RATE = re.compile(r"d(\w+)(?=\s*/\s*dt\b)")


def help_card(word: Word) -> Card:
    """A word with its kind, unit, meaning and an example."""
    lines = [f"{word.text}: {word.shown}", *([word.about] if word.about else [])]
    html = f"<b>{escape(word.text)}</b>: {escape(word.shown)}"
    html += f"<br>{escape(word.about)}" if word.about else ""
    if word.example:
        lines.append(f"example: {word.example}")
        html += f"<br><small>example</small> <code>{escape(word.example)}</code>"
    return Card(html, "\n    ".join(lines))


def word_at(text: str, offset: int, names: Mapping[str, Any]) -> Word | None:
    """What the word at the cursor of a cell means; None where it is no word of the cell's language."""
    place = read_place(text, offset)
    if place is None or not place.word:
        return None
    defined = defined_words(text, offset, names)
    rate = _RATE.match(text, offset - len(place.before))
    name = rate[1] if rate else place.word
    return _named(name, [*fitting_at(place, defined), *_all(place.magic, defined)])


def asked(line: str, body: str, magic: str, names: Mapping[str, Any]) -> list[Card]:
    """The answers to the lines ``word?`` of a cell."""
    questions = _QUESTION.findall(body)
    if not questions:
        return []
    text = f"{magic} {line}\n{_QUESTION.sub('', body)}"
    known = _all(magic, defined_words(text, len(text), names))
    return [help_card(_named(name, known) or Word(name, "not known here")) for name in questions]


def _all(magic: str, defined: DefinedWords) -> list[Word]:
    """All words of a cell; the first of a name is what is asked for."""
    return [
        *words.key_words(magic), *defined.names, *words.function_words(), *words.constant_words(),
        *words.flag_words(magic), *words.method_words(), *words.argument_words(), *words.base_unit_words(),
        *words.option_words(OPTIONS[magic]), *defined.groups, *defined.events,
    ]  # fmt: skip


def _named(name: str, known: list[Word]) -> Word | None:
    found = next((word for word in known if word.text == name), None)
    return words.unit_word(name) if found is None and name in ALL_UNITS else found


class Inspect:
    """Answers what a kernel is asked about a place in a cell, and leaves other code to the kernel."""

    def __init__(self, shell: InteractiveShell, usual: Callable[..., Any]) -> None:
        self.shell, self.usual = shell, usual

    def __call__(self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Any = ()) -> Any:
        word = word_at(code, cursor_pos, self.shell.user_ns) if CELL.match(code) else None
        if word is None:
            return self.usual(code, cursor_pos, detail_level, omit_sections)
        card = help_card(word)
        data = {"text/plain": card.text, "text/html": card.html}
        return {"status": "ok", "found": True, "data": data, "metadata": {}}


def install(shell: InteractiveShell) -> None:
    """Let the kernel of a shell know the cells; it has no hook for that, so its method is replaced by ours."""
    kernel = getattr(shell, "kernel", None)
    if kernel is not None:
        usual = kernel.do_inspect
        kernel.do_inspect = Inspect(shell, usual.usual if isinstance(usual, Inspect) else usual)
