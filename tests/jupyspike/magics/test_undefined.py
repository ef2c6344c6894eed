"""Names that are not defined when a cell runs: the card tells them, and the notebook may still define them."""

import pytest

CELL = """%%neurons exc -n 3
dv/dt = (Iext - v + xi*mV*sqrt(tau_m))/taum : volt
tau_m = 20*ms
threshold: v > vt
reset:
    jump = 2*mV
    v = v_reset - jump
refractory: v > Vr"""


def notes(ran):
    return [line for line in ran.shown[-1].splitlines() if "not defined" in line]


def test_the_card_tells_where_they_stand_and_what_may_be_meant(notebook):
    assert notes(notebook.run(CELL)) == [
        "'Iext' (line 2) is not defined yet",
        "'taum' (line 2) is not defined yet: did you mean 'tau_m'?",
        "'vt' (line 4) is not defined yet: did you mean 'v'?",
        "'v_reset' (line 7) is not defined yet",
        "'Vr' (line 8) is not defined yet",
    ]


def test_the_notebook_may_define_them_before_the_run(notebook):
    notebook.run(CELL, "Iext, vt, v_reset, Vr = 3*mV, 1*mV, 0*mV, 5*mV\ntaum = 10*ms")
    assert "not defined" not in notebook.run("%simulate 1*ms").html[0]
    assert notes(notebook.run(CELL)) == []


def test_functions_and_synapses_are_looked_at_too(notebook):
    cell = "%%neurons exc\nI = 1\ndv/dt = (foor(t/ms) + I - v)/ms : 1\nthreshold: v > 1\nreset: v = 0"
    assert notes(notebook.run(cell)) == ["'foor' (line 3) is not defined yet: did you mean 'floor'?"]
    ran = notebook.run("%%synapses exc -> exc\nw : 1\non_pre: v += w*w_max\nconnect: True")
    assert notes(ran) == ["'w_max' (line 3) is not defined yet"]


@pytest.mark.parametrize("name", ["gamma", "sum"])
def test_what_is_a_function_now_may_become_a_constant(notebook, name):
    ran = notebook.run(f"%%neurons exc\ndv/dt = {name}*v/ms : 1")
    assert notes(ran)[0].startswith(f"'{name}' (line 2) is not defined yet")
