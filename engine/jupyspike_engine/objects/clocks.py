"""Clocks: the time steps of the simulated objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, DimensionMismatchError, DimensionTypeError
from ..units import SECOND, UNITS, bare, quantity
from .naming import register


def seconds(value: Any, what: str, positive: bool = False) -> float:
    """A time as a number of seconds.

    Raises
    ------
    DimensionMismatchError
        The value is not a time.
    ArgumentError
        It is negative, or not a single finite number.
    """
    number, dimension = bare(value)
    if dimension != SECOND:
        kind = np.asarray(number).dtype.kind
        found = repr(value) if kind not in "iuf" else f"a value in {dimension}"
        if kind in "iuf" and dimension.is_dimensionless:
            found = f"{value}, {'numbers' if np.ndim(number) else 'a number'} without a unit"
        raise DimensionTypeError(f"{what} is not a time", kind="unit", found=found, expected="a time, as in 10*ms")
    try:
        number = float(number)
    except (TypeError, ValueError):
        raise ArgumentError(f"{what} must be a single time", found=f"{value!r}") from None
    if number != number or number == float("inf"):
        raise ArgumentError(f"{what} must be finite", found=f"{value}")
    if number < 0 or (positive and number == 0):
        raise ArgumentError(f"{what} must {'be positive' if positive else 'not be negative'}", found=f"{value}")
    return number


class Clock:
    """A time step that objects can share.

    Parameters
    ----------
    dt : Quantity
        The time step.

    Examples
    --------
    >>> Clock(dt=2*ms).dt
    2. * msecond
    """

    def __init__(self, dt: Any, name: str = "clock*") -> None:
        self.dt_ = seconds(dt, "dt", positive=True)
        self.name = register(self, name)
        self.t_ = 0.0

    @property
    def dt(self) -> Any:
        """The time step."""
        return quantity(self.dt_, SECOND)

    @dt.setter
    def dt(self, value: Any) -> None:
        self.dt_ = seconds(value, "dt", positive=True)

    @property
    def t(self) -> Any:
        """The present time."""
        return quantity(self.t_, SECOND)

    @property
    def timestep(self) -> int:
        """How many steps there have been."""
        return round(self.t_ / self.dt_)

    def __repr__(self) -> str:
        return f"Clock(dt={self.dt!r}, name={self.name!r})"


class EventClock(Clock):
    """A clock that ticks at given times.

    Parameters
    ----------
    times : Quantity
        Times, in any order; equal ones count once.

    Raises
    ------
    DimensionMismatchError
        They are not times.

    Examples
    --------
    >>> EventClock([3, 1]*ms).times
    array([1., 3.]) * msecond
    """

    def __init__(self, times: Any, name: str = "eventclock*") -> None:
        numbers, dimension = bare(times)
        if dimension != SECOND:
            raise DimensionMismatchError(
                "the times of a clock must be times", kind="unit", found=repr(times), expected="as in [1, 2]*ms"
            )
        values = np.atleast_1d(np.asarray(numbers, np.float64)).ravel()
        if not np.isfinite(values).all() or (values < 0).any():
            raise ArgumentError("the times of a clock must be finite and not negative", found=repr(times))
        super().__init__(quantity(defaultclock.dt_, SECOND), name)
        self.times_ = np.unique(values)

    @property
    def times(self) -> Any:
        """When it ticks, in order."""
        return quantity(self.times_, SECOND)

    @property
    def timestep(self) -> int:
        """How many ticks there have been."""
        return int(np.searchsorted(self.times_, self.t_ * (1 + 1e-12)))

    def __repr__(self) -> str:
        return f"EventClock(times={self.times!r}, name={self.name!r})"


defaultclock = Clock(0.1 * UNITS["msecond"], name="defaultclock")
ClockNumbers = Callable[[Clock], int]  # the plan's number of a clock
