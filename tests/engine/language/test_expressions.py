"""Expressions: they mean what they mean in Python, every node knows its place, and mistakes are pointed at."""

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.diagnostics import EquationError, Source, Span
from jupyspike_engine.language.expressions import block, expression, parse_expression
from jupyspike_engine.language.syntax import (
    COMPARISONS,
    Assignment,
    Call,
    Name,
    Number,
    Operator,
    names,
    parts,
    substitute,
    text,
    walk,
)  # fmt: skip

NAMES = ("x", "y", "tau", "v_post", "g2")
ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**")


def parsed(written):
    return expression(written, "test")


def message(written):
    with pytest.raises(EquationError) as caught:
        parsed(written)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


numbers = st.one_of(
    st.integers(0, 10**6),
    st.floats(0, 1e9, allow_nan=False).map(abs),
    st.booleans(),
).map(Number)
leaves = st.one_of(numbers, st.sampled_from(NAMES).map(Name))


def _joined(children):
    binary = st.sampled_from((*ARITHMETIC, *COMPARISONS, "and", "or"))
    return st.one_of(
        st.builds(lambda s, a, b: Operator(s, (a, b)), binary, children, children),
        st.builds(lambda s, a: Operator(s, (a,)), st.sampled_from(("-", "not")), children),
        st.builds(lambda f, a: Call(f, tuple(a)), st.sampled_from(("exp", "clip")), st.lists(children, max_size=3)),
    )


trees = st.recursive(leaves, _joined, max_leaves=8)


@given(trees)
def test_what_is_printed_reads_back_as_the_same_tree(tree):
    again = parsed(text(tree))
    assert text(again) == text(tree)
    assert again == tree


@given(trees)
def test_the_place_of_every_node_holds_its_own_text(tree):
    source = "  " + text(tree) + " "
    for node in walk(parsed(source)):
        assert parsed(node.span.text) == node


@given(trees, st.text(alphabet="ab \n\u03c4#", max_size=20))
def test_places_count_from_the_start_of_the_whole_source(tree, before):
    written = text(tree)
    source = Source(before + written, "model")
    for node in walk(parse_expression(Span(source, len(before), len(before) + len(written)))):
        assert parsed(node.span.text) == node


def test_places_are_exact_in_wrapped_text_with_comments_and_accents():
    source = "a +  # \u00fcber\n   g*(b\n - exp(c))"
    tree = parsed(source)
    spans = {text(node): node.span for node in walk(tree)}
    assert spans["exp(c)"].text == "exp(c)"
    assert (spans["exp(c)"].line, spans["exp(c)"].column) == (3, 4)
    assert (spans["g"].line, spans["g"].column) == (2, 4)
    assert spans["exp(c)"].underlined() == [" - exp(c))", "   ^^^^^^"]


def _arithmetic(children):
    binary = st.sampled_from((*ARITHMETIC, *COMPARISONS, "and", "or"))
    return st.one_of(
        st.builds(lambda s, a, b: Operator(s, (a, b)), binary, children, children),
        st.builds(lambda s, a: Operator(s, (a,)), st.sampled_from(("-", "not")), children),
    )


COMPUTE = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge, "and": lambda a, b: a and b, "or": lambda a, b: a or b,
}  # fmt: skip


def _value(tree):
    """The value by the structure of the tree, one operation at a time."""
    if isinstance(tree, Number):
        return tree.value
    values = [_value(part) for part in parts(tree)]
    if len(values) == 1:
        return -values[0] if tree.symbol == "-" else not values[0]
    return COMPUTE[tree.symbol](*values)


@given(st.recursive(st.floats(0, 4).map(Number), _arithmetic, max_leaves=8))
def test_operators_bind_as_in_python(tree):
    try:
        expected = _value(tree)
    except (ArithmeticError, TypeError):  # no value in real numbers
        return
    assert _value(parsed(text(tree))) == expected or expected != expected
    assert eval(text(tree)) == expected or expected != expected


@pytest.mark.parametrize(
    "written",
    ["-2**2", "2**-1", "2**3**2", "-3 // 2", "-3 % 5", "1 - 2 - 3", "8/4/2", "2*3 % 4", "not 1 > 2", "1 < 2 < 3",
     "3 > 2 > 2", "1 + 2 == 3 and not 2 > 3 or 1 > 2", "- - 2", "+3", "1 - -1", "2*(3 + 4)", "1 or 2 and 0"],
)  # fmt: skip
def test_the_value_is_that_of_python(written):
    assert _value(parsed(written)) == eval(written)


