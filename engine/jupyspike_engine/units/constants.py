"""Physical constants.

CODATA recommended values of 2018: E. Tiesinga, P. J. Mohr, D. B. Newell and B. N. Taylor, Rev. Mod. Phys. 93, 025010
(2021), https://physics.nist.gov/cuu/Constants/. Those without a standard uncertainty beside them are exact by
definition of the SI, or products of such.
"""

from __future__ import annotations

from .arrays import Quantity
from .dimensions import COHERENT_UNITS, KELVIN, KILOGRAM, METRE, MOLE

_COULOMB, _FARAD, _JOULE = (COHERENT_UNITS[name] for name in ("coulomb", "farad", "joule"))
_HENRY = _JOULE / COHERENT_UNITS["amp"] ** 2

avogadro_constant = Quantity(6.02214076e23, dim=1 / MOLE)
boltzmann_constant = Quantity(1.380649e-23, dim=_JOULE / KELVIN)
electric_constant = Quantity(8.8541878128e-12, dim=_FARAD / METRE)  # standard uncertainty 0.0000000013e-12
electron_mass = Quantity(9.1093837015e-31, dim=KILOGRAM)  # 0.0000000028e-31
elementary_charge = Quantity(1.602176634e-19, dim=_COULOMB)
faraday_constant = elementary_charge * avogadro_constant
gas_constant = boltzmann_constant * avogadro_constant
magnetic_constant = Quantity(1.25663706212e-6, dim=_HENRY / METRE)  # 0.00000000019e-6
molar_mass_constant = Quantity(0.99999999965e-3, dim=KILOGRAM / MOLE)  # 0.00000000030e-3
zero_celsius = Quantity(273.15, dim=KELVIN)

__all__ = [
    "avogadro_constant",
    "boltzmann_constant",
    "electric_constant",
    "electron_mass",
    "elementary_charge",
    "faraday_constant",
    "gas_constant",
    "magnetic_constant",
    "molar_mass_constant",
    "zero_celsius",
]
