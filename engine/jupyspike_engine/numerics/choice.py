"""Choosing an integrator: the method asked for if it fits, else the first that does, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..diagnostics import ArgumentTypeError, Diagnostic, EquationError, nearest
from .exact import EXACT
from .exponential_euler import EXPONENTIAL_EULER
from .runge_kutta import EULER, RK2, RK4
from .system import Integrator, System

INTEGRATORS: dict[str, Integrator] = {
    "exact": EXACT,
    "linear": EXACT,  # the older name of the same method
    "exponential_euler": EXPONENTIAL_EULER,
    "euler": EULER,
    "rk2": RK2,
    "rk4": RK4,
}
AUTOMATIC = ("exact", "exponential_euler", "rk2", "euler")

Method = str | Sequence[str] | None


@dataclass(frozen=True)
class Choice:
    """The integrator of a group and why it was chosen; ``rejected`` tells what spoke against those tried before."""

    integrator: Integrator
    reason: str
    rejected: tuple[tuple[str, str], ...] = ()


def check_method(method: Method, title: str) -> None:
    """Raise an error for a method that does not exist."""
    if method is not None and not isinstance(method, (str, list, tuple)):
        raise ArgumentTypeError(f"the method of {title} must be a name or a list of names", found=repr(method))
    for name in [method] if isinstance(method, str) else method or ():
        if not isinstance(name, str) or name not in INTEGRATORS:
            hint = nearest(str(name), INTEGRATORS) or f"methods are: {', '.join(INTEGRATORS)}"
            raise EquationError(f"'{name}' (method of {title}) is not an integration method", kind="method", hint=hint)


def choose(system: System, method: Method, title: str) -> Choice:
    """Choose the integrator for a system.

    Parameters
    ----------
    method : str, sequence of str or None
        One method that must be used, several to be tried in their order, or None for the automatic choice.

    Raises
    ------
    EquationError
        The method does not exist or cannot be used for these equations.
    """
    check_method(method, title)
    candidates = [method] if isinstance(method, str) else list(method or AUTOMATIC)
    rejected: list[tuple[str, str]] = []
    for name in candidates:
        integrator = INTEGRATORS[name]
        objection = integrator.objection(system)
        if not objection:
            reason = "asked for" if isinstance(method, str) else integrator.reason(system)
            return Choice(integrator, reason, tuple(rejected))
        rejected.append((name, objection))
    suitable = [name for name in AUTOMATIC if not INTEGRATORS[name].objection(system)]
    hint = f"the method '{suitable[0]}' works for these equations" if suitable else "rewrite the equations"
    if system.noise and not suitable:
        hint = "white noise may be multiplied by constants and parameters and added to the rest, nothing else"
    place = next(iter(system.places.values()), None)
    why = "\n".join(f"{name}: {objection}" for name, objection in rejected)
    asked = f"the equations of {title} cannot be integrated with {' or '.join(candidates)}"
    message = asked if method else f"no integration method fits the equations of {title}"
    raise EquationError(Diagnostic(message, place, "method", found=why, hint=hint))
