"""Expressions and statements as users hold them."""

import pytest

from jupyspike_engine.diagnostics import EquationError
from jupyspike_engine.language.written import Expression, Statements


def test_an_expression_keeps_its_text_and_knows_its_names():
    expression = Expression("a+b * exp(c/mV) + xi_1")
    assert expression.code == str(expression) == "a+b * exp(c/mV) + xi_1"
    assert repr(expression) == "Expression('a+b * exp(c/mV) + xi_1')"
    assert expression.identifiers == {"a", "b", "c", "exp", "mV", "xi_1"}
    assert expression.stochastic_variables == {"xi_1"}


def test_expressions_are_equal_if_they_say_the_same():
    assert Expression("a + (b*c)") == Expression("a+b * c")
    assert hash(Expression("a + (b*c)")) == hash(Expression("a+b * c"))
    assert Expression("a + b") != Expression("b + a")
    assert Expression("a") != "a"


def test_statements_keep_their_text_and_know_their_names():
    statements = Statements("a = b\nc += exp(d)")
    assert statements.code == str(statements) == "a = b\nc += exp(d)"
    assert repr(statements) == r"Statements('a = b\nc += exp(d)')"
    assert statements.identifiers == {"a", "b", "c", "d", "exp"}
    assert statements == Statements("a = b; c += exp( d )")
    assert hash(statements) == hash(Statements("a = b; c += exp( d )"))
    assert statements != Statements("a = b")


@pytest.mark.parametrize(
    "wrong", [lambda: Expression("a + "), lambda: Statements("a + b"), lambda: Expression("a = b")]
)
def test_what_is_neither_is_an_error(wrong):
    with pytest.raises(EquationError):
        wrong()


def test_an_expression_is_drawn_as_a_formula():
    assert Expression("a/tau")._repr_latex_() == r"$\frac{a}{\tau}$"
