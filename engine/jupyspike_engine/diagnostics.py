"""What is said to the user when something is wrong, and where in their text it is.

A user's error (`UserError` and its kinds) carries diagnostics that point into the text the user wrote; a notebook
shows them without a traceback. `InternalError` is for our own mistakes and asks for a report.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Source:
    """A text the user wrote and what to call it in a message, such as ``%%neurons exc`` or ``equations of exc``."""

    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Span:
    """The characters ``start`` to ``end`` (exclusive) of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line of the first character, counted from 1."""
        return self.source.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """Column of the first character, counted from 1."""
        return self.start - (self.source.text.rfind("\n", 0, self.start) + 1) + 1

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The stretch from the start of this span to the end of another one."""
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))

    def underlined(self) -> list[str]:
        """The lines of the span and, under each, carets; comments are not underlined."""
        text, begin = self.source.text, self.source.text.rfind("\n", 0, self.start) + 1
        shown: list[str] = []
        while begin <= self.start or begin < self.end:
            stop = text.find("\n", begin)
            line = text[begin : stop if stop >= 0 else None]
            first = max(self.start - begin, len(line) - len(line.lstrip()) if begin > self.start else 0)
            width = min(self.end - begin, len(line.split("#")[0].rstrip())) - first
            if width > 0 or begin <= self.start:
                indent = "".join("\t" if c == "\t" else " " for c in line[:first])
                shown += [line, indent + "^" * max(1, width)]
            begin += len(line) + 1
        return shown


_LONGEST, _MOST_LINES = 240, 8  # characters of a line and lines that a person would read


def shortened(text: str) -> str:
    """A text with its beginning and its end, if it is longer than a person would read.

    >>> len(shortened(repr(list(range(1000)))))
    153
    """
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        lines = [*lines[:4], "\N{HORIZONTAL ELLIPSIS}", *lines[-3:]]
    return "\n".join(map(_shortened_line, lines))


def _shortened_line(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:100]} \N{HORIZONTAL ELLIPSIS} {line[-50:]}"


