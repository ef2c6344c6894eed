"""From text to syntax trees, by way of Python's own parser, so that expressions mean what they mean in Python.

The text is parsed where it stands in the user's source: every node keeps its exact place.
"""

from __future__ import annotations

import ast
import re
import warnings

from ..diagnostics import EquationError, Problems, Source, Span, UserError
from .syntax import LARGEST_INTEGER, Assignment, Block, Call, Expression, Name, Number, Operator
from .syntax_errors import FOREIGN_OPERATORS, explained, syntax_error

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ASSIGNED = re.compile(r"(?P<left>[\w.*/+ -]+)(?P<sign>=)(?!=)\s*(?P<right>[^=<>\s][^=<>]*)\Z")
_STATEMENT = re.compile(r"\s*([A-Za-z_]\w*)\s*(=(?!=)|(?:\*\*|//|[-+*/%])=)")


def trimmed(span: Span) -> Span:
    """The span without white space at either end."""
    text = span.text
    start = span.start + len(text) - len(text.lstrip())
    return Span(span.source, start, max(start, span.end - (len(text) - len(text.rstrip()))))


def with_brackets(span: Span, within: Span) -> Span:
    """The span and the brackets directly around it."""
    before, after = (Span(span.source, *ends).text for ends in ((within.start, span.start), (span.end, within.end)))
    if not (before.rstrip().endswith("(") and after.lstrip().startswith(")")):
        return span
    wider = Span(span.source, within.start + before.rindex("("), span.end + after.index(")") + 1)
    return with_brackets(wider, within)


def check_brackets(span: Span) -> None:
    """Raise an error at the first bracket without its partner."""
    pairs = {")": "(", "]": "[", "}": "{"}
    open_ones: list[tuple[str, int]] = []
    comment = False
    for offset, char in enumerate(span.text, span.start):
        comment = char == "#" or (comment and char != "\n")
        if comment:
            continue
        if char in "([{":
            open_ones.append((char, offset))
        elif char in pairs:
            here = Span(span.source, offset, offset + 1)
            if not open_ones:
                raise syntax_error(f"'{char}' closes a bracket that was never opened", here, hint="remove it")
            opener, _ = open_ones.pop()
            if opener != pairs[char]:
                raise syntax_error(
                    f"'{char}' closes the bracket '{opener}'", here, expected=f"the partner of '{opener}'"
                )
    if open_ones:
        opener, offset = open_ones[-1]
        raise syntax_error(f"the bracket '{opener}' is never closed", Span(span.source, offset, offset + 1))


def parse_expression(span: Span) -> Expression:
    """Parse the text of a span.

    Raises
    ------
    EquationError
        With the place of what is not an expression of the language.
    """
    span = trimmed(span)
    if not span.text:
        raise syntax_error("an expression is missing", span, expected="an expression")
    check_brackets(span)
    source = re.sub(r"[^\S\n]", " ", span.text)  # of blanks, Python's parser only knows some
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python's parser, about what would not be good style in a program
            tree = ast.parse("(" + source + "\n)", mode="eval").body
    except (SyntaxError, ValueError):
        raise explained(span) from None
    except (RecursionError, MemoryError):
        raise syntax_error("the expression is too long or its brackets are nested too deeply", span) from None
    return _Converter(span, source).convert(tree)


def parse_condition(span: Span) -> Expression:
    """Parse the text of what a variable must exceed or be; a single ``=`` is no comparison."""
    whole = trimmed(span)
    if match := _ASSIGNED.match(whole.text):
        place = Span(whole.source, whole.start + match.start("sign"), whole.start + match.end("sign"))
        hint = f"a comparison: {match['left'].strip()} > {match['right']}"
        raise syntax_error("'=' inside a condition", place, hint=hint)
    return parse_expression(span)


