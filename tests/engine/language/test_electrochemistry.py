"""Nernst's potential and the current of Goldman, Hodgkin and Katz as functions of the language."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike import NeuronGroup
from jupyspike_engine.diagnostics import DimensionMismatchError, UserError
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.electrochemistry import ghk_current, nernst_potential
from jupyspike_engine.language.expressions import expression
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.language.syntax import Call, Number
from jupyspike_engine.numerics.affine import affine
from jupyspike_engine.numerics.derivative import derivative
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.units import mM, mV, nM, volt
from jupyspike_engine.units.constants import faraday_constant, gas_constant

F, R, T = float(faraday_constant), float(gas_constant), 309.0
ION = """v : volt
Ca : mmolar
E = nernst_potential(2, Ca, 2*mmolar, 309*kelvin) : volt
I = ghk_current(1*um/second, 2, v, Ca, 2*mmolar, 309*kelvin) : amp/meter**2"""


def number(tree):
    """The value of an expression of numbers."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Call):
        x = number(tree.arguments[0])
        return np.log(x) if tree.function == "log" else np.expm1(x) / x if x else 1.0
    values = [number(operand) for operand in tree.operands]
    if len(values) == 1:
        return -values[0]
    left, right = values
    return {"+": left + right, "-": left - right, "*": left * right, "/": left / (right or 1.0)}[tree.symbol]


def test_an_ion_is_in_equilibrium_at_its_nernst_potential(target):
    ion = NeuronGroup(2, ION)
    ion.Ca = [50, 5000] * nM
    ion.v = ion.E
    assert ion.E / mV == pytest.approx(1e3 * R * T / (2 * F) * np.log(2 / np.array([5e-5, 5e-3])), rel=1e-12)
    assert np.abs(np.asarray(ion.I)).max() < 1e-12


def test_the_current_in_a_constant_field_is_smooth_at_zero(target):
    ion = NeuronGroup(5, ION)
    ion.v = [-60, -1e-9, 0, 1e-9, 40] * mV
    ion.Ca = 0.5 * mM
    u = 2 * F * np.array([-0.06, 0.04]) / (R * T)
    known = 1e-6 * 2 * F * u * (0.5 - 2 * np.exp(-u)) / (1 - np.exp(-u))
    assert np.asarray(ion.I)[[0, 4]] == pytest.approx(known, rel=1e-12)
    assert np.asarray(ion.I)[1:4] == pytest.approx(1e-6 * 2 * F * (0.5 - 2), rel=1e-7)


@given(st.floats(-0.2, 0.2), st.floats(1e-5, 200), st.floats(1e-5, 200), st.sampled_from([-2, -1, 1, 2]))
def test_the_current_changes_its_sign_where_nernst_says(v, inside, outside, z):
    ion = (Number(inside), Number(outside), Number(T))
    current = number(ghk_current(Number(1.0), Number(z), Number(v), *ion))
    force = v - number(nernst_potential(Number(z), *ion))
    assert current * force >= 0 or abs(force) < 1e-9


def test_it_is_known_to_integrators():
    call = expression("ghk_current(P, 2, v, Ca, Ca_o, T)", "current")
    assert set(affine(call, {"Ca"})[0]) == {"Ca"}
    assert derivative(call, "v") != Number(0)
    assert derivative(expression("nernst_potential(2, Ca, Ca_o, T)", "E"), "Ca") != Number(0)
    assert derivative(call, "x") == Number(0)


@pytest.mark.parametrize(
    ("value", "said", "place"),
    [
        ("nernst_potential(2, Ca, v, 309*kelvin)", "an argument of nernst_potential() has the wrong unit", "v"),
        ("nernst_potential(2, Ca, 2*mmolar, 36)", "an argument of nernst_potential() has the wrong unit", "36"),
        ("nernst_potential(2, Ca, 2*mmolar)", "nernst_potential() takes 4 arguments",
         "nernst_potential(2, Ca, 2*mmolar)"),
    ],
)  # fmt: skip
def test_units_and_number_of_arguments_are_checked(value, said, place):
    with pytest.raises(UserError) as caught:
        NeuronGroup(1, f"v : volt\nCa : mmolar\nE = {value} : volt")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.message, diagnostic.span.text) == (said, place)


def test_the_result_has_a_unit():
    with pytest.raises(DimensionMismatchError, match="the subexpression 'E' has the wrong unit"):
        NeuronGroup(1, "Ca : mmolar\nE = nernst_potential(2, Ca, 2*mmolar, 309*kelvin) : 1")


def test_a_constant_of_a_cell_may_be_such_a_potential():
    scope = Scope({}, external_names({}, {}), complete=True)
    value = value_of(expression("nernst_potential(1, 140*mmolar, 5*mmolar, 310*kelvin)", "E_K"), scope)
    assert value / volt == pytest.approx(-0.0890, abs=1e-4)
