"""numpy with the functions that know about units in the place of its own, for ``from jupyspike.numpy_ import *``."""

from __future__ import annotations

from typing import Any

import numpy as _numpy

from jupyspike_engine.units import functions as _functions
from jupyspike_engine.units.functions import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(_numpy, name)


def __dir__() -> list[str]:
    return __all__


# Without the parts that numpy itself loads only when they are asked for.
__all__ = sorted({name for name in _numpy.__all__ if name in vars(_numpy)} | set(_functions.__all__))
