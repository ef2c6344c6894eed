"""Equations: three kinds of line, flags, units, and mistakes with their place."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.diagnostics import ArgumentTypeError, EquationError, Source, Span
from jupyspike_engine.language.equations import Equations
from jupyspike_engine.language.syntax import Name, walk
from jupyspike_engine.units import DIMENSIONLESS, SECOND, amp, kilogram, metre, mole, ms, mV, siemens, volt


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
    assert str(equations["v"].expr) == "(I - v)/tau"
    assert equations["v"].flags == ("unless refractory",)
    assert equations["v"].dimension is volt.dim
    assert (equations["n"].value_type, equations["on"].value_type) == ("integer", "boolean")
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
        "dv/dt\n  = -v/tau + I/tau : volt",
        "dv\n/dt = -v/tau + I/tau\n: volt",
        "dv/dt = -v/tau + \\\n I/tau : volt",
        "dv/dt = -v/tau + I/tau : volt \\\n",
        "\tdv/dt\t=\t-v/tau\r\n\t+ I/tau  # \u03c4 and \u00e9\r\n : volt\r\n",
        "dv/dt = -v/tau\u00a0+ I/tau : volt",
    ],
)
def test_lines_may_wrap_and_carry_comments(text):
    (definition,) = Equations(text).values()
    assert (definition.name, definition.dimension) == ("v", volt.dim)
    assert definition.expression.symbol in "+/"
    assert definition.unit_text == "volt"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("x = a or\n b : boolean", "x = a or b : boolean"),
        ("x = a and not\n b : boolean", "x = a and not b : boolean"),
        ("x = floor\n : 1", "x = floor : 1"),
        ("x = clip(a,\n b,\n 1) : 1", "x = clip(a, b, 1) : 1"),
        ("x : volt\n  /second", "x : volt /second"),
        ("x : volt/  # per\n  second  # (time)\ny : 1", "x : volt/ second\ny : 1"),
        ("x\n : 1", "x : 1"),
        ("dx/dt = 1/ms : 1 (unless\n  refractory)", "dx/dt = 1/ms : 1 (unless refractory)"),
        ("x : # a unit\n volt # (of it)\n (constant)", "x : volt (constant)"),
    ],
)
def test_operators_and_units_may_wrap(text, printed):
    assert str(Equations(text)) == printed


def test_a_line_that_begins_with_a_word_is_one_of_its_own():
    diagnostics = problems("x = 3*y\nfoo v > 1 : volt")
    assert [d.message for d in diagnostics] == ["the unit of 'x' is missing", "this is not an equation"]
    assert [d.span.text for d in diagnostics] == ["y", "foo v > 1 : volt"]


@pytest.mark.parametrize("text", ["", "\n\n", "  ", "# only a comment"])
def test_a_text_may_be_empty(text):
    assert len(Equations(text)) == 0


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
        ("hertz", SECOND**-1), ("Hz", SECOND**-1), ("mmolar", (mole / metre**3).dim), ("mM", (mole / metre**3).dim),
        ("mmolar/second", (mole / metre**3).dim / SECOND), ("meter2", (metre**2).dim), ("kilogram", kilogram.dim),
        ("amp*second/volt", (siemens.dim) * SECOND), ("radian", DIMENSIONLESS), ("radian/second", SECOND**-1),
    ],
)  # fmt: skip
def test_units_are_expressions_of_base_units(unit, dimension):
    definition = Equations(f"x : {unit}")["x"]
    assert definition.dimension is dimension
    assert definition.value_type == "real"
    assert definition.unit_text == unit


@pytest.mark.parametrize(
    ("line", "said", "place"),
    [
        ("x : mV", "the unit of 'x' must be a base unit", "mV"),
        ("x : molar", "the unit of 'x' must be a base unit", "molar"),
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


def test_names_of_the_refractory_state_are_free_in_equations():
    assert Equations("lastspike : second\nlastupdate : second\nj : integer").names == {"lastspike", "lastupdate", "j"}


# Substitution


def test_a_name_is_replaced_wherever_it_stands():
    equations = Equations("dx/dt = -x/tau : 1\ny = f(x) : 1", x="v", tau="tau_m", f="exp")
    assert str(equations) == "dv/dt = -v/tau_m : 1\ny = exp(v) : 1"


def test_a_summed_variable_may_get_another_name_of_its_side():
    assert str(Equations("x_post = w : 1 (summed)", x_post="y_post")) == "y_post = w : 1 (summed)"


def test_names_are_replaced_all_at_once():
    assert str(Equations("dx/dt = y : 1\ny = 2*x : 1").substitute(x="y", y="x")) == "dy/dt = x : 1\nx = 2*y : 1"
    assert str(Equations("x = f(g(y)) : 1", f="g", g="f")) == "x = g(f(y)) : 1"


def test_a_name_that_does_not_occur_is_ignored():
    assert Equations("x : 1", tau="tau_m", y=3) == Equations("x : 1")


def test_a_value_is_printed_in_its_place_and_travels_along():
    equations = Equations("dx/dt = -x**k/tau : 1", k=-3, tau=5 * ms)
    assert str(equations) == "dx/dt = -x**(-3)/(5*ms) : 1"
    assert str(equations["x"].expr) == "-x**(-3)/(5*ms)"
    assert list(equations.values_of_names.values()) == [-3, 5 * ms]
    assert equations.identifiers == {"ms"}


def test_equations_with_values_do_not_depend_on_them_for_their_shape():
    one, other = (Equations("dx/dt = -x/tau : 1", tau=tau) for tau in (5 * ms, 6 * ms))
    assert one["x"].expression == other["x"].expression
    assert one != other


def test_a_name_that_became_a_value_can_be_used_again():
    equations = Equations("x = a*b : 1", a=2).substitute(b="a").substitute(a=3)
    assert str(equations) == "x = 2*3 : 1"
    assert sorted(equations.values_of_names.values()) == [2, 3]


def test_each_part_of_joined_equations_keeps_its_own_values():
    decay = Equations("dg/dt = -g/tau : 1")
    parts = [decay.substitute(g=f"g{k}", tau=tau) for k, tau in enumerate((5 * ms, 10 * ms, 5 * ms))]
    joined = parts[0] + parts[1] + parts[2] + "tau : second"
    assert str(joined).splitlines()[:3] == [
        "dg0/dt = -g0/(5*ms) : 1",
        "dg1/dt = -g1/(10*ms) : 1",
        "dg2/dt = -g2/(5*ms) : 1",
    ]
    assert sorted(joined.values_of_names.values()) == [5 * ms, 10 * ms]


def test_replaced_names_keep_their_place_in_the_text():
    (name,) = [n for n in walk(Equations("x = 2*tau : 1", tau="v")["x"].expression) if isinstance(n, Name)]
    assert name.span.text == "tau"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"x": "2y"}, "'x' can be replaced by a name or by a value"),
        ({"tau": "a + b"}, "'tau' can be replaced by a name or by a value"),
        ({"tau": "lambda"}, "'tau' can be replaced by a name or by a value"),
        ({"x": 3}, "'x' is a variable of these equations"),
        ({"x": "mV"}, "'mV' cannot be the name of a variable"),
        ({"x": "y"}, "'y' is defined twice"),
    ],
)
def test_what_cannot_be_substituted(given, said):
    with pytest.raises(EquationError, match=said):
        Equations("dx/dt = -x/tau : 1\ny : 1", **given)


@pytest.mark.parametrize("value", [[1, 2] * mV, None, 1j, object()])
def test_a_value_is_a_single_real_number(value):
    with pytest.raises(ArgumentTypeError, match="'tau' can be replaced by a name or by a single value"):
        Equations("dx/dt = -x/tau : 1", tau=value)


# Joining


def test_equations_add_up_but_not_with_a_name_twice():
    both = Equations("x : 1") + "y : 1"
    both += Equations("z : volt")
    assert list(both) == ["x", "y", "z"]
    assert list("w : 1" + both) == ["w", "x", "y", "z"]
    with pytest.raises(EquationError, match="'x' is defined twice") as caught:
        both + "x : 1"
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.found, diagnostic.span.text) == ("the first definition is 'x : 1'", "x")
    with pytest.raises(TypeError):
        both + 3


def test_only_text_is_equations():
    with pytest.raises(ArgumentTypeError, match="must be given as text"):
        Equations(3)


# The mapping

NOISY = """
dv/dt = (I - v)/tau + s*xi/tau**.5 : volt (unless refractory)
I = 2*w*u : volt
u = 1 + exp(w) : 1
w : 1 (constant)
tau : second
on : boolean
"""


def test_a_line_tells_all_of_itself():
    line = Equations(NOISY)["v"]
    assert (line.varname, line.type, line.var_type) == ("v", "differential equation", "float")
    assert (line.unit, line.dim, line.flags) == (volt, volt.dim, ("unless refractory",))
    assert line.identifiers == {"I", "v", "tau", "s", "xi"}
    assert line.stochastic_variables == {"xi"}
    assert repr(line) == "<differential equation dv/dt = (I - v)/tau + s*xi/tau**0.5 : volt (unless refractory)>"
    parameter = Equations(NOISY)["on"]
    assert (parameter.expr, parameter.var_type, parameter.identifiers) == (None, "boolean", set())


def test_equations_are_a_mapping():
    equations = Equations(NOISY)
    assert list(equations) == ["v", "I", "u", "w", "tau", "on"]
    assert "v" in equations and "s" not in equations
    assert equations.get("s") is None
    with pytest.raises(KeyError, match="do not define 'taum'") as caught:
        equations["taum"]
    assert caught.value.diagnostics[0].hint == "did you mean 'tau'?"


def test_equations_tell_what_they_hold():
    equations = Equations(NOISY)
    assert [(name, str(expr)) for name, expr in equations.diff_eq_expressions] == [("v", "(I - v)/tau + s*xi/tau**0.5")]
    assert [name for name, _ in equations.eq_expressions] == ["v", "I", "u"]
    assert equations.identifiers == {"s", "xi", "exp"}
    assert equations.dimensions["tau"] is SECOND
    assert equations.is_stochastic
    assert equations.stochastic_variables == {"xi"}


def test_equal_equations_say_the_same_in_any_order_and_spacing():
    equations = Equations("x = a+b : 1\ny : hertz")
    assert equations == Equations("y : 1/second  # rate\nx = a + b : 1")
    assert hash(equations) == hash(Equations("y : 1/second\nx = a + b : 1"))
    assert equations != Equations("x = a+b : 1\ny : volt")


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_equations_can_be_copied_and_stored(copied):
    equations = Equations(NOISY, s=2 * mV)
    assert copied(equations) == equations
    assert str(copied(equations)) == str(equations)


def test_the_printed_form_can_be_evaluated():
    for equations in (Equations("x : 1"), Equations("dx/dt = -x/tau : 1\ny : volt (constant)")):
        assert eval(repr(equations)) == equations


# Laws

NAMES = ("a", "b", "c", "d", "f")
names = st.sampled_from(NAMES)
lines = st.one_of(
    st.builds(lambda x, y: f"{x} = 2*{y} : 1", names, names),
    st.builds(lambda x, y: f"d{x}/dt = ({y} - {x})/(10*ms) : 1", names, names),
    st.builds(lambda x: f"{x} : volt (constant)", names),
)


@st.composite
def models(draw):
    return Equations("\n".join({line.split()[0].strip("d/t"): line for line in draw(st.lists(lines))}.values()))


@given(models())
def test_what_is_printed_reads_back_as_the_same_equations(equations):
    assert Equations(str(equations)) == equations
    assert str(Equations(str(equations))) == str(equations)


@given(models(), st.permutations(NAMES))
def test_a_renaming_can_be_undone(equations, other):
    there = dict(zip(NAMES, other, strict=True))
    back = {new: old for old, new in there.items()}
    assert equations.substitute(**there).substitute(**back) == equations


@given(models(), models(), st.floats(1e-4, 1e3))
def test_substitution_in_a_sum_is_the_sum_of_substitutions(one, other, value):
    one, other = one.substitute(**{n: f"{n}_1" for n in NAMES}), other.substitute(**{n: f"{n}_2" for n in NAMES})
    both = one + other
    assert len(both) == len(one) + len(other)
    free = {n: value * ms for n in both.identifiers if n[0] in NAMES and n.endswith(("_1", "_2"))}
    assert (one + other).substitute(**free) == one.substitute(**free) + other.substitute(**free)


@given(models(), st.floats(1e-15, 1e15) | st.integers(-1000, 1000))
def test_values_that_are_printed_read_back_exactly(equations, value):
    free = sorted(equations.identifiers & set(NAMES))
    travelling = equations.substitute(**{name: value * mV for name in free})
    again = Equations(str(travelling))
    assert str(again) == str(travelling)
