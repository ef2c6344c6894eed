"""Equations: three kinds of line, flags, units, and mistakes with their place."""

import pytest

from jupyspike_engine.diagnostics import EquationError, Source, Span
from jupyspike_engine.language.equations import Equations
from jupyspike_engine.units import DIMENSIONLESS, SECOND, amp, metre, ms, siemens, volt


def problems(text):
    with pytest.raises(EquationError) as caught:
        Equations(Span(Source(text, "equations of exc"), 0, len(text)))
    return caught.value.diagnostics


def test_a_line_defines_a_differential_equation_a_subexpression_or_a_parameter():
    equations = Equations(
        """
        dv/dt = (I - v)/tau : volt (unless refractory)
        I = 2*v : volt
        tau : second (constant)
        n : integer
        on : boolean
        """
    )
    assert [d.role for d in equations.values()] == ["differential equation", "subexpression", *["parameter"] * 3]
    assert equations["v"].expr == "(I - v)/tau"
    assert equations["v"].flags == ("unless refractory",)
    assert equations["v"].dimension is volt.dim
    assert (equations["n"].type, equations["on"].type) == ("integer", "boolean")
    assert equations["tau"].dimension is SECOND
    assert equations.diff_eq_names == {"v"}
    assert equations.subexpr_names == {"I"}
    assert equations.parameter_names == {"tau", "n", "on"}
    assert equations.eq_names == {"v", "I"}
    assert equations.names == set(equations) == {"v", "I", "tau", "n", "on"}


def test_equations_print_so_that_they_read_back():
    text = "dv/dt = (I - v)/tau : volt (unless refractory)\nI = 2*v : volt\ntau : second (constant)"
    assert str(Equations(text)) == text
    assert str(Equations(str(Equations(text)))) == text


@pytest.mark.parametrize(
    "text",
    [
        "dv/dt = -v/tau +\n  I/tau : volt",
        "dv/dt = -v/tau\n  + I/tau : volt",
        "dv/dt = (-v\n + I)/tau : volt",
        "dv/dt = -v/tau  # the leak\n  + I/tau  # and the input\n  : volt",
        "# first a comment\n\n   dv/dt = -v/tau + I/tau : volt  # last",
    ],
)
def test_lines_may_wrap_and_carry_comments(text):
    (definition,) = Equations(text).values()
    assert (definition.name, definition.dimension) == ("v", volt.dim)
    assert definition.expression.symbol in "+/"


def test_flags_may_stand_on_a_line_of_their_own():
    equations = Equations("dv/dt = -v/(10*ms) : volt\n   (unless refractory)\nw : 1")
    assert equations["v"].flags == ("unless refractory",)
    assert list(equations) == ["v", "w"]


@pytest.mark.parametrize(
    ("unit", "dimension"),
    [
        ("volt", volt.dim), ("1", DIMENSIONLESS), ("1/second", SECOND**-1), ("amp/metre**2", (amp / metre**2).dim),
        ("amp/(metre**2)", (amp / metre**2).dim), ("volt*siemens", amp.dim),
        ("siemens*meter**-2", (siemens / metre**2).dim), ("second**(-1/2)", SECOND**-0.5),
        ("hertz", SECOND**-1), ("amp*second/volt", (siemens.dim) * SECOND),
    ],
)  # fmt: skip
def test_units_are_expressions_of_base_units(unit, dimension):
    definition = Equations(f"x : {unit}")["x"]
    assert definition.dimension is dimension
    assert definition.type == "real"
    assert definition.unit == unit


