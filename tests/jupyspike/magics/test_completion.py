"""What the Tab key offers: only what fits in the place of the cursor (a bar), each word with its kind and unit."""

from __future__ import annotations

import pytest
from IPython.core.completer import provisionalcompleter

from jupyspike.magics.completion import fitting
from jupyspike_engine.language.names import CONSTANTS
from jupyspike_engine.units import UNITS

EXC = """%%neurons exc -n 10
dv/dt = (I - v)/taum : volt (unless refractory)
I : volt
taum = 20*ms
threshold: v > 1*mV
reset: v = 0*mV
refractory: 5*ms
events:
    high: v > 3*mV"""


@pytest.fixture
def offered(notebook):
    """Completes a cell in a notebook that has a group and constants: the words with what is shown beside them."""
    notebook.run(EXC, "E_rest = -70*mV\ng_max = 3*nS\nsamples = array([1, 2])\nlabel = array('a')")

    def words(cell: str) -> dict[str, str]:
        text = cell.replace("|", "")
        return {w.text + w.ending: w.shown for w in fitting(text, cell.index("|"), notebook.names)[1]}

    return words


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%%neurons x\n|", "threshold: reset: refractory: threshold_location: method: initial: events: order:"),
        ("%%synapses exc -> exc\n|", "on_pre: on_post: on_event: connect: delay: method: initial: order:"),
        ("%%neurons x\nv : 1\n\nthr|", "threshold: threshold_location:"),
        ("%%neurons x\nreset: v = 0\nref|", "refractory:"),
        ("%%neurons x -|", "-n --n --morphology --method --dt"),
        ("%%neurons x --m|", "--morphology --method"),
        ("%%neurons x -n 3 |", "-n --n --morphology --method --dt"),
        ("%%neurons x --method exp|", "exponential_euler"),
        ("%%neurons x\nmethod: rk|", "rk2 rk4"),
        ("%%synapses |", "exc"),
        ("%%synapses exc -> |", "exc"),
        ("%%synapses exc->e|", "exc"),
        ("%%synapses exc -> exc --n|", "--name"),
        ("%%neurons x\nv : vo|", "volt"),
        ("%%neurons x\nv : amp/met|", "metre meter"),
        ("%%neurons x\ndv/dt = -v/ms : 1 (|", "unless refractory"),
        ("%%neurons x\nv : 1 (|", "constant linked shared"),
        ("%%neurons x\nv : 1 (shared, con|", "constant"),
        ("%%synapses exc -> exc\ndv/dt = -v/ms : 1 (|", "clock-driven event-driven"),
        ("%%neurons x\ntau = 5*ms i|", "in ["),
        ("%%neurons x\ntau = 5*ms in [1*ms, 9*ms] s|", "step "),
        ("%%neurons x\nu : 1\nw : 1\ny = u*w : 1\ninitial: |", "u w"),
        ("%%neurons x\nu : 1\nw : 1\nreset:\n    u = 0; w|", "w"),
        ("%%synapses exc -> exc\nw : 1\non_pre: |", "w v I v_pre I_pre v_post I_post"),
        ("%%synapses exc -> exc\non_pre: v_|", "v_pre v_post"),
        ("%%synapses exc -> exc\non_event: |", "high spike"),
        ("%%synapses exc -> exc\nconnect: sk|", "skip_if_invalid="),
        ("%%synapses exc -> exc\nconnect: i != j, p|=", "p= poisson pi pA pF pascal"),
        ("%%neurons x\nv : 1  # vol|", ""),
        ("%%neurons x\nevents:\n    hi|", ""),
        ("import x|", ""),
        ("%%neu|", ""),
    ],
)  # fmt: skip
def test_only_what_fits_is_offered(offered, cell, expected):
    found = [word for word in offered(cell) if word not in UNITS or word in expected.split()]
    assert " ".join(found) == expected


@pytest.mark.parametrize(
    "above",
    [
        "I = 15*mV", "I=15*mV", "I = 15*mV  # the input", "tau = 10*ms in [5*ms, 50*ms]",
        "tau = 10*ms in [5*ms, 50*ms] step 1*ms", "x = (1 + 2)*mV", "dv/dt = (I - v)/tau : volt",
        "dv/dt = -v/tau : volt (unless refractory)", "dv/dt = -v/tau", "x = 2*v : volt", "x : volt",
        "x : volt (shared)", "threshold: v > 1*mV", "initial:\n    v = 1*mV", "# a comment",
        "", "    ", "A + B <-> C : 1/ms, 1/ms",
    ],
)  # fmt: skip
def test_a_new_line_is_offered_keys_whatever_stands_above_it(offered, above):
    assert [*offered(f"%%neurons x\n{above}\nre|")] == ["reset:", "refractory:"]
    assert [*offered(f"%%synapses exc -> exc\nw : 1\n{above}\non|")] == ["on_pre:", "on_post:", "on_event:"]