def test_chained_comparisons_hold_all_together():
    assert parsed("0 < x <= 1") == parsed("0 < x and x <= 1")


def test_numbers_keep_their_type():
    assert [type(parsed(t).value) for t in ("3", "3.0", "3e0", "True")] == [int, float, float, bool]
    assert math.isclose(parsed("1e-3").value, 0.001)


def test_names_are_those_of_variables_not_of_functions():
    assert names(parsed("exp(x/tau) + rand()")) == {"x", "tau"}


def test_substitution_keeps_precedence():
    assert text(substitute(parsed("a*b"), {"b": parsed("x + y")})) == "a*(x + y)"


@pytest.mark.parametrize(
    ("written", "said", "place"),
    [
        ("", "an expression is missing", ""),
        ("v +", "something is missing behind '+'", "+"),
        ("(v * )", "something is missing between '*' and ')'", "* )"),
        ("/ v", "something is missing in front of '/'", "/"),
        ("(v + w", "the bracket '(' is never closed", "("),
        ("v + w)", "')' closes a bracket that was never opened", ")"),
        ("f(v]", "']' closes the bracket '('", "]"),
        ("v ^ 2", "'^' is not an operator here", "^"),
        ("a & b", "'&' is not an operator here", "&"),
        ("a | b", "'|' is not an operator here", "|"),
        ("!a", "'!' is not an operator here", "!"),
        ("v = 3", "'=' inside an expression", "="),
        ("v[0]", "indexing is not part of the language", "v[0]"),
        ("G.v", "attributes are not part of the language", "G.v"),
        ("1 if a else 2", "'if ... else' is not part of the language", "1 if a else 2"),
        ("1,5", "a comma does not belong here", "1,5"),
        ("exp(x=1)", "keyword arguments are not part of the language", "exp(x=1)"),
        ("a < b in c", "this is not part of the language of expressions", "a < b in c"),
        ("'text'", "this is not a number", "'text'"),
        ("2 v", "an operator is missing between '2' and 'v'", "2 v"),
        ("10ms", "'10ms' is not a number", "10ms"),
        ("2(v)", "an operator is missing between two brackets, or between a number and a bracket", "2(v)"),
        ("lambda*v", "'lambda' is a word of Python and cannot be a name", "lambda"),
        ("v => w", "'=>' is not an operator here", "=>"),
        ("$v", "$ does not belong into an expression", "$"),
        ("()", "there is nothing between the brackets", "()"),
        ("1" + 30*"0", "the number is too large", "1" + 30*"0"),
    ],
)  # fmt: skip
def test_what_is_not_part_of_the_language_is_pointed_at(written, said, place):
    diagnostic = message(written)
    assert diagnostic.message == said
    assert diagnostic.span.text == place
    assert diagnostic.kind == "syntax"


def test_the_powers_of_other_languages_are_explained():
    assert message("v ^ 2").hint == "powers are written with **, as in x**2"


def test_statements_stand_in_lines_or_between_semicolons():
    statements = block("v = 0; w += 2*v  # jump; not a statement\n\nx **= (1 +\n 2)", "test")
    assert statements == (
        Assignment("v", "=", Number(0)),
        Assignment("w", "+=", parsed("2*v")),
        Assignment("x", "**=", parsed("1 + 2")),
    )
    assert [s.span.text for s in statements] == ["v = 0", "w += 2*v", "x **= (1 +\n 2)"]
    assert [s.target_span.text for s in statements] == ["v", "w", "x"]


def test_all_wrong_statements_are_reported_together():
    with pytest.raises(EquationError) as caught:
        block("v == 0\nw = 1\nx += \ng(", "reset of exc")
    first, *others = caught.value.diagnostics
    assert first.message == "the bracket '(' is never closed" and not others
    with pytest.raises(EquationError) as caught:
        block("v == 0\nw = 1\nx += ", "reset of exc")
    first, second = caught.value.diagnostics
    assert (first.message, first.span.line, first.hint) == (
        "this is not a statement", 1, "an assignment is written with a single ="
    )  # fmt: skip
    assert (second.message, second.span.line) == ("an expression is missing", 3)