class _Converter:
    """Turns Python's tree of one span into ours."""

    def __init__(self, span: Span, source: str) -> None:
        self.span = span
        self.lines = source.split("\n")

    def offset(self, line: int, column: int) -> int:
        """Offset in the source of Python's line (from 1) and column (UTF-8 bytes); the bracket we add shifts line 1."""
        before = sum(len(text) + 1 for text in self.lines[: line - 1])
        column -= line == 1
        if line <= len(self.lines):
            column = len(self.lines[line - 1].encode()[: max(0, column)].decode(errors="ignore"))
        return self.span.start + before + column

    def place(self, node: ast.expr) -> Span:
        assert node.end_lineno is not None and node.end_col_offset is not None
        start, end = (self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset))
        return Span(self.span.source, max(start, self.span.start), min(end, self.span.end))

    def convert(self, node: ast.expr) -> Expression:
        place = self.place(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
            if abs(node.value) > LARGEST_INTEGER and isinstance(node.value, int):
                raise syntax_error("the number is too large", place, hint="write it with a decimal point, as in 1.0e20")
            return Number(node.value, place)
        if isinstance(node, ast.Name):
            return Name(node.id, place)
        if isinstance(node, ast.UnaryOp):
            operand = self.convert(node.operand)
            if isinstance(node.op, ast.UAdd):
                return operand
            if isinstance(node.op, (ast.USub, ast.Not)):
                return Operator("-" if isinstance(node.op, ast.USub) else "not", (operand,), place)
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            return Operator(_BINARY[type(node.op)], (self.convert(node.left), self.convert(node.right)), place)
        if isinstance(node, ast.BoolOp):
            return self._joined("and" if isinstance(node.op, ast.And) else "or", [self.convert(v) for v in node.values])
        if isinstance(node, ast.Compare):
            return self._compared(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            if node.func.id.startswith("_"):
                reason = "names with a leading underscore belong to the simulator"
                raise syntax_error(f"'{node.func.id}' cannot be called: {reason}", self.place(node.func))
            return Call(node.func.id, tuple(self.convert(a) for a in node.args), place)
        raise self._refused(node, place)

    def _joined(self, symbol: str, operands: list[Expression]) -> Expression:
        result = operands[0]
        for operand in operands[1:]:
            result = Operator(symbol, (result, operand), self._between(result, operand))
        return result

    def _between(self, left: Expression, right: Expression) -> Span:
        """The text from one operand to another, with the brackets around each."""
        assert left.span and right.span
        return with_brackets(left.span, self.span).to(with_brackets(right.span, self.span))

    def _compared(self, node: ast.Compare) -> Expression:
        sides = [self.convert(side) for side in (node.left, *node.comparators)]
        comparisons: list[Expression] = []
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if type(operator) not in _COMPARE:
                raise self._refused(node, self.place(node))
            comparisons.append(Operator(_COMPARE[type(operator)], (left, right), self._between(left, right)))
        return self._joined("and", comparisons)

    def _refused(self, node: ast.expr, place: Span) -> UserError:
        if isinstance(node, ast.BinOp):
            return self._operator_refused(node)
        if isinstance(node, ast.Call) and not isinstance(node.func, (ast.Name, ast.Attribute)):
            message = "an operator is missing between two brackets, or between a number and a bracket"
            return syntax_error(message, place, found=f"'{place.text}'", hint="a product is written with *")
        if isinstance(node, ast.Tuple) and not node.elts:
            return syntax_error("there is nothing between the brackets", place)
        reasons: dict[type[ast.expr], tuple[str, str]] = {
            ast.Subscript: ("indexing is not part of the language", "a variable means the value of this very element"),
            ast.Attribute: (
                "attributes are not part of the language",
                "use a name of the notebook or a group's namespace",
            ),
            ast.IfExp: ("'if ... else' is not part of the language", "multiply by int(condition)"),
            ast.Tuple: ("a comma does not belong here", "a decimal point is written '.'"),
            ast.Call: ("keyword arguments are not part of the language", "give the arguments in their order"),
            ast.Constant: ("this is not a number", "expressions are made of real numbers and names"),
        }
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return self._refused(node.func, self.place(node.func))
        message, hint = reasons.get(type(node), ("this is not part of the language of expressions", ""))
        return syntax_error(message, place, found=f"'{place.text}'", hint=hint)

    def _operator_refused(self, node: ast.BinOp) -> UserError:
        signs = {ast.BitXor: "^", ast.BitAnd: "&", ast.BitOr: "|", ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>"}
        sign = signs[type(node.op)]
        left, right = self.place(node.left), self.place(node.right)
        at = self.span.source.text.find(sign, left.end, right.start)
        place = left.to(right) if at < 0 else Span(self.span.source, at, at + len(sign))
        return syntax_error(f"'{sign}' is not an operator here", place, hint=FOREIGN_OPERATORS.get(sign, ""))


def parse_block(span: Span) -> Block:
    """Parse statements, one a line or separated by semicolons.

    Raises
    ------
    EquationError
        With every statement that cannot be understood.
    """
    problems = Problems()
    statements: list[Assignment] = []
    check_brackets(span)
    for piece in _statement_spans(span):
        match = _STATEMENT.match(piece.text)
        if match is None:
            hint = "an assignment such as v = v_reset or g += w"
            equality = "==" in piece.text and "=" not in piece.text.replace("==", "")
            problems.add(
                "this is not a statement", trimmed(piece), "syntax",
                expected=hint, hint="an assignment is written with a single =" if equality else "",
            )  # fmt: skip
            continue
        target = Span(piece.source, piece.start + match.start(1), piece.start + match.end(1))
        try:
            value = parse_expression(Span(piece.source, piece.start + match.end(), piece.end))
        except EquationError as error:
            problems.extend(error)
            continue
        statements.append(Assignment(match[1], match[2], value, trimmed(piece), target))
    problems.raise_if_any()
    return tuple(statements)


def _statement_spans(span: Span) -> list[Span]:
    """The stretches of text between line ends (outside brackets) and semicolons, without comments."""
    pieces: list[Span] = []
    depth, start, comment = 0, span.start, False
    for offset, char in enumerate(span.text + "\n", span.start):
        depth += (char in "([{") - (char in ")]}") if not comment else 0
        if comment and char != "\n":
            continue
        ends = (char in "\n;" and depth <= 0) or char == "#"
        if ends:
            if not comment:
                pieces.append(Span(span.source, start, offset))
            comment = char == "#"
            start = offset + 1
    return [piece for piece in pieces if piece.text.strip()]


def expression(text: str, title: str) -> Expression:
    """Parse a text that stands alone, named ``title`` in messages."""
    source = Source(text, title)
    return parse_expression(Span(source, 0, len(text)))


def block(text: str, title: str) -> Block:
    """Parse statements that stand alone, named ``title`` in messages."""
    source = Source(text, title)
    return parse_block(Span(source, 0, len(text)))