@pytest.mark.parametrize(
    ("line", "said", "place"),
    [
        ("x : mV", "the unit of 'x' must be a base unit", "mV"),
        ("x : 1/ms", "the unit of 'x' must be a base unit", "1/ms"),
        ("x : volts", "'volts' is not a unit", "volts"),
        ("x : 2", "this is not the unit of 'x'", "2"),
        ("x : volt + volt", "this is not the unit of 'x'", "volt + volt"),
        ("x : volt**y", "the power of a unit must be a number", "y"),
        ("x :", "the unit of 'x' is missing", ""),
        ("dx/dt = -x/tau", "the unit of 'x' is missing", "u"),
        ("x = 3*y", "the unit of 'x' is missing", "y"),
        ("dx/dt = : 1", "an expression is missing", ""),
        ("dx/dt = -x/(tau : 1", "the bracket '(' is never closed", "("),
        ("dx/dt = -x/tau) : 1", "')' closes a bracket that was never opened", ")"),
        ("dx/dy = 3 : 1", "this is not an equation", "dx/dy = 3 : 1"),
        ("hello", "this is not an equation", "hello"),
        ("x : 1 (sharedd)", "'sharedd' is not a flag", "(sharedd)"),
        ("x : 1 (unless refractory)",
         "the flag 'unless refractory' belongs to a differential equation, not to a parameter",
         "(unless refractory)"),
        ("dx/dt = 1/second : 1 (constant)",
         "the flag 'constant' belongs to a parameter, not to a differential equation",
         "(constant)"),
        ("x : 1 (point current)", "the flag 'point current' is not available in this version", "(point current)"),
        ("t : 1", "'t' cannot be the name of a variable: it is defined by the simulator itself", "t"),
        ("xi_a : 1", "'xi_a' cannot be the name of a variable: it is defined by the simulator itself", "xi_a"),
        ("_x : 1",
         "'_x' cannot be the name of a variable: names with a leading underscore belong to the simulator", "_x"),
        ("mV : 1", "'mV' cannot be the name of a variable: it is the name of a unit", "mV"),
        ("exp : 1", "'exp' cannot be the name of a variable: it is the name of a function", "exp"),
        ("pi : 1", "'pi' cannot be the name of a variable: it is the name of a constant", "pi"),
        ("lambda : 1", "'lambda' cannot be the name of a variable: it is a word of the language itself", "lambda"),
        ("v_post : 1",
         "'v_post' cannot be the name of a variable: the endings _pre and _post choose a side of a synapse",
         "v_post"),
    ],
)  # fmt: skip
def test_a_mistake_is_pointed_at(line, said, place):
    (diagnostic,) = problems(f"\n  {line}\n  other : 1")
    assert diagnostic.message == said
    assert diagnostic.span.line == 2
    assert diagnostic.span.text == place
    assert diagnostic.span.source.title == "equations of exc"


def test_the_nearest_unit_is_offered():
    (diagnostic,) = problems("x : volts")
    assert diagnostic.hint == "did you mean 'volt'?"
    (diagnostic,) = problems("x : mV")
    assert (diagnostic.found, diagnostic.expected) == ("mV", "volt")


def test_all_problems_of_a_text_are_reported_together_in_their_order():
    found = problems("dv/dt = -v/tau\nw : volts\nx : 1\nx : 2*volt\ndy/dt = ((1 : volt")
    assert [(d.span.line, d.span.column) for d in found] == [(1, 14), (2, 5), (4, 5), (5, 10)]
    found = problems("x : 1\ny : 1\nx = 2 : 1")
    assert [(d.message, d.found) for d in found] == [("'x' is defined twice", "the first definition is in line 1")]
    assert (found[0].span.line, found[0].span.column) == (3, 1)


def test_an_error_prints_the_line_with_carets_what_was_found_and_what_to_do():
    with pytest.raises(EquationError) as caught:
        Equations("dv/dt = -v/tau : volt\nw : mV")
    assert str(caught.value).splitlines() == [
        "equations, line 2, column 5: the unit of 'w' must be a base unit",
        "    w : mV",
        "        ^^",
        "    found: mV",
        "    expected: volt",
        "    try: write 'volt' here; values may be given in mV all the same",
    ]


def test_a_substitution_renames_or_brings_a_value():
    equations = Equations("dx/dt = -x/tau : 1", x="y", tau=5 * ms)
    assert str(equations) == "dy/dt = -y/tau : 1"
    assert equations.values_of_names == {"tau": 5 * ms}


def test_equations_add_up_but_not_with_a_name_twice():
    both = Equations("dx/dt = y/tau : 1", tau=5 * ms) + "y : 1"
    assert list(both) == ["x", "y"]
    assert both.values_of_names == {"tau": 5 * ms}
    both += Equations("z : volt")
    assert list(both) == ["x", "y", "z"]
    with pytest.raises(EquationError, match="'x' is defined twice"):
        both + "x : 1"
