"""Units."""

from copy import deepcopy

from proofs import Page
from pytest import raises

import jupyspike
from jupyspike import *
from jupyspike.units import allunits, constants

section = Page("2. user/units")


def unit(name):
    return getattr(jupyspike, name, None) or getattr(allunits, name)


@section.must("base and derived units, also under their second names", once=True)
def base_units():
    assert (amp, kilogram, metre, mole) == (ampere, kilogramme, meter, mol) and liter == litre
    assert volt == joule / coulomb and siemens == 1 / ohm and watt == joule / second and farad == coulomb / volt
    assert 1 * gram == 1e-3 * kilogram and 1 * molar == 1 * mole / liter and hertz == 1 / second
    assert pascal == joule / meter**3
    assert get_dimensions(candela) is not get_dimensions(kelvin)


@section.must("prefixes from p to T, centi for the metre", once=True)
def prefixes():
    for prefix, factor in {"p": -12, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12}.items():
        assert unit(f"{prefix}volt") == 10.0**factor * volt
    assert cmetre == cmeter == 0.01 * metre and "cvolt" not in globals() and "mkilogram" not in globals()


@section.must("second and third powers: siemens2, umetre3", once=True)
def powers():
    assert siemens2 == siemens**2 and allclose(umetre3 / metre**3, 1e-18) and msecond2 == ms**2


@section.must("short names: mV nA pF nS ms kHz cm2 um3 mM ...", once=True)
def short_names():
    for (
        name
    ) in """mV mA uA nA pA pF uF nF nS uS mS ms us Hz kHz MHz cm cm2 cm3 mm mm2 mm3 um um2 um3 mM uM nM""".split():
        assert isinstance(getattr(jupyspike, name), Unit)
    assert not {"V", "A", "s", "S", "F"} & set(jupyspike.__all__)


@section.often("all prefixes in units.allunits", once=True)
def all_units():
    assert allclose(float(allunits.yvolt), 1e-24) and allclose(float(allunits.Yvolt), 1e24)
    assert "yvolt" not in globals()


@section.must("a number times a unit is a quantity, a list times a unit an array of them", once=True)
def quantities():
    assert isinstance(3 * mV, Quantity) and isinstance(3 * mV, ndarray)
    assert ([1, 2, 3] * mV).shape == (3,) and ([1, 2, 3] * mV)[1] == 2 * mV


@section.must("quantities are printed in a unit that reads well", once=True)
def printing():
    assert str(0.07 * volt) == "70. mV" and repr(70 * mV) == "70. * mvolt"


@section.must("in-place operations: scalars stay what they were, arrays change in place", once=True)
def in_place():
    a = b = 1 * mV
    a += 1 * mV
    x = y = [1, 2] * mV
    x += 1 * mV
    assert b == 1 * mV and (y == [2, 3] * mV).all()


@section.must("units that do not fit are an error, which names both", once=True)
def mismatch():
    with raises(DimensionMismatchError, match=r"(?s)V.*A"):
        1 * mV + 1 * nA
    with raises(DimensionMismatchError):
        3 * mV < 2 * ms
    with raises(DimensionMismatchError):
        NeuronGroup(1, "v : volt").v = 3 * nA


@section.must("the units of arguments are checked", once=True)
def arguments():
    for wrong in (lambda: NeuronGroup(1, "v : 1", dt=1 * mV), lambda: run(1 * mV), lambda: Clock(dt=3)):
        with raises(DimensionMismatchError):
            wrong()


@section.must("without units: divide, asarray(), or the name of a variable with an underscore", once=True)
def without_units():
    G = NeuronGroup(2, "v : volt")
    G.v = 3 * mV
    assert type(asarray(3 * mV)) is ndarray and array([3 * mV]).dtype == float and not isinstance(3 * mV / mV, Unit)
    assert not isinstance(G.v_[:], Quantity) and G.v_[0] == 0.003


@section.often("methods of quantities: with_dimensions, in_unit, in_best_unit, get_best_unit, dimensions", once=True)
def methods():
    x = 0.0123 * volt
    assert x.in_unit(mV, 1) == "12.3 mV" and x.in_best_unit(1) == "12.3 mV" and x.get_best_unit() == mV
    assert Quantity.with_dimensions(2, volt.dim) == 2 * volt == Quantity(2, dim=volt.dim)
    assert (
        x.has_same_dimensions(mV) and x.dimensions is x.dim is volt.dim and "mvolt" in x.in_unit(mV, python_code=True)
    )


