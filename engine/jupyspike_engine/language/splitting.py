"""Where the text of a model may be cut: what is a comment, and which commas stand outside brackets."""

from __future__ import annotations

import re

from ..diagnostics import Span


def without_comments(source: str) -> str:
    """The text with its comments (and \\ at the end of lines) overwritten by blanks, all else in its place."""
    return re.sub(r"#[^\n]*|\\(?=\s*(?:\n|$))", lambda comment: " " * len(comment[0]), source)


def split_at_commas(span: Span) -> list[Span]:
    """The parts of a text between commas outside brackets and quotes, without the comments around them."""
    parts: list[Span] = []
    depth, start, quote = 0, span.start, ""
    for offset, char in enumerate(without_comments(span.text), span.start):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0 and not quote:
            parts.append(Span(span.source, start, offset))
            start = offset + 1
    parts.append(Span(span.source, start, span.end))
    return [_without_comments_around(part) for part in parts]


def _without_comments_around(span: Span) -> Span:
    clean = without_comments(span.text)
    start = span.start + len(clean) - len(clean.lstrip())
    return Span(span.source, start, max(start, span.start + len(clean.rstrip())))
