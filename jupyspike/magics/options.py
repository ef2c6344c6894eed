"""The first line of a cell magic, and the line of a line magic: options with their places."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

from jupyspike_engine.diagnostics import Span, likest
from jupyspike_engine.language.syntax_errors import syntax_error

# Stand for -> and for the sign of a number, which would look like options.
ARROW = "\N{RIGHTWARDS ARROW}"
MINUS = "\N{MINUS SIGN}"
_WORD = re.compile(r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<arrow>->)|(?P<plain>(?:(?!->)[^\s\"'])+)|\S")
_JOINED = re.compile(r"(?P<option>--\w+(?==)|-\w(?=\d))=?(?P<value>.+)")
_NEGATIVE = re.compile(r"-(?=[\d.(])")


class Word(str):
    """A word of a line, with its place."""

    place: Span

    @classmethod
    def at(cls, text: str, place: Span) -> Word:
        word = cls(text)
        word.place = place
        return word


class Options(argparse.ArgumentParser):
    """An argument parser that reports problems at their place in the line of a magic."""

    def __init__(self, magic: str, usage: str) -> None:
        super().__init__(prog=magic, usage=usage, add_help=False, allow_abbrev=False, exit_on_error=False)
        self.magic = magic
        self.help_text = usage

    def read(self, line: Span, apart: Span | None = None) -> argparse.Namespace:
        """Parse the options that stand in a line behind the name of the magic; their values are of type `Word`.

        What stands ``apart`` has another grammar and is left out.

        Raises
        ------
        EquationError
            There is no such option, it is given twice, or its value is missing.
        """
        words = self._words(line, apart)
        self._check_twice(words)
        try:
            found, rest = self.parse_known_args(words)
        except argparse.ArgumentError as error:
            names = (error.argument_name or "").split("/")
            word = next((word for word in words if word in names), None)
            message = f"the value of '{word}' is missing" if word else str(error.message)
            raise syntax_error(message, word.place if word else line, hint=f"usage: {self.help_text}") from None
        if rest:
            word = rest[0] if isinstance(rest[0], Word) else Word.at(rest[0], line)
            usual = {flag: action.option_strings[0] for action in self._actions for flag in action.option_strings}
            meant = likest(word, usual) if word.startswith("-") else ""
            hint = f"did you mean '{usual[meant]}'?" if meant else ""
            written = word.place.text
            what = f"there is no option '{written}'" if word.startswith("-") else f"'{written}' does not belong here"
            raise syntax_error(what, word.place, hint=hint or f"usage: {self.help_text}")
        return found

    def _words(self, line: Span, apart: Span | None) -> list[Word]:
        """The words behind the name of the magic, up to a comment."""
        text = line.text
        if apart is not None:
            start, end = apart.start - line.start, apart.end - line.start
            text = text[:start] + " " * (end - start) + text[end:]
        text = text.split("#")[0]
        words = []
        for match in _WORD.finditer(text, len(self.magic)):
            kind = match.lastgroup or 0
            joined = _JOINED.match(match[0])
            parts = [match.span(kind)] if joined is None else [joined.span("option"), joined.span("value")]
            offset = 0 if joined is None else match.start()
            for start, end in parts:
                place = Span(line.source, line.start + offset + start, line.start + offset + end)
                words.append(Word.at(ARROW if kind == "arrow" else _NEGATIVE.sub(MINUS, place.text), place))
        return words

    def _check_twice(self, words: list[Word]) -> None:
        for action in self._actions:
            given = [word for word in words if word in action.option_strings]
            if len(given) > 1:
                raise syntax_error(f"'{given[1]}' is given twice", given[1].place)

    def error(self, message: str) -> NoReturn:
        raise argparse.ArgumentError(None, message)