@section.often(
    "functions of units: get_dimensions, is_dimensionless, have_same_dimensions, in_unit, get_unit, ...", once=True
)
def unit_functions():
    assert get_dimensions(3 * mV) is volt.dim and have_same_dimensions(1 * mV, 1 * volt) and is_dimensionless(3)
    assert in_unit(3 * mV, uvolt, 0) == "3000. uV" and in_best_unit(3 * mV) and get_unit(volt.dim) == volt
    assert get_or_create_dimension(m=1) is metre.dim and is_scalar_type(3) and not is_scalar_type([1] * mV)
    assert callable(register_new_unit)


@section.often("functions of numpy that know units: exp, log, sin, dot, where, arange, linspace, ...", once=True)
def numpy_functions():
    for f in (log, log10, exp, expm1, log1p, exprel, sin, cos, tan, sinh, cosh, tanh, arcsin, arccos, arctan,
              arcsinh, arccosh, arctanh):  # fmt: skip
        with raises(DimensionMismatchError):
            f(1 * mV)
    square = [[1, 2], [3, 4]] * mV
    assert trace(square) == 5 * mV and (diagonal(square) == [1, 4] * mV).all() and ravel(square).shape == (4,)
    product = dot([1, 2] * mV, [3, 4] * nA)  # in which order it is rounded depends on the machine
    assert product.dim is watt.dim and allclose(product / pwatt, 11, rtol=1e-15)
    assert where([True], [1] * mV, [2] * mV)[0] == 1 * mV
    assert ones_like([1] * mV)[0] == 1 and zeros_like([1] * mV)[0] == 0 and ptp([1, 3] * mV) == 2 * mV
    assert linspace(0 * mV, 2 * mV, 3)[1] == 1 * mV and arange(0 * ms, 3 * ms, 1 * ms)[2] == 2 * ms


@section.often("methods of arrays keep units: mean, std, clip, repeat, searchsorted, cumsum, prod, ...", once=True)
def array_methods():
    x = [1, 2, 3] * mV
    assert x.mean() == 2 * mV and x.sum() == 6 * mV and allclose(x.std() / mV, sqrt(2 / 3)) and x.max() == 3 * mV
    assert x.clip(2 * mV, 3 * mV)[0] == 2 * mV and x.repeat(2).shape == (6,) and x.searchsorted(2 * mV) == 1
    assert allclose(x.prod() / mV**3, 6) and x.cumsum()[2] == 6 * mV and x.var() / mV**2 > 0
    assert (x / mV).cumprod()[2] == 6


@section.must("temperatures are in kelvin only", once=True)
def temperature():
    assert "celsius" not in globals() and 300 * kelvin - 1 * kelvin == 299 * kelvin


@section.often("physical constants in units.constants", once=True)
def physical_constants():
    from jupyspike.units.constants import boltzmann_constant, faraday_constant, gas_constant, zero_celsius

    assert allclose(float(gas_constant), 8.314, rtol=1e-3) and zero_celsius == 273.15 * kelvin
    names = (
        """avogadro_constant electric_constant electron_mass elementary_charge magnetic_constant molar_mass_constant"""
    )
    assert all(hasattr(constants, name) for name in names.split())
    assert get_dimensions(boltzmann_constant) is (joule / kelvin).dim and faraday_constant > 96000 * coulomb / mol


@section.often("formulas for notebooks: quantities, units and equations in LaTeX", once=True)
def latex():
    for thing in (3 * mV, mV, Equations("dv/dt = -v/ms : volt")):
        assert "$" in thing._repr_latex_() or "begin" in thing._repr_latex_()


@section.often("summaries of schedules and profiles in HTML", once=True)
def html():
    G = NeuronGroup(1, "dv/dt = -v/ms : 1")
    run(0.1 * ms, profile=True)
    assert "<" in scheduling_summary()._repr_html_() and "<" in profiling_summary()._repr_html_() and G.t > 0 * ms


@section.often("groups in HTML", once=True)
def html_of_groups():
    assert "<" in NeuronGroup(1, "dv/dt = -v/ms : 1")._repr_html_()


@section.often("quantities are copied and pickled with their units", once=True)
def copies():
    assert deepcopy([1, 2] * mV)[1] == 2 * mV
