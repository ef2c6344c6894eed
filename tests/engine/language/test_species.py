"""Species in space: values among the flags, shells, what enters; and mistakes with their place."""

import pytest

from jupyspike import Cylinder, NeuronGroup, SpatialNeuron
from jupyspike_engine.diagnostics import EquationError, UserError
from jupyspike_engine.language.equations import Equations
from jupyspike_engine.language.syntax import text
from jupyspike_engine.units import um

IM = "Im = 0*amp/meter**2 : amp/meter**2\nq : volt\n"


def cell(model):
    return SpatialNeuron(Cylinder(length=10 * um, diameter=1 * um), IM + model, name="cell")


def test_a_species_has_flags_and_values():
    line = Equations("Ca : mmolar (diffusive, D=(0.1 + 0.12)*um**2/ms, shells=3)")["Ca"]
    assert line.flags == ("diffusive",)
    assert {name: text(value) for name, value in line.settings} == {"D": "(0.1 + 0.12)*um**2/ms", "shells": "3"}


def test_equations_of_species_print_so_that_they_read_back():
    model = "Ca : mmolar (diffusive, D=0.22*um**2/ms, shells=4, influx=-I/(2*F))\nB : mmolar (shells=4)"
    assert str(Equations(model)) == model
    assert Equations(model) == Equations(str(Equations(model)))


def test_values_take_other_names_and_values():
    equations = Equations("Ca : mmolar (diffusive, D=D, influx=J)", D=0.2 * um**2 / (1000 * um) * um, J="J_Ca")
    assert str(equations).startswith("Ca : mmolar (diffusive, D=")
    assert str(equations).endswith("influx=J_Ca)")


def test_each_shell_has_the_equation_with_its_own_species():
    found = Equations(
        "dCa/dt = -p*J : mmolar (shells=2)\nB : mmolar (shells=2)\nT : mmolar\nJ = Ca*B*T : mmolar**3\nCa + B -> T : k"
    )
    assert set(found) == {"Ca", "Ca_shell_1", "B", "B_shell_1", "T", "J"}
    assert text(found["Ca"].expression) == "-p*J - k*Ca*B"
    assert text(found["Ca_shell_1"].expression) == "-p*(Ca_shell_1*B_shell_1*T) - k*Ca_shell_1*B_shell_1"
    assert text(found["B_shell_1"].expression) == "-(k*Ca_shell_1*B_shell_1)"


def test_what_enters_comes_into_the_outermost_shell_and_is_exchanged():
    found = Equations("Ca : mmolar (diffusive, D=D, shells=2, influx=J)")
    # a quarter of the cross section is inside, and half the radius is the surface between
    assert text(found["Ca"].expression) == "J*area/(volume*0.75) + D*10.666666666666666/diameter**2*(Ca_shell_1 - Ca)"
    assert text(found["Ca_shell_1"].expression) == "D*32.0/diameter**2*(Ca - Ca_shell_1)"


@pytest.mark.parametrize(
    ("line", "said", "place"),
    [
        ("Ca : mmolar (diffusive)", "the flag 'diffusive' needs a value 'D'", "(diffusive)"),
        ("Ca : mmolar (D=1*um**2/ms)", "'D' belongs to the flag 'diffusive'", "(D=1*um**2/ms)"),
        ("Ca : mmolar (diffusive, d=1)", "'d' is not a value of a flag", "d"),
        ("Ca : mmolar (diffusive, D)", "'D' is not a flag", "D"),
        ("Ca : mmolar (diffuse, D=1)", "'diffuse' is not a flag", "diffuse"),
        ("Ca : mmolar (diffusive, D=1, D=2)", "'D' is given twice", "D"),
        ("Ca : mmolar (diffusive, D=)", "an expression is missing", ""),
        ("Ca : mmolar (diffusive, constant, D=1)", "the flags 'diffusive' and 'constant' exclude each other",
         "(diffusive, constant, D=1)"),
        ("Ca : mmolar (shells=0)", "the number of shells is a whole number, written out", "0"),
        ("Ca : mmolar (shells=0.5)", "the number of shells is a whole number, written out", "0.5"),
        ("Ca : mmolar (shells=n)", "the number of shells is a whole number, written out", "n"),
        ("Ca : mmolar (shells=1000)", "the number of shells is a whole number, written out", "1000"),
        ("Ca = q : mmolar (shells=2)",
         "'shells' belongs to a differential equation or parameter, not to a subexpression", "(shells=2)"),
        ("Ca : mmolar (shells=2)\nCa_shell_1 : 1", "'Ca_shell_1' is one of the shells of 'Ca'", "Ca_shell_1"),
    ],
)  # fmt: skip
def test_a_mistake_among_the_flags_is_pointed_at(line, said, place):
    with pytest.raises(EquationError) as caught:
        Equations(line)
    diagnostic = caught.value.diagnostics[0]
    assert (diagnostic.message, diagnostic.span.text) == (said, place)


@pytest.mark.parametrize(
    ("line", "said", "place", "found", "expected"),
    [
        ("Ca : volt (diffusive, D=1*um**2/ms)", "'Ca' cannot diffuse: it is no concentration",
         "Ca : volt (diffusive, D=1*um**2/ms)", "volt", "mmolar (or mole/metre**3)"),
        ("Ca : 1 (shells=2)",
         "'Ca' cannot be divided into shells, or enter through the membrane: it is no concentration",
         "Ca : 1 (shells=2)", "a plain number", "mmolar (or mole/metre**3)"),
        ("Ca : mmolar (diffusive, D=1*um/ms)", "the diffusion coefficient of 'Ca' has the wrong unit", "1*um/ms",
         "metre / second", "metre ** 2 / second"),
        ("Ca : mmolar (influx=1*amp/meter**2)", "the influx of 'Ca' through the membrane has the wrong unit",
         "1*amp/meter**2", "amp / metre ** 2", "mmolar * metre / second"),
        ("Ca : mmolar (diffusive, D=-1*um**2/ms)", "the diffusion coefficient of 'Ca' is negative", "-1*um**2/ms",
         "-1000. um^2/s", ""),
        ("Ca : mmolar (diffusive, D=q*um**2/ms/volt)", "'D' is shared by all elements, 'q' differs between them", "q",
         "", ""),
        ("dCa/dt = -Ca*B/mM/ms : mmolar (shells=2)\nB : mmolar (shells=3)",
         "'Ca' and 'B' have different numbers of shells", "dCa/dt = -Ca*B/mM/ms : mmolar (shells=2)", "2 and 3", ""),
    ],
)  # fmt: skip
def test_units_of_species_are_checked(line, said, place, found, expected):
    with pytest.raises(UserError) as caught:
        cell(line)
    first = caught.value.diagnostics[0]
    assert (first.message, first.span.line, first.span.text) == (said, 3, place)
    assert (first.found, first.expected) == (found, expected)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Ca : mmolar (diffusive, D=1*um**2/ms)", "the flag 'diffusive' belongs to equations of neurons in space"),
        ("Ca : mmolar (shells=2)", "'shells' belongs to equations of neurons in space"),
        ("Ca : mmolar (influx=1*mmolar*meter/second)", "'influx' belongs to equations of neurons in space"),
    ],
)
def test_a_point_neuron_says_that_nothing_diffuses_in_it(line, said):
    with pytest.raises(UserError) as caught:
        NeuronGroup(1, line)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message == said
    assert diagnostic.hint.startswith("make the group a SpatialNeuron")
