"""How units are written, as Python code, as symbols and in LaTeX, and which of them suits a value best."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .dimensions import Dimension, as_code, exponent_text, named_factors


@dataclass(frozen=True, slots=True)
class Prefix:
    """An SI prefix: what it adds to a unit's name and symbol, and the power of ten it stands for."""

    name: str
    latex: str
    exponent: int


PREFIXES: dict[str, Prefix] = {
    prefix.name: prefix
    for prefix in (
        *(Prefix(name, name, 24 - 3 * i) for i, name in enumerate("YZEPTGMk")),
        Prefix("h", "h", 2),
        Prefix("da", "da", 1),
        Prefix("", "", 0),
        Prefix("d", "d", -1),
        Prefix("c", "c", -2),
        Prefix("m", "m", -3),
        Prefix("u", r"\mu ", -6),
        *(Prefix(name, name, -9 - 3 * i) for i, name in enumerate("npfazy")),
    )
}

# Prefixes that printed values use: what the star import knows. Nobody writes a kilosecond.
_PRINTED_PREFIXES = tuple(PREFIXES[name] for name in ("p", "n", "u", "m", "", "k", "M", "G", "T"))
_LARGEST_PRINTED = {"second": 0, "mole": 0, "molar": 0, "kelvin": 0, "candela": 0, "gram": 3, "metre": 3}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A unit with a name of its own, such as ``mvolt``, written ``mV``.

    Parameters
    ----------
    name : str
        Name in Python.
    display : str
        What a printed value ends with.
    latex : str
        The same in LaTeX, in math mode.
    """

    name: str
    display: str
    latex: str


UnitFactors = tuple[tuple[Symbol, Fraction], ...]
"""A unit as a product of powers of named ones."""

_SYMBOL_TEXT = {
    "metre": "m",
    "kilogram": "kg",
    "gram": "g",
    "second": "s",
    "amp": "A",
    "kelvin": "K",
    "mole": "mol",
    "candela": "cd",
    "volt": "V",
    "siemens": "S",
    "ohm": "ohm",
    "farad": "F",
    "coulomb": "C",
    "watt": "W",
    "joule": "J",
    "pascal": "Pa",
    "molar": "M",
    "hertz": "Hz",
    "liter": "l",
    "newton": "N",
    "weber": "Wb",
    "tesla": "T",
    "henry": "H",
    "katal": "kat",
    "becquerel": "Bq",
    "gray": "Gy",
    "sievert": "Sv",
    "candle": "cd",
    "lumen": "lm",
    "lux": "lx",
    "radian": "rad",
    "steradian": "sr",
}


def symbol(name: str, prefix: Prefix = PREFIXES[""], like: str = "") -> Symbol:
    """The symbol of a prefixed unit; ``like`` is the spelling under which its text is known."""
    text = _SYMBOL_TEXT[like or name]
    return Symbol(prefix.name + name, prefix.name + text, _symbol_latex(prefix.latex, text))


def _symbol_latex(prefix: str, text: str) -> str:
    if text != "ohm":
        return rf"\mathrm{{{prefix}{text}}}"
    return rf"\mathrm{{{prefix}}}\Omega" if prefix else r"\Omega"


def multiplied(a: UnitFactors, b: UnitFactors, power: Fraction = Fraction(1)) -> UnitFactors:
    """The factors of ``a * b ** power``; equal units are collected."""
    powers = dict(a)
    for unit, p in b:
        powers[unit] = powers.get(unit, Fraction(0)) + p * power
    return tuple((unit, p) for unit, p in powers.items() if p)


def code(factors: UnitFactors) -> str:
    """Python code for a unit, such as ``uamp / cmetre ** 2``."""
    return as_code(tuple((unit.name, p) for unit, p in factors))


def display(factors: UnitFactors) -> str:
    """The unit as it ends a printed value, such as ``uA/cm^2``."""
    above = [unit.display + _display_power(p) for unit, p in factors if p > 0]
    below = [unit.display + _display_power(-p) for unit, p in factors if p < 0]
    if not below:
        return " ".join(above)
    if not above:
        return " ".join(f"{unit.display}^{exponent_text(p)}" for unit, p in factors)
    divisor = below[0] if len(below) == 1 else f"({' '.join(below)})"
    return f"{' '.join(above)}/{divisor}"


def _display_power(p: Fraction) -> str:
    return "" if p == 1 else f"^{exponent_text(p)}"


def latex(factors: UnitFactors) -> str:
    r"""The unit in LaTeX, without dollar signs, such as ``\frac{\mathrm{V}}{\mathrm{s}}``."""
    above = r"\,".join(unit.latex + _latex_power(p) for unit, p in factors if p > 0)
    below = r"\,".join(unit.latex + _latex_power(-p) for unit, p in factors if p < 0)
    return rf"\frac{{{above or '1'}}}{{{below}}}" if below else above


def _latex_power(p: Fraction) -> str:
    return "" if p == 1 else f"^{{{p}}}"


@dataclass(frozen=True, slots=True)
class Scale:
    """One way to write values of a dimension: in units of ``10 ** exponent`` base units."""

    dimension: Dimension
    exponent: int
    factors: UnitFactors

    @property
    def factor(self) -> float:
        return power_of_ten(self.exponent)


def power_of_ten(exponent: int) -> float:
    """The double nearest to a power of ten; ``10.0 ** -3`` is not always it."""
    return float(f"1e{exponent}")


_registered: dict[Dimension, list[Scale]] = {}


def register(scale: Scale) -> None:
    """Prefer a unit when values of its dimension are printed."""
    registered = _registered.setdefault(scale.dimension, [])
    if scale not in registered:
        registered.append(scale)
        scales.cache_clear()


@lru_cache(maxsize=1024)
def coherent_scale(dimension: Dimension) -> Scale:
    """The way to write a dimension in base units without a factor."""
    return Scale(dimension, 0, tuple((_coherent_symbol(name), p) for name, p in named_factors(dimension)))


def _coherent_symbol(name: str) -> Symbol:
    return symbol("molar", PREFIXES["m"]) if name == "mmolar" else symbol(name)


@lru_cache(maxsize=1024)
def scales(dimension: Dimension) -> tuple[Scale, ...]:
    """The ways to write a dimension, from the smallest unit to the largest.

    The first unit of a product carries the prefix: ``mV/s``, not ``uV/ms``. Densities on a membrane are per square
    centimetre, as the field writes them. Units that a user registered replace all others.
    """
    found = _registered.get(dimension) or list(_prefixed(coherent_scale(dimension)))
    return tuple(sorted(found, key=lambda scale: scale.exponent))


def _prefixed(coherent: Scale) -> Iterator[Scale]:
    factors, shift = _per_square_centimetre(coherent.factors)
    if not factors:
        yield coherent
        return
    (first, power), *rest = factors
    if power.denominator != 1 or power < 0:
        yield coherent
        return
    stem, offset = _stem(first)
    for prefix in _PRINTED_PREFIXES:
        if prefix.exponent > _LARGEST_PRINTED.get(stem, 12):
            continue
        exponent = (prefix.exponent - offset) * int(power) + shift
        scaled = first if prefix.exponent == offset else symbol(stem, prefix)
        yield replace(coherent, exponent=exponent, factors=((scaled, power), *rest))


def _stem(unit: Symbol) -> tuple[str, int]:
    """The unit that takes prefixes for a coherent one, and the power of ten the coherent one is of it."""
    if unit.name == "kilogram":
        return "gram", 3
    if unit.name == "mmolar":
        return "molar", -3
    return unit.name, 0


def _per_square_centimetre(factors: UnitFactors) -> tuple[UnitFactors, int]:
    """Electrical densities per square metre as per square centimetre, with the power of ten that the unit grows by."""
    electrical = {"amp", "siemens", "farad", "coulomb"}
    metre, centimetre = symbol("metre"), symbol("metre", PREFIXES["c"])
    if len(factors) == 2 and factors[0][0].name in electrical and factors[1] == (metre, Fraction(-2)):
        return (factors[0], (centimetre, Fraction(-2))), 4
    return factors, 0


def best_scale(values: NDArray[Any], dimension: Dimension) -> Scale:
    """The largest unit of which the largest finite value is at least 1, so that it reads as 1 to 999.

    Where prefixes are more than a factor of 1000 apart, as for areas, the range is wider in both directions.
    Zero, infinity and NaN alone are written in base units, and so is what is too small or too large for all prefixes.
    """
    candidates = scales(dimension)
    magnitudes = np.abs(values) if values.dtype.kind in "biufc" else np.zeros(0)
    finite = magnitudes[np.isfinite(magnitudes) & (magnitudes > 0)]
    if not finite.size:
        return next((s for s in candidates if s.exponent == 0), coherent_scale(dimension))
    # 999.9999999 is 1000 that was rounded on its way here
    largest = float(finite.max()) * (1 + 1e-9)
    beyond = not candidates[0].factor * 1e-3 <= largest < candidates[-1].factor * 1e6
    if beyond and dimension not in _registered:
        return coherent_scale(dimension)
    best = candidates[0]
    for smaller, scale in itertools.pairwise(candidates):
        spread = max(0, scale.exponent - smaller.exponent - 3)
        if scale.factor * 10 ** (-spread / 2) <= largest:
            best = scale
    return best
