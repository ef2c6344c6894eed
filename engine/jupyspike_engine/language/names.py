"""Names: which ones variables and objects can have."""

from __future__ import annotations

import keyword

from ..diagnostics import Span
from ..units import UNITS
from .functions import FUNCTIONS
from .syntax_errors import syntax_error

SPECIAL_NAMES = ("t", "dt", "t_in_timesteps", "i", "N", "xi", "not_refractory")
CONSTANTS = {"pi": 3.141592653589793, "e": 2.718281828459045, "inf": float("inf")}


def check_name(name: str, span: Span, summed: bool = False) -> None:
    """Raise an error for a name that a variable cannot have; a summed one is a variable of either side."""
    if summed:
        name = name.removesuffix("_pre").removesuffix("_post")
    reason = _reserved(name)
    if name in SPECIAL_NAMES or name.startswith("xi_"):
        reason = "it is defined by the simulator itself"
    elif name.endswith(("_pre", "_post")):
        reason = "the endings _pre and _post choose a side of a synapse"
    if reason:
        raise syntax_error(f"'{name}' cannot be the name of a variable: {reason}", span, hint="choose another name")


def check_object_name(name: str, span: Span) -> None:
    """Raise an error for a name that a group or synapses cannot have."""
    reason = _reserved(name) if name.isidentifier() else "names consist of letters, digits and _"
    if reason:
        raise syntax_error(f"'{name}' cannot be a name: {reason}", span, hint="choose another name")


def _reserved(name: str) -> str:
    """Why a name means something else; empty if it does not."""
    if not name.isascii():
        return "names consist of the letters a to z, digits and _"
    if name.startswith("_"):
        return "names with a leading underscore belong to the simulator"
    if name in UNITS:
        return "it is the name of a unit"
    if name in FUNCTIONS:
        return "it is the name of a function"
    if name in CONSTANTS:
        return "it is the name of a constant"
    return "it is a word of the language itself" if keyword.iskeyword(name) else ""
