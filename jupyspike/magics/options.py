"""The first line of a cell magic, and the line of a line magic: options with their places."""

from __future__ import annotations

import argparse
import shlex
from typing import Any, NoReturn

from jupyspike_engine.diagnostics import Source, Span, nearest
from jupyspike_engine.language.syntax_errors import syntax_error

ARROW = "\N{RIGHTWARDS ARROW}"  # stands for ->, which would look like an option


class Options(argparse.ArgumentParser):
    """An argument parser that reports problems at their place in the line of a magic."""

    def __init__(self, magic: str, usage: str) -> None:
        super().__init__(prog=magic, usage=usage, add_help=False, allow_abbrev=False, exit_on_error=False)
        self.magic = magic
        self.help_text = usage
        self._line = Span(Source("", magic), 0, 0)

    def read(self, line: Span) -> argparse.Namespace:
        """Parse the options that stand in a line behind the name of the magic.

        Raises
        ------
        EquationError
            There is no such option, or its value is missing.
        """
        self._line = line
        text = line.text[len(self.magic) :]
        try:
            words = shlex.split(text.split("#")[0].replace("->", f" {ARROW} "))
        except ValueError as error:
            raise syntax_error(f"the line of {self.magic} cannot be read: {error}", line) from None
        try:
            found, rest = self.parse_known_args(words)
        except argparse.ArgumentError as error:
            raise self._refused(str(error.message), error.argument_name or "") from None
        if rest:
            options = [flag for action in self._actions for flag in action.option_strings]
            hint = nearest(rest[0], options) or f"usage: {self.help_text}"
            what = f"there is no option '{rest[0]}'" if rest[0].startswith("-") else f"'{rest[0]}' does not belong here"
            raise self._refused(what, rest[0], hint)
        return found

    def place(self, word: str) -> Span:
        """Where a word stands in the line; the whole line if it does not."""
        at = self._line.text.find(word, len(self.magic)) if word else -1
        return (
            self._line if at < 0 else Span(self._line.source, self._line.start + at, self._line.start + at + len(word))
        )

    def _refused(self, message: str, word: str, hint: str = "") -> Any:
        return syntax_error(message, self.place(word.split("/")[0]), hint=hint or f"usage: {self.help_text}")

    def error(self, message: str) -> NoReturn:
        raise self._refused(message, "")
