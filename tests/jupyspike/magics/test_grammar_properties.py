"""Whatever stands in a cell is understood or is an error for the user, and what was written is what is read."""

import contextlib
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyspike import prefs
from jupyspike.magics import cells, simulate, views
from jupyspike.magics.cells import NEURONS
from jupyspike.magics.grammar import read_cell
from jupyspike.magics.keys import KEYS
from jupyspike.magics.notebook import Notebook
from jupyspike_engine.diagnostics import UserError
from jupyspike_engine.frames import called_from
from jupyspike_engine.language.expressions import expression
from jupyspike_engine.language.functions import FUNCTIONS
from jupyspike_engine.language.syntax import text
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.units import mV

WORDS = r"""
    dv/dt v w x t xi mV ms tau volt 1 0 2.5 1e3 10ms mv exc inh rand() exp clip = == : + - * / ** // % < > ( ) [ ] { } ,
    ; # ' " \ $ ^ & ! in step and not if lambda -> --name --dt -n --method p= j= i [0:3] on_pre all (constant)
    (event-driven) 0x1F 1j 10**400 99999999999999999999 . None é
"""
OTHERS = ["\t", "\n", "\n  ", " ", " ", " ", "\x00", "\r", "\f", "i != j", "(unless refractory)"]
PIECES = [*WORDS.split(), *OTHERS, *(f"\n{key}:" for key in KEYS)]
SIGNS = ["+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or"]
WRITTEN = st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=40))
LINES = WRITTEN.map(lambda written: written.split("\n")[0])


@pytest.fixture(scope="module")
def names():
    """A notebook's names."""
    before, prefs.codegen.target = prefs.codegen.target, "numpy"
    exc = NeuronGroup(4, "dv/dt = -v/(10*msecond) : volt", threshold="v > 1*mV", name="exc")
    inh = NeuronGroup(3, "v : volt\nw : 1", name="inh")
    yield {"exc": exc, "inh": inh, "tau": 3 * mV, "listed": [1, 2], "text": "x", "nothing": None}
    prefs.codegen.target = before


@settings(max_examples=250)
@given(line=st.one_of(st.just("new -n 3"), LINES), body=WRITTEN)
def test_a_neurons_cell_raises_nothing_but_errors_for_the_user(names, line, body):
    with called_from(names), contextlib.suppress(UserError):
        cells.neurons(line, f"dv/dt = -v/ms : volt\n{body}", names)


@settings(max_examples=250)
@given(line=st.one_of(st.just("exc -> inh"), LINES), body=WRITTEN)
def test_a_synapses_cell_raises_nothing_but_errors_for_the_user(names, line, body):
    with called_from(names), contextlib.suppress(UserError):
        cells.synapses(line, f"on_pre: v += 1*mV\n{body}", names)


@given(line=LINES)
def test_the_lines_of_simulate_and_live_raise_nothing_but_errors_for_the_user(names, line):
    quiet = Notebook({"tau": 3})  # without a group: nothing is simulated
    with pytest.raises(UserError):
        simulate.simulate(line, quiet)
    with contextlib.suppress(UserError):
        views.live(line, Notebook(dict(names)))


LEAVES = """
    v w tau mV ms t dt i j N xi 1 2.5 0 True rand() randn() inf v_pre v_post w_pre lastspike listed text exc nothing pi
    unknown 10**3
"""
FORMULAS = st.recursive(
    st.sampled_from(LEAVES.split()),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(SIGNS), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"clip({', '.join(t)})"),
        st.tuples(st.sampled_from(["-", "not "]), inner).map("".join),
    ),
    max_leaves=5,
)


@settings(max_examples=100)
@given(formulas=st.lists(FORMULAS, min_size=8, max_size=8), which=st.sets(st.integers(0, 7), min_size=1, max_size=2))
def test_any_formula_has_a_value_or_an_error_for_the_user(names, formulas, which):
    right = ["v/ms", "1", "v > 1*mV", "0*mV", "1*ms", "1*mV", "2", "3"]
    a, b, c, d, e, f, n, x = (formulas[k] if k in which else right[k] for k in range(8))
    body = (
        f"dv/dt = {a} : volt\nw = {b} : 1\nthreshold: {c}\nreset: v = {d}\nrefractory: {e}\ninitial: v = {f}\nx = {x}"
    )
    with called_from(names), contextlib.suppress(UserError), warnings.catch_warnings():
        warnings.simplefilter("error")
        cells.neurons(f"new -n '{n}'", body, names)
    pairs = f"dx/dt = {a} : 1\non_pre: v += {d}\nconnect: {c}, p={n}\ndelay: {e}\ninitial: x = {f}"
    with called_from(names), contextlib.suppress(UserError), warnings.catch_warnings():
        warnings.simplefilter("error")
        cells.synapses("exc -> inh --name new", pairs, names)