@pytest.mark.parametrize("above", ["I = 15*mV +", "I = (15*mV", "dv/dt = (v -"])
def test_a_line_that_goes_on_is_offered_no_keys(offered, above):
    found = offered(f"%%neurons x\n{above}\nre|")
    assert "reset:" not in found


def test_an_expression_has_what_the_cell_the_notebook_and_the_language_define(offered):
    before = "%%neurons x\ndv/dt = (E - v)/tau : volt\nE = -49*mV in [-60*mV, -40*mV]\ntau : second"
    found = offered(f"{before}\ndu/dt = (|\nw = 2 : 1\nv0 = 1*mV")
    assert [*found][:6] == ["u", "v", "tau", "w", "E", "v0"]
    assert found["u"] == "variable"  # its unit is not written yet
    assert found["v"] == "variable, volt"
    assert found["E"] == "constant, volt"
    assert found["t"] == "variable, second"
    assert found["i"] == "variable, integer"
    assert found["xi"] == "noise, second ** -0.5"
    assert found["E_rest"] == "constant, volt"
    assert found["g_max"] == "constant, siemens"
    assert found["exp"].startswith("function")
    assert CONSTANTS.keys() <= found.keys()
    assert not {"nan", "samples", "label", "exc", "array", "lastspike", "mV"} & found.keys()


def test_units_come_first_behind_a_number_and_are_offered_elsewhere_when_they_are_begun(offered):
    assert [*offered("%%neurons x\ntau = 20*m|")][:4] == ["mV", "mA", "mS", "ms"]
    assert offered("%%neurons x\ntau = 20*|")["mV"] == "unit, volt"
    assert offered("%%neurons x\nthreshold: v > -5.5e1*m|")["mV"] == "unit, volt"
    assert "mV" in offered("%%neurons x\nx = v/m|")
    assert "mV" not in offered("%%neurons x\nx = v/|")
    assert "mvolt" not in offered("%%neurons x\ntau = 20*m|")
    assert [*offered("%%neurons x\ntau = 20*mvo|")] == ["mvolt", "Mvolt"]


def test_a_small_letter_finds_a_capital_one(offered):
    assert "mV" in offered("%%neurons x\ntau = 20*mv|")


def test_synapses_see_both_ends(offered):
    found = offered("%%synapses exc -> exc[0:3]\nw : siemens\non_post: w = clip(w + |")
    assert found["w"] == "variable, siemens"
    assert found["v_pre"] == "variable of the source, volt"
    assert found["v_post"] == found["v"] == "variable of the target, volt"
    assert {"i", "j", "N_pre", "N_outgoing"} <= found.keys()


@pytest.mark.parametrize("length", range(len(EXC)))
def test_a_cell_can_be_completed_wherever_one_stops_writing(notebook, length):
    text = EXC[:length]
    start, _ = fitting(text, length, notebook.names)
    assert text.endswith(start)


def test_the_completer_of_ipython_offers_the_same_with_kind_and_unit(notebook):
    cell = "%%neurons x\nv : volt\nreset: v = 2*m"
    completer = notebook.shell.Completer
    with provisionalcompleter():
        found = {c.text: c for c in completer.completions(cell, len(cell))}
    assert found["mV"].type == "unit,\N{NO-BREAK SPACE}volt"
    assert cell[found["mV"].start : found["mV"].end] == "m"
    assert not any(text.startswith("map") for text in found)  # nothing of Python
    for cell in ("%%neurons x\nI = 15*mV\nre", "%%neurons x\nv : re", "%%neurons x\nv : 1  # re"):
        with provisionalcompleter():
            found = {c.text for c in completer.completions(cell, len(cell))}
        assert found == ({"reset:", "refractory:"} if cell.endswith("\nre") else {"re"})
    python = "import ma"
    with provisionalcompleter():
        assert "math" in {c.text for c in completer.completions(python, len(python))}
