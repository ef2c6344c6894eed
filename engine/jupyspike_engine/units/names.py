"""The names of units: base and derived units in both spellings, with prefixes and powers, and the usual shorthands.

Most scripts use a dozen of some two thousand names, so a unit is made when its name is first looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, NamedTuple

from .dimensions import AMPERE, CANDELA, COHERENT_UNITS, DIMENSIONLESS, KILOGRAM, METRE, MOLE, SECOND, Dimension
from .notation import PREFIXES, Prefix, Scale, symbol
from .unit import Unit


class Stem(NamedTuple):
    """A unit that takes prefixes: the spelling its symbol is known under, its dimension and power of ten."""

    known_as: str
    dimension: Dimension
    exponent: int = 0


_SPELLINGS = {
    "metre": ("metre", "meter"),
    "gram": ("gram", "gramme"),
    "second": ("second",),
    "amp": ("amp", "ampere"),
    "kelvin": ("kelvin",),
    "mole": ("mole", "mol"),
    "candela": ("candela",),
    "coulomb": ("coulomb",),
    "farad": ("farad",),
    "hertz": ("hertz",),
    "joule": ("joule",),
    "liter": ("liter", "litre"),
    "molar": ("molar",),
    "pascal": ("pascal",),
    "ohm": ("ohm",),
    "siemens": ("siemens",),
    "volt": ("volt",),
    "watt": ("watt",),
}
_NOT_COHERENT = {
    "gram": Stem("gram", KILOGRAM, -3),
    "liter": Stem("liter", METRE**3, -3),
    "molar": Stem("molar", MOLE / METRE**3, 3),
}
STEMS: dict[str, Stem] = {
    spelling: _NOT_COHERENT.get(known_as) or Stem(known_as, COHERENT_UNITS[known_as])
    for known_as, spellings in _SPELLINGS.items()
    for spelling in spellings
}
# Units of the SI that the star import leaves out.
_HENRY, _LUX, _GRAY = COHERENT_UNITS["ohm"] * SECOND, CANDELA / METRE**2, METRE**2 / SECOND**2
RARE_STEMS: dict[str, Stem] = {
    name: Stem(name, dimension)
    for name, dimension in {
        "newton": METRE * KILOGRAM / SECOND**2,
        "weber": _HENRY * AMPERE,
        "tesla": _HENRY * AMPERE / METRE**2,
        "henry": _HENRY,
        "katal": MOLE / SECOND,
        "becquerel": 1 / SECOND,
        "gray": _GRAY,
        "sievert": _GRAY,
        "candle": CANDELA,
        "lumen": CANDELA,
        "lux": _LUX,
        "radian": DIMENSIONLESS,
        "steradian": DIMENSIONLESS,
    }.items()
}
# The base unit of mass has a prefix already.
_WITHOUT_PREFIX = {name: Stem("kilogram", KILOGRAM) for name in ("kilogram", "kilogramme")}

_EXPORTED_PREFIXES = ("", "p", "n", "u", "m", "k", "M", "G", "T")
_POWERS = {"": 1, "2": 2, "3": 3}

# No one-letter names: they would hide variables.
SHORTHANDS: dict[str, str] = {
    "mV": "mvolt",
    "mA": "mamp",
    "uA": "uamp",
    "nA": "namp",
    "pA": "pamp",
    "pF": "pfarad",
    "uF": "ufarad",
    "nF": "nfarad",
    "nS": "nsiemens",
    "uS": "usiemens",
    "mS": "msiemens",
    "ms": "msecond",
    "us": "usecond",
    "Hz": "hertz",
    "kHz": "khertz",
    "MHz": "Mhertz",
    "cm": "cmetre",
    "cm2": "cmetre2",
    "cm3": "cmetre3",
    "mm": "mmetre",
    "mm2": "mmetre2",
    "mm3": "mmetre3",
    "um": "umetre",
    "um2": "umetre2",
    "um3": "umetre3",
    "mM": "mmolar",
    "uM": "umolar",
    "nM": "nmolar",
}


class _Recipe(NamedTuple):
    """How to make a unit."""

    spelling: str
    stem: Stem
    prefix: Prefix
    power: int

    def make(self) -> Unit:
        stem, p = self.stem, self.power
        exponent = (self.prefix.exponent + stem.exponent) * p
        named = symbol(self.spelling, self.prefix, stem.known_as)
        return Unit(Scale(stem.dimension**p, exponent, ((named, Fraction(p)),)))


class UnitNames(Mapping[str, Unit]):
    """Units by name, each made when it is first asked for; a name gives the same object each time.

    Parameters
    ----------
    stems : dict of Stem
        The units that take prefixes.
    prefixes, metre_prefixes : tuple of str
        The prefixes of units, and those of the metre.

    Examples
    --------
    >>> UNITS["mvolt"] is UNITS["mV"]
    True
    """

    _made: ClassVar[dict[_Recipe, Unit]] = {}

    def __init__(self, stems: Mapping[str, Stem], prefixes: tuple[str, ...], metre_prefixes: tuple[str, ...]) -> None:
        self._stems = stems
        self._prefixes = prefixes
        self._metre_prefixes = metre_prefixes

    @cached_property
    def _recipes(self) -> dict[str, _Recipe]:
        recipes = {}
        for spelling, stem in self._stems.items():
            for prefix in self._metre_prefixes if stem.known_as == "metre" else self._prefixes:
                for digit, power in _POWERS.items():
                    recipes[prefix + spelling + digit] = _Recipe(spelling, stem, PREFIXES[prefix], power)
        for spelling, stem in _WITHOUT_PREFIX.items():
            for digit, power in _POWERS.items():
                recipes[spelling + digit] = _Recipe(spelling, stem, PREFIXES[""], power)
        recipes.update({short: recipes[name] for short, name in SHORTHANDS.items()})
        return recipes

    def __getitem__(self, name: str) -> Unit:
        recipe = self._recipes[name]
        unit = self._made.get(recipe)
        return unit if unit is not None else self._made.setdefault(recipe, recipe.make())

    def __contains__(self, name: object) -> bool:
        return name in self._recipes

    def __iter__(self) -> Iterator[str]:
        return iter(self._recipes)

    def __len__(self) -> int:
        return len(self._recipes)


ALL_UNITS = UnitNames(STEMS | RARE_STEMS, tuple(PREFIXES), tuple(PREFIXES))
"""Every unit of the SI with every prefix, from yocto to yotta."""
UNITS = UnitNames(STEMS, _EXPORTED_PREFIXES, (*_EXPORTED_PREFIXES, "c"))
"""The units that ``from jupyspike import *`` brings."""
