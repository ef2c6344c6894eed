"""Reactions as lines of cells."""

import pytest

CELL = """%%neurons buffered -n 3
dCa/dt = J : mmolar
B : mmolar
CaB : mmolar
binding = Ca + B <-> CaB : k_on, k_off  # fast
J : mmolar/second
k_on = 100/mM/ms in [1/mM/ms, 1000/mM/ms]
k_off = 1/ms
initial: Ca = 1*uM
         B = 100*uM
"""


def test_a_cell_with_reactions_makes_a_group_whose_species_react(notebook):
    ran = notebook.run(CELL)
    assert "<code>binding = Ca + B &lt;-&gt; CaB : k_on, k_off</code>" in ran.html[0]
    notebook.run("run(5*ms)\nsums = (buffered.B + buffered.CaB)/uM, (buffered.Ca + buffered.CaB)/uM")
    assert "reactions: species that react are solved together" in ran.shown[0]
    assert notebook["sums"][0] == pytest.approx(100, rel=1e-12)
    assert notebook["sums"][1] == pytest.approx(1, rel=1e-12)
    assert notebook["buffered"].equations.diff_eq_names == {"Ca", "B", "CaB"}


@pytest.mark.parametrize(
    ("line", "said", "marked"),
    [
        ("Ca + B <-> CaB : k_on", "a reaction with '<->' has two rates, forward and back: k_on, k_off", "k_on"),
        ("Ca + B <-> CaB : k_off, k_off", "the rate constant of the reaction has the wrong unit", "k_off"),
        ("Ca + M <-> CaB : k_on, k_off", "'M' is not a variable of these equations", "M"),
        ("k_off = Ca -> CaB : k_on", "'k_off' is defined twice", "k_off"),
        ("Ca -> CaB", "the rate of the reaction is missing", "Ca -> CaB"),
        ("J = Ca -> CaB", "the rate of the reaction is missing", "J = Ca -> CaB"),
    ],
)
def test_a_mistake_in_a_reaction_is_shown_at_its_place(notebook, line, said, marked):
    cell = "%%neurons buffered\nCa : mmolar\nB : mmolar\nCaB : mmolar\n" + line + "\nk_on = 1/mM/ms\nk_off = 1/ms"
    error = notebook.try_cell(cell).error
    first = error.diagnostics[0]
    assert (first.message, first.span.text) == (said, marked)
    assert "buffered" not in notebook.names


def test_species_of_a_cell_with_a_shape_diffuse(notebook):
    notebook.run(
        "dendrite = Cylinder(length=50*um, diameter=2*um, n=10)",
        """%%neurons cable --morphology dendrite
Im = 0*amp/meter**2 : amp/meter**2
D = 0.2*um**2/ms in [0.05*um**2/ms, 1*um**2/ms]
Ca : mmolar (diffusive, D=D, shells=2)
Ca -> 0 : 1/second
initial: Ca = int(i == 0)*uM
""",
        "run(1*ms)\ncalcium = [float(getattr(cable, name)[3]) for name in cable.shells('Ca')]",
    )
    assert min(notebook["calcium"]) > 0


def test_in_a_cell_without_a_shape_it_is_said_how_to_give_one(notebook):
    error = notebook.try_cell("%%neurons point\nCa : mmolar (diffusive, D=1*um**2/ms)").error
    (diagnostic,) = error.diagnostics
    assert diagnostic.message == "the flag 'diffusive' belongs to equations of neurons in space"
    assert "--morphology" in diagnostic.hint
