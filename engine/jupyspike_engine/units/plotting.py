"""Quantities on the axes of matplotlib."""

from __future__ import annotations

from typing import Any

from .arrays import Quantity, bare


def register_with_matplotlib() -> None:
    """Let matplotlib draw quantities: axes show values in SI base units, whatever else is drawn on them.

    Imports matplotlib. Without this, drawing quantities of two units against each other is a mismatch of units.

    Examples
    --------
    >>> register_with_matplotlib()  # doctest: +SKIP
    >>> plt.plot([1, 2] * ms, [-70, -65] * mV)  # doctest: +SKIP
    """
    from matplotlib import units

    class Converter(units.ConversionInterface):
        """Drops units."""

        @staticmethod
        def convert(obj: Any, unit: Any, axis: Any) -> Any:
            return bare(obj)[0]

    units.registry[Quantity] = Converter()
