"""What the cards of cells tell."""

import gc
import logging
import re
from html import unescape

import pytest

from jupyspike_engine.language import expressions
from jupyspike_engine.language.formulas import MATHML, drawn
from jupyspike_engine.logs import catch_logs
from jupyspike_engine.simulation.room import bytes_text

EXC = """%%neurons exc -n 3200
dv/dt = (ge - (v - El))/tau_m : volt (unless refractory)  # the membrane
dge/dt = -ge/tau1 : volt
x = v/mV : 1
I : amp (constant)
tau_m = 20*ms in [5*ms, 50*ms]
tau1 = 5*ms
El = -49*mV
threshold: v > -50*mV and x < 1
reset: v = -60*mV; ge *= 0.5
refractory: 5*ms
"""


def hidden(text):
    """What is read where a formula is shown as its text."""
    return f'<mtext style="display:none">{text}</mtext>'


STRUT = '<mspace height="1em"></mspace>'
INDEX = hidden("_") + STRUT
LINE = hidden("/")
TIMES = f'<mspace width="0.15em"></mspace><mo>&#8290;</mo>{hidden("&#183;")}'
MINUS = '<mo form="prefix" rspace="0">&#8722;</mo>'


def rows_of(html):
    """The rows of a card's table: what a person reads in each cell, formulas as their MathML."""
    return [
        re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, flags=re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", html)
    ]


@pytest.fixture
def exc(notebook):
    ran = notebook.run(EXC)
    return rows_of(ran.html[0]), ran.html[0], ran.shown[0]


def test_equations_are_typeset_with_units_and_meanings(exc):
    rows, _, _ = exc
    assert rows[0] == ["equation", "unit", "meaning"]
    (dv, unit, meaning), dge, x, current = rows[1:5]
    left = f"<mfrac><mrow><mi>d</mi><mi>v</mi></mrow><mrow>{LINE}<mi>d</mi><mi>t</mi></mrow></mfrac><mo>=</mo>"
    assert dv.startswith(f'<math display="inline"><mrow>{left}')
    assert f"<msub><mi>\u03c4</mi><mrow>{INDEX}<mtext>m</mtext></mrow></msub>" in dv
    assert (unit, meaning) == ("volt", "changes by its equation (unless refractory)")
    assert dge[1:] == ["volt", "changes by its equation"]
    assert x[1:] == ["1", "computed from others"]
    assert current == [
        '<math display="inline"><mrow><mi>I</mi></mrow></math>',
        "amp",
        "a value for each element (constant)",
    ]


def test_constants_are_listed_with_values_and_sliders(exc):
    rows, _, _ = exc
    assert rows[5][1:] == ["second", "constant, 20 ms, slider from 5 ms to 50 ms"]
    assert rows[6][1:] == ["second", "constant, 5 ms"]
    assert rows[7][1:] == ["volt", "constant, -49 mV"]


def test_what_happens_at_a_spike_is_told(exc):
    rows, _, _ = exc
    assert [row[0] for row in rows[8:]] == ["threshold", "reset", "refractory", "integrator", "program", "memory"]
    assert "<mo>&gt;</mo>" in rows[8][1] and "<mo>&#8743;</mo>" in rows[8][1]
    assert rows[9][1] == "<code>v = -60*mV</code>; <code>ge *= 0.5</code>"


def test_integrator_with_its_reason_and_memory_are_told(exc):
    rows, _, text = exc
    reason = "exact: linear equations with constant coefficients, solved without error"
    assert rows[-3:-1] == [["integrator", reason], ["program", "built when the network first runs"]]
    bytes_of_a_neuron = 3 * 8 + 2 * 8 + 1  # v, ge, I; lastspike, refractory_until; not_refractory
    assert rows[-1] == ["memory", bytes_text(3200 * bytes_of_a_neuron)]
    assert text.startswith(f"exc: 3,200 neurons; integrator: {reason}; program: ")


