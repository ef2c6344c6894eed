"""Reactions as lines of equations: what they add to the equations of their species, and mistakes with their place."""

import pytest

from jupyspike import Network, NeuronGroup, Synapses, run
from jupyspike_engine.diagnostics import EquationError, Source, Span, UserError
from jupyspike_engine.language.equations import Equations
from jupyspike_engine.language.syntax import text
from jupyspike_engine.units import mmolar, ms, mV

SPECIES = "Ca : mmolar\nB : mmolar\nCaB : mmolar\n"


def rates(equations):
    """The right-hand sides, as text."""
    return {name: text(line.expression) for name, line in Equations(equations).items() if line.expression is not None}


@pytest.mark.parametrize(
    ("reaction", "changes"),
    [
        ("Ca + B -> CaB : k", {"Ca": "-(k*Ca*B)", "B": "-(k*Ca*B)", "CaB": "k*Ca*B"}),
        ("Ca <-> CaB : a, b", {"Ca": "-(a*Ca - b*CaB)", "CaB": "a*Ca - b*CaB"}),
        ("2*Ca + B -> CaB : k", {"Ca": "-(2*(k*Ca**2*B))", "B": "-(k*Ca**2*B)", "CaB": "k*Ca**2*B"}),
        ("Ca + Ca -> CaB : k", {"Ca": "-(2*(k*Ca**2))", "CaB": "k*Ca**2"}),
        ("3 Ca -> CaB : k", {"Ca": "-(3*(k*Ca**3))", "CaB": "k*Ca**3"}),
        ("Ca + B -> B : k", {"Ca": "-(k*Ca*B)"}),  # B is a catalyst
        ("0 -> Ca : J", {"Ca": "J"}),
        ("Ca -> 0 : michaelis_menten(v, K)", {"Ca": "-(v*Ca/(K + Ca))"}),
        ("Ca -> CaB : rate(v*Ca/(K + B))", {"Ca": "-(v*Ca/(K + B))", "CaB": "v*Ca/(K + B)"}),
        ("J = Ca -> CaB : k", {"J": "k*Ca", "Ca": "-J", "CaB": "J"}),
    ],
)  # fmt: skip
def test_a_reaction_adds_its_terms_to_the_equations_of_its_species(reaction, changes):
    assert rates(SPECIES + reaction) == changes


def test_what_has_an_equation_of_its_own_keeps_it_and_gets_the_terms_of_all_reactions():
    found = rates("dCa/dt = (C_0 - Ca)/tau : mmolar\nB : mmolar\nCaB : mmolar\nCa + B -> CaB : k\nCa -> 0 : p")
    assert found["Ca"] == "(C_0 - Ca)/tau - k*Ca*B - p*Ca"


def test_what_is_constant_or_computed_takes_part_and_stays_as_it_is():
    equations = Equations("Ca : mmolar (constant)\nB = B_0 - CaB : mmolar\nCaB : mmolar\nCa + B -> CaB : k")
    assert equations.diff_eq_names == {"CaB"}
    assert equations["Ca"].role == "parameter"


def test_a_named_reaction_is_a_variable_with_the_unit_of_its_rate():
    line = Equations(SPECIES + "J = Ca + B <-> CaB : k_on, k_off")["J"]
    assert (line.role, str(line.dimension)) == ("subexpression", "mmolar / second")


def test_reactions_print_so_that_they_read_back():
    model = SPECIES + "J = 2*Ca + B <-> CaB : k_on, k_off\nCa -> 0 : michaelis_menten(v, K)"
    assert str(Equations(model)) == model


def test_equations_with_reactions_are_put_together_and_get_other_names_and_values():
    buffer = Equations("B : mmolar\nCaB : mmolar\nCa + B <-> CaB : k_on, k_off")
    both = Equations("Ca : mmolar") + buffer.substitute(k_on=0.5 / mmolar / ms, B="M", CaB="CaM")
    assert both.diff_eq_names == {"Ca", "M", "CaM"}
    assert str(both).splitlines()[-1] == "Ca + M <-> CaM : 500*Hz/mM, k_off"
    with pytest.raises(EquationError, match="'B' is a species"):
        Equations(SPECIES + "Ca + B -> CaB : k").substitute(B=1 * mmolar)


def test_a_reaction_may_go_on_in_the_next_line_and_have_a_comment():
    found = rates(SPECIES + "Ca + B <-> CaB : k_on,  # fast\n   k_off\nv : volt")
    assert found["CaB"] == "k_on*Ca*B - k_off*CaB"