Kind = Literal["syntax", "name", "meaning", "unit", "value", "index", "type", "method", "build", "unavailable"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: what it is, where, what was found, what was expected and what to do about it.

    What was found may be the text of any object, however large: it is shown shortened, but not what a compiler says.
    """

    message: str
    span: Span | None = None
    kind: Kind = "value"
    found: str = ""
    expected: str = ""
    hint: str = ""

    def render(self) -> str:
        lines, message = [], "\n".join(map(_shortened_line, self.message.splitlines()))
        if self.span is None:
            lines.append(message)
        else:
            lines.append(f"{self.span.source.title}, line {self.span.line}, column {self.span.column}: {message}")
            lines += ["    " + line for line in self.span.underlined()]
        found = self.found if self.kind == "build" else shortened(self.found)
        for label, text in (("found", found), ("expected", self.expected), ("try", self.hint)):
            if text:
                first, *rest = text.splitlines()
                lines.append(f"    {label}: {first}")
                lines += [" " * (len(label) + 6) + line for line in rest]
        return "\n".join(lines)


class UserError(Exception):
    """Something in the user's text or arguments is wrong; shown in a notebook without a traceback.

    Parameters
    ----------
    problems : str, Diagnostic or iterable of Diagnostic
        What is wrong; a string is a problem without a place.
    """

    def __init__(self, problems: str | Diagnostic | Iterable[Diagnostic], **details: str) -> None:
        if isinstance(problems, str):
            problems = Diagnostic(problems, **details)  # type: ignore[arg-type]  # details are the fields' texts
        self.diagnostics = (problems,) if isinstance(problems, Diagnostic) else tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        return "\n".join(diagnostic.render() for diagnostic in self.diagnostics)

    def _render_traceback_(self, *args: object, **kwargs: object) -> list[str]:
        """What IPython shows in place of a traceback."""
        return f"{type(self).__name__}: {self}".splitlines()


class EquationError(UserError, ValueError):
    """The text of a model cannot be understood: syntax, names, methods."""


class EquationSyntaxError(EquationError, SyntaxError):
    """The text of a model is not a text of its language."""

    def __init__(self, problems: str | Diagnostic | Iterable[Diagnostic], **details: str) -> None:
        super().__init__(problems, **details)
        self.msg = str(self)  # what Python shows of a SyntaxError


class UnsupportedEquationsException(EquationError):  # the name that scripts catch
    """A method of integration cannot be used for some equations."""


class UnresolvedNameError(EquationError, KeyError):
    """The text of a model uses a name that stands for nothing, or for something else."""

    __str__ = UserError.__str__


class IntegrationError(UserError):
    """A method that chooses its own steps could not keep the error within its bounds."""


class DimensionMismatchError(UserError):
    """Quantities with different physical dimensions meet where they must agree."""


class ArgumentError(UserError, ValueError):
    """An argument has a value that makes no sense."""


class ArgumentTypeError(ArgumentError, TypeError):
    """An argument is of the wrong kind."""


class EquationTypeError(EquationSyntaxError, ArgumentTypeError):
    """A value in the text of a model is of the wrong kind, such as a condition that is to be added."""


class DimensionTypeError(DimensionMismatchError, ArgumentTypeError):
    """A value has another unit than the one kind of value that can stand here."""


class ReadOnlyError(ArgumentTypeError, AttributeError):
    """Something is set that can only be read."""


class IndexRangeError(ArgumentError, IndexError):
    """An index points outside what it indexes."""


class IndexTypeError(IndexRangeError, ArgumentTypeError):
    """An index is not of a kind that can choose elements."""


class UnknownNameError(ArgumentError, KeyError, AttributeError):
    """A name is used that nobody defined."""

    __str__ = UserError.__str__


class NotAvailableError(ArgumentError, NotImplementedError):
    """What is asked for is not available here."""


class MissingFileError(ArgumentError, FileNotFoundError):
    """A file that is to be read does not exist or cannot be read."""


class MagicError(UserError):
    """It is not clear which objects ``run()`` should simulate."""


class BuildError(UserError):
    """The compiler is missing or refused the generated program."""


class MissingPackageError(UserError, ImportError):
    """A package that something optional needs is not installed."""

    __str__ = UserError.__str__


class InternalError(Exception):
    """A mistake in jupyspike itself, not in the user's model."""

    def __str__(self) -> str:
        return f"{super().__str__()}\nThis is a bug in jupyspike, not in your model. Please report it with the model."


_KINDS: dict[str, type[UserError]] = {
    "syntax": EquationSyntaxError,
    "name": UnresolvedNameError,
    "meaning": UnresolvedNameError,  # the name is known but stands for nothing that can be used
    "unit": DimensionMismatchError,
    "index": IndexRangeError,
    "type": EquationTypeError,
    "unavailable": NotAvailableError,
    "build": BuildError,
}


class Problems:
    """Collects the problems of one text so that they are reported together."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def add(self, message: str, span: Span | None, kind: Kind = "syntax", **details: str) -> None:
        diagnostic = Diagnostic(message, span, kind, **details)
        if diagnostic not in self.found:
            self.found.append(diagnostic)

    def extend(self, error: UserError) -> None:
        self.found += [d for d in error.diagnostics if d not in self.found]

    @contextmanager
    def collecting(self, place: Span | None = None) -> Iterator[None]:
        """Within this, problems that are raised are added, and what raised them is left.

        Those without a place get the given one.
        """
        try:
            yield
        except UserError as error:
            placed = [d if d.span else replace(d, span=place) for d in error.diagnostics]
            self.found += [d for d in placed if d not in self.found]

    def __bool__(self) -> bool:
        return bool(self.found)

    def raise_if_any(self) -> None:
        """Raise all problems as one error, text by text and in their order.

        Its class is the one they have in common; what is not a text of the language comes before what it means.
        """
        if not self.found:
            return
        texts = list(dict.fromkeys(d.span.source for d in self.found if d.span))
        self.found.sort(key=lambda d: (texts.index(d.span.source), d.span.start) if d.span else (-1, 0))
        classes = {_KINDS.get(d.kind, EquationError) for d in self.found}
        mixed = EquationSyntaxError if EquationSyntaxError in classes else EquationError
        raise (classes.pop() if len(classes) == 1 else mixed)(self.found)


def nearest(name: str, candidates: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the candidate most like ``name``, or one of its words, or nothing."""
    found = likest(name, candidates)
    return f"did you mean '{found}'?" if found else ""


def likest(name: str, candidates: Iterable[str]) -> str:
    """The candidate most like ``name``, or one of its words, or nothing."""
    options = list(candidates)
    close = difflib.get_close_matches(name, options, n=1, cutoff=0.6)
    if not close:
        folded = {option.lower(): option for option in options}
        words = {word: option for option in options for word in option.split("_") if len(word) > 2}
        close = [known[name.lower()] for known in (folded, words) if name.lower() in known]
    return close[0] if close else ""
