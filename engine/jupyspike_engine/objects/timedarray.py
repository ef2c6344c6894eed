"""Values over time, given as an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..diagnostics import ArgumentTypeError, DimensionMismatchError, NotAvailableError
from ..language.check import unit_text
from ..plan.binding import TYPES, Table
from ..plan.functions import TableFunction
from ..units import SECOND, Dimension, bare, quantity
from .clocks import seconds
from .naming import register


class TimedArray:
    """A function of time that is constant over steps, with its values in an array.

    Value k holds from k*dt to (k + 1)*dt; before the first and after the last step the first and the last value hold.

    Parameters
    ----------
    values : array or Quantity
        One value for each step, or a row of values for each step, chosen by a number: ``f(t, i)``.
    dt : Quantity
        Length of the steps.
    name : str, optional
        The name under which equations call it is that of the variable that holds it; this one is for messages.

    Raises
    ------
    DimensionMismatchError
        ``dt`` is not a time.
    ArgumentError
        The values have no or more than two dimensions.

    Examples
    --------
    >>> current = TimedArray([0, 1, 2] * nA, dt=10 * ms)
    >>> current(15 * ms)
    1. * namp
    >>> G = NeuronGroup(1, 'I = current(t) : amp')
    """

    def __init__(self, values: Any, dt: Any, name: str = "_timedarray*") -> None:
        numbers, self.dim = bare(values)
        array = np.ascontiguousarray(numbers)
        if array.dtype.kind not in TYPES:
            raise ArgumentTypeError("the values of a TimedArray must be numbers", found=repr(values))
        if array.ndim not in (1, 2) or not array.size:
            raise NotAvailableError(
                "a TimedArray has one value for each step, or a row of values", found=f"shape {array.shape}"
            )
        self.values = array if array.dtype.kind in "ib" else array.astype(np.float64)
        self.dt_ = seconds(dt, "dt", positive=True)
        self.name = register(self, name)
        rows, columns = array.shape[0], array.shape[1] if array.ndim == 2 else 1
        wanted: tuple[Any, ...] = (SECOND,) if array.ndim == 1 else (SECOND, "integer")
        table = Table(self.values.reshape(-1), {"dt": self.dt_, "rows": rows, "columns": columns})
        self.external_function = TableFunction(self.name, wanted, self._dimension, table.type, True, True, table)

    def _dimension(self, dimensions: Sequence[Dimension]) -> Dimension:
        return self.dim

    @property
    def dt(self) -> Any:
        """Length of the steps."""
        return quantity(self.dt_, SECOND)

    def __call__(self, t: Any, i: Any = None) -> Any:
        """The value at a time, or at several, and for a number if there are rows of values."""
        times, dimension = bare(t)
        if dimension != SECOND:
            raise DimensionMismatchError(
                "a TimedArray is a function of time", kind="unit", found=unit_text(dimension), expected="as in f(5*ms)"
            )
        if (i is None) != (self.values.ndim == 1):
            expected = "f(t)" if self.values.ndim == 1 else "f(t, i)"
            raise ArgumentTypeError(
                f"a TimedArray of {self.values.ndim} dimension(s) is called otherwise", expected=expected
            )
        passed = np.asarray(times) / self.dt_
        step = np.clip(np.floor(passed + 1e-12 * (1 + passed)), 0, len(self.values) - 1).astype(int)
        found = self.values[step] if i is None else self.values[step, np.asarray(i)]
        return quantity(found[()], self.dim)

    def __repr__(self) -> str:
        return f"<TimedArray of {len(self.values)} steps of {self.dt}>"