@pytest.mark.parametrize(
    ("line", "said", "place"),
    [
        ("Ca + B <-> CaB : k", "a reaction with '<->' has two rates, forward and back: k_on, k_off", "k"),
        ("Ca -> CaB : k, l", "a reaction with '->' has one rate", "k, l"),
        ("Ca -> CaB", "the rate of the reaction is missing", "Ca -> CaB"),
        ("Ca <=> CaB : k", "'<=>' is not the arrow of a reaction", "<=>"),
        ("Ca --> CaB : k", "'-->' is not the arrow of a reaction", "-->"),
        ("Ca + -> CaB : k", "a species is missing", "->"),
        ("-> Ca : k", "a species is missing", "->"),
        ("0 -> 0 : k", "a reaction needs a species", "0 -> 0"),
        ("0.5*Ca -> CaB : k", "a reaction takes whole numbers of its species", "0.5*Ca"),
        ("Ca*B -> CaB : k", "this is not a species", "Ca*B"),
        ("Ca + B -> CaB : michaelis_menten(v, K)", "michaelis_menten() is for a reaction of a single molecule",
         "michaelis_menten(v, K)"),
        ("Ca -> CaB : michaelis_menten(v)",
         "michaelis_menten() of a reaction takes the highest rate and the concentration of half that rate",
         "michaelis_menten(v)"),
        ("Ca -> CaB : 2*michaelis_menten(v, K)", "michaelis_menten() is the whole rate of a reaction",
         "michaelis_menten(v, K)"),
        ("J = Ca -> CaB : (k", "the bracket '(' is never closed", "("),
        ("Ca = Ca -> CaB : k", "'Ca' is defined twice", "Ca"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_reaction_is_pointed_at(line, said, place):
    whole = SPECIES + line
    with pytest.raises(EquationError) as caught:
        Equations(Span(Source(whole, "equations of cell"), 0, len(whole)))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.message, diagnostic.span.line, diagnostic.span.text) == (said, 4, place)


@pytest.mark.parametrize(
    ("line", "said", "place", "found", "expected"),
    [
        ("Ca + B -> CaB : 1/ms", "the rate constant of the reaction has the wrong unit", "1/ms", "hertz",
         "hertz / mmolar"),
        ("Ca -> CaB : 1/mM/ms", "the rate constant of the reaction has the wrong unit", "1/mM/ms", "hertz / mmolar",
         "hertz"),
        ("Ca -> 0 : rate(1/ms)", "the rate of the reaction has the wrong unit", "1/ms", "hertz", "mmolar / second"),
        ("Ca -> 0 : michaelis_menten(1/ms, 1*mM)", "the highest rate of the reaction has the wrong unit", "1/ms",
         "hertz", "mmolar / second"),
        ("Ca -> 0 : michaelis_menten(1*mM/ms, 1*mV)", "the concentration of half the rate has the wrong unit", "1*mV",
         "volt", "mmolar"),
        ("Ca + v -> CaB : 1/ms", "the species of a reaction need the same unit", "v", "volt, 'Ca' is mmolar", ""),
        ("Ca + n -> CaB : 1/ms", "'n' cannot react: it is integer", "n", "", ""),
        ("Ca + s -> CaB : 1/ms", "'s' cannot react: it is one value for the whole group", "s", "", ""),
        ("Ca + Bb -> CaB : 1/ms", "'Bb' is not a variable of these equations", "Bb", "", ""),
        ("Ca -> 0 : rand()/ms", "the rate of a reaction has another value at each use", "rand()/ms", "", ""),
    ],
)  # fmt: skip
def test_units_and_names_of_reactions_are_checked(line, said, place, found, expected):
    model = SPECIES + "v : volt\nn : integer\ns : mmolar (shared)\n" + line
    with pytest.raises(UserError) as caught:
        NeuronGroup(1, model, name="cell")
    first = caught.value.diagnostics[0]
    assert (first.message, first.span.line, first.span.text) == (said, 7, place)
    assert (first.found, first.expected) == (found, expected)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Ca -> CaB : michaelis(1*mM/ms, 1*mM)", "did you mean 'michaelis_menten'?"),
        ("Ca -> CaB : hill(1*mM/ms, 1*mM, 2)", "michaelis_menten(V_max, K_m), or rate(a law of your own)"),
        ("x = nernst(2, Ca, 2*mM, 309*kelvin) : volt", "did you mean 'nernst_potential'?"),
        ("x = michaelis_menten(1*mM/ms, 1*mM) : mmolar/second", "it is the rate of a reaction"),
    ],
)
def test_a_law_or_function_that_is_not_known_is_told_with_what_there_is(line, said):
    cell = NeuronGroup(1, SPECIES + line)
    with pytest.raises(UserError) as caught:
        Network(cell).run(1 * ms)
    assert said in str(caught.value)


def test_species_of_synapses_react_as_well(target):
    """A receptor that opens with transmitter."""
    cell = NeuronGroup(1, "v : volt")
    model = "T : mmolar (constant)\nC : 1\nO : 1\nC <-> O : 2*T/mM/ms, 1/ms\nv_post = O*mV : volt (summed)"
    receptors = Synapses(cell, cell, model)
    receptors.connect()
    receptors.C, receptors.T = 1, 1.5 * mmolar
    run(10 * ms)
    assert receptors.equations.diff_eq_names == {"C", "O"}
    assert receptors.O[0] == pytest.approx(0.75, rel=1e-12)
    assert cell.v[0] / mV == pytest.approx(0.75, rel=1e-12)
