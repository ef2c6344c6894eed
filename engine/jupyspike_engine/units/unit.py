"""Units of measurement."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from . import notation
from .arrays import Quantity
from .dimensions import DIMENSIONLESS
from .notation import Scale


class Unit(Quantity):
    """A unit of measurement: a quantity of one with a name, such as ``mvolt``. Units never change.

    Products, quotients and whole powers of units are units too.

    Parameters
    ----------
    definition : Scale
        Dimension, power of ten and how it is written.

    Examples
    --------
    >>> mvolt, str(mvolt), mvolt.scale
    (mvolt, 'mV', -3)
    >>> uA / cm**2
    uamp / cmetre ** 2
    """

    __slots__ = ("definition",)
    definition: Scale

    def __new__(cls, definition: Scale) -> Unit:
        self = np.array(definition.factor).view(cls)
        self.dim = definition.dimension
        self.definition = definition
        self.setflags(write=False)
        return self

    def __array_finalize__(self, obj: Any) -> None:
        super().__array_finalize__(obj)
        self.definition = getattr(obj, "definition", None)  # type: ignore[assignment]  # __new__ sets it next

    @property
    def scale(self) -> int:
        """Power of ten of the unit in base units: -3 for ``mvolt``."""
        return self.definition.exponent

    @property
    def name(self) -> str:
        """Name in Python, ``mvolt``."""
        return notation.code(self.definition.factors)

    @property
    def display(self) -> str:
        """What printed values end with, ``mV``."""
        return notation.display(self.definition.factors)

    @property
    def dispname(self) -> str:
        """The same as `display`."""
        return self.display

    @property
    def iscompound(self) -> bool:
        """Whether it is a product or a power of units, such as ``mvolt / second``."""
        return len(self.definition.factors) != 1 or self.definition.factors[0][1] != 1

    @property
    def latexname(self) -> str:
        """The unit in LaTeX, in math mode."""
        return notation.latex(self.definition.factors)

    def __mul__(self, other: Any) -> Any:
        if not (_is_single(self) and _is_single(other)):
            return super().__mul__(other)
        return _combined(self, other, 1)

    def __truediv__(self, other: Any) -> Any:
        if not (_is_single(self) and _is_single(other)):
            return super().__truediv__(other)
        return _combined(self, other, -1)

    def __pow__(self, exponent: Any, modulo: Any = None) -> Any:
        if isinstance(exponent, (int, float, Fraction)) and _is_single(self):
            p = Fraction(exponent).limit_denominator(1000)
            if (p * self.scale).denominator == 1:
                factors = notation.multiplied((), self.definition.factors, p)
                return Unit(Scale(self.dim**p, int(p * self.scale), factors))
        return super().__pow__(exponent)

    def __str__(self) -> str:
        return self.display or "1" if _is_single(self) else super().__str__()

    def __repr__(self) -> str:
        return self.name if _is_single(self) else super().__repr__()

    def _repr_latex_(self) -> str:
        return f"${self.latexname}$" if _is_single(self) else super()._repr_latex_()

    def __format__(self, format_spec: str) -> str:
        return format(str(self), format_spec)

    def __reduce__(self) -> Any:
        return Unit, (self.definition,)

    def copy(self, order: Any = "C") -> Unit:
        """The unit itself: it never changes."""
        return self

    def __copy__(self) -> Unit:
        return self

    def __deepcopy__(self, memo: dict[int, Any] | None) -> Unit:
        return self

    __hash__ = Quantity.__hash__


def _is_single(x: Any) -> bool:
    """Whether `x` is a unit, not an array that numpy made by reshaping one."""
    return isinstance(x, Unit) and x.ndim == 0


def _combined(a: Unit, b: Unit, sign: int) -> Any:
    """Product or quotient of two units; a plain number if nothing of a unit remains."""
    dimension = a.dim * b.dim if sign > 0 else a.dim / b.dim
    exponent = a.scale + sign * b.scale
    if dimension is DIMENSIONLESS:
        return notation.power_of_ten(exponent)
    factors = notation.multiplied(a.definition.factors, b.definition.factors, Fraction(sign))
    return Unit(Scale(dimension, exponent, factors))
