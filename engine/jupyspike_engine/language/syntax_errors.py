"""What is wrong with a text that is not an expression: foreign signs, or a missing operand or operator."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

from ..diagnostics import Diagnostic, EquationSyntaxError, Span
from .functions import FUNCTIONS

FOREIGN_OPERATORS = {
    "^": "powers are written with **, as in x**2",
    "&": "write 'and' for conditions that must both hold",
    "&&": "write 'and' for conditions that must both hold",
    "|": "write 'or' for conditions of which one must hold",
    "||": "write 'or' for conditions of which one must hold",
    "!": "write 'not' in front of a condition",
    "@": "a product is written with *",
    "=>": "write >=",
    "=<": "write <=",
    "<>": "write !=",
}
_TOKEN = re.compile(
    r"#[^\n]*|\.?\d(?:[eE][+-](?=\d)|[\w.])*|[^\W\d]\w*|'[^'\n]*'|\"[^\"\n]*\"|\*\*|//|&&|\|\||=>|=<|<>|[<>=!]=|\S",
    re.ASCII,
)
_SIGNS = ("+", "-", "~", "not", "!")
_WORDS = ("and", "or", "not", "in", "is", "if", "else", "True", "False", "None")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_PUNCTUATION = frozenset(
    [
        "+",
        "-",
        "*",
        "/",
        "%",
        "**",
        "//",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        "~",
        ":=",
        "=",
    ]
)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    place: Span

    @property
    def is_operand(self) -> bool:
        return (self.text[0].isalnum() or self.text[0] in "_'\".") and self.text not in (".", *_WORDS[:7])


def _tokens(span: Span) -> list[_Token]:
    found = (m for m in _TOKEN.finditer(span.text) if not m[0].startswith("#"))
    return [_Token(m[0], Span(span.source, span.start + m.start(), span.start + m.end())) for m in found]


def syntax_error(message: str, span: Span, **details: str) -> EquationSyntaxError:
    return EquationSyntaxError(Diagnostic(message, span, "syntax", **details))


def explained(span: Span) -> EquationSyntaxError:
    """The error to raise for a text that is not an expression."""
    tokens = _tokens(span)
    for check in (_foreign, _alternation):
        if (error := check(tokens)) is not None:
            return error
    return syntax_error("this is not an expression", span, found=f"'{span.text}'")


def _foreign(tokens: list[_Token]) -> EquationSyntaxError | None:
    """Signs and words that no expression has."""
    for token in tokens:
        text = token.text
        if text == "=":
            hint = "comparisons are written with =="
            return syntax_error("'=' inside an expression", token.place, hint=hint)
        if text in FOREIGN_OPERATORS:
            return syntax_error(f"'{text}' is not an operator here", token.place, hint=FOREIGN_OPERATORS[text])
        if keyword.iskeyword(text) and text not in _WORDS:
            message = f"'{text}' is a word of Python and cannot be a name"
            return syntax_error(message, token.place, hint="choose another name")
        number = re.match(r"\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+", text) if text[0] in "0123456789." else None
        if number is not None and number[0] != text and not re.fullmatch(r"0[xXoObB]\w+|[\d_.]+[jJ]?", text):
            rest = text[number.end() :]
            hint = f"a product is written with *: {number[0]}*{rest}" if rest.isidentifier() else ""
            return syntax_error(f"'{text}' is not a number", token.place, hint=hint)
        if not (token.is_operand or text in _WORDS or text in _PUNCTUATION) or text[0] in "'\"":
            return syntax_error(f"{text} does not belong into an expression", token.place)
    return None


def _alternation(tokens: list[_Token]) -> EquationSyntaxError | None:
    """The first place where an operand or an operator is missing."""
    before: _Token | None = None
    after_operand = False
    for token in tokens:
        text = token.text
        if after_operand:
            if token.is_operand:
                assert before is not None
                return _missing_operator(before, token)
            after_operand = text in _BRACKETS.values()
        elif token.is_operand:
            after_operand = True
        elif text in _BRACKETS.values():
            empty = before is not None and before.text in _BRACKETS
            if not empty:
                return _missing_operand(before, token)
            after_operand = True
        elif text not in _SIGNS and text not in _BRACKETS:
            return _missing_operand(before, token)
        before = token
    return None if after_operand else _missing_operand(before, None)


def _missing_operator(left: _Token, right: _Token) -> EquationSyntaxError:
    place = left.place.to(right.place)
    hint = (
        f"a product is written with *: {left.text}*{right.text}" if left.is_operand else "a product is written with *"
    )
    if left.text in FUNCTIONS:
        hint = f"a function is called with brackets: {left.text}({right.text})"
    return syntax_error(f"an operator is missing between '{left.text}' and '{right.text}'", place, hint=hint)


def _missing_operand(left: _Token | None, right: _Token | None) -> EquationSyntaxError | None:
    if left is not None and right is not None:
        place = left.place.to(right.place)
        return syntax_error(f"something is missing between '{left.text}' and '{right.text}'", place)
    if left is not None:
        return syntax_error(f"something is missing behind '{left.text}'", left.place)
    if right is not None:
        return syntax_error(f"something is missing in front of '{right.text}'", right.place)
    return None
