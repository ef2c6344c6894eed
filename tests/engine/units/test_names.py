"""Units have names: both spellings, prefixes, powers and shorthands."""

import importlib

import numpy as np
import pytest

from jupyspike_engine import units
from jupyspike_engine.units import ALL_UNITS, UNITS, Quantity, Unit, allunits, ms, mV, nS, uA
from jupyspike_engine.units.dimensions import DIMENSIONLESS
from jupyspike_engine.units.names import SHORTHANDS, STEMS

BASE_AND_DERIVED = """amp ampere kilogram kilogramme second metre meter mole mol kelvin candela coulomb farad
gram gramme hertz joule liter litre molar pascal ohm siemens volt watt"""
PREFIXES = {"p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
DOCUMENTED_SHORTHANDS = """mV mA uA nA pA pF uF nF nS uS mS ms us Hz kHz MHz cm cm2 cm3 mm mm2 mm3 um um2 um3
mM uM nM"""


@pytest.mark.parametrize("name", BASE_AND_DERIVED.split())
def test_base_and_derived_units_exist_squared_and_cubed(name):
    unit = UNITS[name]
    assert isinstance(unit, Unit)
    assert unit.name == name
    assert UNITS[name + "2"] == unit**2
    assert UNITS[name + "3"] == unit**3


def test_the_other_units_of_the_si_are_among_all_units():
    u = ALL_UNITS
    assert u["newton"] * u["metre"] == u["joule"]
    assert u["weber"] == u["volt"] * u["second"] == u["tesla"] * u["metre2"]
    assert u["henry"] == u["ohm"] * u["second"]
    assert u["katal"] == u["mole"] / u["second"]
    assert u["becquerel"] == u["hertz"]
    assert u["gray"] == u["sievert"] == u["joule"] / u["kilogram"]
    assert u["candle"] == u["lumen"] == u["lux"] * u["metre2"] == u["candela"]
    assert 3 * u["mradian"] == 3e-3
    assert u["steradian"] * u["newton"] == u["newton"]
    assert str(u["knewton3"]) == "kN^3"
    assert not {"newton", "mtesla", "radian"} & set(UNITS)


@pytest.mark.parametrize("name", ["newton", "radian"])
def test_a_unit_is_written_by_its_name(name):
    assert repr(ALL_UNITS[name]) == name


def test_temperatures_are_in_kelvin_only():
    with pytest.raises(AttributeError, match="zero_celsius"):
        allunits.celsius  # noqa: B018


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("name", STEMS)
def test_prefixes_multiply_units(name, prefix):
    unit = UNITS[prefix + name]
    assert unit.dim is UNITS[name].dim
    assert np.isclose(unit / UNITS[name], PREFIXES[prefix], rtol=1e-15)
    assert UNITS[prefix + name + "2"] == unit**2


@pytest.mark.parametrize(
    ("one", "other"),
    [("amp", "ampere"), ("metre", "meter"), ("gram", "gramme"), ("mole", "mol"), ("liter", "litre")],
)
def test_both_spellings_are_one_unit(one, other):
    assert UNITS[one] == UNITS[other]
    assert UNITS["m" + one] == UNITS["m" + other]
    assert UNITS["kilogram"] == UNITS["kilogramme"] == UNITS["kgram"]


@pytest.mark.parametrize("name", DOCUMENTED_SHORTHANDS.split())
def test_shorthands_exist(name):
    assert UNITS[name] is UNITS[SHORTHANDS[name]]
    assert str(UNITS[name]) in (name, name.replace("2", "^2").replace("3", "^3"))


def test_no_name_has_one_letter():
    assert all(len(name) > 1 for name in ALL_UNITS)


def test_the_star_import_has_centimetres_but_no_other_centi_and_no_rare_prefix():
    assert "cmetre" in UNITS
    assert "cmeter3" in UNITS
    assert not {"csecond", "dmetre", "ymole", "Yvolt", "damp"} & set(UNITS)
    assert not any("kilogram" in name and not name.startswith("kilogram") for name in UNITS)
    assert set(UNITS) < set(ALL_UNITS)
    assert {"ymole", "Yvolt3", "dliter", "cvolt"} <= set(ALL_UNITS)
    assert ALL_UNITS["mvolt"] is UNITS["mvolt"]


def test_values_of_units_are_the_doubles_next_to_them():
    assert float(mV) == 1e-3
    assert float(UNITS["us"]) == 1e-6
    assert float(UNITS["um3"]) == 1e-18
    assert float(UNITS["liter"]) == 1e-3
    assert float(UNITS["mM"]) == 1.0
    assert float(UNITS["gram"]) == 1e-3


def test_derived_units_are_coherent():
    u = UNITS
    assert u["volt"] == u["watt"] / u["amp"] == u["joule"] / u["coulomb"]
    assert u["siemens"] == u["amp"] / u["volt"]
    assert u["farad"] * u["ohm"] == u["second"]
    assert u["hertz"] == 1 / u["second"]
    assert u["pascal"] == u["joule"] / u["metre3"]
    assert u["molar"] == u["mole"] / u["liter"]


def test_a_unit_knows_its_name_its_symbol_and_its_power_of_ten():
    assert (mV.name, mV.display, mV.dispname, mV.scale) == ("mvolt", "mV", "mV", -3)
    assert not mV.iscompound and (mV / ms).iscompound and (mV**2).iscompound
    assert mV.latexname == r"\mathrm{mV}"
    assert repr(mV) == "mvolt"
    assert str(mV) == "mV"


def test_products_quotients_and_powers_of_units_are_units():
    density = uA / UNITS["cm"] ** 2
    assert isinstance(density, Unit)
    assert density.scale == -2
    assert float(density) == 1e-2
    assert repr(density) == "uamp / cmetre ** 2"
    assert str(nS / ms) == "nS/ms"
    assert repr(mV * nS) == "mvolt * nsiemens"
    assert repr(mV * mV) == "mvolt ** 2"
    assert isinstance(mV**2, Unit)


def test_a_quotient_of_equal_units_is_a_number():
    assert mV / UNITS["volt"] == 1e-3
    assert isinstance(mV / mV, float)


def test_what_is_no_product_of_units_is_a_quantity():
    for q in (2 * mV, mV + mV, 1 / mV, mV**0.5, -mV):
        assert isinstance(q, Quantity)
        assert not isinstance(q, Unit)


def test_a_unit_in_another_shape_is_an_array_of_one():
    reshaped = np.atleast_1d(mV)
    assert repr(reshaped) == "array([1.]) * mvolt"
    assert repr(reshaped * mV) == "array([1.]) * mvolt ** 2"
    assert repr(reshaped**2) == "array([1.]) * mvolt ** 2"
    assert mV[()] == mV.copy() == mV
    assert mV.copy() is mV


def test_units_are_keys():
    assert {mV: 1}[mV] == 1


def test_units_are_attributes_of_the_package():
    assert units.mV is UNITS["mV"]
    with pytest.raises(AttributeError, match="did you mean 'mvolt'"):
        units.mvlt  # noqa: B018


@pytest.mark.parametrize(("module", "some", "missing"), [("allunits", "Yvolt3", "mV_"), ("stdunits", "nS", "mvolt")])
def test_star_imports_of_unit_modules(module, some, missing):
    imported = importlib.import_module(f"jupyspike_engine.units.{module}")
    assert some in imported.__all__
    assert all(isinstance(getattr(imported, name), Unit) for name in imported.__all__[:50])
    with pytest.raises(AttributeError, match=missing):
        getattr(imported, missing)


def test_no_unit_is_dimensionless():
    assert all(unit.dim is not DIMENSIONLESS for unit in UNITS.values())
