"""Texts that name the other end of connections: what they are made of, and where a mistake is."""

import pytest

from jupyspike_engine.diagnostics import EquationError
from jupyspike_engine.language.expressions import expression
from jupyspike_engine.language.generators import read_generator


def tree(text):
    return expression(text, "expected")


@pytest.mark.parametrize(
    ("text", "value", "condition"),
    [
        ("i", "i", None),
        ("i + 1 if i % 2 == 0", "i + 1", "i % 2 == 0"),
        ("(i\n + 1)  # the next\n if x_pre > 1", "i + 1", "x_pre > 1"),
        ("fortune*information", "fortune*information", None),  # words within names
    ],
)
def test_an_expression_with_and_without_a_condition(text, value, condition):
    generator = read_generator(text, "j")
    assert generator.value == tree(value)
    assert generator.loop is None
    assert generator.condition == (tree(condition) if condition else None)


@pytest.mark.parametrize(
    ("numbers", "start", "stop", "step", "p", "size"),
    [
        ("range(N_post)", "0", "N_post", "1", None, None),
        ("range(i, clip(i + 3, 0, N_post))", "i", "clip(i + 3, 0, N_post)", "1", None, None),
        ("range(10, 0, -1)", "10", "0", "-1", None, None),
        ("sample(N_post, p=0.1)", "0", "N_post", "1", "0.1", None),
        ("sample(2, 8, 3, p = x_pre/2)", "2", "8", "3", "x_pre/2", None),
        ("sample ( N_post , size = int(n_pre) )", "0", "N_post", "1", None, "int(n_pre)"),
    ],
)
@pytest.mark.parametrize("condition", [None, "k != i and (k > 2)"])
def test_a_loop(numbers, start, stop, step, p, size, condition):
    generator = read_generator(f"k + 1 for k in {numbers}" + (f" if {condition}" if condition else ""), "j")
    loop = generator.loop
    assert (generator.value, loop.variable) == (tree("k + 1"), "k")
    assert (loop.start, loop.stop, loop.step) == (tree(start), tree(stop), tree(step))
    assert (loop.p, loop.size) == (tree(p) if p else None, tree(size) if size else None)
    assert generator.condition == (tree(condition) if condition else None)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "", "an expression is missing"),
        ("for k in range(3)", "", "an expression is missing"),
        ("k for k in range(3) if", "", "an expression is missing"),
        ("k for k", "for", "'for' without 'in'"),
        ("k for k in range(3) for l in range(2)", "for", "there is more than one 'for'"),
        ("k if k > 1 for k in range(3)", "if", "a condition comes last"),
        ("k for 3 in range(3)", "3", "this is not the name of a variable"),
        ("k for rand in range(3)", "rand", "this is not the name of a variable"),
        ("k for k in 3", "3", "this is not a range of numbers"),
        ("k for k in rang(3)", "rang(3)", "this is not a range of numbers"),
        ("k for k in range()", "range()", "range() takes 1 to 3 numbers"),
        ("k for k in range(1, 2, 3, 4)", "range(1, 2, 3, 4)", "range() takes 1 to 3 numbers"),
        ("k for k in range(3, p=0.1)", "p=0.1", "'p' is not an argument of range()"),
        ("k for k in sample(3)", "sample(3)", "sample() needs either p= or size="),
        ("k for k in sample(3, p=0.1, size=2)", "sample(3, p=0.1, size=2)", "sample() needs either p= or size="),
        ("k for k in sample(3, q=0.1)", "q=0.1", "'q' is not an argument of sample()"),
        ("k for k in sample(3, p=1, p=2)", "p=2", "'p' is given twice"),
        ("k for k in range(3 4)", "3 4", "an operator is missing"),
        ("k + for k in range(3)", "+", "something is missing behind '+'"),
        ("k for k in range(3", "(", "the bracket '(' is never closed"),
        ("k for k in range(3) if k = 2", "=", "'=' inside an expression"),
    ],
)
def test_a_mistake_is_shown_at_its_place(text, place, said):
    with pytest.raises(EquationError) as caught:
        read_generator(text, "j of connect")
    problem = caught.value.diagnostics[0]
    assert problem.message.startswith(said)
    assert problem.span is not None and problem.span.source.title == "j of connect"
    if place:
        assert problem.span.text == place


def test_all_mistakes_are_reported_together():
    with pytest.raises(EquationError) as caught:
        read_generator("k^2 for k in range(3, 4 5) if k &  2", "j")
    assert [problem.span.column for problem in caught.value.diagnostics] == [2, 23, 33]
