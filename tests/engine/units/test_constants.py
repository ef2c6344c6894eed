"""Physical constants agree with each other."""

import numpy as np

from jupyspike_engine.units import UNITS
from jupyspike_engine.units import constants as c

u = UNITS


def test_constants_have_their_units():
    assert c.avogadro_constant.dim is (1 / u["mole"]).dim
    assert c.boltzmann_constant.dim is (u["joule"] / u["kelvin"]).dim
    assert c.electric_constant.dim is (u["farad"] / u["metre"]).dim
    assert c.electron_mass.dim is u["kilogram"].dim
    assert c.elementary_charge.dim is u["coulomb"].dim
    assert c.faraday_constant.dim is (u["coulomb"] / u["mole"]).dim
    assert c.gas_constant.dim is (u["joule"] / u["kelvin"] / u["mole"]).dim
    assert c.magnetic_constant.dim is (u["ohm"] * u["second"] / u["metre"]).dim
    assert c.molar_mass_constant.dim is (u["kilogram"] / u["mole"]).dim
    assert c.zero_celsius == 273.15 * u["kelvin"]


def test_products_of_exact_constants_have_their_published_digits():
    assert np.isclose(c.faraday_constant / (u["coulomb"] / u["mole"]), 96485.33212331, rtol=1e-13)
    assert np.isclose(c.gas_constant / (u["joule"] / u["kelvin"] / u["mole"]), 8.31446261815324, rtol=1e-14)


def test_the_speed_of_light_follows_from_the_electric_and_magnetic_constants():
    speed = (c.electric_constant * c.magnetic_constant) ** -0.5
    assert np.isclose(speed, 299792458 * u["metre"] / u["second"], rtol=1e-9)


def test_the_thermal_voltage_at_37_degrees():
    thermal = c.gas_constant * (c.zero_celsius + 37 * u["kelvin"]) / c.faraday_constant
    assert np.isclose(thermal, 26.7268 * u["mV"], rtol=1e-5)


def test_all_constants_are_exported():
    assert set(c.__all__) == {name for name in vars(c) if name.endswith(("_constant", "_mass", "_charge", "_celsius"))}
