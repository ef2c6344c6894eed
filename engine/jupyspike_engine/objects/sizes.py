"""Numbers of things that users ask for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, ArgumentTypeError
from ..units import bare

MOST = 2**31 - 1  # indices have 32 bits


def whole_number(value: Any, what: str, least: int = 1) -> int:
    """A size given by the user.

    Raises
    ------
    ArgumentError, ArgumentTypeError
    """
    number, dimension = bare(value)
    if not dimension.is_dimensionless:
        raise ArgumentTypeError(f"{what} must be a whole number", found=f"a value in {dimension}")
    value = number.item() if isinstance(number, (np.ndarray, np.generic)) and np.size(number) == 1 else number
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        else:
            raise ArgumentTypeError(f"{what} must be a whole number", found=repr(value))
    if int(value) < least:
        raise ArgumentError(f"{what} must be at least {least}", found=str(int(value)))
    if int(value) > MOST:
        raise ArgumentError(f"{what} must be at most {MOST:,}", found=f"{int(value):,}")
    return int(value)