def test_the_program_is_told_after_the_first_run(notebook):
    notebook.run(EXC.replace("3200", "3"))
    ran = notebook.run("%simulate 1*ms")
    assert "program: interpreted by numpy (numpy)" in ran.shown[0]
    assert ["program", "interpreted by numpy (numpy)"] in rows_of(ran.html[0])
    assert len(notebook.run("%simulate 1*ms").shown) == 1  # the card of the cell has been told


def test_synapses_tell_their_number_code_and_delay(notebook):
    notebook.run(EXC.replace("3200", "30"))
    ran = notebook.run(
        "%%synapses exc -> exc --name drive\nw : volt\non_pre: ge += w\non_post: w *= 1.1\n"
        "delay: 1.5*ms\nconnect: i != j"
    )
    rows = rows_of(ran.html[0])
    assert "<b>drive</b>: 870 synapses from exc to exc" in ran.html[0]
    assert rows[1][1:] == ["volt", "a value for each element"]
    assert rows[2:5] == [
        ["on_pre", "<code>ge += w</code>"], ["on_post", "<code>w *= 1.1</code>"], ["delay", "1.5 ms"]
    ]  # fmt: skip
    assert "integrator: none, nothing is integrated" in ran.shown[0]
    ends_and_weights = 870 * (4 + 8) + 31 * 8  # where the synapses of each source begin, the last ones end
    assert f"memory: {bytes_text(ends_and_weights)}" in ran.shown[0]


def test_synapses_tell_the_range_of_delays_of_their_own(notebook):
    cell = "%%synapses exc -> exc --name drive\non_pre: ge += 1*mV\nconnect: i != j\ndelay: (i + 5)*0.2*ms"
    ran = notebook.run(EXC.replace("3200", "30"), cell)
    assert rows_of(ran.html[-1])[-4] == ["delay", "1 ms to 6.8 ms, each synapse its own"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("dv/dt = -(v - E_l)/tau_m : volt", "dv/dt=(\u2212(v\u2212E_l))/\u03c4_m"),
        ("a = exp(-x**2/(2*s)) : 1", "a=exp\u2061((\u2212x^2)/(2\u00b7s))"),
        ("w = g*sqrt(x + 1)*5*mV : volt", "w=g\u00b7\u221a(x+1)\u00b75 mV"),
    ],
)
def test_a_notebook_that_is_not_trusted_shows_formulas_as_text(notebook, line, text):
    """JupyterLab takes the markup away and leaves its text."""
    html = notebook.run(f"%%neurons exc\n{line}").html[0]
    assert unescape(re.sub("<[^>]*>", "", rows_of(html)[1][0])).replace("\u2062", "") == text


def test_powers_of_units_are_raised(notebook):
    html = notebook.run("%%neurons exc -n 3\nC : farad*metre**-2\nI : amp/metre**2").html[0]
    assert [row[1] for row in rows_of(html)[1:3]] == ["farad*metre<sup>-2</sup>", "amp/metre<sup>2</sup>"]


def test_a_card_folds_and_keeps_its_notes_in_sight(notebook):
    html = notebook.run("%%neurons exc -n 3\ndv/dt = -v/taum : 1").html[0]
    folded, _, outside = html.partition("</details>")
    assert "<details open><summary><b>exc</b>: 3 neurons</summary><table>" in folded
    assert "&#9888; &#x27;taum&#x27; (line 2) is not defined yet" in outside
    alone = notebook.run("%%synapses exc -> exc\nw : 1").html[0].partition("</details>")[2]
    assert "&#9888; there are no synapses yet" in alone
    assert "<script" not in html and "http" not in html


def test_names_of_a_cell_cannot_become_markup(notebook):
    ran = notebook.run("%%neurons exc\nx = v < 2 and v > 1 : boolean\nv : 1\nthreshold: x\nreset: v = 1*int(v<2)")
    assert "<code>v = 1*int(v &lt; 2)</code>" in ran.html[0]
    assert "<mo>&lt;</mo>" in ran.html[0]