def test_every_problem_is_inside_the_text(names):
    """A long cell of all pieces has many problems; each of them can be shown."""
    body = "\n".join(PIECES)
    with called_from(names), pytest.raises(UserError) as caught:
        cells.neurons("new", body, names)
    for diagnostic in caught.value.diagnostics:
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.span.source.text)
        assert f"line {diagnostic.span.line}, column {diagnostic.span.column}" in diagnostic.render()


# what is written is what is read

NAMES = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_]{0,5}_[xyz]", fullmatch=True)  # no reserved name looks like this
NUMBERS = st.integers(0, 99).map(str) | st.sampled_from(["1.5", "2e-3", "0.25"])
EXPRESSIONS = st.recursive(
    NAMES | NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda e: f"exp({e})"),
        inner.map(lambda e: f"-{e}"),
    ),
    max_leaves=6,
)
COMMENTS = st.sampled_from(["", "", "  # why: x = 3 in [1, 2]", "\t#(", "  # threshold: v > 1"])
BLANKS = st.sampled_from(["", "", "\n", "   \n", "# a line: of its own\n", "\n  # indented\n\n"])
UNITS = st.sampled_from(["1", "volt", "amp/metre**2", "second", "boolean", "1/second", "siemens*volt"])


@st.composite
def lines(draw):
    """Lines of a cell with what they say: kind, name and the rest."""
    kinds = draw(
        st.lists(st.sampled_from(["constant", "range", "differential", "parameter", "subexpression"]), min_size=1)
    )
    found = []
    for name in draw(st.lists(NAMES, min_size=len(kinds), max_size=len(kinds), unique=True)):
        kind, value, unit = kinds[len(found)], draw(EXPRESSIONS), draw(UNITS)
        low, high = draw(EXPRESSIONS), draw(EXPRESSIONS)
        written = {
            "constant": f"{name} = {value}",
            "range": f"{name} = {value} in [{low}, {high}]",
            "differential": f"d{name}/dt = {value} : {unit}",
            "parameter": f"{name} : {unit}",
            "subexpression": f"{name}={value}: {unit}",
        }[kind]
        value, low, high = (text(expression(e, "")) for e in (value, low, high))
        said = {"parameter": (unit,), "constant": (value,), "range": (value, low, high)}.get(kind, (value, unit))
        found.append((written + draw(COMMENTS) + "\n" + draw(BLANKS), (kind, name, *said)))
    return found


def read(cell):
    """What a cell says, in the form of `lines`."""
    kinds = {"differential equation": "differential", "parameter": "parameter", "subexpression": "subexpression"}
    found = []
    for d in cell.definitions:
        said = () if d.expression is None else (text(d.expression),)
        found.append((d.name_span.start, (kinds[d.role], d.name, *said, d.unit_text)))
    for c in cell.constants:
        ends = () if c.bounds is None else (text(c.bounds.low), text(c.bounds.high))
        found.append((c.name_span.start, ("range" if ends else "constant", c.name, text(c.value), *ends)))
    return [said for _, said in sorted(found)]


@settings(max_examples=40)
@given(written=lines(), first=BLANKS)
def test_what_is_written_is_what_is_read(written, first):
    body = first + "".join(line for line, _ in written) + "threshold: v > 1"
    cell = read_cell("exc", body, NEURONS)
    assert [d.render() for d in cell.problems.found] == []
    assert read(cell) == [said for _, said in written]
    assert cell.keys["threshold"].text == "v > 1"


@settings(max_examples=40)
@given(written=lines())
def test_equations_that_are_written_out_again_mean_the_same(written):
    cell = read_cell("exc", "".join(line for line, _ in written) + "end : 1", NEURONS)
    again = read_cell("exc", str(cell.equations), NEURONS)
    assert [(d.role, d.name, d.expression, d.unit_text) for d in again.definitions] == [
        (d.role, d.name, d.expression, d.unit_text) for d in cell.definitions
    ]
