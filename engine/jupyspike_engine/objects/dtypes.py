"""In which types values are kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, ArgumentTypeError, UnknownNameError, nearest
from ..language.functions import Type
from ..language.scope import Symbol
from ..plan.nodes import STORAGE
from ..preferences import prefs

ALLOWED: dict[Type, tuple[str, ...]] = {
    "real": ("float64", "float32"),
    "integer": ("int32", "int64", "int16", "int8", "uint8", "uint16", "uint32"),
    "boolean": ("bool",),
}


def storage_of(dtype: Any, symbols: Iterable[Symbol], owner: str) -> dict[str, str]:
    """The numpy types of variables, for those that have another one than usual.

    Parameters
    ----------
    dtype : numpy dtype or dict
        A floating point type for all real variables, an integer type for all integer ones, or types by name. What is
        not said is as the preferences ``core.default_float_dtype`` and ``core.default_integer_dtype`` have it.

    Raises
    ------
    ArgumentTypeError
        A type does not suit its variable.
    UnknownNameError
        There is no such variable.
    """
    core = prefs.core
    usual = {"real": np.dtype(core.default_float_dtype).name, "integer": np.dtype(core.default_integer_dtype).name}
    variables = {s.name: s for s in symbols if s.side == "own" and s.meaning == "state" and s.definition is not None}
    chosen = {name: usual[symbol.type] for name, symbol in variables.items() if symbol.type in usual}
    if isinstance(dtype, Mapping):
        for name, kind in dtype.items():
            if name not in variables:
                raise UnknownNameError(
                    f"dtype names '{name}', which is not a variable of '{owner}'", kind="name",
                    hint=nearest(str(name), variables),
                )  # fmt: skip
            chosen[name] = _checked(kind, variables[name].type, f"'{name}' of '{owner}'")
    elif dtype is not None:
        kind = np.dtype(dtype).name
        fitting = [type_ for type_, names in ALLOWED.items() if kind in names]
        if not fitting:
            raise ArgumentError(f"dtype={kind} is not a type for the variables of '{owner}'", expected=_listed())
        chosen |= {name: kind for name, symbol in variables.items() if symbol.type == fitting[0]}
    return {name: kind for name, kind in chosen.items() if kind != STORAGE[variables[name].type]}


def _checked(dtype: Any, type_: Type, of: str) -> str:
    try:
        kind: str = np.dtype(dtype).name
    except TypeError:
        raise ArgumentTypeError(f"{dtype!r} is not a numpy type", expected=_listed()) from None
    if kind not in ALLOWED[type_]:
        raise ArgumentTypeError(f"{of} is {type_}", found=kind, expected=", ".join(ALLOWED[type_]))
    return kind


def _listed() -> str:
    return ", ".join(name for names in ALLOWED.values() for name in names)
