"""Telling that a name stands for different things in two namespaces."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import UserError
from ..logs import get_logger
from ..units import bare

_log = get_logger("jupyspike.objects")


def differs(used: Any, other: Any) -> bool:
    """Whether another thing of the same name is a value too, and a different one or of another unit.

    Functions and modules do not count: a star import brings hundreds of them.
    """
    if used is other or not isinstance(other, (int, float, str, list, tuple, np.number, np.ndarray)):
        return False
    try:
        (value, dimension), (other_value, other_dimension) = bare(used), bare(other)
        return not (dimension == other_dimension and np.array_equal(value, other_value))
    except (TypeError, ValueError, UserError):  # a list of things that are no numbers
        return True


def tell_conflict(name: str, used: Any, unused: Any, owner: str) -> None:
    """Warn, once for these values, that the calling code has another value of a name than a group's namespace."""
    whose = f"the namespace of '{owner}'" if owner else "its namespace"
    _log.warn(
        f"'{name}' is {used} in {whose}, which is used, but {_short(unused)} where the calling code sees it",
        "resolution_conflict",
        once=True,
    )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) < 80 else f"a {type(value).__name__}"