@pytest.mark.parametrize(
    ("written", "mathml"),
    [
        ("a*b", f"<mi>a</mi>{TIMES}<mi>b</mi>"),
        ("-(a + b)", f"{MINUS}<mrow><mo>(</mo><mi>a</mi><mo>+</mo><mi>b</mi><mo>)</mo></mrow>"),
        (
            "a/(b + c)",
            f"<mfrac><mrow><mi>a</mi></mrow><mrow>{LINE}{hidden('(')}<mi>b</mi><mo>+</mo><mi>c</mi>{hidden(')')}</mrow>"
            "</mfrac>",
        ),
        (
            "(a + b)**2",
            "<msup><mrow><mrow><mo>(</mo><mi>a</mi><mo>+</mo><mi>b</mi><mo>)</mo></mrow></mrow>"
            f"<mrow>{hidden('^')}<mn>2</mn></mrow></msup>",
        ),
        (
            "exp(-x)",
            f"<msup><mrow><mi>e</mi></mrow><mrow>{hidden('^')}{hidden('(')}{MINUS}<mi>x</mi>{hidden(')')}</mrow></msup>",
        ),
        ("2*mV", f'<mn>2</mn><mspace width="0.2em"></mspace>{hidden(" ")}<mi mathvariant="normal">mV</mi>'),
        (
            "exp(x/2)",
            f"<mi>exp</mi><mo>&#8289;</mo><mrow><mo>(</mo><mfrac><mrow><mi>x</mi></mrow><mrow>{LINE}<mn>2</mn></mrow></mfrac>"
            "<mo>)</mo></mrow>",
        ),
        ("sqrt(x)", f"<msqrt>{hidden('&#8730;(')}<mi>x</mi>{hidden(')')}</msqrt>"),
        ("not a <= b", "<mo>&#172;</mo><mi>a</mi><mo>&#8804;</mo><mi>b</mi>"),
        (
            "clip(a, 0, 1)",
            "<mi>clip</mi><mo>&#8289;</mo><mrow><mo>(</mo><mi>a</mi><mo>,</mo><mn>0</mn><mo>,</mo><mn>1</mn>"
            "<mo>)</mo></mrow>",
        ),
        ("sigma", "<mi>\u03c3</mi>"),
        ("tau_syn_e", f"<msub><mi>\u03c4</mi><mrow>{INDEX}<mtext>syn e</mtext></mrow></msub>"),
        ("taum", f"<msub><mi>\u03c4</mi><mrow>{INDEX}<mtext>m</mtext></mrow></msub>"),
        ("v2", f"<msub><mi>v</mi><mrow>{INDEX}<mtext>2</mtext></mrow></msub>"),
        (
            "a - (b - c)",
            "<mi>a</mi><mo>&#8722;</mo><mrow><mo>(</mo><mi>b</mi><mo>&#8722;</mo><mi>c</mi><mo>)</mo></mrow>",
        ),
    ],
)  # fmt: skip
def test_expressions_as_mathml(written, mathml):
    assert drawn(expressions.expression(written, ""), MATHML) == mathml


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (3.28e6, "3.28 MB"), (2.5e9, "2.5 GB"), (4e12, "4.0 TB")],
)  # fmt: skip
def test_sizes_are_told_in_readable_units(size, text):
    assert bytes_text(size) == text


def test_what_a_card_tells_is_not_told_again_and_cells_may_run_again(notebook):
    cell = "%%neurons exc\ndv/dt = -v/(10*ms) : 1"
    gc.collect()  # what other tests have left may be told of now, not below
    with catch_logs(logging.INFO) as messages:
        for _ in range(3):
            assert "exact: linear" in notebook.run(cell).html[0]
            gc.collect()
        notebook.run("%simulate 1*ms")
    assert messages == []


def test_one_neuron_is_one_neuron(notebook):
    assert notebook.run("%%neurons one\nv : 1\nthreshold: t == 0*ms").shown[0].startswith("one: 1 neuron; ")
    assert notebook.run("%simulate 100*ms").shown[-1].splitlines()[2] == "one: 1 spike of 1 neuron, 10.00 Hz"
