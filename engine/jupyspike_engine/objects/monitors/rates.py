"""Firing rates from what was recorded: smoothing with a window, counting in bins."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, ArgumentTypeError, NotAvailableError
from ...units import SECOND, quantity
from ..clocks import seconds

Real = npt.NDArray[np.float64]


def window_weights(window: Any, width: Any, dt: float) -> Real:
    """The weights of a window for smoothing, which add up to one; an odd number of steps of ``dt`` (s).

    Parameters
    ----------
    window : 'gaussian', 'flat' or array
    width : Quantity
        Standard deviation of the Gaussian, which is cut off at twice that; or width of the flat window.
    """
    if not isinstance(window, str):
        weights = np.asarray(window, np.float64)
        if weights.ndim != 1 or len(weights) % 2 != 1:
            raise ArgumentError("a window of its own is an array with an odd number of values")
        if width is not None:
            raise ArgumentTypeError("a window of its own has no other width", hint="leave out width=")
    elif window not in ("gaussian", "flat"):
        raise NotAvailableError(f"'{window}' is not a window", hint="'gaussian', 'flat' or an array")
    elif width is None:
        raise ArgumentTypeError("smooth_rate needs a width", hint="width=5*ms")
    elif window == "gaussian":
        sigma = seconds(width, "width", positive=True) / dt
        steps = np.arange(-round(2 * sigma), round(2 * sigma) + 1)
        weights = np.exp(-0.5 * (steps / sigma) ** 2)
    else:
        weights = np.ones(2 * int(seconds(width, "width", positive=True) / (2 * dt)) + 1)
    return np.asarray(weights / weights.sum())


def smoothed(rates: Real, weights: Real) -> Any:
    """Rates (Hz, the last axis is time) averaged with the weights of a window; beyond the ends they count as zero."""
    edge, steps = len(weights) // 2, rates.shape[-1]
    result = np.zeros(rates.shape)
    if steps:
        for row, values in zip(result.reshape(-1, steps), rates.reshape(-1, steps), strict=True):
            row[:] = np.convolve(values, weights)[edge : edge + steps]
    return quantity(result, SECOND**-1)


def bin_starts(bin_size: Any, dt: float, begin: float, end: float) -> tuple[Real, float]:
    """When the bins begin that fit between two times, and their size (s).

    Raises
    ------
    ArgumentError
        A bin is not a whole number of steps.
    """
    size = seconds(bin_size, "bin_size", positive=True)
    if abs(size / dt - round(size / dt)) > 1e-6 * size / dt:
        expected = f"a multiple of {quantity(dt, SECOND)}"
        raise ArgumentError("a bin is a whole number of time steps", found=f"{bin_size}", expected=expected)
    return np.asarray(begin + size * np.arange(int((end - begin) / size + 1e-6))), size


def bin_numbers(times: Real, starts: Real, size: float, dt: float) -> npt.NDArray[np.int64]:
    """The bin of each time; those of no bin are -1. Times are multiples of ``dt``, so half a step decides nothing."""
    if not len(starts):
        return np.full(len(times), -1)
    numbers = np.floor((times - starts[0] + dt / 2) / size).astype(np.int64)
    return np.where((numbers >= 0) & (numbers < len(starts)), numbers, -1)
