"""Formulas as people write them, in LaTeX and MathML."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.language.equations import Equations
from jupyspike_engine.language.expressions import block, expression
from jupyspike_engine.language.formulas import LATEX, MATHML, drawn, drawn_name, math, math_line
from jupyspike_engine.language.overview import overview
from jupyspike_engine.language.syntax import Call, Name, Number, Operator
from jupyspike_engine.units import ms

SYMBOLS = ("+", "-", "*", "/", "//", "%", "**", "<", ">=", "==", "!=", "and", "or")
leaves = st.one_of(st.sampled_from((0, 2, 1e-5, True)).map(Number), st.sampled_from(("x", "tau_m", "mV")).map(Name))
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda s, a, b: Operator(s, (a, b)), st.sampled_from(SYMBOLS), inner, inner),
        st.builds(lambda s, a: Operator(s, (a,)), st.sampled_from(("-", "not")), inner),
        st.builds(lambda f, a: Call(f, (a,)), st.sampled_from(("exp", "sqrt", "floor")), inner),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("written", "latex"),
    [
        ("-(v - E_l)/tau_m", r"\frac{-\left(v - E_{\mathrm{l}}\right)}{\tau_{\mathrm{m}}}"),
        ("a*b", r"a\,b"), ("2*3*x", r"2 \cdot 3\,x"), ("x*2**y", r"x \cdot 2^{y}"), ("10*mV", r"10\,\mathrm{mV}"),
        ("(a/b)**2", r"\left(\frac{a}{b}\right)^{2}"), ("(a**b)**c", r"\left(a^{b}\right)^{c}"),
        ("exp(-x)**2", r"\left(e^{-x}\right)^{2}"), ("a**b**c", "a^{b^{c}}"), ("-a**2", "-a^{2}"),
        ("(-a)**2", r"\left(-a\right)^{2}"), ("a - (b - c)", r"a - \left(b - c\right)"), ("sqrt(x)", r"\sqrt{x}"),
        ("sin(x)", r"\sin\left(x\right)"), ("clip(a, 0, 1)", r"\operatorname{clip}\left(a, 0, 1\right)"),
        ("1e-5*x", r"1 \cdot 10^{-5}\,x"), ("not a <= b", r"\neg a \leq b"), ("a and b or c", r"a \wedge b \vee c"),
        ("a % b", r"a \bmod b"), ("True", r"\mathrm{True}"), ("inf", r"\infty"), ("v_th_ex", r"v_{\mathrm{th\ ex}}"),
        ("gext", r"\mathit{gext}"), ("omicron", "o"), ("um**2", r"\mathrm{\mu m}^{2}"),
    ],
)  # fmt: skip
def test_expressions_as_latex(written, latex):
    assert drawn(expression(written, "test"), LATEX) == latex


def test_products_of_numbers_have_a_dot():
    assert drawn(expression("2*3", "test"), MATHML) == "<mn>2</mn><mo>&#183;</mo><mn>3</mn>"


def test_units_are_upright():
    assert drawn_name("mV", LATEX) == r"\mathrm{mV}"
    assert drawn_name("mV", MATHML) == '<mi mathvariant="normal">mV</mi>'


@pytest.mark.parametrize("name", ["x_", "x__y", "_value", "x_1_2", "tau_", "tau2", "Tau", "a1b"])
@pytest.mark.parametrize("markup", [LATEX, MATHML])
def test_every_name_can_be_drawn(name, markup):
    assert drawn_name(name, markup)


@given(trees)
def test_latex_has_no_unbalanced_brackets_and_no_power_of_a_bare_power(tree):
    latex = drawn(tree, LATEX)
    depth = 0
    for sign in re.sub(r"\\[{}]", "", latex):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert latex.count(r"\left(") == latex.count(r"\right)")
    assert not re.search(r"\^\{[^{}]*\}\^", latex)


@given(trees)
def test_mathml_is_well_formed(tree):
    assert ElementTree.fromstring(math(tree)).tag == "math"


def test_a_line_of_equations():
    line = Equations("dv/dt = -v/tau : volt", tau=10 * ms)["v"]
    assert line._repr_latex_() == r"$\frac{\mathrm{d}v}{\mathrm{d}t} = \frac{-v}{10\,\mathrm{ms}}$"
    assert math_line(Equations("x : 1")["x"]) == '<math display="inline"><mrow><mi>x</mi></mrow></math>'


def test_equations_stand_below_each_other_with_units_and_flags():
    equations = Equations("dv/dt = -v/tau : volt (unless refractory)\ntau : second\non : boolean\nw : 1\nr : 1/second")
    assert equations._repr_latex_().splitlines() == [
        r"\begin{align*}",
        r"\frac{\mathrm{d}v}{\mathrm{d}t} &= \frac{-v}{\tau} && \text{(unit of }v\text{: }\mathrm{V}"
        r"\text{, flags: unless refractory)} \\",
        r"\tau & && \text{(unit: }\mathrm{s}\text{)} \\",
        r"\mathit{on} & && \text{(unit: }\mathrm{boolean}\text{)} \\",
        r"w & && \text{(unit: }1\text{)} \\",
        r"r & && \text{(unit: }\mathrm{Hz}\text{)}",
        r"\end{align*}",
    ]


def test_an_overview_has_equations_and_behaviour():
    equations = Equations("dv/dt = -v/tau : volt (unless refractory)")
    threshold, reset = expression("v > 1", "threshold"), ()
    html = overview("NeuronGroup '<exc>' with 10 neurons", equations.values(), {"threshold": threshold, "reset": reset})
    assert "&lt;exc&gt;" in html
    assert "<td>volt</td><td>unless refractory</td>" in html
    assert f"<tr><th>threshold</th><td>{math(threshold)}</td></tr>" in html


def test_an_overview_shows_statements_one_below_the_other():
    html = overview("a group", (), {"reset": block("v = 0; w += 1*int(v<2)", "reset"), "integrator": "a < b"})
    assert "<code>v = 0</code><br><code>w += 1*int(v &lt; 2)</code>" in html
    assert "<th>integrator</th><td>a &lt; b</td>" in html
    assert "equation" not in html
