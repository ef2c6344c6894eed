"""How a quantity writes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ..diagnostics import DimensionMismatchError
from . import notation, printing
from .dimensions import DIMENSIONLESS, Dimension
from .ufuncs import short_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .arrays import Quantity
    from .unit import Unit


class WritesItself:
    """The text forms of an array with a dimension: in a given unit, in the best one, as code, in LaTeX."""

    __slots__ = ()

    if TYPE_CHECKING:
        dim: Dimension

    def _in_base_units(self) -> NDArray[Any]:
        return np.asarray(cast("Any", self))

    def in_unit(self, u: Quantity | Unit, precision: int | None = None, python_code: bool = False) -> str:
        """The values as text in a unit.

        Parameters
        ----------
        u : Unit or Quantity
            Unit of the same dimension.
        precision : int, optional
            Digits after the point; numpy's print option if it is not given.
        python_code : bool
            Write an expression for the values, ``10. * mvolt``, in place of ``10. mV``.

        Raises
        ------
        DimensionMismatchError
            If the unit has another dimension.

        Examples
        --------
        >>> (3 * volt).in_unit(mvolt)
        '3000. mV'
        """
        unit_dim = getattr(u, "dim", DIMENSIONLESS)
        if unit_dim is not self.dim:
            shown = short_text(self._in_base_units(), self.dim)
            raise DimensionMismatchError(
                f"Cannot write {shown} in {u}, units do not match (units are {self.dim} and {unit_dim}).", kind="unit"
            )
        definition = getattr(u, "definition", None)
        if definition is not None:
            return printing.in_scale(self._in_base_units(), definition, precision, python_code)
        number = printing.numbers(np.asarray(self._in_base_units() / np.asarray(u)), precision)
        return f"{number} * ({u!r})" if python_code else f"{number} ({u})"

    def get_best_unit(self) -> Unit:
        """The unit in which the values read best."""
        from .unit import Unit

        return Unit(notation.best_scale(self._in_base_units(), self.dim))

    def in_best_unit(self, precision: int | None = None, python_code: bool = False) -> str:
        """The values as text in the unit in which they read best; see `in_unit`."""
        return printing.in_best_scale(self._in_base_units(), self.dim, precision, python_code)

    def __str__(self) -> str:
        return self.in_best_unit()

    def __repr__(self) -> str:
        return self.in_best_unit(python_code=True)

    def __format__(self, format_spec: str) -> str:
        """Format the number in the best unit, ``f"{70*mV:.1f}"`` is ``70.0 mV``."""
        if not format_spec:
            return str(self)
        scale = notation.best_scale(self._in_base_units(), self.dim)
        number = format(self._in_base_units() / scale.factor, format_spec)
        return f"{number} {notation.display(scale.factors)}".rstrip()

    def _repr_latex_(self) -> str:
        return printing.latex_in_best_scale(self._in_base_units(), self.dim)
