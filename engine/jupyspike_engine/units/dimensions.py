"""Physical dimensions: exponents of the seven SI base quantities, their algebra and how they are written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from numbers import Rational, Real
from typing import ClassVar

Factors = tuple[tuple[str, Fraction], ...]
"""A product of powers of named units, such as ``(("volt", 1), ("second", -1))``."""

BASE_NAMES = ("metre", "kilogram", "second", "amp", "kelvin", "mole", "candela")
"""The coherent SI base units, in the order of the exponents."""

# Powers of floats such as 1/3 are meant as the fraction they are next to.
_LARGEST_DENOMINATOR = 1000


class Dimension:
    """The physical dimension of a quantity, such as that of a voltage.

    There is one object for each dimension, so equality is identity and operations are looked up, not computed.

    Parameters
    ----------
    exponents : iterable of 7 numbers
        Powers of metre, kilogram, second, ampere, kelvin, mole and candela.

    Attributes
    ----------
    exponents : tuple of 7 fractions.Fraction

    Examples
    --------
    >>> speed = METRE / SECOND
    >>> str(speed), str(speed**2 / speed), speed * SECOND is METRE
    ('metre / second', 'metre / second', True)
    """

    __slots__ = ("_exponents",)
    _exponents: tuple[Fraction, ...]
    _known: ClassVar[dict[tuple[Fraction, ...], Dimension]] = {}

    def __new__(cls, exponents: Iterable[Real | int | float]) -> Dimension:
        key = tuple(_as_fraction(e) for e in exponents)
        if len(key) != len(BASE_NAMES):
            raise ValueError(f"a dimension has {len(BASE_NAMES)} exponents, not {len(key)}")
        known = cls._known.get(key)
        if known is None:
            known = object.__new__(cls)
            known._exponents = key
            # setdefault, so that two threads that meet here agree on one object
            known = cls._known.setdefault(key, known)
        return known

    @property
    def exponents(self) -> tuple[Fraction, ...]:
        return self._exponents

    @property
    def is_dimensionless(self) -> bool:
        """True for the dimension of a plain number."""
        return self is DIMENSIONLESS

    def __mul__(self, other: Dimension) -> Dimension:
        if not isinstance(other, Dimension):
            return NotImplemented
        return _product(self, other)

    def __truediv__(self, other: Dimension) -> Dimension:
        if not isinstance(other, Dimension):
            return NotImplemented
        return _quotient(self, other)

    def __rtruediv__(self, other: int) -> Dimension:
        """``1 / dimension``, the inverse."""
        if other != 1:
            return NotImplemented
        return _power(self, -1)

    def __pow__(self, exponent: float | Fraction) -> Dimension:
        return _power(self, exponent)

    def __str__(self) -> str:
        return as_code(named_factors(self))

    def __repr__(self) -> str:
        return f"<Dimension {self}>"

    def _repr_latex_(self) -> str:
        from .notation import coherent_scale, latex

        return f"${latex(coherent_scale(self).factors) or '1'}$"

    def __reduce__(self) -> tuple[type[Dimension], tuple[tuple[Fraction, ...]]]:
        return Dimension, (self._exponents,)

    def __copy__(self) -> Dimension:
        return self

    def __deepcopy__(self, memo: object) -> Dimension:
        return self


def _as_fraction(number: object) -> Fraction:
    """A fraction from any real number; floats become the nearest simple fraction."""
    if isinstance(number, (int, Fraction, Rational)):
        return Fraction(number)
    value = float(number)  # type: ignore[arg-type]  # anything numeric, such as a 0-d array
    if not math.isfinite(value):
        raise ValueError(f"an exponent must be finite, not {value}")
    return Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)


@lru_cache(maxsize=4096)
def _product(a: Dimension, b: Dimension) -> Dimension:
    return Dimension(x + y for x, y in zip(a.exponents, b.exponents, strict=True))


@lru_cache(maxsize=4096)
def _quotient(a: Dimension, b: Dimension) -> Dimension:
    return Dimension(x - y for x, y in zip(a.exponents, b.exponents, strict=True))


@lru_cache(maxsize=4096)
def _power(a: Dimension, exponent: float | Fraction) -> Dimension:
    p = _as_fraction(exponent)
    return Dimension(x * p for x in a.exponents)


def _base(position: int) -> Dimension:
    return Dimension(int(i == position) for i in range(len(BASE_NAMES)))


DIMENSIONLESS = Dimension((0,) * len(BASE_NAMES))
METRE, KILOGRAM, SECOND, AMPERE, KELVIN, MOLE, CANDELA = (_base(i) for i in range(len(BASE_NAMES)))

_JOULE = METRE**2 * KILOGRAM / SECOND**2
_COULOMB = AMPERE * SECOND
_VOLT = _JOULE / _COULOMB
_HERTZ = DIMENSIONLESS / SECOND

# Coherent derived units, so each is a product of base units without a factor; mmolar is mole / metre ** 3.
COHERENT_UNITS: dict[str, Dimension] = {
    "volt": _VOLT,
    "siemens": AMPERE / _VOLT,
    "ohm": _VOLT / AMPERE,
    "farad": _COULOMB / _VOLT,
    "coulomb": _COULOMB,
    "watt": _JOULE / SECOND,
    "joule": _JOULE,
    "pascal": _JOULE / METRE**3,
    "mmolar": MOLE / METRE**3,
    "hertz": _HERTZ,
    **{name: _base(i) for i, name in enumerate(BASE_NAMES)},
}
_NAME_OF = {dimension: name for name, dimension in COHERENT_UNITS.items()}
# The derived units that may be part of a product: hertz is 1 / second there, unless nothing else stands above the line.
_IN_PRODUCTS = [name for name in COHERENT_UNITS if name not in BASE_NAMES and name != "hertz"]
# Products of two of these are usual, such as siemens / volt; others, such as watt / farad, are not.
_IN_PAIRS = ("volt", "siemens", "ohm", "farad")
# These also stand below the line and squared; charge, energy and pressure hardly ever do.
_PAIR_POWERS = tuple((Fraction(p), Fraction(q)) for p, q in ((1, 1), (1, -1), (-1, 1)))
_POWERS = tuple(Fraction(p) * sign for p in (1, 2, 3, Fraction(1, 2)) for sign in (1, -1))


@lru_cache(maxsize=1024)
def named_factors(dimension: Dimension) -> Factors:
    """The dimension as the shortest usual product of powers of coherent units, first those above the line.

    Examples
    --------
    >>> named_factors(METRE / SECOND)
    (('metre', Fraction(1, 1)), ('second', Fraction(-1, 1)))
    """
    name = _NAME_OF.get(dimension)
    if name is not None:
        return ((name, Fraction(1)),)
    best = min(_products(dimension), key=_awkwardness)
    if len(best) > 1 and all(p < 0 for _, p in best) and ("second", Fraction(-1)) in best:
        best = (("hertz", Fraction(1)), *(f for f in best if f[0] != "second"))
    return tuple(sorted(best, key=lambda factor: factor[1] < 0))


def _products(dimension: Dimension) -> Iterator[Factors]:
    yield _base_factors(dimension)
    for name in _IN_PRODUCTS:
        for p in _POWERS if name in _IN_PAIRS or name == "mmolar" else _POWERS[:1]:
            yield ((name, p), *_base_factors(dimension / COHERENT_UNITS[name] ** p))
    for i, first in enumerate(_IN_PAIRS):
        for second in _IN_PAIRS[i + 1 :]:
            for p, q in _PAIR_POWERS:
                pair = COHERENT_UNITS[first] ** p * COHERENT_UNITS[second] ** q
                yield ((first, p), (second, q), *_base_factors(dimension / pair))


def _base_factors(dimension: Dimension) -> Factors:
    return tuple((name, p) for name, p in zip(BASE_NAMES, dimension.exponents, strict=True) if p)


def _awkwardness(factors: Factors) -> float:
    """How hard a product is to read: one for each factor, more for a power, a little for each one below the line."""
    return sum((1.0 if abs(p) == 1 else 1.5) + (0.1 if p < 0 else 0.0) for _, p in factors)


def as_code(factors: Factors) -> str:
    """A product of named units as Python code, such as ``volt / second`` or ``1 / second ** 0.5``."""
    above = [name + _power_code(p) for name, p in factors if p > 0]
    below = [name + _power_code(-p) for name, p in factors if p < 0]
    return " / ".join([" * ".join(above) or "1", *below])


def _power_code(p: Fraction) -> str:
    return "" if p == 1 else f" ** {exponent_text(p)}"


def exponent_text(p: Fraction) -> str:
    """``2``, ``0.5`` or ``(1/3)``."""
    if p.denominator == 1:
        return str(p.numerator)
    decimal = str(float(p))
    return decimal if Fraction(decimal) == p else f"({p})"


_KEYWORDS = {
    key: position
    for position, keys in enumerate(
        (
            ("metre", "meter", "metres", "meters", "length", "m"),
            ("kilogram", "kilogramme", "kilograms", "kilogrammes", "mass", "kg"),
            ("second", "seconds", "time", "s"),
            ("amp", "ampere", "amps", "amperes", "current", "electric_current", "A"),
            ("kelvin", "kelvins", "temperature", "K"),
            ("mole", "mol", "moles", "quantity", "substance", "amount", "n"),
            ("candela", "candelas", "luminosity", "luminous_intensity", "cd"),
        )
    )
    for key in keys
}


def get_or_create_dimension(*exponents: object, **powers: float) -> Dimension:
    """The dimension with the given powers of the base units.

    Parameters
    ----------
    *exponents : one sequence of 7 numbers
        Powers of metre, kilogram, second, ampere, kelvin, mole and candela.
    **powers : float
        Powers by name (``metre``, ``second``, ...), quantity (``length``, ``time``, ...) or symbol (``m``, ``s``, ...).

    Raises
    ------
    TypeError
        If neither or both forms are used, or a keyword names no base unit.

    Examples
    --------
    >>> str(get_or_create_dimension(length=1, time=-1))
    'metre / second'
    """
    if exponents:
        if len(exponents) != 1 or powers:
            raise TypeError("give either one sequence of 7 exponents or powers by name")
        return Dimension(exponents[0])  # type: ignore[arg-type]  # checked by Dimension
    values = [0.0] * len(BASE_NAMES)
    for key, power in powers.items():
        if key not in _KEYWORDS:
            raise TypeError(f"'{key}' names no base unit; the names are {', '.join(BASE_NAMES)}")
        values[_KEYWORDS[key]] += power
    return Dimension(values)
